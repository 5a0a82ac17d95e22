/*
 * Instalments after a change (更正): what is due soon or has been due stays; the rest of the new
 * annual amount is spread over the instalments still open, the remainder in the first of them. An
 * increase that finds none open gets an instalment of its own (随時); a decrease that the open ones
 * cannot absorb is taken from the others, the latest first.
 */
#include "desk/levy/correction.h"

#include <string.h>

struct spread {
    const struct schedule_terms *terms;
    int64_t amount[LEVY_INSTALMENTS_MAX + 1]; /* by number */
    struct ymd due[LEVY_INSTALMENTS_MAX + 1];
    bool is_open[LEVY_INSTALMENTS_MAX + 1];
    int last; /* the highest number there is */
};

static bool still_open(const struct schedule_terms *t, struct ymd due)
{
    return due.day - t->issued.day >= t->lead;
}

static void take_calendar(struct spread *s, const struct levy_schedule *before)
{
    const struct levy_schedule *calendar = s->terms->calendar;
    for (size_t i = 0; i < calendar->n; i++) {
        int number = calendar->row[i].number;
        s->due[number] = calendar->row[i].due;
        s->last = number > s->last ? number : s->last;
    }
    for (size_t i = 0; i < before->n; i++) {
        int number = before->row[i].number;
        s->amount[number] = before->row[i].amount.n;
        s->due[number] = before->row[i].due; /* as it was told */
        s->last = number > s->last ? number : s->last;
    }
    for (int k = 1; k <= s->last; k++) {
        s->is_open[k] = still_open(s->terms, s->due[k]);
    }
}

static int64_t cut_of(const struct schedule_terms *t, int number)
{
    int64_t yen = 0;
    for (size_t i = 0; i < t->n_cuts; i++) {
        yen += t->cuts[i].number == number ? t->cuts[i].yen : 0;
    }
    return yen;
}

/* What a single instalment cannot give (期別減免 larger than the instalment) the next ones do. */
static void apply_cuts(struct spread *s)
{
    int64_t owed = 0;
    for (int k = 1; k <= s->last; k++) {
        if (s->is_open[k]) {
            owed += cut_of(s->terms, k);
            int64_t taken = owed < s->amount[k] ? owed : s->amount[k];
            s->amount[k] -= taken;
            owed -= taken;
        }
    }
    for (int k = s->last; k >= 1 && owed > 0; k--) {
        int64_t taken = !s->is_open[k] ? 0 : owed < s->amount[k] ? owed : s->amount[k];
        s->amount[k] -= taken;
        owed -= taken;
    }
}

static void spread_open(struct spread *s, int64_t rest)
{
    int64_t open = 0;
    int64_t cuts = 0;
    bool first = true;
    for (int k = 1; k <= s->last; k++) {
        open += s->is_open[k];
        cuts += s->is_open[k] ? cut_of(s->terms, k) : 0;
    }
    int64_t whole = rest + cuts;
    int64_t each = whole / open / s->terms->unit * s->terms->unit;
    for (int k = 1; k <= s->last; k++) {
        if (s->is_open[k]) {
            s->amount[k] = first ? whole - each * (open - 1) : each;
            first = false;
        }
    }
    apply_cuts(s);
}

static void take_back(struct spread *s, int64_t too_much)
{
    for (int k = s->last; k >= 1; k--) {
        if (s->is_open[k]) {
            s->amount[k] = 0;
        }
    }
    for (int k = s->last; k >= 1 && too_much > 0; k--) {
        int64_t taken = too_much < s->amount[k] ? too_much : s->amount[k];
        s->amount[k] -= taken;
        too_much -= taken;
    }
}

static int settle(struct context *cx, struct spread *s, int64_t total)
{
    int64_t fixed = 0;
    bool any = false;
    for (int k = 1; k <= s->last; k++) {
        fixed += s->is_open[k] ? 0 : s->amount[k];
        any = any || s->is_open[k];
    }
    int64_t rest = total - fixed;
    if (rest < 0) {
        take_back(s, -rest);
    } else if (any) {
        spread_open(s, rest);
    } else if (rest > 0) {
        if (s->last == LEVY_INSTALMENTS_MAX) {
            return fail(cx, ERR_LIMIT, "levy.correct.instalments", "%d", s->last);
        }
        s->last++;
        s->amount[s->last] = rest;
        s->due[s->last] = s->terms->extra_due;
    }
    return 0;
}

/* Parts of instalments that stay are kept where the new parts allow it. */
static void split_parts(const struct levy_schedule *before, const struct yen part[LEVY_PARTS],
                        struct levy_schedule *out)
{
    int64_t left[LEVY_PARTS];
    bool keeps[LEVY_INSTALMENTS_MAX] = {false};
    struct levy_schedule rest = {0};
    size_t at[LEVY_INSTALMENTS_MAX];
    struct yen rest_part[LEVY_PARTS];
    bool fits = true;
    schedule_split(out, part); /* the parts that are charged in all */
    for (int k = 0; k < LEVY_PARTS; k++) {
        left[k] = 0;
        for (size_t i = 0; i < out->n; i++) {
            left[k] += out->row[i].part[k].n;
        }
    }
    for (size_t i = 0; i < out->n; i++) {
        for (size_t j = 0; j < before->n; j++) {
            keeps[i] = keeps[i] || (before->row[j].number == out->row[i].number &&
                                    before->row[j].amount.n == out->row[i].amount.n);
            if (before->row[j].number == out->row[i].number && keeps[i]) {
                for (int k = 0; k < LEVY_PARTS; k++) {
                    left[k] -= before->row[j].part[k].n;
                }
            }
        }
        if (!keeps[i]) {
            at[rest.n] = i;
            rest.row[rest.n++] = out->row[i];
        }
    }
    for (int k = 0; k < LEVY_PARTS; k++) {
        fits = fits && left[k] >= 0 && (rest.n > 0 || left[k] == 0);
        rest_part[k] = YEN(left[k]);
    }
    if (!fits) {
        return; /* shared out anew over all of them */
    }
    schedule_split(&rest, rest_part);
    for (size_t i = 0; i < rest.n; i++) {
        out->row[at[i]] = rest.row[i];
    }
    for (size_t i = 0; i < out->n; i++) {
        for (size_t j = 0; j < before->n && keeps[i]; j++) {
            if (before->row[j].number == out->row[i].number) {
                memcpy(out->row[i].part, before->row[j].part, sizeof out->row[i].part);
            }
        }
    }
}

int schedule_change(struct context *cx, const struct levy_schedule *before,
                    const struct levy_result *result, const struct schedule_terms *terms,
                    struct levy_schedule *out)
{
    struct spread s = {.terms = terms};
    take_calendar(&s, before);
    int rc = settle(cx, &s, result->total.n);
    if (rc < 0) {
        return rc;
    }
    out->n = 0;
    for (int k = 1; k <= s.last; k++) {
        if (s.amount[k] > 0) {
            out->row[out->n++] =
                (struct levy_instalment){.number = k, .due = s.due[k], .amount = YEN(s.amount[k])};
        }
    }
    split_parts(before, result->part, out);
    return 0;
}
