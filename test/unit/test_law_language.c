/* The rule language: what is refused, where exactly, and what was expected. */
#include "law_world.h"

#define HEAD                                                                                       \
    "規則 \"試験\"\n"                                                                          \
    "選択 区分 \"区分\" = 医療, 支援\n"                                                  \
    "範囲 世帯 \"世帯\"\n"                                                                   \
    "範囲 世帯員 \"世帯員\" 上 世帯\n"                                                  \
    "事実 収入 [世帯員] : 円 \"収入\" 既定 0円\n"                                     \
    "事実 任意 [世帯員] : 円 \"任意\" 既定 なし\n"                                   \
    "事実 生日 [世帯員] : 日 \"生年月日\"\n"                                           \
    "値 率 (区分) : 割合 \"率\" 根拠 \"法\" 令和8年度から 医療 7.71% 支援 2%\n"

struct mistake {
    const char *line; /* the ninth line of the text */
    const char *message;
    const char *facts;
};

/* @ stands before the character the error must point at. */
static const struct mistake mistakes[] = {
    {"定義 額 [世帯員] : 円 \"額\" 令和8年度から = 収入 @＋ 1円", "law.lex.fullwidth", "instead=+"},
    {"定義 額 [世帯員] : 円 \"額\" 令和8年度から = 収入 + @１円", "law.lex.fullwidth", "instead=1"},
    {"定義@　額", "law.lex.fullwidth", "instead= "},
    {"定義 額 [世帯員] : 円 \"額\" 令和8年度から = 切捨@（収入, 1円)", "law.lex.fullwidth",
     "instead=("},
    {"定義 額 [世帯員] : 円 \"額\" 令和8年度から = 収入 @≦ 1円", "law.lex.fullwidth", "instead=<="},
    {"定義 額 [世帯員] : 円 @\"額", "law.lex.text", ""},
    {"事実 日 [世帯員] : 日 \"日\" 既定 @2026-02-30", "law.lex.date", "2026-02-30"},
    {"値 限度 : 円 \"限\" 令和8年度から @9_999_999_999_999_999円", "law.lex.number", ""},
    {"値 限度 : 月 \"限\" 令和8年度から @13月", "law.lex.month", "13月"},
    {"定義 額 [世帯員] : 円 \"額\" 令和8年度から = 収入 + @生日", "law.check.type",
     "expected=円 got=日"},
    {"定義 額 [世帯員] : 円 \"額\" 令和8年度から = 収入 * @収入", "law.check.type",
     "expected=割合|件 got=円"},
    {"定義 額 [世帯員] : 件 \"額\" 令和8年度から = @収入", "law.check.type", "expected=件 got=円"},
    {"定義 額 [世帯員] : 真偽 \"額\" 令和8年度から = 収入 > @3", "law.check.type",
     "expected=円 got=件"},
    {"定義 額 [世帯員] : 円 \"額\" 令和8年度から = @収人", "law.check.unknown", "name=収人"},
    {"定義 額 [世帯員] : 円 \"額\" 令和8年度から = 収入 * @率", "law.check.index", "expected=区分"},
    {"定義 額 [世帯員] : 円 \"額\" 令和8年度から = 収入 * @率(区分)", "law.check.index",
     "expected=区分"},
    {"定義 額 [世帯] : 円 \"額\" 令和8年度から = @収入", "law.check.scope", "scope=世帯員"},
    {"定義 額 [世帯員] : 円 \"額\" 令和8年度から = @任意", "law.check.optional", "name=任意"},
    {"定義 額 [世帯員] : 円 \"額\" 令和8年度から = @合計(世帯 : 収入)", "law.check.over",
     "scope=世帯"},
    {"定義 額 [世帯員] : 円 \"額\" 令和8年度から = @切捨(収入)", "law.parse.count", "want=2 got=1"},
    {"定義 額 [世帯員] : 円 \"額\" 令和8年度から = 場合 収入 > 0円 なら 1円", "law.parse.end",
     "expected="},
    {"定義 額 [世帯員] : 円 \"額\" 令和8年度から = 1円 < 収入 @< 2円", "law.parse.expected",
     "got=<"},
    {"定義 額 [世帯員] : 円 \"額\" @= 収入", "law.parse.expected", "expected=令和8年度から"},
    {"@定義 収入 [世帯員] : 円 \"額\" 令和8年度から = 1円", "law.check.taken", "name=収入"},
    {"定義 額 [@世帯人] : 円 \"額\"", "law.parse.expected", "expected=SCOPE"},
    {"@事実 比 [世帯員] : 割合 \"比\"", "law.check.fact_ratio", "name=比"},
    {"定め @収入 令和8年度から 1円", "law.check.not_parameter", "name=収入"},
    {"定め @率 令和8年度から 医療 1%", "law.check.same_layer", "name=率"},
    {"値 段 (額 : 円) : 円 \"段\" @令和8年度から 5円以下 1円 ; 3円以下 2円 ; 他 0円",
     "law.check.steps", ""},
    {"値 二度 : 円 \"二\" 令和8年度から 1円 @令和8年度から 2円", "law.check.twice", "year=2026"},
    {"値 区 : 円 \"区\" 令和8年度から @1%", "law.check.value", "expected=円"},
    {"例 \"例\" 年度 令和8年度 前提 世帯員 { 収入 = @3 } 結果 率(医療) = 1", "law.check.type",
     "expected=円"},
    {"例 \"例\" 年度 令和8年度 前提 世帯 { @収入 = 3円 } 結果 率(医療) = 1", "law.check.row",
     "name=収入"},
    {"@なにか", "law.parse.expected", "expected=規則"},
};

