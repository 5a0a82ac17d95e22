/* page_finding: what the monthly comparison found, by check, and one finding at a time. */
#include "office/consistency.h"

enum { FINDINGS_SHOWN = 100 };

/* --- all checks ------------------------------------------------------------------------------ */

static void counts_of(const struct office_db_findings_count_list *list, const char *kind,
                      struct office_findings_checks_row *row)
{
    row->oldest = YMD_NONE;
    for (size_t i = 0; i < list->n; i++) {
        if (!str_is(list->rows[i].kind, kind))
            continue;
        row->open = list->rows[i].open_count;
        row->gone = list->rows[i].gone_count;
        row->right = list->rows[i].right_count;
        row->oldest = list->rows[i].oldest_ymd;
    }
}

static int findings_chart(struct work *w, const struct office_findings_view *v,
                          const struct html **out)
{
    struct chart_point *points = ARENA_ARRAY(w->cx.arena, v->n_checks + 1, struct chart_point);
    struct html *kept = ARENA_NEW(w->cx.arena, struct html);
    struct html h;
    size_t n = 0;
    *out = kept;
    if (!points || !kept)
        return out_of_memory(w);
    for (size_t i = 0; i < v->n_checks; i++)
        if (v->checks[i].open > 0)
            points[n++] =
                (struct chart_point){sentence_of(v->checks[i].label), v->checks[i].open, INT64_MIN};
    if (n == 0)
        return OK;
    html_init(&h);
    int rc =
        chart_bars(&h, &(struct chart_series){.title = sentence_of("office.finding.chart"),
                                              .first_label = sentence_of("office.finding.open"),
                                              .points = points,
                                              .n = n});
    html_keep(w, &h, kept);
    return rc;
}

int findings_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_db_findings_count_list list;
    const struct desk *desk;
    const struct consistency_check *c;
    struct office_findings_view v = {.may_run = work_may(w, RIGHT_JOB_RUN)};
    size_t n = 0;
    while (check_at(n, &desk))
        n++;
    struct office_findings_checks_row *rows =
        ARENA_ARRAY(w->cx.arena, n + 1, struct office_findings_checks_row);
    if (!rows)
        return out_of_memory(w);
    int rc = office_db_findings_count(&w->cx, w->store, &list);
    for (size_t i = 0; rc >= 0 && (c = check_at(i, &desk)) != NULL; i++) {
        const struct message *m = message_find(c->label);
        rows[i] = (struct office_findings_checks_row){.name = str_of(c->name),
                                                      .label = c->label,
                                                      .pair = c->pair,
                                                      .advice = m && m->advice ? str_of(m->advice)
                                                                               : STR("")};
        counts_of(&list, c->name, &rows[i]);
        v.open += rows[i].open;
    }
    v.checks = rows;
    v.n_checks = n;
    if (rc >= 0)
        rc = findings_chart(w, &v, &v.chart);
    if (rc < 0)
        return rc;
    office_page_findings(&rp->body, rq->frame, &v);
    return OK;
}

/* --- the findings of one check --------------------------------------------------------------- */

static int open_rows(struct work *w, const struct office_db_findings_open_list *list,
                     struct office_findings_of_view *v)
{
    struct office_findings_of_findings_row *rows =
        ARENA_ARRAY(w->cx.arena, list->n + 1, struct office_findings_of_findings_row);
    if (!rows)
        return out_of_memory(w);
    for (size_t i = 0; i < list->n && i < FINDINGS_SHOWN; i++) {
        const struct office_db_findings_open_row *r = &list->rows[i];
        rows[i] = (struct office_findings_of_findings_row){.finding_id = r->finding_id,
                                                           .person_id = r->person_id,
                                                           .household_id = r->household_id,
                                                           .subject = r->subject,
                                                           .facts = r->facts,
                                                           .found = r->found_ymd};
        v->next = r->finding_id;
        v->n_findings++;
    }
    v->findings = rows;
    v->more = list->n > FINDINGS_SHOWN;
    return OK;
}

