/* Month counting: every rule around every boundary, against counting month by month. */
#include "law_world.h"

enum { FIRST_YEAR = 2014, LAST_YEAR = 2060 };

/* ---- the schoolbook way: one month after the other ---------------------------------------- */

struct span {
    int64_t acquired, lost, cause_day;
    bool other_cover; /* lost by other cover: the day it began decides */
};

static int64_t month_end(int year, int index)
{
    return month_last(fiscal_month(year, index)).day;
}

static bool same_month(int64_t a, int64_t b)
{
    return ymd_month((struct ymd){(int32_t)a}).n == ymd_month((struct ymd){(int32_t)b}).n;
}

/* Is the day in a later month than month `index`? */
static bool later_month(int year, int index, int64_t day)
{
    return day == LAW_NO_DATE ||
           (day > month_end(year, index) && !same_month(day, month_end(year, index)));
}

static bool counted(int year, int index, const struct span *s)
{
    int64_t end = s->other_cover && s->cause_day != LAW_NO_DATE ? s->cause_day : s->lost;
    return s->acquired <= month_end(year, index) && later_month(year, index, end);
}

/* A birthday written out: 2/29 has its birthday on 3/1 in a common year, its age a day before. */
static int64_t birthday_of(int64_t birth, int age, bool reached)
{
    int y, m, d;
    ymd_split((struct ymd){(int32_t)birth}, &y, &m, &d);
    bool leap = m == 2 && d == 29 && ymd_is_none(ymd_of(y + age, 2, 29));
    if (leap)
        return reached ? ymd_of(y + age, 2, 28).day : ymd_of(y + age, 3, 1).day;
    int64_t day_itself = ymd_of(y + age, m, d).day;
    return reached ? day_itself - 1 : day_itself;
}

static int64_t insured_months(int year, int64_t birth, const struct span *s)
{
    int64_t set = 0;
    for (int i = 0; i < 12; i++)
        if (counted(year, i, s) && later_month(year, i, birthday_of(birth, 75, false)))
            set |= INT64_C(1) << i;
    return set;
}

static int64_t care_months(int year, int64_t birth, const struct span *s)
{
    int64_t set = 0, all = insured_months(year, birth, s);
    for (int i = 0; i < 12; i++)
        if ((all >> i & 1) && birthday_of(birth, 40, true) <= month_end(year, i) &&
            later_month(year, i, birthday_of(birth, 65, true)))
            set |= INT64_C(1) << i;
    return set;
}

/* ---- the rules ---------------------------------------------------------------------------- */

struct person {
    int64_t birth;
    struct span span;
};

enum { PEOPLE_MAX = 4000 };
static struct person people[PEOPLE_MAX];
static int n_people;

static void add_person(int64_t birth, struct span s)
{
    assert_true(n_people < PEOPLE_MAX);
    people[n_people++] = (struct person){birth, s};
}

static const struct span always = {-36500, LAW_NO_DATE, LAW_NO_DATE, false};

/* Births whose 40th, 65th and 75th fall within three days of every month's start of the year, and
 * everybody born on a leap day. */
static void people_around_birthdays(int year)
{
    static const int ages[] = {40, 65, 75};
    for (int a = 0; a < 3; a++)
        for (int i = 0; i <= 12; i++)
            for (int by = -3; by <= 3; by++) {
                int64_t start = month_first(month_add(fiscal_month(year, 0), i)).day + by;
                int y, m, d;
                ymd_split((struct ymd){(int32_t)start}, &y, &m, &d);
                struct ymd birth = ymd_of(y - ages[a], m, d);
                if (!ymd_is_none(birth))
                    add_person(birth.day, always);
            }
    for (int y = year - 80; y < year; y++)
        if (!ymd_is_none(ymd_of(y, 2, 29)))
            add_person(day(y, 2, 29), always);
}

/* Joining, leaving by other cover and otherwise, within three days of every month's start. */
static void people_around_changes(int year)
{
    int64_t birth = day(year - 50, 7, 15);
    for (int i = 0; i <= 12; i++)
        for (int by = -3; by <= 3; by++) {
            int64_t at = month_first(month_add(fiscal_month(year, 0), i)).day + by;
            add_person(birth, (struct span){at, LAW_NO_DATE, LAW_NO_DATE, false});
            add_person(birth, (struct span){-36500, at, LAW_NO_DATE, false});
            add_person(birth, (struct span){-36500, at + 1, at, true});
            add_person(birth, (struct span){at, at + 20, at + 19, true});
            add_person(birth, (struct span){at, at + 20, LAW_NO_DATE, false});
        }
}

