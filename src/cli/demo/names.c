/* The lists of data/demo, built in, and picking from them. */
#include "model.h"

extern const unsigned char demo_surnames[], demo_given_names[], demo_foreign_names[];
extern const unsigned char demo_towns[], demo_buildings[], demo_cities[];
extern const unsigned char demo_city[], demo_stays[];
extern const size_t demo_surnames_size, demo_given_names_size, demo_foreign_names_size;
extern const size_t demo_towns_size, demo_buildings_size, demo_cities_size;
extern const size_t demo_city_size, demo_stays_size;

struct book_text { /* a TSV text being read line by line */
    struct context *cx;
    const char *name;
    struct str rest;
    int line;
};

static struct book_text table_of(struct context *cx, const char *name, const unsigned char *p,
                                 size_t n)
{
    return (struct book_text){cx, name, {(const char *)p, n}, 0};
}

/* The next line that is no comment, cut at tabs; 0 at the end, else the number of columns. */
static size_t table_next(struct book_text *t, struct str *columns, size_t most)
{
    while (t->rest.n > 0) {
        struct str line = str_cut(&t->rest, '\n');
        t->line++;
        if (line.n == 0 || line.p[0] == '#')
            continue;
        size_t n = 0;
        while (n < most && line.n > 0)
            columns[n++] = str_cut(&line, '\t');
        return n;
    }
    return 0;
}

static int table_bad(const struct book_text *t)
{
    (void)fail(t->cx, ERR_SYNTAX, "demo.table", NULL);
    return fail_where(t->cx, t->name, t->line, 0, "");
}

static int32_t number_of(struct str s)
{
    int64_t v = 0;
    return str_to_int(s, &v) ? (int32_t)v : 0;
}

static int32_t lines_of(struct str s)
{
    int32_t n = 1;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '\n';
    return n;
}

static int words_room(struct book_text *t, struct arena *a, struct words *out)
{
    *out = (struct words){.rows = ARENA_ARRAY(a, (size_t)lines_of(t->rest), struct word)};
    return out->rows ? OK : fail(t->cx, ERR_MEMORY, "demo.memory", NULL);
}

static int read_surnames(struct book_text t, struct arena *a, struct words *out)
{
    struct str c[3];
    size_t n;

    if (words_room(&t, a, out) < 0)
        return ERR_MEMORY;
    while ((n = table_next(&t, c, 3)) > 0) {
        if (n != 3 || number_of(c[2]) <= 0)
            return table_bad(&t);
        out->rows[out->n++] = (struct word){.text = c[0], .kana = c[1], .weight = number_of(c[2])};
        out->total += number_of(c[2]);
    }
    return OK;
}

static int read_given(struct book_text t, struct arena *a, struct words *out)
{
    struct str c[4];
    size_t n;

    if (words_room(&t, a, out) < 0)
        return ERR_MEMORY;
    while ((n = table_next(&t, c, 4)) > 0) {
        if (n != 4 || c[0].n != 1)
            return table_bad(&t);
        out->rows[out->n++] = (struct word){.text = c[2],
                                            .kana = c[3],
                                            .weight = 1,
                                            .from_year = number_of(c[1]),
                                            .group = c[0].p[0]};
    }
    return OK;
}

static int read_foreign(struct book_text t, struct arena *a, struct book *b)
{
    struct str c[6];
    size_t n;

    if (words_room(&t, a, &b->foreign) < 0)
        return ERR_MEMORY;
    while ((n = table_next(&t, c, 6)) > 0) {
        struct nation *last = b->n_nations > 0 ? &b->nations[b->n_nations - 1] : NULL;
        if (n != 6 || c[2].n != 1)
            return table_bad(&t);
        if (!last || !str_equal(last->code, c[0])) {
            if (b->n_nations == (int32_t)(sizeof(b->nations) / sizeof(b->nations[0])))
                return table_bad(&t);
            last = &b->nations[b->n_nations++];
            *last = (struct nation){c[0], number_of(c[1]), b->foreign.n, 0};
        }
        b->foreign.rows[b->foreign.n++] = (struct word){.text = str_is(c[3], "-") ? STR_NONE : c[3],
                                                        .latin = c[4],
                                                        .kana = c[5],
                                                        .weight = 1,
                                                        .group = c[2].p[0]};
        last->n++;
    }
    return OK;
}

