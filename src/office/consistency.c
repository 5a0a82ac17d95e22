/* consistency: runs the desks' checks and keeps their findings as facts. */
#include "office/consistency.h"
#include "office/list_inner.h"

#include <stdlib.h>
#include <string.h>

enum { SOON_DAYS = 30, INPUTS = 24, FOUND_COLUMNS = 4 };

const struct consistency_check *check_at(size_t i, const struct desk **desk)
{
    size_t n;
    const struct desk *const *desks = office_desks(&n);
    for (size_t d = 0; d < n; d++) {
        if (i < desks[d]->n_checks) {
            *desk = desks[d];
            return &desks[d]->checks[i];
        }
        i -= desks[d]->n_checks;
    }
    return NULL;
}

const struct consistency_check *check_find(struct str name)
{
    const struct desk *desk;
    const struct consistency_check *c;
    for (size_t i = 0; (c = check_at(i, &desk)) != NULL; i++)
        if (str_is(name, c->name))
            return c;
    return NULL;
}

static const struct store_statement *statement_of(struct work *w, const struct desk *desk,
                                                  const struct consistency_check *c)
{
    struct str name = str_format(w->cx.arena, "%s.%s", desk->name, c->name);
    for (size_t i = 0; name.p && i < desk->schema->n_statements; i++)
        if (str_is(name, desk->schema->statements[i]->name))
            return desk->schema->statements[i];
    return NULL;
}

/* --- what a check looks at ------------------------------------------------------------------ */

static struct ymd day_named(const struct work *w, struct str name)
{
    struct str rest = name;
    struct str word = str_cut(&rest, '_');
    int64_t n = 0;
    int year = ymd_fiscal_year(w->asof.valid);
    if (str_is(name, "soon"))
        return ymd_add(w->asof.valid, SOON_DAYS);
    if (str_is(name, "levy_day"))
        return ymd_of(year, 1, 1);
    if (str_is(name, "year_from"))
        return ymd_of(year, 4, 1);
    if (str_is(name, "year_to"))
        return ymd_of(year + 1, 4, 1);
    if (str_is(word, "ago") && str_to_int(rest, &n))
        return ymd_add(w->asof.valid, (int)-n);
    if (str_is(word, "born") && str_to_int(rest, &n))
        return list_birthday_bound(ymd_add(w->asof.valid, 1), n);
    if (str_is(word, "reached") && str_to_int(rest, &n))
        return list_reached_bound(ymd_add(w->asof.valid, 1), n);
    return w->asof.valid; /* day, asof_valid */
}

static void input_fill(struct work *w, const struct store_field *f, struct store_value *v)
{
    int year = ymd_fiscal_year(w->asof.valid);
    *v = (struct store_value){.type = f->type};
    if (f->type == ST_ID)
        v->i = w->asof.known;
    else if (f->type == ST_COUNT)
        v->i = strcmp(f->name, "income_year") == 0 ? year - 1 : year;
    if (f->type == ST_DAY) {
        ymd_format(day_named(w, str_of(f->name)), v->scratch);
        v->s = (struct str){v->scratch, 10};
    }
}

/* --- what it found -------------------------------------------------------------------------- */

struct found {
    int64_t person_id, household_id;
    struct str subject, facts;
    int64_t finding_id; /* of one that is kept already */
    bool is_settled;    /* a person called it right */
};
struct found_list {
    struct found *rows;
    size_t n, room;
};

static int found_order(const void *a, const void *b)
{
    const struct found *x = a;
    const struct found *y = b;
    int order = str_compare(x->subject, y->subject);
    if (order == 0)
        order = str_compare(x->facts, y->facts);
    return order;
}

static int found_add(struct work *w, struct found_list *l, const struct found *f)
{
    if (l->n == l->room) {
        size_t room = l->room > 0 ? 2 * l->room : 64;
        struct found *rows = ARENA_ARRAY(w->cx.arena, room, struct found);
        if (!rows)
            return out_of_memory(w);
        if (l->n > 0)
            memcpy(rows, l->rows, l->n * sizeof *rows);
        l->rows = rows;
        l->room = room;
    }
    l->rows[l->n] = *f;
    l->rows[l->n].subject = str_copy(w->cx.arena, f->subject);
    l->rows[l->n].facts = str_copy(w->cx.arena, f->facts);
    bool whole = l->rows[l->n].subject.p && l->rows[l->n].facts.p;
    l->n++;
    return whole ? OK : out_of_memory(w);
}

static void found_sort(struct found_list *l)
{
    if (l->n > 1)
        qsort(l->rows, l->n, sizeof *l->rows, found_order);
}

