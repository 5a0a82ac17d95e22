/*
 * A second person confirms a draft against its totals: only then dunnings and reminders exist, with
 * number, day, basis and who decided. What was paid since it was drafted is left out and listed. A
 * piece is one event; the cursor commits with it.
 */
#include "collection_sql.h"
#include "desk/collection/dunning.h"
#include "desk/collection/ledger.h"

#include <string.h>

enum { PIECE = 500 };

struct confirming {
    struct work *w;
    struct job *job;
    struct collection_draft_get_row draft;
    struct ymd issue;
    struct dunning_terms law;
    int law_year;
    bool with_receipt;
    size_t n; /* of the piece in hand */
};

/* --- may it be confirmed
 * ---------------------------------------------------------------------------- */

static int check_totals(struct confirming *c)
{
    struct work *w = c->w;
    int64_t letters, yen;
    if (!str_to_int(job_option(c->job, "letters"), &letters) ||
        !str_to_int(job_option(c->job, "total"), &yen)) {
        return fail(&w->cx, ERR_INVALID, "levy.confirm.totals_missing", NULL);
    }
    return letters == c->draft.letters && yen == c->draft.letters_yen.n
               ? OK
               : fail(&w->cx, ERR_INVALID, "levy.confirm.totals_differ", "%lld, %lld",
                      (long long)c->draft.letters, (long long)c->draft.letters_yen.n);
}

static int check_draft(struct confirming *c, const char *kind)
{
    struct work *w = c->w;
    const bool demo = w->actor->user_id == 0 && office_is_demo(w->office);
    int64_t no = 0;
    int rc = work_need(w, RIGHT_LEVY_CONFIRM);
    if (rc >= 0 && !str_to_int(job_option(c->job, "draft"), &no)) {
        return fail(&w->cx, ERR_INVALID, "levy.draft.number", NULL);
    }
    const struct collection_draft_get_in in = {no};
    rc = rc < 0 ? rc : collection_draft_get(&w->cx, w->store, &in, &c->draft);
    if (rc < 0) {
        return rc;
    }
    if (rc == 0 || !str_is(c->draft.kind, kind)) {
        return fail(&w->cx, ERR_NOT_FOUND, "levy.draft.none", "%lld", (long long)no);
    }
    if (w->actor->user_id == c->draft.run_by && !demo) {
        return fail(&w->cx, ERR_DENIED, "levy.confirm.same_person", NULL);
    }
    if (!ymd_parse(job_option(c->job, "issue-date"), &c->issue) ||
        ymd_compare(c->issue, c->draft.as_of_ymd) < 0) {
        return fail(&w->cx, ERR_INVALID, "collection.dunning.issue", NULL);
    }
    return check_totals(c);
}

