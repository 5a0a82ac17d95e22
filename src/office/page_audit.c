/* page_audit: who looked at whom; the review of abnormal access; each look at it leaves a line too.
 */
#include "office/inner_pages.h"

#include <stdio.h>

enum { LINES_SHOWN = 100 };

static int person_of(struct work *w, struct office_audit_form *f, int64_t *id)
{
    size_t n;
    const struct desk *const *desks = office_desks(&n);
    *id = 0;
    if (!f->person.p)
        return OK;
    for (size_t i = 0; i < n; i++)
        if (desks[i]->person_of_no) {
            int rc = desks[i]->person_of_no(w, f->person, id);
            if (rc != 0)
                return rc < 0 ? rc : OK;
        }
    if (str_to_int(f->person, id) && *id > 0)
        return OK;
    form_problem(&w->cx, &f->state, "person", "office.audit.search", NULL);
    return ERR_INVALID;
}

static struct str add_query(struct html *h, const char *name, struct str value)
{
    if (value.n > 0) {
        html_raw(h, h->text.n > 7 ? "&" : "?");
        html_raw(h, name);
        html_raw(h, "=");
        html_url(h, value);
    }
    return value;
}

static struct str query_day(struct work *w, struct ymd d)
{
    char day[11];
    if (ymd_is_none(d))
        return STR("");
    ymd_format(d, day);
    return str_copy(w->cx.arena, str_of(day));
}

/* The address of this search from another line on. */
static struct str search_link(struct work *w, const struct office_audit_form *f, int64_t before)
{
    struct html h;
    html_init(&h);
    html_raw(&h, "/audit");
    add_query(&h, "user", f->user);
    add_query(&h, "person", f->person);
    add_query(&h, "screen", f->screen);
    add_query(&h, "from", query_day(w, f->from));
    add_query(&h, "to", query_day(w, f->to));
    add_query(&h, "abnormal", f->abnormal ? STR("1") : STR(""));
    if (before > 0)
        add_query(&h, "before", str_format(w->cx.arena, "%lld", (long long)before));
    struct str s = str_copy(w->cx.arena, text_str(&h.text));
    html_release(&h);
    return s;
}

/* Lines about signing in say why in words of the program; all others in the person's own. */
static struct str purpose_of(struct work *w, const struct audit_row *r)
{
    if (!str_is(r->class, "session"))
        return r->purpose;
    return sentence_of(id_of(w, "office.sign.", r->purpose));
}

static int lines_fill(struct work *w, const struct audit_rows *found, struct office_audit_view *v)
{
    struct office_audit_lines_row *rows =
        ARENA_ARRAY(w->cx.arena, found->n + 1, struct office_audit_lines_row);
    if (!rows)
        return out_of_memory(w);
    for (size_t i = 0; i < found->n; i++) {
        const struct audit_row *r = &found->rows[i];
        rows[i] = (struct office_audit_lines_row){.line_no = r->line_no,
                                                  .when = r->time_us,
                                                  .user = r->user_name,
                                                  .terminal = r->terminal,
                                                  .branch = r->branch,
                                                  .screen = id_of(w, "", r->screen),
                                                  .class = id_of(w, "audit.class.", r->class),
                                                  .person = r->person_id,
                                                  .household = r->household_id,
                                                  .purpose = purpose_of(w, r),
                                                  .conditions = r->query,
                                                  .persons = r->count,
                                                  .has_persons = r->count > 0,
                                                  .refused = r->result < 0};
    }
    v->lines = rows;
    v->n_lines = found->n;
    v->shown = (int64_t)found->n;
    return OK;
}

static int search_line(struct work *w, const struct office_audit_form *f,
                       const struct audit_search *s)
{
    struct str link = search_link(w, f, 0);
    return audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                               .person_id = s->person_id,
                                               .query = link,
                                               .count = -1});
}

