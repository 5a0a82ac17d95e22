/*
 * What the late-stage desk is to hear: told by our feeds, waiting in late_stage_change, handed over
 * as a file (data/formats/late_stage_changes.tsv). What was handed over is closed by that event.
 */
#include "desk/eligibility/inner.h"

int late_stage_tell(struct work *w, int64_t event_no, const struct late_stage_change *c)
{
    struct eligibility_late_stage_change row = {.person_id = c->person_id,
                                                .kind = c->is_start ? STR("assistance_start")
                                                                    : STR("assistance_end"),
                                                .day = c->day,
                                                .reference =
                                                    c->reference.n ? c->reference : STR_NONE,
                                                .known_from = event_no};
    const struct eligibility_late_stage_told_in q = {row.person_id, row.kind, row.day};
    struct eligibility_late_stage_told_row told;
    int result = eligibility_late_stage_told(&w->cx, w->store, &q, &told);

    if (result < 0 || told.told > 0)
        return result < 0 ? result : OK;
    result = store_ids(&w->cx, w->store, 1, &row.late_stage_change_id);
    return result < 0 ? result : eligibility_late_stage_change_insert(&w->cx, w->store, &row);
}

/* --- the file ------------------------------------------------------------------------------------
 */

static void add_head(struct text *t, const struct columns *columns)
{
    for (size_t i = 0; i < columns->n; i++)
        csv_add(t, columns->rows[i].name);
    csv_end(t);
}

static void add_day(struct text *t, struct ymd d)
{
    char day[11] = "";

    if (!ymd_is_none(d))
        ymd_format(d, day);
    csv_add(t, str_of(day));
}

static void add_line(struct text *t, const struct eligibility_late_stage_waiting_row *r)
{
    csv_add(t, r->person_no);
    csv_add(t, r->name.p ? r->name : STR(""));
    add_day(t, r->birth_ymd);
    csv_add(t, r->kind);
    add_day(t, r->day);
    csv_add(t, r->reference.p ? r->reference : STR(""));
    csv_end(t);
}

static int write_file(struct work *w, struct job *job,
                      const struct eligibility_late_stage_waiting_list *list)
{
    extern const unsigned char format_late_stage_changes[];
    extern const size_t format_late_stage_changes_size;
    const struct str format = {(const char *)format_late_stage_changes,
                               format_late_stage_changes_size};
    const char *path = str_c(w->cx.arena, job_option(job, "path"));
    struct columns columns;
    struct text t;
    int result = columns_read(&w->cx, w->cx.arena, "late_stage_changes", format, &columns);

    if (result < 0 || !path)
        return result < 0 ? result : fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    text_init(&t, 64 << 20);
    add_head(&t, &columns);
    for (size_t i = 0; i < list->n; i++)
        add_line(&t, &list->rows[i]);
    result = t.failed ? fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL)
                      : file_write(&w->cx, path, text_str(&t));
    text_release(&t);
    return result;
}

/* The file is there before its rows are closed: a run that stops between writes them once more. */
static int hand_over(struct work *w, struct job *job)
{
    struct eligibility_late_stage_waiting_list list;
    const struct eligibility_late_stage_waiting_in q = {{w->today, KNOWN_NOW}};
    struct event e = work_event(w, "eligibility.late_stage_handover");
    int result = eligibility_late_stage_waiting(&w->cx, w->store, &q, &list);
    int64_t *ids = ARENA_ARRAY(w->cx.arena, list.n + 1, int64_t);

    if (result < 0 || !ids)
        return result < 0 ? result : fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        ids[i] = list.rows[i].late_stage_change_id;
    e.route = STR("job");
    result = event_open(&w->cx, w->store, &e);
    if (result >= 0 && list.n > 0)
        result = eligibility_late_stage_change_close_many(&w->cx, w->store, ids, list.n, e.no);
    if (result >= 0)
        result = write_file(w, job, &list);
    job_progress(job)->done = (int64_t)list.n;
    if (result >= 0)
        result = job_figure(w, job, "people", (int64_t)list.n);
    return result < 0 ? result : job_checkpoint(w, job);
}

int late_stage_handover(struct work *w, struct job *job)
{
    int result = audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                     .purpose = STR("eligibility.late_stage"),
                                                     .query = job_option(job, "path"),
                                                     .count = -1});

    if (result >= 0)
        result = STORE_BEGIN(&w->cx, w->store);
    if (result < 0)
        return result;
    result = hand_over(w, job);
    if (result >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "hand over to the late-stage desk");
}
