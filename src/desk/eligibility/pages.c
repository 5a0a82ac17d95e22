/* The search page and the page of one person. */
#include "desk/eligibility/inner.h"
#include "eligibility_pages.h"

enum { SHOWN = 50 };

/* --- search --------------------------------------------------------------------------------------
 */

static const char *gone_message(const struct person *p)
{
    if (p->is_resident || p->is_nonresident)
        return NULL;
    return str_is(p->ended_by, "death") ? "eligibility.gone.death" : "eligibility.gone.left";
}

static void fill_hit(struct work *w, const struct person *p, enum insured_state state,
                     struct eligibility_search_people_row *row)
{
    *row = (struct eligibility_search_people_row){.person_no = p->person_no,
                                                  .name = p->name,
                                                  .kana = p->kana,
                                                  .birth = p->birth,
                                                  .age = age_on(p->birth, w->asof.valid),
                                                  .sex = sex_message(p->sex),
                                                  .address = p->address,
                                                  .hidden = p->is_protected,
                                                  .household_no = p->household_no,
                                                  .head_name = p->head_name,
                                                  .is_head = p->is_head,
                                                  .insured = state == INSURED,
                                                  .was_insured = state == WAS_INSURED,
                                                  .foreign = p->is_foreign,
                                                  .gone = gone_message(p)};
}

static int fill_hits(struct work *w, const struct id_list *ids, struct eligibility_search_view *v)
{
    struct person_list people;
    enum insured_state *states = ARENA_ARRAY(w->cx.arena, ids->n + 1, enum insured_state);
    struct eligibility_search_people_row *rows =
        ARENA_ARRAY(w->cx.arena, ids->n + 1, struct eligibility_search_people_row);

    if (!states || !rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    int result = party_people(w, ids->ids, ids->n, &people);
    if (result >= 0)
        result = eligibility_states(w, ids->ids, ids->n, states);
    for (size_t i = 0; i < people.n && result >= 0; i++)
        fill_hit(w, &people.rows[i], states[i], &rows[i]);
    v->people = rows;
    v->n_people = result < 0 ? 0 : people.n;
    v->cut = ids->is_cut;
    return result;
}

/* A word that cannot be searched for is told on the page, not thrown. */
static int tell_problem(struct work *w, struct eligibility_search_view *v)
{
    const struct message *m = message_find(w->cx.error.message);

    v->problem = str_of(m ? m->text : w->cx.error.message);
    v->advice = str_of(m && m->advice ? m->advice : "");
    error_clear(&w->cx);
    return OK;
}

static int run_search(struct work *w, struct str box, struct eligibility_search_view *v)
{
    struct search_words words;
    struct id_list ids;
    int result = party_search_words(&w->cx, box, &words);

    if (result == ERR_INVALID)
        return tell_problem(w, v);
    if (result < 0 || words.n == 0)
        return result;
    v->asked = true;
    result = eligibility_search(w, &words, SHOWN, &ids);
    if (result >= 0)
        result = fill_hits(w, &ids, v);
    return result < 0 ? result : audit_outcome(w, OK, (int64_t)v->n_people);
}

int eligibility_search_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct eligibility_search_form form;
    struct eligibility_search_view v = {.search = &form};
    int result = eligibility_search_form_read(&w->cx, rq, &form);

    if (result == ERR_INVALID)
        error_clear(&w->cx); /* the form shows its problems */
    const struct str box = result < 0 || !form.q.p ? STR("") : form.q;
    result =
        audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY, .query = box, .count = -1});
    if (result >= 0)
        result = run_search(w, box, &v);
    if (result < 0)
        return error_add(&w->cx, "search");
    eligibility_page_search(&rp->body, rq->frame, &v);
    return OK;
}

/* --- one person
 * ----------------------------------------------------------------------------------- */

static void fill_facts(struct work *w, const struct person *p, struct eligibility_person_view *v)
{
    v->person_no = p->person_no;
    v->name = p->name;
    v->kana = p->kana;
    v->real_name = p->real_name;
    v->birth = p->birth;
    v->age = age_on(p->birth, w->asof.valid);
    v->sex = sex_message(p->sex);
    v->death = p->death;
    v->gone = gone_message(p);
    v->foreign = p->is_foreign;
    v->nationality = p->nationality;
    v->stay_status = p->stay_status;
    v->stay_until = p->stay_until;
    v->hidden = p->is_protected;
    v->address = p->address;
    v->postal_code = p->postal_code;
    v->household_no = p->household_no;
    v->head_name = p->head_name;
    v->relation = relation_message(p->relation);
}

static int fill_periods(struct work *w, const struct insured_periods *all,
                        struct eligibility_person_view *v)
{
    struct eligibility_person_periods_row *rows =
        ARENA_ARRAY(w->cx.arena, all->n + 1, struct eligibility_person_periods_row);

