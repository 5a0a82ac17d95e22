/*
 * tree: what a rule text becomes once read: declarations, dated versions, expressions.
 *
 * Everything lives in the arena of the context the ruleset was loaded with and never changes
 * afterwards. Items, scopes and choices are referred to by number, so that a derived ruleset can
 * share expressions with the one it came from.
 */
#ifndef LAW_TREE_H
#define LAW_TREE_H

#include "law/law.h"

enum {
    TEXTS_MAX = 64,      /* rule texts in one set */
    TEXT_MAX = 1 << 20,  /* bytes of one rule text */
    TOKENS_MAX = 200000, /* of one rule text */
    ITEMS_MAX = 4096,    /* facts, parameters, definitions of a set */
    SCOPES_MAX = 24,
    CHOICES_MAX = 128,
    WORDS_MAX = 48,     /* words of one choice */
    VERSIONS_MAX = 200, /* dated versions of one item */
    STEPS_MAX = 64,     /* steps of one table */
    DEPTH_MAX = 48,     /* brackets within brackets */
    TREE_MAX = 250,     /* depth of one expression, chains of + included */
    ARGUMENTS_MAX = 64, /* of one expression node */
    CASES_MAX = 20000,
    YEAR_FIRST = 1990,
    YEAR_LAST = 2100
};

__extension__ typedef __int128 int128; /* products on their way to being checked */

#define YEAR_ALWAYS INT32_MIN /* a setting put on from outside holds from every date */
/* "no value" in a column: an optional fact that is not set, a definition that is not given. */
#define VALUE_NONE INT64_MIN
/* num of a none value that the law leaves to an ordinance (未定); 0 where there is none (なし). */
#define VALUE_LEFT_OPEN 1

struct place {
    uint16_t text; /* which rule text of the set */
    uint16_t column;
    uint32_t line;
};

struct type {
    enum law_type base;
    int choice; /* for LAW_CHOICE: which; -1 otherwise */
};

enum {
    INDEX_NONE = -1,  /* the item has no index */
    INDEX_FORMAL = -2 /* the word the definition itself is being made for */
};

enum expr_kind {
    EXPR_VALUE,     /* a literal */
    EXPR_YEAR,      /* 年度: the fiscal year */
    EXPR_FORMAL,    /* the definition's own index word as a value (区分 = 介護) */
    EXPR_REFER,     /* fact, parameter, definition */
    EXPR_TABLE,     /* a stepped parameter at an argument */
    EXPR_CALL,      /* operator or built-in function */
    EXPR_AGGREGATE, /* over the rows of a scope: arg[0] what, arg[1] condition or NULL */
    EXPR_CASE       /* 場合: condition, value, ..., other */
};

enum builtin {
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_DIV,
    OP_NEG,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_AND,
    OP_OR,
    OP_NOT,
    OP_FLOOR,
    OP_CEILING,
    OP_HALF_UP, /* 切捨 切上 四捨五入 (x, unit) */
    OP_LARGER,
    OP_SMALLER, /* 大きい方 小さい方 */
    OP_IF_NONE,
    OP_IS_SET, /* なければ 定めあり */
    OP_MONTHS_FROM,
    OP_MONTHS_BEFORE, /* 月以後 月前 */
    OP_MONTH_RANGE,   /* 月範囲(date, from, to) */
    OP_COMMON,
    OP_UNITE,
    OP_WITHOUT, /* 共通 合併 除く */
    OP_MONTH_COUNT,
    OP_OVERLAP,   /* 月数 重なる */
    OP_MONTHS_OF, /* 月集合(4月, 5月) */
    OP_DAY_BEFORE,
    OP_DAY_AFTER, /* 前日 翌日 */
    OP_AGE_REACHED,
    OP_BIRTHDAY, /* 年齢到達日 誕生日 */
    OP_DATE,
    OP_DAY_OF_MONTH, /* 日付(年, 月, 日) 月の日(6月, 31) */
    OP_FISCAL_YEAR_OF,
    OP_NEXT_OPEN, /* 年度の 翌開庁日 */
    OP_SUM,
    OP_COUNT,
    OP_ANY,
    OP_MAX,
    OP_MIN,
    OP_UNION, /* aggregates */
    OP_KINDS
};

struct expr {
    enum expr_kind kind;
    enum builtin op;
    struct place at;
    struct type type;
    struct str name;  /* as written, until resolved */
    struct str index; /* as written: the word after or before the name; STR_NONE */
    int item;         /* EXPR_REFER, EXPR_TABLE */
    int word;         /* INDEX_NONE, INDEX_FORMAL or the index word's number */
    int scope;        /* EXPR_AGGREGATE: over which */
    struct law_value value;
    struct expr **arg;
    uint32_t n;
    uint32_t depth; /* of the tree below, for the guard */
};

struct step {
    struct law_value until;
    bool inclusive; /* 以下; otherwise 未満 */
    struct law_value value;
};

