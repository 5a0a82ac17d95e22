/* Dated data of the reports: income classes, and who bears the reductions. */
#include "desk/levy/report.h"

static int wrong(struct work *w, struct str line)
{
    return fail(&w->cx, ERR_SYNTAX, "levy.report.table", STR_FMT, STR_ARG(line));
}

static bool is_remark(struct str line)
{
    return line.n == 0 || line.p[0] == '#';
}

static int read_bands(struct work *w, struct str bounds, struct report_bands *out)
{
    const struct str all = bounds;
    *out = (struct report_bands){.n = 0};
    while (bounds.n > 0) {
        int64_t from = 0;
        if (out->n == REPORT_BANDS_MAX || !str_to_int(str_cut(&bounds, ':'), &from) ||
            (out->n == 0 ? from != 0 : from <= out->from[out->n - 1])) {
            return wrong(w, all);
        }
        out->from[out->n++] = from;
    }
    return out->n ? 0 : wrong(w, all);
}

int report_bands_of(struct work *w, int fiscal_year, struct report_bands *out)
{
    extern const unsigned char levy_bands_tsv[];
    extern const size_t levy_bands_tsv_size;
    struct str rest = {(const char *)levy_bands_tsv, levy_bands_tsv_size};
    bool found = false;
    while (rest.n > 0) {
        const struct str line = str_cut(&rest, '\n');
        struct str bounds = line;
        int64_t since = 0;
        if (is_remark(line)) {
            continue;
        }
        if (!str_to_int(str_cut(&bounds, '\t'), &since)) {
            return wrong(w, line);
        }
        if (since <= fiscal_year) {
            const int rc = read_bands(w, bounds, out);
            if (rc < 0) {
                return rc;
            }
            found = true;
        }
    }
    return found ? 0 : fail(&w->cx, ERR_NOT_FOUND, "levy.report.table", "%d", fiscal_year);
}

struct yen report_band(const struct report_bands *b, struct yen basis)
{
    size_t i = 0;
    while (i + 1 < b->n && basis.n >= b->from[i + 1]) {
        i++;
    }
    return YEN(b->from[i]);
}

int report_share_of(struct work *w, int fiscal_year, enum report_relief kind,
                    struct report_share *out)
{
    extern const unsigned char levy_shares_tsv[];
    extern const size_t levy_shares_tsv_size;
    struct str rest = {(const char *)levy_shares_tsv, levy_shares_tsv_size};
    *out = (struct report_share){.den = 0};
    while (rest.n > 0) {
        const struct str line = str_cut(&rest, '\n');
        struct str fields = line;
        int64_t n[6];
        if (is_remark(line)) {
            continue;
        }
        for (int i = 0; i < 6; i++) {
            if (!str_to_int(str_cut(&fields, '\t'), &n[i])) {
                return wrong(w, line);
            }
        }
        if (n[5] <= 0 || n[2] + n[3] + n[4] != n[5]) {
            return wrong(w, line);
        }
        if (n[0] == (int64_t)kind && n[1] <= fiscal_year) {
            *out = (struct report_share){n[2], n[3], n[4], n[5]};
        }
    }
    return 0;
}

int report_support_rate(struct work *w, int fiscal_year, int64_t tier, int64_t *per_cent)
{
    extern const unsigned char levy_support_tsv[];
    extern const size_t levy_support_tsv_size;
    struct str rest = {(const char *)levy_support_tsv, levy_support_tsv_size};
    *per_cent = 0;
    while (rest.n > 0) {
        const struct str line = str_cut(&rest, '\n');
        struct str fields = line;
        int64_t n[3];
        if (is_remark(line)) {
            continue;
        }
        for (int i = 0; i < 3; i++) {
            if (!str_to_int(str_cut(&fields, '\t'), &n[i])) {
                return wrong(w, line);
            }
        }
        if (n[0] <= fiscal_year && n[1] == tier) {
            *per_cent = n[2];
        }
    }
    return 0;
}
