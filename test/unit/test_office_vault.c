/* My Number: sealed, bound to its person, shown with a reason and a line, found nowhere else. */
#include "town.h"

#include "office/inner.h"
#include "office_sql.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

static const char *const canaries[] = {"123456789018", "987654321042", "246813579139"};

static struct str number_of(size_t i)
{
    static char text[3][16];
    memcpy(text[i], canaries[i], 13);
    /* the last figure is computed, so that the canary passes its check */
    int digit = my_number_digit((struct str){text[i], 11});
    assert_true(digit >= 0);
    text[i][11] = (char)('0' + digit);
    return (struct str){text[i], 12};
}

static void plant(struct town *t)
{
    for (size_t i = 0; i < 3; i++)
        TOWN_OK(t, vault_put(&t->w, (int64_t)i + 1, number_of(i), STR("転入届")));
}

static void test_put_and_reveal(void **state)
{
    struct town *t = *state;
    struct str shown;
    plant(t);
    TOWN_OK(t, vault_reveal(&t->w, 2, STR("情報照会の確認"), &shown));
    assert_true(str_equal(shown, number_of(1)));
    assert_int_equal(TOWN_OK(t, vault_matches(&t->w, 2, number_of(1))), 1);
    assert_int_equal(TOWN_OK(t, vault_matches(&t->w, 2, number_of(0))), 0);
    assert_int_equal(TOWN_OK(t, vault_matches(&t->w, 9, number_of(0))), 0);
    town_refused(t, vault_reveal(&t->w, 9, STR("確認"), &shown), ERR_NOT_FOUND, "vault.none");
    town_refused(t, vault_reveal(&t->w, 2, STR("  "), &shown), ERR_INVALID, "vault.reason");
    struct actor clerk = {.user_name = STR("c"),
                          .full_name = STR("c"),
                          .branch = STR("main"),
                          .terminal = STR("t"),
                          .rights = role_rights(ROLE_CLERK)};
    struct work w = t->w;
    w.actor = &clerk;
    assert_int_equal(vault_reveal(&w, 2, STR("見たい"), &shown), ERR_DENIED);
}

static void test_line_of_reveal(void **state)
{
    struct town *t = *state;
    struct str shown;
    struct audit_rows rows;
    plant(t);
    TOWN_OK(t, vault_reveal(&t->w, 2, STR("情報照会の確認"), &shown));
    struct audit_search s = {.person_id = 2, .from = YMD_NONE, .to = YMD_NONE};
    TOWN_OK(t, audit_find(&t->w.cx, t->w.audit, &s, &rows));
    assert_int_equal(rows.n, 2);
    assert_true(str_is(rows.rows[0].purpose, "情報照会の確認"));
    fault_arm("audit.write:1");
    town_refused(t, vault_reveal(&t->w, 2, STR("確認"), &shown), ERR_FAULT, "office.audit.write");
    fault_arm(NULL);
}

static void test_check_digit(void **state)
{
    struct town *t = *state;
    char bad[13];
    struct str good = number_of(0);
    memcpy(bad, good.p, 12);
    bad[11] = (char)(bad[11] == '9' ? '0' : bad[11] + 1);
    int rc = vault_put(&t->w, 1, (struct str){bad, 12}, STR("転入届"));
    assert_null(strstr(t->w.cx.error.facts, "123456"));
    assert_null(strstr(t->w.cx.error.detail, "123456"));
    town_refused(t, rc, ERR_INVALID, "vault.check_digit");
    town_refused(t, vault_put(&t->w, 1, STR("12345678901"), STR("転入届")), ERR_INVALID,
                 "vault.check_digit");
    town_refused(t, vault_put(&t->w, 1, STR("１２３４５６７８９０１８"), STR("転入届")),
                 ERR_INVALID, "vault.check_digit");
}

/* SEC-050: the old one is closed, not overwritten; the holder is found by the new one alone. */
static void test_change(void **state)
{
    struct town *t = *state;
    int64_t holder;
    TOWN_OK(t, vault_put(&t->w, 1, number_of(0), STR("転入届")));
    TOWN_OK(t, vault_put(&t->w, 1, number_of(2), STR("番号変更 職権")));
    assert_int_equal(TOWN_OK(t, vault_matches(&t->w, 1, number_of(2))), 1);
    assert_int_equal(TOWN_OK(t, vault_matches(&t->w, 1, number_of(0))), 0);
    assert_int_equal(TOWN_OK(t, vault_holder(&t->w, number_of(2), STR("情報提供"), &holder)), 1);
    assert_int_equal(holder, 1);
    assert_int_equal(TOWN_OK(t, vault_holder(&t->w, number_of(0), STR("情報提供"), &holder)), 0);
}

