/*
 * The job that takes in what the federation sends: candidates, answers to our requests, what was
 * taken from pensions. A file is read and checked as a whole before anything is written, once; one
 * transaction, one event.
 */
#include "desk/levy/pension_match.h"
#include "levy_sql.h"

#include <string.h>

#define FILE_MAXIMUM ((size_t)256 << 20)

struct taking {
    struct work *w;
    struct job *job;
    const struct fixed_record *data;
    struct pension_records in;
    struct text file;
    char sha256[65];
    struct pension_change change; /* the event plans are changed under */
    int64_t event_no, file_id;
    bool has_changed;
    int64_t exact, none, several, accepted, rejected, unknown, posted, failed;
    struct yen posted_yen, unposted_yen;
};
typedef int take_row_fn(struct taking *t, size_t at);

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static struct str field(const struct taking *t, size_t at, const char *id)
{
    return fixed_raw(t->data, t->in.rows[at], id);
}

static struct yen amount(const struct taking *t, size_t at)
{
    int64_t value = 0;
    (void)fixed_number(t->data, t->in.rows[at], "amount1", &value);
    return YEN(value);
}

static int note(struct taking *t, size_t at, const char *message, struct str facts)
{
    return job_note(t->w, t->job, false, (int64_t)at + 1, message, facts);
}

/* The pensioner of the record among those we were told of; 1 found, 0 not. */
static int candidate(struct taking *t, size_t at, struct levy_candidates_by_identity_row *out)
{
    struct levy_candidates_by_identity_list list;
    struct str identity;
    int rc = pension_identity(t->w, t->in.rows[at], &identity);
    const struct levy_candidates_by_identity_in q = {{&identity, 1}};

    rc = rc < 0 ? rc : levy_candidates_by_identity(&t->w->cx, t->w->store, &q, &list);
    if (rc < 0 || list.n == 0)
        return rc < 0 ? rc : 0;
    *out = list.rows[0];
    return 1;
}

/* --- candidates (00, 30) ------------------------------------------------------------------------
 */

/* Told again within the year: the newer word takes the place of the older, who he is stays. */
static int supersede(struct taking *t, struct levy_pension_candidate *row)
{
    struct work *w = t->w;
    const struct levy_candidates_by_identity_in q = {{&row->identity, 1}};
    struct levy_candidates_by_identity_list list;
    struct levy_candidate_by_id_row old;
    int rc = levy_candidates_by_identity(&w->cx, w->store, &q, &list);

    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        if (list.rows[i].fiscal_year != row->fiscal_year)
            continue;
        const struct levy_candidate_by_id_in one = {list.rows[i].candidate_id};
        rc = levy_candidate_by_id(&w->cx, w->store, &one, &old);
        if (rc <= 0)
            continue;
        row->candidate_id = one.candidate_id;
        if (row->person_id_null && !old.person_id_null) {
            row->person_id = old.person_id;
            row->person_id_null = false;
            row->matched_by = old.matched_by;
        }
        rc = levy_pension_candidate_close(&w->cx, w->store, old.pension_candidate_row_id,
                                          t->event_no);
    }
    return rc;
}

static int take_candidate(struct taking *t, size_t at)
{
    struct work *w = t->w;
    struct pension_match match;
    int64_t ids = 0;
    int rc = pension_match(w, t->data, t->in.rows[at], &match);
    struct levy_pension_candidate row = {.pension_file_id = t->file_id,
                                         .fiscal_year = ymd_fiscal_year(t->in.made),
                                         .notice = t->in.notice.notice,
                                         .reason = field(t, at, "reason"),
                                         .payer = field(t, at, "payer"),
                                         .record = {t->in.rows[at], t->data->length},
                                         .pension_yen = amount(t, at),
                                         .matched_by = str_of(match.by),
                                         .person_id = match.person_id,
                                         .person_id_null = match.person_id == 0,
                                         .known_from = t->event_no};

    if (rc < 0 || str_is(row.reason, "70")) /* a dummy record is nobody */
        return rc;
    t->exact += str_is(row.matched_by, "exact");
    t->none += str_is(row.matched_by, "none");
    t->several += str_is(row.matched_by, "several");
    rc = pension_identity(w, t->in.rows[at], &row.identity);
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 2, &ids);
    row.pension_candidate_row_id = ids;
    row.candidate_id = ids + 1;
    rc = rc < 0 ? rc : supersede(t, &row);
    return rc < 0 ? rc : levy_pension_candidate_insert(&w->cx, w->store, &row);
}