/* Ready to confirming, once; a killed job finds it confirming and goes on. */
static int begin(struct confirming *c)
{
    struct work *w = c->w;
    if (c->draft.status == LETTERS_CONFIRMING) {
        return OK;
    }
    const struct collection_draft_status_in in = {.draft_no = c->draft.draft_no,
                                                  .before = LETTERS_READY,
                                                  .after = LETTERS_CONFIRMING,
                                                  .confirmed_by = w->actor->user_id,
                                                  .issue_ymd = c->issue};
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = collection_draft_status(&w->cx, w->store, &in);
    rc = rc == 0 ? fail(&w->cx, ERR_STALE, "levy.confirm.not_ready", "%lld",
                        (long long)c->draft.draft_no)
                 : rc;
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

static struct event piece_event(struct confirming *c, const char *kind)
{
    struct event e = work_event(c->w, kind);
    e.effective = c->issue;
    e.approved_by = c->w->actor->user_id;
    e.status = EVENT_APPROVED;
    return e;
}

static int law_of(struct confirming *c, int levy_year)
{
    if (c->law_year == levy_year) {
        return OK;
    }
    c->law_year = levy_year;
    return dunning_terms_of(c->w, levy_year, &c->law);
}

/* --- dunnings
 * ------------------------------------------------------------------------------------------ */

static int leave_out(struct confirming *c, const struct collection_confirm_page_row *r)
{
    struct work *w = c->w;
    const enum dunning_reason reason = r->balance_yen.n <= 0 ? DUNNING_PAID : DUNNING_CHANGED;
    const struct collection_draft_row_reason_in in = {r->draft_row_id, reason};
    const int rc = collection_draft_row_reason(&w->cx, w->store, &in);
    job_progress(c->job)->skipped++;
    return rc < 0 ? rc
                  : job_note(w, c->job, false, r->debtor_id, dunning_reason_message(reason),
                             str_format(w->cx.arena, "%lld-%lld", (long long)r->levy_year,
                                        (long long)r->number));
}

static int dunning_of(struct confirming *c, const struct collection_confirm_page_row *r,
                      struct collection_dunning *out)
{
    const int rc = law_of(c, (int)r->levy_year);
    *out = (struct collection_dunning){
        .liability_id = r->liability_id,
        .number = r->number,
        .debtor_id = r->debtor_id,
        .due_ymd = r->due_ymd,
        .balance_yen = r->balance_yen,
        .fee_yen = c->law.fee,
        .decided_ymd = c->w->today,
        .issue_ymd = c->issue,
        .pay_by_ymd = ymd_next_open(ymd_add(c->issue, (int)c->law.pay_days)),
        .lapse_ymd = lapse_after_dunning(&c->law, r->kind, c->issue),
        .basis = r->kind,
        .officer_id = c->w->actor->user_id,
        .draft_no = c->draft.draft_no,
        .hand_reason = r->reason,
    };
    return rc;
}

static int post_fees(struct confirming *c, const struct collection_dunning *rows, size_t n)
{
    struct work *w = c->w;
    int rc = OK;
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        const struct collection_dunning *d = &rows[i];
        const struct posting lines[2] = {
            {.number = (int)d->number, .account = ACCOUNT_FEE_DUE, .yen = d->fee_yen},
            {.number = (int)d->number, .account = ACCOUNT_DUNNING_FEE, .yen = YEN(-d->fee_yen.n)}};
        const struct entry e = {.kind = STR("dunning_fee"),
                                .liability_id = d->liability_id,
                                .accounting = c->issue,
                                .value = c->issue,
                                .basis_id = d->dunning_id,
                                .postings = lines,
                                .n = 2};
        rc = d->fee_yen.n > 0 ? ledger_post(w, d->known_from, &e, 1) : OK;
    }
    return rc;
}

static int write_dunnings(struct confirming *c, struct collection_dunning *rows, size_t n)
{
    struct work *w = c->w;
    struct event e = piece_event(c, "collection.dunning");
    const struct str series =
        str_format(w->cx.arena, "collection.dunning.%d", ymd_fiscal_year(c->issue));
    int64_t id = 0, no = 0;
    if (n == 0) {
        return OK;
    }
    int rc = series.p ? event_open(&w->cx, w->store, &e) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, (int64_t)n, &id);
    rc = rc < 0 ? rc : store_number(&w->cx, w->store, series, (int64_t)n, &no);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        rows[i].dunning_id = id + (int64_t)i;
        rows[i].dunning_no = no + (int64_t)i;
        rows[i].known_from = e.no;
    }
    rc = rc < 0 ? rc : collection_dunning_bulk(&w->cx, w->store, rows, n);
    rc = rc < 0 ? rc : post_fees(c, rows, n);
    job_progress(c->job)->done += (int64_t)n;
    return rc < 0 ? rc : work_event_tell(w, &e);
}

static int dunning_piece(struct confirming *c)
{
    struct work *w = c->w;
    const struct collection_confirm_page_in in = {c->draft.draft_no, job_progress(c->job)->cursor,
                                                  PIECE};
    struct collection_confirm_page_list page;
    size_t n = 0;
    int rc = collection_confirm_page(&w->cx, w->store, &in, &page);
    struct collection_dunning *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, page.n + 1, struct collection_dunning);
    if (!rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; rc >= 0 && i < page.n; i++) {
        const struct collection_confirm_page_row *r = &page.rows[i];
        rc = r->balance_yen.n <= 0 || r->is_dunned ? leave_out(c, r) : dunning_of(c, r, &rows[n++]);
    }
    rc = rc < 0 ? rc : write_dunnings(c, rows, n);
    c->n = page.n;
    if (page.n > 0) {
        job_progress(c->job)->cursor = page.rows[page.n - 1].draft_row_id;
    }
    return rc;
}

/* --- reminders
 * ------------------------------------------------------------------------------------------- */

