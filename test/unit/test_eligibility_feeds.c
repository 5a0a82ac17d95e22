/* Files of other offices: cover, nursing care, pensions, employment; their cycles and surveys. */
#include "desk/counter/counter.h"
#include "desk/eligibility/retired.h"
#include "lists.h"
#include "register_town.h"
#include "residents.h"

static int take(struct town *t, const char *job, const char *body, const char *more, int64_t *id)
{
    static int files;
    const struct str path = str_format(t->w.cx.arena, "%s/feed%d.csv", t->path, files++);
    TOWN_OK(t, file_write(&t->w.cx, path.p, str_of(body)));
    return job_run(&t->w, job, str_format(t->w.cx.arena, "path=" STR_FMT "%s", STR_ARG(path), more),
                   id);
}

#define COVERS "宛名番号,区分,異動,異動日,事由,保険者,参照番号\r\n"

struct two {
    int64_t ann, ben, old, home;
};
/* Ann is insured; Ben, who lives with her, is not. */
/* When the calendar warns of a job; NULL: it does not. */
static const struct late_duty *late(struct town *t, const char *job)
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

static struct two people(struct town *t)
{
    struct two p;
    struct feed f = feed_begin(t, "party.initial", 0);
    p.home = add_household(&f, "000000001", "本町", "1-1", "2000-04-01");
    p.ann = add_person(&f, (struct who){"0000000001", "安　花子", "アン　ハナコ", "1980-05-05",
                                        SEX_FEMALE});
    p.ben = add_person(&f, (struct who){"0000000002", "安　太郎", "アン　タロウ", "1978-05-05",
                                        SEX_MALE});
    p.old = add_person(&f, (struct who){"0000000003", "安　梅", "アン　ウメ", "1951-06-14",
                                        SEX_FEMALE});
    (void)add_member(&f, p.home, p.old, "06", "2000-04-01", NULL);
    (void)add_period(&f, p.old,
                     (struct insured){"2010-04-01", NULL, NULL, ACQUIRED_LEFT_EMPLOYER, 0});
    (void)add_member(&f, p.home, p.ann, "01", "2000-04-01", NULL);
    (void)add_member(&f, p.home, p.ben, "02", "2000-04-01", NULL);
    add_number(&f, p.home, "00000001", "2010-04-01");
    (void)add_period(&f, p.ann,
                     (struct insured){"2010-04-01", NULL, NULL, ACQUIRED_LEFT_EMPLOYER, 0});
    feed_end(&f);
    return p;
}

static struct pendings pendings_of(struct town *t, int64_t person)
{
    struct pendings p;
    const struct pending_query q = {.person_id = person, .open_only = true, .limit = 20};
    TOWN_OK(t, pending_find(&t->w, &q, &p));
    return p;
}

static void test_covers(void **state)
{
    struct town *t = *state;
    const struct two p = people(t);
    int64_t job = 0;
    TOWN_OK(t, take(t, "import-assistance",
                    COVERS "0000000001,assistance,start,2026-06-10,,,C-17\r\n"
                           "0000000002,assistance,start,2026-06-10,,,C-17\r\nCONTROL,2\r\n",
                    "", &job));
    const struct pendings ann = pendings_of(t, p.ann);
    assert_int_equal(ann.n, 1);
    assert_int_equal(ann.rows[0].kind, PENDING_ASSISTANCE_START);
    assert_true(str_is(ann.rows[0].source, "assistance"));
    assert_int_equal(pendings_of(t, p.ben).n, 0); /* not insured: a fact, nothing to do */
    TOWN_OK(t, take(t, "import-assistance",
                    COVERS "0000000002,assistance,end,2026-06-12,,,C-17\r\n", "", &job));
    assert_int_equal(pendings_of(t, p.ben).rows[0].kind, PENDING_ASSISTANCE_END);
    TOWN_OK(t, take(t, "import-late-stage",
                    COVERS "0000000001,late_stage,start,2026-06-14,disability,,\r\n"
                           "0000000003,late_stage,start,2026-06-14,age,,\r\n",
                    "", &job));
    assert_int_equal(pendings_of(t, p.old).rows[0].kind, PENDING_AGE_75);
    const struct pendings late = pendings_of(t, p.ann);
    assert_int_equal(late.n, 2);
    assert_int_equal(late.rows[1].kind, PENDING_LATE_STAGE);
    town_refused(t,
                 take(t, "import-late-stage",
                      COVERS "0000000001,assistance,start,2026-06-14,,,\r\n", "", &job),
                 ERR_INVALID, "party.import.refused");
    town_refused(t,
                 take(t, "import-employer", COVERS "0000000009,employee,start,2026-06-14,,,\r\n",
                      "", &job),
                 ERR_INVALID, "party.import.refused");
}

