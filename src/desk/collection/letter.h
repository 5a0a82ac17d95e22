/*
 * letter: the values of the papers that follow the due date (督促状, 催告書, 納付書, 滞納明細書),
 * and how one of them is drawn. Internal to the collection.
 *
 * What is printed is the balance of the day it is printed; nothing is taken from a draft.
 */
#ifndef DESK_COLLECTION_LETTER_H
#define DESK_COLLECTION_LETTER_H

#include "desk/collection/dunning.h"
#include "desk/collection/slip.h"

struct collection_post_dunnings_row; /* generated */
struct collection_post_reminders_row;

/* What the papers of one run have in common. */
struct letter_run {
    struct work *w;
    struct letterhead head;
    struct ymd printed;
    int64_t event_no; /* under which slips are issued */
};
int letter_run_open(struct work *w, struct letter_run *out) WARN_UNUSED;

/* A slip of a liability (number 0: of everything that is due of it) to be drawn. */
struct slip_print {
    struct slip slip;
    int levy_year;
    int64_t notice_no;
    bool is_withheld; /* no barcode: handed over, protected */
};
/* Takes the next 再発行区分 and puts the slip into the group "slips". */
int slip_put(const struct letter_run *run, struct slip_print *p, struct form_data *out) WARN_UNUSED;

/* One dunning: x is its instalment as of the day it is printed; slip NULL: without. */
int dunning_fill(const struct letter_run *run, const struct collection_post_dunnings_row *d,
                 const struct debtor_state *to, const struct late_instalment *x,
                 struct form_data *out) WARN_UNUSED;
/* One reminder: the instalments it lists as of its day for late charges. */
struct reminder_sums {
    struct yen balance, late;
};
int reminder_fill(const struct letter_run *run, const struct collection_post_reminders_row *r,
                  const struct debtor_state *to, const struct late_instalments *items,
                  struct form_data *out, struct reminder_sums *sums) WARN_UNUSED;

/* Office and address, as every letter of the desk has them. */
void letter_put_heads(const struct letter_run *run, const struct addressee *to,
                      struct form_data *out);
/* "令和8年度-123" */
struct str letter_number(struct work *w, struct ymd issued, int64_t no);

/* --- layouts -------------------------------------------------------------------------------------
 */

/* The adopted one of that name, else the one built in; and its hash. */
int letter_layout(struct work *w, const char *name, struct str *body,
                  struct digest *hash) WARN_UNUSED;
int letter_form(struct work *w, const char *name, struct form **out,
                struct digest *hash) WARN_UNUSED;
int letter_pack(struct work *w, const struct form_data *d, struct str *out) WARN_UNUSED;
/* One paper as the reply to a request. */
int letter_reply(struct work *w, struct reply *rp, const char *name, const struct form_data *data,
                 struct str file_name) WARN_UNUSED;
int letter_pdf(struct work *w, const char *name, const struct form_data *data,
               struct text *out) WARN_UNUSED;

#endif
