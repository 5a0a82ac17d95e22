/* Marking items of a survey: done, taken up again, asked elsewhere. */
#include "desk/levy/survey.h"
#include "levy_sql.h"

typedef int mark_fn(struct work *w, int64_t event_no, int64_t item,
                    const struct levy_survey_one_row *s, const void *arg);

/* Read inside the transaction: two clerks do not mark the same item. */
static int mark_one(struct work *w, int64_t event_no, int64_t item, mark_fn *fn, const void *arg)
{
    const struct levy_survey_one_in in = {.survey_item_id = item};
    struct levy_survey_one_row row;
    int rc = levy_survey_one(&w->cx, w->store, &in, &row);
    if (rc == 0) {
        return fail(&w->cx, ERR_STALE, "levy.survey.stale", NULL);
    }
    return rc < 0 ? rc : fn(w, event_no, item, &row, arg);
}

static int audit_items(struct work *w, const int64_t *items, size_t n, const char *purpose)
{
    int rc = 0;
    for (size_t i = 0; i < n && rc >= 0; i++) {
        const struct levy_survey_one_in in = {.survey_item_id = items[i]};
        struct levy_survey_one_row row;
        rc = levy_survey_one(&w->cx, w->store, &in, &row);
        if (rc > 0) {
            rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                     .person_id = row.person_id,
                                                     .household_id = row.household_id,
                                                     .purpose = str_of(purpose),
                                                     .count = 1});
        }
    }
    return rc;
}

struct marks {
    const int64_t *items;
    size_t n;
    const char *kind; /* of the event */
    struct str reason;
    mark_fn *fn;
    const void *arg;
};

static int mark_all(struct work *w, const struct marks *m)
{
    struct event e = work_event(w, m->kind);
    e.reason = m->reason;
    int rc = work_need(w, RIGHT_LEVY_EDIT);
    rc = rc < 0 ? rc : audit_items(w, m->items, m->n, m->kind);
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = work_event_open(w, &e);
    for (size_t i = 0; i < m->n && rc >= 0; i++) {
        rc = mark_one(w, e.no, m->items[i], m->fn, m->arg);
    }
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

static int note_missing(struct work *w, struct str note)
{
    return note.n ? 0 : fail(&w->cx, ERR_INVALID, "levy.survey.note", NULL);
}

static int write_done(struct work *w, int64_t event_no, int64_t item,
                      const struct levy_survey_one_row *s, const void *arg)
{
    struct levy_survey_done row = {.survey_item_id = item,
                                   .note = *(const struct str *)arg,
                                   .done_ymd = w->today,
                                   .user_id = w->actor->user_id,
                                   .known_from = event_no};
    if (!s->survey_done_id_null) {
        return fail(&w->cx, ERR_STALE, "levy.survey.stale", NULL);
    }
    int rc = store_ids(&w->cx, w->store, 1, &row.survey_done_id);
    return rc < 0 ? rc : levy_survey_done_insert(&w->cx, w->store, &row);
}

int survey_mark_done(struct work *w, const int64_t *items, size_t n, struct str note)
{
    const struct marks m = {items, n, "levy.survey_done", note, write_done, &note};
    int rc = note_missing(w, note);
    return rc < 0 ? rc : mark_all(w, &m);
}

static int write_reopened(struct work *w, int64_t event_no, int64_t item,
                          const struct levy_survey_one_row *s, const void *arg)
{
    (void)item, (void)arg;
    if (s->survey_done_id_null) {
        return fail(&w->cx, ERR_STALE, "levy.survey.stale", NULL);
    }
    return levy_survey_done_close(&w->cx, w->store, s->survey_done_id, event_no);
}

int survey_reopen(struct work *w, const int64_t *items, size_t n, struct str note)
{
    const struct marks m = {items, n, "levy.survey_reopened", note, write_reopened, NULL};
    int rc = note_missing(w, note);
    return rc < 0 ? rc : mark_all(w, &m);
}

/* A new inquiry takes the place of one that was not answered. */
static int write_asked(struct work *w, int64_t event_no, int64_t item,
                       const struct levy_survey_one_row *s, const void *arg)
{
    const struct survey_asked *asked = arg;
    const struct levy_income_inquiry_open_in in = {.person_id = s->person_id,
                                                   .income_year = s->income_year};
    struct levy_income_inquiry_open_list open;
    struct levy_income_inquiry row = {.person_id = s->person_id,
                                      .income_year = s->income_year,
                                      .municipality = asked->municipality,
                                      .sent_ymd = asked->sent,
                                      .due_ymd = asked->due,
                                      .known_from = event_no};
    struct levy_survey_item item_row = {.survey = SURVEY_INQUIRY,
                                        .person_id = s->person_id,
                                        .household_id = s->household_id,
                                        .household_id_null = s->household_id_null,
                                        .income_year = s->income_year,
                                        .other = asked->municipality,
                                        .facts_no = event_no,
                                        .known_from = event_no};
    (void)item;
    int rc = levy_income_inquiry_open(&w->cx, w->store, &in, &open);
    for (size_t i = 0; i < open.n && rc >= 0; i++) {
        rc = levy_income_inquiry_close(&w->cx, w->store, open.rows[i].income_inquiry_id, event_no);
    }
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.income_inquiry_id);
    rc = rc < 0 ? rc : levy_income_inquiry_insert(&w->cx, w->store, &row);
    if (rc < 0 || open.n > 0) { /* the item of the one before is renewed by the next collection */
        return rc;
    }
    rc = store_ids(&w->cx, w->store, 1, &item_row.survey_item_id);
    return rc < 0 ? rc : levy_survey_item_insert(&w->cx, w->store, &item_row);
}

int survey_ask(struct work *w, const int64_t *items, size_t n, const struct survey_asked *asked)
{
    const struct marks m = {items,       n,    "levy.income_inquiry", asked->municipality,
                            write_asked, asked};
    if (asked->municipality.n == 0 || ymd_is_none(asked->due) || asked->due.day < asked->sent.day) {
        return fail(&w->cx, ERR_INVALID, "levy.survey.asked", NULL);
    }
    return mark_all(w, &m);
}
