#include "law/premium_dated.h"

#include <stdio.h>
#include <string.h>

enum kind { KIND_NONE, KIND_DAY, KIND_YEN, KIND_LOSS, KIND_FLAG, KIND_NUMBER, KIND_CAUSE };

struct dated_field {
    const char *key;  /* in the case */
    const char *fact; /* in the rules */
    enum kind kind;
};
/* The member's own facts first; what he may have several of behind. */
static const struct dated_scope {
    const char *key, *scope;
    struct dated_field field[DATED_FIELDS];
} scopes[DATED_SCOPES] = {
    {NULL,
     "世帯員",
     {{"born", "生年月日", KIND_DAY},
      {"income_known", "所得把握", KIND_FLAG},
      {"forestry_income", "山林所得", KIND_LOSS},
      {"separate_income", "分離譲渡所得", KIND_LOSS},
      {"separate_deduction", "譲渡特別控除額", KIND_YEN},
      {"net_loss", "純損失繰越控除額", KIND_YEN},
      {"casualty_loss", "雑損失繰越控除額", KIND_YEN},
      {"family_wages_paid", "専従者控除額", KIND_YEN},
      {"family_wages_received", "専従者給与収入", KIND_YEN},
      {"adjusted", "所得金額調整控除対象", KIND_FLAG},
      {"late_stage", "後期移行日", KIND_DAY},
      {"late_stage_end", "特定同一終了日", KIND_DAY},
      {"former_dependant", "旧被扶養者の取得日", KIND_DAY},
      {"former_dependant_from", "旧被扶養者の減免開始日", KIND_DAY},
      {"former_dependant_until", "旧被扶養者の減免終了日", KIND_DAY}}},
    {"periods",
     "資格期間",
     {{"from", "取得日", KIND_DAY},
      {"to", "喪失日", KIND_DAY},
      {"cause_day", "喪失原因日", KIND_DAY},
      {"cause", "喪失事由", KIND_CAUSE}}},
    {"births",
     "出産",
     {{"due", "出産予定日", KIND_DAY},
      {"born", "出産日", KIND_DAY},
      {"multiple", "多胎", KIND_FLAG}}},
    {"leavings", "離職", {{"day", "離職日", KIND_DAY}, {"code", "離職理由コード", KIND_NUMBER}}},
    {"care_exempt",
     "介護適用除外",
     {{"from", "適用除外開始日", KIND_DAY}, {"to", "適用除外終了日", KIND_DAY}}}};

/* In the order of the rules' choice of reasons. */
static const char *const causes[] = {"move_out", "death",     "assistance", "society",
                                     "employer", "dependant", "late_stage", "other"};
static const int64_t YEN_MOST = INT64_C(100000000000);

/* --- reading ------------------------------------------------------------------------------- */

bool premium_day(const json_t *v, int64_t *out)
{
    struct ymd day = YMD_NONE;
    if (!json_is_string(v) ||
        !ymd_parse((struct str){json_string_value(v), json_string_length(v)}, &day))
        return false;
    *out = day.day;
    return true;
}

static bool refuse(struct dated_problem *why, const char *field, const char *code,
                   const char *message, const char *facts)
{
    *why = (struct dated_problem){.code = code, .message = message, .facts = facts};
    snprintf(why->field, sizeof why->field, "%s", field);
    return false;
}

static bool read_number(const json_t *v, enum kind kind, int64_t *out)
{
    const int64_t most = kind == KIND_NUMBER ? 99 : YEN_MOST;
    *out = json_is_integer(v) ? json_integer_value(v) : INT64_MIN;
    return *out <= most && *out >= (kind == KIND_LOSS ? -most : 0);
}

static bool read_cause(const json_t *v, int64_t *out)
{
    for (size_t i = 0; json_is_string(v) && i < sizeof causes / sizeof causes[0]; i++) {
        if (strcmp(causes[i], json_string_value(v)) == 0) {
            *out = (int64_t)i;
            return true;
        }
    }
    return false;
}

static bool read_value(const json_t *v, enum kind kind, int64_t *out)
{
    switch (kind) {
    case KIND_DAY:
        return premium_day(v, out);
    case KIND_FLAG:
        *out = json_is_true(v);
        return json_is_boolean(v);
    case KIND_CAUSE:
        return read_cause(v, out);
    case KIND_YEN:
    case KIND_LOSS:
    case KIND_NUMBER:
        return read_number(v, kind, out);
    case KIND_NONE:
        break;
    }
    return false;
}

