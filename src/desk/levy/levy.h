/*
 * levy (賦課): what a household owes for a year, and why.
 *
 * Income facts come in from the tax office, from declarations and from the counter; a draft
 * assesses every household under one rule set as of one day and one event number; a chief
 * confirms it; only then decisions, document numbers and charges exist.
 *
 * Invariants
 * - A fact that was believed is never changed: a newer one closes it. Of several sources for one
 *   person and year the one with the smallest rank counts (enum income_source order).
 * - A draft is nothing but a proposal: no document number, no charge, droppable.
 * - A decision carries the rule set's hash, the event it looked from, the digest of its inputs
 *   and its explanation; replaying it gives identical bytes.
 * - Annual amount = sum of its parts = sum of instalments = charge handed to collection.
 */
#ifndef DESK_LEVY_LEVY_H
#define DESK_LEVY_LEVY_H

#include "desk/eligibility/eligibility.h"
#include "desk/party/party.h"
#include "law/law.h"
#include "office/office.h"
#include "paper/paper.h"

/* --- income facts ------------------------------------------------------------------------ */

/* In order of rank: a person's income of a year comes from the first that is there. */
enum income_source {
    INCOME_OVERRIDE = 1,    /* 職権: entered with a reason, overrides the tax office */
    INCOME_TAX = 2,         /* 課税情報 from the tax office */
    INCOME_INQUIRY = 3,     /* 所得照会: answer of another municipality */
    INCOME_DECLARATION = 4, /* 簡易申告 */
    INCOME_ESTIMATE = 5     /* 推計, what-if only; never in a draft */
};

/* What one source says about one person's income of one calendar year. Zeroed = "nothing earned,
 * declared". Incomes are after the deductions of their kind and may be negative (losses). */
struct income {
    int64_t person_id;
    int32_t income_year; /* 2025 for fiscal year 2026 */
    enum income_source source;
    bool is_undeclared;     /* 未申告: we asked and know nothing; all amounts are 0 then */
    bool has_salary_income; /* the tax office's net figures win over a recomputation */
    bool has_pension_income;
    bool has_total_income; /* what the tax office decided; never computed here */
    bool has_taxable;
    bool is_minor; /* 未成年者 */

    struct yen salary_revenue;        /* 給与収入, family-worker wages received included */
    struct yen pension_revenue;       /* 公的年金等収入 */
    struct yen salary_income;         /* 給与所得 after 所得金額調整控除 */
    struct yen pension_income;        /* 公的年金等雑所得 */
    struct yen business_income;       /* 営業等・農業所得 */
    struct yen property_income;       /* 不動産所得 */
    struct yen other_income;          /* 利子・配当・一時・総合譲渡・その他雑 */
    struct yen forestry_income;       /* 山林所得 */
    struct yen separate_income;       /* 分離課税所得, before the special deduction */
    struct yen separate_deduction;    /* 譲渡所得の特別控除額 */
    struct yen net_loss_carried;      /* 純損失の繰越控除額, positive */
    struct yen casualty_loss_carried; /* 雑損失の繰越控除額, positive */
    struct yen family_wages_paid;     /* 専従者給与・控除額 the owner deducted */
    struct yen family_wages_received; /* 専従者給与収入 contained in salary_revenue */
    struct yen salary_adjustment;     /* 所得金額調整控除 where the tax office gave it */
    struct yen fixed_asset_tax; /* 固定資産税額(土地・家屋, own share, without 都市計画税) */
    int16_t dependants;       /* 被扶養者数 */
    int16_t small_children;   /* 年少扶養者数 (under 16) */
    struct yen total_income;  /* 合計所得金額 */
    struct yen taxable;       /* 住民税課税所得 (課税標準額) */
    enum tax_state tax_state; /* TAX_UNKNOWN: not told, which is not the same as exempt */
    int8_t widow;             /* 0 none, 1 寡婦, 2 ひとり親 */
    int8_t disability;        /* 0 none, 1 障害者, 2 特別障害者 */
};

/* Inside the caller's write transaction and event. Closes what the same source said before where
 * it differs; rows that change nothing are left out. *written: rows opened. */
int levy_income_put(struct work *w, int64_t event_no, const struct income *rows, size_t n,
                    int64_t *written) WARN_UNUSED;
/* Every source's statement about these persons and year, known as of `known`, by person and rank;
 * memory of w->cx.arena. */
