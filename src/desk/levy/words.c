/* The rules' words for what the levy gives and takes, and our reasons in the rules' choice. */
#include "desk/levy/words.h"

static const char *const scope_names[SCOPES] = {
    [SCOPE_MEMBER] = "世帯員",
    [SCOPE_SPAN] = "資格期間",
    [SCOPE_LEFT_WORK] = "離職",
    [SCOPE_BIRTH] = "出産",
    [SCOPE_CARE_EXEMPT] = "介護適用除外",
};

static const char *const fact_names[FACT_WORDS] = {
    [FACT_REIGN_FROM] = "納付義務始期",
    [FACT_REIGN_TO] = "納付義務終期",
    [FACT_BORN] = "生年月日",
    [FACT_HEAD] = "世帯主",
    [FACT_KNOWN] = "所得把握",
    [FACT_SALARY] = "給与収入",
    [FACT_SALARY_INCOME] = "給与所得決定額",
    [FACT_PENSION] = "公的年金等収入",
    [FACT_PENSION_INCOME] = "年金所得決定額",
    [FACT_OTHER] = "その他所得",
    [FACT_FORESTRY] = "山林所得",
    [FACT_SEPARATE] = "分離譲渡所得",
    [FACT_SEPARATE_DEDUCTION] = "譲渡特別控除額",
    [FACT_NET_LOSS] = "純損失繰越控除額",
    [FACT_CASUALTY_LOSS] = "雑損失繰越控除額",
    [FACT_FAMILY_PAID] = "専従者控除額",
    [FACT_FAMILY_RECEIVED] = "専従者給与収入",
    [FACT_ADJUSTED] = "所得金額調整控除対象",
    [FACT_ASSET_TAX] = "固定資産税額",
    [FACT_SPECIAL_DAY] = "後期移行日",
    [FACT_SPECIAL_END] = "特定同一終了日",
    [FACT_FORMER_DEPENDANT] = "旧被扶養者の取得日",
    [FACT_FORMER_FROM] = "旧被扶養者の減免開始日",
    [FACT_FORMER_TO] = "旧被扶養者の減免終了日",
    [FACT_CHILDREN] = "年少扶養人数",
    [FACT_ACQUIRED] = "取得日",
    [FACT_LOST] = "喪失日",
    [FACT_LOST_CAUSE] = "喪失原因日",
    [FACT_LOST_BY] = "喪失事由",
    [FACT_LEFT_WORK] = "離職日",
    [FACT_LEFT_REASON] = "離職理由コード",
    [FACT_BIRTH_DUE] = "出産予定日",
    [FACT_BIRTH_MULTIPLE] = "多胎",
    [FACT_EXEMPT_FROM] = "適用除外開始日",
    [FACT_EXEMPT_TO] = "適用除外終了日",
    [FACT_EXEMPTION_YEN] = "申請減免の定額",
    [FACT_EXEMPTION_RATE] = "申請減免の率",
    [FACT_EXEMPTION_INCOME_RATE] = "申請減免の所得割の率",
};

static const char *const result_names[RESULT_WORDS] = {
    [RESULT_TOTAL] = "年間保険料額",
    [RESULT_MEDICAL] = "医療.保険料額",
    [RESULT_SUPPORT] = "支援.保険料額",
    [RESULT_CARE] = "介護.保険料額",
    [RESULT_CHILD] = "子ども.保険料額",
    [RESULT_TIER] = "軽減割",
    [RESULT_JUDGE] = "世帯の軽減判定所得",
    [RESULT_UNDECLARED] = "未申告者がいる",
    [RESULT_CAP_MEDICAL] = "医療.限度額で減った額",
    [RESULT_CAP_SUPPORT] = "支援.限度額で減った額",
    [RESULT_CAP_CARE] = "介護.限度額で減った額",
    [RESULT_CAP_CHILD] = "子ども.限度額で減った額",
    [RESULT_MONTHS] = "世帯の賦課月数",
    [RESULT_FIRST_INSTALMENT] = "初回期割額",
    [RESULT_INSTALMENT] = "各期割額",
};

static const struct {
    enum lost_by reason;
    const char *word;
} reason_words[] = {
    {LOST_MOVE_OUT, "転出"},          {LOST_DEATH, "死亡"},
    {LOST_ASSISTANCE, "生活保護"},    {LOST_SOCIETY, "国保組合"},
    {LOST_EMPLOYER, "被用者保険"},    {LOST_LATE_STAGE, "後期高齢者"},
    {LOST_OTHER, "その他の喪失"},     {LOST_EX_OFFICIO, "その他の喪失"},
    {LOST_HOUSEHOLD, "その他の喪失"}, {LOST_STAY_STATUS, "その他の喪失"},
};

static int find_reasons(struct context *cx, const struct ruleset *rules, struct words *out)
{
    const struct str *words;
    size_t n = ruleset_choice(rules, STR("喪失事由区分"), &words);
    for (size_t i = 0; i < sizeof reason_words / sizeof *reason_words; i++) {
        size_t at = 0;
        while (at < n && !str_is(words[at], reason_words[i].word)) {
            at++;
        }
        if (at == n) {
            return fail(cx, ERR_NOT_FOUND, "levy.rules.word", "%s", reason_words[i].word);
        }
        out->reason_choice[reason_words[i].reason] = (int)at;
    }
    return 0;
}

/* Decisions of an older rule set are evaluated again with the facts it knew. */
static bool is_newer(int word)
{
    return word == FACT_FORMER_FROM || word == FACT_FORMER_TO || word == FACT_EXEMPTION_YEN ||
           word == FACT_EXEMPTION_RATE || word == FACT_EXEMPTION_INCOME_RATE;
}

int words_find(struct context *cx, const struct plan *plan, const struct facts *facts,
               struct words *out)
{
    *out = (struct words){0};
    for (int i = 0; i < SCOPES; i++) {
        out->scope[i] = facts_scope(cx, facts, str_of(scope_names[i]));
        if (out->scope[i] < 0) {
            return out->scope[i];
        }
    }
    for (int i = 0; i < FACT_WORDS; i++) {
        const struct error before = cx->error;
        out->field[i] = facts_field(cx, facts, str_of(fact_names[i]));
        if (out->field[i] < 0 && !is_newer(i)) {
            return out->field[i];
        }
        if (out->field[i] < 0) {
            out->field[i] = NO_FIELD;
            cx->error = before;
        }
    }
    for (int i = 0; i < RESULT_WORDS; i++) {
        out->result[i] = plan_result(cx, plan, str_of(result_names[i]));
        if (out->result[i] < 0) {
            return out->result[i];
        }
    }
    return find_reasons(cx, plan_ruleset(plan), out);
}

struct str levy_part_word(int part)
{
    static const char *const words[LEVY_PARTS] = {"医療", "支援", "介護", "子ども"};
    return str_of(words[part >= 0 && part < LEVY_PARTS ? part : 0]);
}

bool levy_is_outcome(struct str name)
{
    static const char *const outcomes[] = {"年間保険料額",  "医療.保険料額",   "支援.保険料額",
                                           "介護.保険料額", "子ども.保険料額", "初回期割額",
                                           "各期割額"};
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
        if (str_is(name, outcomes[i])) {
            return true;
        }
    }
    return false;
}

struct str levy_total_word(void)
{
    return str_of(result_names[RESULT_TOTAL]);
}

struct str levy_member_scope(void)
{
    return str_of(scope_names[SCOPE_MEMBER]);
}
