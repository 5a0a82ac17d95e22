/* The register's database: made, opened, lived in, asked. */
#include "outside/register/inner.h"

#include <string.h>
#include <unistd.h>

extern const unsigned char register_format_changes[], register_format_residents[];
extern const size_t register_format_changes_size, register_format_residents_size;

enum { NEW_PEOPLE = 500000001, NEW_HOUSEHOLDS = 50000001 };

void register_start(void)
{
    store_schema_add(&register_db_schema);
}

int register_no_memory(struct register_office *r)
{
    return fail(&r->cx, ERR_MEMORY, "register.memory", NULL);
}

/* What failed is told to the one who opened the register. */
static int told(struct register_office *r, int result)
{
    if (result < 0)
        r->opener->error = r->cx.error;
    return result;
}

/* --- what it knows of itself
 * ----------------------------------------------------------------------- */

static int state_get(struct register_office *r, const char *name, int64_t *out)
{
    struct register_db_state_of_row row;
    const struct register_db_state_of_in in = {str_of(name)};
    const int result = register_db_state_of(&r->cx, r->store, &in, &row);

    if (result < 0)
        return result;
    return result == 1 && str_to_int(row.value, out)
               ? OK
               : fail(&r->cx, ERR_NOT_FOUND, "register.missing", "%s", name);
}

static int state_put(struct register_office *r, const char *name, int64_t value)
{
    const struct register_db_state_put_in in = {str_of(name),
                                                str_format(r->cx.arena, "%lld", (long long)value)};
    return in.value.p ? register_db_state_put(&r->cx, r->store, &in) : register_no_memory(r);
}

static int numbers_get(struct register_office *r)
{
    int64_t today = 0, seed = 0;
    int result = state_get(r, "today", &today);

    if (result >= 0)
        result = state_get(r, "seed", &seed);
    if (result >= 0)
        result = state_get(r, "pace", &r->pace);
    if (result >= 0)
        result = state_get(r, "next_person", &r->next_person);
    if (result >= 0)
        result = state_get(r, "next_household", &r->next_household);
    if (result >= 0)
        result = state_get(r, "next_sequence", &r->next_sequence);
    r->today = (struct ymd){(int32_t)today};
    r->seed = (uint64_t)seed;
    return result;
}

static int numbers_put(struct register_office *r)
{
    int result = state_put(r, "today", r->today.day);

    if (result >= 0)
        result = state_put(r, "seed", (int64_t)r->seed);
    if (result >= 0)
        result = state_put(r, "pace", r->pace);
    if (result >= 0)
        result = state_put(r, "next_person", r->next_person);
    if (result >= 0)
        result = state_put(r, "next_household", r->next_household);
    return result < 0 ? result : state_put(r, "next_sequence", r->next_sequence);
}

/* --- people and households in memory
 * ------------------------------------------------------------------ */

static struct str keep(struct register_office *r, struct str s)
{
    return s.n ? str_copy(&r->arena, s) : STR("");
}

static struct register_resident resident_of(struct register_office *r,
                                            const struct register_db_residents_row *p)
{
    return (struct register_resident){.person_no = keep(r, p->person_no),
                                      .household_no = keep(r, p->household_no),
                                      .relation = keep(r, p->relation),
                                      .name = keep(r, p->name),
                                      .kana = keep(r, p->kana),
                                      .real_name = keep(r, p->real_name),
                                      .birth = p->birth_ymd,
                                      .sex = keep(r, p->sex),
                                      .death = p->death_ymd,
                                      .nationality = keep(r, p->nationality),
                                      .stay_status = keep(r, p->stay_status),
                                      .stay_until = p->stay_until,
                                      .from = p->resident_from,
                                      .to = p->resident_to,
                                      .ended_by = keep(r, p->ended_by)};
}

static int load_people(struct register_office *r)
{
    struct register_db_residents_list list;
    const int result = register_db_residents(&r->cx, r->store, &list);

    if (result < 0)
        return result;
    r->cap = list.n + 4096;
    r->people = ARENA_ARRAY(&r->arena, r->cap, struct register_resident);
    r->is_changed = ARENA_ARRAY(&r->arena, r->cap, bool);
    if (!r->people || !r->is_changed)
        return register_no_memory(r);
    for (size_t i = 0; i < list.n; i++)
        r->people[r->n++] = resident_of(r, &list.rows[i]);
    return OK;
}

