/*
 * Incomes. Every adult earns by what he works as; the households of the register that NHI insures
 * are then dealt incomes so that the shares of a real city come out: how many earn nothing, how
 * many fall under each step of the reduction, how many reach the cap. The thresholds below only
 * aim; the law that judges them is in the rule files.
 */
#include "model.h"

enum step {
    STEP_NOTHING,
    STEP_SEVEN,
    STEP_FIVE,
    STEP_TWO,
    STEP_FULL,
    STEP_CAP,
    STEP_UNDECLARED,
    STEPS
};

enum { OLD = 0, YOUNG = 1 };
static const int32_t shares[2][STEPS] = {/* per 10,000 households */
                                         [OLD] = {2800, 830, 1900, 1330, 2950, 40, 150},
                                         [YOUNG] = {2750, 250, 1250, 830, 3860, 60, 1000}};

static const struct {
    int32_t five, two;
} lines[INCOME_YEARS] = {{305000, 560000}, {310000, 570000}};

static int32_t yen_between(struct demo_city *c, int32_t low, int32_t high)
{
    return between(&c->wealth, low, high);
}

/* Long to the right: most near the low end. */
static int32_t yen_skewed(struct demo_city *c, int32_t low, int32_t high)
{
    const int64_t at = between(&c->wealth, 0, 1000);
    return low + (int32_t)((int64_t)(high - low) * at * at * at / 1000000000);
}

/* Wages of which the income after the deduction is about `income` (incomes of 2024, of 2025). */
static int32_t wages_for(int32_t income, int year)
{
    const int32_t flat = year == 0 ? 550000 : 650000;
    const int64_t i = income;

    if (income <= 0)
        return 0;
    if (i + flat < (year == 0 ? 1619000 : 1900000))
        return income + flat;
    if (i <= 2440000)
        return (int32_t)((i + 80000) * 10 / 7);
    if (i <= 4840000)
        return (int32_t)((i + 440000) * 10 / 8);
    return i <= 6550000 ? (int32_t)((i + 1100000) * 10 / 9) : income + 1950000;
}

static int32_t pension_for(int32_t income, bool old)
{
    if (!old)
        return income <= 700000 ? income + 600000 : (int32_t)(((int64_t)income + 275000) * 4 / 3);
    return income < 2200000 ? income + 1100000 : (int32_t)(((int64_t)income + 275000) * 4 / 3);
}

static struct ymd year_end(int year)
{
    return ymd_of(FIRST_INCOME_YEAR + year, 12, 31);
}

static int age_then(const struct demo_city *c, int32_t person, int year)
{
    return age_on(c->residents[person].birth, year_end(year));
}

static bool is_old(const struct demo_city *c, int32_t person, int year)
{
    /* born on 1/1 counts as 65 on 12/31 before */
    return age_on(c->residents[person].birth, ymd_add(year_end(year), 1)) >= 65;
}

/* A pension that leaves no income after its deduction. */
static int32_t small_pension(struct demo_city *c, int32_t person, int year)
{
    if (!is_old(c, person, year))
        return 0;
    return yen_between(c, 320000, 1090000);
}

/* What somebody earns whom no household target concerns. */
static void earn_alone(struct demo_city *c, int32_t person, int year)
{
    struct resident *p = &c->residents[person];
    struct money *m = &p->money[year];
    const int age = age_then(c, person, year);

    *m = (struct money){.is_known = age >= 15};
    if (age < 15)
        return;
    if (age >= 65)
        m->pension = yen_between(c, 500000, 2400000);
    if (p->work == WORK_EMPLOYED && age < 70)
        m->salary = wages_for(yen_skewed(c, 1100000, 9000000), year);
    else if (p->work == WORK_PART && age < 72)
        m->salary = yen_between(c, 300000, 1900000);
    else if (p->work == WORK_SELF)
        m->business = yen_skewed(c, 300000, 9000000);
    if (age >= 50 && percent(&c->wealth, 4500))
        m->asset_tax = yen_between(c, 18000, 160000);
}

/* Keeps last year's kind of income and moves the amount by up to a tenth. */
static int32_t drift(struct demo_city *c, int32_t yen)
{
    return (int32_t)((int64_t)yen * between(&c->wealth, 92, 108) / 100);
}