struct incomes {
    struct income *rows;
    size_t n;
};
int levy_incomes(struct work *w, const int64_t *person_ids, size_t n, int income_year,
                 int64_t known, struct incomes *out) WARN_UNUSED;
/* The same of every year, with how each statement came in, newest year first. */
struct income_told {
    int64_t person_id;
    int32_t income_year;
    enum income_source source;
    bool is_undeclared, has_total_income, has_taxable;
    struct yen salary_revenue, pension_revenue, other_income, fixed_asset_tax;
    struct yen total_income, taxable;
    enum tax_state tax_state;
    struct told_by by;
};
struct incomes_told {
    struct income_told *rows;
    size_t n;
};
int levy_incomes_told(struct work *w, const int64_t *person_ids, size_t n,
                      struct incomes_told *out) WARN_UNUSED;
/* The file import of incomes (job "import-incomes"). */
int levy_income_import(struct work *w, struct job *job) WARN_UNUSED;

/* --- amounts ------------------------------------------------------------------------------ */

enum levy_part { PART_MEDICAL, PART_SUPPORT, PART_CARE, PART_CHILD, LEVY_PARTS };

#define LEVY_INSTALMENTS_MAX 24 /* those of the year and those added by late increases (随時) */
struct levy_instalment {
    int number;     /* 期, from 1 */
    struct ymd due; /* 納期限, an open day */
    struct yen amount;
    struct yen part[LEVY_PARTS]; /* sums to amount */
};
struct levy_schedule {
    struct levy_instalment row[LEVY_INSTALMENTS_MAX];
    size_t n;
};

/* Marks of an assessment; pages and lists name them by message id "levy.mark.N". */
enum levy_mark {
    MARK_CAP_MEDICAL = 1, /* at the cap, one bit per component */
    MARK_CAP_SUPPORT = 2,
    MARK_CAP_CARE = 4,
    MARK_CAP_CHILD = 8,
    MARK_UNDECLARED = 16,  /* somebody's income is unknown: no reduction */
    MARK_DEEMED_HEAD = 32, /* 擬制世帯主 */
    MARK_PART_YEAR = 64,
    MARK_SPECIAL = 128, /* somebody of the household moved to late-stage care */
    MARK_UNEMPLOYED = 256,
    MARK_MATERNITY = 512
};

enum levy_outcome {
    OUTCOME_LEVIED = 1,
    OUTCOME_PULLED = 2,
    OUTCOME_SKIPPED = 3,
    OUTCOME_FAILED = 4
};

/* Why a notice is pulled (引抜), a household skipped or failed; message id "levy.reason.N". */
enum levy_reason {
    REASON_NONE = 0,
    REASON_PROTECTED = 1, /* DV: handled by hand */
    REASON_NO_ADDRESS = 2,
    REASON_DEBTOR_DIED = 3,
    REASON_ZERO = 4,     /* nothing to pay */
    REASON_LEFT = 5,     /* the debtor left the city: checked by hand */
    REASON_NO_HEAD = 6,  /* skipped */
    REASON_NO_MONTH = 7, /* skipped: no insured month */
    REASON_LAW = 8,      /* failed: the rules could not compute it */
    REASON_PRINT = 9,    /* failed: a character or value cannot be printed */
    REASON_LIMIT = 10,   /* refused: too late to decide (賦課の期間制限) */
    LEVY_REASONS
};

/* Message ids "levy.reason.N", "levy.tier.N"; never NULL. */
const char *levy_reason_message(int64_t reason);
const char *levy_tier_message(int tier);
const char *levy_cause_message(struct str cause); /* decision.cause, decision.basis */
const char *levy_basis_message(struct str basis);
/* The rules' own words: 医療 支援 介護 子ども, 年間保険料額, 世帯員. */
struct str levy_part_word(int part);
struct str levy_total_word(void);
struct str levy_member_scope(void);
struct str levy_year_label(struct context *cx, int fiscal_year); /* 令和8年度 */

struct levy_result {
    struct yen total;
    struct yen part[LEVY_PARTS];
    int tier;         /* 7, 5, 2, 0 */
    unsigned marks;   /* enum levy_mark */
    struct yen judge; /* 軽減判定所得 */
    int insured;
};

/* --- decisions ---------------------------------------------------------------------------- */