static void check_year(struct world *w, const struct ruleset *r, int year)
{
    struct facts *f;
    struct plan *p;
    struct evaluation *e;
    struct str wanted[] = {STR("医療.対象月"), STR("介護.対象月")};
    struct plan_request q = {.fiscal_year = year, .wanted = wanted, .n_wanted = 2};
    n_people = 0;
    people_around_birthdays(year);
    people_around_changes(year);
    OK_OR_FAIL(w, plan_new(&w->cx, r, &q, &p));
    OK_OR_FAIL(w, facts_new(&w->cx, r, NULL, 0, &f));
    for (int i = 0; i < n_people; i++) {
        int h = facts_add(&w->cx, f, LAW_ROOT_SCOPE, 0), m = world_add(w, f, "世帯員", h);
        world_set(w, f, "生年月日", m, people[i].birth);
        int s = world_add(w, f, "資格期間", m);
        world_set(w, f, "取得日", s, people[i].span.acquired);
        world_set(w, f, "喪失日", s, people[i].span.lost);
        world_set(w, f, "喪失原因日", s, people[i].span.cause_day);
        world_set(w, f, "喪失事由", s, people[i].span.other_cover ? 4 : 0);
    }
    OK_OR_FAIL(w, evaluation_new(&w->cx, p, f, &e));
    for (int first = 0; first < n_people; first += LAW_BLOCK) {
        int count = n_people - first < LAW_BLOCK ? n_people - first : LAW_BLOCK;
        OK_OR_FAIL(w, evaluate(&w->cx, e, first, count));
        for (int i = first; i < first + count; i++) {
            int64_t all = insured_months(year, people[i].birth, &people[i].span);
            int64_t care = care_months(year, people[i].birth, &people[i].span);
            if (evaluation_value(e, 0, i) != all || evaluation_value(e, 1, i) != care)
                fail_msg("year %d person %d birth %lld: %llx/%llx want %llx/%llx", year, i,
                         (long long)people[i].birth, (long long)evaluation_value(e, 0, i),
                         (long long)evaluation_value(e, 1, i), (long long)all, (long long)care);
        }
    }
    evaluation_release(e);
    facts_release(f);
}

static void months_follow_the_rule_every_year(void **state)
{
    (void)state;
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
        struct world w;
        world_open(&w);
        struct ruleset *r = world_rules(&w, NULL);
        check_year(&w, r, year);
        world_close(&w);
    }
}

/* ---- school years ------------------------------------------------------------------------- */

/* Preschool until the 31 March after the sixth birthday's eve; adult after that of the eighteenth.
 */
static void school_years_turn_on_the_second_of_april(void **state)
{
    (void)state;
    for (int year = 2026; year <= LAST_YEAR; year++) {
        struct world w;
        struct facts *f;
        struct plan *p;
        struct evaluation *e;
        struct str wanted[] = {STR("未就学児"), STR("十八歳以上")};
        struct plan_request q = {.fiscal_year = year, .wanted = wanted, .n_wanted = 2};
        world_open(&w);
        struct ruleset *r = world_rules(&w, NULL);
        OK_OR_FAIL(&w, plan_new(&w.cx, r, &q, &p));
        OK_OR_FAIL(&w, facts_new(&w.cx, r, NULL, 0, &f));
        int h = facts_add(&w.cx, f, LAW_ROOT_SCOPE, 0);
        for (int by = -3; by <= 3; by++) {
            world_set(&w, f, "生年月日", world_add(&w, f, "世帯員", h), day(year - 6, 4, 1) + by);
            world_set(&w, f, "生年月日", world_add(&w, f, "世帯員", h), day(year - 18, 4, 1) + by);
        }
        OK_OR_FAIL(&w, evaluation_new(&w.cx, p, f, &e));
        OK_OR_FAIL(&w, evaluate(&w.cx, e, 0, 1));
        for (int by = -3; by <= 3; by++) {
            assert_int_equal(evaluation_value(e, 0, (by + 3) * 2), by >= 1);
            assert_int_equal(evaluation_value(e, 1, (by + 3) * 2 + 1), by <= 0);
        }
        evaluation_release(e);
        facts_release(f);
        world_close(&w);
    }
}

/* ---- special households ------------------------------------------------------------------- */

/* Half for 60 months from the month of the loss, three quarters for the next 36, then nothing. */
static void special_households_last_sixty_and_thirty_six_months(void **state)
{
    (void)state;
    int half = 0, quarters = 0;
    for (int year = 2021; year <= 2032; year++) {
        struct world w;
        struct facts *f;
        struct plan *p;
        struct evaluation *e;
        struct str wanted[] = {STR("特定世帯の月"), STR("特定継続世帯の月")};
        struct plan_request q = {.fiscal_year = year, .wanted = wanted, .n_wanted = 2};
        world_open(&w);
        struct ruleset *r = world_rules(&w, NULL);
        OK_OR_FAIL(&w, plan_new(&w.cx, r, &q, &p));
        OK_OR_FAIL(&w, facts_new(&w.cx, r, NULL, 0, &f));
        int h = facts_add(&w.cx, f, LAW_ROOT_SCOPE, 0), m = world_add(&w, f, "世帯員", h);
        world_set(&w, f, "生年月日", m, day(1946, 6, 10));
        world_set(&w, f, "後期移行日", m, day(2021, 6, 10));
        OK_OR_FAIL(&w, evaluation_new(&w.cx, p, f, &e));
        OK_OR_FAIL(&w, evaluate(&w.cx, e, 0, 1));
        half += __builtin_popcountll((unsigned long long)evaluation_value(e, 0, 0));
        quarters += __builtin_popcountll((unsigned long long)evaluation_value(e, 1, 0));
        assert_int_equal(evaluation_value(e, 0, 0) & evaluation_value(e, 1, 0), 0);
        evaluation_release(e);
        facts_release(f);
        world_close(&w);
    }
    assert_int_equal(half, 60);
    assert_int_equal(quarters, 36);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"months around every boundary, every year to 2060, as counted one by one [NHI-ASM-019 M3 "
         "M4]",
         months_follow_the_rule_every_year, NULL, NULL, NULL},
        {"school years turn between 1 and 2 April, every year [M4 museum 堺市]",
         school_years_turn_on_the_second_of_april, NULL, NULL, NULL},
        {"special households: 60 months half, 36 months three quarters [NHI-ASM-021 M4 museum "
         "朝来市]",
         special_households_last_sixty_and_thirty_six_months, NULL, NULL, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
