/* The pension payer: pensioners, what cities ask of their pensions, payment days. */
#include "outside/pension/inner.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

extern const unsigned char payer_format_records[], payer_format_residents[];
extern const size_t payer_format_records_size, payer_format_residents_size;

enum { FIRST_AGE = 65, PAYMENTS = 6, LOSS_DAYS = 900, HOLD_DAYS = 700 };

int payer_no_memory(struct payer_office *o)
{
    return fail(&o->cx, ERR_MEMORY, "memory", NULL);
}

int payer_told(struct payer_office *o, int result)
{
    if (result < 0 && o->opener)
        o->opener->error = o->cx.error;
    return result;
}

void payer_start(void)
{
    store_schema_add(&payer_db_schema);
}

/* --- opening ------------------------------------------------------------------------------------
 */

static int read_layout(struct payer_office *o)
{
    const struct str table = {(const char *)payer_format_records, payer_format_records_size};
    const int rc = fixed_layout_read(&o->cx, &o->arena, "pension_records", table, &o->layout);

    if (rc < 0)
        return rc;
    o->control = fixed_record_of(&o->layout, "control");
    o->header = fixed_record_of(&o->layout, "header");
    o->data = fixed_record_of(&o->layout, "data");
    o->trailer = fixed_record_of(&o->layout, "trailer");
    assert(o->control->length == CONTROL_BYTES && o->data->length == RECORD_BYTES);
    return OK;
}

static int state(struct payer_office *o, const char *name, struct str *out)
{
    const struct payer_db_state_of_in q = {str_of(name)};
    struct payer_db_state_of_row row;
    const int rc = payer_db_state_of(&o->cx, o->store, &q, &row);

    *out = rc > 0 ? row.value : STR("0");
    return rc < 0 ? rc : OK;
}

static int make_record(struct payer_office *o, const struct payer_db_pensioners_row *p, char **out)
{
    struct context *cx = &o->cx;
    char *bytes = fixed_new(&o->arena, o->data);
    int64_t sex = 0, payer = 0;
    int rc = bytes ? fixed_put_day(cx, o->data, bytes, "birth", p->birth_ymd) : payer_no_memory(o);

    (void)str_to_int(p->sex, &sex);
    (void)str_to_int(p->payer, &payer);
    rc = rc < 0 ? rc : fixed_put_number(cx, o->data, bytes, "payer", payer);
    rc = rc < 0 ? rc : fixed_put_number(cx, o->data, bytes, "sex", sex);
    rc = rc < 0 ? rc : fixed_put_text(cx, o->data, bytes, "kana", p->kana, NULL);
    rc = rc < 0 ? rc : fixed_put_text(cx, o->data, bytes, "name", p->name, NULL);
    rc = rc < 0 ? rc : fixed_put_text(cx, o->data, bytes, "address", p->address, NULL);
    *out = bytes;
    return rc;
}

static int load(struct payer_office *o)
{
    int rc = read_layout(o);

    rc = rc < 0 ? rc : state(o, "city", &o->city);
    rc = rc < 0 ? rc : state(o, "scheme", &o->scheme);
    rc = rc < 0 ? rc : payer_db_pensioners(&o->cx, o->store, &o->people);
    rc = rc < 0 ? rc : payer_db_instructions(&o->cx, o->store, &o->asked);
    if (rc < 0)
        return rc;
    o->records = ARENA_ARRAY(&o->arena, o->people.n + 1, char *);
    if (!o->records)
        return payer_no_memory(o);
    for (size_t i = 0; i < o->people.n && rc >= 0; i++)
        rc = make_record(o, &o->people.rows[i], &o->records[i]);
    for (size_t i = 0; i < o->asked.n; i++)
        o->next_instruction = o->asked.rows[i].instruction_no >= o->next_instruction
                                  ? o->asked.rows[i].instruction_no + 1
                                  : o->next_instruction;
    return rc;
}

