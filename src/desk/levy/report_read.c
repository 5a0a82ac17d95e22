/* One household's figures out of its explanation: one look at every node, then sums. */
#include "desk/levy/report.h"
#include "levy_sql.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 64, UNIT = 1200 }; /* sums in 1/1200 yen: twelve months, tenths, halves */

enum word {
    PERSON,        /* 均等割, by part */
    HOUSEHOLD = 4, /* 平等割 */
    TARGET = 8,    /* 対象月 [世帯員] */
    REMAINS = 12,  /* 子どもの残る割 [世帯員] */
    HEADS = 16,    /* 区間の人数 [区間] */
    SPECIAL = 20,  /* 特定世帯の残る割 [区間] */
    MATERNITY = 24,
    OVER_CAP = 28,
    INCOME = 32,
    ASSET = 36,
    ADULT = 40, /* one each from here */
    IS_ADULT,
    PRESCHOOL,
    BASIS,
    BASIS_UNEMPLOYED,
    ASSET_TAX,
    UNEMPLOYED,
    BIRTH_MONTHS,
    MONTHS,
    IS_SPECIAL,
    IS_SPECIAL_ON,
    WORDS
};
static const char *const part_words[] = {"均等割",
                                         "平等割",
                                         "対象月",
                                         "子どもの残る割",
                                         "区間の人数",
                                         "特定世帯の残る割",
                                         "区間の産前産後減額",
                                         "限度額で減った額",
                                         "所得割の部",
                                         "資産割の部"};
static const char *const single_words[] = {
    "十八歳以上均等割",     "十八歳以上",     "未就学児",          "算定基礎額",
    "失業特例の算定基礎額", "固定資産税額",   "非自発的失業の月",  "医療.産前産後の減額月",
    "区間の月数",           "特定世帯である", "特定継続世帯である"};

/* --- names -------------------------------------------------------------------------------------
 */

struct named {
    char text[96];
    size_t n;
    int word;
};
static struct named names[WORDS]; /* sorted once */
static bool names_ready;

static int by_text(const void *a, const void *b)
{
    const struct named *x = a;
    const struct named *y = b;
    return str_compare((struct str){x->text, x->n}, (struct str){y->text, y->n});
}

static void name_put(int word, struct str part, const char *rest)
{
    struct named *n = &names[word];
    const size_t rest_n = strlen(rest);
    memcpy(n->text, part.p, part.n);
    if (part.n > 0) {
        n->text[part.n] = '.';
    }
    n->n = part.n + (part.n > 0) + rest_n;
    memcpy(n->text + n->n - rest_n, rest, rest_n);
    n->word = word;
}

static void names_prepare(void)
{
    if (names_ready) {
        return;
    }
    for (int i = 0; i < ADULT; i++) {
        name_put(i, levy_part_word(i % LEVY_PARTS), part_words[i / LEVY_PARTS]);
    }
    for (int i = ADULT; i < WORDS; i++) {
        name_put(i, (struct str){"", 0}, single_words[i - ADULT]);
    }
    qsort(names, WORDS, sizeof *names, by_text);
    names_ready = true;
}

