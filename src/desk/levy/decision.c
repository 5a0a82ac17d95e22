/* Decisions as they were stored; nothing here decides. */
#include "desk/levy/assess.h"
#include "levy_sql.h"

#include <string.h>

static bool take_digest(struct str s, struct digest *out)
{
    if (s.n != sizeof out->b) {
        return false;
    }
    memcpy(out->b, s.p, sizeof out->b);
    return true;
}

/* Several statements give the same columns under struct names of their own. */
#define DECISION_FROM(r)                                                                           \
    (struct decision)                                                                              \
    {                                                                                              \
        .decision_id = (r)->decision_id, .decision_no = (r)->decision_no,                          \
        .household_id = (r)->household_id, .debtor_id = (r)->debtor_id,                            \
        .officer_id = (r)->officer_id, .draft_no = (r)->draft_no, .looked_from = (r)->looked_from, \
        .event_no = (r)->event_no, .fiscal_year = (int)(r)->fiscal_year, .is_open = (r)->is_open,  \
        .from = (r)->from_ymd, .decided = (r)->decided_ymd, .issued = (r)->issue_ymd,              \
        .as_of = (r)->as_of_ymd, .cause = (r)->cause, .basis = (r)->basis,                         \
        .outcome = (enum levy_outcome)(r)->outcome, .reason = (enum levy_reason)(r)->reason,       \
        .explanation = (r)->explanation,                                                           \
        .result = {.total = (r)->total_yen,                                                        \
                   .part = {(r)->medical_yen, (r)->support_yen, (r)->care_yen, (r)->child_yen},    \
                   .tier = (int)(r)->tier,                                                         \
                   .marks = (unsigned)(r)->marks,                                                  \
                   .judge = (r)->judge_yen,                                                        \
                   .insured = (int)(r)->insured},                                                  \
    }

static int finish(struct work *w, struct decision *d, struct str instalments, struct str rule_hash,
                  struct str inputs)
{
    if (!take_digest(rule_hash, &d->rule_hash) || !take_digest(inputs, &d->inputs)) {
        return fail(&w->cx, ERR_CORRUPT, "levy.decision.corrupt", "no=%lld",
                    (long long)d->decision_no);
    }
    return schedule_unpack(&w->cx, instalments, &d->schedule);
}

#define TAKE_ROWS(w, list, out, rc)                                                                \
    do {                                                                                           \
        (out)->n = 0;                                                                              \
        (out)->rows = ARENA_ARRAY((w)->cx.arena, (list).n + 1, struct decision);                   \
        if (!(out)->rows) {                                                                        \
            (rc) = fail(&(w)->cx, ERR_MEMORY, "memory", NULL);                                     \
        }                                                                                          \
        for (size_t i_ = 0; (rc) >= 0 && i_ < (list).n; i_++) {                                    \
            struct decision *d_ = &(out)->rows[(out)->n++];                                        \
            *d_ = DECISION_FROM(&(list).rows[i_]);                                                 \
            (rc) = finish((w), d_, (list).rows[i_].instalments, (list).rows[i_].rule_hash,         \
                          (list).rows[i_].inputs);                                                 \
        }                                                                                          \
    } while (0)

int levy_decisions_of_event(struct work *w, int64_t event_no, struct decisions *out)
{
    struct levy_decision_of_event_in in = {.first_event = event_no, .last_event = event_no};
    struct levy_decision_of_event_list list;
    int rc = levy_decision_of_event(&w->cx, w->store, &in, &list);
    if (rc >= 0) {
        TAKE_ROWS(w, list, out, rc);
    }
    return rc < 0 ? rc : 0;
}

int levy_decisions_page(struct work *w, int fiscal_year, int64_t after_no, size_t n,
                        struct decisions *out)
{
    struct levy_decision_page_in in = {.fiscal_year = fiscal_year,
                                       .after_no = after_no,
                                       .n = (int64_t)n,
                                       .known = w->asof.known};
    struct levy_decision_page_list list;
    int rc = levy_decision_page(&w->cx, w->store, &in, &list);
    if (rc >= 0) {
        TAKE_ROWS(w, list, out, rc);
    }
    return rc < 0 ? rc : 0;
}

int levy_decisions_stored(struct work *w, int fiscal_year, int64_t after_id, size_t n,
                          struct decisions *out)
{
    struct levy_decision_stored_in in = {.fiscal_year = fiscal_year,
                                         .after_id = after_id,
                                         .n = (int64_t)n};
    struct levy_decision_stored_list list;
    int rc = levy_decision_stored(&w->cx, w->store, &in, &list);
    if (rc >= 0) {
        TAKE_ROWS(w, list, out, rc);
    }
    return rc < 0 ? rc : 0;
}

int levy_decisions_of_household(struct work *w, int64_t household_id, int fiscal_year, bool history,
                                struct decisions *out)
{
    struct levy_decision_of_household_in in = {.household_id = household_id,
                                               .fiscal_year = fiscal_year,
                                               .known = w->asof.known};
    struct levy_decision_of_household_list list;
    size_t kept = 0;
    int rc = levy_decision_of_household(&w->cx, w->store, &in, &list);
    if (rc >= 0) {
        TAKE_ROWS(w, list, out, rc);
    }
    for (size_t i = 0; rc >= 0 && i < out->n; i++) {
        if (out->rows[i].event_no <= w->asof.known && (history || out->rows[i].is_open)) {
            out->rows[kept++] = out->rows[i];
        }
    }
    out->n = rc < 0 ? 0 : kept;
    return rc < 0 ? rc : 0;
}

