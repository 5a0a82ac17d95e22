/* Charts of a comparison: what changes for whom, who is at the cap, and how many pay how much. */
#include "desk/levy/comparison_pictures.h"
#include "levy_sql.h"

void comparison_pictures_init(struct comparison_pictures *p)
{
    p->n = 0;
    for (size_t i = 0; i < PICTURES_BESIDE + SETS_DRAWN; i++) {
        html_init(&p->picture[i]);
    }
}

void comparison_pictures_release(struct comparison_pictures *p)
{
    for (size_t i = 0; i < PICTURES_BESIDE + SETS_DRAWN; i++) {
        html_release(&p->picture[i]);
    }
}

static struct html *picture_next(struct comparison_pictures *p)
{
    p->row[p->n].picture = &p->picture[p->n];
    return &p->picture[p->n++];
}

/* --- by set ------------------------------------------------------------------------------------
 */

struct bars_of {
    const char *title, *unit, *first, *second; /* message ids; second NULL: one series */
    int64_t (*value)(const struct levy_comparison_sets_row *r);
    int64_t (*other)(const struct levy_comparison_sets_row *r);
};
static int64_t winners(const struct levy_comparison_sets_row *r)
{
    return r->winners;
}
static int64_t losers(const struct levy_comparison_sets_row *r)
{
    return r->losers;
}
static int64_t gain(const struct levy_comparison_sets_row *r)
{
    return r->gain.n;
}
static int64_t loss(const struct levy_comparison_sets_row *r)
{
    return r->loss.n;
}
static int64_t cap_medical(const struct levy_comparison_sets_row *r)
{
    return r->cap_medical;
}
static int64_t cap_support(const struct levy_comparison_sets_row *r)
{
    return r->cap_support;
}
static int64_t cap_care(const struct levy_comparison_sets_row *r)
{
    return r->cap_care;
}
static int64_t cap_child(const struct levy_comparison_sets_row *r)
{
    return r->cap_child;
}
static const struct bars_of bars[PICTURES_BESIDE] = {
    {"levy.picture.households", "levy.unit.households", "levy.picture.winners",
     "levy.picture.losers", winners, losers},
    {"levy.picture.yen", "levy.unit.yen", "levy.picture.gain", "levy.picture.loss", gain, loss},
    {"levy.picture.cap_medical", "levy.unit.households", "levy.picture.at_cap", NULL, cap_medical,
     NULL},
    {"levy.picture.cap_support", "levy.unit.households", "levy.picture.at_cap", NULL, cap_support,
     NULL},
    {"levy.picture.cap_care", "levy.unit.households", "levy.picture.at_cap", NULL, cap_care, NULL},
    {"levy.picture.cap_child", "levy.unit.households", "levy.picture.at_cap", NULL, cap_child,
     NULL},
};

/* The sets by their number in the table: their settings are too long for an axis. */
static int draw_bars(struct work *w, const struct levy_comparison_view *v, const struct bars_of *b,
                     struct html *out)
{
    struct chart_point *p = ARENA_ARRAY(w->cx.arena, v->n_sets + 1, struct chart_point);
    if (!p) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < v->n_sets; i++) {
        p[i].label = str_format(w->cx.arena, "%zu", i + 1);
        p[i].value = b->value(&v->sets[i]);
        p[i].second = b->other ? b->other(&v->sets[i]) : INT64_MIN;
    }
    const struct chart_series s = {.title = message_words(b->title),
                                   .unit = message_words(b->unit),
                                   .first_label = message_words(b->first),
                                   .second_label = b->second ? message_words(b->second) : STR(""),
                                   .points = p,
                                   .n = v->n_sets};
    return chart_bars(out, &s);
}

/* --- distributions -----------------------------------------------------------------------------
 */

/* The distribution of a set beside that of the base. */
static int chart_of(struct work *w, const struct levy_comparison_buckets_list *b, int64_t set,
                    struct str name, struct html *out)
{
    struct chart_point *p = ARENA_ARRAY(w->cx.arena, LEVY_BUCKETS, struct chart_point);
    const struct str from = message_words("levy.unit.from_man_yen");
    if (!p) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (int64_t k = 0; k < LEVY_BUCKETS; k++) {
        p[k].label = str_format(w->cx.arena, "%lld" STR_FMT,
                                (long long)(k * LEVY_BUCKET_YEN / 10000), STR_ARG(from));
        p[k].second = INT64_MIN;
    }
    for (size_t i = 0; i < b->n; i++) {
        const struct levy_comparison_buckets_row *r = &b->rows[i];
        if (r->bucket < 0 || r->bucket >= LEVY_BUCKETS) {
            continue;
        }
        if (r->number == set) {
            p[r->bucket].value = r->households;
        } else if (r->number == 0) {
            p[r->bucket].second = r->households;
        }
    }
    struct chart_series s = {.title = name,
                             .unit = message_words("levy.unit.households"),
                             .first_label = name,
                             .second_label = set ? comparison_set_name(STR("adopted")) : STR(""),
                             .points = p,
                             .n = LEVY_BUCKETS};
    return chart_bars(out, &s);
}

int comparison_pictures_draw(struct work *w, struct levy_comparison_view *v,
                             struct comparison_pictures *p)
{
    const struct levy_comparison_buckets_in in = {.job_id = v->job};
    struct levy_comparison_buckets_list list;
    int rc = levy_comparison_buckets(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && v->n_sets > 1 && i < PICTURES_BESIDE; i++) {
        rc = draw_bars(w, v, &bars[i], picture_next(p));
    }
    for (size_t i = 0; rc >= 0 && i < v->n_sets && i < SETS_DRAWN; i++) {
        rc = chart_of(w, &list, (int64_t)i, v->sets[i].name, picture_next(p));
    }
    v->charts = p->row;
    v->n_charts = p->n;
    return rc;
}
