/* Drafts as they stand: control totals, figures, dropping. */
#include "desk/levy/draft.h"
#include "levy_sql.h"

#include <string.h>

#define DROP_HOUSEHOLDS 5000

void assessment_digest(struct hasher *h, const struct levy_draft_assessment *row)
{
    const int64_t values[] = {row->from_ymd.day, row->outcome,       row->reason,
                              row->total_yen.n,  row->medical_yen.n, row->support_yen.n,
                              row->care_yen.n,   row->child_yen.n,   row->tier,
                              row->marks,        row->judge_yen.n,   row->insured};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        hash_int(h, values[i]);
    }
    hash_text(h, row->instalments);
    hash_text(h, row->explanation);
    hash_text(h, row->inputs);
}

static void take(struct str s, struct digest *out)
{
    memset(out->b, 0, sizeof out->b);
    if (s.n == sizeof out->b) {
        memcpy(out->b, s.p, sizeof out->b);
    }
}

int levy_draft_find(struct work *w, int64_t draft_no, struct draft *out)
{
    struct levy_draft_get_in in = {.draft_no = draft_no};
    struct levy_draft_get_row r;
    int rc = levy_draft_get(&w->cx, w->store, &in, &r);
    if (rc <= 0) {
        return rc;
    }
    *out = (struct draft){.draft_no = r.draft_no,
                          .known = r.known_no,
                          .job_id = r.job_id,
                          .run_by = r.run_by,
                          .households = r.households,
                          .pulled = r.pulled,
                          .confirmed_by = r.confirmed_by_null ? 0 : r.confirmed_by,
                          .fiscal_year = (int)r.fiscal_year,
                          .status = (enum draft_status)r.status,
                          .as_of = r.as_of_ymd,
                          .issued = r.issue_ymd,
                          .total = r.total_yen,
                          .kind = r.kind,
                          .rules = r.rules};
    take(r.rule_hash, &out->rule_hash);
    take(r.content, &out->content);
    return 1;
}

int draft_plan(struct work *w, const struct draft *d, const struct plan **out)
{
    const struct ruleset *rules;
    if (d->rules.n == 0) {
        const int64_t known[2] = {d->known, KNOWN_NOW};
        return levy_plan_of_hash(w, &d->rule_hash, known, d->fiscal_year, out);
    }
    int rc = levy_rules_named(w, d->rules, &rules);
    if (rc >= 0 && !digest_equal(ruleset_hash(rules), &d->rule_hash)) {
        return fail(&w->cx, ERR_CORRUPT, "levy.rules.hash", NULL);
    }
    return rc < 0 ? rc : levy_plan_new(w, rules, d->fiscal_year, out);
}

int draft_totals(struct work *w, int64_t draft_no, struct draft_totals *out)
{
    struct levy_assessment_totals_in in = {.draft_no = draft_no};
    struct levy_assessment_totals_list list;
    *out = (struct draft_totals){0};
    int rc = levy_assessment_totals(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct levy_assessment_totals_row *r = &list.rows[i];
        if (r->outcome < 1 || r->outcome > OUTCOME_FAILED || r->reason < 0 ||
            r->reason >= LEVY_REASONS || r->tier < 0 || r->tier > 10) {
            return fail(&w->cx, ERR_CORRUPT, "levy.draft.corrupt", "draft=%lld",
                        (long long)draft_no);
        }
        out->outcome[r->outcome] += r->households;
        out->reason[r->reason] += r->households;
        if (r->outcome == OUTCOME_LEVIED || r->outcome == OUTCOME_PULLED) {
            out->tier[r->tier] += r->households;
            out->insured += r->insured;
            out->undeclared += r->undeclared;
            out->at_cap[PART_MEDICAL] += r->cap_medical;
            out->at_cap[PART_SUPPORT] += r->cap_support;
            out->at_cap[PART_CARE] += r->cap_care;
            out->at_cap[PART_CHILD] += r->cap_child;
        }
        out->total = yen_add(out->total, r->total_yen);
        out->part[PART_MEDICAL] = yen_add(out->part[PART_MEDICAL], r->medical_yen);
        out->part[PART_SUPPORT] = yen_add(out->part[PART_SUPPORT], r->support_yen);
        out->part[PART_CARE] = yen_add(out->part[PART_CARE], r->care_yen);
        out->part[PART_CHILD] = yen_add(out->part[PART_CHILD], r->child_yen);
    }
    return rc < 0 ? rc : 0;
}

static int put_figures(struct work *w, struct job *job, int64_t draft_no,
                       const struct draft_totals *t)
{
    const struct {
        const char *name;
        int64_t value;
    } figures[] = {
        {"draft", draft_no},
        {"households", t->outcome[OUTCOME_LEVIED] + t->outcome[OUTCOME_PULLED]},
        {"insured", t->insured},
        {"total_yen", t->total.n},
        {"part.medical", t->part[PART_MEDICAL].n},
        {"part.support", t->part[PART_SUPPORT].n},
        {"part.care", t->part[PART_CARE].n},
        {"part.child", t->part[PART_CHILD].n},
        {"tier.7", t->tier[7]},
        {"tier.5", t->tier[5]},
        {"tier.2", t->tier[2]},
        {"tier.0", t->tier[0]},
        {"cap.medical", t->at_cap[PART_MEDICAL]},
        {"cap.support", t->at_cap[PART_SUPPORT]},
        {"cap.care", t->at_cap[PART_CARE]},
        {"cap.child", t->at_cap[PART_CHILD]},
        {"undeclared", t->undeclared},
        {"reason.protected", t->reason[REASON_PROTECTED]},
        {"reason.died", t->reason[REASON_DEBTOR_DIED]},
        {"reason.zero", t->reason[REASON_ZERO]},
        {"reason.failed", t->outcome[OUTCOME_FAILED]},
    };
    int rc = 0;
    for (size_t i = 0; i < sizeof figures / sizeof *figures && rc >= 0; i++) {
        rc = job_figure(w, job, figures[i].name, figures[i].value);
    }
    return rc;
}

