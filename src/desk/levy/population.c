/* From a chunk of eligibility's facts and the incomes to debtor-household-years. */
#include "desk/levy/exemption.h"

#include <string.h>

void population_init(struct population *p, int fiscal_year, int64_t known)
{
    *p = (struct population){.fiscal_year = fiscal_year, .known = known};
}

static void rows_release(struct rows *r)
{
    if (r->cap > 0) {
        memory_free(r->p);
    }
    *r = (struct rows){0};
}

void population_release(struct population *p)
{
    rows_release(&p->units);
    rows_release(&p->persons);
    rows_release(&p->spans);
    rows_release(&p->circumstances);
    rows_release(&p->incomes);
    rows_release(&p->cuts);
    if (p->file.maximum > 0) {
        text_release(&p->file);
    }
    p->file = (struct text){0};
}

void population_clear(struct population *p)
{
    p->units.n = p->persons.n = p->spans.n = p->circumstances.n = p->incomes.n = p->cuts.n = 0;
}

void *population_row(struct context *cx, struct rows *r, size_t size)
{
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 1024;
        void *grown = memory_resize(r->p, cap * size);
        if (!grown) {
            (void)fail(cx, ERR_MEMORY, "memory", NULL);
            return NULL;
        }
        r->p = grown;
        r->cap = cap;
    }
    void *row = (char *)r->p + r->n++ * size;
    memset(row, 0, size);
    return row;
}

/* What is being built: one head's time in one household. */
struct build {
    struct context *cx;
    struct population *p;
    const struct levy_facts *facts;
    const struct income_table *incomes;
    struct ymd as_of;
    struct span year; /* the fiscal year */
};

static int32_t day_or_none(struct ymd d)
{
    return ymd_is_none(d) ? NO_DAY : d.day;
}

/* Cover that touches the head's time and had begun on the day looked from; the rules cut it. */
static int add_span(struct build *b, struct unit_person *person, const struct fact_span *f,
                    struct span head)
{
    struct span cover = {f->acquired, f->lost};
    if (span_is_empty(span_cut(cover, head)) || ymd_compare(f->acquired, b->as_of) > 0) {
        return 0;
    }
    struct unit_span *s = population_row(b->cx, &b->p->spans, sizeof *s);
    if (!s) {
        return ERR_MEMORY;
    }
    s->acquired = f->acquired.day;
    s->acquired_cause = day_or_none(f->acquired_cause);
    s->acquired_by = (int16_t)f->acquired_by;
    s->lost = day_or_none(f->lost);
    s->lost_cause = day_or_none(f->lost_cause);
    s->lost_by = (int16_t)f->lost_by;
    person->n_spans++;
    return 0;
}

static int add_circumstances(struct build *b, struct unit_person *person,
                             const struct fact_person *f)
{
    for (size_t i = 0; i < f->n_circumstances; i++) {
        const struct circumstance *c = &b->facts->circumstances[f->first_circumstance + i];
        struct unit_circumstance *row = population_row(b->cx, &b->p->circumstances, sizeof *row);
        if (!row) {
            return ERR_MEMORY;
        }
        row->kind = (int32_t)c->kind;
        row->code = c->code;
        row->day = day_or_none(c->day);
        row->first_month = c->first_month.n;
        row->last_month = c->last_month.n;
        person->n_circumstances++;
    }
    return 0;
}

static int add_income(struct build *b, struct unit_person *person, struct ymd birth)
{
    const struct income *known = income_table_find(b->incomes, person->person_id);
    struct ymd year_end = ymd_of(b->p->fiscal_year - 1, 12, 31);
    if (!known) {
        bool child = !ymd_is_none(birth) && age_on(birth, year_end) < ADULT_AGE;
        person->is_known = child;
        return 0;
    }
    struct income *row = population_row(b->cx, &b->p->incomes, sizeof *row);
    if (!row) {
        return ERR_MEMORY;
    }
    *row = *known;
    person->income = (uint32_t)(b->p->incomes.n - 1);
    person->has_income = 1;
    person->is_known = !known->is_undeclared;
    return 0;
}

