/* A piece of receipts: what they belong to, what clearing makes of each, the rows and the journal.
 */
#include "desk/collection/receipt_write.h"
#include "collection_sql.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 100 }; /* 期 1 to 99 */

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* --- what the records belong to -----------------------------------------------------------------
 */

static int compare_ids(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static size_t unique(int64_t *ids, size_t n)
{
    size_t kept = 0;

    qsort(ids, n, sizeof *ids, compare_ids);
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || ids[kept - 1] != ids[i])
            ids[kept++] = ids[i];
    }
    return kept;
}

static int years_of(struct clearing *c, int64_t *years, size_t *n)
{
    int64_t *all = ARENA_ARRAY(c->w->cx.arena, c->n + 1, int64_t);

    if (!all)
        return no_memory(c->w);
    for (size_t i = 0; i < c->n; i++)
        all[i] = c->rows[i].levy_year;
    *n = unique(all, c->n);
    if (*n > CLEARING_YEARS)
        return fail(&c->w->cx, ERR_LIMIT, "collection.receipt.years", "%zu", *n);
    memcpy(years, all, *n * sizeof *years);
    return OK;
}

static struct clear_target target_of(const struct collection_clear_targets_row *r)
{
    return (
        struct clear_target){.liability_id = r->liability_id,
                             .debtor_id = r->debtor_id,
                             .notice_no = r->notice_no,
                             .number = (int)r->number,
                             .booked_year = (int)r->booked_year,
                             .due_day = r->due_ymd,
                             .charged = {r->medical_yen, r->support_yen, r->care_yen, r->child_yen},
                             .due = {r->due_medical, r->due_support, r->due_care, r->due_child},
                             .written_off = r->written_off};
}

struct year_keys {
    int64_t *notices, *numbers, *reissued; /* reissued: numbers on slips that are not the first */
    size_t n_notices, n_numbers, n_reissued;
};

static int keys_of(struct clearing *c, int64_t year, struct year_keys *k)
{
    *k = (struct year_keys){ARENA_ARRAY(c->w->cx.arena, c->n + 1, int64_t),
                            ARENA_ARRAY(c->w->cx.arena, c->n + NUMBERS, int64_t),
                            ARENA_ARRAY(c->w->cx.arena, c->n + 1, int64_t),
                            0,
                            0,
                            0};
    bool is_whole = false;
    if (!k->notices || !k->numbers || !k->reissued)
        return no_memory(c->w);
    for (size_t i = 0; i < c->n; i++) {
        if (c->rows[i].levy_year == year) {
            k->notices[k->n_notices++] = c->rows[i].notice_no;
            k->numbers[k->n_numbers++] = c->rows[i].number;
            if (c->rows[i].issue > 0 && !c->rows[i].is_divided)
                k->reissued[k->n_reissued++] = c->rows[i].notice_no;
            is_whole |= c->rows[i].number == 0;
        }
    }
    for (int n = 1; is_whole && n < NUMBERS; n++) /* a slip for everything under a number */
        k->numbers[k->n_numbers++] = n;
    k->n_notices = unique(k->notices, k->n_notices);
    k->n_numbers = unique(k->numbers, k->n_numbers);
    k->n_reissued = unique(k->reissued, k->n_reissued);
    return OK;
}

static int read_year(struct clearing *c, int64_t year, struct clearing_year *y)
{
    struct work *w = c->w;
    struct year_keys k;
    int rc = keys_of(c, year, &k);

    if (rc < 0)
        return rc;
    const struct collection_clear_targets_in q = {year,
                                                  {k.notices, k.n_notices},
                                                  {k.numbers, k.n_numbers}};
    struct collection_clear_targets_list list;
    rc = collection_clear_targets(&w->cx, w->store, &q, &list);
    *y =
        (struct clearing_year){.year = (int)year,
                               .targets = ARENA_ARRAY(w->cx.arena, list.n + 1, struct clear_target),
                               .n = list.n};
    if (rc >= 0 && !y->targets)
        rc = no_memory(w);
    for (size_t i = 0; rc >= 0 && i < list.n; i++)
        y->targets[i] = target_of(&list.rows[i]);
    const struct collection_slips_of_notices_in s = {year, {k.reissued, k.n_reissued}};
    return rc < 0 || k.n_reissued == 0
               ? rc
               : collection_slips_of_notices(&w->cx, w->store, &s, &y->slips);
}

static struct clearing_year *year_of(struct clearing *c, int year)
{
    for (size_t i = 0; i < c->n_years; i++) {
        if (c->years[i].year == year)
            return &c->years[i];
    }
    return NULL;
}

/* Sorted by notice and number, as the statement gives them. */
struct clear_target *clearing_target(struct clearing *c, const struct receipt_record *r)
{
    struct clearing_year *y = year_of(c, r->levy_year);
    size_t low = 0;
    size_t high = y ? y->n : 0;

