/* payload: names and values as lines; a value never holds a line's end or a tab. */
#include "desk/linkage/inner.h"

void payload_put(struct text *t, const char *name, struct str value)
{
    text_addf(t, "%s\t", name);
    for (size_t i = 0; i < value.n; i++)
        text_addc(t, (unsigned char)value.p[i] < ' ' ? ' ' : value.p[i]);
    text_addc(t, '\n');
}

void payload_put_day(struct text *t, const char *name, struct ymd day)
{
    char s[11] = "";
    if (!ymd_is_none(day))
        ymd_format(day, s);
    payload_put(t, name, str_of(s));
}

struct str payload_get(struct str payload, const char *name)
{
    while (payload.n > 0) {
        struct str line = str_cut(&payload, '\n');
        if (str_is(str_cut(&line, '\t'), name))
            return line.p ? line : STR("");
    }
    return STR("");
}

struct ymd payload_day(struct str payload, const char *name)
{
    struct ymd day;
    return ymd_parse(payload_get(payload, name), &day) ? day : YMD_NONE;
}
