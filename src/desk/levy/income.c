/* Income facts: what each source says about a person's year; a newer statement closes the older. */
#include "desk/levy/population.h"
#include "levy_sql.h"

#include <stdlib.h>
#include <string.h>

/* The rows of two statements differ only in what precedes the amounts. */
#define INCOME_FROM(out, r, year)                                                                  \
    *(out) = (struct income)                                                                       \
    {                                                                                              \
        .person_id = (r)->person_id, .income_year = (int32_t)(year),                               \
        .source = (enum income_source)(r)->source, .is_undeclared = (r)->is_undeclared,            \
        .has_salary_income = !(r)->salary_income_null,                                             \
        .has_pension_income = !(r)->pension_income_null, .salary_revenue = (r)->salary_revenue,    \
        .pension_revenue = (r)->pension_revenue, .salary_income = (r)->salary_income,              \
        .pension_income = (r)->pension_income, .business_income = (r)->business_income,            \
        .property_income = (r)->property_income, .other_income = (r)->other_income,                \
        .forestry_income = (r)->forestry_income, .separate_income = (r)->separate_income,          \
        .separate_deduction = (r)->separate_deduction, .net_loss_carried = (r)->net_loss_carried,  \
        .casualty_loss_carried = (r)->casualty_loss_carried,                                       \
        .family_wages_paid = (r)->family_wages_paid,                                               \
        .family_wages_received = (r)->family_wages_received,                                       \
        .salary_adjustment = (r)->salary_adjustment, .fixed_asset_tax = (r)->fixed_asset_tax,      \
        .dependants = (int16_t)(r)->dependants, .small_children = (int16_t)(r)->small_children,    \
    }

/* What only the judgements look at; the population of the levy does without. */
#define TAX_FROM(out, r)                                                                           \
    do {                                                                                           \
        (out)->has_total_income = !(r)->total_income_null;                                         \
        (out)->has_taxable = !(r)->taxable_null;                                                   \
        (out)->total_income = (r)->total_income;                                                   \
        (out)->taxable = (r)->taxable;                                                             \
        (out)->tax_state = (enum tax_state)(r)->tax_state;                                         \
        (out)->widow = (int8_t)(r)->widow;                                                         \
        (out)->disability = (int8_t)(r)->disability;                                               \
        (out)->is_minor = (r)->is_minor;                                                           \
    } while (0)

static struct levy_income row_of(const struct income *in, int64_t id, int64_t event_no)
{
    return (struct levy_income){
        .income_id = id,
        .person_id = in->person_id,
        .income_year = in->income_year,
        .source = (int64_t)in->source,
        .is_undeclared = in->is_undeclared,
        .salary_revenue = in->salary_revenue,
        .pension_revenue = in->pension_revenue,
        .salary_income = in->salary_income,
        .salary_income_null = !in->has_salary_income,
        .pension_income = in->pension_income,
        .pension_income_null = !in->has_pension_income,
        .business_income = in->business_income,
        .property_income = in->property_income,
        .other_income = in->other_income,
        .forestry_income = in->forestry_income,
        .separate_income = in->separate_income,
        .separate_deduction = in->separate_deduction,
        .net_loss_carried = in->net_loss_carried,
        .casualty_loss_carried = in->casualty_loss_carried,
        .family_wages_paid = in->family_wages_paid,
        .family_wages_received = in->family_wages_received,
        .salary_adjustment = in->salary_adjustment,
        .fixed_asset_tax = in->fixed_asset_tax,
        .dependants = in->dependants,
        .small_children = in->small_children,
        .total_income = in->total_income,
        .total_income_null = !in->has_total_income,
        .taxable = in->taxable,
        .taxable_null = !in->has_taxable,
        .tax_state = (int64_t)in->tax_state,
        .widow = in->widow,
        .disability = in->disability,
        .is_minor = in->is_minor,
        .known_from = event_no,
    };
}

