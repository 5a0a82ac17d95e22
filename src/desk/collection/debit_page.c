/* One person's direct debit: what stands, applications, history, letters; applying and ending. */
#include "collection_pages.h"
#include "desk/collection/debit_letter.h"
#include "desk/collection/debit_pages.h"

#include <string.h>

enum { HISTORY_SHOWN = 100 };

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

const char *debit_message(struct work *w, const char *prefix, struct str code)
{
    const char *id = str_c(w->cx.arena, str_format(w->cx.arena, "collection.debit.%s." STR_FMT,
                                                   prefix, STR_ARG(code)));
    return id ? id : "collection.debit.none";
}

const char *debit_state_message(int64_t state)
{
    static const char *const ids[] = {"collection.debit.state.0", "collection.debit.state.1",
                                      "collection.debit.state.2", "collection.debit.state.3",
                                      "collection.debit.state.4", "collection.debit.state.5"};
    return ids[state >= DEBIT_APPLIED && state <= DEBIT_ENDED ? state : 0];
}

struct str debit_start_words(struct work *w, int64_t year, int64_t number)
{
    const struct str s =
        str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(levy_year_label(&w->cx, (int)year)),
                   STR_ARG(levy_instalment_label(w, (int)number)));
    return s.p ? s : STR("");
}

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
                                                        .purpose = STR("collection.debit"),
                                                        .query = STR("account debit"),
                                                        .count = 1});
}

static struct str account_words(struct work *w, struct str bank, struct str branch, struct str kind,
                                struct str account_no)
{
    const struct str s =
        str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(debit_bank_words(w, bank, branch)),
                   STR_ARG(debit_account_words(w, kind, account_no)));
    return s.p ? s : STR("");
}

/* --- what there is ------------------------------------------------------------------------------
 */

static void put_standing(struct work *w, const struct collection_debits_of_person_row *r,
                         struct collection_debit_person_view *v)
{
    v->standing = debit_state_message(r->state);
    v->is_standing = true;
    v->standing_no = r->debit_no;
    v->standing_account =
        account_words(w, r->bank_code, r->branch_code, r->account_kind, r->account_no);
    v->standing_holder = r->holder;
    v->standing_start = debit_start_words(w, r->first_year, r->first_number);
}

static int fill_debits(struct work *w, int64_t person_id, struct collection_debit_person_view *v)
{
    const struct collection_debits_of_person_in q = {person_id};
    struct collection_debits_of_person_list list;
    const int rc = collection_debits_of_person(&w->cx, w->store, &q, &list);
    struct collection_debit_person_debits_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_debit_person_debits_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    v->standing = debit_state_message(0);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_debits_of_person_row *r = &list.rows[i];
        rows[i] = (struct collection_debit_person_debits_row){
            .no = r->debit_no,
            .action = debit_message(w, "action", r->action),
            .received = r->received_ymd,
            .status = debit_state_message(r->state),
            .account =
                account_words(w, r->bank_code, r->branch_code, r->account_kind, r->account_no),
            .start = debit_start_words(w, r->first_year, r->first_number),
            .answer = debit_message(w, "answer", r->answer.n > 0 ? r->answer : STR("0")),
            .answered = r->answered_ymd,
            .ended = r->ended_ymd,
            .why = debit_message(w, "ended", r->ended_by.n > 0 ? r->ended_by : STR("wish"))};
        if (r->state == DEBIT_ACCEPTED)
            put_standing(w, r, v);
        else if (!v->is_standing && i == 0 && r->state < DEBIT_ACCEPTED)
            v->standing = rows[i].status;
    }
    v->debits = rows;
    v->n_debits = list.n;
    return OK;
}

static int fill_history(struct work *w, int64_t person_id, struct collection_debit_person_view *v)
{
    const struct collection_debit_history_in q = {person_id, HISTORY_SHOWN};
    struct collection_debit_history_list list;
    const int rc = collection_debit_history(&w->cx, w->store, &q, &list);
    struct collection_debit_person_history_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_debit_person_history_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_debit_history_row *r = &list.rows[i];
        const struct str result = r->result.p ? r->result : STR("wait");
        rows[i] = (struct collection_debit_person_history_row){
            .year_label = levy_year_label(&w->cx, (int)r->levy_year),
            .term = levy_instalment_label(w, (int)r->number),
            .notice = r->notice_no,
            .day = r->debit_ymd,
            .account = debit_account_words(w, STR("1"), r->account_no),
            .yen = r->yen,
            .is_again = r->is_again,
            .result = debit_message(w, "result", result),
            .is_bad = r->result.p && !str_is(r->result, "0"),
            .run = r->run_no};
    }
    v->history = rows;
    v->n_history = list.n;
    return OK;
}

