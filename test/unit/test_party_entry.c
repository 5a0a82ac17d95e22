/* What a clerk enters about people, through the pages' handlers and the second person's check. */
#include "residents.h"

#include <stdlib.h>
#include <string.h>

static const struct route *route_of(const char *pattern, enum method method)
{
    for (size_t i = 0; i < party_desk.n_routes; i++) {
        const struct route *r = &party_desk.routes[i];
        if (strcmp(r->pattern, pattern) == 0 && r->method == method)
            return r;
    }
    fail_msg("no route %s", pattern);
    return NULL;
}

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

/* fields: name, value, ..., NULL; asked as of now. The answer's status, < 0: refused. */
static int ask(struct town *t, enum method method, const char *pattern, const char *const *parts,
               const char *const *fields)
{
    struct request rq = {.method = method, .frame = &frame, .arena = t->w.cx.arena};
    int64_t last = 0;

    html_release(&answer.body);
    answer = (struct reply){.status = 200};
    html_init(&answer.body);
    for (int i = 0; parts[i]; i++)
        rq.part[i] = str_of(parts[i]);
    for (int i = 0; fields && fields[i]; i += 2)
        rq.form[rq.n_form++] = (struct pair){str_of(fields[i]), str_of(fields[i + 1])};
    if (method == METHOD_POST) {
        TOWN_OK(t, event_last(&t->w.cx, t->w.store, &last));
        rq.form[rq.n_form++] =
            (struct pair){STR("_read_at"), str_format(t->w.cx.arena, "%lld", (long long)last)};
    }
    const int result = route_of(pattern, method)->handler(&t->w, &rq, &answer);
    return result < 0 ? result : answer.status;
}

#define PARTS(...)  ((const char *const[]){__VA_ARGS__, NULL})
#define FIELDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static bool shows(const char *words)
{
    const struct str s = text_str(&answer.body.text);
    return memmem(s.p, s.n, words, strlen(words)) != NULL;
}

/* The number behind "/end/merge/" on the page. */
static const char *row_behind(struct town *t, const char *what)
{
    const char *link = strstr(text_str(&answer.body.text).p, what);
    assert_non_null(link);
    return str_format(t->w.cx.arena, "%lld", strtoll(link + strlen(what), NULL, 10)).p;
}

/* Sent by the clerk; the entry's number. */
static int64_t sent(struct town *t, int status)
{
    int64_t last = 0;
    if (status == 422) /* what the form says */
        print_message("# %.600s\n", strstr(text_str(&answer.body.text).p, "notice wrong"));
    assert_int_equal(TOWN_OK(t, status), 303);
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &last));
    return last;
}

static const struct actor second = {.user_id = 77,
                                    .user_name = {"second", 6},
                                    .full_name = {"second", 6},
                                    .branch = {"main", 4},
                                    .terminal = {"console", 7},
                                    .rights = UINT64_MAX};
static const struct actor first = {.user_id = 76,
                                   .user_name = {"first", 5},
                                   .full_name = {"first", 5},
                                   .branch = {"main", 4},
                                   .terminal = {"console", 7},
                                   .rights = UINT64_MAX};

static void checked(struct town *t, int64_t entry)
{
    t->w.actor = &second;
    TOWN_OK(t, office_check(&t->w, entry, true, STR("")));
    t->w.actor = &first;
}

static int64_t person(struct town *t, const char *no)
{
    int64_t id = 0;
    assert_int_equal(TOWN_OK(t, party_person_by_no(&t->w, str_of(no), &id)), 1);
    return id;
}

static void furnish(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t h = add_household(&f, "000000201", "本町一丁目", "２番３号", "2010-04-01");
    const int64_t a = add_person(&f, (struct who){"0000000011", "田中　次郎", "タナカ　ジロウ",
                                                  "1978-01-02", SEX_MALE});
    const int64_t b = add_person(&f, (struct who){"0000000012", "田中　由美", "タナカ　ユミ",
                                                  "1980-08-15", SEX_FEMALE});
    (void)add_person(&f, (struct who){"0000000013", "佐藤　一", "サトウ　ハジメ", "1950-05-05",
                                      SEX_MALE});

    add_member(&f, h, a, "01", "2010-04-01", NULL);
    add_member(&f, h, b, "03", "2010-04-01", NULL);
    feed_end(&f);
    t->w.actor = &first;
}