/* Every field, so that a row that says nothing new is not written again. */
bool income_equal(const struct income *a, const struct income *b)
{
    const int64_t pair[][2] = {
        {a->is_undeclared, b->is_undeclared},
        {a->has_salary_income, b->has_salary_income},
        {a->has_pension_income, b->has_pension_income},
        {a->salary_revenue.n, b->salary_revenue.n},
        {a->pension_revenue.n, b->pension_revenue.n},
        {a->has_salary_income ? a->salary_income.n : 0,
         b->has_salary_income ? b->salary_income.n : 0},
        {a->has_pension_income ? a->pension_income.n : 0,
         b->has_pension_income ? b->pension_income.n : 0},
        {a->business_income.n, b->business_income.n},
        {a->property_income.n, b->property_income.n},
        {a->other_income.n, b->other_income.n},
        {a->forestry_income.n, b->forestry_income.n},
        {a->separate_income.n, b->separate_income.n},
        {a->separate_deduction.n, b->separate_deduction.n},
        {a->net_loss_carried.n, b->net_loss_carried.n},
        {a->casualty_loss_carried.n, b->casualty_loss_carried.n},
        {a->family_wages_paid.n, b->family_wages_paid.n},
        {a->family_wages_received.n, b->family_wages_received.n},
        {a->salary_adjustment.n, b->salary_adjustment.n},
        {a->fixed_asset_tax.n, b->fixed_asset_tax.n},
        {a->dependants, b->dependants},
        {a->small_children, b->small_children},
        {a->has_total_income, b->has_total_income},
        {a->has_taxable, b->has_taxable},
        {a->has_total_income ? a->total_income.n : 0, b->has_total_income ? b->total_income.n : 0},
        {a->has_taxable ? a->taxable.n : 0, b->has_taxable ? b->taxable.n : 0},
        {(int64_t)a->tax_state, (int64_t)b->tax_state},
        {a->widow, b->widow},
        {a->disability, b->disability},
        {a->is_minor, b->is_minor},
    };
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        if (pair[i][0] != pair[i][1]) {
            return false;
        }
    }
    return true;
}

/* What is refused before it reaches the store; NULL when the statement may stand. */
static const char *income_problem(const struct income *in)
{
    if (in->person_id <= 0) {
        return "levy.income.person";
    }
    if (in->income_year < 1990 || in->income_year > 2100) {
        return "levy.income.year";
    }
    if (in->source < INCOME_OVERRIDE || in->source > INCOME_ESTIMATE) {
        return "levy.income.source";
    }
    if (in->salary_revenue.n < 0 || in->pension_revenue.n < 0 || in->separate_deduction.n < 0 ||
        in->net_loss_carried.n < 0 || in->casualty_loss_carried.n < 0 ||
        in->family_wages_paid.n < 0 || in->family_wages_received.n < 0 ||
        in->salary_adjustment.n < 0 || in->fixed_asset_tax.n < 0) {
        return "levy.income.negative";
    }
    if (in->family_wages_received.n > in->salary_revenue.n) {
        return "levy.income.family_wages";
    }
    if ((in->has_taxable && in->taxable.n < 0) || (in->is_undeclared && in->has_taxable)) {
        return "levy.income.taxable";
    }
    if (in->tax_state > TAX_LEVIED || (in->tax_state == TAX_EXEMPT && in->taxable.n > 0)) {
        return "levy.income.tax_state";
    }
    return NULL;
}

/* The statements in force about the persons of the rows, to be found by (person, source). */
struct stated {
    struct levy_income_of_persons_list list;
    int year;
};

static int by_person_and_source(const void *a, const void *b)
{
    const struct levy_income_of_persons_row *x = a;
    const struct levy_income_of_persons_row *y = b;
    if (x->person_id != y->person_id) {
        return x->person_id < y->person_id ? -1 : 1;
    }
    return (x->source > y->source) - (x->source < y->source);
}

static const struct levy_income_of_persons_row *stated_find(const struct stated *s,
                                                            const struct income *in)
{
    struct levy_income_of_persons_row key = {.person_id = in->person_id,
                                             .source = (int64_t)in->source};
    if (s->list.n == 0) {
        return NULL;
    }
    return bsearch(&key, s->list.rows, s->list.n, sizeof *s->list.rows, by_person_and_source);
}

static int stated_load(struct work *w, const struct income *rows, size_t n, struct stated *out)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n, int64_t);
    if (!ids) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < n; i++) {
        ids[i] = rows[i].person_id;
    }
    struct levy_income_of_persons_in in = {.person_ids = {ids, n},
                                           .income_year = rows[0].income_year,
                                           .known = KNOWN_NOW};
    out->year = rows[0].income_year;
    return levy_income_of_persons(&w->cx, w->store, &in, &out->list);
}

/* Who was judged by these incomes is to be judged again. */
static int tell_judgements(struct work *w, int64_t event_no, const struct levy_income *rows,
                           size_t n)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n, int64_t);
    if (!ids) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < n; i++) {
        ids[i] = rows[i].person_id;
    }
    return judge_touched(w, event_no, ids, n, (int)rows[0].income_year);
}

