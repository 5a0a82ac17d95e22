/* The finance system: daily files booked once, orders numbered once. */
#include "outside/finance/finance.h"
#include "finance_sql.h"

#include <string.h>
#include <unistd.h>

extern const unsigned char finance_format_day[], finance_format_orders[], finance_format_answers[];
extern const size_t finance_format_day_size, finance_format_orders_size,
    finance_format_answers_size;

struct finance_office {
    struct context cx;
    struct context *opener; /* whose error record is filled */
    struct arena arena;
    struct store *store;
};

static int no_memory(struct finance_office *o)
{
    return fail(&o->cx, ERR_MEMORY, "memory", NULL);
}

static int told(struct finance_office *o, int result)
{
    if (result < 0)
        o->opener->error = o->cx.error;
    error_clear(&o->cx);
    return result;
}

void finance_start(void)
{
    store_schema_add(&finance_db_schema);
}

/* --- opening ------------------------------------------------------------------------------------
 */

void finance_close(struct finance_office *o)
{
    if (!o)
        return;
    store_close(o->store);
    arena_release(&o->arena);
    memory_free(o);
}

int finance_create(struct context *cx, const char *path)
{
    const struct str url = str_format(cx->arena, "sqlite:%s", path);

    if (access(path, F_OK) == 0)
        return fail(cx, ERR_DUPLICATE, "finance.exists", "%s", path);
    return url.p ? store_create_named(cx, url.p, "finance") : fail(cx, ERR_MEMORY, "memory", NULL);
}

int finance_open(struct context *cx, const char *path, struct finance_office **out)
{
    struct finance_office *o;

    *out = NULL;
    if (access(path, R_OK) != 0)
        return fail(cx, ERR_NOT_FOUND, "finance.missing", "%s", path);
    o = memory_alloc(sizeof *o);
    if (!o)
        return fail(cx, ERR_MEMORY, "memory", NULL);
    *o = (struct finance_office){.cx = *cx, .opener = cx};
    arena_init(&o->arena, 0);
    o->cx.arena = &o->arena;
    const struct str url = str_format(&o->arena, "sqlite:%s", path);
    const int rc = url.p ? store_open(&o->cx, url.p, STORE_WRITE, &o->store) : no_memory(o);
    if (rc < 0) {
        cx->error = o->cx.error;
        finance_close(o);
        return error_add(cx, "open the finance system %s", path);
    }
    *out = o;
    return OK;
}

/* --- a file against its columns -----------------------------------------------------------------
 */

static int read_table(struct finance_office *o, const char *name, struct str layout,
                      struct str bytes, struct columns *columns, struct table *t)
{
    int rc = columns_read(&o->cx, &o->arena, name, layout, columns);

    rc = rc < 0 ? rc : table_read(&o->cx, &o->arena, columns, bytes, t);
    if (rc >= 0 && (t->all_problems > 0 || !t->has_control || t->control_count != (int64_t)t->n))
        rc = fail(&o->cx, ERR_SYNTAX, "finance.file", "%zu", t->all_problems);
    return rc;
}

static struct str at(const struct table *t, const struct table_row *r, const char *id)
{
    const struct str s = r->fields[column_of(t->columns, id)];
    return s.p ? s : STR("");
}

static int64_t number_at(const struct table *t, const struct table_row *r, const char *id)
{
    int64_t n = 0;
    return str_to_int(at(t, r, id), &n) ? n : 0;
}

/* --- a day --------------------------------------------------------------------------------------
 */

struct day {
    struct table table;
    struct str file_no;
    struct ymd ymd;
    int64_t received, given, taken;
    char sha256[65];
};

/* The last line says how many lines there are and what was received; what was taken from
 * overpayments went to arrears. */