static int read_towns(struct book_text t, struct arena *a, struct book *b)
{
    struct str c[7];
    size_t n;

    b->towns = ARENA_ARRAY(a, (size_t)lines_of(t.rest), struct town);
    if (!b->towns)
        return fail(t.cx, ERR_MEMORY, "demo.memory", NULL);
    while ((n = table_next(&t, c, 7)) > 0) {
        if (n != 7 || c[5].n != 7 || c[6].n != 4)
            return table_bad(&t);
        b->towns[b->n_towns++] =
            (struct town){c[0],           c[1], c[5], c[6], number_of(c[2]), str_is(c[3], "j"),
                          number_of(c[4])};
        b->town_weight += number_of(c[4]);
    }
    return OK;
}

static int read_lines(struct book_text t, struct arena *a, struct str **rows, int32_t *n)
{
    struct str c[1];

    *rows = ARENA_ARRAY(a, (size_t)lines_of(t.rest), struct str);
    if (!*rows)
        return fail(t.cx, ERR_MEMORY, "demo.memory", NULL);
    while (table_next(&t, c, 1) > 0)
        (*rows)[(*n)++] = c[0];
    return OK;
}

static int read_self(struct book_text t, struct own_city *out)
{
    const struct {
        const char *key;
        struct str *value;
    } fields[] = {{"name", &out->name},
                  {"code", &out->code},
                  {"prefecture", &out->prefecture},
                  {"insurer_no", &out->insurer_no},
                  {"symbol", &out->symbol}};
    struct str c[2];
    size_t n;

    while ((n = table_next(&t, c, 2)) > 0) {
        for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
            if (n == 2 && str_is(c[0], fields[i].key))
                *fields[i].value = c[1];
        }
    }
    return out->name.p && out->code.p && out->symbol.p ? OK : table_bad(&t);
}

static int read_cities(struct book_text t, struct arena *a, struct book *b)
{
    struct str c[3];
    size_t n;

    b->cities = ARENA_ARRAY(a, (size_t)lines_of(t.rest), struct other_city);
    if (!b->cities)
        return fail(t.cx, ERR_MEMORY, "demo.memory", NULL);
    while ((n = table_next(&t, c, 3)) > 0) {
        if (n != 3)
            return table_bad(&t);
        b->cities[b->n_cities++] = (struct other_city){c[0], c[1], c[2]};
    }
    return OK;
}

#define TABLE(cx, name) table_of((cx), "data/demo/" #name ".tsv", demo_##name, demo_##name##_size)

int book_read(struct context *cx, struct arena *a, struct book *b)
{
    int result = read_surnames(TABLE(cx, surnames), a, &b->surnames);
    if (result >= 0)
        result = read_given(TABLE(cx, given_names), a, &b->given);
    if (result >= 0)
        result = read_foreign(TABLE(cx, foreign_names), a, b);
    if (result >= 0)
        result = read_towns(TABLE(cx, towns), a, b);
    if (result >= 0)
        result = read_lines(TABLE(cx, buildings), a, &b->buildings, &b->n_buildings);
    if (result >= 0)
        result = read_lines(TABLE(cx, stays), a, &b->stays, &b->n_stays);
    if (result >= 0)
        result = read_self(TABLE(cx, city), &b->self);
    return result < 0 ? result : read_cities(TABLE(cx, cities), a, b);
}

int32_t pick_word(struct prng *r, const struct words *w)
{
    int64_t at = (int64_t)prng_below(r, (uint64_t)w->total);

    for (int32_t i = 0; i < w->n; i++) {
        at -= w->rows[i].weight;
        if (at < 0)
            return i;
    }
    return w->n - 1;
}

int32_t pick_town(struct prng *r, const struct book *b)
{
    int64_t at = (int64_t)prng_below(r, (uint64_t)b->town_weight);

    for (int32_t i = 0; i < b->n_towns; i++) {
        at -= b->towns[i].weight;
        if (at < 0)
            return i;
    }
    return b->n_towns - 1;
}

/* Names go by the era of birth: those of the newest era that had begun. */
int32_t pick_given(struct prng *r, const struct book *b, bool female, int birth_year)
{
    const char group = female ? 'f' : 'm';
    int32_t era = 0, n = 0;

    for (int32_t i = 0; i < b->given.n; i++) {
        if (b->given.rows[i].from_year <= birth_year && b->given.rows[i].from_year > era)
            era = b->given.rows[i].from_year;
    }
    for (int32_t i = 0; i < b->given.n; i++)
        n += b->given.rows[i].group == group && b->given.rows[i].from_year == era;
    int32_t at = n > 0 ? (int32_t)prng_below(r, (uint64_t)n) : 0;
    for (int32_t i = 0; i < b->given.n; i++) {
        if (b->given.rows[i].group != group || b->given.rows[i].from_year != era)
            continue;
        if (at-- == 0)
            return i;
    }
    return 0;
}
