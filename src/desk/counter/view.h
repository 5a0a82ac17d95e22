/* view: what the counter's pages share. Internal. */
#ifndef DESK_COUNTER_VIEW_H
#define DESK_COUNTER_VIEW_H

#include "counter_pages.h"
#include "desk/counter/counter.h"

/* An explanation as a tree for a page: every node once in full, later a link to it. owners: names
 * of the household's members in the explanation's order. */
struct tree_request {
    const struct explanation *explanation;
    uint32_t root;
    const struct str *owners;
    size_t n_owners;
    int open_depth; /* levels shown opened */
};
int tree_view(struct context *cx, const struct tree_request *rq,
              struct counter_node_view *out) WARN_UNUSED;
/* Position of a definition by name, row 0; -1 when there is none. */
int64_t tree_find(const struct explanation *x, struct str name);
/* The label of a node, with the part of the levy it belongs to. */
struct str tree_label(struct context *cx, const struct explained *n);
struct str value_text(struct context *cx, const struct law_value *v);

const char *part_message(int part);
const char *mark_message(unsigned bit);
const char *standing_message(enum instalment_state s);
const char *source_message(enum income_source s);
const char *pending_message(struct work *w, int kind);
struct str source_word(struct work *w, struct str source); /* 住民記録 of "register" */
struct str member_name(const struct party_home *home, int64_t person_id); /* empty: not of them */
int home_pending(struct work *w, struct html *out) WARN_UNUSED;
#define PENDING_DUE_DAYS 14 /* notified within 14 days (施行規則): older cases stand out */

page_handler show_household, show_levy, show_notice, show_whatif, run_whatif, show_whatif_of,
    run_whatif_of, show_pendings, show_pending, close_pending, accept_pending, show_person,
    show_other_party, show_other_eligibility, show_other_levy, show_other_collection;

#endif
