/*
 * refund_plan: what becomes of a debtor's overpayments. First they are appropriated to his arrears
 * (充当), the oldest due day first, whatever the levy year or notice; what is left is refunded
 * (還付). Pure; internal to the desk. Law: 地方税法17条, 17条の2; for 料 by
 * 地方自治法231条の3第4項.
 */
#ifndef DESK_COLLECTION_REFUND_PLAN_H
#define DESK_COLLECTION_REFUND_PLAN_H

#include "desk/collection/refund.h"

enum { PLAN_LINES_PER_INSTALMENT = 4 };

/* A sum that was paid on one day and is overpaid for one cause. */
struct refund_lot {
    struct yen yen;
    struct ymd paid;  /* 納付日 */
    struct ymd arose; /* since when it can be claimed: paid, or the day of the reduction */
    enum overpaid_cause cause;
};
struct refund_instalment {
    int64_t liability_id, notice_no;
    int levy_year, number;
    bool is_tax;       /* 税; 料 and 税 are not appropriated to each other */
    int booked_of;     /* the year the debt stands in */
    int received_year; /* the year its newest receipt was booked in */
    struct ymd due_day;
    struct yen due[LEVY_PARTS], over[LEVY_PARTS];
    struct yen unposted[LEVY_PARTS]; /* of over: received beyond the charge, not marked yet */
    struct yen late, fee;
    struct refund_lot *lots; /* sum to over, in the order they arose */
    size_t n_lots, at_lot;
    struct yen of_lot; /* already used of the lot at_lot */
};
struct refund_terms {
    struct ymd as_of;
    bool is_open_too;               /* instalments that are not overdue yet too */
    enum refund_line_kind order[3]; /* inside an instalment */
};
struct refund_line {
    enum refund_line_kind kind;
    size_t from, to; /* instalments; `to` of a refund is `from` */
    struct yen yen;
    struct yen part[LEVY_PARTS];    /* of the overpayment */
    struct yen to_part[LEVY_PARTS]; /* of what is paid with it */
    struct refund_lot *lots;        /* what it consists of */
    size_t n_lots;
    struct yen interest;
};
/* rows by due day; out has room for PLAN_LINES_PER_INSTALMENT * n + n lines. Changes rows: what is
 * left over when it is done. Lots of the lines: filled by refund_lots. */
size_t refund_plan(struct refund_instalment *rows, size_t n, const struct refund_terms *t,
                   struct refund_line *out);
/* The lots of an instalment from its history, in order of entries; out and payments have room for
 * 2 * n + 2. Walks back over the payments for what was reduced (the newest payment first,
 * 地方税法施行令6条の15). */
struct refund_step { /* one entry on the instalment */
    struct str kind;
    struct ymd value;
    struct yen due, received, over, appropriated;
};
size_t refund_lots(const struct refund_step *steps, size_t n, struct yen unposted, struct ymd as_of,
                   struct refund_lot *out, struct refund_lot *payments);
/* The next lots of an instalment that make up an amount; out has room for all its lots. */
size_t refund_take_lots(struct refund_instalment *r, struct yen amount, struct refund_lot *out);

struct yen parts_sum(const struct yen part[LEVY_PARTS]);
/* Shares of an amount by the positive parts; all of them when it is the whole. */
void parts_of(const struct yen whole[LEVY_PARTS], struct yen amount, struct yen out[LEVY_PARTS]);

#endif
