/* The levy desk's tables: jobs, settings, routes, lists. */
#include "desk/levy/checks.h"
#include "desk/levy/comparison.h"
#include "desk/levy/correction.h"
#include "desk/levy/deduction.h"
#include "desk/levy/draft.h"
#include "desk/levy/income_words.h"
#include "desk/levy/notice.h"
#include "desk/levy/pages.h"
#include "desk/levy/pension_pages.h"
#include "desk/levy/population.h"
#include "desk/levy/report.h"
#include "desk/levy/survey.h"
#include "desk/levy/trial_pages.h"
#include "desk/levy/verify.h"
#include "levy_sql.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const struct job_kind jobs[] = {
    {"levy-initial", "levy.job.initial", "year:number as-of:day rules?:text", RIGHT(RIGHT_JOB_RUN),
     levy_initial},
    {"levy-confirm", "levy.job.confirm",
     "draft:number issue-date:day households:number total:number", RIGHT(RIGHT_LEVY_CONFIRM),
     levy_confirm},
    {"levy-correct", "levy.job.correct", "year:number as-of:day issue-date:day",
     RIGHT(RIGHT_JOB_RUN), levy_correct_job},
    {"levy-correct-confirm", "levy.job.correct_confirm",
     "draft:number households:number difference:number", RIGHT(RIGHT_LEVY_CONFIRM),
     levy_correct_confirm},
    {"levy-drop", "levy.job.drop", "draft:number", RIGHT(RIGHT_LEVY_EDIT), levy_drop},
    {"levy-notices", "levy.job.notices", "year:number", RIGHT(RIGHT_PRINT), levy_notices},
    {"levy-change-notices", "levy.job.change_notices", "draft:number year?:number",
     RIGHT(RIGHT_PRINT), levy_notices},
    {"levy-notices-check", "levy.job.notices_check", "year?:number draft?:number",
     RIGHT(RIGHT_PRINT), levy_notices_check},
    {"simulate-city", "levy.job.simulate", "year:number sets?:text", RIGHT(RIGHT_SIMULATE),
     levy_simulate_city},
    {"levy-survey", "levy.job.survey", "year:number", RIGHT(RIGHT_LEVY_EDIT), levy_survey_collect},
    {"levy-report", "levy.job.report", REPORT_OPTIONS, RIGHT(RIGHT_LEVY_VIEW), levy_report_job},
    {"solve-rates", "levy.job.solve", SOLVE_OPTIONS, RIGHT(RIGHT_SIMULATE), levy_solve_job},
    {"radar", "levy.job.radar", "year:number a:text b:text", RIGHT(RIGHT_SIMULATE), levy_radar_job},
    {"import-incomes", "levy.job.import_incomes", IMPORT_OPTIONS, RIGHT(RIGHT_IMPORT),
     levy_income_import},
    {"import-incomes-yearly", "levy.job.import_yearly", IMPORT_OPTIONS, RIGHT(RIGHT_IMPORT),
     levy_income_yearly},
    {"import-income-forms", "levy.job.import_forms", IMPORT_OPTIONS, RIGHT(RIGHT_IMPORT),
     levy_income_forms},
    {"deduction-yearly", "levy.job.deduction", "year:number as-of?:day", RIGHT(RIGHT_JOB_RUN),
     deduction_yearly},
    {"pension-plan", "levy.job.pension_plan", "year:number as-of?:day", RIGHT(RIGHT_LEVY_CONFIRM),
     pension_plan_job},
    {"pension-provisional", "levy.job.pension_provisional", "year:number as-of?:day",
     RIGHT(RIGHT_LEVY_CONFIRM), pension_provisional_job},
    {"pension-take", "levy.job.pension_take", "path:text as-of?:day", RIGHT(RIGHT_IMPORT),
     pension_take_job},
    {"pension-send", "levy.job.pension_send", "notice:text as-of?:day force?:text",
     RIGHT(RIGHT_JOB_RUN), pension_send_job},
    {"pension-letters", "levy.job.pension_letters", "kind:text year:number mode?:text as-of?:day",
     RIGHT(RIGHT_PRINT), pension_letters_job},
    {"tax-changes-nhi", "levy.job.tax_changes", "", RIGHT(RIGHT_JOB_RUN), tax_changes_nhi},
    {"tax-changes-levy", "levy.job.tax_changes", "", RIGHT(RIGHT_JOB_RUN), tax_changes_levy},
    {"tax-changes-benefit", "levy.job.tax_changes", "", RIGHT(RIGHT_JOB_RUN), tax_changes_benefit},
};

