/*
 * pension_town: a levied town with the pension payer beside it; the files go to and fro as they do
 * in a year.
 */
#ifndef TEST_PENSION_TOWN_H
#define TEST_PENSION_TOWN_H

#include "register_town.h"

#include "desk/levy/pension_inner.h"
#include "levy_sql.h"
#include "office/list_inner.h"
#include "outside/pension/pension.h"

static inline void pension_town_start(void)
{
    register_town_start();
    payer_start();
}

static int pension_town_files; /* their names are kept: from 0 where two towns are compared */

static inline struct str pension_town_path(struct town *t, const char *name)
{
    return str_format(t->w.cx.arena, "%s/%d-%s", t->path, pension_town_files++, name);
}

/* A job that takes a file with this body; gives what it gave. */
static inline int pension_town_give(struct town *t, const char *job, struct str body)
{
    int64_t id = 0;
    const struct str path = pension_town_path(t, "given");

    TOWN_OK(t, file_write(&t->w.cx, path.p, body));
    return job_run(&t->w, job, str_format(t->w.cx.arena, "path=" STR_FMT, STR_ARG(path)), &id);
}

static inline int64_t pension_town_run(struct town *t, const char *job, const char *options)
{
    int64_t id = 0;

    TOWN_OK(t, job_run(&t->w, job, str_copy(t->w.cx.arena, str_of(options)), &id));
    return id;
}

static inline int64_t pension_town_figure(struct town *t, int64_t job, const char *name)
{
    struct job_figure_row *rows = NULL;
    size_t n = 0;

    TOWN_OK(t, job_figures(&t->w, job, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_is(rows[i].name, name))
            return rows[i].value;
    }
    return -1;
}

/* Takes the payer's file; the job. */
static inline int64_t pension_town_take(struct town *t, const struct text *file)
{
    int64_t id = 0;
    const struct str path = pension_town_path(t, "payer.dta");

    TOWN_OK(t, file_write(&t->w.cx, path.p, text_str(file)));
    TOWN_OK(t, job_run(&t->w, "pension-take",
                       str_format(t->w.cx.arena, "path=" STR_FMT, STR_ARG(path)), &id));
    return id;
}

static inline void pension_town_levy(struct town *t, int year, const char *day)
{
    static struct actor operator, chief;
    struct draft d;
    int64_t job = 0;
    const struct actor *before = t->w.actor;

    operator= levy_town_actor(ROLE_OPERATOR, 31);
    chief = levy_town_actor(ROLE_CHIEF, 32);
    t->w.actor = &operator;
    TOWN_OK(t, job_run(&t->w, "levy-initial", levy_town_options(t, "year=%d as-of=%s", year, day),
                       &job));
    assert_int_equal(TOWN_OK(t, levy_draft_find(&t->w, 0, &d)), 1);
    t->w.actor = &chief;
    TOWN_OK(t, job_run(&t->w, "levy-confirm",
                       levy_town_options(t, "draft=%lld issue-date=%s households=%lld total=%lld",
                                         (long long)d.draft_no, day, (long long)d.households,
                                         (long long)d.total.n),
                       &job));
    t->w.actor = before;
}

/* The payer of a town, from its residents. */
static inline struct payer_office *pension_town_payer(struct town *t, uint64_t seed)
{
    struct payer_office *o = NULL;
    struct text residents;
    int64_t rows = 0;
    const struct str path = pension_town_path(t, "payer.db");
    const struct str city = str_copy(t->w.cx.arena, office_city_code(t->w.office));

    text_init(&residents, 64 << 20);
    TOWN_OK(t, eligibility_export_residents(&t->w, &residents, &rows));
    TOWN_OK(t, payer_create(&t->w.cx, &(struct payer_new){path.p,
                                                          text_str(&residents),
                                                          {city.p, 5},
                                                          STR("1"),
                                                          t->w.today,
                                                          seed}));
    text_release(&residents);
    TOWN_OK(t, payer_open(&t->w.cx, path.p, &o));
    return o;
}

/* The newest file that went out. */
static inline void pension_town_sent(struct town *t, struct text *out)
{
    struct levy_pension_files_list list;
    const struct levy_pension_files_in q = {1};

    TOWN_OK(t, levy_pension_files(&t->w.cx, t->w.store, &q, &list));
    assert_true(list.n == 1 && str_is(list.rows[0].way, "out"));
    const struct str path =
        str_format(t->w.cx.arena, "%s/out/pension/" STR_FMT, office_city_path(t->w.office),
                   STR_ARG(list.rows[0].file_name));
    text_clear(out);
    TOWN_OK(t, file_read(&t->w.cx, path.p, 64 << 20, out));
}

/* Nursing care premiums for everybody who was judged. */
struct pension_town_care {
    struct text csv;
    struct arena *arena;
    int64_t people;
    int year;
};
static inline int pension_town_care_cell(struct list_run *r, int column, struct str value)
{
    struct pension_town_care *c = r->arg;

    if (column == 1)
        (void)text_addf(&c->csv, STR_FMT ",%d06,6000,999\r\n", STR_ARG(value), c->year);
    c->people += column == 1;
    return OK;
}
static inline void pension_town_care_of(struct town *t, int year)
{
    struct pension_town_care c = {.arena = t->w.cx.arena, .year = year};
    struct str given[1] = {str_format(t->w.cx.arena, "%d", year)};
    struct list_run r = {.list = list_find(STR("levy"), STR("deductions")),
                         .given = given,
                         .n_given = 1,
                         .cell = pension_town_care_cell,
                         .arg = &c};

    text_init(&c.csv, 16 << 20);
    (void)text_adds(&c.csv, "宛名番号,賦課年月,特別徴収額,年金保険者\r\n");
    TOWN_OK(t, list_run(&t->w, &r));
    assert_true(c.people > 0);
    TOWN_OK(t, pension_town_give(t, "import-care-levy", text_str(&c.csv)));
    text_release(&c.csv);
}
static inline void pension_town_care(struct town *t)
{
    pension_town_care_of(t, 2026);
}

/* Every plan: its payments make its amount, and the ledger charges just that. */
static inline size_t pension_town_check(struct town *t, int year)
{
    const struct levy_method_page_in q = {year, 0, 100000};
    struct levy_method_page_list list;
    size_t pension = 0;

    t->w.asof = (struct asof){t->w.today, KNOWN_NOW};
    TOWN_OK(t, levy_method_page(&t->w.cx, t->w.store, &q, &list));
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_method_page_row *m = &list.rows[i];
        struct collection_plan plan;
        struct liability_account a;
        assert_int_equal(TOWN_OK(t, plan_of(&t->w, m->household_id, m->debtor_id, year, &plan)), 1);
        pension += plan.method == COLLECT_PENSION;
        if (plan.payments.n == 0)
            continue;
        assert_int_equal(payments_sum(&plan.payments).n, plan.annual.n);
        assert_int_equal(TOWN_OK(t, collection_by_notice(&t->w, year, plan.notice_no, &a)), 1);
        assert_int_equal(a.charged.n, plan.annual.n);
        for (size_t k = 0; k < a.n; k++)
            assert_int_equal(a.rows[k].charged.n,
                             payments_amount(&plan.payments, a.rows[k].number).n);
    }
    return pension;
}

static inline int64_t pension_town_received(struct town *t, int year)
{
    struct ledger_totals totals;

    TOWN_OK(t, collection_totals(&t->w, year, &totals));
    return totals.account[ACCOUNT_RECEIVED].n;
}

#endif