#define CARE "宛名番号,賦課年月,特別徴収額,年金保険者\r\n"

static void test_cycle(void **state)
{
    struct town *t = *state;
    const struct two p = people(t);
    struct feed_facts f;
    int64_t job = 0;
    TOWN_OK(t, take(t, "import-care-levy", CARE "0000000001,202606,5000,A\r\n", "", &job));
    TOWN_OK(t, take(t, "import-care-levy", CARE "0000000001,202606,5200,A\r\n", "", &job));
    TOWN_OK(t, feed_facts_of(&t->w, "care_levy", &p.ann, 1, &f));
    assert_int_equal(f.n, 1); /* the same month told again takes the place of the first */
    assert_int_equal(f.rows[0].amount.n, 5200);
    register_town_day(t, ymd_of(2027, 5, 10));
    town_refused(t, take(t, "import-care-levy", CARE "0000000001,202705,1,A\r\n", "", &job),
                 ERR_INVALID, "eligibility.feed.off_cycle");
    TOWN_OK(t, take(t, "import-care-levy", CARE "0000000001,202705,1,A\r\n", " force=sent%20again",
                    &job));
    TOWN_OK(t, take(t, "import-care-eligibility",
                    "宛名番号,被保険者区分,資格取得日,資格喪失日,介護被保険者番号\r\n"
                    "0000000001,2,2020-05-05,,9\r\n",
                    "", &job)); /* monthly: May is as good as any */
}

#define INSURED "宛名番号,被保険者区分,資格取得日,資格喪失日,介護被保険者番号\r\n"
#define BENEFIT "宛名番号,提供年月,サービス種類,利用者負担額\r\n"

static void test_three_feeds(void **state)
{
    struct town *t = *state;
    const struct two p = people(t);
    struct feed_facts f;
    int64_t job = 0;
    assert_int_equal(ymd_compare(late(t, "import-care-eligibility")->due, ymd_of(2026, 6, 10)), 0);
    assert_int_equal(ymd_compare(late(t, "import-care-benefit")->due, ymd_of(2026, 6, 10)), 0);
    assert_int_equal(ymd_compare(late(t, "import-care-levy")->due, ymd_of(2026, 4, 15)), 0);
    TOWN_OK(t,
            take(t, "import-care-eligibility", INSURED "0000000003,1,2016-06-13,,9\r\n", "", &job));
    assert_null(late(t, "import-care-eligibility"));
    assert_non_null(late(t, "import-care-benefit"));
    assert_non_null(late(t, "import-care-levy"));
    TOWN_OK(t, take(t, "import-care-benefit", BENEFIT "0000000003,202605,11,12000\r\n", "", &job));
    assert_null(late(t, "import-care-benefit"));
    TOWN_OK(t, take(t, "import-care-levy", CARE "0000000003,202606,5000,A\r\n", "", &job));
    assert_null(late(t, "import-care-levy"));
    TOWN_OK(t, feed_facts_of(&t->w, "care_eligibility", &p.old, 1, &f));
    assert_true(f.n == 1 && str_is(f.rows[0].code, "1"));
    TOWN_OK(t, feed_facts_of(&t->w, "care_benefit", &p.old, 1, &f));
    assert_true(f.n == 1 && f.rows[0].amount.n == 12000);
    /* another city's months: the calendar follows the setting */
    TOWN_OK(t, setting_set(&t->w, "feed.care_levy", STR("02,04,06,07,08"), STR("8月にも届く")));
    register_town_day(t, ymd_of(2026, 8, 20));
    assert_int_equal(ymd_compare(late(t, "import-care-levy")->due, ymd_of(2026, 8, 15)), 0);
}

#define LEFT "宛名番号,離職日,離職理由,照会番号\r\n"

