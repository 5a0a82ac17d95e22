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

/* words.c: the word of a code, from the messages ("party.agent.guardian"), or its message id. */
struct str word_of(struct arena *a, const char *prefix, struct str code);
const char *word_id(struct arena *a, const char *prefix, struct str code);
#define agent_word(arena, kind) word_of((arena), "party.agent.", (kind))
struct place {
    struct str prefecture, city, town, number, building;
};
struct str place_line(struct arena *a, const struct place *p);
bool span_reaches(struct span valid, struct ymd day); /* holds on the day or later */

/* One row of a person that can be ended, in words. */
struct entered {
    int64_t row;
    int64_t person_id;
    struct str what; /* one line; without the place of somebody protected */
    struct span valid;
    const void *fact; /* of the section */
};

/* Handlers of routes and what is applied later (desk.c). */
int party_details_page(struct work *w, struct request *rq, struct reply *rp);
int party_new_page(struct work *w, struct request *rq, struct reply *rp);
int party_new_save(struct work *w, struct request *rq, struct reply *rp);
int party_end_page(struct work *w, struct request *rq, struct reply *rp);
int party_end_save(struct work *w, struct request *rq, struct reply *rp);
int party_nonresident_new_page(struct work *w, struct request *rq, struct reply *rp);
int party_nonresident_new_save(struct work *w, struct request *rq, struct reply *rp);
int party_nonresident_change_page(struct work *w, struct request *rq, struct reply *rp);
int party_nonresident_change_save(struct work *w, struct request *rq, struct reply *rp);
int party_nonresident_word_page(struct work *w, struct request *rq, struct reply *rp);
int party_nonresident_confirm_save(struct work *w, struct request *rq, struct reply *rp);
int party_nonresident_remove_page(struct work *w, struct request *rq, struct reply *rp);
int party_nonresident_remove_save(struct work *w, struct request *rq, struct reply *rp);
int party_mynumber_page(struct work *w, struct request *rq, struct reply *rp);
int party_mynumber_save(struct work *w, struct request *rq, struct reply *rp);
int party_apply_section(struct work *w, const struct event *e, struct str payload);
int party_apply_nonresident(struct work *w, const struct event *e, struct str payload);
int party_apply_confirmation(struct work *w, const struct event *e, struct str payload);
int party_entry_shown(struct work *w, const struct event *e, struct str *payload);
int party_name_match(struct work *w, struct job *job);
int party_hand_over(struct work *w, struct job *job); /* handover.c */

/* legacy.c: the single file of before, moved into the four */
int party_import_legacy(struct work *w, struct job *job);
bool legacy_cutover_parse(struct str words, struct ymd *out);
int legacy_cutover(struct work *w, struct ymd *out) WARN_UNUSED;
int party_legacy_page_show(struct work *w, struct request *rq, struct reply *rp);

/* batch.c */
struct work *batch_work(const struct party_batch *b);
int party_add_transfer(struct party_batch *b, int64_t event_no, int64_t person_id,
                       const char *cause) WARN_UNUSED;

#endif
