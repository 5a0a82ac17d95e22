/* pages: the handlers of this folder's screens. */
#ifndef DESK_LINKAGE_PAGES_H
#define DESK_LINKAGE_PAGES_H

#include "desk/linkage/disclosure.h"
#include "linkage_pages.h"

page_handler show_register, show_provisions, show_link_new, save_link_new, show_link, save_use,
    save_system;
page_handler show_inquiry, run_inquiry;
page_handler show_media, save_medium, save_settle;
page_handler show_slips, save_slip, show_slip, save_answer;
page_handler show_disclosures, show_disclosure, save_request, save_decision, run_extract,
    show_extract;
page_handler show_decisions;

/* 303 with the sentence of a message on the next page. */
int go_on(struct request *rq, struct reply *rp, const char *path, const char *message);
/* The desk's refusal becomes a problem of the form: ERR_INVALID; other errors stay. */
int as_problem(struct work *w, struct form_state *state, int rc);
/* 422 and a clean record: the page is shown again with the form. */
bool is_wrong(struct work *w, struct reply *rp, int rc);
const char *message_of(struct work *w, const char *prefix, struct str name);
/* The person of the route's first part: ERR_NOT_FOUND. */
int person_of(struct work *w, const struct request *rq, struct person *out);

#endif
