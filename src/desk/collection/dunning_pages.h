/* dunning_pages: routes of what follows the due date, for desk.c. Internal to the collection. */
#ifndef DESK_COLLECTION_DUNNING_PAGES_H
#define DESK_COLLECTION_DUNNING_PAGES_H

#include "desk/collection/counter.h"
#include "desk/collection/post.h"

page_handler dunning_show_runs, dunning_run, reminder_run, letters_show_draft, letters_confirm,
    letters_drop, debtor_show_letters, debtor_print_slips, debtor_save_hold, debtor_save_waiver,
    late_show_steps, post_show_runs, post_show_run, post_print, post_save_despatch,
    post_save_withdrawal, post_save_returned, post_show_task, post_save_task, post_show_document,
    papers_show, papers_hand_over, papers_take_back, papers_cover, paid_show, paid_hand_out;

#define COLLECTION_SEE  RIGHT(RIGHT_COLLECTION_VIEW)
#define COLLECTION_DO   RIGHT(RIGHT_COLLECTION_EDIT)
#define COLLECTION_GIVE (RIGHT(RIGHT_COLLECTION_VIEW) | RIGHT(RIGHT_PRINT))
#define DUNNING_ROUTES                                                                             \
    ROUTE_GET("/collection/dunnings", COLLECTION_SEE, AUDIT_NONE, dunning_show_runs,               \
              "collection.screen.dunnings"),                                                       \
        ROUTE_POST("/collection/dunnings", COLLECTION_DO, AUDIT_NONE, dunning_run,                 \
                   "collection.screen.dunnings"),                                                  \
        ROUTE_POST("/collection/reminders", COLLECTION_DO, AUDIT_NONE, reminder_run,               \
                   "collection.screen.dunnings"),                                                  \
        ROUTE_GET("/collection/draft/{}", COLLECTION_SEE, AUDIT_INQUIRY, letters_show_draft,       \
                  "collection.screen.draft"),                                                      \
        ROUTE_POST("/collection/draft/{}/confirm", RIGHT(RIGHT_LEVY_CONFIRM), AUDIT_NONE,          \
                   letters_confirm, "collection.screen.draft"),                                    \
        ROUTE_POST("/collection/draft/{}/drop", COLLECTION_DO, AUDIT_NONE, letters_drop,           \
                   "collection.screen.draft"),                                                     \
        ROUTE_GET("/collection/letters/{}", COLLECTION_SEE, AUDIT_INQUIRY, debtor_show_letters,    \
                  "collection.screen.letters"),                                                    \
        ROUTE_POST("/collection/letters/{}/slips", COLLECTION_GIVE, AUDIT_PRINT,                   \
                   debtor_print_slips, "collection.screen.slips"),                                 \
        ROUTE_POST("/collection/letters/{}/hold", COLLECTION_DO, AUDIT_CHANGE, debtor_save_hold,   \
                   "collection.screen.letters"),                                                   \
        ROUTE_POST("/collection/letters/{}/waive", COLLECTION_DO, AUDIT_CHANGE,                    \
                   debtor_save_waiver, "collection.screen.letters"),                               \
        ROUTE_GET("/collection/late/{}/{}", COLLECTION_SEE, AUDIT_INQUIRY, late_show_steps,        \
                  "collection.screen.late"),                                                       \
        ROUTE_GET("/collection/post", COLLECTION_SEE, AUDIT_INQUIRY, post_show_runs,               \
                  "collection.screen.post"),                                                       \
        ROUTE_GET("/collection/post/{}", COLLECTION_SEE, AUDIT_INQUIRY, post_show_run,             \
                  "collection.screen.post"),                                                       \
        ROUTE_POST("/collection/post/print", RIGHT(RIGHT_PRINT), AUDIT_NONE, post_print,           \
                   "collection.screen.post"),                                                      \
        ROUTE_POST("/collection/post/withdraw", COLLECTION_DO, AUDIT_CHANGE, post_save_withdrawal, \
                   "collection.screen.post"),                                                      \
        ROUTE_POST("/collection/post/returned", COLLECTION_DO, AUDIT_CHANGE, post_save_returned,   \
                   "collection.screen.post"),                                                      \
        ROUTE_POST("/collection/post/{}/despatch", RIGHT(RIGHT_PRINT), AUDIT_CHANGE,               \
                   post_save_despatch, "collection.screen.post"),                                  \
        ROUTE_GET("/collection/post/task/{}", COLLECTION_DO, AUDIT_INQUIRY, post_show_task,        \
                  "collection.screen.post"),                                                       \
        ROUTE_POST("/collection/post/task/{}", COLLECTION_DO, AUDIT_CHANGE, post_save_task,        \
                   "collection.screen.post"),                                                      \
        ROUTE_GET("/collection/document/{}/letter.pdf", COLLECTION_GIVE, AUDIT_PRINT,              \
                  post_show_document, "collection.screen.document"),                               \
        ROUTE_GET("/collection/papers", COLLECTION_SEE, AUDIT_NONE, papers_show,                   \
                  "collection.screen.papers"),                                                     \
        ROUTE_POST("/collection/papers", COLLECTION_DO, AUDIT_NONE, papers_hand_over,              \
                   "collection.screen.papers"),                                                    \
        ROUTE_POST("/collection/papers/return", COLLECTION_DO, AUDIT_NONE, papers_take_back,       \
                   "collection.screen.papers"),                                                    \
        ROUTE_GET("/collection/papers/{}/cover.pdf", COLLECTION_SEE, AUDIT_NONE, papers_cover,     \
                  "collection.screen.papers"),                                                     \
        ROUTE_GET("/collection/certificates/{}", COLLECTION_SEE, AUDIT_INQUIRY, paid_show,         \
                  "collection.screen.certificates"),                                               \
        ROUTE_POST("/collection/certificates/{}", COLLECTION_GIVE, AUDIT_PRINT, paid_hand_out,     \
                   "collection.screen.certificates")
#define DUNNING_MENU                                                                               \
    {"/collection/dunnings", "collection.menu.dunnings", NULL, COLLECTION_SEE},                    \
    {                                                                                              \
        "/collection/post", "collection.menu.post", NULL, COLLECTION_SEE                           \
    }

/* Shared by the pages. */
const char *letters_status_message(int64_t status);
const char *post_kind_message(struct str kind);
const char *post_state_message(bool is_none, int64_t state);
const char *returned_message(int64_t reason);
struct str late_link(struct work *w, int64_t liability_id, int64_t number, struct ymd day);

#endif