/* The line without its @; the column the @ stood at, 0 when there is none. */
static int take_mark(const char *line, char out[1000])
{
    const char *mark = strchr(line, '@');
    size_t before = mark ? (size_t)(mark - line) : strlen(line);
    snprintf(out, 1000, "%.*s%s", (int)before, line, mark ? mark + 1 : "");
    return mark ? (int)utf8_length((struct str){line, before}) + 1 : 0;
}

/* [NHI-ASM-019] errors of rule files point at the character */
static void a_mistake_is_shown_where_it_stands(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct world w;
        struct ruleset *r;
        char text[4000], line[1000];
        world_open(&w);
        int column = take_mark(mistakes[i].line, line);
        snprintf(text, sizeof text, "%s%s\n", HEAD, line);
        int status = world_text(&w, text, &r);
        const struct error *e = &w.cx.error;
        bool right = status == ERR_SYNTAX && strcmp(e->message, mistakes[i].message) == 0 &&
                     (column == 0 || (e->line == 9 && e->column == column)) &&
                     strstr(e->facts, mistakes[i].facts) && strcmp(e->file, "test.rule") == 0;
        if (!right)
            fail_msg("%s (column %d)\n  gave %s:%d:%d %s %s", mistakes[i].line, column, e->file,
                     e->line, e->column, e->message, e->facts);
        world_close(&w);
    }
}

/* Cut anywhere, a text is refused or read, never misread beyond its end. */
static void a_text_cut_anywhere_is_refused_in_order(void **state)
{
    (void)state;
    static const char text[] =
        HEAD "定義 額 [世帯員] : 円 \"額\" 令和8年度から = 切捨(収入 * 率(医療), 1円)\n"
             "例 \"例\" 年度 令和8年度 前提 世帯員 { 生日 = 1980-01-01 収入 = 100円 } 結果 世帯員 "
             "1 額 = 7円\n";
    char *copy = memory_alloc(sizeof text);
    assert_non_null(copy);
    for (size_t n = 0; n < sizeof text; n++) {
        struct world w;
        struct ruleset *r;
        world_open(&w);
        memcpy(copy, text, n);
        struct rule_text t = {STR("cut.rule"), {copy, n}};
        int status = ruleset_load_texts(&w.cx, &t, 1, &r);
        assert_true(status == OK || status == ERR_SYNTAX);
        world_close(&w);
    }
    memory_free(copy);
}