static void test_many(void **state)
{
    enum { MANY = 4100 };
    static struct vault_item items[MANY];
    static char numbers[MANY][12];
    struct town *t = *state;
    int64_t holder;
    for (int i = 0; i < MANY; i++) {
        char body[16];
        snprintf(body, sizeof body, "%011d", 10000 + i * 7);
        memcpy(numbers[i], body, 11);
        numbers[i][11] = (char)('0' + my_number_digit((struct str){body, 11}));
        items[i] = (struct vault_item){i + 1, {numbers[i], 12}};
    }
    for (int round = 0; round < 2; round++) { /* the second time nothing changes */
        TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
        struct event e = work_event(&t->w, "test.import");
        TOWN_OK(t, work_event_open(&t->w, &e));
        TOWN_OK(t, vault_put_many(&t->w, e.no, items, MANY));
        TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
    }
    assert_int_equal(TOWN_OK(t, vault_holder(&t->w, items[4000].number, STR("情報提供"), &holder)),
                     1);
    assert_int_equal(holder, 4001);
}

/* A sealed number that is moved to another person does not open. */
static void test_bound(void **state)
{
    struct town *t = *state;
    struct str shown;
    t->tampered = true;
    plant(t);
    engines_tamper(t->store, "update vault_number set sealed = (select v.sealed from vault_number "
                             "v where v.person_id = 1) where person_id = 2");
    town_refused(t, vault_reveal(&t->w, 2, STR("確認"), &shown), ERR_CORRUPT, "vault.sealed");
    TOWN_OK(t, vault_reveal(&t->w, 1, STR("確認"), &shown));
    assert_true(town_findings(t, false) > 0);
}

/* --- E4: planted numbers, 0 hits ---------------------------------------------------------- */

static int hits(const char *p, size_t n)
{
    int found = 0;
    for (size_t i = 0; i < 3; i++)
        found += memmem(p, n, number_of(i).p, 12) != NULL;
    return found;
}

static int hits_in_file(struct town *t, const char *path)
{
    struct text file;
    text_init(&file, 64 << 20);
    int rc = file_read(&t->cx, path, 64 << 20, &file);
    int found = rc < 0 || file.n == 0 ? 0 : hits(file.p, file.n);
    error_clear(&t->cx);
    text_release(&file);
    return found;
}

static int hits_in_folder(struct town *t, int *files)
{
    char path[700];
    int found = 0;
    DIR *d = opendir(t->path);
    assert_non_null(d);
    for (struct dirent *e = readdir(d); e; e = readdir(d)) {
        if (e->d_type != DT_REG)
            continue;
        snprintf(path, sizeof path, "%s/%s", t->path, e->d_name);
        found += hits_in_file(t, path);
        (*files)++;
    }
    closedir(d);
    return found;
}

static void test_canaries(void **state)
{
    struct town *t = *state;
    struct str shown;
    int files = 0;
    plant(t);
    TOWN_OK(t, vault_reveal(&t->w, 1, STR("確認"), &shown));
    assert_int_equal(hits_in_folder(t, &files), 0);
    assert_true(files >= 3);
    /* every list of audit lines */
    struct audit_rows rows;
    struct text all;
    text_init(&all, 1 << 20);
    TOWN_OK(t, audit_find(&t->w.cx, t->w.audit,
                          &(struct audit_search){.from = YMD_NONE, .to = YMD_NONE}, &rows));
    for (size_t i = 0; i < rows.n; i++)
        text_addf(&all, STR_FMT STR_FMT STR_FMT, STR_ARG(rows.rows[i].query),
                  STR_ARG(rows.rows[i].purpose), STR_ARG(rows.rows[i].screen));
    /* the errors of a wrong one, for the clerk and for the log */
    int rc = vault_put(&t->w, 1, STR("123456789012"), STR("転入届"));
    assert_int_equal(rc, ERR_INVALID);
    error_render(&t->w.cx.error, &all);
    error_render_log(&t->w.cx.error, &all);
    error_clear(&t->w.cx);
    assert_int_equal(hits(all.p, all.n), 0);
    assert_null(memmem(all.p, all.n, "123456789012", 12));
    text_release(&all);
}

/* What could end in a core file: the limit is 0, and the pages of keys and of the number shown are
 * marked as not to be dumped. */
