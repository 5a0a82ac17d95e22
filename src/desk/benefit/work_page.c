/* What was received: applications and unjust enrichment, newest first, by person, kind and batch.
 */
#include "benefit_pages.h"
#include "benefit_sql.h"
#include "desk/benefit/inner.h"

enum { SHOWN = 50, PEOPLE = 200 };
#define AFTER_ALL STR("9999999999") /* no number is greater */

const char *benefit_kind_message(struct str kind)
{
    return str_is(kind, "high_cost")              ? "benefit.kind.high_cost"
           : str_is(kind, "care_expense")         ? "benefit.kind.care_expense"
           : str_is(kind, "special_care_expense") ? "benefit.kind.special_care_expense"
                                                  : "benefit.kind.unjust_enrichment";
}

/* What is asked for, and the rows that fit. */
struct asked {
    struct str kind, before;
    int64_t batch; /* 0: every */
    struct benefit_cases_newest_row *rows;
    size_t n;
};

#define TAKE_ROWS(a, list)                                                                         \
    do {                                                                                           \
        (a)->n = (list).n;                                                                         \
        for (size_t i = 0; i < (list).n; i++)                                                      \
            (a)->rows[i] = (struct benefit_cases_newest_row){                                      \
                (list).rows[i].no,         (list).rows[i].kind,      (list).rows[i].batch_no,      \
                (list).rows[i].sheet,      (list).rows[i].person_id, (list).rows[i].treated_from,  \
                (list).rows[i].treated_to, (list).rows[i].yen,       (list).rows[i].received_ymd}; \
    } while (0)

static int find_newest(struct work *w, struct asked *a)
{
    const struct benefit_cases_newest_in in = {a->kind, a->before, SHOWN + 1};
    struct benefit_cases_newest_list list;
    const int rc = benefit_cases_newest(&w->cx, w->store, &in, &list);

    if (rc >= 0)
        TAKE_ROWS(a, list);
    return rc;
}

static int find_of_batch(struct work *w, struct asked *a)
{
    const struct benefit_cases_of_batch_in in = {a->batch, a->kind, a->before, SHOWN + 1};
    struct benefit_cases_of_batch_list list;
    const int rc = benefit_cases_of_batch(&w->cx, w->store, &in, &list);

    if (rc >= 0)
        TAKE_ROWS(a, list);
    return rc;
}

static int find_of_people(struct work *w, const struct search_words *words, struct asked *a)
{
    struct id_list ids;
    struct benefit_cases_of_people_list list;
    int rc = eligibility_search(w, words, PEOPLE, &ids);

    if (rc < 0)
        return rc;
    const struct benefit_cases_of_people_in in = {.person_ids = {ids.ids, ids.n},
                                                  .batch_no = a->batch,
                                                  .kind = a->kind,
                                                  .before = a->before,
                                                  .n = SHOWN + 1};
    rc = benefit_cases_of_people(&w->cx, w->store, &in, &list);
    if (rc >= 0)
        TAKE_ROWS(a, list);
    return rc;
}

/* A word that cannot be searched for is told on the page, not thrown. */
static int tell_problem(struct work *w, struct benefit_work_view *v)
{
    const struct message *m = message_find(w->cx.error.message);

    v->problem = str_of(m ? m->text : w->cx.error.message);
    v->advice = str_of(m && m->advice ? m->advice : "");
    error_clear(&w->cx);
    return OK;
}

static int find(struct work *w, struct str box, struct asked *a, struct benefit_work_view *v)
{
    struct search_words words;
    const int rc = party_search_words(&w->cx, box, &words);

    a->rows = ARENA_ARRAY(w->cx.arena, SHOWN + 1, struct benefit_cases_newest_row);
    if (!a->rows)
        return benefit_memory(w);
    if (rc == ERR_INVALID)
        return tell_problem(w, v);
    if (rc < 0)
        return rc;
    return words.n > 0    ? find_of_people(w, &words, a)
           : a->batch > 0 ? find_of_batch(w, a)
                          : find_newest(w, a);
}

/* --- shown --------------------------------------------------------------------------------------
 */

