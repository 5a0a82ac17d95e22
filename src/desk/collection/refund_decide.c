/*
 * A decision of appropriation and refund: its number, its lines, and what the journal books. What
 * was received in a year that is still open is taken out of its revenue (戻出); what was received
 * in a year that is closed is an expenditure of this one (歳出還付).
 */
#include "desk/collection/refund_inner.h"

enum { POSTINGS_PER_LINE = 6, ENTRIES_PER_LINE = 3 };

struct deciding {
    struct work *w;
    const struct refund_deciding *how;
    const struct overpaid_case *c;
    struct refund_decision *out;
    int64_t years_to_claim;
    struct collection_refund_line *lines;
    struct entry *entries;
    struct posting *postings;
    size_t n_entries, n_postings;
};

const char *refund_kind_message(int kind)
{
    return kind == LINE_PREMIUM ? "collection.refund.kind.1"
           : kind == LINE_LATE  ? "collection.refund.kind.2"
           : kind == LINE_FEE   ? "collection.refund.kind.3"
                                : "collection.refund.kind.4";
}

const char *refund_cause_message(struct str cause)
{
    return str_is(cause, "reduced")     ? "collection.refund.cause.reduced"
           : str_is(cause, "erroneous") ? "collection.refund.cause.erroneous"
                                        : "collection.refund.cause.both";
}

/* --- lines --------------------------------------------------------------------------------------
 */

struct str refund_cause_of(const struct refund_line *line)
{
    bool reduced = false;
    bool erroneous = false;

    for (size_t i = 0; i < line->n_lots; i++) {
        reduced |= line->lots[i].cause == CAUSE_REDUCED;
        erroneous |= line->lots[i].cause == CAUSE_ERRONEOUS;
    }
    return reduced && erroneous ? STR("both") : erroneous ? STR("erroneous") : STR("reduced");
}

static struct collection_refund_line line_row(const struct deciding *d, size_t i, int64_t id)
{
    const struct refund_line *x = &d->c->lines[i];
    const struct refund_instalment *from = &d->c->rows[x->from];
    const struct refund_instalment *to = &d->c->rows[x->to];
    const bool is_refund = x->kind == LINE_REFUND;
    const int year = booked_year(from->received_year, d->how->decided);
    struct collection_refund_line row = {.refund_line_id = id,
                                         .refund_id = d->out->refund_id,
                                         .line = (int64_t)i + 1,
                                         .kind = x->kind,
                                         .liability_id = from->liability_id,
                                         .number = from->number,
                                         .to_liability_id = is_refund ? 0 : to->liability_id,
                                         .to_number = is_refund ? 0 : to->number,
                                         .yen = x->yen,
                                         .medical_yen = x->part[PART_MEDICAL],
                                         .support_yen = x->part[PART_SUPPORT],
                                         .care_yen = x->part[PART_CARE],
                                         .child_yen = x->part[PART_CHILD],
                                         .interest_yen = x->interest,
                                         .cause = refund_cause_of(x),
                                         .paid_ymd = d->how->decided,
                                         .limit_ymd = YMD_NONE,
                                         .received_year = from->received_year,
                                         .booked_year = year,
                                         .is_prior = year != from->received_year,
                                         .known_from = d->how->event_no};

    for (size_t k = 0; k < x->n_lots; k++) {
        const struct ymd limit = refund_last_day(x->lots[k].arose, d->years_to_claim);
        if (k == 0 || ymd_compare(x->lots[k].paid, row.paid_ymd) > 0)
            row.paid_ymd = x->lots[k].paid;
        if (ymd_is_none(row.limit_ymd) || ymd_compare(limit, row.limit_ymd) < 0)
            row.limit_ymd = limit;
    }
    if (ymd_is_none(row.limit_ymd))
        row.limit_ymd = refund_last_day(d->how->decided, d->years_to_claim);
    return row;
}

/* --- postings -----------------------------------------------------------------------------------
 */