/* --- answers (02, 32, 42, 62, 82) ---------------------------------------------------------------
 */

static int refuse_plan(struct taking *t, const struct levy_requests_of_candidates_row *r)
{
    struct work *w = t->w;
    struct collection_plan plan = {.method_row_id = 0};
    const struct pension_outcome o = {.reason = METHOD_REJECTED, .is_over = true};
    struct decision d;
    int rc = plan_of(w, r->household_id, r->debtor_id, (int)r->fiscal_year, &plan);

    if (rc <= 0 || plan.method != COLLECT_PENSION)
        return rc < 0 ? rc : OK;
    rc = decision_of_plan(w, &plan, &d);
    rc = rc < 0 ? rc : change_stop(&t->change, rc > 0 ? &d : NULL, &plan, &o, "rejected");
    t->has_changed |= rc > 0;
    return rc;
}

static int answer(struct taking *t, size_t at, const struct levy_requests_of_candidates_row *r)
{
    struct work *w = t->w;
    const struct str result = field(t, at, "reason");
    const bool is_accepted = str_is(result, "00");
    struct levy_pension_request next = {.request_id = r->request_id,
                                        .fiscal_year = r->fiscal_year,
                                        .household_id = r->household_id,
                                        .debtor_id = r->debtor_id,
                                        .candidate_id = r->candidate_id,
                                        .notice = r->notice,
                                        .reason = r->reason,
                                        .day = r->day,
                                        .amount1_yen = r->amount1_yen,
                                        .amount2_yen = r->amount2_yen,
                                        .state = is_accepted ? 2 : 3,
                                        .sent_file_id = r->sent_file_id,
                                        .sent_file_id_null = r->sent_file_id_null,
                                        .answer_file_id = t->file_id,
                                        .result = result,
                                        .known_from = t->event_no};
    int rc = levy_pension_request_close(&w->cx, w->store, r->pension_request_row_id, t->event_no);

    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &next.pension_request_row_id);
    rc = rc < 0 ? rc : levy_pension_request_insert(&w->cx, w->store, &next);
    t->accepted += is_accepted;
    t->rejected += !is_accepted;
    if (rc < 0 || is_accepted)
        return rc;
    rc = note(t, at, "levy.pension.rejected", pension_reason_words(&t->in.notice, result));
    const bool is_start = str_is(r->notice, "01") || str_is(r->notice, "31");
    return rc < 0 || !is_start ? rc : refuse_plan(t, r);
}

static int take_answer(struct taking *t, size_t at)
{
    struct work *w = t->w;
    struct levy_candidates_by_identity_list list;
    struct str identity;
    int rc = pension_identity(w, t->in.rows[at], &identity);
    const struct levy_candidates_by_identity_in who = {{&identity, 1}};

    rc = rc < 0 ? rc : levy_candidates_by_identity(&w->cx, w->store, &who, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct levy_requests_of_candidates_in q = {{&list.rows[i].candidate_id, 1},
                                                         t->in.notice.answers,
                                                         1};
        struct levy_requests_of_candidates_list asked;
        rc = levy_requests_of_candidates(&w->cx, w->store, &q, &asked);
        if (rc >= 0 && asked.n > 0)
            return answer(t, at, &asked.rows[asked.n - 1]); /* the oldest that is open */
    }
    t->unknown++;
    return rc < 0 ? rc : note(t, at, "levy.pension.unasked", field(t, at, "reason"));
}

/* --- what was taken (22) ------------------------------------------------------------------------
 */

struct deducted {
    struct levy_pension_result row;
    struct collection_plan plan; /* method_row_id 0: nobody of ours */
};

/* April 51 .. February 56; 0: no month of a pension payment. */
static int number_of(struct ymd day)
{
    const int at = month_of_fiscal_year(ymd_month(day));
    return at % 2 == 0 && at <= 10 ? PENSION_FIRST + at / 2 : 0;
}

static bool has_row(const struct collection_plan *plan, int64_t number)
{
    for (size_t i = 0; i < plan->payments.n; i++) {
        if (plan->payments.row[i].number == number)
            return true;
    }
    return false;
}

