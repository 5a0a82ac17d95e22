/*
 * law: the law as data. Rule files are read, checked and hashed; a plan for one fiscal year is
 * made from them; the plan is evaluated over columns of many households; every yen can be opened.
 *
 *   rule texts -> struct ruleset -> struct plan -> evaluate over struct facts -> values,
 * explanation
 *
 * Invariants
 *  - Pure: (facts, rule set, fiscal year) -> (values, explanation). No clock, no file, no state.
 *  - Exact: a value is an integer numerator over a denominator known when the plan is made;
 * products are checked, an overflow fails that household (evaluation_failed), it never gives a
 * wrong yen.
 *  - A ruleset and a plan never change once made; both live in the arena of the context they were
 *    made with. facts and evaluation own heap columns and are released by their owner.
 *  - Names in rule files are Japanese ("年間保険料額", "医療.所得割率"); they are resolved to small
 *    integers once, outside every loop.
 *
 * The language: doc/rule-language.md. The rules: rules/.
 */
#ifndef LAW_LAW_H
#define LAW_LAW_H

#include "base/base.h"

/* ---- values ------------------------------------------------------------------------------- */

enum law_type {
    LAW_YEN,    /* 円: num/den yen (den 1 unless a definition keeps fractions) */
    LAW_RATIO,  /* 割合 */
    LAW_COUNT,  /* 件 */
    LAW_DATE,   /* 日: num is ymd.day; LAW_NO_DATE: not yet, later than every day */
    LAW_MONTH,  /* 月: 0 April .. 11 March of the fiscal year */
    LAW_MONTHS, /* 月集合: bit 0 April .. bit 11 March of the fiscal year */
    LAW_TRUTH,  /* 真偽: 0 or 1 */
    LAW_CHOICE  /* 選択: index into the choice's words */
};
#define LAW_NO_DATE INT32_MAX
/* |v| of a yen or count fact; facts_set refuses what is beyond. */
#define LAW_FACT_LIMIT INT64_C(1000000000000)

struct law_value {
    enum law_type type;
    bool none; /* なし: the ordinance has no such amount (a cap that does not exist) */
    int64_t num;
    int64_t den;     /* > 0 */
    struct str word; /* the word of a choice */
};
/* "1,234円", "7.71%", "3件", "令和8年4月1日", "4月〜8月", "はい", the word of a choice. */
int text_add_law_value(struct text *t, const struct law_value *v);

/* ---- rule sets ---------------------------------------------------------------------------- */

struct ruleset;
struct rule_text {
    struct str name; /* "national/所得.rule": the place named in errors */
    struct str text;
};

/* The texts in the order given: national, prefecture, municipality; a later one sets parameters
 * an earlier one leaves to the ordinance (未定) and may add definitions. ERR_SYNTAX with file,
 * line, column (from 1, in characters) and what was expected. */
int ruleset_load_texts(struct context *cx, const struct rule_text *texts, size_t n,
                       struct ruleset **out) WARN_UNUSED;
/* Reads dir/national, the prefecture file the municipality names (所属), and the municipality by
 * its Japanese name ("吹田市") or file name ("suita"); STR_NONE: the national rules alone. */
int ruleset_load_directory(struct context *cx, const char *dir, struct str municipality,
                           struct ruleset **out) WARN_UNUSED;
/* A municipality for which there is a file, in file name order. Ends with false. */
bool ruleset_municipality(struct context *cx, const char *dir, size_t i, struct str *name);

/* One changed parameter: "医療.所得割率" = "7.9" (percent where the parameter is written so). */
struct rule_setting {
    struct str name;
    struct str value;
};
/* A derived set with its own hash; base stays usable. The settings hold from every date. */
int ruleset_override(struct context *cx, const struct ruleset *base,
                     const struct rule_setting *settings, size_t n,
                     struct ruleset **out) WARN_UNUSED;
/* "医療.所得割率=7.9" taken apart. */
int rule_setting_parse(struct context *cx, struct str s, struct rule_setting *out) WARN_UNUSED;
/* The set with one more text on top (a second municipal file). */
int ruleset_with_text(struct context *cx, const struct ruleset *base, struct rule_text text,
                      struct ruleset **out) WARN_UNUSED;

/* Over names, texts and settings: what a decision stores. Comments count, being part of the text.
 */
const struct digest *ruleset_hash(const struct ruleset *r);
size_t ruleset_texts(const struct ruleset *r, const struct rule_text **texts); /* to be adopted */
struct str ruleset_municipality_name(const struct ruleset *r); /* STR_NONE: national only */
/* The parameter or fact-free definition in a fiscal year, "期数", "納期限(第1期)",
 * "医療.賦課限度額". */
int ruleset_value(struct context *cx, const struct ruleset *r, int fiscal_year, struct str name,
                  struct law_value *out) WARN_UNUSED;
/* The words of a choice type ("区分": 医療 支援 介護 子ども), in order; 0 when there is no such
 * type. */
size_t ruleset_choice(const struct ruleset *r, struct str name, const struct str **words);