static int office_new(struct context *cx, const char *path, struct payer_office **out)
{
    struct payer_office *o = memory_alloc(sizeof *o);

    *out = o;
    if (!o)
        return fail(cx, ERR_MEMORY, "memory", NULL);
    *o = (struct payer_office){.cx = *cx, .opener = cx, .next_instruction = 1};
    arena_init(&o->arena, 0);
    o->cx.arena = &o->arena;
    const struct str url = str_format(&o->arena, "sqlite:%s", path);
    return url.p ? store_open(&o->cx, url.p, STORE_WRITE, &o->store) : payer_no_memory(o);
}

void payer_close(struct payer_office *o)
{
    if (!o)
        return;
    store_close(o->store);
    arena_release(&o->arena);
    memory_free(o);
}

int payer_open(struct context *cx, const char *path, struct payer_office **out)
{
    *out = NULL;
    int rc = access(path, R_OK) == 0 ? office_new(cx, path, out)
                                     : fail(cx, ERR_NOT_FOUND, "payer.missing", "%s", path);

    rc = rc < 0 ? rc : load(*out);
    if (rc >= 0)
        return OK;
    if (*out)
        cx->error = (*out)->cx.error;
    payer_close(*out);
    *out = NULL;
    return error_add(cx, "open the pension payer %s", path);
}

/* --- making one ---------------------------------------------------------------------------------
 */

struct making {
    struct payer_office *o;
    struct columns columns;
    struct table table;
    struct prng prng;
    const struct payer_new *n;
    int64_t next;
};

static struct str taken(const struct making *m, size_t row, const char *id)
{
    const struct str s = m->table.rows[row].fields[column_of(&m->columns, id)];
    return s.p ? s : STR("");
}

static struct str payer_drawn(struct making *m)
{
    static const char *const others[] = {"501", "594", "686", "700"};

    if (prng_below(&m->prng, 10) > 0)
        return STR("999");
    return str_of(others[prng_below(&m->prng, 4)]);
}

/* Some lose their pension some day, some are not paid once; rather soon than late, so that a
 * training sees it. */
static struct ymd drawn_day(struct making *m, uint64_t one_in, uint64_t within)
{
    const bool is_drawn = prng_below(&m->prng, one_in) == 0;
    const int days = (int)(prng_below(&m->prng, within) * prng_below(&m->prng, within) / within);

    return is_drawn ? ymd_add(m->n->day, days) : YMD_NONE;
}

static int make_pensioner(struct making *m, size_t row)
{
    struct payer_db_pensioner_put_in in = {.kana = taken(m, row, "kana"),
                                           .name = taken(m, row, "name"),
                                           .sex = taken(m, row, "sex")};
    const struct ymd come = ymd_add(m->n->day, 800); /* who comes of age while it is in use */

    if (!ymd_parse(taken(m, row, "birth"), &in.birth_ymd) || taken(m, row, "death").n > 0 ||
        ymd_compare(birthday(in.birth_ymd, FIRST_AGE), come) > 0 || in.kana.n == 0)
        return OK;
    const struct str parts[] = {taken(m, row, "prefecture"), taken(m, row, "city"),
                                taken(m, row, "town"), taken(m, row, "number"),
                                taken(m, row, "building")};
    in.address =
        str_format(&m->o->arena, STR_FMT STR_FMT STR_FMT STR_FMT STR_FMT, STR_ARG(parts[0]),
                   STR_ARG(parts[1]), STR_ARG(parts[2]), STR_ARG(parts[3]), STR_ARG(parts[4]));
    in.pensioner_no = m->next++;
    in.payer = payer_drawn(m);
    in.yearly_yen = YEN((int64_t)(100 + prng_below(&m->prng, 2000)) * 1200);
    in.lost_ymd = drawn_day(m, 8, LOSS_DAYS);
    in.held_ymd = drawn_day(m, 25, HOLD_DAYS);
    return in.address.p ? payer_db_pensioner_put(&m->o->cx, m->o->store, &in)
                        : payer_no_memory(m->o);
}

static int read_residents(struct making *m)
{
    struct payer_office *o = m->o;
    const struct str format = {(const char *)payer_format_residents, payer_format_residents_size};
    int rc = columns_read(&o->cx, &o->arena, "residents", format, &m->columns);

    rc = rc < 0 ? rc : table_read(&o->cx, &o->arena, &m->columns, m->n->residents, &m->table);
    if (rc >= 0 && (m->table.all_problems > 0 || m->table.n == 0))
        return fail(&o->cx, ERR_INVALID, "payer.residents", "problems=%zu", m->table.all_problems);
    return rc;
}