struct reminding {
    struct confirming *c;
    struct collection_draft_debtors_list debtors;
    struct collection_draft_rows_of_debtors_list drafted;
    struct late_instalments late;
    struct collection_reminder *rows;
    struct collection_reminder_item *items;
    size_t n_rows, n_items;
};

static bool is_drafted(const struct reminding *x, const struct late_instalment *l)
{
    for (size_t i = 0; i < x->drafted.n; i++) {
        const struct collection_draft_rows_of_debtors_row *r = &x->drafted.rows[i];
        if (r->liability_id == l->liability_id && r->number == l->number) {
            return true;
        }
    }
    return false;
}

static int reminder_of(struct reminding *x, const struct collection_draft_debtors_row *d)
{
    struct confirming *c = x->c;
    struct collection_reminder *r = &x->rows[x->n_rows];
    const size_t first = x->n_items;
    int rc = OK;
    *r = (struct collection_reminder){.debtor_id = d->debtor_id,
                                      .as_of_ymd = c->draft.as_of_ymd,
                                      .decided_ymd = c->w->today,
                                      .issue_ymd = c->issue,
                                      .with_receipt = c->with_receipt,
                                      .basis = STR("nhi_fee"),
                                      .officer_id = c->w->actor->user_id,
                                      .draft_no = c->draft.draft_no,
                                      .hand_reason = d->hand_reason};
    for (size_t i = 0; rc >= 0 && i < x->late.n; i++) {
        const struct late_instalment *l = &x->late.rows[i];
        if (l->debtor_id != d->debtor_id || !is_drafted(x, l)) {
            continue;
        }
        rc = law_of(c, l->c.levy_year);
        x->items[x->n_items++] =
            (struct collection_reminder_item){.reminder_id = (int64_t)x->n_rows, /* set below */
                                              .liability_id = l->liability_id,
                                              .number = l->number,
                                              .balance_yen = l->balance,
                                              .late_yen = l->late_due};
        r->balance_yen = yen_add(r->balance_yen, l->balance);
        r->late_yen = yen_add(r->late_yen, l->late_due);
        r->basis = l->c.kind;
    }
    r->pay_by_ymd = ymd_next_open(ymd_add(c->issue, (int)c->law.pay_days));
    if (rc >= 0 && x->n_items == first) {
        job_progress(c->job)->skipped++;
        return job_note(c->w, c->job, false, d->debtor_id, dunning_reason_message(DUNNING_PAID),
                        STR(""));
    }
    x->n_rows++;
    return rc;
}

static int write_reminders(struct reminding *x)
{
    struct confirming *c = x->c;
    struct work *w = c->w;
    struct event e = piece_event(c, "collection.reminder");
    const struct str series =
        str_format(w->cx.arena, "collection.reminder.%d", ymd_fiscal_year(c->issue));
    int64_t id = 0, no = 0;
    if (x->n_rows == 0) {
        return OK;
    }
    int rc = series.p ? event_open(&w->cx, w->store, &e) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, (int64_t)(x->n_rows + x->n_items), &id);
    rc = rc < 0 ? rc : store_number(&w->cx, w->store, series, (int64_t)x->n_rows, &no);
    for (size_t i = 0; i < x->n_items; i++) {
        x->items[i].reminder_id += id;
        x->items[i].reminder_item_id = id + (int64_t)(x->n_rows + i);
        x->items[i].known_from = e.no;
    }
    for (size_t i = 0; i < x->n_rows; i++) {
        x->rows[i].reminder_id = id + (int64_t)i;
        x->rows[i].reminder_no = no + (int64_t)i;
        x->rows[i].known_from = e.no;
    }
    rc = rc < 0 ? rc : collection_reminder_bulk(&w->cx, w->store, x->rows, x->n_rows);
    rc = rc < 0 ? rc : collection_reminder_item_bulk(&w->cx, w->store, x->items, x->n_items);
    job_progress(c->job)->done += (int64_t)x->n_rows;
    return rc < 0 ? rc : work_event_tell(w, &e);
}

