/*
 * pension (年金保険者と国保連合会): the other side of pension deduction, a service of its own with
 * its own database, for training, trials and tests. It holds pensioners, tells the city whom it
 * pays (00, 30), takes requests and answers each (01 by 02, 31 by 32, 41 by 42, 61 by 62, 81 by
 * 82), pays pensions on its days, deducts what it was asked to, and tells what it took (22). Spoken
 * to by files only, in the records of data/formats/pension_records.tsv.
 *
 * Invariants
 * - Same residents and seed: the same pensioners, the same losses, the same files, byte for byte.
 * - It knows nobody by the city's numbers: a pensioner is found by what stands in the record.
 * - What is not established in the record is blank in what it makes, and passed over in what it
 * takes.
 */
#ifndef OUTSIDE_PENSION_PENSION_H
#define OUTSIDE_PENSION_PENSION_H

#include "exchange/exchange.h"
#include "page/page.h"
#include "store/store.h"

/* Tells the store of the service's tables; once, before any store is opened. */
void payer_start(void);

struct payer_new {
    const char *path;
    struct str residents; /* bytes of a residents file (data/formats/residents.tsv) */
    struct str city;      /* 5 digits */
    struct str scheme;    /* 1 digit */
    struct ymd day;
    uint64_t seed;
};
/* In a file that is not there yet: everybody of 65 or more gets a pension. */
int payer_create(struct context *cx, const struct payer_new *n) WARN_UNUSED;

struct payer_office;
int payer_open(struct context *cx, const char *path, struct payer_office **out) WARN_UNUSED;
void payer_close(struct payer_office *o);

/* Whom it pays on a day: everybody (00), or those who came of age since a day (30: `since`). */
int payer_candidates(struct payer_office *o, struct ymd day, struct ymd since, struct text *out,
                     int64_t *n) WARN_UNUSED;
/* A file of requests becomes instructions, and a file of answers. ERR_SYNTAX: no file of ours. */
int payer_take(struct payer_office *o, struct str bytes, struct ymd day, struct text *answer,
               int64_t *accepted, int64_t *rejected) WARN_UNUSED;
/* Pays the pensions of a payment day and tells what it took from them. */
int payer_pay(struct payer_office *o, struct ymd day, struct text *out,
              struct yen *taken) WARN_UNUSED;

#endif