static int furnish(struct payer_office *o, const struct payer_new *n)
{
    struct making *m = ARENA_NEW(&o->arena, struct making);
    const struct payer_db_state_put_in city = {STR("city"), n->city};
    const struct payer_db_state_put_in scheme = {STR("scheme"), n->scheme};
    int rc = m ? OK : payer_no_memory(o);

    if (rc < 0)
        return rc;
    *m = (struct making){.o = o, .n = n, .next = 1};
    prng_seed(&m->prng, n->seed);
    rc = read_residents(m);
    rc = rc < 0 ? rc : STORE_BEGIN(&o->cx, o->store);
    if (rc < 0)
        return rc;
    rc = payer_db_state_put(&o->cx, o->store, &city);
    rc = rc < 0 ? rc : payer_db_state_put(&o->cx, o->store, &scheme);
    for (size_t i = 0; i < m->table.n && rc >= 0; i++)
        rc = make_pensioner(m, i);
    if (rc >= 0)
        return store_commit(&o->cx, o->store);
    store_rollback(o->store);
    return rc;
}

int payer_create(struct context *cx, const struct payer_new *n)
{
    struct payer_office *o = NULL;
    const struct str url = str_format(cx->arena, "sqlite:%s", n->path);
    int rc = access(n->path, F_OK) == 0 ? fail(cx, ERR_DUPLICATE, "payer.exists", "%s", n->path)
             : url.p                    ? store_create_named(cx, url.p, "pension")
                                        : fail(cx, ERR_MEMORY, "memory", NULL);

    rc = rc < 0 ? rc : office_new(cx, n->path, &o);
    rc = rc < 0 ? rc : furnish(o, n);
    if (rc < 0 && o)
        cx->error = o->cx.error;
    payer_close(o);
    return rc < 0 ? error_add(cx, "make the pension payer %s", n->path) : OK;
}

/* --- whom it pays -------------------------------------------------------------------------------
 */

static bool is_paid(const struct payer_db_pensioners_row *p, struct ymd day)
{
    return ymd_compare(birthday(p->birth_ymd, FIRST_AGE), day) <= 0 &&
           (ymd_is_none(p->lost_ymd) || ymd_compare(day, p->lost_ymd) < 0);
}

static int lines_new(struct payer_office *o, size_t n, struct payer_lines *out)
{
    *out = (struct payer_lines){ARENA_ARRAY(&o->arena, n + 1, struct payer_line), 0};
    return out->rows ? OK : payer_no_memory(o);
}

/* The newest instruction that holds on a day; NULL: none, or a stop. */
static const struct payer_db_instructions_row *holds(const struct payer_office *o, size_t person,
                                                     struct ymd day)
{
    const struct payer_db_instructions_row *best = NULL;
    const int64_t no = o->people.rows[person].pensioner_no;

    for (size_t i = 0; i < o->asked.n; i++) {
        const struct payer_db_instructions_row *r = &o->asked.rows[i];
        if (r->pensioner_no == no && ymd_compare(r->from_ymd, day) <= 0 &&
            (!best || ymd_compare(r->from_ymd, best->from_ymd) >= 0))
            best = r;
    }
    return best && !best->is_stop ? best : NULL;
}

int payer_candidates(struct payer_office *o, struct ymd day, struct ymd since, struct text *out,
                     int64_t *n)
{
    const bool is_yearly = ymd_is_none(since);
    struct payer_lines lines;
    int rc = lines_new(o, o->people.n, &lines);

    for (size_t i = 0; i < o->people.n && rc >= 0; i++) {
        const struct payer_db_pensioners_row *p = &o->people.rows[i];
        if (!is_paid(p, day) || (!is_yearly && is_paid(p, since)))
            continue;
        const bool goes_on = is_yearly && holds(o, i, day) != NULL;
        lines.rows[lines.n++] = (struct payer_line){.person = i,
                                                    .reason = goes_on ? "02" : "01",
                                                    .day = day,
                                                    .amount = {p->yearly_yen, YEN(0), YEN(0)}};
    }
    rc = rc < 0 ? rc : payer_write(o, is_yearly ? "00" : "30", day, &lines, out);
    if (n)
        *n = (int64_t)lines.n;
    return payer_told(o, rc);
}

