/* One box that understands kana, kanji, addresses, days and numbers. */
#include "desk/party/gram.h"
#include "desk/party/inner.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAXIMUM = 4096, CANDIDATES = 5000, MY_NUMBER_DIGITS = 12, MOST_GRAMS = 64 };

/* --- taking the box apart ------------------------------------------------------------------- */

static bool is_blank(int32_t c)
{
    return c == ' ' || c == '\t' || c == 0x3000;
}

/* The next word; moves *rest behind it. */
static struct str next_word(struct str *rest)
{
    struct str at = *rest;

    while (at.n > 0) {
        struct str behind = at;
        if (!is_blank(utf8_next(&behind)))
            break;
        at = behind;
    }
    struct str end = at;
    while (end.n > 0) {
        struct str behind = end;
        if (is_blank(utf8_next(&behind)) || behind.n == end.n)
            break;
        end = behind;
    }
    *rest = end;
    return (struct str){at.p, at.n - end.n};
}

static bool all_kana(struct str s)
{
    while (s.n > 0) {
        const int32_t c = utf8_next(&s);
        const bool kana = (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FF) ||
                          (c >= 0xFF65 && c <= 0xFF9F);
        if (!kana)
            return false;
    }
    return true;
}

/* Digits with hyphens between them; *digits gets them without. */
static bool all_digits(struct arena *a, struct str s, struct str *digits)
{
    char *p = arena_alloc(a, s.n + 1);
    size_t n = 0;

    for (size_t i = 0; p && i < s.n; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9')
            p[n++] = s.p[i];
        else if (s.p[i] != '-')
            return false;
    }
    *digits = (struct str){p, n};
    return n > 0;
}

static int folded_copy(struct context *cx, int (*fold)(struct text *, struct str), struct str s,
                       struct str *out)
{
    struct text t;

    text_init(&t, TEXT_MAXIMUM);
    const int result = fold(&t, s);
    *out = str_copy(cx->arena, text_str(&t));
    text_release(&t);
    if (result < 0 || !out->p)
        return fail(cx, result == ERR_INVALID ? ERR_INVALID : ERR_MEMORY, "party.search.word",
                    STR_FMT, STR_ARG(s));
    return OK;
}

static int read_number(struct context *cx, struct str digits, struct str half,
                       struct search_word *out)
{
    if (digits.n == MY_NUMBER_DIGITS)
        return fail(cx, ERR_INVALID, "party.search.my_number", NULL);
    out->kind = SEARCH_NUMBER;
    out->text = half;
    if ((digits.n != 7 && digits.n != 8) || digits.n != half.n || !ymd_parse_any(digits, &out->day))
        out->day = YMD_NONE;
    return OK;
}

static int read_word(struct context *cx, struct str word, struct search_word *out)
{
    struct str half = STR_NONE, digits = STR_NONE;
    int result = folded_copy(cx, width_to_half, word, &half);

    *out = (struct search_word){.day = YMD_NONE};
    if (result < 0)
        return result;
    if (all_digits(cx->arena, half, &digits) && !(half.n == 10 && ymd_parse(half, &out->day)))
        return read_number(cx, digits, half, out);
    if (ymd_parse_any(half, &out->day)) {
        out->kind = SEARCH_DAY;
        return OK;
    }
    if (all_kana(word)) {
        out->kind = SEARCH_KANA;
        return folded_copy(cx, kana_fold, word, &out->text);
    }
    out->kind = SEARCH_KANJI;
    result = folded_copy(cx, search_fold, word, &out->text);
    while (out->text.n > 0 && out->text.p[out->text.n - 1] == '-')
        out->text.n--;
    return result;
}

/* ヤマダ タロウ is one reading. */
static int add_word(struct context *cx, struct search_words *out, const struct search_word *word)
{
    struct search_word *last = out->n ? &out->rows[out->n - 1] : NULL;

    if (word->text.n == 0 && word->kind != SEARCH_DAY)
        return OK;
    if (last && last->kind == SEARCH_KANA && word->kind == SEARCH_KANA) {
        last->text =
            str_format(cx->arena, STR_FMT STR_FMT, STR_ARG(last->text), STR_ARG(word->text));
        return last->text.p ? OK : fail(cx, ERR_MEMORY, "party.memory", NULL);
    }
    if (out->n == sizeof(out->rows) / sizeof(out->rows[0]))
        return fail(cx, ERR_INVALID, "party.search.too_many_words", NULL);
    out->rows[out->n++] = *word;
    return OK;
}

