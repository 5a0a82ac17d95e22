/*
 * receipts: data of payments by slip as others bring them: convenience stores (fixed and CSV), OCR
 * lines, Pay-easy, eL-QR. Part of exchange.h.
 *
 * Which digits of a key mean what is the city's own affair: here a key is a run of digits. Layouts
 * are tables (data/formats/cvs_records.tsv, cvs_csv.tsv, ocr_lines.tsv, ocr_checks.tsv,
 * ocr_records.tsv, mpn_records.tsv, el_receipts.tsv, payment_no.tsv).
 */
#ifndef EXCHANGE_RECEIPTS_H
#define EXCHANGE_RECEIPTS_H

#include "exchange/records.h"

enum payment_stage { PAYMENT_EARLY = 1, PAYMENT_FINAL = 2, PAYMENT_CANCELLED = 3 };

/* --- convenience stores -------------------------------------------------------------------------
 */

enum cvs_kind { /* 種別 */
                CVS_EARLY = 1,
                CVS_FINAL = 2,
                CVS_CANCELLED = 3,
                CVS_POST = 12,
                CVS_POST_CORRECTED = 22,
                CVS_REAL = 81
};
struct cvs_row {
    int64_t line;
    bool is_bad;
    enum cvs_kind kind;
    struct ymd paid, made, funds, booked; /* the last two: none while not known */
    struct str time;                      /* HHMM */
    struct str barcode;                   /* 44 digits, its check digit right unless is_bad */
    struct str maker, key;                /* 6, 21 digits */
    int reissue;
    struct ymd due; /* none: without limit */
    bool has_stamp;
    struct yen yen;
    struct str shop, chain;
    struct str chain_name; /* CSV only */
};
struct cvs_file {
    struct cvs_row *rows;
    size_t n;
    struct yen total; /* cancellations taken off */
    struct record_problems problems;
};
enum payment_stage cvs_stage(enum cvs_kind k);
int cvs_read_fixed(struct context *cx, struct arena *a, const struct fixed_layout *layout,
                   struct str bytes, struct cvs_file *out) WARN_UNUSED;
/* CP932 or UTF-8; `columns` is data/formats/cvs_csv.tsv. */
int cvs_read_csv(struct context *cx, struct arena *a, struct str columns, struct str bytes,
                 struct cvs_file *out) WARN_UNUSED;
struct cvs_header {
    struct str company; /* 5 digits */
    struct ymd made;
};
int cvs_write_fixed(struct context *cx, const struct fixed_layout *layout,
                    const struct cvs_header *h, const struct cvs_row *rows, size_t n,
                    struct text *out) WARN_UNUSED;
/* In CP932, names of chains in quotes as the agencies write them. */
int cvs_write_csv(struct context *cx, struct str columns, const struct cvs_row *rows, size_t n,
                  struct text *out) WARN_UNUSED;

/* --- OCR lines ----------------------------------------------------------------------------------
 */

struct ocr_lines {
    struct fixed_layout layout;
    struct str checks; /* data/formats/ocr_checks.tsv */
};
int ocr_lines_read(struct context *cx, struct arena *a, struct str lines, struct str checks,
                   struct ocr_lines *out) WARN_UNUSED;
/* NULL: every digit, constant and check digit is right; else a message id. */
const char *ocr_line_problem(struct context *cx, const struct ocr_lines *l, const char *line,
                             struct str digits);
/* Fills the check digits of a line that has all others; false: no such line. */
bool ocr_line_complete(const struct ocr_lines *l, const char *line, char *digits);
const struct fixed_record *ocr_line_record(const struct ocr_lines *l, const char *line);

struct ocr_row {
    int64_t line;
    bool is_bad;
    bool is_municipal; /* the city's own line in `upper`; else the two lines of the agency */
    bool is_post;
    struct ymd paid, funds;
    struct str place;
    struct yen yen;          /* of the record, equal to that of the lines */
    struct str upper, lower; /* digits */
};
struct ocr_batch {
    struct str bank, no; /* 4 digits; number of the batch */
    struct ymd made, booked;
    struct ocr_row *rows;
    size_t n;
    struct yen total;
};
struct ocr_file {
    struct ocr_batch *batches;
    size_t n;
    struct record_problems problems;
};
struct ocr_format {
    struct fixed_layout records;
    struct ocr_lines lines;
};
int ocr_read(struct context *cx, struct arena *a, const struct ocr_format *f, struct str bytes,
             struct ocr_file *out) WARN_UNUSED;
int ocr_write(struct context *cx, const struct ocr_format *f, const struct ocr_batch *batches,
              size_t n, struct text *out) WARN_UNUSED;

/* --- Pay-easy, eL-QR ----------------------------------------------------------------------------
 */

struct payment_row {
    int64_t line;
    bool is_bad;
    enum payment_stage stage;
    struct str institution, payment, confirmation, division; /* payment: 20 digits */
    struct str key, way;                                     /* eL-QR only */
    struct yen yen, fee;
    struct ymd paid, booked, funds;
    struct str time, place; /* Pay-easy only */
};
struct payment_file {
    struct payment_row *rows;
    size_t n;
    struct yen total;
    struct record_problems problems;
};
int mpn_read(struct context *cx, struct arena *a, const struct fixed_layout *layout,
             struct str bytes, struct payment_file *out) WARN_UNUSED;
int mpn_write(struct context *cx, const struct fixed_layout *layout, struct ymd made,
              const struct payment_row *rows, size_t n, struct text *out) WARN_UNUSED;
int el_read(struct context *cx, struct arena *a, struct str columns, struct str bytes,
            struct payment_file *out) WARN_UNUSED;
int el_write(struct context *cx, struct str columns, const struct payment_row *rows, size_t n,
             struct text *out) WARN_UNUSED;

/* 20 digits of a payment number by data/formats/payment_no.tsv, and back; false: not right. */
struct payment_no {
    int64_t account, year, number, notice, reissue;
};
bool payment_no_digits(struct context *cx, const struct fixed_layout *layout,
                       const struct payment_no *p, char out[21]);
bool payment_no_parse(const struct fixed_layout *layout, struct str digits, struct payment_no *out);

#endif