static int fill_letters(struct work *w, int64_t person_id, struct collection_debit_person_view *v)
{
    const struct collection_debit_letters_of_person_in q = {person_id};
    struct collection_debit_letters_of_person_list list;
    const int rc = collection_debit_letters_of_person(&w->cx, w->store, &q, &list);
    struct collection_debit_person_letters_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_debit_person_letters_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_debit_letters_of_person_row *r = &list.rows[i];
        rows[i] = (struct collection_debit_person_letters_row){
            .link = str_format(w->cx.arena, "/collection/debit/letter/%lld",
                               (long long)r->debit_letter_id),
            .kind = debit_message(w, "letter", r->kind),
            .issued = r->issued_ymd,
            .pulled = r->pulled.n > 0 ? str_c(w->cx.arena, r->pulled) : "collection.debit.none",
            .is_pulled = r->pulled.n > 0};
    }
    v->letters = rows;
    v->n_letters = list.n;
    return OK;
}

/* The account registered for debits, the instalments that may be the first, wishes and pension. */
static int fill_choice(struct work *w, int64_t person_id, struct collection_debit_person_view *v)
{
    const struct collection_debit_accounts_in a = {person_id, {w->today, KNOWN_NOW}};
    const struct collection_debit_starts_in s = {person_id, w->today};
    const struct collection_debit_ties_in t = {person_id, ymd_fiscal_year(w->today)};
    struct collection_debit_accounts_list accounts;
    struct collection_debit_starts_list starts;
    struct collection_debit_ties_row ties;
    int rc = collection_debit_accounts(&w->cx, w->store, &a, &accounts);

    rc = rc < 0 ? rc : collection_debit_starts(&w->cx, w->store, &s, &starts);
    rc = rc < 0 ? rc : collection_debit_ties(&w->cx, w->store, &t, &ties);
    struct page_option_view *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, starts.n + 1, struct page_option_view);
    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    v->has_account = accounts.n > 0;
    if (accounts.n > 0) {
        const struct collection_debit_accounts_row *r = &accounts.rows[0];
        v->account = account_words(w, r->bank_code, r->branch_code, r->kind, r->account_no);
        v->holder = r->holder;
    }
    for (size_t i = 0; i < starts.n; i++) {
        const struct collection_debit_starts_row *r = &starts.rows[i];
        char due[11];
        ymd_format(r->due_ymd, due);
        rows[i] = (struct page_option_view){
            str_format(w->cx.arena, "%lld-%lld-%lld", (long long)r->levy_year, (long long)r->number,
                       (long long)r->notice_no),
            str_format(w->cx.arena, STR_FMT " (%s)",
                       STR_ARG(debit_start_words(w, r->levy_year, r->number)), due)};
    }
    v->starts = rows;
    v->n_starts = starts.n;
    v->can_start = starts.n > 0;
    v->is_wishing = ties.wishes > 0;
    v->has_pension = ties.pension > 0;
    return OK;
}

static int show_person(struct work *w, struct request *rq, struct reply *rp,
                       struct collection_debit_apply_form *apply,
                       struct collection_debit_end_form *end)
{
    struct person p;
    struct collection_debit_end_form new_end;
    struct collection_debit_person_view v = {.debit_apply = apply,
                                             .may_edit = work_may(w, RIGHT_COLLECTION_EDIT)};
    int rc = person_of(w, rq, &p);

    rc = rc < 0 ? rc : fill_debits(w, p.person_id, &v);
    rc = rc < 0 ? rc : fill_history(w, p.person_id, &v);
    rc = rc < 0 ? rc : fill_letters(w, p.person_id, &v);
    rc = rc < 0 ? rc : fill_choice(w, p.person_id, &v);
    if (rc < 0)
        return rc;
    if (!apply->start.p && v.n_starts > 0)
        apply->start = v.starts[0].value; /* the next one that falls due */
    collection_debit_end_form_init(&new_end);
    new_end.debit = v.standing_no;
    v.debit_end = end ? end : &new_end;
    v.person_no = p.person_no;
    v.name = p.name;
    v.kana = p.kana;
    collection_page_debit_person(&rp->body, rq->frame, &v);
    return OK;
}

static int begin_form(struct work *w, struct collection_debit_apply_form *form)
{
    collection_debit_apply_form_init(form);
    form->received = w->today;
    return event_last(&w->cx, w->store, &form->state.read_at);
}

int debit_show_person(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_debit_apply_form form;
    const int rc = begin_form(w, &form);
    return rc < 0 ? rc : show_person(w, rq, rp, &form, NULL);
}

/* --- entering -----------------------------------------------------------------------------------
 */

static bool is_clerks_error(int rc)
{
    return rc == ERR_INVALID || rc == ERR_DUPLICATE || rc == ERR_NOT_FOUND || rc == ERR_STALE;
}