/* --- what it is asked ---------------------------------------------------------------------------
 */

struct asking {
    const char *record;
    struct str notice;
    struct ymd from;
    struct yen first, each;
    size_t person;
};

static struct asking request_of(const struct payer_office *o, const char *record)
{
    struct asking r = {.record = record,
                       .notice = fixed_raw(o->data, record, "notice"),
                       .person = payer_find(o, record)};

    (void)fixed_day(o->data, record, "day", &r.from);
    (void)fixed_number(o->data, record, "amount1", &r.first.n);
    (void)fixed_number(o->data, record, "amount2", &r.each.n);
    if (str_is(r.notice, "61"))
        r.each = r.first;
    return r;
}

static bool is_start(const struct asking *r)
{
    return str_is(r->notice, "01") || str_is(r->notice, "31") || str_is(r->notice, "61");
}

static bool is_told_before(const struct payer_office *o, const struct asking *r)
{
    for (size_t i = 0; i < o->asked.n; i++) {
        const struct payer_db_instructions_row *a = &o->asked.rows[i];
        if (a->pensioner_no == o->people.rows[r->person].pensioner_no &&
            str_equal(a->notice, r->notice) && ymd_compare(a->from_ymd, r->from) == 0)
            return true;
    }
    return false;
}

/* What it says to a request; "00": it does so. */
static const char *judged(const struct payer_office *o, const struct asking *r, struct ymd day)
{
    if (r->person == SIZE_MAX)
        return "11";
    const struct payer_db_pensioners_row *p = &o->people.rows[r->person];
    const struct yen most = r->first.n > r->each.n ? r->first : r->each;
    if (str_is(r->notice, "81"))
        return "00";
    if (str_is(r->notice, "41"))
        return holds(o, r->person, r->from) ? "00" : "15";
    if (!is_paid(p, day))
        return "12";
    if (2 * PAYMENTS * most.n > p->yearly_yen.n)
        return "13";
    return is_told_before(o, r) ? "14" : "00";
}

static int instruct(struct payer_office *o, const struct asking *r)
{
    const struct payer_db_instruction_put_in in = {.instruction_no = o->next_instruction++,
                                                   .pensioner_no =
                                                       o->people.rows[r->person].pensioner_no,
                                                   .notice = r->notice,
                                                   .from_ymd = r->from,
                                                   .first_yen = r->first,
                                                   .each_yen = r->each,
                                                   .is_stop = !is_start(r)};
    const int rc = str_is(r->notice, "81") ? OK : payer_db_instruction_put(&o->cx, o->store, &in);

    return rc < 0 ? rc : payer_db_instructions(&o->cx, o->store, &o->asked);
}

/* The records of a file, data only; ERR_SYNTAX where it is none of ours. */
static int read_file(struct payer_office *o, struct str bytes, const char ***rows, size_t *n)
{
    const char *reason = NULL;

    *n = 0;
    if (bytes.n < CONTROL_BYTES || (bytes.n - CONTROL_BYTES) % RECORD_BYTES != 0 ||
        fixed_wrong(&o->cx, o->control, bytes.p, 0, &reason) >= 0)
        return fail(&o->cx, ERR_SYNTAX, "payer.file", "%zu", bytes.n);
    if (!str_equal(fixed_raw(o->control, bytes.p, "city"), o->city))
        return fail(&o->cx, ERR_INVALID, "payer.city", NULL);
    *rows = ARENA_ARRAY(&o->arena, bytes.n / RECORD_BYTES + 1, const char *);
    if (!*rows)
        return payer_no_memory(o);
    for (size_t at = CONTROL_BYTES; at < bytes.n; at += RECORD_BYTES) {
        const char *record = bytes.p + at;
        const struct fixed_record *kind = record[0] == '1'   ? o->header
                                          : record[0] == '2' ? o->data
                                                             : o->trailer;
        if (fixed_wrong(&o->cx, kind, record, 0, &reason) >= 0)
            return fail(&o->cx, ERR_SYNTAX, "payer.file", "%zu", at);
        if (kind == o->data)
            (*rows)[(*n)++] = record;
    }
    return OK;
}

