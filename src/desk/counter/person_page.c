/* One person: everything about him on one timeline, whatever desk it is from, and his facts. */
#include "desk/counter/view.h"

#include <string.h>

enum { YEARS_BACK = 6, YEARS_AHEAD = 1 };

struct about {
    struct work *w;
    struct person person;
    struct life life;
    struct decisions decisions;
    struct chart_span *spans;
    size_t n;
};

static int read_past(struct work *w, struct request *rq, struct counter_past_form *form)
{
    int rc = counter_past_form_read(&w->cx, rq, form);
    if (rc < 0) {
        return rc;
    }
    if (!ymd_is_none(form->valid)) {
        w->asof.valid = form->valid;
    }
    if (form->known != FORM_ABSENT && form->known > 0) {
        w->asof.known = form->known;
    }
    return 0;
}

static int read_about(struct about *a, struct str person_no)
{
    struct work *w = a->w;
    int64_t id = 0;
    int rc = party_person_by_no(w, person_no, &id);
    if (rc <= 0) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "party.person.none", NULL);
    }
    struct audit_line line = {
        .class = AUDIT_INQUIRY, .person_id = id, .purpose = STR(""), .query = STR(""), .count = 1};
    rc = audit_write(w, &line);
    rc = rc < 0 ? rc : party_person(w, id, &a->person);
    rc = rc < 0 ? rc : eligibility_life(w, id, &a->life);
    if (rc >= 0 && a->person.household_id != 0) {
        rc = levy_decisions_of_household(w, a->person.household_id, 0, true, &a->decisions);
    }
    return rc < 0 ? rc : 0;
}

/* --- the picture
 * ---------------------------------------------------------------------------------- */

static struct str sentence(const char *id)
{
    const struct message *m = message_find(id);
    return str_of(m ? m->text : id);
}

static const char *lane_message(enum life_part part)
{
    static const char *const ids[] = {"eligibility.life.1", "eligibility.life.1",
                                      "eligibility.life.2", "eligibility.life.3",
                                      "eligibility.life.4", "eligibility.life.5",
                                      "eligibility.life.6", "eligibility.life.7"};
    return ids[part < LIFE_PARTS ? part : 0];
}

/* 住民記録 R8.4.1 受領 異動番号 12 */
static struct str note_of(struct work *w, const struct life_row *r)
{
    struct html h;
    html_init(&h);
    (void)text_add(&h.text, source_word(w, r->source));
    html_raw(&h, " ");
    html_era_short(&h, r->received);
    html_raw(&h, " ");
    (void)text_addf(&h.text, "#%lld", (long long)r->event_no);
    struct str s = str_copy(w->cx.arena, text_str(&h.text));
    html_release(&h);
    return s.p ? s : STR("");
}

static struct str label_of(struct work *w, const struct life_row *r)
{
    struct str word = sentence(life_message(r));
    bool has_more = r->part == LIFE_HOUSEHOLD || r->part == LIFE_OTHER ||
                    r->part == LIFE_CERTIFICATE || r->part == LIFE_PLACEMENT;
    struct str more = r->detail;
    if (r->part == LIFE_COVER && r->detail.n > 0) {
        more = sentence(reason_message(reason_of_code(r->detail)));
        has_more = true;
    }
    if (!has_more || more.n == 0) {
        return word;
    }
    struct str s = str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(word), STR_ARG(more));
    return s.p ? s : word;
}

static void add_life(struct about *a)
{
    for (size_t i = 0; i < a->life.n; i++) {
        const struct life_row *r = &a->life.rows[i];
        bool is_day = r->part == LIFE_CIRCUMSTANCE;
        a->spans[a->n++] = (struct chart_span){.lane = sentence(lane_message(r->part)),
                                               .label = label_of(a->w, r),
                                               .note = note_of(a->w, r),
                                               .from = r->valid.from,
                                               .to = is_day ? r->valid.from : r->valid.to,
                                               .look = (int)r->part > 6 ? 6 : (int)r->part};
    }
}