    while (low < high) {
        const size_t at = low + (high - low) / 2;
        const struct clear_target *t = &y->targets[at];
        const bool is_before =
            t->notice_no < r->notice_no || (t->notice_no == r->notice_no && t->number < r->number);
        if (is_before)
            low = at + 1;
        else
            high = at;
    }
    const bool is_found = y && low < y->n && y->targets[low].notice_no == r->notice_no &&
                          y->targets[low].number == r->number;
    return is_found ? &y->targets[low] : NULL;
}

/* The first slip of a notice among those read; they come by notice. */
static size_t slips_from(const struct clearing_year *y, int64_t notice_no)
{
    size_t low = 0;
    size_t high = y->slips.n;

    while (low < high) {
        const size_t at = low + (high - low) / 2;
        if (y->slips.rows[at].notice_no < notice_no)
            low = at + 1;
        else
            high = at;
    }
    return low;
}

/* A slip that holds late charge or fee says how what was paid on it divides. */
static void divide(struct clearing *c, struct receipt_record *r)
{
    const struct clearing_year *y = year_of(c, r->levy_year);

    if (!y || r->is_divided || r->issue == 0)
        return;
    for (size_t i = slips_from(y, r->notice_no); i < y->slips.n; i++) {
        const struct collection_slips_of_notices_row *s = &y->slips.rows[i];
        if (s->notice_no != r->notice_no)
            return;
        if (s->number == r->number && s->issue == r->issue &&
            r->yen.n == s->yen.n + s->late_yen.n + s->fee_yen.n) {
            r->yen = s->yen;
            r->late = s->late_yen;
            r->fee = s->fee_yen;
            r->is_divided = true;
            return;
        }
    }
}

/* --- preliminary notices ------------------------------------------------------------------------
 */

/* By the number on the slip, the oldest first. */
static int compare_expected(const void *a, const void *b)
{
    const struct collection_receipt_expected_of_row *x = a;
    const struct collection_receipt_expected_of_row *y = b;
    const int by_key = str_compare(x->raw_key, y->raw_key);

    return by_key ? by_key : (x->receipt_id > y->receipt_id) - (x->receipt_id < y->receipt_id);
}

static int read_expected(struct clearing *c)
{
    struct work *w = c->w;
    struct str *keys = ARENA_ARRAY(w->cx.arena, c->n + 1, struct str);
    size_t n = 0;

    if (!keys)
        return no_memory(w);
    for (size_t i = 0; i < c->n; i++) {
        if (c->rows[i].raw_key.n > 0)
            keys[n++] = c->rows[i].raw_key;
    }
    const struct collection_receipt_expected_of_in q = {{keys, n}};
    const int rc = n == 0 ? OK : collection_receipt_expected_of(&w->cx, w->store, &q, &c->expected);
    c->is_met = rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, c->expected.n + 1, bool);
    if (rc >= 0 && c->expected.n > 1)
        qsort(c->expected.rows, c->expected.n, sizeof *c->expected.rows, compare_expected);
    return rc < 0 || c->is_met ? rc : no_memory(w);
}

/* A cancellation names key, day and place; a final notice the key. */
static const struct collection_receipt_expected_of_row *meet(struct clearing *c,
                                                             const struct receipt_record *r)
{
    size_t i = 0;
    size_t high = c->expected.n;

    while (i < high) {
        const size_t at = i + (high - i) / 2;
        if (str_compare(c->expected.rows[at].raw_key, r->raw_key) < 0)
            i = at + 1;
        else
            high = at;
    }
    for (; i < c->expected.n && str_equal(c->expected.rows[i].raw_key, r->raw_key); i++) {
        const struct collection_receipt_expected_of_row *e = &c->expected.rows[i];
        const bool is_same = e->paid_ymd.day == r->paid.day &&
                             (r->stage == STAGE_FINAL || str_equal(e->place, r->place));
        if (is_same && !c->is_met[i]) {
            c->is_met[i] = true;
            return e;
        }
    }
    return NULL;
}

static int treat(struct clearing *c, int64_t receipt_id, int state, const struct receipt_record *r)
{
    struct work *w = c->w;
    struct collection_receipt_treatment row = {.receipt_id = receipt_id,
                                               .state = state,
                                               .levy_year = r->levy_year,
                                               .notice_no = r->notice_no,
                                               .number = r->number,
                                               .accounting_ymd = r->accounting,
                                               .reason = STR(""),
                                               .known_from = c->event_no};
    const int rc = store_ids(&w->cx, w->store, 1, &row.receipt_treatment_id);
    return rc < 0 ? rc : collection_receipt_treatment_insert(&w->cx, w->store, &row);
}

/* --- rows ---------------------------------------------------------------------------------------
 */

