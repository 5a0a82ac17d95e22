/*
 * population: the facts of many debtor-household-years in flat arrays, ready to be evaluated with
 * any number of rule sets. Internal to the levy.
 *
 * A unit is one debtor, one household, one fiscal year: a household whose head changes in the year
 * has two, each with the persons covered in its debtor's time. The arrays can be written to a file
 * and read back as they are (the what-if's cache), so they hold no pointers.
 */
#ifndef DESK_LEVY_POPULATION_H
#define DESK_LEVY_POPULATION_H

#include "desk/levy/levy.h"

#define NO_DAY    INT32_MAX
#define ADULT_AGE 18 /* nobody expects an income statement of a child */

struct unit {
    int64_t household_id;
    int64_t debtor_id;
    int32_t from_day; /* first day of the debt in the year: 4/1, change of head, first cover */
    int32_t reign_from, reign_to; /* change of head inside the year; NO_DAY: none */
    uint32_t first_person;
    uint32_t n_persons;
    int64_t exempt_yen; /* 申請減免: granted for this debtor and year; the cuts' sum included */
    int32_t exempt_rate, exempt_income_rate; /* ten-thousandths */
    uint32_t first_cut;                      /* reductions of single instalments (期別減免) */
    uint16_t n_cuts;
    uint16_t reason; /* enum levy_reason known from the facts: protected, died */
    uint8_t is_protected;
    uint8_t spare[7];
};
struct unit_cut {
    int32_t number, yen;
};
struct unit_person {
    int64_t person_id;
    int32_t birth_day;   /* NO_DAY: unknown */
    int32_t special_day; /* 特定同一世帯所属者 from this day; NO_DAY: is not */
    int32_t special_end; /* NO_DAY: still */
    uint32_t first_span, first_circumstance;
    uint16_t n_spans, n_circumstances;
    uint8_t is_debtor;
    uint8_t is_known; /* income known, or nobody expects one */
    uint8_t has_income;
    uint8_t spare;
    uint32_t income; /* position in incomes when has_income */
};
struct unit_span {
    int32_t acquired, acquired_cause, lost, lost_cause; /* lost NO_DAY: open */
    int16_t acquired_by, lost_by;
    int32_t spare; /* rows are whole words, so that a file can be used as it is */
};
struct unit_circumstance {
    int32_t kind, code, day;
    int32_t first_month, last_month; /* struct month.n; INT32_MIN: none */
    int32_t spare;
};
/* A growable array on the heap; capacity 0 when its memory belongs to a file buffer. */
struct rows {
    void *p;
    size_t n, cap;
};
struct population {
    int fiscal_year;
    int64_t known;
    struct rows units, persons, spans, circumstances, incomes, cuts;
    struct text file; /* the buffer of a population read from a file */
};
#define UNITS(of)         ((struct unit *)(of)->units.p)
#define PERSONS(of)       ((struct unit_person *)(of)->persons.p)
#define SPANS(of)         ((struct unit_span *)(of)->spans.p)
#define CIRCUMSTANCES(of) ((struct unit_circumstance *)(of)->circumstances.p)
#define INCOMES(of)       ((struct income *)(of)->incomes.p)
#define CUTS(of)          ((struct unit_cut *)(of)->cuts.p)

void population_init(struct population *p, int fiscal_year, int64_t known);
void population_release(struct population *p);
void population_clear(struct population *p);

/* The same statement, whoever made it and of whichever year. */
bool income_equal(const struct income *a, const struct income *b);

/* Which source counts before which (setting levy.income_order, as known at an event). */
#define INCOME_ORDER "override tax inquiry declaration"
struct income_order {
    int rank[INCOME_ESTIMATE + 1]; /* by source; an estimate is always the last */
};
bool income_order_parse(struct str words, struct income_order *out);
int income_order_read(struct work *w, int64_t known, struct income_order *out) WARN_UNUSED;

/* Effective incomes of a year, by person. */
struct income_table {
    struct income *rows;
    size_t n, cap;
};
int income_table_load(struct work *w, int income_year, struct asof at,
                      struct income_table *out) WARN_UNUSED;
/* Sorts, keeps the best ranked. */
void income_table_settle(struct income_table *t, const struct income_order *order);
void income_table_release(struct income_table *t);
/* The statements about the persons of a chunk, in the arena: not to be released. */
int statements_load(struct work *w, const struct levy_facts *facts, const struct facts_request *rq,
                    struct income_table *out) WARN_UNUSED;
/* The incomes that count for people, one row each, by person: the best ranked statement of every
 * number they have as of a day, added up under the leading one (名寄せ). */
struct income_query {
    const int64_t *person_ids; /* leading numbers */
    size_t n;
    int income_year;
    struct asof at;
    bool no_estimate; /* estimates do not count */
};
int incomes_of_people(struct work *w, const struct income_query *q,
                      struct incomes *out) WARN_UNUSED;
/* What is said under numbers that are led moves to the leading number; rows stay sorted. */
int income_table_follow(struct work *w, const struct leads *l, struct income_table *t) WARN_UNUSED;
const struct income *income_table_find(const struct income_table *t, int64_t person_id);

/* Appends the units of a chunk of facts, as of a day (later acquisitions are not yet there). */
int population_add(struct work *w, struct population *p, const struct levy_facts *facts,
                   const struct income_table *incomes, struct ymd as_of) WARN_UNUSED;
/* A zeroed row at the end of an array of a population; NULL: no memory, said. */
void *population_row(struct context *cx, struct rows *r, size_t size);
/* One household, with one person's statements read for it. */
int population_of_household(struct work *w, int64_t household_id, int fiscal_year, int64_t known,
                            struct ymd as_of, struct population *out) WARN_UNUSED;
/* The whole city as known now: from the cache file when no event came since, else from the store
 * (and the cache is written). *warm says which. */
int population_of_city(struct work *w, int fiscal_year, struct population *out,
                       bool *warm) WARN_UNUSED;
/* The unit of a debtor in a household whose debt began on a day; NULL: none. Units are in order of
 * their household. */
const struct unit *population_unit(const struct population *p, int64_t household_id,
                                   int64_t debtor_id, struct ymd from);
/* Canonical digest of what a unit's evaluation starts from; no surrogate ids. */
void unit_digest(const struct population *p, const struct unit *u, struct digest *out);

/* The cache file. Reading gives 0 when it is missing, torn or of another state. */
int population_write(struct context *cx, struct population *p, const char *path) WARN_UNUSED;
int population_read(struct context *cx, struct population *p, const char *path) WARN_UNUSED;

#endif
