/*
 * Random notifications against a naive picture: for every person a row of days, insured or not,
 * written anew by every notification that was taken. What the desk answers for a day must be what
 * the row says, now and as it was known at earlier events; and both engines must hold the same.
 */
#include "notices.h"

enum { PEOPLE = 3, FIRST_YEAR = 2024, DAYS = 890, STEPS = 70, MOST = 32, SAVED = 8 };

struct random {
    uint64_t state;
};
static uint32_t next(struct random *r)
{
    r->state = r->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(r->state >> 33);
}
static int below(struct random *r, int n)
{
    return (int)(next(r) % (uint32_t)n);
}

struct naive_period {
    int from, to; /* days from the first; to: the first day without, DAYS * 2: open */
    int cause_end;
    bool by_cause;
};
struct naive {
    struct naive_period period[MOST];
    int n;
};
struct saved {
    int64_t known;
    struct naive of[PEOPLE];
};
struct trial {
    struct town *t;
    struct family h;
    int64_t person[PEOPLE];
    struct naive now[PEOPLE];
    struct saved saved[SAVED];
    int n_saved;
    int taken;
    struct random r;
};

static struct ymd first_day(void)
{
    return ymd_of(FIRST_YEAR, 1, 1);
}

static bool naive_holds(const struct naive *n, int day)
{
    for (int i = 0; i < n->n; i++) {
        if (n->period[i].from <= day && day < n->period[i].to)
            return true;
    }
    return false;
}

/* Days are counted one by one: no two periods share one. */
static bool naive_is_sound(const struct naive *n)
{
    for (int day = 0; day < DAYS + 2; day++) {
        int holds = 0;
        for (int i = 0; i < n->n; i++)
            holds += n->period[i].from <= day && day < n->period[i].to;
        if (holds > 1)
            return false;
    }
    return true;
}

static void look(struct trial *x, int64_t known, const struct naive *of, int day)
{
    enum insured_state state[PEOPLE];

    x->t->w.asof = (struct asof){ymd_add(first_day(), day), known};
    TOWN_OK(x->t, eligibility_states(&x->t->w, x->person, PEOPLE, state));
    for (int i = 0; i < PEOPLE; i++) {
        if ((state[i] == INSURED) != naive_holds(&of[i], day))
            fail_msg("person %d day %d known %lld", i, day, (long long)known);
    }
}

/* The days at the edges of every period, and some others. */
static void look_everywhere(struct trial *x, int64_t known, const struct naive *of)
{
    for (int i = 0; i < PEOPLE; i++) {
        for (int k = 0; k < of[i].n; k++) {
            for (int d = -1; d <= 1; d++) {
                if (of[i].period[k].from + d >= 0)
                    look(x, known, of, of[i].period[k].from + d);
                if (of[i].period[k].to + d < DAYS)
                    look(x, known, of, of[i].period[k].to + d);
            }
        }
    }
    for (int i = 0; i < 20; i++)
        look(x, known, of, below(&x->r, DAYS));
    x->t->w.asof.known = KNOWN_NOW;
}

static int period_at(const struct naive *n, const struct insured_period *p)
{
    const int from = p->valid.from.day - first_day().day;
    for (int i = 0; i < n->n; i++) {
        if (n->period[i].from == from)
            return i;
    }
    return -1;
}

static int open_at(const struct naive *n)
{
    for (int i = 0; i < n->n; i++) {
        if (n->period[i].to > DAYS)
            return i;
    }
    return -1;
}

static const struct {
    int reason, days;
} gains[] = {{ACQUIRED_MOVE_IN, 0},
             {ACQUIRED_LEFT_EMPLOYER, 0},
             {ACQUIRED_LEFT_SOCIETY, 0},
             {ACQUIRED_ASSISTANCE_END, 0},
             {ACQUIRED_OTHER, 0}},
  losses[] = {{LOST_MOVE_OUT, 1},
              {LOST_EMPLOYER, 1},
              {LOST_SOCIETY, 0},
              {LOST_ASSISTANCE, 0},
              {LOST_OTHER, 1}};

/* One line for person i, and what it makes of the naive picture when it is taken. */
static struct notification line_for(struct trial *x, int i, struct naive *after)
{
    struct notification n = notice_of(&x->h, "2026-06-15");
    const struct insured_periods known = periods_of(x->t, x->person[i]);
    const int what = below(&x->r, 10), day = below(&x->r, DAYS), which = below(&x->r, 5);
    struct cover_change *c = NULL;

