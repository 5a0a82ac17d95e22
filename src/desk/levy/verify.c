/* The levy's part of verify: drafts still hold what the chain says, notices say what was decided.
 */
#include "desk/levy/verify.h"
#include "desk/levy/draft.h"
#include "levy_sql.h"

#define VERIFY_PAGE 2000

struct checker {
    struct context *cx;
    struct store *st;
    finding_fn *report;
    void *arg;
    int found;
};

static int finding(struct checker *c, const char *table, int64_t key, const char *what)
{
    struct str name = str_format(c->cx->arena, "%lld", (long long)key);
    struct finding f = {.table = str_of(table),
                        .key = name,
                        .what = str_of(what),
                        .facts = STR("")};
    c->found++;
    return c->report ? c->report(c->arg, &f) : 0;
}

static struct levy_draft_assessment row_of(const struct levy_assessment_page_row *r)
{
    return (struct levy_draft_assessment){.household_id = r->household_id,
                                          .debtor_id = r->debtor_id,
                                          .from_ymd = r->from_ymd,
                                          .outcome = r->outcome,
                                          .reason = r->reason,
                                          .total_yen = r->total_yen,
                                          .medical_yen = r->medical_yen,
                                          .support_yen = r->support_yen,
                                          .care_yen = r->care_yen,
                                          .child_yen = r->child_yen,
                                          .tier = r->tier,
                                          .marks = r->marks,
                                          .judge_yen = r->judge_yen,
                                          .insured = r->insured,
                                          .instalments = r->instalments,
                                          .explanation = r->explanation,
                                          .inputs = r->inputs};
}

/* A chunk's rows are read again and their digest compared with the one in the chain. */
static int check_chunk(struct checker *c, int64_t draft_no,
                       const struct levy_chunk_of_draft_row *chunk)
{
    struct levy_assessment_page_list page;
    struct hasher h;
    int64_t after = chunk->first_household - 1;
    int64_t total = 0;
    int64_t n = 0;
    int rc;
    hash_init(&h, STR_NONE);
    do {
        struct arena_mark mark = arena_mark(c->cx->arena);
        struct levy_assessment_page_in in = {.draft_no = draft_no,
                                             .after_id = after,
                                             .n = VERIFY_PAGE};
        rc = levy_assessment_page(c->cx, c->st, &in, &page);
        for (size_t i = 0; rc >= 0 && i < page.n; i++) {
            after = page.rows[i].household_id;
            if (after > chunk->last_household) {
                break;
            }
            struct levy_draft_assessment row = row_of(&page.rows[i]);
            assessment_digest(&h, &row);
            total += row.total_yen.n;
            n++;
        }
        arena_rewind(c->cx->arena, mark);
    } while (rc >= 0 && page.n > 0 && after < chunk->last_household);
    struct digest sum = hash_end(&h);
    struct str bytes = {(const char *)sum.b, sizeof sum.b};
    if (rc >= 0 && (!str_equal(bytes, chunk->content) || n != chunk->assessments ||
                    total != chunk->total_yen.n)) {
        rc = finding(c, "draft_assessment", chunk->first_household, "levy.verify.draft");
    }
    return rc;
}

static int check_drafts(struct checker *c)
{
    struct levy_draft_list_in in = {.n = 1000};
    struct levy_draft_list_list drafts;
    int rc = levy_draft_list(c->cx, c->st, &in, &drafts);
    for (size_t i = 0; rc >= 0 && i < drafts.n; i++) {
        struct levy_chunk_of_draft_in of = {.draft_no = drafts.rows[i].draft_no};
        struct levy_chunk_of_draft_list chunks;
        if (drafts.rows[i].status == DRAFT_DROPPED) {
            continue; /* its rows go a piece at a time */
        }
        rc = levy_chunk_of_draft(c->cx, c->st, &of, &chunks);
        for (size_t k = 0; rc >= 0 && k < chunks.n; k++) {
            rc = check_chunk(c, drafts.rows[i].draft_no, &chunks.rows[k]);
        }
    }
    return rc;
}

/* The amount on the paper is the amount decided. */
static int check_notices(struct checker *c, int fiscal_year)
{
    struct levy_notice_page_list page;
    int64_t after = 0;
    int rc;
    do {
        struct arena_mark mark = arena_mark(c->cx->arena);
        struct levy_notice_page_in in = {.fiscal_year = fiscal_year,
                                         .after_no = after,
                                         .n = VERIFY_PAGE};
        rc = levy_notice_page(c->cx, c->st, &in, &page);
        for (size_t i = 0; rc >= 0 && i < page.n; i++) {
            struct form_data d;
            struct yen printed = YEN(-1);
            after = page.rows[i].decision_no;
            rc = form_data_unpack(c->cx, page.rows[i].print_data, c->cx->arena, &d);
            if (rc >= 0 &&
                (!form_data_yen(&d, "total", &printed) || printed.n != page.rows[i].total_yen.n)) {
                rc = finding(c, "notice", page.rows[i].notice_id, "levy.verify.notice");
            }
        }
        arena_rewind(c->cx->arena, mark);
    } while (rc >= 0 && page.n > 0);
    return rc;
}

static int check_years(struct checker *c)
{
    struct levy_decision_years_list years;
    int rc = levy_decision_years(c->cx, c->st, &years);
    for (size_t i = 0; rc >= 0 && i < years.n; i++) {
        rc = check_notices(c, (int)years.rows[i].fiscal_year);
    }
    return rc;
}

int levy_verify(struct context *cx, struct store *st, finding_fn *report, void *arg)
{
    struct checker c = {cx, st, report, arg, 0};
    int rc = check_drafts(&c);
    rc = rc < 0 ? rc : check_years(&c);
    return rc < 0 ? rc : c.found;
}
