/* The notice's page: opened with what is known, sent for a preview, sent again to enter it. */
#include "desk/counter/notify.h"

#include <string.h>

/* --- reading ---------------------------------------------------------------------------------- */

static const struct insured_period *periods_of(const struct notify *y, int64_t person_id, size_t *n)
{
    size_t first = 0;
    while (first < y->periods.n && y->periods.rows[first].person_id != person_id) {
        first++;
    }
    size_t end = first;
    while (end < y->periods.n && y->periods.rows[end].person_id == person_id) {
        end++;
    }
    *n = end - first;
    return *n ? y->periods.rows + first : NULL;
}

static void add_line(struct notify *y, const struct member *m, const struct insured_period *p,
                     bool is_earlier)
{
    if (y->n < NOTIFY_LINES) {
        y->line[y->n++] = (struct notify_line){m, p, is_earlier};
    }
}

/* Everybody with his newest period first, so that those fit; then the earlier periods. */
static void make_lines(struct notify *y)
{
    for (size_t i = 0; i < y->home.n; i++) {
        size_t n = 0;
        const struct member *m = &y->home.members[i];
        const struct insured_period *p = periods_of(y, m->person.person_id, &n);
        add_line(y, m, n ? &p[n - 1] : NULL, false);
    }
    for (size_t i = 0; i < y->home.n; i++) {
        size_t n = 0;
        const struct member *m = &y->home.members[i];
        const struct insured_period *p = periods_of(y, m->person.person_id, &n);
        for (size_t k = n; k > 1; k--) {
            add_line(y, m, &p[k - 2], true);
        }
    }
}

static int read_periods(struct notify *y)
{
    int64_t *ids = ARENA_ARRAY(y->w->cx.arena, y->home.n + 1, int64_t);
    if (!ids) {
        return fail(&y->w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < y->home.n; i++) {
        ids[i] = y->home.members[i].person.person_id;
    }
    return eligibility_periods_all(y->w, ids, y->home.n, &y->periods);
}

int notify_read(struct notify *y, struct work *w, struct str household_no, enum audit_class class)
{
    *y = (struct notify){.w = w};
    int rc = party_home_by_no(w, household_no, &y->home);
    if (rc <= 0) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "counter.household.none", NULL);
    }
    struct audit_line line = {.class = class,
                              .household_id = y->home.household_id,
                              .person_id = y->home.head_id,
                              .purpose = STR("notification"),
                              .query = STR(""),
                              .count = (int64_t)y->home.n};
    struct pending_query open = {.household_id = y->home.household_id,
                                 .open_only = true,
                                 .limit = NOTIFICATION_SETTLES_MAX};
    rc = audit_write(w, &line);
    rc = rc < 0 ? rc : read_periods(y);
    rc = rc < 0 ? rc : pending_find(w, &open, &y->pendings);
    make_lines(y);
    return rc < 0 ? rc : 0;
}

struct str notify_name(const struct notify *y, int64_t person_id)
{
    return member_name(&y->home, person_id);
}

/* --- the view -----------------------------------------------------------------------------------
 */

static const char *cover_of(const struct insured_period *p, struct ymd day)
{
    if (!p) {
        return "counter.cover.never";
    }
    return span_holds(p->valid, day) ? "counter.cover.insured" : "counter.cover.was";
}

static const char *sex_of(enum sex sex)
{
    return sex == SEX_MALE     ? "eligibility.sex.male"
           : sex == SEX_FEMALE ? "eligibility.sex.female"
                               : "eligibility.sex.unknown";
}

static int view_members(const struct notify *y, struct counter_notify_view *v)
{
    struct work *w = y->w;
    struct counter_notify_members_row *rows =
        ARENA_ARRAY(w->cx.arena, y->n + 1, struct counter_notify_members_row);
    if (!rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < y->n; i++) {
        const struct notify_line *l = &y->line[i];
        const struct person *p = &l->member->person;
        rows[i] =
            (struct counter_notify_members_row){.name = p->name,
                                                .kana = p->kana,
                                                .relation = relation_message(l->member->relation),
                                                .birth = p->birth,
                                                .age = age_on(p->birth, w->today),
                                                .sex = sex_of(p->sex),
                                                .there = l->member->is_there,
                                                .insured = l->period &&
                                                           span_holds(l->period->valid, w->today),
                                                .cover = cover_of(l->period, w->today),
                                                .acquired =
                                                    l->period ? l->period->valid.from : YMD_NONE,
                                                .lost = l->period ? l->period->valid.to : YMD_NONE,
                                                .is_earlier = l->is_earlier};
    }
    v->members = rows;
    v->n_members = y->n;
    return 0;
}

static int view_cases(const struct notify *y, struct counter_notify_view *v)
{
    struct work *w = y->w;
    struct counter_notify_cases_row *rows =
        ARENA_ARRAY(w->cx.arena, y->pendings.n + 1, struct counter_notify_cases_row);
    if (!rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < y->pendings.n; i++) {
        const struct pending *p = &y->pendings.rows[i];
        int64_t days = w->today.day - p->cause.day;
        rows[i] = (struct counter_notify_cases_row){.kind = pending_message(w, (int)p->kind),
                                                    .name = notify_name(y, p->person_id),
                                                    .cause = p->cause,
                                                    .source = source_word(w, p->source),
                                                    .days = days,
                                                    .overdue = days > PENDING_DUE_DAYS};
    }
    v->cases = rows;
    v->n_cases = y->pendings.n;
    return 0;
}

