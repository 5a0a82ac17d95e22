/* The eligibility part of the household page. */
#include "desk/eligibility/inner.h"
#include "eligibility_pages.h"

enum holding { HOLDING_CERTIFICATE = 1, HOLDING_CIRCUMSTANCE, HOLDING_NUMBER, HOLDING_HEAD };
struct holdings { /* a part of what one statement found */
    const struct eligibility_household_holdings_row *rows;
    size_t n;
};
struct loaded { /* of all members */
    struct eligibility_periods_of_list periods;
    struct holdings certificates, circumstances; /* by person */
    struct holdings numbers, heads;              /* newest first */
};
struct filling {
    struct work *w;
    const struct party_home *home;
    int fiscal_year;
    struct id_list people;
    struct loaded all;
    struct eligibility_household_members_row *rows;
    struct chart_row *chart;
};

/* The rows of one part; they stand together, parts in order. */
static struct holdings part_of(const struct eligibility_household_holdings_list *list,
                               enum holding part)
{
    size_t first = 0;
    while (first < list->n && list->rows[first].part < part)
        first++;
    size_t end = first;
    while (end < list->n && list->rows[end].part == part)
        end++;
    return (struct holdings){list->n ? list->rows + first : NULL, end - first};
}

static int load(struct filling *f)
{
    struct work *w = f->w;
    const struct store_id_list ids = {f->people.ids, f->people.n};
    const int64_t known = w->asof.known;
    int r =
        eligibility_periods_of(&w->cx, w->store, &(struct eligibility_periods_of_in){ids, known},
                               &f->all.periods);

    struct eligibility_household_holdings_list list;
    if (r >= 0)
        r = eligibility_household_holdings(
            &w->cx, w->store,
            &(struct eligibility_household_holdings_in){ids, f->home->household_id, known}, &list);
    if (r < 0)
        return r;
    f->all.certificates = part_of(&list, HOLDING_CERTIFICATE);
    f->all.circumstances = part_of(&list, HOLDING_CIRCUMSTANCE);
    f->all.numbers = part_of(&list, HOLDING_NUMBER);
    f->all.heads = part_of(&list, HOLDING_HEAD);
    return OK;
}

static int make_room(struct filling *f)
{
    struct arena *a = f->w->cx.arena;
    int64_t *ids = ARENA_ARRAY(a, f->home->n + 1, int64_t);

    f->rows = ARENA_ARRAY(a, f->home->n + 1, struct eligibility_household_members_row);
    f->chart = ARENA_ARRAY(a, f->home->n + 1, struct chart_row);
    if (!ids || !f->rows || !f->chart)
        return fail(&f->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < f->home->n; i++)
        ids[i] = f->home->members[i].person.person_id;
    f->people = (struct id_list){ids, f->home->n, false};
    return OK;
}

static bool any_insured(const struct filling *f)
{
    for (size_t i = 0; i < f->all.periods.n; i++) {
        const struct eligibility_periods_of_row *r = &f->all.periods.rows[i];
        if (span_holds((struct span){r->valid_from, r->valid_to}, f->w->asof.valid))
            return true;
    }
    return false;
}

static bool mark_holds(const struct eligibility_household_holdings_row *r, struct ymd day)
{
    const struct eligibility_circumstances_of_row c = {.person_id = r->person_id,
                                                       .kind = r->circumstance,
                                                       .day = r->day,
                                                       .code = r->code,
                                                       .first_month = r->first_month,
                                                       .last_month = r->last_month};
    return circumstance_holds(&c, day);
}

static int fill_marks(struct filling *f, int64_t person_id,
                      struct eligibility_household_members_row *row)
{
    size_t n = 0;
    const struct eligibility_household_holdings_row *c =
        ROWS_OF(f->all.circumstances, person_id, &n);
    struct eligibility_household_members_marks_row *marks =
        ARENA_ARRAY(f->w->cx.arena, n + 1, struct eligibility_household_members_marks_row);

    if (!marks)
        return fail(&f->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    row->marks = marks;
    for (size_t i = 0; i < n; i++) {
        if (mark_holds(&c[i], f->w->asof.valid))
            marks[row->n_marks++].label = circumstance_message(c[i].circumstance);
    }
    return OK;
}

/* The newest document still good on the day. */
static struct str card_of(struct filling *f, int64_t person_id)
{
    size_t n = 0;
    const struct eligibility_household_holdings_row *c =
        ROWS_OF(f->all.certificates, person_id, &n);