/* --- sending addresses ---------------------------------------------------------------------- */

static int sending(struct town *t, const char *business, const char *town, const char *from,
                   const char *to)
{
    return ask(t, METHOD_POST, "/party/person/{}/new/{}", PARTS("0000000011", "sending"),
               FIELDS("business", business, "postal_code", "１６０-００２３", "prefecture",
                      "東京都", "city", "新宿区", "town", town, "number", "１番", "from", from,
                      "to", to, "reason", "本人の申出"));
}

static void to_whom(struct town *t, const char *day, const char *business, struct addressee *out)
{
    const int64_t id = person(t, "0000000011");
    t->w.asof.valid = day_of(day);
    TOWN_OK(t, party_addressees(&t->w, &id, 1, str_of(business), out));
    t->w.asof.valid = t->w.today;
}

static void test_sending(void **state)
{
    struct town *t = *state;
    struct addressee to;

    furnish(t);
    const int64_t entry = sent(t, sending(t, "levy", "東町", "R8.6.15", ""));
    to_whom(t, "2026-06-15", "levy", &to);
    assert_false(to.is_sending); /* not before the second person's word */
    checked(t, entry);
    to_whom(t, "2026-06-15", "levy", &to);
    assert_true(to.is_sending && str_is(to.town, "東町") && str_is(to.postal_code, "1600023"));
    to_whom(t, "2026-06-14", "levy", &to);
    assert_false(to.is_sending);
    to_whom(t, "2026-06-15", "collection", &to);
    assert_false(to.is_sending);
    checked(t, sent(t, sending(t, "levy", "西町", "R8.7.1", "R8.8.1"))); /* takes its place */
    to_whom(t, "2026-06-30", "levy", &to);
    assert_true(str_is(to.town, "東町"));
    to_whom(t, "2026-07-01", "levy", &to);
    assert_true(str_is(to.town, "西町"));
    to_whom(t, "2026-08-01", "levy", &to); /* ended by its date */
    assert_false(to.is_sending);
    assert_int_equal(sending(t, "levy", "南町", "R8.6.20", ""), 422); /* another begins later */
    assert_int_equal(sending(t, "all", "南町", "R8.6.20", "R8.6.20"), 422);
}

/* --- guardians ------------------------------------------------------------------------------ */

static int agent(struct town *t, const char *no, const char *kind, const char *business,
                 const char *from)
{
    return ask(t, METHOD_POST, "/party/person/{}/new/{}", PARTS(no, "agent"),
               FIELDS("kind", kind, "business", business, "agent_no", "", "agent_name", "山田　司",
                      "postal_code", "1000001", "prefecture", "東京都", "city", "千代田区", "town",
                      "千代田", "number", "１", "document", "登記事項証明書", "document_day",
                      "R8.4.1", "takes_mail", "1", "from", from));
}

static void test_guardian(void **state)
{
    struct town *t = *state;
    struct addressee to;

    furnish(t);
    checked(t, sent(t, agent(t, "0000000011", "guardian", "levy", "R8.6.1")));
    to_whom(t, "2026-06-15", "levy", &to);
    assert_true(str_is(to.city, "千代田区") && str_is(to.name, "田中　次郎"));
    assert_non_null(memmem(to.care_of.p, to.care_of.n, "山田　司", strlen("山田　司")));
    to_whom(t, "2026-05-31", "levy", &to);
    assert_true(str_is(to.city, "保険市") && to.care_of.n == 0);
    to_whom(t, "2026-06-15", "benefit", &to);
    assert_int_equal(to.care_of.n, 0);
    assert_int_equal(agent(t, "0000000011", "heir", "all", "R8.6.1"), 422);   /* he lives */
    assert_int_equal(agent(t, "0000000011", "parent", "all", "R8.6.1"), 422); /* and is of age */
    assert_int_equal(ask(t, METHOD_GET, "/party/person/{}/details", PARTS("0000000011"), NULL),
                     200);
    const char *row = row_behind(t, "/end/agent/");
    checked(t, sent(t, ask(t, METHOD_POST, "/party/person/{}/end/{}/{}",
                           PARTS("0000000011", "agent", row),
                           FIELDS("day", "R8.6.10", "reason", "後見の終了"))));
    to_whom(t, "2026-06-09", "levy", &to);
    assert_true(to.care_of.n > 0);
    to_whom(t, "2026-06-10", "levy", &to);
    assert_int_equal(to.care_of.n, 0);
}