struct decision {
    int64_t decision_id, decision_no, household_id, debtor_id, officer_id;
    int64_t draft_no, looked_from, event_no;
    int fiscal_year;
    bool is_open;     /* the one in force */
    bool is_replayed; /* set by levy_replay_year only */
    struct ymd from, decided, issued, as_of;
    struct str cause, basis; /* "initial"; message ids levy.cause.*, levy.basis.* */
    struct digest rule_hash, inputs;
    enum levy_outcome outcome;
    enum levy_reason reason;
    struct levy_result result;
    struct levy_schedule schedule;
    struct str explanation; /* the stored vector */
};
struct decisions {
    struct decision *rows;
    size_t n;
};
/* What an event decided; for the desks that charge and print. Memory: w->cx.arena. */
int levy_decisions_of_event(struct work *w, int64_t event_no, struct decisions *out) WARN_UNUSED;
/* Of a household and year (0: all), as known at w->asof.known, newest first; history also gives
 * those that a later decision replaced. */
int levy_decisions_of_household(struct work *w, int64_t household_id, int fiscal_year, bool history,
                                struct decisions *out) WARN_UNUSED;
int levy_decision_by_no(struct work *w, int fiscal_year, int64_t decision_no,
                        struct decision *out) WARN_UNUSED; /* 1 found, 0 not */
/* Opens the stored explanation with the rules of its hash. */
int levy_explanation(struct work *w, const struct decision *d, struct explanation *out) WARN_UNUSED;
/* Evaluates again from the facts known at looked_from; *same: bytes and inputs are identical. */
int levy_replay(struct work *w, const struct decision *d, bool *same) WARN_UNUSED;
/* All decisions in force of a year; fn (may be NULL) hears of those that come out different or
 * cannot be found again. */
struct replay_count {
    int64_t decisions, different;
};
typedef int replay_fn(void *arg, const struct decision *d);
int levy_replay_year(struct work *w, int fiscal_year, replay_fn *fn, void *arg,
                     struct replay_count *out) WARN_UNUSED;

/* --- drafts -------------------------------------------------------------------------------- */

enum draft_status {
    DRAFT_RUNNING = 1,
    DRAFT_READY = 2,
    DRAFT_CONFIRMING = 3,
    DRAFT_CONFIRMED = 4,
    DRAFT_DROPPED = 5
};
struct draft {
    int64_t draft_no, known, job_id, run_by, households, pulled, confirmed_by;
    int fiscal_year;
    enum draft_status status;
    struct ymd as_of, issued;
    struct yen total;
    struct str kind;  /* "initial", "increase", "decrease" */
    struct str rules; /* "": the adopted set */
    struct digest rule_hash, content;
};
/* 1 found, 0 not; number 0: the newest. */
int levy_draft_find(struct work *w, int64_t draft_no, struct draft *out) WARN_UNUSED;

/* --- rules in force ------------------------------------------------------------------------ */

/* The rule set adopted at `known`; cached in the process, never released. */
int levy_rules(struct work *w, int64_t known, const struct ruleset **out) WARN_UNUSED;
/* "" or "adopted": in force now; "draft:N": of a draft; otherwise settings "医療.所得割率=7.9 ..."
 * on top of the adopted set, or a directory of rule files with the municipality's name behind "#".
 */
int levy_rules_named(struct work *w, struct str name, const struct ruleset **out) WARN_UNUSED;

/* --- what-if ------------------------------------------------------------------------------- */

/* A household as the counter changes it: nothing of it is stored. */
struct trial_member {
    int64_t person_id; /* 0: made up */
    struct str name;   /* as shown; may be made up */
    struct ymd birth;
    bool is_head;
    bool is_insured;
    bool moved_to_elderly;  /* 特定同一世帯所属者 */
    struct ymd acquired;    /* YMD_NONE: before the year */
    struct ymd lost;        /* YMD_NONE: not lost */
    bool lost_to_insurance; /* 法6条1-8号: months count by the day the cover began */
    struct ymd left_work;   /* 非自発的失業: 離職日; YMD_NONE */
    struct ymd birth_due;   /* 産前産後: 出産予定日; YMD_NONE */
    int births;             /* 2: multiple */
    struct income income;
};
#define TRIAL_MEMBERS_MAX 12
struct trial {
    int fiscal_year;
    struct trial_member member[TRIAL_MEMBERS_MAX];
    size_t n;
};
struct assessed {
    struct levy_result result;
    struct levy_schedule schedule;
    struct str vector;
    const struct plan *plan; /* to open the vector with */
};
/* The household as it is known now, to be changed on the form. */
int levy_trial_of_household(struct work *w, int64_t household_id, int fiscal_year,
                            struct trial *out) WARN_UNUSED;