static void test_employment(void **state)
{
    struct town *t = *state;
    const struct two p = people(t);
    struct circumstance_entry entry;
    struct circumstance_rows rows;
    int64_t job = 0, no = 0;
    town_refused(t, take(t, "import-employment", LEFT "0000000001,2026-05-31,40,Q-1\r\n", "", &job),
                 ERR_INVALID, "party.import.refused"); /* left by himself */
    assert_int_equal(pendings_of(t, p.ann).n, 0);
    TOWN_OK(t, take(t, "import-employment",
                    LEFT "0000000001,2026-05-31,22,Q-1\r\n0000000002,2026-05-31,11,Q-2\r\n", "",
                    &job));
    assert_int_equal(pendings_of(t, p.ben).n, 0); /* not insured with us */
    const struct pendings ann = pendings_of(t, p.ann);
    assert_int_equal(ann.n, 1);
    assert_int_equal(ann.rows[0].kind, PENDING_UNEMPLOYED);
    TOWN_OK(t, circumstance_list(&t->w, p.ann, &rows));
    assert_int_equal(rows.n, 0); /* an answer alone changes nothing */
    TOWN_OK(t, pending_circumstance(&t->w, &ann.rows[0], &entry));
    TOWN_OK(t, circumstance_enter(&t->w, &entry, &no));
    TOWN_OK(t, circumstance_list(&t->w, p.ann, &rows));
    assert_int_equal(rows.n, 1);
    assert_int_equal(rows.rows[0].fact.kind, CIRCUMSTANCE_UNEMPLOYED);
    assert_int_equal(rows.rows[0].fact.code, 22);
    assert_int_equal(ymd_compare(rows.rows[0].fact.day, ymd_of(2026, 5, 31)), 0);
    assert_int_equal(pendings_of(t, p.ann).n, 0); /* settled by it */
}

/* --- the pages
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
static struct reply answer;

static const struct route *route_of(const struct desk *d, const char *pattern, enum method method)
{
    for (size_t i = 0; i < d->n_routes; i++) {
        if (strcmp(d->routes[i].pattern, pattern) == 0 && d->routes[i].method == method)
            return &d->routes[i];
    }
    fail_msg("no route %s", pattern);
    return NULL;
}

/* fields: name, value, ..., NULL; NULL: the page is looked at. The answer's status. */
static struct str asked_row; /* ?row=; none unless set */
static int ask(struct town *t, const struct desk *d, const char *pattern, struct str part,
               const char *const *fields)
{
    const enum method method = fields ? METHOD_POST : METHOD_GET;
    struct request rq = {.method = method, .frame = &frame, .arena = t->w.cx.arena};
    int64_t last = 0;
    html_release(&answer.body);
    answer = (struct reply){.status = 200};
    html_init(&answer.body);
    rq.part[0] = part;
    if (asked_row.p)
        rq.query[rq.n_query++] = (struct pair){STR("row"), asked_row};
    for (size_t i = 0; fields && fields[i]; i += 2)
        rq.form[rq.n_form++] = (struct pair){str_of(fields[i]), str_of(fields[i + 1])};
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &last));
    if (fields)
        rq.form[rq.n_form++] =
            (struct pair){STR("_read_at"), str_format(t->w.cx.arena, "%lld", (long long)last)};
    TOWN_OK(t, route_of(d, pattern, method)->handler(&t->w, &rq, &answer));
    return answer.status;
}
#define FIELDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static bool shows(const char *words)
{
    const struct str s = text_str(&answer.body.text);
    return memmem(s.p, s.n, words, strlen(words)) != NULL;
}

