/* Taking receipts: a file a piece at a time, the counter's at once; settling what was held. */
#include "desk/collection/receipt.h"
#include "collection_sql.h"
#include "desk/collection/receipt_write.h"

#include <string.h>

enum { PIECE = 2000 };

const char *channel_message(int channel)
{
    switch (channel) {
    case CHANNEL_COUNTER:
        return "collection.channel.counter";
    case CHANNEL_BANK:
        return "collection.channel.bank";
    case CHANNEL_DEBIT:
        return "collection.channel.debit";
    case CHANNEL_STORE:
        return "collection.channel.store";
    case CHANNEL_PAY_EASY:
        return "collection.channel.pay_easy";
    case CHANNEL_EL:
        return "collection.channel.el";
    case CHANNEL_SMARTPHONE:
        return "collection.channel.smartphone";
    case CHANNEL_POST:
        return "collection.channel.post";
    case CHANNEL_PENSION:
        return "collection.channel.pension";
    default:
        return "collection.channel.other";
    }
}

const char *receipt_reason_message(struct str reason)
{
    static const char *const ids[] = {"collection.reason.unknown",
                                      "collection.reason.double",
                                      "collection.reason.over",
                                      "collection.reason.short",
                                      "collection.reason.written_off",
                                      "collection.reason.cancelled",
                                      "collection.reason.no_preliminary"};
    const size_t prefix = sizeof "collection.reason." - 1;

    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        if (str_is(reason, ids[i] + prefix))
            return ids[i];
    }
    return "collection.reason.none";
}

const char *receipt_state_message(int64_t outcome, int64_t treatment)
{
    static const char *const told[] = {"collection.outcome.held", "collection.outcome.posted",
                                       "collection.outcome.held", "collection.outcome.expected",
                                       "collection.outcome.noted"};
    static const char *const treated[] = {"", "collection.treated.posted",
                                          "collection.treated.returned",
                                          "collection.treated.confirmed",
                                          "collection.treated.cancelled"};

    if (treatment >= TREATED_POSTED && treatment <= TREATED_CANCELLED)
        return treated[treatment];
    return told[outcome >= OUTCOME_POSTED && outcome <= OUTCOME_NOTED ? outcome : 0];
}

/* --- a file -------------------------------------------------------------------------------------
 */

static int write_file(struct work *w, int64_t event_no, const struct receipt_file *f,
                      const struct receipt_record *rows, size_t n, int64_t *id)
{
    struct collection_receipt_file row = {.channel = f->channel,
                                          .source = f->source.p ? f->source : STR(""),
                                          .file_name = f->name.p ? f->name : STR(""),
                                          .sha256 = str_of(f->sha256),
                                          .records = (int64_t)n,
                                          .known_from = event_no};
    for (size_t i = 0; i < n; i++)
        row.total_yen.n += rows[i].yen.n + rows[i].late.n + rows[i].fee.n;
    const int rc = store_ids(&w->cx, w->store, 1, id);
    row.receipt_file_id = *id;
    return rc < 0 ? rc : collection_receipt_file_insert(&w->cx, w->store, &row);
}

/* 1 and the id, 0 not taken yet. */
static int find_file(struct work *w, const struct receipt_file *f, int64_t *id)
{
    const struct collection_receipt_file_seen_in q = {str_of(f->sha256)};
    struct collection_receipt_file_seen_row row;
    const int rc = collection_receipt_file_seen(&w->cx, w->store, &q, &row);

    *id = rc > 0 ? row.receipt_file_id : 0;
    return rc;
}

static int check_record(struct work *w, const struct receipt_record *r)
{
    const bool is_wrong = r->yen.n < 0 || r->late.n < 0 || r->fee.n < 0 || r->stage < 1 ||
                          r->stage > STAGE_CANCELLED || ymd_is_none(r->paid) ||
                          ymd_is_none(r->accounting) || ymd_compare(r->accounting, r->paid) < 0;
    if (!is_wrong)
        return OK;
    (void)fail(&w->cx, ERR_INVALID, "collection.receipt.record", "%lld", (long long)r->notice_no);
    return fail_where(&w->cx, NULL, (int)r->line, 0, "record");
}

int receipts_post(struct work *w, int64_t event_no, const struct receipt_file *f,
                  const struct receipt_record *rows, size_t n, struct receipt_counts *out)
{
    struct clearing c = {.w = w, .event_no = event_no, .n = n, .counts = out};
    int rc = find_file(w, f, &c.file_id);

    *out = (struct receipt_counts){0};
    if (rc > 0)
        return fail(&w->cx, ERR_DUPLICATE, "party.import.seen", "%s", f->sha256);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = check_record(w, &rows[i]);
    c.rows = rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, n + 1, struct receipt_record);
    if (rc < 0 || !c.rows)
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    memcpy(c.rows, rows, n * sizeof *rows);
    rc = write_file(w, event_no, f, rows, n, &c.file_id);
    rc = rc < 0 ? rc : clearing_open(&c);
    return rc < 0 ? rc : clearing_write(&c);
}

