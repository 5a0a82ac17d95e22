/*
 * receipt: what the channels tell of money that came in (収納), and clearing (消込). Part of the
 * collection desk; who reads an outside format fills rows of receipt_record and hands them over.
 *
 * A record is kept as it came and never changed. Clearing posts it, or holds it on the error list
 * with its reason; a person settles what is held, once. A preliminary notice (速報) posts nothing:
 * it is expected until the final one (確報) or its cancellation (速報取消) comes.
 */
#ifndef DESK_COLLECTION_RECEIPT_H
#define DESK_COLLECTION_RECEIPT_H

#include "desk/collection/collection.h"

enum receipt_channel {
    CHANNEL_COUNTER = 10,    /* 窓口 */
    CHANNEL_BANK = 20,       /* 指定金融機関 */
    CHANNEL_DEBIT = 30,      /* 口座振替 */
    CHANNEL_STORE = 40,      /* コンビニエンスストア */
    CHANNEL_PAY_EASY = 50,   /* ペイジー */
    CHANNEL_EL = 60,         /* eL-QR */
    CHANNEL_SMARTPHONE = 70, /* スマートフォン決済 */
    CHANNEL_POST = 80,       /* ゆうちょ銀行 */
    CHANNEL_PENSION = 90,    /* 年金からの特別徴収 */
};
enum receipt_stage { STAGE_EXPECTED = 1, STAGE_FINAL = 2, STAGE_CANCELLED = 3 };
enum receipt_outcome {
    OUTCOME_POSTED = 1,   /* in the journal */
    OUTCOME_HELD = 2,     /* on the error list */
    OUTCOME_EXPECTED = 3, /* a preliminary notice */
    OUTCOME_NOTED = 4,    /* moves no money: a cancellation that found its notice */
};
enum treatment_state {
    TREATED_POSTED = 1,    /* 再消込 */
    TREATED_RETURNED = 2,  /* 組戻し・取消 */
    TREATED_CONFIRMED = 3, /* 確報 */
    TREATED_CANCELLED = 4, /* 速報取消 */
};

struct receipt_record {
    int channel, stage;
    int64_t line; /* of the file, from 1 */
    int levy_year;
    int64_t notice_no;
    int number;            /* 期 */
    int issue;             /* 再発行区分 of the slip, 0 the first */
    bool is_divided;       /* late and fee are told; else the slip says how the sum divides */
    struct yen yen;        /* premium, or all of it where it is not divided */
    struct yen late, fee;  /* 延滞金, 督促手数料 */
    struct ymd paid;       /* 領収日 */
    struct ymd accounting; /* 収納日 */
    struct ymd funds;      /* 資金日 */
    struct str place;      /* bank and branch, store; may be empty */
    struct str slip_kind;  /* may be empty */
    struct str raw_key;    /* the number as it was read */
};
struct receipt_file {
    int channel;
    struct str source, name;
    char sha256[65]; /* of its bytes; taken once */
};
struct receipt_count {
    int64_t n;
    struct yen yen;
};
struct receipt_counts {
    struct receipt_count posted, held, expected, noted;
};

/* Clears the records a piece at a time, each piece one event and one transaction; job NULL, or the
 * job whose cursor counts the records done, so that it goes on where it was stopped. ERR_DUPLICATE:
 * the file was taken before. w->store outside any transaction. Counts are of this call. */
int receipts_take(struct work *w, struct job *job, const struct receipt_file *f,
                  const struct receipt_record *rows, size_t n,
                  struct receipt_counts *out) WARN_UNUSED;
/* The same inside the caller's transaction and event: the counter's receipts. */
int receipts_post(struct work *w, int64_t event_no, const struct receipt_file *f,
                  const struct receipt_record *rows, size_t n,
                  struct receipt_counts *out) WARN_UNUSED;

/* Settles one that is held, in the caller's transaction: posts it under the key and division given
 * (what is beyond the balance becomes an overpayment), or notes that it was given back.
 * ERR_STALE: settled before. */
struct receipt_settling {
    int64_t receipt_id;
    int state; /* TREATED_POSTED, TREATED_RETURNED */
    int levy_year;
    int64_t notice_no;
    int number;
    struct yen late, fee; /* the rest is premium */
    struct str reason;
};
int receipt_settle(struct work *w, int64_t event_no, const struct receipt_settling *s) WARN_UNUSED;

/* Message ids: of a channel, of a reason, of what became of a receipt (treatment 0: none yet). */
const char *receipt_state_message(int64_t outcome, int64_t treatment);
const char *channel_message(int channel);
const char *receipt_reason_message(struct str reason);

#endif