static void test_pages(void **state)
{
    struct town *t = *state;
    const struct two p = people(t);
    struct circumstance_rows rows;
    int64_t job = 0;
    TOWN_OK(t, take(t, "import-employment", LEFT "0000000001,2026-05-31,22,Q-1\r\n", "", &job));
    const struct str id =
        str_format(t->w.cx.arena, "%lld", (long long)pendings_of(t, p.ann).rows[0].pending_id);
    assert_int_equal(ask(t, &counter_desk, "/counter/pending/{}", id, NULL), 200);
    assert_true(shows("code=22") && shows("/accept"));
    assert_int_equal(ask(t, &counter_desk, "/counter/pending/{}/accept", id,
                         FIELDS("note", "回答書のとおり")),
                     303);
    TOWN_OK(t, circumstance_list(&t->w, p.ann, &rows));
    assert_true(rows.n == 1 && rows.rows[0].fact.code == 22);
    /* the retired workers' spans: what cannot be is said on the page, what can waits */
    const struct str no = STR("0000000003");
    assert_int_equal(ask(t, &eligibility_desk, "/eligibility/retired/{}", no,
                         FIELDS("kind", "self", "from", "2015-04-01", "to", "2016-01-01", "reason",
                                "裁定")),
                     422);
    assert_true(shows("eligibility.retired.no_new"));
    assert_int_equal(ask(t, &eligibility_desk, "/eligibility/retired/{}", no,
                         FIELDS("kind", "self", "from", "2013-06-01", "to", "2016-06-13", "reason",
                                "裁定")),
                     303);
    assert_int_equal(ask(t, &eligibility_desk, "/eligibility/retired/{}", no, NULL), 200);
    assert_false(shows("裁定")); /* nobody has looked at it yet */
    assert_false(shows("直す・取り消す"));
    assert_int_equal(ask(t, &eligibility_desk, "/eligibility/inquiry/{}", no, NULL), 200);
    assert_true(shows("税照会") && shows("安　梅"));
    assert_int_equal(ask(t, &eligibility_desk, "/eligibility/papers", STR(""), NULL), 200);
    assert_true(shows("/eligibility/paper/change_notice/sample"));
    html_release(&answer.body);
}

#define HOMES "宛名番号,入所日,退所日,施設種別,施設名\r\n"

static int64_t care_of(struct town *t, int64_t home)
{
    struct levy_debts d;
    int64_t care = 0;
    TOWN_OK(t, levy_assess_household(&t->w, home, 2026, &d));
    for (size_t i = 0; i < d.n; i++)
        care += d.row[i].assessed.result.part[PART_CARE].n;
    return care;
}

static void test_facility(void **state)
{
    struct town *t = *state;
    const struct two p = people(t);
    struct circumstance_entry entry;
    struct circumstance_rows rows;
    struct feed_facts f;
    int64_t job = 0, no = 0;
    levy_town_adopt(t, ROOT "/rules", STR("保険市"));
    const int64_t whole = care_of(t, p.home);
    TOWN_OK(t, take(t, "import-facility", HOMES "0000000001,2026-05-10,2026-08-10,A,緑の家\r\n", "",
                    &job));
    TOWN_OK(t, feed_facts_of(&t->w, "facility", &p.ann, 1, &f));
    assert_true(f.n == 1 && str_is(f.rows[0].reference, "緑の家"));
    const struct pendings ann = pendings_of(t, p.ann);
    assert_int_equal(ann.n, 1);
    assert_int_equal(ann.rows[0].kind, PENDING_FACILITY);
    TOWN_OK(t, pending_circumstance(&t->w, &ann.rows[0], &entry));
    TOWN_OK(t, circumstance_enter(&t->w, &entry, &no));
    TOWN_OK(t, circumstance_list(&t->w, p.ann, &rows));
    assert_int_equal(rows.rows[0].fact.kind, CIRCUMSTANCE_CARE_EXEMPT);
    assert_int_equal(rows.rows[0].fact.first_month.n, ymd_month(ymd_of(2026, 5, 1)).n);
    assert_int_equal(rows.rows[0].fact.last_month.n, ymd_month(ymd_of(2026, 7, 1)).n);
    /* May, June and July carry no nursing care part: nine months of twelve, but for rounding */
    const int64_t nine = care_of(t, p.home);
    assert_true(whole > 10000 && nine <= whole * 9 / 12 && nine > whole * 9 / 12 - 100);
}

/* No day of the calendar waits for it; who is insured is pending, who is not is a fact; a stay told
 * again takes the place of the first; whoever asks sees it with its days, from every desk. */
