/* Pages of rates from a target total: what is wanted, what was found, and giving it a name. */
#include "desk/levy/pages.h"
#include "desk/levy/rates.h"
#include "desk/levy/trial_pages.h"
#include "levy_pages.h"
#include "levy_sql.h"

#define SOLVES_SHOWN 20

/* --- the form ----------------------------------------------------------------------------------
 */

static int solve_page(struct work *w, struct request *rq, struct reply *rp,
                      const struct levy_solve_form *form)
{
    const struct levy_rate_solves_recent_in in = {.n = SOLVES_SHOWN};
    struct levy_rate_solves_recent_list list;
    struct levy_solve_view v = {.solve = form};
    int rc = levy_rate_solves_recent(&w->cx, w->store, &in, &list);
    struct levy_solve_recent_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_solve_recent_row);
    if (!rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        rows[i] =
            (struct levy_solve_recent_row){list.rows[i].job_id,
                                           levy_year_label(&w->cx, (int)list.rows[i].fiscal_year),
                                           list.rows[i].target_yen};
    }
    v.recent = rows;
    v.n_recent = list.n;
    levy_page_solve(&rp->body, rq->frame, &v);
    return 0;
}

int levy_show_solve(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_solve_form form;
    levy_solve_form_init(&form);
    form.year = ymd_fiscal_year(w->today);
    form.move_income = form.move_person = form.move_household = true;
    form.rate_unit = STR("0.01");
    form.yen_unit = STR("100");
    return solve_page(w, rq, rp, &form);
}

/* What the desk refused, beside the field it is about. */
static void show_problem(struct work *w, struct form_state *state, const char *field)
{
    const char *message = str_c(w->cx.arena, str_of(w->cx.error.message));
    if (message) {
        form_problem(&w->cx, state, field, message, NULL);
    }
}

static struct str money_word(struct work *w, struct yen y)
{
    return y.n == FORM_ABSENT ? STR("") : str_format(w->cx.arena, "%lld", (long long)y.n);
}

static struct solve_words words_of_form(struct work *w, const struct levy_solve_form *f)
{
    return (struct solve_words){.target = money_word(w, f->target),
                                .part = {[PART_MEDICAL] = money_word(w, f->medical),
                                         [PART_SUPPORT] = money_word(w, f->support),
                                         [PART_CARE] = money_word(w, f->care),
                                         [PART_CHILD] = money_word(w, f->child)},
                                .moves = str_format(w->cx.arena, "%s%s%s",
                                                    f->move_income ? "income," : "",
                                                    f->move_person ? "person," : "",
                                                    f->move_household ? "household" : ""),
                                .shares = f->shares,
                                .rate_unit = f->rate_unit,
                                .yen_unit = f->yen_unit};
}

static void put_option(struct text *t, const char *name, struct str value)
{
    if (value.n > 0) {
        (void)text_addf(t, " %s=", name);
        option_add(t, value);
    }
}

static int queue_solve(struct work *w, const struct levy_solve_form *f,
                       const struct solve_words *words, int64_t *job)
{
    static const char *const parts[LEVY_PARTS] = {"medical", "support", "care", "child"};
    struct text t;
    text_init(&t, 4096);
    (void)text_addf(&t, "year=%lld", (long long)f->year);
    put_option(&t, "target", words->target);
    for (int k = 0; k < LEVY_PARTS; k++) {
        put_option(&t, parts[k], words->part[k]);
    }
    put_option(&t, "moves", words->moves);
    put_option(&t, "shares", words->shares);
    put_option(&t, "rate-unit", words->rate_unit);
    put_option(&t, "yen-unit", words->yen_unit);
    int rc = t.failed ? fail(&w->cx, ERR_LIMIT, "memory", NULL)
                      : job_queue(w, "solve-rates", text_str(&t), job);
    text_release(&t);
    return rc;
}

int levy_run_solve(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_solve_form form;
    struct solve_request asked;
    int64_t job = 0;
    int rc = levy_solve_form_read(&w->cx, rq, &form);
    if (rc >= 0) {
        const struct solve_words words = words_of_form(w, &form);
        rc = levy_solve_read(w, (int)form.year, &words, &asked);
        if (rc == ERR_INVALID) {
            show_problem(w, &form.state, "target");
        }
        rc = rc < 0 ? rc : queue_solve(w, &form, &words, &job);
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return solve_page(w, rq, rp, &form);
    }
    return rc < 0 ? rc : reply_redirect(rq, rp, "/levy/solve/%lld", (long long)job);
}

