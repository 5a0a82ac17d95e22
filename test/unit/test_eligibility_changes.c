/* The daily file of resident changes: order, refusals, facts, corrections, pending changes. */
#include "lists.h"
#include "register_town.h"
#include "residents.h"

static const char head[] =
    "異動通番,異動日,届出日,異動事由,住民区分,訂正する通番,宛名番号,異動前世帯番号,異動後世帯番号,"
    "続柄,氏名,フリガナ,本名,生年月日,性別,死亡日,国籍,在留資格,在留期間満了日,郵便番号,"
    "市区町村コード,都道府県,市区町村名,町字コード,町字,番地号,方書,相手市区町村コード,"
    "相手都道府県,相手市区町村名,同日転入\r\n";

struct change_of { /* what a test says; the rest is the same */
    int sequence;
    const char *day, *kind, *no, *before, *after, *relation, *name, *birth, *town;
    int corrects;
    const char *death, *same_day, *nationality, *until, *sort;
};

static void add(struct text *t, struct change_of c)
{
    char corrects[16] = "";
    if (c.corrects)
        snprintf(corrects, sizeof corrects, "%d", c.corrects);
    (void)text_addf(t,
                    "%d,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,テスト,,%s,1,%s,%s,%s,%s,0000011,992011,"
                    "架空県,保険市,0001001,%s,1-2,,131041,東京都,新宿区,%s\r\n",
                    c.sequence, c.day, c.day, c.kind, c.sort ? c.sort : "resident", corrects, c.no,
                    c.before ? c.before : "", c.after ? c.after : "",
                    c.relation ? c.relation
                    : c.after  ? "01"
                               : "",
                    c.name ? c.name : "試験　人", c.birth ? c.birth : "1980-01-01",
                    c.death ? c.death : "", c.nationality ? c.nationality : "",
                    c.nationality ? "留学" : "", c.until ? c.until : "", c.town ? c.town : "本町",
                    c.same_day ? c.same_day : "");
}

static int take(struct town *t, const struct change_of *c, size_t n, const char *control,
                const char *more)
{
    static int files;
    struct text body;
    int64_t job = 0;
    const struct str path = str_format(t->w.cx.arena, "%s/changes%d.csv", t->path, files++);
    text_init(&body, 1 << 20);
    (void)text_adds(&body, head);
    for (size_t i = 0; i < n; i++)
        add(&body, c[i]);
    (void)text_adds(&body, control);
    TOWN_OK(t, file_write(&t->w.cx, path.p, text_str(&body)));
    text_release(&body);
    return job_run(&t->w, "import-resident-changes",
                   str_format(t->w.cx.arena, "path=" STR_FMT "%s", STR_ARG(path), more), &job);
}
#define TAKE(t, ...)                                                                               \
    do {                                                                                           \
        const struct change_of taken[] = {__VA_ARGS__};                                            \
        TOWN_OK((t), take((t), taken, sizeof(taken) / sizeof(taken[0]), "", ""));                  \
    } while (0)

static int64_t known_id(struct town *t, const char *no)
{
    int64_t id = 0;
    return TOWN_OK(t, party_person_by_no(&t->w, str_of(no), &id)) ? id : 0;
}

static struct person person_on(struct town *t, const char *no, const char *day)
{
    struct person p;
    t->w.asof.valid = day_of(day);
    TOWN_OK(t, party_person(&t->w, known_id(t, no), &p));
    t->w.asof.valid = t->w.today;
    return p;
}

static struct pendings pendings_of(struct town *t, const char *no)
{
    struct pendings p;
    const struct pending_query q = {.person_id = known_id(t, no), .open_only = true, .limit = 20};
    TOWN_OK(t, pending_find(&t->w, &q, &p));
    return p;
}

static void insure(struct town *t, const char *no, const char *household, const char *from)
{
    int64_t home = 0;
    TOWN_OK(t, party_household_by_no(&t->w, str_of(household), &home));
    struct feed f = feed_begin(t, "party.initial", home);
    const int64_t id = known_id(t, no);
    add_number(&f, home, "00000900", from);
    (void)add_period(&f, id, (struct insured){from, NULL, NULL, ACQUIRED_MOVE_IN, 0});
    feed_end(&f);
}

#define ANN    "0500000001"
#define BEN    "0500000002"
#define HOME   "050000001"
#define HOME_2 "050000002"

static void arrive(struct town *t)
{
    TAKE(t, {.sequence = 1, .day = "2026-06-01", .kind = "move_in", .no = ANN, .after = HOME},
         {.sequence = 2,
          .day = "2026-06-01",
          .kind = "move_in",
          .no = BEN,
          .after = HOME,
          .relation = "04",
          .birth = "2015-05-05"});
}

