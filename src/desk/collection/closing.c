/* The end of an accounting year: what is unpaid is carried over. */
#include "desk/collection/closing.h"
#include "collection_sql.h"

enum { PIECE = 2000 }; /* instalments of a transaction */

static int number_option(struct work *w, const struct job *job, const char *name, int64_t *out)
{
    return str_to_int(job_option(job, name), out)
               ? OK
               : fail(&w->cx, ERR_INVALID, "collection.closing.option", "%s", name);
}

static int write_row(struct work *w, int64_t event_no, struct collection_closing row)
{
    const int rc = store_ids(&w->cx, w->store, 1, &row.closing_row_id);

    row.known_from = event_no;
    return rc < 0 ? rc : collection_closing_insert(&w->cx, w->store, &row);
}

static int commit(struct work *w, int rc)
{
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

/* --- the draft ----------------------------------------------------------------------------------
 */

static int put_figures(struct work *w, struct job *job, const struct collection_closing *c)
{
    const struct {
        const char *name;
        int64_t value;
    } figures[] = {{"closing", c->closing_no},
                   {"debtors", c->debtors},
                   {"instalments", c->instalments},
                   {"carried_yen", c->carried_yen.n}};
    int rc = OK;

    for (size_t i = 0; i < sizeof figures / sizeof *figures && rc >= 0; i++)
        rc = job_figure(w, job, figures[i].name, figures[i].value);
    job_progress(job)->total = job_progress(job)->done = 1;
    return rc < 0 ? rc : job_checkpoint(w, job);
}

static int draft(struct work *w, struct job *job, int64_t year)
{
    const struct collection_closing_totals_in q = {year};
    const struct collection_closing_last_in l = {year};
    struct collection_closing_totals_row totals;
    struct collection_closing_last_row last;
    struct event e = work_event(w, "collection.closing");
    int rc = event_open(&w->cx, w->store, &e);

    rc = rc < 0 ? rc : collection_closing_totals(&w->cx, w->store, &q, &totals);
    rc = rc < 0 ? rc : collection_closing_last(&w->cx, w->store, &l, &last);
    if (rc < 0)
        return rc;
    if (last.done > 0)
        return fail(&w->cx, ERR_DUPLICATE, "collection.closing.done", "%lld", (long long)year);
    const struct collection_closing row = {.closing_no = last.last_no + 1,
                                           .booked_year = year,
                                           .stage = CLOSING_DRAFT,
                                           .debtors = totals.debtors,
                                           .instalments = totals.instalments,
                                           .carried_yen = totals.carried_yen,
                                           .officer = w->actor->user_id};
    rc = write_row(w, e.no, row);
    return rc < 0 ? rc : put_figures(w, job, &row);
}

int closing_draft_run(struct work *w, struct job *job)
{
    int64_t year = 0;
    struct ymd day = w->today;
    const struct str as_of = job_option(job, "as-of");
    int rc = number_option(w, job, "year", &year);

    if (rc >= 0 && as_of.n > 0 && !ymd_parse(as_of, &day))
        rc = fail(&w->cx, ERR_INVALID, "collection.closing.option", "as-of");
    if (rc >= 0 && ymd_compare(day, ymd_of((int)year + 1, 5, 31)) < 0)
        rc = fail(&w->cx, ERR_INVALID, "collection.closing.early", "%lld", (long long)year);
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    return rc < 0 ? rc : commit(w, draft(w, job, year));
}

/* --- confirming ---------------------------------------------------------------------------------
 */

struct carrying {
    struct work *w;
    struct job *job;
    struct collection_closing_by_no_row closing;
    int64_t event_no;
    bool is_done;
};

static int next_stage(struct carrying *c, enum closing_stage stage)
{
    struct work *w = c->w;
    const struct collection_closing_by_no_row *r = &c->closing;
    const struct collection_closing row = {.closing_no = r->closing_no,
                                           .booked_year = r->booked_year,
                                           .stage = stage,
                                           .debtors = r->debtors,
                                           .instalments = r->instalments,
                                           .carried_yen = r->carried_yen,
                                           .officer = w->actor->user_id};
    const int rc = collection_closing_close(&w->cx, w->store, r->closing_row_id, c->event_no);
    return rc < 0 ? rc : write_row(w, c->event_no, row);
}

/* The totals the chief saw are the draft's, and the ledger's still. */
static int check_totals(struct carrying *c)
{
    struct work *w = c->w;
    const struct collection_closing_totals_in q = {c->closing.booked_year};
    struct collection_closing_totals_row now;
    int64_t debtors = 0;
    int64_t yen = 0;
    int rc = number_option(w, c->job, "debtors", &debtors);

    rc = rc < 0 ? rc : number_option(w, c->job, "yen", &yen);
    rc = rc < 0 ? rc : collection_closing_totals(&w->cx, w->store, &q, &now);
    if (rc < 0)
        return rc;
    if (debtors != c->closing.debtors || yen != c->closing.carried_yen.n)
        return fail(&w->cx, ERR_INVALID, "collection.closing.totals", "%lld, %lld",
                    (long long)c->closing.debtors, (long long)c->closing.carried_yen.n);
    if (now.debtors != debtors || now.carried_yen.n != yen)
        return fail(&w->cx, ERR_STALE, "collection.closing.stale", "%lld, %lld",
                    (long long)now.debtors, (long long)now.carried_yen.n);
    return OK;
}

static int confirm_begin(struct carrying *c)
{
    struct work *w = c->w;
    struct event e = work_event(w, "collection.closing");
    int rc;

    if (c->closing.stage == CLOSING_CONFIRMING)
        return OK; /* was stopped on the way */
    if (c->closing.stage != CLOSING_DRAFT)
        return fail(&w->cx, ERR_INVALID, "collection.closing.done", "%lld",
                    (long long)c->closing.booked_year);
    if (c->closing.officer == w->actor->user_id && w->actor->user_id != 0)
        return fail(&w->cx, ERR_DENIED, "collection.closing.same_person", NULL);
    rc = check_totals(c);
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = event_open(&w->cx, w->store, &e);
    c->event_no = e.no;
    return commit(w, rc < 0 ? rc : next_stage(c, CLOSING_CONFIRMING));
}

static struct posting posting_of(const struct collection_closing_page_row *r, enum account account,
                                 int sign)
{
    return (struct posting){.number = (int)r->number,
                            .account = account,
                            .yen = YEN(sign * r->yen.n),
                            .part = {YEN(sign * r->medical_yen.n), YEN(sign * r->support_yen.n),
                                     YEN(sign * r->care_yen.n), YEN(sign * r->child_yen.n)}};
}

/* Out of the books of one year and into those of the next, instalment by instalment. */
static int carry(struct carrying *c, const struct collection_closing_page_row *rows, size_t n)
{
    struct work *w = c->w;
    struct posting *p = ARENA_ARRAY(w->cx.arena, 4 * n + 1, struct posting);
    struct entry *e = ARENA_ARRAY(w->cx.arena, 2 * n + 1, struct entry);
    const int from = (int)c->closing.booked_year;

    if (!p || !e)
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < n; i++) {
        for (int side = 0; side < 2; side++) {
            const int sign = side == 0 ? -1 : 1;
            struct posting *two = &p[4 * i + 2 * (size_t)side];
            two[0] = posting_of(&rows[i], ACCOUNT_DUE, sign);
            two[1] = posting_of(&rows[i], ACCOUNT_CARRIED, -sign);
            e[2 * i + (size_t)side] =
                (struct entry){.kind = STR("carry_over"),
                               .liability_id = rows[i].liability_id,
                               .accounting =
                                   side == 0 ? ymd_of(from + 1, 5, 31) : ymd_of(from + 1, 6, 1),
                               .value = ymd_of(from + 1, 6, 1),
                               .basis_id = c->closing.closing_no,
                               .postings = two,
                               .n = 2,
                               .booked_year = from + side};
        }
    }
    return ledger_post(w, c->event_no, e, 2 * n);
}

