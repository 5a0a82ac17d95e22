/* job_option: "year=2026 as-of=2026-06-01", checked against "year:number as-of:day draft?:id" and
 * brought into the kind's order, so that the same options are the same text. */
#include "office/inner.h"

#include <string.h>

/* %20 and the like back to their bytes. */
static struct str decoded(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);
    size_t n = 0;
    unsigned char byte;
    if (!p)
        return STR_NONE;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '%' && i + 2 < s.n && hex_parse((struct str){s.p + i + 1, 2}, &byte, 1)) {
            p[n++] = (char)byte;
            i += 2;
        } else {
            p[n++] = s.p[i];
        }
    }
    return (struct str){p, n};
}

static bool value_is(struct str value, struct str type)
{
    int64_t n;
    struct ymd day;
    if (str_is(type, "number") || str_is(type, "id"))
        return str_to_int(value, &n);
    if (str_is(type, "day"))
        return ymd_parse(value, &day);
    if (str_is(type, "flag"))
        return str_is(value, "1") || str_is(value, "0");
    return value.n > 0;
}

/* "draft?:id" -> name, type, optional. */
static bool declared_next(struct str *rest, struct str *name, struct str *type, bool *optional)
{
    struct str word = STR_NONE;
    while (rest->n > 0 && word.n == 0)
        word = str_trim(str_cut(rest, ' '));
    if (word.n == 0)
        return false;
    *type = word;
    *name = str_cut(type, ':');
    *optional = name->n > 0 && name->p[name->n - 1] == '?';
    name->n -= *optional;
    return true;
}

static int split(struct context *cx, struct str text, struct job_pair *pairs, size_t *n)
{
    *n = 0;
    while (text.n > 0) {
        struct str value = str_trim(str_cut(&text, ' '));
        if (value.n == 0)
            continue;
        struct str name = str_cut(&value, '=');
        if (*n == JOB_OPTIONS)
            return fail(cx, ERR_LIMIT, "job.options", NULL);
        pairs[(*n)++] = (struct job_pair){name, value};
    }
    return OK;
}

static struct str *pair_find(struct job_pair *pairs, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_equal(pairs[i].name, name))
            return &pairs[i].value;
    return NULL;
}

static int take_declared(struct context *cx, struct job *job, struct job_pair *given, size_t n,
                         struct text *canonical)
{
    struct str rest = str_of(job->kind->options);
    struct str name;
    struct str type;
    bool optional;
    while (declared_next(&rest, &name, &type, &optional)) {
        struct str *value = pair_find(given, n, name);
        if (!value && optional)
            continue;
        if (!value)
            return fail(cx, ERR_INVALID, "job.option_missing", STR_FMT, STR_ARG(name));
        struct job_pair pair = {str_copy(cx->arena, name), decoded(cx->arena, *value)};
        if (!pair.name.p || !pair.value.p || job->n_pairs == JOB_OPTIONS)
            return fail(cx, ERR_MEMORY, "base.memory", NULL);
        if (!value_is(pair.value, type))
            return fail(cx, ERR_INVALID, "job.option_value", STR_FMT "=" STR_FMT, STR_ARG(name),
                        STR_ARG(pair.value));
        text_addf(canonical, "%s" STR_FMT "=" STR_FMT, canonical->n > 0 ? " " : "", STR_ARG(name),
                  STR_ARG(*value));
        job->pairs[job->n_pairs++] = pair;
    }
    return OK;
}

static int all_known(struct context *cx, const struct job *job, const struct job_pair *given,
                     size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool known = false;
        for (size_t j = 0; j < job->n_pairs; j++)
            known = known || str_equal(job->pairs[j].name, given[i].name);
        if (!known)
            return fail(cx, ERR_INVALID, "job.option_unknown", STR_FMT, STR_ARG(given[i].name));
    }
    return OK;
}

int job_options_read(struct context *cx, const struct job_kind *kind, struct str text,
                     struct job *job)
{
    struct job_pair given[JOB_OPTIONS];
    struct text canonical;
    size_t n;
    job->kind = kind;
    job->n_pairs = 0;
    int rc = split(cx, text, given, &n);
    if (rc < 0)
        return rc;
    text_init(&canonical, 4000);
    rc = take_declared(cx, job, given, n, &canonical);
    if (rc >= 0)
        rc = all_known(cx, job, given, n);
    if (rc >= 0) {
        job->options = str_copy(cx->arena, text_str(&canonical));
        if (canonical.failed || !job->options.p)
            rc = fail(cx, ERR_MEMORY, "base.memory", NULL);
    }
    text_release(&canonical);
    return rc;
}

struct str job_option(const struct job *job, const char *name)
{
    for (size_t i = 0; i < job->n_pairs; i++)
        if (str_is(job->pairs[i].name, name))
            return job->pairs[i].value;
    return STR_NONE;
}
