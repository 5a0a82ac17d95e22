/* The lists of data/demo, built in, and picking from them. */
#include "outside/register/inner.h"

extern const unsigned char register_surnames[], register_given_names[], register_foreign_names[];
extern const unsigned char register_towns[], register_buildings[], register_cities[];
extern const unsigned char register_stays[];
extern const size_t register_surnames_size, register_given_names_size;
extern const size_t register_foreign_names_size, register_towns_size, register_buildings_size;
extern const size_t register_cities_size, register_stays_size;

static size_t lines_of(struct str s)
{
    size_t n = 1;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '\n';
    return n;
}

static int words_read(struct register_office *r, const unsigned char *p, size_t n,
                      struct words *out)
{
    struct str rest = {(const char *)p, n};

    out->n = 0;
    out->rows = arena_array(&r->arena, lines_of(rest), sizeof(*out->rows));
    if (!out->rows)
        return register_no_memory(r);
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n');
        if (line.n == 0 || line.p[0] == '#')
            continue;
        for (size_t i = 0; i < 8; i++)
            out->rows[out->n][i] = line.n ? str_cut(&line, '\t') : STR("");
        out->n++;
    }
    return OK;
}

int register_names_read(struct register_office *r)
{
    struct names *b = &r->names;
    int result = words_read(r, register_surnames, register_surnames_size, &b->surnames);

    if (result >= 0)
        result = words_read(r, register_given_names, register_given_names_size, &b->given);
    if (result >= 0)
        result = words_read(r, register_foreign_names, register_foreign_names_size, &b->foreign);
    if (result >= 0)
        result = words_read(r, register_towns, register_towns_size, &b->towns);
    if (result >= 0)
        result = words_read(r, register_buildings, register_buildings_size, &b->buildings);
    if (result >= 0)
        result = words_read(r, register_cities, register_cities_size, &b->cities);
    return result < 0 ? result : words_read(r, register_stays, register_stays_size, &b->stays);
}

const struct str *draw_word(struct register_office *r, const struct words *w)
{
    return w->rows[prng_below(&r->prng, w->n)];
}

int32_t draw_between(struct register_office *r, int32_t low, int32_t high)
{
    return high <= low ? low : low + (int32_t)prng_below(&r->prng, (uint64_t)(high - low) + 1);
}

bool draw_one_in(struct register_office *r, int32_t n)
{
    return prng_below(&r->prng, (uint64_t)n) == 0;
}
