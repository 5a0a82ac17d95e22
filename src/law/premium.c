/* premium: cases of `simulate premium` through the same rule set and evaluator as the yearly run.
 */
#include "law/premium.h"

#include <stdio.h>
#include <string.h>

enum { GIVEN = 16, PLANS = 32, SETTINGS_MAX = 48, KEY_MAX = 2000 };

/* What a case says outright instead of by facts: ages stand for birth dates, and so on. */
static const char *const given_names[GIVEN] = {
    "医療.対象月",  "支援.対象月",      "介護.対象月",      "子ども.対象月",
    "六十五歳以上", "未就学児",         "十八歳以上",       "給与所得者等である",
    "通算所得",     "非自発的失業の月", "旧被扶養者の月",   "軽減割",
    "特定世帯の月", "特定継続世帯の月", "世帯員の最初の日", "判定日に非自発的失業"};

enum field {
    F_MONTHS = 0,
    F_OVER65 = 4,
    F_PRESCHOOL,
    F_ADULT,
    F_EARNER,
    F_TOTAL,
    F_UNEMPLOYED,
    F_DEPENDANT,
    F_REDUCTION,
    F_SPECIAL,
    F_CONTINUING,
    F_FIRST_DAY,
    F_UNEMPLOYED_JUDGED,
    F_BIRTH,
    F_HEAD,
    F_SALARY,
    F_SALARY_INCOME,
    F_PENSION,
    F_PENSION_INCOME,
    F_OTHER,
    F_ASSET_TAX,
    F_MOVED,
    F_ACQUIRED,
    F_LIABLE_FROM,
    F_LIABLE_TO,
    F_EXEMPTION,
    FIELDS = F_EXEMPTION + 4
};

static const char *const fact_names[FIELDS - F_BIRTH] = {
    "生年月日",       "世帯主",         "給与収入",     "給与所得決定額",
    "公的年金等収入", "年金所得決定額", "その他所得",   "固定資産税額",
    "後期移行日",     "取得日",         "納付義務始期", "納付義務終期",
    "医療.減免額",    "支援.減免額",    "介護.減免額",  "子ども.減免額"};

static const char *const component_words[COMPONENTS] = {"医療", "支援", "介護", "子ども"};

/* A plan made for these rates, this rounding, this year. */
struct made_plan {
    char key[KEY_MAX];
    struct plan *plan;
    struct evaluation *evaluation;
};

/* What is asked for, in this order; the parts once for each component. */
enum result {
    R_TOTAL,
    R_REDUCTION,
    R_JUDGE_INCOME,
    R_AMOUNT,
    R_INCOME = R_AMOUNT + COMPONENTS,
    R_ASSET = R_INCOME + COMPONENTS,
    R_CAPITA = R_ASSET + COMPONENTS,
    R_HOUSEHOLD = R_CAPITA + COMPONENTS,
    RESULTS = R_HOUSEHOLD + COMPONENTS
};

static const char *const result_names[RESULTS] = {
    "年間保険料額",    "軽減割",          "世帯の軽減判定所得", "医療.保険料額",
    "支援.保険料額",   "介護.保険料額",   "子ども.保険料額",    "医療.所得割の部",
    "支援.所得割の部", "介護.所得割の部", "子ども.所得割の部",  "医療.資産割の部",
    "支援.資産割の部", "介護.資産割の部", "子ども.資産割の部",  "医療.均等割の部",
    "支援.均等割の部", "介護.均等割の部", "子ども.均等割の部",  "医療.平等割の部",
    "支援.平等割の部", "介護.平等割の部", "子ども.平等割の部"};

struct premium {
    struct context cx; /* own arena: rules, facts */
    struct arena arena;
    struct arena plans; /* plans until there are too many */
    struct arena line;  /* of one case; rewound before the next */
    struct arena_mark line_empty;
    struct ruleset *rules;
    bool from_rulebook;
    struct facts *facts;
    int field[FIELDS];
    int scope_member, scope_period;
    struct dated_words dated;
    struct made_plan made[PLANS];
    int n_made;
    struct premium_case c;
};

