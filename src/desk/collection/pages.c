/* The collection desk's pages: which address shows what, to whom. */
#include "desk/collection/pages.h"
#include "desk/collection/dunning_pages.h"

const struct route collection_routes[COLLECTION_ROUTES] = {
    ROUTE_GET("/collection/debtor/{}", RIGHT(RIGHT_COLLECTION_VIEW), AUDIT_INQUIRY,
              collection_show_debtor, "collection.screen.debtor"),
    ROUTE_GET("/collection/debtor/{}/{}/{}", RIGHT(RIGHT_COLLECTION_VIEW), AUDIT_INQUIRY,
              collection_show_instalment, "collection.screen.instalment"),
    ROUTE_GET("/collection/receipts", RIGHT(RIGHT_COLLECTION_VIEW), AUDIT_NONE,
              collection_show_receipts, "collection.screen.receipts"),
    ROUTE_GET("/collection/errors", RIGHT(RIGHT_COLLECTION_VIEW), AUDIT_INQUIRY,
              collection_show_errors, "collection.screen.errors"),
    ROUTE_GET("/collection/error/{}", RIGHT(RIGHT_COLLECTION_VIEW), AUDIT_INQUIRY,
              collection_show_error, "collection.screen.error"),
    ROUTE_POST("/collection/error/{}", RIGHT(RIGHT_COLLECTION_EDIT), AUDIT_CHANGE,
               collection_save_settle, "collection.screen.error"),
    ROUTE_GET("/collection/cashier", RIGHT(RIGHT_COLLECTION_VIEW), AUDIT_INQUIRY,
              collection_show_cashier, "collection.screen.cashier"),
    ROUTE_POST("/collection/cashier", RIGHT(RIGHT_COLLECTION_EDIT), AUDIT_CHANGE,
               collection_save_receive, "collection.screen.cashier"),
    ROUTE_GET("/collection/closings", RIGHT(RIGHT_COLLECTION_VIEW), AUDIT_NONE,
              collection_show_closings, "collection.screen.closings"),
    ROUTE_POST("/collection/closings", RIGHT(RIGHT_JOB_RUN), AUDIT_NONE, collection_run_closing,
               "collection.screen.closings"),
    ROUTE_GET("/collection/closing/{}", RIGHT(RIGHT_COLLECTION_VIEW), AUDIT_NONE,
              collection_show_closing, "collection.screen.closing"),
    ROUTE_POST("/collection/closing/{}/confirm", RIGHT(RIGHT_LEVY_CONFIRM), AUDIT_CHANGE,
               collection_confirm_closing, "collection.screen.closings"),
    DUNNING_ROUTES,
    DEBIT_ROUTES,
};

const struct menu_item collection_menu[COLLECTION_MENU] = {
    {"/collection/receipts", "collection.menu.receipts", NULL, RIGHT(RIGHT_COLLECTION_VIEW)},
    DUNNING_MENU,
    {"/collection/debit", "collection.menu.debit", NULL, RIGHT(RIGHT_COLLECTION_VIEW)},
};

const char *instalment_state_message(enum instalment_state state)
{
    switch (state) {
    case INSTALMENT_PAID:
        return "collection.state.paid";
    case INSTALMENT_OPEN:
        return "collection.state.open";
    case INSTALMENT_OVERDUE:
        return "collection.state.overdue";
    case INSTALMENT_ZERO:
    default:
        return "collection.state.zero";
    }
}

const char *entry_kind_message(struct str kind)
{
    static const char *const ids[] = {"collection.kind.charge",     "collection.kind.correction",
                                      "collection.kind.receipt",    "collection.kind.reposted",
                                      "collection.kind.pension",    "collection.kind.overpayment",
                                      "collection.kind.transfer",   "collection.kind.appropriation",
                                      "collection.kind.refund",     "collection.kind.refund_paid",
                                      "collection.kind.write_off",  "collection.kind.carry_over",
                                      "collection.kind.late_charge"};
    const size_t prefix = sizeof "collection.kind." - 1;

    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        if (str_is(kind, ids[i] + prefix))
            return ids[i];
    }
    return "collection.kind.other";
}
