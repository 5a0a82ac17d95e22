/* Cleaning of what has passed the holding period, a piece of liabilities at a time. */
#include "desk/collection/clean.h"
#include "collection_sql.h"
#include "desk/collection/ledger.h"

enum { PIECE = 200 };

struct cleaning {
    struct work *w;
    struct job *job;
    struct ymd before; /* the last transaction lies before this day */
    bool only_counts;
    bool is_done;
    int64_t liabilities, instalments, postings, charged;
};

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

struct ids {
    int64_t *rows;
    size_t n;
};

static int purge(struct cleaning *c, const struct store_table *t, const struct ids *ids,
                 int64_t event_no)
{
    const struct store_id_list list = {ids->rows, ids->n};
    return ids->n == 0 ? OK : store_purge(&c->w->cx, c->w->store, t, &list, event_no);
}

/* Statements that give one id a row come under different names. */
#define TAKE_IDS(c, list, out)                                                                     \
    do {                                                                                           \
        (out)->n = (list).n;                                                                       \
        (out)->rows = ARENA_ARRAY((c)->w->cx.arena, (list).n + 1, int64_t);                        \
        for (size_t take_i = 0; (out)->rows && take_i < (list).n; take_i++)                        \
            (out)->rows[take_i] = (list).rows[take_i].row_id;                                      \
    } while (0)

static int purge_journal(struct cleaning *c, const struct store_id_list *of, int64_t event_no)
{
    struct work *w = c->w;
    const struct collection_clean_postings_in p = {*of};
    const struct collection_clean_entries_in e = {*of};
    struct collection_clean_postings_list postings;
    struct collection_clean_entries_list entries;
    struct ids ids = {NULL, 0};
    int rc = collection_clean_postings(&w->cx, w->store, &p, &postings);

    rc = rc < 0 ? rc : collection_clean_entries(&w->cx, w->store, &e, &entries);
    if (rc < 0)
        return rc;
    TAKE_IDS(c, postings, &ids);
    rc = ids.rows ? purge(c, &collection_posting_table, &ids, event_no) : no_memory(w);
    if (rc < 0)
        return rc;
    c->postings += (int64_t)ids.n;
    TAKE_IDS(c, entries, &ids);
    return ids.rows ? purge(c, &collection_journal_entry_table, &ids, event_no) : no_memory(w);
}

static int purge_receipts(struct cleaning *c, const struct store_id_list *of, int64_t event_no)
{
    struct work *w = c->w;
    const struct collection_clean_treatments_in t = {*of};
    const struct collection_clean_receipts_in r = {*of};
    struct collection_clean_treatments_list treatments;
    struct collection_clean_receipts_list receipts;
    struct ids ids = {NULL, 0};
    int rc = collection_clean_treatments(&w->cx, w->store, &t, &treatments);

    rc = rc < 0 ? rc : collection_clean_receipts(&w->cx, w->store, &r, &receipts);
    if (rc < 0)
        return rc;
    TAKE_IDS(c, treatments, &ids);
    rc = ids.rows ? purge(c, &collection_receipt_treatment_table, &ids, event_no) : no_memory(w);
    if (rc < 0)
        return rc;
    TAKE_IDS(c, receipts, &ids);
    return ids.rows ? purge(c, &collection_receipt_table, &ids, event_no) : no_memory(w);
}

static int purge_instalments(struct cleaning *c,
                             const struct collection_clean_instalments_list *list, int64_t event_no)
{
    struct ids ids = {NULL, 0};

    TAKE_IDS(c, *list, &ids);
    c->instalments += (int64_t)ids.n;
    return ids.rows ? purge(c, &collection_instalment_table, &ids, event_no) : no_memory(c->w);
}

