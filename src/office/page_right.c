/* page_right: the table of rights by role, who differs from it, and its review [SEC-008]. */
#include "office/headcount.h"
#include "office/inner_pages.h"

static int table_fill(struct work *w, struct office_rights_view *v)
{
    struct office_rights_rights_row *rows =
        ARENA_ARRAY(w->cx.arena, RIGHT_BITS, struct office_rights_rights_row);
    if (!rows)
        return out_of_memory(w);
    for (int i = 0; i < RIGHT_BITS; i++) {
        uint64_t bit = RIGHT(i);
        struct str name = str_of(right_name((enum right_bit)i));
        rows[i] =
            (struct office_rights_rights_row){.label = id_of(w, "office.right.", name),
                                              .name = name,
                                              .clerk = (role_rights(ROLE_CLERK) & bit) != 0,
                                              .chief = (role_rights(ROLE_CHIEF) & bit) != 0,
                                              .operator=(role_rights(ROLE_OPERATOR) & bit) != 0,
                                              .auditor = (role_rights(ROLE_AUDITOR) & bit) != 0,
                                              .administrator =
                                                  (role_rights(ROLE_ADMINISTRATOR) & bit) != 0,
                                              .keyer = (role_rights(ROLE_KEYER) & bit) != 0};
    }
    v->rights = rows;
    v->n_rights = RIGHT_BITS;
    return OK;
}

static int differing_fill(struct work *w, struct office_rights_view *v)
{
    struct office_db_user_differing_list list;
    int rc = office_db_user_differing(&w->cx, w->store, &list);
    struct office_rights_differing_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct office_rights_differing_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : out_of_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct office_db_user_differing_row *u = &list.rows[i];
        rows[i] = (struct office_rights_differing_row){
            u->user_id,     u->full_name,   id_of(w, "office.role.", u->role),
            u->rights_more, u->rights_less, u->desks};
    }
    v->differing = rows;
    v->n_differing = list.n;
    return OK;
}

static int headcount_fill(struct work *w, struct office_rights_view *v)
{
    struct headcount counts[HEADCOUNT_FILES];
    struct office_rights_files_row *rows =
        ARENA_ARRAY(w->cx.arena, HEADCOUNT_FILES, struct office_rights_files_row);
    const int rc = rows ? headcount_read(w, counts) : out_of_memory(w);

    for (size_t i = 0; rc >= 0 && i < HEADCOUNT_FILES; i++)
        rows[i] = (struct office_rights_files_row){.label = id_of(w, "office.file.",
                                                                  str_of(counts[i].file)),
                                                   .people = counts[i].people,
                                                   .has_ceiling = counts[i].allowed > 0,
                                                   .allowed = counts[i].allowed,
                                                   .is_over = counts[i].allowed > 0 &&
                                                              counts[i].people > counts[i].allowed};
    v->files = rows;
    v->n_files = HEADCOUNT_FILES;
    return rc;
}

static int rights_page(struct work *w, struct request *rq, struct reply *rp,
                       const struct office_rights_review_form *form)
{
    struct office_rights_view v = {.may_sign = work_may(w, RIGHT_USER_VIEW), .rights_review = form};
    int rc = table_fill(w, &v);
    if (rc >= 0)
        rc = differing_fill(w, &v);
    if (rc >= 0)
        rc = headcount_fill(w, &v);
    if (rc >= 0)
        rc = review_fill(w, "rights", &v.reviewed);
    if (rc < 0)
        return rc;
    office_page_rights(&rp->body, rq->frame, &v);
    return OK;
}

int rights_show(struct work *w, struct request *rq, struct reply *rp)
{
    return rights_page(w, rq, rp, NULL);
}

int rights_review_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_rights_review_form form;
    int rc = office_rights_review_form_read(&w->cx, rq, &form);
    if (form_is_wrong(w, rp, rc))
        return rights_page(w, rq, rp, &form);
    if (rc >= 0)
        rc = review_put(w, "rights", form.remark, 0);
    return rc < 0 ? rc : redirect_saying(rq, rp, "/rights", "office.reviewed");
}