/* The special same household: the newest stretch that touches the head's time counts. */
static void set_special(struct build *b, struct unit_person *person, const struct fact_person *f,
                        struct span head)
{
    person->special_day = person->special_end = NO_DAY;
    for (size_t i = 0; i < f->n_specials; i++) {
        const struct fact_special *s = &b->facts->specials[f->first_special + i];
        if (span_is_empty(span_cut(s->valid, head)) || ymd_compare(s->valid.from, b->as_of) > 0) {
            continue;
        }
        person->special_day = s->valid.from.day;
        person->special_end = day_or_none(s->valid.to);
    }
}

/* A person of the household as far as he matters to this debtor; taken back when he does not. */
static int add_person(struct build *b, const struct fact_person *f, const struct unit *u,
                      struct span head)
{
    struct population *p = b->p;
    struct unit_person *person = population_row(b->cx, &p->persons, sizeof *person);
    if (!person) {
        return ERR_MEMORY;
    }
    person->person_id = f->person_id;
    person->birth_day = day_or_none(f->birth);
    person->is_debtor = f->person_id == u->debtor_id;
    person->first_span = (uint32_t)p->spans.n;
    person->first_circumstance = (uint32_t)p->circumstances.n;
    for (size_t i = 0; i < f->n_spans; i++) {
        int rc = add_span(b, person, &b->facts->spans[f->first_span + i], head);
        if (rc < 0) {
            return rc;
        }
    }
    set_special(b, person, f, head);
    if (!person->is_debtor && person->n_spans == 0 && person->special_day == NO_DAY) {
        p->persons.n--;
        return 0;
    }
    int rc = add_circumstances(b, person, f);
    return rc < 0 ? rc : add_income(b, person, f->birth);
}

/* The day the debt arises: the later of the head's first day and the first cover of anybody. */
static void settle_unit(struct build *b, struct unit *u, struct span head)
{
    int32_t first = NO_DAY;
    for (uint32_t i = 0; i < u->n_persons; i++) {
        const struct unit_person *person = &PERSONS(b->p)[u->first_person + i];
        for (uint16_t k = 0; k < person->n_spans; k++) {
            int32_t day = SPANS(b->p)[person->first_span + k].acquired;
            first = day < first ? day : first;
        }
    }
    u->from_day = first > head.from.day && first != NO_DAY ? first : head.from.day;
}

/* Heads are given clipped to the year; cover from before it matters (special household), so only
 * a change of head inside the year cuts. */
#define EARLIEST ymd_of(1900, 1, 1)
static struct span reign_of(const struct build *b, const struct fact_head *head)
{
    struct span s = head->valid;
    if (ymd_compare(s.from, b->year.from) <= 0) {
        s.from = EARLIEST;
    }
    if (!ymd_is_none(s.to) && ymd_compare(s.to, b->year.to) >= 0) {
        s.to = YMD_NONE;
    }
    return s;
}

static int add_unit(struct build *b, const struct fact_household *h, const struct fact_head *head)
{
    struct population *p = b->p;
    struct span time = span_cut(head->valid, b->year);
    if (span_is_empty(time)) {
        return 0;
    }
    struct unit *row = population_row(b->cx, &p->units, sizeof *row);
    if (!row) {
        return ERR_MEMORY;
    }
    struct span reign = reign_of(b, head);
    size_t at = p->units.n - 1;
    size_t spans_before = p->spans.n;
    struct unit u = {.household_id = h->household_id,
                     .debtor_id = head->person_id,
                     .first_person = (uint32_t)p->persons.n,
                     .reign_from = reign.from.day == EARLIEST.day ? NO_DAY : reign.from.day,
                     .reign_to = day_or_none(reign.to),
                     .is_protected = h->is_protected};
    for (size_t i = 0; i < h->n_persons; i++) {
        const struct fact_person *f = &b->facts->persons[h->first_person + i];
        int rc = add_person(b, f, &u, reign);
        if (rc < 0) {
            return rc;
        }
        if (f->person_id == u.debtor_id && !ymd_is_none(f->death) &&
            ymd_compare(f->death, b->as_of) <= 0) {
            u.reason = REASON_DEBTOR_DIED;
        }
    }
    u.n_persons = (uint32_t)p->persons.n - u.first_person;
    settle_unit(b, &u, time);
    if (p->spans.n == spans_before) { /* nobody was covered in this head's time */
        p->persons.n = u.first_person;
        p->units.n--;
        return 0;
    }
    UNITS(p)[at] = u;
    return 0;
}

