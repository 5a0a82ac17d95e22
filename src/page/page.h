/*
 * page: HTML, forms, route types, the page machinery. Knows no desk and no database.
 *
 * Pages are templates compiled by tools/mkpage (syntax: PAGES.md beside this file): escaping by
 * position, no raw output except struct html that our own code made. A page declares its view
 * (typed fields) and its forms (typed, validated fields) in its head; mkpage writes
 *
 *     struct <desk>_<page>_view
 *     void <desk>_page_<page>(struct html *, const struct frame *, const struct <desk>_<page>_view
 * *) struct <desk>_<form>_form int <desk>_<form>_form_read(struct context *, const struct request
 * *, struct <desk>_<form>_form *)
 *
 * Invariants
 * - What a template puts out is escaped for the place where it stands; the place is known when the
 *   template is compiled.
 * - Every form that posts carries the CSRF token, a one-time id, and read_at where the page set it.
 * - A field that the form did not declare refuses the whole request.
 * - Nothing here allocates except through the request's arena and struct text.
 */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "base/base.h"

struct work; /* office: who is doing this, with which store, as of when */

/* --- markup ------------------------------------------------------------------------------ */

/* Markup made by our own code; the only thing templates put out without escaping. Appends after
 * the maximum is reached are dropped and set text.failed: serve then sends an error page. */
struct html {
    struct text text;
};
#define HTML_MAXIMUM ((size_t)8 << 20)
void html_init(struct html *h);
void html_release(struct html *h);
void html_text(struct html *h, struct str s); /* escapes for element content */
void html_attr(struct html *h, struct str s); /* escapes for a double-quoted attribute */
void html_url(struct html *h, struct str s);  /* percent-encodes one path part or query value */
void html_link(struct html *h, struct str s); /* a path of our own ("/..."); others become "#" */
void html_raw(struct html *h, const char *our_markup);
void html_lit(struct html *h, const char *our_markup, size_t n); /* generated code */
void html_markup(struct html *h, const struct html *made);       /* NULL: nothing */
/* Values; none of them needs escaping, in any position. */
void html_count(struct html *h, int64_t n); /* 1,234 */
void html_plain(struct html *h, int64_t n); /* 1234: ids, years, values in a URL */
void html_fiscal(struct html *h, int64_t year); /* the fiscal year in its era */
void html_yen(struct html *h, struct yen y);
void html_yen_plain(struct html *h, struct yen y);
void html_day(struct html *h, struct ymd d);           /* 2026-06-15; nothing for YMD_NONE */
void html_era(struct html *h, struct ymd d);           /* 令和8年6月15日 */
void html_era_short(struct html *h, struct ymd d);     /* R08.06.15 */
void html_month(struct html *h, struct month m);       /* 令和8年6月 */
void html_month_plain(struct html *h, struct month m); /* 2026-06 */
void html_time(struct html *h, int64_t time_us);       /* 2026-06-15 09:30:00 */
void html_percent(struct html *h, struct ratio r);     /* 7.71 */
void html_message(struct html *h, const char *id);     /* the sentence of a message id */

/* --- requests ---------------------------------------------------------------------------- */

enum method { METHOD_GET, METHOD_POST };

/* What a route does with personal data; the machinery refuses to send a page of an audited
 * route that left no durable audit line. */
enum audit_class {
    AUDIT_UNDECLARED, /* forgotten: refused at start */
    AUDIT_NONE,       /* no personal data on it */
    AUDIT_INQUIRY,    /* 照会 */
    AUDIT_CHANGE,     /* 異動 */
    AUDIT_PRINT,      /* one line per document */
    AUDIT_OUTPUT      /* lists, files */
};

