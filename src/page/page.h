/*
 * page: HTML, forms, route types, the page machinery. Knows no desk and no database.
 *
 * Pages are templates compiled by tools/mkpage (syntax: PAGES.md beside this file): escaping by
 * position, no raw output except struct html that our own code made. A page declares its view
 * (typed fields) and its forms (typed, validated fields) in its head; mkpage writes
 * `struct <desk>_<page>_view`, `<desk>_page_<page>(struct html *, const struct frame *, const view *)`,
 * `struct <desk>_<form>_form` and `<desk>_<form>_form_read(cx, rq, &form)`.
 */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "base/base.h"

struct work; /* office: who is doing this, with which store, as of when */

/* Markup made by our own code; the only thing templates put out without escaping. */
struct html {
    struct text text;
};
void html_init(struct html *h);
void html_release(struct html *h);
void html_text(struct html *h, struct str s); /* escapes for element content */
void html_attr(struct html *h, struct str s); /* escapes for a quoted attribute */
void html_url(struct html *h, struct str s);  /* percent-encodes a query value */
void html_raw(struct html *h, const char *our_markup);

enum method { METHOD_GET, METHOD_POST };

/* What a route does with personal data; the machinery refuses to send a page of an audited
 * route that left no durable audit line. */
enum audit_class {
    AUDIT_NONE,    /* no personal data on it */
    AUDIT_INQUIRY, /* 照会 */
    AUDIT_CHANGE,  /* 異動 */
    AUDIT_PRINT,   /* one line per document */
    AUDIT_OUTPUT   /* lists, files */
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
struct request {
    enum method method;
    struct str path;
    struct pair query[64];
    size_t n_query;
    struct pair form[256];
    size_t n_form;
    struct upload uploads[4];
    size_t n_uploads;
    struct str part[4];    /* the {parts} of the route's pattern */
    struct str client;     /* address */
    struct str session;    /* cookie value */
    struct str terminal;   /* cookie value of the enrolled terminal */
    struct str if_none_match;
    struct arena *arena;   /* request life time */
};
struct str request_query(const struct request *rq, const char *name); /* STR_NONE when absent */
struct str request_form(const struct request *rq, const char *name);

struct reply {
    int status; /* 200 unless set */
    const char *type; /* text/html; charset=utf-8 unless set */
    struct html body; /* html pages */
    struct str bytes; /* files: PDF, CSV; arena of the request */
    struct str file_name; /* Content-Disposition */
    struct str location;  /* redirects (303) */
    struct str set_cookie[2];
    bool inline_file; /* shown in the browser (PDF) */
    bool cacheable;   /* static files only */
};

typedef int page_handler(struct work *w, struct request *rq, struct reply *rp);

struct route {
    enum method method;
    const char *pattern; /* "/party/household/{}" : up to 4 parts */
    uint64_t right;      /* bit of office.h; RIGHT_PUBLIC for the sign-in page only */
    enum audit_class audit;
    page_handler *handler;
    const char *screen;  /* screen name in the audit line, message id */
};

/* The frame around every page: title, who, where, menu, warnings. Filled by serve. */
struct menu_item {
    const char *path;
    const char *label; /* message id */
    const char *key;   /* access key, one character */
    uint64_t right;
};
struct frame {
    struct str city;     /* 保険市 */
    struct str user;     /* 氏名 */
    struct str role;
    struct str branch;
    struct str terminal;
    struct str csrf;     /* token; forms put it in by construction */
    struct str once;     /* one-time form id */
    struct str today;    /* 令和8年6月15日 */
    const struct menu_item *menu;
    size_t n_menu;
    struct str path;     /* current, for the menu */
    bool demo;           /* says so on every page */
    struct str notice;   /* message to show on top (after a redirect), may be empty */
};

/* Form reading: what a field may be. Generated tables; problems are collected, not thrown. */
enum field_kind {
    FIELD_TEXT, FIELD_KANA, FIELD_NUMBER, FIELD_YEN, FIELD_DAY, FIELD_MONTH, FIELD_CHOICE,
    FIELD_FLAG, FIELD_ID, FIELD_RATE
};
struct field {
    const char *name;
    const char *label; /* from the page, Japanese */
    enum field_kind kind;
    bool required;
    int64_t minimum;
    int64_t maximum; /* characters for text, value for numbers */
    const char *choices; /* "a|b|c" */
    size_t offset; /* in the form struct */
};
struct problem {
    const char *field;
    struct str what; /* sentence for the clerk */
};
struct problems {
    struct problem rows[32];
    size_t n;
};
/* Fills the form struct from the request; unknown fields are refused and listed. 0 when clean,
 * ERR_INVALID with problems otherwise. */
int form_read(struct context *cx, const struct request *rq, const struct field *fields, size_t n,
              void *form, struct problems *problems) WARN_UNUSED;

/* Charts as SVG with a table beside it; colours from the design tokens. */
struct chart_point {
    struct str label;
    int64_t value;
    int64_t second; /* last year, or a second series; INT64_MIN: none */
};
int chart_bars(struct html *out, struct str title, struct str unit, const struct chart_point *points,
               size_t n) WARN_UNUSED;
/* A year of months per row: the eligibility picture. cells: 12 class letters per row. */
struct chart_row {
    struct str label;
    char cells[13];
    struct str note;
};
int chart_months(struct html *out, int fiscal_year, const struct chart_row *rows, size_t n)
    WARN_UNUSED;

#endif
