/* Cases of `simulate premium`: the published examples to the yen, months, refusals by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#undef fail

#include "law/law.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct world {
    struct arena arena;
    struct context cx;
    struct premium *premium;
    struct text out;
};

static int open_rules(struct world *w, struct str municipality)
{
    arena_init(&w->arena, 0);
    context_init(&w->cx, env_real(), &w->arena);
    text_init(&w->out, 8 << 20);
    return premium_new(&w->cx, ROOT "/rules", municipality, &w->premium);
}

static void close_rules(struct world *w)
{
    premium_release(w->premium);
    text_release(&w->out);
    arena_release(&w->arena);
}

static struct world world;

static int set_up(void **state)
{
    *state = &world;
    return open_rules(&world, STR_NONE) == OK ? 0 : -1;
}

static int tear_down(void **state)
{
    close_rules(*state);
    return 0;
}

/* The answer as JSON, released by the caller; *status what premium_line gave. */
static json_t *ask(struct world *w, struct str line, int *status)
{
    text_clear(&w->out);
    *status = premium_line(w->premium, line, false, &w->out);
    struct str s = text_str(&w->out);
    assert_null(memchr(s.p, '\n', s.n));
    json_t *answer = json_loadb(s.p, s.n, JSON_REJECT_DUPLICATES, NULL);
    if (*status >= 0)
        assert_non_null(answer);
    return answer;
}

static int64_t number_at(const json_t *answer, const char *component, const char *name)
{
    const json_t *v = component[0] ? json_object_get(answer, component) : answer;
    v = json_object_get(v, name);
    if (!json_is_integer(v)) {
        print_error("%s.%s is missing\n", component, name);
        return INT64_MIN;
    }
    return json_integer_value(v);
}

/* ---- M2 ----------------------------------------------------------------------------------- */

struct tally {
    int cases, figures, wrong;
};

static void compare_figure(struct tally *t, const char *id, const json_t *got, const char *name,
                           const json_t *want)
{
    const json_t *v = json_object_get(got, name);
    t->figures++;
    if (json_is_integer(v) && json_integer_value(v) == json_integer_value(want))
        return;
    t->wrong++;
    print_error("%s %s: published %lld, computed %lld\n", id, name,
                (long long)json_integer_value(want), (long long)json_integer_value(v));
}

static void compare_case(struct tally *t, const json_t *c, const json_t *answer)
{
    const char *id = json_string_value(json_object_get(c, "id"));
    const char *name, *part;
    json_t *want, *figure;
    assert_string_equal(json_string_value(json_object_get(answer, "id")), id);
    t->cases++;
    json_object_foreach(json_object_get(c, "expect"), name, want)
    {
        if (!json_is_object(want)) {
            compare_figure(t, id, answer, name, want);
            continue;
        }
        json_object_foreach(want, part, figure)
            compare_figure(t, id, json_object_get(answer, name), part, figure);
    }
}

static void examples_come_out(void **state)
{
    struct world *w = *state;
    struct text file;
    struct tally t = {0};
    int status;
    text_init(&file, 4 << 20);
    assert_int_equal(file_read(&w->cx, ROOT "/test/data/examples/premium.jsonl", 4 << 20, &file),
                     OK);
    struct str rest = text_str(&file);
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n');
        json_t *c = json_loadb(line.p, line.n, 0, NULL);
        json_t *answer = ask(w, line, &status);
        assert_int_equal(status, 0);
        compare_case(&t, c, answer);
        json_decref(c);
        json_decref(answer);
    }
    text_release(&file);
    print_message("# %d examples, %d published figures\n", t.cases, t.figures);
    assert_int_equal(t.cases, 338);
    assert_int_equal(t.figures, 608);
    assert_int_equal(t.wrong, 0);
}

/* ---- months ------------------------------------------------------------------------------- */

#define ROUNDING                                                                                   \
    "\"rounding\":{\"income_levy\":\"per_person\",\"reduction\":\"exact\",\"component_unit\":1,"   \
    "\"total_unit\":1}"
