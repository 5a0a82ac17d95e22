/*
 * linkage (庁内連携): whom the city's other sections are to the insurance section: the register of
 * links, applications to use data, files that go and come, inquiries through a link, media handed
 * over in a hurry; and what the person himself is shown: disclosure, reception slips, decisions.
 *
 * Invariants
 * - Nothing passes without a registered link and an approved application that is valid on the day;
 *   then the approved items pass and no other. A receiver without a row in data/provisions.tsv is
 *   refused when the link is registered and again when it is used.
 * - Two people: the one who applies is not the one who approves, whatever the settings say.
 * - Files go from server to server: a work that belongs to a session at a terminal is refused.
 * - Every passing, given, taken or refused, leaves a row, and one row per person.
 */
#ifndef DESK_LINKAGE_LINKAGE_H
#define DESK_LINKAGE_LINKAGE_H

#include "desk/collection/collection.h"

/* --- whom data may be given to by law --------------------------------------------------------- */

struct provision {
    struct str id;  /* PRV-030 */
    struct str way; /* network, inhouse, intake */
    struct str row; /* of the table; "-" */
    struct str former_row;
    struct ymd valid_from;
    struct str law;
    struct str receiver; /* "care" */
    struct str receiver_type;
    struct str receiver_name;
    struct str work;
    struct str kinds; /* 資格 賦課 給付 宛名, separated by blanks */
    struct str timing;
    bool may_number;  /* My Number may go with it */
    struct str basis; /* act, ordinance */
};
/* All rows of the list, in its order; memory of the context. */
struct provisions {
    struct provision *rows;
    size_t n;
};
int linkage_provisions(struct context *cx, struct provisions *out) WARN_UNUSED;

/* --- the register ----------------------------------------------------------------------------- */

enum link_way { LINK_OUT, LINK_IN, LINK_ASK };
struct data_link {
    struct str link_no; /* "L-0001" */
    struct str name;
    enum link_way way;
    struct str partner;   /* receiver (or giver) of the provision */
    struct str provision; /* its id; purpose, law and partner type come from there */
    struct str layout;    /* "link_eligibility" */
    struct str cycle;
    struct ymd from;
    struct ymd to; /* YMD_NONE: no end */
};
/* Waits for the second person: 1. ERR_INVALID or ERR_DENIED names what the law or the layout does
 * not allow. */
int linkage_link_enter(struct work *w, const struct data_link *l, struct str why) WARN_UNUSED;

struct data_use {
    struct str link_no;
    struct str applicant; /* the receiving section, in words */
    struct str purpose;
    struct str items; /* "person_no,name,acquired" */
    struct ymd from;
    struct ymd to; /* the first day on which it is closed again */
};
/* A use by the tax office names the taxes as its purpose, "," between (data/tax_purposes.tsv). */
int linkage_use_enter(struct work *w, const struct data_use *u) WARN_UNUSED;
/* A tax by its code or its name, with the days between which it is a purpose; ERR_INVALID for one
 * that is not listed or not yet (no longer) on that day. */
struct tax_purpose {
    struct str code, name, law;
    struct ymd from, to;
};
int tax_purpose_need(struct work *w, struct str word, struct ymd day,
                     struct tax_purpose *out) WARN_UNUSED;

struct link_system {
    struct str link_no;
    struct str system_no;
    bool is_terminal; /* known by name, and refused for files */
    struct str name;
    struct str public_key; /* ed25519, 64 hex digits; empty for terminals */
};
int linkage_system_enter(struct work *w, const struct link_system *s) WARN_UNUSED;

/* --- passing -----------------------------------------------------------------------------------
 */

/* ask: items of one person through a link of the actor's section; values in the order of `items`.
 * ERR_DENIED for an item that is not approved or a section that is not the link's; both logged. */
struct link_question {
    struct str link_no;
    int64_t person_id;
    struct str items;
    struct str purpose;
};
struct link_answer {
    struct str *ids;
    struct str *labels;
    struct str *values;
    size_t n;
};
int linkage_ask(struct work *w, const struct link_question *q, struct link_answer *out) WARN_UNUSED;

/* The file of an open link as it stands today: header and one line per insured person. */
struct link_file {
    struct str bytes;
    struct str items; /* the columns in it */
    int64_t people;
    const int64_t *person_ids;
    struct str name;
};
/* What the job "link-send" does: writes CITY/links/LINK/out/NAME.csv with manifest and signature,
 * logs it. Refused in a work that has a session. */
int linkage_send(struct work *w, struct str link_no, struct link_file *sent) WARN_UNUSED;
/* What the job "link-receive" does with CITY/links/LINK/in/NAME.csv: checks the system, its
 * signature and the layout as a whole; a clean file moves to accepted/, any other stays and the
 * refusal is logged. */
int linkage_receive(struct work *w, struct str link_no, struct str file_name,
                    int64_t *people) WARN_UNUSED;
/* Lines of passings older than seven years go; returns how many. */
int linkage_purge(struct work *w, int64_t *gone) WARN_UNUSED;

/* --- media -------------------------------------------------------------------------------------
 */

struct medium_new {
    struct str medium_no;
    struct str link_no;
    struct str handed_to;
    struct str purpose; /* why it cannot wait for the link */
};
int linkage_medium_enter(struct work *w, const struct medium_new *m) WARN_UNUSED;
/* An approved medium: the link's file, sealed with the password, at `path`. */
int linkage_medium_seal(struct work *w, struct str medium_no, struct str password,
                        const char *path) WARN_UNUSED;
/* Opens a sealed file; needs no city. ERR_DENIED: wrong password or a changed file. */
int linkage_medium_open(struct context *cx, const char *path, struct str password,
                        struct text *out) WARN_UNUSED;
/* "returned" or "erased". */
int linkage_medium_settle(struct work *w, struct str medium_no, struct str state) WARN_UNUSED;

extern const struct desk linkage_desk;

#endif
