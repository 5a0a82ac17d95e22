/* page_pending: entries that wait for a second person, and that person's word. */
#include "office/inner_pages.h"

#include <stdio.h>

enum { PENDING_SHOWN = 200, LINES = 64 };

static const char *entry_label(struct work *w, struct str kind)
{
    const struct entry_kind *k = entry_kind_find(kind);
    return k ? k->label : id_of(w, "", kind);
}

int pending_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_db_entries_waiting_list list;
    struct office_db_entries_waiting_in in = {PENDING_SHOWN};
    int rc = office_db_entries_waiting(&w->cx, w->store, &in, &list);
    struct office_pending_entries_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct office_pending_entries_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : out_of_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct office_db_entries_waiting_row *e = &list.rows[i];
        rows[i] =
            (struct office_pending_entries_row){.event_no = e->event_no,
                                                .label = entry_label(w, e->kind),
                                                .who = e->full_name.p ? e->full_name : STR("-"),
                                                .household = e->household_id,
                                                .person = e->person_id,
                                                .own = e->entered_by == w->actor->user_id};
    }
    struct office_pending_view v = {rows, list.n};
    office_page_pending(&rp->body, rq->frame, &v);
    return OK;
}

static int lines_fill(struct work *w, struct str payload, struct office_pending_entry_view *v)
{
    struct office_pending_entry_lines_row *rows =
        ARENA_ARRAY(w->cx.arena, LINES, struct office_pending_entry_lines_row);
    if (!rows)
        return out_of_memory(w);
    while (payload.n > 0 && v->n_lines < LINES)
        rows[v->n_lines++].value = str_cut(&payload, '\n');
    v->lines = rows;
    return OK;
}

static int entry_shown(struct work *w, const struct event *e, struct str *payload)
{
    size_t n = 0;
    const struct desk *const *desks = office_desks(&n);
    int rc = OK;
    for (size_t i = 0; i < n && rc >= 0; i++)
        if (desks[i]->entry_shown)
            rc = desks[i]->entry_shown(w, e, payload);
    return rc;
}

static int entry_page(struct work *w, struct request *rq, struct reply *rp,
                      const struct office_check_form *form)
{
    struct office_db_entry_event_row row;
    struct event e;
    int64_t no;
    int rc = request_part_id(&w->cx, rq, 0, &no);
    if (rc >= 0)
        rc = office_db_entry_event(&w->cx, w->store, &(struct office_db_entry_event_in){no}, &row);
    if (rc == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "office.entry_missing", "%lld", (long long)no);
    if (rc >= 0)
        rc = event_get(&w->cx, w->store, no, &e);
    if (rc >= 0)
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                 .person_id = row.person_id,
                                                 .household_id = row.household_id,
                                                 .query = row.kind,
                                                 .count = 1});
    if (rc < 0)
        return rc;
    struct office_pending_entry_view v = {.event_no = no,
                                          .label = entry_label(w, row.kind),
                                          .who = row.full_name.p ? row.full_name : STR("-"),
                                          .when = e.effective,
                                          .source = id_of(w, "source.", e.source),
                                          .reason = e.reason,
                                          .household = row.household_id,
                                          .check = form};
    struct str shown = row.payload;
    rc = entry_shown(w, &e, &shown);
    if (rc >= 0)
        rc = lines_fill(w, shown, &v);
    if (rc < 0)
        return rc;
    office_page_pending_entry(&rp->body, rq->frame, &v);
    return OK;
}

int pending_entry_show(struct work *w, struct request *rq, struct reply *rp)
{
    return entry_page(w, rq, rp, NULL);
}

static int check_put(struct work *w, int64_t no, struct office_check_form *form)
{
    bool ok = str_is(form->go, "ok");
    struct str reason = form->reason.p ? form->reason : STR("");
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = reason,
                                                 .query = form->go,
                                                 .count = 1});
    if (rc >= 0)
        rc = office_check(w, no, ok, reason);
    if (rc != ERR_INVALID)
        return rc;
    char message[64];
    snprintf(message, sizeof message, "%s", w->cx.error.message);
    error_clear(&w->cx);
    form_problem(&w->cx, &form->state, "reason", message, NULL);
    return ERR_INVALID;
}

int pending_entry_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_check_form form;
    int64_t no;
    int rc = request_part_id(&w->cx, rq, 0, &no);
    if (rc >= 0)
        rc = office_check_form_read(&w->cx, rq, &form);
    if (rc >= 0)
        rc = check_put(w, no, &form);
    if (form_is_wrong(w, rp, rc))
        return entry_page(w, rq, rp, &form);
    if (rc < 0)
        return rc;
    return redirect_saying(rq, rp, "/pending",
                           str_is(form.go, "ok") ? "office.checked" : "office.rejected");
}

/* --- the one screen that shows a My Number ------------------------------------------------ */

int number_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_mynumber_view v = {0};
    int rc = request_part_id(&w->cx, rq, 0, &v.person);
    if (rc < 0)
        return rc;
    rp->shows_nobody = true;
    office_page_mynumber(&rp->body, rq->frame, &v);
    return OK;
}

int number_reveal(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_mynumber_form form;
    struct office_mynumber_view v = {.mynumber = &form};
    int rc = request_part_id(&w->cx, rq, 0, &v.person);
    if (rc < 0)
        return rc;
    rc = office_mynumber_form_read(&w->cx, rq, &form);
    if (form_is_wrong(w, rp, rc)) {
        rp->shows_nobody = true;
        office_page_mynumber(&rp->body, rq->frame, &v);
        return OK;
    }
    if (rc >= 0)
        rc = vault_reveal(w, v.person, form.reason, &v.shown);
    if (rc < 0)
        return rc;
    office_page_mynumber(&rp->body, rq->frame, &v);
    return OK;
}