/* --- accounts ------------------------------------------------------------------------------- */

static int account(struct town *t, const char *purpose, const char *bank, const char *branch,
                   const char *number, const char *holder)
{
    return ask(t, METHOD_POST, "/party/person/{}/new/{}", PARTS("0000000011", "account"),
               FIELDS("business", str_is(str_of(purpose), "debit") ? "collection" : "benefit",
                      "purpose", purpose, "bank_code", bank, "branch_code", branch, "kind", "1",
                      "account_no", number, "holder", holder, "source", "form", "source_day",
                      "R8.6.1", "from", "R8.6.15"));
}

static void test_accounts(void **state)
{
    struct town *t = *state;
    struct account_fact a;

    furnish(t);
    const int64_t id = person(t, "0000000011");
    checked(t, sent(t, account(t, "debit", "0001", "100", "12345", "タナカ　ジロウ")));
    checked(t, sent(t, account(t, "benefit", "9900", "12340", "12345671", "ﾀﾅｶ ｼﾞﾛｳ")));
    assert_int_equal(TOWN_OK(t, party_account_for(&t->w, id, STR("collection"), STR("debit"), &a)),
                     1);
    assert_true(str_is(a.bank_code, "0001") && str_is(a.account_no, "0012345"));
    assert_true(str_is(a.holder, "ﾀﾅｶ ｼﾞﾛｳ"));
    assert_int_equal(TOWN_OK(t, party_account_for(&t->w, id, STR("benefit"), STR("benefit"), &a)),
                     1);
    assert_true(str_is(a.branch_code, "238") && str_is(a.account_no, "1234567"));
    assert_int_equal(TOWN_OK(t, party_account_for(&t->w, id, STR("benefit"), STR("debit"), &a)), 0);
    assert_int_equal(account(t, "refund", "0001", "999", "1", "タナカ"), 422); /* no such branch */
    assert_int_equal(account(t, "refund", "0002", "100", "1", "タナカ"), 422); /* no such bank */
    assert_int_equal(account(t, "refund", "0001", "100", "1", "田中"), 422);   /* kanji */
    assert_int_equal(account(t, "refund", "0001", "100", "12a", "タナカ"), 422);
}

/* A new account takes the place of the old one from its day; the old one stays in the history. */
static void test_account_history(void **state)
{
    struct town *t = *state;
    struct account_fact a;

    furnish(t);
    const int64_t id = person(t, "0000000011");
    checked(t, sent(t, account(t, "debit", "0001", "100", "12345", "タナカ　ジロウ")));
    checked(t,
            sent(t, ask(t, METHOD_POST, "/party/person/{}/new/{}", PARTS("0000000011", "account"),
                        FIELDS("business", "collection", "purpose", "debit", "bank_code", "0001",
                               "branch_code", "100", "kind", "1", "account_no", "777", "holder",
                               "タナカ　ジロウ", "source", "form", "source_day", "R8.6.10", "from",
                               "R8.7.1"))));
    t->w.asof.valid = day_of("2026-06-30");
    assert_int_equal(TOWN_OK(t, party_account_for(&t->w, id, STR("collection"), STR("debit"), &a)),
                     1);
    assert_true(str_is(a.account_no, "0012345"));
    t->w.asof.valid = day_of("2026-07-01");
    assert_int_equal(TOWN_OK(t, party_account_for(&t->w, id, STR("collection"), STR("debit"), &a)),
                     1);
    assert_true(str_is(a.account_no, "0000777"));
}

static void test_public_account(void **state)
{
    struct town *t = *state;

    furnish(t);
    assert_int_equal(ask(t, METHOD_POST, "/party/person/{}/new/{}", PARTS("0000000011", "account"),
                         FIELDS("business", "collection", "purpose", "debit", "bank_code", "0001",
                                "branch_code", "100", "kind", "1", "account_no", "777", "holder",
                                "タナカ　ジロウ", "is_public", "1", "source", "network",
                                "source_day", "R8.6.10", "from", "R8.6.15")),
                     422);
}

/* --- contacts ------------------------------------------------------------------------------- */

static int contact(struct town *t, const char *kind, const char *value)
{
    return ask(t, METHOD_POST, "/party/person/{}/new/{}", PARTS("0000000011", "contact"),
               FIELDS("kind", kind, "value", value, "source", "family", "note", "平日の夜", "from",
                      "R8.6.15"));
}