int findings_of_show(struct work *w, struct request *rq, struct reply *rp)
{
    const struct consistency_check *c = check_find(rq->part[0]);
    struct office_db_findings_open_list list;
    int64_t after = 0;
    if (!c)
        return fail(&w->cx, ERR_NOT_FOUND, "office.finding_missing", STR_FMT, STR_ARG(rq->part[0]));
    if (rq->n_query > 0 && !str_to_int(rq->query[0].value, &after))
        after = 0;
    const struct message *m = message_find(c->label);
    struct office_findings_of_view v = {.name = str_of(c->name),
                                        .label = c->label,
                                        .pair = c->pair,
                                        .advice = m && m->advice ? str_of(m->advice) : STR("")};
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                 .query = v.name,
                                                 .purpose = sentence_of(c->label),
                                                 .count = -1});
    struct office_db_findings_open_in in = {v.name, after, FINDINGS_SHOWN + 1};
    if (rc >= 0)
        rc = office_db_findings_open(&w->cx, w->store, &in, &list);
    if (rc >= 0)
        rc = open_rows(w, &list, &v);
    if (rc >= 0)
        rc = audit_outcome(w, OK, (int64_t)v.n_findings);
    if (rc < 0)
        return rc;
    office_page_findings_of(&rp->body, rq->frame, &v);
    return OK;
}

/* --- one finding ------------------------------------------------------------------------------ */

static int finding_page(struct work *w, struct request *rq, struct reply *rp,
                        const struct office_finding_form *form)
{
    struct office_db_finding_row_row f;
    int64_t id;
    int rc = request_part_id(&w->cx, rq, 0, &id);
    if (rc >= 0)
        rc = office_db_finding_row(&w->cx, w->store, &(struct office_db_finding_row_in){id}, &f);
    const struct consistency_check *c = rc == 1 ? check_find(f.kind) : NULL;
    if (rc >= 0 && !c)
        return fail(&w->cx, ERR_NOT_FOUND, "office.finding_missing", "%lld", (long long)id);
    if (rc >= 0)
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                 .person_id = f.person_id,
                                                 .household_id = f.household_id,
                                                 .query = f.kind,
                                                 .count = 1});
    if (rc < 0)
        return rc;
    const struct message *m = message_find(c->label);
    struct office_finding_view v = {.finding_id = id,
                                    .kind = f.kind,
                                    .label = c->label,
                                    .pair = c->pair,
                                    .advice = m && m->advice ? str_of(m->advice) : STR(""),
                                    .subject = f.subject,
                                    .facts = f.facts,
                                    .found = f.found_ymd,
                                    .person_id = f.person_id,
                                    .household_id = f.household_id,
                                    .is_open = f.state_null,
                                    .may_close = work_may(w, RIGHT_ELIGIBILITY_EDIT),
                                    .finding = form};
    if (!f.state_null) {
        v.outcome =
            id_of(w, "office.finding.state.", str_format(w->cx.arena, "%lld", (long long)f.state));
        v.corrected_by = f.corrected_by;
        v.reason = f.reason;
        v.who = f.full_name;
    }
    office_page_finding(&rp->body, rq->frame, &v);
    return OK;
}

int finding_show(struct work *w, struct request *rq, struct reply *rp)
{
    return finding_page(w, rq, rp, NULL);
}

static int finding_put(struct work *w, int64_t id, struct office_finding_form *form)
{
    struct finding_word word = {.state = FINDING_RIGHT, .reason = form->reason};
    if (str_is(form->go, "corrected")) {
        word.state = FINDING_CORRECTED;
        word.corrected_by = form->event == FORM_ABSENT ? 0 : form->event;
    }
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = form->reason,
                                                 .query = form->go,
                                                 .count = 1});
    if (rc >= 0)
        rc = finding_close(w, id, &word);
    if (rc != ERR_INVALID)
        return rc;
    const char *message =
        word.state == FINDING_RIGHT ? "office.finding_reason" : "office.finding_event";
    error_clear(&w->cx);
    form_problem(&w->cx, &form->state, word.state == FINDING_RIGHT ? "reason" : "event", message,
                 NULL);
    return ERR_INVALID;
}

int finding_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_finding_form form;
    struct office_db_finding_row_row f;
    int64_t id;
    int rc = request_part_id(&w->cx, rq, 0, &id);
    if (rc >= 0)
        rc = office_finding_form_read(&w->cx, rq, &form);
    if (rc >= 0)
        rc = finding_put(w, id, &form);
    if (form_is_wrong(w, rp, rc))
        return finding_page(w, rq, rp, &form);
    if (rc >= 0)
        rc = office_db_finding_row(&w->cx, w->store, &(struct office_db_finding_row_in){id}, &f);
    if (rc < 0)
        return rc;
    struct str path = str_format(w->cx.arena, "/findings/" STR_FMT, STR_ARG(f.kind));
    return redirect_saying(rq, rp, path.p, "office.finding.closed");
}