static int check_run(struct work *w, const struct store_statement *q, struct found_list *out)
{
    struct store_value in[INPUTS];
    struct store_value row[FOUND_COLUMNS];
    struct store_cursor *c;
    if (q->parameters > INPUTS || q->columns != FOUND_COLUMNS)
        return fail(&w->cx, ERR_INVALID, "office.check_shape", "%s", q->name);
    for (int i = 0; i < q->parameters; i++)
        input_fill(w, &q->in[i], &in[i]);
    int rc = store_query(&w->cx, w->store, q, in, &c);
    if (rc < 0)
        return error_add(&w->cx, "check %s", q->name);
    for (rc = store_step(&w->cx, c, row); rc > 0; rc = store_step(&w->cx, c, row)) {
        struct found f = {row[0].i, row[1].i, row[2].s, row[3].s, 0, false};
        rc = found_add(w, out, &f);
        if (rc < 0)
            break;
    }
    store_cursor_close(c);
    found_sort(out);
    return rc < 0 ? error_add(&w->cx, "check %s", q->name) : OK;
}

static int kept_read(struct work *w, const char *kind, struct found_list *out)
{
    struct office_db_findings_of_list list;
    int rc = office_db_findings_of(&w->cx, w->store,
                                   &(struct office_db_findings_of_in){str_of(kind)}, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct office_db_findings_of_row *r = &list.rows[i];
        struct found f = {r->person_id, r->household_id, r->subject,
                          r->facts,     r->finding_id,   r->is_settled};
        rc = found_add(w, out, &f);
    }
    found_sort(out);
    return rc;
}

/* --- what changes ----------------------------------------------------------------------------- */

struct difference {
    struct found_list opened; /* found, not kept */
    struct found_list gone;   /* kept open, not found */
    int64_t same;
};

static int compare(struct work *w, const struct found_list *found, const struct found_list *kept,
                   struct difference *d)
{
    size_t i = 0;
    size_t k = 0;
    int rc = OK;
    while (rc >= 0 && (i < found->n || k < kept->n)) {
        int order = i == found->n  ? 1
                    : k == kept->n ? -1
                                   : found_order(&found->rows[i], &kept->rows[k]);
        if (order < 0) {
            bool again = i > 0 && found_order(&found->rows[i - 1], &found->rows[i]) == 0;
            rc = again ? OK : found_add(w, &d->opened, &found->rows[i]);
            i++;
        } else if (order > 0) {
            if (!kept->rows[k].is_settled)
                rc = found_add(w, &d->gone, &kept->rows[k]);
            k++;
        } else {
            d->same += kept->rows[k].is_settled ? 0 : 1;
            for (const struct found *f = &found->rows[i++];
                 k < kept->n && found_order(f, &kept->rows[k]) == 0; k++)
                continue;
        }
    }
    return rc;
}

static int opened_write(struct work *w, const char *kind, int64_t event_no,
                        const struct found_list *l)
{
    struct office_db_consistency_finding *rows =
        ARENA_ARRAY(w->cx.arena, l->n + 1, struct office_db_consistency_finding);
    int64_t id = 0;
    if (!rows)
        return out_of_memory(w);
    int rc = l->n > 0 ? store_ids(&w->cx, w->store, (int64_t)l->n, &id) : OK;
    for (size_t i = 0; i < l->n; i++)
        rows[i] = (struct office_db_consistency_finding){.finding_id = id + (int64_t)i,
                                                         .kind = str_of(kind),
                                                         .person_id = l->rows[i].person_id,
                                                         .household_id = l->rows[i].household_id,
                                                         .subject = l->rows[i].subject,
                                                         .facts = l->rows[i].facts,
                                                         .found_ymd = w->asof.valid,
                                                         .known_from = event_no};
    return rc < 0 || l->n == 0 ? rc
                               : office_db_consistency_finding_bulk(&w->cx, w->store, rows, l->n);
}

static int gone_write(struct work *w, int64_t event_no, const struct found_list *l)
{
    struct office_db_consistency_result *rows =
        ARENA_ARRAY(w->cx.arena, l->n + 1, struct office_db_consistency_result);
    int64_t *keys = ARENA_ARRAY(w->cx.arena, l->n + 1, int64_t);
    int64_t id = 0;
    if (!rows || !keys)
        return out_of_memory(w);
    int rc = l->n > 0 ? store_ids(&w->cx, w->store, (int64_t)l->n, &id) : OK;
    for (size_t i = 0; i < l->n; i++) {
        keys[i] = l->rows[i].finding_id;
        rows[i] = (struct office_db_consistency_result){.result_id = id + (int64_t)i,
                                                        .finding_id = keys[i],
                                                        .state = FINDING_GONE,
                                                        .reason = STR(""),
                                                        .known_from = event_no};
    }
    if (rc < 0 || l->n == 0)
        return rc;
    rc = office_db_consistency_result_bulk(&w->cx, w->store, rows, l->n);
    return rc < 0
               ? rc
               : office_db_consistency_finding_close_many(&w->cx, w->store, keys, l->n, event_no);
}

/* --- the job: one check is one chunk -------------------------------------------------------- */