/* --- a piece of it ------------------------------------------------------------------------------
 */

struct taking {
    struct work *w;
    struct job *job;
    const struct receipt_file *file;
    const struct receipt_record *rows;
    size_t n, at;
    struct receipt_counts *counts;
};

static void add(struct receipt_count *to, const struct receipt_count *n)
{
    to->n += n->n;
    to->yen.n += n->yen.n;
}

static int put_figures(struct taking *t)
{
    const struct {
        const char *n, *yen;
        const struct receipt_count *of;
    } figures[] = {{"posted", "posted_yen", &t->counts->posted},
                   {"held", "held_yen", &t->counts->held},
                   {"expected", "expected_yen", &t->counts->expected},
                   {"noted", "noted_yen", &t->counts->noted}};
    int rc = OK;

    for (size_t i = 0; i < sizeof figures / sizeof *figures && rc >= 0; i++) {
        rc = job_figure(t->w, t->job, figures[i].n, figures[i].of->n);
        rc = rc < 0 ? rc : job_figure(t->w, t->job, figures[i].yen, figures[i].of->yen.n);
    }
    return rc;
}

/* Figures of a job that was stopped go on from what its pieces had counted. */
static int read_figures(struct taking *t)
{
    struct job_figure_row *rows;
    size_t n = 0;
    int rc = t->job ? job_figures(t->w, job_id(t->job), &rows, &n) : OK;
    const struct {
        const char *name;
        int64_t *value;
    } figures[] = {
        {"posted", &t->counts->posted.n},     {"posted_yen", &t->counts->posted.yen.n},
        {"held", &t->counts->held.n},         {"held_yen", &t->counts->held.yen.n},
        {"expected", &t->counts->expected.n}, {"expected_yen", &t->counts->expected.yen.n},
        {"noted", &t->counts->noted.n},       {"noted_yen", &t->counts->noted.yen.n},
    };

    for (size_t i = 0; rc >= 0 && i < n; i++) {
        for (size_t k = 0; k < sizeof figures / sizeof *figures; k++) {
            if (str_is(rows[i].name, figures[k].name))
                *figures[k].value = rows[i].value;
        }
    }
    return rc < 0 ? rc : OK;
}

static int write_piece(struct taking *t, size_t n)
{
    struct work *w = t->w;
    struct event e = work_event(w, "collection.receipts");
    struct receipt_counts counts = {.posted = {.n = 0}};
    struct clearing c = {.w = w, .n = n, .counts = &counts};
    int rc = event_open(&w->cx, w->store, &e);

    c.event_no = e.no;
    c.rows = ARENA_ARRAY(w->cx.arena, n + 1, struct receipt_record);
    if (rc >= 0 && !c.rows)
        rc = fail(&w->cx, ERR_MEMORY, "memory", NULL);
    if (rc >= 0)
        memcpy(c.rows, t->rows + t->at, n * sizeof *c.rows);
    rc = rc < 0 ? rc : find_file(w, t->file, &c.file_id);
    if (rc >= 0 && t->at == 0)
        rc = rc > 0 ? fail(&w->cx, ERR_DUPLICATE, "party.import.seen", "%s", t->file->sha256)
                    : write_file(w, e.no, t->file, t->rows, t->n, &c.file_id);
    rc = rc < 0 ? rc : clearing_open(&c);
    rc = rc < 0 ? rc : clearing_write(&c);
    if (rc < 0)
        return rc;
    add(&t->counts->posted, &counts.posted);
    add(&t->counts->held, &counts.held);
    add(&t->counts->expected, &counts.expected);
    add(&t->counts->noted, &counts.noted);
    return OK;
}

static int take_piece(struct taking *t)
{
    struct work *w = t->w;
    const struct arena_mark mark = arena_mark(w->cx.arena);
    const size_t n = t->n - t->at < PIECE ? t->n - t->at : PIECE;
    int rc = STORE_BEGIN(&w->cx, w->store);

    if (rc < 0)
        return rc;
    rc = write_piece(t, n);
    t->at += n;
    if (rc >= 0 && t->job) {
        struct job_progress *p = job_progress(t->job);
        p->total = (int64_t)t->n;
        p->cursor = (int64_t)t->at;
        p->done = t->counts->posted.n + t->counts->noted.n + t->counts->expected.n;
        p->skipped = t->counts->held.n;
        rc = put_figures(t);
        rc = rc < 0 ? rc : job_checkpoint(w, t->job);
    }
    rc = rc < 0 ? rc : FAULT(&w->cx, "collection.receipts.piece");
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    rc = store_commit(&w->cx, w->store);
    arena_rewind(w->cx.arena, mark);
    return rc;
}

