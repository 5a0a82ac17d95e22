/* audit: writing lines. A line is durable when audit_write returns; if it cannot be written the
 * caller must not act. */
#include "office/audit_inner.h"

#include <string.h>
#include <unistd.h>

static const char *const class_names[] = {
    [AUDIT_UNDECLARED] = "undeclared", [AUDIT_NONE] = "session", [AUDIT_INQUIRY] = "inquiry",
    [AUDIT_CHANGE] = "change",         [AUDIT_PRINT] = "print",  [AUDIT_OUTPUT] = "output",
};

struct str digest_bytes(const struct digest *d)
{
    return (struct str){(const char *)d->b, sizeof d->b};
}

struct digest audit_content(const struct audit_db_audit_line *row)
{
    struct hasher h;
    hash_init(&h, row->salt);
    if (row->outcome_of_null)
        hash_null(&h);
    else
        hash_int(&h, row->outcome_of);
    hash_int(&h, row->time_us);
    hash_int(&h, row->user_id);
    hash_text(&h, row->user_name);
    hash_text(&h, row->terminal);
    hash_text(&h, row->branch);
    hash_text(&h, row->screen);
    hash_text(&h, row->class);
    hash_int(&h, row->is_off_hours);
    hash_int(&h, row->person_id);
    hash_int(&h, row->household_id);
    hash_int(&h, row->job_id);
    hash_text(&h, row->purpose);
    hash_text(&h, row->conditions);
    hash_int(&h, row->persons);
    hash_int(&h, row->result);
    return hash_end(&h);
}

struct digest audit_link(const struct digest *before, int64_t writer_id, int64_t sequence,
                         int64_t line_no, struct str content)
{
    struct hasher h;
    hash_init(&h, STR_NONE);
    hash_text(&h, digest_bytes(before));
    hash_int(&h, writer_id);
    hash_int(&h, sequence);
    hash_int(&h, line_no);
    hash_text(&h, content);
    return hash_end(&h);
}

struct digest audit_seed(const struct audit_db_audit_writer *row)
{
    struct hasher h;
    hash_init(&h, (struct str){row->seed.p, AUDIT_SALT});
    hash_int(&h, row->writer_id);
    hash_int(&h, row->started_us);
    hash_text(&h, row->host);
    hash_int(&h, row->process);
    return hash_end(&h);
}

/* --- life --------------------------------------------------------------------------------- */

struct audit *audit_new(const char *url)
{
    size_t n = strlen(url) + 1;
    struct audit *a = memory_alloc(sizeof *a + n);
    if (!a)
        return NULL;
    a->url = (char *)(a + 1);
    memcpy(a->url, url, n);
    return a;
}

int audit_ready(struct context *cx, struct audit *a)
{
    if (a->st)
        return OK;
    a->writer_id = 0;
    a->is_settled = true;
    int rc = store_open(cx, a->url, STORE_WRITE, &a->st);
    return rc < 0 ? error_add(cx, "open the audit store") : OK;
}

struct store *audit_store(struct audit *a)
{
    return a->st;
}

int audit_open(struct context *cx, const char *url, struct audit **out)
{
    struct audit *a = audit_new(url);
    if (!a)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    int rc = audit_ready(cx, a);
    if (rc < 0) {
        memory_free(a);
        return rc;
    }
    *out = a;
    return OK;
}

void audit_close(struct audit *a)
{
    if (!a)
        return;
    struct arena arena;
    struct context cx;
    arena_init(&arena, 1 << 20);
    context_init(&cx, env_real(), &arena);
    if (a->st && a->n_waiting > 0 && audit_flush(&cx, a) < 0)
        error_clear(&cx); /* the act is done; only how it ended stays unknown */
    store_close(a->st);
    arena_release(&arena);
    memory_free(a);
}

/* --- one commit --------------------------------------------------------------------------- */

static int writer_begin(struct context *cx, struct audit *a)
{
    char host[65] = "";
    unsigned char seed[AUDIT_SEED];
    struct audit_db_writer_last_row last;
    struct audit_db_audit_writer row = {.started_us = cx->env->now_us(cx->env),
                                        .process = getpid()};
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = 0;
    row.host = str_of(host);
    int rc = audit_db_writer_last(cx, a->st, &last);
    if (rc < 0)
        return rc;
    row.writer_id = last.writer_id;
    cx->env->random(cx->env, seed, AUDIT_SALT);
    row.seed = (struct str){(const char *)seed, sizeof seed};
    struct digest d = audit_seed(&row);
    memcpy(seed + AUDIT_SALT, d.b, sizeof d.b);
    rc = audit_db_audit_writer_insert(cx, a->st, &row);
    if (rc < 0)
        return rc;
    a->writer_id = row.writer_id;
    a->sequence = 0;
    a->link = hash_of(row.seed);
    return OK;
}