#define MEDICAL(rate, capita, household, cap)                                                      \
    "\"medical\":{\"income_rate\":\"" rate "\",\"per_capita\":" #capita                            \
    ",\"per_household\":" #household ",\"cap\":" #cap "}"
#define CASE(rates, members)                                                                       \
    "{\"id\":\"t\",\"kind\":\"fee\",\"fiscal_year\":2025,\"rates\":{" rates "}," ROUNDING          \
    ",\"members\":[" members "]}"
#define HEAD "{\"head\":true,\"insured\":true,\"age\":45}"

static int64_t medical_of(struct world *w, const char *line, const char *part)
{
    int status;
    json_t *answer = ask(w, str_of(line), &status);
    int64_t v = status == 0 ? number_at(answer, "medical", part) : INT64_MIN;
    json_decref(answer);
    return v;
}

/* 10 and 6 with a cap of 12; the second leaves after six months: 12*6/12 + 10*6/12 = 11. */
static void capped_segments(void **state)
{
    assert_int_equal(
        medical_of(*state,
                   CASE(MEDICAL("10", 0, 0, 120000),
                        "{\"head\":true,\"insured\":true,\"age\":45,\"total_income\":1430000},"
                        "{\"insured\":true,\"age\":44,\"total_income\":1030000,\"months\":{"
                        "\"medical\":6}}"),
                   "amount"),
        110000);
}