static void test_contacts(void **state)
{
    struct town *t = *state;
    struct actor nobody = first;

    furnish(t);
    (void)sent(t, contact(t, "mobile", "０９０-0000-1234")); /* at once: no second person */
    (void)sent(t, contact(t, "mail", "tanaka@example.jp"));
    assert_int_equal(contact(t, "home", "1234"), 422);
    assert_int_equal(contact(t, "mail", "tanaka"), 422);
    assert_int_equal(ask(t, METHOD_GET, "/party/person/{}/details", PARTS("0000000011"), NULL),
                     200);
    assert_true(shows("090-0000-1234") && shows("tanaka@example.jp") && shows("平日の夜"));
    nobody.rights = RIGHT(RIGHT_SIGNED_IN) | RIGHT(RIGHT_PARTY_VIEW);
    t->w.actor = &nobody;
    assert_int_equal(ask(t, METHOD_GET, "/party/person/{}/details", PARTS("0000000011"), NULL),
                     200);
    assert_false(shows("090-0000-1234"));
    t->w.actor = &first;
}

/* --- protection ----------------------------------------------------------------------------- */

static void test_protection(void **state)
{
    struct town *t = *state;
    struct person p;

    furnish(t);
    (void)sent(t, contact(t, "mobile", "090-0000-1234"));
    checked(t, sent(t, sending(t, "levy", "東町", "R8.6.15", "")));
    (void)sent(t, ask(t, METHOD_POST, "/party/person/{}/new/{}", PARTS("0000000012", "protection"),
                      FIELDS("kind", "violence", "decision_no", "支援7", "from", "R8.6.15", "to",
                             "R9.6.15", "reason", "警察からの連絡")));
    TOWN_OK(t, party_person(&t->w, person(t, "0000000011"), &p)); /* lives with her; at once */
    assert_true(p.is_protected && p.address.n == 0);
    assert_int_equal(ask(t, METHOD_GET, "/party/person/{}/details", PARTS("0000000011"), NULL),
                     200);
    assert_false(shows("東町") || shows("本町") || shows("090-0000-1234"));
    assert_int_equal(ask(t, METHOD_GET, "/party/person/{}/details", PARTS("0000000012"), NULL),
                     200);
    const char *row = row_behind(t, "/end/protection/");
    const int64_t entry = sent(t, ask(t, METHOD_POST, "/party/person/{}/end/{}/{}",
                                      PARTS("0000000012", "protection", row),
                                      FIELDS("day", "R8.6.15", "reason", "取下げ")));
    TOWN_OK(t, party_person(&t->w, person(t, "0000000012"), &p));
    assert_true(p.is_protected); /* until a second person has seen it */
    checked(t, entry);
    TOWN_OK(t, party_person(&t->w, person(t, "0000000012"), &p));
    assert_false(p.is_protected);
}

/* The text that waits names no place of somebody protected. */
static void test_protected_entry(void **state)
{
    struct town *t = *state;
    struct event e;

    furnish(t);
    (void)sent(t, ask(t, METHOD_POST, "/party/person/{}/new/{}", PARTS("0000000011", "protection"),
                      FIELDS("kind", "stalking", "decision_no", "8", "from", "R8.6.15", "reason",
                             "申出")));
    TOWN_OK(t, event_get(&t->w.cx, t->w.store, sent(t, sending(t, "levy", "東町", "R8.6.15", "")),
                         &e));
    struct str text = STR("処理: 登録\n");
    const struct message *town = message_find("party.place.4");
    text = str_format(t->w.cx.arena, "%s: 東町\n%s: x\n", town ? town->text : "party.place.4", "z");
    TOWN_OK(t, party_desk.entry_shown(&t->w, &e, &text));
    assert_null(memmem(text.p, text.n, "東町", strlen("東町")));
    assert_non_null(memmem(text.p, text.n, "z: x", 4));
}

/* --- several numbers of one person ---------------------------------------------------------- */

static int merge(struct town *t, const char *no, const char *leading)
{
    return ask(t, METHOD_POST, "/party/person/{}/new/{}", PARTS(no, "merge"),
               FIELDS("leading_no", leading, "from", "R8.6.15", "reason", "戸籍で確認"));
}

