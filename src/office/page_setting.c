/* page_setting: the municipality's choices, and the map of what is stored about persons. */
#include "office/inner_pages.h"

#include <stdio.h>
#include <string.h>

enum { FILES = 32, GROUPS = 64 };

/* --- settings ----------------------------------------------------------------------------- */

static int group_fill(struct work *w, const struct desk *desk, struct office_settings_groups_row *g)
{
    struct office_settings_groups_settings_row *rows =
        ARENA_ARRAY(w->cx.arena, desk->n_settings + 1, struct office_settings_groups_settings_row);
    if (!rows)
        return out_of_memory(w);
    for (size_t i = 0; i < desk->n_settings; i++) {
        const struct setting *s = &desk->settings[i];
        struct str value = setting_get(w, s->key);
        rows[i] = (struct office_settings_groups_settings_row){str_of(s->key), s->about, value,
                                                               str_of(s->initial),
                                                               !str_is(value, s->initial)};
    }
    *g = (struct office_settings_groups_row){desk->label, rows, desk->n_settings};
    return OK;
}

static int checks_fill(struct work *w, const struct desk *desk,
                       struct office_settings_checks_row *rows, size_t *n)
{
    for (size_t i = 0; i < desk->n_entries; i++) {
        struct str key = str_format(w->cx.arena, "check.%s", desk->entries[i].kind);
        if (!key.p)
            return out_of_memory(w);
        rows[(*n)++] =
            (struct office_settings_checks_row){key, desk->entries[i].label, setting_get(w, key.p)};
    }
    return OK;
}

static size_t entries_count(const struct desk *const *desks, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += desks[i]->n_entries;
    return count;
}

static int branches_fill(struct work *w, struct office_settings_view *v)
{
    struct office_db_branches_list list;
    int rc = office_db_branches(&w->cx, w->store, &list);
    struct office_settings_branches_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct office_settings_branches_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : out_of_memory(w);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct office_settings_branches_row){list.rows[i].code, list.rows[i].name};
    v->branches = rows;
    v->n_branches = list.n;
    return OK;
}

static int settings_page(struct work *w, struct request *rq, struct reply *rp,
                         const struct office_branch_form *form)
{
    size_t n;
    const struct desk *const *desks = office_desks(&n);
    struct office_settings_groups_row *groups =
        ARENA_ARRAY(w->cx.arena, n + 1, struct office_settings_groups_row);
    struct office_settings_checks_row *checks =
        ARENA_ARRAY(w->cx.arena, entries_count(desks, n) + 1, struct office_settings_checks_row);
    struct office_settings_view v = {.city = office_city_name(w->office),
                                     .code = w->office->city_code,
                                     .groups = groups,
                                     .checks = checks,
                                     .branch = form};
    if (!groups || !checks)
        return out_of_memory(w);
    int rc = branches_fill(w, &v);
    for (size_t i = 0; i < n && rc >= 0; i++) {
        rc = checks_fill(w, desks[i], checks, &v.n_checks);
        if (rc >= 0 && desks[i]->n_settings > 0)
            rc = group_fill(w, desks[i], &groups[v.n_groups++]);
    }
    if (rc < 0)
        return rc;
    office_page_settings(&rp->body, rq->frame, &v);
    return OK;
}

int settings_show(struct work *w, struct request *rq, struct reply *rp)
{
    return settings_page(w, rq, rp, NULL);
}

int branch_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_branch_form form;
    int rc = office_branch_form_read(&w->cx, rq, &form);
    if (rc >= 0)
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = STR("branch"),
                                                 .query = form.code});
    if (rc >= 0)
        rc = branch_add(w, form.code, form.name, STR(""));
    if (form_is_wrong(w, rp, rc))
        return settings_page(w, rq, rp, &form);
    return rc < 0 ? rc : redirect_saying(rq, rp, "/settings", "office.saved");
}

static const char *about_of(const char *key)
{
    const struct setting *s = setting_find(key);
    const struct entry_kind *e =
        strncmp(key, "check.", 6) == 0 ? entry_kind_find(str_of(key + 6)) : NULL;
    return s ? s->about : e ? e->label : NULL;
}

static int history_fill(struct work *w, struct office_setting_view *v)
{
    struct office_db_setting_history_list list;
    int rc = office_db_setting_history(&w->cx, w->store,
                                       &(struct office_db_setting_history_in){v->key}, &list);
    struct office_setting_history_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct office_setting_history_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : out_of_memory(w);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct office_setting_history_row){list.rows[i].value, list.rows[i].event_no};
    v->history = rows;
    v->n_history = list.n;
    return OK;
}

static int setting_page(struct work *w, struct request *rq, struct reply *rp,
                        const struct office_setting_form *form)
{
    const char *key = str_c(w->cx.arena, rq->part[0]);
    const char *about = key ? about_of(key) : NULL;
    struct office_setting_form own;
    if (!about)
        return fail(&w->cx, ERR_NOT_FOUND, "office.setting_unknown", STR_FMT, STR_ARG(rq->part[0]));
    struct office_setting_view v = {.key = rq->part[0],
                                    .about = about,
                                    .value = setting_get(w, key),
                                    .setting = form};
    if (!form) {
        office_setting_form_init(&own);
        own.value = v.value;
        v.setting = &own;
    }
    int rc = history_fill(w, &v);
    if (rc < 0)
        return rc;
    office_page_setting(&rp->body, rq->frame, &v);
    return OK;
}