static void months_of_one(void **state)
{
    static const struct {
        int months;
        int64_t wanted;
    } rows[] = {{0, 0}, {1, 2083}, {5, 10416}, {11, 22916}, {12, 25000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char line[900];
        snprintf(line, sizeof line,
                 CASE(MEDICAL("8", 20000, 5000, 660000),
                      "{\"head\":true,\"insured\":true,\"age\":45,\"earner\":true,\"total_income\":"
                      "430000,"
                      "\"months\":{\"medical\":%d}}"),
                 rows[i].months);
        char *end = strrchr(line, '}');
        snprintf(end, sizeof line - (size_t)(end - line), ",\"reduction\":0}");
        assert_int_equal(medical_of(*state, line, "amount"), rows[i].wanted);
    }
}

static void half_a_yen_of_a_segment(void **state)
{
    /* 12,345 for five months is 5,143.75; the exact twelfths are floored once, at the component */
    assert_int_equal(medical_of(*state,
                                CASE(MEDICAL("0", 12345, 0, null),
                                     HEAD ",{\"insured\":true,\"age\":20,\"total_income\":9000000,"
                                          "\"months\":{\"medical\":5}}"),
                                "amount"),
                     12345 + 5143);
}

static void care_months(void **state)
{
    int status;
    json_t *answer =
        ask(*state,
            STR("{\"id\":\"t\",\"fiscal_year\":2025,\"reduction\":0,\"rates\":{"
                "\"care\":{\"income_rate\":\"1\",\"per_capita\":12000,\"per_household\":0,\"cap\":"
                "null}}," ROUNDING
                ",\"members\":[{\"head\":true,\"insured\":true,\"age\":39,\"months\":{\"care\":4}},"
                "{\"insured\":true,\"age\":40},{\"insured\":true,\"age\":64},{\"insured\":true,"
                "\"age\":65},"
                "{\"insured\":true,\"age\":39}]}"),
            &status);
    assert_int_equal(status, 0);
    assert_int_equal(number_at(answer, "care", "amount"), 4000 + 12000 + 12000);
    json_decref(answer);
}

/* ---- members by their days ---------------------------------------------------------------- */

#define DAYS(liable, members)                                                                      \
    "{\"id\":\"t\",\"fiscal_year\":2025,\"reduction\":0,\"rates\":{\"medical\":{\"income_rate\":"  \
    "\"9\","                                                                                       \
    "\"per_capita\":36000,\"per_household\":24000,\"cap\":null}}," ROUNDING liable                 \
    ",\"members\":[" members "]}"
#define WORKER(more) "{\"head\":true,\"born\":\"1980-05-01\",\"salary_revenue\":3000000" more "}"

/* 3,000,000 of wages: 2,020,000, less 430,000, 9%: 143,100; with 36,000 and 24,000: 203,100 a year.
 */
static void days_count_months(void **state)
{
    static const struct {
        const char *line;
        int64_t amount;
    } cases[] = {
        {DAYS("", WORKER(",\"periods\":[{\"from\":\"2015-04-01\"}]")), 203100},
        /* a job from the last day of September: September is the employer's */
        {DAYS("", WORKER(",\"periods\":[{\"from\":\"2015-04-01\",\"to\":\"2025-10-01\",\"cause\":"
                         "\"employer\",\"cause_day\":\"2025-09-30\"}]")),
         203100 * 5 / 12},
        {DAYS("", WORKER(",\"periods\":[{\"from\":\"2015-04-01\",\"to\":\"2025-10-01\",\"cause\":"
                         "\"death\"}]")),
         203100 * 6 / 12},
        {DAYS(",\"liable_from\":\"2025-12-20\"",
              WORKER(",\"periods\":[{\"from\":\"2015-04-01\"}]")),
         203100 * 4 / 12},
        {DAYS(",\"liable_to\":\"2025-12-20\"", WORKER(",\"periods\":[{\"from\":\"2015-04-01\"}]")),
         203100 * 8 / 12},
        /* left work by no fault of hers: 606,000 of the wages count, from June */
        {DAYS("",
              WORKER(",\"leavings\":[{\"day\":\"2025-05-31\",\"code\":11}],\"periods\":[{\"from\":"
                     "\"2025-06-01\"}]")),
         (15840 + 60000) * 10 / 12},
        /* moved to late-stage care in May 2021: half until April 2026 */
        {DAYS("", "{\"head\":true,\"born\":\"1946-05-10\",\"late_stage\":\"2021-05-10\"},"
                  "{\"born\":\"1960-01-01\",\"periods\":[{\"from\":\"2015-04-01\"}]}"),
         36000 + 12000},
        /* expecting: her levy and per-capita amount of four months */
        {DAYS("", WORKER(",\"births\":[{\"due\":\"2025-09-20\"}],\"periods\":[{\"from\":"
                         "\"2015-04-01\"}]")),
         203100 - (143100 + 36000) * 4 / 12},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int status;
        json_t *answer = ask(*state, str_of(cases[i].line), &status);
        print_message("# case %zu\n", i);
        assert_int_equal(status, 0);
        assert_int_equal(number_at(answer, "medical", "amount"), cases[i].amount);
        json_decref(answer);
    }
}

/* ---- what is refused ---------------------------------------------------------------------- */

struct refused {
    const char *line, *code, *field;
};

#define MEMBER(fields) CASE(MEDICAL("8", 20000, 5000, 660000), "{\"age\":45" fields "}")
#define DATED(fields)  CASE(MEDICAL("8", 20000, 5000, 660000), "{\"born\":\"1980-05-01\"" fields "}")
#define RATE(fields)   CASE("\"medical\":{" fields "}", HEAD)

static const struct refused refusals[] = {
    {"", "syntax", ""},
    {"{", "syntax", ""},
    {"\xEF\xBB\xBF{}", "syntax", ""},
    {"{\"id\":\"\xE3\x81\"}", "syntax", ""},
    {"[]", "type", ""},
    {"{\"id\":\"a\",\"id\":\"b\"}", "duplicate_field", ""},
    {"{\"id\":\"t\"}", "missing", "fiscal_year"},
    {"{\"id\":{}}", "type", "id"},
    {"{\"id\":\"t\",\"fiscal_year\":\"2025\"}", "type", "fiscal_year"},
    {"{\"id\":\"t\",\"fiscal_year\":2013}", "range", "fiscal_year"},
    {"{\"id\":\"t\",\"fiscal_year\":2025,\"members\":[]}", "range", "members"},
    {"{\"id\":\"t\",\"fiscal_year\":2025,\"members\":{}}", "type", "members"},
    {"{\"id\":\"t\",\"fiscal_year\":2025,\"members\":[1]}", "type", "members[0]."},
    {"{\"id\":\"t\",\"fiscal_year\":2025,\"members\":[" HEAD "]}", "missing", "rates"},
    {"{\"id\":\"t\",\"fiscal_year\":2025,\"rates\":{},\"members\":[" HEAD "]}", "missing",
     "rounding"},
    {"{\"id\":\"t\",\"fiscal_year\":2025,\"kind\":\"toll\"}", "range", "kind"},
    {"{\"id\":\"t\",\"fiscal_year\":2025,\"reduction\":3}", "range", "reduction"},
    {"{\"id\":\"t\",\"fiscal_year\":2025,\"exemption\":{\"medical\":-1}}", "range",
     "exemption.medical"},
    {"{\"id\":\"t\",\"fiscal_year\":2025,\"exemption\":{\"dental\":1}}", "unknown_field",
     "exemption.dental"},
    {"{\"id\":\"t\",\"fiscal_year\":2025,\"rates\":{\"child\":{}}}", "range", "rates.child"},
    {"{\"id\":\"t\",\"fiscal_year\":2025,\"rounding\":{}}", "missing", "rounding.income_levy"},
    {"{\"id\":\"t\",\"fiscal_year\":2025,\"rounding\":{\"income_levy\":\"up\"}}", "range",
     "rounding.income_levy"},
    {"{\"id\":\"t\",\"colour\":1}", "unknown_field", "colour"},
    {RATE(""), "missing", "rates.medical.income_rate"},
    {RATE("\"income_rate\":7.71"), "type", "rates.medical.income_rate"},
    {RATE("\"income_rate\":\"7,71\""), "type", "rates.medical.income_rate"},
    {RATE("\"income_rate\":\"-1\""), "type", "rates.medical.income_rate"},
    {RATE("\"income_rate\":\"100.0001\""), "range", "rates.medical.income_rate"},
    {RATE("\"income_rate\":\"7.71\""), "missing", "rates.medical.per_capita"},
    {RATE("\"income_rate\":\"7\",\"per_capita\":1,\"per_household\":0"), "missing",
     "rates.medical.cap"},
    {RATE(
         "\"income_rate\":\"7\",\"per_capita\":1,\"per_household\":0,\"per_adult\":1,\"cap\":null"),
     "unknown_field", "rates.medical.per_adult"},
    {MEMBER(",\"salary\":1"), "unknown_field", "members[0].salary"},
    {MEMBER(",\"salary_revenue\":1.5"), "type", "members[0].salary_revenue"},
    {MEMBER(",\"salary_revenue\":-1"), "range", "members[0].salary_revenue"},
    {MEMBER(",\"salary_revenue\":100000000001"), "range", "members[0].salary_revenue"},
    {MEMBER(",\"head\":1"), "type", "members[0].head"},
    {MEMBER(",\"months\":{\"medical\":13}"), "range", "members[0].months.medical"},
    {MEMBER(",\"months\":{\"dental\":1}"), "unknown_field", "members[0].months.dental"},
    {CASE(MEDICAL("8", 1, 1, 1), "{\"insured\":true}"), "missing", "members[0].age"},
    {CASE(MEDICAL("8", 1, 1, 1), "{\"age\":131}"), "range", "members[0].age"},
    {CASE(MEDICAL("8", 1, 1, 1), HEAD "," HEAD), "range", "members"},
    {DATED(",\"age\":45"), "unknown_field", "members[0].age"},
    {DATED(",\"total_income\":1"), "unknown_field", "members[0].total_income"},
    {MEMBER(",\"late_stage\":\"2025-04-01\""), "unknown_field", "members[0].late_stage"},
    {DATED(",\"late_stage\":\"2025-02-30\""), "type", "members[0].late_stage"},
    {DATED(",\"net_loss\":-1"), "type", "members[0].net_loss"},
    {DATED(",\"periods\":{}"), "type", "members[0].periods"},
    {DATED(",\"periods\":[1]"), "type", "members[0].periods[0]"},
    {DATED(",\"periods\":[{\"to\":\"2025-05-01\"}]"), "missing", "members[0].periods[0].from"},
    {DATED(",\"periods\":[{\"from\":\"2025-05-01\",\"cause\":\"holiday\"}]"), "type",
     "members[0].periods[0].cause"},
    {DATED(",\"births\":[{\"due\":\"2025-05-01\",\"sex\":1}]"), "unknown_field",
     "members[0].births[0].sex"},
    {DATED(",\"leavings\":[{\"day\":\"2025-05-01\",\"code\":100}]"), "type",
     "members[0].leavings[0].code"},
    {CASE(MEDICAL("8", 1, 1, 1), HEAD ",{\"born\":\"1980-05-01\"}"), "missing", "members[1].born"},
    {"{\"id\":\"t\",\"fiscal_year\":2025,\"liable_to\":\"soon\"}", "type", "liable_to"},
    {"{\"id\":\"t\",\"fiscal_year\":2025,\"rounding\":{\"income_levy\":\"none\",\"reduction\":"
     "\"exact\",\"component_unit\":1,\"total_unit\":1,\"cap_basis\":\"month\"}}",
     "range", "rounding.cap_basis"},
};

static bool is_refused_so(struct world *w, const struct refused *r)
{
    int status;
    json_t *answer = ask(w, str_of(r->line), &status);
    const json_t *error = json_object_get(answer, "error");
    const char *code = json_string_value(json_object_get(error, "code"));
    const char *field = json_string_value(json_object_get(error, "field"));
    bool so =
        status == 1 && code && field && strcmp(code, r->code) == 0 && strcmp(field, r->field) == 0;
    if (!so)
        print_error("%s: %d %s %s\n", r->line, status, code ? code : "-", field ? field : "-");
    json_decref(answer);
    return so;
}

static void refusals_name_the_field(void **state)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        assert_true(is_refused_so(*state, &refusals[i]));
}

