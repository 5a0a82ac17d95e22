/* Certificates of what was paid, the year's sum for the tax declaration, statements of arrears. */
#include "collection_sql.h"
#include "desk/collection/counter.h"

struct paper {
    struct work *w;
    struct paper_order *order;
    struct letter_run run;
    struct form_data data;
};

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* --- addresses -----------------------------------------------------------------------------------
 */

int address_on(struct work *w, int64_t debtor_id, struct ymd day, struct str *out)
{
    const struct asof before = w->asof;
    struct addressee to;
    w->asof = (struct asof){day, before.known};
    const int rc = party_addressees(w, &debtor_id, 1, STR("collection"), &to);
    w->asof = before;
    *out = STR("");
    if (rc < 0 || to.is_protected || !to.has_address) {
        return rc;
    }
    *out = str_format(w->cx.arena, STR_FMT STR_FMT STR_FMT STR_FMT "%s" STR_FMT,
                      STR_ARG(to.prefecture), STR_ARG(to.city), STR_ARG(to.town),
                      STR_ARG(to.number), to.building.n ? " " : "", STR_ARG(to.building));
    return out->p ? OK : no_memory(w);
}

/* --- what was paid
 * --------------------------------------------------------------------------------- */

static int receipts_of(struct work *w, int64_t debtor_id, int year,
                       struct collection_paid_in_list *out)
{
    const struct collection_paid_in_in in = {debtor_id, ymd_of(year, 1, 1), ymd_of(year + 1, 1, 1)};
    return collection_paid_in(&w->cx, w->store, &in, out);
}

int paid_in_year(struct work *w, int64_t debtor_id, int year, struct yen *out)
{
    struct collection_paid_in_list list;
    const int rc = receipts_of(w, debtor_id, year, &list);
    *out = YEN(0);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        *out = yen_sub(yen_add(*out, list.rows[i].yen), list.rows[i].refunded_yen);
    }
    return rc;
}

static void put_item(struct form_data *d, int64_t year, struct yen charged, struct yen paid,
                     struct yen balance)
{
    struct form_data *item = form_item(d, "items");
    form_put_count(item, "year", year);
    form_put_yen(item, "charged", charged);
    form_put_yen(item, "paid", paid);
    form_put_yen(item, "balance", balance);
}

/* By levy year, of what was received in the calendar year. */
static int put_calendar(struct paper *x)
{
    struct paper_order *o = x->order;
    struct collection_paid_in_list list;
    int rc = receipts_of(x->w, o->debtor_id, o->year, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        struct yen paid = YEN(0);
        bool is_done = false;
        for (size_t k = 0; k < list.n; k++) {
            if (list.rows[k].levy_year == list.rows[i].levy_year) {
                is_done = is_done || k < i;
                paid = yen_sub(yen_add(paid, list.rows[k].yen), list.rows[k].refunded_yen);
            }
        }
        if (!is_done) {
            put_item(&x->data, list.rows[i].levy_year, YEN(0), paid, YEN(0));
            o->total = yen_add(o->total, paid);
        }
    }
    form_put_day(&x->data, "from", ymd_of(o->year, 1, 1));
    form_put_day(&x->data, "to", ymd_of(o->year, 12, 31));
    return rc;
}

/* What was charged for a fiscal year and how it stands today. */
static int put_fiscal(struct paper *x)
{
    struct paper_order *o = x->order;
    const struct collection_paid_for_in in = {o->debtor_id, o->year};
    struct collection_paid_for_list list;
    struct yen charged = YEN(0), paid = YEN(0), balance = YEN(0);
    const int rc = collection_paid_for(&x->w->cx, x->w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct collection_paid_for_row *r = &list.rows[i];
        charged = yen_add(charged, r->charged_yen);
        paid =
            yen_add(paid, yen_sub(yen_add(r->received_yen, r->appropriated_yen), r->overpaid_yen));
        balance = yen_add(balance, r->balance_yen);
    }
    if (rc >= 0 && list.n > 0) {
        put_item(&x->data, o->year, charged, paid, balance);
    }
    o->total = paid;
    form_put_day(&x->data, "from", x->w->today);
    form_put_day(&x->data, "to", x->w->today);
    return rc;
}

