/* Where the documents of a run come from: levy notices as they were drawn, dunnings, reminders. */
#include "collection_sql.h"
#include "desk/collection/post_inner.h"

#include <stdlib.h>

static int by_id(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The debtors of a piece, each once, with what is known about writing to them. */
struct debtors {
    int64_t ids[POST_PIECE];
    size_t n;
    struct debtor_state *states;
};

static int read_states(struct printing *p, struct debtors *d)
{
    struct work *w = p->w;
    size_t n = 0;
    qsort(d->ids, d->n, sizeof *d->ids, by_id);
    for (size_t i = 0; i < d->n; i++) {
        if (i == 0 || d->ids[i] != d->ids[i - 1]) {
            d->ids[n++] = d->ids[i];
        }
    }
    d->n = n;
    d->states = ARENA_ARRAY(w->cx.arena, n + 1, struct debtor_state);
    return d->states ? debtor_states(w, d->ids, n, d->states) : post_no_memory(w);
}

static const struct debtor_state *state_of(const struct debtors *d, int64_t id)
{
    return debtor_state_of(d->states, d->n, id);
}

/* --- preliminary notices
 * ------------------------------------------------------------------------------ */

/* What a preliminary notice (速報) says has been paid of an instalment. */
static int expected_yen(struct work *w, const struct late_instalment *x, int64_t *yen)
{
    const struct collection_expected_receipts_in in = {x->c.levy_year, {&x->notice_no, 1}};
    struct collection_expected_receipts_list list;
    const int rc = collection_expected_receipts(&w->cx, w->store, &in, &list);
    *yen = 0;
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        *yen += list.rows[i].number == x->number ? list.rows[i].yen.n : 0;
    }
    return rc;
}

static const struct late_instalment *instalment_of(const struct late_instalments *late,
                                                   int64_t liability_id, int64_t number)
{
    for (size_t i = 0; i < late->n; i++) {
        if (late->rows[i].liability_id == liability_id && late->rows[i].number == number) {
            return &late->rows[i];
        }
    }
    return NULL;
}

/* --- dunnings
 * ------------------------------------------------------------------------------------------- */

/* Why it is taken out right before it is printed. */
static int taken_out(struct printing *p, const struct debtor_state *s,
                     const struct late_instalment *x, enum dunning_reason *reason)
{
    int64_t told = 0;
    int rc = x ? expected_yen(p->w, x, &told) : OK;
    *reason = !x || x->balance.n <= 0 || told >= x->balance.n
                  ? DUNNING_PAID
                  : debtor_held(s, x->liability_id, p->w->today);
    return rc;
}

static int withdraw(struct printing *p, struct post_document *d, enum letter_kind kind,
                    enum dunning_reason reason)
{
    const int rc = letter_withdraw(p->w, p->event_no, kind, d->letter_id, reason, STR(""));
    d->reason = reason;
    form_data_init(&d->data, p->w->cx.arena, d->to->to.person_no);
    return rc < 0 ? rc : post_add(p, d);
}

static int dunning_slip(struct printing *p, const struct collection_post_dunnings_row *r,
                        const struct late_instalment *x, struct post_document *d)
{
    struct work *w = p->w;
    const struct collection_fee_due_in in = {r->liability_id, r->number};
    struct collection_fee_due_row fee;
    int rc = collection_fee_due(&w->cx, w->store, &in, &fee);
    struct slip_print slip = {.slip = {.liability_id = r->liability_id,
                                       .number = (int)r->number,
                                       .kind = STR("dunning"),
                                       .yen = x->balance,
                                       .late = x->late_due,
                                       .fee = fee.yen,
                                       .limit = r->pay_by_ymd,
                                       .issued = w->today,
                                       .reason = STR("")},
                              .levy_year = (int)r->levy_year,
                              .notice_no = r->notice_no,
                              .is_withheld = d->to->to.is_protected};
    return rc < 0 ? rc : slip_put(&p->run, &slip, &d->data);
}

