/* The values of dunnings, reminders and slips. */
#include "desk/collection/letter.h"
#include "collection_forms.h"
#include "collection_sql.h"

#include <string.h>

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

int letter_run_open(struct work *w, struct letter_run *out)
{
    *out = (struct letter_run){.w = w, .printed = w->today};
    return letterhead_read(w, &out->head);
}

void letter_put_heads(const struct letter_run *run, const struct addressee *to,
                      struct form_data *out)
{
    notice_put_office(out, &run->head);
    notice_put_address(out, to);
}

struct str letter_number(struct work *w, struct ymd issued, int64_t no)
{
    const struct str year = levy_year_label(&w->cx, ymd_fiscal_year(issued));
    const struct str s = str_format(w->cx.arena, STR_FMT "-%lld", STR_ARG(year), (long long)no);
    return s.p ? s : STR("");
}

static struct str notice_text(struct work *w, int64_t notice_no)
{
    const struct str s = str_format(w->cx.arena, "%010lld", (long long)notice_no);
    return s.p ? s : STR("");
}

/* --- slips
 * ----------------------------------------------------------------------------------------- */

static int slip_digits(const struct letter_run *run, const struct slip_print *p, struct yen amount,
                       char digits[45])
{
    struct work *w = run->w;
    struct slip_code code = {.due = p->slip.limit, .amount = amount, .reissue = p->slip.issue};
    const struct slip_key key = {.company = run->head.company,
                                 .account = run->head.account,
                                 .fiscal_year = p->levy_year,
                                 .instalment = p->slip.number,
                                 .notice_no = p->notice_no};
    memcpy(code.maker, run->head.maker, sizeof code.maker);
    const int rc = slip_key_digits(&w->cx, &key, code.key);
    return rc < 0 ? rc : slip_code_digits(&w->cx, &code, digits);
}

static struct str reissue_label(struct work *w, const struct slip *s)
{
    const char *id = str_is(s->kind, "dunning")    ? "collection.slip_kind.dunning"
                     : str_is(s->kind, "reminder") ? "collection.slip_kind.reminder"
                                                   : "collection.slip_kind.reissue";
    const struct str label =
        str_format(w->cx.arena, STR_FMT " %d", STR_ARG(message_words(id)), s->issue);
    return label.p ? label : STR("");
}

int slip_put(const struct letter_run *run, struct slip_print *p, struct form_data *out)
{
    struct work *w = run->w;
    const struct yen amount = yen_add(yen_add(p->slip.yen, p->slip.late), p->slip.fee);
    const struct slip_terms terms = {.amount = amount,
                                     .due = p->slip.limit,
                                     .printed = run->printed,
                                     .is_withheld = p->is_withheld};
    const char *refusal = slip_refusal(&terms);
    char digits[45] = "";
    int rc = slip_issue(w, run->event_no, &p->slip);
    rc = rc < 0 || refusal ? rc : slip_digits(run, p, amount, digits);
    if (rc < 0) {
        return rc;
    }
    struct form_data *s = form_item(out, "slips");
    const struct str part = p->slip.number == 0 ? message_words("collection.slip.whole")
                                                : levy_instalment_label(w, p->slip.number);
    form_put_count(s, "slip_year", p->levy_year);
    form_put_text(s, "part", part);
    form_put_text(s, "slip_no",
                  str_format(w->cx.arena, STR_FMT "-%d", STR_ARG(notice_text(w, p->notice_no)),
                             p->slip.number));
    form_put_day(s, "due", p->slip.limit);
    form_put_yen(s, "premium", p->slip.yen);
    form_put_yen(s, "late", p->slip.late);
    form_put_yen(s, "fee", p->slip.fee);
    form_put_yen(s, "amount", amount);
    form_put_text(s, "barcode", str_of(digits));
    form_put_text(s, "refusal", refusal ? message_words(refusal) : STR(""));
    form_put_text(s, "reissue", reissue_label(w, &p->slip));
    return out->failed ? no_memory(w) : OK;
}

/* --- a dunning
 * --------------------------------------------------------------------------------------- */

int dunning_fill(const struct letter_run *run, const struct collection_post_dunnings_row *d,
                 const struct debtor_state *to, const struct late_instalment *x,
                 struct form_data *out)
{
    struct work *w = run->w;
    const struct collection_fee_due_in in = {d->liability_id, d->number};
    struct collection_fee_due_row fee;
    int rc = late_known(w, x);
    rc = rc < 0 ? rc : collection_fee_due(&w->cx, w->store, &in, &fee);
    if (rc < 0) {
        return rc;
    }
    form_data_init(out, w->cx.arena, to->to.person_no);
    letter_put_heads(run, &to->to, out);
    form_put_flag(out, "is_tax", str_is(d->kind, "nhi_tax"));
    form_put_text(out, "no", letter_number(w, d->issue_ymd, d->dunning_no));
    form_put_day(out, "issued", d->issue_ymd);
    form_put_day(out, "printed", run->printed);
    form_put_day(out, "pay_by", d->pay_by_ymd);
    form_put_count(out, "fiscal_year", d->levy_year);
    form_put_text(out, "notice_no", notice_text(w, d->notice_no));
    form_put_text(out, "part", levy_instalment_label(w, (int)d->number));
    form_put_day(out, "due_day", d->due_ymd);
    form_put_yen(out, "charged", x->c.amount);
    form_put_yen(out, "paid", yen_sub(x->c.amount, x->balance));
    form_put_yen(out, "balance", x->balance);
    form_put_yen(out, "fee_due", fee.yen);
    form_put_yen(out, "late_due", x->late_due);
    form_put_flag(out, "no_late", x->late.outcome == LATE_NOT_LEVIED);
    return out->failed ? no_memory(w) : OK;
}

