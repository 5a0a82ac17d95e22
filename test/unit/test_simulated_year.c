/*
 * A year of a city: the register lives, its daily files come in, employers and the late-stage
 * office tell what they know, a clerk settles every pending change; then every day of every person
 * is compared with what follows from the lives themselves, counted here without the desks' code.
 */
#include "register_town.h"

enum { PEOPLE = 400, DAYS = 365, PACE = 4, SOULS = 6000, COVERS = 6, SEED = 11 };

struct soul { /* by the register's index */
    struct span elsewhere[COVERS];
    size_t n;
    bool is_told_75;
};
struct world {
    struct town *t;
    struct register_office *r;
    struct ymd first, today;
    struct soul soul[SOULS];
    size_t n;
    struct prng prng;
    int64_t files, notifications, closed, acquisitions, losses;
};
static struct digest digests[2];
static bool is_lived[2];

/* --- what follows from the lives -----------------------------------------------------------------
 */

static bool is_elsewhere(const struct soul *s, struct ymd day)
{
    for (size_t i = 0; i < s->n; i++) {
        if (span_holds(s->elsewhere[i], day))
            return true;
    }
    return false;
}

static bool should_be_insured(const struct soul *s, const struct register_resident *p,
                              struct ymd day)
{
    const struct span here = {p->from, p->to};
    return span_holds(here, day) && ymd_compare(day, birthday(p->birth, 75)) < 0 &&
           !is_elsewhere(s, day);
}

static int64_t id_of(struct world *w, size_t i)
{
    const struct register_resident *rows = NULL;
    int64_t id = 0;
    (void)register_residents(w->r, &rows);
    TOWN_OK(w->t, party_ids_by_no(&w->t->w, &rows[i].person_no, 1, &id));
    return id;
}

static size_t soul_of(struct world *w, int64_t person_id)
{
    const struct register_resident *rows = NULL;
    const size_t n = register_residents(w->r, &rows);
    struct person p;
    TOWN_OK(w->t, party_person(&w->t->w, person_id, &p));
    for (size_t i = n; i > 0; i--) {
        if (str_equal(rows[i - 1].person_no, p.person_no))
            return i - 1;
    }
    fail_msg("nobody has that number in the register");
    return 0;
}

/* --- files
 * ---------------------------------------------------------------------------------------- */

static void take_file(struct world *w, const char *job, const struct text *body)
{
    struct town *t = w->t;
    int64_t id = 0;
    const struct str path =
        str_format(t->w.cx.arena, "%s/%s%lld.csv", t->path, job, (long long)w->files++);
    TOWN_OK(t, file_write(&t->w.cx, path.p, text_str(body)));
    TOWN_OK(t, job_run(&t->w, job, str_format(t->w.cx.arena, "path=%s", path.p), &id));
}

static void take_changes(struct world *w)
{
    struct text body;
    int64_t lines = 0;
    text_init(&body, 8 << 20);
    TOWN_OK(w->t, register_live(w->r, w->today));
    TOWN_OK(w->t, register_changes(w->r, w->today, &body, &lines));
    if (lines > 0 || w->today.day % 30 == 0) /* an empty day is a file too */
        take_file(w, "import-resident-changes", &body);
    text_release(&body);
}

static bool has_pending(struct world *w, size_t i)
{
    struct pendings p;
    const struct pending_query q = {.person_id = id_of(w, i), .open_only = true, .limit = 1};
    TOWN_OK(w->t, pending_find(&w->t->w, &q, &p));
    return p.n > 0;
}

/* Four in nine who come are covered by an employer; a child nobody was told of is somebody's
 * dependant. */
static void meet_newcomers(struct world *w)
{
    const struct register_resident *rows = NULL;
    const size_t n = register_residents(w->r, &rows);
    assert_true(n < SOULS);
    for (; w->n < n; w->n++) {
        struct soul *s = &w->soul[w->n];
        const struct register_resident *p = &rows[w->n];
        const bool is_baby = ymd_compare(p->birth, p->from) == 0;
        if (is_baby ? !has_pending(w, w->n) : (p->person_no.p[9] - '0') % 9 < 4)
            s->elsewhere[s->n++] = (struct span){ymd_of(1900, 1, 1), YMD_NONE};
    }
}

