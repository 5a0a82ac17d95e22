/* inner: what the files of this desk share. */
#ifndef DESK_ELIGIBILITY_INNER_H
#define DESK_ELIGIBILITY_INNER_H

#include "desk/eligibility/eligibility.h"
#include "eligibility_sql.h"

/* Jobs of the feeds (feed.c, feed_people.c). */
int feed_import_assistance(struct work *w, struct job *job);
int feed_import_late_stage(struct work *w, struct job *job);
int feed_import_employer(struct work *w, struct job *job);
int feed_import_care_eligibility(struct work *w, struct job *job);
int feed_import_care_levy(struct work *w, struct job *job);
int feed_import_care_benefit(struct work *w, struct job *job);
int feed_import_pension_first(struct work *w, struct job *job);
int feed_import_pension_payer(struct work *w, struct job *job);
int feed_import_pension_payer_yearly(struct work *w, struct job *job);
int feed_import_employment(struct work *w, struct job *job);
int feed_import_facility(struct work *w, struct job *job);
int feed_import_nonresidents(struct work *w, struct job *job);
int feed_double_cover(struct work *w, struct job *job);
int feed_compare_residents(struct work *w, struct job *job);

/* Several numbers of one person become one in the facts (facts_follow.c). */
int facts_follow(struct work *w, const struct facts_request *rq, struct levy_facts *f) WARN_UNUSED;
struct span year_span(int fiscal_year);                 /* the fiscal year, half-open */
struct span span_before(struct span s, struct ymd day); /* the part before a day */
struct span span_from(struct span s, struct ymd day);   /* from a day on; YMD_NONE: nothing */

/* late_stage.c: what the late-stage desk is to hear; told once, waits until it is handed over. */
struct late_stage_change {
    int64_t person_id;
    bool is_start; /* of assistance */
    struct ymd day;
    struct str reference;
};
int late_stage_tell(struct work *w, int64_t event_no,
                    const struct late_stage_change *c) WARN_UNUSED;
int late_stage_handover(struct work *w, struct job *job);

/* Handlers of routes (desk.c). */
int eligibility_history_page(struct work *w, struct request *rq, struct reply *rp);
int eligibility_search_page(struct work *w, struct request *rq, struct reply *rp);

int eligibility_refers_to(struct work *w, int64_t person_id, const char **why);

/* Twelve letters of chart_months for a fiscal year. */
struct month_facts {
    const struct insured_period *periods; /* oldest first */
    size_t n;
    struct ymd birth;
    struct span headship; /* empty span: never head; counts where he is not insured */
};
void month_cells(const struct month_facts *f, int fiscal_year, char cells[13]);

struct insured_period period_of_row(const struct eligibility_periods_of_row *r);
/* Rows of one person in a list sorted by person_id. */
#define ROWS_OF(list, id, count) rows_of((list).rows, (list).n, sizeof(*(list).rows), (id), (count))
const void *rows_of(const void *rows, size_t n, size_t size, int64_t person_id, size_t *count);

/* Events of a household (may be NULL) and of people, newest first. */
struct eligibility_event_view;
int timeline(struct work *w, const struct party_home *home, const struct id_list *people,
             const struct eligibility_event_view **rows, size_t *n_rows) WARN_UNUSED;

/* The word of a code, from the messages ("source.register"); the code where there is none. */
struct str coded_word(struct work *w, const char *prefix, struct str word);

/* view.c: what both pages show. */
const char *sex_message(enum sex sex);
const char *certificate_message(struct str kind);
const char *cover_message(struct str kind);
const char *circumstance_message(int64_t kind);
struct str year_label(struct work *w, int fiscal_year);
/* The marks of a person on the day looked at. */
bool circumstance_holds(const struct eligibility_circumstances_of_row *c, struct ymd day);

#endif