static const char *expected(enum kind kind)
{
    return kind == KIND_DAY     ? "\"2026-04-01\""
           : kind == KIND_FLAG  ? "true|false"
           : kind == KIND_CAUSE ? "move_out|death|assistance|society|employer|dependant|late_stage|"
                                  "other"
           : kind == KIND_NUMBER ? "0..99"
                                 : "integer";
}

static const struct dated_field *field_of(const struct dated_scope *s, const char *key)
{
    for (const struct dated_field *f = s->field; f->key; f++) {
        if (strcmp(f->key, key) == 0)
            return f;
    }
    return NULL;
}

/* Every key of a row is known; the first of the table must be there. */
static bool read_row(const json_t *object, const struct dated_scope *s, struct dated_row *out,
                     struct dated_problem *why)
{
    const char *key;
    json_t *v;
    *out = (struct dated_row){.scope = (int)(s - scopes)};
    if (!json_is_object(object))
        return refuse(why, "", "type", "law.case.type", "object");
    json_object_foreach((json_t *)object, key, v)
    {
        const struct dated_field *f = field_of(s, key);
        if (!f && s == scopes)
            continue; /* read by others, or refused by them */
        if (!f)
            return refuse(why, key, "unknown_field", "law.case.unknown", "");
        const size_t at = (size_t)(f - s->field);
        if (!read_value(v, f->kind, &out->value[at]))
            return refuse(why, key, "type", "law.case.type", expected(f->kind));
        out->has[at] = true;
    }
    return out->has[0] || refuse(why, s->field[0].key, "missing", "law.case.missing", "");
}

static bool read_rows(const json_t *array, const struct dated_scope *s, struct premium_dates *out,
                      struct dated_problem *why)
{
    if (!json_is_array(array))
        return refuse(why, s->key, "type", "law.case.type", "array");
    for (size_t i = 0; i < json_array_size(array); i++) {
        char inner[sizeof why->field];
        if (out->n == DATED_ROWS)
            return refuse(why, s->key, "range", "law.case.range", "0..24");
        if (read_row(json_array_get(array, i), s, &out->row[out->n++], why))
            continue;
        memcpy(inner, why->field, sizeof inner);
        snprintf(why->field, sizeof why->field, "%s[%zu]%s%.30s", s->key, i, inner[0] ? "." : "",
                 inner);
        return false;
    }
    return true;
}

bool premium_dates_read(const json_t *member, struct premium_dates *out, struct dated_problem *why)
{
    out->is_used = json_object_get(member, "born") != NULL;
    out->n = 0;
    if (!out->is_used)
        return true;
    if (!read_row(member, &scopes[0], &out->own, why))
        return false;
    for (size_t i = 1; i < DATED_SCOPES; i++) {
        const json_t *rows = json_object_get(member, scopes[i].key);
        if (rows && !read_rows(rows, &scopes[i], out, why))
            return false;
    }
    return true;
}

bool premium_dates_know(const char *key)
{
    for (size_t i = 1; i < DATED_SCOPES; i++) {
        if (strcmp(scopes[i].key, key) == 0)
            return true;
    }
    return field_of(&scopes[0], key) != NULL;
}

/* --- into the facts ------------------------------------------------------------------------ */

int premium_dates_find(struct context *cx, const struct facts *f, struct dated_words *out)
{
    for (size_t i = 0; i < DATED_SCOPES; i++) {
        out->scope[i] = facts_scope(cx, f, str_of(scopes[i].scope));
        if (out->scope[i] < 0)
            return out->scope[i];
        for (size_t k = 0; scopes[i].field[k].key; k++) {
            out->field[i][k] = facts_field(cx, f, str_of(scopes[i].field[k].fact));
            if (out->field[i][k] < 0)
                return out->field[i][k];
        }
    }
    return OK;
}

static int put_row(struct context *cx, struct facts *f, const struct dated_words *words,
                   const struct dated_row *from, int row)
{
    int status = OK;
    for (size_t i = 0; i < DATED_FIELDS && status == OK; i++) {
        if (from->has[i])
            status = facts_set(cx, f, words->field[from->scope][i], row, from->value[i]);
    }
    return status;
}

/* Rows of one scope stand together, as the tables have them. */
int premium_dates_put(struct context *cx, struct facts *f, const struct dated_words *words,
                      const struct premium_dates *dates, int member)
{
    int status = put_row(cx, f, words, &dates->own, member);
    for (size_t i = 0; i < dates->n && status == OK; i++) {
        const struct dated_row *r = &dates->row[i];
        const int row = facts_add(cx, f, words->scope[r->scope], member);
        status = row < 0 ? row : put_row(cx, f, words, r, row);
    }
    return status;
}
