#include "law/apply.h"

struct law_value law_value_of(enum law_type type, int64_t num)
{
    return (struct law_value){.type = type, .num = num, .den = 1};
}

bool law_value_equal(const struct law_value *a, const struct law_value *b)
{
    if (a->none || b->none)
        return a->none == b->none;
    return (int128)a->num * b->den == (int128)b->num * a->den;
}

/* ---- months and days ---------------------------------------------------------------------- */

static int64_t bits_from(int index)
{
    if (index <= 0)
        return 0xFFF;
    return index >= 12 ? 0 : (0xFFF << index) & 0xFFF;
}

/* How many months after April of the fiscal year the day's month lies. */
static int month_index(int fiscal_year, int64_t day)
{
    return ymd_month((struct ymd){(int32_t)day}).n - fiscal_month(fiscal_year, 0).n;
}

int64_t law_months_from(int fiscal_year, int64_t day)
{
    return day == LAW_NO_DATE ? 0 : bits_from(month_index(fiscal_year, day));
}

int64_t law_months_before(int fiscal_year, int64_t day)
{
    return day == LAW_NO_DATE ? 0xFFF : 0xFFF & ~bits_from(month_index(fiscal_year, day));
}

/* The months from `from` to `to` months after the day's month, both included. */
int64_t law_month_range(int fiscal_year, int64_t day, int64_t from, int64_t to)
{
    if (day == LAW_NO_DATE || from > to || from < -12000 || to > 12000)
        return 0;
    int m = month_index(fiscal_year, day);
    return bits_from(m + (int)from) & ~bits_from(m + (int)to + 1);
}

int64_t law_day_reached(int64_t birth, int64_t age, bool day_before)
{
    if (birth == LAW_NO_DATE || age < 0 || age > 200)
        return LAW_NO_DATE;
    struct ymd b = {(int32_t)birth};
    return day_before ? age_reached(b, (int)age).day : birthday(b, (int)age).day;
}

static int64_t shifted(int64_t day, int by)
{
    return day == LAW_NO_DATE ? LAW_NO_DATE : day + by;
}

static int64_t date_of(int64_t year, int64_t month, int64_t day)
{
    if (year < 1800 || year > 2300 || month < 1 || month > 12 || day < 1 || day > 31)
        return LAW_NO_DATE;
    struct ymd d = ymd_of((int)year, (int)month, (int)day);
    return ymd_is_none(d) ? LAW_NO_DATE : d.day;
}

/* Day n of a month of the fiscal year, the last day where the month is shorter. */
static int64_t day_of_month(int fiscal_year, int64_t month, int64_t n)
{
    struct month m = fiscal_month(fiscal_year, (int)month);
    int64_t day = month_first(m).day + (n < 1 ? 0 : n - 1), last = month_last(m).day;
    return day > last ? last : day;
}

/* ---- numbers ------------------------------------------------------------------------------ */

static struct ratio ratio_in(const struct law_value *v)
{
    return (struct ratio){v->num, v->den};
}

static bool out_ratio(struct law_value *out, enum law_type type, bool ok, struct ratio r)
{
    *out = (struct law_value){.type = type, .num = r.num, .den = r.den};
    return ok;
}

static enum law_type product_type(const struct law_value *a, const struct law_value *b, bool divide)
{
    if (a->type == LAW_YEN || b->type == LAW_YEN)
        return LAW_YEN;
    return divide || a->type == LAW_RATIO || b->type == LAW_RATIO ? LAW_RATIO : LAW_COUNT;
}

static bool arithmetic(enum builtin op, const struct law_value *a, const struct law_value *b,
                       struct law_value *out)
{
    struct ratio r = {0, 1}, x = ratio_in(a), y = b ? ratio_in(b) : r;
    switch ((int)op) {
    case OP_ADD:
        return out_ratio(out, a->type, ratio_add(x, y, &r), r);
    case OP_SUB:
        return out_ratio(out, a->type, ratio_sub(x, y, &r), r);
    case OP_NEG:
        return out_ratio(out, a->type, ratio_sub((struct ratio){0, 1}, x, &r), r);
    case OP_MUL:
        return out_ratio(out, product_type(a, b, false), ratio_mul(x, y, &r), r);
    default:
        return y.num != 0 && out_ratio(out, product_type(a, b, true), ratio_div(x, y, &r), r);
    }
}

static bool rounded(enum builtin op, const struct law_value *x, const struct law_value *unit,
                    struct law_value *out)
{
    enum rounding how = op == OP_FLOOR     ? ROUND_FLOOR
                        : op == OP_CEILING ? ROUND_CEILING
                                           : ROUND_HALF_UP;
    *out = law_value_of(x->type == LAW_YEN ? LAW_YEN : LAW_COUNT, 0);
    return unit->den == 1 && unit->num > 0 && ratio_round(ratio_in(x), how, unit->num, &out->num);
}

static bool compare(enum builtin op, const struct law_value *a, const struct law_value *b)
{
    int c = ratio_compare(ratio_in(a), ratio_in(b));
    switch ((int)op) {
    case OP_EQ:
        return c == 0;
    case OP_NE:
        return c != 0;
    case OP_LT:
        return c < 0;
    case OP_LE:
        return c <= 0;
    case OP_GT:
        return c > 0;
    default:
        return c >= 0;
    }
}