static int search(struct work *w, struct office_audit_form *f, struct office_audit_view *v)
{
    struct audit_search s = {.from = f->from,
                             .to = f->to,
                             .abnormal = f->abnormal,
                             .limit = LINES_SHOWN};
    struct audit_rows found;
    int rc = person_of(w, f, &s.person_id);
    if (rc < 0)
        return rc;
    if (f->before.n > 0 && !str_to_int(f->before, &s.before))
        s.before = 0;
    s.user_name = f->user;
    s.screen = f->screen;
    rc = search_line(w, f, &s);
    if (rc >= 0)
        rc = audit_find(&w->cx, w->audit, &s, &found);
    if (rc >= 0)
        rc = lines_fill(w, &found, v);
    if (rc < 0)
        return rc;
    v->asked = true;
    if (found.n == LINES_SHOWN)
        v->next = search_link(w, f, found.last);
    if (s.before > 0)
        v->first = search_link(w, f, 0);
    return audit_outcome(w, OK, (int64_t)found.n);
}

/* "2026-06-14まで 三枝 ..." is put together by the page; here: until, remark. */
static int reviewed_fill(struct work *w, const char *kind, struct str *out, struct ymd *until)
{
    struct office_db_review_last_row row;
    struct office_db_user_by_id_row user;
    char day[11];
    int rc = office_db_review_last(&w->cx, w->store,
                                   &(struct office_db_review_last_in){str_of(kind)}, &row);
    if (rc <= 0)
        return rc;
    rc = office_db_user_by_id(&w->cx, w->store, &(struct office_db_user_by_id_in){row.signed_by},
                              &user);
    if (rc < 0)
        return rc;
    ymd_format(row.until_ymd, day);
    *until = row.until_ymd;
    *out = str_format(w->cx.arena, "%s " STR_FMT " " STR_FMT, day,
                      STR_ARG(rc == 1 ? user.full_name : STR("-")), STR_ARG(row.remark));
    return OK;
}

int review_fill(struct work *w, const char *kind, struct str *out)
{
    struct ymd until;
    return reviewed_fill(w, kind, out, &until);
}

static int audit_page(struct work *w, struct request *rq, struct reply *rp,
                      struct office_audit_view *v)
{
    struct ymd until = YMD_NONE;
    v->may_sign = work_may(w, RIGHT_AUDIT_VIEW);
    v->until = ymd_add(w->today, -1);
    v->is_abnormal = v->audit->abnormal;
    int rc = v->is_abnormal ? reviewed_fill(w, "audit", &v->reviewed, &until) : OK;
    if (rc < 0)
        return rc;
    rp->shows_nobody = !v->asked;
    office_page_audit(&rp->body, rq->frame, v);
    return OK;
}

int audit_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_audit_form form;
    struct office_audit_view v = {.audit = &form};
    if (!form_sent(&office_audit_shape, rq)) {
        office_audit_form_init(&form);
        return audit_page(w, rq, rp, &v);
    }
    int rc = office_audit_form_read(&w->cx, rq, &form);
    if (rc >= 0)
        rc = search(w, &form, &v);
    if (rc < 0 && !form_is_wrong(w, rp, rc))
        return rc;
    return audit_page(w, rq, rp, &v);
}

int review_put(struct work *w, const char *kind, struct str remark, int64_t found)
{
    struct context *cx = &w->cx;
    struct office_db_review_sign row = {.kind = str_of(kind),
                                        .until_ymd = ymd_add(w->today, -1),
                                        .found = found,
                                        .remark = remark,
                                        .signed_by = w->actor->user_id,
                                        .signed_us = cx->env->now_us(cx->env)};
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = str_of(kind),
                                                 .query = remark,
                                                 .count = found});
    if (rc >= 0)
        rc = STORE_BEGIN(cx, w->store);
    if (rc < 0)
        return rc;
    rc = store_ids(cx, w->store, 1, &row.review_id);
    if (rc >= 0)
        rc = office_db_review_sign_insert(cx, w->store, &row);
    if (rc >= 0)
        return store_commit(cx, w->store);
    store_rollback(w->store);
    return rc;
}

int review_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_review_form form;
    struct office_audit_form search_form;
    struct office_audit_view v = {.audit = &search_form, .review = &form};
    int rc = office_review_form_read(&w->cx, rq, &form);
    office_audit_form_init(&search_form);
    search_form.abnormal = true;
    if (form_is_wrong(w, rp, rc))
        return audit_page(w, rq, rp, &v);
    if (rc >= 0)
        rc = review_put(w, "audit", form.remark, 0);
    return rc < 0 ? rc : redirect_saying(rq, rp, "/audit?abnormal=1", "office.reviewed");
}