    if (!rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < all->n; i++) {
        const struct insured_period *p = &all->rows[i];
        rows[i] = (struct eligibility_person_periods_row){
            p->valid.from, reason_message((int)p->acquired_by), p->acquired_notified,
            p->valid.to,   reason_message(p->lost_by),          p->lost_cause};
    }
    v->periods = rows;
    v->n_periods = all->n;
    return OK;
}

static int fill_certificates(struct work *w, const struct certificates *all,
                             struct eligibility_person_view *v)
{
    struct eligibility_person_certificates_row *rows =
        ARENA_ARRAY(w->cx.arena, all->n + 1, struct eligibility_person_certificates_row);

    if (!rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < all->n; i++) {
        const struct certificate *c = &all->rows[i];
        rows[i] = (struct eligibility_person_certificates_row){
            certificate_message(c->kind),
            c->serial,
            str_format(w->cx.arena, STR_FMT "-" STR_FMT, STR_ARG(c->number), STR_ARG(c->branch)),
            c->issued,
            c->valid_until,
            c->returned,
            c->issue_count};
        if (i == 0)
            v->card_number = str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(c->symbol),
                                        STR_ARG(rows[i].card_number));
    }
    v->certificates = rows;
    v->n_certificates = all->n;
    return OK;
}

const char *cover_message(struct str kind)
{
    static const char *const kinds[] = {"eligibility.cover.employee", "eligibility.cover.dependant",
                                        "eligibility.cover.society", "eligibility.cover.late_stage",
                                        "eligibility.cover.assistance"};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (str_is(kind, kinds[i] + sizeof("eligibility.cover.") - 1))
            return kinds[i];
    }
    return "eligibility.cover.society";
}

static int fill_covers(struct work *w, int64_t person_id, struct eligibility_person_view *v)
{
    const struct store_id_list ids = {&person_id, 1};
    struct eligibility_covers_of_list list;
    const int result =
        eligibility_covers_of(&w->cx, w->store,
                              &(struct eligibility_covers_of_in){ids, w->asof.known}, &list);
    if (result < 0)
        return result;
    struct eligibility_person_covers_row *rows =
        ARENA_ARRAY(w->cx.arena, list.n + 1, struct eligibility_person_covers_row);
    if (!rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        rows[i] =
            (struct eligibility_person_covers_row){cover_message(list.rows[i].kind),
                                                   list.rows[i].valid_from, list.rows[i].valid_to};
    v->covers = rows;
    v->n_covers = list.n;
    return OK;
}

static int fill_marks(struct work *w, int64_t person_id, struct eligibility_person_view *v)
{
    const struct store_id_list ids = {&person_id, 1};
    struct eligibility_circumstances_of_list list;
    const int result =
        eligibility_circumstances_of(&w->cx, w->store,
                                     &(struct eligibility_circumstances_of_in){ids, w->asof.known},
                                     &list);
    if (result < 0)
        return result;
    struct eligibility_person_marks_row *rows =
        ARENA_ARRAY(w->cx.arena, list.n + 1, struct eligibility_person_marks_row);
    if (!rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct eligibility_person_marks_row){circumstance_message(list.rows[i].kind),
                                                        list.rows[i].day};
    v->marks = rows;
    v->n_marks = list.n;
    return OK;
}

/* Everything of this desk about one person. */
static int fill_eligibility(struct work *w, const struct person *p, struct html *months,
                            struct eligibility_person_view *v)
{
    struct insured_periods periods;
    struct certificates certificates;
    const int year = ymd_fiscal_year(w->asof.valid);
    struct chart_row chart = {.label = p->name};
    int r = eligibility_periods(w, p->person_id, &periods);

    if (r >= 0)
        r = fill_periods(w, &periods, v);
    if (r >= 0)
        r = eligibility_certificates(w, p->person_id, &certificates);
    if (r >= 0)
        r = fill_certificates(w, &certificates, v);
    if (r >= 0)
        r = fill_covers(w, p->person_id, v);
    if (r >= 0)
        r = fill_marks(w, p->person_id, v);
    if (r < 0)
        return r;
    month_cells(&(struct month_facts){periods.rows, periods.n, p->birth, {w->today, w->today}},
                year, chart.cells);
    v->year_label = year_label(w, year);
    v->months = months;
    return chart_months(months, year, &chart, 1);
}

int eligibility_person_html(struct work *w, const struct person *p, struct html *out)
{
    struct eligibility_person_view v = {.name = STR("")};
    struct html months;
    const struct id_list people = {&p->person_id, 1, false};

    html_init(&months);
    fill_facts(w, p, &v);
    int result = fill_eligibility(w, p, &months, &v);
    if (result >= 0)
        result = timeline(w, NULL, &people, &v.events, &v.n_events);
    if (result >= 0)
        eligibility_part_person(out, NULL, &v);
    html_release(&months);
    return result < 0 ? error_add(&w->cx, "show the eligibility of a person") : OK;
}