static int find_plan(struct taking *t, int64_t person_id, int fiscal_year,
                     struct collection_plan *out)
{
    const struct levy_method_of_debtor_in q = {person_id, fiscal_year};
    struct levy_method_of_debtor_list list;
    int rc = levy_method_of_debtor(&t->w->cx, t->w->store, &q, &list);

    if (rc < 0 || list.n == 0)
        return rc < 0 ? rc : 0;
    return plan_of(t->w, list.rows[0].household_id, person_id, fiscal_year, out);
}

static int read_deducted(struct taking *t, size_t at, struct deducted *out)
{
    struct levy_candidates_by_identity_row who = {.person_id_null = true};
    struct levy_pension_result *row = &out->row;
    struct ymd day = YMD_NONE;
    int rc = candidate(t, at, &who);

    *out = (struct deducted){.row = {.pension_file_id = t->file_id,
                                     .payer = field(t, at, "payer"),
                                     .reason = field(t, at, "reason"),
                                     .amount_yen = amount(t, at),
                                     .household_id_null = true,
                                     .debtor_id_null = true,
                                     .known_from = t->event_no}};
    (void)fixed_day(t->data, t->in.rows[at], "day", &day);
    row->paid_ymd = day;
    row->fiscal_year = ymd_is_none(day) ? 0 : ymd_fiscal_year(day);
    row->number = ymd_is_none(day) ? 0 : number_of(day);
    if (rc >= 0)
        rc = pension_identity(t->w, t->in.rows[at], &row->identity);
    if (rc < 0 || who.person_id_null)
        return rc < 0 ? rc : OK;
    rc = find_plan(t, who.person_id, (int)row->fiscal_year, &out->plan);
    row->debtor_id = who.person_id;
    row->debtor_id_null = false;
    if (rc <= 0)
        return rc < 0 ? rc : OK;
    row->household_id = out->plan.household_id;
    row->household_id_null = false;
    row->notice_no = has_row(&out->plan, row->number) ? out->plan.notice_no : 0;
    return OK;
}

static int follow_failure(struct taking *t, struct deducted *d)
{
    struct decision decision;
    const bool is_taken = str_is(d->row.reason, "00") || str_is(d->row.reason, "10");

    if (is_taken || d->row.notice_no == 0 || d->plan.method != COLLECT_PENSION)
        return OK;
    t->failed++;
    const int found = decision_of_plan(t->w, &d->plan, &decision);
    if (found < 0)
        return found;
    const int rc = change_fail(&t->change, found > 0 ? &decision : NULL, &d->plan,
                               (int)d->row.number, str_is(d->row.reason, "01"));
    t->has_changed |= rc > 0;
    return rc;
}

/* It is posted as it was taken; what differs from the plan stays on the ledger, and is said. */
static int note_difference(struct taking *t, size_t at, const struct deducted *d)
{
    const struct yen planned = payments_amount(&d->plan.payments, (int)d->row.number);

    if (d->row.amount_yen.n == 0 || d->row.amount_yen.n == planned.n)
        return OK;
    return note(t, at, "levy.pension.other_amount",
                str_format(t->w->cx.arena, "%lld / %lld", (long long)d->row.amount_yen.n,
                           (long long)planned.n));
}

static int take_deducted(struct taking *t, size_t at)
{
    struct deducted d;
    int rc = read_deducted(t, at, &d);

    rc = rc < 0 ? rc : store_ids(&t->w->cx, t->w->store, 1, &d.row.pension_result_id);
    rc = rc < 0 ? rc : levy_pension_result_insert(&t->w->cx, t->w->store, &d.row);
    if (rc < 0)
        return rc;
    if (d.row.notice_no > 0) {
        t->posted += d.row.amount_yen.n > 0;
        t->posted_yen.n += d.row.amount_yen.n;
        rc = note_difference(t, at, &d);
    } else if (d.row.amount_yen.n > 0) {
        t->unknown++;
        t->unposted_yen.n += d.row.amount_yen.n;
        rc = note(t, at, "levy.pension.nobody", d.row.identity);
    }
    return rc < 0 ? rc : follow_failure(t, &d);
}

/* --- before anything is written -----------------------------------------------------------------
 */

static void refuse_field(struct taking *t, size_t at, const char *id, const char *reason)
{
    if (t->in.n_problems < 1000)
        t->in.problems[t->in.n_problems++] = (struct pension_problem){.record = (int64_t)at + 1,
                                                                      .field = str_of(id),
                                                                      .value = field(t, at, id),
                                                                      .reason = reason};
}

