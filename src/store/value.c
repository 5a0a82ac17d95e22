/* value: between members of C structs and the values that engines bind and read. */
#include "store/engine.h"

#include <string.h>

static const void *member(const void *base, uint32_t offset)
{
    return (const char *)base + offset;
}

static int refuse(struct context *cx, const struct store_field *f, const char *message)
{
    fail(cx, ERR_INVALID, message, "field=%s", f->name);
    fail_where(cx, "", 0, 0, f->name);
    return ERR_INVALID;
}

static void write_digits(char *to, int value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        to[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

static void month_text(struct month m, char out[8])
{
    write_digits(out, m.n / 12, 4);
    out[4] = '-';
    write_digits(out + 5, m.n % 12 + 1, 2);
    out[7] = 0;
}

static void set_day(const void *p, struct store_value *out)
{
    struct ymd d = *(const struct ymd *)p;
    out->is_null = ymd_is_none(d);
    if (!out->is_null)
        ymd_format(d, out->scratch);
    out->s = (struct str){out->scratch, 10};
}

static void set_month(const void *p, struct store_value *out)
{
    struct month m = *(const struct month *)p;
    out->is_null = m.n == MONTH_NONE.n;
    if (!out->is_null)
        month_text(m, out->scratch);
    out->s = (struct str){out->scratch, 7};
}

/* What PostgreSQL would refuse is refused everywhere: NUL and bytes that are not UTF-8. */
static bool text_is_clean(struct str s)
{
    return !memchr(s.p, 0, s.n) && utf8_valid(s);
}

static int set_member(struct context *cx, const struct store_field *f, const void *p,
                      struct store_value *out)
{
    switch (f->type) {
    case ST_ID:
    case ST_COUNT:
    case ST_TIME:
    case ST_YEN:
        out->i = *(const int64_t *)p;
        break;
    case ST_FLAG:
        out->i = *(const bool *)p ? 1 : 0;
        break;
    case ST_DAY:
        set_day(p, out);
        break;
    case ST_MONTH:
        set_month(p, out);
        break;
    case ST_TEXT:
    case ST_BLOB:
        out->s = *(const struct str *)p;
        out->is_null = !out->s.p;
        if (f->type == ST_TEXT && !out->is_null && !text_is_clean(out->s))
            return refuse(cx, f, "store.text");
        break;
    case ST_IDS:
    case ST_TEXTS:
        out->s = (struct str){p, 0}; /* the list itself, for the engine */
        break;
    }
    return OK;
}

int field_value(struct context *cx, const struct store_field *f, const void *base,
                struct store_value *out)
{
    out->type = f->type;
    out->is_null = false;
    if (f->null_offset && *(const bool *)member(base, f->null_offset)) {
        out->is_null = true;
        return OK;
    }
    int rc = set_member(cx, f, member(base, f->offset), out);
    if (rc < 0)
        return rc;
    if (out->is_null && !f->nullable)
        return refuse(cx, f, "store.value_missing");
    return OK;
}

int field_values(struct context *cx, const struct store_field *fields, int n, const void *base,
                 struct store_value *out)
{
    for (int i = 0; i < n; i++) {
        int rc = field_value(cx, &fields[i], base, &out[i]);
        if (rc < 0)
            return rc;
    }
    return OK;
}

static int damaged(struct context *cx, const struct store_field *f)
{
    fail(cx, ERR_CORRUPT, "store.column_damaged", "column=%s", f->name);
    return ERR_CORRUPT;
}

bool type_is_number(enum store_type type)
{
    return type == ST_ID || type == ST_COUNT || type == ST_YEN || type == ST_FLAG ||
           type == ST_TIME;
}

int field_kind(struct context *cx, const struct store_field *f, struct store_value *v)
{
    bool number = v->type == ST_ID;
    if (!v->is_null && number != type_is_number(f->type))
        return damaged(cx, f);
    v->type = f->type;
    return OK;
}

static int two_digits(const char *p)
{
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
        return -1;
    return (p[0] - '0') * 10 + p[1] - '0';
}

static bool month_parse(struct str s, struct month *out)
{
    if (s.n != 7 || s.p[4] != '-')
        return false;
    int century = two_digits(s.p);
    int year = two_digits(s.p + 2);
    int month = two_digits(s.p + 5);
    if (century < 0 || year < 0 || month < 1 || month > 12)
        return false;
    *out = month_of(century * 100 + year, month);
    return true;
}

static int get_time(struct context *cx, const struct store_field *f, const struct store_value *v,
                    void *p)
{
    if (f->type == ST_DAY) {
        struct ymd d = YMD_NONE;
        if (!v->is_null && (v->s.n != 10 || !ymd_parse(v->s, &d)))
            return damaged(cx, f);
        *(struct ymd *)p = d;
    } else {
        struct month m = MONTH_NONE;
        if (!v->is_null && !month_parse(v->s, &m))
            return damaged(cx, f);
        *(struct month *)p = m;
    }
    return OK;
}

static int get_text(struct context *cx, const struct store_value *v, struct arena *texts, void *p)
{
    struct str *out = p;
    *out = STR_NONE;
    if (v->is_null)
        return OK;
    *out = str_copy(texts, v->s);
    return out->p ? OK : fail(cx, ERR_MEMORY, "store.memory", NULL);
}

int field_set(struct context *cx, const struct store_field *f, const struct store_value *v,
              struct arena *texts, void *base)
{
    void *p = (char *)base + f->offset;
    if (v->is_null && !f->nullable)
        return damaged(cx, f);
    if (f->null_offset)
        *(bool *)((char *)base + f->null_offset) = v->is_null;
    switch (f->type) {
    case ST_ID:
    case ST_COUNT:
    case ST_TIME:
    case ST_YEN:
        *(int64_t *)p = v->is_null ? 0 : v->i;
        return OK;
    case ST_FLAG:
        *(bool *)p = !v->is_null && v->i != 0;
        return OK;
    case ST_DAY:
    case ST_MONTH:
        return get_time(cx, f, v, p);
    case ST_TEXT:
    case ST_BLOB:
        return get_text(cx, v, texts, p);
    case ST_IDS:
    case ST_TEXTS:
        break;
    }
    return damaged(cx, f);
}
