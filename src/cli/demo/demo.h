/*
 * demo: a believable city from a seed, for training, trials and tests.
 *
 * The city is made in memory first, purely from the seed: people, households, addresses, incomes
 * and two years of life as events, each with the facts it opens and closes. Then it is written to
 * a store in chunks, through the desks' own feeds, in the order in which the city learned things.
 * Same seed, size and last day: same city, same digest, on every machine and engine.
 *
 * Every name, address and number is made up: postal codes begin with 000, telephone numbers with
 * 090-0000, so that nobody is reached by mistake.
 */
#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include "desk/levy/levy.h"

struct demo_request {
    int64_t people; /* residents on the first day, 2025-04-01; 100 to 1,000,000 */
    int64_t former; /* people insured once who moved away before it; 0 to 2,000,000 */
    uint64_t seed;
    struct ymd until; /* last day of the history; YMD_NONE: 2026-06-10 */
};

struct demo_city;
int demo_city_new(struct context *cx, const struct demo_request *rq,
                  struct demo_city **out) WARN_UNUSED;
void demo_city_free(struct demo_city *city);

/* 保険市, its municipality code and insurer number. */
struct str demo_city_name(const struct demo_city *city);
struct str demo_city_code(const struct demo_city *city);
struct str demo_city_insurer(const struct demo_city *city);

struct ymd demo_city_last_day(const struct demo_city *city);

/* What the city is made of on a day; shares are the caller's business. */
struct demo_makeup {
    int64_t residents;
    int64_t households;
    int64_t insured;
    int64_t insured_households;
    int64_t insured_65_74;
    int64_t insured_foreign;
    int64_t deemed_heads;
    int64_t special_same;   /* left NHI at 75 and live on in an insured household */
    int64_t without_income; /* insured households whose people earn nothing, all declared */
    int64_t undeclared;     /* insured households with an undeclared member */
    int64_t protected_people;
    int64_t late_stage, assistance, employees; /* residents covered otherwise */
    int64_t events;
    int64_t incomes;
};
void demo_city_makeup(const struct demo_city *city, struct ymd day, struct demo_makeup *out);

/* Over everything the model holds; equal for equal requests. */
int demo_city_digest(const struct demo_city *city, struct digest *out) WARN_UNUSED;

/* Chunks written so far, for a line of progress. May be NULL. */
typedef void demo_progress(void *arg, int64_t done, int64_t total);
/* Into an empty city; w->store must be a STORE_BATCH or STORE_WRITE connection. */
int demo_city_write(struct work *w, const struct demo_city *city, demo_progress *progress,
                    void *arg) WARN_UNUSED;

/* Seven households with something that has happened and nobody has dealt with (moved in, joined a
 * company, birth, death of the head, divorce, 75th birthday, back from abroad), as of the city's
 * last day: work for the counter. */
int demo_pending(struct work *w, struct ymd day) WARN_UNUSED;

#endif