/* --- the result --------------------------------------------------------------------------------
 */

static const char *const part_labels[LEVY_PARTS] = {"levy.part.medical", "levy.part.support",
                                                    "levy.part.care", "levy.part.child"};

struct answer_room {
    struct levy_solved_steps_row steps[SOLVE_STEPS];
    struct levy_solved_lines_row lines[SOLVE_STEPS * LEVY_PARTS];
    struct levy_solved_targets_row targets[LEVY_PARTS];
    struct solve_request asked;
};

static void fill_line(struct levy_solved_lines_row *l, const struct rates *r, int part,
                      struct yen amount)
{
    const int64_t *of = r->value[part];
    l->part = part_labels[part];
    l->has_income = of[RATE_INCOME] >= 0;
    l->income = ratio_of(l->has_income ? of[RATE_INCOME] : 0, RATE_ONE);
    l->has_person = of[RATE_PERSON] >= 0;
    l->person = YEN(of[RATE_PERSON]);
    l->has_household = of[RATE_HOUSEHOLD] >= 0;
    l->household = YEN(of[RATE_HOUSEHOLD]);
    l->amount = amount;
}

static int fill_step(struct work *w, const struct levy_rate_solve_steps_row *r,
                     struct answer_room *room, size_t at)
{
    static const char *const labels[SOLVE_STEPS] = {"levy.solve.step.0", "levy.solve.step.1",
                                                    "levy.solve.step.2", "levy.solve.step.3"};
    const struct yen amount[LEVY_PARTS] = {r->medical_yen, r->support_yen, r->care_yen,
                                           r->child_yen};
    const struct ruleset *rules;
    struct solve_step step = {.figures = {.total_yen = r->total_yen.n}};
    int rc = levy_rules_named(w, r->settings, &rules);
    rc = rc < 0 ? rc : rates_read(w, rules, room->asked.fiscal_year, &step.rates);
    for (int k = 0; k < LEVY_PARTS && rc >= 0; k++) {
        struct levy_solved_lines_row *l = &room->lines[at * LEVY_PARTS + (size_t)k];
        step.figures.part_yen[k] = amount[k].n;
        *l = (struct levy_solved_lines_row){.label = labels[r->step], .first = k == 0};
        fill_line(l, &step.rates, k, amount[k]);
        l->has_target = room->asked.by_part && room->asked.part[k];
        l->miss = YEN(levy_solve_miss(&room->asked, &step, k));
    }
    const int64_t miss = levy_solve_miss(&room->asked, &step, -1);
    const int64_t away = miss < 0 ? -miss : miss;
    room->steps[at] = (struct levy_solved_steps_row){.label = labels[r->step],
                                                     .total = r->total_yen,
                                                     .miss = YEN(miss),
                                                     .is_target = r->step != SOLVE_NOW,
                                                     .is_exact = away == 0,
                                                     .is_close = away <= r->households,
                                                     .is_far = away > r->households,
                                                     .households = r->households,
                                                     .failed = r->failed,
                                                     .winner = r->step == SOLVE_NEAREST};
    return rc;
}

static bool has_word(struct str words, const char *word)
{
    while (words.n > 0) {
        if (str_is(str_cut(&words, ','), word)) {
            return true;
        }
    }
    return false;
}

static void fill_request(struct work *w, const struct levy_rate_solve_of_row *r,
                         struct answer_room *room, struct levy_solved_view *v)
{
    const struct yen wanted[LEVY_PARTS] = {r->target_medical, r->target_support, r->target_care,
                                           r->target_child};
    struct text t;
    room->asked = (struct solve_request){.fiscal_year = (int)r->fiscal_year,
                                         .by_part = r->by_part,
                                         .target_yen = {r->target_yen.n}};
    for (int k = 0; k < LEVY_PARTS && r->by_part; k++) {
        room->asked.part[k] = wanted[k].n > 0;
        room->asked.target_yen[k] = wanted[k].n;
        if (wanted[k].n > 0) {
            room->targets[v->n_targets++] =
                (struct levy_solved_targets_row){part_labels[k], wanted[k]};
        }
    }
    text_init(&t, 64);
    (void)text_add_ratio_percent(&t, ratio_of(r->rate_unit, RATE_ONE));
    v->rate_unit = str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    v->targets = room->targets;
    v->year_label = levy_year_label(&w->cx, (int)r->fiscal_year);
    v->target = r->target_yen;
    v->moves_income = has_word(r->moves, "income");
    v->moves_person = has_word(r->moves, "person");
    v->moves_household = has_word(r->moves, "household");
    v->shares = r->shares;
    v->yen_unit = r->yen_unit;
    v->evaluations = r->evaluations;
}

