/*
 * Pages of pension deduction: one debtor with everything his levy is collected by (特徴処理状況,
 * 個人住民税, 資格, 登録口座), the wish for direct debit, and what waits to be worked off.
 */
#include "desk/levy/pension_pages.h"
#include "levy_pages.h"
#include "levy_sql.h"

#include <string.h>

enum { FILES_SHOWN = 40, UNPOSTED_SHOWN = 100 };
#define LETTER_BYTES ((size_t)8 << 20)

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static const char *under(struct work *w, const char *prefix, struct str word)
{
    const char *id =
        str_c(w->cx.arena, str_format(w->cx.arena, "%s" STR_FMT, prefix, STR_ARG(word)));
    return id ? id : prefix;
}

/* --- one person ----------------------------------------------------------------------------------
 */

static int person_of(struct work *w, const struct request *rq, struct person *p)
{
    int64_t id = 0;
    const int found = party_person_by_no(w, rq->part[0], &id);

    if (found <= 0)
        return found < 0 ? found : fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    const int rc = party_person(w, id, p);
    return rc < 0 ? rc
                  : audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                        .person_id = id,
                                                        .household_id = p->household_id,
                                                        .purpose = STR("levy.pension"),
                                                        .query = STR("pension tax cover account"),
                                                        .count = 1});
}

static int fill_wishes(struct work *w, int64_t person_id, struct levy_pension_view *v)
{
    struct levy_wish_of_list list;
    const int rc = levy_wish_of(&w->cx, w->store, &(struct levy_wish_of_in){person_id}, &list);
    struct levy_pension_wishes_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_pension_wishes_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_wish_of_row *r = &list.rows[i];
        rows[i] = (struct levy_pension_wishes_row){.received = r->received_ymd,
                                                   .from = r->from_ymd,
                                                   .ended = r->ended_ymd,
                                                   .ended_by = under(w, "levy.pension.ended.",
                                                                     r->ended_by.p ? r->ended_by
                                                                                   : STR(""))};
        v->is_wishing |= ymd_is_none(r->ended_ymd);
    }
    v->wishes = rows;
    v->n_wishes = list.n;
    return OK;
}

static struct str yen_or_nothing(struct work *w, bool has, struct yen y)
{
    struct text t;

    if (!has)
        return STR("");
    text_init(&t, 64);
    (void)text_add_yen(&t, y);
    const struct str s = str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return s.p ? s : STR("");
}

static int fill_taxes(struct work *w, int64_t person_id, struct levy_pension_view *v)
{
    struct incomes_told list;
    const int rc = levy_incomes_told(w, &person_id, 1, &list);
    struct levy_pension_taxes_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_pension_taxes_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct income_told *r = &list.rows[i];
        const struct str state = str_format(w->cx.arena, "%d", (int)r->tax_state);
        const struct str source = str_format(w->cx.arena, "%d", (int)r->source);
        rows[i] = (struct levy_pension_taxes_row){.year = r->income_year,
                                                  .source = under(w, "levy.income_source.", source),
                                                  .tax = under(w, "levy.pension.tax_state.", state),
                                                  .total = yen_or_nothing(w, r->has_total_income,
                                                                          r->total_income),
                                                  .taxable =
                                                      yen_or_nothing(w, r->has_taxable, r->taxable),
                                                  .is_undeclared = r->is_undeclared};
    }
    v->taxes = rows;
    v->n_taxes = list.n;
    return OK;
}

static int fill_periods(struct work *w, int64_t person_id, struct levy_pension_view *v)
{
    struct insured_periods list;
    const int rc = eligibility_periods(w, person_id, &list);
    struct levy_pension_periods_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_pension_periods_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct insured_period *p = &list.rows[i];
        rows[i] = (struct levy_pension_periods_row){.acquired = p->valid.from,
                                                    .lost = p->valid.to,
                                                    .reason = reason_message((int)p->acquired_by),
                                                    .lost_reason = reason_message(p->lost_by)};
    }
    v->periods = rows;
    v->n_periods = list.n;
    return OK;
}

/* The last three digits tell one's accounts apart; the whole number stands on the account's page.
 */
static struct str number_shown(struct work *w, struct str number)
{
    const struct str s =
        number.n > 3 ? str_format(w->cx.arena, "****%.3s", number.p + number.n - 3) : STR("");
    return s.p ? s : STR("");
}

