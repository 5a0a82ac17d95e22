/* trial_pages: rates from a target total as a job and on pages. Internal to the levy. */
#ifndef DESK_LEVY_TRIAL_PAGES_H
#define DESK_LEVY_TRIAL_PAGES_H

#include "desk/levy/levy.h"

#define SOLVE_OPTIONS                                                                              \
    "year:number target?:number medical?:number support?:number care?:number child?:number "       \
    "moves:text shares?:text rate-unit?:text yen-unit?:number"
int levy_solve_job(struct work *w, struct job *job) WARN_UNUSED;
page_handler levy_show_solve, levy_run_solve, levy_show_solved, levy_save_rates;

/* Every household of a radar with amounts and cause, as a file. */
page_handler levy_comparison_csv;

#endif