static struct law_value extreme(const struct law_value *arg, size_t n, bool larger)
{
    size_t best = 0;
    for (size_t i = 1; i < n; i++) {
        int c = ratio_compare(ratio_in(&arg[i]), ratio_in(&arg[best]));
        if (larger ? c > 0 : c < 0)
            best = i;
    }
    return arg[best];
}

static int64_t combined(enum builtin op, const struct law_value *arg, size_t n)
{
    int64_t set = arg[0].num;
    for (size_t i = 1; i < n; i++)
        set = op == OP_COMMON || op == OP_AND ? set & arg[i].num
              : op == OP_WITHOUT              ? set & ~arg[i].num
                                              : set | arg[i].num;
    return set;
}

static int64_t months_listed(const struct law_value *arg, size_t n)
{
    int64_t set = 0;
    for (size_t i = 0; i < n; i++)
        set |= INT64_C(1) << arg[i].num;
    return set;
}

/* The functions over days and months; the last argument is the fiscal year where they need one. */
static struct law_value calendar(enum builtin op, const struct law_value *arg, size_t n)
{
    int year = (int)arg[n - 1].num;
    int64_t d = arg[0].num;
    switch ((int)op) {
    case OP_MONTHS_FROM:
        return law_value_of(LAW_MONTHS, law_months_from(year, d));
    case OP_MONTHS_BEFORE:
        return law_value_of(LAW_MONTHS, law_months_before(year, d));
    case OP_MONTH_RANGE:
        return law_value_of(LAW_MONTHS, law_month_range(year, d, arg[1].num, arg[2].num));
    case OP_DAY_OF_MONTH:
        return law_value_of(LAW_DATE, day_of_month(year, d, arg[1].num));
    case OP_MONTH_COUNT:
        return law_value_of(LAW_COUNT, __builtin_popcountll((unsigned long long)d));
    case OP_OVERLAP:
        return law_value_of(LAW_TRUTH, (d & arg[1].num) != 0);
    case OP_MONTHS_OF:
        return law_value_of(LAW_MONTHS, months_listed(arg, n));
    case OP_DAY_BEFORE:
        return law_value_of(LAW_DATE, shifted(d, -1));
    case OP_DAY_AFTER:
        return law_value_of(LAW_DATE, shifted(d, 1));
    case OP_AGE_REACHED:
        return law_value_of(LAW_DATE, law_day_reached(d, arg[1].num, true));
    case OP_BIRTHDAY:
        return law_value_of(LAW_DATE, law_day_reached(d, arg[1].num, false));
    case OP_DATE:
        return law_value_of(LAW_DATE, date_of(d, arg[1].num, arg[2].num));
    case OP_FISCAL_YEAR_OF:
        return law_value_of(LAW_COUNT, d == LAW_NO_DATE
                                           ? YEAR_LAST + 1
                                           : ymd_fiscal_year((struct ymd){(int32_t)d}));
    default:
        return law_value_of(LAW_DATE,
                            d == LAW_NO_DATE ? d : ymd_next_open((struct ymd){(int32_t)d}).day);
    }
}

bool law_apply(enum builtin op, const struct law_value *arg, size_t n, struct law_value *out)
{
    switch ((int)op) {
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
    case OP_DIV:
    case OP_NEG:
        return arithmetic(op, &arg[0], n > 1 ? &arg[1] : NULL, out);
    case OP_FLOOR:
    case OP_CEILING:
    case OP_HALF_UP:
        return rounded(op, &arg[0], &arg[1], out);
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
        *out = law_value_of(LAW_TRUTH, compare(op, &arg[0], &arg[1]));
        return true;
    case OP_AND:
    case OP_OR:
        *out = law_value_of(LAW_TRUTH, combined(op, arg, n));
        return true;
    case OP_NOT:
        *out = law_value_of(LAW_TRUTH, !arg[0].num);
        return true;
    case OP_LARGER:
    case OP_SMALLER:
        *out = extreme(arg, n, op == OP_LARGER);
        return true;
    case OP_IF_NONE:
        *out = arg[0].none ? arg[1] : arg[0];
        return true;
    case OP_IS_SET:
        *out = law_value_of(LAW_TRUTH, !arg[0].none);
        return true;
    case OP_COMMON:
    case OP_UNITE:
    case OP_WITHOUT:
        *out = law_value_of(LAW_MONTHS, combined(op, arg, n));
        return true;
    default:
        *out = calendar(op, arg, n);
        return true;
    }
}

const struct law_value *law_apply_steps(const struct version *v, const struct law_value *argument)
{
    for (size_t i = 0; i + 1 < v->n_steps; i++) {
        int c = ratio_compare(ratio_in(argument), ratio_in(&v->steps[i].until));
        if (c < 0 || (c == 0 && v->steps[i].inclusive))
            return &v->steps[i].value;
    }
    return &v->steps[v->n_steps - 1].value;
}
