/*
 * letterhead: who sends a letter and to whom, for the letters of every desk about premiums. Part of
 * levy.h.
 */
#ifndef DESK_LEVY_LETTERHEAD_H
#define DESK_LEVY_LETTERHEAD_H

#include "desk/levy/levy.h"

/* What the notices of one city have in common, read once. */
struct letterhead {
    struct str city, mayor, seal, section, office_address, office_postcode, phone, hours;
    struct str prefecture, ordinance, article, place, inquiry_url;
    struct str method_slip, method_debit, part_label[LEVY_PARTS];
    char maker[7];
    int company, account;
    bool is_tax;
};
int letterhead_read(struct work *w, struct letterhead *out) WARN_UNUSED;

/* What every letter of the desk has: who sends it, to whom. */
void notice_put_office(struct form_data *d, const struct letterhead *head);
void notice_put_address(struct form_data *d, const struct addressee *to);
/* 住所表示番号 of the customer barcode; memory of the arena. */
struct str notice_address_number(struct arena *a, const struct addressee *to);

/* Notices as they were printed, drawn once more into a stream of another desk: layouts are read
 * once. */
struct notice_drawer;
int notice_drawer_open(struct work *w, struct paper *p, struct notice_drawer **out) WARN_UNUSED;
/* Pages; the amount to be paid by slip comes from the values. ERR_NOT_FOUND: never printed. */
int notice_draw(struct work *w, struct notice_drawer *d, struct paper_stream *s,
                const struct decision *decision) WARN_UNUSED;
void notice_drawer_close(struct notice_drawer *d); /* NULL is allowed */

/* The layouts a desk has built in; a city's adopted layout of the same name comes first. */
struct sheet_forms {
    const struct form_text *rows;
    size_t n;
};
/* One document, or several of the same layout, in one PDF. */
int sheet_print(struct work *w, const struct sheet_forms *forms, const char *name,
                const struct form_data *const *data, size_t n, struct text *out) WARN_UNUSED;
int sheet_send(struct work *w, struct reply *rp, struct text *pdf,
               struct str file_name) WARN_UNUSED;

#endif
