/* extract: one person's record over all desks, found by what the tables say of themselves: rows
 * that name him, rows of a household in the days he lived in it, and rows that hang on those.
 * Columns that are not disclosed, internal numbers and whatever may hold other people are counted,
 * not shown. It reads whole tables, so it is a job. */
#include "desk/linkage/disclosure.h"

#include <string.h>

/* The words by which the columns say it (data/disclosure_words.tsv). */
extern const unsigned char linkage_words_tsv[];
extern const size_t linkage_words_tsv_size;

enum { FIRST_ROOM = 512, COLUMNS_MAX = 64, PARENTS_MAX = 64, LINES_MAX = 1000000 };

struct parent { /* a table some of whose rows are his: others hang on them by its key */
    const char *key;
    int64_t *ids;
    size_t n, room;
};
struct reading {
    struct work *w;
    int64_t person_id;
    struct linkage_homes_of_person_list homes;
    struct parent parents[PARENTS_MAX];
    size_t n_parents;
    struct extract *x;
};
struct shape { /* of one table: where what stands; -1: nowhere */
    const struct store_table *t;
    int person, debtor, household, valid_from, valid_to;
    int hangs_on; /* field that names a parent */
    const struct parent *parent;
};

static struct str sentence(const char *id)
{
    const struct message *m = message_find(id);
    return str_of(m ? m->text : id);
}

static int field_of(const struct store_table *t, const char *name)
{
    for (int i = 0; i < t->n_fields; i++)
        if (strcmp(t->fields[i].name, name) == 0)
            return i;
    return -1;
}

static const struct store_column *column_named(const struct store_table *t, const char *name)
{
    for (int i = 0; i < t->n_columns; i++)
        if (strcmp(t->columns[i].name, name) == 0)
            return &t->columns[i];
    return NULL;
}

static struct shape shape_of(const struct reading *r, const struct store_table *t)
{
    struct shape s = {.t = t,
                      .person = field_of(t, "person_id"),
                      .debtor = field_of(t, "debtor_id"),
                      .household = field_of(t, "household_id"),
                      .valid_from = field_of(t, "valid_from"),
                      .valid_to = field_of(t, "valid_to"),
                      .hangs_on = -1};
    for (size_t i = 0; i < r->n_parents && s.hangs_on < 0; i++) {
        int at = field_of(t, r->parents[i].key);
        if (at >= 0 && at != t->key) {
            s.hangs_on = at;
            s.parent = &r->parents[i];
        }
    }
    return s;
}

static bool value_is(const struct store_value *v, int at, int64_t id)
{
    return at >= 0 && !v[at].is_null && v[at].i == id;
}

static bool parent_has(const struct parent *p, int64_t id)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->ids[i] == id)
            return true;
    return false;
}

static struct ymd day_at(const struct store_value *v, int at)
{
    struct ymd day;
    return at >= 0 && !v[at].is_null && ymd_parse(v[at].s, &day) ? day : YMD_NONE;
}

/* The stay during which a row of a household was about him; NULL: none. */
static const struct linkage_homes_of_person_row *
stay_of(const struct reading *r, const struct shape *s, const struct store_value *v)
{
    struct ymd from = day_at(v, s->valid_from), to = day_at(v, s->valid_to);
    if (s->valid_from < 0 || v[s->household].is_null)
        return NULL;
    for (size_t i = 0; i < r->homes.n; i++) {
        const struct linkage_homes_of_person_row *h = &r->homes.rows[i];
        bool begins = ymd_is_none(h->valid_to) || ymd_compare(from, h->valid_to) < 0;
        bool lasts = ymd_is_none(to) || ymd_compare(h->valid_from, to) < 0;
        if (h->household_id == v[s->household].i && begins && lasts)
            return h;
    }
    return NULL;
}

struct match {
    bool is_his;
    struct ymd cut; /* a household's row ends for him when he leaves; YMD_NONE: no cut */
};

/* A row that names a person is about that one alone, whatever household it stands in. */
static struct match match_of(const struct reading *r, const struct shape *s,
                             const struct store_value *v)
{
    struct match m = {.cut = YMD_NONE};
    bool names = (s->person >= 0 && !v[s->person].is_null && v[s->person].i != 0) ||
                 (s->debtor >= 0 && !v[s->debtor].is_null);
    if (names) {
        m.is_his = value_is(v, s->person, r->person_id) || value_is(v, s->debtor, r->person_id);
    } else if (s->hangs_on >= 0) {
        m.is_his = parent_has(s->parent, v[s->hangs_on].i);
    } else if (s->household >= 0) {
        const struct linkage_homes_of_person_row *h = stay_of(r, s, v);
        m.is_his = h != NULL;
        if (h)
            m.cut = h->valid_to;
    }
    return m;
}

/* --- lines -------------------------------------------------------------------------------------
 */

static struct extract_line *line_new(struct reading *r)
{
    struct extract *x = r->x;
    if (x->n == LINES_MAX)
        return NULL;
    if (x->n == x->room) {
        size_t room = x->room > 0 ? 2 * x->room : FIRST_ROOM;
        struct extract_line *lines = ARENA_ARRAY(r->w->cx.arena, room, struct extract_line);
        if (!lines)
            return NULL;
        if (x->n > 0)
            memcpy(lines, x->lines, x->n * sizeof *lines);
        x->lines = lines;
        x->room = room;
    }
    return &x->lines[x->n++];
}

static struct str time_text(struct arena *a, int64_t time_us)
{
    struct text t;
    text_init(&t, 64);
    text_add_time(&t, time_us);
    struct str s = str_copy(a, text_str(&t));
    text_release(&t);
    return s;
}