static void earn_like_before(struct demo_city *c, int32_t person)
{
    struct resident *p = &c->residents[person];
    struct money *m = &p->money[1];

    if (!p->money[0].is_known) {
        earn_alone(c, person, 1);
        return;
    }
    *m = p->money[0];
    m->salary = drift(c, m->salary);
    m->business = drift(c, m->business);
    m->pension = m->pension + m->pension / 60;
}

/* --- households in NHI -------------------------------------------------------------------- */

struct circle { /* those whose incomes the reduction looks at */
    int32_t people[16];
    int n;
    int32_t counted; /* insured and special same */
    int32_t earner;
};

static bool was_special(const struct demo_city *c, int32_t person)
{
    return c->residents[person].cover == COVER_LATE && c->residents[person].periods > 0;
}

static struct circle circle_of(const struct demo_city *c, int32_t home)
{
    struct circle out = {.earner = NONE};
    const struct home *h = &c->homes[home];

    for (int32_t i = h->first; i != NONE && out.n < 16; i = c->residents[i].next) {
        const struct resident *p = &c->residents[i];
        const bool counts = p->cover == COVER_NHI || was_special(c, i);
        if (!counts && i != h->head)
            continue;
        out.people[out.n++] = i;
        out.counted += counts;
        if (i == h->head || out.earner == NONE)
            out.earner = i;
    }
    return out;
}

static enum step deal_step(struct demo_city *c, bool old)
{
    int32_t at = between(&c->wealth, 0, 9999);

    for (int s = 0; s < STEPS; s++) {
        at -= shares[old ? OLD : YOUNG][s];
        if (at < 0)
            return (enum step)s;
    }
    return STEP_FULL;
}

/* The income the household is to be judged by. */
static int32_t target_of(struct demo_city *c, enum step step, int32_t counted, int year)
{
    const int32_t base = 430000, five = base + lines[year].five * counted;
    const int32_t two = base + lines[year].two * counted;

    switch (step) {
    case STEP_NOTHING:
    case STEP_UNDECLARED:
    case STEPS:
        return 0;
    case STEP_SEVEN:
        return yen_between(c, 20000, base);
    case STEP_FIVE:
        return yen_between(c, base + 1, five);
    case STEP_TWO:
        return yen_between(c, five + 1, two);
    case STEP_FULL:
        return two + 1 + yen_skewed(c, 40000, 4600000);
    case STEP_CAP:
        return yen_skewed(c, 9800000, 32000000);
    }
    return 0;
}

/* Old people live on a pension, and what goes beyond it comes from property or work. */
static void give_old(struct demo_city *c, struct money *m, int32_t target, int year)
{
    const int32_t pension = target > 1600000 ? yen_between(c, 600000, 1500000) : target;
    const int32_t rest = target - pension;

    m->pension = pension_for(pension + 150000, true);
    if (rest <= 0)
        return;
    if (percent(&c->wealth, 4000))
        m->property = rest;
    else if (percent(&c->wealth, 5000))
        m->salary = wages_for(rest, year);
    else
        m->business = rest;
}

static void give_young(struct demo_city *c, int32_t person, struct money *m, int32_t target,
                       int year)
{
    const uint8_t work = c->residents[person].work;

    if (work == WORK_SELF || target > 7000000)
        m->business = target;
    else if (work == WORK_NONE || work == WORK_RETIRED)
        m->other = target;
    else
        m->salary = wages_for(target, year);
}

static void give(struct demo_city *c, int32_t person, int32_t target, int year)
{
    struct money *m = &c->residents[person].money[year];

    if (target <= 0) {
        m->pension = small_pension(c, person, year);
        if (m->pension == 0 && c->residents[person].work == WORK_PART)
            m->salary = yen_between(c, 0, 540000);
        return;
    }
    if (is_old(c, person, year))
        give_old(c, m, target, year);
    else
        give_young(c, person, m, target, year);
}

/* The rest of the household: pensions below the deduction, a second job where there is plenty. */
static void give_others(struct demo_city *c, const struct circle *who, enum step step, int year)
{
    for (int i = 0; i < who->n; i++) {
        const int32_t person = who->people[i];
        struct money *m = &c->residents[person].money[year];
        if (person == who->earner || !m->is_known)
            continue;
        m->pension = small_pension(c, person, year);
        if (step != STEP_FULL || is_old(c, person, year) || age_then(c, person, year) < 18)
            continue;
        if (percent(&c->wealth, 4500))
            m->salary = yen_between(c, 600000, 2300000);
    }
}

