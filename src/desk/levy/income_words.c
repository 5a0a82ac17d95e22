/* A statement of income from its words: the columns of the file are the fields of the page. */
#include "desk/levy/income_words.h"

struct money_column {
    const char *id;
    size_t offset; /* of the struct yen in struct income */
};
#define MONEY(id, member)                                                                          \
    {                                                                                              \
        (id), offsetof(struct income, member)                                                      \
    }
static const struct money_column moneys[] = {
    MONEY("salary_revenue", salary_revenue),       MONEY("pension_revenue", pension_revenue),
    MONEY("salary_income", salary_income),         MONEY("pension_income", pension_income),
    MONEY("business_income", business_income),     MONEY("property_income", property_income),
    MONEY("other_income", other_income),           MONEY("forestry_income", forestry_income),
    MONEY("separate_income", separate_income),     MONEY("separate_deduction", separate_deduction),
    MONEY("net_loss", net_loss_carried),           MONEY("casualty_loss", casualty_loss_carried),
    MONEY("family_paid", family_wages_paid),       MONEY("family_received", family_wages_received),
    MONEY("salary_adjustment", salary_adjustment), MONEY("fixed_asset_tax", fixed_asset_tax),
    MONEY("total_income", total_income),           MONEY("taxable", taxable),
};
enum { N_MONEYS = sizeof(moneys) / sizeof(moneys[0]) };

static struct str word(const struct income_words *in, const char *id)
{
    return in->word(in->from, id);
}

static int64_t number(const struct income_words *in, const char *id)
{
    int64_t n = 0;
    return str_to_int(word(in, id), &n) ? n : 0;
}

/* --- what single fields cannot show ---------------------------------------------------------- */

static bool may_be_negative(const char *id)
{
    return str_is(STR("business_income"), id) || str_is(STR("property_income"), id);
}

static const char *money_problem(const struct income_words *in, const char **field)
{
    const bool undeclared = str_is(word(in, "undeclared"), "1");

    for (size_t i = 0; i < N_MONEYS; i++) {
        const int64_t yen = number(in, moneys[i].id);
        *field = moneys[i].id;
        if (yen < 0 && !may_be_negative(moneys[i].id))
            return "levy.import.negative";
        if (yen != 0 && undeclared)
            return "levy.import.undeclared_money";
    }
    return NULL;
}

static bool is_past_year(int64_t year, struct ymd today)
{
    int this_year, month, day;

    ymd_split(today, &this_year, &month, &day);
    return year >= 2000 && year <= this_year;
}

const char *income_words_problem(const struct income_words *in, struct ymd today,
                                 const char **field)
{
    const bool undeclared = str_is(word(in, "undeclared"), "1");
    const struct {
        bool is_wrong;
        const char *field, *message;
    } checks[] = {
        {!is_past_year(number(in, "income_year"), today), "income_year", "levy.import.year"},
        {number(in, "family_received") > number(in, "salary_revenue"), "family_received",
         "levy.import.family_wages"},
        {number(in, "separate_deduction") > number(in, "separate_income"), "separate_deduction",
         "levy.import.deduction"},
        {str_is(word(in, "tax_state"), "exempt") && number(in, "taxable") > 0, "tax_state",
         "levy.import.tax_state"},
        {undeclared && word(in, "taxable").n > 0, "taxable", "levy.import.undeclared_money"},
    };

    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        *field = checks[i].field;
        if (checks[i].is_wrong)
            return checks[i].message;
    }
    return money_problem(in, field);
}

/* --- the statement ---------------------------------------------------------------------------- */

static enum income_source source_of(struct str word)
{
    if (str_is(word, "override"))
        return INCOME_OVERRIDE;
    if (str_is(word, "inquiry"))
        return INCOME_INQUIRY;
    return str_is(word, "declaration") ? INCOME_DECLARATION : INCOME_TAX;
}

static enum tax_state tax_state_of(struct str word)
{
    if (str_is(word, "exempt"))
        return TAX_EXEMPT;
    if (str_is(word, "per_capita"))
        return TAX_PER_CAPITA;
    return str_is(word, "levied") ? TAX_LEVIED : TAX_UNKNOWN;
}

/* 0 none, else the place of the word among the two the format knows. */
static int8_t mark_of(struct str word, const char *second)
{
    if (word.n == 0)
        return 0;
    return str_is(word, second) ? 2 : 1;
}

struct income income_from_words(const struct income_words *in, int64_t person_id)
{
    struct income out = {.person_id = person_id,
                         .income_year = (int32_t)number(in, "income_year"),
                         .source = source_of(word(in, "source")),
                         .is_undeclared = str_is(word(in, "undeclared"), "1"),
                         .has_salary_income = word(in, "salary_income").n > 0,
                         .has_pension_income = word(in, "pension_income").n > 0,
                         .has_total_income = word(in, "total_income").n > 0,
                         .has_taxable = word(in, "taxable").n > 0,
                         .tax_state = tax_state_of(word(in, "tax_state")),
                         .widow = mark_of(word(in, "widow"), "single_parent"),
                         .disability = mark_of(word(in, "disability"), "special"),
                         .is_minor = str_is(word(in, "minor"), "1"),
                         .dependants = (int16_t)number(in, "dependants"),
                         .small_children = (int16_t)number(in, "small_children")};

    for (size_t i = 0; i < N_MONEYS; i++)
        *(struct yen *)((char *)&out + moneys[i].offset) = YEN(number(in, moneys[i].id));
    return out;
}