static struct str year_words(struct paper *x, bool is_calendar)
{
    struct text t;
    if (!is_calendar) {
        return levy_year_label(&x->w->cx, x->order->year);
    }
    const struct message *m = message_find("collection.paper.until");
    text_init(&t, 256);
    text_add_era(&t, ymd_of(x->order->year, 1, 1));
    text_adds(&t, m ? m->text : "");
    text_add_era(&t, ymd_of(x->order->year, 12, 31));
    const struct str s = str_copy(x->w->cx.arena, text_str(&t));
    text_release(&t);
    return s.p ? s : STR("");
}

static int fill_certificate(struct paper *x)
{
    struct paper_order *o = x->order;
    const bool is_calendar = str_is(o->year_kind, "calendar") || str_is(o->kind, "deduction");
    struct form_data *d = &x->data;
    struct str address;
    int rc = address_on(x->w, o->debtor_id, x->w->today, &address);
    rc = rc < 0 ? rc : is_calendar ? put_calendar(x) : put_fiscal(x);
    form_put_text(d, "person_address", rc < 0 ? STR("") : address);
    form_put_flag(d, "is_paid", str_is(o->kind, "paid"));
    form_put_flag(d, "is_taxes", str_is(o->kind, "tax"));
    form_put_flag(d, "is_deduction", str_is(o->kind, "deduction"));
    form_put_flag(d, "is_calendar", is_calendar);
    form_put_flag(d, "is_tax", x->run.head.is_tax);
    form_put_text(d, "year_label", year_words(x, is_calendar));
    form_put_yen(d, "total", o->total);
    return rc;
}

/* --- statements
 * ------------------------------------------------------------------------------------- */

static void put_arrears(struct paper *x, const struct late_instalment *l)
{
    struct form_data *item = form_item(&x->data, "items");
    form_put_count(item, "year", l->c.levy_year);
    form_put_text(item, "notice_no",
                  str_format(x->w->cx.arena, "%010lld", (long long)l->notice_no));
    form_put_text(item, "part", levy_instalment_label(x->w, l->number));
    form_put_day(item, "due_day", l->c.due);
    form_put_yen(item, "charged", l->c.amount);
    form_put_yen(item, "balance", l->balance);
    form_put_yen(item, "late_due", l->late_due);
}

/* With the address on the oldest due day where it was another one. */
static int fill_statement(struct paper *x)
{
    struct work *w = x->w;
    struct late_instalments late;
    struct yen balance = YEN(0), charge = YEN(0);
    struct str then = STR(""), now = STR("");
    int rc = late_of_debtor(w, x->order->debtor_id, w->today, LATE_UNPAID, &late);
    for (size_t i = 0; rc >= 0 && i < late.n; i++) {
        rc = late_known(w, &late.rows[i]);
        put_arrears(x, &late.rows[i]);
        balance = yen_add(balance, late.rows[i].balance);
        charge = yen_add(charge, late.rows[i].late_due);
    }
    if (rc >= 0 && late.n > 0) {
        rc = address_on(w, x->order->debtor_id, late.rows[0].c.due, &then);
        rc = rc < 0 ? rc : address_on(w, x->order->debtor_id, w->today, &now);
    }
    form_put_text(&x->data, "due_address", str_equal(then, now) ? STR("") : then);
    form_put_flag(&x->data, "is_tax", x->run.head.is_tax);
    form_put_day(&x->data, "as_of", w->today);
    form_put_yen(&x->data, "balance_sum", balance);
    form_put_yen(&x->data, "late_sum", charge);
    x->order->total = yen_add(balance, charge);
    form_put_yen(&x->data, "total", x->order->total);
    return rc;
}

/* --- handing out
 * -------------------------------------------------------------------------------------- */

static int number_it(struct paper *x)
{
    struct work *w = x->w;
    struct paper_order *o = x->order;
    const struct collection_certificate_last_no_in last = {o->kind};
    const struct collection_certificate_issues_in before = {o->debtor_id, o->kind, o->year_kind,
                                                            o->year};
    struct collection_certificate_last_no_row no;
    struct collection_certificate_issues_row issues;
    int rc = collection_certificate_last_no(&w->cx, w->store, &last, &no);
    rc = rc < 0 ? rc : collection_certificate_issues(&w->cx, w->store, &before, &issues);
    o->no = rc < 0 ? 0 : no.certificate_no + 1;
    o->issue = rc < 0 ? 0 : issues.issues;
    return rc;
}

