/* Lines of the register's files, and the sequence of changes. */
#include "outside/register/inner.h"

#include <stdio.h>

static void day_text(struct ymd day, char out[11])
{
    out[0] = '\0';
    if (!ymd_is_none(day))
        ymd_format(day, out);
}

int register_header(const struct columns *c, struct text *out)
{
    for (size_t i = 0; i < c->n; i++)
        csv_add(out, c->rows[i].name);
    csv_end(out);
    return OK;
}

/* --- fields
 * ------------------------------------------------------------------------------------------ */

struct source { /* what a field is taken from */
    const struct register_resident *p;
    const struct home *h;
    const struct change *c; /* NULL: the residents file */
    int64_t sequence;
    struct ymd today;
    char scratch[32];
};

static struct str day_of(struct source *s, struct ymd day)
{
    day_text(day, s->scratch);
    return str_of(s->scratch);
}

static struct str number_of(struct source *s, int64_t n)
{
    snprintf(s->scratch, sizeof(s->scratch), "%lld", (long long)n);
    return n ? str_of(s->scratch) : STR("");
}

static bool person_field(struct source *s, struct str id, struct str *out)
{
    const struct register_resident *p = s->p;
    const struct {
        const char *id;
        struct str value;
    } texts[] = {{"person_no", p->person_no},
                 {"name", p->name},
                 {"kana", p->kana},
                 {"real_name", p->real_name},
                 {"sex", p->sex},
                 {"nationality", p->nationality},
                 {"stay_status", p->stay_status},
                 {"household_no", p->household_no},
                 {"ended_by", p->ended_by},
                 {"register", STR("resident")}};
    const struct {
        const char *id;
        struct ymd day;
    } days[] = {{"birth", p->birth},
                {"death", p->death},
                {"stay_until", p->stay_until},
                {"resident_from", p->from},
                {"resident_to", p->to}};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (str_is(id, texts[i].id)) {
            *out = texts[i].value;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        if (str_is(id, days[i].id)) {
            *out = day_of(s, days[i].day);
            return true;
        }
    }
    return false;
}

static bool home_field(const struct source *s, struct str id, struct str *out)
{
    const struct home *h = s->h;
    const struct {
        const char *id;
        struct str value;
    } texts[] = {{"postal_code", h->postal_code}, {"city_code", h->city_code},
                 {"prefecture", h->prefecture},   {"city", h->city},
                 {"town_code", h->town_code},     {"town", h->town},
                 {"number", h->number},           {"building", h->building}};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (str_is(id, texts[i].id)) {
            *out = s->c && s->c->goes && !str_is(id, "city_code") ? STR("") : texts[i].value;
            return true;
        }
    }
    return false;
}

static struct str change_field(struct source *s, struct str id)
{
    const struct change *c = s->c;

    if (str_is(id, "sequence"))
        return number_of(s, s->sequence);
    if (str_is(id, "change_day"))
        return day_of(s, c->day);
    if (str_is(id, "notified"))
        return day_of(s, s->today);
    if (str_is(id, "kind"))
        return str_of(c->kind);
    if (str_is(id, "corrects"))
        return number_of(s, c->corrects);
    if (str_is(id, "household_before"))
        return c->before;
    if (str_is(id, "household_after"))
        return c->goes ? STR("") : s->p->household_no;
    if (str_is(id, "same_day"))
        return c->is_same_day ? STR("1") : STR("");
    if (c->other && str_is(id, "other_city_code"))
        return c->other[0];
    if (c->other && str_is(id, "other_prefecture"))
        return c->other[1];
    return c->other && str_is(id, "other_city") ? c->other[2] : STR("");
}

static struct str field_of(struct source *s, struct str id)
{
    struct str out = STR("");

    if (str_is(id, "relation"))
        return s->c && s->c->goes ? STR("") : s->p->relation;
    if (person_field(s, id, &out) || home_field(s, id, &out))
        return out;
    return s->c ? change_field(s, id) : STR("");
}

static void line_add(const struct columns *columns, struct source *s, struct text *out)
{
    for (size_t i = 0; i < columns->n; i++)
        csv_add(out, field_of(s, columns->rows[i].id));
    csv_end(out);
}

int resident_line(struct register_office *r, size_t person, struct text *out)
{
    const size_t home = register_home_find(r, r->people[person].household_no);
    struct source s = {.p = &r->people[person], .h = &r->homes[home], .today = r->today};

    line_add(&r->resident_columns, &s, out);
    return out->failed ? register_no_memory(r) : OK;
}

/* --- the sequence
 * --------------------------------------------------------------------------------------- */

static int change_write(struct register_office *r, const struct change *c, struct str line)
{
    const struct register_db_change_put_in in = {.sequence = r->next_sequence,
                                                 .recorded_ymd = r->today,
                                                 .kind = str_of(c->kind),
                                                 .person_no = r->people[c->person].person_no,
                                                 .change_ymd = c->day,
                                                 .effect_ymd = c->effect,
                                                 .is_single = c->is_single,
                                                 .line = line};
    const int result = register_db_change_put(&r->cx, r->store, &in);

    r->next_sequence++;
    return result;
}

int register_record(struct register_office *r, const struct change *c)
{
    const size_t home = register_home_find(r, r->people[c->person].household_no);
    struct source s = {.p = &r->people[c->person],
                       .h = &r->homes[home],
                       .c = c,
                       .sequence = r->next_sequence,
                       .today = r->today};
    struct text t;
    int result = OK;

    r->is_changed[c->person] = true;
    r->homes[home].is_changed = true;
    if (ymd_compare(c->effect, r->homes[home].last) > 0)
        r->homes[home].last = c->effect;
    text_init(&t, 1 << 16);
    line_add(&r->change_columns, &s, &t);
    result = t.failed ? register_no_memory(r) : change_write(r, c, text_str(&t));
    text_release(&t);
    return result;
}
