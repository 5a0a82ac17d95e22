/*
 * survey: what has to be looked into about incomes before the levy (賦課準備の調査). A collection
 * finds who it is about; somebody marks an item done, or that another municipality was asked; an
 * item that is done stays away until its facts change. Internal to the levy.
 */
#ifndef DESK_LEVY_SURVEY_H
#define DESK_LEVY_SURVEY_H

#include "desk/levy/levy.h"

enum survey {
    SURVEY_NONE = 1,       /* 所得の資料なし: nobody told us and nobody claims him */
    SURVEY_UNDECLARED = 2, /* 未申告 */
    SURVEY_DIFFER = 3,     /* two sources say different amounts */
    SURVEY_TWICE = 4,      /* in two households, or possibly under two numbers with income */
    SURVEY_DEPENDANT = 5,  /* no data, but somebody of the household claims dependants */
    SURVEY_INQUIRY = 6,    /* asked elsewhere, no answer yet */
    SURVEYS = 6
};
const char *survey_message(int64_t survey); /* "levy.survey.1" */

/* The job: opens what is new, closes what is settled, opens anew what changed. */
int levy_survey_collect(struct work *w, struct job *job) WARN_UNUSED;

/* Each is a transaction of its own with one event. ERR_STALE: not there, or done, any more. */
int survey_mark_done(struct work *w, const int64_t *items, size_t n, struct str note) WARN_UNUSED;
int survey_reopen(struct work *w, const int64_t *items, size_t n, struct str note) WARN_UNUSED;
struct survey_asked {
    struct str municipality;
    struct ymd sent, due;
};
int survey_ask(struct work *w, const int64_t *items, size_t n,
               const struct survey_asked *asked) WARN_UNUSED;

page_handler levy_show_surveys, levy_run_survey, levy_show_survey, levy_mark_survey;

#endif
