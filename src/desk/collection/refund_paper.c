/* The three papers of one decision: the notice with request and pledge (還付充当通知書), the
 * decision form (還付充当決議書), the payment order (支出命令書). All amounts come from the same
 * rows. */
#include "collection_forms.h"
#include "desk/collection/refund_page.h"

enum { NOTICES_MAX = 20000 };
#define NOTICES_BYTES ((size_t)1 << 30)

/* --- values -------------------------------------------------------------------------------------
 */

static void put_line(struct work *w, const struct collection_refund_lines_row *x,
                     struct form_data *out)
{
    struct form_data *row = form_item(out, "rows");
    const bool is_refund = x->kind == LINE_REFUND;
    const struct str target =
        is_refund
            ? STR("")
            : str_or_empty(str_format(w->cx.arena, STR_FMT STR_FMT "%lld" STR_FMT,
                                      STR_ARG(refund_debt_text(w, x->to_year, x->to_notice_no)),
                                      STR_ARG(message_words("collection.refund.number_before")),
                                      (long long)x->to_number,
                                      STR_ARG(message_words("collection.refund.number_behind"))));

    form_put_text(row, "source", refund_debt_text(w, x->levy_year, x->notice_no));
    form_put_text(row, "number",
                  str_or_empty(str_format(w->cx.arena, "%lld", (long long)x->number)));
    form_put_text(row, "kind", message_words(refund_kind_message((int)x->kind)));
    form_put_text(row, "target", target);
    form_put_day(row, "paid", x->paid_ymd);
    form_put_yen(row, "yen", x->yen);
    form_put_yen(row, "interest", x->interest_yen);
}

static void put_amounts(const struct refund_decision *d, struct form_data *out)
{
    form_put_yen(out, "overpaid", d->overpaid);
    form_put_yen(out, "appropriated", d->appropriated);
    form_put_yen(out, "refunded", d->refunded);
    form_put_yen(out, "interest", d->interest);
    form_put_yen(out, "appropriation_interest", d->appropriation_interest);
    form_put_yen(out, "payment", refund_payable(d));
    form_put_flag(out, "no_interest", !d->is_interest_known);
    form_put_flag(out, "has_refund", refund_payable(d).n > 0);
    form_put_flag(out, "has_appropriation", d->appropriated.n > 0);
}

static int put_lines(struct work *w, const struct refund_decision *d, struct form_data *out)
{
    const struct collection_refund_lines_in q = {d->refund_id};
    struct collection_refund_lines_list list;
    int64_t returned = 0;
    int64_t expended = 0;
    int64_t year = d->year;
    const int rc = collection_refund_lines(&w->cx, w->store, &q, &list);

    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct collection_refund_lines_row *x = &list.rows[i];
        put_line(w, x, out);
        if (x->kind != LINE_REFUND)
            continue;
        returned += x->is_prior ? 0 : x->yen.n;
        expended += x->is_prior ? x->yen.n : 0;
        year = x->booked_year;
    }
    form_put_yen(out, "returned", YEN(returned));
    form_put_yen(out, "expended", YEN(expended));
    form_put_count(out, "booked_year", year);
    return rc;
}

static int put_person(struct work *w, const struct refund_decision *d, struct letterhead *head,
                      struct addressee *to, struct form_data *out)
{
    int rc = letterhead_read(w, head);

    rc = rc < 0 ? rc : party_addressees(w, &d->debtor_id, 1, STR("collection"), to);
    if (rc < 0)
        return rc;
    notice_put_office(out, head);
    notice_put_address(out, to);
    form_put_flag(out, "is_tax", str_is(d->kind, "nhi_tax"));
    form_put_text(out, "subject",
                  message_words(str_is(d->kind, "nhi_tax") ? "collection.refund.tax"
                                                           : "collection.refund.fee"));
    return OK;
}

static int put_user(struct work *w, int64_t user_id, const char *name, struct form_data *out)
{
    const struct collection_refund_user_in q = {user_id};
    struct collection_refund_user_row row = {.full_name = STR("")};
    const int rc = collection_refund_user(&w->cx, w->store, &q, &row);

    form_put_text(out, name, rc > 0 ? row.full_name : STR(""));
    return rc;
}

static int put_payment(struct work *w, const struct refund_decision *d, struct form_data *out)
{
    const struct collection_refund_payment_now_in q = {d->refund_id};
    const struct collection_refund_claim_now_in qc = {d->refund_id};
    struct collection_refund_payment_now_row p = {.attempt = 0};
    struct collection_refund_claim_now_row c = {.account_no = STR("")};
    struct bank_name bank = {STR(""), STR(""), STR(""), STR("")};
    int rc = collection_refund_payment_now(&w->cx, w->store, &q, &p);
    const bool has_order = rc > 0;

    rc = rc < 0 ? rc : collection_refund_claim_now(&w->cx, w->store, &qc, &c);
    const bool has_account = rc > 0 && c.account_no.n > 0;
    if (has_account)
        (void)bank_find(c.bank_code, c.branch_code, &bank);
    form_put_flag(out, "has_order", has_order);
    form_put_day(out, "ordered", has_order ? p.ordered_ymd : d->decided);
    form_put_text(out, "order_no", has_order ? p.order_no : STR(""));
    form_put_text(out, "reference",
                  has_order ? refund_reference(w, d->year, d->no, p.attempt) : STR(""));
    form_put_flag(out, "has_account", has_account);
    form_put_text(out, "bank",
                  !has_account
                      ? STR("")
                      : str_or_empty(
                            str_format(w->cx.arena, STR_FMT " " STR_FMT " %s " STR_FMT,
                                       STR_ARG(str_or_empty(bank.bank)),
                                       STR_ARG(str_or_empty(bank.branch)),
                                       message_words(account_kind_message(c.account_kind)).p,
                                       STR_ARG(c.account_no))));
    form_put_text(out, "holder", has_account ? c.holder : STR(""));
    form_put_text(out, "fund", setting_get(w, "finance.fund"));
    return rc < 0 ? rc : OK;
}

