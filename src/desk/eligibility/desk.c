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

const struct desk eligibility_desk = {
    .name = "eligibility",
    .label = "eligibility.desk",
    .routes = routes,
    .n_routes = sizeof(routes) / sizeof(routes[0]),
    .menu = menu,
    .n_menu = sizeof(menu) / sizeof(menu[0]),
    .schema = &eligibility_schema,
};
