/* The rules' figures of late charges and dunning, read once for a kind of claim and a levy year. */
#include "desk/collection/late.h"

#include <string.h>

const char *const late_rule_names[LATE_RULES] = {"延滞金の低い割合", "延滞金の高い割合",
                                                 "低い割合の月数",   "割合の日数",
                                                 "延滞金の元の単位", "延滞金の途中の端数",
                                                 "延滞金の単位",     "猶予中の割合"};

/* --- values --------------------------------------------------------------------------------------
 */

struct reading {
    struct context *cx;
    const struct ruleset *rules;
    int year;
    struct str subject; /* 国保料, 国保税 */
    int rc;
};

static struct law_value value_of(struct reading *r, struct str name)
{
    struct law_value v = {.den = 1};
    if (r->rc >= 0) {
        r->rc = ruleset_value(r->cx, r->rules, r->year, name, &v);
    }
    if (r->rc >= 0 && v.none) {
        r->rc = fail(r->cx, ERR_NOT_FOUND, "law.plan.unset", "name=" STR_FMT " year=%d",
                     STR_ARG(name), r->year);
    }
    return v;
}

/* A whole number of at least `least`. */
static int64_t count_of(struct reading *r, const char *name, int64_t least)
{
    const struct law_value v = value_of(r, str_of(name));
    if (r->rc >= 0 && (v.den != 1 || v.num < least)) {
        r->rc = fail(r->cx, ERR_RANGE, "collection.late.rules", "%s", name);
    }
    return v.num;
}

static int64_t of_subject(struct reading *r, const char *name)
{
    return value_of(r, str_format(r->cx->arena, "%s(" STR_FMT ")", name, STR_ARG(r->subject))).num;
}

static struct str subject_of(struct str kind)
{
    return str_is(kind, "nhi_tax") ? STR("国保税") : STR("国保料");
}

/* --- rates
 * ---------------------------------------------------------------------------------------- */

/* The calendar year as the rules call it: the era of its first day, "平成31年", "令和8年". */
static struct str year_word(struct reading *r, int year)
{
    struct text t;
    text_init(&t, 64);
    text_add_era(&t, ymd_of(year, 1, 1));
    const struct str s = text_str(&t);
    const char *end = s.n ? memmem(s.p, s.n, "年", strlen("年")) : NULL;
    const struct str word =
        end ? str_copy(r->cx->arena, (struct str){s.p, (size_t)(end - s.p) + strlen("年")})
            : STR_NONE;
    text_release(&t);
    return word;
}

static bool is_word(const struct str *words, size_t n, struct str word)
{
    for (size_t i = 0; i < n; i++) {
        if (str_equal(words[i], word)) {
            return true;
        }
    }
    return false;
}

static void read_rates(struct reading *r, const char *name, struct ratio out[LATE_YEARS])
{
    const struct str *words = NULL;
    const size_t n = ruleset_choice(r->rules, STR("暦年"), &words);
    for (int i = 0; i < LATE_YEARS && r->rc >= 0; i++) {
        const struct str word = year_word(r, LATE_YEAR_FIRST + i);
        if (!word.p || !is_word(words, n, word)) {
            continue; /* not announced yet: den 0 */
        }
        const struct law_value v =
            value_of(r, str_format(r->cx->arena, "%s(" STR_FMT ")", name, STR_ARG(word)));
        if (r->rc >= 0 && v.num >= 0) {
            out[i] = ratio_of(v.num, v.den);
        }
    }
}

/* --- terms
 * ----------------------------------------------------------------------------------------- */

static int choice_of(struct reading *r, const char *name, const char *choice)
{
    const struct law_value v = value_of(r, str_of(name));
    const struct str *words = NULL;
    const size_t n = ruleset_choice(r->rules, str_of(choice), &words);
    for (size_t i = 0; r->rc >= 0 && i < n; i++) {
        if (str_equal(words[i], v.word)) {
            return (int)i;
        }
    }
    return v.num >= 0 && (size_t)v.num < n ? (int)v.num : 0;
}

static void read_starts(struct reading *r, struct late_terms *out)
{
    const struct str *causes = NULL;
    const size_t n = ruleset_choice(r->rules, STR("還付の原因"), &causes);
    if (r->rc >= 0 && n != sizeof out->start / sizeof *out->start) {
        r->rc = fail(r->cx, ERR_RANGE, "collection.late.rules", "%zu", n);
    }
    for (size_t i = 0; r->rc >= 0 && i < n; i++) {
        const struct str name = str_format(r->cx->arena, "起算日(" STR_FMT ")", STR_ARG(causes[i]));
        const char *c = str_c(r->cx->arena, name);
        out->start[i] = (enum refund_start)choice_of(r, c ? c : "", "還付加算の起算");
    }
}