static void test_facility_told(void **state)
{
    struct town *t = *state;
    const struct two p = people(t);
    const int64_t both[2] = {p.ann, p.ben};
    struct feed_facts f;
    int64_t job = 0;
    assert_null(late(t, "import-facility"));
    TOWN_OK(t, take(t, "import-facility",
                    HOMES "0000000001,2026-05-10,,A,緑の家\r\n0000000002,2026-06-01,,A,丘の家\r\n"
                          "CONTROL,2\r\n",
                    "", &job));
    TOWN_OK(t, feed_facts_of(&t->w, "facility", both, 2, &f));
    assert_int_equal(f.n, 2);
    assert_int_equal(pendings_of(t, p.ann).n, 1);
    assert_int_equal(pendings_of(t, p.ann).rows[0].kind, PENDING_FACILITY);
    assert_int_equal(pendings_of(t, p.ben).n, 0);
    TOWN_OK(t, take(t, "import-facility", HOMES "0000000001,2026-05-10,2026-06-12,A,緑の家\r\n", "",
                    &job));
    TOWN_OK(t, feed_facts_of(&t->w, "facility", &p.ann, 1, &f));
    assert_int_equal(f.n, 1);
    assert_int_equal(ymd_compare(f.rows[0].day, ymd_of(2026, 5, 10)), 0);
    assert_int_equal(ymd_compare(f.rows[0].until, ymd_of(2026, 6, 12)), 0);
    town_refused(t,
                 take(t, "import-facility", HOMES "0000000009,2026-05-10,,A,緑の家\r\n", "", &job),
                 ERR_INVALID, "party.import.refused");
}

static bool file_has(struct town *t, const char *name, const char *words)
{
    struct text body;
    const struct str path = str_format(t->w.cx.arena, "%s/%s", t->path, name);
    text_init(&body, 1 << 20);
    TOWN_OK(t, file_read(&t->w.cx, path.p, 1 << 20, &body));
    const bool has = strstr(str_c(t->w.cx.arena, text_str(&body)), words) != NULL;
    text_release(&body);
    return has;
}

static int64_t handed(struct town *t, const char *name)
{
    struct job_figure_row *rows = NULL;
    size_t n = 0;
    int64_t job = 0;
    TOWN_OK(t, job_run(&t->w, "late-stage-handover",
                       str_format(t->w.cx.arena, "path=%s/%s", t->path, name), &job));
    TOWN_OK(t, job_figures(&t->w, job, &rows, &n));
    assert_true(n == 1 && str_is(rows[0].name, "people"));
    return rows[0].value;
}

/* Ann is insured with us, Old is 75: each change waits at the desk of the one it is about. */
static void test_assistance(void **state)
{
    struct town *t = *state;
    const struct two p = people(t);
    int64_t job = 0;
    register_town_day(t, ymd_of(2026, 6, 20));
    TOWN_OK(t, take(t, "import-assistance",
                    COVERS "0000000001,assistance,start,2026-06-15,,,C-17\r\n"
                           "0000000003,assistance,start,2026-06-15,,,C-17\r\n",
                    "", &job));
    assert_int_equal(pendings_of(t, p.ann).rows[0].kind, PENDING_ASSISTANCE_START);
    assert_int_equal(handed(t, "first.csv"), 1);
    assert_true(
        file_has(t, "first.csv", "0000000003,安　梅,1951-06-14,assistance_start,2026-06-15,C-17"));
    assert_false(file_has(t, "first.csv", "0000000001"));
    assert_int_equal(handed(t, "second.csv"), 0); /* once */
    register_town_day(t, ymd_of(2026, 6, 25));
    TOWN_OK(t, take(t, "import-assistance",
                    COVERS "0000000002,assistance,end,2026-06-24,,,C-18\r\n"
                           "0000000003,assistance,end,2026-06-24,,,C-17\r\n",
                    "", &job));
    assert_int_equal(pendings_of(t, p.ben).rows[0].kind, PENDING_ASSISTANCE_END);
    assert_int_equal(handed(t, "third.csv"), 1);
    assert_true(file_has(t, "third.csv", "assistance_end,2026-06-24"));
}

#define FIRST "宛名番号,基準日,基礎年金番号\r\n"

