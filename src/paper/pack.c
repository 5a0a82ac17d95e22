/*
 * Values as bytes, one a line in the order they were put, so that a stored document can be read,
 * compared and printed again:
 *
 *     y total 312400          t name 髙橋 太郎        d due 2026-06-30
 *     c no 1                  r rate 771/10000        f is_tax 1
 *     ( instalments           an item of a group, up to the line ")"
 */
#include "paper/data.h"

static void add_escaped(struct text *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\n')
            text_adds(out, "\\n");
        else if (s.p[i] == '\\')
            text_adds(out, "\\\\");
        else
            text_addc(out, s.p[i]);
    }
}

static void pack_value(const struct form_value *v, struct text *out)
{
    static const char kinds[] = {
        [VALUE_TEXT] = 't',  [VALUE_YEN] = 'y',   [VALUE_DAY] = 'd',
        [VALUE_COUNT] = 'c', [VALUE_RATIO] = 'r', [VALUE_FLAG] = 'f'};
    text_addc(out, kinds[v->kind]);
    text_addc(out, ' ');
    text_add(out, v->name);
    text_addc(out, ' ');
    if (v->kind == VALUE_TEXT)
        add_escaped(out, v->text);
    else if (v->kind == VALUE_DAY && !ymd_is_none(v->day))
        text_add_ymd(out, v->day);
    else if (v->kind == VALUE_RATIO)
        text_addf(out, "%lld/%lld", (long long)v->ratio.num, (long long)v->ratio.den);
    else if (v->kind != VALUE_DAY)
        text_addf(out, "%lld", (long long)v->number);
    text_addc(out, '\n');
}

/* The lists hold the newest first; recursion turns them round. Documents have some hundred. */
static void pack_values(const struct form_value *v, struct text *out)
{
    if (!v)
        return;
    pack_values(v->next, out);
    pack_value(v, out);
}

static void pack_level(const struct form_data *d, struct text *out);

static void pack_groups(const struct form_group *g, struct text *out)
{
    if (!g)
        return;
    pack_groups(g->next, out);
    for (size_t i = 0; i < g->n; i++) {
        text_adds(out, "( ");
        text_add(out, g->name);
        text_addc(out, '\n');
        pack_level(g->items[i], out);
        text_adds(out, ")\n");
    }
}

static void pack_level(const struct form_data *d, struct text *out)
{
    pack_values(d->values, out);
    pack_groups(d->groups, out);
}

int form_data_pack(const struct form_data *d, struct text *out)
{
    pack_level(d, out);
    return out->failed || d->failed ? ERR_MEMORY : OK;
}

/* --- back ----------------------------------------------------------------------------------- */

static bool unpack_text(struct form_data *d, const char *name, struct str s)
{
    char *plain = arena_alloc(d->arena, s.n + 1);
    size_t n = 0;
    if (!plain) {
        d->failed = true;
        return true;
    }
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\\') {
            plain[n++] = s.p[i];
            continue;
        }
        if (++i == s.n || (s.p[i] != 'n' && s.p[i] != '\\'))
            return false;
        plain[n++] = s.p[i] == 'n' ? '\n' : '\\';
    }
    form_put_text(d, name, (struct str){plain, n});
    return true;
}

static bool unpack_day(struct form_data *d, const char *name, struct str s)
{
    struct ymd day = YMD_NONE;
    if (s.n > 0 && !ymd_parse(s, &day))
        return false;
    form_put_day(d, name, day);
    return true;
}

static bool unpack_ratio(struct form_data *d, const char *name, struct str s)
{
    struct str den = s;
    struct str num = str_cut(&den, '/');
    struct ratio r;
    if (!str_to_int(num, &r.num) || !str_to_int(den, &r.den) || r.den <= 0)
        return false;
    form_put_ratio(d, name, r);
    return true;
}

static bool unpack_number(struct form_data *d, char kind, const char *name, struct str s)
{
    int64_t n;
    if (!str_to_int(s, &n))
        return false;
    if (kind == 'y')
        form_put_yen(d, name, YEN(n));
    else if (kind == 'c')
        form_put_count(d, name, n);
    else if (kind == 'f')
        form_put_flag(d, name, n != 0);
    else
        return false;
    return true;
}

static bool unpack_value(struct form_data *d, struct str line)
{
    struct str rest = {line.p + 2, line.n - 2};
    struct str value = rest;
    struct str key = str_cut(&value, ' ');
    if (key.n == 0 || key.n == rest.n)
        return false;
    const char *name = str_c(d->arena, key);
    if (!name) {
        d->failed = true;
        return true;
    }
    if (line.p[0] == 't')
        return unpack_text(d, name, value);
    if (line.p[0] == 'd')
        return unpack_day(d, name, value);
    if (line.p[0] == 'r')
        return unpack_ratio(d, name, value);
    return unpack_number(d, line.p[0], name, value);
}

/* One line; *level moves into an item and out of it. */
static bool unpack_line(struct form_data **level, struct str line, int *depth)
{
    struct form_data *d = *level;
    if (str_is(line, ")")) {
        *level = d->outer;
        (*depth)--;
        return *depth >= 0;
    }
    if (line.n < 3 || line.p[1] != ' ')
        return false;
    if (line.p[0] != '(')
        return unpack_value(d, line);
    char *group = str_c(d->arena, (struct str){line.p + 2, line.n - 2});
    struct form_data *item = group ? form_item(d, group) : d;
    if (item == d) { /* no memory: stay, and read the rest in vain */
        d->failed = true;
        return false;
    }
    *level = item;
    return ++*depth < 16;
}

int form_data_unpack(struct context *cx, struct str bytes, struct arena *a, struct form_data *out)
{
    struct form_data *level = out;
    int depth = 0;
    int line_no = 0;
    form_data_init(out, a, STR_NONE);
    while (bytes.n > 0) {
        struct str line = str_cut(&bytes, '\n');
        line_no++;
        if (unpack_line(&level, line, &depth))
            continue;
        if (out->failed)
            break;
        (void)fail(cx, ERR_CORRUPT, "paper.data.packed", NULL);
        return fail_where(cx, NULL, line_no, 1, NULL);
    }
    if (out->failed)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    if (depth != 0)
        return fail(cx, ERR_CORRUPT, "paper.data.packed", NULL);
    return OK;
}

bool form_data_yen(const struct form_data *d, const char *name, struct yen *out)
{
    const struct form_value *v = data_find(d, str_of(name));
    if (!v || v->kind != VALUE_YEN)
        return false;
    *out = YEN(v->number);
    return true;
}