/* A payment day is an even month's, and what was taken on it is told once. */
static int check_deducted(struct taking *t, size_t at)
{
    struct deducted d;
    struct levy_result_before_row before = {.amount_yen = {0}};
    int rc = read_deducted(t, at, &d);

    if (rc < 0)
        return rc;
    if (d.row.number == 0)
        refuse_field(t, at, "day", "levy.pension.month");
    if (d.row.number == 0 || d.row.debtor_id_null || d.row.amount_yen.n == 0)
        return OK;
    const struct levy_result_before_in q = {d.row.debtor_id, d.row.fiscal_year, d.row.number};
    rc = levy_result_before(&t->w->cx, t->w->store, &q, &before);
    if (rc >= 0 && before.amount_yen.n > 0)
        refuse_field(t, at, "amount1", "levy.pension.twice");
    return rc;
}

static int check_seen(struct taking *t)
{
    const struct levy_pension_file_seen_in q = {str_of(t->sha256)};
    struct levy_pension_file_seen_row row;
    const int rc = levy_pension_file_seen(&t->w->cx, t->w->store, &q, &row);

    return rc <= 0 ? rc : fail(&t->w->cx, ERR_DUPLICATE, "party.import.seen", "%s", t->sha256);
}

static int check_all(struct taking *t)
{
    int rc = check_seen(t);

    if (rc >= 0 && t->in.n_problems == 0 && !str_is(t->in.notice.way, "in"))
        rc =
            fail(&t->w->cx, ERR_INVALID, "levy.pension.way", STR_FMT, STR_ARG(t->in.notice.notice));
    for (size_t i = 0; rc >= 0 && t->in.n_problems == 0 && i < t->in.n; i++) {
        if (str_is(t->in.notice.notice, "22"))
            rc = check_deducted(t, i);
    }
    return rc;
}

/* --- the transaction ----------------------------------------------------------------------------
 */

/* Without the folder it lay in: that says nothing of the file. */
static struct str name_of(struct str path)
{
    size_t from = path.n;
    while (from > 0 && path.p[from - 1] != '/')
        from--;
    return (struct str){path.p + from, path.n - from};
}

static int write_file(struct taking *t)
{
    struct work *w = t->w;
    const struct levy_pension_file row = {.pension_file_id = t->file_id,
                                          .way = STR("in"),
                                          .notice = t->in.notice.notice,
                                          .file_name = name_of(job_option(t->job, "path")),
                                          .sha256 = str_of(t->sha256),
                                          .made_ymd = t->in.made,
                                          .records = (int64_t)t->in.n,
                                          .amount1_yen = t->in.sum[0],
                                          .amount2_yen = t->in.sum[1],
                                          .amount3_yen = t->in.sum[2],
                                          .known_from = t->event_no};
    return levy_pension_file_insert(&w->cx, w->store, &row);
}

enum { OF_CANDIDATES = 1, OF_ANSWERS = 2, OF_MONEY = 4, OF_ALL = 7 };

static int kind_of(const struct pension_notice *n)
{
    if (str_is(n->notice, "22"))
        return OF_MONEY;
    return str_is(n->answers, "-") ? OF_CANDIDATES : OF_ANSWERS;
}

static int write_figures(struct taking *t)
{
    const struct {
        int of;
        const char *name;
        int64_t value;
    } figures[] = {{OF_ALL, "records", (int64_t)t->in.n},
                   {OF_ALL, "amount1_yen", t->in.sum[0].n},
                   {OF_CANDIDATES, "matched", t->exact},
                   {OF_CANDIDATES, "unmatched", t->none + t->several},
                   {OF_ANSWERS, "accepted", t->accepted},
                   {OF_ANSWERS, "rejected", t->rejected},
                   {OF_MONEY, "posted", t->posted},
                   {OF_MONEY, "posted_yen", t->posted_yen.n},
                   {OF_MONEY, "unposted_yen", t->unposted_yen.n},
                   {OF_MONEY, "not_taken", t->failed},
                   {OF_ANSWERS | OF_MONEY, "unknown", t->unknown}};
    const int of = kind_of(&t->in.notice);
    int rc = OK;

    for (size_t i = 0; i < sizeof figures / sizeof *figures && rc >= 0; i++) {
        if (figures[i].of & of)
            rc = job_figure(t->w, t->job, figures[i].name, figures[i].value);
    }
    job_progress(t->job)->total = job_progress(t->job)->done = (int64_t)t->in.n;
    return rc < 0 ? rc : job_checkpoint(t->w, t->job);
}

