/* What the eligibility desk is made of. */
#include "desk/eligibility/certificate_inner.h"
#include "desk/eligibility/checks.h"
#include "desk/eligibility/filing_inner.h"
#include "desk/eligibility/judge_write.h"

static const struct route routes[] = {
    ROUTE_GET("/judgement/household/{}", RIGHT(RIGHT_ELIGIBILITY_VIEW), AUDIT_INQUIRY, judge_show,
              "eligibility.screen.judgement"),
    ROUTE_GET("/party/search", RIGHT(RIGHT_PARTY_VIEW), AUDIT_INQUIRY, eligibility_search_page,
              "eligibility.screen.search"),
    ROUTE_GET("/certificates", RIGHT(RIGHT_CERTIFICATE_VIEW), AUDIT_INQUIRY, certificates_page,
              "eligibility.screen.certificates"),
    ROUTE_POST("/certificates/return", RIGHT(RIGHT_CERTIFICATE_EDIT), AUDIT_CHANGE,
               certificate_receive, "eligibility.screen.certificates"),
    ROUTE_GET("/certificates/{}", RIGHT(RIGHT_CERTIFICATE_VIEW), AUDIT_INQUIRY,
              certificate_person_page, "eligibility.screen.certificate_person"),
    ROUTE_POST("/certificates/{}/issue", RIGHT(RIGHT_CERTIFICATE_EDIT), AUDIT_CHANGE,
               certificate_person_issue, "eligibility.screen.certificate_person"),
    ROUTE_POST("/certificates/{}/hand", RIGHT(RIGHT_CERTIFICATE_EDIT), AUDIT_CHANGE,
               certificate_person_hand, "eligibility.screen.certificate_person"),
    ROUTE_POST("/certificates/{}/return", RIGHT(RIGHT_CERTIFICATE_EDIT), AUDIT_CHANGE,
               certificate_person_return, "eligibility.screen.certificate_person"),
    ROUTE_GET("/certificate/{}/pdf", RIGHT(RIGHT_CERTIFICATE_VIEW) | RIGHT(RIGHT_PRINT),
              AUDIT_PRINT, certificate_pdf_page, "eligibility.screen.certificate_pdf"),
    ROUTE_GET("/certificate/{}/recall", RIGHT(RIGHT_CERTIFICATE_VIEW) | RIGHT(RIGHT_PRINT),
              AUDIT_PRINT, certificate_recall_page, "eligibility.screen.certificate_recall"),
};

static const struct menu_item menu[] = {
    {"/party/search", "eligibility.screen.search", "s", RIGHT(RIGHT_PARTY_VIEW)},
    {"/certificates", "eligibility.screen.certificates", NULL, RIGHT(RIGHT_CERTIFICATE_VIEW)},
};

static const struct job_kind jobs[] = {
    {"pending-calendar", "eligibility.job.pending_calendar", "days?:number", RIGHT(RIGHT_JOB_RUN),
     pending_calendar_job},
    {"pending-apply", "eligibility.job.pending_apply", "kinds:text",
     RIGHT(RIGHT_CHECK) | RIGHT(RIGHT_ELIGIBILITY_EDIT), pending_apply_job},
    {"import-residents", "eligibility.job.import_residents", IMPORT_OPTIONS, RIGHT(RIGHT_IMPORT),
     eligibility_import_residents},
    {"import-resident-changes", "eligibility.job.import_changes", IMPORT_OPTIONS,
     RIGHT(RIGHT_IMPORT), eligibility_import_changes},
    {"judge-yearly", "eligibility.job.judge_yearly", "year:number", RIGHT(RIGHT_JOB_RUN),
     judge_yearly},
    {"judge-elderly", "eligibility.job.judge_elderly", "month:day", RIGHT(RIGHT_JOB_RUN),
     judge_elderly},
    {"judge-pending", "eligibility.job.judge_pending", "", RIGHT(RIGHT_JOB_RUN), judge_pending},
};

static const struct setting settings[] = {
    {"eligibility.symbol", "", "eligibility.setting.symbol"},
    {"eligibility.disability_loss", "next_day", "eligibility.setting.disability_loss"},
    {"eligibility.certificate_switch", "2024-12-02", "eligibility.setting.certificate_switch"},
    {"eligibility.renewal_day", "08-01", "eligibility.setting.renewal_day"},
    {"eligibility.certificate_years", "1", "eligibility.setting.certificate_years"},
    {"eligibility.short_months", "6", "eligibility.setting.short_months"},
    {"eligibility.insurer_no", "999995", "eligibility.setting.insurer_no"},
    {"eligibility.mayor", "", "eligibility.setting.wording"},
    {"eligibility.seal", "", "eligibility.setting.wording"},
    {"eligibility.section", "", "eligibility.setting.wording"},
    {"eligibility.office_postcode", "", "eligibility.setting.wording"},
    {"eligibility.office_address", "", "eligibility.setting.wording"},
    {"eligibility.phone", "", "eligibility.setting.wording"},
};

static const struct entry_kind entries[] = {
    {"eligibility.notification", "eligibility.entry.notification", false,
     RIGHT(RIGHT_ELIGIBILITY_EDIT), notification_entry_apply},
    {"eligibility.correction", "eligibility.entry.correction", true, RIGHT(RIGHT_ELIGIBILITY_EDIT),
     notification_entry_apply},
    {"eligibility.certificate", "eligibility.entry.certificate", false,
     RIGHT(RIGHT_CERTIFICATE_EDIT), certificate_apply},
    {"eligibility.certificate_return", "eligibility.entry.certificate_return", false,
     RIGHT(RIGHT_CERTIFICATE_EDIT), certificate_return_apply},
    {"eligibility.circumstance", "eligibility.entry.circumstance", false,
     RIGHT(RIGHT_ELIGIBILITY_EDIT), circumstance_entry_apply},
    {"eligibility.placement", "eligibility.entry.placement", false, RIGHT(RIGHT_ELIGIBILITY_EDIT),
     placement_entry_apply},
    {"eligibility.override", "eligibility.entry.override", true, RIGHT(RIGHT_ELIGIBILITY_EDIT),
     override_entry_apply},
    {"eligibility.head", "eligibility.entry.head", true, RIGHT(RIGHT_ELIGIBILITY_EDIT),
     head_entry_apply},
    {"eligibility.judge_override", "eligibility.entry.judge_override", true,
     RIGHT(RIGHT_ELIGIBILITY_EDIT), judge_override_apply},
    {"eligibility.standard_income", "eligibility.entry.standard_income", true,
     RIGHT(RIGHT_ELIGIBILITY_EDIT), standard_income_apply},
};

const struct desk eligibility_desk = {
    .name = "eligibility",
    .label = "eligibility.desk",
    .routes = routes,
    .n_routes = sizeof(routes) / sizeof(routes[0]),
    .menu = menu,
    .n_menu = sizeof(menu) / sizeof(menu[0]),
    .jobs = jobs,
    .n_jobs = sizeof(jobs) / sizeof(jobs[0]),
    .settings = settings,
    .n_settings = sizeof(settings) / sizeof(settings[0]),
    .entries = entries,
    .n_entries = sizeof(entries) / sizeof(entries[0]),
    .schema = &eligibility_schema,
    .on_event = judge_on_event,
    .checks = eligibility_checks,
    .n_checks = ELIGIBILITY_CHECKS,
    .refers_to = eligibility_refers_to,
    .decided = eligibility_decided,
};