static int protect(struct town *t, const char *no)
{
    return ask(t, METHOD_POST, "/party/person/{}/new/{}", PARTS(no, "protection"),
               FIELDS("kind", "violence", "decision_no", "支援9", "from", "R8.6.15", "to",
                      "R9.6.15", "reason", "警察からの連絡"));
}

/* Whoever is protected under one number is not found under another of his. */
static void test_merge_protected(void **state)
{
    struct town *t = *state;
    struct person p;

    furnish(t);
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t other = add_person(&f, (struct who){"0000000021", "田中　二郎", "タナカ　ジロウ",
                                                      "1978-01-02", SEX_MALE});
    feed_end(&f);
    (void)sent(t, protect(t, "0000000021"));
    assert_int_equal(merge(t, "0000000021", "0000000011"), 422); /* only one of the two is hidden */
    (void)sent(t, protect(t, "0000000011"));
    checked(t, sent(t, merge(t, "0000000021", "0000000011")));
    TOWN_OK(t, party_person(&t->w, other, &p));
    assert_true(p.is_protected);
}

/* A protection told for one of linked numbers hides all of them. */
static void test_protected_everywhere(void **state)
{
    struct town *t = *state;
    struct person p;

    furnish(t);
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t other = add_person(&f, (struct who){"0000000021", "田中　二郎", "タナカ　ジロウ",
                                                      "1978-01-02", SEX_MALE});
    feed_end(&f);
    checked(t, sent(t, merge(t, "0000000021", "0000000011")));
    (void)sent(t, protect(t, "0000000021"));
    TOWN_OK(t, party_person(&t->w, person(t, "0000000011"), &p));
    assert_true(p.is_protected && p.address.n == 0);
    TOWN_OK(t, party_person(&t->w, other, &p));
    assert_true(p.is_protected);
}

static void test_merge(void **state)
{
    struct town *t = *state;
    int64_t leading = 0;
    struct id_list all;

    furnish(t);
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t other = add_person(&f, (struct who){"0000000021", "田中　二郎", "タナカ　ジロウ",
                                                      "1978-01-02", SEX_MALE});
    feed_end(&f);
    const int64_t id = person(t, "0000000011");
    assert_int_equal(merge(t, "0000000021", "0000000013"), 422); /* a stranger */
    assert_int_equal(merge(t, "0000000021", "0000000021"), 422);
    assert_int_equal(merge(t, "0000000021", "0000000099"), 422); /* unknown */
    const int64_t entry = sent(t, merge(t, "0000000021", "0000000011"));
    TOWN_OK(t, party_leading_person(&t->w, other, &leading));
    assert_int_equal(leading, other);
    town_refused(t, office_check(&t->w, entry, true, STR("")), ERR_DENIED,
                 "office.check_same_person");
    checked(t, entry);
    TOWN_OK(t, party_leading_person(&t->w, other, &leading));
    assert_int_equal(leading, id);
    TOWN_OK(t, party_merged_people(&t->w, id, &all));
    assert_true(all.n == 2 && all.ids[0] == id && all.ids[1] == other);
    assert_int_equal(merge(t, "0000000011", "0000000021"), 422); /* he leads */
    assert_int_equal(ask(t, METHOD_GET, "/party/person/{}/details", PARTS("0000000021"), NULL),
                     200);
    assert_true(shows("/party/person/0000000011"));
    const char *row = row_behind(t, "/end/merge/");
    checked(t, sent(t, ask(t, METHOD_POST, "/party/person/{}/end/{}/{}",
                           PARTS("0000000021", "merge", row),
                           FIELDS("day", "R8.6.20", "reason", "別人と判明"))));
    t->w.asof.valid = day_of("2026-06-19"); /* both histories stay */
    TOWN_OK(t, party_leading_person(&t->w, other, &leading));
    assert_int_equal(leading, id);
    t->w.asof.valid = day_of("2026-06-20");
    TOWN_OK(t, party_leading_person(&t->w, other, &leading));
    assert_int_equal(leading, other);
    assert_int_equal(person(t, "0000000021"), other);
}

