/* inner: what the files of this desk share. */
#ifndef DESK_PARTY_INNER_H
#define DESK_PARTY_INNER_H

#include "desk/party/party.h"
#include "party_sql.h"

/* The row of a person in a list sorted by person_id; NULL when there is none. */
#define FIND_PERSON(list, id) find_person((list).rows, (list).n, sizeof(*(list).rows), (id))
/* Rows begin with an int64_t person_id; the first of equal ones is found. */
const void *find_person(const void *rows, size_t n, size_t size, int64_t person_id);

struct store_id_list ids_of(const int64_t *ids, size_t n);

int party_refers_to(struct work *w, int64_t person_id, const char **why) WARN_UNUSED;

/* batch.c */
struct work *batch_work(const struct party_batch *b);
int party_add_transfer(struct party_batch *b, int64_t event_no, int64_t person_id,
                       const char *cause) WARN_UNUSED;

#endif
