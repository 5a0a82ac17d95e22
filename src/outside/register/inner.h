/* inner: what the files of the register share. */
#ifndef OUTSIDE_REGISTER_INNER_H
#define OUTSIDE_REGISTER_INNER_H

#include "outside/register/register.h"
#include "register_sql.h"

#define NOBODY SIZE_MAX

struct home {
    struct str no, postal_code, city_code, prefecture, city, town_code, town, number, building;
    struct ymd last; /* effect of its newest change */
    bool is_changed;
};
struct words { /* one list of data/demo, cut at tabs */
    struct str (*rows)[8];
    size_t n;
};
struct names {
    struct words surnames, given, foreign, towns, buildings, cities, stays;
};
struct register_office {
    struct context cx;
    struct context *opener; /* whose error record is filled */
    struct arena arena;     /* everything of an open register */
    struct store *store;
    struct register_resident *people;
    bool *is_changed;
    size_t n, cap;
    struct home *homes;
    size_t n_homes, cap_homes;
    struct names names;
    struct columns change_columns, resident_columns;
    struct ymd today;
    uint64_t seed;
    int64_t pace;
    int64_t next_person, next_household, next_sequence;
    struct prng prng; /* of the day being lived */
};
int register_no_memory(struct register_office *r);

/* --- words.c ------------------------------------------------------------------------------------
 */
int register_names_read(struct register_office *r) WARN_UNUSED;
const struct str *draw_word(struct register_office *r, const struct words *w);
/* Up to a bound, evenly; and one in so many. */
int32_t draw_between(struct register_office *r, int32_t low, int32_t high);
bool draw_one_in(struct register_office *r, int32_t n);

/* --- people.c ------------------------------------------------------------------------------------
 */
struct newcomer {
    bool is_female, is_foreign;
    int32_t low_age, high_age;
    struct str surname, surname_kana; /* p NULL: one of his own */
    const char *relation;
};
/* Index of a new person in a household, NOBODY when memory is out; no change is recorded. */
size_t resident_new(struct register_office *r, size_t home, const struct newcomer *n,
                    struct ymd from);
size_t register_home_new(struct register_office *r, struct ymd day);
void register_home_settle(struct register_office *r, size_t home);
size_t register_home_find(const struct register_office *r, struct str no);
size_t resident_find(const struct register_office *r, struct str no);
struct str resident_surname(struct str name);
bool resident_is_here(const struct register_resident *p);
bool resident_is_head(const struct register_resident *p);
/* Indexes of those who live there now, head first. */
enum { HOME_MOST = 24 };
struct members {
    size_t who[HOME_MOST];
    size_t n;
};
struct members register_members(const struct register_office *r, struct str household_no);

/* --- line.c
 * --------------------------------------------------------------------------------------- */
struct change {
    const char *kind;
    size_t person;
    struct ymd day, effect;
    struct str before; /* household number; empty: none */
    bool goes;         /* no household after it */
    bool is_same_day, is_single;
    int64_t corrects;
    const struct str *other; /* row of cities: code, prefecture, name; NULL: none */
};
/* Takes the next sequence number and writes the line; the person is marked as changed. */
int register_record(struct register_office *r, const struct change *c) WARN_UNUSED;
int register_header(const struct columns *c, struct text *out) WARN_UNUSED;
int resident_line(struct register_office *r, size_t person, struct text *out) WARN_UNUSED;

/* --- life.c, ties.c
 * --------------------------------------------------------------------------------- */
int register_live_day(struct register_office *r) WARN_UNUSED;
/* The day a change is to have happened: some days before today, after the household's newest one;
 * YMD_NONE: not now. */
struct ymd register_recent_day(struct register_office *r, const struct home *h, int32_t back);
struct str register_keep(struct register_office *r, const char *s);
int register_ties_day(struct register_office *r) WARN_UNUSED;
/* Somebody went: who is head now, and what the others are to him. */
int register_head_pass_on(struct register_office *r, struct str household_no,
                          struct ymd day) WARN_UNUSED;
int register_second_thoughts(struct register_office *r) WARN_UNUSED;

#endif
