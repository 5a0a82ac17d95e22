/* The words of codes, and how an address is written in one line. */
#include "desk/party/inner.h"

const char *word_id(struct arena *a, const char *prefix, struct str code)
{
    const struct str id = str_format(a, "%s" STR_FMT, prefix, STR_ARG(code));
    return id.p ? id.p : "party.memory";
}

struct str word_of(struct arena *a, const char *prefix, struct str code)
{
    const struct message *m = message_find(word_id(a, prefix, code));
    return m ? str_of(m->text) : code;
}

struct str place_line(struct arena *a, const struct place *p)
{
    const struct str line =
        str_format(a, STR_FMT STR_FMT STR_FMT STR_FMT "%s" STR_FMT, STR_ARG(p->prefecture),
                   STR_ARG(p->city), STR_ARG(p->town), STR_ARG(p->number),
                   p->building.n > 0 ? " " : "", STR_ARG(p->building));
    return line.p ? line : STR("");
}

bool span_reaches(struct span valid, struct ymd day)
{
    return ymd_is_none(valid.to) || ymd_compare(valid.to, day) > 0;
}
