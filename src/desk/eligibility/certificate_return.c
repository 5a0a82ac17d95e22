/* Certificates on their way back: returned, lost, handed over; and the register of all of them. */
#include "desk/eligibility/certificate_inner.h"

enum { RETURN_FIELDS = 4, RETURNS_MAX = 200 };

/* --- returning
 * --------------------------------------------------------------------------------------- */

static bool reason_is_return(struct str reason)
{
    static const char *const reasons[] = {"loss",   "replaced", "expired", "lost",  "damaged",
                                          "stolen", "moved",    "death",   "error", "renumber"};

    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (str_is(reason, reasons[i]))
            return true;
    }
    return false;
}

/* The day the reason arose: when he lost his cover, else the day itself. */
static int cause_day(struct work *w, const struct certificate_return *r, int64_t person_id,
                     struct ymd *out)
{
    struct eligibility_newest_period_list list;

    *out = ymd_is_none(r->cause) ? r->returned : r->cause;
    if (!ymd_is_none(r->cause) ||
        (!str_is(r->reason, "loss") && !str_is(r->reason, "death") && !str_is(r->reason, "moved")))
        return OK;
    const int result =
        eligibility_newest_period(&w->cx, w->store,
                                  &(struct eligibility_newest_period_in){person_id, KNOWN_NOW},
                                  &list);
    if (result >= 0 && list.n > 0 && !ymd_is_none(list.rows[0].valid_to))
        *out = list.rows[0].valid_to;
    return result;
}

static struct eligibility_certificate row_again(const struct eligibility_certificate_row_row *r,
                                                struct str serial)
{
    return (struct eligibility_certificate){.person_id = r->person_id,
                                            .kind = r->kind,
                                            .family = r->family,
                                            .serial = serial,
                                            .symbol = r->symbol,
                                            .number = r->number,
                                            .branch = r->branch,
                                            .face_name = r->face_name,
                                            .face_kana = r->face_kana,
                                            .real_name = r->real_name,
                                            .real_kana = r->real_kana,
                                            .is_sex_on_back = r->is_sex_on_back,
                                            .is_undisclosed = r->is_undisclosed,
                                            .issued_ymd = r->issued_ymd,
                                            .effective_ymd = r->effective_ymd,
                                            .valid_until = r->valid_until,
                                            .issue_count = r->issue_count,
                                            .cause = r->cause,
                                            .share = r->share,
                                            .division = r->division,
                                            .limit_yen = r->limit_yen,
                                            .disease = r->disease,
                                            .long_stay_ymd = r->long_stay_ymd,
                                            .place = r->place,
                                            .issued_by = r->issued_by};
}

static int return_problem(struct work *w, const struct certificate_return *r,
                          const struct eligibility_certificate_row_row *c)
{
    if (!reason_is_return(r->reason))
        return fail(&w->cx, ERR_INVALID, "eligibility.return.reason", STR_FMT, STR_ARG(r->serial));
    if (!ymd_is_none(c->returned_ymd))
        return fail(&w->cx, ERR_STALE, "eligibility.return.again", STR_FMT, STR_ARG(r->serial));
    if (ymd_is_none(r->returned) || ymd_compare(r->returned, c->issued_ymd) < 0 ||
        ymd_compare(r->returned, w->today) > 0)
        return fail(&w->cx, ERR_INVALID, "eligibility.return.day", STR_FMT, STR_ARG(r->serial));
    if (!ymd_is_none(r->cause) && ymd_compare(r->cause, r->returned) > 0)
        return fail(&w->cx, ERR_INVALID, "eligibility.return.cause", STR_FMT, STR_ARG(r->serial));
    return OK;
}

static int return_one(struct work *w, int64_t event_no, const struct certificate_return *r)
{
    struct eligibility_certificate_row_row c;
    struct eligibility_certificate row;
    const int found =
        eligibility_certificate_row(&w->cx, w->store,
                                    &(struct eligibility_certificate_row_in){r->serial}, &c);

    if (found <= 0)
        return found < 0 ? found
                         : fail(&w->cx, ERR_NOT_FOUND, "eligibility.certificate.none", STR_FMT,
                                STR_ARG(r->serial));
    int result = return_problem(w, r, &c);
    if (result < 0)
        return result;
    row = row_again(&c, r->serial);
    row.returned_ymd = r->returned;
    row.return_reason = r->reason;
    row.known_from = event_no;
    result = cause_day(w, r, c.person_id, &row.return_cause_ymd);
    if (result >= 0)
        result = store_ids(&w->cx, w->store, 1, &row.certificate_id);
    if (result >= 0)
        result = eligibility_certificate_close(&w->cx, w->store, c.certificate_id, event_no);
    return result < 0 ? result : eligibility_certificate_insert(&w->cx, w->store, &row);
}