int receipts_take(struct work *w, struct job *job, const struct receipt_file *f,
                  const struct receipt_record *rows, size_t n, struct receipt_counts *out)
{
    struct taking t = {.w = w, .job = job, .file = f, .rows = rows, .n = n, .counts = out};
    int rc = OK;

    *out = (struct receipt_counts){0};
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = check_record(w, &rows[i]);
    if (rc >= 0 && job && job_progress(job)->cursor > 0) {
        t.at = (size_t)job_progress(job)->cursor;
        rc = read_figures(&t);
    }
    do
        rc = rc < 0 ? rc : take_piece(&t);
    while (rc >= 0 && t.at < n);
    return rc < 0 ? error_add(&w->cx, "take receipts") : OK;
}

/* --- settling -----------------------------------------------------------------------------------
 */

static int settle_row(struct work *w, int64_t event_no, const struct receipt_settling *s)
{
    struct collection_receipt_treatment row = {.receipt_id = s->receipt_id,
                                               .state = s->state,
                                               .levy_year = s->levy_year,
                                               .notice_no = s->notice_no,
                                               .number = s->number,
                                               .accounting_ymd = w->today,
                                               .reason = s->reason,
                                               .known_from = event_no};
    const int rc = store_ids(&w->cx, w->store, 1, &row.receipt_treatment_id);
    return rc < 0 ? rc : collection_receipt_treatment_insert(&w->cx, w->store, &row);
}

static int post_held(struct work *w, int64_t event_no, const struct receipt_settling *s,
                     const struct collection_receipt_by_id_row *r)
{
    struct receipt_counts counts;
    const int64_t whole = r->yen.n + r->late_yen.n + r->fee_yen.n;
    struct receipt_record record = {.channel = (int)r->channel,
                                    .stage = STAGE_FINAL,
                                    .line = r->line,
                                    .levy_year = s->levy_year,
                                    .notice_no = s->notice_no,
                                    .number = s->number,
                                    .is_divided = true,
                                    .yen = YEN(whole - s->late.n - s->fee.n),
                                    .late = s->late,
                                    .fee = s->fee,
                                    .paid = r->paid_ymd,
                                    .accounting = w->today};
    struct clearing c = {.w = w,
                         .event_no = event_no,
                         .rows = &record,
                         .n = 1,
                         .counts = &counts,
                         .kind = "reposted"};
    struct cleared x;

    if (record.yen.n < 0 || s->late.n < 0 || s->fee.n < 0)
        return fail(&w->cx, ERR_INVALID, "collection.settle.division", "%lld", (long long)whole);
    int rc = clearing_open(&c);
    struct clear_target *t = rc < 0 ? NULL : clearing_target(&c, &record);
    if (rc >= 0 && !t)
        rc = fail(&w->cx, ERR_NOT_FOUND, "collection.settle.unknown", "%d %lld %d", s->levy_year,
                  (long long)s->notice_no, s->number);
    if (rc < 0)
        return rc;
    clear_receipt(t, &record, &clear_all, &x);
    clearing_post(&c, t, &x, &record, s->receipt_id);
    return ledger_post(w, event_no, c.entries, c.n_entries);
}

int receipt_settle(struct work *w, int64_t event_no, const struct receipt_settling *s)
{
    const struct collection_receipt_by_id_in q = {s->receipt_id};
    struct collection_receipt_by_id_row r;
    int rc = collection_receipt_by_id(&w->cx, w->store, &q, &r);

    if (rc == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "collection.settle.none", "%lld",
                    (long long)s->receipt_id);
    if (rc > 0 && (r.outcome == OUTCOME_POSTED || r.outcome == OUTCOME_NOTED || !r.state_null))
        return fail(&w->cx, ERR_STALE, "collection.settle.done", "%lld", (long long)s->receipt_id);
    if (rc > 0 && r.outcome == OUTCOME_EXPECTED && s->state == TREATED_POSTED)
        return fail(&w->cx, ERR_INVALID, "collection.settle.expected", NULL);
    if (rc > 0 && s->state == TREATED_POSTED && r.stage != STAGE_FINAL)
        return fail(&w->cx, ERR_INVALID, "collection.settle.expected", NULL);
    rc = rc < 0 ? rc : settle_row(w, event_no, s);
    return rc < 0 || s->state != TREATED_POSTED ? rc : post_held(w, event_no, s, &r);
}
