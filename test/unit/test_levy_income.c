/* Incomes from the tax office and from other municipalities: the year's file, each one's own
 * cycle, and what is keyed. */
#include "levy_town.h"

#include "residents.h"

#include "office/list_inner.h"

#define HEAD                                                                                       \
    "宛名番号,所得年,情報源,給与収入,公的年金等収入,営業等・農業所得,合計所得金額,課税区分\r\n"

static int take(struct town *t, const char *job, const char *body, const char *more, int64_t *id)
{
    static int files;
    const struct str path = str_format(t->w.cx.arena, "%s/tax%d.csv", t->path, files++);
    TOWN_OK(t, file_write(&t->w.cx, path.p, str_of(body)));
    return job_run(&t->w, job, str_format(t->w.cx.arena, "path=" STR_FMT "%s", STR_ARG(path), more),
                   id);
}

struct home {
    int64_t home, ann, ben, cid;
};

/* Ann is insured, Ben is the head and is not, Cid is their child. */
static struct home settle(struct town *t)
{
    struct home h;
    struct feed f = feed_begin(t, "party.initial", 0);
    h.home = add_household(&f, "000000001", "本町", "1-1", "2000-04-01");
    h.ann = add_person(&f, (struct who){"0000000001", "安　花子", "アン　ハナコ", "1980-05-05",
                                        SEX_FEMALE});
    h.ben = add_person(&f, (struct who){"0000000002", "安　太郎", "アン　タロウ", "1978-05-05",
                                        SEX_MALE});
    h.cid = add_person(&f, (struct who){"0000000003", "安　三郎", "アン　サブロウ", "2015-05-05",
                                        SEX_MALE});
    (void)add_member(&f, h.home, h.ben, "01", "2000-04-01", NULL);
    (void)add_member(&f, h.home, h.ann, "03", "2000-04-01", NULL);
    (void)add_member(&f, h.home, h.cid, "04", "2015-05-05", NULL);
    add_number(&f, h.home, "00000001", "2010-04-01");
    (void)add_period(&f, h.ann,
                     (struct insured){"2010-04-01", NULL, NULL, ACQUIRED_LEFT_EMPLOYER, 0});
    (void)add_period(&f, h.cid, (struct insured){"2015-05-05", NULL, NULL, ACQUIRED_BIRTH, 0});
    feed_end(&f);
    return h;
}

static int64_t figure(struct town *t, int64_t job, const char *name)
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

/* --- lists -------------------------------------------------------------------------------------
 */

struct found {
    struct arena *arena;
    struct str cells[400];
    size_t n;
    int columns;
};
static struct found found;

static int keep(struct list_run *r, int column, struct str value)
{
    struct found *f = r->arg;
    (void)column;
    assert_true(f->n < sizeof f->cells / sizeof *f->cells);
    f->cells[f->n++] = str_copy(f->arena, value);
    return OK;
}

static size_t list_of(struct town *t, const char *name, const char *given_word)
{
    struct str given[1] = {str_of(given_word)};
    const struct list_definition *l = list_find(STR("levy"), str_of(name));
    assert_non_null(l);
    struct list_run r = {.list = l, .given = given, .n_given = 1, .cell = keep, .arg = &found};
    found = (struct found){.arena = t->w.cx.arena, .columns = l->statement->columns};
    TOWN_OK(t, list_run(&t->w, &r));
    return found.n / (size_t)found.columns;
}

static bool is_listed(struct town *t, const char *list, const char *given, const char *person_no)
{
    const size_t rows = list_of(t, list, given);
    for (size_t i = 0; i < rows; i++) {
        if (str_is(found.cells[i * (size_t)found.columns], person_no))
            return true;
    }
    return false;
}

/* --- the year's file
 * ------------------------------------------------------------------------------ */

