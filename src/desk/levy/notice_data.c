/* The values of a notice and its slips, from the decision and its explanation. */
#include "desk/levy/notice.h"

#include <assert.h>
#include <string.h>

/* --- reading the explanation --------------------------------------------------------------------
 */

static const struct explained *node(const struct explanation *x, const char *name, int row)
{
    for (uint32_t i = 0; i < x->n; i++) {
        if (x->nodes[i].row == row && str_is(x->nodes[i].name, name)) {
            return &x->nodes[i];
        }
    }
    return NULL;
}

/* Whole yen of a node, downwards; 0 where the rules had no need of it. */
static int64_t yen_of(const struct explanation *x, const char *name, int row)
{
    const struct explained *n = node(x, name, row);
    if (!n || n->value.none) {
        return 0;
    }
    int64_t v = 0;
    (void)ratio_round((struct ratio){n->value.num, n->value.den}, ROUND_FLOOR, 1, &v);
    return v;
}

static struct ratio ratio_value(const struct explanation *x, const char *name, int row)
{
    const struct explained *n = node(x, name, row);
    return n && !n->value.none ? ratio_of(n->value.num, n->value.den) : ratio_of(0, 1);
}

static int64_t months_of(const struct explanation *x, const char *name, int row)
{
    int64_t months = 0;
    for (int64_t set = yen_of(x, name, row); set > 0; set &= set - 1) {
        months++;
    }
    return months;
}

/* "医療" and "所得割額" to "医療.所得割額". */
struct part_name {
    char text[96];
};
static const char *const part_words[LEVY_PARTS] = {"医療", "支援", "介護", "子ども"};

static const char *part_name(struct part_name *n, int part, const char *word)
{
    size_t a = strlen(part_words[part]);
    size_t b = strlen(word);
    assert(a + b + 2 <= sizeof n->text);
    memcpy(n->text, part_words[part], a);
    n->text[a] = '.';
    memcpy(n->text + a + 1, word, b + 1);
    return n->text;
}

static int64_t part_yen(const struct explanation *x, int part, const char *word)
{
    struct part_name n;
    return yen_of(x, part_name(&n, part, word), 0);
}

/* --- groups
 * ---------------------------------------------------------------------------------------- */

/* A part of the levy for a whole year, before and after the reductions. */
struct whole {
    int64_t base, people, adults; /* 算定基礎額, heads, heads of the adults' per-capita amount */
    int64_t income, asset, heads, adult_part, house; /* before reductions */
    int64_t reduced;                                 /* all five after reductions */
    bool is_whole;                                   /* everybody counted all twelve months */
};

static void add_head(struct whole *y, const struct letter *l, int part, int row)
{
    const struct explanation *x = &l->explanation;
    struct part_name n;
    int64_t income = yen_of(x, part_name(&n, part, "所得割額"), row);
    int64_t asset = yen_of(x, part_name(&n, part, "資産割額"), row);
    y->people++;
    y->base += yen_of(x, "算定基礎額", row);
    y->adults += yen_of(x, "十八歳以上", row);
    y->income += income;
    y->asset += asset;
    y->reduced += income + asset + yen_of(x, part_name(&n, part, "軽減後均等割額"), row) +
                  yen_of(x, part_name(&n, part, "軽減後十八歳以上均等割額"), row);
}

static struct whole whole_year(const struct letter *l, int part)
{
    const struct explanation *x = &l->explanation;
    struct whole y = {.is_whole = true};
    struct part_name n;
    for (size_t i = 0; i < l->n_members; i++) {
        int64_t months = months_of(x, part_name(&n, part, "対象月"), (int)i);
        if (months > 0) {
            add_head(&y, l, part, (int)i);
            y.is_whole = y.is_whole && months == 12;
        }
    }
    y.heads = y.people * part_yen(x, part, "均等割");
    y.adult_part = part == PART_CHILD ? y.adults * yen_of(x, "十八歳以上均等割", 0) : 0;
    y.house = y.people > 0 ? part_yen(x, part, "平等割") : 0;
    y.reduced += y.people > 0 ? part_yen(x, part, "区間の平等割額") : 0;
    return y;
}