/* ---- set up ------------------------------------------------------------------------------- */

static int find_fields(struct premium *p)
{
    struct context *cx = &p->cx;
    for (int i = 0; i < FIELDS; i++) {
        const char *name = i < F_BIRTH ? given_names[i] : fact_names[i - F_BIRTH];
        if ((p->field[i] = facts_field(cx, p->facts, str_of(name))) < 0)
            return p->field[i];
    }
    p->scope_member = facts_scope(cx, p->facts, STR("世帯員"));
    p->scope_period = facts_scope(cx, p->facts, STR("資格期間"));
    if (p->scope_member < 0 || p->scope_period < 0)
        return p->scope_member < 0 ? p->scope_member : p->scope_period;
    return premium_dates_find(cx, p->facts, &p->dated);
}

static void name_list(const char *const *names, int n, struct str *out)
{
    for (int i = 0; i < n; i++)
        out[i] = str_of(names[i]);
}

int premium_new(struct context *cx, const char *dir, struct str municipality, struct premium **out)
{
    struct str names[GIVEN];
    struct premium *p = memory_alloc(sizeof *p);
    *out = NULL;
    if (!p)
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    arena_init(&p->arena, (size_t)64 << 20);
    arena_init(&p->plans, (size_t)512 << 20);
    arena_init(&p->line, (size_t)64 << 20);
    p->line_empty = arena_mark(&p->line);
    context_init(&p->cx, cx->env, &p->arena);
    p->from_rulebook = municipality.p != NULL;
    int status = ruleset_load_directory(&p->cx, dir, municipality, &p->rules);
    name_list(given_names, GIVEN, names);
    if (status == OK)
        status = facts_new(&p->cx, p->rules, names, GIVEN, &p->facts);
    if (status == OK)
        status = find_fields(p);
    if (status < 0) {
        cx->error = p->cx.error;
        premium_release(p);
        return status;
    }
    *out = p;
    return OK;
}

static void drop_plans(struct premium *p)
{
    for (int i = 0; i < p->n_made; i++)
        evaluation_release(p->made[i].evaluation);
    p->n_made = 0;
    arena_release(&p->plans);
    arena_init(&p->plans, (size_t)512 << 20);
}

void premium_release(struct premium *p)
{
    if (!p)
        return;
    drop_plans(p);
    facts_release(p->facts);
    arena_release(&p->plans);
    arena_release(&p->line);
    arena_release(&p->arena);
    memory_free(p);
}

/* ---- rates and rounding become settings of the rule set ----------------------------------- */

struct settings {
    struct rule_setting row[SETTINGS_MAX];
    char name[SETTINGS_MAX][64];
    char value[SETTINGS_MAX][64];
    size_t n;
};

static void set(struct settings *s, const char *index, const char *name, const char *value)
{
    snprintf(s->name[s->n], sizeof s->name[0], "%s%s%s", index, index[0] ? "." : "", name);
    snprintf(s->value[s->n], sizeof s->value[0], "%s", value);
    s->row[s->n] = (struct rule_setting){str_of(s->name[s->n]), str_of(s->value[s->n])};
    s->n++;
}

static void set_yen(struct settings *s, const char *index, const char *name, int64_t yen,
                    int64_t none)
{
    char value[32];
    snprintf(value, sizeof value, "%lld", (long long)yen);
    set(s, index, name, yen == none ? "なし" : value);
}

static void set_component(struct settings *s, const struct premium_case *c, int component)
{
    const char *word = component_words[component];
    const struct premium_rates *x = &c->rates[component];
    static const char *const levies[] = {"所得割を一人ごとに切捨", "所得割を世帯で切捨",
                                         "所得割の端数を残す"};
    set(s, word, "所得割率", x->levied ? x->income_rate : "なし");
    set(s, word, "資産割率", x->asset_rate[0] ? x->asset_rate : "なし");
    set_yen(s, word, "均等割", x->levied ? x->per_capita : 0, 0);
    set_yen(s, word, "平等割", x->per_household, 0);
    set_yen(s, word, "賦課限度額", x->levied ? x->cap : -1, -1);
    set(s, word, "所得割の端数", levies[c->income_levy]);
}

