/*
 * debit: direct debit (口座振替): who pays from which account since which instalment, the files to
 * the banks and their answers. Internal to the collection desk.
 *
 * Invariants
 * - A file asks for balances of the journal and nothing else; what moved between draft and
 *   confirmation refuses the confirmation.
 * - An instalment is asked for once in a first run; again only in a second run of it, and only when
 *   the bank said that funds were lacking.
 * - A result is taken once, with its receipts, in one transaction.
 */
#ifndef DESK_COLLECTION_DEBIT_H
#define DESK_COLLECTION_DEBIT_H

#include "collection_sql.h"
#include "desk/collection/format.h"
#include "desk/collection/ledger.h"

enum debit_state {
    DEBIT_APPLIED = 1,
    DEBIT_ASKED = 2,
    DEBIT_ACCEPTED = 3,
    DEBIT_MISMATCH = 4,
    DEBIT_ENDED = 5
};
enum debit_run_state { RUN_DRAFT = 1, RUN_CONFIRMED = 2, RUN_DROPPED = 3 };

/* --- tables ------------------------------------------------------------------------------------ */

struct debit_contractor { /* a line of debit_contractors.tsv */
    struct str use, bank, subject, code, name, gather, branch, account_kind, account_no, section;
};
struct debit_contractors {
    struct debit_contractor *rows;
    size_t n;
};
int debit_contractors_read(struct work *w, struct debit_contractors *out) WARN_UNUSED;
/* NULL: the table has no line for it. */
const struct debit_contractor *debit_contractor_of(const struct debit_contractors *c,
                                                   const char *use, struct str bank,
                                                   struct str subject);
/* The bank a file goes to. */
struct str debit_gathering(const struct debit_contractor *c, struct str bank);

struct debit_customer {
    int64_t year, account, number, serial;
    struct str person_no;
};
int debit_customer_digits(struct work *w, const struct fixed_layout *l,
                          const struct debit_customer *c, struct str *out) WARN_UNUSED;

/* Names of bank and branch as the transfer system writes them; empty where not known. */
struct debit_place {
    struct str bank, branch;
};
int debit_place(struct work *w, struct str bank_code, struct str branch_code,
                struct debit_place *out) WARN_UNUSED;
/* The header of a file of ours. */
int debit_header(struct work *w, const struct debit_contractor *c, struct str bank, struct ymd day,
                 struct zengin_header *out) WARN_UNUSED;

/* --- applications ------------------------------------------------------------------------------ */

/* Entries: "collection.debit" (person_no, action, received, start), "collection.debit_end"
 * (debit, reason). */
int debit_apply(struct work *w, const struct event *e, struct str payload);
int debit_end_apply(struct work *w, const struct event *e, struct str payload);
/* A row as it was, to be written anew under an event. */
struct collection_direct_debit debit_copy(const struct collection_debit_by_no_row *r,
                                          int64_t debit_no, int64_t event_no);
int debit_replace(struct work *w, int64_t row_id, struct collection_direct_debit *next) WARN_UNUSED;
/* What is accepted takes the place of the one before. */
int debit_accept(struct work *w, int64_t event_no, int64_t debit_no) WARN_UNUSED;

job_fn debit_check_send_job, debit_check_take_job;

/* --- runs -------------------------------------------------------------------------------------- */

job_fn debit_draft_job, debit_confirm_job, debit_drop_job, debit_result_job;
job_fn debit_letters_job, debit_done_job;

/* One line a word, as the entries keep them; "": not there. */
struct str debit_word(struct str payload, const char *id);

#endif
