/* debit_pages: pages of direct debit, transfers and keyed batches; their routes for pages.c.
 * Internal to the collection desk. */
#ifndef DESK_COLLECTION_DEBIT_PAGES_H
#define DESK_COLLECTION_DEBIT_PAGES_H

#include "desk/collection/debit.h"

page_handler debit_show_work, debit_run_draft, debit_show_person, debit_save_apply, debit_save_end,
    debit_show_run, debit_run_confirm, debit_run_drop, debit_run_letters, debit_show_file,
    debit_show_request, debit_show_letter, transfer_show_request, keyed_show_work, keyed_save_cover,
    keyed_show_batch, keyed_save_line, keyed_save_close;

/* Runs, files and totals are for whoever follows jobs, the operator too; people on those pages only
 * for who may see the collection (OPS-002). */
#define DEBIT_N_ROUTES 18
#define DEBIT_ROUTES                                                                               \
    ROUTE_GET("/collection/debit", RIGHT(RIGHT_JOB_VIEW), AUDIT_INQUIRY, debit_show_work,          \
              "collection.screen.debit"),                                                          \
        ROUTE_POST("/collection/debit", RIGHT(RIGHT_JOB_RUN), AUDIT_NONE, debit_run_draft,         \
                   "collection.screen.debit"),                                                     \
        ROUTE_GET("/collection/debit/person/{}", RIGHT(RIGHT_COLLECTION_VIEW), AUDIT_INQUIRY,      \
                  debit_show_person, "collection.screen.debit_person"),                            \
        ROUTE_POST("/collection/debit/person/{}", RIGHT(RIGHT_COLLECTION_EDIT), AUDIT_CHANGE,      \
                   debit_save_apply, "collection.screen.debit_person"),                            \
        ROUTE_POST("/collection/debit/person/{}/end", RIGHT(RIGHT_COLLECTION_EDIT), AUDIT_CHANGE,  \
                   debit_save_end, "collection.screen.debit_person"),                              \
        ROUTE_GET("/collection/debit/run/{}", RIGHT(RIGHT_JOB_VIEW), AUDIT_INQUIRY,                \
                  debit_show_run, "collection.screen.debit_run"),                                  \
        ROUTE_POST("/collection/debit/run/{}/confirm", RIGHT(RIGHT_LEVY_CONFIRM), AUDIT_NONE,      \
                   debit_run_confirm, "collection.screen.debit_run"),                              \
        ROUTE_POST("/collection/debit/run/{}/drop", RIGHT(RIGHT_JOB_RUN), AUDIT_NONE,              \
                   debit_run_drop, "collection.screen.debit_run"),                                 \
        ROUTE_POST("/collection/debit/run/{}/letters", RIGHT(RIGHT_PRINT), AUDIT_NONE,             \
                   debit_run_letters, "collection.screen.debit_run"),                              \
        ROUTE_GET("/collection/debit/run/{}/file/{}",                                              \
                  RIGHT(RIGHT_JOB_RUN) | RIGHT(RIGHT_COLLECTION_VIEW), AUDIT_OUTPUT,               \
                  debit_show_file, "collection.screen.debit_file"),                                \
        ROUTE_GET("/collection/debit/run/{}/request/{}", RIGHT(RIGHT_PRINT), AUDIT_NONE,           \
                  debit_show_request, "collection.screen.request"),                                \
        ROUTE_GET("/collection/debit/letter/{}",                                                   \
                  RIGHT(RIGHT_COLLECTION_VIEW) | RIGHT(RIGHT_PRINT), AUDIT_PRINT,                  \
                  debit_show_letter, "collection.screen.debit_letter"),                            \
        ROUTE_GET("/collection/transfer/{}/request", RIGHT(RIGHT_PRINT), AUDIT_NONE,               \
                  transfer_show_request, "collection.screen.request"),                             \
        ROUTE_GET("/collection/keyed", RIGHT(RIGHT_KEYING), AUDIT_NONE, keyed_show_work,           \
                  "collection.screen.keyed"),                                                      \
        ROUTE_POST("/collection/keyed", RIGHT(RIGHT_KEYING), AUDIT_CHANGE, keyed_save_cover,       \
                   "collection.screen.keyed"),                                                     \
        ROUTE_GET("/collection/keyed/{}", RIGHT(RIGHT_KEYING), AUDIT_INQUIRY, keyed_show_batch,    \
                  "collection.screen.keyed"),                                                      \
        ROUTE_POST("/collection/keyed/{}", RIGHT(RIGHT_KEYING), AUDIT_CHANGE, keyed_save_line,     \
                   "collection.screen.keyed"),                                                     \
        ROUTE_POST("/collection/keyed/{}/close", RIGHT(RIGHT_COLLECTION_EDIT), AUDIT_CHANGE,       \
                   keyed_save_close, "collection.screen.keyed")

/* What pages say of codes: "collection.debit.PREFIX.CODE". */
const char *debit_message(struct work *w, const char *prefix, struct str code);
const char *debit_state_message(int64_t state);
struct str debit_start_words(struct work *w, int64_t year, int64_t number);

#endif
