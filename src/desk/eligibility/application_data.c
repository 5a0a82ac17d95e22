/* The tables of data/ about applications: items of the forms, reasons, what is proposed. */
#include "desk/eligibility/application_inner.h"

#include <string.h>

extern const unsigned char data_application_items[];
extern const unsigned char data_application_reasons[];
extern const unsigned char data_part_payment[];

static int bad_table(struct work *w, const char *name)
{
    return fail(&w->cx, ERR_CORRUPT, "eligibility.certificate_table", "%s", name);
}

/* --- items --------------------------------------------------------------------------------------
 */

static bool holds(struct str list, const char *word)
{
    while (list.n > 0) {
        if (str_is(str_cut(&list, ','), word))
            return true;
    }
    return false;
}

int item_kinds_read(struct work *w, struct item_kinds *out)
{
    struct str rest = str_of((const char *)data_application_items), c[DATA_COLUMNS];
    int64_t kind = 0;
    int got;

    out->n = 0;
    while ((got = data_line(&rest, c, 6)) > 0) {
        struct item_kind *k = &out->rows[out->n++];
        *k = (struct item_kind){.name = c[1],
                                .has_person = holds(c[2], "person"),
                                .has_from = holds(c[2], "from"),
                                .has_to = holds(c[2], "to"),
                                .has_amount = holds(c[2], "amount"),
                                .has_number = holds(c[2], "number"),
                                .has_words = holds(c[2], "words"),
                                .label = c[5]};
        if (!str_to_int(c[0], &kind) || !str_to_int(c[3], &k->least) ||
            !str_to_int(c[4], &k->most) || out->n == ITEM_KINDS_MAX)
            return bad_table(w, "application_items");
        k->kind = (enum application_kind)kind;
    }
    return got < 0 ? bad_table(w, "application_items") : OK;
}

const struct item_kind *item_kind_of(const struct item_kinds *k, enum application_kind kind,
                                     struct str name)
{
    for (size_t i = 0; i < k->n; i++) {
        if (k->rows[i].kind == kind && str_equal(k->rows[i].name, name))
            return &k->rows[i];
    }
    return NULL;
}

const struct application_item *application_item_of(const struct application *a, const char *name)
{
    for (size_t i = 0; i < a->n_items; i++) {
        if (str_is(a->item[i].name, name))
            return &a->item[i];
    }
    return NULL;
}

int application_number(const struct application *a, const char *name)
{
    const struct application_item *i = application_item_of(a, name);

    return i && i->has_number ? (int)i->number : 0;
}

/* --- reasons ------------------------------------------------------------------------------------
 */

int refusal_reasons_read(struct work *w, struct refusal_reasons *out)
{
    struct str rest = str_of((const char *)data_application_reasons), c[DATA_COLUMNS];
    int64_t kind = 0;
    int got;

    out->n = 0;
    while ((got = data_line(&rest, c, 5)) > 0) {
        if (!str_to_int(c[0], &kind) || out->n == REASONS_MAX)
            return bad_table(w, "application_reasons");
        out->rows[out->n++] = (struct refusal_reason){(enum application_kind)kind, c[1], c[2], c[3],
                                                      str_is(c[4], "law")};
    }
    return got < 0 ? bad_table(w, "application_reasons") : OK;
}

const struct refusal_reason *refusal_reason_of(const struct refusal_reasons *r,
                                               enum application_kind kind, struct str code)
{
    for (size_t i = 0; i < r->n; i++) {
        if (r->rows[i].kind == kind && str_equal(r->rows[i].code, code))
            return &r->rows[i];
    }
    return NULL;
}

/* --- what is proposed for part-payment -----------------------------------------------------------
 */

enum relief_kind relief_of_word(struct str word)
{
    return str_is(word, "reduce")   ? RELIEF_REDUCE
           : str_is(word, "exempt") ? RELIEF_EXEMPT
           : str_is(word, "defer")  ? RELIEF_DEFER
                                    : RELIEF_NONE;
}

static bool part_line_read(struct str c[DATA_COLUMNS], struct part_line *out)
{
    int64_t rate = 0, months = 0;
    const bool is_good = str_to_int(c[0], &out->percent) &&
                         str_to_int(c[1], &out->savings_months) && str_to_int(c[3], &rate) &&
                         str_to_int(c[4], &months);

    out->relief = relief_of_word(c[2]);
    out->rate = (int)rate;
    out->months = (int)months;
    return is_good && out->relief != RELIEF_NONE;
}

static int64_t amount_of(const struct application *a, const char *name)
{
    const struct application_item *i = application_item_of(a, name);

    return i ? i->amount.n : 0;
}

int part_line_of(struct work *w, const struct application *a, struct part_line *out,
                 bool *savings_only)
{
    struct str rest = str_of((const char *)data_part_payment), c[DATA_COLUMNS];
    const int64_t income = amount_of(a, "income"), savings = amount_of(a, "savings");
    const int64_t standard = amount_of(a, "livelihood");
    int got;

    *savings_only = false;
    while ((got = data_line(&rest, c, 5)) > 0) {
        if (!part_line_read(c, out))
            return bad_table(w, "part_payment");
        if (income * 100 > standard * out->percent)
            continue;
        if (savings <= standard * out->savings_months)
            return 1;
        *savings_only = true;
    }
    return got < 0 ? bad_table(w, "part_payment") : 0;
}
