/* The counter's routes. It has no tables of its own. */
#include "desk/counter/view.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const struct route routes[] = {
    ROUTE_GET("/household/{}", RIGHT(RIGHT_PARTY_VIEW) | RIGHT(RIGHT_LEVY_VIEW), AUDIT_INQUIRY,
              show_household, "counter.screen.household"),
    ROUTE_GET("/household/{}/levy/{}/{}", RIGHT(RIGHT_LEVY_VIEW), AUDIT_INQUIRY, show_levy,
              "counter.screen.levy"),
    ROUTE_GET("/household/{}/notice/{}/{}", RIGHT(RIGHT_PRINT), AUDIT_PRINT, show_notice,
              "counter.screen.notice"),
    ROUTE_GET("/whatif", RIGHT(RIGHT_SIMULATE), AUDIT_NONE, show_whatif, "counter.screen.whatif"),
    ROUTE_POST("/whatif", RIGHT(RIGHT_SIMULATE), AUDIT_NONE, run_whatif, "counter.screen.whatif"),
    ROUTE_GET("/whatif/{}", RIGHT(RIGHT_SIMULATE) | RIGHT(RIGHT_LEVY_VIEW), AUDIT_INQUIRY,
              show_whatif_of, "counter.screen.whatif_of"),
    ROUTE_POST("/whatif/{}", RIGHT(RIGHT_SIMULATE) | RIGHT(RIGHT_LEVY_VIEW), AUDIT_INQUIRY,
               run_whatif_of, "counter.screen.whatif_of"),
};

static const struct menu_item menu[] = {
    {"/whatif", "counter.menu.whatif", "k", RIGHT(RIGHT_SIMULATE)},
};

const struct desk counter_desk = {
    .name = "counter",
    .label = "counter.desk",
    .routes = routes,
    .n_routes = COUNT(routes),
    .menu = menu,
    .n_menu = COUNT(menu),
};