static void add_posting(struct clearing *c, struct entry *e, enum account account,
                        const struct yen part[LEVY_PARTS], int sign)
{
    struct posting *p = &c->postings[c->n_postings];

    *p = (struct posting){.number = c->number, .account = account};
    for (int k = 0; k < LEVY_PARTS; k++) {
        p->part[k] = YEN(sign * part[k].n);
        p->yen.n += p->part[k].n;
    }
    if (p->yen.n == 0)
        return;
    c->n_postings++;
    e->n++;
}

static void add_beside(struct clearing *c, struct entry *e, enum account account, int64_t yen)
{
    if (yen == 0)
        return;
    c->postings[c->n_postings++] =
        (struct posting){.number = c->number, .account = account, .yen = YEN(yen)};
    e->n++;
}

void clearing_post(struct clearing *c, const struct clear_target *t, const struct cleared *x,
                   const struct receipt_record *r, int64_t receipt_id)
{
    struct entry *e = &c->entries[c->n_entries];
    struct yen all[LEVY_PARTS];

    *e = (struct entry){.kind = str_of(c->kind),
                        .liability_id = t->liability_id,
                        .accounting = r->accounting,
                        .value = r->paid,
                        .basis_id = receipt_id,
                        .postings = &c->postings[c->n_postings],
                        .booked_year = booked_year(t->booked_year, r->accounting)};
    c->number = t->number;
    for (int k = 0; k < LEVY_PARTS; k++)
        all[k] = yen_add(x->due[k], x->over[k]);
    add_posting(c, e, ACCOUNT_RECEIVED, all, 1);
    add_posting(c, e, ACCOUNT_DUE, x->due, -1);
    add_posting(c, e, ACCOUNT_OVERPAID, x->over, -1);
    add_beside(c, e, ACCOUNT_CASH, x->late.n + x->fee.n);
    add_beside(c, e, ACCOUNT_LATE_CHARGE, -x->late.n);
    add_beside(c, e, ACCOUNT_DUNNING_FEE, -x->fee.n);
    c->n_entries += e->n > 0;
}

static void count(struct receipt_counts *counts, int outcome, const struct receipt_record *r)
{
    struct receipt_count *to = outcome == OUTCOME_POSTED     ? &counts->posted
                               : outcome == OUTCOME_HELD     ? &counts->held
                               : outcome == OUTCOME_EXPECTED ? &counts->expected
                                                             : &counts->noted;
    to->n++;
    to->yen.n += r->yen.n + r->late.n + r->fee.n;
}

static void clear_single(struct clearing *c, const struct receipt_record *r,
                         struct collection_receipt *row)
{
    struct clear_target *t = clearing_target(c, r);
    struct cleared x;

    clear_receipt(t, r, &c->policy, &x);
    row->outcome = x.outcome;
    row->reason = str_of(x.reason);
    if (x.outcome == OUTCOME_POSTED)
        clearing_post(c, t, &x, r, row->receipt_id);
}

/* --- a slip for everything that is due under a number (催告書兼領収書)
 * ----------------------------
 */

struct whole {
    struct clear_target *of[NUMBERS]; /* by due day */
    size_t n;
    int64_t balance;
};

static int64_t balance_of(const struct clear_target *t)
{
    return t->due[0].n + t->due[1].n + t->due[2].n + t->due[3].n;
}

static void find_whole(struct clearing *c, const struct receipt_record *r, struct whole *out)
{
    struct clearing_year *y = year_of(c, r->levy_year);

    *out = (struct whole){.n = 0};
    for (size_t i = 0; y && i < y->n && out->n < NUMBERS; i++) {
        struct clear_target *t = &y->targets[i];
        size_t at = out->n;
        if (t->notice_no != r->notice_no || balance_of(t) <= 0)
            continue;
        for (; at > 0 && ymd_compare(out->of[at - 1]->due_day, t->due_day) > 0; at--)
            out->of[at] = out->of[at - 1];
        out->of[at] = t;
        out->n++;
        out->balance += balance_of(t);
    }
}

/* The oldest first; late charge and fee go with the oldest. More than is due waits for a person. */
static void clear_whole(struct clearing *c, const struct receipt_record *r,
                        struct collection_receipt *row)
{
    struct whole all;
    int64_t left = r->yen.n;

    find_whole(c, r, &all);
    const bool is_over = left > all.balance;
    row->outcome = all.n == 0 || is_over ? OUTCOME_HELD : OUTCOME_POSTED;
    row->reason = all.n == 0           ? STR("unknown")
                  : is_over            ? STR("over")
                  : left < all.balance ? STR("short")
                                       : STR("");
    for (size_t i = 0; row->outcome == OUTCOME_POSTED && i < all.n; i++) {
        struct receipt_record part = *r;
        struct cleared x;
        const int64_t balance = balance_of(all.of[i]);
        part.yen = YEN(left < balance ? left : balance);
        part.late = i == 0 ? r->late : YEN(0);
        part.fee = i == 0 ? r->fee : YEN(0);
        left -= part.yen.n;
        clear_receipt(all.of[i], &part, &clear_all, &x);
        clearing_post(c, all.of[i], &x, &part, row->receipt_id);
    }
}