static int note_liabilities(struct carrying *c, const struct collection_closing_page_row *rows,
                            size_t n)
{
    struct work *w = c->w;
    struct collection_carry_over *out =
        ARENA_ARRAY(w->cx.arena, n + 1, struct collection_carry_over);
    size_t made = 0;
    int64_t id = 0;
    int rc = out ? store_ids(&w->cx, w->store, (int64_t)n, &id)
                 : fail(&w->cx, ERR_MEMORY, "memory", NULL);

    for (size_t i = 0; rc >= 0 && i < n; i++) {
        if (made == 0 || out[made - 1].liability_id != rows[i].liability_id)
            out[made++] = (struct collection_carry_over){.carry_over_id = id++,
                                                         .liability_id = rows[i].liability_id,
                                                         .from_year = c->closing.booked_year,
                                                         .to_year = c->closing.booked_year + 1,
                                                         .known_from = c->event_no};
        out[made - 1].yen = yen_add(out[made - 1].yen, rows[i].yen);
    }
    return rc < 0 ? rc : collection_carry_over_bulk(&w->cx, w->store, out, made);
}

/* A liability is carried over whole: what the page cuts is left to the next one. */
static size_t whole_liabilities(const struct collection_closing_page_list *page)
{
    size_t n = page->n;

    if (n < PIECE)
        return n;
    while (n > 1 && page->rows[n - 1].liability_id == page->rows[page->n - 1].liability_id)
        n--;
    return n;
}

