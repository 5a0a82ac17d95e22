/*
 * deduction: may the premium of a year be taken from the pension (特別徴収)? Internal to the levy.
 *
 * Nursing care, pension and eligibility data stand as facts (feed.h); this judges by them and keeps
 * what it found, with the figures it saw.
 */
#ifndef DESK_LEVY_DEDUCTION_H
#define DESK_LEVY_DEDUCTION_H

#include "desk/levy/levy.h"

/* Thresholds of a fiscal year, from data/deduction.tsv. */
struct deduction_law {
    struct yen least_pension; /* a year */
    int64_t share_num, share_den;
    int age_from, age_below;
};
int deduction_law_of(struct work *w, int fiscal_year, struct deduction_law *out) WARN_UNUSED;

struct deduction_facts {
    struct ymd head_birth;
    bool is_head_insured;
    int64_t insured, elders; /* of the household; elders: of the ages of the law */
    bool has_pension;
    struct yen pension; /* a year */
    bool has_care;
    struct yen care; /* nursing care premium taken from one payment (two months) */
    struct yen levy; /* a year */
};
enum deduction_result { /* message id "levy.deduction.N" */
                        DEDUCTION_YES = 0,
                        DEDUCTION_HEAD_NOT_INSURED = 1,
                        DEDUCTION_AGES = 2,     /* somebody insured is not of the ages */
                        DEDUCTION_TURNS_75 = 3, /* the head, within the year */
                        DEDUCTION_NO_PENSION = 4,
                        DEDUCTION_SMALL_PENSION = 5,
                        DEDUCTION_NO_CARE = 6, /* nursing care is not taken from the pension */
                        DEDUCTION_HALF = 7     /* both together are more than half of it */
};
enum deduction_result deduction_judge(const struct deduction_facts *f,
                                      const struct deduction_law *law, int fiscal_year);

/* Every condition at once: a bit for each enum deduction_result that does not hold; 0: all hold. */
unsigned deduction_failed(const struct deduction_facts *f, const struct deduction_law *law,
                          int fiscal_year);

int deduction_yearly(struct work *w, struct job *job);

#endif
