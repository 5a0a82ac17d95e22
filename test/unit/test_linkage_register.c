/* The register of links: what may be registered, who approves, what it opens, what is logged. */
#include "link_town.h"

#include "linkage_sql.h"

#include <sodium.h>
#include <sys/stat.h>

static struct linkage_transfers_row newest(struct town *t)
{
    struct linkage_transfers_list list;
    struct linkage_transfers_in in = {STR(""), false, 10};
    TOWN_OK(t, linkage_transfers(&t->w.cx, t->w.store, &in, &list));
    assert_true(list.n > 0);
    return list.rows[0];
}

static void refused_as(struct town *t, int rc, enum status code, const char *message)
{
    town_refused(t, rc, code, message);
    assert_true(str_is(newest(t).reason, message));
    assert_true(str_is(newest(t).result, "refused"));
}

/* --- the law -----------------------------------------------------------------------------------
 */

static void test_receiver_by_law(void **state)
{
    struct town *t = *state;
    struct data_link l = link_to(LINK_OUT, "care", "PRV-999", "link_eligibility");
    town_refused(t, linkage_link_enter(&t->w, &l, STR("x")), ERR_DENIED, "linkage.provision_none");
    l.provision = STR("PRV-034"); /* the residents' section, not this one */
    town_refused(t, linkage_link_enter(&t->w, &l, STR("x")), ERR_DENIED, "linkage.receiver");
    l.provision = STR("PRV-035");
    l.from = day_of("2015-12-31"); /* before the ordinance */
    town_refused(t, linkage_link_enter(&t->w, &l, STR("x")), ERR_DENIED, "linkage.provision_day");
    l = link_to(LINK_OUT, "kyokai", "PRV-007", "link_eligibility"); /* by the network only */
    town_refused(t, linkage_link_enter(&t->w, &l, STR("x")), ERR_DENIED, "linkage.provision_way");
    l = link_to(LINK_OUT, "residents", "PRV-034", "link_levy"); /* the row gives eligibility */
    town_refused(t, linkage_link_enter(&t->w, &l, STR("x")), ERR_DENIED, "linkage.kind_refused");
    l = link_to(LINK_OUT, "care", "PRV-035", "link_levy");
    t->w.actor = link_town_clerk();
    approve(t, linkage_link_enter(&t->w, &l, STR("協議済み")));
}

static void test_education(void **state)
{
    struct town *t = *state;
    struct linkage_links_list links;
    struct data_link l = link_to(LINK_OUT, "education", "PRV-030", "link_eligibility");
    town_refused(t, linkage_link_enter(&t->w, &l, STR("x")), ERR_DENIED, "linkage.receiver");
    l.provision = STR("INT-010");
    t->w.actor = link_town_clerk();
    approve(t, linkage_link_enter(&t->w, &l, STR("条例の事務")));
    TOWN_OK(t, linkage_links(&t->w.cx, t->w.store, &links));
    assert_int_equal(links.n, 1);
    assert_true(str_is(links.rows[0].partner_type, "education"));
    struct data_use u = use_of("person_no,my_number"); /* not in the layout at all */
    town_refused(t, linkage_use_enter(&t->w, &u), ERR_INVALID, "linkage.item_outside");
}

/* Every row for the board of education stands on an ordinance, and no other row names it. */
static void test_education_rows(void **state)
{
    struct town *t = *state;
    struct provisions all;
    size_t boards = 0;
    TOWN_OK(t, linkage_provisions(&t->w.cx, &all));
    assert_int_equal(all.n, 33); /* 20 of the network, 11 inside, the board, one intake */
    for (size_t i = 0; i < all.n; i++) {
        bool is_board = str_is(all.rows[i].receiver_type, "education");
        boards += is_board;
        assert_int_equal(is_board, str_is(all.rows[i].receiver, "education"));
        if (is_board)
            assert_true(str_is(all.rows[i].basis, "ordinance"));
    }
    assert_int_equal(boards, 1);
}