static int check_totals(struct finance_office *o, struct day *d)
{
    const struct table *t = &d->table;
    const struct table_row *last = t->n > 0 ? &t->rows[t->n - 1] : NULL;

    if (!last || !str_is(at(t, last, "flow"), "total"))
        return fail(&o->cx, ERR_INVALID, "finance.totals", NULL);
    d->file_no = at(t, last, "file_no");
    for (size_t i = 0; i < t->n; i++) {
        const struct table_row *r = &t->rows[i];
        const struct str flow = at(t, r, "flow");
        const int64_t yen = number_at(t, r, "yen");
        if (!str_equal(at(t, r, "file_no"), d->file_no) ||
            !str_equal(at(t, r, "day"), at(t, last, "day")))
            return fail(&o->cx, ERR_INVALID, "finance.numbers", "%zu", i + 1);
        if (str_is(flow, "total") && r != last)
            return fail(&o->cx, ERR_INVALID, "finance.totals", "%zu", i + 1);
        d->received += str_is(flow, "receipt") ? yen : 0;
        d->given += str_is(flow, "appropriated_from") ? yen : 0;
        d->taken += str_is(flow, "appropriated_to") ? yen : 0;
    }
    if (!ymd_parse(at(t, last, "day"), &d->ymd) || d->received != number_at(t, last, "yen") ||
        (int64_t)t->n - 1 != number_at(t, last, "count") || d->given != d->taken)
        return fail(&o->cx, ERR_INVALID, "finance.totals", "%lld", (long long)d->received);
    return OK;
}

static int book(struct finance_office *o, const struct day *d)
{
    const struct finance_db_day_file_put_in file = {d->file_no, str_of(d->sha256), d->ymd,
                                                    (int64_t)d->table.n - 1, YEN(d->received)};
    int rc = finance_db_day_file_put(&o->cx, o->store, &file);

    for (size_t i = 0; i + 1 < d->table.n && rc >= 0; i++) {
        const struct table *t = &d->table;
        const struct table_row *r = &t->rows[i];
        const struct finance_db_booked_put_in line = {d->file_no,
                                                      (int64_t)i + 1,
                                                      at(t, r, "flow"),
                                                      number_at(t, r, "year"),
                                                      at(t, r, "fund"),
                                                      at(t, r, "subject"),
                                                      YEN(number_at(t, r, "yen"))};
        rc = finance_db_booked_put(&o->cx, o->store, &line);
    }
    return rc;
}

static int take_once(struct finance_office *o, const struct day *d)
{
    const struct finance_db_day_file_of_in q = {d->file_no};
    struct finance_db_day_file_of_row before;
    int rc = finance_db_day_file_of(&o->cx, o->store, &q, &before);

    if (rc > 0)
        return str_is(before.sha256, d->sha256)
                   ? 0
                   : fail(&o->cx, ERR_DUPLICATE, "finance.twice", STR_FMT, STR_ARG(d->file_no));
    rc = rc < 0 ? rc : book(o, d);
    return rc < 0 ? rc : 1;
}

int finance_take_day(struct finance_office *o, struct str bytes)
{
    const struct str layout = {(const char *)finance_format_day, finance_format_day_size};
    struct columns columns;
    struct day d = {.received = 0};
    int rc = read_table(o, "finance_day", layout, bytes, &columns, &d.table);

    rc = rc < 0 ? rc : check_totals(o, &d);
    sha256_hex(bytes, d.sha256);
    rc = rc < 0 ? rc : STORE_BEGIN(&o->cx, o->store);
    if (rc < 0)
        return told(o, rc);
    rc = take_once(o, &d);
    if (rc < 0) {
        store_rollback(o->store);
        return told(o, rc);
    }
    const int done = store_commit(&o->cx, o->store);
    return told(o, done < 0 ? done : rc);
}

int finance_booked(struct finance_office *o, struct ymd day, struct str flow, struct yen *out)
{
    const struct finance_db_booked_sum_in q = {day, flow};
    struct finance_db_booked_sum_row r = {YEN(0)};
    const int rc = finance_db_booked_sum(&o->cx, o->store, &q, &r);

    *out = r.yen;
    return told(o, rc < 0 ? rc : OK);
}

/* --- orders -------------------------------------------------------------------------------------
 */

struct orders {
    struct finance_office *o;
    struct table table;
    struct csv_file csv;
    struct ymd day;
    int64_t last;
};