/* 産前産後: taken off the year's amount of each stretch of months, before the cap. */
static int64_t maternity(const struct letter *l, int part)
{
    const struct explanation *x = &l->explanation;
    struct part_name n;
    const char *name = part_name(&n, part, "区間の産前産後減額");
    int64_t sum = 0;
    for (int row = 0; row < 12; row++) {
        const struct explained *e = node(x, name, row);
        const struct explained *months = node(x, "区間の月数", row);
        struct ratio share;
        int64_t yen = 0;
        if (e && months && !e->value.none &&
            ratio_mul(ratio_of(e->value.num, e->value.den), ratio_of(months->value.num, 12),
                      &share)) {
            (void)ratio_round(share, ROUND_HALF_UP, 1, &yen);
        }
        sum += yen;
    }
    return sum;
}

/* The column of the paper adds up to the yen: what the lines do not say (rounding, maternity,
 * changes inside the year) stands in the last one. */
static void put_sums(struct form_data *c, const struct letter *l, int part, const struct whole *y)
{
    const struct explanation *x = &l->explanation;
    int64_t before = y->income + y->asset + y->heads + y->adult_part + y->house;
    int64_t shares = part_yen(x, part, "所得割の部") + part_yen(x, part, "資産割の部") +
                     part_yen(x, part, "均等割の部") + part_yen(x, part, "平等割の部");
    /* Whole years: all that is missing is reduction (7/5/2, children, former dependants, lost
     * work). Part years: the months take the rest off. */
    int64_t after = y->is_whole ? shares : y->reduced;
    int64_t reduction = before > after ? before - after : 0;
    int64_t proration = before - reduction > shares ? before - reduction - shares : 0;
    int64_t over = part_yen(x, part, "限度額で減った額");
    int64_t relief = part_yen(x, part, "減免額");
    int64_t amount = l->decision->result.part[part].n;
    /* Fewer than ten yen between the shares and the whole year is rounding, not months. */
    proration = proration < 10 ? 0 : proration;
    reduction += maternity(l, part);
    form_put_yen(c, "subtotal", YEN(before));
    form_put_yen(c, "reduction", YEN(reduction));
    form_put_yen(c, "over_limit", YEN(over));
    form_put_yen(c, "limit", YEN(part_yen(x, part, "賦課限度額")));
    form_put_yen(c, "proration", YEN(proration));
    form_put_yen(c, "exemption", YEN(relief));
    form_put_yen(c, "rounding", YEN(before - reduction - over - proration - relief - amount));
    form_put_yen(c, "amount", YEN(amount));
}

static void put_component(struct form_data *d, const struct letterhead *head,
                          const struct letter *l, int part)
{
    const struct explanation *x = &l->explanation;
    struct whole y = whole_year(l, part);
    struct form_data *c = form_item(d, "components");
    struct part_name n;
    form_put_text(c, "label", head->part_label[part]);
    form_put_yen(c, "base", YEN(y.base));
    form_put_ratio(c, "rate", ratio_value(x, part_name(&n, part, "所得割率"), 0));
    form_put_yen(c, "income_part", YEN(y.income));
    form_put_ratio(c, "asset_rate", ratio_value(x, part_name(&n, part, "資産割率"), 0));
    form_put_yen(c, "asset_base", YEN(part_yen(x, part, "固定資産税額")));
    form_put_yen(c, "asset_part", YEN(y.asset));
    form_put_count(c, "heads", y.people);
    form_put_yen(c, "head_unit", YEN(part_yen(x, part, "均等割")));
    form_put_yen(c, "head_part", YEN(y.heads));
    form_put_yen(c, "adult_part", YEN(y.adult_part));
    form_put_yen(c, "house_part", YEN(y.house));
    put_sums(c, l, part, &y);
}