static void test_arrival(void **state)
{
    struct town *t = *state;
    arrive(t);
    const struct person before = person_on(t, ANN, "2026-05-31"),
                        ann = person_on(t, ANN, "2026-06-01"),
                        ben = person_on(t, BEN, "2026-06-15");
    assert_false(before.is_resident);
    assert_true(ann.is_resident && ann.is_head && str_is(ann.household_no, HOME));
    assert_true(str_is(ben.head_name, "試験　人") && str_is(ben.address, "保険市本町1-2"));
    const struct pendings p = pendings_of(t, BEN);
    assert_int_equal(p.n, 1);
    assert_int_equal(p.rows[0].kind, PENDING_MOVE_IN);
    assert_int_equal(ymd_compare(p.rows[0].cause, day_of("2026-06-01")), 0);
    assert_true(str_is(p.rows[0].source, "register"));
}

static void test_order(void **state)
{
    struct town *t = *state;
    arrive(t);
    const struct change_of gap = {.sequence = 4,
                                  .day = "2026-06-02",
                                  .kind = "moved",
                                  .no = ANN,
                                  .before = HOME,
                                  .after = HOME};
    struct change_of again = gap, three = gap;
    again.sequence = 2;
    three.sequence = 3;
    town_refused(t, take(t, &gap, 1, "", ""), ERR_INVALID, "eligibility.change.gap");
    town_refused(t, take(t, &again, 1, "", " mode=lines"), ERR_INVALID,
                 "eligibility.change.repeated");
    const struct change_of turned[] = {gap, three}; /* the file's order does not matter */
    TOWN_OK(t, take(t, turned, 2, "", ""));
    town_refused(t, take(t, turned, 2, "", ""), ERR_DUPLICATE, "party.import.seen");
}

static void test_refusals(void **state)
{
    struct town *t = *state;
    static const struct change_of bad[] = {
        {.sequence = 1,
         .day = "2026-06-01",
         .kind = "move_in",
         .no = ANN,
         .after = HOME,
         .sort = "nonresident"},
        {.sequence = 1,
         .day = "2026-06-01",
         .kind = "moved",
         .no = ANN,
         .before = HOME,
         .after = HOME},
        {.sequence = 1, .day = "2026-06-01", .kind = "fire", .no = ANN, .after = HOME},
        {.sequence = 1, .day = "2026-07-01", .kind = "move_in", .no = ANN, .after = HOME},
        {.sequence = 1, .day = "2026-06-01", .kind = "birth", .no = ANN, .after = HOME},
        {.sequence = 1, .day = "2026-06-01", .kind = "move_in", .no = ANN},
        {.sequence = 1, .day = "2026-06-01", .kind = "death", .no = ANN, .before = HOME}};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        town_refused(t, take(t, &bad[i], 1, "", ""), ERR_INVALID, "party.import.refused");
    assert_int_equal(known_id(t, ANN), 0);
    const struct change_of good = {
        .sequence = 1, .day = "2026-06-01", .kind = "move_in", .no = ANN, .after = HOME};
    town_refused(t, take(t, &good, 1, "CONTROL,1,異動事由:birth=1\r\n", ""), ERR_INVALID,
                 "party.import.control");
    TOWN_OK(t, take(t, &good, 1, "CONTROL,1,異動事由:move_in=1\r\n", ""));
}

/* In lines mode the bad line keeps its place in the sequence, with its reason. */
static void test_lines(void **state)
{
    struct town *t = *state;
    const struct change_of two[] = {
        {.sequence = 1,
         .day = "2026-06-01",
         .kind = "move_in",
         .no = ANN,
         .after = HOME,
         .sort = "nonresident"},
        {.sequence = 2, .day = "2026-06-01", .kind = "move_in", .no = BEN, .after = HOME}};
    TOWN_OK(t, take(t, two, 2, "", " mode=lines"));
    assert_int_equal(known_id(t, ANN), 0);
    assert_true(known_id(t, BEN) > 0);
    TAKE(t, {.sequence = 3,
             .day = "2026-06-02",
             .kind = "move_in",
             .no = ANN,
             .after = HOME,
             .relation = "99"});
    assert_true(known_id(t, ANN) > 0);
}

