/* What the eligibility desk is made of. */
#include "desk/eligibility/inner.h"

static const struct route routes[] = {
    ROUTE_GET("/party/search", RIGHT(RIGHT_PARTY_VIEW), AUDIT_INQUIRY, eligibility_search_page,
              "eligibility.screen.search"),
    ROUTE_GET("/party/person/{}", RIGHT(RIGHT_PARTY_VIEW) | RIGHT(RIGHT_ELIGIBILITY_VIEW),
              AUDIT_INQUIRY, eligibility_person_page, "eligibility.screen.person"),
};

static const struct menu_item menu[] = {
    {"/party/search", "eligibility.screen.search", "s", RIGHT(RIGHT_PARTY_VIEW)},
};

static const struct job_kind jobs[] = {
    {"import-residents", "eligibility.job.import_residents", IMPORT_OPTIONS, RIGHT(RIGHT_IMPORT),
     eligibility_import_residents},
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
    .schema = &eligibility_schema,
    .refers_to = eligibility_refers_to,
};