/* A tax is a purpose from the day of its law, not before. */
static void test_tax_purposes(void **state)
{
    struct town *t = *state;
    struct tax_purpose tax;
    struct data_link l = link_to(LINK_OUT, "tax", "PRV-029", "link_levy");
    struct data_use u = use_of("person_no,levy_total");
    TOWN_OK(t, tax_purpose_need(&t->w, STR("forest_environment"), day_of("2024-04-01"), &tax));
    assert_int_equal(ymd_compare(tax.from, day_of("2024-04-01")), 0);
    town_refused(t, tax_purpose_need(&t->w, tax.name, day_of("2024-03-31"), &tax), ERR_INVALID,
                 "linkage.tax_purpose_day");
    TOWN_OK(t, tax_purpose_need(&t->w, STR("resident"), day_of("2024-03-31"), &tax));
    l.from = day_of("2023-04-01");
    t->w.actor = link_town_clerk();
    approve(t, linkage_link_enter(&t->w, &l, STR("協議済み")));
    u.purpose = STR("astrology");
    town_refused(t, linkage_use_enter(&t->w, &u), ERR_INVALID, "linkage.tax_purpose");
    u.purpose = STR("個人の市町村民税・道府県民税,森林環境税");
    u.from = day_of("2024-03-01");
    town_refused(t, linkage_use_enter(&t->w, &u), ERR_INVALID, "linkage.tax_purpose_day");
    u.from = day_of("2024-04-01");
    approve(t, linkage_use_enter(&t->w, &u));
}

/* --- two people ----------------------------------------------------------------------------------
 */

static void test_two_people(void **state)
{
    struct town *t = *state;
    struct data_link l = link_to(LINK_OUT, "care", "PRV-035", "link_eligibility");
    TOWN_OK(t, setting_set(&t->w, "check.linkage.link", STR("0"), STR("試し")));
    t->w.actor = link_town_clerk();
    town_refused(t, linkage_link_enter(&t->w, &l, STR("x")), ERR_DENIED, "linkage.two_people");
    t->w.actor = link_town_chief();
    TOWN_OK(t, 0);
}

static void test_application(void **state)
{
    struct town *t = *state;
    struct link_file sent;
    struct linkage_uses_list uses;
    struct data_link l = link_to(LINK_OUT, "care", "PRV-035", "link_eligibility");
    struct data_use u = use_of("person_no,acquired");
    (void)link_town_fill(t);
    t->w.actor = link_town_clerk();
    refused_as(t, linkage_send(&t->w, STR("L-0001"), &sent), ERR_NOT_FOUND, "linkage.unknown_link");
    approve(t, linkage_link_enter(&t->w, &l, STR("協議済み")));
    refused_as(t, linkage_send(&t->w, STR("L-0001"), &sent), ERR_DENIED, "linkage.closed");
    assert_int_equal(TOWN_OK(t, linkage_use_enter(&t->w, &u)), 1);
    refused_as(t, linkage_send(&t->w, STR("L-0001"), &sent), ERR_DENIED, "linkage.closed");
    int64_t entry = last_event(t) - 1; /* the refusal came after it */
    town_refused(t, office_check(&t->w, entry, true, STR("")), ERR_DENIED,
                 "office.check_same_person");
    t->w.actor = link_town_chief();
    TOWN_OK(t, office_check(&t->w, entry, true, STR("")));
    TOWN_OK(t, linkage_send(&t->w, STR("L-0001"), &sent));
    TOWN_OK(t, linkage_uses(&t->w.cx, t->w.store, &(struct linkage_uses_in){STR("L-0001")}, &uses));
    assert_int_equal(uses.n, 1);
    assert_true(str_is(uses.rows[0].items, "person_no,acquired"));
    assert_int_equal(ymd_compare(uses.rows[0].valid_to, day_of("2027-04-01")), 0);
    t->w.today = day_of("2027-03-31");
    TOWN_OK(t, linkage_send(&t->w, STR("L-0001"), &sent));
    t->w.today = day_of("2027-04-01"); /* the period is over */
    refused_as(t, linkage_send(&t->w, STR("L-0001"), &sent), ERR_DENIED, "linkage.closed");
}

/* --- the file ----------------------------------------------------------------------------------
 */