static struct str value_text(struct arena *a, const struct store_field *f,
                             const struct store_value *v)
{
    if (f->type == ST_FLAG)
        return sentence(v->i ? "linkage.flag.1" : "linkage.flag.0");
    if (f->type == ST_TIME)
        return time_text(a, v->i);
    if (f->type == ST_COUNT || f->type == ST_YEN)
        return str_format(a, "%lld", (long long)v->i);
    return str_copy(a, v->s);
}

static struct str word(const char *name)
{
    return payload_get((struct str){(const char *)linkage_words_tsv, linkage_words_tsv_size}, name);
}

/* Disclosed, and made of something a person can read; what hides wholly may be about others. */
static bool may_show(const struct store_column *c)
{
    bool readable = c->type != ST_ID && c->type != ST_BLOB;
    return readable && str_is(word("disclosed"), c->disclose) &&
           !str_is(word("whole_mask"), c->mask);
}

static struct str table_words(struct arena *a, const struct store_table *t)
{
    struct str id = str_format(a, "linkage.table.%s", t->name);
    const struct message *m = id.p ? message_find(id.p) : NULL;
    return str_of(m ? m->text : t->name);
}

static struct str day_text(struct arena *a, struct ymd day)
{
    char s[11];
    if (ymd_is_none(day))
        return STR("");
    ymd_format(day, s);
    return str_copy(a, str_of(s));
}

static struct ymd earlier(struct ymd a, struct ymd b)
{
    if (ymd_is_none(a) || ymd_is_none(b))
        return ymd_is_none(a) ? b : a;
    return ymd_compare(a, b) < 0 ? a : b;
}

static int row_show(struct reading *r, const struct shape *s, const struct store_value *v,
                    struct ymd cut)
{
    struct arena *a = r->w->cx.arena;
    const struct store_table *t = s->t;
    int last = t->n_fields + (t->chained ? 1 : 0); /* known_to stands behind the seal */
    struct extract_line row = {.content = table_words(a, t),
                               .from = day_text(a, day_at(v, s->valid_from)),
                               .to = day_text(a, earlier(day_at(v, s->valid_to), cut)),
                               .is_now = !t->fact || v[last].is_null};
    for (int i = 0; i < t->n_fields; i++) {
        const struct store_column *c = column_named(t, t->fields[i].name);
        bool is_frame = i == s->valid_from || i == s->valid_to || i == t->known_from;
        if (is_frame || !c || v[i].is_null)
            continue;
        if (!may_show(c)) {
            r->x->withheld++;
            continue;
        }
        struct extract_line *line = line_new(r);
        if (!line)
            return no_memory(r->w);
        *line = row;
        line->file = str_of(c->file);
        line->item = str_of(c->label);
        line->value = value_text(a, &t->fields[i], &v[i]);
        if (!line->value.p)
            return no_memory(r->w);
    }
    return OK;
}

/* --- tables --------------------------------------------------------------------------------------
 */

static int parent_add(struct reading *r, struct parent *p, int64_t id)
{
    if (p->n == p->room) {
        size_t room = p->room > 0 ? 2 * p->room : 16;
        int64_t *ids = ARENA_ARRAY(r->w->cx.arena, room, int64_t);
        if (!ids)
            return no_memory(r->w);
        if (p->n > 0)
            memcpy(ids, p->ids, p->n * sizeof *ids);
        p->ids = ids;
        p->room = room;
    }
    p->ids[p->n++] = id;
    return OK;
}

static int rows_read(struct reading *r, const struct shape *s, struct parent *own)
{
    struct context *cx = &r->w->cx;
    struct store_value v[COLUMNS_MAX];
    struct store_cursor *c = NULL;
    int rc = store_query(cx, r->w->store, s->t->scan, NULL, &c);
    if (rc < 0)
        return rc;
    while ((rc = store_step(cx, c, v)) > 0) {
        struct match m = match_of(r, s, v);
        if (!m.is_his)
            continue;
        rc = row_show(r, s, v, m.cut);
        if (rc >= 0 && s->t->key >= 0 && s->t->fields[s->t->key].type == ST_ID)
            rc = parent_add(r, own, v[s->t->key].i);
        if (rc < 0)
            break;
    }
    store_cursor_close(c);
    return rc;
}

static int table_read_all(struct reading *r, const struct store_table *t)
{
    struct shape s = shape_of(r, t);
    struct parent own = {.key = t->key >= 0 ? t->fields[t->key].name : ""};
    bool concerns = s.person >= 0 || s.debtor >= 0 || s.household >= 0 || s.hangs_on >= 0;
    if (!concerns || !t->chained || t->n_fields + 2 > COLUMNS_MAX)
        return OK; /* plain tables are working tables: drafts, sessions */
    int rc = rows_read(r, &s, &own);
    if (rc < 0)
        return error_add(&r->w->cx, "extract from %s", t->name);
    r->x->tables++;
    bool is_anchor = s.person == t->key || s.household == t->key;
    if (own.n > 0 && !is_anchor && r->n_parents < PARENTS_MAX)
        r->parents[r->n_parents++] = own;
    return OK;
}

int extract_make(struct work *w, int64_t person_id, struct extract *out)
{
    struct reading *r = ARENA_NEW(w->cx.arena, struct reading);
    size_t n;
    const struct desk *const *desks = office_desks(&n);
    *out = (struct extract){.n = 0};
    if (!r)
        return no_memory(w);
    r->w = w;
    r->person_id = person_id;
    r->x = out;
    struct linkage_homes_of_person_in in = {person_id};
    int rc = linkage_homes_of_person(&w->cx, w->store, &in, &r->homes);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        for (size_t k = 0; rc >= 0 && desks[i]->schema && k < desks[i]->schema->n_tables; k++)
            rc = table_read_all(r, desks[i]->schema->tables[k]);
    return rc < 0 ? rc : OK;
}