int population_add(struct work *w, struct population *p, const struct levy_facts *facts,
                   const struct income_table *incomes, struct ymd as_of)
{
    const size_t first = p->units.n;
    struct build b = {.cx = &w->cx,
                      .p = p,
                      .facts = facts,
                      .incomes = incomes,
                      .as_of = as_of,
                      .year = {ymd_of(p->fiscal_year, 4, 1), ymd_of(p->fiscal_year + 1, 4, 1)}};
    for (size_t i = 0; i < facts->n_households; i++) {
        const struct fact_household *h = &facts->households[i];
        for (size_t k = 0; k < h->n_heads; k++) {
            int rc = add_unit(&b, h, &facts->heads[h->first_head + k]);
            if (rc < 0) {
                return rc;
            }
        }
    }
    return exemptions_add(w, p, first);
}

int statements_load(struct work *w, const struct levy_facts *facts, const struct facts_request *rq,
                    struct income_table *out)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, facts->n_persons + 1, int64_t);
    struct incomes list;
    if (!ids) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < facts->n_persons; i++) {
        ids[i] = facts->persons[i].person_id;
    }
    struct income_query q = {
        ids, facts->n_persons, rq->fiscal_year - 1, {rq->as_of, rq->known}, false};
    int rc = incomes_of_people(w, &q, &list);
    *out = (struct income_table){.rows = list.rows, .n = list.n};
    return rc;
}

int population_of_household(struct work *w, int64_t household_id, int fiscal_year, int64_t known,
                            struct ymd as_of, struct population *out)
{
    struct facts_request rq = {.fiscal_year = fiscal_year,
                               .known = known,
                               .as_of = as_of,
                               .limit = 1,
                               .only = &household_id,
                               .n_only = 1};
    struct levy_facts facts;
    struct income_table incomes; /* in the arena: not released */
    population_init(out, fiscal_year, known);
    int rc = eligibility_facts_load(w, &rq, &facts);
    if (rc >= 0) {
        rc = statements_load(w, &facts, &rq, &incomes);
    }
    if (rc >= 0) {
        rc = population_add(w, out, &facts, &incomes, as_of);
    }
    return rc < 0 ? error_add(&w->cx, "load household %lld", (long long)household_id) : 0;
}

const struct unit *population_unit(const struct population *p, int64_t household_id,
                                   int64_t debtor_id, struct ymd from)
{
    size_t low = 0;
    size_t high = p->units.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (UNITS(p)[middle].household_id < household_id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < p->units.n && UNITS(p)[low].household_id == household_id; low++) {
        if (UNITS(p)[low].debtor_id == debtor_id && UNITS(p)[low].from_day == from.day) {
            return &UNITS(p)[low];
        }
    }
    return NULL;
}

/* --- what an evaluation starts from --------------------------------------------------------- */

/* Varints into a small buffer: one call of the hash for a person instead of one per value. */
struct feed {
    struct hasher h;
    size_t n;
    char buffer[1024];
};

static void feed_int(struct feed *f, int64_t value)
{
    uint64_t v = ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
    if (f->n + 10 > sizeof f->buffer) {
        hash_bytes(&f->h, (struct str){f->buffer, f->n});
        f->n = 0;
    }
    while (v >= 0x80) {
        f->buffer[f->n++] = (char)(unsigned char)(v | 0x80);
        v >>= 7;
    }
    f->buffer[f->n++] = (char)(unsigned char)v;
}