static void deep_and_endless_texts_are_refused(void **state)
{
    (void)state;
    struct world w;
    struct ruleset *r;
    struct text t;
    world_open(&w);
    text_init(&t, 1 << 20);
    text_adds(&t, HEAD "定義 額 [世帯員] : 円 \"額\" 令和8年度から = ");
    for (int i = 0; i < 2000; i++)
        text_addc(&t, '(');
    assert_int_equal(world_text(&w, t.p, &r), ERR_SYNTAX);
    assert_string_equal(w.cx.error.message, "law.parse.depth");
    error_clear(&w.cx);
    text_clear(&t);
    text_adds(&t, HEAD "定義 額 [世帯員] : 円 \"額\" 令和8年度から = 収入");
    for (int i = 0; i < 20000; i++)
        text_adds(&t, " + 1円");
    assert_int_equal(world_text(&w, t.p, &r), ERR_SYNTAX);
    assert_string_equal(w.cx.error.message, "law.parse.depth");
    text_release(&t);
    world_close(&w);
}

static void a_definition_that_needs_itself_is_refused(void **state)
{
    (void)state;
    struct world w;
    struct ruleset *r;
    struct plan *p;
    struct str name = STR("甲");
    world_open(&w);
    OK_OR_FAIL(&w, world_text(&w,
                              HEAD "定義 甲 [世帯] : 円 \"甲\" 令和8年度から = 乙 + 1円\n"
                                   "定義 乙 [世帯] : 円 \"乙\" 令和8年度から = 甲 + 1円\n",
                              &r));
    struct plan_request q = {.fiscal_year = 2026, .wanted = &name, .n_wanted = 1};
    assert_int_equal(plan_new(&w.cx, r, &q, &p), ERR_SYNTAX);
    assert_string_equal(w.cx.error.message, "law.plan.circle");
    world_close(&w);
}

static void an_ordinance_must_set_what_the_law_leaves_open(void **state)
{
    (void)state;
    struct world w;
    struct ruleset *r;
    struct plan *p;
    world_open(&w);
    OK_OR_FAIL(&w, ruleset_load_directory(&w.cx, ROOT "/rules", STR_NONE, &r));
    struct plan_request q = {.fiscal_year = 2026, .goal = STR("賦課")};
    assert_int_equal(plan_new(&w.cx, r, &q, &p), ERR_SYNTAX);
    assert_string_equal(w.cx.error.message, "law.plan.unset");
    assert_non_null(strstr(w.cx.error.facts, "所得割率"));
    world_close(&w);
}

