/* What mksql refuses, with file, line and what was expected; and that it takes what it should. */
#include "engines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TABLE(columns)                                                                             \
    "-- table: t\n-- about: a table\n-- marks: plain\ncreate table t (\n" columns "\n);\n"
#define FACT(columns)                                                                              \
    "-- table: t\n-- about: a table\n-- marks: fact chained\ncreate table t (\n" columns "\n);\n"
#define ID                "t_id id not null primary key, -- 行番号 | 共通 内部番号 7年 なし 開示\n"
#define NAME              "name text not null -- 名 | 共通 内部番号 7年 なし 開示"
#define FIRST             "name text not null, -- 名 | 共通 内部番号 7年 なし 開示\n"
#define KNOWN             "known_from id not null, known_to id"
#define QUERY(heads, sql) "-- query: q\n-- purpose: p\n" heads sql

struct refused {
    const char *schema;
    const char *queries;
    const char *message; /* part of it */
};

static char folder[300];
static const char *queries_file = "t.sql";

static void write_file(const char *name, const char *text)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

/* Exit status; what it said goes to out. */
static int run(const char *schema, const char *queries, char *out, size_t room)
{
    int ends[2];
    int status = 0;
    write_file("schema.sql", schema);
    write_file(queries_file, queries ? queries : "");
    assert_int_equal(pipe(ends), 0);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        if (chdir(folder) == 0)
            execl(engines_mksql, "mksql", "t", "out.c", "out.h", "schema.sql", queries_file,
                  (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    size_t n = 0;
    for (ssize_t got = 1; got > 0 && n<room - 1; n += got> 0 ? (size_t)got : 0)
        got = read(ends[0], out + n, room - 1 - n);
    close(ends[0]);
    out[n] = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static const struct refused cases[] = {
    {TABLE("name text not null"), NULL, "schema.sql:5: column name: comment"},
    {TABLE("name text not null -- 名 | 共通 内部番号 7年 なし"), NULL, "five words expected"},
    {TABLE("name varchar not null -- 名 | 共通 内部番号 7年 なし 開示"), NULL,
     "schema.sql:5: column name: 'varchar' is no type"},
    {TABLE("user text not null -- 名 | 共通 内部番号 7年 なし 開示"), NULL, "reserved word"},
    {"create table t (\n" NAME "\n);\n", NULL, "'-- table: t' must stand above"},
    {"-- table: t\n-- about: x\n-- marks: fats\ncreate table t (\n" NAME "\n);\n", NULL,
     "'fats' is none of"},
    {FACT(ID NAME), NULL, "a fact needs known_from and known_to"},
    {FACT(FIRST KNOWN), NULL, "one id column as primary key"},
    {TABLE(ID FIRST KNOWN), NULL, "must be marked fact"},
    {TABLE(NAME), QUERY("-- rows: many\n", "select name from t"),
     "t.sql:1: query q: out is missing"},
    {TABLE(NAME), QUERY("-- out: name text\n", "select name from t"), "'-- rows:' is missing"},
    {TABLE(NAME), QUERY("-- rows: some\n-- out: name text\n", "select name from t"),
     "rows 'some' is none of"},
    {TABLE(NAME), QUERY("-- rows: many\n-- out: name text\n", "select name from t where name = $x"),
     "parameter is not declared in -- in: 'x'"},
    {TABLE(NAME), QUERY("-- rows: many\n-- in: x text\n-- out: name text\n", "select name from t"),
     "declared but not used: 'x'"},
    {TABLE(NAME), QUERY("-- rows: many\n-- in: x txt\n-- out: name text\n", "select name from t"),
     "a name and a type expected"},
    {TABLE(NAME),
     QUERY("-- rows: many\n-- in: x id[]\n-- out: name text\n", "select name from t where 1 = $x"),
     "an array stands only in {in ...}"},
    {TABLE(NAME),
     QUERY("-- rows: many\n-- in: x text[]\n-- out: name text\n", "select k.value from {each x} k"),
     "{each ...} stands only in a variant for sqlite: 'x'"},
    {TABLE(NAME), QUERY("-- rows: many\n-- out: name text\n", "select name from t where {asof}"),
     "markers are"},
    {TABLE(NAME), "-- query: q postgres\n-- purpose: p\n-- rows: many\n-- out: n text\nselect 1",
     "'-- why:' is missing"},
    {FACT(ID FIRST KNOWN), QUERY("-- rows: exec\n", "delete from t"),
     "table t is chained; use the generated functions"},
    {FACT(ID FIRST KNOWN), QUERY("-- rows: exec\n", "update t set name = 'x'"),
     "table t is chained"},
};

static void test_refused(void **state)
{
    (void)state;
    char said[2000];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int status = run(cases[i].schema, cases[i].queries, said, sizeof said);
        if (status != 1 || !strstr(said, cases[i].message))
            fail_msg("case %zu: exit %d: '%s' lacks '%s'", i, status, said, cases[i].message);
    }
}

static void test_taken(void **state)
{
    (void)state;
    char said[2000];
    const char *queries = QUERY("-- in: names text[], n count?\n-- out: name text\n-- rows: many\n",
                                "select t.name -- a comment\nfrom t\nwhere t.name in {in names}\n"
                                "and {asof t} and t.name <> '{now x} $n ?' limit $n;\n\n"
                                "-- query: q sqlite\n-- why: measured\nselect t.name\n"
                                "from {each names} k join t on t.name = k.value and {asof t}\n"
                                "limit $n;\n");
    int status = run(FACT(ID FIRST KNOWN ", valid_from day not null, valid_to day"), queries, said,
                     sizeof said);
    if (status != 0)
        fail_msg("%s", said);
}

#define LIST(right, heads, sql)                                                                    \
    "-- list: l\n-- title: x\n-- right: " right "\n-- audit: output\n" heads sql

/* Statistics hold no name, number or address, and say which of their columns count people. */
static void test_statistics_refused(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        const char *message; /* NULL: taken */
    } lists[] = {
        {LIST("statistics", "-- column: n count 人数\n", "select count(*) from t"),
         "say which columns count people"},
        {LIST("statistics", "-- small: n\n-- column: n count 人数\n", "select count(*) from t"),
         NULL},
        {LIST("statistics", "-- small: m\n-- column: n count 人数\n", "select count(*) from t"),
         "'m' is no column of counts"},
        {LIST("statistics", "-- small: none\n-- column: name text 氏名\n", "select name from t"),
         "statistics show nobody: no column 'name'"},
        {LIST("RIGHT_STATISTICS", "-- small: none\n-- column: x_no text 番号\n",
              "select name from t"),
         "no column 'x_no'"},
        {LIST("statistics", "-- small: none\n-- column: row id 行\n", "select t_id from t"),
         "no column 'row'"},
        {LIST("statistics", "-- small: none\n-- column: x text 値\n", "select t.person_no\nfrom t"),
         "'person_no' is selected"},
        {LIST("list", "-- column: name text 氏名\n", "select name from t"), NULL},
    };
    char said[2000];
    queries_file = "lists/l.sql";
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const char *wanted = lists[i].message;
        int status = run(TABLE(ID NAME), lists[i].list, said, sizeof said);
        if (wanted ? status != 1 || !strstr(said, wanted) : status != 0)
            fail_msg("list %zu: exit %d: '%s' lacks '%s'", i, status, said, wanted ? wanted : "");
    }
    queries_file = "t.sql";
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/hokenka-mksql-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    char path[400];
    snprintf(path, sizeof path, "%s/lists", folder);
    return mkdir(path, 0700);
}

static int drop_folder(void **state)
{
    static const char *const names[] = {"schema.sql", "t.sql", "out.c", "out.h", "lists/l.sql"};
    char path[400];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/lists", folder);
    return rmdir(path) == 0 ? rmdir(folder) : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_statistics_refused),
    };
    struct CMUnitTest named[3];
    memcpy(named, tests, sizeof tests);
    named[0].name = "mksql refuses with file, line and what was expected";
    named[1].name = "mksql takes markers, arrays, comments and quoted look-alikes";
    named[2].name = "mksql refuses statistics that show somebody [NHI-CMN-023]";
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(named, make_folder, drop_folder);
}
