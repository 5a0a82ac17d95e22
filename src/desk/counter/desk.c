/* The counter's routes. It has no tables of its own. */
#include "desk/counter/notify.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

#define NOTIFY (RIGHT(RIGHT_ELIGIBILITY_EDIT) | RIGHT(RIGHT_PARTY_VIEW) | RIGHT(RIGHT_LEVY_VIEW))

/* What other businesses told is seen from a desk with the right of that desk and this one. */
#define OTHER(desk) (RIGHT(desk) | RIGHT(RIGHT_OTHER))

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
    ROUTE_GET("/party/person/{}", RIGHT(RIGHT_PARTY_VIEW) | RIGHT(RIGHT_ELIGIBILITY_VIEW),
              AUDIT_INQUIRY, show_person, "counter.screen.person"),
    ROUTE_GET("/party/other", OTHER(RIGHT_PARTY_VIEW), AUDIT_INQUIRY, show_other_party,
              "counter.screen.other"),
    ROUTE_GET("/eligibility/other", OTHER(RIGHT_ELIGIBILITY_VIEW), AUDIT_INQUIRY,
              show_other_eligibility, "counter.screen.other"),
    ROUTE_GET("/levy/other", OTHER(RIGHT_LEVY_VIEW), AUDIT_INQUIRY, show_other_levy,
              "counter.screen.other"),
    ROUTE_GET("/collection/other", OTHER(RIGHT_COLLECTION_VIEW), AUDIT_INQUIRY,
              show_other_collection, "counter.screen.other"),
    ROUTE_GET("/counter/pending", RIGHT(RIGHT_ELIGIBILITY_VIEW) | RIGHT(RIGHT_PARTY_VIEW),
              AUDIT_INQUIRY, show_pendings, "counter.screen.pending"),
    ROUTE_GET("/counter/pending/{}", RIGHT(RIGHT_ELIGIBILITY_EDIT), AUDIT_INQUIRY, show_pending,
              "counter.screen.pending_close"),
    ROUTE_POST("/counter/pending/{}", RIGHT(RIGHT_ELIGIBILITY_EDIT), AUDIT_CHANGE, close_pending,
               "counter.screen.pending_close"),
    ROUTE_POST("/counter/pending/{}/accept", RIGHT(RIGHT_ELIGIBILITY_EDIT), AUDIT_CHANGE,
               accept_pending, "counter.screen.pending_close"),
    ROUTE_GET("/counter/notify/{}", NOTIFY, AUDIT_INQUIRY, show_notify, "counter.screen.notify"),
    ROUTE_POST("/counter/notify/{}", NOTIFY, AUDIT_CHANGE, send_notify, "counter.screen.notify"),
    ROUTE_GET("/counter/notify/{}/done/{}", NOTIFY, AUDIT_INQUIRY, show_notified,
              "counter.screen.notified"),
    ROUTE_POST("/counter/notify/{}/done/{}/papers", NOTIFY | RIGHT(RIGHT_CERTIFICATE_EDIT),
               AUDIT_CHANGE, settle_papers, "counter.screen.papers"),
    ROUTE_POST("/counter/notify/{}/done/{}/hand", NOTIFY | RIGHT(RIGHT_CERTIFICATE_EDIT),
               AUDIT_CHANGE, hand_papers, "counter.screen.hand"),
};

static const struct menu_item menu[] = {
    {"/counter/pending", "counter.screen.pending", "m", RIGHT(RIGHT_ELIGIBILITY_VIEW)},
    {"/party/other", "counter.menu.other_party", NULL, OTHER(RIGHT_PARTY_VIEW)},
    {"/eligibility/other", "counter.menu.other_eligibility", NULL, OTHER(RIGHT_ELIGIBILITY_VIEW)},
    {"/levy/other", "counter.menu.other_levy", NULL, OTHER(RIGHT_LEVY_VIEW)},
    {"/collection/other", "counter.menu.other_collection", NULL, OTHER(RIGHT_COLLECTION_VIEW)},
    {"/whatif", "counter.menu.whatif", "k", RIGHT(RIGHT_SIMULATE)},
};

const struct desk counter_desk = {
    .name = "counter",
    .label = "counter.desk",
    .routes = routes,
    .n_routes = COUNT(routes),
    .menu = menu,
    .n_menu = COUNT(menu),
    .home = home_pending,
};
