/* pension_pages: pages, entries and letters of pension deduction, for desk.c. Internal to the levy.
 */
#ifndef DESK_LEVY_PENSION_PAGES_H
#define DESK_LEVY_PENSION_PAGES_H

#include "desk/levy/notice.h"
#include "desk/levy/pension_inner.h"

/* --- entries: their text has one word a line
 * ------------------------------------------------------ */

struct pension_words {
    struct {
        const char *id;
        struct str value;
    } row[4];
    size_t n;
};
struct str pension_word(struct str payload, const char *id);
/* As work_enter; p NULL: about nobody yet. */
int pension_enter(struct work *w, const char *kind, const struct person *p,
                  const struct pension_words *words) WARN_UNUSED;
int pension_wish_apply(struct work *w, const struct event *e, struct str payload);
int pension_match_apply(struct work *w, const struct event *e, struct str payload);
int pension_worked_apply(struct work *w, const struct event *e, struct str payload);

/* --- letters
 * --------------------------------------------------------------------------------------- */

/* "start", "stop" or "provisional" as the plan says; NULL: it says nothing about the pension. */
const char *pension_letter_kind(const struct collection_plan *plan);
/* The notice of a plan, from what was printed before or from today's facts. */
int pension_letter_pdf(struct work *w, struct paper *p, const struct collection_plan *plan,
                       struct text *out) WARN_UNUSED;

/* --- pages
 * ------------------------------------------------------------------------------------------ */

page_handler pension_show_work, pension_save_match, pension_save_worked, pension_show_person,
    pension_save_wish, pension_show_letter;

#endif