static void test_only_items(void **state)
{
    struct town *t = *state;
    struct link_file sent;
    (void)link_town_fill(t);
    open_link_of(t, link_to(LINK_OUT, "care", "PRV-035", "link_eligibility"),
                 "person_no,acquired,branch");
    TOWN_OK(t, linkage_send(&t->w, STR("L-0001"), &sent));
    assert_true(str_is(sent.bytes, "宛名番号,枝番,取得日\r\n"
                                   "0000000011,01,2015-04-01\r\n"
                                   "0000000029,,2015-04-01\r\n"));
    assert_int_equal(sent.people, 2);
    struct linkage_transfers_row log = newest(t);
    assert_true(str_is(log.result, "given"));
    assert_true(str_is(log.source, "nhi"));
    assert_true(str_is(log.target, "care"));
    assert_true(str_is(log.items, "person_no,acquired,branch"));
    assert_true(str_is(log.user_name, "system"));
    assert_int_equal(log.people, 2);
    assert_true(log.at_us > 0);
}

static void test_number(void **state)
{
    struct town *t = *state;
    struct link_file sent;
    struct link_town k = link_town_fill(t);
    struct data_link l = link_to(LINK_OUT, "information", "PRV-033", "link_address");
    TOWN_OK(t, vault_put(&t->w, k.taro, STR("123456789018"), STR("届出")));
    open_link_of(t, l, "person_no,my_number");
    TOWN_OK(t, linkage_send(&t->w, STR("L-0001"), &sent));
    assert_non_null(memmem(sent.bytes.p, sent.bytes.n, "123456789018", 12));
    /* The same layout under an ask: no number, whatever was approved. */
    struct link_answer answer;
    struct link_question q = {STR("L-0001"), k.taro, STR("my_number"), STR("確認")};
    refused_as(t, linkage_ask(&t->w, &q, &answer), ERR_DENIED, "linkage.wrong_way");
    l.way = LINK_ASK;
    struct data_use u = use_of("person_no,my_number");
    t->w.actor = link_town_clerk();
    approve(t, linkage_link_enter(&t->w, &l, STR("照会へ変更")));
    town_refused(t, linkage_use_enter(&t->w, &u), ERR_DENIED, "linkage.number_refused");
    refused_as(t, linkage_ask(&t->w, &q, &answer), ERR_DENIED, "linkage.item_denied");
}

static void test_from_terminal(void **state)
{
    struct town *t = *state;
    struct link_file sent;
    struct session session = {.id = 1};
    int64_t people;
    (void)link_town_fill(t);
    open_link_of(t, link_to(LINK_OUT, "care", "PRV-035", "link_eligibility"), "person_no");
    t->w.session = &session;
    refused_as(t, linkage_send(&t->w, STR("L-0001"), &sent), ERR_DENIED, "linkage.from_terminal");
    refused_as(t, linkage_receive(&t->w, STR("L-0001"), STR("a.csv"), &people), ERR_DENIED,
               "linkage.from_terminal");
    t->w.session = NULL;
    TOWN_OK(t, linkage_send(&t->w, STR("L-0001"), &sent));
}

/* --- the list
 * -------------------------------------------------------------------------------------
 */

static void test_recipients(void **state)
{
    struct town *t = *state;
    struct linkage_recipients_list list;
    struct data_link l = link_to(LINK_OUT, "care", "PRV-035", "link_eligibility");
    open_link_of(t, l, "person_no,acquired");
    l.link_no = STR("L-0002"); /* registered, and no application */
    l.partner = STR("residents");
    l.provision = STR("PRV-034");
    t->w.actor = link_town_clerk();
    approve(t, linkage_link_enter(&t->w, &l, STR("協議済み")));
    struct linkage_recipients_in in = {{t->w.today, KNOWN_NOW}};
    TOWN_OK(t, linkage_recipients(&t->w.cx, t->w.store, &in, &list));
    assert_int_equal(list.n, 1);
    assert_true(str_is(list.rows[0].partner, "care"));
    assert_true(str_is(list.rows[0].provision, "PRV-035"));
    assert_true(str_is(list.rows[0].items, "person_no,acquired"));
    in.asof.valid = day_of("2027-04-01");
    TOWN_OK(t, linkage_recipients(&t->w.cx, t->w.store, &in, &list));
    assert_int_equal(list.n, 0);
}

/* --- asking --------------------------------------------------------------------------------------
 */