static void test_yearly(void **state)
{
    struct town *t = *state;
    const struct home h = settle(t);
    struct incomes in;
    int64_t job = 0;
    town_refused(t,
                 take(t, "import-incomes-yearly", HEAD "0000000001,2024,tax,1,,,,\r\n", "", &job),
                 ERR_INVALID, "party.import.refused"); /* the year before the last */
    TOWN_OK(t, levy_incomes(&t->w, &h.ann, 1, 2024, KNOWN_NOW, &in));
    assert_int_equal(in.n, 0);
    TOWN_OK(t, take(t, "import-incomes-yearly", HEAD "0000000001,2025,tax,3000000,,,,levied\r\n",
                    "", &job));
    assert_int_equal(figure(t, job, "lines"), 1);
    assert_int_equal(figure(t, job, "missing"), 1); /* Ben, the head; no child is missing */
    TOWN_OK(t, levy_incomes(&t->w, &h.ann, 1, 2025, KNOWN_NOW, &in));
    assert_int_equal(in.n, 1);
    assert_true(is_listed(t, "tax_missing", "2025", "0000000002"));
    assert_false(is_listed(t, "tax_missing", "2025", "0000000001"));
    assert_false(is_listed(t, "tax_missing", "2025", "0000000003"));
    TOWN_OK(t, take(t, "import-incomes-yearly",
                    HEAD "0000000001,2025,tax,3000000,,,,levied\r\n"
                         "0000000002,2025,tax,4000000,,,,levied\r\n",
                    "", &job));
    assert_int_equal(figure(t, job, "missing"), 0);
    assert_int_equal(list_of(t, "tax_missing", "2025"), 0);
}

/* --- paper keyed by a contractor
 * ------------------------------------------------------------------ */

#define FORM_HEAD "帳票,束番号,枚目,宛名番号,生年月日,所得年,未申告,営業等・農業所得\r\n"

static struct incomes stated(struct town *t, int64_t person)
{
    struct incomes in;
    TOWN_OK(t, levy_incomes(&t->w, &person, 1, 2025, KNOWN_NOW, &in));
    return in;
}

static void test_forms(void **state)
{
    struct town *t = *state;
    const struct home h = settle(t);
    int64_t job = 0;
    /* the second form carries Ben's number and Ann's birth date, the third a number nobody has */
    static const char file[] = FORM_HEAD "declaration,3,1,0000000001,1980-05-05,2025,0,1200000\r\n"
                                         "declaration,3,2,0000000002,1980-05-05,2025,0,900000\r\n"
                                         "declaration,3,3,0000009999,1978-05-05,2025,0,800000\r\n"
                                         "inquiry,3,4,0000000002,1978-05-05,2025,0,700000\r\n";
    struct import_problem_list bad;
    TOWN_OK(t, take(t, "import-income-forms", file, "", &job));
    TOWN_OK(t, party_import_problems(&t->w, job, &bad));
    assert_int_equal(bad.n, 3);
    assert_string_equal(bad.rows[0].reason, "levy.forms.birth");
    assert_string_equal(bad.rows[1].reason, "levy.forms.unknown");
    assert_string_equal(bad.rows[2].reason, "levy.forms.kind");
    const struct incomes of_ann = stated(t, h.ann);
    assert_int_equal(of_ann.n, 1);
    assert_int_equal(of_ann.rows[0].source, INCOME_DECLARATION);
    assert_int_equal(of_ann.rows[0].business_income.n, 1200000);
    assert_int_equal(stated(t, h.ben).n, 0);
    /* put right, and an answer of another municipality in a file of its own */
    TOWN_OK(t, take(t, "import-income-forms",
                    FORM_HEAD "inquiry,4,1,0000000002,1978-05-05,2025,0,900000\r\n",
                    " source=municipality", &job));
    const struct incomes of_ben = stated(t, h.ben);
    assert_int_equal(of_ben.n, 1);
    assert_int_equal(of_ben.rows[0].source, INCOME_INQUIRY);
    assert_int_equal(of_ben.rows[0].business_income.n, 900000);
}

