/*
 * headcount: the people who can open each file of personal data (特定個人情報ファイル), beside how
 * many a city said it would let (評価書の「使用者数」).
 */
#ifndef OFFICE_HEADCOUNT_H
#define OFFICE_HEADCOUNT_H

#include "office/office.h"

enum { HEADCOUNT_FILES = 5 }; /* one more with each desk that has a file of its own */

struct headcount {
    const char *file; /* message id "office.file.FILE" */
    int64_t people;   /* accounts that are open today and have a right of the file */
    int64_t allowed;  /* 0: no ceiling */
};
int headcount_read(struct work *w, struct headcount out[HEADCOUNT_FILES]) WARN_UNUSED;
/* Inside the transaction that changed an account: ERR_LIMIT when a file it could not open before
 * (rights `before`, `after`) now has more people than allowed. */
int headcount_allows(struct work *w, uint64_t before, uint64_t after) WARN_UNUSED;

#endif