static void test_survey(void **state)
{
    struct town *t = *state;
    const struct two p = people(t);
    int64_t job = 0;
    town_refused(t, job_run(&t->w, "double-cover", STR(""), &job), ERR_NOT_FOUND,
                 "eligibility.feed.needed");
    TOWN_OK(t, take(t, "import-pension-first", FIRST "0000000002,2026-06-01,\r\n", "", &job));
    TOWN_OK(t, job_run(&t->w, "double-cover", STR("as-of=2026-06-15"), &job));
    const struct pendings ann = pendings_of(t, p.ann);
    assert_int_equal(ann.n, 1); /* insured, of age, and not of category 1 */
    assert_int_equal(ann.rows[0].kind, PENDING_DOUBLE_COVER);
    assert_int_equal(pendings_of(t, p.ben).n, 0);
    TOWN_OK(t, pending_close(&t->w, ann.rows[0].pending_id, PENDING_NO_EFFECT,
                             STR("exempt from the pension")));
    struct pending closed;
    TOWN_OK(t, pending_by_id(&t->w, ann.rows[0].pending_id, &closed));
    assert_true(str_is(closed.reason, "exempt from the pension"));
}

/* Who matters: insured and no longer of category 1, of category 1 and not insured. */
static void test_pension_changes(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    (void)people(t);
    TOWN_OK(t, take(t, "import-pension-first",
                    FIRST "0000000001,2026-05-01,\r\n0000000003,2026-05-01,\r\n", "", &job));
    assert_int_equal(list_of(t, "eligibility", "pension_changes", NULL), 0); /* nothing before it */
    TOWN_OK(t, take(t, "import-pension-first",
                    FIRST "0000000003,2026-06-01,\r\n0000000002,2026-06-01,\r\n", "", &job));
    const size_t rows = list_of(t, "eligibility", "pension_changes", NULL);
    assert_int_equal(rows, 2);
    const int ben = row_with(rows, 2, "0000000002"), ann = row_with(rows, 2, "0000000001");
    assert_true(ben >= 0 && ann >= 0); /* the third stays as she was */
    assert_int_equal(code((size_t)ben, 0), 1);
    assert_int_equal(code((size_t)ann, 0), 2);
    TOWN_OK(t, take(t, "import-pension-first",
                    FIRST "0000000003,2026-07-01,\r\n0000000002,2026-07-01,\r\n", "", &job));
    assert_int_equal(list_of(t, "eligibility", "pension_changes", NULL), 0);
}

/* --- the retired workers' scheme
 * ------------------------------------------------------------------- */

#define PENSION "宛名番号,対象年月,年金保険者,年金額,年金証書番号\r\n"

static struct retired_entry retired(int64_t person, const char *from, const char *to)
{
    return (struct retired_entry){.person_id = person,
                                  .kind = STR("self"),
                                  .valid = {day_of(from), day_of(to)},
                                  .reason = STR("年金の裁定による")};
}

/* Entered by one, checked by another. */
static void put(struct town *t, const struct retired_entry *r)
{
    const struct actor clerk = levy_town_actor(ROLE_CHIEF, 21);
    const struct actor chief = levy_town_actor(ROLE_CHIEF, 22);
    const struct actor *before = t->w.actor;
    int64_t no = 0;
    t->w.actor = &clerk;
    assert_int_equal(TOWN_OK(t, retired_enter(&t->w, r, &no)), 1);
    t->w.actor = &chief;
    TOWN_OK(t, office_check(&t->w, no, true, STR("")));
    t->w.actor = before;
}

static struct retired_rows periods_of(struct town *t, int64_t person)
{
    struct retired_rows list;
    TOWN_OK(t, retired_list(&t->w, person, &list));
    return list;
}