struct pair { /* one decoded query or form field */
    struct str name;
    struct str value;
};
struct upload {
    struct str field;
    struct str file_name;
    const char *path; /* temporary file, removed after the request */
    int64_t size;
};
enum { QUERY_MAX = 64, FORM_MAX = 256, UPLOAD_MAX = 4, PART_MAX = 4 };
struct request {
    enum method method;
    struct str path;
    struct pair query[QUERY_MAX];
    size_t n_query;
    struct pair form[FORM_MAX];
    size_t n_form;
    struct upload uploads[UPLOAD_MAX];
    size_t n_uploads;
    struct str part[PART_MAX]; /* the {parts} of the route's pattern */
    struct str client;         /* address */
    struct str session;        /* cookie value */
    struct str terminal;       /* cookie value of the enrolled terminal */
    struct str if_none_match;
    const struct frame *frame; /* what the page function of the reply is given */
    struct arena *arena;       /* request life time */
};
struct str request_query(const struct request *rq, const char *name); /* STR_NONE when absent */
struct str request_form(const struct request *rq, const char *name);
/* A {part} that must be a positive number: ERR_NOT_FOUND otherwise (an address that is none). */
int request_part_id(struct context *cx, const struct request *rq, size_t part,
                    int64_t *out) WARN_UNUSED;
/* A query value that may be absent: the given value then; ERR_INVALID when it is no number. */
int request_query_number(struct context *cx, const struct request *rq, const char *name,
                         int64_t absent, int64_t *out) WARN_UNUSED;

struct reply {
    int status;               /* 200 unless set */
    const char *type;         /* text/html; charset=utf-8 unless set */
    struct html body;         /* html pages */
    struct str bytes;         /* files: PDF, CSV; arena of the request */
    struct str file_name;     /* Content-Disposition */
    struct str location;      /* redirects (303) */
    struct str set_cookie[2]; /* "name=value"; serve adds the attributes */
    struct str notice;        /* with location: message shown on top of the next page, once */
    bool inline_file;         /* shown in the browser (PDF) */
    bool cacheable;           /* static files only */
    bool shows_nobody; /* an audited route that this time showed no person (empty search form) */
};
/* 303 to a path of our own; format as printf. Returns OK or ERR_MEMORY. */
int reply_redirect(struct request *rq, struct reply *rp, const char *format, ...) PRINTF_LIKE(3, 4);
/* Bytes live as long as the request. */
void reply_file(struct reply *rp, const char *type, struct str bytes, struct str file_name,
                bool shown_in_browser);

/* Fills rp; < 0 with the error in the work's context becomes the error page (404, 403, 409, …). */
typedef int page_handler(struct work *w, struct request *rq, struct reply *rp);

struct route {
    enum method method;
    const char *pattern; /* "/party/household/{}" : up to 4 parts */
    uint64_t right;      /* bits of office.h, all needed; RIGHT_PUBLIC for the sign-in page only */
    enum audit_class audit;
    page_handler *handler;
    const char *screen; /* screen name in the audit line, message id */
};
/* Routes are written with these: leaving out the right or the audit class does not compile. */
#define ROUTE_CHECKED(right, audit)                                                                \
    ((right) + 0 * sizeof(struct {                                                                 \
                   _Static_assert((right) != 0 && (audit) != AUDIT_UNDECLARED,                     \
                                  "route without right or audit class");                           \
                   int x;                                                                          \
               }))
#define ROUTE_GET(pattern, right, audit, handler, screen)                                          \
    {                                                                                              \
        METHOD_GET, pattern, ROUTE_CHECKED(right, audit), audit, handler, screen                   \
    }
#define ROUTE_POST(pattern, right, audit, handler, screen)                                         \
    {                                                                                              \
        METHOD_POST, pattern, ROUTE_CHECKED(right, audit), audit, handler, screen                  \
    }

/* --- frame ------------------------------------------------------------------------------- */