static void put_claim(const struct refund_decision *d, const struct letterhead *head,
                      const struct addressee *to, struct str no, struct form_data *out)
{
    if (refund_payable(d).n == 0)
        return; /* nothing to request: the page is not printed */
    struct form_data *row = form_item(out, "claims");

    form_put_text(row, "mayor", head->mayor);
    form_put_text(row, "no", no);
    form_put_day(row, "decided", d->decided);
    form_put_yen(row, "payment", refund_payable(d));
    form_put_text(row, "addressee", to->name);
    form_put_text(row, "party_no", to->person_no);
    form_put_day(row, "limit", d->limit);
}

static int put_all(struct work *w, const struct refund_decision *d, struct form_data *out)
{
    struct letterhead head;
    struct addressee to;
    const struct str no = str_or_empty(str_format(w->cx.arena, "%d-%d", d->year, d->no));
    int rc = put_person(w, d, &head, &to, out);

    if (rc < 0)
        return rc;
    form_put_text(out, "no", no);
    form_put_day(out, "decided", d->decided);
    form_put_day(out, "limit", d->limit);
    form_put_text(out, "cause", message_words(refund_cause_message(d->basis)));
    put_amounts(d, out);
    put_claim(d, &head, &to, no, out);
    rc = put_lines(w, d, out);
    rc = rc < 0 ? rc : put_user(w, d->drafted_by, "drafted_by", out);
    rc = rc < 0 ? rc : put_user(w, d->decided_by, "decided_by", out);
    return rc < 0 ? rc : put_payment(w, d, out);
}

/* --- printing -----------------------------------------------------------------------------------
 */

int refund_papers(struct work *w, const char *form, const struct refund_decision *rows, size_t n,
                  struct text *out)
{
    const struct sheet_forms own = {collection_forms, n_collection_forms};
    const struct form_data **list = ARENA_ARRAY(w->cx.arena, n + 1, const struct form_data *);
    struct form_data *data = ARENA_ARRAY(w->cx.arena, n + 1, struct form_data);
    int rc = list && data ? OK : fail(&w->cx, ERR_MEMORY, "memory", NULL);

    for (size_t i = 0; i < n && rc >= 0; i++) {
        form_data_init(&data[i], w->cx.arena, STR(""));
        rc = put_all(w, &rows[i], &data[i]);
        list[i] = &data[i];
    }
    return rc < 0 ? rc : sheet_print(w, &own, form, list, n, out);
}

/* --- all of a draft -----------------------------------------------------------------------------
 */

static int read_draft(struct work *w, struct job *job, struct refund_decision **rows, size_t *n)
{
    struct collection_refunds_of_draft_in q = {0, NOTICES_MAX};
    struct collection_refunds_of_draft_list list;
    int rc = str_to_int(job_option(job, "draft"), &q.draft_no) && q.draft_no > 0
                 ? collection_refunds_of_draft(&w->cx, w->store, &q, &list)
                 : fail(&w->cx, ERR_INVALID, "collection.refund.draft", NULL);

    if (rc >= 0 && list.n == 0)
        rc = fail(&w->cx, ERR_INVALID, "collection.refund.not_ready", NULL);
    if (rc < 0)
        return rc;
    *rows = ARENA_ARRAY(w->cx.arena, list.n, struct refund_decision);
    *n = list.n;
    if (!*rows)
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < list.n && rc >= 0; i++)
        rc = refund_find(w, (int)list.rows[i].decided_year, list.rows[i].refund_no, &(*rows)[i]);
    return rc < 0 ? rc : OK;
}

/* One audit line for each document, before the first is drawn. */
static int audit_all(struct work *w, const struct refund_decision *rows, size_t n)
{
    struct audit_line *lines = ARENA_ARRAY(w->cx.arena, n + 1, struct audit_line);

    if (!lines)
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < n; i++)
        lines[i] = (struct audit_line){.class = AUDIT_PRINT,
                                       .person_id = rows[i].debtor_id,
                                       .purpose = STR("collection.refund_notice"),
                                       .query = STR(""),
                                       .count = 1};
    return audit_write_many(w, lines, n);
}

static int write_notices(struct work *w, struct job *job, const struct refund_decision *rows,
                         size_t n)
{
    struct str folder = STR_NONE;
    struct text pdf;
    int rc = finance_folder(w, "refunds", &folder);
    const struct str path = str_format(w->cx.arena, STR_FMT "/notices-%lld.pdf", STR_ARG(folder),
                                       (long long)rows[0].draft_no);

    text_init(&pdf, NOTICES_BYTES);
    rc = rc < 0 ? rc : refund_papers(w, "refund_notice", rows, n, &pdf);
    rc = rc < 0   ? rc
         : path.p ? file_write(&w->cx, path.p, text_str(&pdf))
                  : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    text_release(&pdf);
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    job_progress(job)->total = job_progress(job)->done = (int64_t)n;
    rc = job_figure(w, job, "notices", (int64_t)n);
    rc = rc < 0 ? rc : job_checkpoint(w, job);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

int refund_notices_job(struct work *w, struct job *job)
{
    struct refund_decision *rows = NULL;
    size_t n = 0;
    int rc = read_draft(w, job, &rows, &n);

    rc = rc < 0 ? rc : audit_all(w, rows, n);
    rc = rc < 0 ? rc : write_notices(w, job, rows, n);
    return rc < 0 ? error_add(&w->cx, "print refund notices") : OK;
}
