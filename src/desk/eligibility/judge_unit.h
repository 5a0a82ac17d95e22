/*
 * judge_unit: households as the judgement sees them on one day, and what the rules make of them.
 * Internal to the desk.
 */
#ifndef DESK_ELIGIBILITY_JUDGE_UNIT_H
#define DESK_ELIGIBILITY_JUDGE_UNIT_H

#include "desk/eligibility/inner.h"

struct judge_member {
    int64_t person_id;
    bool is_head, is_insured, is_special;
    bool has_claim;     /* 基準収入額適用申請 for the judge year */
    struct yen claimed; /* the revenue it names */
    const struct circumstance *circumstances;
    size_t n_circumstances;
};
struct judge_unit {
    int64_t household_id;
    size_t first, n; /* members */
};
struct judge_units {
    struct ymd day;
    int year;      /* judge year */
    int64_t known; /* looked from */
    struct judge_unit *rows;
    size_t n;
    struct judge_member *members;
    struct tax_fact *taxes; /* beside members */
    size_t n_members;
    int64_t last_household_id; /* for the next chunk */
    bool at_end;
};
struct judge_scope {
    struct ymd day;
    int64_t known;
    const int64_t *only; /* sorted; NULL: the next households of the city after `after` */
    size_t n_only;
    int64_t after;
    size_t limit;
};
/* Households in which somebody is insured on the day. */
int judge_units_load(struct work *w, const struct judge_scope *scope,
                     struct judge_units *out) WARN_UNUSED;
struct digest judge_unit_digest(const struct judge_units *u, size_t at);

/* Judges every unit; out has room for u->n. A household the rules cannot compute is an error that
 * names the definition. The plan: from the source, NULL for the rules adopted at u->known. */
int judge_units_run(struct work *w, const struct judge_units *u, const struct plan *plan,
                    struct judgement *out) WARN_UNUSED;
const struct judge_source *judge_source_get(void);
struct str judge_goal(void);

#endif
