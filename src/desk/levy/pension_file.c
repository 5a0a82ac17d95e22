/*
 * Files of pension deduction: a control record of 96 bytes, then per payer a header, data and a
 * trailer of 500 bytes each, without line ends. Read and checked as a whole, made as a whole.
 */
#include "desk/levy/pension_inner.h"

#include <stdlib.h>
#include <string.h>

extern const unsigned char format_pension_records[], format_pension_notices[];
extern const unsigned char format_pension_payers[];
extern const size_t format_pension_records_size, format_pension_notices_size;
extern const size_t format_pension_payers_size;

enum { PROBLEMS_MAX = 1000, CONTROL_BYTES = 96, RECORD_BYTES = 500 };

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* --- tables -------------------------------------------------------------------------------------
 */

static bool next_line(struct str *rest, struct str *line)
{
    while (rest->n > 0) {
        *line = str_cut(rest, '\n');
        if (line->n > 0 && line->p[0] != '#')
            return true;
    }
    return false;
}

bool pension_notice_find(struct str notice, struct pension_notice *out)
{
    struct str rest = {(const char *)format_pension_notices, format_pension_notices_size};
    struct str line;

    while (next_line(&rest, &line)) {
        *out = (struct pension_notice){.notice = str_cut(&line, '\t')};
        out->way = str_cut(&line, '\t');
        out->file = str_cut(&line, '\t');
        out->answers = str_cut(&line, '\t');
        struct str amounts = str_cut(&line, '\t');
        for (int i = 0; i < 3; i++)
            out->amounts[i] = str_cut(&amounts, '|');
        out->reasons = str_cut(&line, '\t');
        (void)str_cut(&line, '\t');
        out->name = line;
        if (str_equal(out->notice, notice))
            return true;
    }
    return false;
}

struct str pension_reason_words(const struct pension_notice *n, struct str code)
{
    struct str rest = n->reasons;

    while (rest.n > 0) {
        struct str pair = str_cut(&rest, '|');
        if (str_equal(str_cut(&pair, '='), code))
            return pair;
    }
    return STR_NONE;
}

static bool payer_find(struct str payer, int64_t *order, struct str *name)
{
    struct str rest = {(const char *)format_pension_payers, format_pension_payers_size};
    struct str line;

    while (next_line(&rest, &line)) {
        const struct str code = str_cut(&line, '\t');
        if (!str_to_int(str_cut(&line, '\t'), order))
            *order = 0;
        (void)str_cut(&line, '\t');
        *name = line;
        if (str_equal(code, payer))
            return true;
    }
    return false;
}

int pension_payer_order(struct str payer)
{
    struct str name;
    int64_t order = 0;
    return payer_find(payer, &order, &name) ? (int)order : 0;
}

struct str pension_payer_name(struct str payer)
{
    struct str name;
    int64_t order = 0;
    return payer_find(payer, &order, &name) ? name : payer;
}

int pension_layout(struct work *w, const struct fixed_layout **out)
{
    struct fixed_layout *l = ARENA_NEW(w->cx.arena, struct fixed_layout);
    const struct str table = {(const char *)format_pension_records, format_pension_records_size};

    *out = l;
    return l ? fixed_layout_read(&w->cx, w->cx.arena, "pension_records", table, l) : no_memory(w);
}

int pension_identity(struct work *w, const char *record, struct str *out)
{
    static const char *const fields[] = {"payer", "birth", "sex", "kana", "name", "address"};
    const struct fixed_layout *l;
    struct hasher h;
    char hex[65];
    const int rc = pension_layout(w, &l);

    if (rc < 0)
        return rc;
    hash_init(&h, STR_NONE);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        hash_text(&h, fixed_raw(fixed_record_of(l, "data"), record, fields[i]));
    const struct digest d = hash_end(&h);
    digest_hex(&d, hex);
    *out = str_copy(w->cx.arena, str_of(hex));
    return out->p ? OK : no_memory(w);
}

/* --- reading ------------------------------------------------------------------------------------
 */

struct reading {
    struct work *w;
    struct str bytes;
    const struct fixed_layout *layout;
    struct pension_records *out;
    int64_t records; /* of 500 bytes */
    struct str payer, city, scheme;
    bool in_group;
    int64_t count; /* data records of the group */
    int64_t sum[3];
};

static void problem(struct reading *r, int64_t record, const struct fixed_field *f,
                    struct str value, const char *reason)
{
    struct pension_records *o = r->out;
    const int64_t begin = record == 0 ? 0 : CONTROL_BYTES + (record - 1) * RECORD_BYTES;