static void test_ask(void **state)
{
    struct town *t = *state;
    struct link_town k = link_town_fill(t);
    struct link_answer a;
    struct linkage_transfers_of_person_list log;
    struct session session = {.id = 1};
    open_link_of(t, link_to(LINK_ASK, "care", "PRV-035", "link_eligibility"),
                 "person_no,name,acquired");
    struct actor care = *link_town_clerk();
    care.section = STR("care");
    t->w.actor = &care;
    t->w.session = &session;
    struct link_question q = {STR("L-0001"), k.taro, STR("name,acquired"), STR("保険料の算定")};
    TOWN_OK(t, linkage_ask(&t->w, &q, &a));
    assert_int_equal(a.n, 2);
    assert_true(str_is(a.values[0], "保険　太郎"));
    assert_true(str_is(a.values[1], "2015-04-01"));
    q.items = STR("name,household_no"); /* in the layout, not approved */
    refused_as(t, linkage_ask(&t->w, &q, &a), ERR_DENIED, "linkage.item_denied");
    assert_int_equal(a.n, 0);
    care.section = STR("tax");
    q.items = STR("name");
    refused_as(t, linkage_ask(&t->w, &q, &a), ERR_DENIED, "linkage.other_section");
    care.section = STR(""); /* our own terminals have their own screens */
    refused_as(t, linkage_ask(&t->w, &q, &a), ERR_DENIED, "linkage.other_section");
    struct linkage_transfers_of_person_in in = {k.taro};
    TOWN_OK(t, linkage_transfers_of_person(&t->w.cx, t->w.store, &in, &log));
    assert_int_equal(log.n, 4);
    assert_true(str_is(log.rows[3].result, "given"));
    assert_true(str_is(log.rows[3].purpose, "保険料の算定"));
    assert_true(str_is(log.rows[3].user_name, "clerk"));
    t->w.session = NULL;
}

static void test_tampered_log(void **state)
{
    struct town *t = *state;
    struct link_town k = link_town_fill(t);
    struct link_answer a;
    open_link_of(t, link_to(LINK_ASK, "care", "PRV-035", "link_eligibility"), "person_no,name");
    struct link_question q = {STR("L-0001"), k.taro, STR("name"), STR("保険料の算定")};
    TOWN_OK(t, linkage_ask(&t->w, &q, &a));
    assert_int_equal(town_findings(t, false), 0);
    engines_tamper(t->store, "update transfer_person set items = 'person_no'");
    assert_true(town_findings(t, false) > 0);
    engines_tamper(t->store, "update transfer_person set items = 'name'");
    assert_int_equal(town_findings(t, false), 0);
    engines_tamper(t->store, "update transfer set user_name = 'somebody'");
    assert_true(town_findings(t, false) > 0);
    t->tampered = true;
}

static void test_purge(void **state)
{
    struct town *t = *state;
    struct link_town k = link_town_fill(t);
    struct link_answer a;
    struct linkage_transfers_list list;
    struct linkage_transfers_in in = {STR(""), false, 100};
    int64_t gone = 0;
    open_link_of(t, link_to(LINK_ASK, "care", "PRV-035", "link_eligibility"), "person_no,name");
    struct link_question q = {STR("L-0001"), k.taro, STR("name"), STR("保険料の算定")};
    TOWN_OK(t, linkage_ask(&t->w, &q, &a)); /* 2026-06-15 */
    t->w.today = day_of("2026-06-16");
    TOWN_OK(t, linkage_ask(&t->w, &q, &a));
    t->w.today = day_of("2033-06-15"); /* seven years to the day: kept */
    TOWN_OK(t, linkage_purge(&t->w, &gone));
    assert_int_equal(gone, 0);
    t->w.today = day_of("2033-06-16");
    TOWN_OK(t, linkage_purge(&t->w, &gone));
    assert_int_equal(gone, 2); /* the row and the person of the older one */
    TOWN_OK(t, linkage_transfers(&t->w.cx, t->w.store, &in, &list));
    assert_int_equal(list.n, 1);
    assert_int_equal(town_findings(t, false), 0); /* the chain holds */
}

/* --- files that come ---------------------------------------------------------------------------
 */

struct sender { /* the other section's system */
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    char public_hex[2 * crypto_sign_PUBLICKEYBYTES + 1];
};