/* ---- plans -------------------------------------------------------------------------------- */

struct plan;
struct plan_request {
    int fiscal_year;
    struct str goal; /* 目的 of a rule file ("賦課"): its list of results; or STR_NONE and */
    const struct str *wanted; /* the definitions wanted, "年間保険料額", "医療.保険料額" */
    size_t n_wanted;
    const struct str *given; /* definitions whose value may be given per row instead of computed */
    size_t n_given;
};
int plan_new(struct context *cx, const struct ruleset *r, const struct plan_request *request,
             struct plan **out) WARN_UNUSED;
int plan_fiscal_year(const struct plan *p);
const struct ruleset *plan_ruleset(const struct plan *p);

struct result_info {
    struct str name; /* "医療.保険料額" */
    struct str label;
    int scope; /* its rows: facts_scope("世帯") ... */
    enum law_type type;
    int64_t den; /* of evaluation_value; 1 for whole yen */
};
size_t plan_results(const struct plan *p, const struct result_info **rows); /* in wanted order */
/* Position in plan_results; ERR_NOT_FOUND names it. */
int plan_result(struct context *cx, const struct plan *p, struct str name) WARN_UNUSED;

/* ---- facts: columns of households --------------------------------------------------------- */

struct facts;
#define LAW_ROOT_SCOPE 0 /* the household, 世帯 */

/* given: names as in plan_request (a superset of those of the plans to be used). */
int facts_new(struct context *cx, const struct ruleset *r, const struct str *given, size_t n_given,
              struct facts **out) WARN_UNUSED;
void facts_clear(struct facts *f);   /* rows go, columns stay allocated */
void facts_release(struct facts *f); /* NULL is allowed */
/* "世帯員", "資格期間"; ERR_NOT_FOUND. Scope numbers and field numbers are equal for all sets that
 * declare the same facts, so facts filled once serve every override of the set. */
int facts_scope(struct context *cx, const struct facts *f, struct str name) WARN_UNUSED;
/* A fact or a given definition by name. */
int facts_field(struct context *cx, const struct facts *f, struct str name) WARN_UNUSED;
/* A new row under a row of the parent scope (0 for 世帯), fields at their defaults. Gives the row
 * number. Rows are added parent by parent: a parent's children lie together. */
int facts_add(struct context *cx, struct facts *f, int scope, int parent) WARN_UNUSED;
/* yen, count, ymd.day, months, 0/1, index of the choice word. ERR_INVALID with the field's name. */
int facts_set(struct context *cx, struct facts *f, int field, int row, int64_t value) WARN_UNUSED;
int64_t facts_get(const struct facts *f, int field, int row);
int facts_rows(const struct facts *f, int scope);
/* Same declarations: facts made with one set may be evaluated with a plan of the other. */
bool ruleset_same_facts(const struct ruleset *a, const struct ruleset *b);
struct fact_info {
    struct str name;
    struct str label;
    struct str scope;
    enum law_type type;
    bool required; /* no default: a row where it is not set fails */
};
/* Field number i of the declared facts; false behind the last one. */
bool ruleset_fact(struct context *cx, const struct ruleset *r, size_t i, struct fact_info *out);

/* ---- evaluation --------------------------------------------------------------------------- */

#define LAW_BLOCK 512 /* households per call */
struct evaluation;
/* Registers for blocks of up to LAW_BLOCK households of these facts. */
int evaluation_new(struct context *cx, const struct plan *p, const struct facts *f,
                   struct evaluation **out) WARN_UNUSED;
void evaluation_release(struct evaluation *e);
/* Households first .. first+count-1. 0, or ERR_MEMORY. A household that cannot be computed is
 * marked (evaluation_failed), the others are right. */
int evaluate(struct context *cx, struct evaluation *e, int first, int count) WARN_UNUSED;
/* result: position in plan_results; row: row number of its scope within the block evaluated last.
 */
int64_t evaluation_value(const struct evaluation *e, int result, int row);

struct law_failure {
    enum status code;      /* ERR_RANGE overflow; ERR_INVALID a required fact is not set */
    struct str definition; /* or the fact's name */
};
bool evaluation_failed(const struct evaluation *e, int household, struct law_failure *out);

/* ---- explanation -------------------------------------------------------------------------- */

/* Appends the vector of one household of the block: every evaluated fact and definition, row by
 * row, in the plan's canonical order; names are not stored. Deterministic. */
int evaluation_explain(const struct evaluation *e, int household, struct text *out) WARN_UNUSED;

