/* Writing a planned notification: the decision, its lines, and the facts that changed. */
#include "desk/eligibility/notification_inner.h"

static struct str or_none(struct str s)
{
    return s.n > 0 ? s : STR_NONE;
}

int decision_record(struct work *w, int64_t event_no, const struct decision_record *d, int64_t *id)
{
    const int year = ymd_fiscal_year(w->today);
    const struct str series = str_format(w->cx.arena, "eligibility.decision.%d", year);
    int64_t no = 0;
    int result = series.p ? store_ids(&w->cx, w->store, 1, id)
                          : fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);

    if (result >= 0)
        result = store_number(&w->cx, w->store, series, 1, &no);
    if (result < 0)
        return result;
    const struct eligibility_notification row = {.notification_id = *id,
                                                 .household_id = d->household_id,
                                                 .kind = str_of(d->kind),
                                                 .fiscal_year = year,
                                                 .decision_no = no,
                                                 .decided_ymd = w->today,
                                                 .basis = str_of(d->basis),
                                                 .officer = w->actor && w->actor->user_name.n
                                                                ? w->actor->user_name
                                                                : STR("system"),
                                                 .notified_ymd = d->notified,
                                                 .source = d->source,
                                                 .route = d->route,
                                                 .identity = d->identity,
                                                 .proxy_name = or_none(d->proxy_name),
                                                 .proxy_document = or_none(d->proxy_document),
                                                 .why = or_none(d->why),
                                                 .known_from = event_no};
    return eligibility_notification_insert(&w->cx, w->store, &row);
}

int decision_line(struct work *w, int64_t event_no, int64_t notification_id, int64_t person_id,
                  int kind)
{
    struct eligibility_notification_change row = {.notification_id = notification_id,
                                                  .line = 1,
                                                  .person_id = person_id,
                                                  .kind = kind,
                                                  .acquired_cause_ymd = YMD_NONE,
                                                  .acquired_ymd = YMD_NONE,
                                                  .lost_cause_ymd = YMD_NONE,
                                                  .lost_ymd = YMD_NONE,
                                                  .known_from = event_no};
    const int result = store_ids(&w->cx, w->store, 1, &row.notification_change_id);

    return result < 0 ? result : eligibility_notification_change_insert(&w->cx, w->store, &row);
}

static const char *basis_of(enum change_kind kind)
{
    switch (kind) {
    case CHANGE_ACQUIRE:
        return "eligibility.basis.acquire";
    case CHANGE_LOSE:
        return "eligibility.basis.lose";
    case CHANGE_HOUSEHOLD:
        return "eligibility.basis.household";
    case CHANGE_CORRECT:
    case CHANGE_CANCEL:
    case CHANGE_RESUME:
        return "eligibility.basis.correct";
    }
    return "eligibility.basis.correct";
}

static int write_decision(struct planning *p, int64_t event_no, int64_t *id)
{
    const struct notification *n = p->n;

    return decision_record(p->w, event_no,
                           &(struct decision_record){.kind = "cover",
                                                     .basis = basis_of(n->row[0].kind),
                                                     .household_id = n->household_id,
                                                     .notified = n->notified,
                                                     .source = n->source,
                                                     .route = n->route,
                                                     .why = n->why,
                                                     .identity = n->identity,
                                                     .proxy_name = n->proxy_name,
                                                     .proxy_document = n->proxy_document},
                           id);
}

static int write_line(struct planning *p, int64_t event_no, int64_t notification_id, size_t i)
{
    const struct cover_change *c = &p->n->row[i];
    const struct insured_period *d = p->touched[i] ? &p->touched[i]->now : NULL;
    const bool acquires = c->acquired_by != 0, loses = c->lost_by != 0;
    struct eligibility_notification_change row = {
        .notification_id = notification_id,
        .line = (int64_t)i + 1,
        .person_id = c->person_id,
        .kind = c->kind,
        .acquired_by = acquires ? reason_code(c->acquired_by) : STR_NONE,
        .acquired_cause_ymd = acquires ? c->acquired : YMD_NONE,
        .acquired_ymd = acquires && d ? d->valid.from : YMD_NONE,
        .lost_by = loses ? reason_code(c->lost_by) : STR_NONE,
        .lost_cause_ymd = loses ? c->lost : YMD_NONE,
        .lost_ymd = loses && d ? d->valid.to : YMD_NONE,
        .is_same_day = c->is_same_day,
        .is_in_prefecture = c->is_in_prefecture,
        .insurer = or_none(c->insurer),
        .known_from = event_no};
    const int result = store_ids(&p->w->cx, p->w->store, 1, &row.notification_change_id);

    return result < 0 ? result
                      : eligibility_notification_change_insert(&p->w->cx, p->w->store, &row);
}

static int write_periods(struct subject *s, struct eligibility_batch *b, int64_t event_no)
{
    int result = OK;

    for (size_t i = 0; i < s->n_periods && result >= 0; i++) {
        const struct working_period *k = &s->period[i];
        if (!k->is_changed)
            continue;
        if (k->is_known)
            result = eligibility_close(b, ELIGIBILITY_PERIOD, k->now.row_id, event_no);
        if (result >= 0 && !k->is_removed)
            result = eligibility_open_period(b, event_no, &k->now, NULL);
    }
    return result;
}

static int write_covers(struct subject *s, struct eligibility_batch *b, int64_t event_no)
{
    int result = OK;

    for (size_t i = 0; i < s->n_covers && result >= 0; i++) {
        const struct working_cover *c = &s->cover[i];
        if (!c->is_changed)
            continue;
        if (c->row_id != 0)
            result = eligibility_close(b, ELIGIBILITY_COVER, c->row_id, event_no);
        if (result >= 0 && !c->is_removed)
            result = eligibility_open_cover(b, event_no, &c->now, NULL);
    }
    return result;
}

static int write_facts(struct planning *p, struct eligibility_batch *b, int64_t event_no)
{
    int result = numbers_give(p, b, event_no);

    for (size_t i = 0; i < p->n_subjects && result >= 0; i++) {
        result = write_periods(&p->subject[i], b, event_no);
        if (result >= 0)
            result = write_covers(&p->subject[i], b, event_no);
    }
    return result < 0 ? result : eligibility_batch_write(p->w, b);
}

int planning_write(struct planning *p, int64_t event_no)
{
    struct eligibility_batch *b = NULL;
    int64_t id = 0;
    int result = write_decision(p, event_no, &id);

    for (size_t i = 0; i < p->n->n && result >= 0; i++)
        result = write_line(p, event_no, id, i);
    if (result >= 0)
        result = eligibility_batch_new(p->w, &b);
    if (result >= 0)
        result = write_facts(p, b, event_no);
    eligibility_batch_free(b);
    return result < 0 ? result : pending_settle(p->w, event_no, p->n->settles, p->n->n_settles);
}
