/* write: the model becomes rows. Texts of a chunk live in its arena. */
#ifndef DEMO_WRITE_H
#define DEMO_WRITE_H

#include "model.h"

struct writer {
    struct work *w;
    const struct demo_city *c;
    struct party_batch *party;
    struct eligibility_batch *eligibility;
    struct arena texts; /* of the chunk being written */
    int64_t *rows;      /* row id of every op written; for closing */
    int64_t *people;    /* person_id of every resident; 0: not there yet */
    int64_t *homes;
    int32_t *order;  /* events as the city learned of them */
    int32_t *opened; /* ops by event, ranges in opened_at */
    int32_t *opened_at;
    int32_t *closed;
    int32_t *closed_at;
    int8_t *has_income; /* bit per year */
    int64_t next_person_no, next_household_no;
    struct vault_item *numbers; /* My Numbers of the chunk */
    size_t n_numbers, cap_numbers;
};

/* write_fact.c: one op to one row of a desk. */
int write_fact(struct writer *wr, int64_t event_no, int32_t op);
int write_closing(struct writer *wr, int64_t event_no, int32_t op);
/* write_text.c: what the model keeps as numbers, as texts in wr->texts. */
struct str person_name_text(struct writer *wr, const struct op *op);
struct str person_kana_text(struct writer *wr, const struct op *op);
int address_texts(struct writer *wr, const struct op *op, struct address_fact *out);
struct str number_text(struct writer *wr, int width, int64_t number);
struct str my_number_text(struct writer *wr, int32_t person);
/* write_income.c */
int write_incomes(struct writer *wr, int64_t event_no, int year, int32_t first, int32_t end);

#endif