static void feed_income(struct feed *f, const struct income *in)
{
    feed_int(f, in->is_undeclared | in->has_salary_income << 1 | in->has_pension_income << 2);
    feed_int(f, in->salary_revenue.n);
    feed_int(f, in->pension_revenue.n);
    feed_int(f, in->has_salary_income ? in->salary_income.n : 0);
    feed_int(f, in->has_pension_income ? in->pension_income.n : 0);
    feed_int(f, in->business_income.n);
    feed_int(f, in->property_income.n);
    feed_int(f, in->other_income.n);
    feed_int(f, in->forestry_income.n);
    feed_int(f, in->separate_income.n);
    feed_int(f, in->separate_deduction.n);
    feed_int(f, in->net_loss_carried.n);
    feed_int(f, in->casualty_loss_carried.n);
    feed_int(f, in->family_wages_paid.n);
    feed_int(f, in->family_wages_received.n);
    feed_int(f, in->salary_adjustment.n);
    feed_int(f, in->fixed_asset_tax.n);
}

static void feed_spans(struct feed *f, const struct unit_span *s, size_t n)
{
    feed_int(f, (int64_t)n);
    for (size_t i = 0; i < n; i++) {
        feed_int(f, s[i].acquired);
        feed_int(f, s[i].acquired_cause);
        feed_int(f, s[i].acquired_by);
        feed_int(f, s[i].lost);
        feed_int(f, s[i].lost_cause);
        feed_int(f, s[i].lost_by);
    }
}

static void feed_circumstances(struct feed *f, const struct unit_circumstance *c, size_t n)
{
    feed_int(f, (int64_t)n);
    for (size_t i = 0; i < n; i++) {
        feed_int(f, c[i].kind);
        feed_int(f, c[i].code);
        feed_int(f, c[i].day);
        feed_int(f, c[i].first_month);
        feed_int(f, c[i].last_month);
    }
}

/* Nothing for those without one: inputs stored before exemptions were known keep their digest. */
static void feed_exemption(struct feed *f, const struct population *p, const struct unit *u)
{
    if (u->exempt_yen == 0 && u->exempt_rate == 0 && u->exempt_income_rate == 0) {
        return;
    }
    feed_int(f, u->exempt_yen);
    feed_int(f, u->exempt_rate);
    feed_int(f, u->exempt_income_rate);
    for (uint16_t i = 0; i < u->n_cuts; i++) {
        feed_int(f, CUTS(p)[u->first_cut + i].number);
        feed_int(f, CUTS(p)[u->first_cut + i].yen);
    }
}

void unit_digest(const struct population *p, const struct unit *u, struct digest *out)
{
    struct feed f;
    f.n = 0;
    hash_init(&f.h, STR_NONE);
    feed_int(&f, p->fiscal_year);
    feed_int(&f, u->from_day);
    feed_int(&f, u->reign_from);
    feed_int(&f, u->reign_to);
    feed_exemption(&f, p, u);
    for (uint32_t i = 0; i < u->n_persons; i++) {
        const struct unit_person *person = &PERSONS(p)[u->first_person + i];
        feed_int(&f, person->birth_day);
        feed_int(&f, person->special_day);
        feed_int(&f, person->special_end);
        feed_int(&f, person->is_debtor | person->is_known << 1 | person->has_income << 2);
        feed_spans(&f, SPANS(p) + person->first_span, person->n_spans);
        feed_circumstances(&f, CIRCUMSTANCES(p) + person->first_circumstance,
                           person->n_circumstances);
        if (person->has_income) {
            feed_income(&f, &INCOMES(p)[person->income]);
        }
    }
    hash_bytes(&f.h, (struct str){f.buffer, f.n});
    *out = hash_end(&f.h);
}