static struct sender sender_new(unsigned char seed_byte)
{
    struct sender s;
    unsigned char seed[crypto_sign_SEEDBYTES], public_key[crypto_sign_PUBLICKEYBYTES];
    memset(seed, seed_byte, sizeof seed);
    assert_int_equal(crypto_sign_seed_keypair(public_key, s.secret, seed), 0);
    sodium_bin2hex(s.public_hex, sizeof s.public_hex, public_key, sizeof public_key);
    return s;
}

static void file_put(struct town *t, const char *name, const char *tail, struct str bytes)
{
    struct str path = str_format(t->w.cx.arena, "%s/links/L-0001/in/%s%s", t->path, name, tail);
    (void)t->w.cx.env->unlink(t->w.cx.env, path.p);
    TOWN_OK(t, file_write(&t->w.cx, path.p, bytes));
}

static void folders(struct town *t)
{
    const char *const names[] = {"links", "links/L-0001", "links/L-0001/in"};
    for (size_t i = 0; i < 3; i++)
        (void)mkdir(str_format(t->w.cx.arena, "%s/%s", t->path, names[i]).p, 0700);
}

struct parcel {
    const char *name;
    const char *system;
    const char *csv;
    const struct sender *by;
};

static void deliver(struct town *t, struct parcel p)
{
    char sha256[65];
    unsigned char signature[crypto_sign_BYTES];
    char hex[2 * crypto_sign_BYTES + 1];
    folders(t);
    sha256_hex(str_of(p.csv), sha256);
    struct str manifest =
        str_format(t->w.cx.arena, "link\tL-0001\nsystem\t%s\nfile\t%s\nsha256\t%s\n", p.system,
                   p.name, sha256);
    crypto_sign_detached(signature, NULL, (const unsigned char *)manifest.p, manifest.n,
                         p.by->secret);
    sodium_bin2hex(hex, sizeof hex, signature, sizeof signature);
    file_put(t, p.name, "", str_of(p.csv));
    file_put(t, p.name, ".manifest", manifest);
    file_put(t, p.name, ".sig", str_of(hex));
}

static int receive(struct town *t, struct parcel p)
{
    int64_t people = 0;
    deliver(t, p);
    int rc = linkage_receive(&t->w, STR("L-0001"), str_of(p.name), &people);
    return rc < 0 ? rc : (int)people;
}

static void open_intake(struct town *t, const struct sender *by)
{
    (void)link_town_fill(t);
    open_link_of(t, link_to(LINK_IN, "assistance", "GIV-001", "link_assistance"),
                 "person_no,change,day");
    struct link_system s = {STR("L-0001"), STR("SV-1"), false, STR("生活保護サーバ"),
                            str_of(by->public_hex)};
    struct link_system pc = {STR("L-0001"), STR("PC-7"), true, STR("窓口の端末"), STR("")};
    t->w.actor = link_town_clerk();
    approve(t, linkage_system_enter(&t->w, &s));
    approve(t, linkage_system_enter(&t->w, &pc));
    t->w.actor = link_town_chief();
}

#define HEADER "宛名番号,区分,異動日\r\n"
#define GOOD   HEADER "0000000011,start,2026-06-01\r\n0000000029,end,2026-06-02\r\n"

static void test_receive(void **state)
{
    struct town *t = *state;
    struct sender by = sender_new(7);
    open_intake(t, &by);
    assert_int_equal(TOWN_OK(t, receive(t, (struct parcel){"a.csv", "SV-1", GOOD, &by})), 2);
    struct linkage_transfers_row log = newest(t);
    assert_true(str_is(log.result, "taken"));
    assert_true(str_is(log.source, "SV-1"));
    assert_true(str_is(log.target, "nhi"));
    assert_int_equal(log.people, 2);
    refused_as(t, receive(t, (struct parcel){"b.csv", "SV-1", GOOD, &by}), ERR_DUPLICATE,
               "linkage.seen");
}

