/* The page of a household's judgements: what applies when to whom, and why. */
#include "desk/eligibility/judge_write.h"
#include "eligibility_pages.h"

static const char *cause_message(enum judge_cause cause)
{
    static const char *const ids[] = {"eligibility.judge_cause.1", "eligibility.judge_cause.2",
                                      "eligibility.judge_cause.3", "eligibility.judge_cause.4",
                                      "eligibility.judge_cause.5", "eligibility.judge_cause.6"};

    return ids[cause >= JUDGE_YEARLY && cause <= JUDGE_COUNTER ? cause - 1 : JUDGE_COUNTER - 1];
}

static struct str name_of(const struct party_home *home, int64_t person_id)
{
    for (size_t i = 0; i < home->n; i++) {
        if (home->members[i].person.person_id == person_id)
            return home->members[i].person.name;
    }
    return STR("");
}

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
}

static int fill_list(struct work *w, const struct judgements *all, int64_t shown,
                     struct eligibility_judged_view *v)
{
    struct eligibility_judged_judgements_row *rows =
        ARENA_ARRAY(w->cx.arena, all->n + 1, struct eligibility_judged_judgements_row);

    if (!rows)
        return no_memory(w);
    for (size_t i = 0; i < all->n; i++) {
        const struct judgement *j = &all->rows[i];
        rows[i] = (struct eligibility_judged_judgements_row){.id = j->judgement_id,
                                                             .from = j->valid.from,
                                                             .last = ymd_add(j->valid.to, -1),
                                                             .day = j->day,
                                                             .cause = cause_message(j->cause),
                                                             .shown = j->judgement_id == shown};
    }
    v->judgements = rows;
    v->n_judgements = all->n;
    return OK;
}

/* A judgement of today with the office's own word over it; one of another time as it was. */
static int fill_people(struct work *w, const struct party_home *home, const struct judgement *j,
                       struct eligibility_judged_view *v)
{
    struct eligibility_judged_people_row *rows =
        ARENA_ARRAY(w->cx.arena, j->n + 1, struct eligibility_judged_people_row);
    struct judged now[JUDGED_MAX];
    int64_t ids[JUDGED_MAX];
    const bool is_today = span_holds(j->valid, w->asof.valid);

    if (!rows)
        return no_memory(w);
    for (size_t i = 0; i < j->n; i++)
        ids[i] = j->person[i].person_id;
    const int result = is_today ? judgement_many(w, ids, j->n, w->asof.valid, now) : OK;
    for (size_t i = 0; result >= 0 && i < j->n; i++) {
        const struct judged *p = is_today && now[i].judgement_id != 0 ? &now[i] : &j->person[i];
        rows[i] = (struct eligibility_judged_people_row){.name = name_of(home, p->person_id),
                                                         .elderly = p->elderly,
                                                         .share = p->share,
                                                         .division = division_message(p->division),
                                                         .overridden = p->is_overridden};
    }
    v->people = rows;
    v->n_people = j->n;
    return result;
}

static struct str value_of(struct context *cx, const struct law_value *value)
{
    struct text t;

    text_init(&t, 4096);
    (void)text_add_law_value(&t, value);
    const struct str s = str_copy(cx->arena, text_str(&t));
    text_release(&t);
    return s.p ? s : STR("");
}

static int fill_reasons(struct work *w, const struct party_home *home, const struct judgement *j,
                        struct eligibility_judged_view *v)
{
    struct explanation x;
    int64_t members[JUDGED_MAX];
    size_t n = 0;
    int result = judgement_explanation(w, j, &x);

    if (result >= 0)
        result = judgement_members(w, j, members, JUDGED_MAX, &n);
    if (result >= 0)
        result = judgement_replay(w, j, &v->same);
    if (result < 0)
        return result;
    struct eligibility_judged_reasons_row *rows =
        ARENA_ARRAY(w->cx.arena, x.n + 1, struct eligibility_judged_reasons_row);
    if (!rows)
        return no_memory(w);
    for (uint32_t i = 0; i < x.n; i++) {
        const struct explained *e = &x.nodes[i];
        const bool of_member = str_equal(e->scope, judge_member_scope());
        if (e->kind == EXPLAINED_PARAMETER)
            continue;
        rows[v->n_reasons++] =
            (struct eligibility_judged_reasons_row){.who = of_member && e->row >= 0 &&
                                                                   (size_t)e->row < n
                                                               ? name_of(home, members[e->row])
                                                               : STR(""),
                                                    .label = e->label.n ? e->label : e->name,
                                                    .value = value_of(&w->cx, &e->value),
                                                    .formula = str_or_empty(e->formula),
                                                    .article = str_or_empty(e->article)};
    }
    v->reasons = rows;
    return OK;
}

/* The one asked for, else the one that applies today, else the newest. */
static const struct judgement *choose(const struct judgements *all, int64_t asked, struct ymd today)
{
    for (size_t i = 0; i < all->n; i++) {
        if (asked ? all->rows[i].judgement_id == asked : span_holds(all->rows[i].valid, today))
            return &all->rows[i];
    }
    return asked || all->n == 0 ? NULL : &all->rows[0];
}

static int fill(struct work *w, const struct party_home *home, int64_t asked,
                struct eligibility_judged_view *v)
{
    struct judgements all;
    int result = judgements_of_household(w, home->household_id, &all);
    const struct judgement *j = result < 0 ? NULL : choose(&all, asked, w->asof.valid);

    if (result >= 0 && asked && !j)
        return fail(&w->cx, ERR_NOT_FOUND, "eligibility.judge.none", NULL);
    if (result >= 0)
        result = fill_list(w, &all, j ? j->judgement_id : 0, v);
    v->has_shown = j != NULL;
    if (result >= 0 && j)
        result = fill_people(w, home, j, v);
    if (result >= 0 && j)
        result = fill_reasons(w, home, j, v);
    return result;
}

int judge_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct party_home home;
    struct eligibility_judged_view v = {0};
    int64_t asked = 0;
    int result = request_query_number(&w->cx, rq, "id", 0, &asked);

    if (result >= 0)
        result = party_home_by_no(w, rq->part[0], &home);
    if (result == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "eligibility.judge.household", NULL);
    if (result < 0)
        return result;
    v.household_no = home.household_no;
    result = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                 .household_id = home.household_id,
                                                 .query = STR("judgement"),
                                                 .count = (int64_t)home.n});
    if (result >= 0)
        result = fill(w, &home, asked, &v);
    if (result >= 0)
        eligibility_page_judged(&rp->body, rq->frame, &v);
    return result;
}