static int fill(struct paper *x, bool is_statement)
{
    struct work *w = x->w;
    struct paper_order *o = x->order;
    struct addressee to;
    int rc = letter_run_open(w, &x->run);
    rc = rc < 0 ? rc : party_addressees(w, &o->debtor_id, 1, STR("collection"), &to);
    if (rc < 0) {
        return rc;
    }
    form_data_init(&x->data, w->cx.arena, to.person_no);
    letter_put_heads(&x->run, &to, &x->data);
    if (to.is_protected) { /* he takes it home himself: no address on it */
        form_put_text(&x->data, "address", STR(""));
        form_put_text(&x->data, "building", STR(""));
    }
    form_put_text(&x->data, "no", str_format(w->cx.arena, "%lld", (long long)o->no));
    form_put_count(&x->data, "issue", o->issue);
    form_put_flag(&x->data, "is_reissue", o->issue > 0);
    form_put_day(&x->data, "issued", w->today);
    form_put_text(&x->data, "purpose", o->purpose);
    rc = is_statement ? fill_statement(x) : fill_certificate(x);
    return rc < 0 || !x->data.failed ? rc : no_memory(w);
}

static int hand_out(struct paper *x, int64_t event_no, struct text *pdf)
{
    struct work *w = x->w;
    struct paper_order *o = x->order;
    const bool is_statement = str_is(o->kind, "statement");
    const char *layout = is_statement ? "arrears_statement" : "paid_certificate";
    struct digest hash;
    struct str body, data;
    int rc = number_it(x);
    rc = rc < 0 ? rc : fill(x, is_statement);
    rc = rc < 0 ? rc : letter_layout(w, layout, &body, &hash);
    rc = rc < 0 ? rc : letter_pack(w, &x->data, &data);
    struct collection_paid_certificate row = {.kind = o->kind,
                                              .certificate_no = o->no,
                                              .debtor_id = o->debtor_id,
                                              .year_kind = o->year_kind,
                                              .year = o->year,
                                              .issued_ymd = w->today,
                                              .yen = o->total,
                                              .purpose = o->purpose,
                                              .receiver = o->receiver,
                                              .fee_yen = o->fee,
                                              .issue = o->issue,
                                              .known_from = event_no};
    if (rc < 0) {
        return rc;
    }
    row.print_data = data;
    row.layout_hash = (struct str){(const char *)hash.b, sizeof hash.b};
    rc = store_ids(&w->cx, w->store, 1, &row.paid_certificate_id);
    rc = rc < 0 ? rc : collection_paid_certificate_insert(&w->cx, w->store, &row);
    return rc < 0 ? rc : letter_pdf(w, layout, &x->data, pdf); /* undrawn: not handed out */
}

/* A certificate of tax is of a tax, one of fees of a fee. */
static int check(struct work *w, const struct paper_order *o)
{
    const bool is_tax = str_is(setting_get(w, "levy.kind"), "tax");
    if ((str_is(o->kind, "tax") && !is_tax) || (str_is(o->kind, "paid") && is_tax)) {
        return fail(&w->cx, ERR_INVALID, "collection.paper.levy_kind", NULL);
    }
    return o->purpose.n == 0 || o->receiver.n == 0
               ? fail(&w->cx, ERR_INVALID, "collection.paper.purpose", NULL)
               : OK;
}

int paid_paper(struct work *w, struct paper_order *order, struct text *pdf)
{
    struct paper x = {.w = w, .order = order};
    struct event e = work_event(w, "collection.certificate");
    int rc = check(w, order);
    order->total = YEN(0);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_PRINT,
                                                      .person_id = order->debtor_id,
                                                      .purpose = order->purpose,
                                                      .query = order->kind,
                                                      .count = 1});
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    e.person_id = order->debtor_id;
    e.reason = order->purpose;
    rc = event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : hand_out(&x, e.no, pdf);
    rc = rc < 0 ? rc : work_event_tell(w, &e);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}
