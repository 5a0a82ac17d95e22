/*
 * paper: notices on paper. A layout text (a .form file, millimetres) and named values become the
 * pages of one PDF. Knows layouts and records, never a desk.
 *
 * Invariants
 * - A layout is data: it is read at run time, has a hash, and names every mistake with its file,
 *   line and column. FORM.md beside this file describes the language.
 * - Nothing is printed half: a document is planned whole (every value found, shaped, fitted) before
 *   its first mark is drawn. A document that fails leaves the stream as it was; go on with the next.
 * - Never a blank box: a character no font has is an error naming the person (form_data.whose), the
 *   field and the code point. A value that does not fit its place is an error, and so is an item of
 *   a group that no place of the layout would print.
 * - The same layout, values and stream info give the same bytes on one release.
 * - One process, one thread, one struct paper.
 */
#ifndef PAPER_PAPER_H
#define PAPER_PAPER_H

#include "base/base.h"

/* --- fonts and caches, one per process ---------------------------------------------------- */

struct paper;
/* Finds IPAex Mincho, IPAex Gothic and IPAmj Mincho: font_folder, else HOKENKA_FONTS, else the
 * system's folders. ERR_NOT_FOUND names the missing font. Opened after the fork. */
int paper_open(struct context *cx, const char *font_folder, struct paper **out) WARN_UNUSED;
void paper_close(struct paper *p); /* NULL is allowed; forms must be gone before */

/* --- layouts ------------------------------------------------------------------------------ */

/* A layout built into the program by tools/mkform; the default until a city adopts another. */
struct form_text {
    const char *name; /* "levy_notice" */
    const char *body; /* the layout, NUL-terminated */
    size_t n;         /* bytes of body */
};
/* paper's own: "list" (see paper_list). */
extern const struct form_text paper_forms[];
extern const size_t n_paper_forms;

struct form;
/* Reads a layout; file is the name that errors give. Copies what it keeps. */
int form_load(struct context *cx, struct paper *p, const char *file, struct str layout,
              struct form **out) WARN_UNUSED;
void form_free(struct form *f); /* NULL is allowed */
struct str form_name(const struct form *f);
struct str form_title(const struct form *f);
/* BLAKE2b of the layout text: stored with every notice, so that it can be printed again. */
struct digest form_hash(const struct form *f);

/* --- values ------------------------------------------------------------------------------- */

/* Named values and repeated groups of one document. All memory is the arena's; failure to get
 * memory is sticky and reported by paper_stream_add. The last value of a name wins. Names are
 * borrowed (literals); text is copied. An empty text is a value; a missing one is an error unless
 * the layout says `{name?}`. */
struct form_value;
struct form_group;
struct form_data {
    struct arena *arena;
    struct form_data *outer; /* an item looks here for names it does not have */
    struct form_value *values;
    struct form_group *groups;
    struct str whose; /* for errors: "宛名番号 0000012345"; may be empty */
    bool failed;
};
void form_data_init(struct form_data *d, struct arena *a, struct str whose);
void form_put_text(struct form_data *d, const char *name, struct str value);
void form_put_yen(struct form_data *d, const char *name, struct yen value);     /* {x:yen} ¥1,234 */
void form_put_day(struct form_data *d, const char *name, struct ymd value);     /* {x:era} */
void form_put_count(struct form_data *d, const char *name, int64_t value);      /* {x:fiscal} */
void form_put_ratio(struct form_data *d, const char *name, struct ratio value); /* {x:percent} */
void form_put_flag(struct form_data *d, const char *name, bool value);          /* if=x */
/* Appends an item to a repeated group ("instalments") and returns it; never NULL: when memory is
 * gone d itself is returned and d->failed is set. */
struct form_data *form_item(struct form_data *d, const char *group);
/* Canonical bytes of all values in the order they were put, and back: unpacked data print the
 * same page. whose is not packed: set it after unpacking. ERR_CORRUPT names the line. */
int form_data_pack(const struct form_data *d, struct text *out) WARN_UNUSED;
int form_data_unpack(struct context *cx, struct str bytes, struct arena *a,
                     struct form_data *out) WARN_UNUSED;
/* One money value read back; false when there is none of this name. */
bool form_data_yen(const struct form_data *d, const char *name, struct yen *out);
/* The sample values a layout brings with it, for previews and tests. */
int form_sample(struct context *cx, const struct form *f, struct form_data *out) WARN_UNUSED;

/* --- streams: one PDF, many documents, written in final order ------------------------------ */

struct paper_info {
    struct str title;   /* document title in the PDF */
    struct ymd issued;  /* date in the PDF: the issue date, never the clock */
};
/* Takes the next bytes of the PDF, in order. < 0 stops the stream (cx is filled by the writer). */
typedef int paper_write_fn(struct context *cx, void *arg, struct str bytes);

struct paper_stream;
int paper_stream_open(struct context *cx, struct paper *p, const struct paper_info *info,
                      paper_write_fn *write, void *arg, struct paper_stream **out) WARN_UNUSED;
/* Into a file: written beside as PATH.part, synced and renamed by paper_stream_close. */
int paper_stream_open_file(struct context *cx, struct paper *p, const struct paper_info *info,
                           const char *path, struct paper_stream **out) WARN_UNUSED;
