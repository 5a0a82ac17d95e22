/* The journal: entries that sum to zero, and what follows a decision: liability and charge. */
#include "desk/collection/ledger.h"
#include "collection_sql.h"

static int64_t sum_of(const struct entry *e, int64_t part[LEVY_PARTS])
{
    int64_t sum = 0;
    for (int k = 0; k < LEVY_PARTS; k++) {
        part[k] = 0;
    }
    for (size_t i = 0; i < e->n; i++) {
        sum += e->postings[i].yen.n;
        for (int k = 0; k < LEVY_PARTS; k++) {
            part[k] += e->postings[i].part[k].n;
        }
    }
    return sum;
}

static int refuse_unbalanced(struct work *w, const struct entry *e)
{
    int64_t part[LEVY_PARTS];
    int64_t sum = sum_of(e, part);
    if (e->n == 0 || sum != 0 || part[0] || part[1] || part[2] || part[3]) {
        return fail(&w->cx, ERR_CORRUPT, "collection.unbalanced", "liability=%lld sum=%lld",
                    (long long)e->liability_id, (long long)sum);
    }
    return 0;
}

static struct collection_posting posting_row(const struct posting *p)
{
    return (struct collection_posting){
        .number = p->number,
        .account = (int64_t)p->account,
        .yen = p->yen,
        .medical_yen = p->part[PART_MEDICAL],
        .support_yen = p->part[PART_SUPPORT],
        .care_yen = p->part[PART_CARE],
        .child_yen = p->part[PART_CHILD],
    };
}

/* --- in which year's books
 * ------------------------------------------------------------------------
 */

int booked_year(int of_liability, struct ymd accounting)
{
    const int year = ymd_fiscal_year(accounting);
    int month = 0;
    int unused = 0;

    ymd_split(accounting, &unused, &month, &unused);
    const bool is_settling = month == 4 || month == 5;
    return is_settling && of_liability == year - 1 ? year - 1 : year;
}

static bool is_in_april_or_may(const struct entry *e)
{
    return booked_year(ymd_fiscal_year(e->accounting) - 1, e->accounting) !=
           ymd_fiscal_year(e->accounting);
}

/* The years of the liabilities, where the day leaves more than one answer. */
static int books_read(struct work *w, const struct entry *entries, size_t n,
                      struct collection_books_of_list *out)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n + 1, int64_t);
    size_t asked = 0;

    *out = (struct collection_books_of_list){NULL, 0};
    if (!ids)
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < n; i++) {
        if (entries[i].booked_year == 0 && is_in_april_or_may(&entries[i]))
            ids[asked++] = entries[i].liability_id;
    }
    const struct collection_books_of_in in = {{ids, asked}};
    return asked == 0 ? 0 : collection_books_of(&w->cx, w->store, &in, out);
}

static int64_t book_of(const struct collection_books_of_list *books, const struct entry *e)
{
    size_t low = 0;
    size_t high = books->n;

    if (e->booked_year)
        return e->booked_year;
    while (low < high) {
        const size_t at = low + (high - low) / 2;
        if (books->rows[at].liability_id < e->liability_id)
            low = at + 1;
        else
            high = at;
    }
    const bool is_found = low < books->n && books->rows[low].liability_id == e->liability_id;
    return is_found ? booked_year((int)books->rows[low].booked_year, e->accounting)
                    : ymd_fiscal_year(e->accounting);
}

/* --- rows --------------------------------------------------------------------------------- */

struct journal_rows {
    struct collection_books_of_list books;
    struct collection_journal_entry *entries;
    struct collection_posting *postings;
    size_t n_postings;
};

static int journal_rows_new(struct work *w, const struct entry *entries, size_t n,
                            struct journal_rows *out)
{
    *out = (struct journal_rows){0};
    for (size_t i = 0; i < n; i++) {
        out->n_postings += entries[i].n;
    }
    out->entries = ARENA_ARRAY(w->cx.arena, n, struct collection_journal_entry);
    out->postings = ARENA_ARRAY(w->cx.arena, out->n_postings, struct collection_posting);
    if (!out->entries || !out->postings) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    return books_read(w, entries, n, &out->books);
}

