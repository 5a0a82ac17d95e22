/* The list of what feeds and calendar have said and nobody has dealt with yet. */
#include "desk/counter/view.h"

#include <string.h>

enum { SHOWN = 50 };

const char *pending_message(struct work *w, int kind)
{
    struct str id = str_format(w->cx.arena, "eligibility.pending.%d", kind);
    return id.p && message_find(id.p) ? id.p : "counter.pending.other";
}

static struct str sentence(const char *id)
{
    const struct message *m = message_find(id);
    return str_of(m ? m->text : id);
}

struct str source_word(struct work *w, struct str source)
{
    struct str id = str_format(w->cx.arena, "source." STR_FMT, STR_ARG(source));
    const struct message *m = id.p ? message_find(id.p) : NULL;
    return m ? str_of(m->text) : source;
}

/* --- the list -----------------------------------------------------------------------------------
 */

static int people_of(struct work *w, const struct pendings *list, struct person_list *out)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, list->n + 1, int64_t);
    if (!ids) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list->n; i++) {
        ids[i] = list->rows[i].person_id;
    }
    return party_people(w, ids, list->n, out);
}

static const struct person *person_of(const struct person_list *people, int64_t person_id)
{
    for (size_t i = 0; i < people->n; i++) {
        if (people->rows[i].person_id == person_id) {
            return &people->rows[i];
        }
    }
    return NULL;
}

static int household_nos(struct work *w, const struct pendings *list, struct str *out)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, list->n + 1, int64_t);
    if (!ids) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list->n; i++) {
        ids[i] = list->rows[i].household_id;
    }
    return levy_household_nos(w, ids, list->n, out);
}

static int view_rows(struct work *w, const struct pendings *list, struct counter_pending_view *v)
{
    struct person_list people;
    struct counter_pending_cases_row *rows =
        ARENA_ARRAY(w->cx.arena, list->n + 1, struct counter_pending_cases_row);
    struct str *nos = ARENA_ARRAY(w->cx.arena, list->n + 1, struct str);
    if (!rows || !nos) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    int rc = people_of(w, list, &people);
    rc = rc < 0 ? rc : household_nos(w, list, nos);
    for (size_t i = 0; i < list->n && rc >= 0; i++) {
        const struct pending *p = &list->rows[i];
        const struct person *who = person_of(&people, p->person_id);
        int64_t days = w->today.day - p->cause.day;
        rows[i] =
            (struct counter_pending_cases_row){.id = p->pending_id,
                                               .kind = pending_message(w, (int)p->kind),
                                               .name = who ? who->name : STR(""),
                                               .household_no = nos[i].p ? nos[i] : STR(""),
                                               .head_name = who ? who->head_name : STR(""),
                                               .cause = p->cause,
                                               .days = days,
                                               .overdue = days > PENDING_DUE_DAYS,
                                               .source = source_word(w, p->source),
                                               .may_edit = work_may(w, RIGHT_ELIGIBILITY_EDIT)};
    }
    v->cases = rows;
    v->n_cases = rc < 0 ? 0 : list->n;
    return rc < 0 ? rc : 0;
}

static int find(struct work *w, const struct counter_find_form *form, struct pendings *out,
                struct counter_pending_view *v)
{
    int64_t kind = 0;
    if (form->kind.n > 0 && !str_to_int(form->kind, &kind)) {
        kind = 0;
    }
    struct pending_query q = {.kind = (int)kind,
                              .open_only = true,
                              .after = form->after == FORM_ABSENT ? 0 : form->after,
                              .limit = SHOWN + 1};
    int rc = pending_find(w, &q, out);
    if (rc < 0) {
        return rc;
    }
    v->kind = kind;
    v->is_late = form->late;
    v->more = out->n > SHOWN;
    out->n = v->more ? SHOWN : out->n;
    v->after = out->n ? out->rows[out->n - 1].pending_id : 0;
    for (size_t i = 0; i < out->n && form->late; i++) { /* oldest first: the rest is younger */
        if (w->today.day - out->rows[i].cause.day <= PENDING_DUE_DAYS) {
            out->n = i;
            v->more = false;
        }
    }
    return 0;
}

static int pending_chart(struct work *w, const struct pending_counts *counts, struct html *out)
{
    struct chart_point points[PENDING_KINDS];
    size_t n = 0;
    for (int k = 1; k < PENDING_KINDS; k++) {
        if (counts->open[k] > 0) {
            points[n++] = (struct chart_point){sentence(pending_message(w, k)), counts->open[k],
                                               counts->late[k]};
        }
    }
    struct chart_series s = {.title = sentence("counter.pending.chart"),
                             .unit = sentence("counter.pending.unit"),
                             .first_label = sentence("counter.pending.open"),
                             .second_label = sentence("counter.pending.late"),
                             .points = points,
                             .n = n};
    return chart_bars(out, &s);
}

static int view_counts(struct work *w, struct counter_pending_view *v, struct html *chart)
{
    struct pending_counts counts;
    int rc = pending_count(w, ymd_add(w->today, -PENDING_DUE_DAYS), &counts);
    if (rc < 0) {
        return rc;
    }
    v->total = counts.total;
    v->overdue = counts.overdue;
    v->chart = chart;
    return counts.total > 0 ? pending_chart(w, &counts, chart) : 0;
}

