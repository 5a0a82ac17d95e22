/* One application, one case of unjust enrichment: everything it says, its batch and its history. */
#include "benefit_pages.h"
#include "benefit_sql.h"
#include "desk/benefit/inner.h"

static int none(struct work *w, struct str no)
{
    return fail(&w->cx, ERR_NOT_FOUND, "benefit.none", STR_FMT, STR_ARG(no));
}

static int look(struct work *w, const struct person *who, const char *purpose, struct str no)
{
    return audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                               .person_id = who->person_id,
                                               .household_id = who->household_id,
                                               .purpose = str_of(purpose),
                                               .query = no,
                                               .count = 1});
}

static const char *keying_message(struct str keying)
{
    return str_is(keying, "settled") ? "benefit.keying.settled" : "benefit.keying.agreed";
}

/* The batch of paper a row was keyed from, on both pages. */
static int fill_paper(struct work *w, int64_t batch_no, int64_t sheet, struct benefit_paper_view *v)
{
    struct paper_batch b;
    const int rc = collection_paper(w, batch_no, &b);

    if (rc < 0)
        return rc;
    *v = (struct benefit_paper_view){.no = b.no,
                                     .sheet = sheet,
                                     .found = rc > 0,
                                     .form_kind = str_or_empty(b.form_kind),
                                     .sheets = b.sheets,
                                     .contractor = str_or_empty(b.contractor),
                                     .handed = b.handed,
                                     .open = b.back < b.sheets};
    return OK;
}

/* --- an application -----------------------------------------------------------------------------
 */

static struct str account_words(struct work *w, const struct benefit_application_rows_row *r)
{
    static const char *const kinds[] = {"benefit.account.9", "benefit.account.1",
                                        "benefit.account.2", "benefit.account.9",
                                        "benefit.account.4"};
    struct bank_name b;
    int64_t kind = 0;

    if (!bank_find(r->bank_code, r->branch_code, &b))
        b = (struct bank_name){.bank = STR(""), .branch = STR("")};
    if (!str_to_int(r->account_kind, &kind) || kind < 1 || kind > 4)
        kind = 0;
    return str_or_empty(
        str_format(w->cx.arena, STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT,
                   STR_ARG(r->bank_code), STR_ARG(str_or_empty(b.bank)), STR_ARG(r->branch_code),
                   STR_ARG(str_or_empty(b.branch)), STR_ARG(message_words(kinds[kind])),
                   STR_ARG(r->account_no)));
}

static int fill_history(struct work *w, const struct benefit_application_rows_list *list,
                        struct benefit_application_view *v)
{
    struct benefit_application_history_row *rows =
        ARENA_ARRAY(w->cx.arena, list->n + 1, struct benefit_application_history_row);

    if (!rows)
        return benefit_memory(w);
    for (size_t i = 0; i < list->n; i++) {
        const struct benefit_application_rows_row *r = &list->rows[i];
        rows[i] = (struct benefit_application_history_row){.event = r->known_from,
                                                           .at = r->entered_at,
                                                           .open = r->is_open,
                                                           .status = "benefit.state.received",
                                                           .paid = r->paid_yen,
                                                           .claimed = r->claimed_yen,
                                                           .line = r->line,
                                                           .keying = keying_message(r->keying),
                                                           .job = r->job_id_null ? 0 : r->job_id};
    }
    v->history = rows;
    v->n_history = list->n;
    return OK;
}

static void fill_facts(struct work *w, const struct benefit_application_rows_row *r,
                       struct benefit_application_view *v)
{
    v->kind = benefit_kind_message(r->kind);
    v->status = "benefit.state.received";
    v->received = r->received_ymd;
    v->household_no = str_or_empty(r->household_no);
    v->card_number = r->card_number;
    v->treated_from = r->treated_from;
    v->treated_to = r->treated_to;
    v->is_span = r->treated_to.n != r->treated_from.n;
    v->institution = r->institution;
    v->paid = r->paid_yen;
    v->claimed = r->claimed_yen;
    v->is_public = r->is_public;
    v->account = r->is_public ? STR("") : account_words(w, r);
    v->holder = r->holder;
    v->may_job = work_may(w, RIGHT_JOB_VIEW);
}

/* Two people stand on the page: a line for each that is not the other. */
static int fill_people(struct work *w, const struct benefit_application_rows_row *r,
                       struct benefit_application_view *v)
{
    struct person who, applicant;
    int rc = party_person(w, r->person_id, &who);