static int word_of(struct str name)
{
    size_t low = 0;
    size_t high = WORDS;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        const int order = str_compare((struct str){names[middle].text, names[middle].n}, name);
        if (order == 0) {
            return names[middle].word;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return -1;
}

/* --- values ------------------------------------------------------------------------------------
 */

struct values {
    struct ratio v[WORDS][ROWS]; /* what the rules had no need of is 0/1 */
    int rows[WORDS];
};

static void values_read(const struct explanation *x, struct values *out)
{
    names_prepare();
    memset(out, 0, sizeof *out);
    for (uint32_t i = 0; i < x->n; i++) {
        const struct explained *e = &x->nodes[i];
        const int word = e->row < ROWS ? word_of(e->name) : -1;
        if (word >= 0 && !e->value.none) {
            out->v[word][e->row] = (struct ratio){e->value.num, e->value.den};
            out->rows[word] = e->row + 1 > out->rows[word] ? e->row + 1 : out->rows[word];
        }
    }
}

static int64_t whole(const struct values *v, int word, int row)
{
    const struct ratio r = v->v[word][row];
    int64_t yen = 0;
    return r.den > 0 && ratio_round(r, ROUND_FLOOR, 1, &yen) ? yen : 0;
}

static int64_t months_in(int64_t set)
{
    int64_t months = 0;
    for (; set > 0; set &= set - 1) {
        months++;
    }
    return months;
}

/* yen times a share, in 1/1200 of a yen; the share of a row that is not there is `absent`. */
static int64_t shared(const struct values *v, int word, int row, int64_t units, int64_t absent)
{
    const struct ratio r = v->v[word][row];
    int64_t out = 0;
    return r.den > 0 && muldiv(units, r.num, r.den, ROUND_FLOOR, &out) ? out : units * absent;
}

/* --- one part ----------------------------------------------------------------------------------
 */

struct sums { /* 1/1200 yen */
    int64_t person, person_cut, child_cut, household, special_cut, household_cut, maternity;
};

static void add_people(const struct values *v, int part, int64_t tier, struct sums *s,
                       struct levy_report_part *out)
{
    const int64_t yen = whole(v, PERSON + part, 0);
    const int64_t adult = part == PART_CHILD ? whole(v, ADULT, 0) : 0;
    for (int i = 0; i < v->rows[TARGET + part]; i++) {
        const int64_t months = months_in(whole(v, TARGET + part, i));
        if (months == 0) {
            continue;
        }
        const int64_t more = whole(v, IS_ADULT, i) ? adult : 0;
        const int64_t reduced = yen * months * (10 - tier) * 10;
        out->people++;
        s->person += (yen + more) * months * 100;
        s->person_cut += (yen + more) * months * tier * 10;
        s->child_cut += reduced - shared(v, REMAINS + part, i, reduced, 1);
    }
}

static void add_stretches(const struct values *v, int part, int64_t tier, struct sums *s)
{
    const int64_t yen = whole(v, HOUSEHOLD + part, 0);
    for (int r = 0; r < v->rows[MONTHS]; r++) {
        const int64_t months = whole(v, MONTHS, r);
        if (whole(v, HEADS + part, r) > 0) {
            const int64_t gross = yen * months * 100;
            const int64_t left = shared(v, SPECIAL + part, r, gross, 1);
            s->household += gross;
            s->special_cut += gross - left;
            s->household_cut += left * tier / 10;
        }
        s->maternity += shared(v, MATERNITY + part, r, months * 100, 0);
    }
}

static void read_part(const struct values *v, int part, struct levy_report_part *out)
{
    struct sums s = {0};
    add_people(v, part, out->tier, &s, out);
    add_stretches(v, part, out->tier, &s);
    out->income_yen = YEN(whole(v, INCOME + part, 0));
    out->asset_yen = YEN(whole(v, ASSET + part, 0));
    out->person_yen = YEN(s.person / UNIT);
    out->person_cut = YEN(s.person_cut / UNIT);
    out->child_cut = YEN(s.child_cut / UNIT);
    out->household_yen = YEN(s.household / UNIT);
    out->special_cut = YEN(s.special_cut / UNIT);
    out->household_cut = YEN(s.household_cut / UNIT);
    out->maternity_cut = YEN(s.maternity / UNIT);
    out->cap_cut = YEN(whole(v, OVER_CAP + part, 0));
    out->at_cap = out->cap_cut.n > 0;
    out->rest_cut =
        YEN(out->income_yen.n + out->asset_yen.n + out->person_yen.n + out->household_yen.n -
            out->special_cut.n - out->person_cut.n - out->household_cut.n - out->child_cut.n -
            out->maternity_cut.n - out->cap_cut.n - out->levied_yen.n);
}

/* --- the household -----------------------------------------------------------------------------
 */

static void read_people(const struct values *v, struct levy_report_unit *u)
{
    for (int i = 0; i < v->rows[TARGET + PART_MEDICAL]; i++) {
        if (whole(v, TARGET + PART_MEDICAL, i) == 0) {
            continue;
        }
        const bool unemployed = whole(v, UNEMPLOYED, i) != 0;
        u->preschool += whole(v, PRESCHOOL, i) != 0;
        u->maternity += whole(v, BIRTH_MONTHS, i) != 0;
        u->unemployed += unemployed;
        u->basis_yen.n += whole(v, unemployed ? BASIS_UNEMPLOYED : BASIS, i);
        u->asset_yen.n += whole(v, ASSET_TAX, i);
    }
}

static void read_special(const struct values *v, struct levy_report_unit *u)
{
    for (int r = 0; r < v->rows[MONTHS]; r++) {
        if (whole(v, IS_SPECIAL, r)) {
            u->special = 1;
        } else if (whole(v, IS_SPECIAL_ON, r) && u->special == 0) {
            u->special = 2;
        }
    }
}

void report_read(const struct explanation *x, struct levy_report_unit *u,
                 struct levy_report_part *part)
{
    static struct values v; /* 70 KB, read anew for every household */
    int64_t sum = 0;
    values_read(x, &v);
    read_people(&v, u);
    read_special(&v, u);
    for (int k = 0; k < LEVY_PARTS; k++) {
        read_part(&v, k, &part[k]);
        sum += part[k].levied_yen.n;
    }
    u->rest_yen = YEN(sum - u->total_yen.n);
}