static void journal_fill(struct journal_rows *rows, const struct entry *entries, size_t n,
                         int64_t first_id, int64_t event_no)
{
    int64_t posting_id = first_id + (int64_t)n;
    struct collection_posting *p = rows->postings;
    for (size_t i = 0; i < n; i++) {
        const struct entry *e = &entries[i];
        rows->entries[i] = (struct collection_journal_entry){
            .entry_id = first_id + (int64_t)i,
            .kind = e->kind,
            .liability_id = e->liability_id,
            .accounting_ymd = e->accounting,
            .value_ymd = e->value,
            .booked_year = book_of(&rows->books, e),
            .basis_id = e->basis_id,
            .known_from = event_no,
        };
        bool is_charge = str_is(e->kind, "charge") || str_is(e->kind, "correction");
        for (size_t k = 0; k < e->n; k++, p++) {
            *p = posting_row(&e->postings[k]);
            p->posting_id = posting_id++;
            p->entry_id = rows->entries[i].entry_id;
            p->liability_id = e->liability_id;
            p->is_charge = is_charge;
            p->known_from = event_no;
        }
    }
}

int ledger_post(struct work *w, int64_t event_no, const struct entry *entries, size_t n)
{
    struct journal_rows rows;
    int64_t id;
    int rc = 0;
    for (size_t i = 0; i < n && rc >= 0; i++) {
        rc = refuse_unbalanced(w, &entries[i]);
    }
    if (rc < 0 || n == 0) {
        return rc;
    }
    rc = journal_rows_new(w, entries, n, &rows);
    if (rc >= 0) {
        rc = store_ids(&w->cx, w->store, (int64_t)(n + rows.n_postings), &id);
    }
    if (rc < 0) {
        return rc;
    }
    journal_fill(&rows, entries, n, id, event_no);
    rc = collection_journal_entry_bulk(&w->cx, w->store, rows.entries, n);
    if (rc >= 0) {
        rc = collection_posting_bulk(&w->cx, w->store, rows.postings, rows.n_postings);
    }
    return rc < 0 ? error_add(&w->cx, "post %zu entries", n) : 0;
}

/* --- the charge that follows a decision --------------------------------------------------- */

struct charge {
    struct collection_liability *liabilities;
    struct collection_instalment *instalments;
    struct entry *entries;
    struct posting *postings;
    size_t n, n_instalments;
};