static void test_name_match(void **state)
{
    struct town *t = *state;
    struct job_figure_row *figures = NULL;
    int64_t job = 0, leading = 0;
    size_t n = 0;

    furnish(t);
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t other = add_person(&f, (struct who){"0000000021", "田中　二郎", "タナカ　ジロウ",
                                                      "1978-01-02", SEX_MALE});
    feed_end(&f);
    t->w.actor = &first;
    TOWN_OK(t, job_run(&t->w, "name-match", STR(""), &job));
    TOWN_OK(t, job_figures(&t->w, job, &figures, &n));
    assert_true(n == 1 && figures[0].value == 1);
    TOWN_OK(t, party_leading_person(&t->w, other, &leading));
    assert_int_equal(leading, other); /* listed, not linked */
}

/* --- non-residents -------------------------------------------------------------------------- */

static int nonresident(struct town *t, const char *birth, const char *is_other)
{
    return ask(t, METHOD_POST, "/party/nonresident/new", PARTS("-"),
               FIELDS("kind", "natural", "name", "田中　次郎", "kana", "たなか　じろう", "birth",
                      birth, "sex", "1", "postal_code", "1600023", "prefecture", "東京都", "city",
                      "新宿区", "town", "西新宿", "number", "１", "since", "R8.6.1", "reason",
                      "擬制世帯主", is_other ? "is_other" : "building", is_other ? is_other : ""));
}

static void test_two_confirm(void **state)
{
    struct town *t = *state;
    struct person p;

    furnish(t);
    assert_int_equal(nonresident(t, "S53.1.2", NULL), 422); /* the resident is alike */
    assert_true(shows("0000000011"));
    assert_int_equal(nonresident(t, "R9.1.2", "1"), 422); /* to come */
    (void)sent(t, nonresident(t, "S53.1.2", "1"));
    TOWN_OK(t, party_person(&t->w, person(t, "9000000001"), &p));
    assert_true(p.is_nonresident);
    assert_int_equal(ask(t, METHOD_GET, "/party/person/{}/details", PARTS("9000000001"), NULL),
                     200);
    assert_true(shows("/party/nonresident/9000000001/confirm")); /* still provisional */
    const int64_t entry = sent(t, ask(t, METHOD_POST, "/party/nonresident/{}/confirm",
                                      PARTS("9000000001"), FIELDS("reason", "本人確認情報の照会")));
    town_refused(t, office_check(&t->w, entry, true, STR("")), ERR_DENIED,
                 "office.check_same_person");
    assert_int_equal(ask(t, METHOD_GET, "/party/person/{}/details", PARTS("9000000001"), NULL),
                     200);
    assert_true(shows("/party/nonresident/9000000001/confirm"));
    checked(t, entry);
    assert_int_equal(ask(t, METHOD_GET, "/party/person/{}/details", PARTS("9000000001"), NULL),
                     200);
    assert_false(shows("/party/nonresident/9000000001/confirm"));
}

/* A setting that asks for no second person does not make one person two. */
static void test_two_by_law(void **state)
{
    struct town *t = *state;

    furnish(t);
    (void)sent(t, nonresident(t, "S53.1.2", "1"));
    TOWN_OK(t, setting_set(&t->w, "check.party.nonresident_confirm", STR("0"), STR("試験")));
    const int result = ask(t, METHOD_POST, "/party/nonresident/{}/confirm", PARTS("9000000001"),
                           FIELDS("reason", "本人確認情報の照会"));
    town_refused(t, result, ERR_DENIED, "party.nonresident.two");
}

static void test_remove_page(void **state)
{
    struct town *t = *state;
    int64_t id = 0;

    furnish(t);
    (void)sent(t, nonresident(t, "S53.1.2", "1"));
    checked(t, sent(t, ask(t, METHOD_POST, "/party/nonresident/{}/remove", PARTS("9000000001"),
                           FIELDS("reason", "二重登録"))));
    assert_int_equal(TOWN_OK(t, party_person_by_no(&t->w, STR("9000000001"), &id)), 0);
    town_refused(t, ask(t, METHOD_GET, "/party/nonresident/{}/remove", PARTS("0000000011"), NULL),
                 ERR_INVALID, "party.nonresident.not_one"); /* a resident is not removed */
}

/* --- two clerks ----------------------------------------------------------------------------- */