/* Appends one document; returns its number of pages. On error nothing of it is in the stream and
 * the stream goes on (unless the writer failed: ERR_IO, then every further call fails too). */
int paper_stream_add(struct context *cx, struct paper_stream *s, struct form *f,
                     const struct form_data *d) WARN_UNUSED;
/* As paper_stream_add for several layouts with the same values (a notice and its slips): all of
 * them or none. Each numbers its own pages. */
int paper_stream_add_set(struct context *cx, struct paper_stream *s, struct form *const *forms,
                         size_t n, const struct form_data *d) WARN_UNUSED;
int64_t paper_stream_pages(const struct paper_stream *s);
/* Ends the PDF and frees the stream, also on error. A stream without a page is an error. */
int paper_stream_close(struct context *cx, struct paper_stream *s) WARN_UNUSED;
/* Gives up: the .part file goes away. NULL is allowed. */
void paper_stream_abandon(struct paper_stream *s);

/* One document as a PDF in memory, appended to out. */
int paper_pdf(struct context *cx, struct paper *p, const struct paper_info *info, struct form *f,
              const struct form_data *d, struct text *out) WARN_UNUSED;

/* Where a mark of the first document ends up, for tests and for the checks of the print shop. */
struct paper_box {
    int page; /* from 1 */
    int32_t left_um, top_um, width_um, height_um; /* what is really inked or reserved */
    struct str name; /* name=… of the element in the layout, or empty */
};
/* Plans without drawing: the boxes of all elements that carry a name, in print order. */
int paper_boxes(struct context *cx, struct paper *p, struct form *f, const struct form_data *d,
                struct paper_box **boxes, size_t *n) WARN_UNUSED;

/* --- any list as paper -------------------------------------------------------------------- */

enum paper_align { PAPER_LEFT, PAPER_CENTER, PAPER_RIGHT };
struct paper_column {
    struct str label;
    int weight; /* share of the width, > 0 */
    enum paper_align align;
};
struct paper_list {
    struct str title;
    struct str office;     /* who prints: city and section */
    struct str conditions; /* how it was selected; may be empty */
    struct ymd day;        /* as of */
    const struct paper_column *columns;
    size_t n_columns;      /* 1..16 */
    const struct str *cells; /* n_rows * n_columns, row by row */
    size_t n_rows;         /* 0 prints the empty list */
};
/* A list as a PDF (A4 landscape, page x of y); form is the layout "list" or a city's own. */
int paper_list_pdf(struct context *cx, struct paper *p, struct form *form,
                   const struct paper_list *list, struct text *out) WARN_UNUSED;

/* --- convenience store barcode (GS1-128, 標準料金代理収納: 44 digits) ------------------------- */

struct slip_code {
    char maker[7];     /* 請求書発行企業コード, 6 digits */
    char key[22];      /* 自由使用欄, 21 digits */
    int reissue;       /* 再発行区分 0..9 */
    struct ymd due;    /* 支払期限; YMD_NONE: 999999 */
    bool stamp;        /* 印紙フラグ; false for a city */
    struct yen amount; /* 0..999,999; what may be printed says slip_refusal */
};
int slip_code_digits(struct context *cx, const struct slip_code *c, char out[45]) WARN_UNUSED;
/* Reads 44 digits back; ERR_INVALID with the field when one is wrong (check digit too). */
int slip_code_parse(struct context *cx, struct str digits, struct slip_code *out) WARN_UNUSED;
/* Modulus 10, weights 3 and 1 from the right, over 43 digits. */
char slip_check_digit(const char *digits43);
/* The two lines people read: "(91)929023-252…010" and "999999-0-035000-0". */
void slip_code_lines(const char *digits44, char line1[40], char line2[24]);

/* Our own 自由使用欄: company 5, account 1, year 2, instalment 2, notice number 10, branch 1. */
struct slip_key {
    int company;       /* 0..99999 */
    int account;       /* 0..9 */
    int fiscal_year;
    int instalment;    /* 0..99 */
    int64_t notice_no; /* 0..9,999,999,999 */
    int branch;        /* 0..9 */
};
int slip_key_digits(struct context *cx, const struct slip_key *k, char out[22]) WARN_UNUSED;
/* Reads the 21 digits back; years are of this century. */
int slip_key_parse(struct context *cx, const char *digits21, struct slip_key *out) WARN_UNUSED;

/* Why no barcode may stand on a slip: a message id, or NULL when it may. */
struct slip_terms {
    struct yen amount;
    struct ymd due;
    struct ymd printed;      /* the day the slip is printed */
    bool late_charge_due;    /* 延滞金 must be added when it is paid */
    bool is_withheld;        /* 送達停止, DV: no slip goes out */
};
const char *slip_refusal(const struct slip_terms *t);

/* --- customer barcode (カスタマバーコード) --------------------------------------------------- */

/* 抜き出し: from what follows the town name (町域) to "1-3-2-503". Appends. */
int customer_number(struct text *out, struct str after_town);
/* The 67 bars as '1'..'4' (long, upper, lower, timing). postcode: 7 digits, hyphen allowed.
 * number: what customer_number gives; cut to 13 symbols. */
int customer_bars(struct context *cx, struct str postcode, struct str number, char out[68])
    WARN_UNUSED;

#endif