static int fill_accounts(struct work *w, int64_t person_id, struct levy_pension_view *v)
{
    const struct levy_accounts_of_in q = {person_id, w->asof};
    struct levy_accounts_of_list list;
    const int rc = levy_accounts_of(&w->cx, w->store, &q, &list);
    struct levy_pension_accounts_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_pension_accounts_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_accounts_of_row *a = &list.rows[i];
        struct bank_name name = {.bank = STR(""), .branch = STR("")};
        (void)bank_find(a->bank_code, a->branch_code, &name);
        const struct str bank = str_format(w->cx.arena, STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT,
                                           STR_ARG(a->bank_code), STR_ARG(name.bank),
                                           STR_ARG(a->branch_code), STR_ARG(name.branch));
        rows[i] =
            (struct levy_pension_accounts_row){.purpose =
                                                   under(w, "levy.pension.purpose.", a->purpose),
                                               .business =
                                                   under(w, "levy.pension.business.", a->business),
                                               .bank = bank.p ? bank : STR(""),
                                               .account_no = number_shown(w, a->account_no),
                                               .is_public = a->is_public,
                                               .from = a->valid_from};
    }
    v->accounts = rows;
    v->n_accounts = list.n;
    return OK;
}

static int show_person(struct work *w, struct request *rq, struct reply *rp,
                       struct levy_pension_wish_form *form)
{
    struct person p;
    struct html collection;
    struct levy_pension_view v = {.pension_wish = form, .may_edit = work_may(w, RIGHT_LEVY_EDIT)};
    int rc = person_of(w, rq, &p);

    html_init(&collection);
    v.year = ymd_fiscal_year(w->today);
    rc = rc < 0 ? rc : fill_wishes(w, p.person_id, &v);
    rc = rc < 0 ? rc : fill_taxes(w, p.person_id, &v);
    rc = rc < 0 ? rc : fill_periods(w, p.person_id, &v);
    rc = rc < 0 ? rc : fill_accounts(w, p.person_id, &v);
    rc = rc < 0 || p.household_id == 0
             ? rc
             : levy_collection_html(w, p.household_id, (int)v.year, &collection);
    if (rc >= 0) {
        v.person_no = p.person_no;
        v.name = p.name;
        v.birth = p.birth;
        v.household_no = p.household_no;
        v.year_label = levy_year_label(&w->cx, (int)v.year);
        v.collection = &collection;
        levy_page_pension(&rp->body, rq->frame, &v);
    }
    html_release(&collection);
    return rc;
}

int pension_show_person(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_pension_wish_form form;

    levy_pension_wish_form_init(&form);
    form.received = w->today;
    const int rc = event_last(&w->cx, w->store, &form.state.read_at);
    return rc < 0 ? rc : show_person(w, rq, rp, &form);
}

/* What the form could not know: shown on it again. */
static bool is_clerks_error(int rc)
{
    return rc == ERR_INVALID || rc == ERR_DUPLICATE || rc == ERR_NOT_FOUND;
}

static int enter_wish(struct work *w, const struct levy_pension_wish_form *form,
                      const struct person *p)
{
    char day[11];

    ymd_format(form->received, day);
    const struct pension_words words = {
        {{"person_no", p->person_no}, {"action", form->action}, {"received", str_of(day)}}, 3};
    int rc = p->household_id ? work_unchanged(w, p->household_id, form->state.read_at) : OK;
    return rc < 0 ? rc : pension_enter(w, "levy.pension_wish", p, &words);
}

int pension_save_wish(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_pension_wish_form form;
    struct person p;
    int rc = levy_pension_wish_form_read(&w->cx, rq, &form);

    if (rc >= 0) {
        rc = person_of(w, rq, &p);
        rc = rc < 0 ? rc : enter_wish(w, &form, &p);
        if (is_clerks_error(rc)) {
            const struct str message = str_copy(w->cx.arena, str_of(w->cx.error.message));
            error_clear(&w->cx);
            form_problem(&w->cx, &form.state, "action", message.p, NULL);
            rc = ERR_INVALID;
        }
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show_person(w, rq, rp, &form);
    }
    if (rc < 0)
        return rc;
    rp->notice = message_words(rc > 0 ? "party.entry.waits" : "party.entry.done");
    return reply_redirect(rq, rp, "/levy/pension/" STR_FMT, STR_ARG(p.person_no));
}

/* --- the letter
 * ------------------------------------------------------------------------------------ */

