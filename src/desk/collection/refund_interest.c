/* Interest on what is refunded or appropriated (還付加算金, 充当加算金): by the rates in force. */
#include "desk/collection/late.h"
#include "desk/collection/refund.h"

/* Each payment of a line by itself; a year whose rates are not announced stops the decision. */
int refund_interest_of_line(struct work *w, const struct refund_interest_fact *facts, size_t n,
                            struct yen *out)
{
    *out = YEN(0);
    for (size_t i = 0; i < n; i++) {
        const struct refund_interest_fact *f = &facts[i];
        const struct refund_case c = {.kind = f->is_tax ? STR("nhi_tax") : STR("nhi_fee"),
                                      .levy_year = ymd_fiscal_year(f->paid),
                                      .cause = f->cause == CAUSE_REDUCED ? REFUND_REDUCED
                                                                         : REFUND_ERRONEOUS,
                                      .amount = f->amount,
                                      .paid = f->paid,
                                      .told = YMD_NONE,
                                      .until = f->decided};
        struct refund_result r;
        const int rc = refund_interest(w, &c, &r);
        if (rc < 0)
            return error_add(&w->cx, "interest on a refund");
        if (r.outcome == LATE_UNKNOWN)
            return fail(&w->cx, ERR_NOT_FOUND, late_outcome_message(r.outcome), NULL);
        *out = yen_add(*out, r.interest);
    }
    return OK;
}