static void add_posting(struct deciding *d, int number, enum account account,
                        const struct yen part[LEVY_PARTS], int sign)
{
    struct posting *p = &d->postings[d->n_postings++];

    *p = (struct posting){.number = number, .account = account};
    for (int k = 0; k < LEVY_PARTS; k++) {
        p->part[k] = YEN(sign * part[k].n);
        p->yen.n += p->part[k].n;
    }
    d->entries[d->n_entries - 1].n++;
}

static void open_entry(struct deciding *d, const char *kind, int64_t liability_id, int year)
{
    d->entries[d->n_entries++] = (struct entry){.kind = str_of(kind),
                                                .liability_id = liability_id,
                                                .accounting = d->how->decided,
                                                .value = d->how->decided,
                                                .basis_id = d->out->refund_id,
                                                .postings = &d->postings[d->n_postings],
                                                .booked_year = year};
}

/* What was received beyond the charge and stands below zero is an overpayment first. */
static void post_unposted(struct deciding *d)
{
    for (size_t i = 0; i < d->c->n; i++) {
        const struct refund_instalment *r = &d->c->rows[i];
        if (parts_sum(r->unposted).n <= 0)
            continue;
        open_entry(d, "overpayment", r->liability_id,
                   booked_year(r->received_year, d->how->decided));
        add_posting(d, r->number, ACCOUNT_DUE, r->unposted, 1);
        add_posting(d, r->number, ACCOUNT_OVERPAID, r->unposted, -1);
    }
}

static void post_line(struct deciding *d, size_t i)
{
    const struct refund_line *x = &d->c->lines[i];
    const struct refund_instalment *from = &d->c->rows[x->from];
    const struct refund_instalment *to = &d->c->rows[x->to];
    const struct collection_refund_line *row = &d->lines[i];

    if (x->kind == LINE_REFUND) {
        open_entry(d, row->is_prior ? "refund_prior" : "refund", from->liability_id,
                   (int)row->booked_year);
        add_posting(d, from->number, ACCOUNT_OVERPAID, x->part, 1);
        add_posting(d, from->number, ACCOUNT_REFUND_DUE, x->part, -1);
        return;
    }
    open_entry(d, row->is_prior ? "appropriation_prior" : "appropriation", from->liability_id,
               (int)row->booked_year);
    add_posting(d, from->number, ACCOUNT_OVERPAID, x->part, 1);
    add_posting(d, from->number, ACCOUNT_APPROPRIATED, x->part, -1);
    open_entry(d, "appropriation", to->liability_id, booked_year(to->booked_of, d->how->decided));
    add_posting(d, to->number,
                x->kind == LINE_PREMIUM ? ACCOUNT_DUE
                : x->kind == LINE_LATE  ? ACCOUNT_LATE_DUE
                                        : ACCOUNT_FEE_DUE,
                x->to_part, -1);
    add_posting(d, to->number, ACCOUNT_APPROPRIATED, x->to_part, 1);
}

/* --- the decision -------------------------------------------------------------------------------
 */

static int write_refund(struct deciding *d)
{
    struct work *w = d->w;
    const struct refund_decision *o = d->out;
    const struct collection_refund row = {.refund_id = o->refund_id,
                                          .decided_year = o->year,
                                          .refund_no = o->no,
                                          .debtor_id = o->debtor_id,
                                          .kind = o->kind,
                                          .draft_no = o->draft_no,
                                          .decided_ymd = o->decided,
                                          .overpaid_yen = o->overpaid,
                                          .appropriated_yen = o->appropriated,
                                          .refund_yen = o->refunded,
                                          .interest_yen = o->interest,
                                          .appropriation_interest_yen = o->appropriation_interest,
                                          .is_interest_known = o->is_interest_known,
                                          .basis = o->basis,
                                          .limit_ymd = o->limit,
                                          .drafted_by = o->drafted_by,
                                          .decided_by = o->decided_by,
                                          .known_from = o->event_no};
    return collection_refund_insert(&w->cx, w->store, &row);
}