int setting_show(struct work *w, struct request *rq, struct reply *rp)
{
    return setting_page(w, rq, rp, NULL);
}

static int setting_put(struct work *w, const char *key, struct office_setting_form *form)
{
    struct str value = form->value.p ? form->value : STR("");
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = form->reason,
                                                 .query = str_of(key)});
    if (rc >= 0)
        rc = setting_set(w, key, value, form->reason);
    if (rc != ERR_INVALID && rc != ERR_DENIED)
        return rc;
    char message[64];
    snprintf(message, sizeof message, "%s", w->cx.error.message);
    error_clear(&w->cx);
    form_problem(&w->cx, &form->state, "value", message, NULL);
    return ERR_INVALID;
}

int setting_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_setting_form form;
    const char *key = str_c(w->cx.arena, rq->part[0]);
    int rc = office_setting_form_read(&w->cx, rq, &form);
    if (rc >= 0)
        rc = key ? setting_put(w, key, &form) : out_of_memory(w);
    if (form_is_wrong(w, rp, rc))
        return setting_page(w, rq, rp, &form);
    if (rc < 0)
        return rc;
    return redirect_saying(rq, rp, "/settings", rc == 1 ? "office.waits" : "office.saved");
}

/* --- data map: from the tables' own words [NHI-CMN-002 NHI-CMN-028] ----------------------- */

struct map { /* being put together */
    struct work *w;
    struct office_data_map_files_row files[FILES];
    size_t n_files;
    struct office_data_map_groups_row groups[GROUPS];
    size_t n_groups;
};

static struct office_data_map_files_row *file_of(struct map *m, const char *name, size_t tables)
{
    for (size_t i = 0; i < m->n_files; i++)
        if (str_is(m->files[i].name, name))
            return &m->files[i];
    if (m->n_files == FILES)
        return NULL;
    struct office_data_map_files_row *f = &m->files[m->n_files];
    f->name = str_of(name);
    f->tables = ARENA_ARRAY(m->w->cx.arena, tables, struct office_data_map_files_tables_row);
    if (!f->tables)
        return NULL;
    m->n_files++;
    return f;
}

static void group_add(struct map *m, const char *name)
{
    for (size_t i = 0; i < m->n_groups; i++)
        if (str_is(m->groups[i].name, name)) {
            m->groups[i].amount++;
            return;
        }
    if (m->n_groups < GROUPS)
        m->groups[m->n_groups++] = (struct office_data_map_groups_row){str_of(name), 1};
}

/* The columns of one table that belong to one file. */
static int table_add(struct map *m, const struct store_table *t, const char *file, size_t tables)
{
    struct office_data_map_files_row *f = file_of(m, file, tables);
    struct office_data_map_files_tables_columns_row *columns =
        ARENA_ARRAY(m->w->cx.arena, (size_t)t->n_columns,
                    struct office_data_map_files_tables_columns_row);
    size_t n = 0;
    if (!f || !columns)
        return out_of_memory(m->w);
    for (int i = 0; i < t->n_columns; i++) {
        const struct store_column *c = &t->columns[i];
        if (strcmp(c->file, file) != 0)
            continue;
        group_add(m, c->group);
        columns[n++] = (struct office_data_map_files_tables_columns_row){
            str_of(c->name), str_of(c->label), str_of(c->group),
            str_of(c->keep), str_of(c->mask),  str_of(c->disclose)};
    }
    struct office_data_map_files_tables_row *row =
        (struct office_data_map_files_tables_row *)(uintptr_t)&f->tables[f->n_tables++];
    *row = (struct office_data_map_files_tables_row){str_of(t->name), str_of(t->about), columns, n};
    return OK;
}

static bool file_seen(const struct store_table *t, int column)
{
    for (int i = 0; i < column; i++)
        if (strcmp(t->columns[i].file, t->columns[column].file) == 0)
            return true;
    return false;
}

static int schema_add(struct map *m, const struct store_schema *s, size_t tables)
{
    int rc = OK;
    for (size_t i = 0; i < s->n_tables && rc >= 0; i++)
        for (int c = 0; c < s->tables[i]->n_columns && rc >= 0; c++)
            if (!file_seen(s->tables[i], c))
                rc = table_add(m, s->tables[i], s->tables[i]->columns[c].file, tables);
    return rc;
}

int data_map_show(struct work *w, struct request *rq, struct reply *rp)
{
    size_t n;
    size_t tables = 0;
    const struct desk *const *desks = office_desks(&n);
    struct map *m = ARENA_NEW(w->cx.arena, struct map);
    if (!m)
        return out_of_memory(w);
    m->w = w;
    for (size_t i = 0; i < n; i++)
        tables += desks[i]->schema ? desks[i]->schema->n_tables : 0;
    int rc = OK;
    for (size_t i = 0; i < n && rc >= 0; i++)
        if (desks[i]->schema)
            rc = schema_add(m, desks[i]->schema, tables);
    if (rc < 0)
        return rc;
    struct office_data_map_view v = {m->files, m->n_files, m->groups, m->n_groups};
    office_page_data_map(&rp->body, rq->frame, &v);
    return OK;
}
