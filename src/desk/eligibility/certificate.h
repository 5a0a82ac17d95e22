/*
 * certificate (証): every document that shows eligibility, from the decision which one a person
 * gets to its way back: one register for all kinds, old and new.
 *
 * Invariants
 * - What may be issued on a day is data: data/certificates.tsv (kinds, first and last day, longest
 *   validity) and data/certificate_choice.tsv (who gets which). "switch" in them is the setting
 *   eligibility.certificate_switch, the first day on which no insurance card is issued.
 * - A serial is given once, by the register, and never again. A row says what was printed; a change
 *   is another document. Returning adds to the row by a newer one; nothing is lost.
 * - Per person and family of kinds (that of the card, of the elderly card, of the limit, of the
 *   disease) one document is in force: issuing another ends the one before it.
 * - Protected people's documents are printed and given by hand, never put into a printed stream.
 */
#ifndef DESK_ELIGIBILITY_CERTIFICATE_H
#define DESK_ELIGIBILITY_CERTIFICATE_H

#include "desk/eligibility/judge.h"
#include "paper/paper.h"

/* --- what is decided ------------------------------------------------------------------------ */

enum certificate_state { /* of one document on a day; message id "eligibility.held.N" */
                         CERTIFICATE_IN_FORCE = 0,
                         CERTIFICATE_EXPIRED = 1,   /* its last day is over; nothing to return */
                         CERTIFICATE_RETURNED = 2,  /* came back, or was reported lost */
                         CERTIFICATE_REPLACED = 3,  /* a newer one is in force: to be returned */
                         CERTIFICATE_TO_RETURN = 4, /* its holder is insured no more */
};

/* How far a household is behind (the collection side says so). */
enum arrears_state {
    ARREARS_NONE = 0,
    ARREARS_SHORT = 1,  /* shorter validity before the switch (短期証) */
    ARREARS_SPECIAL = 2 /* a year and more, asked for without result (法54条の3) */
};
struct certificate_arrears {
    enum arrears_state state;
    bool has_reason;    /* 特別の事情: then the state counts as none */
    int short_months;   /* ARREARS_SHORT: validity; 0: as set */
    bool blocks_limits; /* no limit certificate for those under 70 */
};
/* Fills out[i] for households[i]; out comes zeroed. Nobody registered: the facts below say it. */
typedef int certificate_arrears_fn(struct work *w, const int64_t *households, size_t n,
                                   struct certificate_arrears *out);
void certificate_arrears_set(certificate_arrears_fn *fn);
/* The standing of a household from a day on, under an open event; what stood then ends. An empty
 * span: none any more. */
struct arrears_standing {
    int64_t household_id;
    struct certificate_arrears is;
    struct span valid;
};
int arrears_standing_put(struct work *w, int64_t event_no,
                         const struct arrears_standing *s) WARN_UNUSED;

/* Where shares and divisions come from: judgement_many (judge.h) or a test's own. */
typedef int certificate_judged_fn(struct work *w, const int64_t *persons, size_t n, struct ymd day,
                                  struct judged *out);
void certificate_judged_set(certificate_judged_fn *fn);

/* Which document somebody should hold on w->asof.valid, and which he does. */
struct certificate_need {
    int64_t person_id;
    int64_t household_id;
    struct str person_no;
    struct str name;
    struct str kind;       /* "confirmation", ...: what he should hold */
    const char *reason;    /* message id: why that kind */
    const char *due;       /* message id: why one must be issued now; NULL: holds the right one */
    const char *refused;   /* message id: cannot be issued (no number, ...); NULL: can */
    struct ymd valid_from; /* 発効期日 */
    struct ymd valid_until;
    int share;              /* 70 to 74 where the document carries it; else 0 */
    struct str held_serial; /* in force of the same family; empty: none */
    struct str held_kind;
    struct ymd held_until;
    bool is_protected;
    bool has_address;
    bool is_undelivered;    /* his last document came back from the post */
    struct str postal_code; /* where it would be sent; empty when protected */
};
struct certificate_needs {
    struct certificate_need *rows;
    size_t n;
};
/* Of everybody insured in the household on that day; who needs nothing is listed too (due NULL). */
int certificate_due(struct work *w, int64_t household_id,
                    struct certificate_needs *out) WARN_UNUSED;
/* The same for people, in the order of their ids; the not insured are left out. */
int certificate_due_people(struct work *w, const int64_t *person_ids, size_t n,
                           struct certificate_needs *out) WARN_UNUSED;

/* --- issuing and returning ------------------------------------------------------------------ */

/* What a granted application (application.h) says about the document it brings. */
struct certificate_terms {
    struct ymd effective; /* 発効期日 */
    struct ymd long_stay; /* 長期入院該当年月日; YMD_NONE: none */
};
/* cause: "new", "renewal", "lost", "damaged", "stolen", "name", "address", "number", "kind",
 * "wish"; handed: "" (not yet), "counter", "post", "recorded". */
struct certificate_order {
    int64_t person_id;
    struct str kind;        /* empty: the one decided */
    struct str cause;       /* empty: "new" for the first, "renewal" after it */
    struct str why;         /* needed when kind is another than the one decided */
    struct ymd valid_until; /* YMD_NONE: by the rules; never later than those allow */
    int share;              /* 0: as judged */
    enum division division; /* limit kinds; DIVISION_NONE: as judged */
    int disease;            /* kind "disease": class 1 to 3 */
    struct yen limit;       /* kind "disease": own payment; 0: by class, age and division */
    bool is_sex_on_back;
    struct str handed;
    const struct certificate_terms *terms; /* NULL: by the rules */
    struct str serial;                     /* out */
};
/* Issues under an event that is open, inside the caller's transaction: a serial each, what was in
 * force of the same family ends (one reported lost, stolen or damaged counts as returned; the
 * others stay open until they come back), print values are kept. Writes no audit line: the caller's
 * act has one. ERR_INVALID names what is wrong with which person; nothing is half done. */