static int reminder_read(struct reminding *x, const int64_t *ids, size_t n)
{
    struct work *w = x->c->w;
    const struct collection_draft_rows_of_debtors_in in = {x->c->draft.draft_no, {ids, n}};
    int rc = collection_draft_rows_of_debtors(&w->cx, w->store, &in, &x->drafted);
    rc = rc < 0 ? rc : late_of_debtors(w, ids, n, x->c->draft.as_of_ymd, &x->late);
    x->rows = ARENA_ARRAY(w->cx.arena, n + 1, struct collection_reminder);
    x->items = ARENA_ARRAY(w->cx.arena, x->late.n + 1, struct collection_reminder_item);
    return rc < 0 || (x->rows && x->items) ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static int reminder_piece(struct confirming *c)
{
    struct work *w = c->w;
    struct reminding x = {.c = c};
    const struct collection_draft_debtors_in in = {c->draft.draft_no, job_progress(c->job)->cursor,
                                                   PIECE};
    int rc = collection_draft_debtors(&w->cx, w->store, &in, &x.debtors);
    int64_t *ids = rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, x.debtors.n + 1, int64_t);
    c->n = rc < 0 ? 0 : x.debtors.n;
    if (rc < 0 || c->n == 0) {
        return rc;
    }
    if (!ids) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < c->n; i++) {
        ids[i] = x.debtors.rows[i].debtor_id;
    }
    rc = reminder_read(&x, ids, c->n);
    for (size_t i = 0; rc >= 0 && i < c->n; i++) {
        rc = reminder_of(&x, &x.debtors.rows[i]);
    }
    job_progress(c->job)->cursor = ids[c->n - 1];
    return rc < 0 ? rc : write_reminders(&x);
}

/* --- the jobs
 * -----------------------------------------------------------------------------------------------
 */

static int piece(struct confirming *c, int (*one)(struct confirming *))
{
    struct work *w = c->w;
    const struct arena_mark mark = arena_mark(w->cx.arena);
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = one(c);
    rc = rc < 0 ? rc : FAULT(&w->cx, "collection.dunning.confirm");
    rc = rc < 0 ? rc : job_checkpoint(w, c->job);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    rc = store_commit(&w->cx, w->store);
    arena_rewind(w->cx.arena, mark);
    return rc;
}

static int end(struct confirming *c)
{
    struct work *w = c->w;
    const struct collection_draft_status_in in = {.draft_no = c->draft.draft_no,
                                                  .before = LETTERS_CONFIRMING,
                                                  .after = LETTERS_CONFIRMED,
                                                  .confirmed_by_null = true,
                                                  .issue_ymd = YMD_NONE};
    const struct job_progress *g = job_progress(c->job);
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = collection_draft_status(&w->cx, w->store, &in);
    rc = rc < 0 ? rc : job_figure(w, c->job, "letters", g->done);
    rc = rc < 0 ? rc : job_figure(w, c->job, "left_out", g->skipped);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

static int run(struct work *w, struct job *job, const char *kind, int (*one)(struct confirming *))
{
    struct confirming c = {.w = w, .job = job};
    int rc = check_draft(&c, kind);
    const struct str terms = rc < 0 ? STR("") : c.draft.terms;
    c.with_receipt = memmem(terms.p, terms.n, "receipt=yes", strlen("receipt=yes")) != NULL;
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                      .purpose = str_of(kind),
                                                      .query = job_option(job, "draft"),
                                                      .count = c.draft.letters});
    rc = rc < 0 ? rc : begin(&c);
    do {
        rc = rc < 0 ? rc : piece(&c, one);
    } while (rc >= 0 && c.n == PIECE);
    return rc < 0 ? error_add(&w->cx, "confirm letters of arrears") : end(&c);
}

int dunning_confirm_job(struct work *w, struct job *job)
{
    return run(w, job, "dunning", dunning_piece);
}

int reminder_confirm_job(struct work *w, struct job *job)
{
    return run(w, job, "reminder", reminder_piece);
}

int dunning_drop(struct work *w, int64_t draft_no)
{
    const struct collection_draft_status_in in = {.draft_no = draft_no,
                                                  .before = LETTERS_READY,
                                                  .after = LETTERS_DROPPED,
                                                  .confirmed_by_null = true,
                                                  .issue_ymd = YMD_NONE};
    const struct collection_draft_rows_drop_in rows = {draft_no};
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = collection_draft_status(&w->cx, w->store, &in);
    rc = rc == 0 ? fail(&w->cx, ERR_STALE, "levy.confirm.not_ready", "%lld", (long long)draft_no)
                 : rc;
    rc = rc < 0 ? rc : collection_draft_rows_drop(&w->cx, w->store, &rows);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}