static int number_it(struct deciding *d)
{
    struct work *w = d->w;
    struct str series =
        str_format(w->cx.arena, "collection.refund.%d", ymd_fiscal_year(d->how->decided));
    int64_t no = 0;
    int64_t id = 0;
    int rc = series.p ? store_number(&w->cx, w->store, series, 1, &no)
                      : fail(&w->cx, ERR_MEMORY, "memory", NULL);

    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, (int64_t)d->c->n_lines + 1, &id);
    const bool is_tax = d->c->n_lines > 0 && d->c->rows[d->c->lines[0].from].is_tax;
    *d->out = (struct refund_decision){.refund_id = id,
                                       .debtor_id = d->c->debtor_id,
                                       .draft_no = d->how->draft_no,
                                       .event_no = d->how->event_no,
                                       .drafted_by = d->how->drafted_by,
                                       .decided_by = w->actor->user_id,
                                       .year = ymd_fiscal_year(d->how->decided),
                                       .no = (int)no,
                                       .kind = is_tax ? STR("nhi_tax") : STR("nhi_fee"),
                                       .decided = d->how->decided,
                                       .limit = YMD_NONE,
                                       .overpaid = d->c->overpaid,
                                       .appropriated = d->c->appropriated,
                                       .refunded = d->c->refunded,
                                       .interest = d->c->interest,
                                       .appropriation_interest = d->c->appropriation_interest,
                                       .is_interest_known = d->c->is_interest_known};
    return rc < 0 ? rc : refund_limit_years(w, is_tax, &d->years_to_claim);
}

static void settle_whole(struct deciding *d)
{
    bool reduced = false;
    bool erroneous = false;

    for (size_t i = 0; i < d->c->n_lines; i++) {
        const struct collection_refund_line *row = &d->lines[i];
        reduced |= !str_is(row->cause, "erroneous");
        erroneous |= !str_is(row->cause, "reduced");
        if (ymd_is_none(d->out->limit) || ymd_compare(row->limit_ymd, d->out->limit) < 0)
            d->out->limit = row->limit_ymd;
    }
    d->out->basis = reduced && erroneous ? STR("both")
                    : erroneous          ? STR("erroneous")
                                         : STR("reduced");
}

int refund_decide(struct work *w, const struct refund_deciding *how, const struct overpaid_case *c,
                  struct refund_decision *out)
{
    struct deciding d = {.w = w, .how = how, .c = c, .out = out};
    const size_t most = c->n_lines + c->n + 1;
    int rc = number_it(&d);

    d.lines = ARENA_ARRAY(w->cx.arena, most, struct collection_refund_line);
    d.entries = ARENA_ARRAY(w->cx.arena, ENTRIES_PER_LINE * most, struct entry);
    d.postings = ARENA_ARRAY(w->cx.arena, POSTINGS_PER_LINE * most, struct posting);
    if (rc >= 0 && (!d.lines || !d.entries || !d.postings))
        rc = fail(&w->cx, ERR_MEMORY, "memory", NULL);
    if (rc < 0)
        return rc;
    post_unposted(&d);
    for (size_t i = 0; i < c->n_lines; i++) {
        d.lines[i] = line_row(&d, i, out->refund_id + 1 + (int64_t)i);
        post_line(&d, i);
    }
    settle_whole(&d);
    rc = write_refund(&d);
    rc = rc < 0 ? rc : collection_refund_line_bulk(&w->cx, w->store, d.lines, c->n_lines);
    rc = rc < 0 ? rc : ledger_post(w, how->event_no, d.entries, d.n_entries);
    return rc < 0 ? error_add(&w->cx, "decide refund %d-%d", out->year, out->no) : OK;
}

/* --- at the counter -----------------------------------------------------------------------------
 */

int refund_enter(struct work *w, int64_t debtor_id, struct ymd notice, struct yen overpaid,
                 int64_t *event_no)
{
    struct event e = work_event(w, "collection.refund");
    struct refund_proposal p;
    char day[11];
    int rc = work_need(w, RIGHT_COLLECTION_EDIT);

    rc = rc < 0 ? rc : refund_propose(w, debtor_id, notice, &p);
    if (rc == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "collection.refund.nothing", NULL);
    if (rc > 0 && p.overpaid.n != overpaid.n)
        return fail(&w->cx, ERR_STALE, "collection.refund.stale", "%lld", (long long)p.overpaid.n);
    if (rc < 0)
        return rc;
    ymd_format(notice, day);
    const struct str payload = str_format(w->cx.arena, "%lld %s %lld %lld", (long long)debtor_id,
                                          day, (long long)overpaid.n, (long long)w->actor->user_id);
    e.person_id = debtor_id;
    e.effective = notice;
    rc = payload.p ? work_enter(w, &e, payload) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    *event_no = e.no;
    return rc;
}

