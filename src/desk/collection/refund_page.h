/* refund_page: pages and papers of refunds and of what finance is told. Internal to the desk. */
#ifndef DESK_COLLECTION_REFUND_PAGE_H
#define DESK_COLLECTION_REFUND_PAGE_H

#include "desk/collection/finance.h"
#include "desk/collection/refund_inner.h"

/* What the citizen gets: refund and both kinds of interest. */
struct yen refund_payable(const struct refund_decision *d);
int refund_entry_shown(struct work *w, const struct event *e, struct str *payload);
const char *account_kind_message(struct str kind);
const char *refund_state_message(bool is_payable, int64_t claim, int64_t payment);
struct str refund_debt_text(struct work *w, int64_t year, int64_t notice_no);
/* "refund_notice", "refund_decision", "payment_order" of some decisions, as one PDF. */
int refund_papers(struct work *w, const char *form, const struct refund_decision *rows, size_t n,
                  struct text *out) WARN_UNUSED;

page_handler refund_show_all, refund_run_draft, refund_show_draft, refund_confirm_draft,
    refund_drop_draft, refund_print_draft, refund_show_person, refund_enter_person, refund_show_one,
    refund_save_claim, refund_save_public, refund_save_answer, refund_save_result,
    refund_save_returned, refund_print_notice, refund_print_decision, refund_print_order,
    finance_show_today, finance_show_day, finance_run, finance_run_again, finance_save_split;

#endif