enum { MENU_MAX = 64 }; /* items of all desks together; more stop the start */
struct menu_item {
    const char *path;
    const char *label; /* message id */
    const char *key;   /* access key, one character */
    uint64_t right;
};
/* Around every page: who, where, menu, warnings. Filled by serve. */
struct frame {
    struct str city; /* 保険市 */
    struct str user; /* 氏名 */
    struct str role;
    struct str branch;
    struct str terminal;
    struct str csrf;              /* token; forms put it in by construction */
    struct str once;              /* one-time form id */
    struct str today;             /* 令和8年6月15日 */
    const struct menu_item *menu; /* only what the user may open */
    size_t n_menu;
    struct str path;      /* current, for the menu */
    bool demo;            /* says so on every page */
    struct str notice;    /* message to show on top (after a redirect), may be empty */
    struct str version;   /* of the program, in the footer */
    struct str reference; /* of the log line, on error pages */
    struct str search;    /* path of the search page for the box in the header; empty: none */
};
/* What a page says of itself; written by mkpage. */
struct crumb {
    const char *path;
    const char *label;
};
struct page_head {
    void (*title)(struct html *h, const struct frame *f, const void *view);
    const struct crumb *crumbs;
    size_t n_crumbs;
    int refresh_seconds; /* reload without script; 0: never */
    bool is_bare;        /* no heading of its own from the title (the page writes its h1) */
};
void page_begin(struct html *h, const struct frame *f, const struct page_head *head,
                const void *view);
void page_end(struct html *h, const struct frame *f);
/* The error of cx as a page: what, facts, what to do, and the status that goes with it. */
void page_error(struct html *h, const struct frame *f, const struct error *e, int status);
int error_http_status(const struct error *e);

/* Built-in files: style.css, keys.js, icon.svg. Addresses: /static/TAG/NAME, good for ever. */
struct asset {
    const char *name;
    const char *type;
    char tag[17];
    struct str bytes;
};
const struct asset *asset_find(struct str name); /* NULL: none of that name */
void asset_url(struct html *h, const char *name);

/* --- forms ------------------------------------------------------------------------------- */

enum field_kind {
    FIELD_TEXT,   /* struct str; blanks at both ends removed; STR_NONE when empty */
    FIELD_KANA,   /* struct str; hiragana and half width become full-width katakana */
    FIELD_SECRET, /* struct str; never shown again, blanks kept */
    FIELD_NUMBER, /* int64_t; FORM_ABSENT when empty; full width and commas accepted */
    FIELD_YEN,    /* struct yen; .n FORM_ABSENT when empty */
    FIELD_DAY, /* struct ymd; R8.6.15, 令和8年6月15日, S39/1/2, 5080615, 20260615, 2026-06-15 */
    FIELD_MONTH,  /* struct month; R8.6, 令和8年6月, 202606, 2026-06 */
    FIELD_CHOICE, /* struct str; one of the declared values */
    FIELD_PICK,   /* struct str; one of rows in the view ({field x from rows}); check it */
    FIELD_FLAG,   /* bool */
    FIELD_ID,     /* int64_t, hidden */
    FIELD_RATE,   /* struct ratio from per cent; den 0 when empty */
    FIELD_FILE    /* const struct upload *; NULL when none */
};
#define FORM_ABSENT INT64_MIN

struct choice {
    const char *value;
    const char *label;
};
enum field_look { LOOK_USUAL, LOOK_RADIO, LOOK_SELECT, LOOK_BUTTONS, LOOK_HIDDEN };
struct field {
    const char *name;
    const char *label; /* from the page, Japanese */
    const char *hint;  /* NULL: the usual one of the kind */
    enum field_kind kind;
    enum field_look look;
    bool required;
    int64_t minimum;
    int64_t maximum; /* characters for text, value for numbers */
    int lines;       /* > 1: a text area */
    const struct choice *choices;
    size_t n_choices;
    size_t offset; /* in the form struct, or in the row struct of its group */
    int group;     /* 1 + index of its group; 0: none */
};
struct field_group { /* rows of fields: members of a made-up household */
    const char *name;
    const char *label;
    size_t offset; /* of the array */
    size_t stride;
    size_t count_offset; /* size_t: rows entered, always the first ones */
    size_t minimum;      /* rows shown at least */
    size_t maximum;      /* length of the array */
};
struct problem {
    char field[48];  /* "day", "member.2.birth"; empty: the form as a whole */
    struct str what; /* sentence for the clerk */
};
struct problems {
    struct problem rows[32];
    size_t n;
};
/* First member `state` of every form struct. */
struct form_state {
    const struct request *rq; /* set by reading: fields show again what was entered */
    struct problems problems;
    int64_t read_at;   /* event number the page was read at; 0: none. Set it before showing */
    const char *focus; /* name of the field where typing begins ("member.0.name"); may be NULL */
};
struct form_shape { /* written by mkpage */
    const char *name;
    bool is_post;
    bool has_upload;
    const struct field *fields;
    size_t n_fields;
    const struct field_group *groups;
    size_t n_groups;
    size_t size; /* of the form struct */
};
/* Fields become absent. */
void form_init(const struct form_shape *shape, void *form);
/* Fills the form struct from the request (GET: from the query); unknown fields are refused and
 * listed. 0 when clean, ERR_INVALID with state.problems otherwise: show the page again with
 * this form. read_at is what the page carried. */