static int load_homes(struct register_office *r)
{
    struct register_db_homes_list list;
    const int result = register_db_homes(&r->cx, r->store, &list);

    if (result < 0)
        return result;
    r->cap_homes = list.n + 2048;
    r->homes = ARENA_ARRAY(&r->arena, r->cap_homes, struct home);
    if (!r->homes)
        return register_no_memory(r);
    for (size_t i = 0; i < list.n; i++) {
        const struct register_db_homes_row *h = &list.rows[i];
        r->homes[r->n_homes++] = (struct home){.no = keep(r, h->household_no),
                                               .postal_code = keep(r, h->postal_code),
                                               .city_code = keep(r, h->city_code),
                                               .prefecture = keep(r, h->prefecture),
                                               .city = keep(r, h->city),
                                               .town_code = keep(r, h->town_code),
                                               .town = keep(r, h->town),
                                               .number = keep(r, h->number),
                                               .building = keep(r, h->building),
                                               .last = h->last_ymd};
    }
    return OK;
}

static int save_people(struct register_office *r)
{
    int result = OK;

    for (size_t i = 0; i < r->n && result >= 0; i++) {
        const struct register_resident *p = &r->people[i];
        if (!r->is_changed[i])
            continue;
        const struct register_db_resident_put_in in = {
            p->person_no,   p->household_no, p->relation, p->name,  p->kana,
            p->real_name,   p->birth,        p->sex,      p->death, p->nationality,
            p->stay_status, p->stay_until,   p->from,     p->to,    p->ended_by};
        result = register_db_resident_put(&r->cx, r->store, &in);
        r->is_changed[i] = false;
    }
    return result;
}

static int save_homes(struct register_office *r)
{
    int result = OK;

    for (size_t i = 0; i < r->n_homes && result >= 0; i++) {
        struct home *h = &r->homes[i];
        if (!h->is_changed)
            continue;
        const struct register_db_home_put_in in = {h->no,         h->postal_code, h->city_code,
                                                   h->prefecture, h->city,        h->town_code,
                                                   h->town,       h->number,      h->building,
                                                   h->last};
        result = register_db_home_put(&r->cx, r->store, &in);
        h->is_changed = false;
    }
    return result;
}

/* --- opening
 * ------------------------------------------------------------------------------------------- */

static int columns_of(struct register_office *r)
{
    const struct str changes = {(const char *)register_format_changes,
                                register_format_changes_size};
    const struct str residents = {(const char *)register_format_residents,
                                  register_format_residents_size};
    const int result =
        columns_read(&r->cx, &r->arena, "resident_changes", changes, &r->change_columns);

    return result < 0
               ? result
               : columns_read(&r->cx, &r->arena, "residents", residents, &r->resident_columns);
}

static int office_new(struct context *cx, const char *path, struct register_office **out)
{
    struct register_office *r = memory_alloc(sizeof(*r));

    *out = NULL;
    if (!r)
        return fail(cx, ERR_MEMORY, "register.memory", NULL);
    memset(r, 0, sizeof(*r));
    arena_init(&r->arena, 0);
    r->cx = *cx;
    r->opener = cx;
    const struct str url = str_format(&r->arena, "sqlite:%s", path);
    int result = url.p ? store_open(&r->cx, url.p, STORE_WRITE, &r->store) : register_no_memory(r);
    if (result >= 0)
        result = columns_of(r);
    if (result >= 0)
        result = register_names_read(r);
    *out = r;
    return result;
}

int register_open(struct context *cx, const char *path, struct register_office **out)
{
    int result = access(path, R_OK) == 0 ? office_new(cx, path, out)
                                         : fail(cx, ERR_NOT_FOUND, "register.missing", "%s", path);
    struct register_office *r = result < 0 ? NULL : *out;

    if (result >= 0)
        result = numbers_get(r);
    if (result >= 0)
        result = load_people(r);
    if (result >= 0)
        result = load_homes(r);
    if (result >= 0)
        return OK;
    if (r)
        cx->error = r->cx.error;
    register_close(r);
    *out = NULL;
    return error_add(cx, "open the register %s", path);
}