static void put_member(struct form_data *d, const struct letter *l, int row)
{
    const struct explanation *x = &l->explanation;
    const struct person *p = &l->members[row];
    struct form_data *m = form_item(d, "members");
    struct part_name n;
    form_put_text(m, "name", p->name.p ? p->name : STR(""));
    form_put_day(m, "birth", p->birth);
    form_put_yen(m, "base", YEN(yen_of(x, "算定基礎額", row)));
    form_put_count(m, "months_medical", months_of(x, part_name(&n, PART_MEDICAL, "対象月"), row));
    form_put_count(m, "months_support", months_of(x, part_name(&n, PART_SUPPORT, "対象月"), row));
    form_put_count(m, "months_care", months_of(x, part_name(&n, PART_CARE, "対象月"), row));
    form_put_count(m, "months_child", months_of(x, part_name(&n, PART_CHILD, "対象月"), row));
    form_put_text(m, "note", STR(""));
}

static int put_slip(struct context *cx, struct form_data *d, const struct letterhead *head,
                    const struct letter *l, const struct payment *i)
{
    struct yen amount = {i->amount.n - l->paid.number[i->number].n};
    if (amount.n <= 0) {
        return 0; /* paid already */
    }
    struct form_data *s = form_item(d, "slips");
    struct slip_terms terms = {.amount = amount,
                               .due = i->due,
                               .printed = l->printed,
                               .late_charge_due = ymd_compare(i->due, l->printed) < 0,
                               .is_withheld = l->to.is_protected};
    const char *refusal = slip_refusal(&terms);
    char digits[45] = "";
    form_put_count(s, "no", i->number);
    form_put_day(s, "due", i->due);
    form_put_yen(s, "amount", amount);
    if (!refusal) {
        struct slip_code code = {.due = i->due,
                                 .amount = amount,
                                 .reissue = l->is_reprint || l->is_changed ? 1 : 0};
        struct slip_key key = {.company = head->company,
                               .account = head->account,
                               .fiscal_year = l->decision->fiscal_year,
                               .instalment = i->number,
                               .notice_no = l->decision->decision_no};
        memcpy(code.maker, head->maker, sizeof code.maker);
        int rc = slip_key_digits(cx, &key, code.key);
        rc = rc < 0 ? rc : slip_code_digits(cx, &code, digits);
        if (rc < 0) {
            return rc;
        }
    }
    const struct message *why = refusal ? message_find(refusal) : NULL;
    form_put_text(s, "barcode", str_of(digits));
    form_put_text(s, "refusal", why ? str_of(why->text) : STR(""));
    return 0;
}

/* --- scalars
 * -------------------------------------------------------------------------------------- */

void notice_put_office(struct form_data *d, const struct letterhead *h)
{
    form_put_text(d, "city", h->city);
    form_put_text(d, "mayor", h->mayor);
    form_put_text(d, "seal", h->seal);
    form_put_text(d, "section", h->section);
    form_put_text(d, "office_address", h->office_address);
    form_put_text(d, "office_postcode", h->office_postcode);
    form_put_text(d, "phone", h->phone);
    form_put_text(d, "hours", h->hours);
    form_put_text(d, "prefecture", h->prefecture);
    form_put_text(d, "ordinance", h->ordinance);
    form_put_text(d, "ordinance_article", h->article);
    form_put_text(d, "place", h->place);
    form_put_text(d, "inquiry_url", h->inquiry_url);
    form_put_flag(d, "is_tax", h->is_tax);
}

/* 住所表示番号: what follows the town; the block number belongs to it though the register keeps it
 * with the town (花園一丁目). */
struct str notice_address_number(struct arena *a, const struct addressee *to)
{
    bool has_block = to->town.n >= 6 && memmem(to->town.p, to->town.n, "丁目", 6) != NULL;
    struct str behind =
        str_format(a, STR_FMT STR_FMT " " STR_FMT, STR_ARG(has_block ? to->town : STR("")),
                   STR_ARG(to->number), STR_ARG(to->building));
    struct text t;
    text_init(&t, 256);
    struct str number = customer_number(&t, behind) < 0 ? STR("") : str_copy(a, text_str(&t));
    text_release(&t);
    return number.p ? number : STR("");
}