static struct late_duty *duty_of(struct town *t, const char *job)
{
    struct late_duty *rows = NULL;
    size_t n = 0;
    TOWN_OK(t, job_late_duties(&t->w, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_is(rows[i].job, job))
            return &rows[i];
    }
    return NULL;
}

static void test_june(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    (void)settle(t);
    const struct late_duty *late = duty_of(t, "import-incomes-yearly");
    assert_non_null(late);
    assert_int_equal(ymd_compare(late->due, day_of("2026-06-05")), 0);
    TOWN_OK(t, take(t, "import-incomes-yearly", HEAD "0000000001,2025,tax,3000000,,,,levied\r\n",
                    "", &job));
    assert_null(duty_of(t, "import-incomes-yearly"));
}

/* --- who takes the changes when
 * ---------------------------------------------------------------------- */

static void clock_at(struct town *t, const char *day)
{
    const int64_t ten = ((int64_t)day_of(day).day * 86400 + 3600) * INT64_C(1000000);
    env_advance(t->env, ten - t->env->now_us(t->env));
    t->w.today = day_of(day);
    t->w.asof = (struct asof){day_of(day), KNOWN_NOW};
}

static void due_is(struct town *t, const char *job, const char *day)
{
    const struct late_duty *late = duty_of(t, job);
    assert_non_null(late);
    assert_int_equal(ymd_compare(late->due, day_of(day)), 0);
}

static void test_cycles(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    (void)settle(t);
    clock_at(t, "2026-06-18"); /* a Thursday */
    due_is(t, "tax-changes-benefit", "2026-06-17");
    due_is(t, "tax-changes-nhi", "2026-06-15");
    struct late_duty *levy = duty_of(t, "tax-changes-levy");
    assert_non_null(levy);
    assert_int_equal(ymd_weekday(levy->due), 1);
    town_refused(t, setting_set(&t->w, "cycle.tax_levy", STR("now and then"), STR("x")),
                 ERR_INVALID, "office.setting_cycle");
    TOWN_OK(t, setting_set(&t->w, "cycle.tax_levy", STR("weekly:3"), STR("更正を毎週にする")));
    due_is(t, "tax-changes-levy", "2026-06-17");
    TOWN_OK(t, job_run(&t->w, "tax-changes-levy", STR(""), &job));
    assert_null(duty_of(t, "tax-changes-levy"));
    assert_non_null(duty_of(t, "tax-changes-nhi")); /* one's taking is no other's */
    clock_at(t, "2026-06-24");
    assert_null(duty_of(t, "tax-changes-levy")); /* today's duty is not late yet */
    clock_at(t, "2026-06-25");
    due_is(t, "tax-changes-levy", "2026-06-24");
}

static void test_takings(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    (void)settle(t);
    TOWN_OK(t,
            take(t, "import-incomes", HEAD "0000000001,2025,tax,3000000,,,,levied\r\n", "", &job));
    TOWN_OK(t, job_run(&t->w, "tax-changes-levy", STR(""), &job));
    assert_int_equal(figure(t, job, "people"), 1);
    TOWN_OK(t,
            take(t, "import-incomes", HEAD "0000000002,2025,tax,4000000,,,,levied\r\n", "", &job));
    clock_at(t, "2026-06-16");
    TOWN_OK(t, job_run(&t->w, "tax-changes-benefit", STR(""), &job));
    assert_int_equal(figure(t, job, "people"), 2); /* its first taking: both */
    TOWN_OK(t, job_run(&t->w, "tax-changes-levy", STR(""), &job));
    assert_int_equal(figure(t, job, "people"), 1);
    assert_int_equal(list_of(t, "tax_changes", "levy"), 1);
    assert_true(is_listed(t, "tax_changes", "levy", "0000000002"));
    assert_int_equal(list_of(t, "tax_changes", "benefit"), 2);
    assert_int_equal(list_of(t, "tax_changes", "nhi"), 0);
    clock_at(t, "2026-06-17");
    TOWN_OK(t, job_run(&t->w, "tax-changes-levy", STR(""), &job));
    assert_int_equal(figure(t, job, "people"), 0);
}

