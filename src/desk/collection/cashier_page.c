/* The cashier: a slip read or keyed, what it is for, money taken. */
#include "collection_pages.h"
#include "collection_sql.h"
#include "desk/collection/pages.h"

#include <stdlib.h>

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

struct wanted {
    int levy_year;
    int64_t notice_no;
};

/* The number printed on the slip, out of its barcode. */
static int read_barcode(struct work *w, struct str digits, struct wanted *out)
{
    struct slip_code code;
    struct slip_key key;
    int rc = slip_code_parse(&w->cx, digits, &code);

    rc = rc < 0 ? rc : slip_key_parse(&w->cx, code.key, &key);
    if (rc >= 0)
        *out = (struct wanted){key.fiscal_year, key.notice_no};
    return rc;
}

static int view_account(struct work *w, const struct wanted *x, struct collection_cashier_view *v)
{
    struct liability_account a;
    struct person p;
    int rc = collection_by_notice(w, x->levy_year, x->notice_no, &a);

    if (rc <= 0)
        return rc < 0 ? rc
                      : fail(&w->cx, ERR_NOT_FOUND, "collection.settle.unknown", "%d %lld",
                             x->levy_year, (long long)x->notice_no);
    rc = party_person(w, a.liability.debtor_id, &p);
    struct collection_cashier_instalments_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, a.n + 1, struct collection_cashier_instalments_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < a.n; i++)
        rows[i] =
            (struct collection_cashier_instalments_row){a.rows[i].number,
                                                        levy_instalment_label(w, a.rows[i].number),
                                                        a.rows[i].due,
                                                        a.rows[i].charged,
                                                        a.rows[i].balance,
                                                        instalment_state_message(a.rows[i].state),
                                                        a.rows[i].state == INSTALMENT_OVERDUE};
    v->instalments = rows;
    v->n_instalments = a.n;
    v->has_account = true;
    v->levy_year = x->levy_year;
    v->notice_no = x->notice_no;
    v->debtor = p.name;
    v->person_no = p.person_no;
    v->balance = a.balance;
    return OK;
}

/* All numbers of a person under which something is owed. */
static int view_found(struct work *w, struct str person_no, struct collection_cashier_view *v)
{
    struct liability_accounts accounts;
    int64_t id = 0;
    int rc = party_person_by_no(w, person_no, &id);

    if (rc == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "collection.debtor.none", STR_FMT, STR_ARG(person_no));
    rc = rc < 0 ? rc : collection_debtor(w, id, 0, &accounts);
    struct collection_cashier_found_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, accounts.n + 1, struct collection_cashier_found_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < accounts.n; i++) {
        const struct liability_account *a = &accounts.rows[i];
        if (a->balance.n > 0)
            rows[v->n_found++] =
                (struct collection_cashier_found_row){levy_year_label(&w->cx,
                                                                      a->liability.levy_year),
                                                      a->liability.levy_year,
                                                      a->liability.notice_no, a->balance};
    }
    v->found = rows;
    return OK;
}

static int view_today(struct work *w, struct collection_cashier_view *v)
{
    const struct collection_day_table_in q = {w->today};
    struct collection_day_table_list list;
    const int rc = collection_day_table(&w->cx, w->store, &q, &list);

    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        if (list.rows[i].channel == CHANNEL_COUNTER) {
            v->today_n = list.rows[i].posted;
            v->today_yen = list.rows[i].posted_yen;
        }
    }
    return rc;
}

/* The first instalment that is still due is what people bring. */
static void propose(const struct collection_cashier_view *v, struct collection_receive_form *f)
{
    collection_receive_form_init(f);
    f->levy_year = v->levy_year;
    f->notice_no = v->notice_no;
    for (size_t i = 0; i < v->n_instalments; i++) {
        if (v->instalments[i].balance.n > 0) {
            f->instalment = v->instalments[i].instalment;
            f->yen = v->instalments[i].balance;
            return;
        }
    }
}

static int look(struct work *w, const struct collection_cashier_view *v, struct str person_no)
{
    int64_t id = 0;
    const struct str no = v->has_account ? v->person_no : person_no;
    const int rc = no.n > 0 ? party_person_by_no(w, no, &id) : 0;
    const struct audit_line line = {.class = AUDIT_INQUIRY,
                                    .person_id = id,
                                    .purpose = STR("collection.cashier"),
                                    .query = STR(""),
                                    .count = v->has_account || v->n_found > 0};
    return rc < 0 ? rc : audit_write(w, &line);
}

