/* Party search plus the numbers of this desk: 記号番号, 枝番, 発行番号. */
#include "desk/eligibility/inner.h"

enum { NUMBER_DIGITS = 8, SERIAL_DIGITS = 9 };

static struct str padded(struct work *w, struct str s, int digits)
{
    const int pad = s.n < (size_t)digits ? digits - (int)s.n : 0;
    return str_format(w->cx.arena, "%.*s" STR_FMT, pad, "000000000", STR_ARG(s));
}

struct found {
    int64_t ids[512];
    size_t n;
};

#define ADD_ROWS(f, list) add_rows((f), (list).rows, (list).n, sizeof(*(list).rows))
static void add_rows(struct found *f, const void *rows, size_t n, size_t size)
{
    for (size_t i = 0; i < n && f->n < sizeof(f->ids) / sizeof(f->ids[0]); i++)
        f->ids[f->n++] = *(const int64_t *)((const char *)rows + i * size);
}

/* "12345678" or "12345678-01"; a head who is not insured is found by the number alone. */
static int find_number(struct work *w, struct str word, struct found *f)
{
    struct str branch = word;
    const struct str number = padded(w, str_cut(&branch, '-'), NUMBER_DIGITS);
    const struct eligibility_people_numbered_in in = {number, branch.n > 0 ? padded(w, branch, 2)
                                                                           : STR_NONE};
    struct eligibility_people_numbered_list people;
    struct eligibility_heads_of_list heads;
    struct eligibility_certificate_owner_list owners;
    int result = eligibility_people_numbered(&w->cx, w->store, &in, &people);

    if (result < 0)
        return result;
    ADD_ROWS(f, people);
    if (branch.n > 0)
        return OK;
    result =
        eligibility_heads_of(&w->cx, w->store, &(struct eligibility_heads_of_in){number}, &heads);
    if (result < 0)
        return result;
    ADD_ROWS(f, heads);
    result = eligibility_certificate_owner(&w->cx, w->store,
                                           &(struct eligibility_certificate_owner_in){
                                               padded(w, word, SERIAL_DIGITS)},
                                           &owners);
    if (result >= 0)
        ADD_ROWS(f, owners);
    return result;
}

int eligibility_search(struct work *w, const struct search_words *words, size_t limit,
                       struct id_list *out)
{
    struct found *f = ARENA_NEW(w->cx.arena, struct found);
    int result = f ? OK : fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);

    for (size_t i = 0; i < words->n && result >= 0; i++) {
        if (words->rows[i].kind == SEARCH_NUMBER)
            result = find_number(w, words->rows[i].text, f);
    }
    if (result < 0)
        return result;
    const struct id_list extra = {f->ids, f->n, false};
    return party_search(w, words, &extra, limit, out);
}