static int plan_of_person(struct work *w, struct request *rq, struct collection_plan *plan)
{
    int64_t id = 0, year = 0;
    int rc = request_part_id(&w->cx, rq, 1, &year);

    rc = rc < 0 ? rc : party_person_by_no(w, rq->part[0], &id);
    const struct levy_method_of_debtor_in q = {id, year};
    struct levy_method_of_debtor_list list = {.n = 0};
    if (rc > 0)
        rc = levy_method_of_debtor(&w->cx, w->store, &q, &list);
    rc = rc < 0 || list.n == 0 ? rc : plan_of(w, list.rows[0].household_id, id, (int)year, plan);
    return rc < 0                   ? rc
           : list.n == 0 || rc == 0 ? fail(&w->cx, ERR_NOT_FOUND, "levy.pension.no_letter", NULL)
                                    : OK;
}

int pension_show_letter(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_plan plan;
    struct paper *paper;
    struct text pdf;
    int rc = plan_of_person(w, rq, &plan);

    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_PRINT,
                                                      .person_id = plan.debtor_id,
                                                      .household_id = plan.household_id,
                                                      .purpose = STR("pension-letter"),
                                                      .query = STR(""),
                                                      .count = 1});
    rc = rc < 0 ? rc : office_paper(w, &paper);
    text_init(&pdf, LETTER_BYTES);
    rc = rc < 0 ? rc : pension_letter_pdf(w, paper, &plan, &pdf);
    const struct str bytes = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&pdf));
    text_release(&pdf);
    if (rc < 0 || !bytes.p)
        return rc < 0 ? rc : no_memory(w);
    reply_file(rp, "application/pdf", bytes,
               str_format(w->cx.arena, "pension-%d-%lld.pdf", plan.fiscal_year,
                          (long long)plan.notice_no),
               true);
    return OK;
}

/* --- what waits
 * ------------------------------------------------------------------------------------ */

static int fill_files(struct work *w, struct levy_pension_work_view *v)
{
    const struct levy_pension_files_in q = {FILES_SHOWN};
    struct levy_pension_files_list list;
    const int rc = levy_pension_files(&w->cx, w->store, &q, &list);
    struct levy_pension_work_files_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_pension_work_files_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_pension_files_row *f = &list.rows[i];
        struct str name = f->file_name;
        for (size_t k = f->file_name.n; k > 0; k--) {
            if (f->file_name.p[k - 1] == '/') {
                name = (struct str){f->file_name.p + k, f->file_name.n - k};
                break;
            }
        }
        rows[i] =
            (struct levy_pension_work_files_row){.way = str_is(f->way, "in") ? "levy.pension.in"
                                                                             : "levy.pension.out",
                                                 .label = pension_notice_label(f->notice),
                                                 .file_name = name,
                                                 .made = f->made_ymd,
                                                 .received = f->received,
                                                 .records = f->records,
                                                 .amount1 = f->amount1_yen,
                                                 .amount2 = f->amount2_yen};
    }
    v->files = rows;
    v->n_files = list.n;
    return OK;
}

static int fill_rejected(struct work *w, struct levy_pension_work_view *v)
{
    const struct levy_requests_rejected_in q = {w->asof};
    struct levy_requests_rejected_list list;
    const int rc = levy_requests_rejected(&w->cx, w->store, &q, &list);
    struct levy_pension_work_rejected_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_pension_work_rejected_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_requests_rejected_row *r = &list.rows[i];
        const struct str by =
            str_format(w->cx.arena, "%c%c", r->notice.p[0], (char)(r->notice.p[1] + 1));
        rows[i] = (struct levy_pension_work_rejected_row){
            .no = r->request_id,
            .year_label = levy_year_label(&w->cx, (int)r->fiscal_year),
            .household_no = r->household_no,
            .person_no = r->person_no,
            .name = r->name.p ? r->name : STR(""),
            .label = pension_notice_label(r->notice),
            .result = pension_reason_of(by, r->result.p ? r->result : STR("")),
            .day = r->day,
            .amount = r->amount1_yen};
    }
    v->rejected = rows;
    v->n_rejected = list.n;
    return OK;
}

static int fill_candidate(struct work *w, const struct fixed_record *d,
                          const struct levy_candidates_unmatched_row *r,
                          struct levy_pension_work_unmatched_row *row)
{
    *row = (struct levy_pension_work_unmatched_row){.no = r->candidate_id,
                                                    .payer = pension_payer_name(r->payer),
                                                    .why = under(w, "levy.pension.match.",
                                                                 r->matched_by)};
    (void)fixed_day(d, r->record.p, "birth", &row->birth);
    int rc = fixed_text(&w->cx, d, r->record.p, "kana", &row->kana);
    rc = rc < 0 ? rc : fixed_text(&w->cx, d, r->record.p, "name", &row->name);
    return rc < 0 ? rc : fixed_text(&w->cx, d, r->record.p, "address", &row->address);
}

