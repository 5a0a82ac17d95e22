/*
 * exemption (減免): what is taken off a debtor's premium of a year on application (法77条), after
 * cap and months. Granted ones are facts of the assessment. One person enters the application,
 * another decides it; granting corrects the premium in the same transaction. A correction for
 * another cause puts an exempted debtor on a list that only a person's word takes him off. Internal
 * to the levy.
 */
#ifndef DESK_LEVY_EXEMPTION_H
#define DESK_LEVY_EXEMPTION_H

#include "desk/levy/population.h"

enum exemption_pattern { EXEMPT_YEN = 1, EXEMPT_RATE = 2, EXEMPT_INSTALMENTS = 3 };
enum exemption_status {
    EXEMPTION_APPLIED = 1,
    EXEMPTION_GRANTED = 2,
    EXEMPTION_REFUSED = 3,
    EXEMPTION_CANCELLED = 4
};

struct exemption {
    int64_t row_id, no, household_id, debtor_id;
    int64_t event_no; /* it was entered by: its ground is of the table of then */
    int fiscal_year;
    struct str ground; /* code of the table of grounds */
    enum exemption_pattern pattern;
    struct yen yen;  /* EXEMPT_YEN; the sum of the cuts */
    int64_t rate;    /* EXEMPT_RATE, ten-thousandths */
    bool of_income;  /* of the income part (所得割) only */
    struct str cuts; /* EXEMPT_INSTALMENTS: "5:1000 6:1000" */
    struct ymd applied, decided;
    enum exemption_status status;
    struct str note;
};

/* --- the ordinance's grounds (exemption_grounds.c), as known at an event ---------------------- */

#define EXEMPTION_GROUNDS_MAX 30
struct exemption_ground {
    struct str code, label, article, papers;
    int64_t most; /* ten-thousandths */
    bool of_income;
};
struct exemption_grounds {
    struct exemption_ground rows[EXEMPTION_GROUNDS_MAX];
    size_t n;
};
int exemption_grounds_read(struct work *w, int64_t known,
                           struct exemption_grounds *out) WARN_UNUSED;
/* 1 found; 0: not in the table, its code stands for its name. */
int exemption_ground_of(struct work *w, struct str code, int64_t known,
                        struct exemption_ground *out) WARN_UNUSED;
/* Its name in the table of now, else in that of its event. */
int exemption_ground_label(struct work *w, const struct exemption_grounds *now,
                           const struct exemption *x, struct str *out) WARN_UNUSED;
/* A table in the columns of data/exemption_grounds.tsv; ERR_INVALID names the line at fault. */
int exemption_grounds_adopt(struct work *w, struct str body, struct str reason) WARN_UNUSED;

const char *exemption_status_message(enum exemption_status s);

/* "5:1000 6:1000": the next reduction of an instalment; false at the end or when it is none. */
bool exemption_cut(struct str *cuts, int64_t *number, int64_t *yen);
/* The granted exemptions of the units from `first` on. */
int exemptions_add(struct work *w, struct population *p, size_t first) WARN_UNUSED;
/* One that is not granted yet, for a preview. */
int exemption_try(struct work *w, struct population *p, const struct exemption *x) WARN_UNUSED;

/* Own write transactions. ERR_INVALID with the field at fault. */
int exemption_apply(struct work *w, const struct exemption *x, int64_t *no) WARN_UNUSED;
/* Another person than who entered it; granting decides the correction notified on `day`. */
int exemption_decide(struct work *w, int fiscal_year, int64_t no, bool is_granted, struct ymd day,
                     struct str note) WARN_UNUSED;
/* Entered by the actor: another person decides it. */
int exemption_is_mine(struct work *w, const struct exemption *x, bool *is_mine) WARN_UNUSED;
int exemption_cancel(struct work *w, int fiscal_year, int64_t no, struct ymd day,
                     struct str note) WARN_UNUSED;
int exemption_find(struct work *w, int fiscal_year, int64_t no,
                   struct exemption *out) WARN_UNUSED; /* 1 found */
/* What granting one would change, notified on a day. */
int exemption_preview(struct work *w, const struct exemption *x, struct ymd day,
                      struct levy_changes *out) WARN_UNUSED;
/* What a person in custody (法59条) costs in the months of it: what the exemption may come to. */
int exemption_custody_amount(struct work *w, int64_t household_id, int64_t debtor_id,
                             int fiscal_year, struct yen *out) WARN_UNUSED;

/* Those corrected for another cause go on the list; in the caller's transaction. */
int exemption_reviews_open(struct work *w, int64_t event_no, int fiscal_year,
                           const struct levy_change *rows, const int64_t *decision_nos,
                           size_t n) WARN_UNUSED;
/* A person's word: 1 stays, 2 to be cancelled, 3 to be changed. */
int exemption_review_close(struct work *w, int64_t review_id, int answer,
                           struct str note) WARN_UNUSED;

/* 減免額（年額）○○円, 所得割額の30％, 第7期:¥5,000 in words. */
struct str exemption_text(struct work *w, const struct exemption *x);

/* The notice of a decision (承認・不承認・取消). */
struct form_data;
int exemption_paper(struct work *w, const struct exemption *x, struct form_data *out) WARN_UNUSED;

#endif