static const struct setting settings[] = {
    {"cycle.tax_nhi", "weekly:1", "levy.setting.cycle_tax"},
    {"cycle.tax_levy", "twoweekly:1", "levy.setting.cycle_tax"},
    {"cycle.tax_benefit", "daily", "levy.setting.cycle_tax"},
    {"cycle.levy_correct", "monthly:5,20", "levy.setting.cycle_correct"},
    {"levy.income_order", INCOME_ORDER, "levy.setting.income_order"},
    {"pension.scheme", "1", "levy.setting.pension_scheme"},
    {"pension.unit", "100", "levy.setting.pension_unit"},
    {"pension.provisional", "february", "levy.setting.pension_provisional"},
    {"pension.back_after_arrears", "no", "levy.setting.pension_back"},
    {"pension.window.01", "07-01 07-31 60", "levy.setting.pension_window"},
    {"pension.window.31", "monthly 31 120", "levy.setting.pension_window"},
    {"pension.window.41", "monthly 15 45", "levy.setting.pension_window"},
    {"pension.window.61", "monthly 15 45", "levy.setting.pension_window"},
    {"pension.window.81", "monthly 15 45", "levy.setting.pension_window"},
    {"levy.kind", "fee", "levy.setting.kind"},
    {"levy.mayor", "", "levy.setting.wording"},
    {"levy.seal", "", "levy.setting.wording"},
    {"levy.section", "", "levy.setting.wording"},
    {"levy.office_address", "", "levy.setting.wording"},
    {"levy.office_postcode", "", "levy.setting.wording"},
    {"levy.phone", "", "levy.setting.wording"},
    {"levy.hours", "", "levy.setting.wording"},
    {"levy.ordinance", "", "levy.setting.wording"},
    {"levy.article", "", "levy.setting.wording"},
    {"levy.place", "", "levy.setting.wording"},
    {"levy.inquiry_url", "", "levy.setting.wording"},
    {"levy.method_slip", "", "levy.setting.wording"},
    {"levy.method_debit", "", "levy.setting.wording"},
    {"levy.chunk", "5000", "levy.setting.chunk"},
    {"levy.piece", "1000", "levy.setting.piece"},
    {"levy.slip_maker", "929023", "levy.setting.slip"},
    {"levy.slip_company", "25200", "levy.setting.slip"},
    {"levy.slip_account", "1", "levy.setting.slip"},
};

static const struct entry_kind entries[] = {
    {"levy.income", "levy.entry.income", false, RIGHT(RIGHT_LEVY_EDIT), income_entry_apply},
    {"levy.correction", "levy.entry.correction", false, RIGHT(RIGHT_LEVY_EDIT),
     correction_entry_apply},
    {"levy.pension_wish", "levy.entry.pension_wish", false, RIGHT(RIGHT_LEVY_EDIT),
     pension_wish_apply},
    {"levy.pension_match", "levy.entry.pension_match", false, RIGHT(RIGHT_LEVY_EDIT),
     pension_match_apply},
    {"levy.pension_worked", "levy.entry.pension_worked", false, RIGHT(RIGHT_LEVY_EDIT),
     pension_worked_apply},
};

static const char *levy_setting_problem(const char *key, struct str value)
{
    struct income_order order;
    return strcmp(key, "levy.income_order") == 0 && !income_order_parse(value, &order)
               ? "levy.income.order"
               : NULL;
}

static void start(void)
{
    store_verify_add(levy_verify);
    judge_source_start();
}

const struct desk levy_desk = {
    .name = "levy",
    .label = "levy.desk",
    .routes = levy_routes,
    .n_routes = LEVY_ROUTES,
    .menu = levy_menu,
    .n_menu = LEVY_MENU,
    .jobs = jobs,
    .n_jobs = COUNT(jobs),
    .settings = settings,
    .n_settings = COUNT(settings),
    .setting_problem = levy_setting_problem,
    .entries = entries,
    .n_entries = COUNT(entries),
    .schema = &levy_schema,
    .checks = levy_checks,
    .n_checks = LEVY_CHECKS,
    .refers_to = levy_refers_to,
    .decided = levy_decided,
    .start = start,
    .warm = levy_warm,
};
