/*
 * register (住民記録): the resident register beside the city, a service of its own with its own
 * database, for training, trials and tests. It holds residents and their lives, and gives the
 * insurance section what a real one gives: the daily file of changes, the monthly file of
 * everybody, an answer about one person.
 *
 * Invariants
 * - Same seed, same first residents, same days: the same files, byte for byte.
 * - A change has one sequence number, without gaps; a correction or cancellation is a further
 *   change that names the earlier one.
 * - New people and households get numbers of bands of their own, so that they never meet the
 *   numbers the city gives to those who are not on the register.
 */
#ifndef OUTSIDE_REGISTER_REGISTER_H
#define OUTSIDE_REGISTER_REGISTER_H

#include "exchange/exchange.h"
#include "page/page.h"
#include "store/store.h"

/* Tells the store of the register's tables; once, before any store is opened. */
void register_start(void);

struct register_office;
/* A new register in a file that is not there yet, with the residents of a residents file
 * (data/formats/residents.tsv) as of its day. */
struct register_new {
    const char *path;
    struct str residents; /* the file's bytes */
    struct ymd day;
    uint64_t seed;
    int pace; /* 1: as much happens as in a Japanese city; 5: five times as much */
};
int register_create(struct context *cx, const struct register_new *n) WARN_UNUSED;
int register_open(struct context *cx, const char *path, struct register_office **out) WARN_UNUSED;
void register_close(struct register_office *r);
struct ymd register_today(const struct register_office *r);

/* Lives on, day by day, up to and including `day`. */
int register_live(struct register_office *r, struct ymd day) WARN_UNUSED;
/* The changes recorded on a day (data/formats/resident_changes.tsv) with their control record; a
 * day without changes is a file without lines. *lines may be NULL. */
int register_changes(struct register_office *r, struct ymd day, struct text *out,
                     int64_t *lines) WARN_UNUSED;
/* Everybody who is a resident on the register's day, in the format of residents files. */
int register_everybody(struct register_office *r, struct text *out, int64_t *lines) WARN_UNUSED;
/* One person: as he stands (residents file of one line), then his changes, oldest first. 1 found,
 * 0 nobody has the number. */
int register_ask(struct register_office *r, struct str person_no, struct text *out) WARN_UNUSED;

struct register_resident {
    struct str person_no, household_no, relation;
    struct str name, kana, real_name;
    struct ymd birth;
    struct str sex; /* "1", "2" */
    struct ymd death;
    struct str nationality, stay_status;
    struct ymd stay_until;
    struct ymd from, to; /* YMD_NONE: still a resident */
    struct str ended_by;
};
size_t register_residents(const struct register_office *r, const struct register_resident **rows);

#endif