int levy_trial(struct work *w, const struct trial *t, const struct ruleset *rules,
               struct assessed *out) WARN_UNUSED;

/* A real household under the adopted rules from the facts the open transaction sees, those it has
 * written itself included: one row per debtor, none when nobody is insured in the year. */
struct levy_debt {
    int64_t debtor_id;
    struct ymd from; /* first day of the debt in the year */
    struct assessed assessed;
};
#define LEVY_DEBTS_MAX 8
struct levy_debts {
    int fiscal_year;
    struct levy_debt row[LEVY_DEBTS_MAX];
    size_t n;
    struct yen total;
};
int levy_assess_household(struct work *w, int64_t household_id, int fiscal_year,
                          struct levy_debts *out) WARN_UNUSED;

/* The whole city under a rule set, nothing stored. */
#define LEVY_BUCKETS    24
#define LEVY_BUCKET_YEN 50000 /* each; the last one is open */
struct levy_figures {
    int64_t households, insured, undeclared, failed;
    int64_t total_yen, part_yen[LEVY_PARTS];
    int64_t tier[10]; /* households by reduction in tenths */
    int64_t at_cap[LEVY_PARTS];
    int64_t bucket[LEVY_BUCKETS];
    int64_t winners, losers, gain_yen, loss_yen; /* against the base; 0 without */
};
int levy_city_figures(struct work *w, int fiscal_year, const struct rule_setting *settings,
                      size_t n, struct levy_figures *out) WARN_UNUSED;
/* Many sets in one go; each compared with the first. */
int levy_city_compare(struct work *w, int fiscal_year, const struct ruleset *const *sets, size_t n,
                      struct levy_figures *out) WARN_UNUSED;

/* --- radar --------------------------------------------------------------------------------- */

struct radar_row {
    int64_t household_id, debtor_id;
    struct yen before, after;
    uint32_t cause; /* position in radar.causes */
};
struct radar_cause {
    struct str
        names; /* the definitions, parameters or facts that differ at the root, " " between */
    int64_t households, winners, losers;
    int64_t yen; /* sum of differences */
};
struct radar {
    struct radar_row *rows;
    size_t n;
    struct radar_cause *causes;
    size_t n_causes;
    struct levy_figures before, after;
};
int levy_radar(struct work *w, int fiscal_year, const struct ruleset *a, const struct ruleset *b,
               struct radar *out) WARN_UNUSED;
/* Two drafts, by their stored amounts and explanations. */
int levy_radar_drafts(struct work *w, int64_t draft_a, int64_t draft_b,
                      struct radar *out) WARN_UNUSED;

/* By the names of levy_rules_named, "draft:N" on both sides, or "results:FILE" on one or both. */
int levy_radar_named(struct work *w, int fiscal_year, struct str a, struct str b,
                     struct radar *out) WARN_UNUSED;

/* --- the yearly run from end to end (demo cities, tests) ------------------------------------- */

/* Draft, then confirmation against the draft's own control totals; only a demo city lets the
 * console's system user do both. */
int levy_initial_all(struct work *w, int fiscal_year, struct ymd as_of,
                     struct ymd issue) WARN_UNUSED;

/* --- notices -------------------------------------------------------------------------------- */

/* The notice of a decision and its slips as one PDF, appended to out; the print data stored when
 * it was printed before, the facts of today otherwise. */
int levy_notice_pdf(struct work *w, struct paper *p, const struct decision *d,
                    struct text *out) WARN_UNUSED;

/* out[i]: the printed number of household_ids[i]; STR_NONE when there is none. */
int levy_household_nos(struct work *w, const int64_t *household_ids, size_t n,
                       struct str *out) WARN_UNUSED;
/* Symbol and number (記号 番号) they are or were last insured under; "" where there is none. */
int levy_insured_symbols(struct work *w, const int64_t *household_ids, size_t n,
                         struct str *out) WARN_UNUSED;

/* How far a year's printing has come. */
struct notice_counts {
    int64_t sent, pulled;
};
int levy_notice_counts(struct work *w, int fiscal_year, struct notice_counts *out) WARN_UNUSED;

/* For the register of decisions. */
int levy_decided(struct work *w, int64_t person_id, struct decided_list *out) WARN_UNUSED;

extern const struct desk levy_desk;

#include "desk/levy/asset.h"
#include "desk/levy/change.h"
#include "desk/levy/letterhead.h"
#include "desk/levy/pension.h"
#include "desk/levy/results.h"
#include "desk/levy/solve.h"

#endif