    for (size_t i = 0; i < n; i++) {
        const bool over = !ymd_is_none(c[i].until) && ymd_compare(c[i].until, f->w->asof.valid) < 0;
        if (over || !ymd_is_none(c[i].returned_ymd))
            continue;
        const struct message *kind = message_find(certificate_message(c[i].kind));
        return str_format(f->w->cx.arena, "%s " STR_FMT "-" STR_FMT, kind ? kind->text : "",
                          STR_ARG(c[i].number), STR_ARG(c[i].branch));
    }
    return STR("");
}

/* Whoever was head on a day is head on the day looked at, without a break. */
static bool head_unchanged(const struct filling *f, struct ymd since)
{
    const struct eligibility_household_holdings_row *head = NULL;
    bool same = false;

    for (size_t i = f->all.heads.n; i > 0; i--) {
        const struct eligibility_household_holdings_row *r = &f->all.heads.rows[i - 1];
        const struct span s = {r->day, r->until};
        if (span_holds(s, since) ||
            (head && head->head_id == r->head_id && ymd_compare(head->until, r->day) == 0))
            head = r;
        if (head == r && span_holds(s, f->w->asof.valid))
            same = true;
    }
    return same;
}

/* Left NHI for late-stage care while living here, lives here still, and the head is the same:
 * 特定同一世帯所属者, as the facts for the levy have it. */
static bool is_special(const struct filling *f, const struct member *m,
                       const struct insured_period *periods, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct ymd last = ymd_add(periods[i].valid.to, -1);
        if (periods[i].lost_by == LOST_LATE_STAGE && m->is_there && span_holds(m->stay, last) &&
            ymd_compare(last, f->w->asof.valid) < 0 && head_unchanged(f, last))
            return true;
    }
    return false;
}

static int fill_periods(struct filling *f, const struct member *m,
                        struct eligibility_household_members_row *row, struct chart_row *chart)
{
    size_t n = 0;
    const struct eligibility_periods_of_row *r = ROWS_OF(f->all.periods, m->person.person_id, &n);
    struct insured_period *periods = ARENA_ARRAY(f->w->cx.arena, n + 1, struct insured_period);

    if (!periods)
        return fail(&f->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < n; i++) {
        periods[i] = period_of_row(&r[i]);
        row->insured = row->insured || span_holds(periods[i].valid, f->w->asof.valid);
    }
    row->was_insured = n > 0 && !row->insured;
    row->special = is_special(f, m, periods, n) && !row->insured && any_insured(f);
    row->deemed = m->is_head && m->is_there && !row->insured && any_insured(f);
    const bool counts = row->deemed || row->special;
    const struct month_facts facts = {periods, n, m->person.birth,
                                      counts ? m->stay : (struct span){YMD_NONE, f->w->today}};
    chart->label = m->person.name;
    month_cells(&facts, f->fiscal_year, chart->cells);
    if (!counts) /* nothing of him counts where he is not insured */
        for (int i = 0; i < 12; i++)
            chart->cells[i] = chart->cells[i] == 'd' ? '.' : chart->cells[i];
    return OK;
}

static int fill_member(struct filling *f, const struct member *m,
                       struct eligibility_household_members_row *row, struct chart_row *chart)
{
    const struct person *p = &m->person;

    *row = (struct eligibility_household_members_row){.person_no = p->person_no,
                                                      .name = p->name,
                                                      .kana = p->kana,
                                                      .relation = relation_message(m->relation),
                                                      .birth = p->birth,
                                                      .age = age_on(p->birth, f->w->asof.valid),
                                                      .sex = sex_message(p->sex),
                                                      .there = m->is_there,
                                                      .left = m->stay.to,
                                                      .foreign = p->is_foreign,
                                                      .hidden = p->is_protected,
                                                      .card = card_of(f, p->person_id)};
    const int result = fill_marks(f, p->person_id, row);
    return result < 0 ? result : fill_periods(f, m, row, chart);
}

static struct str number_of(const struct filling *f)
{
    for (size_t i = 0; i < f->all.numbers.n; i++) {
        const struct eligibility_household_holdings_row *r = &f->all.numbers.rows[i];
        if (span_holds((struct span){r->day, r->until}, f->w->asof.valid))
            return str_format(f->w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(r->symbol),
                              STR_ARG(r->number));
    }
    return STR("");
}

int eligibility_household_html(struct work *w, const struct party_home *home, int fiscal_year,
                               struct html *out)
{
    struct filling f = {.w = w, .home = home, .fiscal_year = fiscal_year};
    struct eligibility_household_view v = {.household_no = home->household_no,
                                           .hidden = home->is_protected};
    struct html months;
    int result = make_room(&f);

    if (result >= 0)
        result = load(&f);
    for (size_t i = 0; i < home->n && result >= 0; i++)
        result = fill_member(&f, &home->members[i], &f.rows[i], &f.chart[i]);
    if (result >= 0)
        result = timeline(w, home, &f.people, &v.events, &v.n_events);
    if (result < 0)
        return error_add(&w->cx, "show the eligibility of a household");
    html_init(&months);
    result = chart_months(&months, fiscal_year, f.chart, home->n);
    v.year_label = year_label(w, fiscal_year);
    v.months = &months;
    v.card_number = number_of(&f);
    v.members = f.rows;
    v.n_members = home->n;
    eligibility_part_household(out, NULL, &v);
    html_release(&months);
    return result;
}