static int charge_new(struct work *w, const struct decisions *d, struct charge *out)
{
    *out = (struct charge){0};
    for (size_t i = 0; i < d->n; i++) {
        out->n += d->rows[i].schedule.n > 0;
        out->n_instalments += d->rows[i].schedule.n;
    }
    out->liabilities = ARENA_ARRAY(w->cx.arena, out->n, struct collection_liability);
    out->instalments = ARENA_ARRAY(w->cx.arena, out->n_instalments, struct collection_instalment);
    out->entries = ARENA_ARRAY(w->cx.arena, out->n, struct entry);
    out->postings = ARENA_ARRAY(w->cx.arena, out->n_instalments + out->n, struct posting);
    return out->liabilities && out->instalments && out->entries && out->postings
               ? 0
               : fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static void charge_instalment(const struct levy_instalment *in, int64_t liability_id,
                              int64_t event_no, struct collection_instalment *row,
                              struct posting *due)
{
    *row = (struct collection_instalment){
        .liability_id = liability_id,
        .number = in->number,
        .due_ymd = in->due,
        .charged_yen = in->amount,
        .medical_yen = in->part[PART_MEDICAL],
        .support_yen = in->part[PART_SUPPORT],
        .care_yen = in->part[PART_CARE],
        .child_yen = in->part[PART_CHILD],
        .known_from = event_no,
    };
    *due = (struct posting){.number = in->number, .account = ACCOUNT_DUE, .yen = in->amount};
    for (int k = 0; k < LEVY_PARTS; k++) {
        due->part[k] = in->part[k];
    }
}

/* DUE of every instalment against LEVIED of the whole. */
static struct posting levied(const struct levy_schedule *s)
{
    struct posting p = {.account = ACCOUNT_LEVIED};
    for (size_t i = 0; i < s->n; i++) {
        p.yen.n -= s->row[i].amount.n;
        for (int k = 0; k < LEVY_PARTS; k++) {
            p.part[k].n -= s->row[i].part[k].n;
        }
    }
    return p;
}

struct collection_liability liability_row(struct work *w, const struct decision *d,
                                          int64_t liability_id, int64_t event_no)
{
    return (struct collection_liability){
        .liability_id = liability_id,
        .kind = str_is(setting_get(w, "levy.kind"), "tax") ? STR("nhi_tax") : STR("nhi_fee"),
        .debtor_id = d->debtor_id,
        .household_id = d->household_id,
        .accounting_year = ymd_fiscal_year(d->decided),
        .levy_year = d->fiscal_year,
        .notice_no = d->decision_no,
        .known_from = event_no,
    };
}

static void charge_fill(struct work *w, const struct decisions *d, int64_t first_id,
                        int64_t event_no, struct charge *c)
{
    int64_t id = first_id;
    struct posting *p = c->postings;
    struct collection_instalment *row = c->instalments;
    size_t at = 0;
    for (size_t i = 0; i < d->n; i++) {
        const struct decision *x = &d->rows[i];
        if (x->schedule.n == 0) {
            continue;
        }
        struct collection_liability *l = &c->liabilities[at];
        *l = liability_row(w, x, id++, event_no);
        c->entries[at++] = (struct entry){.kind = STR("charge"),
                                          .liability_id = l->liability_id,
                                          .accounting = x->decided,
                                          .value = x->issued,
                                          .basis_id = x->decision_id,
                                          .postings = p,
                                          .n = x->schedule.n + 1};
        for (size_t k = 0; k < x->schedule.n; k++, row++, p++) {
            charge_instalment(&x->schedule.row[k], l->liability_id, event_no, row, p);
            row->instalment_id = id++;
        }
        *p++ = levied(&x->schedule);
    }
}

/* First decisions of a year's run are charged together. */
static int charge_first(struct work *w, const struct decisions *decided, int64_t event_no)
{
    struct charge c;
    int64_t id;
    int rc = charge_new(w, decided, &c);
    if (rc < 0 || c.n == 0) {
        return rc;
    }
    rc = store_ids(&w->cx, w->store, (int64_t)(c.n + c.n_instalments), &id);
    if (rc < 0) {
        return rc;
    }
    charge_fill(w, decided, id, event_no, &c);
    rc = collection_liability_bulk(&w->cx, w->store, c.liabilities, c.n);
    if (rc >= 0) {
        rc = collection_instalment_bulk(&w->cx, w->store, c.instalments, c.n_instalments);
    }
    return rc < 0 ? rc : ledger_post(w, event_no, c.entries, c.n);
}

int collection_charge(struct work *w, const struct event *e)
{
    struct decisions decided;
    size_t first = 0;
    int rc = levy_decisions_of_event(w, e->no, &decided);
    for (size_t i = 0; rc >= 0 && i < decided.n; i++) {
        if (str_is(decided.rows[i].cause, "initial")) {
            decided.rows[first++] = decided.rows[i];
        } else {
            rc = collection_correct(w, e->no, &decided.rows[i]);
        }
    }
    decided.n = first;
    rc = rc < 0 ? rc : charge_first(w, &decided, e->no);
    return rc < 0 ? error_add(&w->cx, "charge decisions of event %lld", (long long)e->no) : 0;
}
