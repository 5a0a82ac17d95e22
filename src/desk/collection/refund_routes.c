/* Routes and menu of refunds and of what finance is told. */
#include "desk/collection/refund_page.h"

#define VIEW    RIGHT(RIGHT_COLLECTION_VIEW)
#define EDIT    RIGHT(RIGHT_COLLECTION_EDIT)
#define CONFIRM (RIGHT(RIGHT_COLLECTION_EDIT) | RIGHT(RIGHT_LEVY_CONFIRM))
#define PRINTS  (RIGHT(RIGHT_COLLECTION_VIEW) | RIGHT(RIGHT_PRINT))

const struct route refund_routes[REFUND_ROUTES] = {
    ROUTE_GET("/collection/refunds", VIEW, AUDIT_INQUIRY, refund_show_all,
              "collection.screen.refunds"),
    ROUTE_POST("/collection/refunds", EDIT, AUDIT_NONE, refund_run_draft,
               "collection.screen.refunds"),
    ROUTE_GET("/collection/refunds/draft/{}", VIEW, AUDIT_INQUIRY, refund_show_draft,
              "collection.screen.refund_draft"),
    ROUTE_POST("/collection/refunds/draft/{}/confirm", CONFIRM, AUDIT_INQUIRY, refund_confirm_draft,
               "collection.screen.refund_draft"),
    ROUTE_POST("/collection/refunds/draft/{}/drop", EDIT, AUDIT_INQUIRY, refund_drop_draft,
               "collection.screen.refund_draft"),
    ROUTE_POST("/collection/refunds/draft/{}/notices", PRINTS, AUDIT_NONE, refund_print_draft,
               "collection.screen.refund_papers"),
    ROUTE_GET("/collection/refunds/person/{}", VIEW, AUDIT_INQUIRY, refund_show_person,
              "collection.screen.refund_person"),
    ROUTE_POST("/collection/refunds/person/{}", EDIT, AUDIT_CHANGE, refund_enter_person,
               "collection.screen.refund_person"),
    ROUTE_GET("/collection/refund/{}/{}", VIEW, AUDIT_INQUIRY, refund_show_one,
              "collection.screen.refund"),
    ROUTE_POST("/collection/refund/{}/{}/claim", EDIT, AUDIT_CHANGE, refund_save_claim,
               "collection.screen.refund_claim"),
    ROUTE_POST("/collection/refund/{}/{}/public", EDIT, AUDIT_CHANGE, refund_save_public,
               "collection.screen.refund_claim"),
    ROUTE_POST("/collection/refund/{}/{}/answer", EDIT, AUDIT_CHANGE, refund_save_answer,
               "collection.screen.refund_claim"),
    ROUTE_POST("/collection/refund/{}/{}/result", EDIT, AUDIT_CHANGE, refund_save_result,
               "collection.screen.refund_result"),
    ROUTE_GET("/collection/refund/{}/{}/notice.pdf", PRINTS, AUDIT_PRINT, refund_print_notice,
              "collection.screen.refund_papers"),
    ROUTE_GET("/collection/refund/{}/{}/decision.pdf", PRINTS, AUDIT_PRINT, refund_print_decision,
              "collection.screen.refund_papers"),
    ROUTE_GET("/collection/refund/{}/{}/order.pdf", PRINTS, AUDIT_PRINT, refund_print_order,
              "collection.screen.refund_papers"),
    ROUTE_GET("/collection/finance", VIEW, AUDIT_NONE, finance_show_today,
              "collection.screen.finance"),
    ROUTE_GET("/collection/finance/{}", VIEW, AUDIT_NONE, finance_show_day,
              "collection.screen.finance"),
    ROUTE_POST("/collection/finance/{}", RIGHT(RIGHT_JOB_RUN), AUDIT_NONE, finance_run,
               "collection.screen.finance"),
    ROUTE_POST("/collection/finance/{}/again", RIGHT(RIGHT_JOB_RUN), AUDIT_NONE, finance_run_again,
               "collection.screen.finance"),
    ROUTE_POST("/collection/finance/{}/split", EDIT, AUDIT_NONE, finance_save_split,
               "collection.screen.finance"),
};

const struct menu_item refund_menu[REFUND_MENU] = {
    {"/collection/refunds", "collection.menu.refunds", NULL, VIEW},
    {"/collection/finance", "collection.menu.finance", NULL, VIEW},
};