static int fill_found(struct work *w, struct answer_room *room, struct levy_solved_view *v)
{
    const struct levy_rate_solve_steps_in in = {.job_id = v->job};
    struct levy_rate_solve_steps_list list;
    int rc = levy_rate_solve_steps(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n && i < SOLVE_STEPS; i++) {
        rc = fill_step(w, &list.rows[i], room, i);
        v->n_steps = i + 1;
    }
    v->steps = room->steps;
    v->lines = room->lines;
    v->n_lines = v->n_steps * LEVY_PARTS;
    return rc;
}

/* What is not there yet is being computed, or went wrong. */
static int fill_waiting(struct work *w, struct levy_solved_view *v)
{
    struct job_row job;
    int rc = job_get(w, v->job, &job);
    if (rc < 0 || !str_is(job.kind, "solve-rates")) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "levy.comparison.none", NULL);
    }
    v->is_failed = str_is(job.state, "failed");
    v->is_live = !v->is_failed;
    v->error = v->is_failed ? str_c(w->cx.arena, job.message) : "";
    return 0;
}

static int solved_page(struct work *w, struct request *rq, struct reply *rp,
                       const struct levy_rate_set_form *form)
{
    struct answer_room room = {0};
    struct levy_solved_view v = {.rate_set = form};
    struct levy_rate_solve_of_row row;
    int rc = request_part_id(&w->cx, rq, 0, &v.job);
    const struct levy_rate_solve_of_in in = {.job_id = v.job};
    rc = rc < 0 ? rc : levy_rate_solve_of(&w->cx, w->store, &in, &row);
    if (rc > 0) {
        v.is_done = true;
        v.may_save = work_may(w, RIGHT_SIMULATE);
        fill_request(w, &row, &room, &v);
        rc = fill_found(w, &room, &v);
    } else if (rc == 0) {
        rc = fill_waiting(w, &v);
    }
    if (rc < 0) {
        return rc;
    }
    levy_page_solved(&rp->body, rq->frame, &v);
    return 0;
}

int levy_show_solved(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_rate_set_form form;
    levy_rate_set_form_init(&form);
    form.step = STR("3");
    return solved_page(w, rq, rp, &form);
}

static int save_step(struct work *w, int64_t job, const struct levy_rate_set_form *form)
{
    const struct levy_rate_solve_of_in of = {.job_id = job};
    const struct levy_rate_solve_steps_in in = {.job_id = job};
    struct levy_rate_solve_of_row row;
    struct levy_rate_solve_steps_list list;
    int64_t step = 0;
    int rc = levy_rate_solve_of(&w->cx, w->store, &of, &row);
    rc = rc <= 0 ? rc : levy_rate_solve_steps(&w->cx, w->store, &in, &list);
    if (rc < 0) {
        return rc;
    }
    for (size_t i = 0; str_to_int(form->step, &step) && i < list.n; i++) {
        if (list.rows[i].step == step) {
            return levy_rate_set_put(w, (int)row.fiscal_year, form->name, list.rows[i].settings);
        }
    }
    return fail(&w->cx, ERR_NOT_FOUND, "levy.comparison.none", NULL);
}

int levy_save_rates(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_rate_set_form form;
    int64_t job = 0;
    int rc = levy_rate_set_form_read(&w->cx, rq, &form);
    rc = rc < 0 ? rc : request_part_id(&w->cx, rq, 0, &job);
    rc = rc < 0 ? rc : save_step(w, job, &form);
    if (rc == ERR_DUPLICATE || (rc == ERR_INVALID && form.state.problems.n == 0)) {
        show_problem(w, &form.state, "name");
        rc = ERR_INVALID;
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return solved_page(w, rq, rp, &form);
    }
    return rc < 0 ? rc : reply_redirect(rq, rp, "/levy/comparisons");
}
