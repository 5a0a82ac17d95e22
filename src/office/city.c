/* city: a city's directory and the office of one process: connections, audit, settings, keys. */
#include "office/inner.h"
#include "office_sql.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OFFICE_MEMORY = 4 << 20, URL_LONGEST = 2000, WORK_MEMORY = 1 << 30 };

const struct actor system_actor = {.user_name = {"system", 6},
                                   .full_name = {"system", 6},
                                   .branch = {"", 0},
                                   .terminal = {"console", 7},
                                   .rights = (UINT64_C(1) << RIGHT_BITS) - 1,
                                   .role = ROLE_ADMINISTRATOR};
static const struct actor visitor = {.user_name = {"", 0},
                                     .full_name = {"", 0},
                                     .branch = {"", 0},
                                     .terminal = {"", 0},
                                     .role = ROLE_CLERK};

/* --- where things lie --------------------------------------------------------------------- */

/* The first line of CITY/which, when there is such a file. */
static int url_line(struct context *cx, const char *path, struct str *out)
{
    struct text t;
    text_init(&t, URL_LONGEST);
    int rc = file_read(cx, path, URL_LONGEST, &t);
    struct str rest = text_str(&t);
    if (rc >= 0)
        *out = str_copy(cx->arena, str_trim(str_cut(&rest, '\n')));
    text_release(&t);
    if (rc >= 0 && !out->p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    return rc < 0 ? rc : OK;
}

int city_url(struct context *cx, const char *city_path, const char *which, struct str *out)
{
    const char *file = strcmp(which, "audit") == 0 ? "audit.db" : "city.db";
    struct str path = str_format(cx->arena, "%s/%s", city_path, which);
    if (!path.p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    if (access(path.p, F_OK) == 0)
        return url_line(cx, path.p, out);
    *out = str_format(cx->arena, "sqlite:%s/%s", city_path, file);
    return out->p ? OK : fail(cx, ERR_MEMORY, "base.memory", NULL);
}

/* --- making one --------------------------------------------------------------------------- */

static int url_write(struct context *cx, const char *city_path, const char *which, struct str url)
{
    if (!url.p || url.n == 0)
        return OK;
    struct str path = str_format(cx->arena, "%s/%s", city_path, which);
    struct str line = str_format(cx->arena, STR_FMT "\n", STR_ARG(url));
    if (!path.p || !line.p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    int rc = file_write(cx, path.p, line);
    if (rc >= 0 && chmod(path.p, 0600) != 0) /* it may hold a password */
        rc = fail(cx, ERR_IO, "office.city_folder", "%s", path.p);
    return rc;
}

static int folder_make(struct context *cx, const struct city_new *c)
{
    struct str key = str_format(cx->arena, "%s/vault.key", c->path);
    if (!key.p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    if (mkdir(c->path, 0700) != 0 && errno != EEXIST)
        return fail(cx, ERR_IO, "office.city_folder", "%s", c->path);
    if (access(key.p, F_OK) == 0)
        return fail(cx, ERR_DUPLICATE, "office.city_exists", "%s", c->path);
    int rc = url_write(cx, c->path, "store", c->store_url);
    if (rc >= 0)
        rc = url_write(cx, c->path, "audit", c->audit_url);
    return rc;
}

static int stores_make(struct context *cx, const struct city_new *c)
{
    struct str store;
    struct str audit;
    struct str key = str_format(cx->arena, "%s/vault.key", c->path);
    int rc = city_url(cx, c->path, "store", &store);
    if (rc >= 0)
        rc = city_url(cx, c->path, "audit", &audit);
    if (rc >= 0)
        rc = store_create(cx, store.p);
    if (rc >= 0)
        rc = store_create_named(cx, audit.p, "audit");
    return rc < 0 ? rc : keys_make(cx, key.p);
}

static int city_row_put(struct context *cx, struct store *st, const struct city_new *c)
{
    struct office_db_city row = {.city_id = 1,
                                 .code = c->code.p ? c->code : STR(""),
                                 .name = c->name,
                                 .is_demo = c->demo,
                                 .made_us = cx->env->now_us(cx->env),
                                 .demo_day =
                                     c->demo && c->demo_day.day > 0 ? c->demo_day : YMD_NONE};
    int rc = STORE_BEGIN(cx, st);
    if (rc < 0)
        return rc;
    rc = office_db_city_insert(cx, st, &row);
    if (rc >= 0)
        return store_commit(cx, st);
    store_rollback(st);
    return rc;
}

static int rows_make(struct context *cx, const struct city_new *c)
{
    struct str url;
    struct store *st;
    struct work w;
    int rc = city_url(cx, c->path, "store", &url);
    if (rc >= 0)
        rc = store_open(cx, url.p, STORE_WRITE, &st);
    if (rc < 0)
        return rc;
    rc = city_row_put(cx, st, c);
    store_close(st);
    if (rc >= 0)
        rc = work_open(&w, cx, c->path, STORE_WRITE);
    if (rc < 0)
        return rc;
    const struct message *m = message_find("office.branch_main");
    rc = branch_add(&w, STR("main"), m ? str_of(m->text) : STR("main"), STR(""));
    if (rc < 0)
        cx->error = w.cx.error;
    work_close(&w);
    return rc;
}

int city_create(struct context *cx, const struct city_new *c)
{
    int rc = folder_make(cx, c);
    if (rc >= 0)
        rc = stores_make(cx, c);
    if (rc >= 0)
        rc = rows_make(cx, c);
    return rc < 0 ? error_add(cx, "make the city %s", c->path) : OK;
}

/* --- the office of a process -------------------------------------------------------------- */

static int office_make(struct context *cx, struct office *o, const char *city_path)
{
    struct str path = str_copy(&o->arena, str_of(city_path));
    struct str url;
    if (!path.p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    o->city_path = path.p;
    if (access(path.p, R_OK | X_OK) != 0)
        return fail(cx, ERR_NOT_FOUND, "office.city_missing", "%s", city_path);
    int rc = city_url(cx, o->city_path, "audit", &url);
    if (rc < 0)
        return rc;
    o->audit = audit_new(url.p);
    return o->audit ? OK : fail(cx, ERR_MEMORY, "base.memory", NULL);
}

int office_open(struct context *cx, const char *city_path, struct office **out)
{
    struct office *o = memory_alloc(sizeof *o);
    if (!o)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    arena_init(&o->arena, OFFICE_MEMORY);
    settings_init(o);
    int rc = office_make(cx, o, city_path);
    if (rc < 0) {
        office_close(o);
        return error_add(cx, "open the city %s", city_path);
    }
    *out = o;
    return OK;
}

void office_close(struct office *o)
{
    if (!o)
        return;
    audit_close(o->audit);
    store_close(o->reader);
    store_close(o->writer);
    settings_release(o);
    keys_release(&o->keys);
    arena_release(&o->arena);
    memory_free(o);
}

int office_city_read(struct context *cx, struct office *o, struct store *st)
{
    struct office_db_city_row_row row;
    if (o->city_read)
        return OK;
    int rc = office_db_city_row(cx, st, &row);
    if (rc <= 0)
        return rc < 0 ? rc : fail(cx, ERR_NOT_FOUND, "office.city_row", "%s", o->city_path);
    o->city_name = str_copy(&o->arena, row.name);
    o->city_code = str_copy(&o->arena, row.code);
    o->is_demo = row.is_demo;
    o->demo_day = row.demo_day;
    o->city_read = true;
    return o->city_name.p && o->city_code.p ? OK : fail(cx, ERR_MEMORY, "base.memory", NULL);
}

static int connection(struct context *cx, struct office *o, enum store_mode mode, struct store **st)
{
    struct str url;
    if (*st)
        return OK;
    int rc = city_url(cx, o->city_path, "store", &url);
    if (rc >= 0)
        rc = store_open(cx, url.p, mode, st);
    if (rc >= 0)
        rc = office_city_read(cx, o, *st);
    return rc;
}

int office_reader(struct context *cx, struct office *o, struct store **out)
{
    int rc = connection(cx, o, STORE_READ, &o->reader);
    *out = o->reader;
    return rc;
}

int office_writer(struct context *cx, struct office *o, struct store **out)
{
    int rc = connection(cx, o, STORE_WRITE, &o->writer);
    *out = o->writer;
    return rc;
}

struct str office_city_name(struct office *o)
{
    return o->city_name.p ? o->city_name : STR("");
}

struct str office_city_code(struct office *o)
{
    return o->city_code.p ? o->city_code : STR("");
}

const char *office_city_path(const struct office *o)
{
    return o->city_path;
}

bool office_is_demo(struct office *o)
{
    return o->is_demo;
}

struct ymd office_today(struct office *o, struct env *env)
{
    return ymd_is_none(o->demo_day) ? env_today(env) : o->demo_day;
}

/* --- works -------------------------------------------------------------------------------- */

static void work_fill(struct work *w, struct context *cx, struct office *o, struct store *st)
{
    *w = (struct work){.cx = *cx, .store = st, .audit = o->audit, .office = o};
    error_clear(&w->cx);
    w->today = office_today(o, cx->env);
    w->asof = (struct asof){.valid = w->today, .known = KNOWN_NOW};
}

int office_work_begin(struct context *cx, struct office *o, const struct session *s,
                      const char *screen, bool write, struct work *out)
{
    struct store *st;
    *out = (struct work){.cx = *cx};
    int rc = write ? office_writer(cx, o, &st) : office_reader(cx, o, &st);
    if (rc < 0)
        return rc;
    work_fill(out, cx, o, st);
    out->actor = s ? &s->actor : &visitor;
    out->session = s;
    out->screen = screen;
    return write ? OK : STORE_BEGIN_READ(cx, st);
}

void office_work_end(struct work *w)
{
    if (w->store && store_in_transaction(w->store))
        store_rollback(w->store);
    w->store = NULL;
}

void office_looks(struct office *o, bool only_looks)
{
    audit_later(o->audit, only_looks);
}

int office_settled(struct context *cx, struct office *o)
{
    return audit_settle(cx, o->audit);
}

int work_open(struct work *w, struct context *cx, const char *city_path, enum store_mode mode)
{
    struct office *o;
    struct store **st;
    *w = (struct work){.cx = *cx};
    int rc = office_open(cx, city_path, &o);
    if (rc < 0)
        return rc;
    o->is_console = true;
    o->console_mode = mode;
    st = mode == STORE_READ ? &o->reader : &o->writer;
    rc = connection(cx, o, mode, st);
    if (rc < 0) {
        office_close(o);
        return error_add(cx, "open the city %s", city_path);
    }
    work_fill(w, cx, o, *st);
    w->actor = &system_actor;
    w->screen = "console";
    return OK;
}

void work_close(struct work *w)
{
    if (w->office)
        office_close(w->office);
    w->office = NULL;
    w->store = NULL;
    w->audit = NULL;
}
