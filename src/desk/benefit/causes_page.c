/* The page of the causes of unjust enrichment: the table in force, and another in its place. */
#include "benefit_pages.h"
#include "desk/benefit/inner.h"

enum { TABLE_BYTES = 16384 };

static void put_rows(const struct benefit_causes *all, struct benefit_causes_form *f)
{
    for (size_t i = 0; i < all->n; i++)
        f->cause[f->n_cause++] = (struct benefit_causes_cause_entry){.code = all->rows[i].code,
                                                                     .label = all->rows[i].label};
}

static int show(struct work *w, struct request *rq, struct reply *rp,
                const struct benefit_causes_form *form)
{
    struct benefit_causes all;
    struct benefit_causes_form own;
    struct benefit_causes_view v = {.causes = form, .may_adopt = work_may(w, RIGHT_RULE_ADOPT)};
    const int rc = benefit_causes_read(w, KNOWN_NOW, &all);
    struct benefit_causes_in_force_row *rows =
        ARENA_ARRAY(w->cx.arena, BENEFIT_CAUSES_MAX, struct benefit_causes_in_force_row);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : benefit_memory(w);
    for (size_t i = 0; i < all.n; i++)
        rows[i] = (struct benefit_causes_in_force_row){all.rows[i].code, all.rows[i].label};
    if (!form) {
        benefit_causes_form_init(&own);
        put_rows(&all, &own);
        v.causes = &own;
    }
    v.in_force = rows;
    v.n_in_force = all.n;
    benefit_page_causes(&rp->body, rq->frame, &v);
    return OK;
}

int benefit_show_causes(struct work *w, struct request *rq, struct reply *rp)
{
    return show(w, rq, rp, NULL);
}

static int adopt(struct work *w, struct benefit_causes_form *form)
{
    struct text t;

    text_init(&t, TABLE_BYTES);
    for (size_t i = 0; i < form->n_cause; i++)
        (void)text_addf(&t, STR_FMT "\t" STR_FMT "\n", STR_ARG(form->cause[i].code),
                        STR_ARG(form->cause[i].label));
    const int rc = benefit_causes_adopt(w, text_str(&t), form->reason);
    text_release(&t);
    if (rc == ERR_INVALID)
        form_problem(&w->cx, &form->state, "reason", "benefit.causes.table", NULL);
    return rc;
}

int benefit_save_causes(struct work *w, struct request *rq, struct reply *rp)
{
    struct benefit_causes_form form;
    int rc = benefit_causes_form_read(&w->cx, rq, &form);

    if (rc >= 0)
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = form.reason,
                                                 .query = STR("unjust_causes")});
    rc = rc < 0 ? rc : adopt(w, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        rp->shows_nobody = w->looks == 0;
        return show(w, rq, rp, &form);
    }
    if (rc < 0)
        return rc;
    rp->notice = message_words("benefit.causes.adopted");
    return reply_redirect(rq, rp, "/benefit/causes");
}