static void test_shape(void **state)
{
    struct town *t = *state;
    static const char *const bodies[] = {
        "\xEF\xBB\xBF異動通番,血液型\n1,A\n", /* BOM, no final newline, an unknown field */
        "", "異動通番,異動日\n1,2026-06-01", "異動通番\xff,\n"};
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        int64_t job = 0;
        const struct str path = str_format(t->w.cx.arena, "%s/shape.csv", t->path);
        TOWN_OK(t, file_write(&t->w.cx, path.p, str_of(bodies[i])));
        const int rc = job_run(&t->w, "import-resident-changes",
                               str_format(t->w.cx.arena, "path=%s mode=lines", path.p), &job);
        town_refused(t, rc, ERR_INVALID, "party.import.refused");
    }
    struct text body; /* a line with a field too many refuses the file, whatever the mode */
    int64_t job = 0;
    const struct str path = str_format(t->w.cx.arena, "%s/fields.csv", t->path);
    text_init(&body, 1 << 16);
    (void)text_adds(&body, head);
    add(&body,
        (struct change_of){
            .sequence = 1, .day = "2026-06-01", .kind = "move_in", .no = ANN, .after = HOME});
    (void)text_adds(&body, "2,2026-06-01\r\n");
    TOWN_OK(t, file_write(&t->w.cx, path.p, text_str(&body)));
    text_release(&body);
    town_refused(t,
                 job_run(&t->w, "import-resident-changes",
                         str_format(t->w.cx.arena, "path=%s mode=lines", path.p), &job),
                 ERR_INVALID, "party.import.refused");
    assert_int_equal(known_id(t, ANN), 0);
}

static void test_leaving(void **state)
{
    struct town *t = *state;
    arrive(t);
    insure(t, ANN, HOME, "2026-06-01");
    TAKE(t, {.sequence = 3, .day = "2026-06-10", .kind = "move_out", .no = ANN, .before = HOME},
         {.sequence = 4,
          .day = "2026-06-11",
          .kind = "head",
          .no = BEN,
          .before = HOME,
          .after = HOME,
          .relation = "01",
          .birth = "2015-05-05"});
    assert_true(person_on(t, ANN, "2026-06-10").is_resident);
    const struct person gone = person_on(t, ANN, "2026-06-11");
    assert_false(gone.is_resident);
    assert_true(str_is(gone.ended_by, "move_out"));
    assert_false(person_on(t, BEN, "2026-06-10").is_head);
    assert_true(person_on(t, BEN, "2026-06-11").is_head);
    const struct pendings p = pendings_of(t, ANN);
    assert_int_equal(p.n, 2); /* coming and going */
    assert_int_equal(p.rows[1].kind, PENDING_MOVE_OUT);
    /* a day earlier, the register finds: the pending change is withdrawn and opened anew */
    TAKE(t, {.sequence = 5, .day = "2026-06-09", .kind = "correction", .no = ANN, .corrects = 3});
    assert_true(person_on(t, ANN, "2026-06-09").is_resident);
    assert_false(person_on(t, ANN, "2026-06-10").is_resident);
    const struct pendings again = pendings_of(t, ANN);
    assert_int_equal(again.n, 2);
    assert_int_equal(again.rows[1].kind, PENDING_MOVE_OUT);
    assert_int_equal(ymd_compare(again.rows[1].cause, day_of("2026-06-09")), 0);
    /* he never left at all: the line is named by its own number, its day is the corrected one */
    TAKE(t, {.sequence = 6,
             .day = "2026-06-09",
             .kind = "cancel",
             .no = ANN,
             .before = HOME,
             .after = HOME,
             .corrects = 3});
    assert_true(person_on(t, ANN, "2026-06-11").is_resident);
    assert_int_equal(pendings_of(t, ANN).n, 1);
}

static void test_taken_back(void **state)
{
    struct town *t = *state;
    arrive(t);
    insure(t, ANN, HOME, "2026-06-01");
    TAKE(t, {.sequence = 3,
             .day = "2026-06-10",
             .kind = "move_out",
             .no = ANN,
             .before = HOME,
             .same_day = "1"});
    assert_false(person_on(t, ANN, "2026-06-10").is_resident);
    TAKE(t, {.sequence = 4,
             .day = "2026-06-10",
             .kind = "cancel",
             .no = ANN,
             .before = HOME,
             .after = HOME,
             .corrects = 3});
    const struct person back = person_on(t, ANN, "2026-06-12");
    assert_true(back.is_resident && str_is(back.household_no, HOME));
    assert_int_equal(pendings_of(t, ANN).n, 1); /* only that he had come */
    const struct change_of stranger = {
        .sequence = 5, .day = "2026-06-10", .kind = "cancel", .no = BEN, .corrects = 3};
    town_refused(t, take(t, &stranger, 1, "", ""), ERR_INVALID,
                 "eligibility.change.corrects_unknown");
}

