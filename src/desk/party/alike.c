/* Who is like whom: name, reading, day of birth, sex and address compared. Likeness is shown to a
 * person and never acted on by itself. */
#include "desk/party/gram.h"
#include "desk/party/inner.h"

enum { ALIKE_MAXIMUM = 100, ITEMS = 5, FOLD_MAXIMUM = 4096 };

struct folded { /* the five items as they are compared */
    struct str name, kana, address;
};

typedef int fold_fn(struct text *out, struct str s);

static int fold(struct work *w, fold_fn *f, struct str s, struct str *out)
{
    struct text t;

    *out = STR_NONE;
    if (s.n == 0)
        return OK;
    text_init(&t, FOLD_MAXIMUM);
    const int result = f(&t, s);
    *out = result < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return result < 0 || !out->p ? fail(&w->cx, ERR_INVALID, "party.fold", NULL) : OK;
}

static int fold_items(struct work *w, const struct nonresident *n, struct folded *out)
{
    const struct str address = str_format(w->cx.arena, STR_FMT STR_FMT STR_FMT, STR_ARG(n->town),
                                          STR_ARG(n->number), STR_ARG(n->building));
    int result = fold(w, search_fold, n->name, &out->name);

    if (result >= 0)
        result = fold(w, kana_fold, n->kana, &out->kana);
    return result < 0 ? result : fold(w, search_fold, address, &out->address);
}

static bool same(struct str a, struct str b)
{
    return a.n > 0 && b.n > 0 && str_equal(a, b);
}

static int sex_of(struct str s)
{
    return s.n == 1 ? s.p[0] - '0' : SEX_UNKNOWN;
}

static struct alike compare(const struct nonresident *n, const struct folded *f,
                            const struct party_alike_items_row *r)
{
    struct alike a = {
        .person_id = r->person_id,
        .person_no = r->person_no,
        .name = same(f->name, r->name_fold),
        .kana = same(f->kana, r->kana_fold),
        .birth = !ymd_is_none(n->birth) && ymd_compare(n->birth, r->birth_ymd) == 0,
        .sex = n->sex != SEX_UNKNOWN && (int)n->sex == sex_of(r->sex),
        .address = same(f->address, r->home_fold) || same(f->address, r->own_fold),
    };
    a.items = a.name + a.kana + a.birth + a.sex + a.address;
    return a;
}

/* One of the names and the day of birth, or both names and the address. */
static bool is_alike(const struct alike *a)
{
    return ((a->name || a->kana) && a->birth) || (a->name && a->kana && a->address);
}

/* A person with several names stands once, with the name that fits best; likest first. */
static void keep(struct alike_list *out, const struct alike *a)
{
    size_t at = 0;

    for (size_t i = 0; i < out->n; i++) {
        if (out->rows[i].person_id != a->person_id)
            continue;
        if (out->rows[i].items >= a->items)
            return;
        out->n--;
        for (size_t k = i; k < out->n; k++)
            out->rows[k] = out->rows[k + 1];
    }
    while (at < out->n && out->rows[at].items >= a->items)
        at++;
    for (size_t k = out->n; k > at; k--)
        out->rows[k] = out->rows[k - 1];
    out->rows[at] = *a;
    out->n++;
}

static int compare_all(struct work *w, const struct nonresident *n, const struct folded *f,
                       const struct party_alike_people_list *people, struct alike_list *out)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, people->n + 1, int64_t);
    struct party_alike_items_list items;

    if (!ids)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    for (size_t i = 0; i < people->n; i++)
        ids[i] = people->rows[i].person_id;
    const struct party_alike_items_in in = {ids_of(ids, people->n), w->asof};
    const int result = party_alike_items(&w->cx, w->store, &in, &items);
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, items.n + 1, struct alike);
    if (!out->rows)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    for (size_t i = 0; i < items.n; i++) {
        const struct alike a = compare(n, f, &items.rows[i]);
        if (is_alike(&a))
            keep(out, &a);
    }
    return OK;
}

int party_alike(struct work *w, const struct nonresident *n, struct alike_list *out)
{
    struct party_alike_people_list people;
    struct folded f;
    int result = fold_items(w, n, &f);

    *out = (struct alike_list){NULL, 0};
    if (result < 0)
        return result;
    const struct party_alike_people_in in = {f.name.p ? f.name : STR(""), f.kana, n->birth,
                                             ALIKE_MAXIMUM};
    result = party_alike_people(&w->cx, w->store, &in, &people);
    if (result < 0 || people.n == 0)
        return result;
    return compare_all(w, n, &f, &people, out);
}