/* The levy of his household by year: from the day of the decision's debt to the end of the year. */
static void add_levy(struct about *a)
{
    struct context *cx = &a->w->cx;
    for (size_t i = a->decisions.n; i > 0; i--) {
        const struct decision *d = &a->decisions.rows[i - 1];
        struct html amount;
        html_init(&amount);
        html_yen(&amount, d->result.total);
        struct str label = str_format(cx->arena, STR_FMT "%s", STR_ARG(text_str(&amount.text)),
                                      sentence("levy.unit.yen").p);
        struct str note =
            str_format(cx->arena, STR_FMT " #%lld", STR_ARG(levy_year_label(cx, d->fiscal_year)),
                       (long long)d->event_no);
        html_release(&amount);
        a->spans[a->n++] = (struct chart_span){.lane = sentence("counter.person.levy"),
                                               .label = label.p ? label : STR(""),
                                               .note = note.p ? note : STR(""),
                                               .from = d->from,
                                               .to = ymd_of(d->fiscal_year + 1, 4, 1),
                                               .look = d->is_open ? 5 : 2};
    }
}

static int draw(struct about *a, struct html *out)
{
    struct work *w = a->w;
    int year = ymd_fiscal_year(w->asof.valid);
    a->spans = ARENA_ARRAY(w->cx.arena, a->life.n + a->decisions.n + 1, struct chart_span);
    if (!a->spans) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    add_life(a);
    add_levy(a);
    struct chart_lanes lanes = {.title = sentence("counter.person.timeline"),
                                .from = ymd_of(year - YEARS_BACK, 4, 1),
                                .to = ymd_of(year + YEARS_AHEAD, 4, 1),
                                .today = w->asof.valid,
                                .rows = a->spans,
                                .n = a->n};
    return chart_spans(out, &lanes);
}

/* The number that leads, where it is another one; empty: none. */
static int read_leader(struct work *w, int64_t person_id, struct str *no)
{
    struct person leader;
    int64_t id = 0;
    *no = STR("");
    int rc = party_leading_person(w, person_id, &id);
    if (rc < 0 || id == person_id) {
        return rc;
    }
    rc = party_person(w, id, &leader);
    *no = rc < 0 ? STR("") : leader.person_no;
    return rc;
}

int show_person(struct work *w, struct request *rq, struct reply *rp)
{
    struct counter_past_form form;
    struct about a = {.w = w};
    struct html picture;
    struct html eligibility;
    struct str leading_no;
    int rc = read_past(w, rq, &form);
    rc = rc < 0 ? rc : read_about(&a, rq->part[0]);
    rc = rc < 0 ? rc : read_leader(w, a.person.person_id, &leading_no);
    if (rc < 0) {
        return rc;
    }
    html_init(&picture);
    html_init(&eligibility);
    rc = draw(&a, &picture);
    rc = rc < 0 ? rc : eligibility_person_html(w, &a.person, &eligibility);
    if (rc >= 0) {
        struct counter_person_view v = {.name = a.person.name,
                                        .person_no = a.person.person_no,
                                        .household_no = a.person.household_no,
                                        .is_past =
                                            !ymd_is_none(form.valid) || w->asof.known != KNOWN_NOW,
                                        .valid = w->asof.valid,
                                        .known = w->asof.known == KNOWN_NOW ? 0 : w->asof.known,
                                        .may_edit = work_may(w, RIGHT_ELIGIBILITY_EDIT),
                                        .may_other = work_may(w, RIGHT_OTHER),
                                        .may_collect = work_may(w, RIGHT_COLLECTION_VIEW),
                                        .leading_no = leading_no,
                                        .timeline = &picture,
                                        .eligibility = &eligibility,
                                        .past = &form};
        counter_page_person(&rp->body, rq->frame, &v);
    }
    html_release(&picture);
    html_release(&eligibility);
    return rc;
}