struct version {
    int32_t from_year;
    int layer; /* which text of the set it stands in; later ones win */
    struct place at;
    struct str written;      /* the formula or the values as they stand in the text */
    struct str source;       /* 出所 */
    struct str unconfirmed;  /* 未確認: why the figure is doubted */
    struct expr *body;       /* a definition */
    struct law_value *value; /* a parameter: one per index word, or one */
    bool *is_set;            /* which of them this version sets */
    struct step *steps;      /* a stepped parameter */
    size_t n_steps;          /* the last one has no bound */
};

enum item_kind { ITEM_FACT, ITEM_PARAMETER, ITEM_DEFINITION, ITEM_MONTHS /* of a derived scope */ };

struct item {
    enum item_kind kind;
    struct str name;
    struct str label;
    struct str article;
    struct type type;
    struct place at;
    int layer;
    int scope;        /* -1: a parameter */
    int index_choice; /* -1: no index */
    bool stepped;     /* a parameter looked up by argument_type */
    struct type argument_type;
    bool replaceable;          /* 自治体: an ordinance may define it anew */
    bool required;             /* a fact without default */
    struct law_value fallback; /* a fact's default */
    int field;                 /* a fact: its first field number */
    struct version *version;
    size_t n;
};

struct scope {
    struct str name;
    struct str label;
    struct place at;
    int parent;         /* -1: the root */
    bool derived;       /* months grouped by equal composition */
    int months_item;    /* the item that names the months of a derived row */
    struct expr **part; /* month sets that split the year; over != -1: one per row of that scope */
    int *part_over;
    size_t n_parts;
};

struct choice {
    struct str name;
    struct str label;
    struct place at;
    struct str *word;
    struct law_value *word_value; /* unused slots zero */
    size_t n;
};

struct goal {
    struct str name;
    struct str label;
    struct place at;
    struct expr **result; /* EXPR_REFER; word INDEX_FORMAL: every index word */
    size_t n;
};

/* A row of facts in a case: a scope, its name = value pairs, its child rows. */
struct case_row {
    struct str scope_name;
    int scope;
    struct place at;
    struct expr **left; /* EXPR_REFER: a fact, or a definition that is given */
    struct expr **right;
    size_t n;
    struct case_row **child;
    size_t n_children;
};

struct case_result {
    struct str scope_name; /* STR_NONE: the root */
    int row;               /* from 1, within the household */
    struct expr *left;
    struct expr *right;
};

struct rule_case {
    struct str title;
    struct str source;
    struct place at;
    int layer;
    int year;
    struct expr **set_left; /* 定め: parameters changed for this case */
    struct expr **set_right;
    size_t n_set;
    struct case_row **row; /* rows under the one household (fields of it: row[0] when scope 0) */
    size_t n_rows;
    struct case_result *result;
    size_t n_results;
};

struct heading {
    struct str title;
    struct str article;
    struct str municipality; /* 自治体 */
    struct str region;       /* 広域: this text is a region's standard */
    struct str belongs;      /* 所属: the region whose standard applies */
};

enum symbol_kind { SYMBOL_ITEM, SYMBOL_SCOPE, SYMBOL_CHOICE, SYMBOL_WORD, SYMBOL_GOAL };
struct symbol {
    struct str name;
    enum symbol_kind kind;
    int id;
    int word; /* SYMBOL_WORD: which word of choice id */
};

struct ruleset {
    struct rule_text *text;
    struct heading *heading;
    size_t n_texts;
    struct item *item;
    size_t n_items;
    struct scope *scope;
    size_t n_scopes;
    struct choice *choice;
    size_t n_choices;
    struct goal *goal;
    size_t n_goals;
    struct rule_case *cases;
    size_t n_cases;
    struct symbol *symbol; /* open addressing, n_slots a power of two */
    size_t n_slots;
    size_t n_fields;
    struct rule_setting *setting; /* put on from outside */
    size_t n_settings;
    struct digest texts_hash; /* of names and texts, made once: derived sets build on it */
    struct digest hash;
    struct digest facts_hash;
};

const struct symbol *law_symbol_find(const struct ruleset *r, struct str name);
int law_item_instances(const struct ruleset *r, const struct item *i); /* index words, or 1 */
/* The version in force for an index word in a year; NULL when there is none. */
const struct version *law_item_version(const struct item *i, int year, int word);
/* "医療.所得割額" */
struct str law_item_instance_name(struct arena *a, const struct ruleset *r, const struct item *i,
                                  int word);
/* "所得割額", "所得割額(医療)" or "医療.所得割額" -> item and word. false: no such item or word. */
bool law_item_by_name(const struct ruleset *r, struct str name, int *item, int *word);
struct str law_type_name(const struct ruleset *r, struct type t);
struct str law_place_name(const struct ruleset *r, struct place at);
/* fail() with the place put in. */
int law_fail_at(struct context *cx, const struct ruleset *r, struct place at, const char *message,
                const char *facts, ...) PRINTF_LIKE(5, 6);
int law_scope_depth(const struct ruleset *r, int scope);
/* Is a equal to, or above, b? */
bool law_scope_above(const struct ruleset *r, int a, int b);

#endif
