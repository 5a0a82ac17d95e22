/* inner: what the files of the benefit desk share. */
#ifndef DESK_BENEFIT_INNER_H
#define DESK_BENEFIT_INNER_H

#include "desk/benefit/benefit.h"

/* --- causes of unjust enrichment (causes.c) -------------------------------------------------- */

enum { BENEFIT_CAUSES_MAX = 30 };
struct benefit_cause {
    struct str code, label;
};
struct benefit_causes {
    struct benefit_cause rows[BENEFIT_CAUSES_MAX];
    size_t n;
};
/* The table in force as known at an event: the city's own, else the program's. */
int benefit_causes_read(struct work *w, int64_t known, struct benefit_causes *out) WARN_UNUSED;
/* The label of a code; the code itself when the table has it no more. */
struct str benefit_cause_label(const struct benefit_causes *all, struct str code);
bool benefit_cause_is_known(const struct benefit_causes *all, struct str code);
/* A table in the columns of data/unjust_causes.tsv; ERR_INVALID names the line at fault. */
int benefit_causes_adopt(struct work *w, struct str body, struct str reason) WARN_UNUSED;

/* --- the keyed file (forms.c, forms_write.c) ------------------------------------------------- */

/* The job import-benefit-forms. */
int benefit_forms_take(struct work *w, struct job *job) WARN_UNUSED;
/* Writes checked lines under the event. */
int benefit_forms_write(struct import *im, int64_t event_no, struct table_row *const *rows,
                        size_t n) WARN_UNUSED;
/* 202604; MONTH_NONE when it is none. */
struct month benefit_month(struct str digits);

/* --- pages ----------------------------------------------------------------------------------- */

page_handler benefit_show_work, benefit_show_application, benefit_show_unjust, benefit_show_causes,
    benefit_save_causes;
const char *benefit_kind_message(struct str kind);
int benefit_memory(struct work *w);

#endif