int party_search_words(struct context *cx, struct str box, struct search_words *out)
{
    int result = OK;

    *out = (struct search_words){.n = 0};
    if (!utf8_valid(box) || box.n > TEXT_MAXIMUM / 4)
        return fail(cx, ERR_INVALID, "party.search.word", NULL);
    for (struct str word = next_word(&box); word.n > 0 && result >= 0; word = next_word(&box)) {
        struct search_word w;
        result = read_word(cx, word, &w);
        if (result >= 0)
            result = add_word(cx, out, &w);
    }
    return result;
}

/* --- candidates --------------------------------------------------------------------------------
 */

struct candidates { /* of one word, sorted by id once complete */
    struct work *w;
    int64_t *ids;
    size_t n, cap;
};

static int add_id(struct candidates *c, int64_t id)
{
    if (c->n == c->cap) {
        const size_t cap = c->cap ? c->cap * 2 : 64;
        int64_t *ids = ARENA_ARRAY(c->w->cx.arena, cap, int64_t);
        if (!ids)
            return fail(&c->w->cx, ERR_MEMORY, "party.memory", NULL);
        if (c->n)
            memcpy(ids, c->ids, c->n * sizeof(*ids));
        c->ids = ids;
        c->cap = cap;
    }
    c->ids[c->n++] = id;
    return OK;
}