static void case_settings(const struct premium_case *c, struct settings *s)
{
    static const char *const reductions[] = {"軽減の端数を残す", "軽減後を一件ごとに切捨",
                                             "軽減後を世帯で切捨", "軽減額を切上"};
    s->n = 0;
    for (int i = 0; i < COMPONENTS; i++)
        set_component(s, c, i);
    set_yen(s, "", "十八歳以上均等割", c->rates[COMPONENTS - 1].per_adult, 0);
    set(s, "", "軽減の端数", reductions[c->reduction_rounding]);
    set_yen(s, "", "一人区分額の単位", c->person_unit, 0);
    set_yen(s, "", "区分額の単位", c->component_unit, -1);
    set_yen(s, "", "合計額の単位", c->total_unit, -1);
    set(s, "", "限度額の比べ方", c->cap_basis ? "一年の額で比べる" : "区間の年額で比べる");
    set(s, "", "特定世帯の見方", c->special_household ? "賦課期日で見る" : "月ごとに見る");
}

/* ---- plans -------------------------------------------------------------------------------- */

static void make_key(const struct premium *p, const struct settings *s, char key[KEY_MAX])
{
    size_t n = (size_t)snprintf(key, KEY_MAX, "%lld", (long long)p->c.fiscal_year);
    for (size_t i = 0; !p->from_rulebook && i < s->n && n + 80 < KEY_MAX; i++)
        n += (size_t)snprintf(key + n, KEY_MAX - n, "|%s", s->value[i]);
}

static int make_plan(struct premium *p, const struct settings *s, struct made_plan *made)
{
    struct context cx;
    struct str given[GIVEN], wanted[RESULTS];
    struct ruleset *rules = p->rules;
    context_init(&cx, p->cx.env, &p->plans);
    name_list(given_names, GIVEN, given);
    name_list(result_names, RESULTS, wanted);
    struct plan_request q = {.fiscal_year = (int)p->c.fiscal_year,
                             .wanted = wanted,
                             .n_wanted = RESULTS,
                             .given = given,
                             .n_given = GIVEN};
    int status = p->from_rulebook ? OK : ruleset_override(&cx, p->rules, s->row, s->n, &rules);
    if (status == OK)
        status = plan_new(&cx, rules, &q, &made->plan);
    if (status == OK)
        status = evaluation_new(&cx, made->plan, p->facts, &made->evaluation);
    p->cx.error = cx.error;
    return status < 0 ? status : OK;
}

static int plan_for(struct premium *p, struct made_plan **out)
{
    static const struct settings none;
    struct settings *s = arena_alloc(&p->line, sizeof *s);
    char key[KEY_MAX];
    if (!s)
        return fail(&p->cx, ERR_MEMORY, "law.memory", NULL);
    *s = none;
    case_settings(&p->c, s);
    make_key(p, s, key);
    for (int i = 0; i < p->n_made; i++) {
        if (strcmp(p->made[i].key, key) == 0) {
            *out = &p->made[i];
            return OK;
        }
    }
    if (p->n_made == PLANS)
        drop_plans(p);
    struct made_plan *made = &p->made[p->n_made];
    *made = (struct made_plan){0};
    memcpy(made->key, key, sizeof key);
    int status = make_plan(p, s, made);
    if (status < 0) {
        evaluation_release(made->evaluation);
        return status;
    }
    p->n_made++;
    *out = made;
    return OK;
}

/* ---- facts -------------------------------------------------------------------------------- */

static int put(struct premium *p, int field, int row, int64_t value)
{
    return facts_set(&p->cx, p->facts, p->field[field], row, value);
}

/* The months of a count: April and on. Without one, care falls on 40 to 64. */
static int64_t member_months(const struct premium_member *m, int component)
{
    if (!m->insured)
        return 0;
    if (m->months[component] >= 0)
        return (INT64_C(1) << m->months[component]) - 1;
    return component != 2 || (m->age >= 40 && m->age < 65) ? 0xFFF : 0;
}