static struct late_rule rule_of(struct reading *r, const char *const names[4])
{
    return (struct late_rule){count_of(r, names[0], 0), count_of(r, names[1], 1),
                              count_of(r, names[2], 0), count_of(r, names[3], 1)};
}

int late_terms_read(struct context *cx, const struct ruleset *rules, struct str kind, int levy_year,
                    struct late_terms *out)
{
    static const char *const late[4] = {"延滞金の元の最低額", "延滞金の元の単位", "延滞金の最低額",
                                        "延滞金の単位"};
    static const char *const refund[4] = {"還付加算金の元の最低額", "還付加算金の元の単位",
                                          "還付加算金の最低額", "還付加算金の単位"};
    struct reading r = {.cx = cx, .rules = rules, .year = levy_year, .subject = subject_of(kind)};
    memset(out, 0, sizeof *out);
    out->is_charged = of_subject(&r, "延滞金を徴収する") != 0;
    out->months = of_subject(&r, "低い割合の月数");
    out->year_days = count_of(&r, "割合の日数", 1);
    out->step = count_of(&r, "延滞金の計算の単位", 1);
    out->rounding = (enum late_rounding)choice_of(&r, "延滞金の途中の端数", "延滞の端数");
    out->refund_rounding =
        (enum late_rounding)choice_of(&r, "還付加算金の途中の端数", "延滞の端数");
    out->late = rule_of(&r, late);
    out->refund = rule_of(&r, refund);
    out->start_months = count_of(&r, "起算の月数", 1);
    read_starts(&r, out);
    read_rates(&r, "延滞金の低い割合", out->rate[LATE_LOW]);
    read_rates(&r, "延滞金の高い割合", out->rate[LATE_HIGH]);
    read_rates(&r, "猶予中の割合", out->rate[LATE_RELIEVED]);
    read_rates(&r, "還付加算金の割合", out->refund_rate);
    return r.rc < 0 ? error_add(cx, "read the terms of late charges of %d", levy_year) : OK;
}

/* --- kept for the process
 * --------------------------------------------------------------------------- */

#define KEPT_MAX 64
static struct kept_terms {
    struct digest rules;
    bool is_tax;
    int year;
    struct late_terms terms;
} kept[KEPT_MAX];
static size_t n_kept;

int late_terms_of(struct work *w, struct str kind, int levy_year, const struct late_terms **out)
{
    const struct ruleset *rules = NULL;
    const bool is_tax = str_is(kind, "nhi_tax");
    int rc = levy_rules(w, KNOWN_NOW, &rules);
    for (size_t i = 0; rc >= 0 && i < n_kept; i++) {
        if (kept[i].year == levy_year && kept[i].is_tax == is_tax &&
            digest_equal(&kept[i].rules, ruleset_hash(rules))) {
            *out = &kept[i].terms;
            return OK;
        }
    }
    struct late_terms *t = rc < 0              ? NULL
                           : n_kept < KEPT_MAX ? &kept[n_kept].terms
                                               : ARENA_NEW(w->cx.arena, struct late_terms);
    if (!t) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    rc = late_terms_read(&w->cx, rules, kind, levy_year, t);
    if (rc >= 0 && n_kept < KEPT_MAX) {
        kept[n_kept].rules = *ruleset_hash(rules);
        kept[n_kept].is_tax = is_tax;
        kept[n_kept++].year = levy_year;
    }
    *out = t;
    return rc;
}

int dunning_terms_of(struct work *w, int levy_year, struct dunning_terms *out)
{
    struct reading r = {.cx = &w->cx, .year = levy_year};
    r.rc = levy_rules(w, KNOWN_NOW, &r.rules);
    *out = (struct dunning_terms){.days = count_of(&r, "督促までの日数", 0),
                                  .fee = YEN(count_of(&r, "督促手数料", 0)),
                                  .least = YEN(count_of(&r, "督促する最低額", 1)),
                                  .pay_days = count_of(&r, "督促の指定日数", 1)};
    for (int k = 0; k < 2; k++) {
        r.subject = subject_of(k ? STR("nhi_tax") : STR("nhi_fee"));
        out->lapse[k] = of_subject(&r, "時効の年数");
        out->rests[k] = of_subject(&r, "督促後に時効が完成しない日数");
    }
    return r.rc;
}

int late_charge(struct work *w, const struct late_case *c, struct late_result *out)
{
    const struct late_terms *t = NULL;
    const int rc = late_terms_of(w, c->kind, c->levy_year, &t);
    return rc < 0 ? rc : late_walk(&w->cx, t, c, out);
}

int refund_interest(struct work *w, const struct refund_case *c, struct refund_result *out)
{
    const struct late_terms *t = NULL;
    const int rc = late_terms_of(w, c->kind, c->levy_year, &t);
    return rc < 0 ? rc : refund_walk(&w->cx, t, c, out);
}
