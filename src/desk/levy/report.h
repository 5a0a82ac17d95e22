/*
 * report: what the levy of a year was as decided on a base day, household by household, for the
 * reports to state and prefecture, the federation's file and certificates. Everything is read from
 * the stored decisions and their explanations; nothing is computed anew. Internal to the levy.
 */
#ifndef DESK_LEVY_REPORT_H
#define DESK_LEVY_REPORT_H

#include "desk/levy/levy.h"

struct levy_report_unit; /* generated */
struct levy_report_part;

/* Fills what the explanation says; tier, judge, total and levied_yen of the four parts are there.
 * What was put on less what was taken off is what was levied: rest_cut is what no line says. */
void report_read(const struct explanation *x, struct levy_report_unit *u,
                 struct levy_report_part *part);

/* Income classes of a year: lower bounds, rising, the first 0. */
#define REPORT_BANDS_MAX 32
struct report_bands {
    int64_t from[REPORT_BANDS_MAX];
    size_t n;
};
int report_bands_of(struct work *w, int fiscal_year, struct report_bands *out) WARN_UNUSED;
struct yen report_band(const struct report_bands *b, struct yen basis);

/* Who bears the reductions, as numerators over one denominator. */
enum report_relief {
    RELIEF_REDUCTION = 1,
    RELIEF_PRESCHOOL = 2,
    RELIEF_MATERNITY = 3,
    RELIEF_SUPPORT = 4
};
struct report_share {
    int64_t state, prefecture, city, den; /* den 0: no such relief in that year */
};
int report_share_of(struct work *w, int fiscal_year, enum report_relief kind,
                    struct report_share *out) WARN_UNUSED;

/* What supports the insurer for its reduced insured (保険者支援分): per cent of the average levy
 * for each of them, by reduction in tenths; 0: none. */
int report_support_rate(struct work *w, int fiscal_year, int64_t tier,
                        int64_t *per_cent) WARN_UNUSED;

#define REPORT_OPTIONS "year:number base:day"
int levy_report_job(struct work *w, struct job *job) WARN_UNUSED;

/* The federation's file of a report, as described in data/formats/premium_calculation.tsv; the last
 * record is the control record. *rows: groups written. */
int levy_cut_out(struct work *w, int64_t job, struct text *out, int64_t *rows) WARN_UNUSED;

page_handler levy_show_reports, levy_run_report, levy_show_report, levy_show_cut_out;
page_handler levy_show_certificate, levy_issue_certificate;

#endif