static int put_income(struct premium *p, const struct premium_member *m, int row)
{
    int status = put(p, F_SALARY, row, m->salary_revenue);
    if (status == OK)
        status = put(p, F_PENSION, row, m->pension_revenue);
    if (status == OK)
        status = put(p, F_OTHER, row, m->other_income);
    if (status == OK && m->has_salary_income)
        status = put(p, F_SALARY_INCOME, row, m->salary_income);
    if (status == OK && m->has_pension_income)
        status = put(p, F_PENSION_INCOME, row, m->pension_income);
    if (status == OK && m->has_total)
        status = put(p, F_TOTAL, row, m->total_income);
    if (status == OK && m->has_earner)
        status = put(p, F_EARNER, row, m->earner);
    return status == OK ? put(p, F_ASSET_TAX, row, m->fixed_asset_tax) : status;
}

static int put_member(struct premium *p, const struct premium_member *m, int household)
{
    const int year = (int)p->c.fiscal_year;
    const int64_t start = ymd_of(year, 4, 1).day, before = ymd_of(year - 1, 4, 1).day;
    int row = facts_add(&p->cx, p->facts, p->scope_member, household), status = OK;
    if (row < 0)
        return row;
    for (int i = 0; i < COMPONENTS && status == OK; i++)
        status = put(p, F_MONTHS + i, row, member_months(m, i));
    const struct {
        int field;
        int64_t value;
    } facts[] = {{F_OVER65, m->age >= 65},
                 {F_PRESCHOOL, m->preschool},
                 {F_ADULT, m->age >= 18},
                 {F_UNEMPLOYED, m->unemployed ? 0xFFF : 0},
                 {F_UNEMPLOYED_JUDGED, m->unemployed},
                 {F_DEPENDANT, 0},
                 {F_FIRST_DAY, m->insured ? start : LAW_NO_DATE},
                 {F_BIRTH, ymd_of(year - 30, 4, 2).day},
                 {F_HEAD, m->head},
                 {F_MOVED, m->moved_to_elderly ? before : LAW_NO_DATE}};
    for (size_t i = 0; i < sizeof facts / sizeof facts[0] && status == OK; i++)
        status = put(p, facts[i].field, row, facts[i].value);
    if (status == OK)
        status = put_income(p, m, row);
    if (status < 0 || !m->insured)
        return status;
    int period = facts_add(&p->cx, p->facts, p->scope_period, row);
    return period < 0 ? period : put(p, F_ACQUIRED, period, before);
}

static int put_dated(struct premium *p, const struct premium_member *m, int household)
{
    int row = facts_add(&p->cx, p->facts, p->scope_member, household);
    int status = row < 0 ? row : put(p, F_HEAD, row, m->head);
    if (status == OK)
        status = put_income(p, m, row);
    return status < 0 ? status : premium_dates_put(&p->cx, p->facts, &p->dated, &m->dates, row);
}

static int put_liable(struct premium *p, int row)
{
    int status = p->c.has_liable_from ? put(p, F_LIABLE_FROM, row, p->c.liable_from) : OK;
    return status == OK && p->c.has_liable_to ? put(p, F_LIABLE_TO, row, p->c.liable_to) : status;
}

static int put_case(struct premium *p)
{
    facts_clear(p->facts);
    int row = facts_add(&p->cx, p->facts, LAW_ROOT_SCOPE, 0), status = row < 0 ? row : OK;
    for (int i = 0; i < COMPONENTS && status == OK; i++)
        status = put(p, F_EXEMPTION + i, row, p->c.exemption[i]);
    if (status == OK && p->c.reduction >= 0)
        status = put(p, F_REDUCTION, row, p->c.reduction);
    if (status == OK)
        status = put_liable(p, row);
    const bool is_dated = p->c.member[0].dates.is_used;
    if (status == OK && !is_dated) /* a case does not say since when */
        status = put(p, F_SPECIAL, row, 0);
    if (status == OK && !is_dated)
        status = put(p, F_CONTINUING, row, 0);
    for (size_t i = 0; i < p->c.n_members && status == OK; i++)
        status =
            is_dated ? put_dated(p, &p->c.member[i], row) : put_member(p, &p->c.member[i], row);
    return status;
}

