/*
 * dunning (督促) and reminders (催告): drafted, confirmed by a second person against totals,
 * decided with number, day and basis, printed from the balances of the day. Internal to the
 * collection.
 *
 * Invariants
 * - An instalment has one dunning at most that was not withdrawn: an index holds it.
 * - Nothing is decided for an instalment that is paid when it is decided; what is paid between the
 *   decision and the printing is withdrawn, with the reason.
 * - Everybody who is in arrears stands in the draft: with a letter, or with the reason why not.
 */
#ifndef DESK_COLLECTION_DUNNING_H
#define DESK_COLLECTION_DUNNING_H

#include "desk/collection/late.h"

/* Message id "collection.dunning.N". 1 to 10: no letter. Over 10: decided, but not posted with the
 * others: handed over, delivered by public notice, addressed to heirs. */
enum dunning_reason {
    DUNNING_SENT = 0,
    DUNNING_SMALL = 1,
    DUNNING_SUSPENDED = 2,
    DUNNING_DEFERRED = 3,
    DUNNING_AGREEMENT = 4,
    DUNNING_NO_MAIL = 5,
    DUNNING_PENSION = 6,  /* to be collected from a pension: the payer is asked */
    DUNNING_UNDUNNED = 7, /* a reminder comes after the dunning */
    DUNNING_PAID = 8,     /* paid since it was drafted */
    DUNNING_CHANGED = 9,  /* dunned or corrected since it was drafted */
    DUNNING_BY_HAND = 10,
    DUNNING_PROTECTED = 11,
    DUNNING_NO_ADDRESS = 12,
    DUNNING_DIED = 13,
    DUNNING_REASONS = 14
};
const char *dunning_reason_message(int64_t reason);

enum letter_draft_status {
    LETTERS_RUNNING = 1,
    LETTERS_READY = 2,
    LETTERS_CONFIRMING = 3,
    LETTERS_CONFIRMED = 4,
    LETTERS_DROPPED = 5
};

/* Whom a reminder goes to; absent limits are 0 or YMD_NONE. */
struct reminder_terms {
    int64_t least_yen, most_yen, least_number; /* of all that is unpaid, without late charges */
    struct ymd due_from, due_to;               /* instalments with a due day in between */
    struct str contact; /* "any", "dunned", "never" reminded, "returned" mail */
    struct str area;    /* words of the address the letter goes to; empty: everywhere */
    bool with_receipt;  /* 催告書兼領収書 */
};
#define REMINDER_OPTIONS                                                                           \
    "as-of:day least?:number most?:number number?:number due-from?:day due-to?:day contact?:text " \
    "area?:text receipt?:text"

/* Jobs: drafts, and what a chief makes of one. Rights: RIGHT_COLLECTION_EDIT to draft. */
int dunning_draft_job(struct work *w, struct job *job) WARN_UNUSED;
int reminder_draft_job(struct work *w, struct job *job) WARN_UNUSED;
int dunning_confirm_job(struct work *w, struct job *job) WARN_UNUSED;
int reminder_confirm_job(struct work *w, struct job *job) WARN_UNUSED;
int dunning_drop(struct work *w, int64_t draft_no) WARN_UNUSED;
/* The terms of a draft as a clerk reads them. */
struct str reminder_terms_words(struct work *w, struct str terms);

/* --- what stands against a letter (dunning_hold.c) ---------------------------------------------
 */

struct debtor_state { /* of one debtor on a day */
    int64_t debtor_id;
    struct addressee to;
    bool is_dead;
    struct collection_holds_row *holds;
    size_t n_holds;
};
int debtor_states(struct work *w, const int64_t *ids, size_t n,
                  struct debtor_state *out) WARN_UNUSED;
/* Why a claim of his gets no letter on that day; DUNNING_SENT: it does. */
enum dunning_reason debtor_held(const struct debtor_state *s, int64_t liability_id, struct ymd day);
/* Why his letter does not go with the others (over 10), or DUNNING_SENT. */
enum dunning_reason debtor_by_hand(const struct debtor_state *s);
const struct debtor_state *debtor_state_of(const struct debtor_state *rows, size_t n,
                                           int64_t debtor_id);

/* --- taking out ----------------------------------------------------------------------------------
 */

enum letter_kind { LETTER_DUNNING, LETTER_REMINDER };
/* Withdraws a letter (引抜) before it is posted; inside the caller's transaction and event. */
int letter_withdraw(struct work *w, int64_t event_no, enum letter_kind kind, int64_t letter_id,
                    enum dunning_reason reason, struct str note) WARN_UNUSED;
/* By its number, with its own event. ERR_STALE once it is posted. */
int letter_withdraw_no(struct work *w, enum letter_kind kind, int64_t no,
                       enum dunning_reason reason, struct str note) WARN_UNUSED;

/* The last day of the right to collect (時効) counted from a day that renews it. */
struct ymd lapse_after(const struct dunning_terms *t, struct str kind, struct ymd renewed);
/* The same after a dunning: that of a tax lets the period rest for ten days before it begins anew.
 */
struct ymd lapse_after_dunning(const struct dunning_terms *t, struct str kind, struct ymd issued);

/* For the register of decisions. */
int collection_decided(struct work *w, int64_t person_id, struct decided_list *out) WARN_UNUSED;

/* Entries: payload "NAME=VALUE" lines. */
int hold_entry_apply(struct work *w, const struct event *e, struct str payload) WARN_UNUSED;
int waiver_entry_apply(struct work *w, const struct event *e, struct str payload) WARN_UNUSED;

#endif
