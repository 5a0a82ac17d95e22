/*
 * party (宛名): who the city knows, where they live and with whom, how to reach them, and who must
 * not be found.
 *
 * Invariants
 * - A person and a household have an id that never changes; numbers, names, addresses are facts
 *   with a period of validity and a range of knowledge. Nothing is updated, nothing merged by name.
 * - Ranges are half-open: `to` is the first day on which it is no longer so, YMD_NONE: still so.
 * - One who is under protection (支援措置), and everybody living with him, is shown without
 *   address, contact and former address, here, once, for every page and list: what this header
 *   hands out for display has the address taken out already (address_shown). Notices are sent to
 *   the real address: party_addressees gives it together with the mark.
 * - My Number is no part of this desk: it is not searched by and not shown.
 */
#ifndef DESK_PARTY_PARTY_H
#define DESK_PARTY_PARTY_H

#include "exchange/exchange.h"
#include "office/office.h"

struct span { /* half-open */
    struct ymd from;
    struct ymd to;
};
bool span_holds(struct span s, struct ymd day);
bool span_is_empty(struct span s);
struct span span_cut(struct span a, struct span b); /* the part both share; may be empty */

/* --- people ------------------------------------------------------------------------------ */

enum sex { SEX_UNKNOWN, SEX_MALE, SEX_FEMALE };

/* One person as of w->asof, as a clerk may see him. Texts live in w->cx.arena. */
struct person {
    int64_t person_id;
    struct str person_no; /* 宛名番号 */
    struct str name;      /* the name in use (通称 where that is the printed one) */
    struct str kana;
    struct str real_name; /* 本名 where another is in use; else empty */
    struct str name_kind; /* of the name in use: real, alias, former, latin */
    struct ymd birth;
    enum sex sex;
    struct ymd death;    /* YMD_NONE: alive */
    bool is_resident;    /* on the resident register on that day */
    bool is_nonresident; /* 住登外; neither: has left or died */
    struct str ended_by; /* move_out, death, ...; empty while resident */
    bool is_foreign;
    struct str nationality; /* three letters; empty: Japanese */
    struct str stay_status;
    struct ymd stay_until;
    bool is_protected;    /* himself or somebody he lives with */
    int64_t household_id; /* the last one he lived in; 0: none */
    struct str household_no;
    struct str head_name;
    struct str relation; /* 続柄 code */
    bool is_head;
    struct str postal_code; /* empty when protected */
    struct str address;     /* one line; empty when protected: write the message party.hidden */
};
int party_person(struct work *w, int64_t person_id, struct person *out) WARN_UNUSED;
/* 1 found, 0 not; any addressee number he ever had. */
int party_person_by_no(struct work *w, struct str person_no, int64_t *person_id) WARN_UNUSED;

struct person_list {
    struct person *rows;
    size_t n;
};
/* In the order of the ids; ids without a person are left out. */
int party_people(struct work *w, const int64_t *person_ids, size_t n,
                 struct person_list *out) WARN_UNUSED;

/* "本人" or "夫" of a relation code: message id "party.relation.02"; never NULL. */
const char *relation_message(struct str relation);

/* --- households -------------------------------------------------------------------------- */

struct member {
    struct person person;
    struct str relation;
    bool is_head;
    struct span stay; /* in this household */
    bool is_there;    /* on w->asof.valid */
};
struct party_home {
    int64_t household_id;
    struct str household_no;
    struct str head_name;
    int64_t head_id;
    bool is_protected;
    struct str postal_code; /* empty when protected */
    struct str address;     /* one line; empty when protected */
    struct member *members; /* head first, then by relation and birth; those who left last */
    size_t n;
};
/* 1 found, 0 not. */
int party_home(struct work *w, int64_t household_id, struct party_home *out) WARN_UNUSED;
int party_home_by_no(struct work *w, struct str household_no, struct party_home *out) WARN_UNUSED;
int party_household_by_no(struct work *w, struct str household_no,
                          int64_t *household_id) WARN_UNUSED;

/* --- where a notice goes ----------------------------------------------------------------- */

struct addressee {
    int64_t person_id;
    struct str person_no;
    struct str name; /* the name in use, or the one the sending address names */
    struct str kana;
    struct str postal_code;
    struct str prefecture;
    struct str city;
    struct str town;
    struct str number;   /* 番地号表記 */
    struct str building; /* 方書; may be empty */
    struct str care_of; /* who takes the mail for him: "成年後見人 山田 太郎 様方"; else empty */
    bool is_sending;   /* a sending address (送付先) of the business, not the residence */
    bool is_protected; /* handle with care: never on a list, sealed to the addressee */
    bool has_address;  /* false: nowhere to send to; pull the notice (引抜) */
};
/* Where to send on w->asof.valid; business "levy", "collection" ...: a sending address for it,
 * else one for all, else the residence, else the address of a non-resident or where he went.
 * out has room for n, in the order of the ids. */