static void test_retired(void **state)
{
    struct town *t = *state;
    const struct two p = people(t);
    struct retired_rows now;
    struct retired_entry r;
    int64_t job = 0, no = 0;
    /* Old was 62 in June 2013, insured, and had a pension: a candidate; she was 65 in June 2016 */
    TOWN_OK(t, take(t, "import-pension-payer",
                    PENSION "0000000003,201306,P1,900000,\r\n0000000003,201706,P1,900000,\r\n"
                            "0000000001,202306,P1,900000,\r\n",
                    "", &job));
    size_t rows = list_of(t, "eligibility", "retired_candidates", NULL);
    assert_int_equal(rows, 1);
    assert_true(str_is(cell(0, 0), "0000000003") && str_is(cell(0, 5), "201306"));
    /* nobody joins after the last day, nobody stays after the end */
    r = retired(p.ann, "2015-04-01", "2016-01-01");
    town_refused(t, retired_enter(&t->w, &r, &no), ERR_INVALID, "eligibility.retired.no_new");
    r = retired(p.ann, "2015-03-31", "2020-04-02");
    town_refused(t, retired_enter(&t->w, &r, &no), ERR_INVALID, "eligibility.retired.ended");
    r = retired(p.ann, "2015-03-31", "2020-04-01");
    r.reason = STR("");
    town_refused(t, retired_enter(&t->w, &r, &no), ERR_INVALID, "eligibility.plan.why_missing");
    r = retired(p.old, "2013-06-01", "2016-06-13");
    put(t, &r);
    assert_int_equal(list_of(t, "eligibility", "retired_candidates", NULL), 0);
    town_refused(t, retired_enter(&t->w, &r, &no), ERR_INVALID, "eligibility.retired.overlap");
    now = periods_of(t, p.old);
    assert_int_equal(now.n, 1);
    /* corrected: a newer row takes the place of the first, the first stays in the store */
    r = retired(p.old, "2013-07-01", "2016-06-13");
    r.replaces = now.rows[0].row_id;
    r.reason = STR("裁定日の訂正");
    put(t, &r);
    now = periods_of(t, p.old);
    assert_int_equal(now.n, 1);
    assert_int_equal(ymd_compare(now.rows[0].valid.from, day_of("2013-07-01")), 0);
    assert_true(str_is(now.rows[0].reason, "裁定日の訂正"));
    assert_int_equal(list_of(t, "eligibility", "retired_candidates", NULL), 1); /* June again */
    /* what is to be put right stands in the form; a row that is not hers does not */
    asked_row = str_format(t->w.cx.arena, "%lld", (long long)now.rows[0].row_id);
    assert_int_equal(ask(t, &eligibility_desk, "/eligibility/retired/{}", STR("0000000003"), NULL),
                     200);
    assert_true(shows(str_format(t->w.cx.arena, "name=\"replaces\" value=\"" STR_FMT "\"",
                                 STR_ARG(asked_row))
                          .p) &&
                shows("value=\"H25.07.01\"") && shows("name=\"removed\""));
    assert_int_equal(ask(t, &eligibility_desk, "/eligibility/retired/{}", STR("0000000001"), NULL),
                     200);
    assert_true(shows("name=\"replaces\" value=\"\"") && !shows("name=\"removed\""));
    asked_row = STR_NONE;
    html_release(&answer.body);
    /* the report of a month of that time counts her */
    rows = list_of(t, "eligibility", "monthly_report", "2014-01");
    const int line = row_with(rows, 0, "9");
    assert_true(line >= 0 && code((size_t)line, 2) == 1);
    rows = list_of(t, "eligibility", "monthly_report", "2016-06");
    assert_int_equal(code((size_t)row_with(rows, 0, "9"), 2), 0);
    r.is_removed = true;
    r.replaces = now.rows[0].row_id;
    put(t, &r);
    assert_int_equal(periods_of(t, p.old).n, 0);
}

static void test_needed(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    (void)people(t);
    town_refused(t, feed_need(&t->w, "pension_payer", ymd_of(2026, 5, 20)), ERR_NOT_FOUND,
                 "eligibility.feed.needed");
    TOWN_OK(t, take(t, "import-pension-payer",
                    "宛名番号,対象年月,年金保険者,年金額,年金証書番号\r\n"
                    "0000000001,202610,P1,900000,\r\n",
                    "", &job));
    TOWN_OK(t, feed_need(&t->w, "pension_payer", ymd_of(2026, 5, 20)));
    town_refused(t, feed_need(&t->w, "pension_payer", ymd_of(2026, 6, 20)), ERR_NOT_FOUND,
                 "eligibility.feed.needed");
}