    if (o->n_problems < PROBLEMS_MAX)
        o->problems[o->n_problems++] =
            (struct pension_problem){.record = record,
                                     .offset = begin + (f ? (int64_t)f->at : 0) + 1,
                                     .field = f ? f->label : STR(""),
                                     .value = value,
                                     .reason = reason};
}

/* Every field against the table; false: something is wrong. */
static bool check_fields(struct reading *r, int64_t number, const struct fixed_record *record,
                         const char *bytes)
{
    const char *reason = NULL;
    const size_t before = r->out->n_problems;

    for (int at = fixed_wrong(&r->w->cx, record, bytes, 0, &reason); at >= 0;
         at = fixed_wrong(&r->w->cx, record, bytes, (size_t)at + 1, &reason)) {
        const struct fixed_field *f = &record->fields[at];
        problem(r, number, f, (struct str){bytes + f->at, f->n}, reason);
    }
    return r->out->n_problems == before;
}

static const struct fixed_field *field_named(const struct fixed_record *record, const char *id)
{
    for (size_t i = 0; i < record->n; i++) {
        if (str_is(record->fields[i].id, id))
            return &record->fields[i];
    }
    return NULL;
}

static void expect(struct reading *r, int64_t number, const struct fixed_record *record,
                   const char *bytes, const char *id, struct str wanted)
{
    const struct str is = fixed_raw(record, bytes, id);

    if (!str_equal(is, wanted))
        problem(r, number, field_named(record, id), is, "levy.pension.differs");
}

static void begin_group(struct reading *r, int64_t number, const char *bytes)
{
    const struct fixed_record *h = fixed_record_of(r->layout, "header");

    if (r->in_group)
        problem(r, number, NULL, STR(""), "levy.pension.order");
    r->in_group = true;
    r->count = 0;
    memset(r->sum, 0, sizeof r->sum);
    if (!check_fields(r, number, h, bytes))
        return;
    r->payer = fixed_raw(h, bytes, "payer");
    expect(r, number, h, bytes, "city", r->city);
    expect(r, number, h, bytes, "scheme", r->scheme);
    if (pension_payer_order(r->payer) == 0)
        problem(r, number, field_named(h, "payer"), r->payer, "levy.pension.payer");
    const struct str notice = fixed_raw(h, bytes, "notice");
    if (r->out->notice.notice.n == 0 && !pension_notice_find(notice, &r->out->notice))
        problem(r, number, field_named(h, "notice"), notice, "levy.pension.notice");
    expect(r, number, h, bytes, "notice", r->out->notice.notice);
}

static void check_person(struct reading *r, int64_t number, const struct fixed_record *d,
                         const char *bytes)
{
    const struct str reason = fixed_raw(d, bytes, "reason");
    struct ymd day;

    if (!fixed_day(d, bytes, "birth", &day) || ymd_is_none(day))
        problem(r, number, field_named(d, "birth"), fixed_raw(d, bytes, "birth"),
                "levy.pension.day");
    if (!fixed_day(d, bytes, "day", &day))
        problem(r, number, field_named(d, "day"), fixed_raw(d, bytes, "day"), "levy.pension.day");
    if (!pension_reason_words(&r->out->notice, reason).p)
        problem(r, number, field_named(d, "reason"), reason, "levy.pension.reason");
}

static void take_data(struct reading *r, int64_t number, const char *bytes)
{
    static const char *const amounts[] = {"amount1", "amount2", "amount3"};
    const struct fixed_record *d = fixed_record_of(r->layout, "data");

    r->out->rows[r->out->n++] = bytes;
    r->count++;
    if (!r->in_group)
        problem(r, number, NULL, STR(""), "levy.pension.order");
    if (!check_fields(r, number, d, bytes))
        return;
    expect(r, number, d, bytes, "city", r->city);
    expect(r, number, d, bytes, "payer", r->payer);
    expect(r, number, d, bytes, "notice", r->out->notice.notice);
    expect(r, number, d, bytes, "scheme", r->scheme);
    check_person(r, number, d, bytes);
    for (int i = 0; i < 3; i++) {
        int64_t value = 0;
        (void)fixed_number(d, bytes, amounts[i], &value);
        r->sum[i] += value;
        r->out->sum[i].n += value;
    }
}

static void end_group(struct reading *r, int64_t number, const char *bytes)
{
    static const char *const totals[] = {"count", "amount1", "amount2", "amount3"};
    const struct fixed_record *t = fixed_record_of(r->layout, "trailer");

    if (!r->in_group)
        problem(r, number, NULL, STR(""), "levy.pension.order");
    r->in_group = false;
    if (!check_fields(r, number, t, bytes))
        return;
    expect(r, number, t, bytes, "payer", r->payer);
    expect(r, number, t, bytes, "notice", r->out->notice.notice);
    const int64_t found[] = {r->count, r->sum[0], r->sum[1], r->sum[2]};
    for (int i = 0; i < 4; i++) {
        int64_t stated = 0;
        (void)fixed_number(t, bytes, totals[i], &stated);
        if (stated != found[i])
            problem(r, number, field_named(t, totals[i]), fixed_raw(t, bytes, totals[i]),
                    "levy.pension.total");
    }
}

