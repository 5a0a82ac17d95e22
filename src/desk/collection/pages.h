/* pages: the collection desk's routes and menu, for desk.c. Internal to the desk. */
#ifndef DESK_COLLECTION_PAGES_H
#define DESK_COLLECTION_PAGES_H

#include "desk/collection/debit_pages.h"
#include "desk/collection/receipt.h"

/* 12 of receipts and the year, 21 of refunds and finance, 26 of dunning_pages.h */
#define COLLECTION_ROUTES (12 + 22 + 26 + DEBIT_N_ROUTES)
#define COLLECTION_MENU   7
extern const struct route collection_routes[COLLECTION_ROUTES];
extern const struct menu_item collection_menu[COLLECTION_MENU];

page_handler collection_show_debtor, collection_show_instalment, collection_show_receipts,
    collection_show_errors, collection_show_error, collection_save_settle, collection_show_cashier,
    collection_save_receive, collection_show_closings, collection_run_closing,
    collection_show_closing, collection_confirm_closing;

/* Message ids of a state and of the kind of a transaction. */
const char *instalment_state_message(enum instalment_state state);
const char *entry_kind_message(struct str kind);

#endif
