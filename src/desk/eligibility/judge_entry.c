/*
 * Entries that bear on judgements: the office's own word, and 基準収入額適用申請. The payload is
 * one line for each thing, people and households by their numbers, as the second person reads it.
 */
#include "desk/eligibility/application_inner.h"
#include "desk/eligibility/judge_write.h"

#include <string.h>

/* The value behind "word " at the start of a line; false when the line begins otherwise. */
static bool line_is(struct str line, const char *word, struct str *value)
{
    const size_t n = strlen(word);

    if (line.n <= n || memcmp(line.p, word, n) != 0 || line.p[n] != ' ')
        return false;
    *value = (struct str){line.p + n + 1, line.n - n - 1};
    return true;
}

static int bad_payload(struct work *w, struct str line)
{
    return fail(&w->cx, ERR_CORRUPT, "eligibility.judge.payload", STR_FMT, STR_ARG(line));
}

static void add_words(struct text *t, struct str words)
{
    for (size_t i = 0; i < words.n; i++)
        text_addc(t, (unsigned char)words.p[i] < ' ' ? ' ' : words.p[i]);
}

static int enter(struct work *w, struct event *e, struct text *payload, int64_t *event_no)
{
    int result = payload->failed ? fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL)
                                 : work_enter(w, e, text_str(payload));

    text_release(payload);
    *event_no = e->no;
    return result;
}

/* --- the office's own word -------------------------------------------------------------------- */

static const char *override_problem(const struct judge_override *o)
{
    if (str_trim(o->reason).n == 0)
        return "eligibility.judge.reason";
    if (ymd_is_none(o->valid.from) || ymd_is_none(o->valid.to) || span_is_empty(o->valid))
        return "eligibility.judge.last_day";
    if (o->is_share ? o->value != 2 && o->value != 3
                    : o->value < DIVISION_A || o->value > DIVISION_LOW_1)
        return "eligibility.judge.value";
    return NULL;
}

int judge_override_enter(struct work *w, const struct judge_override *o, int64_t *event_no)
{
    const char *problem = override_problem(o);
    struct event e = work_event(w, "eligibility.judge_override");
    struct person who;
    struct text t;

    if (problem)
        return fail(&w->cx, ERR_INVALID, problem, NULL);
    const int result = party_person(w, o->person_id, &who);
    if (result < 0)
        return result;
    e.person_id = o->person_id;
    e.household_id = who.household_id;
    e.effective = o->valid.from;
    e.reason = o->reason;
    text_init(&t, 1 << 16);
    text_addf(&t, "person " STR_FMT "\n%s %d\nfrom ", STR_ARG(who.person_no),
              o->is_share ? "share" : "division", o->value);
    (void)text_add_ymd(&t, o->valid.from);
    text_adds(&t, "\nto ");
    (void)text_add_ymd(&t, o->valid.to);
    text_adds(&t, "\nreason ");
    add_words(&t, o->reason);
    return enter(w, &e, &t, event_no);
}

static int override_line(struct work *w, struct str line, struct judge_override *o)
{
    struct str value;
    int64_t n = 0;

    if (line_is(line, "person", &value))
        return party_person_by_no(w, value, &o->person_id) == 1 ? OK : bad_payload(w, line);
    if (line_is(line, "from", &value))
        return ymd_parse(value, &o->valid.from) ? OK : bad_payload(w, line);
    if (line_is(line, "to", &value))
        return ymd_parse(value, &o->valid.to) ? OK : bad_payload(w, line);
    if (line_is(line, "reason", &value)) {
        o->reason = value;
        return OK;
    }
    o->is_share = line_is(line, "share", &value);
    if ((!o->is_share && !line_is(line, "division", &value)) || !str_to_int(value, &n))
        return bad_payload(w, line);
    o->value = (int)n;
    return OK;
}

int judge_override_apply(struct work *w, const struct event *e, struct str payload)
{
    struct judge_override o = {.valid = {YMD_NONE, YMD_NONE}};
    int result = OK;

    while (payload.n > 0 && result >= 0)
        result = override_line(w, str_cut(&payload, '\n'), &o);
    if (result < 0)
        return result;
    if (override_problem(&o))
        return fail(&w->cx, ERR_INVALID, override_problem(&o), NULL);
    struct eligibility_judgement_override row = {.person_id = o.person_id,
                                                 .is_share = o.is_share,
                                                 .value = o.value,
                                                 .reason = o.reason,
                                                 .valid_from = o.valid.from,
                                                 .valid_to = o.valid.to,
                                                 .known_from = e->no};
    result = store_ids(&w->cx, w->store, 1, &row.judgement_override_id);
    return result < 0 ? result : eligibility_judgement_override_insert(&w->cx, w->store, &row);
}

/* --- 基準収入額適用申請 ------------------------------------------------------------------------
 */

struct ymd standard_income_from(int year, struct ymd received)
{
    const struct ymd begin = judge_year_span(year).from;

    if (ymd_compare(received, begin) < 0)
        return begin;
    return month_first(month_add(ymd_month(received), 1));
}

static const char *income_problem(const struct standard_income *s, struct ymd today)
{
    if (s->n == 0)
        return "eligibility.standard_income.nobody";
    if (ymd_is_none(s->received) || ymd_compare(s->received, today) > 0)
        return "eligibility.standard_income.received";
    if (ymd_compare(standard_income_from(s->year, s->received), judge_year_span(s->year).to) >= 0)
        return "eligibility.standard_income.year";
    if (s->identity == IDENTITY_NONE)
        return "eligibility.standard_income.identity";
    for (size_t i = 0; i < s->n; i++) {
        if (s->row[i].revenue.n < 0)
            return "eligibility.standard_income.revenue";
    }
    return NULL;
}

