/* sqlite_functions: what PostgreSQL has built in and our statements use: greatest, least,
 * string_agg, lpad, strpos. NULLs are treated as PostgreSQL treats them. */
#include "store/engine.h"

#include <sqlite3.h>
#include <string.h>

static int compare(sqlite3_value *a, sqlite3_value *b)
{
    if (sqlite3_value_type(a) == SQLITE_INTEGER && sqlite3_value_type(b) == SQLITE_INTEGER) {
        int64_t x = sqlite3_value_int64(a);
        int64_t y = sqlite3_value_int64(b);
        return (x > y) - (x < y);
    }
    struct str x = {(const char *)sqlite3_value_text(a), (size_t)sqlite3_value_bytes(a)};
    struct str y = {(const char *)sqlite3_value_text(b), (size_t)sqlite3_value_bytes(b)};
    return str_compare(x, y);
}

/* The user data says which end: +1 greatest, -1 least. NULLs are passed over. */
static void extreme(sqlite3_context *f, int n, sqlite3_value **values)
{
    int sign = sqlite3_user_data(f) ? 1 : -1;
    sqlite3_value *best = NULL;
    for (int i = 0; i < n; i++) {
        if (sqlite3_value_type(values[i]) == SQLITE_NULL)
            continue;
        if (!best || compare(values[i], best) * sign > 0)
            best = values[i];
    }
    if (best)
        sqlite3_result_value(f, best);
    else
        sqlite3_result_null(f);
}

struct joined {
    sqlite3_str *text;
};

static void join_step(sqlite3_context *f, int n, sqlite3_value **values)
{
    (void)n;
    struct joined *j = sqlite3_aggregate_context(f, sizeof *j);
    if (!j || sqlite3_value_type(values[0]) == SQLITE_NULL)
        return;
    if (!j->text)
        j->text = sqlite3_str_new(NULL);
    else
        sqlite3_str_append(j->text, (const char *)sqlite3_value_text(values[1]),
                           sqlite3_value_bytes(values[1]));
    sqlite3_str_append(j->text, (const char *)sqlite3_value_text(values[0]),
                       sqlite3_value_bytes(values[0]));
}

static void join_end(sqlite3_context *f)
{
    struct joined *j = sqlite3_aggregate_context(f, 0);
    if (!j || !j->text) {
        sqlite3_result_null(f);
        return;
    }
    int n = sqlite3_str_length(j->text);
    if (sqlite3_str_errcode(j->text) != SQLITE_OK)
        sqlite3_result_error_nomem(f);
    char *s = sqlite3_str_finish(j->text);
    if (s)
        sqlite3_result_text(f, s, n, sqlite3_free);
}

/* lpad(text, length, fill): cut to length when longer; characters, not bytes. */
static void pad_left(sqlite3_context *f, int n, sqlite3_value **values)
{
    (void)n;
    struct str s = {(const char *)sqlite3_value_text(values[0]),
                    (size_t)sqlite3_value_bytes(values[0])};
    struct str fill = {(const char *)sqlite3_value_text(values[2]),
                       (size_t)sqlite3_value_bytes(values[2])};
    int64_t wanted = sqlite3_value_int64(values[1]);
    if (!s.p || !fill.p || sqlite3_value_type(values[1]) == SQLITE_NULL) {
        sqlite3_result_null(f);
        return;
    }
    int64_t missing = wanted - (int64_t)utf8_length(s);
    sqlite3_str *out = sqlite3_str_new(NULL);
    struct str from = fill;
    for (; missing > 0 && fill.n > 0; missing--) {
        if (from.n == 0)
            from = fill;
        struct str before = from;
        if (utf8_next(&from) < 0)
            break;
        sqlite3_str_append(out, before.p, (int)(before.n - from.n));
    }
    struct str rest = s;
    for (int64_t kept = 0; kept < wanted && rest.n > 0; kept++)
        if (utf8_next(&rest) < 0)
            break;
    sqlite3_str_append(out, s.p, (int)(s.n - rest.n));
    int length = sqlite3_str_length(out);
    char *text = sqlite3_str_finish(out);
    sqlite3_result_text(f, text ? text : "", text ? length : 0,
                        text ? sqlite3_free : SQLITE_STATIC);
}

/* strpos(text, part): the first character of part in text, from 1; 0 when it is not there. */
static void position(sqlite3_context *f, int n, sqlite3_value **values)
{
    (void)n;
    struct str s = {(const char *)sqlite3_value_text(values[0]),
                    (size_t)sqlite3_value_bytes(values[0])};
    struct str part = {(const char *)sqlite3_value_text(values[1]),
                       (size_t)sqlite3_value_bytes(values[1])};
    if (!s.p || !part.p) {
        sqlite3_result_null(f);
        return;
    }
    const char *at = part.n == 0 ? s.p : memmem(s.p, s.n, part.p, part.n);
    if (!at) {
        sqlite3_result_int64(f, 0);
        return;
    }
    sqlite3_result_int64(f, (int64_t)utf8_length((struct str){s.p, (size_t)(at - s.p)}) + 1);
}

int sqlite_functions_add(struct sqlite3 *db)
{
    static int up = 1; /* any address: greatest; NULL: least */
    enum { FLAGS = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS };
    int rc = sqlite3_create_function(db, "greatest", -1, FLAGS, &up, extreme, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_create_function(db, "least", -1, FLAGS, NULL, extreme, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_create_function(db, "string_agg", 2, FLAGS, NULL, NULL, join_step, join_end);
    if (rc == SQLITE_OK)
        rc = sqlite3_create_function(db, "lpad", 3, FLAGS, NULL, pad_left, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_create_function(db, "strpos", 2, FLAGS, NULL, position, NULL, NULL);
    return rc;
}