enum explained_kind { EXPLAINED_FACT, EXPLAINED_PARAMETER, EXPLAINED_DEFINITION, EXPLAINED_GIVEN };
struct explained {
    enum explained_kind kind;
    struct str name; /* "医療.所得割額" */
    struct str label;
    struct str article;   /* 根拠 */
    struct str effective; /* "令和8年度から", STR_NONE for a fact */
    struct str source;    /* "national/fuka.rule:41" */
    struct str
        formula;      /* with values put in; only the branch that was taken. STR_NONE for a fact */
    struct str scope; /* "世帯", "世帯員", "区間" */
    int row;          /* within the household: 0 first member ... */
    struct law_value value;
    const uint32_t *children; /* positions in explanation.nodes, in order of appearance */
    uint32_t n_children;
};
struct explanation {
    struct explained *nodes; /* a definition and row stands once, however often it is used */
    uint32_t n;
    uint32_t *results; /* positions of the wanted results (row 0 of their scope), plan order */
    uint32_t n_results;
};
/* plan: made from the same rule set, year, goal and given list (checked: ERR_CORRUPT). */
int explanation_open(struct context *cx, const struct plan *p, struct str vector,
                     struct explanation *out) WARN_UNUSED;
/* The tree under a node as indented text, depth limited (0: all); each node once in full. */
int explanation_text(const struct explanation *x, uint32_t node, int depth, struct text *out);
int explanation_json(const struct explanation *x, uint32_t node, int depth, struct text *out);

struct explanation_change {
    struct str name;
    struct str label;
    struct str scope;
    int row;
    struct law_value before; /* none: not there on that side */
    struct law_value after;
    bool cause; /* nothing it is computed from differs: the fact, parameter or formula itself did */
};
/* Which facts, parameters and definitions differ, causes first. Plans may be of different sets.
 * A differ is prepared once for two plans; explanation_compare does so for a single pair. */
struct explanation_differ;
int explanation_differ_new(struct context *cx, const struct plan *pa, const struct plan *pb,
                           struct explanation_differ **out) WARN_UNUSED;
int explanation_differ_run(struct context *cx, const struct explanation_differ *d, struct str a,
                           struct str b, const struct explanation_change **rows,
                           size_t *n) WARN_UNUSED;
struct explained_side {
    const struct plan *plan;
    struct str vector;
};
int explanation_compare(struct context *cx, struct explained_side a, struct explained_side b,
                        const struct explanation_change **rows, size_t *n) WARN_UNUSED;
#define explanation_diff(cx, pa, a, pb, b, rows, n)                                                \
    explanation_compare((cx), (struct explained_side){(pa), (a)},                                  \
                        (struct explained_side){(pb), (b)}, (rows), (n))

/* ---- rule check, show, diff --------------------------------------------------------------- */

struct rule_finding {
    struct str file;
    int line;
    int column;
    const char *message; /* id in the message files */
    struct str facts;
};
struct rule_report {
    const struct rule_finding *findings;
    size_t n;
    size_t definitions;
    size_t parameters;
    size_t cases;
    size_t cases_failed;
    struct str probes; /* the −1/0/+1 probes of every threshold, as the golden file holds them */
    size_t n_probes;
};
/* Runs every case; demands article, effective date and a case for each definition. */
int ruleset_check(struct context *cx, const struct ruleset *r, struct rule_report *out) WARN_UNUSED;

struct rule_version {
    struct str effective; /* "令和8年度から" */
    int fiscal_year;      /* first year it holds */
    struct str text;      /* the formula or values, as written */
};
struct rule_item {
    struct str kind; /* "定義" "値" "事実" ... */
    struct str name;
    struct str signature; /* "[世帯員] : 円" */
    struct str label;
    struct str article;
    struct str note; /* 未確認 and the reason, or STR_NONE */
    struct str file;
    int line;
    const struct rule_version *versions; /* newest first */
    size_t n_versions;
    const struct str *uses;
    size_t n_uses;
    const struct str *users;
    size_t n_users;
};
int ruleset_item(struct context *cx, const struct ruleset *r, struct str name,
                 struct rule_item *out) WARN_UNUSED;
size_t ruleset_items(struct context *cx, const struct ruleset *r, const struct str **names);

struct rule_change {
    struct str kind;
    struct str name;
    struct str label;
    struct str effective;
    struct str before; /* as written; STR_NONE: new */
    struct str after;  /* STR_NONE: gone */
};
int ruleset_diff(struct context *cx, const struct ruleset *a, const struct ruleset *b,
                 const struct rule_change **rows, size_t *n) WARN_UNUSED;

/* ---- made-up households as JSON (hokenka simulate premium) --------------------------------- */

#define PREMIUM_LINE_MAX (1 << 20) /* bytes of one case */
struct premium;
/* municipality: take rates and rounding from its rulebook (STR_NONE: from each case). */
int premium_new(struct context *cx, const char *dir, struct str municipality,
                struct premium **out) WARN_UNUSED;
void premium_release(struct premium *p); /* NULL is allowed */
/* One case (test/data/examples/README.md) in, one line of JSON without line end out. 0: answered;
 * 1: the line is an error object; < 0 only when memory runs out. */
int premium_line(struct premium *p, struct str line, bool explain, struct text *out) WARN_UNUSED;
/* The error object for a line of more than PREMIUM_LINE_MAX bytes. Gives 1 or ERR_MEMORY. */
int premium_too_long(struct text *out) WARN_UNUSED;

#endif