/* A split told after a later change of address: the earlier day is put in before it. */
static void test_retroactive(void **state)
{
    struct town *t = *state;
    arrive(t);
    insure(t, BEN, HOME, "2026-06-01");
    TAKE(t,
         {.sequence = 3,
          .day = "2026-06-12",
          .kind = "name",
          .no = BEN,
          .before = HOME,
          .after = HOME,
          .relation = "04",
          .name = "新　人",
          .birth = "2015-05-05"},
         {.sequence = 4,
          .day = "2026-06-05",
          .kind = "split",
          .no = BEN,
          .before = HOME,
          .after = HOME_2,
          .name = "新　人",
          .birth = "2015-05-05",
          .town = "緑町"});
    assert_true(str_is(person_on(t, BEN, "2026-06-04").household_no, HOME));
    assert_true(str_is(person_on(t, BEN, "2026-06-05").household_no, HOME_2));
    assert_true(str_is(person_on(t, BEN, "2026-06-11").name, "試験　人"));
    assert_true(str_is(person_on(t, BEN, "2026-06-12").name, "新　人"));
    assert_true(str_is(person_on(t, BEN, "2026-06-12").address, "保険市緑町1-2"));
    const struct pendings p = pendings_of(t, BEN);
    assert_int_equal(p.n, 3);
    assert_int_equal(p.rows[1].kind, PENDING_HOUSEHOLD);
    assert_int_equal(p.rows[2].kind, PENDING_CORRECTION);
}

/* The list of the month: every change of an insured household, and what became of it. */
static void test_list(void **state)
{
    struct town *t = *state;
    struct change_of move = {.sequence = 3,
                             .day = "2026-06-05",
                             .kind = "moved",
                             .no = BEN,
                             .before = HOME,
                             .after = HOME,
                             .relation = "04",
                             .birth = "2015-05-05",
                             .town = "緑町"};
    arrive(t);
    insure(t, ANN, HOME, "2026-06-01");
    const struct pendings ann = pendings_of(t, ANN);
    TOWN_OK(t, take(t, &move, 1, "", ""));
    /* another household, nobody of it insured: a change of name there is no concern of ours */
    TAKE(t,
         {.sequence = 4,
          .day = "2026-06-06",
          .kind = "move_in",
          .no = "0500000009",
          .after = "050000009"},
         {.sequence = 5,
          .day = "2026-06-07",
          .kind = "name",
          .no = "0500000009",
          .before = "050000009",
          .after = "050000009",
          .name = "新　名"});
    TOWN_OK(t, pending_close(&t->w, ann.rows[0].pending_id, PENDING_NO_EFFECT, STR("社保のまま")));
    const size_t rows = list_of(t, "eligibility", "resident_changes", "2026-06");
    assert_int_equal(rows, 4); /* two came, one moved, one came elsewhere; not the name */
    const int came = row_with(rows, 5, ANN), moved = row_with(rows, 1, "moved");
    assert_true(came >= 0 && moved >= 0);
    assert_int_equal(code((size_t)came, 3), PENDING_NO_EFFECT);
    assert_true(str_is(cell((size_t)came, 4), "社保のまま"));
    assert_true(str_is(cell((size_t)moved, 5), BEN));
    assert_true(code((size_t)moved, 3) == PENDING_OPEN || code((size_t)moved, 3) == 5);
    assert_int_equal(list_of(t, "eligibility", "resident_changes", "2026-05"), 0);
}

/* Stopped before the commit, nothing is there; run again, everything is, once. */
static void test_stopped(void **state)
{
    struct town *t = *state;
    const struct change_of one = {
        .sequence = 1, .day = "2026-06-01", .kind = "move_in", .no = ANN, .after = HOME};
    assert_true(fault_arm("party.import.before_commit:1"));
    town_refused(t, take(t, &one, 1, "", ""), ERR_FAULT, "base.fault");
    (void)fault_arm(NULL);
    assert_int_equal(known_id(t, ANN), 0);
    TOWN_OK(t, take(t, &one, 1, "", ""));
    assert_int_equal(pendings_of(t, ANN).n, 1);
}

int main(void)
{
    register_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("a registered arrival is a pending change without a second form [NHI-ELG-013]",
                   test_arrival),
        TOWN_TESTS("in the register's order, each change once; a gap is named [RES-002]",
                   test_order),
        TOWN_TESTS("who is no resident or not known by number is rejected [RES-003 ADR-008]",
                   test_refusals),
        TOWN_TESTS("a line that is not taken keeps its place", test_lines),
        TOWN_TESTS("a file of another shape fails as a whole [INT-007]", test_shape),
        TOWN_TESTS("leaving, and leaving on another day [RES-001]", test_leaving),
        TOWN_TESTS("what never was is taken back", test_taken_back),
        TOWN_TESTS("a change told late is put in at its day", test_retroactive),
        TOWN_TESTS("every change of an insured household is listed with its state [NHI-ELG-042]",
                   test_list),
        TOWN_TESTS("stopped before the commit and run again [F3]", test_stopped),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