static void test_late(void **state)
{
    struct town *t = *state;
    struct late_duty *rows = NULL;
    size_t n = 0, missing = 0;
    int64_t job = 0;
    (void)people(t);
    TOWN_OK(t, job_late_duties(&t->w, &rows, &n));
    for (size_t i = 0; i < n; i++)
        missing += str_is(rows[i].job, "import-nonresidents") && rows[i].last_us == 0;
    assert_int_equal(missing, 1);
    TOWN_OK(t, take(t, "import-nonresidents",
                    "宛名番号,法人,氏名,フリガナ,生年月日,性別,異動日,郵便番号,都道府県,市区町村名,"
                    "町字,番地号,方書\r\n"
                    "0700000001,,外　一郎,ソト　イチロウ,1970-01-01,1,2026-06-01,0000011,架空県,"
                    "隣町,緑,2,\r\n",
                    "", &job));
    TOWN_OK(t, job_late_duties(&t->w, &rows, &n));
    for (size_t i = 0; i < n; i++)
        assert_false(str_is(rows[i].job, "import-nonresidents"));
    int64_t id = 0;
    struct person p;
    assert_int_equal(TOWN_OK(t, party_person_by_no(&t->w, STR("0700000001"), &id)), 1);
    TOWN_OK(t, party_person(&t->w, id, &p));
    assert_true(p.is_nonresident && str_is(p.name, "外　一郎"));
}

/* The desks of collection and arrears look at the same people: what comes in daily, and from the
 * tax office, has its entry in the calendar, its alarm and its last good run. */
static void test_collection_feeds(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    struct job_row row;
    (void)people(t);
    const char *feeds[] = {"import-residents", "import-resident-changes", "import-nonresidents",
                           "import-incomes"};
    for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++) {
        assert_non_null(late(t, feeds[i]));
        assert_int_equal(late(t, feeds[i])->last_us, 0);
    }
    TOWN_OK(t, take(t, "import-nonresidents",
                    "宛名番号,法人,氏名,フリガナ,生年月日,性別,異動日,郵便番号,都道府県,市区町村名,"
                    "町字,番地号,方書\r\n"
                    "0700000002,,外　二郎,ソト　ジロウ,1970-01-01,1,2026-06-01,0000011,架空県,"
                    "隣町,緑,2,\r\n",
                    "", &job));
    TOWN_OK(t, job_get(&t->w, job, &row));
    assert_int_equal(row.progress.done, 1); /* as many as the file has lines */
    TOWN_OK(t, take(t, "import-incomes",
                    "宛名番号,所得年,給与収入\r\n0000000001,2025,3000000\r\n"
                    "0000000002,2025,1000000\r\n",
                    "", &job));
    TOWN_OK(t, job_get(&t->w, job, &row));
    assert_int_equal(row.progress.done, 2);
    assert_null(late(t, "import-nonresidents"));
    assert_null(late(t, "import-incomes"));
    /* three days on both are late again, and say when they last ran */
    register_town_day(t, ymd_add(t->w.today, 3));
    assert_true(late(t, "import-nonresidents")->last_us > 0);
    assert_true(late(t, "import-incomes")->last_us > 0);
}

int main(void)
{
    register_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("assistance and late-stage cover become pending changes [NHI-ELG-051 CAR-010]",
                   test_covers),
        TOWN_TESTS("residents, non-residents and tax reach the collection desk in their cycle "
                   "[NHI-COL-026 IFC-002 IFC-008]",
                   test_collection_feeds),
        TOWN_TESTS("a levy file of nursing care in May is refused unless forced [CAR-001]",
                   test_cycle),
        TOWN_TESTS(
            "the three files of nursing care each have a calendar entry and an alarm [CAR-001]",
            test_three_feeds),
        TOWN_TESTS("an answer about leaving work is evidence, of the codes that count [CAR-006]",
                   test_employment),
        TOWN_TESTS("the pages of evidence, of the ended scheme, of letters and papers", test_pages),
        TOWN_TESTS("a resident of a facility is exempt from nursing care in those months",
                   test_facility),
        TOWN_TESTS("residents of facilities for disabled people are told at any time, stand with "
                   "their days and are pending [CAR-007]",
                   test_facility_told),
        TOWN_TESTS("assistance reaches both desks when it begins and ends [CAR-009]",
                   test_assistance),
        TOWN_TESTS("who is insured and not of category 1 is a candidate [NHI-ELG-016 CAR-004]",
                   test_survey),
        TOWN_TESTS(
            "changes of the pension list that matter to eligibility are listed [NHI-ELG-044]",
            test_pension_changes),
        TOWN_TESTS("the retired workers' spans: shown, corrected, candidates found, nobody new "
                   "[NHI-ELG-008]",
                   test_retired),
        TOWN_TESTS("a run asks whether the pension file has come", test_needed),
        TOWN_TESTS("non-residents come daily; a missing file is told [ADR-010]", test_late),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