static int show(struct work *w, struct request *rq, struct reply *rp, const struct wanted *x,
                struct collection_slip_form *slip, struct collection_receive_form *receive)
{
    struct collection_cashier_view v = {.debtor = STR(""), .person_no = STR("")};
    struct collection_receive_form fresh;
    int rc = view_today(w, &v);

    if (rc >= 0 && x->notice_no > 0)
        rc = view_account(w, x, &v);
    else if (rc >= 0 && slip && slip->person.n > 0)
        rc = view_found(w, slip->person, &v);
    if (rc == ERR_NOT_FOUND && slip) {
        form_problem(&w->cx, &slip->state, "notice_no", "collection.settle.unknown", NULL);
        error_clear(&w->cx);
        rc = OK;
    }
    rc = rc < 0 ? rc : look(w, &v, slip ? slip->person : STR(""));
    if (rc < 0)
        return rc;
    propose(&v, &fresh);
    v.slip = slip;
    v.receive = receive ? receive : &fresh;
    collection_page_cashier(&rp->body, rq->frame, &v);
    return OK;
}

int collection_show_cashier(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_slip_form slip;
    struct wanted x = {0, 0};
    int rc = collection_slip_form_read(&w->cx, rq, &slip);

    if (rc < 0 && rc != ERR_INVALID)
        return rc;
    error_clear(&w->cx);
    if (slip.barcode.n > 0) {
        if (read_barcode(w, slip.barcode, &x) < 0) {
            form_problem(&w->cx, &slip.state, "barcode", "collection.cashier.barcode", NULL);
            error_clear(&w->cx);
        }
    } else if (slip.notice_no != FORM_ABSENT && slip.levy_year != FORM_ABSENT) {
        x = (struct wanted){(int)slip.levy_year, slip.notice_no};
    }
    return show(w, rq, rp, &x, &slip, NULL);
}

/* One receipt is a file of its own: its digest is that of the event and the place. */
static int receive(struct work *w, const struct collection_receive_form *f)
{
    struct event e = work_event(w, "collection.receipts");
    struct receipt_counts counts;
    struct receipt_file file = {.channel = CHANNEL_COUNTER, .source = STR("counter")};
    const struct receipt_record r = {.channel = CHANNEL_COUNTER,
                                     .stage = STAGE_FINAL,
                                     .line = 1,
                                     .levy_year = (int)f->levy_year,
                                     .notice_no = f->notice_no,
                                     .number = (int)f->instalment,
                                     .is_divided = true,
                                     .yen = f->yen,
                                     .late = YEN(f->late.n == FORM_ABSENT ? 0 : f->late.n),
                                     .fee = YEN(f->fee.n == FORM_ABSENT ? 0 : f->fee.n),
                                     .paid = w->today,
                                     .accounting = w->today,
                                     .place = w->actor->branch};
    const struct audit_line line = {.class = AUDIT_CHANGE,
                                    .purpose = STR("collection.cashier"),
                                    .query = STR(""),
                                    .count = 1};
    int rc = audit_write(w, &line);

    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = event_open(&w->cx, w->store, &e);
    file.name = str_format(w->cx.arena, "%lld", (long long)e.no);
    sha256_hex(str_format(w->cx.arena, "counter %lld", (long long)e.no), file.sha256);
    rc = rc < 0 ? rc : receipts_post(w, e.no, &file, &r, 1, &counts);
    if (rc >= 0 && counts.posted.n != 1)
        rc = fail(&w->cx, ERR_INVALID, "collection.cashier.held", NULL);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

int collection_save_receive(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_receive_form form;
    int rc = collection_receive_form_read(&w->cx, rq, &form);

    if (rc < 0 && rc != ERR_INVALID)
        return rc;
    const struct wanted x = {(int)form.levy_year, form.notice_no};
    if (rc >= 0)
        rc = receive(w, &form);
    if (rc == ERR_INVALID) {
        if (str_is(str_of(w->cx.error.message), "collection.cashier.held"))
            form_problem(&w->cx, &form.state, "yen", "collection.cashier.held", NULL);
        error_clear(&w->cx);
        rp->status = 422;
        return show(w, rq, rp, &x, NULL, &form);
    }
    if (rc < 0)
        return rc;
    rp->notice = message_words("collection.cashier.saved");
    return reply_redirect(rq, rp, "/collection/cashier?levy_year=%d&notice_no=%lld", x.levy_year,
                          (long long)x.notice_no);
}