static void take_record(struct reading *r, int64_t number, const char *bytes)
{
    switch (bytes[0]) {
    case '1':
        begin_group(r, number, bytes);
        break;
    case '2':
        take_data(r, number, bytes);
        break;
    case '3':
        end_group(r, number, bytes);
        break;
    default:
        problem(r, number, fixed_record_of(r->layout, "data")->fields, (struct str){bytes, 1},
                "levy.pension.kind");
    }
}

static void check_control(struct reading *r)
{
    const struct fixed_record *c = fixed_record_of(r->layout, "control");
    int64_t stated = 0;

    if (!check_fields(r, 0, c, r->bytes.p))
        return;
    expect(r, 0, c, r->bytes.p, "city", r->city);
    if (!fixed_day(c, r->bytes.p, "made", &r->out->made) || ymd_is_none(r->out->made))
        problem(r, 0, field_named(c, "made"), fixed_raw(c, r->bytes.p, "made"), "levy.pension.day");
    (void)fixed_number(c, r->bytes.p, "records", &stated);
    if (stated != r->records)
        problem(r, 0, field_named(c, "records"), fixed_raw(c, r->bytes.p, "records"),
                "levy.pension.total");
}

/* Line ends and an end mark that some media add are no part of the file. */
static struct str without_end(struct str bytes)
{
    while (bytes.n > 0 && (bytes.p[bytes.n - 1] == '\x1A' || bytes.p[bytes.n - 1] == '\n' ||
                           bytes.p[bytes.n - 1] == '\r'))
        bytes.n--;
    return bytes;
}

int pension_read(struct work *w, struct str bytes, struct pension_records *out)
{
    struct reading r = {.w = w, .bytes = without_end(bytes), .out = out};
    const struct str city = str_copy(w->cx.arena, office_city_code(w->office));

    *out = (struct pension_records){.made = YMD_NONE};
    if (r.bytes.n < CONTROL_BYTES || (r.bytes.n - CONTROL_BYTES) % RECORD_BYTES != 0 || city.n < 5)
        return fail(&w->cx, ERR_SYNTAX, "levy.pension.length", "%zu", bytes.n);
    r.records = (int64_t)((r.bytes.n - CONTROL_BYTES) / RECORD_BYTES);
    r.city = (struct str){city.p, 5};
    r.scheme = str_copy(w->cx.arena, setting_get(w, "pension.scheme"));
    out->city = r.city;
    out->rows = ARENA_ARRAY(w->cx.arena, (size_t)r.records + 1, const char *);
    out->problems = ARENA_ARRAY(w->cx.arena, PROBLEMS_MAX, struct pension_problem);
    if (!out->rows || !out->problems)
        return no_memory(w);
    const int rc = pension_layout(w, &r.layout);
    if (rc < 0)
        return rc;
    check_control(&r);
    for (int64_t i = 0; i < r.records; i++)
        take_record(&r, i + 1, r.bytes.p + CONTROL_BYTES + i * RECORD_BYTES);
    if (r.in_group || r.records == 0)
        problem(&r, r.records, NULL, STR(""), "levy.pension.order");
    return OK;
}

/* --- making -------------------------------------------------------------------------------------
 */

struct composing {
    struct work *w;
    const struct fixed_layout *layout;
    struct str notice;
    struct text *out;
    int64_t city, scheme;
};

/* What header, data and trailer have in common. */
static int put_common(struct composing *c, const struct fixed_record *r, char *bytes, int64_t payer)
{
    struct context *cx = &c->w->cx;
    int64_t notice = 0;

    if (!str_to_int(c->notice, &notice))
        return fail(cx, ERR_INVALID, "levy.pension.notice", STR_FMT, STR_ARG(c->notice));
    int rc = fixed_put_number(cx, r, bytes, "city", c->city);
    rc = rc < 0 ? rc : fixed_put_number(cx, r, bytes, "payer", payer);
    rc = rc < 0 ? rc : fixed_put_number(cx, r, bytes, "notice", notice);
    rc = rc < 0 ? rc : fixed_put_number(cx, r, bytes, "scheme", c->scheme);
    return rc < 0 ? rc : fixed_put_day(cx, r, bytes, "made", c->w->today);
}

static int64_t payer_of(const struct composing *c, const char *record)
{
    int64_t payer = 0;
    (void)fixed_number(fixed_record_of(c->layout, "data"), record, "payer", &payer);
    return payer;
}