int draft_content(struct work *w, int64_t draft_no, struct digest *out)
{
    struct levy_chunk_of_draft_in in = {.draft_no = draft_no};
    struct levy_chunk_of_draft_list list;
    struct hasher h;
    int rc = levy_chunk_of_draft(&w->cx, w->store, &in, &list);
    hash_init(&h, STR_NONE);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        hash_text(&h, list.rows[i].content);
    }
    *out = hash_end(&h);
    return rc;
}

int draft_finish(struct work *w, struct job *job, int64_t draft_no)
{
    struct draft_totals t;
    struct digest content;
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = draft_totals(w, draft_no, &t);
    if (rc >= 0) {
        rc = draft_content(w, draft_no, &content);
    }
    if (rc >= 0) {
        struct levy_draft_finish_in in = {.draft_no = draft_no,
                                          .households =
                                              t.outcome[OUTCOME_LEVIED] + t.outcome[OUTCOME_PULLED],
                                          .total_yen = t.total,
                                          .pulled = t.outcome[OUTCOME_PULLED],
                                          .content = {(const char *)content.b, sizeof content.b}};
        rc = levy_draft_finish(&w->cx, w->store, &in);
    }
    if (rc >= 0) {
        rc = put_figures(w, job, draft_no, &t);
        rc = rc < 0 ? rc : job_checkpoint(w, job);
    }
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

/* --- dropping ----------------------------------------------------------------------------------
 */

static int drop_begin(struct work *w, int64_t draft_no)
{
    struct draft d;
    int rc = levy_draft_find(w, draft_no, &d);
    if (rc <= 0) {
        return rc < 0 ? rc
                      : fail(&w->cx, ERR_NOT_FOUND, "levy.draft.none", "%lld", (long long)draft_no);
    }
    if (d.status == DRAFT_CONFIRMING || d.status == DRAFT_CONFIRMED) {
        return fail(&w->cx, ERR_INVALID, "levy.draft.confirmed", "%lld", (long long)draft_no);
    }
    struct levy_draft_status_in in = {.draft_no = draft_no, .status = DRAFT_DROPPED};
    return levy_draft_status(&w->cx, w->store, &in);
}

static int drop_piece(struct work *w, int64_t draft_no, size_t *left)
{
    struct levy_assessment_bound_in in = {.draft_no = draft_no, .n = DROP_HOUSEHOLDS};
    struct levy_assessment_bound_list list;
    int rc = levy_assessment_bound(&w->cx, w->store, &in, &list);
    *left = rc < 0 ? 0 : list.n;
    if (rc < 0 || list.n == 0) {
        return rc;
    }
    struct levy_assessment_drop_in drop = {.draft_no = draft_no,
                                           .up_to_id = list.rows[list.n - 1].household_id};
    return levy_assessment_drop(&w->cx, w->store, &drop);
}

/* The chain keeps what each chunk held; the drop closes them. */
static int drop_chunks(struct work *w, int64_t draft_no)
{
    struct levy_chunk_of_draft_in in = {.draft_no = draft_no};
    struct levy_chunk_of_draft_list list;
    struct event e = work_event(w, "levy.draft_drop");
    int rc = levy_chunk_of_draft(&w->cx, w->store, &in, &list);
    if (rc < 0 || list.n == 0) {
        return rc;
    }
    rc = event_open(&w->cx, w->store, &e);
    if (rc >= 0) {
        struct levy_draft_correction_drop_in corrections = {.draft_no = draft_no};
        rc = levy_draft_correction_drop(&w->cx, w->store, &corrections);
    }
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        rc = levy_draft_chunk_close(&w->cx, w->store, list.rows[i].chunk_id, e.no);
    }
    return rc;
}

int levy_drop(struct work *w, struct job *job)
{
    int64_t draft_no = 0;
    size_t left = 1;
    int rc = work_need(w, RIGHT_LEVY_EDIT);
    if (rc >= 0 && !str_to_int(job_option(job, "draft"), &draft_no)) {
        rc = fail(&w->cx, ERR_INVALID, "levy.draft.number", NULL);
    }
    while (rc >= 0 && left > 0) {
        rc = STORE_BEGIN(&w->cx, w->store);
        if (rc < 0) {
            return rc;
        }
        rc = drop_begin(w, draft_no);
        rc = rc < 0 ? rc : drop_piece(w, draft_no, &left);
        rc = rc < 0 || left > 0 ? rc : drop_chunks(w, draft_no);
        if (rc >= 0) {
            job_progress(job)->done += (int64_t)left;
            rc = job_checkpoint(w, job);
        }
        if (rc < 0) {
            store_rollback(w->store);
            return rc;
        }
        rc = store_commit(&w->cx, w->store);
    }
    return rc;
}