static int enter(struct work *w, const char *kind, const struct person *p, struct str payload)
{
    struct event e = work_event(w, kind);

    e.person_id = p->person_id;
    e.household_id = p->household_id;
    e.source = STR("person");
    e.route = STR("counter");
    if (!payload.p)
        return no_memory(w);
    const int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                       .person_id = e.person_id,
                                                       .household_id = e.household_id,
                                                       .purpose = e.kind,
                                                       .query = STR(""),
                                                       .count = 1});
    return rc < 0 ? rc : work_enter(w, &e, payload);
}

static int enter_apply(struct work *w, const struct collection_debit_apply_form *form,
                       const struct person *p)
{
    char day[11];
    int rc = p->household_id ? work_unchanged(w, p->household_id, form->state.read_at) : OK;

    ymd_format(form->received, day);
    return rc < 0 ? rc
                  : enter(w, "collection.debit", p,
                          str_format(w->cx.arena,
                                     "person_no " STR_FMT "\naction " STR_FMT
                                     "\nreceived %s\nstart " STR_FMT "\n",
                                     STR_ARG(p->person_no), STR_ARG(form->action), day,
                                     STR_ARG(form->start)));
}

static void show_problem(struct work *w, struct form_state *state, const char *field)
{
    const struct str message = str_copy(w->cx.arena, str_of(w->cx.error.message));
    error_clear(&w->cx);
    form_problem(&w->cx, state, field, message.p, NULL);
}

static int done(struct request *rq, struct reply *rp, int waits, const struct person *p)
{
    rp->notice = message_words(waits > 0 ? "party.entry.waits" : "party.entry.done");
    return reply_redirect(rq, rp, "/collection/debit/person/" STR_FMT, STR_ARG(p->person_no));
}

int debit_save_apply(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_debit_apply_form form;
    struct person p;
    int rc = collection_debit_apply_form_read(&w->cx, rq, &form);

    if (rc >= 0) {
        rc = person_of(w, rq, &p);
        rc = rc < 0 ? rc : enter_apply(w, &form, &p);
        if (is_clerks_error(rc)) {
            const bool is_start = str_is(str_of(w->cx.error.message), "collection.debit.start");
            show_problem(w, &form.state, is_start ? "start" : "action");
            rc = ERR_INVALID;
        }
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show_person(w, rq, rp, &form, NULL);
    }
    return rc < 0 ? rc : done(rq, rp, rc, &p);
}

int debit_save_end(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_debit_end_form form;
    struct collection_debit_apply_form apply;
    struct person p;
    int rc = collection_debit_end_form_read(&w->cx, rq, &form);

    if (rc >= 0) {
        rc = person_of(w, rq, &p);
        rc = rc < 0 ? rc
                    : enter(w, "collection.debit_end", &p,
                            str_format(w->cx.arena, "debit %lld\nreason " STR_FMT "\n",
                                       (long long)form.debit, STR_ARG(form.reason)));
        if (is_clerks_error(rc)) {
            show_problem(w, &form.state, "reason");
            rc = ERR_INVALID;
        }
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        rc = begin_form(w, &apply);
        return rc < 0 ? rc : show_person(w, rq, rp, &apply, &form);
    }
    return rc < 0 ? rc : done(rq, rp, rc, &p);
}

/* --- a letter again -----------------------------------------------------------------------------
 */

int debit_show_letter(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_debit_letter_by_id_in q = {0};
    struct collection_debit_letter_by_id_row r;
    struct form_data d;
    struct text pdf;
    int rc = request_part_id(&w->cx, rq, 0, &q.debit_letter_id);

    rc = rc < 0 ? rc : collection_debit_letter_by_id(&w->cx, w->store, &q, &r);
    if (rc <= 0)
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    const bool is_failed = str_is(r.kind, "failed");
    rc = audit_write(w, &(struct audit_line){.class = AUDIT_PRINT,
                                             .person_id = r.person_id,
                                             .purpose = STR("debit-letter"),
                                             .query = r.kind,
                                             .count = 1});
    rc = rc < 0 ? rc : form_data_unpack(&w->cx, r.print_data, w->cx.arena, &d);
    text_init(&pdf, (size_t)8 << 20);
    rc = rc < 0 ? rc : debit_sheet(w, is_failed ? "debit_failed" : "debit_done", &d, &pdf);
    const struct str bytes = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&pdf));
    text_release(&pdf);
    if (rc < 0 || !bytes.p)
        return rc < 0 ? rc : no_memory(w);
    reply_file(rp, "application/pdf", bytes,
               str_format(w->cx.arena, "debit-letter-%lld.pdf", (long long)q.debit_letter_id),
               true);
    return OK;
}