int refund_entry_apply(struct work *w, const struct event *e, struct str payload)
{
    int64_t debtor_id = 0;
    int64_t overpaid = 0;
    int64_t drafted_by = 0;
    struct refund_deciding how = {.event_no = e->no};
    struct overpaid_case c;
    struct refund_decision out;
    const bool is_right = str_to_int(str_cut(&payload, ' '), &debtor_id) &&
                          ymd_parse(str_cut(&payload, ' '), &how.decided) &&
                          str_to_int(str_cut(&payload, ' '), &overpaid) &&
                          str_to_int(str_trim(payload), &drafted_by);

    if (!is_right)
        return fail(&w->cx, ERR_INVALID, "collection.refund.payload", NULL);
    how.drafted_by = drafted_by;
    int rc = refund_case_read(w, debtor_id, how.decided, how.decided, &c);
    if (rc >= 0 && (c.n_lines == 0 || c.overpaid.n != overpaid))
        return fail(&w->cx, ERR_STALE, "collection.refund.stale", "%lld", (long long)c.overpaid.n);
    return rc < 0 ? rc : refund_decide(w, &how, &c, &out);
}

int refund_find(struct work *w, int year, int64_t no, struct refund_decision *out)
{
    const struct collection_refund_by_no_in q = {year, no};
    struct collection_refund_by_no_row r;
    const int rc = collection_refund_by_no(&w->cx, w->store, &q, &r);

    *out = (struct refund_decision){0};
    if (rc <= 0)
        return rc;
    *out = (struct refund_decision){.refund_id = r.refund_id,
                                    .debtor_id = r.debtor_id,
                                    .draft_no = r.draft_no,
                                    .event_no = r.known_from,
                                    .drafted_by = r.drafted_by,
                                    .decided_by = r.decided_by,
                                    .year = (int)r.decided_year,
                                    .no = (int)r.refund_no,
                                    .kind = r.kind,
                                    .basis = r.basis,
                                    .decided = r.decided_ymd,
                                    .limit = r.limit_ymd,
                                    .overpaid = r.overpaid_yen,
                                    .appropriated = r.appropriated_yen,
                                    .refunded = r.refund_yen,
                                    .interest = r.interest_yen,
                                    .appropriation_interest = r.appropriation_interest_yen,
                                    .is_interest_known = r.is_interest_known};
    return 1;
}

/* --- the register of decisions ------------------------------------------------------------------
 */

int refunds_decided_of(struct work *w, int64_t person_id, struct decided_list *out)
{
    const struct collection_refunds_decided_in q = {person_id};
    struct collection_refunds_decided_list list;
    int rc = collection_refunds_decided(&w->cx, w->store, &q, &list);

    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct collection_refunds_decided_row *r = &list.rows[i];
        const struct message *m = message_find(refund_cause_message(r->basis));
        const struct decided row = {.day = r->decided_ymd,
                                    .number = str_format(w->cx.arena, "%lld-%lld",
                                                         (long long)r->decided_year,
                                                         (long long)r->refund_no),
                                    .kind = "collection.refund.decided",
                                    .basis = m ? str_of(m->text) : r->basis,
                                    .officer = r->officer.p ? r->officer : STR(""),
                                    .noticed = r->decided_ymd,
                                    .detail = str_format(w->cx.arena, "%lld / %lld",
                                                         (long long)r->appropriated_yen.n,
                                                         (long long)r->refund_yen.n),
                                    .is_open = true};
        rc = row.number.p && row.detail.p ? decided_add(w, out, &row)
                                          : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    return rc < 0 ? rc : OK;
}