/* --- answers of other municipalities
 * ----------------------------------------------------------------- */

static struct income basis(struct town *t, int64_t person)
{
    struct incomes in;
    TOWN_OK(t, levy_incomes(&t->w, &person, 1, 2025, KNOWN_NOW, &in));
    assert_int_equal(in.n, 1);
    in.rows[0].person_id = 0; /* the rest must be equal */
    return in.rows[0];
}

static int enter(struct town *t, const char *payload, const char *source)
{
    struct event e = work_event(&t->w, "levy.income");
    e.source = str_of(source);
    e.route = STR("post");
    e.reason = STR("転入者の照会");
    return work_enter(&t->w, &e, str_of(payload));
}

static void test_answer(void **state)
{
    struct town *t = *state;
    const struct home h = settle(t);
    int64_t job = 0;
    TOWN_OK(t, take(t, "import-incomes",
                    HEAD "0000000001,2025,inquiry,3000000,1200000,-50000,2500000,levied\r\n",
                    " source=municipality route=network", &job));
    town_refused(t, enter(t, "person_no 0000000002\nincome_year 2025\nsource inquiry\n", "pension"),
                 ERR_INVALID, "office.intake_pair");
    town_refused(t,
                 enter(t,
                       "person_no 0000000002\nincome_year 2025\nsource inquiry\n"
                       "salary_revenue 1\nfamily_received 2\n",
                       "municipality"),
                 ERR_INVALID, "levy.import.family_wages");
    assert_int_equal(TOWN_OK(t, enter(t,
                                      "person_no 0000000002\nincome_year 2025\nsource inquiry\n"
                                      "salary_revenue 3000000\npension_revenue 1200000\n"
                                      "business_income -50000\ntotal_income 2500000\n"
                                      "tax_state levied\n",
                                      "municipality")),
                     0);
    const struct income linked = basis(t, h.ann), keyed = basis(t, h.ben);
    assert_int_equal(linked.source, INCOME_INQUIRY);
    assert_memory_equal(&linked, &keyed, sizeof linked);
    assert_int_equal(keyed.business_income.n, -50000);
}

/* --- the page
 * ---------------------------------------------------------------------------------------- */

static const struct frame frame = {.city = {"", 0},
                                   .user = {"", 0},
                                   .role = {"", 0},
                                   .branch = {"", 0},
                                   .terminal = {"", 0},
                                   .csrf = {"", 0},
                                   .once = {"", 0},
                                   .today = {"", 0},
                                   .path = {"/", 1},
                                   .notice = {"", 0},
                                   .version = {"", 0},
                                   .reference = {"", 0},
                                   .search = {"", 0}};

static const struct route *income_route(enum method method)
{
    for (size_t i = 0; i < levy_desk.n_routes; i++) {
        if (strcmp(levy_desk.routes[i].pattern, "/levy/income/{}") == 0 &&
            levy_desk.routes[i].method == method)
            return &levy_desk.routes[i];
    }
    fail_msg("no page of incomes");
    return NULL;
}