static int line_put(struct context *cx, struct audit *a, struct audit_db_audit_line *row)
{
    unsigned char salt[AUDIT_SALT];
    cx->env->random(cx->env, salt, sizeof salt);
    row->writer_id = a->writer_id;
    row->sequence = ++a->sequence;
    row->salt = (struct str){(const char *)salt, sizeof salt};
    struct digest content = audit_content(row);
    row->content = digest_bytes(&content);
    a->link = audit_link(&a->link, row->writer_id, row->sequence, row->line_no, row->content);
    row->link = digest_bytes(&a->link);
    return audit_db_audit_line_insert(cx, a->st, row);
}

static int outcomes_put(struct context *cx, struct audit *a, int64_t *next)
{
    for (size_t i = 0; i < a->n_waiting; i++) {
        const struct audit_outcome_waiting *o = &a->waiting[i];
        struct audit_db_audit_line row = {.line_no = (*next)++,
                                          .outcome_of = o->of_line,
                                          .time_us = cx->env->now_us(cx->env),
                                          .user_id = o->user_id,
                                          .user_name = str_of(o->user_name),
                                          .terminal = STR(""),
                                          .branch = STR(""),
                                          .screen = STR(""),
                                          .class = STR("outcome"),
                                          .purpose = STR(""),
                                          .conditions = STR(""),
                                          .persons = o->count,
                                          .result = o->result};
        int rc = line_put(cx, a, &row);
        if (rc < 0)
            return rc;
    }
    return OK;
}

static int lines_put(struct context *cx, struct audit *a, struct audit_draft *drafts, size_t n)
{
    struct audit_db_line_last_row last;
    int rc = a->writer_id ? OK : writer_begin(cx, a);
    if (rc >= 0)
        rc = audit_db_line_last(cx, a->st, &last);
    if (rc < 0)
        return rc;
    int64_t next = last.line_no;
    rc = outcomes_put(cx, a, &next);
    for (size_t i = 0; i < n && rc >= 0; i++) {
        drafts[i].row.line_no = next++;
        rc = line_put(cx, a, &drafts[i].row);
    }
    return rc;
}

/* The caller must be able to tell "no line, so no act" from its own failures; what the store said
 * goes to the log. */
static int audit_failed(struct context *cx, int rc)
{
    struct error first = cx->error;
    error_clear(cx);
    fail(cx, (enum status)rc, "office.audit.write", NULL);
    fail_detail(cx, "%s %s", first.message, first.detail);
    return error_add(cx, "write the audit line");
}

/* A connection that failed is not trusted with another line. */
static int audit_lost(struct context *cx, struct audit *a, int rc)
{
    store_close(a->st);
    a->st = NULL;
    a->writer_id = 0;
    a->is_settled = true;
    return audit_failed(cx, rc);
}

static int audit_on_disk(struct context *cx, struct audit *a)
{
    const int rc = store_settle(cx, a->st);
    a->is_settled = rc >= 0;
    return rc;
}

/* Where it cannot be had, every line is on disk when its commit returns. */
static void settle_beside(struct context *cx, struct audit *a)
{
    if (a->is_later && store_settle_later(cx, a->st) < 0)
        error_clear(cx);
}

/* Outcomes that wait and the new lines: one transaction, one sync. */
static int audit_commit(struct context *cx, struct audit *a, struct audit_draft *drafts, size_t n)
{
    int rc = audit_ready(cx, a);
    if (rc >= 0)
        rc = FAULT(cx, "audit.write");
    if (rc >= 0)
        settle_beside(cx, a);
    if (rc >= 0)
        rc = STORE_BEGIN(cx, a->st);
    if (rc < 0)
        return audit_failed(cx, rc);
    rc = lines_put(cx, a, drafts, n);
    if (rc >= 0)
        rc = store_commit(cx, a->st);
    else
        store_rollback(a->st);
    a->is_settled = false;
    if (rc >= 0 && !a->is_later)
        rc = audit_on_disk(cx, a);
    if (rc >= 0) {
        a->n_waiting = 0;
        return OK;
    }
    return audit_lost(cx, a, rc);
}

void audit_later(struct audit *a, bool is_later)
{
    a->is_later = is_later;
}

int audit_settle(struct context *cx, struct audit *a)
{
    const int rc = a->is_settled || !a->st ? OK : audit_on_disk(cx, a);
    return rc < 0 ? audit_lost(cx, a, rc) : OK;
}