static int fill_unmatched(struct work *w, struct levy_pension_work_view *v)
{
    const struct levy_candidates_unmatched_in q = {ymd_fiscal_year(w->today)};
    struct levy_candidates_unmatched_list list;
    const struct fixed_layout *l;
    int rc = pension_layout(w, &l);

    rc = rc < 0 ? rc : levy_candidates_unmatched(&w->cx, w->store, &q, &list);
    struct levy_pension_work_unmatched_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_pension_work_unmatched_row);
    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n && rc >= 0; i++)
        rc = fill_candidate(w, fixed_record_of(l, "data"), &list.rows[i], &rows[i]);
    v->unmatched = rows;
    v->n_unmatched = list.n;
    return rc;
}

static int fill_unposted(struct work *w, struct levy_pension_work_view *v)
{
    const struct levy_results_unposted_in q = {UNPOSTED_SHOWN};
    struct levy_results_unposted_list list;
    const int rc = levy_results_unposted(&w->cx, w->store, &q, &list);
    struct levy_pension_work_unposted_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_pension_work_unposted_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct levy_pension_work_unposted_row){list.rows[i].paid_ymd,
                                                          pension_payer_name(list.rows[i].payer),
                                                          list.rows[i].amount_yen};
    v->unposted = rows;
    v->n_unposted = list.n;
    return OK;
}

static int show_work(struct work *w, struct request *rq, struct reply *rp,
                     struct levy_pension_work_view *v)
{
    int rc = fill_files(w, v);

    rc = rc < 0 ? rc : fill_rejected(w, v);
    rc = rc < 0 ? rc : fill_unmatched(w, v);
    rc = rc < 0 ? rc : fill_unposted(w, v);
    rc = rc < 0
             ? rc
             : audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                   .purpose = STR("levy.pension"),
                                                   .query = STR("work"),
                                                   .count =
                                                       (int64_t)(v->n_rejected + v->n_unmatched)});
    if (rc < 0)
        return rc;
    v->may_edit = work_may(w, RIGHT_LEVY_EDIT);
    v->year_label = levy_year_label(&w->cx, ymd_fiscal_year(w->today));
    levy_page_pension_work(&rp->body, rq->frame, v);
    return OK;
}

int pension_show_work(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_pension_work_view v = {.n_files = 0};
    return show_work(w, rq, rp, &v);
}

static int said(struct work *w, struct request *rq, struct reply *rp, int rc)
{
    const struct message *m = message_find(rc > 0 ? "party.entry.waits" : "party.entry.done");

    (void)w;
    if (rc < 0)
        return rc;
    rp->notice = m ? str_of(m->text) : STR("");
    return reply_redirect(rq, rp, "/levy/pension");
}

int pension_save_match(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_pension_match_form form;
    struct levy_pension_work_view v = {.pension_match = &form};
    struct person p;
    int64_t id = 0;
    int rc = levy_pension_match_form_read(&w->cx, rq, &form);

    if (rc >= 0) {
        rc = party_person_by_no(w, form.person_no, &id);
        if (rc == 0) {
            form_problem(&w->cx, &form.state, "person_no", "levy.import.person", NULL);
            rc = ERR_INVALID;
        }
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show_work(w, rq, rp, &v);
    }
    rc = rc < 0 ? rc : party_person(w, id, &p);
    if (rc < 0)
        return rc;
    const struct pension_words words = {{{"person_no", p.person_no},
                                         {"candidate", str_format(w->cx.arena, "%lld",
                                                                  (long long)form.candidate)}},
                                        2};
    return said(w, rq, rp, pension_enter(w, "levy.pension_match", &p, &words));
}

int pension_save_worked(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_pension_worked_form form;
    struct levy_pension_work_view v = {.pension_worked = &form};
    int rc = levy_pension_worked_form_read(&w->cx, rq, &form);

    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show_work(w, rq, rp, &v);
    }
    if (rc < 0)
        return rc;
    const struct pension_words words = {{{"request",
                                          str_format(w->cx.arena, "%lld", (long long)form.request)},
                                         {"words", form.words}},
                                        2};
    return said(w, rq, rp, pension_enter(w, "levy.pension_worked", NULL, &words));
}