    rc = rc < 0 ? rc : party_person(w, r->applicant_id, &applicant);
    rc = rc < 0 ? rc : look(w, &who, "benefit.application", v->no);
    if (rc >= 0 && r->applicant_id != r->person_id)
        rc = look(w, &applicant, "benefit.application", v->no);
    if (rc < 0)
        return rc;
    v->person_no = who.person_no;
    v->name = who.name;
    v->kana = who.kana;
    v->birth = who.birth;
    v->hidden = who.is_protected;
    v->applicant_no = applicant.person_no;
    v->applicant_name = applicant.name;
    v->applicant_hidden = applicant.is_protected;
    v->is_head = applicant.is_head && applicant.household_id == who.household_id;
    return OK;
}

int benefit_show_application(struct work *w, struct request *rq, struct reply *rp)
{
    const struct benefit_application_rows_in in = {rq->part[0]};
    struct benefit_application_rows_list list;
    struct benefit_application_view v = {.no = rq->part[0]};
    int rc = benefit_application_rows(&w->cx, w->store, &in, &list);

    if (rc < 0 || list.n == 0)
        return rc < 0 ? rc : none(w, rq->part[0]);
    rc = fill_people(w, &list.rows[0], &v);
    if (rc < 0)
        return rc;
    fill_facts(w, &list.rows[0], &v);
    rc = fill_paper(w, list.rows[0].batch_no, list.rows[0].sheet, &v.paper);
    rc = rc < 0 ? rc : fill_history(w, &list, &v);
    if (rc >= 0)
        benefit_page_application(&rp->body, rq->frame, &v);
    return rc;
}

/* --- unjust enrichment --------------------------------------------------------------------------
 */

static int fill_unjust_history(struct work *w, const struct benefit_unjust_rows_list *list,
                               const struct benefit_causes *causes, struct benefit_unjust_view *v)
{
    struct benefit_unjust_history_row *rows =
        ARENA_ARRAY(w->cx.arena, list->n + 1, struct benefit_unjust_history_row);

    if (!rows)
        return benefit_memory(w);
    for (size_t i = 0; i < list->n; i++) {
        const struct benefit_unjust_rows_row *r = &list->rows[i];
        rows[i] =
            (struct benefit_unjust_history_row){.event = r->known_from,
                                                .at = r->entered_at,
                                                .open = r->is_open,
                                                .cause = benefit_cause_label(causes, r->cause),
                                                .insurer = r->insurer_yen,
                                                .line = r->line,
                                                .keying = keying_message(r->keying),
                                                .job = r->job_id_null ? 0 : r->job_id};
    }
    v->history = rows;
    v->n_history = list->n;
    return OK;
}

static void fill_unjust(struct work *w, const struct benefit_unjust_rows_row *r,
                        const struct person *who, struct benefit_unjust_view *v)
{
    v->received = r->received_ymd;
    v->person_no = who->person_no;
    v->name = who->name;
    v->kana = who->kana;
    v->birth = who->birth;
    v->hidden = who->is_protected;
    v->household_no = str_or_empty(r->household_no);
    v->card_number = r->card_number;
    v->treated_from = r->treated_from;
    v->treated_to = r->treated_to;
    v->is_span = r->treated_to.n != r->treated_from.n;
    v->insurer = r->insurer_yen;
    v->may_job = work_may(w, RIGHT_JOB_VIEW);
}

int benefit_show_unjust(struct work *w, struct request *rq, struct reply *rp)
{
    const struct benefit_unjust_rows_in in = {rq->part[0]};
    struct benefit_unjust_rows_list list;
    struct benefit_unjust_view v = {.no = rq->part[0]};
    struct benefit_causes causes;
    struct person who;
    int rc = benefit_unjust_rows(&w->cx, w->store, &in, &list);

    if (rc < 0 || list.n == 0)
        return rc < 0 ? rc : none(w, rq->part[0]);
    rc = party_person(w, list.rows[0].person_id, &who);
    rc = rc < 0 ? rc : look(w, &who, "benefit.unjust", v.no);
    /* the words of the table that held when the newest row was written */
    rc = rc < 0 ? rc : benefit_causes_read(w, list.rows[0].known_from, &causes);
    if (rc < 0)
        return rc;
    fill_unjust(w, &list.rows[0], &who, &v);
    v.cause = benefit_cause_label(&causes, list.rows[0].cause);
    rc = fill_paper(w, list.rows[0].batch_no, list.rows[0].sheet, &v.paper);
    rc = rc < 0 ? rc : fill_unjust_history(w, &list, &causes, &v);
    if (rc >= 0)
        benefit_page_unjust(&rp->body, rq->frame, &v);
    return rc;
}