static int last_number(struct finance_office *o, int64_t *out)
{
    const struct finance_db_state_of_in q = {STR("order")};
    const struct finance_db_state_new_in first = {STR("order"), 0};
    struct finance_db_state_of_row r = {0};
    int rc = finance_db_state_of(&o->cx, o->store, &q, &r);

    if (rc == 0)
        rc = finance_db_state_new(&o->cx, o->store, &first);
    *out = r.value;
    return rc < 0 ? rc : OK;
}

/* What of an order must be the same when it comes again. */
static struct str content_of(struct orders *x, const struct table_row *r)
{
    static const char *const ids[] = {"year",     "fund",     "refund", "returned",
                                      "expended", "interest", "total",  "holder"};
    struct text all;

    text_init(&all, 4096);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        text_add(&all, at(&x->table, r, ids[i]));
        text_adds(&all, "\t");
    }
    const struct str s = str_copy(&x->o->arena, text_str(&all));
    text_release(&all);
    return s.p ? s : STR("");
}

static void say(struct orders *x, struct str reference, struct str order_no, const char *refused)
{
    const struct message *m = refused ? message_find(refused) : NULL;

    csv_put(&x->csv, "reference", reference);
    csv_put(&x->csv, "result", refused ? STR("1") : STR("0"));
    csv_put(&x->csv, "order_no", order_no);
    csv_put(&x->csv, "reason", m ? str_of(m->text) : refused ? str_of(refused) : STR(""));
    csv_file_row(&x->csv);
}

static int take_order(struct orders *x, const struct table_row *r)
{
    struct finance_office *o = x->o;
    const struct table *t = &x->table;
    const struct str reference = at(t, r, "reference");
    const struct finance_db_order_of_in q = {reference};
    struct finance_db_order_of_row before;
    const struct str content = content_of(x, r);
    const int64_t total = number_at(t, r, "total");
    const int rc = finance_db_order_of(&o->cx, o->store, &q, &before);

    if (rc < 0)
        return rc;
    const bool is_same = rc > 0 && str_equal(before.content, content);
    if (rc > 0)
        say(x, reference, is_same ? before.order_no : STR(""),
            is_same ? NULL : "finance.order_differs");
    else if (number_at(t, r, "returned") + number_at(t, r, "expended") +
                 number_at(t, r, "interest") !=
             total)
        say(x, reference, STR(""), "finance.order_total");
    else {
        const struct str no =
            str_format(&o->arena, "S%d-%06lld", ymd_fiscal_year(x->day), (long long)++x->last);
        const struct finance_db_order_put_in put = {reference, no, content, x->day, YEN(total)};
        say(x, reference, no, NULL);
        return no.p ? finance_db_order_put(&o->cx, o->store, &put) : no_memory(o);
    }
    return OK;
}

static int take_orders(struct orders *x)
{
    struct finance_office *o = x->o;
    int rc = last_number(o, &x->last);

    for (size_t i = 0; i < x->table.n && rc >= 0; i++)
        rc = take_order(x, &x->table.rows[i]);
    const struct finance_db_state_set_in set = {STR("order"), x->last};
    return rc < 0 ? rc : finance_db_state_set(&o->cx, o->store, &set);
}

int finance_take_orders(struct finance_office *o, struct str bytes, struct ymd day,
                        struct text *answer)
{
    const struct str in = {(const char *)finance_format_orders, finance_format_orders_size};
    const struct str out = {(const char *)finance_format_answers, finance_format_answers_size};
    struct orders x = {.o = o, .day = day};
    struct columns columns;
    int rc = read_table(o, "finance_orders", in, bytes, &columns, &x.table);

    if (rc < 0)
        return told(o, rc);
    rc = csv_file_open(&o->cx, &x.csv, "finance_answers", out, answer);
    rc = rc < 0 ? rc : STORE_BEGIN(&o->cx, o->store);
    if (rc >= 0) {
        rc = take_orders(&x);
        if (rc < 0)
            store_rollback(o->store);
        else
            rc = store_commit(&o->cx, o->store);
    }
    const int closed = csv_file_close(&o->cx, &x.csv);
    return told(o, rc < 0 ? rc : closed);
}