void register_close(struct register_office *r)
{
    if (!r)
        return;
    store_close(r->store);
    arena_release(&r->arena);
    memory_free(r);
}

struct ymd register_today(const struct register_office *r)
{
    return r->today;
}

size_t register_residents(const struct register_office *r, const struct register_resident **rows)
{
    *rows = r->people;
    return r->n;
}

/* --- making one
 * ----------------------------------------------------------------------------------------- */

struct taking { /* the first residents */
    struct register_office *r;
    const struct columns *columns;
    const struct table_row *row;
};

static struct str taken(const struct taking *t, const char *id)
{
    const struct str s = t->row->fields[column_of(t->columns, id)];
    return s.p ? s : STR("");
}

static struct ymd taken_day(const struct taking *t, const char *id)
{
    struct ymd day;
    return ymd_parse(taken(t, id), &day) ? day : YMD_NONE;
}

static int take_home(const struct taking *t)
{
    const struct register_db_home_put_in in = {taken(t, "household_no"), taken(t, "postal_code"),
                                               taken(t, "city_code"),    taken(t, "prefecture"),
                                               taken(t, "city"),         taken(t, "town_code"),
                                               taken(t, "town"),         taken(t, "number"),
                                               taken(t, "building"),     ymd_add(t->r->today, -1)};
    return register_db_home_put(&t->r->cx, t->r->store, &in);
}

static int take_person(const struct taking *t)
{
    const struct register_db_resident_put_in in = {taken(t, "person_no"),
                                                   taken(t, "household_no"),
                                                   taken(t, "relation"),
                                                   taken(t, "name"),
                                                   taken(t, "kana"),
                                                   taken(t, "real_name"),
                                                   taken_day(t, "birth"),
                                                   taken(t, "sex"),
                                                   taken_day(t, "death"),
                                                   taken(t, "nationality"),
                                                   taken(t, "stay_status"),
                                                   taken_day(t, "stay_until"),
                                                   taken_day(t, "resident_from"),
                                                   taken_day(t, "resident_to"),
                                                   taken(t, "ended_by")};
    const int result = register_db_resident_put(&t->r->cx, t->r->store, &in);
    return result < 0 ? result : take_home(t);
}

static int take_all(struct register_office *r, struct str bytes)
{
    struct table table;
    int result = table_read(&r->cx, &r->arena, &r->resident_columns, bytes, &table);

    if (result >= 0 && (table.all_problems > 0 || table.n == 0))
        result =
            fail(&r->cx, ERR_INVALID, "register.residents", "problems=%zu", table.all_problems);
    for (size_t i = 0; i < table.n && result >= 0; i++) {
        const struct taking t = {r, &r->resident_columns, &table.rows[i]};
        result = take_person(&t);
    }
    return result < 0 ? result : numbers_put(r);
}

static int furnish(struct register_office *r, const struct register_new *n)
{
    r->today = n->day;
    r->seed = n->seed;
    r->pace = n->pace > 0 ? n->pace : 1;
    r->next_person = NEW_PEOPLE;
    r->next_household = NEW_HOUSEHOLDS;
    r->next_sequence = 1;
    int result = STORE_BEGIN(&r->cx, r->store);
    if (result < 0)
        return result;
    result = take_all(r, n->residents);
    if (result >= 0)
        return store_commit(&r->cx, r->store);
    store_rollback(r->store);
    return result;
}

int register_create(struct context *cx, const struct register_new *n)
{
    struct register_office *r = NULL;
    const struct str url = str_format(cx->arena, "sqlite:%s", n->path);
    int result = access(n->path, F_OK) == 0
                     ? fail(cx, ERR_DUPLICATE, "register.exists", "%s", n->path)
                 : url.p ? store_create_named(cx, url.p, "register")
                         : fail(cx, ERR_MEMORY, "register.memory", NULL);

    if (result >= 0)
        result = office_new(cx, n->path, &r);
    if (result >= 0)
        result = furnish(r, n);
    if (result < 0 && r)
        cx->error = r->cx.error;
    register_close(r);
    return result < 0 ? error_add(cx, "make the register %s", n->path) : OK;
}