static take_row_fn *row_taker(const struct pension_notice *n)
{
    const int of = kind_of(n);
    return of == OF_MONEY ? take_deducted : of == OF_ANSWERS ? take_answer : take_candidate;
}

static int write_all(struct taking *t)
{
    struct work *w = t->w;
    const bool is_money = str_is(t->in.notice.notice, "22");
    struct event e = work_event(w, is_money ? "levy.pension_result" : "levy.pension_file");
    struct event plans;
    take_row_fn *take = row_taker(&t->in.notice);

    e.source = STR("federation");
    e.route = STR("line");
    int rc = event_open(&w->cx, w->store, &e);
    t->event_no = e.no;
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &t->file_id);
    rc = rc < 0 ? rc : write_file(t);
    rc = rc < 0 ? rc : change_begin(w, &plans, &t->change);
    for (size_t i = 0; i < t->in.n && rc >= 0; i++)
        rc = take(t, i);
    rc = rc < 0 || !is_money ? rc : work_event_tell(w, &e); /* collection posts it */
    rc = rc < 0 || !t->has_changed ? rc : work_event_tell(w, &plans);
    rc = rc < 0 ? rc : write_figures(t);
    return rc < 0 ? rc : FAULT(&w->cx, "levy.pension.taken");
}

static int write_problems(struct taking *t, const char *unused)
{
    int rc = OK;

    (void)unused;
    for (size_t i = 0; i < t->in.n_problems && rc >= 0; i++) {
        const struct pension_problem *p = &t->in.problems[i];
        const struct str facts =
            str_format(t->w->cx.arena, "%lld: " STR_FMT " " STR_FMT, (long long)p->offset,
                       STR_ARG(p->field), utf8_valid(p->value) ? (int)p->value.n : 0, p->value.p);
        rc = job_note(t->w, t->job, true, p->record, p->reason, facts);
    }
    job_progress(t->job)->failed = (int64_t)t->in.n_problems;
    return rc < 0 ? rc : job_checkpoint(t->w, t->job);
}

static int write_good(struct taking *t, const char *unused)
{
    (void)unused;
    return write_all(t);
}

static int in_transaction(struct taking *t, int (*fn)(struct taking *, const char *))
{
    struct work *w = t->w;
    int rc = STORE_BEGIN(&w->cx, w->store);

    if (rc < 0)
        return rc;
    rc = fn(t, NULL);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

static int take_file(struct taking *t)
{
    struct work *w = t->w;
    const struct fixed_layout *layout;
    const char *path = str_c(w->cx.arena, job_option(t->job, "path"));
    int rc = path ? file_read(&w->cx, path, FILE_MAXIMUM, &t->file) : no_memory(w);

    rc = rc < 0 ? rc : pension_layout(w, &layout);
    if (rc < 0)
        return rc;
    t->data = fixed_record_of(layout, "data");
    sha256_hex(text_str(&t->file), t->sha256);
    rc = intake_need(w, STR("pension_take"), STR("federation"), STR("line"));
    rc = rc < 0 ? rc : pension_read(w, text_str(&t->file), &t->in);
    rc = rc < 0 ? rc : check_all(t);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                      .purpose = STR("levy.pension_file"),
                                                      .query = t->in.notice.notice,
                                                      .count = (int64_t)t->in.n});
    if (rc < 0)
        return rc;
    if (t->in.n_problems == 0)
        return in_transaction(t, write_good);
    rc = in_transaction(t, write_problems);
    return rc < 0 ? rc : fail(&w->cx, ERR_INVALID, "levy.pension.refused", "%zu", t->in.n_problems);
}

static int take_one_file(struct work *w, struct job *job)
{
    struct taking *t = ARENA_NEW(w->cx.arena, struct taking);

    if (!t)
        return no_memory(w);
    *t = (struct taking){.w = w, .job = job};
    text_init(&t->file, FILE_MAXIMUM);
    const int rc = take_file(t);
    text_release(&t->file);
    return rc < 0 ? error_add(&w->cx, "take a file of the federation") : OK;
}

int pension_take_job(struct work *w, struct job *job)
{
    return pension_as_of(w, job, take_one_file);
}