/* --- the clerk
 * -------------------------------------------------------------------------------------- */

static struct str word(struct str detail, const char *name)
{
    while (detail.n > 0) {
        struct str value = str_cut(&detail, ' ');
        const struct str key = str_cut(&value, '=');
        if (str_is(key, "was") && strcmp(name, "was") == 0)
            return value;
        if (str_equal(key, str_of(name)))
            return value;
    }
    return STR("");
}

static bool has_row(const struct notification *n, int64_t person_id)
{
    for (size_t i = 0; i < n->n; i++) {
        if (n->row[i].person_id == person_id && n->row[i].kind != CHANGE_HOUSEHOLD)
            return true;
    }
    return false;
}

static struct cover_change row_of(const struct pending *p, enum change_kind kind,
                                  const struct insured_period *d)
{
    return (struct cover_change){.kind = kind,
                                 .person_id = p->person_id,
                                 .row_id = d ? d->row_id : 0,
                                 .acquired_by = d ? (int)d->acquired_by : 0,
                                 .acquired = d ? d->acquired_cause : YMD_NONE,
                                 .lost_by = d ? d->lost_by : 0,
                                 .lost = d && d->lost_by ? d->lost_cause : YMD_NONE,
                                 .prefecture_acquired = YMD_NONE,
                                 .insurer = STR("")};
}

/* He left or died before what stands now ended: that end is put right, or the period was none. */
static void loss_again(struct notification *n, const struct pending *p,
                       const struct insured_period *d)
{
    const bool same_day = str_is(word(p->detail, "same_day"), "1");
    const struct ymd end = same_day ? p->cause : ymd_add(p->cause, 1);
    if (!ymd_is_none(d->valid.to) && ymd_compare(d->valid.to, end) <= 0)
        return;
    if (ymd_compare(d->valid.from, end) >= 0) {
        n->row[n->n++] = row_of(p, CHANGE_CANCEL, d);
        return;
    }
    struct cover_change c = row_of(p, CHANGE_CORRECT, d);
    c.lost_by = p->kind == PENDING_DEATH ? LOST_DEATH : LOST_MOVE_OUT;
    c.lost = p->cause;
    c.is_same_day = same_day;
    n->row[n->n++] = c;
}

static void correction(struct notification *n, const struct pending *p,
                       const struct insured_period *d)
{
    struct ymd on = YMD_NONE;
    const bool came = str_is(word(p->detail, "was"), "move_in");
    if (!ymd_parse(word(p->detail, "on"), &on))
        return; /* a name */
    if (ymd_compare(came ? d->acquired_cause : d->lost_by ? d->lost_cause : YMD_NONE, on) != 0)
        return;
    if (str_is(word(p->detail, "change"), "cancel")) {
        n->row[n->n++] = row_of(p, CHANGE_RESUME, d);
        return;
    }
    struct cover_change c = row_of(p, CHANGE_CORRECT, d);
    c.is_same_day = d->lost_by && ymd_compare(d->valid.to, d->lost_cause) == 0;
    *(came ? &c.acquired : &c.lost) = p->cause;
    n->row[n->n++] = c;
}

