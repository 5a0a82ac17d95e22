/* The collection desk's pages: which address shows what, to whom. */
#include "desk/collection/pages.h"
#include "desk/collection/dunning_pages.h"
#include "desk/collection/refund_page.h"

#define VIEW    RIGHT(RIGHT_COLLECTION_VIEW)
#define EDIT    RIGHT(RIGHT_COLLECTION_EDIT)
#define CONFIRM (RIGHT(RIGHT_COLLECTION_EDIT) | RIGHT(RIGHT_LEVY_CONFIRM))
#define PRINTS  (RIGHT(RIGHT_COLLECTION_VIEW) | RIGHT(RIGHT_PRINT))

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
    ROUTE_POST("/collection/refund/{}/{}/returned", EDIT, AUDIT_CHANGE, refund_save_returned,
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

const struct menu_item collection_menu[COLLECTION_MENU] = {
    {"/collection/receipts", "collection.menu.receipts", "p", RIGHT(RIGHT_COLLECTION_VIEW)},
    DUNNING_MENU,
    {"/collection/debit", "collection.menu.debit", NULL, RIGHT(RIGHT_JOB_VIEW)},
    {"/collection/keyed", "collection.menu.keyed", NULL, RIGHT(RIGHT_KEYING)},
    {"/collection/refunds", "collection.menu.refunds", NULL, VIEW},
    {"/collection/finance", "collection.menu.finance", NULL, VIEW},
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
    static const char *const ids[] = {"collection.kind.charge",
                                      "collection.kind.correction",
                                      "collection.kind.receipt",
                                      "collection.kind.reposted",
                                      "collection.kind.pension",
                                      "collection.kind.overpayment",
                                      "collection.kind.transfer",
                                      "collection.kind.appropriation",
                                      "collection.kind.refund",
                                      "collection.kind.refund_paid",
                                      "collection.kind.write_off",
                                      "collection.kind.carry_over",
                                      "collection.kind.late_charge",
                                      "collection.kind.appropriation_prior",
                                      "collection.kind.refund_prior",
                                      "collection.kind.refund_paid_prior",
                                      "collection.kind.refund_interest",
                                      "collection.kind.refund_returned",
                                      "collection.kind.refund_returned_prior",
                                      "collection.kind.refund_interest_returned"};
    const size_t prefix = sizeof "collection.kind." - 1;

    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        if (str_is(kind, ids[i] + prefix))
            return ids[i];
    }
    return "collection.kind.other";
}