static void test_no_core(void **state)
{
    struct town *t = *state;
    struct rlimit limit;
    struct str shown;
    plant(t);
    TOWN_OK(t, vault_reveal(&t->w, 1, STR("確認"), &shown));
    assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
    assert_int_equal(limit.rlim_cur, 0);
    assert_int_equal(limit.rlim_max, 0);
    FILE *f = fopen("/proc/self/smaps", "r");
    char line[512];
    unsigned long from = 0;
    unsigned long to = 0;
    bool inside = false;
    bool dumped = true;
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        unsigned long a;
        unsigned long b;
        if (sscanf(line, "%lx-%lx ", &a, &b) == 2) {
            from = a;
            to = b;
            inside = (unsigned long)shown.p >= from && (unsigned long)shown.p < to;
        } else if (inside && strncmp(line, "VmFlags:", 8) == 0) {
            dumped = strstr(line, " dd") == NULL;
        }
    }
    fclose(f);
    assert_false(dumped);
}

static void test_key_file(void **state)
{
    struct town *t = *state;
    char path[400];
    struct stat st;
    struct str shown;
    plant(t);
    snprintf(path, sizeof path, "%s/vault.key", t->path);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(t->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(chmod(path, 0640), 0);
    town_reopen(t, STORE_WRITE);
    town_refused(t, vault_reveal(&t->w, 1, STR("確認"), &shown), ERR_DENIED, "vault.key_mode");
    assert_int_equal(chmod(path, 0600), 0);
    TOWN_OK(t, vault_reveal(&t->w, 1, STR("確認"), &shown));
    /* Another key: the store without its key shows nothing. */
    TOWN_OK(
        t, file_write(&t->cx, path,
                      STR("1 0000000000000000000000000000000000000000000000000000000000000000\n")));
    assert_int_equal(chmod(path, 0600), 0);
    town_reopen(t, STORE_WRITE);
    town_refused(t, vault_reveal(&t->w, 1, STR("確認"), &shown), ERR_CORRUPT, "vault.sealed");
}

/* A second key: new numbers go under it, old ones still open. */
static void test_second_key(void **state)
{
    struct town *t = *state;
    char path[400];
    struct text keys;
    struct str shown;
    TOWN_OK(t, vault_put(&t->w, 1, number_of(0), STR("転入届")));
    snprintf(path, sizeof path, "%s/vault.key", t->path);
    text_init(&keys, 1000);
    TOWN_OK(t, file_read(&t->cx, path, 1000, &keys));
    text_adds(&keys, "2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n");
    TOWN_OK(t, file_write(&t->cx, path, text_str(&keys)));
    text_release(&keys);
    assert_int_equal(chmod(path, 0600), 0);
    town_reopen(t, STORE_WRITE);
    TOWN_OK(t, vault_put(&t->w, 2, number_of(1), STR("転入届")));
    TOWN_OK(t, vault_reveal(&t->w, 1, STR("確認"), &shown));
    assert_true(str_equal(shown, number_of(0)));
    TOWN_OK(t, vault_reveal(&t->w, 2, STR("確認"), &shown));
    assert_true(str_equal(shown, number_of(1)));
    struct office_db_vault_row_row row;
    TOWN_OK(t,
            office_db_vault_row(&t->w.cx, t->w.store, &(struct office_db_vault_row_in){2}, &row));
    assert_int_equal(row.key_id, 2);
    int64_t holder;
    assert_int_equal(TOWN_OK(t, vault_holder(&t->w, number_of(0), STR("情報提供"), &holder)), 1);
    assert_int_equal(holder, 1);
}

int main(void)
{
    static const struct desk *const desks[] = {&office_desk};
    office_desks_set(desks, 1);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("a number is shown with right and reason only [SEC-006 SEC-007]",
                   test_put_and_reveal),
        TOWN_TESTS("showing a number leaves its line, or does not happen [SEC-017 E2]",
                   test_line_of_reveal),
        TOWN_TESTS(
            "a number with a wrong check digit is refused and not repeated [NHI-CMN-019 SEC-047]",
            test_check_digit),
        TOWN_TESTS("a changed number closes the old one [SEC-050]", test_change),
        TOWN_TESTS("many numbers under one event [NHI-CMN-019]", test_many),
        TOWN_TESTS("a number moved to another person does not open [SEC-022 SEC-044]", test_bound),
        TOWN_TESTS("planted numbers stand in no file, line or message [E4]", test_canaries),
        TOWN_TESTS("keys and the number shown are in no core file [E4]", test_no_core),
        TOWN_TESTS("without its key file the store shows nothing [SEC-044]", test_key_file),
        TOWN_TESTS("a second key leaves old numbers readable [SEC-044]", test_second_key),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
