/* audit_find: who looked at whom; the newest first, a page at a time. */
#include "office/audit_inner.h"

static int64_t day_start_us(struct ymd day)
{
    return (int64_t)day.day * DAY_US - JAPAN_US;
}

/* The three statements have columns of the same names; each goes by its own index. */
#define ROW_FROM(r)                                                                                \
    ((struct audit_row){                                                                           \
        .line_no = (r).line_no,                                                                    \
        .time_us = (r).time_us,                                                                    \
        .user_name = (r).user_name,                                                                \
        .terminal = (r).terminal,                                                                  \
        .branch = (r).branch,                                                                      \
        .screen = (r).screen,                                                                      \
        .class = (r).class,                                                                        \
        .purpose = (r).purpose,                                                                    \
        .query = (r).conditions,                                                                   \
        .person_id = (r).person_id,                                                                \
        .household_id = (r).household_id,                                                          \
        .count = (r).outcome_persons_null ? (r).persons : (r).outcome_persons,                     \
        .result = (int)((r).outcome_null ? (r).result : (r).outcome),                              \
    })

static int rows_make(struct context *cx, size_t n, struct audit_rows *out)
{
    out->n = n;
    out->rows = ARENA_ARRAY(cx->arena, n + 1, struct audit_row);
    return out->rows ? OK : fail(cx, ERR_MEMORY, "base.memory", NULL);
}

static int find_person(struct context *cx, struct audit *a, const struct audit_db_lines_in *in,
                       struct audit_rows *out)
{
    struct audit_db_lines_of_person_list list;
    struct audit_db_lines_of_person_in of = {.before = in->before,
                                             .person_id = in->person_id,
                                             .user_name = in->user_name,
                                             .screen = in->screen,
                                             .from_us = in->from_us,
                                             .to_us = in->to_us,
                                             .abnormal = in->abnormal,
                                             .n = in->n};
    int rc = audit_db_lines_of_person(cx, a->st, &of, &list);
    if (rc >= 0)
        rc = rows_make(cx, list.n, out);
    for (size_t i = 0; rc >= 0 && i < list.n; i++)
        out->rows[i] = ROW_FROM(list.rows[i]);
    return rc;
}

static int find_user(struct context *cx, struct audit *a, const struct audit_db_lines_in *in,
                     struct audit_rows *out)
{
    struct audit_db_lines_of_user_list list;
    struct audit_db_lines_of_user_in of = {.before = in->before,
                                           .user_name = in->user_name,
                                           .screen = in->screen,
                                           .from_us = in->from_us,
                                           .to_us = in->to_us,
                                           .abnormal = in->abnormal,
                                           .n = in->n};
    int rc = audit_db_lines_of_user(cx, a->st, &of, &list);
    if (rc >= 0)
        rc = rows_make(cx, list.n, out);
    for (size_t i = 0; rc >= 0 && i < list.n; i++)
        out->rows[i] = ROW_FROM(list.rows[i]);
    return rc;
}

static int find_any(struct context *cx, struct audit *a, const struct audit_db_lines_in *in,
                    struct audit_rows *out)
{
    struct audit_db_lines_list list;
    int rc = audit_db_lines(cx, a->st, in, &list);
    if (rc >= 0)
        rc = rows_make(cx, list.n, out);
    for (size_t i = 0; rc >= 0 && i < list.n; i++)
        out->rows[i] = ROW_FROM(list.rows[i]);
    return rc;
}

int audit_find(struct context *cx, struct audit *a, const struct audit_search *s,
               struct audit_rows *out)
{
    struct audit_db_lines_in in = {
        .before = s->before > 0 ? s->before : INT64_MAX,
        .user_name = s->user_name,
        .person_id = s->person_id,
        .screen = s->screen,
        .from_us = ymd_is_none(s->from) ? 0 : day_start_us(s->from),
        .to_us = ymd_is_none(s->to) ? INT64_MAX : day_start_us(ymd_add(s->to, 1)),
        .abnormal = s->abnormal,
        .n = s->limit > 0 ? s->limit : 100,
    };
    *out = (struct audit_rows){0};
    int rc = audit_ready(cx, a);
    if (rc >= 0)
        rc = audit_flush(cx, a);
    if (rc < 0)
        return error_add(cx, "search the audit store");
    if (s->person_id > 0)
        rc = find_person(cx, a, &in, out);
    else if (s->user_name.p)
        rc = find_user(cx, a, &in, out);
    else
        rc = find_any(cx, a, &in, out);
    if (rc < 0)
        return error_add(cx, "search the audit store");
    out->last = out->n > 0 ? out->rows[out->n - 1].line_no : 0;
    return OK;
}
