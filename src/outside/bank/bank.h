/*
 * bank (金融機関・収納代行): the banks, stores and payment networks beside the city, a service of
 * its own with its own database, for training, trials and tests. It holds accounts with balances;
 * carries out files of direct debits and transfers and answers them; checks accounts at sign-up;
 * people pay slips with it, and it tells the city of that; it answers inquiries after property.
 * Spoken to by files only, in the formats of data/formats.
 *
 * Invariants
 * - Same residents and seed: the same accounts, byte for byte the same answers.
 * - No file of money is carried out twice.
 * - A balance never falls below zero.
 */
#ifndef OUTSIDE_BANK_BANK_H
#define OUTSIDE_BANK_BANK_H

#include "exchange/exchange.h"
#include "page/page.h"
#include "store/store.h"

/* Tells the store of the service's tables; once, before any store is opened. */
void bank_start(void);

struct bank_new {
    const char *path;
    struct str residents; /* bytes of a residents file (data/formats/residents.tsv) */
    struct ymd day;
    uint64_t seed;
};
/* In a file that is not there yet: every grown-up gets an account. */
int bank_create(struct context *cx, const struct bank_new *n) WARN_UNUSED;

struct bank_office;
int bank_open(struct context *cx, const char *path, struct bank_office **out) WARN_UNUSED;
void bank_close(struct bank_office *o);

/* What people bring to the counter to sign up with: 宛名番号, account, holder, balance. */
int bank_accounts(struct bank_office *o, struct text *out, int64_t *n) WARN_UNUSED;
/* A month's income comes in. */
int bank_live(struct bank_office *o) WARN_UNUSED;

struct bank_counts {
    int64_t good, bad;
    struct yen good_yen, bad_yen;
};
/* The account check: 0 accepted, 1 no such account, 2 another holder; signs up or off. */
int bank_check(struct bank_office *o, struct str request, struct text *answer,
               struct bank_counts *n) WARN_UNUSED;
/* Direct debits (a first or a second try alike): 0 1 2 3 4 9. ERR_DUPLICATE: carried out before. */
int bank_debit(struct bank_office *o, struct str request, struct text *answer,
               struct bank_counts *n) WARN_UNUSED;
/* Transfers into accounts: 0 1 2. */
int bank_transfer(struct bank_office *o, struct str request, struct text *answer,
                  struct bank_counts *n) WARN_UNUSED;

/* Lines "cvs DIGITS44", "ocr UPPER LOWER", "municipal DIGITS44", "mpn NUMBER20 CONFIRMATION YEN",
 * "el NUMBER20 CONFIRMATION YEN" are paid on a day; one store payment in twelve is taken back. */
int bank_pay(struct bank_office *o, struct str slips, struct ymd day, int64_t *n) WARN_UNUSED;
enum bank_notice {
    NOTICE_EARLY,     /* cvs: at once */
    NOTICE_CANCELLED, /* cvs: taken back */
    NOTICE_FINAL,     /* cvs: with the day the money comes */
    NOTICE_OCR,       /* a batch with totals */
    NOTICE_NUMBER,    /* mpn: final */
    NOTICE_EL         /* el: final */
};
/* What was paid up to a day and not told yet; *n 0: nothing, and no file. fixed: the carrier of the
 * stores' data. */
int bank_tell(struct bank_office *o, enum bank_notice what, struct ymd day, bool fixed,
              struct text *out, int64_t *n) WARN_UNUSED;

/* Answers an inquiry after property (財産調査) from the accounts. */
int bank_inquire(struct bank_office *o, struct str inquiries, struct ymd day, struct text *answer,
                 int64_t *found) WARN_UNUSED;

#endif