void notice_put_address(struct form_data *d, const struct addressee *to)
{
    struct str line = str_format(d->arena, STR_FMT STR_FMT STR_FMT STR_FMT, STR_ARG(to->prefecture),
                                 STR_ARG(to->city), STR_ARG(to->town), STR_ARG(to->number));
    form_put_text(d, "postcode", to->postal_code.p ? to->postal_code : STR(""));
    form_put_text(d, "address", line.p ? line : STR(""));
    struct str building =
        str_format(d->arena, STR_FMT "%s" STR_FMT, STR_ARG(to->building),
                   to->building.n && to->care_of.n ? "  " : "", STR_ARG(to->care_of));
    form_put_text(d, "building", building.p ? building : STR(""));
    form_put_text(d, "address_after_town", notice_address_number(d->arena, to));
    form_put_text(d, "addressee", to->name);
    form_put_text(d, "party_no", to->person_no);
}

static void put_addressee(struct form_data *d, const struct letter *l)
{
    notice_put_address(d, &l->to);
    form_put_text(d, "household_no", l->household_no);
    form_put_text(d, "insured_symbol", l->insured_symbol);
}

/* The line the household is under; without a reduction the last one it is over. */
static int64_t reduction_limit(const struct explanation *x, int tier)
{
    return yen_of(x,
                  tier == 7   ? "七割軽減の基準額"
                  : tier == 5 ? "五割軽減の基準額"
                              : "二割軽減の基準額",
                  0);
}

static void put_reduction(struct form_data *d, const struct letter *l)
{
    const struct explanation *x = &l->explanation;
    int tier = l->decision->result.tier;
    const struct message *rate = message_find(levy_tier_message(tier));
    form_put_text(d, "reduction_rate", rate ? str_of(rate->text) : STR(""));
    form_put_yen(d, "reduction_income", l->decision->result.judge);
    form_put_count(d, "reduction_insured", yen_of(x, "判定人数", 0));
    form_put_count(d, "reduction_salaried", yen_of(x, "給与所得者等の数", 0));
    form_put_yen(d, "reduction_limit", YEN(reduction_limit(x, tier)));
    form_put_flag(d, "is_undeclared", (l->decision->result.marks & MARK_UNDECLARED) != 0);
}

/* The paper has room for ten: the earliest of more stand in one line. */
enum { LINES_OF_INSTALMENTS = 10 };

static void put_instalment(struct form_data *d, const struct payment *p, struct yen amount,
                           struct yen paid, const char *note)
{
    static const char *const months[] = {"levy.pension.month.51", "levy.pension.month.52",
                                         "levy.pension.month.53", "levy.pension.month.54",
                                         "levy.pension.month.55", "levy.pension.month.56"};
    struct form_data *item = form_item(d, "instalments");
    if (p->is_pension) {
        form_put_text(item, "no", message_words(months[p->number - PENSION_FIRST]));
    } else if (p->number >= AT_ONCE_FIRST) {
        form_put_text(item, "no", message_words("levy.pension.at_once"));
    } else {
        form_put_count(item, "no", p->number);
    }
    form_put_day(item, "due", p->due);
    form_put_yen(item, "amount", amount);
    form_put_yen(item, "paid", paid);
    form_put_text(item, "note", note ? message_words(note) : STR(""));
}

/* What is asked of him: the plan where part comes from the pension, else the instalments. */
static void printed_payments(const struct letter *l, struct payments *out)
{
    out->n = 0;
    for (size_t i = 0; l->plan && i < l->plan->payments.n; i++) {
        if (l->plan->payments.row[i].amount.n > 0) {
            out->row[out->n++] = l->plan->payments.row[i];
        }
    }
    for (size_t i = 0; !l->plan && i < l->decision->schedule.n; i++) {
        const struct levy_instalment *s = &l->decision->schedule.row[i];
        out->row[out->n++] =
            (struct payment){.number = s->number, .due = s->due, .amount = s->amount};
    }
}

static const char *method_message(const struct letter *l)
{
    return l->plan->method == COLLECT_PENSION ? "levy.method.1"
           : l->plan->method == COLLECT_DEBIT ? "levy.method.3"
                                              : "levy.method.2";
}