/* ---- the answer --------------------------------------------------------------------------- */

/* A fractional part is printed floored. */
static long long floored(const struct made_plan *made, int result)
{
    const struct result_info *rows;
    plan_results(made->plan, &rows);
    int64_t v = evaluation_value(made->evaluation, result, 0), den = rows[result].den;
    return (long long)(v / den - (v % den < 0));
}

static bool is_levied(const struct premium *p, const struct made_plan *made, int component)
{
    struct law_value v;
    struct context cx;
    char name[64];
    if (!p->from_rulebook)
        return p->c.rates[component].levied;
    context_init(&cx, p->cx.env, p->cx.arena);
    snprintf(name, sizeof name, "%s.所得割率", component_words[component]);
    return ruleset_value(&cx, plan_ruleset(made->plan), (int)p->c.fiscal_year, str_of(name), &v) ==
               OK &&
           !v.none;
}

static int add_explanation(struct premium *p, const struct made_plan *made, struct text *out)
{
    struct text vector;
    struct explanation x;
    struct context cx;
    context_init(&cx, p->cx.env, &p->line);
    text_init(&vector, 1 << 20);
    int status = evaluation_explain(made->evaluation, 0, &vector);
    if (status == OK)
        status = explanation_open(&cx, made->plan, text_str(&vector), &x);
    if (status == OK) {
        text_adds(out, ",\"explanation\":");
        status = explanation_json(&x, x.results[R_TOTAL], 0, out);
    }
    text_release(&vector);
    return status;
}

static int answer(struct premium *p, const struct made_plan *made, const char *id, bool explain,
                  struct text *out)
{
    text_addf(out, "{\"id\":%s,\"reduction\":%lld,\"judge_income\":%lld", id,
              floored(made, R_REDUCTION), floored(made, R_JUDGE_INCOME));
    for (int i = 0; i < COMPONENTS; i++) {
        if (!is_levied(p, made, i))
            continue;
        text_addf(out,
                  ",\"%s\":{\"amount\":%lld,\"income_levy\":%lld,\"asset_levy\":%lld,"
                  "\"per_capita\":%lld,\"per_household\":%lld}",
                  premium_component[i], floored(made, R_AMOUNT + i), floored(made, R_INCOME + i),
                  floored(made, R_ASSET + i), floored(made, R_CAPITA + i),
                  floored(made, R_HOUSEHOLD + i));
    }
    text_addf(out, ",\"total\":%lld", floored(made, R_TOTAL));
    int status = explain ? add_explanation(p, made, out) : OK;
    text_addc(out, '}');
    return status < 0 ? status : out->failed ? ERR_MEMORY : OK;
}

static int add_dumped(const char *bytes, size_t n, void *out)
{
    return text_add(out, (struct str){bytes, n});
}

static void add_json_text(struct text *out, struct str s)
{
    json_t *v = json_stringn(s.p, s.n);
    if (!v || json_dump_callback(v, add_dumped, out, JSON_ENCODE_ANY) != 0)
        out->failed = true;
    json_decref(v);
}

static int answer_refusal(const char *id, const struct refusal *why, struct text *out)
{
    const struct message *m = message_find(why->message);
    struct text sentence;
    text_init(&sentence, 4096);
    text_addf(&sentence, "%s%s%s", m ? m->text : why->message, why->facts[0] ? " " : "",
              why->facts);
    if (m && m->advice[0])
        text_addf(&sentence, " → %s", m->advice);
    text_addf(out, "{\"id\":%s,\"error\":{\"code\":\"%s\",\"field\":", id, why->code);
    add_json_text(out, str_of(why->field));
    text_adds(out, ",\"message\":");
    add_json_text(out, text_str(&sentence));
    text_adds(out, "}}");
    text_release(&sentence);
    return out->failed ? ERR_MEMORY : 1;
}

