/* What one pays in a month for a specified disease: data/disease_limits.tsv, by the day. */
#include "desk/eligibility/certificate_inner.h"

extern const unsigned char data_disease_limits[];

struct limit_line {
    struct ymd first;
    int64_t disease;   /* 0: each */
    bool is_under_70;  /* else each age */
    uint32_t division; /* bits; 0: each */
    struct yen yen;
};

static bool read_divisions(struct str cell, uint32_t *out)
{
    int64_t d = 0;

    *out = 0;
    while (cell.n > 0) {
        if (!str_to_int(str_cut(&cell, ','), &d) || d <= DIVISION_NONE || d >= DIVISION_UNDECIDED)
            return false;
        *out |= 1U << d;
    }
    return *out != 0;
}

static bool read_line(const struct str c[DATA_COLUMNS], struct limit_line *out)
{
    *out = (struct limit_line){.is_under_70 = str_is(c[2], "under70")};
    return ymd_parse(c[0], &out->first) &&
           (str_is(c[1], "-") || (str_to_int(c[1], &out->disease) && out->disease > 0)) &&
           (out->is_under_70 || str_is(c[2], "-")) &&
           (str_is(c[3], "-") || read_divisions(c[3], &out->division)) &&
           str_to_int(c[4], &out->yen.n) && out->yen.n > 0;
}

/* 1: the next line that holds for the disease and the age on the day. */
static int next_line(struct work *w, struct str *rest, const struct disease_case *k,
                     struct limit_line *out)
{
    const bool is_under_70 = ymd_compare(k->day, elderly_from(k->birth)) < 0;
    struct str c[DATA_COLUMNS];
    int got;

    while ((got = data_line(rest, c, 5)) > 0) {
        if (!read_line(c, out))
            break;
        if (ymd_compare(out->first, k->day) <= 0 &&
            (out->disease == 0 || out->disease == k->disease) && (!out->is_under_70 || is_under_70))
            return 1;
    }
    return got == 0 ? 0
                    : fail(&w->cx, ERR_CORRUPT, "eligibility.certificate_table", "disease_limits");
}

int disease_limit(struct work *w, const struct disease_case *k, struct yen *out)
{
    struct str rest = str_of((const char *)data_disease_limits);
    struct limit_line line;
    int got;

    *out = YEN(0);
    while ((got = next_line(w, &rest, k, &line)) > 0) {
        if (line.division == 0 || (line.division >> k->division & 1) != 0)
            *out = line.yen;
        else if (!division_is_decided(k->division))
            *out = YEN(0);
    }
    return got;
}

int disease_limit_is_one(struct work *w, const struct disease_case *k, struct yen yen)
{
    struct str rest = str_of((const char *)data_disease_limits);
    struct limit_line line;
    bool found = false;
    int got;

    while ((got = next_line(w, &rest, k, &line)) > 0)
        found = found || line.yen.n == yen.n;
    return got < 0 ? got : found;
}