int party_addressees(struct work *w, const int64_t *person_ids, size_t n, struct str business,
                     struct addressee *out) WARN_UNUSED;

/* --- search ------------------------------------------------------------------------------ */

/* What one search box may hold, taken apart: words are separated by blanks, all must fit. */
enum search_word_kind { SEARCH_KANA, SEARCH_KANJI, SEARCH_DAY, SEARCH_NUMBER, SEARCH_REFUSED };
struct search_word {
    enum search_word_kind kind;
    struct str text; /* folded kana, folded kanji, digits */
    struct ymd day;  /* a number may be a day too */
};
struct search_words {
    struct search_word rows[8];
    size_t n;
};
/* Twelve digits are refused: a My Number is not searched by. ERR_INVALID names the word. */
int party_search_words(struct context *cx, struct str box, struct search_words *out) WARN_UNUSED;

struct id_list {
    const int64_t *ids;
    size_t n;
    bool is_cut; /* there are more than were asked for */
};
/* People fitting every word, by kana sort key; past names and addresses count too. extra: ids a
 * higher desk found for the number words (certificate numbers), added to what is found here. */
int party_search(struct work *w, const struct search_words *words, const struct id_list *extra,
                 size_t limit, struct id_list *out) WARN_UNUSED;

/* --- the feed into the desk -------------------------------------------------------------- */

/* Facts are opened and closed in batches inside the caller's write transaction; every row names
 * an event opened in it. Texts are borrowed until the batch is written. */
struct party_batch;
enum party_fact {
    PARTY_NUMBER,
    PARTY_IDENTITY,
    PARTY_NAME,
    PARTY_RESIDENCY,
    PARTY_FOREIGN,
    PARTY_MEMBERSHIP,
    PARTY_ADDRESS,
    PARTY_CONTACT,
    PARTY_PROTECTION,
    PARTY_ACCOUNT,
    PARTY_AGENT,
    PARTY_MERGE
};
#define PARTY_FACTS 12

struct identity_fact {
    int64_t person_id;
    bool is_corporation;
    struct ymd birth; /* YMD_NONE with a note when unknown */
    struct str birth_note;
    enum sex sex;
    struct ymd death;
};
struct name_fact {
    int64_t person_id;
    const char *kind; /* real, alias, former, latin */
    struct str name;
    struct str kana;
    bool is_used;
    struct span valid;
};
struct residency_fact {
    int64_t person_id;
    bool is_resident;
    const char *started_by; /* move_in birth restored status initial registered */
    const char *ended_by; /* NULL while it lasts: move_out death ex_officio left_country removed */
    bool is_provisional;
    struct span valid;
};
struct foreign_fact {
    int64_t person_id;
    struct str nationality;
    struct str stay_status;
    struct ymd stay_until;
    bool is_excluded;
    struct span valid;
};
struct membership_fact {
    int64_t household_id;
    int64_t person_id;
    struct str relation;
    bool is_head;
    struct span valid;
};
struct address_fact {
    int64_t household_id; /* one of the two */
    int64_t person_id;
    const char *kind;    /* residence former destination nonresident sending */
    struct str business; /* "all" but for sending addresses */
    struct str postal_code;
    struct str city_code;
    struct str town_code;
    struct str prefecture;
    struct str city;
    struct str town;
    struct str number;
    struct str building;
    struct str addressee;
    struct span valid;
};
struct contact_fact {
    int64_t person_id;
    const char *kind; /* home mobile work fax mail */
    struct str value;
    struct str source;
    struct str note;
    struct span valid;
};
struct protection_fact {
    int64_t person_id;
    const char *kind; /* violence stalking child other */
    struct str decision_no;
    struct span valid;
};

int party_batch_new(struct work *w, struct party_batch **out) WARN_UNUSED;
void party_batch_free(struct party_batch *b);
/* New people and households under ids taken with store_ids and numbers of the series
 * "party.person", "party.household"; the number also becomes the first row of person_number. */
int party_open_person(struct party_batch *b, int64_t event_no, int64_t person_id,
                      struct str person_no, struct ymd from) WARN_UNUSED;
int party_open_household(struct party_batch *b, int64_t event_no, int64_t household_id,
                         struct str household_no) WARN_UNUSED;
/* Each gives the row's id, by which it is closed later; row may be NULL. */
int party_open_identity(struct party_batch *b, int64_t event_no, const struct identity_fact *f,
                        int64_t *row) WARN_UNUSED;
int party_open_name(struct party_batch *b, int64_t event_no, const struct name_fact *f,
                    int64_t *row) WARN_UNUSED;
