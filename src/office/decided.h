/*
 * decided: the register of decisions that affect rights (権利利益に影響を与え得る決定). Every desk
 * adds what it decided about a person; nothing is copied. Part of office.h.
 */
#ifndef OFFICE_DECIDED_H
#define OFFICE_DECIDED_H

#include "office/office.h"

struct decided {
    struct ymd day;
    struct str number;  /* as it stands on the notice; for facts without one, that of the event */
    const char *kind;   /* message id: 保険料の決定, 資格の取得 ... */
    struct str basis;   /* article or reason, in words */
    struct str officer; /* who decided; empty: unknown */
    struct ymd noticed; /* when the notice went out; YMD_NONE: none */
    struct str detail;  /* in words; never about other people */
    bool is_open;       /* false: replaced by a later decision */
};
struct decided_list {
    struct decided *rows;
    size_t n;
    size_t room;
};
/* Grows in w->cx.arena. */
int decided_add(struct work *w, struct decided_list *list, const struct decided *row) WARN_UNUSED;
/* Over all desks, newest first. */
int decided_of_person(struct work *w, int64_t person_id, struct decided_list *out) WARN_UNUSED;

#endif