int audit_flush(struct context *cx, struct audit *a)
{
    return a->n_waiting > 0 ? audit_commit(cx, a, NULL, 0) : OK;
}

/* --- lines -------------------------------------------------------------------------------- */

static int64_t clock_minutes(struct str s)
{
    int64_t hours;
    int64_t minutes;
    struct str rest = s;
    struct str h = str_cut(&rest, ':');
    if (!str_to_int(h, &hours) || !str_to_int(rest, &minutes))
        return -1;
    return hours * 60 + minutes;
}

bool office_is_off_hours(struct context *cx, struct office *o, struct store *st, int64_t now_us)
{
    int64_t japan = now_us + JAPAN_US;
    struct ymd day = {(int32_t)(japan / DAY_US)};
    int64_t minute = japan % DAY_US / MINUTE_US;
    struct str hours = setting_in(cx, o, st, "office.hours");
    int64_t from = clock_minutes(str_cut(&hours, '-'));
    int64_t to = clock_minutes(hours);
    return ymd_is_closed(day) || minute < from || (to >= 0 && minute >= to);
}

static void draft_fill(struct work *w, const struct audit_line *line, struct audit_draft *d)
{
    int64_t now = w->cx.env->now_us(w->cx.env);
    d->row = (struct audit_db_audit_line){
        .outcome_of_null = true,
        .time_us = now,
        .user_id = w->actor->user_id,
        .user_name = str_or_empty(w->actor->user_name),
        .terminal = str_or_empty(w->actor->terminal),
        .branch = str_or_empty(w->actor->branch),
        .screen = str_or_empty(str_of(w->screen)),
        .class = str_of(class_names[line->class]),
        .is_off_hours = office_is_off_hours(&w->cx, w->office, w->store, now),
        .person_id = line->person_id,
        .household_id = line->household_id,
        .job_id = w->job_id,
        .purpose = str_or_empty(line->purpose),
        .conditions = str_or_empty(line->query),
        .persons = line->count,
    };
}

int audit_write_many(struct work *w, const struct audit_line *lines, size_t n)
{
    if (n == 0)
        return OK;
    struct arena_mark mark = arena_mark(w->cx.arena);
    struct audit_draft *drafts = ARENA_ARRAY(w->cx.arena, n, struct audit_draft);
    if (!drafts)
        return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
    for (size_t i = 0; i < n; i++)
        draft_fill(w, &lines[i], &drafts[i]);
    int rc = audit_commit(&w->cx, w->audit, drafts, n);
    if (rc >= 0) {
        w->looks += (unsigned)n;
        w->audit_last = drafts[n - 1].row.line_no;
        w->audit->last_class = lines[n - 1].class;
    }
    arena_rewind(w->cx.arena, mark);
    return rc;
}

int audit_write(struct work *w, const struct audit_line *line)
{
    return audit_write_many(w, line, 1);
}

/* The outcome of an inquiry rides with the next line; that of anything else is synced now. */
int audit_outcome(struct work *w, int result, int64_t count)
{
    struct audit *a = w->audit;
    if (w->audit_last == 0)
        return OK;
    if (a->n_waiting == AUDIT_OUTCOMES) {
        int rc = audit_flush(&w->cx, a);
        if (rc < 0)
            return rc;
    }
    struct audit_outcome_waiting *o = &a->waiting[a->n_waiting++];
    *o = (struct audit_outcome_waiting){.of_line = w->audit_last,
                                        .user_id = w->actor->user_id,
                                        .count = count,
                                        .result = result};
    size_t n = w->actor->user_name.n;
    n = n < sizeof o->user_name - 1 ? n : sizeof o->user_name - 1;
    memcpy(o->user_name, w->actor->user_name.p ? w->actor->user_name.p : "", n);
    w->audit_last = 0;
    return a->last_class == AUDIT_INQUIRY ? OK : audit_flush(&w->cx, a);
}

int audit_sign_in(struct work *w, const struct audit_sign *s)
{
    struct audit_draft d;
    draft_fill(w, &(struct audit_line){.class = AUDIT_NONE, .purpose = s->purpose}, &d);
    d.row.user_id = s->user_id;
    d.row.user_name = str_or_empty(s->user_name);
    d.row.terminal = str_or_empty(s->terminal);
    d.row.branch = str_or_empty(s->branch);
    d.row.screen = str_of(s->screen);
    d.row.result = s->result;
    int rc = audit_commit(&w->cx, w->audit, &d, 1);
    if (rc >= 0)
        w->looks++;
    return rc;
}