/* --- a reminder
 * ---------------------------------------------------------------------------------------- */

int reminder_fill(const struct letter_run *run, const struct collection_post_reminders_row *r,
                  const struct debtor_state *to, const struct late_instalments *items,
                  struct form_data *out, struct reminder_sums *sums)
{
    struct work *w = run->w;
    bool is_tax = false;
    *sums = (struct reminder_sums){YEN(0), YEN(0)};
    form_data_init(out, w->cx.arena, to->to.person_no);
    letter_put_heads(run, &to->to, out);
    for (size_t i = 0; i < items->n; i++) {
        const struct late_instalment *x = &items->rows[i];
        if (late_known(w, x) < 0) {
            return w->cx.error.code;
        }
        struct form_data *item = form_item(out, "items");
        form_put_count(item, "year", x->c.levy_year);
        form_put_text(item, "notice_no", notice_text(w, x->notice_no));
        form_put_text(item, "part", levy_instalment_label(w, x->number));
        form_put_day(item, "due_day", x->c.due);
        form_put_yen(item, "balance", x->balance);
        form_put_yen(item, "late_due", x->late_due);
        form_put_yen(item, "sum", yen_add(x->balance, x->late_due));
        sums->balance = yen_add(sums->balance, x->balance);
        sums->late = yen_add(sums->late, x->late_due);
        is_tax = is_tax || str_is(x->c.kind, "nhi_tax");
    }
    form_put_flag(out, "is_tax", is_tax);
    form_put_flag(out, "with_receipt", r->with_receipt);
    form_put_text(out, "no", letter_number(w, r->issue_ymd, r->reminder_no));
    form_put_day(out, "issued", r->issue_ymd);
    form_put_day(out, "printed", run->printed);
    form_put_day(out, "as_of", r->as_of_ymd);
    form_put_day(out, "pay_by", r->pay_by_ymd);
    form_put_yen(out, "balance_sum", sums->balance);
    form_put_yen(out, "late_sum", sums->late);
    form_put_yen(out, "total", yen_add(sums->balance, sums->late));
    return out->failed ? no_memory(w) : OK;
}

/* --- layouts
 * ---------------------------------------------------------------------------------------------- */

int letter_layout(struct work *w, const char *name, struct str *body, struct digest *hash)
{
    struct adopted_list adopted;
    struct hasher h;
    const int rc = office_adopted(w, STR("form"), &adopted);

    *body = STR_NONE;
    for (size_t i = 0; rc >= 0 && i < adopted.n; i++) {
        if (str_is(adopted.rows[i].name, name)) {
            *body = str_copy(w->cx.arena, adopted.rows[i].body);
        }
    }
    for (size_t i = 0; rc >= 0 && !body->p && i < n_collection_forms; i++) {
        if (strcmp(collection_forms[i].name, name) == 0) {
            *body = (struct str){collection_forms[i].body, collection_forms[i].n};
        }
    }
    if (rc < 0 || !body->p) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "levy.form.none", "%s", name);
    }
    hash_init(&h, STR_NONE);
    hash_text(&h, *body);
    *hash = hash_end(&h);
    return OK;
}

int letter_form(struct work *w, const char *name, struct form **out, struct digest *hash)
{
    struct paper *paper = NULL;
    struct str body;
    *out = NULL;
    int rc = office_paper(w, &paper);
    rc = rc < 0 ? rc : letter_layout(w, name, &body, hash);
    return rc < 0 ? rc : form_load(&w->cx, paper, name, body, out);
}

int letter_pack(struct work *w, const struct form_data *d, struct str *out)
{
    struct text t;
    text_init(&t, (size_t)1 << 20);
    const int rc = form_data_pack(d, &t);
    *out = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return rc < 0 ? rc : out->p ? OK : no_memory(w);
}

int letter_pdf(struct work *w, const char *name, const struct form_data *data, struct text *out)
{
    struct paper *paper = NULL;
    struct form *form = NULL;
    struct digest hash;
    int rc = letter_form(w, name, &form, &hash);
    rc = rc < 0 ? rc : office_paper(w, &paper);
    if (rc >= 0) {
        const struct paper_info info = {form_title(form), w->today};
        rc = paper_pdf(&w->cx, paper, &info, form, data, out);
    }
    form_free(form);
    return rc < 0 ? error_add(&w->cx, "print %s", name) : OK;
}

int letter_reply(struct work *w, struct reply *rp, const char *name, const struct form_data *data,
                 struct str file_name)
{
    struct text pdf;
    text_init(&pdf, (size_t)64 << 20);
    const int rc = letter_pdf(w, name, data, &pdf);
    const struct str bytes = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&pdf));
    text_release(&pdf);
    if (rc < 0 || !bytes.p) {
        return rc < 0 ? rc : no_memory(w);
    }
    reply_file(rp, "application/pdf", bytes, file_name, true);
    return OK;
}