static int put_header(struct composing *c, int64_t payer)
{
    const struct fixed_record *r = fixed_record_of(c->layout, "header");
    char *bytes = fixed_new(c->w->cx.arena, r);
    const int rc = bytes ? put_common(c, r, bytes, payer) : no_memory(c->w);

    return rc < 0 ? rc : text_add(c->out, (struct str){bytes, r->length});
}

static int put_trailer(struct composing *c, int64_t payer, int64_t count, const int64_t sum[3])
{
    static const char *const amounts[] = {"amount1", "amount2", "amount3"};
    const struct fixed_record *r = fixed_record_of(c->layout, "trailer");
    char *bytes = fixed_new(c->w->cx.arena, r);
    int rc = bytes ? put_common(c, r, bytes, payer) : no_memory(c->w);

    rc = rc < 0 ? rc : fixed_put_number(&c->w->cx, r, bytes, "count", count);
    for (int i = 0; i < 3 && rc >= 0; i++)
        rc = fixed_put_number(&c->w->cx, r, bytes, amounts[i], sum[i]);
    return rc < 0 ? rc : text_add(c->out, (struct str){bytes, r->length});
}

/* One payer's records from the first on; *n: how many. */
static int put_group(struct composing *c, const char *const *records, size_t all, size_t *n)
{
    static const char *const amounts[] = {"amount1", "amount2", "amount3"};
    const struct fixed_record *r = fixed_record_of(c->layout, "data");
    const int64_t payer = payer_of(c, records[0]);
    int64_t sum[3] = {0, 0, 0};
    int rc = put_header(c, payer);

    for (*n = 0; *n < all && payer_of(c, records[*n]) == payer && rc >= 0; ++*n) {
        char *bytes = ARENA_ARRAY(c->w->cx.arena, r->length, char);
        if (!bytes)
            return no_memory(c->w);
        memcpy(bytes, records[*n], r->length);
        rc = put_common(c, r, bytes, payer);
        for (int i = 0; i < 3; i++) {
            int64_t value = 0;
            (void)fixed_number(r, bytes, amounts[i], &value);
            sum[i] += value;
        }
        rc = rc < 0 ? rc : text_add(c->out, (struct str){bytes, r->length});
    }
    return rc < 0 ? rc : put_trailer(c, payer, (int64_t)*n, sum);
}

static int put_control(struct composing *c, const char *const *records, size_t n)
{
    const struct fixed_record *r = fixed_record_of(c->layout, "control");
    struct context *cx = &c->w->cx;
    char *bytes = fixed_new(cx->arena, r);
    int64_t groups = 0;

    for (size_t i = 0; i < n; i++)
        groups += i == 0 || payer_of(c, records[i]) != payer_of(c, records[i - 1]);
    int rc = bytes ? fixed_put_number(cx, r, bytes, "city", c->city) : no_memory(c->w);
    rc = rc < 0 ? rc : fixed_put_number(cx, r, bytes, "medium", 1);
    rc = rc < 0 ? rc : fixed_put_day(cx, r, bytes, "made", c->w->today);
    rc = rc < 0 ? rc : fixed_put_number(cx, r, bytes, "records", (int64_t)n + 2 * groups);
    return rc < 0 ? rc : text_add(c->out, (struct str){bytes, r->length});
}

int pension_compose(struct work *w, struct str notice, const char *const *records, size_t n,
                    struct text *out)
{
    struct composing c = {.w = w, .notice = notice, .out = out};
    struct pension_records again;
    size_t group = 0;
    const struct str city = office_city_code(w->office);
    int rc = pension_layout(w, &c.layout);

    if (rc >= 0 && (city.n < 5 || !str_to_int((struct str){city.p, 5}, &c.city) ||
                    !str_to_int(setting_get(w, "pension.scheme"), &c.scheme)))
        rc = fail(&w->cx, ERR_INVALID, "levy.setting.number", "pension.scheme");
    rc = rc < 0 ? rc : put_control(&c, records, n);
    for (size_t i = 0; i < n && rc >= 0; i += group)
        rc = put_group(&c, records + i, n - i, &group);
    rc = rc < 0 ? rc : pension_read(w, text_str(out), &again); /* what we send we can read */
    if (rc >= 0 && (again.n_problems > 0 || again.n != n))
        rc = fail(&w->cx, ERR_CORRUPT, "levy.pension.made", STR_FMT,
                  STR_ARG(again.n_problems > 0 ? again.problems[0].field : STR("")));
    return rc < 0 ? error_add(&w->cx, "make the file of notice " STR_FMT, STR_ARG(notice)) : OK;
}
