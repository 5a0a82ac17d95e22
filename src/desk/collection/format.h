/* format: tables of outside formats: the city's own (formats/NAME in its folder), else the one
 * built in. Internal to the collection desk. */
#ifndef DESK_COLLECTION_FORMAT_H
#define DESK_COLLECTION_FORMAT_H

#include "desk/collection/collection.h"

/* name: "zengin_debit.tsv". Memory: w->cx.arena or the program. */
int format_table(struct work *w, const char *name, struct str *out) WARN_UNUSED;
int format_layout(struct work *w, const char *name, struct fixed_layout *out) WARN_UNUSED;
int format_zengin(struct work *w, enum zengin_kind kind, struct zengin_format *out) WARN_UNUSED;

/* A whole file, its digest, and what is wrong with it as notes of the job. */
struct format_file {
    struct text bytes;
    struct str path, name;
    char sha256[65];
};
#define FORMAT_FILE_MAX ((size_t)256 << 20)
/* Reads what the job's option "path" names; the caller releases bytes. */
int format_open(struct work *w, struct job *job, struct format_file *f) WARN_UNUSED;
/* Problems become notes in a transaction of their own, and ERR_INVALID; none: OK. */
int format_refuse(struct work *w, struct job *job, const struct record_problems *p) WARN_UNUSED;
/* CITY/out/FOLDER/NAME, the folders made. */
int format_path(struct work *w, const char *folder, struct str name, struct str *out) WARN_UNUSED;

#endif