int form_read(struct context *cx, const struct form_shape *shape, const struct request *rq,
              void *form) WARN_UNUSED;
/* The desk found something the fields alone cannot show: message id, facts may be NULL. */
void form_problem(struct context *cx, struct form_state *state, const char *field,
                  const char *message, const char *facts);
/* Has any of the form's fields been sent (a GET form on a page opened without a question)? */
bool form_sent(const struct form_shape *shape, const struct request *rq);

/* Showing; called by generated code. form may be NULL: empty fields. */
struct page_option_view { /* rows of {field x from rows} */
    struct str value;
    struct str label;
};
void form_begin(struct html *h, const struct frame *f, const struct form_shape *shape,
                const void *form); /* after the opening tag: hidden fields, problems */
void form_field(struct html *h, const struct form_shape *shape, size_t index, const void *form,
                size_t row);
void form_pick(struct html *h, const struct form_shape *shape, size_t index, const void *form,
               const struct page_option_view *options, size_t n);
size_t form_rows(const struct form_shape *shape, size_t group, const void *form);

/* A month as it may be typed: R8.6, 2026-06, 202606. */
bool form_month(struct str s, struct month *out);

/* --- charts ------------------------------------------------------------------------------ */

/* SVG with a table beside it; colours from the design tokens, never colour alone. */
struct chart_point {
    struct str label;
    int64_t value;
    int64_t second; /* last year, or a second series; INT64_MIN: none */
};
struct chart_series {
    struct str title;
    struct str unit;
    struct str first_label;  /* names of the series */
    struct str second_label; /* empty: one series */
    const struct chart_point *points;
    size_t n;
};
int chart_bars(struct html *out, const struct chart_series *s) WARN_UNUSED;
/* Shares of a whole as one horizontal bar with a legend (make-up of a city, of reductions). */
int chart_shares(struct html *out, const struct chart_series *s) WARN_UNUSED;

/* A year of months per row: the eligibility picture. cells: 12 class letters per row, April
 * first: 'i' insured, 'n' newly from this month, 'x' lost this month, 'd' deemed head or
 * counted only, 'e' exempt or reduced, 'c' care second insured too, '.' not. */
struct chart_row {
    struct str label;
    char cells[13];
    struct str note;
};
int chart_months(struct html *out, int fiscal_year, const struct chart_row *rows,
                 size_t n) WARN_UNUSED;

/* Lanes over the days of some years: what lasted from when to when. Spans of one lane stand
 * together; those that overlap lie below each other. to YMD_NONE: goes on; equal to from: a day. */
struct chart_span {
    struct str lane;
    struct str label;
    struct str note; /* in the table only: where from */
    struct ymd from;
    struct ymd to;
    int look; /* 1 to 6: colour and pattern */
};
struct chart_lanes {
    struct str title;
    struct ymd from; /* of the picture; the table shows everything */
    struct ymd to;
    struct ymd today; /* a line */
    const struct chart_span *rows;
    size_t n;
};
int chart_spans(struct html *out, const struct chart_lanes *c) WARN_UNUSED;

#endif