/* One year's rows: what differs is closed and opened. */
static int put_year(struct work *w, int64_t event_no, const struct income *rows, size_t n,
                    int64_t *written)
{
    struct stated stated;
    struct levy_income *opened = ARENA_ARRAY(w->cx.arena, n, struct levy_income);
    int64_t *closed = ARENA_ARRAY(w->cx.arena, n, int64_t);
    int64_t id;
    size_t n_opened = 0;
    size_t n_closed = 0;
    if (!opened || !closed) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    int rc = stated_load(w, rows, n, &stated);
    if (rc < 0 || (rc = store_ids(&w->cx, w->store, (int64_t)n, &id)) < 0) {
        return rc;
    }
    for (size_t i = 0; i < n; i++) {
        const struct levy_income_of_persons_row *old = stated_find(&stated, &rows[i]);
        struct income before;
        if (old) {
            INCOME_FROM(&before, old, stated.year);
            TAX_FROM(&before, old);
            if (income_equal(&before, &rows[i])) {
                continue;
            }
            closed[n_closed++] = old->income_id;
        }
        opened[n_opened] = row_of(&rows[i], id + (int64_t)n_opened, event_no);
        n_opened++;
    }
    rc = n_closed ? levy_income_close_many(&w->cx, w->store, closed, n_closed, event_no) : 0;
    if (rc >= 0 && n_opened) {
        rc = levy_income_bulk(&w->cx, w->store, opened, n_opened);
    }
    *written += (int64_t)n_opened;
    return rc < 0 || n_opened == 0 ? rc : tell_judgements(w, event_no, opened, n_opened);
}

int levy_income_put(struct work *w, int64_t event_no, const struct income *rows, size_t n,
                    int64_t *written)
{
    *written = 0;
    for (size_t i = 0; i < n; i++) {
        const char *problem = income_problem(&rows[i]);
        if (problem) {
            return fail(&w->cx, ERR_INVALID, problem, "row=%zu", i + 1);
        }
    }
    /* Runs of one year: a feed is sorted by year or holds only one. */
    for (size_t first = 0; first < n;) {
        size_t last = first + 1;
        while (last < n && rows[last].income_year == rows[first].income_year) {
            last++;
        }
        int rc = put_year(w, event_no, rows + first, last - first, written);
        if (rc < 0) {
            return error_add(&w->cx, "put incomes of %d", rows[first].income_year);
        }
        first = last;
    }
    return 0;
}

/* --- which source counts ------------------------------------------------------------------ */

bool income_order_parse(struct str words, struct income_order *out)
{
    static const struct {
        const char *word;
        enum income_source source;
    } of[] = {{"override", INCOME_OVERRIDE},
              {"tax", INCOME_TAX},
              {"inquiry", INCOME_INQUIRY},
              {"declaration", INCOME_DECLARATION}};
    const int sources = (int)(sizeof of / sizeof *of);
    int rank = 0;
    *out = (struct income_order){{0}};
    out->rank[INCOME_ESTIMATE] = sources + 1;
    while (words.n > 0) {
        const struct str word = str_cut(&words, ' ');
        int found = 0;
        for (int i = 0; i < sources; i++) {
            int *place = &out->rank[of[i].source];
            if (str_is(word, of[i].word) && *place == 0) {
                *place = ++rank;
                found = 1;
            }
        }
        if (!found) {
            return false;
        }
    }
    return rank == sources;
}

int income_order_read(struct work *w, int64_t known, struct income_order *out)
{
    const int64_t seen = w->asof.known;
    w->asof.known = known;
    const struct str words = setting_get(w, "levy.income_order");
    w->asof.known = seen;
    return income_order_parse(words, out)
               ? 0
               : fail(&w->cx, ERR_CORRUPT, "levy.income.order", STR_FMT, STR_ARG(words));
}

/* Rows of one person follow each other; few of them: put in order one by one. */
static void rank_rows(struct incomes *all, const struct income_order *order)
{
    for (size_t i = 1; i < all->n; i++) {
        const struct income row = all->rows[i];
        size_t k = i;
        while (k > 0 && all->rows[k - 1].person_id == row.person_id &&
               order->rank[all->rows[k - 1].source] > order->rank[row.source]) {
            all->rows[k] = all->rows[k - 1];
            k--;
        }
        all->rows[k] = row;
    }
}

int levy_incomes(struct work *w, const int64_t *person_ids, size_t n, int income_year,
                 int64_t known, struct incomes *out)
{
    struct levy_income_of_persons_in in = {.person_ids = {person_ids, n},
                                           .income_year = income_year,
                                           .known = known};
    struct levy_income_of_persons_list list;
    struct income_order order;
    *out = (struct incomes){0};
    int rc = levy_income_of_persons(&w->cx, w->store, &in, &list);
    rc = rc < 0 ? rc : income_order_read(w, known, &order);
    if (rc < 0 || list.n == 0) {
        return rc;
    }
    out->rows = ARENA_ARRAY(w->cx.arena, list.n, struct income);
    if (!out->rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        INCOME_FROM(&out->rows[i], &list.rows[i], income_year);
        TAX_FROM(&out->rows[i], &list.rows[i]);
    }
    out->n = list.n;
    rank_rows(out, &order);
    return 0;
}