static void test_layout_whole(void **state)
{
    struct town *t = *state;
    struct sender by = sender_new(7);
    open_intake(t, &by);
    refused_as(t,
               receive(t, (struct parcel){"a.csv", "SV-1",
                                          "宛名番号,区分,異動日,収入\r\n"
                                          "0000000011,start,2026-06-01,1\r\n",
                                          &by}),
               ERR_INVALID, "linkage.layout");
    refused_as(t,
               receive(t, (struct parcel){"b.csv", "SV-1", "宛名番号,区分\r\n0000000011,start\r\n",
                                          &by}),
               ERR_INVALID, "linkage.layout");
    refused_as(t, /* one bad line: the good one is not taken either */
               receive(t, (struct parcel){"c.csv", "SV-1",
                                          HEADER "0000000011,start,2026-06-01\r\n"
                                                 "0000000029,maybe,2026-06-01\r\n",
                                          &by}),
               ERR_INVALID, "linkage.layout");
    assert_int_equal(newest(t).people, 0);
}

static void test_unknown_key(void **state)
{
    struct town *t = *state;
    struct sender by = sender_new(7);
    open_intake(t, &by);
    refused_as(t,
               receive(t, (struct parcel){"a.csv", "SV-1",
                                          HEADER "0000000011,start,2026-06-01\r\n"
                                                 "9999999999,start,2026-06-01\r\n",
                                          &by}),
               ERR_INVALID, "linkage.unknown_key");
}

static void test_unknown_system(void **state)
{
    struct town *t = *state;
    struct sender by = sender_new(7), stranger = sender_new(8);
    struct linkage_transfers_list list;
    struct linkage_transfers_in in = {STR("L-0001"), true, 10};
    open_intake(t, &by);
    refused_as(t, receive(t, (struct parcel){"a.csv", "SV-2", GOOD, &by}), ERR_DENIED,
               "linkage.unknown_system");
    refused_as(t, receive(t, (struct parcel){"a.csv", "SV-1", GOOD, &stranger}), ERR_DENIED,
               "linkage.signature");
    refused_as(t, receive(t, (struct parcel){"a.csv", "PC-7", GOOD, &by}), ERR_DENIED,
               "linkage.from_terminal");
    deliver(t, (struct parcel){"a.csv", "SV-1", GOOD, &by});
    file_put(t, "a.csv", "", STR(HEADER "0000000011,start,2026-06-03\r\n")); /* changed after */
    int64_t people;
    refused_as(t, linkage_receive(&t->w, STR("L-0001"), STR("a.csv"), &people), ERR_INVALID,
               "linkage.digest");
    TOWN_OK(t, linkage_transfers(&t->w.cx, t->w.store, &in, &list)); /* what the page reports */
    assert_int_equal(list.n, 4);
}

int main(void)
{
    link_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS(
            "the forest environment tax is a purpose from its date, refused before [TAX-008]",
            test_tax_purposes),
        TOWN_TESTS("a receiver without a row of the law is refused [INT-012]",
                   test_receiver_by_law),
        TOWN_TESTS("the board of education only for work of an ordinance [INT-010]",
                   test_education),
        TOWN_TESTS("rows for the board of education stand on an ordinance [INT-010]",
                   test_education_rows),
        TOWN_TESTS("a link needs two people whatever the settings say", test_two_people),
        TOWN_TESTS("a link opens with the approved application, for its period and items "
                   "[INT-002 INT-003]",
                   test_application),
        TOWN_TESTS("only approved items go, and the line says who and when [INT-001 INT-009]",
                   test_only_items),
        TOWN_TESTS("My Number only where the row has it, only in the file [ADR-007]", test_number),
        TOWN_TESTS("a transfer from a terminal is refused [INT-005]", test_from_terminal),
        TOWN_TESTS("the list of whom data may be given to is the register [INT-004]",
                   test_recipients),
        TOWN_TESTS("an item that is not approved is denied and logged [INT-008 INT-013]", test_ask),
        TOWN_TESTS("a changed line of the log is found [INT-013]", test_tampered_log),
        TOWN_TESTS("only lines over seven years go [INT-009]", test_purge),
        TOWN_TESTS("a file of a registered system is taken and logged [INT-001]", test_receive),
        TOWN_TESTS("a field too many or too few refuses the whole file [INT-007 NHI-CMN-011]",
                   test_layout_whole),
        TOWN_TESTS("an unknown number refuses the file, nobody is matched by name [ADR-008]",
                   test_unknown_key),
        TOWN_TESTS("an unregistered system is refused and reported [INT-006 INT-005]",
                   test_unknown_system),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
