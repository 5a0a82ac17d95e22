/*
 * letterhead: what every letter of the insurance section has in common, for the desks that print on
 * the levy's paper. Part of levy.h.
 */
#ifndef DESK_LEVY_LETTERHEAD_H
#define DESK_LEVY_LETTERHEAD_H

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

/* Who sends it, to whom. */
void notice_put_office(struct form_data *d, const struct letterhead *head);
void notice_put_address(struct form_data *d, const struct addressee *to);

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