/* What the proposal leaves to the clerk. */
static void think(struct world *w, struct notification *n, const struct pending *p)
{
    struct insured_periods periods;
    TOWN_OK(w->t, eligibility_periods(&w->t->w, p->person_id, &periods));
    const struct insured_period *last = periods.n ? &periods.rows[periods.n - 1] : NULL;

    if (p->kind == PENDING_STAY && str_is(word(p->detail, "change"), "status") && !last) {
        struct cover_change c = row_of(p, CHANGE_ACQUIRE, NULL);
        c.acquired_by = ACQUIRED_STAY_STATUS;
        c.acquired = p->cause;
        n->row[n->n++] = c;
    }
    if (p->kind == PENDING_CORRECTION && last)
        correction(n, p, last);
    if ((p->kind == PENDING_MOVE_OUT || p->kind == PENDING_DEATH) && last) {
        size_t kept = 0;
        if (last->lost_by == 0 && ymd_compare(last->valid.from, p->cause) <= 0)
            return; /* the proposal has it */
        for (size_t i = 0; i < n->n; i++) {
            if (n->row[i].person_id != p->person_id)
                n->row[kept++] = n->row[i];
        }
        n->n = kept;
        loss_again(n, p, last);
    }
}

static void drop_covered(struct world *w, struct notification *n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n->n; i++) {
        const struct cover_change *c = &n->row[i];
        if (c->kind == CHANGE_ACQUIRE &&
            is_elsewhere(&w->soul[soul_of(w, c->person_id)], c->acquired))
            continue;
        w->acquisitions += c->kind == CHANGE_ACQUIRE;
        w->losses += c->kind == CHANGE_LOSE;
        n->row[kept++] = *c;
    }
    n->n = kept;
}

static void settle(struct world *w, const struct pending *first)
{
    struct town *t = w->t;
    struct notification n;
    int64_t event_no = 0;
    TOWN_OK(t, pending_proposal(&t->w, first, &n));
    for (size_t i = 0; i < n.n_settles; i++) {
        struct pending p;
        TOWN_OK(t, pending_by_id(&t->w, n.settles[i], &p));
        if (n.n < NOTIFICATION_CHANGES_MAX &&
            (!has_row(&n, p.person_id) || p.kind == PENDING_MOVE_OUT || p.kind == PENDING_DEATH))
            think(w, &n, &p);
    }
    drop_covered(w, &n);
    n.why = STR("simulated year");
    if (n.n > 0) {
        assert_int_equal(TOWN_OK(t, notification_enter(&t->w, &n, &event_no)), 0);
        w->notifications++;
        return;
    }
    for (size_t i = 0; i < n.n_settles; i++)
        TOWN_OK(t, pending_close(&t->w, n.settles[i], PENDING_NO_EFFECT, STR("nothing to do")));
    w->closed += (int64_t)n.n_settles;
}

static void clerk(struct world *w)
{
    const struct pending_query q = {.open_only = true, .limit = 1};
    for (int guard = 0; guard < 1000; guard++) {
        const struct arena_mark mark = arena_mark(w->t->w.cx.arena);
        struct pendings p;
        TOWN_OK(w->t, pending_find(&w->t->w, &q, &p));
        if (p.n == 0)
            return;
        settle(w, &p.rows[0]);
        arena_rewind(w->t->w.cx.arena, mark);
    }
    fail_msg("a pending change stays open");
}

/* --- the others
 * ---------------------------------------------------------------------------------------- */

static void cover_line(struct text *body, struct str no, const char *kind, const char *change,
                       struct ymd day)
{
    char d[11];
    ymd_format(day, d);
    (void)text_addf(body, STR_FMT ",%s,%s,%s,%s,,\r\n", STR_ARG(no), kind, change, d,
                    strcmp(kind, "late_stage") == 0 ? "age" : "");
}