/* The rarer kinds: losses carried over, land sold, a spouse paid as family worker. */
static void give_rare(struct demo_city *c, const struct circle *who, int year)
{
    struct money *m = &c->residents[who->earner].money[year];

    if (m->business > 2000000 && percent(&c->wealth, 900))
        m->net_loss = yen_between(c, 100000, 900000);
    if (percent(&c->wealth, 250)) {
        m->separate = yen_between(c, 800000, 12000000);
        m->separate_deduction =
            m->separate < 5000000 && percent(&c->wealth, 5000) ? m->separate : 0;
    }
    if (m->business < 2500000 || who->n < 2 || !percent(&c->wealth, 2500))
        return;
    for (int i = 0; i < who->n; i++) {
        struct money *other = &c->residents[who->people[i]].money[year];
        if (who->people[i] == who->earner || age_then(c, who->people[i], year) < 25)
            continue;
        other->family_received = yen_between(c, 60, 96) * 10000;
        other->salary = other->family_received;
        m->family_paid = other->family_received;
        return;
    }
}

static void clear_money(struct demo_city *c, const struct circle *who, int year)
{
    for (int i = 0; i < who->n; i++) {
        struct money *m = &c->residents[who->people[i]].money[year];
        *m = (struct money){.is_known = m->is_known,
                            .is_inquiry = m->is_inquiry,
                            .asset_tax = m->asset_tax};
    }
}

/* A head with a salary stays as he is: his household owes in full. */
static bool is_left_alone(const struct demo_city *c, const struct home *h, const struct circle *who)
{
    return who->n == 0 || h->kind >= KIND_EMPLOYEE_SINGLE ||
           c->residents[who->earner].cover == COVER_EMPLOYEE ||
           !c->residents[who->earner].money[0].is_known;
}

static void deal_home(struct demo_city *c, int32_t home)
{
    const struct circle who = circle_of(c, home);
    if (is_left_alone(c, &c->homes[home], &who))
        return;
    const bool old = is_old(c, who.earner, 1);
    enum step step = deal_step(c, old);

    for (int year = INCOME_YEARS - 1; year >= 0; year--) {
        if (year == 0 && percent(&c->wealth, 1500))
            step = deal_step(c, old);
        clear_money(c, &who, year);
        give(c, who.earner, target_of(c, step, who.counted, year), year);
        give_others(c, &who, step, year);
        if (step == STEP_FULL)
            give_rare(c, &who, year);
        if (step == STEP_UNDECLARED)
            c->residents[who.earner].money[year] =
                (struct money){.is_known = true, .is_undeclared = true};
    }
}

/* Who came after 1 January is known by another municipality, which may not have answered. */
static void earn_elsewhere(struct demo_city *c, int32_t person)
{
    const struct resident *p = &c->residents[person];
    const struct ymd here = c->ops[p->op_residency == NONE ? 0 : p->op_residency].from;

    if (p->op_residency == NONE || c->ops[p->op_residency].start == BY_INITIAL)
        return;
    for (int year = 0; year < INCOME_YEARS; year++) {
        struct money *m = &c->residents[person].money[year];
        if (!m->is_known || ymd_compare(here, ymd_add(year_end(year), 2)) < 0)
            continue;
        m->is_inquiry = true;
        m->is_known = percent(&c->wealth, 8500);
    }
}

static void count_dependants(struct demo_city *c, int32_t home)
{
    struct resident *head = &c->residents[c->homes[home].head];

    for (int year = 0; year < INCOME_YEARS; year++) {
        int8_t small = 0;
        for (int32_t i = c->homes[home].first; i != NONE; i = c->residents[i].next)
            small = (int8_t)(small + (age_then(c, i, year) < 16));
        head->money[year].small_children = small;
        head->money[year].dependants = small;
    }
}

void earn(struct demo_city *c)
{
    for (int32_t i = 0; i < c->n_residents; i++) {
        earn_alone(c, i, 0);
        earn_like_before(c, i);
    }
    for (int32_t i = 0; i < c->n_homes; i++) {
        if (c->homes[i].first == NONE)
            continue;
        if (c->homes[i].insured > 0)
            deal_home(c, i);
        if (c->homes[i].head != NONE)
            count_dependants(c, i);
    }
    for (int32_t i = 0; i < c->n_residents; i++)
        earn_elsewhere(c, i);
}