/* What the clerk types about Ben; the answer's status. */
static int type(struct town *t, const char *const *fields)
{
    struct request rq = {.method = METHOD_POST, .frame = &frame, .arena = t->w.cx.arena};
    struct reply answer = {.status = 200};
    int64_t last = 0;
    html_init(&answer.body);
    rq.part[0] = STR("0000000002");
    for (size_t i = 0; fields[i]; i += 2)
        rq.form[rq.n_form++] = (struct pair){str_of(fields[i]), str_of(fields[i + 1])};
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &last));
    rq.form[rq.n_form++] =
        (struct pair){STR("_read_at"), str_format(t->w.cx.arena, "%lld", (long long)last)};
    TOWN_OK(t, income_route(METHOD_POST)->handler(&t->w, &rq, &answer));
    html_release(&answer.body);
    return answer.status;
}
#define TYPED(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_page(void **state)
{
    struct town *t = *state;
    const struct home h = settle(t);
    struct event e;
    int64_t job = 0, no = 0;
    TOWN_OK(t, take(t, "import-incomes",
                    HEAD "0000000001,2025,inquiry,3000000,1200000,-50000,2500000,levied\r\n",
                    " source=municipality route=network", &job));
    /* an answer names who gave it and its number */
    assert_int_equal(type(t, TYPED("income_year", "2025", "source", "inquiry", "route", "post",
                                   "reason", "転入者の照会", "salary_revenue", "3,000,000")),
                     422);
    /* a declaration does not come over the national network */
    assert_int_equal(type(t, TYPED("income_year", "2025", "source", "declaration", "route",
                                   "network", "reason", "窓口")),
                     422);
    assert_int_equal(type(t, TYPED("income_year", "2025", "source", "inquiry", "route", "post",
                                   "reason", "転入者の照会", "answered_by", "隣町", "reference",
                                   "隣税第12号", "salary_revenue", "3,000,000", "pension_revenue",
                                   "1200000", "business_income", "-50000", "total_income",
                                   "2500000", "tax_state", "levied")),
                     303);
    const struct income linked = basis(t, h.ann), keyed = basis(t, h.ben);
    assert_memory_equal(&linked, &keyed, sizeof linked);
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &no));
    TOWN_OK(t, event_get(&t->w.cx, t->w.store, no, &e));
    assert_true(str_is(e.source, "municipality") && str_is(e.route, "post"));
    assert_true(str_is(e.reason, "転入者の照会 隣町 隣税第12号"));
}

/* With the setting on, a keyed answer counts only after a second person. */
static void test_second_person(void **state)
{
    struct town *t = *state;
    const struct home h = settle(t);
    const struct actor clerk = levy_town_actor(ROLE_CHIEF, 21),
                       chief = levy_town_actor(ROLE_CHIEF, 22);
    struct incomes in;
    int64_t no = 0;
    TOWN_OK(t, setting_set(&t->w, "check.levy.income", STR("1"), STR("二人で")));
    t->w.actor = &clerk;
    assert_int_equal(TOWN_OK(t, enter(t,
                                      "person_no 0000000002\nincome_year 2025\nsource inquiry\n"
                                      "salary_revenue 3000000\n",
                                      "municipality")),
                     1);
    TOWN_OK(t, levy_incomes(&t->w, &h.ben, 1, 2025, KNOWN_NOW, &in));
    assert_int_equal(in.n, 0);
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &no));
    t->w.actor = &chief;
    TOWN_OK(t, office_check(&t->w, no, true, STR("")));
    assert_int_equal(basis(t, h.ben).salary_revenue.n, 3000000);
}

int main(void)
{
    levy_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("the year's file is loaded whole, and who is missing is listed [TAX-002]",
                   test_yearly),
        TOWN_TESTS(
            "keyed declarations and answers: another birth date than the number's is refused "
            "[DTE-003]",
            test_forms),
        TOWN_TESTS("it is due at the beginning of June", test_june),
        TOWN_TESTS("each consumer has a cycle of its own, and an alarm [TAX-003]", test_cycles),
        TOWN_TESTS("and takes what has changed since the last time [TAX-003]", test_takings),
        TOWN_TESTS("an answer keyed and one linked give the same basis [TAX-009]", test_answer),
        TOWN_TESTS("keyed on the page, with who answered and why [TAX-009]", test_page),
        TOWN_TESTS("a keyed answer waits for a second person where set", test_second_person),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