int certificate_return(struct work *w, int64_t event_no, const struct certificate_return *rows,
                       size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const int result = return_one(w, event_no, &rows[i]);
        if (result < 0)
            return error_add(&w->cx, "take back certificate " STR_FMT, STR_ARG(rows[i].serial));
    }
    return OK;
}

static void return_add(struct text *t, const struct certificate_return *r)
{
    text_addf(t, STR_FMT "\t", STR_ARG(r->serial));
    text_add_ymd(t, r->returned);
    text_addf(t, "\t" STR_FMT "\t", STR_ARG(r->reason));
    text_add_ymd(t, r->cause);
    text_addc(t, '\n');
}

static bool return_read(struct str line, struct certificate_return *r)
{
    struct str c[RETURN_FIELDS];

    for (size_t i = 0; i < RETURN_FIELDS; i++)
        c[i] = str_cut(&line, '\t');
    *r = (struct certificate_return){c[0], YMD_NONE, c[2], YMD_NONE};
    return ymd_parse(c[1], &r->returned) && (c[3].n == 0 || ymd_parse(c[3], &r->cause));
}

int certificate_return_apply(struct work *w, const struct event *e, struct str payload)
{
    struct certificate_return r;

    while (payload.n > 0) {
        if (!return_read(str_cut(&payload, '\n'), &r))
            return fail(&w->cx, ERR_CORRUPT, "eligibility.issue.payload", NULL);
        const int result = certificate_return(w, e->no, &r, 1);
        if (result < 0)
            return result;
    }
    return OK;
}

int certificate_return_enter(struct work *w, const struct certificate_return *rows, size_t n,
                             int64_t *event_no)
{
    struct event e = work_event(w, "eligibility.certificate_return");
    struct held first = {0};
    struct text payload;

    if (n == 0 || n > RETURNS_MAX)
        return fail(&w->cx, ERR_INVALID, "eligibility.issue.none", NULL);
    int result = certificate_by_serial(w, rows[0].serial, &first);
    if (result <= 0)
        return result < 0 ? result
                          : fail(&w->cx, ERR_NOT_FOUND, "eligibility.certificate.none", STR_FMT,
                                 STR_ARG(rows[0].serial));
    e.person_id = n == 1 ? first.person_id : 0;
    e.source = STR("resident");
    text_init(&payload, 32 << 10);
    for (size_t i = 0; i < n; i++)
        return_add(&payload, &rows[i]);
    result = payload.failed ? certificate_memory(w) : work_enter(w, &e, text_str(&payload));
    text_release(&payload);
    if (event_no)
        *event_no = e.no;
    return result;
}

/* --- handing over
 * -------------------------------------------------------------------------------------- */

static bool how_is_known(struct str how)
{
    return str_is(how, "counter") || str_is(how, "post") || str_is(how, "recorded") ||
           str_is(how, "undelivered");
}

int certificate_handover_write(struct work *w, int64_t event_no,
                               const struct certificate_handover *h)
{
    struct eligibility_certificate_handover row = {.serial = h->serial,
                                                   .how = h->how,
                                                   .receiver =
                                                       h->receiver.n ? h->receiver : STR_NONE,
                                                   .tracking =
                                                       h->tracking.n ? h->tracking : STR_NONE,
                                                   .is_confirmed = h->is_confirmed,
                                                   .day = w->today,
                                                   .at = w->cx.env->now_us(w->cx.env),
                                                   .user_name = w->actor->user_name,
                                                   .place = w->actor->branch,
                                                   .known_from = event_no};
    if (!how_is_known(h->how))
        return fail(&w->cx, ERR_INVALID, "eligibility.handover.how", STR_FMT, STR_ARG(h->serial));
    if (h->is_confirmed && !str_is(h->how, "counter"))
        return fail(&w->cx, ERR_INVALID, "eligibility.handover.confirmed", STR_FMT,
                    STR_ARG(h->serial));
    const int result = store_ids(&w->cx, w->store, 1, &row.certificate_handover_id);
    return result < 0 ? result : eligibility_certificate_handover_insert(&w->cx, w->store, &row);
}

int certificate_hand_over(struct work *w, const struct certificate_handover *h)
{
    struct event e = work_event(w, "eligibility.certificate_handover");
    struct held held = {0};
    int result = certificate_by_serial(w, h->serial, &held);

    if (result <= 0)
        return result < 0 ? result
                          : fail(&w->cx, ERR_NOT_FOUND, "eligibility.certificate.none", STR_FMT,
                                 STR_ARG(h->serial));
    e.person_id = held.person_id;
    result = STORE_BEGIN(&w->cx, w->store);
    if (result < 0)
        return result;
    result = event_open(&w->cx, w->store, &e);
    if (result >= 0)
        result = certificate_handover_write(w, e.no, h);
    if (result >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "hand over certificate " STR_FMT, STR_ARG(h->serial));
}