static int one_dunning(struct printing *p, const struct collection_post_dunnings_row *r,
                       const struct debtor_state *s, const struct late_instalments *late)
{
    const struct late_instalment *x = instalment_of(late, r->liability_id, r->number);
    struct post_document d = {.letter_id = r->dunning_id, .no = r->dunning_no, .to = s};
    enum dunning_reason reason;
    int rc = taken_out(p, s, x, &reason);
    if (rc < 0 || reason != DUNNING_SENT) {
        return rc < 0 ? rc : withdraw(p, &d, LETTER_DUNNING, reason);
    }
    d.yen = x->balance;
    d.reason = debtor_by_hand(s);
    rc = dunning_fill(&p->run, r, s, x, &d.data);
    rc = rc < 0 || !p->with_slips ? rc : dunning_slip(p, r, x, &d);
    return rc < 0 ? rc : post_add(p, &d);
}

static int dunning_piece(struct printing *p)
{
    struct work *w = p->w;
    const struct collection_post_dunnings_in in = {p->issue, 0, POST_PIECE};
    struct collection_post_dunnings_list list;
    struct late_instalments late;
    struct debtors d = {.n = 0};
    int rc = collection_post_dunnings(&w->cx, w->store, &in, &list);
    p->taken = rc < 0 ? 0 : list.n;
    for (size_t i = 0; i < p->taken; i++) {
        d.ids[d.n++] = list.rows[i].debtor_id;
    }
    rc = rc < 0 ? rc : read_states(p, &d);
    rc = rc < 0 ? rc : late_of_debtors(w, d.ids, d.n, w->today, &late);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        rc = one_dunning(p, &list.rows[i], state_of(&d, list.rows[i].debtor_id), &late);
    }
    return rc;
}

/* --- reminders
 * --------------------------------------------------------------------------------------------- */

/* Of what it was decided to list, what is still unpaid, with late charges up to its day. */
static int listed(struct printing *p, const struct collection_post_reminders_row *r,
                  const struct debtor_state *s, struct late_instalments *out)
{
    struct work *w = p->w;
    const struct collection_reminder_items_in in = {{&r->reminder_id, 1}};
    struct collection_reminder_items_list items;
    struct late_instalments all;
    int rc = collection_reminder_items(&w->cx, w->store, &in, &items);
    rc = rc < 0 ? rc : late_of_debtor(w, r->debtor_id, r->as_of_ymd, LATE_UNPAID, &all);
    *out = (struct late_instalments){NULL, 0};
    out->rows = rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, items.n + 1, struct late_instalment);
    if (!out->rows) {
        return rc < 0 ? rc : post_no_memory(w);
    }
    for (size_t i = 0; rc >= 0 && i < items.n; i++) {
        const struct late_instalment *x =
            instalment_of(&all, items.rows[i].liability_id, items.rows[i].number);
        enum dunning_reason reason;
        rc = taken_out(p, s, x, &reason);
        if (rc >= 0 && reason == DUNNING_SENT) {
            out->rows[out->n++] = *x;
        }
    }
    return rc;
}

/* One slip for everything that is due of a year (of a notice number). */
static int year_slips(struct printing *p, const struct collection_post_reminders_row *r,
                      const struct late_instalments *items, struct post_document *d)
{
    int rc = OK;
    for (size_t i = 0; rc >= 0 && i < items->n; i++) {
        const struct late_instalment *first = &items->rows[i];
        struct slip_print slip = {.slip = {.liability_id = first->liability_id,
                                           .number = 0,
                                           .kind = STR("reminder"),
                                           .limit = r->pay_by_ymd,
                                           .issued = p->w->today,
                                           .reason = STR("")},
                                  .levy_year = first->c.levy_year,
                                  .notice_no = first->notice_no,
                                  .is_withheld = d->to->to.is_protected};
        bool is_done = false;
        for (size_t k = 0; k < items->n; k++) {
            if (items->rows[k].liability_id == first->liability_id) {
                is_done = is_done || k < i;
                slip.slip.yen = yen_add(slip.slip.yen, items->rows[k].balance);
                slip.slip.late = yen_add(slip.slip.late, items->rows[k].late_due);
            }
        }
        rc = is_done ? OK : slip_put(&p->run, &slip, &d->data);
    }
    return rc;
}

