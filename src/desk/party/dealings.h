/*
 * dealings: what people have with the city beside living somewhere: non-residents, several numbers
 * of one person, accounts, agents, contacts. Part of party.h.
 *
 * Nobody is ever taken for somebody else by likeness: what is alike is listed, and a person says
 * so.
 */
#ifndef DESK_PARTY_DEALINGS_H
#define DESK_PARTY_DEALINGS_H

#include "desk/party/party.h"

/* --- facts, opened in a batch as those of party.h ------------------------------------------- */

struct account_fact {
    int64_t person_id;
    struct str business;    /* all, levy, collection, benefit */
    struct str purpose;     /* debit, refund, benefit */
    struct str bank_code;   /* 4 digits */
    struct str branch_code; /* 3 digits */
    struct str kind;        /* 1 ordinary, 2 current, 4 savings, 9 other */
    struct str account_no;  /* 7 digits */
    struct str holder;      /* half-width kana of the transfer system */
    bool is_public;         /* the account registered for public payments (公金受取口座) */
    struct str source;
    struct ymd source_day;
    struct span valid;
};
struct agent_fact {
    int64_t person_id;
    struct str kind; /* guardian curator assistant parent tax heir attorney */
    struct str business;
    int64_t agent_person_id; /* 0: not among the people of the city */
    struct str name;
    struct str kana;
    struct str postal_code, prefecture, city, town, number, building;
    struct str phone;
    struct str document;
    struct ymd document_day;
    bool takes_mail;
    struct span valid;
};
struct merge_fact {
    int64_t person_id;
    int64_t leading_id;
    struct str reason;
    struct span valid;
};
int party_open_account(struct party_batch *b, int64_t event_no, const struct account_fact *f,
                       int64_t *row) WARN_UNUSED;
int party_open_agent(struct party_batch *b, int64_t event_no, const struct agent_fact *f,
                     int64_t *row) WARN_UNUSED;
int party_open_merge(struct party_batch *b, int64_t event_no, const struct merge_fact *f,
                     int64_t *row) WARN_UNUSED;

/* --- non-residents (住登外者) --------------------------------------------------------------- */

struct nonresident {
    struct str person_no; /* empty: the next of the series "party.nonresident" */
    bool is_corporation;
    struct str name;
    struct str kana;
    struct ymd birth; /* YMD_NONE with a note, or a corporation */
    struct str birth_note;
    enum sex sex;
    struct str postal_code, prefecture, city, town, number, building;
    struct ymd since; /* of all this */
};
/* All inside the caller's write transaction, in his batch, under his event; each leaves one record
 * for the unified address system. */
int party_nonresident_open(struct party_batch *b, int64_t event_no, const struct nonresident *n,
                           bool is_provisional, int64_t *person_id) WARN_UNUSED;
/* What began before n->since ends on that day; what began on it or later was wrong. */
int party_nonresident_change(struct party_batch *b, int64_t event_no, int64_t person_id,
                             const struct nonresident *n) WARN_UNUSED;
/* Two people have compared it: no longer provisional. */
int party_nonresident_confirm(struct party_batch *b, int64_t event_no,
                              int64_t person_id) WARN_UNUSED;
/* ERR_STALE while any desk refers to the person (struct desk.refers_to), with the reason. */
int party_nonresident_remove(struct party_batch *b, int64_t event_no,
                             int64_t person_id) WARN_UNUSED;

/* People like this one, the likest first: name, reading, day of birth, sex and address are
 * compared; all five: the same, fewer: similar. */
struct alike {
    int64_t person_id;
    struct str person_no;
    bool name, kana, birth, sex, address;
    int items; /* how many of the five */
};
struct alike_list {
    struct alike *rows;
    size_t n;
};
int party_alike(struct work *w, const struct nonresident *n, struct alike_list *out) WARN_UNUSED;

/* --- several numbers of one person (名寄せ) ------------------------------------------------- */

/* The number that leads on w->asof.valid; the person himself where there is no link. */
int party_leading_person(struct work *w, int64_t person_id, int64_t *leading_id) WARN_UNUSED;
int party_leading_people(struct work *w, const int64_t *person_ids, size_t n,
                         int64_t *leading_ids) WARN_UNUSED;
/* Everybody who is led by him, himself first. */
int party_merged_people(struct work *w, int64_t leading_id, struct id_list *out) WARN_UNUSED;
/* All links in force as of a day and a knowledge, by leading number, then by the one that is led:
 * for what counts people (levy, judgements). Few numbers are linked; memory of w->cx.arena. */
struct lead {
    int64_t person_id;
    int64_t leading_id;
};
struct leads {
    struct lead *rows;
    struct lead *by_person; /* the same by the one that is led */
    size_t n;
};
int party_leads(struct work *w, struct asof at, struct leads *out) WARN_UNUSED;
/* The leading number; the person himself where there is no link. */
int64_t leads_leader(const struct leads *l, int64_t person_id);
/* The links of one leading number: *n of them, from the row given; NULL when there are none. */
const struct lead *leads_of(const struct leads *l, int64_t leading_id, size_t *n);

/* --- accounts --------------------------------------------------------------------------------- */

/* The account of a person for a business and a purpose on w->asof.valid: one of the business, else
 * one for all; 1 found, 0 none. */
int party_account_for(struct work *w, int64_t person_id, struct str business, struct str purpose,
                      struct account_fact *out) WARN_UNUSED;

/* Banks and branches as of the day the master was imported; NULL name: not known. */
struct bank_name {
    struct str bank, branch;
    struct str bank_kana, branch_kana;
};
bool bank_find(struct str bank_code, struct str branch_code, struct bank_name *out);
/* Symbol and number of the post bank as branch, kind and number of the transfer system; false when
 * they are none. */
struct post_account {
    char branch_code[4];
    char kind[2];
    char account_no[8];
};
bool post_account_convert(struct str symbol, struct str number, struct post_account *out);

#endif
