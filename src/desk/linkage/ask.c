/* ask: items of one person through a link, for the pages of other sections. The terminal says which
 * section asks; what is not approved for it is denied, and the denial is written down. */
#include "desk/linkage/inner.h"

static int section_may(struct work *w, struct passing *p, const struct open_link *o)
{
    struct str section = w->actor->section;
    bool is_own = !w->session && (!section.p || section.n == 0); /* the console, our own jobs */
    if (is_own || str_equal(section, o->link.partner))
        return OK;
    return passing_refuse(w, p, ERR_DENIED, "linkage.other_section", section);
}

static int items_may(struct work *w, struct passing *p, const struct open_link *o, struct str items)
{
    if (str_trim(items).n == 0)
        return passing_refuse(w, p, ERR_INVALID, "linkage.items_none", o->link.link_no);
    while (items.n > 0) {
        struct str item = str_trim(str_cut(&items, ','));
        if (!word_in(o->items, ',', item) || str_is(item, "my_number"))
            return passing_refuse(w, p, ERR_DENIED, "linkage.item_denied", item);
    }
    return OK;
}

static int person_fill(struct work *w, int64_t person_id, struct item_person *p)
{
    struct linkage_insured_one_row row;
    struct linkage_insured_one_in in = {.person_id = person_id, .asof = {w->today, KNOWN_NOW}};
    int rc = linkage_insured_one(&w->cx, w->store, &in, &row);
    *p = (struct item_person){.acquired = YMD_NONE, .lost = YMD_NONE};
    if (rc > 0)
        *p = (struct item_person){.acquired = row.acquired,
                                  .lost = row.lost,
                                  .symbol = row.symbol,
                                  .insured_no = row.insured_no,
                                  .branch = row.branch};
    if (rc >= 0)
        rc = item_people(w, &person_id, p, 1);
    if (rc >= 0 && !p->person)
        return fail(&w->cx, ERR_NOT_FOUND, "linkage.unknown_key", NULL);
    return rc < 0 ? rc : OK;
}

static int answer_fill(struct work *w, const struct open_link *o, struct str items,
                       const struct item_person *p, struct link_answer *out)
{
    struct columns columns;
    int rc = layout_cut(&w->cx, o->layout, items, &columns);
    if (rc < 0)
        return rc;
    out->ids = ARENA_ARRAY(w->cx.arena, columns.n + 1, struct str);
    out->labels = ARENA_ARRAY(w->cx.arena, columns.n + 1, struct str);
    out->values = ARENA_ARRAY(w->cx.arena, columns.n + 1, struct str);
    if (!out->ids || !out->labels || !out->values)
        return no_memory(w);
    for (out->n = 0; out->n < columns.n && rc >= 0; out->n++) {
        out->ids[out->n] = columns.rows[out->n].id;
        out->labels[out->n] = columns.rows[out->n].name;
        rc = item_value(w, columns.rows[out->n].id, p, &out->values[out->n]);
    }
    return rc < 0 ? rc : OK;
}

int linkage_ask(struct work *w, const struct link_question *q, struct link_answer *out)
{
    struct open_link o;
    struct item_person person;
    int64_t id = q->person_id;
    struct passing p = {
        .way = "ask", .items = q->items, .purpose = q->purpose, .person_ids = &id, .people = 1};
    *out = (struct link_answer){.n = 0};
    int rc = work_need(w, RIGHT_LINK_INQUIRY);
    if (rc >= 0)
        rc = link_open(w, &p, q->link_no, &o);
    if (rc >= 0)
        rc = section_may(w, &p, &o);
    if (rc >= 0)
        rc = items_may(w, &p, &o, q->items);
    if (rc >= 0)
        rc = person_fill(w, id, &person);
    if (rc >= 0)
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                 .person_id = id,
                                                 .purpose = q->purpose,
                                                 .query = q->items,
                                                 .count = 1});
    if (rc >= 0)
        rc = answer_fill(w, &o, q->items, &person, out);
    if (rc >= 0)
        rc = passing_write(w, &p); /* no line, no answer */
    return rc < 0 ? error_add(&w->cx, "ask over " STR_FMT, STR_ARG(q->link_no)) : OK;
}
