/*
 * read: outside formats as receipts (receipt.h). A file whose structure, totals or days are wrong
 * is refused as a whole; a record whose number cannot be read is handed over without one, so that
 * the money stands on the error list. Internal to the collection desk.
 */
#ifndef DESK_COLLECTION_READ_H
#define DESK_COLLECTION_READ_H

#include "desk/collection/format.h"
#include "desk/collection/receipt.h"

/* What a number says; false, and nothing filled: it is none of ours. */
struct read_key {
    int levy_year;
    int64_t notice_no;
    int number, issue;
};
/* 21 digits of a barcode: company 5, account 1, year 2, instalment 2, notice 10, branch 1; or the
 * last 16 of them, as on the OCR line of the agency. */
bool read_slip_key(struct work *w, struct str digits, struct read_key *out);
void read_put_key(struct receipt_record *r, const struct read_key *k);

/* Problems of numbers alone are left to clearing; any other refuses the file. */
int read_refuse(struct work *w, struct job *job, const struct record_problems *p) WARN_UNUSED;
struct read_rows {
    struct receipt_record *rows;
    size_t n;
};
int read_hand_over(struct work *w, struct job *job, const struct format_file *f, int channel,
                   const struct read_rows *r) WARN_UNUSED;
/* The later of two days; the first where the second is none. */
struct ymd read_later(struct ymd a, struct ymd b);

job_fn read_cvs_job, read_ocr_job, read_mpn_job, read_el_job;

#endif
