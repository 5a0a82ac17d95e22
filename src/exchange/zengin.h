/*
 * zengin: files of the banks' association: direct debit (91, request and result), transfers (21),
 * and the account check that goes the same way. Part of exchange.h.
 *
 * The layouts are data/formats/zengin_debit.tsv, zengin_transfer.tsv, account_check.tsv. Names are
 * half-width kana in UTF-8. Writing computes counts and sums; a row or header that came from a file
 * keeps every byte of its record but the result.
 */
#ifndef EXCHANGE_ZENGIN_H
#define EXCHANGE_ZENGIN_H

#include "exchange/records.h"

enum zengin_kind { ZENGIN_DEBIT, ZENGIN_TRANSFER, ZENGIN_CHECK };
enum zengin_way { ZENGIN_REQUEST, ZENGIN_RESULT };

struct zengin_format {
    enum zengin_kind kind;
    struct fixed_layout layout;
};
int zengin_format_read(struct context *cx, struct arena *a, enum zengin_kind kind, struct str tsv,
                       struct zengin_format *out) WARN_UNUSED;

struct zengin_header {
    const char *record; /* as it came; NULL: of ours */
    int64_t line;
    struct str contractor;       /* 10 digits */
    struct str contractor_name;  /* up to 40 */
    int month, day;              /* of the debit or transfer */
    struct str bank, bank_name;  /* 4 digits; up to 15 */
    struct str branch, branch_name;
    struct str account_kind, account_no; /* of the contractor; may be blank */
};
struct zengin_row {
    const char *record; /* as it came; NULL: of ours */
    int64_t line;
    bool is_bad;
    struct str bank, bank_name, branch, branch_name;
    struct str account_kind; /* 1 ordinary 2 current 3 tax reserve 4 savings 9 other */
    struct str account_no;   /* 7 digits */
    struct str holder;       /* up to 30 */
    struct yen yen;
    char new_code;       /* '0' '1' '2'; of a check '1' new '2' change '3' cancel '0' only asked */
    struct str customer; /* up to 20 */
    char result;         /* of results */
};
struct zengin_file {
    struct zengin_header header;
    struct zengin_row *rows;
    size_t n;
    struct yen total;
    int64_t done, failed; /* of results */
    struct yen done_yen, failed_yen;
};
struct zengin_medium {
    struct zengin_file *files;
    size_t n;
    struct record_file records; /* with the problems */
};
/* Everything that is wrong is listed; only a file that is none, EBCDIC (exchange.zengin.ebcdic) and
 * memory are negative. */
int zengin_read(struct context *cx, struct arena *a, const struct zengin_format *f,
                enum zengin_way way, struct str bytes, struct zengin_medium *out) WARN_UNUSED;
/* The files of a medium, with the line ends its records say. */
int zengin_write(struct context *cx, const struct zengin_format *f, enum zengin_way way,
                 const struct zengin_medium *m, struct text *out) WARN_UNUSED;
/* One file of ours, lines ending by CRLF. */
int zengin_write_file(struct context *cx, const struct zengin_format *f,
                      const struct zengin_file *file, struct text *out) WARN_UNUSED;

/* Characters of a bank's or branch's name; those of a holder's allow ( ) - . as well. */
bool zengin_place_is_good(struct str half);
bool zengin_holder_is_good(struct str half);

#endif