/* Yesterday somebody began, or ended, to work for an employer. */
static bool employer_line(struct world *w, struct text *body)
{
    const struct register_resident *rows = NULL;
    const size_t n = register_residents(w->r, &rows), i = (size_t)prng_below(&w->prng, n);
    const struct register_resident *p = &rows[i];
    struct soul *s = &w->soul[i];
    const struct ymd day = ymd_add(w->today, -1);
    const int age = age_on(p->birth, day);
    struct span *last = s->n ? &s->elsewhere[s->n - 1] : NULL;

    if (!ymd_is_none(p->to) || p->nationality.n || age < 20 || age > 64 ||
        ymd_compare(p->from, ymd_add(day, -40)) > 0 || s->n == COVERS || i < 2)
        return false;
    if (should_be_insured(s, p, day)) {
        if (last && ymd_compare(last->to, ymd_add(day, -40)) > 0)
            return false;
        s->elsewhere[s->n++] = (struct span){ymd_add(day, 1), YMD_NONE};
        cover_line(body, p->person_no, "employee", "start", day);
        return true;
    }
    if (!last || !ymd_is_none(last->to) || ymd_compare(last->from, ymd_add(day, -40)) > 0 ||
        p->person_no.p[1] != '5')
        return false; /* what covered the first residents is not known here */
    last->to = day;
    cover_line(body, p->person_no, "employee", "end", day);
    return true;
}

static void employers(struct world *w)
{
    struct text body;
    int lines = 0;
    text_init(&body, 1 << 20);
    (void)text_adds(&body, "宛名番号,区分,異動,異動日,事由,保険者,参照番号\r\n");
    for (int tries = 0; tries < 60 && lines < 3; tries++)
        lines += employer_line(w, &body);
    if (lines > 0)
        take_file(w, "import-employer", &body);
    text_release(&body);
}

static void birthdays(struct world *w)
{
    const struct register_resident *rows = NULL;
    const size_t n = register_residents(w->r, &rows);
    struct text body;
    int lines = 0;
    text_init(&body, 1 << 20);
    (void)text_adds(&body, "宛名番号,区分,異動,異動日,事由,保険者,参照番号\r\n");
    for (size_t i = 0; i < n; i++) {
        const struct ymd day = birthday(rows[i].birth, 75);
        if (w->soul[i].is_told_75 || !ymd_is_none(rows[i].to) || ymd_compare(day, w->today) > 0)
            continue;
        w->soul[i].is_told_75 = true;
        cover_line(&body, rows[i].person_no, "late_stage", "start", day);
        lines++;
    }
    if (lines > 0)
        take_file(w, "import-late-stage", &body);
    text_release(&body);
}

/* --- the year
 * --------------------------------------------------------------------------------------------- */

static void begin(struct world *w, struct town *t)
{
    const struct register_resident *rows = NULL;
    *w = (struct world){.t = t};
    prng_seed(&w->prng, SEED);
    register_town_fill(t, PEOPLE, SEED);
    for (int i = 0; i < 2; i++)
        TOWN_OK(t,
                setting_set(&t->w,
                            i ? "check.eligibility.correction" : "check.eligibility.notification",
                            STR("0"), STR("test")));
    w->r = register_town_open(t, "register.db", SEED, PACE);
    w->first = w->today = t->w.today;
    w->n = register_residents(w->r, &rows);
    for (size_t i = 0; i < w->n; i++) {
        const int64_t id = id_of(w, i);
        enum insured_state state;
        TOWN_OK(t, eligibility_states(&t->w, &id, 1, &state));
        if (state != INSURED)
            w->soul[i].elsewhere[w->soul[i].n++] = (struct span){ymd_of(1900, 1, 1), YMD_NONE};
    }
}

static void one_day(struct world *w)
{
    const struct arena_mark mark = arena_mark(w->t->w.cx.arena);
    w->today = ymd_add(w->today, 1);
    register_town_day(w->t, w->today);
    take_changes(w);
    meet_newcomers(w);
    clerk(w);
    birthdays(w);
    if (w->today.day % 7 == 0)
        employers(w);
    clerk(w);
    arena_rewind(w->t->w.cx.arena, mark);
}

static bool is_insured_on(const struct insured_periods *d, struct ymd day)
{
    for (size_t i = 0; i < d->n; i++) {
        if (span_holds(d->rows[i].valid, day))
            return true;
    }
    return false;
}

