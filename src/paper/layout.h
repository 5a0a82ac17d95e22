/*
 * layout: a .form text as read: pages and parts of elements. FORM.md describes the language.
 * Lengths are points (1/72 inch) from the upper left corner; the text says millimetres.
 */
#ifndef PAPER_LAYOUT_H
#define PAPER_LAYOUT_H

#include "paper/glyph.h"

#define POINTS_PER_MM (72.0 / 25.4)

enum halign { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT, ALIGN_JUSTIFY };
enum valign { VALIGN_MIDDLE, VALIGN_TOP, VALIGN_BOTTOM };
enum ink { INK_BLACK, INK_GRAY, INK_WHITE, INK_VERMILION, INK_BLUE, INK_GREEN, INKS };

struct style {
    struct str name;
    enum family family;
    double size;     /* points */
    double least;    /* points; smaller than size: may shrink to it */
    int condense;    /* percent of the width a line may be pressed to; 100: never */
    int lines;       /* at most */
    double leading;  /* line pitch in sizes */
    double tracking; /* extra space between characters, in sizes */
    double pad;      /* points kept free left and right */
    int cells;       /* > 0: one character a cell, the last in the last cell */
    enum halign align;
    enum valign valign;
    enum ink ink;
};

enum form_format {
    FORMAT_PLAIN,
    FORMAT_YEN,      /* ¥1,234 */
    FORMAT_COMMA,    /* 1,234 */
    FORMAT_MINUS,    /* ▲1,234, 0 as 0 */
    FORMAT_DIGITS,   /* 1234 */
    FORMAT_ERA,      /* 令和8年6月30日 */
    FORMAT_SHORT,    /* R08.06.30 */
    FORMAT_DOTS,     /* 8. 6.30 */
    FORMAT_FISCAL,   /* 令和8年度 */
    FORMAT_PERCENT,  /* 7.71 */
    FORMAT_POSTCODE, /* 123-4567 */
    FORMAT_WIDE      /* ASCII as full width */
};

/* "{city} 殿" is a value and a literal. */
struct piece {
    struct str literal; /* p == NULL: a value */
    struct str name;
    enum form_format format;
    bool optional;
};
struct content {
    struct piece *pieces;
    size_t n;
};

struct condition {
    struct str name; /* n == 0: always */
    bool negated;
};

enum element_kind {
    EL_TEXT,
    EL_LINE,
    EL_BOX,
    EL_GRID,
    EL_GS1,
    EL_CUSTOMER,
    EL_QR,
    EL_SEAL,
    EL_WINDOW,
    EL_COLUMNS,
    EL_REPEAT,
    EL_USE
};

enum { MAX_RULES = 64 };
struct rules { /* cuts of a grid, in points from its edge */
    double at[MAX_RULES];
    int n;
};

struct part;
struct repeat {
    struct str group;
    double dx, dy;       /* from item to item */
    int fold;            /* after so many items move by fold_dx, fold_dy instead; 0 never */
    double fold_dx, fold_dy;
    int max;             /* places */
    bool rest_ignored;   /* more items than places are no error */
    struct part *body;
};

struct element {
    enum element_kind kind;
    int line, column;
    double x, y, w, h;
    struct str name;
    struct condition when, when_too;
    struct style style;
    struct content content, second;
    double width;  /* of a line */
    double frame;  /* of a grid's outer lines */
    int dash;      /* 0 solid, 1 dotted, 2 dashed */
    double radius; /* of a box */
    int shade;     /* percent of ink inside a box; 0 none */
    struct rules columns, rows;
    struct repeat *repeat;
    struct part *part; /* of a use */
};

/*
 * Elements with their own origin. What never changes is planned once, and recorded when it is first
 * printed at a place: cairo writes a recording into a PDF once and refers to it from then on. A
 * recording holds its place: cairo lists one that is painted at two places of a page twice among
 * the page's resources, and looks up every font again for one that is moved.
 */
enum { MAX_RECORDINGS = 8 };
struct mark;
struct recording {
    double x, y;
    cairo_surface_t *surface;
};
struct part {
    struct str name;
    struct element *elements;
    size_t n, capacity;
    struct mark *marks; /* of the static elements, with those of the blocks used in it */
    size_t n_marks;
    struct recording recordings[MAX_RECORDINGS];
    int n_recordings;
};

struct form_page {
    struct str name;
    int line, column;
    struct condition when;
    struct str group; /* n == 0: printed once; else for every `per` items */
    int per, from;
    struct part body;
};

struct sample {
    struct str group; /* n == 0: of the document */
    int item;
    struct str name;
    struct str value;
    bool quoted;
    int line, column;
};

struct form {
    struct arena arena;
    struct paper *paper;
    struct str file, name, title;
    struct digest hash;
    double width, height;
    struct style *styles;
    size_t n_styles, cap_styles;
    struct part **blocks;
    size_t n_blocks, cap_blocks;
    struct form_page *pages;
    size_t n_pages, cap_pages;
    struct sample *samples;
    size_t n_samples, cap_samples;
};

/* --- tokens of one line ------------------------------------------------------------------- */

enum token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_STRING, TOKEN_PAIR };
struct token {
    enum token_kind kind;
    int column;      /* in characters, from 1 */
    struct str text; /* the word, the number, the string without quotes and escapes */
    struct str value; /* of key=value */
    bool quoted;      /* the value stood in quotes */
};
enum { MAX_TOKENS = 64 };
struct token_line {
    int line;
    struct token tokens[MAX_TOKENS];
    int n;
    int end_column;
};
/* Cuts the next line that is not empty. 1, 0 at the end, or the error with its place. */
int token_line_next(struct context *cx, struct form *f, struct str *rest, struct token_line *out)
    WARN_UNUSED;
int layout_error(struct context *cx, const struct form *f, int line, int column,
                 const char *message) WARN_UNUSED;

/* Places on the paper and the address window. */
int layout_check(struct context *cx, const struct form *f) WARN_UNUSED;
/* Reads text into f. */
int layout_read(struct context *cx, struct form *f, struct str text) WARN_UNUSED;
/* key=value of an element, or of a style; ERR_SYNTAX when unknown or malformed. */
int attribute_read(struct context *cx, const struct form *f, int line, const struct token *t,
                   struct element *e) WARN_UNUSED;
int content_read(struct context *cx, struct form *f, struct str text, struct content *out)
    WARN_UNUSED;
bool number_read(struct str s, double *out);
/* Numbers with commas, "12*6" for twelve sixes, in millimetres; out in points. */
bool rules_read(struct str s, struct rules *out);
bool content_is_static(const struct content *c);
bool element_is_static(const struct element *e);
/* A block that is always there: its static elements belong to the part that uses it. */
bool element_is_merged(const struct element *e);

#endif