static const char *payment_note(const struct payment *p, struct yen paid)
{
    return p->is_pension                         ? "levy.pension.way.1"
           : paid.n > 0 && paid.n >= p->amount.n ? "levy.note.paid"
           : paid.n > 0                          ? "levy.note.part_paid"
                                                 : NULL;
}

static void put_instalments(struct form_data *d, const struct letter *l)
{
    struct payments p;
    struct yen sum = YEN(0);
    struct yen by_slip = YEN(0);
    printed_payments(l, &p);
    size_t together = p.n > LINES_OF_INSTALMENTS ? p.n - LINES_OF_INSTALMENTS + 1 : 0;
    for (size_t i = 0; i < p.n; i++) {
        const struct payment *x = &p.row[i];
        struct yen paid = l->paid.number[x->number];
        sum = yen_add(sum, x->amount);
        by_slip = yen_add(by_slip, x->is_pension ? YEN(0) : x->amount);
        if (i + 1 == together) {
            put_instalment(d, x, sum, paid, "levy.note.up_to");
        } else if (i >= together) {
            put_instalment(d, x, x->amount, paid, payment_note(x, paid));
        }
    }
    form_put_yen(d, "due_total", sum);
    if (l->plan) {
        form_put_yen(d, "by_slip", by_slip);
    }
}

static void put_change(struct form_data *d, const struct letter *l)
{
    form_put_flag(d, "is_changed", l->is_changed);
    form_put_flag(d, "is_overpaid", l->paid.overpaid.n > 0);
    if (l->is_changed) {
        form_put_yen(d, "total_before", l->correction.before);
        form_put_day(d, "change_day", l->correction.changed);
        form_put_text(d, "change_reason", message_words(levy_cause_message(l->decision->cause)));
        form_put_yen(d, "overpaid", l->paid.overpaid);
    }
}

static void put_amounts(struct form_data *d, const struct letterhead *h, const struct letter *l)
{
    put_instalments(d, l);
    put_change(d, l);
    form_put_yen(d, "total", l->decision->result.total);
    form_put_yen(d, "paid", l->paid.received);
    form_put_flag(d, "is_debit", false);
    form_put_text(d, "method", l->plan ? message_words(method_message(l)) : h->method_slip);
    form_put_text(d, "account", STR(""));
}

int notice_fill(struct context *cx, const struct letterhead *head, const struct letter *l,
                struct form_data *d)
{
    const struct decision *x = l->decision;
    struct str no = str_format(d->arena, "%010lld", (long long)x->decision_no);
    int rc = 0;
    form_put_count(d, "fiscal_year", x->fiscal_year);
    form_put_text(d, "notice_no", no.p ? no : STR(""));
    form_put_day(d, "issued", x->issued);
    form_put_flag(d, "is_reprint", l->is_reprint);
    notice_put_office(d, head);
    put_addressee(d, l);
    put_amounts(d, head, l);
    put_reduction(d, l);
    bool has_asset = false;
    for (int k = 0; k < LEVY_PARTS; k++) {
        struct part_name n;
        has_asset = has_asset || part_yen(&l->explanation, k, "資産割の部") > 0;
        if (k != PART_CHILD || node(&l->explanation, part_name(&n, k, "均等割"), 0)) {
            put_component(d, head, l, k);
        }
    }
    form_put_flag(d, "has_asset", has_asset);
    for (size_t i = 0; i < l->n_members; i++) {
        put_member(d, l, (int)i);
    }
    struct payments p;
    printed_payments(l, &p);
    for (size_t i = 0; i < p.n && rc >= 0; i++) {
        rc = p.row[i].is_pension ? 0 : put_slip(cx, d, head, l, &p.row[i]);
    }
    return rc;
}

enum levy_reason letter_pulled(const struct letter *l)
{
    if (l->decision->outcome == OUTCOME_PULLED) {
        return l->decision->reason;
    }
    if (l->to.is_protected) {
        return REASON_PROTECTED;
    }
    return l->to.has_address ? REASON_NONE : REASON_NO_ADDRESS;
}