static void test_lost_update(void **state)
{
    struct town *t = *state;
    const struct route *r = route_of("/party/person/{}/new/{}", METHOD_POST);
    struct request rq = {.method = METHOD_POST,
                         .frame = &frame,
                         .arena = t->w.cx.arena,
                         .part = {STR("0000000011"), STR("contact")},
                         .form = {{STR("kind"), STR("home")},
                                  {STR("value"), STR("03-0000-0000")},
                                  {STR("source"), STR("person")},
                                  {STR("from"), STR("R8.6.15")}},
                         .n_form = 5};
    int64_t last = 0;
    struct reply rp = {.status = 200};

    furnish(t);
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &last));
    rq.form[4] = (struct pair){STR("_read_at"), str_format(t->w.cx.arena, "%lld", (long long)last)};
    (void)sent(t, contact(t, "mobile", "090-0000-1234")); /* another clerk, meanwhile */
    html_init(&rp.body);
    town_refused(t, r->handler(&t->w, &rq, &rp), ERR_STALE, "office.stale");
    html_release(&rp.body);
}

/* --- My Number ------------------------------------------------------------------------------ */

static void test_my_number(void **state)
{
    struct town *t = *state;
    struct actor clerk = first;

    furnish(t);
    assert_int_equal(ask(t, METHOD_POST, "/party/person/{}/mynumber", PARTS("0000000011"),
                         FIELDS("number", "123456789018", "reason", "資格取得届", "go", "put")),
                     200);
    assert_false(shows("123456789018"));
    assert_int_equal(ask(t, METHOD_POST, "/party/person/{}/mynumber", PARTS("0000000011"),
                         FIELDS("number", "123456789018", "reason", "資格取得届", "go", "match")),
                     200);
    assert_false(shows("123456789018"));
    assert_int_equal(ask(t, METHOD_POST, "/party/person/{}/mynumber", PARTS("0000000011"),
                         FIELDS("number", "123456789019", "reason", "資格取得届", "go", "put")),
                     422); /* check digit */
    clerk.rights = role_rights(ROLE_CLERK);
    t->w.actor = &clerk;
    town_refused(t,
                 ask(t, METHOD_POST, "/party/person/{}/mynumber", PARTS("0000000011"),
                     FIELDS("number", "123456789018", "reason", "興味", "go", "match")),
                 ERR_DENIED, "office.right_missing");
    assert_int_equal(ask(t, METHOD_GET, "/party/person/{}/details", PARTS("0000000011"), NULL),
                     200);
    assert_false(shows("mynumber")); /* not even the link */
    t->w.actor = &first;
    assert_true(route_of("/party/person/{}/mynumber", METHOD_GET)->right & RIGHT(RIGHT_MYNUMBER));
}

int main(void)
{
    residents_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("a sending address waits for the second person, serves its business and ends by "
                   "date [ADR-002]",
                   test_sending),
        TOWN_TESTS("a guardian takes the mail of his business for his time [ADR-002]",
                   test_guardian),
        TOWN_TESTS("one account for the premium, another for benefits, by the bank master "
                   "[ADR-003 NHI-CMN-012]",
                   test_accounts),
        TOWN_TESTS("a changed account keeps its history [ADR-003]", test_account_history),
        TOWN_TESTS("the public payment account is not debited [ADR-003]", test_public_account),
        TOWN_TESTS("contacts with kind and source, for those with the right [ADR-012]",
                   test_contacts),
        TOWN_TESTS("a protection counts at once and ends by a second person's word [ADR-014]",
                   test_protection),
        TOWN_TESTS("a waiting entry shows no place of somebody protected [ADR-014]",
                   test_protected_entry),
        TOWN_TESTS("numbers of one person are linked by two people and unlinked, both histories "
                   "kept",
                   test_merge),
        TOWN_TESTS("numbers are not linked while only one of them is protected [ADR-014]",
                   test_merge_protected),
        TOWN_TESTS("a protection counts for every number of the person [ADR-014]",
                   test_protected_everywhere),
        TOWN_TESTS("the daily comparison lists pairs and links nobody", test_name_match),
        TOWN_TESTS(
            "a non-resident stays provisional until two users confirm, likeness is warned of "
            "[ADR-005 ADR-004 NHI-CMN-012]",
            test_two_confirm),
        TOWN_TESTS("no setting makes one person two [ADR-005]", test_two_by_law),
        TOWN_TESTS("a non-resident is removed by the page, a resident is not [ADR-004]",
                   test_remove_page),
        TOWN_TESTS("what another clerk entered meanwhile is not overwritten [NHI-CMN-012]",
                   test_lost_update),
        TOWN_TESTS("a My Number is put and compared by those with the right, never shown [ADR-007]",
                   test_my_number),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