static int write_piece(struct carrying *c)
{
    struct work *w = c->w;
    struct job_progress *progress = job_progress(c->job);
    const struct collection_closing_page_in q = {c->closing.booked_year, progress->cursor, PIECE};
    struct collection_closing_page_list page;
    struct event e = work_event(w, "collection.closing");
    int rc = collection_closing_page(&w->cx, w->store, &q, &page);

    rc = rc < 0 ? rc : event_open(&w->cx, w->store, &e);
    if (rc < 0)
        return rc;
    c->event_no = e.no;
    c->is_done = page.n == 0;
    if (c->is_done) {
        rc = next_stage(c, CLOSING_DONE);
    } else {
        const size_t n = whole_liabilities(&page);
        rc = carry(c, page.rows, n);
        rc = rc < 0 ? rc : note_liabilities(c, page.rows, n);
        progress->cursor = page.rows[n - 1].liability_id;
        progress->done += (int64_t)n;
        progress->total = c->closing.instalments;
    }
    rc = rc < 0 ? rc : job_checkpoint(w, c->job);
    return rc < 0 ? rc : FAULT(&w->cx, "collection.closing.piece");
}

int closing_confirm_run(struct work *w, struct job *job)
{
    struct carrying c = {.w = w, .job = job};
    int64_t no = 0;
    int rc = number_option(w, job, "closing", &no);
    const struct collection_closing_by_no_in q = {no};

    rc = rc < 0 ? rc : collection_closing_by_no(&w->cx, w->store, &q, &c.closing);
    if (rc == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "collection.closing.none", "%lld", (long long)no);
    rc = rc < 0 ? rc : confirm_begin(&c);
    rc = rc < 0 ? rc : collection_closing_by_no(&w->cx, w->store, &q, &c.closing);
    while (rc >= 0 && !c.is_done) {
        const struct arena_mark mark = arena_mark(w->cx.arena);
        rc = STORE_BEGIN(&w->cx, w->store);
        rc = rc < 0 ? rc : commit(w, write_piece(&c));
        arena_rewind(w->cx.arena, mark);
    }
    return rc < 0 ? error_add(&w->cx, "carry over") : OK;
}