static struct str hyphened(struct context *cx, struct str code)
{
    if (code.n != 7) {
        return code;
    }
    struct str s = str_format(cx->arena, "%.3s-%.4s", code.p, code.p + 3);
    return s.p ? s : code;
}

static int view_household(const struct notify *y, struct counter_notify_view *v)
{
    v->household_no = y->home.household_no;
    v->head_name = y->home.head_name;
    v->postal_code = hyphened(&y->w->cx, y->home.postal_code);
    v->address = y->home.address;
    v->hidden = y->home.is_protected;
    int rc = view_members(y, v);
    rc = rc < 0 ? rc : view_cases(y, v);
    return rc < 0 ? rc : notify_known(y, v);
}

static int show_page(const struct notify *y, struct request *rq, struct reply *rp,
                     struct counter_notify_view *v)
{
    int rc = view_household(y, v);
    if (rc >= 0) {
        counter_page_notify(&rp->body, rq->frame, v);
    }
    return rc;
}

/* --- opening -------------------------------------------------------------------------------------
 */

/* The pending change asked for, else the oldest; NULL when nothing is open. */
static const struct pending *pending_asked(const struct notify *y, int64_t pending_id)
{
    for (size_t i = 0; i < y->pendings.n; i++) {
        if (y->pendings.rows[i].pending_id == pending_id) {
            return &y->pendings.rows[i];
        }
    }
    return y->pendings.n > 0 ? &y->pendings.rows[0] : NULL;
}

int show_notify(struct work *w, struct request *rq, struct reply *rp)
{
    struct notify y;
    struct counter_notify_form form;
    struct counter_notify_view v = {.notify = &form};
    struct notification proposed;
    int64_t pending_id = 0;
    int64_t last = 0;
    int rc = request_query_number(&w->cx, rq, "pending", 0, &pending_id);
    rc = rc < 0 ? rc : notify_read(&y, w, rq->part[0], AUDIT_INQUIRY);
    rc = rc < 0 ? rc : event_last(&w->cx, w->store, &last);
    if (rc < 0) {
        return rc;
    }
    notify_form_new(&y, &form);
    form.state.focus = "person.0.take";
    const struct pending *p = pending_asked(&y, pending_id);
    if (p) {
        rc = pending_proposal(w, p, &proposed);
        if (rc >= 0) {
            notify_form_fill(&y, &proposed, &form);
        }
        form.state.focus = rc >= 0 && proposed.n_settles > 0 ? "identity" : form.state.focus;
    }
    form.state.read_at = last;
    return rc < 0 ? rc : show_page(&y, rq, rp, &v);
}

/* --- sending
 * --------------------------------------------------------------------------------------- */

static int preview_page(struct notify *y, const struct notification *n,
                        const struct notification_plan *plan, struct request *rq, struct reply *rp,
                        struct counter_notify_form *form)
{
    struct counter_notify_view v = {.notify = form, .has_preview = true, .is_clean = true};
    int64_t last = 0;
    int rc = event_last(&y->w->cx, y->w->store, &last);
    rc = rc < 0 ? rc : notify_preview(y, n, plan, &v);
    if (rc < 0) {
        return rc;
    }
    form->state.rq = NULL; /* the fields show what was understood: days in one notation */
    form->state.read_at = last;
    form->seen = notify_seen(y->w, n);
    return show_page(y, rq, rp, &v);
}

static int refuse_page(struct notify *y, struct request *rq, struct reply *rp,
                       struct counter_notify_form *form)
{
    struct counter_notify_view v = {.notify = form};
    error_clear(&y->w->cx);
    rp->status = 422;
    return show_page(y, rq, rp, &v);
}

static int enter(struct notify *y, const struct notification *n, int64_t read_at,
                 struct request *rq, struct reply *rp)
{
    int64_t event_no = 0;
    int rc = work_unchanged(y->w, y->home.household_id, read_at);
    rc = rc < 0 ? rc : notification_enter(y->w, n, &event_no);
    return rc < 0 ? rc
                  : reply_redirect(rq, rp, "/counter/notify/" STR_FMT "/done/%lld",
                                   STR_ARG(y->home.household_no), (long long)event_no);
}

int send_notify(struct work *w, struct request *rq, struct reply *rp)
{
    struct notify y;
    struct counter_notify_form form;
    struct notification n;
    struct notification_plan *plan = ARENA_NEW(w->cx.arena, struct notification_plan);
    int rc = plan ? counter_notify_form_read(&w->cx, rq, &form)
                  : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    if (rc < 0 && rc != ERR_INVALID) {
        return rc;
    }
    bool is_read = rc >= 0;
    error_clear(&w->cx);
    rc = notify_read(&y, w, rq->part[0], AUDIT_CHANGE);
    if (rc < 0) {
        return rc;
    }
    rc = is_read ? notify_form_take(&y, &form, &n) : ERR_INVALID;
    if (rc >= 0) {
        rc = notification_plan(w, &n, plan);
    }
    if (rc == ERR_INVALID || (rc >= 0 && notify_form_refuse(&y, plan, &form) > 0)) {
        return refuse_page(&y, rq, rp, &form);
    }
    if (rc < 0) {
        return rc;
    }
    bool is_seen = str_equal(form.seen, notify_seen(w, &n));
    return is_seen ? enter(&y, &n, form.state.read_at, rq, rp)
                   : preview_page(&y, &n, plan, rq, rp, &form);
}
