/* inner_pages: what the files with page handlers share. */
#ifndef OFFICE_INNER_PAGES_H
#define OFFICE_INNER_PAGES_H

#include "office/inner.h"
#include "office_pages.h"
#include "office_sql.h"

/* "office.role." + "clerk" as a message id that lives as long as the request. */
const char *id_of(struct work *w, const char *prefix, struct str name);
struct str sentence_of(const char *id); /* the id itself when it has no sentence */
int out_of_memory(struct work *w);
bool path_is_ours(struct str path); /* may be redirected to */
/* Markup made on the way, kept for the page; `made` is released. */
void html_keep(struct work *w, struct html *made, struct html *kept);
/* 303 with the sentence of a message on the next page. */
int redirect_saying(struct request *rq, struct reply *rp, const char *path, const char *message);
/* The form's read error becomes a page with 422: the record is cleared. Other errors stay. */
bool form_is_wrong(struct work *w, struct reply *rp, int rc);

/* A cycle of the calendar with its newest day of duty. */
struct duty {
    struct str label;
    struct str cycle; /* words for people */
    struct str systems;
    struct str job; /* kind, empty: not of this program yet */
    bool stated;
    struct ymd due; /* YMD_NONE: each time */
    int64_t last;   /* when the job last came to its end; 0: never */
    bool built;
    bool late;
};
/* May it be the cycle of a duty: daily, weekly:WEEKDAY, twoweekly:WEEKDAY, monthly:DAYS. */
bool calendar_rule_is_good(struct str rule);
int calendar_read(struct work *w, struct duty **rows, size_t *n) WARN_UNUSED;

/* Reviews that somebody signs: "audit", "rights". */
int review_fill(struct work *w, const char *kind, struct str *out) WARN_UNUSED;
int review_put(struct work *w, const char *kind, struct str remark, int64_t found) WARN_UNUSED;

page_handler door_show, door_enter, door_enrol, factor_show, factor_enter, password_show,
    password_save, door_leave;
page_handler home_show, calendar_show;
page_handler jobs_show, job_show, job_progress_show, job_start_show, job_start_save;
page_handler audit_show, review_save;
page_handler users_show, user_show, user_save, user_new_show, user_new_save, user_secret_save,
    terminal_save;
page_handler rights_show, rights_review_save;
page_handler settings_show, setting_show, setting_save, data_map_show, branch_save;
page_handler lists_show, list_show;
page_handler pending_show, pending_entry_show, pending_entry_save;
page_handler number_show, number_reveal;
page_handler findings_show, findings_of_show, finding_show, finding_save;

#endif