static void ids_come_back(void **state)
{
    static const char *const rows[][2] = {{"{\"id\":\"\\u0001\xE5\xB1\xB1\\\"\",\"x\":1}",
                                           "{\"id\":\"\\u0001\xE5\xB1\xB1\\\"\","},
                                          {"{\"id\":-9,\"x\":1}", "{\"id\":-9,"},
                                          {"{\"id\":true}", "{\"id\":null,"},
                                          {"{\"id\":\"b\",\"id\":\"b\"}", "{\"id\":\"b\","},
                                          {"{}", "{\"id\":null,"}};
    struct world *w = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int status;
        json_decref(ask(w, str_of(rows[i][0]), &status));
        assert_int_equal(status, 1);
        assert_memory_equal(w->out.p, rows[i][1], strlen(rows[i][1]));
    }
}

/* A case of n members, padded with blanks to at least bytes. */
static struct str large_case(struct world *w, int members, size_t bytes)
{
    struct text t;
    text_init(&t, 4 << 20);
    text_adds(&t, "{\"id\":\"t\",\"fiscal_year\":2025,\"rates\":{" MEDICAL(
                      "8", 100, 0, null) "}," ROUNDING ",\"reduction\":0,\"members\":[" HEAD);
    for (int i = 1; i < members; i++)
        text_adds(&t, ",{\"insured\":true,\"age\":130}");
    text_adds(&t, "]}");
    while (t.n < bytes)
        text_addc(&t, ' ');
    struct str s = str_copy(&w->arena, text_str(&t));
    text_release(&t);
    return s;
}

