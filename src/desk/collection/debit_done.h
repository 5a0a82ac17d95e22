/* debit_done: the request form that goes with a data file (銀行振込依頼書). Internal to the desk. */
#ifndef DESK_COLLECTION_DEBIT_DONE_H
#define DESK_COLLECTION_DEBIT_DONE_H

#include "desk/collection/debit.h"

struct debit_request {
    enum zengin_kind kind;
    struct str bytes; /* of the file as it goes out */
    struct str file_name, subject, section;
    struct ymd day;
};
/* Counts and sums are those of the bytes, proved again; ERR_CORRUPT where they are no file. */
int debit_request_pdf(struct work *w, const struct debit_request *q, struct text *out) WARN_UNUSED;

#endif