static void later_texts_win_and_years_begin(void **state)
{
    (void)state;
    static const char national[] =
        "規則 \"国\"\n範囲 世帯 \"世帯\"\n"
        "値 限度 : 円 \"限度\" 根拠 \"令\" 令和8年度から 670_000円 令和7年度から 660_000円\n"
        "値 任せる : 円 \"任せる\" 根拠 \"条例\" 平成26年度から 未定\n";
    static const char city[] = "規則 \"市\" 自治体 試験市\n定め 限度 令和7年度から 650_000円 定め "
                               "任せる 令和8年度から なし\n";
    struct rule_text texts[] = {{STR("a"), str_of(national)}, {STR("b"), str_of(city)}};
    const struct {
        int year;
        const char *name;
        size_t layers;
        int64_t yen;
    } rows[] = {{2026, "限度", 1, 670000},
                {2025, "限度", 1, 660000},
                {2026, "限度", 2, 650000},
                {2030, "限度", 2, 650000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct world w;
        struct ruleset *r;
        struct law_value v;
        world_open(&w);
        OK_OR_FAIL(&w, ruleset_load_texts(&w.cx, texts, rows[i].layers, &r));
        OK_OR_FAIL(&w, ruleset_value(&w.cx, r, rows[i].year, str_of(rows[i].name), &v));
        assert_int_equal(v.num, rows[i].yen);
        if (rows[i].layers == 2) {
            OK_OR_FAIL(&w, ruleset_value(&w.cx, r, 2026, STR("任せる"), &v));
            assert_true(v.none);
            assert_true(str_is(ruleset_municipality_name(r), "試験市"));
        }
        world_close(&w);
    }
}

static void settings_from_outside_are_read_by_type(void **state)
{
    (void)state;
    struct world w;
    struct ruleset *r, *changed;
    struct law_value v;
    struct rule_setting s;
    world_open(&w);
    r = world_rules(&w, "保険市");
    OK_OR_FAIL(&w, rule_setting_parse(&w.cx, STR("医療.所得割率=7.9"), &s));
    OK_OR_FAIL(&w, ruleset_override(&w.cx, r, &s, 1, &changed));
    OK_OR_FAIL(&w, ruleset_value(&w.cx, changed, 2026, STR("医療.所得割率"), &v));
    assert_int_equal(v.num * 1000, v.den * 79);
    OK_OR_FAIL(&w, ruleset_value(&w.cx, changed, 2026, STR("支援.所得割率"), &v));
    assert_int_equal(v.num * 10000, v.den * 304);
    assert_false(digest_equal(ruleset_hash(r), ruleset_hash(changed)));
    assert_true(ruleset_same_facts(r, changed));
    const struct {
        const char *setting;
        int status;
    } bad[] = {{"医療.所得割=7.9", ERR_NOT_FOUND}, {"医療.所得割率=高い", ERR_INVALID},
               {"均等割(医療)=1.5", ERR_INVALID},  {"区分額の単位=100%", ERR_INVALID},
               {"軽減の端数=切捨", ERR_INVALID},   {"基礎控除=0", ERR_INVALID},
               {"年間保険料額=0", ERR_INVALID}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        error_clear(&w.cx);
        OK_OR_FAIL(&w, rule_setting_parse(&w.cx, str_of(bad[i].setting), &s));
        assert_int_equal(ruleset_override(&w.cx, r, &s, 1, &changed), bad[i].status);
    }
    world_close(&w);
}

/* The hash is of names, texts and settings, nothing else. */
static void equal_texts_have_equal_hashes(void **state)
{
    (void)state;
    struct world a, b;
    const struct rule_text *texts;
    struct ruleset *again;
    world_open(&a);
    world_open(&b);
    struct ruleset *r = world_rules(&a, "保険市");
    assert_true(digest_equal(ruleset_hash(r), ruleset_hash(world_rules(&b, "hoken"))));
    size_t n = ruleset_texts(r, &texts);
    OK_OR_FAIL(&b, ruleset_load_texts(&b.cx, texts, n, &again));
    assert_true(digest_equal(ruleset_hash(r), ruleset_hash(again)));
    struct rule_text extra = {STR("x.rule"), STR("規則 \"x\"\n")};
    OK_OR_FAIL(&b, ruleset_with_text(&b.cx, r, extra, &again));
    assert_false(digest_equal(ruleset_hash(r), ruleset_hash(again)));
    world_close(&a);
    world_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"a mistake in a rule file is shown by file, line, column and what was expected [M3 "
         "NHI-ASM-019]",
         a_mistake_is_shown_where_it_stands, NULL, NULL, NULL},
        {"a rule text cut at any byte is refused in order [F6]",
         a_text_cut_anywhere_is_refused_in_order, NULL, NULL, NULL},
        {"deep nesting and endless chains are refused [F5]", deep_and_endless_texts_are_refused,
         NULL, NULL, NULL},
        {"a definition that needs itself is refused [M3]",
         a_definition_that_needs_itself_is_refused, NULL, NULL, NULL},
        {"what the law leaves to the ordinance is never taken as zero [M4]",
         an_ordinance_must_set_what_the_law_leaves_open, NULL, NULL, NULL},
        {"later texts win, values begin with their fiscal year [M3]",
         later_texts_win_and_years_begin, NULL, NULL, NULL},
        {"what-if settings are read by the parameter's type [P2]",
         settings_from_outside_are_read_by_type, NULL, NULL, NULL},
        {"equal texts have equal hashes, a changed text another one [M6]",
         equal_texts_have_equal_hashes, NULL, NULL, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
