/* What documents are decided from and stand under: card registrations, wishes, numbers. */
#include "desk/eligibility/certificate_inner.h"

enum { BRANCH_MAX = 99 };

/* --- card registrations and wishes
 * ------------------------------------------------------------------- */

/* What is left of an earlier span before a new one begins; empty: nothing. */
static struct span rest_of(struct span old, struct ymd from)
{
    return (struct span){old.from,
                         ymd_is_none(old.to) || ymd_compare(old.to, from) > 0 ? from : old.to};
}

static int card_open(struct work *w, int64_t event_no, int64_t person_id, struct str source,
                     struct span valid)
{
    struct eligibility_card_registration row = {.person_id = person_id,
                                                .source = source,
                                                .valid_from = valid.from,
                                                .valid_to = valid.to,
                                                .known_from = event_no};
    const int result = store_ids(&w->cx, w->store, 1, &row.card_registration_id);
    return result < 0 ? result : eligibility_card_registration_insert(&w->cx, w->store, &row);
}

int certificate_card_set(struct work *w, int64_t event_no, const struct card_registration *f)
{
    struct eligibility_open_cards_list list;
    int result = eligibility_open_cards(&w->cx, w->store,
                                        &(struct eligibility_open_cards_in){f->person_id}, &list);

    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const struct eligibility_open_cards_row *r = &list.rows[i];
        const struct span rest = rest_of((struct span){r->valid_from, r->valid_to}, f->valid.from);
        result = eligibility_card_registration_close(&w->cx, w->store, r->card_registration_id,
                                                     event_no);
        if (result >= 0 && !span_is_empty(rest))
            result = card_open(w, event_no, f->person_id, r->source, rest);
    }
    if (result < 0 || span_is_empty(f->valid))
        return result < 0 ? error_add(&w->cx, "set a card registration") : OK;
    return card_open(w, event_no, f->person_id, f->source, f->valid);
}

static int wish_open(struct work *w, int64_t event_no, const struct certificate_wish *f)
{
    struct eligibility_certificate_wish row = {.person_id = f->person_id,
                                               .kind = f->kind,
                                               .reason = f->reason,
                                               .valid_from = f->valid.from,
                                               .valid_to = f->valid.to,
                                               .known_from = event_no};
    const int result = store_ids(&w->cx, w->store, 1, &row.certificate_wish_id);
    return result < 0 ? result : eligibility_certificate_wish_insert(&w->cx, w->store, &row);
}

int certificate_wish_set(struct work *w, int64_t event_no, const struct certificate_wish *f)
{
    struct eligibility_open_wishes_list list;
    int result =
        str_trim(f->reason).n > 0
            ? eligibility_open_wishes(&w->cx, w->store,
                                      &(struct eligibility_open_wishes_in){f->person_id}, &list)
            : fail(&w->cx, ERR_INVALID, "eligibility.issue.why", NULL);

    if (result < 0)
        return result;
    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const struct eligibility_open_wishes_row *r = &list.rows[i];
        if (!str_equal(r->kind, f->kind))
            continue;
        const struct certificate_wish rest = {f->person_id, r->kind, r->reason,
                                              rest_of((struct span){r->valid_from, r->valid_to},
                                                      f->valid.from)};
        result =
            eligibility_certificate_wish_close(&w->cx, w->store, r->certificate_wish_id, event_no);
        if (result >= 0 && !span_is_empty(rest.valid))
            result = wish_open(w, event_no, &rest);
    }
    if (result < 0 || span_is_empty(f->valid))
        return result < 0 ? error_add(&w->cx, "set a wish") : OK;
    return wish_open(w, event_no, f);
}

/* --- another number
 * --------------------------------------------------------------------------------------- */

/* The numbers open now end on the day; what was before it stays. */
static int end_numbers(struct work *w, int64_t event_no, const struct insured_household *to,
                       struct eligibility_batch *b)
{
    struct eligibility_open_numbers_list list;
    int result =
        eligibility_open_numbers(&w->cx, w->store,
                                 &(struct eligibility_open_numbers_in){to->household_id}, &list);

    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const struct eligibility_open_numbers_row *r = &list.rows[i];
        const struct span old = {r->valid_from, r->valid_to};
        if (!ymd_is_none(old.to) && ymd_compare(old.to, to->valid.from) <= 0)
            continue;
        const struct insured_household rest = {to->household_id, r->symbol, r->number,
                                               rest_of(old, to->valid.from)};
        result = eligibility_close(b, ELIGIBILITY_HOUSEHOLD, r->insured_household_id, event_no);
        if (result >= 0 && !span_is_empty(rest.valid))
            result = eligibility_open_household(b, event_no, &rest, NULL);
    }
    return result;
}

static bool has_branch(const struct eligibility_branches_of_number_list *list, int64_t person_id)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->rows[i].person_id == person_id)
            return true;
    }
    return false;
}

static int64_t greatest_branch(const struct eligibility_branches_of_number_list *list)
{
    int64_t greatest = 0, n = 0;

    for (size_t i = 0; i < list->n; i++) {
        if (str_to_int(list->rows[i].branch, &n) && n > greatest)
            greatest = n;
    }
    return greatest;
}

/* Whoever has none under the number gets the next one; none is given a second time. */
static int give_branches(struct work *w, int64_t event_no, const struct insured_household *to,
                         struct eligibility_batch *b)
{
    struct eligibility_household_insured_list people;
    struct eligibility_branches_of_number_list given;
    const struct asof then = {to->valid.from, KNOWN_NOW};
    int result =
        eligibility_household_insured(&w->cx, w->store,
                                      &(struct eligibility_household_insured_in){to->household_id,
                                                                                 then},
                                      &people);

    if (result >= 0)
        result =
            eligibility_branches_of_number(&w->cx, w->store,
                                           &(struct eligibility_branches_of_number_in){to->symbol,
                                                                                       to->number},
                                           &given);
    int64_t next = result < 0 ? 0 : greatest_branch(&given) + 1;
    for (size_t i = 0; result >= 0 && i < people.n; i++) {
        const int64_t id = people.rows[i].person_id;
        if (has_branch(&given, id))
            continue;
        if (next > BRANCH_MAX)
            return fail(&w->cx, ERR_LIMIT, "eligibility.number.branches", STR_FMT,
                        STR_ARG(to->number));
        const struct str branch = str_format(w->cx.arena, "%02lld", (long long)next++);
        result =
            branch.p ? eligibility_open_branch(b, event_no, id, to, branch) : certificate_memory(w);
    }
    return result;
}

int certificate_renumber(struct work *w, int64_t event_no, int64_t household_id,
                         const struct insured_household *to)
{
    struct insured_household row = *to;
    struct eligibility_batch *b = NULL;
    int result = eligibility_batch_new(w, &b);

    row.household_id = household_id;
    row.valid.to = YMD_NONE;
    if (result >= 0)
        result = end_numbers(w, event_no, &row, b);
    if (result >= 0)
        result = eligibility_open_household(b, event_no, &row, NULL);
    if (result >= 0)
        result = give_branches(w, event_no, &row, b);
    if (result >= 0)
        result = eligibility_batch_write(w, b);
    eligibility_batch_free(b);
    return result < 0 ? error_add(&w->cx, "give another number") : OK;
}