/* --- living
 * --------------------------------------------------------------------------------------------- */

/* A day hangs on the seed and the date alone, so that it is the same whoever lives it when. */
static int live_one(struct register_office *r)
{
    const struct arena_mark mark = arena_mark(r->cx.arena);
    int result = STORE_BEGIN(&r->cx, r->store);

    if (result < 0)
        return result;
    r->today = ymd_add(r->today, 1);
    prng_seed(&r->prng, r->seed * UINT64_C(1000003) + (uint64_t)r->today.day);
    result = register_live_day(r);
    if (result >= 0)
        result = save_people(r);
    if (result >= 0)
        result = save_homes(r);
    if (result >= 0)
        result = numbers_put(r);
    if (result >= 0)
        result = store_commit(&r->cx, r->store);
    else
        store_rollback(r->store);
    arena_rewind(r->cx.arena, mark);
    return result;
}

int register_live(struct register_office *r, struct ymd day)
{
    int result = OK;

    while (ymd_compare(r->today, day) < 0 && result >= 0)
        result = live_one(r);
    return told(r, result < 0 ? error_add(&r->cx, "live") : OK);
}

/* --- files
 * -----------------------------------------------------------------------------------------------
 */

static void control_kinds(const struct register_db_changes_of_day_list *list,
                          const struct column *kind, struct text *out)
{
    struct str choices = kind->choices;

    while (choices.n > 0) {
        const struct str choice = str_cut(&choices, '|');
        int64_t n = 0;
        for (size_t i = 0; i < list->n; i++)
            n += str_equal(list->rows[i].kind, choice);
        if (n > 0)
            (void)text_addf(out, "," STR_FMT ":" STR_FMT "=%lld", STR_ARG(kind->name),
                            STR_ARG(choice), (long long)n);
    }
}

int register_changes(struct register_office *r, struct ymd day, struct text *out, int64_t *lines)
{
    struct register_db_changes_of_day_list list;
    const struct register_db_changes_of_day_in in = {day};
    int result = register_db_changes_of_day(&r->cx, r->store, &in, &list);

    if (result < 0)
        return told(r, result);
    result = register_header(&r->change_columns, out);
    for (size_t i = 0; i < list.n; i++)
        (void)text_add(out, list.rows[i].line);
    (void)text_addf(out, "CONTROL,%zu", list.n);
    control_kinds(&list, &r->change_columns.rows[column_of(&r->change_columns, "kind")], out);
    (void)text_adds(out, "\r\n");
    if (lines)
        *lines = (int64_t)list.n;
    return told(r, out->failed ? register_no_memory(r) : result);
}

int register_everybody(struct register_office *r, struct text *out, int64_t *lines)
{
    int64_t n = 0;
    int result = register_header(&r->resident_columns, out);

    for (size_t i = 0; i < r->n && result >= 0; i++) {
        if (!resident_is_here(&r->people[i]))
            continue;
        result = resident_line(r, i, out);
        n++;
    }
    (void)text_addf(out, "CONTROL,%lld\r\n", (long long)n);
    if (lines)
        *lines = n;
    return told(r, out->failed ? register_no_memory(r) : result);
}

int register_ask(struct register_office *r, struct str person_no, struct text *out)
{
    struct register_db_changes_of_person_list list;
    const struct register_db_changes_of_person_in in = {person_no};
    const size_t person = resident_find(r, person_no);

    if (person == NOBODY)
        return 0;
    int result = register_header(&r->resident_columns, out);
    if (result >= 0)
        result = resident_line(r, person, out);
    if (result >= 0)
        result = register_db_changes_of_person(&r->cx, r->store, &in, &list);
    if (result >= 0 && list.n > 0)
        result = register_header(&r->change_columns, out);
    for (size_t i = 0; result >= 0 && i < list.n; i++)
        (void)text_add(out, list.rows[i].line);
    return told(r, result < 0 ? result : 1);
}