int party_open_residency(struct party_batch *b, int64_t event_no, const struct residency_fact *f,
                         int64_t *row) WARN_UNUSED;
int party_open_foreign(struct party_batch *b, int64_t event_no, const struct foreign_fact *f,
                       int64_t *row) WARN_UNUSED;
int party_open_membership(struct party_batch *b, int64_t event_no, const struct membership_fact *f,
                          int64_t *row) WARN_UNUSED;
int party_open_address(struct party_batch *b, int64_t event_no, const struct address_fact *f,
                       int64_t *row) WARN_UNUSED;
int party_open_contact(struct party_batch *b, int64_t event_no, const struct contact_fact *f,
                       int64_t *row) WARN_UNUSED;
int party_open_protection(struct party_batch *b, int64_t event_no, const struct protection_fact *f,
                          int64_t *row) WARN_UNUSED;
int party_close(struct party_batch *b, enum party_fact fact, int64_t row,
                int64_t event_no) WARN_UNUSED;
/* Bulk inserts, then closes; the batch is empty afterwards and may be used again. */
int party_batch_write(struct work *w, struct party_batch *b) WARN_UNUSED;

/* Those of people and households that already have the numbers; sorted as the numbers are given,
 * 0 where there is none. */
int party_ids_by_no(struct work *w, const struct str *person_nos, size_t n,
                    int64_t *ids) WARN_UNUSED;
int party_household_ids_by_no(struct work *w, const struct str *household_nos, size_t n,
                              int64_t *ids) WARN_UNUSED;
/* The facts now open of one person, with their rows, for feeds that compare and replace. */
struct party_state {
    int64_t person_id;
    int64_t identity_row, name_row, membership_row, residency_row, address_row;
    struct identity_fact identity;
    struct name_fact name;             /* the one in use */
    struct membership_fact membership; /* household_id 0: lives nowhere */
    struct residency_fact residency;
    struct address_fact address; /* of the household */
};
/* One per id, in their order; w->asof says of when. */
int party_states(struct work *w, const int64_t *person_ids, size_t n,
                 struct party_state *out) WARN_UNUSED;

/* --- files taken in --------------------------------------------------------------------------- */

/*
 * A file is read and checked as a whole before anything is written. Small ones (up to 20,000 lines)
 * are one transaction; larger ones are chunks of it that a restarted job continues. A file seen
 * before is refused by its SHA-256.
 */
enum import_mode {
    IMPORT_ALL,   /* any bad line refuses the file */
    IMPORT_LINES, /* good lines are taken, bad ones listed */
    IMPORT_REPORT /* nothing is written but the list of bad lines */
};
struct import;
struct import_kind {
    const char *name;       /* "residents" */
    const char *event_kind; /* "party.import" */
    const char *source;     /* unless the operator names another (data/intake_routes.tsv) */
    struct str description; /* of the columns, as columns_read takes it */
    const char *sum;        /* id of the column that is summed for the control; NULL: lines only */
    enum import_mode usual; /* where the job names none */
    bool is_strict;         /* a line of another shape refuses the file, whatever the mode */
    struct str reason;      /* why it is taken although it should not be; may be empty */
    void *own;              /* becomes im->own */
    /* After the file is read, before its rows are checked: order, gaps, cycle. May be NULL. */
    int (*begin)(struct import *im);
    /* What single fields cannot show; calls table_problem. May be NULL. */
    int (*check)(struct import *im, struct table_row *row);
    /* Writes good rows under the event, inside the transaction. */
    int (*apply)(struct import *im, int64_t event_no, struct table_row *const *rows, size_t n);
};
struct import {
    struct work *w;
    struct job *job;
    const struct import_kind *kind;
    struct str source, route; /* of its events */
    struct columns columns;
    struct table table;
    enum import_mode mode;
    struct arena *arena;
    void *own; /* of the kind */
};
/* The job function of every import: options path, mode, count, sum, source, route. */
int party_import(struct work *w, struct job *job, const struct import_kind *kind) WARN_UNUSED;
#define IMPORT_OPTIONS "path:text mode?:text count?:number sum?:number source?:text route?:text"
/* A field of a row by column id; empty when absent. */
struct str import_field(const struct import *im, const struct table_row *row, const char *id);
struct ymd import_day(const struct import *im, const struct table_row *row, const char *id);
int import_problem(struct import *im, struct table_row *row, const char *id,
                   const char *reason) WARN_UNUSED;
/* The lines of a job that were not taken. */
struct import_problem_list {
    struct table_problem *rows;
    size_t n;
};
int party_import_problems(struct work *w, int64_t job_id,
                          struct import_problem_list *out) WARN_UNUSED;

extern const struct desk party_desk;

#include "desk/party/dealings.h"

#endif