static int by_id(const void *x, const void *y)
{
    const int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

static void sort_ids(struct candidates *c)
{
    size_t n = 0;

    if (c->n)
        qsort(c->ids, c->n, sizeof(*c->ids), by_id);
    for (size_t i = 0; i < c->n; i++) {
        if (n == 0 || c->ids[n - 1] != c->ids[i])
            c->ids[n++] = c->ids[i];
    }
    c->n = n;
}

/* Rows of a generated list begin with the id. */
#define ADD_ROWS(c, list) add_rows((c), (list).rows, (list).n, sizeof(*(list).rows))
static int add_rows(struct candidates *c, const void *rows, size_t n, size_t size)
{
    int result = OK;

    for (size_t i = 0; i < n && result >= 0; i++)
        result = add_id(c, *(const int64_t *)((const char *)rows + i * size));
    return result;
}

/* What sorts behind everything that begins so. */
static struct str behind(struct work *w, struct str prefix)
{
    return str_format(w->cx.arena, STR_FMT "\xF4\x8F\xBF\xBF", STR_ARG(prefix));
}

static int find_kana(struct candidates *c, struct str prefix, size_t limit)
{
    const struct party_search_kana_in in = {prefix, behind(c->w, prefix), (int64_t)limit};
    struct party_search_kana_list list;
    const int result = party_search_kana(&c->w->cx, c->w->store, &in, &list);

    return result < 0 ? result : ADD_ROWS(c, list);
}

static int find_day(struct candidates *c, struct ymd day)
{
    const struct party_search_day_in in = {day, CANDIDATES};
    struct party_search_day_list list;
    const int result = party_search_day(&c->w->cx, c->w->store, &in, &list);

    return result < 0 ? result : ADD_ROWS(c, list);
}

struct gram_list {
    struct str rows[MOST_GRAMS];
    size_t n;
    bool skips_figures; /* pairs of figures and hyphens, which half the city's addresses hold */
    bool is_partial;    /* some pairs were left out: what is found must be looked at */
};

static bool is_figures(struct str gram)
{
    for (size_t i = 0; i < gram.n; i++) {
        if ((unsigned char)gram.p[i] >= 0x80)
            return false;
    }
    return true;
}

/* Pairs only: the last character alone holds for the end of a name, not for its middle. */
static void keep_gram(void *arg, struct str gram)
{
    struct gram_list *g = arg;

    if (utf8_length(gram) < 2)
        return;
    if (g->n == MOST_GRAMS || (g->skips_figures && is_figures(gram))) {
        g->is_partial = true;
        return;
    }
    for (size_t i = 0; i < g->n; i++) {
        if (str_equal(g->rows[i], gram))
            return;
    }
    g->rows[g->n++] = gram;
}

static bool holds(struct str text, struct str part)
{
    return text.n >= part.n && memmem(text.p, text.n, part.p, part.n) != NULL;
}

static int find_names(struct candidates *c, const struct gram_list *g, struct str word)
{
    struct work *w = c->w;
    const struct party_search_gram_names_in in = {{g->rows, g->n}, (int64_t)g->n, CANDIDATES};
    struct party_search_gram_names_list list;
    struct party_names_of_list names;
    int result = party_search_gram_names(&w->cx, w->store, &in, &list);

    if (result < 0 || (g->n == 1 && !g->is_partial))
        return result < 0 ? result : ADD_ROWS(c, list);
    struct candidates found = {.w = w};
    result = ADD_ROWS(&found, list);
    if (result >= 0)
        result = party_names_of(&w->cx, w->store,
                                &(struct party_names_of_in){ids_of(found.ids, found.n)}, &names);
    for (size_t i = 0; result >= 0 && i < names.n; i++) {
        if (holds(names.rows[i].name_fold, word))
            result = add_id(c, names.rows[i].person_id);
    }
    return result;
}

/* Keeps the households in one of whose addresses the word stands as a whole. */
static int keep_homes(struct candidates *homes, struct str word)
{
    struct work *w = homes->w;
    const struct party_addresses_of_in in = {ids_of(homes->ids, homes->n)};
    struct party_addresses_of_list list;
    int result = party_addresses_of(&w->cx, w->store, &in, &list);

    homes->n = 0;
    for (size_t i = 0; result >= 0 && i < list.n; i++) {
        if (holds(list.rows[i].address_fold, word))
            result = add_id(homes, list.rows[i].household_id);
    }
    return result;
}

/* To be found by an address would tell the address: the protected are not. */
static int add_unprotected(struct candidates *c, const struct party_households_people_list *people)
{
    struct work *w = c->w;
    int64_t *ids = ARENA_ARRAY(w->cx.arena, people->n + 1, int64_t);
    struct party_protected_people_list hidden;

    if (!ids)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    for (size_t i = 0; i < people->n; i++)
        ids[i] = people->rows[i].person_id;
    const struct party_protected_people_in in = {ids_of(ids, people->n), {w->today, KNOWN_NOW}};
    int result = party_protected_people(&w->cx, w->store, &in, &hidden);
    for (size_t i = 0; i < people->n && result >= 0; i++) {
        if (!FIND_PERSON(hidden, ids[i]))
            result = add_id(c, ids[i]);
    }
    return result;
}

static int find_homes(struct candidates *c, const struct gram_list *g, struct str word)
{
    struct work *w = c->w;
    const struct party_search_gram_homes_in in = {{g->rows, g->n}, (int64_t)g->n, CANDIDATES};
    struct party_search_gram_homes_list list;
    struct party_households_people_list people;
    struct candidates homes = {.w = w};
    int result = party_search_gram_homes(&w->cx, w->store, &in, &list);

    if (result >= 0)
        result = ADD_ROWS(&homes, list);
    if (result >= 0 && (g->n > 1 || g->is_partial))
        result = keep_homes(&homes, word);
    if (result < 0 || homes.n == 0)
        return result;
    result =
        party_households_people(&w->cx, w->store,
                                &(struct party_households_people_in){ids_of(homes.ids, homes.n)},
                                &people);
    return result < 0 ? result : add_unprotected(c, &people);
}

static int find_one_character(struct candidates *c, struct str word)
{
    const struct party_search_one_name_in in = {word, behind(c->w, word), CANDIDATES};
    struct party_search_one_name_list list;
    const int result = party_search_one_name(&c->w->cx, c->w->store, &in, &list);

    return result < 0 ? result : ADD_ROWS(c, list);
}

static int find_kanji(struct candidates *c, struct str word)
{
    struct gram_list grams = {.n = 0, .skips_figures = !is_figures(word)};

    search_grams(word, keep_gram, &grams);
    if (grams.n == 0)
        return find_one_character(c, word);
    const int result = find_names(c, &grams, word);
    return result < 0 ? result : find_homes(c, &grams, word);
}

/* As typed and with leading zeros: 宛名番号 has ten digits, 世帯番号 nine. */
static int find_number(struct candidates *c, struct str number)
{
    struct work *w = c->w;
    const int pad = number.n < 10 ? 10 - (int)number.n : 0;
    const struct str padded =
        str_format(w->cx.arena, "%.*s" STR_FMT, pad, "0000000000", STR_ARG(number));
    const struct str household =
        padded.n == 10 && padded.p[0] == '0' ? (struct str){padded.p + 1, 9} : number;
    const struct party_person_with_number_in in = {padded, STR("addressee")};
    struct party_person_with_number_list list;
    struct party_households_people_list people;
    int64_t household_id = 0;
    int result = party_person_with_number(&w->cx, w->store, &in, &list);

    if (result >= 0)
        result = ADD_ROWS(c, list);
    if (result >= 0)
        result = party_household_by_no(w, household, &household_id);
    if (result <= 0)
        return result;
    result = party_households_people(&w->cx, w->store,
                                     &(struct party_households_people_in){ids_of(&household_id, 1)},
                                     &people);
    return result < 0 ? result : ADD_ROWS(c, people);
}

static int find_word(struct candidates *c, const struct search_word *word,
                     const struct id_list *extra)
{
    int result = OK;

    switch (word->kind) {
    case SEARCH_KANA:
        return find_kana(c, word->text, CANDIDATES * 4);
    case SEARCH_KANJI:
        return find_kanji(c, word->text);
    case SEARCH_DAY:
        return find_day(c, word->day);
    case SEARCH_NUMBER:
        result = find_number(c, word->text);
        if (result >= 0 && !ymd_is_none(word->day))
            result = find_day(c, word->day);
        for (size_t i = 0; result >= 0 && extra && i < extra->n; i++)
            result = add_id(c, extra->ids[i]);
        return result;
    case SEARCH_REFUSED:
        break;
    }
    return result;
}

static void intersect(struct candidates *a, const struct candidates *b)
{
    size_t n = 0;

    for (size_t i = 0, k = 0; i < a->n; i++) {
        while (k < b->n && b->ids[k] < a->ids[i])
            k++;
        if (k < b->n && b->ids[k] == a->ids[i])
            a->ids[n++] = a->ids[i];
    }
    a->n = n;
}

/* Cut to the limit, by kana. */
static int sort_by_kana(struct candidates *all, size_t limit, struct id_list *out)
{
    struct work *w = all->w;
    const struct party_sorted_by_kana_in in = {ids_of(all->ids, all->n), (int64_t)limit + 1};
    struct party_sorted_by_kana_list list;
    struct candidates sorted = {.w = w};
    int result = party_sorted_by_kana(&w->cx, w->store, &in, &list);

    if (result >= 0)
        result = ADD_ROWS(&sorted, list);
    *out = (struct id_list){sorted.ids, sorted.n > limit ? limit : sorted.n, sorted.n > limit};
    return result;
}

int party_search(struct work *w, const struct search_words *words, const struct id_list *extra,
                 size_t limit, struct id_list *out)
{
    struct candidates all = {.w = w};
    int result = OK;

    *out = (struct id_list){NULL, 0, false};
    if (words->n == 1 && words->rows[0].kind == SEARCH_KANA) { /* already in order */
        result = find_kana(&all, words->rows[0].text, limit + 1);
        *out = (struct id_list){all.ids, all.n > limit ? limit : all.n, all.n > limit};
        return result;
    }
    for (size_t i = 0; i < words->n && result >= 0; i++) {
        struct candidates found = {.w = w};
        result = find_word(&found, &words->rows[i], extra);
        sort_ids(&found);
        if (i == 0)
            all = found;
        else
            intersect(&all, &found);
        if (result >= 0 && all.n == 0)
            return OK;
    }
    return result < 0 || all.n == 0 ? result : sort_by_kana(&all, limit, out);
}
