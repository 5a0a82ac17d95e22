/* What is asked of a search for rates, from the words of a form or a command; rates with a name. */
#include "desk/levy/rates.h"
#include "levy_sql.h"

#include <string.h>

#define RATE_UNIT_NORMAL 100 /* 0.01 % */
#define YEN_UNIT_NORMAL  100
#define TARGET_MAX       INT64_C(1000000000000)
#define SHARE_MAX        10000

static int wrong(struct work *w, struct str word)
{
    return fail(&w->cx, ERR_INVALID, "levy.solve.words", STR_FMT, STR_ARG(word));
}

static int read_target(struct work *w, struct str word, int64_t *out)
{
    return str_to_int(word, out) && *out > 0 && *out <= TARGET_MAX ? 0 : wrong(w, word);
}

static int read_targets(struct work *w, const struct solve_words *words, struct solve_request *out)
{
    int rc = 0;
    for (int k = 0; k < LEVY_PARTS && rc >= 0; k++) {
        out->part[k] = words->part[k].n > 0;
        out->by_part = out->by_part || out->part[k];
        rc = out->part[k] ? read_target(w, words->part[k], &out->target_yen[k]) : 0;
    }
    if (rc < 0) {
        return rc;
    }
    if (out->by_part == (words->target.n > 0)) { /* both, or neither */
        return fail(&w->cx, ERR_INVALID, "levy.solve.target", NULL);
    }
    for (int k = 0; k < LEVY_PARTS && !out->by_part; k++) {
        out->part[k] = true;
    }
    return out->by_part ? 0 : read_target(w, words->target, &out->target_yen[0]);
}

static int read_moves(struct work *w, struct str words, struct solve_request *out)
{
    static const char *const names[RATE_LEVERS] = {"income", "person", "household"};
    bool any = false;
    while (words.n > 0) {
        const struct str one = str_trim(str_cut(&words, ','));
        int found = -1;
        for (int l = 0; l < RATE_LEVERS; l++) {
            found = str_is(one, names[l]) ? l : found;
        }
        if (found < 0) {
            return wrong(w, one);
        }
        out->moves[found] = any = true;
    }
    return any ? 0 : fail(&w->cx, ERR_INVALID, "levy.solve.moves", NULL);
}

/* "50:35:15", or "50:50": what is not by income stays split as it is. */
static int read_shares(struct work *w, struct str words, struct solve_request *out)
{
    const struct str all = words;
    int64_t sum = 0;
    int n = 0;
    while (words.n > 0) {
        int64_t share = 0;
        if (n == RATE_LEVERS || !str_to_int(str_trim(str_cut(&words, ':')), &share) || share < 0 ||
            share > SHARE_MAX) {
            return wrong(w, all);
        }
        out->share[n++] = share;
        sum += share;
    }
    if (n == 0) {
        return 0;
    }
    if (n == 1 || sum == 0) {
        return wrong(w, all);
    }
    out->share[RATE_HOUSEHOLD] = n == 2 ? -1 : out->share[RATE_HOUSEHOLD];
    return 0;
}

static int read_units(struct work *w, const struct solve_words *words, struct solve_request *out)
{
    struct ratio unit = {0, 1};
    out->rate_unit = RATE_UNIT_NORMAL;
    out->yen_unit = YEN_UNIT_NORMAL;
    if (words->rate_unit.n > 0) {
        if (!ratio_parse(words->rate_unit, true, &unit) || unit.num <= 0 ||
            RATE_ONE % unit.den != 0) {
            return wrong(w, words->rate_unit);
        }
        out->rate_unit = unit.num * (RATE_ONE / unit.den);
    }
    if (words->yen_unit.n > 0 && !str_to_int(words->yen_unit, &out->yen_unit)) {
        return wrong(w, words->yen_unit);
    }
    if (out->yen_unit < 1 || out->yen_unit > 1000 || out->rate_unit > RATE_ONE / 100) {
        return wrong(w, out->rate_unit > RATE_ONE / 100 ? words->rate_unit : words->yen_unit);
    }
    return 0;
}

int levy_solve_read(struct work *w, int fiscal_year, const struct solve_words *words,
                    struct solve_request *out)
{
    *out = (struct solve_request){.fiscal_year = fiscal_year};
    int rc = read_targets(w, words, out);
    rc = rc < 0 ? rc : read_moves(w, words->moves, out);
    rc = rc < 0 ? rc : read_shares(w, words->shares, out);
    return rc < 0 ? rc : read_units(w, words, out);
}

/* --- rates with a name -------------------------------------------------------------------------
 */

static bool is_name(struct str name)
{
    if (name.n == 0 || name.n > 120) {
        return false;
    }
    for (size_t i = 0; i < name.n; i++) { /* what parts the words of a comparison */
        if (strchr("=;:# \t", name.p[i]) || (unsigned char)name.p[i] < ' ') {
            return false;
        }
    }
    return true;
}

static int rate_set_write(struct work *w, struct levy_rate_set *row)
{
    struct event e = work_event(w, "levy.rate_set");
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = store_ids(&w->cx, w->store, 1, &row->rate_set_id);
    rc = rc < 0 ? rc : work_event_open(w, &e);
    row->known_from = e.no;
    rc = rc < 0 ? rc : levy_rate_set_insert(&w->cx, w->store, row);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

int levy_rate_set_put(struct work *w, int fiscal_year, struct str name, struct str settings)
{
    struct levy_rate_set row = {.name = name, .fiscal_year = fiscal_year, .settings = settings};
    struct levy_rate_set_named_row known;
    const struct levy_rate_set_named_in in = {.name = name};
    const struct ruleset *rules;
    int rc = work_need(w, RIGHT_SIMULATE);
    if (rc >= 0 && !is_name(name)) {
        rc = fail(&w->cx, ERR_INVALID, "levy.rate_set.name", STR_FMT, STR_ARG(name));
    }
    rc = rc < 0 ? rc : levy_rules_named(w, settings, &rules); /* what cannot be read is not kept */
    rc = rc < 0 ? rc : levy_rate_set_named(&w->cx, w->store, &in, &known);
    if (rc > 0) {
        return fail(&w->cx, ERR_DUPLICATE, "levy.rate_set.known", STR_FMT, STR_ARG(name));
    }
    return rc < 0 ? rc : rate_set_write(w, &row);
}

int levy_rate_set(struct work *w, struct str name, struct str *settings)
{
    struct levy_rate_set_named_row row;
    const struct levy_rate_set_named_in in = {.name = name};
    int rc = levy_rate_set_named(&w->cx, w->store, &in, &row);
    if (rc == 0) {
        return fail(&w->cx, ERR_NOT_FOUND, "levy.rate_set.none", STR_FMT, STR_ARG(name));
    }
    *settings = row.settings;
    return rc < 0 ? rc : 0;
}