int standard_income_enter(struct work *w, const struct standard_income *s, int64_t *event_no)
{
    const char *problem = income_problem(s, w->today);
    struct event e = work_event(w, "eligibility.standard_income");
    struct party_home home;
    struct text t;

    if (problem)
        return fail(&w->cx, ERR_INVALID, problem, NULL);
    int result = party_home(w, s->household_id, &home);
    if (result <= 0)
        return result < 0 ? result
                          : fail(&w->cx, ERR_NOT_FOUND, "eligibility.judge.household", NULL);
    e.household_id = s->household_id;
    e.effective = standard_income_from(s->year, s->received);
    e.received = s->received;
    e.source = STR("person");
    text_init(&t, 1 << 16);
    text_addf(&t, "household " STR_FMT "\nyear %d\nidentity %d\nreceived ",
              STR_ARG(home.household_no), s->year, (int)s->identity);
    (void)text_add_ymd(&t, s->received);
    for (size_t i = 0; i < s->n && result >= 0; i++) {
        struct person who;
        result = party_person(w, s->row[i].person_id, &who);
        text_addf(&t, "\nrevenue " STR_FMT " %lld", STR_ARG(who.person_no),
                  (long long)s->row[i].revenue.n);
    }
    if (result < 0) {
        text_release(&t);
        return result;
    }
    return enter(w, &e, &t, event_no);
}

static int revenue_line(struct work *w, struct str value, struct standard_income *s)
{
    const struct str no = str_cut(&value, ' ');

    if (s->n == STANDARD_INCOME_MAX || !str_to_int(value, &s->row[s->n].revenue.n) ||
        party_person_by_no(w, no, &s->row[s->n].person_id) != 1)
        return bad_payload(w, no);
    s->n++;
    return OK;
}

static int income_line(struct work *w, struct str line, struct standard_income *s)
{
    struct str value;
    int64_t n = 0;

    if (line_is(line, "revenue", &value))
        return revenue_line(w, value, s);
    if (line_is(line, "household", &value))
        return party_household_by_no(w, value, &s->household_id) == 1 ? OK : bad_payload(w, line);
    if (line_is(line, "received", &value))
        return ymd_parse(value, &s->received) ? OK : bad_payload(w, line);
    if (line_is(line, "year", &value) && str_to_int(value, &n)) {
        s->year = (int)n;
        return OK;
    }
    if (!line_is(line, "identity", &value) || !str_to_int(value, &n))
        return bad_payload(w, line);
    s->identity = (enum identity_check)n;
    return OK;
}

static int close_earlier(struct work *w, const struct event *e, const struct standard_income *s)
{
    int64_t ids[STANDARD_INCOME_MAX];
    int64_t closed[STANDARD_INCOME_MAX];
    struct eligibility_revenue_claims_of_year_list list;

    for (size_t i = 0; i < s->n; i++)
        ids[i] = s->row[i].person_id;
    const struct eligibility_revenue_claims_of_year_in in = {.person_ids = {ids, s->n},
                                                             .judge_year = s->year};
    int result = eligibility_revenue_claims_of_year(&w->cx, w->store, &in, &list);
    if (result >= 0 && list.n > STANDARD_INCOME_MAX)
        result = fail(&w->cx, ERR_LIMIT, "eligibility.judge.payload", NULL);
    for (size_t i = 0; result >= 0 && i < list.n; i++)
        closed[i] = list.rows[i].revenue_claim_id;
    return result < 0 || list.n == 0
               ? result
               : eligibility_revenue_claim_close_many(&w->cx, w->store, closed, list.n, e->no);
}

static int write_claims(struct work *w, const struct event *e, const struct standard_income *s,
                        struct str no)
{
    struct eligibility_revenue_claim rows[STANDARD_INCOME_MAX];
    int64_t id = 0;
    int result = store_ids(&w->cx, w->store, (int64_t)s->n, &id);

    if (result >= 0)
        result = close_earlier(w, e, s);
    for (size_t i = 0; i < s->n; i++)
        rows[i] = (struct eligibility_revenue_claim){.revenue_claim_id = id + (int64_t)i,
                                                     .person_id = s->row[i].person_id,
                                                     .judge_year = s->year,
                                                     .revenue = s->row[i].revenue,
                                                     .application_no = no,
                                                     .valid_from =
                                                         standard_income_from(s->year, s->received),
                                                     .valid_to = judge_year_span(s->year).to,
                                                     .known_from = e->no};
    return result < 0 ? result : eligibility_revenue_claim_bulk(&w->cx, w->store, rows, s->n);
}

int standard_income_grant(struct work *w, const struct event *e, const struct standard_income *s,
                          struct str application_no)
{
    int written = 0;
    int result = income_problem(s, w->today)
                     ? fail(&w->cx, ERR_INVALID, income_problem(s, w->today), NULL)
                     : write_claims(w, e, s, application_no);

    return result < 0 ? result
                      : judge_household_under(w, e->no, s->household_id,
                                              standard_income_from(s->year, s->received),
                                              JUDGE_APPLICATION, &written);
}

int standard_income_apply(struct work *w, const struct event *e, struct str payload)
{
    struct standard_income s = {.received = YMD_NONE};
    int64_t number = 0;
    int result = OK;

    while (payload.n > 0 && result >= 0)
        result = income_line(w, str_cut(&payload, '\n'), &s);
    if (result >= 0)
        result = store_number(&w->cx, w->store, STR("eligibility.application"), 1, &number);
    return result < 0 ? result
                      : standard_income_grant(w, e, &s,
                                              str_format(w->cx.arena, "%06lld", (long long)number));
}
