/* Protection marks (支援措置) and links of several numbers of one person (名寄せ). */
#include "desk/party/entry.h"

#include <stddef.h>

/* --- protection ----------------------------------------------------------------------------- */

static void protection_page(struct html *h, const struct frame *f, const struct person *p,
                            const void *form)
{
    const struct party_protection_view v = {p->person_no, p->name, form};
    party_page_protection(h, f, &v);
}

static int protection_check(struct work *w, const struct person *p, void *form)
{
    struct party_protection_form *f = form;

    (void)p;
    return check_span(w, &f->state, f->from, f->to);
}

static int protection_open(struct work *w, struct party_batch *b, int64_t event_no,
                           const struct person *p, const void *form)
{
    const struct party_protection_form *x = form;
    const char *kind = str_c(w->cx.arena, x->kind);

    if (!kind)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    struct protection_fact f = {.kind = kind,
                                .decision_no = x->decision_no,
                                .valid = {x->from, x->to}};
    int64_t leading = 0;
    struct id_list numbers = {NULL, 0, false};
    int result = party_leading_person(w, p->person_id, &leading);
    if (result >= 0)
        result = party_merged_people(w, leading, &numbers);
    for (size_t i = 0; i < numbers.n && result >= 0;
         i++) { /* whoever has several is hidden in all */
        f.person_id = numbers.ids[i];
        result = party_open_protection(b, event_no, &f, NULL);
    }
    return result;
}

static int protection_find(struct work *w, int64_t person_id, int64_t row, struct entered *out)
{
    struct party_person_protections_list list;
    const int result =
        party_person_protections(&w->cx, w->store,
                                 &(struct party_person_protections_in){person_id, KNOWN_NOW},
                                 &list);

    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const struct party_person_protections_row *r = &list.rows[i];
        if (r->protection_id != row)
            continue;
        const struct str kind = word_of(w->cx.arena, "party.protection.", r->kind);
        const struct str what =
            str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(kind), STR_ARG(r->decision_no));
        *out = (struct entered){row, person_id, what, {r->valid_from, r->valid_to}, r};
        return 1;
    }
    return result < 0 ? result : 0;
}

static int protection_trim(struct work *w, struct party_batch *b, int64_t event_no,
                           const struct entered *what, struct span valid)
{
    const struct party_person_protections_row *r = what->fact;
    const char *kind = str_c(w->cx.arena, r->kind);
    const int result = party_close(b, PARTY_PROTECTION, r->protection_id, event_no);

    if (result >= 0 && !kind)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    const struct protection_fact f = {.person_id = what->person_id,
                                      .kind = kind,
                                      .decision_no = r->decision_no,
                                      .valid = valid};
    return result < 0 || span_is_empty(valid) ? result
                                              : party_open_protection(b, event_no, &f, NULL);
}

/* The mark counts at once; that it ends is checked by a second person first. */
const struct section section_protection = {.name = "protection",
                                           .end_kind = "party.protection_end",
                                           .label = "party.section.protection",
                                           .shape = &party_protection_shape,
                                           .from_offset =
                                               offsetof(struct party_protection_form, from),
                                           .tells_household = true,
                                           .page = protection_page,
                                           .check = protection_check,
                                           .open = protection_open,
                                           .find = protection_find,
                                           .trim = protection_trim};

/* --- several numbers of one person ---------------------------------------------------------- */

static void merge_page(struct html *h, const struct frame *f, const struct person *p,
                       const void *form)
{
    const struct party_merge_view v = {p->person_no, p->name, form};
    party_page_merge(h, f, &v);
}

static int read_merges(struct work *w, int64_t person_id, struct party_person_merges_list *list)
{
    return party_person_merges(&w->cx, w->store,
                               &(struct party_person_merges_in){person_id, KNOWN_NOW}, list);
}

/* Links are one step deep: who leads is not led, who is led does not lead. */
static int check_links(struct work *w, const struct person *p, const struct person *leading,
                       struct party_merge_form *f)
{
    struct party_person_merges_list own, his;
    int result = read_merges(w, p->person_id, &own);

    if (result >= 0)
        result = read_merges(w, leading->person_id, &his);
    for (size_t i = 0; i < own.n && result >= 0; i++) {
        if (span_reaches((struct span){own.rows[i].valid_from, own.rows[i].valid_to}, f->from))
            return entry_wrong(w, &f->state, "leading_no", "party.merge.linked");
    }
    for (size_t i = 0; i < his.n && result >= 0; i++) {
        const bool is_led = his.rows[i].person_id == leading->person_id;
        if (is_led &&
            span_reaches((struct span){his.rows[i].valid_from, his.rows[i].valid_to}, f->from))
            return entry_wrong(w, &f->state, "leading_no", "party.merge.led");
    }
    return result;
}

