/* The collection desk's tables. It acts when the levy has decided. */
#include "collection_sql.h"
#include "desk/collection/checks.h"
#include "desk/collection/clean.h"
#include "desk/collection/closing.h"
#include "desk/collection/debit_desk.h"
#include "desk/collection/dunning_pages.h"
#include "desk/collection/finance.h"
#include "desk/collection/ledger.h"
#include "desk/collection/pages.h"
#include "desk/collection/receive.h"
#include "desk/collection/refund.h"
#include "desk/collection/refund_inner.h"
#include "desk/collection/refund_page.h"
#include "desk/collection/transfer.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* Does the household owe an instalment whose due date has passed today? */
static int is_in_arrears(struct work *w, int64_t household_id)
{
    const struct asof looked_at = w->asof;
    struct liability_accounts accounts = {NULL, 0};
    int owes = 0;

    w->asof = (struct asof){w->today, KNOWN_NOW};
    const int result = collection_household(w, household_id, 0, &accounts);
    w->asof = looked_at;
    for (size_t i = 0; result >= 0 && i < accounts.n; i++) {
        for (size_t k = 0; k < accounts.rows[i].n; k++)
            owes |= accounts.rows[i].rows[k].state == INSTALMENT_OVERDUE;
    }
    return result < 0 ? result : owes;
}

static void start(void)
{
    eligibility_arrears_ask(is_in_arrears);
    levy_paid_ask(collection_paid);
    refund_interest_ask(refund_interest_of_line);
    transfer_tell(refund_transfer_heard);
    store_check_add(collection_check);
    store_verify_add(collection_verify);
}

static int on_event(struct work *w, const struct event *e)
{
    if (str_is(e->kind, "levy.pension")) {
        return collection_shape(w, e);
    }
    if (str_is(e->kind, "levy.pension_result")) {
        return collection_receive_pensions(w, e);
    }
    if (!str_is(e->kind, "levy.decide")) {
        return 0;
    }
    const int rc = collection_charge(w, e);
    return rc < 0 ? rc : levy_plans_follow(w, e);
}

static const struct job_kind jobs[] = {
    {"receive", "collection.job.receive", "path:text", RIGHT(RIGHT_IMPORT), receive_run},
    {"collection-clean", "collection.job.clean", "as-of?:day only-count?:text",
     RIGHT(RIGHT_LEVY_CONFIRM), clean_run},
    {"carry-draft", "collection.job.carry_draft", "year:number as-of?:day", RIGHT(RIGHT_JOB_RUN),
     closing_draft_run},
    {"carry-confirm", "collection.job.carry_confirm", "closing:number debtors:number yen:number",
     RIGHT(RIGHT_LEVY_CONFIRM), closing_confirm_run},
    {"dunning-draft", "collection.job.dunning_draft", "as-of:day", RIGHT(RIGHT_COLLECTION_EDIT),
     dunning_draft_job},
    {"dunning-confirm", "collection.job.dunning_confirm",
     "draft:number issue-date:day letters:number total:number", RIGHT(RIGHT_LEVY_CONFIRM),
     dunning_confirm_job},
    {"reminder-draft", "collection.job.reminder_draft", REMINDER_OPTIONS,
     RIGHT(RIGHT_COLLECTION_EDIT), reminder_draft_job},
    {"reminder-confirm", "collection.job.reminder_confirm",
     "draft:number issue-date:day letters:number total:number", RIGHT(RIGHT_LEVY_CONFIRM),
     reminder_confirm_job},
    {"post-print", "collection.job.post_print", POST_OPTIONS, RIGHT(RIGHT_PRINT), post_print_job},
    DEBIT_JOBS,
    {"refund-draft", "collection.job.refund_draft", "as-of?:day", RIGHT(RIGHT_COLLECTION_EDIT),
     refund_draft_job},
    {"refund-confirm", "collection.job.refund_confirm",
     "draft:number debtors:number overpaid:number notice-date:day", RIGHT(RIGHT_LEVY_CONFIRM),
     refund_confirm_job},
    {"refund-drop", "collection.job.refund_drop", "draft:number", RIGHT(RIGHT_COLLECTION_EDIT),
     refund_drop_job},
    {"refund-notices", "collection.job.refund_notices", "draft:number", RIGHT(RIGHT_PRINT),
     refund_notices_job},
    {"refund-transfers", "collection.job.refund_transfers", "", RIGHT(RIGHT_JOB_RUN),
     refund_transfers_job},
    {"finance-send", "collection.job.finance_send", "day?:day file?:number", RIGHT(RIGHT_JOB_RUN),
     finance_send_job},
    {"finance-orders", "collection.job.finance_orders", "", RIGHT(RIGHT_JOB_RUN),
     finance_orders_job},
    {"finance-take", "collection.job.finance_take", "path:text", RIGHT(RIGHT_IMPORT),
     finance_take_job},
};

static const struct setting settings[] = {
    {"collection.keep", "7", "collection.setting.keep"},
    {"collection.hold", "double over written_off cancelled", "collection.setting.hold"},
    {"collection.insert_codes", "levy_notice=N1 dunning=D1 reminder=R1",
     "collection.setting.insert_codes"},
    {"collection.certificate_fee", "0", "collection.setting.certificate_fee"},
    DEBIT_SETTINGS,
    {"refund.order", "fee premium late", "collection.setting.refund_order"},
    {"refund.appropriate_to", "overdue", "collection.setting.refund_to"},
    {"refund.account_purpose", "NHI-REFUND", "collection.setting.refund_purpose"},
    {"finance.fund", "020", "collection.setting.finance_fund"},
};

static const struct entry_kind entries[] = {
    {"collection.hold", "collection.entry.hold", false, RIGHT(RIGHT_COLLECTION_EDIT),
     hold_entry_apply},
    {"collection.waiver", "collection.entry.waiver", true, RIGHT(RIGHT_COLLECTION_EDIT),
     waiver_entry_apply},
    DEBIT_ENTRIES,
    {"collection.refund", "collection.entry.refund", true, RIGHT(RIGHT_COLLECTION_EDIT),
     refund_entry_apply},
    {"collection.refund_claim", "collection.entry.refund_claim", true, RIGHT(RIGHT_COLLECTION_EDIT),
     refund_claim_apply},
    {"collection.income_split", "collection.entry.income_split", true, RIGHT(RIGHT_COLLECTION_EDIT),
     income_split_apply},
};

static int decided_about(struct work *w, int64_t person_id, struct decided_list *out)
{
    const int rc = collection_decided(w, person_id, out);
    return rc < 0 ? rc : refunds_decided_of(w, person_id, out);
}

const struct desk collection_desk = {
    .name = "collection",
    .label = "collection.desk",
    .schema = &collection_schema,
    .routes = collection_routes,
    .n_routes = COLLECTION_ROUTES,
    .menu = collection_menu,
    .n_menu = COLLECTION_MENU,
    .settings = settings,
    .n_settings = COUNT(settings),
    .jobs = jobs,
    .n_jobs = COUNT(jobs),
    .entries = entries,
    .n_entries = COUNT(entries),
    .decided = decided_about,
    .entry_shown = refund_entry_shown,
    .checks = collection_checks,
    .n_checks = COLLECTION_CHECKS,
    .refers_to = collection_refers_to,
    .start = start,
    .on_event = on_event,
};