int certificate_issue(struct work *w, int64_t event_no, struct certificate_order *orders,
                      size_t n) WARN_UNUSED;
/* As an entry "eligibility.certificate": 0 issued (orders[i].serial set), 1 waits for a check. */
int certificate_enter(struct work *w, int64_t household_id, struct certificate_order *orders,
                      size_t n, int64_t *event_no) WARN_UNUSED;

/* Came back (or will not): reason "loss", "replaced", "expired", "lost", "damaged", "stolen",
 * "moved", "death", "error". cause: the day the reason arose; YMD_NONE: found from the register. */
struct certificate_return {
    struct str serial;
    struct ymd returned;
    struct str reason;
    struct ymd cause;
};
int certificate_return(struct work *w, int64_t event_no, const struct certificate_return *rows,
                       size_t n) WARN_UNUSED;
/* As an entry "eligibility.certificate_return": 0 done, 1 waits. */
int certificate_return_enter(struct work *w, const struct certificate_return *rows, size_t n,
                             int64_t *event_no) WARN_UNUSED;

/* Handed over: how ("counter", "post", "recorded"; "undelivered": it came back from the post), to
 * whom, and whether he looked at what is printed and found it right; user and time are those of the
 * work. An event of its own. */
struct certificate_handover {
    struct str serial;
    struct str how;
    struct str receiver; /* empty: the holder himself */
    struct str tracking; /* of recorded post; may be empty */
    bool is_confirmed;   /* looked at by the receiver at the counter */
};
int certificate_hand_over(struct work *w, const struct certificate_handover *h) WARN_UNUSED;

struct insured_household; /* eligibility.h */
/* The household is insured under another symbol and number from a day on: numbers of its members
 * follow, everything said about them and the register stay as they are. Under an open event. */
int certificate_renumber(struct work *w, int64_t event_no, int64_t household_id,
                         const struct insured_household *to) WARN_UNUSED;

/* --- facts it is decided from ----------------------------------------------------------------- */

/* A usable registration of the individual number card as insurance card (マイナ保険証). */
struct card_registration {
    int64_t person_id;
    struct str source; /* "link", "person", "file" */
    struct span valid;
};
/* Under an open event; what is open for the person is closed by it. An empty span: none any more.
 */
int certificate_card_set(struct work *w, int64_t event_no,
                         const struct card_registration *f) WARN_UNUSED;
/* A wish that stands: "confirmation" (though he has a usable card), "notice", "limit". */
struct certificate_wish {
    int64_t person_id;
    struct str kind;
    struct str reason;
    struct span valid;
};
int certificate_wish_set(struct work *w, int64_t event_no,
                         const struct certificate_wish *f) WARN_UNUSED;

/* --- the register ------------------------------------------------------------------------------
 */

/* One document as it was printed and what became of it. */
struct held {
    int64_t person_id;
    struct str person_no;
    struct str name; /* today's */
    struct str kind;
    struct str serial, symbol, number, branch;
    struct str face_name, face_kana;
    struct str real_name, real_kana; /* where an alias is printed */
    bool is_sex_on_back;
    bool is_undisclosed; /* DV mark */
    struct ymd issued, effective, valid_until;
    int64_t issue_count;
    struct str cause; /* why it was issued */
    int64_t share;
    enum division division;
    struct yen limit;
    int64_t disease;
    struct ymd long_stay; /* YMD_NONE: none */
    struct str place;     /* branch office */
    struct str user;      /* sign-in name of who issued it */
    struct ymd returned;
    struct str return_reason;
    struct ymd return_cause;
    enum certificate_state state;
    struct str handed; /* the newest handover; empty: none */
    bool is_confirmed;
    int64_t handed_at; /* microseconds */
    struct str handed_by;
};
struct helds {
    struct held *rows;
    size_t n;
};
/* Everything of people, newest first. */
int certificate_of_people(struct work *w, const int64_t *person_ids, size_t n,
                          struct helds *out) WARN_UNUSED;
/* 1 found, 0 not. */
int certificate_by_serial(struct work *w, struct str serial, struct held *out) WARN_UNUSED;
/* Documents to be returned and not returned yet, by serial, after one. */
int certificate_open_returns(struct work *w, struct str after_serial, int64_t n,
                             struct helds *out) WARN_UNUSED;

/* Those of the arrears side (short cards, qualification and special documents), by serial, after
 * one; open_only: not returned and not run out. */
int certificate_special(struct work *w, struct str after_serial, bool open_only, int64_t n,
                        struct helds *out) WARN_UNUSED;

/* --- the hand-over file ------------------------------------------------------------------ */

/* Every document with what stands on it and what became of it, as known:
 * data/formats/certificates.tsv, with a control record. No address, no My Number. Writes its audit
 * lines. */
int certificate_export(struct work *w, struct text *out, int64_t *rows) WARN_UNUSED;

/* --- paper -------------------------------------------------------------------------------------
 */

/* The document as it was printed when issued; writes the audit line of the print. */
int certificate_pdf(struct work *w, struct paper *paper, struct str serial,
                    struct text *out) WARN_UNUSED;
/* The letter that asks for an open one back (証の返還のお願い); writes the audit line of the print.
 */
int certificate_recall_pdf(struct work *w, struct paper *paper, struct str serial,
                           struct text *out) WARN_UNUSED;

#endif
