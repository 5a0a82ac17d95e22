/* Acquisition and loss of a household (得喪): everybody who is or was in it, with every stretch of
 * being insured there, in order, as of a day and as it was known at an event. */
#include "desk/eligibility/inner.h"
#include "eligibility_pages.h"

#include <stdlib.h>

struct stretch { /* of being insured while in this household */
    const struct eligibility_history_periods_row *period;
    size_t person; /* position among the people */
    struct span valid;
    int acquired_by, lost_by;
    struct ymd acquired_cause, lost_cause;
    bool is_away; /* insured here, living elsewhere */
};
struct history {
    struct work *w;
    const struct party_home *home;
    struct eligibility_household_stays_list stays; /* by person, then day */
    struct eligibility_history_periods_list periods;
    struct eligibility_history_people_row *people;
    struct stretch *rows;
    size_t n_people, n;
};

/* What began after the day looked at is not there yet, and what ends after it has not ended. */
static bool is_begun(const struct history *h, struct ymd from)
{
    return ymd_compare(from, h->w->asof.valid) <= 0;
}

static bool is_over(const struct history *h, struct ymd to)
{
    return !ymd_is_none(to) && ymd_compare(to, h->w->asof.valid) <= 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

static int load(struct history *h)
{
    struct work *w = h->w;
    int result =
        eligibility_household_stays(&w->cx, w->store,
                                    &(struct eligibility_household_stays_in){h->home->household_id,
                                                                             w->asof},
                                    &h->stays);
    int64_t *ids = ARENA_ARRAY(w->cx.arena, h->stays.n + 1, int64_t);
    size_t n = 0;

    if (result >= 0 && !ids)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; result >= 0 && i < h->stays.n; i++) {
        if (n == 0 || ids[n - 1] != h->stays.rows[i].person_id)
            ids[n++] = h->stays.rows[i].person_id;
    }
    if (result < 0 || n == 0)
        return result;
    return eligibility_history_periods(&w->cx, w->store,
                                       &(struct eligibility_history_periods_in){{ids, n},
                                                                                w->asof.known},
                                       &h->periods);
}

/* --- stretches -------------------------------------------------------------------------------- */

/* Cut by the stay: he came from, or went to, another household of the city while insured. A period
 * that ends on the day after the stay does ends for its own reason (the day after moving out). */
static struct stretch cut_by_stay(const struct eligibility_history_periods_row *p, struct span stay)
{
    struct stretch s = {.period = p,
                        .valid = span_cut((struct span){p->valid_from, p->valid_to}, stay),
                        .acquired_by = reason_of_code(p->acquired_by),
                        .acquired_cause = p->acquired_cause_ymd,
                        .lost_by = p->lost_by.p ? reason_of_code(p->lost_by) : 0,
                        .lost_cause = p->lost_cause_ymd};

    if (ymd_compare(stay.from, p->valid_from) > 0) {
        s.acquired_by = ACQUIRED_HOUSEHOLD;
        s.acquired_cause = stay.from;
    }
    if (ymd_is_none(stay.to))
        return s;
    if (ymd_is_none(p->valid_to) || ymd_compare(p->valid_to, ymd_add(stay.to, 1)) > 0) {
        s.lost_by = LOST_HOUSEHOLD;
        s.lost_cause = stay.to;
    } else {
        s.valid.to = p->valid_to;
    }
    return s;
}

static int add_stretches(struct history *h, int64_t person_id, size_t person, struct span stay,
                         bool is_away)
{
    size_t count = 0;
    const struct eligibility_history_periods_row *p = ROWS_OF(h->periods, person_id, &count);

    for (size_t i = 0; i < count; i++) {
        const struct span both = span_cut((struct span){p[i].valid_from, p[i].valid_to}, stay);
        if (span_is_empty(both) || !is_begun(h, both.from))
            continue;
        h->rows[h->n] = cut_by_stay(&p[i], stay);
        h->rows[h->n].person = person;
        h->rows[h->n++].is_away = is_away;
        h->people[person].periods++;
    }
    return OK;
}

/* Stays of one person that follow each other (another relation, another head) are one. */
static int add_people(struct history *h)
{
    int result = OK;

    for (size_t i = 0, next; i < h->stays.n && result >= 0; i = next) {
        const struct eligibility_household_stays_row *r = &h->stays.rows[i];
        struct span stay = {r->valid_from, r->valid_to};
        struct str relation = r->relation;
        for (next = i + 1; next < h->stays.n && h->stays.rows[next].person_id == r->person_id &&
                           ymd_compare(h->stays.rows[next].valid_from, stay.to) == 0;
             next++) {
            stay.to = h->stays.rows[next].valid_to;
            relation = h->stays.rows[next].relation;
        }
        if (!is_begun(h, stay.from))
            continue;
        h->people[h->n_people] =
            (struct eligibility_history_people_row){.person_no = r->person_no,
                                                    .name = r->name.p ? r->name : r->person_no,
                                                    .relation = relation_message(relation),
                                                    .since = stay.from,
                                                    .until =
                                                        is_over(h, stay.to) ? stay.to : YMD_NONE};
        result = add_stretches(h, r->person_id, h->n_people++, stay, r->is_away);
    }
    return result;
}

