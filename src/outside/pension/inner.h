/* inner: what the files of the pension payer share. */
#ifndef OUTSIDE_PENSION_INNER_H
#define OUTSIDE_PENSION_INNER_H

#include "outside/pension/pension.h"
#include "payer_sql.h"

enum { CONTROL_BYTES = 96, RECORD_BYTES = 500 };

struct payer_office {
    struct context cx;
    struct context *opener; /* whose error record is filled */
    struct arena arena;     /* everything of an open service */
    struct store *store;
    struct fixed_layout layout;
    const struct fixed_record *control, *header, *data, *trailer;
    struct str city, scheme;
    struct payer_db_pensioners_list people;
    char **records; /* of each pensioner, as he stands in every file */
    struct payer_db_instructions_list asked;
    int64_t next_instruction;
};
int payer_no_memory(struct payer_office *o);
/* Gives the opener the error record; returns the code. */
int payer_told(struct payer_office *o, int result);

/* --- files.c: records into files ----------------------------------------------------------------
 */

struct payer_line {     /* one data record that goes out */
    size_t person;      /* of the pensioners */
    const char *record; /* as it came, where it answers one; else NULL */
    const char *reason; /* two digits */
    struct ymd day;
    struct yen amount[3];
};
struct payer_lines {
    struct payer_line *rows;
    size_t n;
};
/* Lines in the order of their payers become a file of a notice. */
int payer_write(struct payer_office *o, const char *notice, struct ymd day,
                const struct payer_lines *lines, struct text *out) WARN_UNUSED;
/* Index of the pensioner a record is about; SIZE_MAX: nobody. */
size_t payer_find(const struct payer_office *o, const char *record);

#endif