int levy_incomes_told(struct work *w, const int64_t *person_ids, size_t n, struct incomes_told *out)
{
    struct levy_income_told_in in = {.person_ids = {person_ids, n}, .known = w->asof.known};
    struct levy_income_told_list list;
    *out = (struct incomes_told){0};
    int rc = levy_income_told(&w->cx, w->store, &in, &list);
    if (rc < 0 || list.n == 0) {
        return rc;
    }
    out->rows = ARENA_ARRAY(w->cx.arena, list.n, struct income_told);
    if (!out->rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_income_told_row *r = &list.rows[i];
        out->rows[i] = (struct income_told){.person_id = r->person_id,
                                            .income_year = (int32_t)r->income_year,
                                            .source = (enum income_source)r->source,
                                            .is_undeclared = r->is_undeclared,
                                            .has_total_income = !r->total_income_null,
                                            .has_taxable = !r->taxable_null,
                                            .salary_revenue = r->salary_revenue,
                                            .pension_revenue = r->pension_revenue,
                                            .other_income = r->other_yen,
                                            .fixed_asset_tax = r->fixed_asset_tax,
                                            .total_income = r->total_income,
                                            .taxable = r->taxable,
                                            .tax_state = (enum tax_state)r->tax_state,
                                            .by = {r->event_no, r->told_by, r->received, r->at}};
    }
    out->n = list.n;
    return 0;
}

/* --- the whole city ------------------------------------------------------------------------ */

struct city_read {
    struct income_table *table;
    int year;
    bool failed;
};

static int add_statement(void *arg, const struct levy_income_of_year_row *r)
{
    struct city_read *read = arg;
    struct income_table *t = read->table;
    if (t->n == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 4096;
        struct income *grown = memory_resize(t->rows, cap * sizeof *grown);
        if (!grown) {
            read->failed = true;
            return ERR_MEMORY;
        }
        t->rows = grown;
        t->cap = cap;
    }
    INCOME_FROM(&t->rows[t->n], r, read->year);
    t->n++;
    return 0;
}

static int by_person_of_table(const void *a, const void *b)
{
    const struct income *x = a;
    const struct income *y = b;
    return (x->person_id > y->person_id) - (x->person_id < y->person_id);
}

/* The best ranked statement of each person stays. */
static void keep_best(struct income_table *t, const struct income_order *order)
{
    size_t kept = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct income *row = &t->rows[i];
        const bool is_next = kept == 0 || t->rows[kept - 1].person_id != row->person_id;
        if (is_next) {
            t->rows[kept++] = *row;
        } else if (order->rank[row->source] < order->rank[t->rows[kept - 1].source]) {
            t->rows[kept - 1] = *row;
        }
    }
    t->n = kept;
}

void income_table_settle(struct income_table *t, const struct income_order *order)
{
    bool sorted = true;
    for (size_t i = 1; i < t->n && sorted; i++) {
        sorted = t->rows[i - 1].person_id <= t->rows[i].person_id;
    }
    if (!sorted) {
        qsort(t->rows, t->n, sizeof *t->rows, by_person_of_table);
    }
    keep_best(t, order);
}

int income_table_load(struct work *w, int income_year, struct asof at, struct income_table *out)
{
    struct city_read read = {.table = out, .year = income_year};
    struct levy_income_of_year_in in = {.income_year = income_year, .known = at.known};
    struct leads leads;
    struct income_order order;
    *out = (struct income_table){0};
    int rc = party_leads(w, at, &leads);
    rc = rc < 0 ? rc : income_order_read(w, at.known, &order);
    if (rc < 0) {
        return rc;
    }
    rc = levy_income_of_year_each(&w->cx, w->store, &in, add_statement, &read);
    if (read.failed) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    if (rc < 0) {
        return error_add(&w->cx, "load incomes of %d", income_year);
    }
    income_table_settle(out, &order);
    return income_table_follow(w, &leads, out);
}

void income_table_release(struct income_table *t)
{
    memory_free(t->rows);
    *t = (struct income_table){0};
}

const struct income *income_table_find(const struct income_table *t, int64_t person_id)
{
    size_t low = 0;
    size_t high = t->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->rows[middle].person_id < person_id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < t->n && t->rows[low].person_id == person_id ? &t->rows[low] : NULL;
}