static int is_provisional(struct work *w, int64_t person_id)
{
    struct party_person_residencies_list list;
    const int result =
        party_person_residencies(&w->cx, w->store,
                                 &(struct party_person_residencies_in){person_id, KNOWN_NOW},
                                 &list);

    for (size_t i = 0; i < list.n && result >= 0; i++) {
        if (list.rows[i].is_provisional && ymd_is_none(list.rows[i].valid_to))
            return 1;
    }
    return result < 0 ? result : 0;
}

/* Neither the reading nor the day of birth the same: somebody else. */
static bool are_strangers(const struct person *a, const struct person *b)
{
    return !str_equal(a->kana, b->kana) && ymd_compare(a->birth, b->birth) != 0;
}

static int merge_check(struct work *w, const struct person *p, void *form)
{
    struct party_merge_form *f = form;
    struct person leading;
    int64_t id = 0;
    int result = party_person_by_no(w, f->leading_no, &id);

    if (result == 0)
        return entry_wrong(w, &f->state, "leading_no", "party.person.none");
    if (result > 0 && id == p->person_id)
        return entry_wrong(w, &f->state, "leading_no", "party.merge.himself");
    if (result >= 0)
        result = party_person(w, id, &leading);
    if (result >= 0 && are_strangers(p, &leading))
        return entry_wrong(w, &f->state, "leading_no", "party.merge.strangers");
    if (result >= 0 && p->is_protected != leading.is_protected)
        return entry_wrong(w, &f->state, "leading_no", "party.merge.protection");
    if (result >= 0)
        result = is_provisional(w, id);
    if (result > 0)
        return entry_wrong(w, &f->state, "leading_no", "party.merge.provisional");
    return result < 0 ? result : check_links(w, p, &leading, f);
}

/* Whom the number belongs to, for the second person. */
static int merge_tell(struct work *w, const void *form, struct text *out)
{
    const struct party_merge_form *f = form;
    struct person p;
    int64_t id = 0;
    int result = party_person_by_no(w, f->leading_no, &id);

    if (result > 0)
        result = party_person(w, id, &p);
    if (result >= 0 && id != 0)
        payload_line(out, message_words("party.payload.leading"), p.name);
    return result < 0 ? result : OK;
}

static int merge_open(struct work *w, struct party_batch *b, int64_t event_no,
                      const struct person *p, const void *form)
{
    const struct party_merge_form *m = form;
    struct merge_fact f = {.person_id = p->person_id,
                           .reason = m->reason,
                           .valid = {m->from, YMD_NONE}};
    const int result = party_person_by_no(w, m->leading_no, &f.leading_id);

    return result < 0 ? result : party_open_merge(b, event_no, &f, NULL);
}

static int merge_find(struct work *w, int64_t person_id, int64_t row, struct entered *out)
{
    struct party_person_merges_list list;
    const int result = read_merges(w, person_id, &list);

    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const struct party_person_merges_row *r = &list.rows[i];
        if (r->merge_link_id != row)
            continue;
        const struct str what = str_format(w->cx.arena, STR_FMT " > " STR_FMT,
                                           STR_ARG(r->person_no), STR_ARG(r->leading_no));
        *out = (struct entered){row, person_id, what, {r->valid_from, r->valid_to}, r};
        return 1;
    }
    return result < 0 ? result : 0;
}

static int merge_trim(struct work *w, struct party_batch *b, int64_t event_no,
                      const struct entered *what, struct span valid)
{
    const struct party_person_merges_row *r = what->fact;
    const struct merge_fact f = {r->person_id, r->leading_id, r->reason, valid};
    const int result = party_close(b, PARTY_MERGE, r->merge_link_id, event_no);

    (void)w;
    return result < 0 || span_is_empty(valid) ? result : party_open_merge(b, event_no, &f, NULL);
}

const struct section section_merge = {.name = "merge",
                                      .label = "party.section.merge",
                                      .shape = &party_merge_shape,
                                      .from_offset = offsetof(struct party_merge_form, from),
                                      .page = merge_page,
                                      .check = merge_check,
                                      .tell = merge_tell,
                                      .open = merge_open,
                                      .find = merge_find,
                                      .trim = merge_trim};
