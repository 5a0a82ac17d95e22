/* sealed: a file under a password, as it goes on an external medium (doc/sealed-file.md). */
#ifndef DESK_LINKAGE_SEALED_H
#define DESK_LINKAGE_SEALED_H

#include "base/base.h"

int sealed_make(struct context *cx, struct str plain, struct str password,
                struct text *out) WARN_UNUSED;
/* ERR_DENIED: wrong password or a byte changed; ERR_CORRUPT: no such file, or cut off. */
int sealed_open(struct context *cx, struct str sealed, struct str password,
                struct text *out) WARN_UNUSED;

#endif
