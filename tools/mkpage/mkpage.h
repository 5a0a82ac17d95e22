/*
 * mkpage: page templates to C. Syntax: src/page/PAGES.md.
 *
 *     mkpage PREFIX OUT.h OUT.c FILE...
 *
 * source.c  files, positions, error messages, the growing outputs
 * head.c    the head of a file: page or part, title, crumbs, view, forms
 * html.c    which position of the markup a byte stands in (content, attribute, URL)
 * body.c    the body: text, values, conditions, loops, forms
 * emit.c    structs and tables of the generated header and program
 *
 * A program of one run: memory is static tables with stated limits and one pool, nothing is
 * given back. The first mistake ends the run with file:line:column.
 */
#ifndef MKPAGE_H
#define MKPAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
    MAX_FILES = 128,
    MAX_MEMBERS = 256, /* of one view, nested ones too */
    MAX_FIELDS = 96,
    MAX_GROUPS = 8,
    MAX_CHOICES = 48,
    MAX_FORMS = 128,
    MAX_CRUMBS = 6,
    MAX_DEPTH = 48
};

struct source { /* what is being read, and where we are */
    const char *file;
    const char *text;
    size_t length;
    size_t at;
    int line;
    int column;
};
_Noreturn void stop_at(const struct source *s, int line, int column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
#define STOP(s, ...) stop_at((s), (s)->line, (s)->column, __VA_ARGS__)
void *pool(size_t bytes);
char *pool_copy(const char *p, size_t n);
char *pool_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
void source_open(struct source *s, const char *path);
bool source_end(const struct source *s);
char source_peek(const struct source *s, size_t ahead); /* 0 behind the end */
char source_next(struct source *s);
bool source_starts(const struct source *s, const char *word);
void source_skip(struct source *s, size_t n);

struct output { /* a growing piece of C */
    char *p;
    size_t n;
    size_t cap;
};
void out(struct output *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
void out_bytes(struct output *o, const char *p, size_t n);
void out_c_string(struct output *o, const char *p, size_t n); /* with quotes */

enum type {
    T_TEXT,
    T_LINK,
    T_YEN,
    T_DAY,
    T_MONTH,
    T_COUNT,
    T_ID,
    T_FLAG,
    T_TIME,
    T_RATE,
    T_HTML,
    T_MESSAGE,
    T_ROWS,
    T_ROWS_PART,
    T_GROUP,
    T_PART,
    T_FORM
};
struct member { /* of a view, or of a row or group in it */
    char *name;
    enum type type;
    char *c_struct; /* struct name of rows, group, part, form */
    char *part;     /* "prefix", "name" of a part */
    char *part_prefix;
    struct form *form;
    struct member *first; /* of rows and groups */
    struct member *next;
    int line;
};
struct form_field {
    char *name;
    char *label;
    char *hint;
    const char *kind; /* "FIELD_TEXT" */
    const char *look;
    const char *c_type;
    bool required;
    bool has_minimum, has_maximum;
    char *minimum;
    char *maximum;
    int lines;
    int group; /* 1 + index; 0 none */
    char *values[MAX_CHOICES];
    char *labels[MAX_CHOICES];
    size_t n_choices;
};
struct form_group {
    char *name;
    char *label;
    int minimum;
    int maximum;
};
struct form {
    char *name;
    bool is_post;
    struct form_field fields[MAX_FIELDS];
    size_t n_fields;
    struct form_group groups[MAX_GROUPS];
    size_t n_groups;
    const char *file;
    int line;
};
enum unit_kind { UNIT_PAGE, UNIT_PART, UNIT_FORMS };
struct unit { /* one file */
    enum unit_kind kind;
    char *name;
    struct source source; /* stands at the body after reading the head */
    char *title;
    int title_line, title_column;
    char *crumb_path[MAX_CRUMBS];
    char *crumb_label[MAX_CRUMBS];
    size_t n_crumbs;
    int refresh;
    char *refresh_flag; /* NULL: always */
    bool is_bare;
    struct member *view;
    bool emitted;
};
struct program {
    const char *prefix;
    const char *header_name;
    struct unit units[MAX_FILES];
    size_t n_units;
    struct form *forms[MAX_FORMS];
    size_t n_forms;
    struct output h; /* the header */
    struct output c; /* the program */
};

/* head.c */
void head_read(struct program *p, struct unit *u);
struct form *form_find(struct program *p, const char *name);
struct member *member_find(struct member *first, const char *name, size_t n);

/* html.c: the position of the next byte in the markup. */
enum place {
    IN_CONTENT,
    IN_TAG_NAME,
    IN_TAG,
    IN_ATTR_NAME,
    AFTER_ATTR_NAME,
    IN_ATTR,
    IN_URL_START,
    IN_URL,
    IN_COMMENT
};
struct html_place {
    enum place place;
    char name[32]; /* tag or attribute being read */
    size_t name_length;
    char tag[32]; /* the tag whose attributes are read */
    bool is_closing, is_self_closing;
    const char *stack[MAX_DEPTH]; /* open elements */
    int depth;
    int pre; /* inside <pre> */
};
void html_step(struct html_place *p, const struct source *s, char c);
void html_settle(struct html_place *p, const struct source *s); /* before a {directive} */
bool html_same(const struct html_place *a, const struct html_place *b);
const char *html_place_name(enum place place);

/* body.c */
void body_compile(struct program *p, struct unit *u);
/* A template in one line (a title), put out as C statements. */
void title_compile(struct program *p, struct unit *u);

/* emit.c */
void emit_types(struct program *p);
void emit_forms(struct program *p);
void emit_page_function(struct program *p, struct unit *u, const struct output *body);
void emit_files(struct program *p, const char *header_path, const char *program_path);
const char *c_struct_of(const struct member *m);

#endif
