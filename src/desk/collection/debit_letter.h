/* debit_letter: what the papers of direct debit and transfers share. Internal to the desk. */
#ifndef DESK_COLLECTION_DEBIT_LETTER_H
#define DESK_COLLECTION_DEBIT_LETTER_H

#include "desk/collection/debit.h"

/* Who sends it, and to whom. */
int debit_put_office(struct work *w, struct form_data *d) WARN_UNUSED;
void debit_put_address(struct form_data *d, const struct addressee *to);
/* "みずほ銀行 東京営業部", and "普通 ****567". */
struct str debit_bank_words(struct work *w, struct str bank, struct str branch);
struct str debit_account_words(struct work *w, struct str kind, struct str account_no);

/* One layout by its name: the adopted one, else the one built in. */
int debit_layout(struct work *w, const char *name, struct str *out) WARN_UNUSED;
int debit_sheet(struct work *w, const char *name, const struct form_data *d,
                struct text *out) WARN_UNUSED;

/* A run of letters into CITY/out/debit/NAME.pdf; each is kept as it was printed. */
struct debit_letters {
    struct work *w;
    struct job *job;
    const char *kind, *layout_name;
    int64_t subject_no;
    struct collection_debit_letters_of_list before;
    struct str layout;
    struct digest hash;
    struct form *form;
    struct paper_stream *stream;
    struct collection_debit_letter *rows;
    size_t n, room;
    int64_t reached, pulled, printed_before;
};
int debit_letters_open(struct debit_letters *l, struct str name, size_t room) WARN_UNUSED;
bool debit_letters_has(const struct debit_letters *l, int64_t person_id);
/* NULL or why nobody may be written to: a message id. */
int debit_letters_pulled(struct work *w, int64_t person_id, struct addressee *to,
                         const char **why) WARN_UNUSED;
int debit_letters_add(struct debit_letters *l, int64_t person_id, const struct form_data *d,
                      const char *pulled) WARN_UNUSED;
/* Closes the file, whatever came before; the rows are written by debit_letters_write inside the
 * caller's transaction. */
int debit_letters_close(struct debit_letters *l, int rc) WARN_UNUSED;
int debit_letters_write(struct debit_letters *l, int64_t event_no) WARN_UNUSED;

#endif
