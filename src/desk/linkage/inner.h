/* inner: what the files of this folder share and nobody else sees. */
#ifndef DESK_LINKAGE_INNER_H
#define DESK_LINKAGE_INNER_H

#include "desk/linkage/linkage.h"
#include "linkage_sql.h"

enum { LINK_FILE_MAXIMUM = 512 << 20, LINK_YEARS_KEPT = 7 };

/* provision.c: 1 found, 0 not */
int provision_find(struct work *w, struct str id, struct provision *out) WARN_UNUSED;
/* The receiver of a row in words; the row's id itself when it is not in the list. */
struct str receiver_name(struct work *w, struct str provision);
bool provision_is_ordinance(const struct provision *p);
bool word_in(struct str list, char separator, struct str word);

/* payload.c: what a form held, as lines "name<TAB>value"; manifests of files are the same */
void payload_put(struct text *t, const char *name, struct str value);
void payload_put_day(struct text *t, const char *name, struct ymd day);
struct str payload_get(struct str payload, const char *name); /* empty when absent */
struct ymd payload_day(struct str payload, const char *name);

/* layout.c */
struct layout {
    const char *name; /* "link_eligibility" */
    const char *kind; /* of the data: eligibility, levy, party */
    bool is_intake;
    const unsigned char *text;
    const size_t *size;
};
extern const struct layout layouts[];
extern const size_t n_layouts;
const struct layout *layout_find(struct str name); /* NULL when unknown */
int layout_columns(struct context *cx, const struct layout *l, struct columns *out) WARN_UNUSED;
/* Only the columns named, in the layout's order. */
int layout_cut(struct context *cx, const struct layout *l, struct str items,
               struct columns *out) WARN_UNUSED;

/* register.c: the entries' effects */
int link_apply(struct work *w, const struct event *e, struct str payload) WARN_UNUSED;
int use_apply(struct work *w, const struct event *e, struct str payload) WARN_UNUSED;
int system_apply(struct work *w, const struct event *e, struct str payload) WARN_UNUSED;
int medium_apply(struct work *w, const struct event *e, struct str payload) WARN_UNUSED;
/* ERR_DENIED unless a second person stands behind the event. */
int two_people(struct work *w, const struct event *e) WARN_UNUSED;
int entry_put(struct work *w, const char *kind, struct str reason,
              const struct text *payload) WARN_UNUSED;
const char *way_name(enum link_way way);

/* open.c: a link and what it is open for today */
struct open_link {
    struct linkage_link_by_no_row link;
    struct provision provision;
    const struct layout *layout;
    struct str items; /* approved and valid today; empty: closed */
};

/* transfer.c */
struct passing {
    struct str link_no;
    const char *way;
    struct str source;
    struct str target;
    struct str giver; /* of a file that comes in: who tells us */
    struct str items;
    struct str file_name;
    const char *sha256; /* NULL: none */
    struct str purpose;
    const char *reason; /* message id of a refusal; NULL: it passed */
    const int64_t *person_ids;
    int64_t people;
};
int passing_write(struct work *w, const struct passing *p) WARN_UNUSED;
/* Logs the refusal and gives it back as the error. */
int passing_refuse(struct work *w, struct passing *p, enum status code, const char *message,
                   struct str facts) WARN_UNUSED;
/* Fills o, or refuses: unknown link, closed, without a legal row, wrong way. */
int link_open(struct work *w, struct passing *p, struct str link_no,
              struct open_link *o) WARN_UNUSED;
/* No transfer from a terminal. */
int from_server(struct work *w, struct passing *p) WARN_UNUSED;

/* item.c: values of approved items */
struct item_person {
    const struct person *person;
    struct ymd acquired, lost;
    struct str symbol, insured_no, branch;
    int64_t levy_year; /* 0: no decision to this person */
    struct yen levy_total;
};
int item_value(struct work *w, struct str item, const struct item_person *p,
               struct str *out) WARN_UNUSED;
/* Everything the items may need of these people; insured facts may be filled already. */
int item_people(struct work *w, const int64_t *ids, struct item_person *people,
                size_t n) WARN_UNUSED;

/* outgoing.c */
int link_file_make(struct work *w, const struct open_link *o, struct link_file *out) WARN_UNUSED;
struct str folder_of(struct work *w, struct str link_no, const char *sub); /* made; STR_NONE */

/* signature.c: ed25519 over a manifest */
int own_public_key(struct work *w, struct str *hex) WARN_UNUSED;
int manifest_sign(struct work *w, struct str manifest, struct str *signature_hex) WARN_UNUSED;
bool manifest_is_of(struct str manifest, struct str signature_hex, struct str public_key_hex);

int no_memory(struct work *w);

#endif
