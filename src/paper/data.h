/* data: the named values of a document, and how a layout writes them. */
#ifndef PAPER_DATA_H
#define PAPER_DATA_H

#include "paper/layout.h"

enum value_kind { VALUE_TEXT, VALUE_YEN, VALUE_DAY, VALUE_COUNT, VALUE_RATIO, VALUE_FLAG };
struct form_value {
    struct form_value *next;
    uint32_t hash;
    enum value_kind kind;
    struct str name;
    struct str text;
    int64_t number; /* yen, count, flag */
    struct ymd day;
    struct ratio ratio;
};
struct form_group {
    struct form_group *next;
    struct str name;
    struct form_data **items;
    size_t n, capacity;
};

/* Looks in d, then in what is around it. NULL: nobody put it. */
const struct form_value *data_find(const struct form_data *d, struct str name);
const struct form_group *data_group(const struct form_data *d, struct str name);
/* Flags are true, texts not empty, numbers not 0, days there; what is missing is false. */
bool data_holds(const struct form_data *d, const struct condition *c);
/* Appends the value as the format says. ERR_INVALID when kind and format do not go together. */
int value_write(struct context *cx, const struct form_value *v, enum form_format format,
                struct text *out) WARN_UNUSED;
/* The whole content; what d lacks is looked for in extra. The missing value or wrong format is
 * named in the error's field. */
int content_write(struct context *cx, const struct content *c, const struct form_data *d,
                  const struct form_data *extra, struct text *out) WARN_UNUSED;

#endif