static int clear_final(struct clearing *c, const struct receipt_record *r,
                       struct collection_receipt *row)
{
    const struct collection_receipt_expected_of_row *e = meet(c, r);

    if (r->number == 0)
        clear_whole(c, r, row);
    else
        clear_single(c, r, row);
    return e ? treat(c, e->receipt_id, TREATED_CONFIRMED, r) : OK;
}

static int clear_preliminary(struct clearing *c, const struct receipt_record *r,
                             struct collection_receipt *row)
{
    if (r->stage == STAGE_EXPECTED) {
        struct whole all;
        find_whole(c, r, &all);
        const bool is_known = r->number == 0 ? all.n > 0 : clearing_target(c, r) != NULL;
        row->outcome = is_known ? OUTCOME_EXPECTED : OUTCOME_HELD;
        row->reason = is_known ? STR("") : STR("unknown");
        return OK;
    }
    const struct collection_receipt_expected_of_row *e = meet(c, r);
    row->outcome = e ? OUTCOME_NOTED : OUTCOME_HELD;
    row->reason = e ? STR("") : STR("no_preliminary");
    return e ? treat(c, e->receipt_id, TREATED_CANCELLED, r) : OK;
}

static int clear_one(struct clearing *c, struct receipt_record *r, struct collection_receipt *row)
{
    divide(c, r);
    *row = (struct collection_receipt){.receipt_id = c->first_id + (int64_t)(r - c->rows),
                                       .receipt_file_id = c->file_id,
                                       .line = r->line,
                                       .channel = r->channel,
                                       .stage = r->stage,
                                       .levy_year = r->levy_year,
                                       .notice_no = r->notice_no,
                                       .number = r->number,
                                       .yen = r->yen,
                                       .late_yen = r->late,
                                       .fee_yen = r->fee,
                                       .paid_ymd = r->paid,
                                       .accounting_ymd = r->accounting,
                                       .funds_ymd = r->funds,
                                       .place = r->place.p ? r->place : STR(""),
                                       .slip_kind = r->slip_kind.p ? r->slip_kind : STR(""),
                                       .raw_key = r->raw_key.p ? r->raw_key : STR(""),
                                       .known_from = c->event_no};
    const int rc = r->stage == STAGE_FINAL ? clear_final(c, r, row) : clear_preliminary(c, r, row);
    count(c->counts, (int)row->outcome, r);
    return rc;
}

static int room(struct clearing *c)
{
    struct arena *a = c->w->cx.arena;

    size_t entries = c->n + 1;
    for (size_t i = 0; i < c->n; i++)
        entries += c->rows[i].number == 0 ? NUMBERS : 0;
    c->entries = ARENA_ARRAY(a, entries, struct entry);
    c->postings = ARENA_ARRAY(a, 6 * entries, struct posting);
    return c->entries && c->postings ? OK : no_memory(c->w);
}

static bool holds(struct str kinds, const char *kind)
{
    struct str rest = kinds;

    while (rest.n > 0) {
        if (str_is(str_cut(&rest, ' '), kind))
            return true;
    }
    return false;
}

struct clear_policy clearing_policy(struct work *w)
{
    const struct str kinds = setting_get(w, "collection.hold");
    return (struct clear_policy){holds(kinds, "double"), holds(kinds, "over"),
                                 holds(kinds, "written_off"), holds(kinds, "cancelled")};
}

int clearing_open(struct clearing *c)
{
    int64_t years[CLEARING_YEARS];
    int rc = years_of(c, years, &c->n_years);

    c->policy = clearing_policy(c->w);
    for (size_t i = 0; rc >= 0 && i < c->n_years; i++)
        rc = read_year(c, years[i], &c->years[i]);
    rc = rc < 0 ? rc : read_expected(c);
    return rc < 0 ? rc : room(c);
}

int clearing_write(struct clearing *c)
{
    struct work *w = c->w;
    struct collection_receipt *rows = ARENA_ARRAY(w->cx.arena, c->n + 1, struct collection_receipt);
    int rc = rows ? store_ids(&w->cx, w->store, (int64_t)c->n, &c->first_id) : no_memory(w);

    c->kind = "receipt";
    for (size_t i = 0; rc >= 0 && i < c->n; i++)
        rc = clear_one(c, &c->rows[i], &rows[i]);
    rc = rc < 0 ? rc : collection_receipt_bulk(&w->cx, w->store, rows, c->n);
    return rc < 0 ? rc : ledger_post(w, c->event_no, c->entries, c->n_entries);
}