static void sizes_at_the_limit(void **state)
{
    struct world *w = *state;
    int status;
    json_t *answer = ask(w, large_case(w, 100, 0), &status);
    assert_int_equal(status, 0);
    assert_int_equal(number_at(answer, "medical", "amount"), 100 * 100);
    json_decref(answer);
    json_decref(ask(w, large_case(w, 101, 0), &status));
    assert_int_equal(status, 1);
    json_decref(ask(w, large_case(w, 1, PREMIUM_LINE_MAX), &status));
    assert_int_equal(status, 0);
    json_decref(ask(w, large_case(w, 1, PREMIUM_LINE_MAX + 1), &status));
    assert_int_equal(status, 1);
    assert_non_null(strstr(w->out.p, "\"limit\""));
}

/* ---- rulebooks ---------------------------------------------------------------------------- */

static void rates_of_a_rulebook(void **state)
{
    struct world *national = *state, w;
    int status, other;
    struct str bare =
        STR("{\"id\":\"t\",\"fiscal_year\":2025,\"members\":[{\"head\":true,\"insured\":true,"
            "\"age\":45,\"salary_revenue\":3000000}]}");
    assert_int_equal(open_rules(&w, STR("新宿区")), OK);
    json_t *answer = ask(&w, bare, &status);
    assert_int_equal(status, 0);
    assert_int_equal(number_at(answer, "", "total"), 281835);
    assert_null(json_object_get(answer, "child"));
    json_decref(answer);
    json_decref(ask(national, bare, &other));
    assert_int_equal(other, 1);
    /* 支援分・介護分 of 令和5年度 are not known: no figure is made up */
    json_decref(
        ask(&w, STR("{\"id\":\"t\",\"fiscal_year\":2023,\"members\":[" HEAD "]}"), &status));
    assert_int_equal(status, 1);
    close_rules(&w);
    assert_int_equal(open_rules(&w, STR("無名市")), ERR_NOT_FOUND);
    close_rules(&w);
}