static int refuse_error(struct premium *p, const char *id, struct text *out)
{
    const struct error *e = &p->cx.error;
    struct refusal why = {.code = e->code == ERR_RANGE ? "range" : "rules", .message = e->message};
    snprintf(why.field, sizeof why.field, "%s", p->from_rulebook ? "fiscal_year" : "rates");
    premium_copy(why.facts, sizeof why.facts, e->facts);
    int status = e->code == ERR_MEMORY ? ERR_MEMORY : answer_refusal(id, &why, out);
    error_clear(&p->cx);
    return status;
}

static int compute(struct premium *p, const char *id, bool explain, struct text *out)
{
    struct made_plan *made = NULL;
    struct law_failure failure;
    int status = plan_for(p, &made);
    if (status == OK)
        status = put_case(p);
    if (status == OK)
        status = evaluate(&p->cx, made->evaluation, 0, 1);
    if (status < 0)
        return refuse_error(p, id, out);
    if (evaluation_failed(made->evaluation, 0, &failure)) {
        struct refusal why = {.code = "range", .message = "law.case.overflow"};
        snprintf(why.facts, sizeof why.facts, STR_FMT, STR_ARG(failure.definition));
        return answer_refusal(id, &why, out);
    }
    return answer(p, made, id, explain, out);
}

/* The case's id as JSON; null when there is none that may be one. */
static void id_text(const json_t *root, char *id, size_t size)
{
    const json_t *v = json_object_get(root, "id");
    bool may_be =
        json_is_integer(v) || (json_is_string(v) && json_string_length(v) <= ID_MAX_BYTES);
    size_t n = may_be ? json_dumpb(v, id, size - 1, JSON_ENCODE_ANY) : 0;
    if (n == 0 || n >= size)
        n = (size_t)snprintf(id, size, "null");
    id[n] = '\0';
}

static int refuse_syntax(struct str line, const json_error_t *error, char *id, size_t size,
                         struct text *out)
{
    struct refusal why = {.code = "syntax", .message = "law.case.syntax"};
    if (json_error_code(error) == json_error_duplicate_key) {
        json_t *root = json_loadb(line.p, line.n, 0, NULL); /* for its id */
        id_text(root, id, size);
        json_decref(root);
        why.code = "duplicate_field";
        why.message = "law.case.duplicate";
    }
    snprintf(why.facts, sizeof why.facts, "column %d", error->column);
    return answer_refusal(id, &why, out);
}

static int answer_case(struct premium *p, const json_t *root, const char *id, bool explain,
                       struct text *out)
{
    struct refusal why;
    bool may = premium_read(root, &p->c, &why);
    if (may && !p->from_rulebook && (!p->c.has_rates || !p->c.has_rounding)) {
        why = (struct refusal){.code = "missing", .message = "law.case.missing"};
        snprintf(why.field, sizeof why.field, "%s", p->c.has_rates ? "rounding" : "rates");
        may = false;
    }
    return may ? compute(p, id, explain, out) : answer_refusal(id, &why, out);
}

int premium_line(struct premium *p, struct str line, bool explain, struct text *out)
{
    char id[ID_MAX_BYTES * 6 + 8] = "null"; /* a character may be written as \u0001 */
    json_error_t error;
    const size_t before = out->n;
    if (line.n > PREMIUM_LINE_MAX)
        return premium_too_long(out);
    arena_rewind(&p->line, p->line_empty);
    json_t *root = json_loadb(line.n ? line.p : "", line.n, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return refuse_syntax(line.n ? line : STR(""), &error, id, sizeof id, out);
    id_text(root, id, sizeof id);
    int status = answer_case(p, root, id, explain, out);
    json_decref(root);
    if (status < 0 && out->n > before)
        out->n = before;
    return status;
}

int premium_too_long(struct text *out)
{
    struct refusal why = {.code = "limit", .message = "law.case.long"};
    snprintf(why.facts, sizeof why.facts, "%d", PREMIUM_LINE_MAX);
    return answer_refusal("null", &why, out);
}