static int64_t days_that_differ(struct world *w, size_t i, int64_t *insured)
{
    const struct register_resident *rows = NULL;
    (void)register_residents(w->r, &rows);
    const struct arena_mark mark = arena_mark(w->t->w.cx.arena);
    const int64_t id = id_of(w, i);
    struct insured_periods d;
    int64_t differ = 0;
    TOWN_OK(w->t, eligibility_periods(&w->t->w, id, &d));
    for (struct ymd day = w->first; ymd_compare(day, w->today) <= 0; day = ymd_add(day, 1)) {
        const bool should = should_be_insured(&w->soul[i], &rows[i], day);
        if (should != is_insured_on(&d, day) && differ++ == 0) {
            char on[11];
            ymd_format(day, on);
            print_message("# " STR_FMT " on %s should be %d\n", STR_ARG(rows[i].person_no), on,
                          should);
        }
        *insured += should && ymd_compare(day, w->today) == 0;
    }
    arena_rewind(w->t->w.cx.arena, mark);
    return differ;
}

/* Whom the levy would charge today, counted from its own facts. */
static int64_t insured_for_levy(struct world *w)
{
    struct levy_facts f;
    const struct facts_request rq = {.fiscal_year = ymd_fiscal_year(w->today),
                                     .limit = 20000,
                                     .known = KNOWN_NOW};
    int64_t n = 0;
    TOWN_OK(w->t, eligibility_facts_load(&w->t->w, &rq, &f));
    assert_true(f.at_end);
    for (size_t i = 0; i < f.n_spans; i++) {
        const struct span s = {f.spans[i].acquired, f.spans[i].lost};
        n += span_holds(s, w->today);
    }
    return n;
}

static void compare_registers(struct world *w)
{
    struct text all;
    struct import_problem_list list;
    int64_t job = 0;
    const struct str path = str_format(w->t->w.cx.arena, "%s/all.csv", w->t->path);
    text_init(&all, 64 << 20);
    TOWN_OK(w->t, register_everybody(w->r, &all, NULL));
    TOWN_OK(w->t, file_write(&w->t->w.cx, path.p, text_str(&all)));
    text_release(&all);
    TOWN_OK(w->t, job_run(&w->t->w, "compare-residents",
                          str_format(w->t->w.cx.arena, "path=%s", path.p), &job));
    TOWN_OK(w->t, party_import_problems(&w->t->w, job, &list));
    for (size_t i = 0; i < list.n && i < 10; i++)
        print_message("# line %lld " STR_FMT " " STR_FMT " %s\n", (long long)list.rows[i].line,
                      STR_ARG(list.rows[i].field), STR_ARG(list.rows[i].value),
                      list.rows[i].reason);
    assert_int_equal(list.n, 0);
}

static void test_year(void **state)
{
    static struct world w;
    struct town *t = *state;
    const bool is_postgres = t->store->engine == STORE_POSTGRES;
    int64_t differ = 0, insured = 0;
    print_message("# seed %d\n", SEED);
    begin(&w, t);
    for (int i = 0; i < DAYS; i++)
        one_day(&w);
    for (size_t i = 0; i < w.n; i++)
        differ += days_that_differ(&w, i, &insured) > 0;
    print_message("# people %zu, insured %lld, notifications %lld, acquisitions %lld, losses %lld, "
                  "without effect %lld\n",
                  w.n, (long long)insured, (long long)w.notifications, (long long)w.acquisitions,
                  (long long)w.losses, (long long)w.closed);
    assert_int_equal(differ, 0);
    assert_int_equal(insured_for_levy(&w), insured);
    compare_registers(&w);
    assert_true(w.acquisitions > 20 && w.losses > 20);
    register_close(w.r);
    TOWN_OK(t, store_state_digest(&t->w.cx, t->w.store, &digests[is_postgres]));
    is_lived[is_postgres] = true;
    if (is_lived[0] && is_lived[1])
        assert_memory_equal(&digests[0], &digests[1], sizeof(digests[0]));
}

int main(void)
{
    register_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("a year without unexplained differences", test_year),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