static const struct person *person_of(const struct person_list *people, int64_t id)
{
    for (size_t i = 0; i < people->n; i++) {
        if (people->rows[i].person_id == id)
            return &people->rows[i];
    }
    return NULL;
}

static void fill_row(struct work *w, const struct benefit_cases_newest_row *c,
                     const struct person *p, struct benefit_work_cases_row *row)
{
    const bool is_unjust = str_is(c->kind, "unjust_enrichment");

    *row = (struct benefit_work_cases_row){.link = str_format(w->cx.arena, "/benefit/%s/" STR_FMT,
                                                              is_unjust ? "unjust" : "application",
                                                              STR_ARG(c->no)),
                                           .no = c->no,
                                           .kind = benefit_kind_message(c->kind),
                                           .is_unjust = is_unjust,
                                           .person_no = p ? p->person_no : STR(""),
                                           .name = p ? p->name : STR(""),
                                           .kana = p ? p->kana : STR(""),
                                           .birth = p ? p->birth : YMD_NONE,
                                           .hidden = p && p->is_protected,
                                           .treated_from = c->treated_from,
                                           .treated_to = c->treated_to,
                                           .is_span = c->treated_to.n != c->treated_from.n,
                                           .yen = c->yen,
                                           .received = c->received_ymd,
                                           .batch = c->batch_no,
                                           .sheet = c->sheet};
}

static int fill(struct work *w, const struct asked *a, struct benefit_work_view *v)
{
    const size_t n = a->n > SHOWN ? SHOWN : a->n;
    struct person_list people;
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n + 1, int64_t);
    struct benefit_work_cases_row *rows =
        ARENA_ARRAY(w->cx.arena, n + 1, struct benefit_work_cases_row);

    if (!ids || !rows)
        return benefit_memory(w);
    for (size_t i = 0; i < n; i++)
        ids[i] = a->rows[i].person_id;
    const int rc = party_people(w, ids, n, &people);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        fill_row(w, &a->rows[i], person_of(&people, a->rows[i].person_id), &rows[i]);
    v->cases = rows;
    v->n_cases = rc < 0 ? 0 : n;
    v->has_more = a->n > SHOWN;
    v->last = n > 0 ? a->rows[n - 1].no : STR("");
    return rc;
}

int benefit_show_work(struct work *w, struct request *rq, struct reply *rp)
{
    struct benefit_ask_form form;
    struct benefit_work_view v = {.ask = &form};
    int rc = benefit_ask_form_read(&w->cx, rq, &form);

    if (rc == ERR_INVALID) {
        error_clear(&w->cx); /* the form shows its problems, the table everything */
        form = (struct benefit_ask_form){.state = form.state};
    } else if (rc < 0) {
        return rc;
    }
    const struct asked wanted = {.kind = str_or_empty(form.kind),
                                 .before = form.before.n > 0 ? form.before : AFTER_ALL,
                                 .batch = form.batch > 0 ? form.batch : 0};
    struct asked a = wanted;
    v.q = str_or_empty(form.q);
    v.kind = wanted.kind;
    v.batch_asked = a.batch > 0 ? str_format(w->cx.arena, "%lld", (long long)a.batch) : STR("");
    v.is_later = form.before.n > 0;
    if (rc >= 0) {
        form.before = STR(""); /* another search begins at the newest */
        form.state.rq = NULL;  /* so the fields show what was understood */
    }
    rc = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                             .purpose = STR("benefit.work"),
                                             .query = str_format(w->cx.arena,
                                                                 STR_FMT " " STR_FMT " " STR_FMT,
                                                                 STR_ARG(v.q), STR_ARG(v.kind),
                                                                 STR_ARG(v.batch_asked)),
                                             .count = -1});
    rc = rc < 0 ? rc : find(w, v.q, &a, &v);
    rc = rc < 0 ? rc : fill(w, &a, &v);
    rc = rc < 0 ? rc : audit_outcome(w, OK, (int64_t)v.n_cases);
    if (rc >= 0)
        benefit_page_work(&rp->body, rq->frame, &v);
    return rc;
}