/* The n-th request for memory fails, for every n until the case comes out with its explanation. */
static void out_of_memory(void **state)
{
    struct world *w = *state;
    struct str line = STR(CASE(MEDICAL("9", 333, 7, 1000), HEAD));
    int status = ERR_MEMORY;
    for (uint64_t n = 1; status < 0; n++) {
        text_clear(&w->out);
        memory_fail_at(n, false);
        status = premium_line(w->premium, line, true, &w->out);
        memory_fail_at(0, false);
        if (status < 0)
            assert_int_equal(w->out.n, 0);
        assert_true(n < 5000);
    }
    int again;
    json_t *answer = ask(w, line, &again);
    assert_int_equal(again, 0);
    assert_int_equal(number_at(answer, "medical", "amount"), 100 + 2);
    json_decref(answer);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        {"all 338 published examples come out to the yen in every published part [M2 NHI-ASM-015 "
         "NHI-ASM-019]",
         examples_come_out, set_up, tear_down, NULL},
        {"the cap holds for each composition, months are taken of the capped amount [E6 "
         "NHI-ASM-019]",
         capped_segments, set_up, tear_down, NULL},
        {"0 to 12 months of one person [G1 NHI-ASM-019]", months_of_one, set_up, tear_down, NULL},
        {"fractions of months are floored once, at the component [G2]", half_a_yen_of_a_segment,
         set_up, tear_down, NULL},
        {"care falls on 40 to 64, or on the months given [NHI-ASM-009 NHI-ASM-019]", care_months,
         set_up, tear_down, NULL},
        {"members by their days: months, debtors, special households [E3 G1 NHI-ASM-019]",
         days_count_months, set_up, tear_down, NULL},
        {"a case that cannot be read is refused by code and field [F6 NHI-ASM-015]",
         refusals_name_the_field, set_up, tear_down, NULL},
        {"a refused case keeps its id [F6]", ids_come_back, set_up, tear_down, NULL},
        {"100 members and a line of 1 MiB pass, one more is refused [F6]", sizes_at_the_limit,
         set_up, tear_down, NULL},
        {"rates come from a rulebook; years it does not know are refused [NHI-ASM-015]",
         rates_of_a_rulebook, set_up, tear_down, NULL},
        {"memory runs out at every request in turn: an error, then the right figure [F1]",
         out_of_memory, set_up, tear_down, NULL},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