static int write_counts(struct cleaning *c, const struct collection_clean_candidates_list *list,
                        const struct collection_clean_instalments_list *periods, int64_t event_no)
{
    struct work *w = c->w;
    struct collection_cleaned *rows =
        ARENA_ARRAY(w->cx.arena, list->n + 1, struct collection_cleaned);
    int64_t id = 0;
    int rc = rows ? store_ids(&w->cx, w->store, (int64_t)list->n, &id) : no_memory(w);

    for (size_t i = 0; rc >= 0 && i < list->n; i++) {
        const struct collection_clean_candidates_row *r = &list->rows[i];
        rows[i] = (struct collection_cleaned){.cleaned_id = id + (int64_t)i,
                                              .liability_id = r->liability_id,
                                              .postings = r->postings,
                                              .charged_yen = r->charged_yen,
                                              .received_yen = r->received_yen,
                                              .written_off_yen = r->written_off_yen,
                                              .last_ymd = r->last_ymd,
                                              .known_from = event_no};
        for (size_t k = 0; k < periods->n; k++)
            rows[i].instalments += periods->rows[k].liability_id == r->liability_id;
        c->charged += r->charged_yen.n;
    }
    return rc < 0 ? rc : collection_cleaned_bulk(&w->cx, w->store, rows, list->n);
}

static int clean(struct cleaning *c, const struct collection_clean_candidates_list *list,
                 const struct store_id_list *of)
{
    struct work *w = c->w;
    struct event e = work_event(w, "collection.clean");
    const struct collection_clean_instalments_in q = {*of};
    struct collection_clean_instalments_list periods;
    int rc = event_open(&w->cx, w->store, &e);

    rc = rc < 0 ? rc : collection_clean_instalments(&w->cx, w->store, &q, &periods);
    rc = rc < 0 ? rc : write_counts(c, list, &periods, e.no);
    rc = rc < 0 ? rc : purge_receipts(c, of, e.no);
    rc = rc < 0 ? rc : purge_journal(c, of, e.no);
    return rc < 0 ? rc : purge_instalments(c, &periods, e.no);
}

static int put_figures(struct cleaning *c)
{
    const struct {
        const char *name;
        int64_t value;
    } figures[] = {{"liabilities", c->liabilities},
                   {"instalments", c->instalments},
                   {"postings", c->postings},
                   {"charged_yen", c->charged}};
    int rc = OK;

    for (size_t i = 0; i < sizeof figures / sizeof *figures && rc >= 0; i++)
        rc = job_figure(c->w, c->job, figures[i].name, figures[i].value);
    job_progress(c->job)->done = c->liabilities;
    return rc < 0 ? rc : job_checkpoint(c->w, c->job);
}

static int clean_piece(struct cleaning *c)
{
    struct work *w = c->w;
    struct job_progress *p = job_progress(c->job);
    const struct collection_clean_candidates_in q = {p->cursor, c->before, PIECE};
    struct collection_clean_candidates_list list;
    int rc = collection_clean_candidates(&w->cx, w->store, &q, &list);
    int64_t *ids = rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, int64_t);

    if (rc < 0 || !ids)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++)
        ids[i] = list.rows[i].liability_id;
    c->is_done = list.n < PIECE;
    c->liabilities += (int64_t)list.n;
    if (list.n > 0) {
        p->cursor = ids[list.n - 1];
        const struct store_id_list of = {ids, list.n};
        rc = c->only_counts ? OK : clean(c, &list, &of);
    }
    return rc < 0 ? rc : put_figures(c);
}

static int read_terms(struct cleaning *c)
{
    struct work *w = c->w;
    const struct str as_of = job_option(c->job, "as-of");
    struct ymd day = w->today;
    int64_t years = 0;

    if (as_of.n > 0 && !ymd_parse(as_of, &day))
        return fail(&w->cx, ERR_INVALID, "collection.closing.option", "as-of");
    if (!str_to_int(setting_get(w, "collection.keep"), &years) || years < 1 || years > 50)
        return fail(&w->cx, ERR_INVALID, "collection.clean.keep", NULL);
    /* whole fiscal years: kept from the end of the one of the last transaction */
    c->before = ymd_of(ymd_fiscal_year(day) - (int)years, 4, 1);
    c->only_counts = job_option(c->job, "only-count").n > 0;
    return OK;
}

int clean_run(struct work *w, struct job *job)
{
    struct cleaning c = {.w = w, .job = job};
    int rc = read_terms(&c);

    while (rc >= 0 && !c.is_done) {
        const struct arena_mark mark = arena_mark(w->cx.arena);
        rc = STORE_BEGIN(&w->cx, w->store);
        if (rc < 0)
            break;
        rc = clean_piece(&c);
        if (rc < 0)
            store_rollback(w->store);
        else
            rc = store_commit(&w->cx, w->store);
        arena_rewind(w->cx.arena, mark);
    }
    return rc < 0 ? error_add(&w->cx, "clean what has passed the holding period") : OK;
}