int show_pendings(struct work *w, struct request *rq, struct reply *rp)
{
    struct counter_find_form form;
    struct counter_pending_view v = {.find = &form};
    struct pendings list;
    struct html chart;
    int rc = counter_find_form_read(&w->cx, rq, &form);
    if (rc < 0 && rc != ERR_INVALID) {
        return rc;
    }
    error_clear(&w->cx);
    html_init(&chart);
    rc = find(w, &form, &list, &v);
    struct audit_line line = {.class = AUDIT_INQUIRY,
                              .purpose = STR(""),
                              .query = STR("pending"),
                              .count = rc < 0 ? 0 : (int64_t)list.n};
    rc = rc < 0 ? rc : audit_write(w, &line);
    rc = rc < 0 ? rc : view_rows(w, &list, &v);
    rc = rc < 0 ? rc : view_counts(w, &v, &chart);
    if (rc >= 0) {
        counter_page_pending(&rp->body, rq->frame, &v);
    }
    html_release(&chart);
    return rc;
}

/* The first page's part. */
int home_pending(struct work *w, struct html *out)
{
    struct pending_counts counts;
    struct html chart;
    if (!work_may(w, RIGHT_ELIGIBILITY_VIEW)) {
        return 0;
    }
    html_init(&chart);
    int rc = pending_count(w, ymd_add(w->today, -PENDING_DUE_DAYS), &counts);
    rc = rc < 0 || counts.total == 0 ? rc : pending_chart(w, &counts, &chart);
    if (rc >= 0) {
        counter_part_backlog(out, NULL,
                             &(struct counter_backlog_view){counts.total, counts.overdue, &chart});
    }
    html_release(&chart);
    return rc < 0 ? rc : 0;
}

/* --- closing without a notice
 * ----------------------------------------------------------------------- */

static int read_pending(struct work *w, struct request *rq, enum audit_class class,
                        struct pending *out, struct counter_pending_close_view *v)
{
    struct person who;
    struct str household_no;
    int64_t id = 0;
    int rc = request_part_id(&w->cx, rq, 0, &id);
    rc = rc < 0 ? rc : pending_by_id(w, id, out);
    if (rc <= 0) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "counter.pending.none", NULL);
    }
    struct audit_line line = {.class = class,
                              .household_id = out->household_id,
                              .person_id = out->person_id,
                              .purpose = STR("pending"),
                              .query = STR(""),
                              .count = 1};
    rc = audit_write(w, &line);
    rc = rc < 0 ? rc : party_person(w, out->person_id, &who);
    rc = rc < 0 ? rc : levy_household_nos(w, &out->household_id, 1, &household_no);
    if (rc < 0) {
        return rc;
    }
    v->id = out->pending_id;
    v->kind = pending_message(w, (int)out->kind);
    v->name = who.name;
    v->person_no = who.person_no;
    v->household_no = household_no.p ? household_no : STR("");
    v->cause = out->cause;
    v->source = source_word(w, out->source);
    v->is_evidence = out->kind == PENDING_UNEMPLOYED || out->kind == PENDING_FACILITY;
    v->detail = v->is_evidence && out->detail.p ? out->detail : STR("");
    return 0;
}

int show_pending(struct work *w, struct request *rq, struct reply *rp)
{
    struct pending p;
    struct counter_close_form form;
    struct counter_pending_close_view v = {.close = &form};
    int rc = read_pending(w, rq, AUDIT_INQUIRY, &p, &v);
    counter_close_form_init(&form);
    if (rc >= 0) {
        counter_page_pending_close(&rp->body, rq->frame, &v);
    }
    return rc;
}

int close_pending(struct work *w, struct request *rq, struct reply *rp)
{
    struct pending p;
    struct counter_close_form form;
    struct counter_pending_close_view v = {.close = &form};
    int read = counter_close_form_read(&w->cx, rq, &form);
    if (read < 0 && read != ERR_INVALID) {
        return read;
    }
    error_clear(&w->cx);
    int rc = read_pending(w, rq, AUDIT_CHANGE, &p, &v);
    if (rc < 0) {
        return rc;
    }
    if (read < 0) {
        rp->status = 422;
        counter_page_pending_close(&rp->body, rq->frame, &v);
        return 0;
    }
    bool wrong = str_is(form.how, "wrong");
    rc = pending_close(w, p.pending_id, wrong ? PENDING_DISMISSED : PENDING_NO_EFFECT, form.reason);
    return rc < 0 ? rc : reply_redirect(rq, rp, "/counter/pending");
}

/* The answer or the file is evidence enough: the circumstance is entered, and settles it. */
int accept_pending(struct work *w, struct request *rq, struct reply *rp)
{
    struct pending p;
    struct counter_accept_form form;
    struct circumstance_entry entry;
    struct counter_pending_close_view v = {.accept = &form};
    int64_t event_no = 0;
    int rc = counter_accept_form_read(&w->cx, rq, &form);
    rc = rc < 0 ? rc : read_pending(w, rq, AUDIT_CHANGE, &p, &v);
    rc = rc < 0 ? rc : pending_circumstance(w, &p, &entry);
    if (rc < 0) {
        return rc;
    }
    entry.in.why = form.note.p ? form.note : STR("");
    rc = circumstance_enter(w, &entry, &event_no);
    if (rc < 0) {
        return rc;
    }
    rp->notice = sentence(rc > 0 ? "party.entry.waits" : "party.entry.done");
    return reply_redirect(rq, rp, "/counter/pending");
}
