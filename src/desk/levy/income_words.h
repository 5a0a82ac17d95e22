/*
 * income_words: what a statement of income says, word by word, as a file or a page gives it; both
 * become the same statement. Internal to the levy.
 */
#ifndef DESK_LEVY_INCOME_WORDS_H
#define DESK_LEVY_INCOME_WORDS_H

#include "desk/levy/levy.h"

/* Columns by their ids in data/formats/incomes.tsv; an absent one is empty. */
struct income_words {
    struct str (*word)(const void *from, const char *id);
    const void *from;
};
/* What single words cannot show: the message id, and the column; NULL when all is well. */
const char *income_words_problem(const struct income_words *in, struct ymd today,
                                 const char **field);
struct income income_from_words(const struct income_words *in, int64_t person_id);

int income_entry_apply(struct work *w, const struct event *e, struct str payload);
page_handler income_page, income_save;

/* tax_take.c: each consumer takes what has changed in its own cycle. */
int tax_changes_nhi(struct work *w, struct job *job);
int tax_changes_levy(struct work *w, struct job *job);
int tax_changes_benefit(struct work *w, struct job *job);

/* income_import.c: the year's whole file, at the beginning of June. */
int levy_income_yearly(struct work *w, struct job *job);

/* income_forms.c: declarations and answers keyed from paper. */
int levy_income_forms(struct work *w, struct job *job);

#endif