    *after = x->now[i];
    n.why = STR("試験");
    if (what < 4 || known.n == 0) {
        c = line_of(&n, CHANGE_ACQUIRE, x->person[i]);
        c->acquired_by = gains[which].reason;
        c->acquired = ymd_add(first_day(), day);
        after->period[after->n++] =
            (struct naive_period){.from = day + gains[which].days, .to = DAYS * 2};
        return n;
    }
    if (what < 7) {
        const int open = open_at(after);
        c = line_of(&n, CHANGE_LOSE, x->person[i]);
        c->lost_by = losses[which].reason;
        c->lost = ymd_add(first_day(), day);
        if (open >= 0)
            after->period[open].to = day + losses[which].days;
        return n;
    }
    const struct insured_period *p = &known.rows[below(&x->r, (int)known.n)];
    const int at = period_at(after, p);
    assert_true(at >= 0);
    c = line_of(&n,
                what == 7   ? CHANGE_CORRECT
                : what == 8 ? CHANGE_CANCEL
                            : CHANGE_RESUME,
                x->person[i]);
    c->row_id = p->row_id;
    if (what == 7) {
        c->acquired_by = gains[which].reason;
        c->acquired = ymd_add(first_day(), day);
        after->period[at].from = day + gains[which].days;
    } else if (what == 8) {
        after->period[at] = after->period[--after->n];
    } else {
        after->period[at].to = DAYS * 2;
    }
    return n;
}

static void step(struct trial *x)
{
    const int i = below(&x->r, PEOPLE);
    struct naive after;
    struct notification n = line_for(x, i, &after);
    struct notification_plan plan;
    int64_t no = 0;

    TOWN_OK(x->t, notification_plan(&x->t->w, &n, &plan));
    const int result = notification_enter(&x->t->w, &n, &no);
    assert_int_equal(result == OK, plan.is_clean); /* what is planned is what is entered */
    if (result < 0) {
        assert_int_equal(result, ERR_INVALID);
        error_clear(&x->t->w.cx);
        return;
    }
    x->taken++;
    x->now[i] = after;
    assert_true(naive_is_sound(&after)); /* nothing was taken that makes two covers of a day */
    assert_true(after.n < MOST);
    if (x->taken % 5 == 0 && x->n_saved < SAVED) {
        struct saved *s = &x->saved[x->n_saved++];
        TOWN_OK(x->t, event_last(&x->t->w.cx, x->t->w.store, &s->known));
        memcpy(s->of, x->now, sizeof(s->of));
    }
}

static void free_of_checks(struct town *t)
{
    TOWN_OK(t, setting_set(&t->w, "check.eligibility.correction", STR("0"), STR("試験")));
}

static void run_trial(struct town *t, uint64_t seed, struct digest *digest)
{
    struct trial x = {.t = t, .h = settle(t), .r = {seed}};

    print_message("# seed %llu\n", (unsigned long long)seed);
    free_of_checks(t);
    x.person[0] = x.h.mother;
    x.person[1] = x.h.child;
    x.person[2] = x.h.father;
    for (int i = 0; i < STEPS; i++)
        step(&x);
    print_message("# %d of %d taken\n", x.taken, STEPS);
    assert_true(x.taken > STEPS / 8);
    look_everywhere(&x, KNOWN_NOW, x.now);
    for (int i = 0; i < x.n_saved; i++)
        look_everywhere(&x, x.saved[i].known, x.saved[i].of);
    TOWN_OK(t, store_state_digest(&t->w.cx, t->w.store, digest));
}

/* The first engine leaves its digest for the second. */
static void trial_with(struct town *t, uint64_t seed, int slot)
{
    static struct digest left[4];
    static bool is_left[4];
    struct digest d;

    run_trial(t, seed, &d);
    if (is_left[slot])
        assert_memory_equal(&left[slot], &d, sizeof d);
    left[slot] = d;
    is_left[slot] = true;
}

static void test_first(void **state)
{
    trial_with(*state, 20261127, 0);
}

static void test_second(void **state)
{
    trial_with(*state, 8, 1);
}

static void test_third(void **state)
{
    trial_with(*state, 116, 2);
}

int main(void)
{
    residents_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("random notifications answer for every day as counted by hand, seed 1 "
                   "[NHI-ELG-002 NHI-CMN-016]",
                   test_first),
        TOWN_TESTS("random notifications, seed 2 [NHI-ELG-002]", test_second),
        TOWN_TESTS("random notifications, seed 3 [NHI-ELG-002]", test_third),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