static const char *answer_of(struct str notice)
{
    return str_is(notice, "01")   ? "02"
           : str_is(notice, "31") ? "32"
           : str_is(notice, "41") ? "42"
           : str_is(notice, "61") ? "62"
           : str_is(notice, "81") ? "82"
                                  : NULL;
}

struct answering {
    struct payer_office *o;
    struct ymd day;
    struct payer_lines lines;
    int64_t accepted, rejected;
};

/* A record of somebody it does not know goes back as it came: he is taken up for this answer only.
 */
static int take_one(struct answering *a, const char *record)
{
    struct payer_office *o = a->o;
    const struct asking r = request_of(o, record);
    const char *result = judged(o, &r, a->day);
    const bool is_accepted = strcmp(result, "00") == 0;
    int rc = is_accepted ? instruct(o, &r) : OK;

    a->accepted += is_accepted;
    a->rejected += !is_accepted;
    a->lines.rows[a->lines.n++] = (struct payer_line){.person = r.person,
                                                      .record = record,
                                                      .reason = result,
                                                      .day = r.from,
                                                      .amount = {r.first, r.each, YEN(0)}};
    return rc;
}

int payer_take(struct payer_office *o, struct str bytes, struct ymd day, struct text *answer,
               int64_t *accepted, int64_t *rejected)
{
    struct answering a = {.o = o, .day = day};
    const char **rows = NULL;
    size_t n = 0;
    int rc = read_file(o, bytes, &rows, &n);
    const char *notice = rc >= 0 && n > 0 ? answer_of(fixed_raw(o->data, rows[0], "notice")) : NULL;

    if (rc >= 0 && !notice)
        rc = fail(&o->cx, ERR_INVALID, "payer.notice", NULL);
    rc = rc < 0 ? rc : lines_new(o, n, &a.lines);
    rc = rc < 0 ? rc : STORE_BEGIN(&o->cx, o->store);
    if (rc < 0)
        return payer_told(o, rc);
    for (size_t i = 0; i < n && rc >= 0; i++)
        rc = take_one(&a, rows[i]);
    rc = rc < 0 ? rc : payer_write(o, notice, day, &a.lines, answer);
    if (rc >= 0)
        rc = store_commit(&o->cx, o->store);
    else
        store_rollback(o->store);
    *accepted = a.accepted;
    *rejected = a.rejected;
    return payer_told(o, rc);
}

/* --- payment days -------------------------------------------------------------------------------
 */

/* Why nothing is taken; "00": it is. */
static const char *taking(const struct payer_db_pensioners_row *p, struct ymd day)
{
    if (!ymd_is_none(p->lost_ymd) && ymd_compare(p->lost_ymd, day) <= 0)
        return "01";
    return !ymd_is_none(p->held_ymd) && ymd_month(p->held_ymd).n == ymd_month(day).n ? "02" : "00";
}

int payer_pay(struct payer_office *o, struct ymd day, struct text *out, struct yen *taken_yen)
{
    struct payer_lines lines;
    int rc = lines_new(o, o->people.n, &lines);

    *taken_yen = YEN(0);
    for (size_t i = 0; i < o->people.n && rc >= 0; i++) {
        const struct payer_db_instructions_row *r = holds(o, i, day);
        if (!r)
            continue;
        const char *reason = taking(&o->people.rows[i], day);
        const bool is_first = ymd_month(r->from_ymd).n == ymd_month(day).n;
        const struct yen amount = strcmp(reason, "00") != 0 ? YEN(0)
                                  : is_first                ? r->first_yen
                                                            : r->each_yen;
        lines.rows[lines.n++] = (struct payer_line){.person = i,
                                                    .reason = reason,
                                                    .day = day,
                                                    .amount = {amount, YEN(0), YEN(0)}};
        taken_yen->n += amount.n;
    }
    rc = rc < 0 ? rc : payer_write(o, "22", day, &lines, out);
    return payer_told(o, rc);
}