static int difference_write(struct work *w, struct job *job, const char *kind,
                            const struct difference *d)
{
    struct event e = work_event(w, "office.consistency");
    int rc = OK;
    e.reason = str_of(kind);
    if (d->opened.n + d->gone.n > 0) {
        rc = work_event_open(w, &e);
        if (rc >= 0)
            rc = opened_write(w, kind, e.no, &d->opened);
        if (rc >= 0)
            rc = gone_write(w, e.no, &d->gone);
    }
    if (rc >= 0)
        rc = job_figure(w, job, kind, (int64_t)d->opened.n + d->same);
    return rc < 0 ? rc : job_checkpoint(w, job);
}

static int check_chunk(struct work *w, struct job *job, const struct desk *desk,
                       const struct consistency_check *c)
{
    struct found_list found = {NULL, 0, 0};
    struct found_list kept = {NULL, 0, 0};
    struct difference d = {.same = 0};
    const struct store_statement *q = statement_of(w, desk, c);
    if (!q)
        return fail(&w->cx, ERR_NOT_FOUND, "office.check_shape", "%s.%s", desk->name, c->name);
    int rc = STORE_BEGIN_READ(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = check_run(w, q, &found);
    if (rc >= 0)
        rc = kept_read(w, c->name, &kept);
    store_rollback(w->store);
    if (rc >= 0)
        rc = compare(w, &found, &kept, &d);
    if (rc >= 0)
        rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = difference_write(w, job, c->name, &d);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

int consistency_job(struct work *w, struct job *job)
{
    struct job_progress *p = job_progress(job);
    struct str as_of = job_option(job, "as-of");
    const struct desk *desk;
    struct ymd day;
    w->asof = (struct asof){as_of.n > 0 && ymd_parse(as_of, &day) ? day : w->today, KNOWN_NOW};
    for (p->total = 0; check_at((size_t)p->total, &desk); p->total++)
        continue;
    const struct consistency_check *c = check_at((size_t)p->cursor, &desk);
    if (!c)
        return OK;
    p->cursor++;
    p->done++;
    int rc = check_chunk(w, job, desk, c);
    return rc < 0 ? rc : 1;
}

/* --- a person's word ------------------------------------------------------------------------ */

static int word_check(struct work *w, const struct office_db_finding_row_row *f,
                      const struct finding_word *word)
{
    struct event e;
    if (!f->state_null)
        return fail(&w->cx, ERR_STALE, "office.finding_closed", STR_FMT, STR_ARG(f->subject));
    if (word->state == FINDING_RIGHT)
        return str_trim(word->reason).n > 0
                   ? OK
                   : fail(&w->cx, ERR_INVALID, "office.finding_reason", NULL);
    int rc = event_get(&w->cx, w->store, word->corrected_by, &e);
    if (rc == ERR_NOT_FOUND) {
        error_clear(&w->cx);
        return fail(&w->cx, ERR_INVALID, "office.finding_event", "%lld",
                    (long long)word->corrected_by);
    }
    if (rc < 0)
        return rc;
    bool other = f->person_id > 0 && e.person_id > 0 && e.person_id != f->person_id;
    bool other_home =
        f->household_id > 0 && e.household_id > 0 && e.household_id != f->household_id;
    if (word->corrected_by <= f->known_from || other || (other_home && e.person_id == 0))
        return fail(&w->cx, ERR_INVALID, "office.finding_event", "%lld",
                    (long long)word->corrected_by);
    return OK;
}

static int word_write(struct work *w, int64_t finding_id, const struct office_db_finding_row_row *f,
                      const struct finding_word *word)
{
    struct event e = work_event(w, "office.finding");
    struct office_db_consistency_result row = {.finding_id = finding_id,
                                               .state = word->state,
                                               .corrected_by = word->corrected_by,
                                               .reason = word->reason.p ? word->reason : STR(""),
                                               .settled_by = w->actor->user_id};
    e.person_id = f->person_id;
    e.household_id = f->household_id;
    e.reason = row.reason;
    int rc = work_event_open(w, &e);
    if (rc >= 0)
        rc = store_ids(&w->cx, w->store, 1, &row.result_id);
    row.known_from = e.no;
    if (rc >= 0)
        rc = office_db_consistency_result_insert(&w->cx, w->store, &row);
    return rc < 0 ? rc : office_db_consistency_finding_close(&w->cx, w->store, finding_id, e.no);
}

int finding_close(struct work *w, int64_t finding_id, const struct finding_word *word)
{
    struct office_db_finding_row_row f;
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc =
        office_db_finding_row(&w->cx, w->store, &(struct office_db_finding_row_in){finding_id}, &f);
    if (rc == 0)
        rc = fail(&w->cx, ERR_NOT_FOUND, "office.finding_missing", "%lld", (long long)finding_id);
    if (rc >= 0)
        rc = word_check(w, &f, word);
    if (rc >= 0)
        rc = word_write(w, finding_id, &f, word);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "close finding %lld", (long long)finding_id);
}