static int one_reminder(struct printing *p, const struct collection_post_reminders_row *r,
                        const struct debtor_state *s)
{
    struct late_instalments items;
    struct reminder_sums sums;
    struct post_document d = {.letter_id = r->reminder_id, .no = r->reminder_no, .to = s};
    int rc = listed(p, r, s, &items);
    if (rc < 0 || items.n == 0) {
        return rc < 0 ? rc : withdraw(p, &d, LETTER_REMINDER, DUNNING_PAID);
    }
    d.reason = debtor_by_hand(s);
    rc = reminder_fill(&p->run, r, s, &items, &d.data, &sums);
    d.yen = yen_add(sums.balance, sums.late);
    rc = rc < 0 || !r->with_receipt ? rc : year_slips(p, r, &items, &d);
    return rc < 0 ? rc : post_add(p, &d);
}

static int reminder_piece(struct printing *p)
{
    struct work *w = p->w;
    const struct collection_post_reminders_in in = {p->issue, 0, POST_PIECE};
    struct collection_post_reminders_list list;
    struct debtors d = {.n = 0};
    int rc = collection_post_reminders(&w->cx, w->store, &in, &list);
    p->taken = rc < 0 ? 0 : list.n;
    for (size_t i = 0; i < p->taken; i++) {
        d.ids[d.n++] = list.rows[i].debtor_id;
    }
    rc = rc < 0 ? rc : read_states(p, &d);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        rc = one_reminder(p, &list.rows[i], state_of(&d, list.rows[i].debtor_id));
    }
    return rc;
}

/* --- levy notices
 * --------------------------------------------------------------------------------------------- */

static int one_notice(struct printing *p, const struct collection_notices_to_post_row *r,
                      const struct debtor_state *s)
{
    struct work *w = p->w;
    struct decision *decision = ARENA_NEW(w->cx.arena, struct decision);
    struct post_document d = {.letter_id = r->notice_id, .no = r->decision_no, .to = s};
    int rc = decision ? levy_decision_by_no(w, (int)r->fiscal_year, r->decision_no, decision)
                      : post_no_memory(w);
    if (rc < 0) {
        return rc;
    }
    const bool is_replaced = rc == 0 || decision->decision_id != r->decision_id;
    d.reason = is_replaced ? DUNNING_CHANGED : debtor_by_hand(s);
    d.decision = decision;
    d.yen = is_replaced ? YEN(0) : decision->result.total;
    return post_add(p, &d);
}

static int notice_piece(struct printing *p)
{
    struct work *w = p->w;
    const struct collection_notices_to_post_in in = {p->notices, 0, POST_PIECE};
    struct collection_notices_to_post_list list;
    struct debtors d = {.n = 0};
    p->taken = 0;
    if (ymd_is_none(p->notices)) {
        return OK;
    }
    int rc = collection_notices_to_post(&w->cx, w->store, &in, &list);
    p->taken = rc < 0 ? 0 : list.n;
    for (size_t i = 0; i < p->taken; i++) {
        d.ids[d.n++] = list.rows[i].debtor_id;
    }
    rc = rc < 0 ? rc : read_states(p, &d);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        rc = one_notice(p, &list.rows[i], state_of(&d, list.rows[i].debtor_id));
    }
    return rc;
}

const struct post_source post_sources[POST_SOURCES] = {
    {"levy_notice", NULL, notice_piece},
    {"dunning", "dunning_letter", dunning_piece},
    {"reminder", "reminder_letter", reminder_piece},
};