static int by_day(const void *a, const void *b)
{
    const struct stretch *x = a, *y = b;
    const int day = ymd_compare(x->valid.from, y->valid.from);

    return day ? day : (x->person > y->person) - (x->person < y->person);
}

static int build(struct history *h)
{
    struct arena *a = h->w->cx.arena;
    const size_t most = h->stays.n * (h->periods.n + 1) + 1;

    h->people = ARENA_ARRAY(a, h->stays.n + 1, struct eligibility_history_people_row);
    h->rows = ARENA_ARRAY(a, most, struct stretch);
    if (!h->people || !h->rows)
        return fail(&h->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    const int result = add_people(h);
    qsort(h->rows, h->n, sizeof *h->rows, by_day);
    return result;
}

/* --- the page --------------------------------------------------------------------------------- */

static struct eligibility_history_lines_row line_of(const struct history *h,
                                                    const struct stretch *s)
{
    const struct eligibility_history_people_row *who = &h->people[s->person];
    const bool is_lost = is_over(h, s->valid.to);
    const bool is_own = s->lost_by != LOST_HOUSEHOLD;

    return (struct eligibility_history_lines_row){
        .person_no = who->person_no,
        .name = who->name,
        .acquired = s->valid.from,
        .acquired_by = reason_message(s->acquired_by),
        .acquired_cause = s->acquired_cause,
        .acquired_notified = s->period->acquired_notified_ymd,
        .is_lost = is_lost,
        .lost = is_lost ? s->valid.to : YMD_NONE,
        .lost_by = reason_message(s->lost_by),
        .lost_cause = s->lost_cause,
        .lost_notified = is_lost && is_own ? s->period->lost_notified_ymd : YMD_NONE,
        .is_away = s->is_away,
        .source = coded_word(h->w, "source", s->period->source),
        .received = s->period->received,
        .event = s->period->event_no};
}

static int show(struct history *h, const struct eligibility_past_form *form, struct request *rq,
                struct reply *rp)
{
    struct work *w = h->w;
    struct eligibility_history_lines_row *rows =
        ARENA_ARRAY(w->cx.arena, h->n + 1, struct eligibility_history_lines_row);

    if (!rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < h->n; i++)
        rows[i] = line_of(h, &h->rows[i]);
    const struct eligibility_history_view v = {.household_no = h->home->household_no,
                                               .head_name = h->home->head_name,
                                               .is_past = !ymd_is_none(form->valid) ||
                                                          w->asof.known != KNOWN_NOW,
                                               .valid = w->asof.valid,
                                               .known =
                                                   w->asof.known == KNOWN_NOW ? 0 : w->asof.known,
                                               .people = h->people,
                                               .n_people = h->n_people,
                                               .lines = rows,
                                               .n_lines = h->n,
                                               .past = form};
    eligibility_page_history(&rp->body, rq->frame, &v);
    return OK;
}

/* The household is found as of today: who asks for a day before it began sees an empty page. */
static int read_asked(struct work *w, struct request *rq, struct party_home *home,
                      struct eligibility_past_form *form)
{
    int result = eligibility_past_form_read(&w->cx, rq, form);

    if (result >= 0)
        result = party_home_by_no(w, rq->part[0], home);
    if (result == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "eligibility.judge.household", NULL);
    if (result < 0)
        return result;
    if (!ymd_is_none(form->valid))
        w->asof.valid = form->valid;
    if (form->known != FORM_ABSENT && form->known > 0)
        w->asof.known = form->known;
    return OK;
}

int eligibility_history_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct party_home home;
    struct eligibility_past_form form;
    struct history h = {.w = w, .home = &home};
    int result = read_asked(w, rq, &home, &form);

    if (result >= 0)
        result = load(&h);
    if (result >= 0)
        result = build(&h);
    if (result >= 0)
        result = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                     .household_id = home.household_id,
                                                     .query = STR("history"),
                                                     .count = (int64_t)h.n_people});
    return result < 0 ? error_add(&w->cx, "show the history of a household")
                      : show(&h, &form, rq, rp);
}