int levy_decision_by_no(struct work *w, int fiscal_year, int64_t decision_no, struct decision *out)
{
    struct levy_decision_numbered_in in = {.fiscal_year = fiscal_year,
                                           .decision_no = decision_no,
                                           .known = w->asof.known};
    struct levy_decision_numbered_list list;
    struct decisions found;
    int rc = levy_decision_numbered(&w->cx, w->store, &in, &list);
    if (rc >= 0) {
        TAKE_ROWS(w, list, &found, rc);
    }
    for (size_t i = 0; rc >= 0 && i < found.n; i++) {
        if (found.rows[i].event_no <= w->asof.known) { /* newest first */
            *out = found.rows[i];
            return 1;
        }
    }
    return rc < 0 ? rc : 0;
}

int decisions_of_households(struct work *w, const int64_t *household_ids, size_t n, int fiscal_year,
                            struct decisions *out)
{
    struct levy_decision_of_households_in in = {.household_ids = {household_ids, n},
                                                .fiscal_year = fiscal_year};
    struct levy_decision_of_households_list list;
    int rc = levy_decision_of_households(&w->cx, w->store, &in, &list);
    if (rc >= 0) {
        TAKE_ROWS(w, list, out, rc);
    }
    return rc < 0 ? rc : 0;
}

int decisions_of_range(struct work *w, int fiscal_year, int64_t after, int64_t up_to,
                       struct decisions *out)
{
    struct levy_decision_of_range_in in = {.fiscal_year = fiscal_year,
                                           .after = after,
                                           .up_to = up_to};
    struct levy_decision_of_range_list list;
    int rc = levy_decision_of_range(&w->cx, w->store, &in, &list);
    if (rc >= 0) {
        TAKE_ROWS(w, list, out, rc);
    }
    return rc < 0 ? rc : 0;
}

int decisions_of_correction(struct work *w, const struct correction_page *page,
                            struct decisions *out)
{
    struct levy_decision_of_correction_draft_in in = {.draft_no = page->draft_no,
                                                      .fiscal_year = page->fiscal_year,
                                                      .after_no = page->after_no,
                                                      .n = page->n};
    struct levy_decision_of_correction_draft_list list;
    int rc = levy_decision_of_correction_draft(&w->cx, w->store, &in, &list);
    if (rc >= 0) {
        TAKE_ROWS(w, list, out, rc);
    }
    return rc < 0 ? rc : 0;
}

int decision_by_id(struct work *w, int64_t decision_id, struct decision *out)
{
    struct levy_decision_by_id_in in = {.decision_id = decision_id};
    struct levy_decision_by_id_list list;
    struct decisions found;
    int rc = levy_decision_by_id(&w->cx, w->store, &in, &list);
    if (rc >= 0) {
        TAKE_ROWS(w, list, &found, rc);
    }
    if (rc < 0 || found.n == 0) {
        return rc < 0 ? rc : 0;
    }
    *out = found.rows[0];
    return 1;
}

int levy_plan_of_decision(struct work *w, const struct decision *d, const struct plan **out)
{
    const int64_t known[2] = {d->looked_from, d->event_no};
    return levy_plan_of_hash(w, &d->rule_hash, known, d->fiscal_year, out);
}

int levy_explanation(struct work *w, const struct decision *d, struct explanation *out)
{
    const struct plan *plan;
    int rc = levy_plan_of_decision(w, d, &plan);
    return rc < 0 ? rc : explanation_open(&w->cx, plan, d->explanation, out);
}

/* --- names of what was decided ------------------------------------------------------------- */

static const char *const reason_messages[LEVY_REASONS] = {"levy.reason.0", "levy.reason.1",
                                                          "levy.reason.2", "levy.reason.3",
                                                          "levy.reason.4", "levy.reason.5",
                                                          "levy.reason.6", "levy.reason.7",
                                                          "levy.reason.8", "levy.reason.9",
                                                          "levy.reason.10"};

const char *levy_reason_message(int64_t reason)
{
    return reason_messages[reason >= 0 && reason < LEVY_REASONS ? reason : 0];
}

const char *levy_cause_message(struct str cause)
{
    static const struct {
        const char *cause, *message;
    } of[] = {{"initial", "levy.cause.initial"},
              {"new", "levy.cause.new"},
              {"eligibility", "levy.cause.eligibility"},
              {"income", "levy.cause.income"},
              {"circumstance", "levy.cause.circumstance"},
              {"head", "levy.cause.head"},
              {"exemption", "levy.cause.exemption"},
              {"rules", "levy.cause.rules"},
              {"ended", "levy.cause.ended"}};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        if (str_is(cause, of[i].cause)) {
            return of[i].message;
        }
    }
    return "levy.cause.initial";
}

const char *levy_basis_message(struct str basis)
{
    return str_is(basis, "other_cover") ? "levy.basis.other_cover" : "levy.basis.ordinance";
}

const char *levy_tier_message(int tier)
{
    return tier == 7   ? "levy.tier.7"
           : tier == 5 ? "levy.tier.5"
           : tier == 2 ? "levy.tier.2"
                       : "levy.tier.0";
}

struct str levy_year_label(struct context *cx, int fiscal_year)
{
    struct text t;
    text_init(&t, 64);
    text_add_fiscal_year(&t, fiscal_year);
    struct str s = str_copy(cx->arena, text_str(&t));
    text_release(&t);
    return s.p ? s : STR("");
}
