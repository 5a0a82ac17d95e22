/* pages: the levy's routes and menu, for desk.c. Internal to the levy. */
#ifndef DESK_LEVY_PAGES_H
#define DESK_LEVY_PAGES_H

#include "desk/levy/levy.h"

#define LEVY_ROUTES 51
#define LEVY_MENU   6
extern const struct route levy_routes[LEVY_ROUTES];
extern const struct menu_item levy_menu[LEVY_MENU];

/* A value as it may stand in a job's options. */
void option_add(struct text *out, struct str value);

/* Registers what the judgements of the eligibility desk ask of this one. */
void judge_source_start(void);

page_handler levy_show_drafts, levy_run_draft, levy_show_draft, levy_confirm_draft, levy_drop_draft,
    levy_print_notices, levy_show_comparisons, levy_run_simulation, levy_run_radar,
    levy_show_comparison, levy_run_correction, levy_show_correction, levy_confirm_correction,
    levy_print_correction, levy_correction_decision, levy_show_correct, levy_save_correct,
    levy_show_exemptions, levy_show_exemptions_of, levy_save_review, levy_show_exempt,
    levy_save_exempt, levy_show_exemption, levy_save_decide, levy_save_cancel,
    levy_exemption_notice, levy_show_exemption_grounds, levy_save_exemption_grounds;

int levy_refers_to(struct work *w, int64_t person_id, const char **why);

#endif
