/* How a notification or an application came in: who told us, by what way, how he was identified. */
#include "desk/eligibility/filing_inner.h"

#include <stdio.h>

enum { PAYLOAD_LONGEST = 8192 };

/* --- checks ----------------------------------------------------------------------------------- */

static bool is_by_person(const struct filing *in)
{
    return str_is(in->source, "person") || str_is(in->source, "head") ||
           str_is(in->source, "member") || str_is(in->source, "proxy");
}

static bool fits_route(const struct filing *in)
{
    return in->identity == IDENTITY_NONE ||
           (in->identity == IDENTITY_POST) == str_is(in->route, "post");
}

const char *filing_check(const struct filing *in, struct ymd today, size_t i, const char **what)
{
    const bool by_proxy = str_is(in->source, "proxy");
    const struct {
        bool is_wrong;
        const char *field, *what;
    } checks[FILING_CHECKS] = {
        {ymd_is_none(in->notified), "notified", "eligibility.plan.notified_missing"},
        {ymd_compare(in->notified, today) > 0, "notified", "eligibility.plan.notified_in_future"},
        {!intake_is_allowed(STR("eligibility"), in->source, in->route), "source",
         "eligibility.plan.pair"},
        {is_by_person(in) && in->identity == IDENTITY_NONE, "identity",
         "eligibility.plan.identity_missing"},
        {!fits_route(in), "identity", "eligibility.plan.identity_post"},
        {by_proxy && str_trim(in->proxy_name).n == 0, "proxy_name",
         "eligibility.plan.proxy_missing"},
        {by_proxy && str_trim(in->proxy_document).n == 0, "proxy_document",
         "eligibility.plan.mandate_missing"},
        {str_is(in->source, "city") && str_trim(in->why).n == 0, "why",
         "eligibility.plan.why_missing"},
    };

    *what = checks[i].is_wrong ? checks[i].what : NULL;
    return checks[i].field;
}

struct filing filing_of(const struct notification *n)
{
    return (struct filing){.household_id = n->household_id,
                           .notified = n->notified,
                           .source = n->source,
                           .route = n->route,
                           .why = n->why,
                           .identity = n->identity,
                           .proxy_name = n->proxy_name,
                           .proxy_document = n->proxy_document};
}

int filing_refuse(struct work *w, const char *field, const char *what)
{
    (void)fail(&w->cx, ERR_INVALID, what, NULL);
    return fail_where(&w->cx, NULL, 0, 0, field);
}

int filing_ok(struct work *w, const struct filing *in)
{
    for (size_t i = 0; i < FILING_CHECKS; i++) {
        const char *what = NULL;
        const char *field = filing_check(in, w->today, i, &what);
        if (what)
            return filing_refuse(w, field, what);
    }
    return OK;
}

/* --- lines ------------------------------------------------------------------------------------ */

void filing_put_words(struct text *t, const char *word, struct str value)
{
    if (value.n == 0)
        return;
    text_addf(t, "%s ", word);
    for (size_t i = 0; i < value.n; i++)
        text_addc(t, (unsigned char)value.p[i] < ' ' ? ' ' : value.p[i]);
    text_addc(t, '\n');
}

void filing_put_day(struct text *t, const char *word, struct ymd day)
{
    if (ymd_is_none(day))
        return;
    text_addf(t, "%s ", word);
    (void)text_add_ymd(t, day);
    text_addc(t, '\n');
}

void filing_put_month(struct text *t, const char *word, struct month m)
{
    if (m.n != MONTH_NONE.n)
        filing_put_day(t, word, month_first(m));
}

void filing_put_number(struct text *t, const char *word, int64_t value)
{
    if (value != 0)
        text_addf(t, "%s %lld\n", word, (long long)value);
}

struct str filing_words(struct str payload, const char *word)
{
    while (payload.n > 0) {
        struct str value = str_cut(&payload, '\n');
        if (str_is(str_cut(&value, ' '), word))
            return value;
    }
    return STR("");
}

struct ymd filing_day(struct str payload, const char *word)
{
    struct ymd day = YMD_NONE;
    return ymd_parse(filing_words(payload, word), &day) ? day : YMD_NONE;
}

struct month filing_month(struct str payload, const char *word)
{
    const struct ymd day = filing_day(payload, word);
    return ymd_is_none(day) ? MONTH_NONE : ymd_month(day);
}

int64_t filing_number(struct str payload, const char *word)
{
    int64_t number = 0;
    return str_to_int(filing_words(payload, word), &number) ? number : 0;
}

/* --- the text of an filing ---------------------------------------------------------------------
 */

static void add_numbers(struct text *t, struct work *w, int64_t household_id, int64_t person_id)
{
    struct eligibility_household_no_of_row home;
    struct eligibility_subjects_list people;

    if (eligibility_household_no_of(&w->cx, w->store,
                                    &(struct eligibility_household_no_of_in){household_id},
                                    &home) > 0)
        filing_put_words(t, "household", home.household_no);
    if (eligibility_subjects(&w->cx, w->store, &(struct eligibility_subjects_in){{&person_id, 1}},
                             &people) >= 0 &&
        people.n > 0)
        filing_put_words(t, "person", people.rows[0].person_no);
}

void filing_write(struct text *t, struct work *w, const struct filing *in, int64_t person_id)
{
    add_numbers(t, w, in->household_id, person_id);
    filing_put_day(t, "notified", in->notified);
    filing_put_words(t, "source", in->source);
    filing_put_words(t, "route", in->route);
    filing_put_number(t, "identity", in->identity);
    filing_put_words(t, "proxy", in->proxy_name);
    filing_put_words(t, "document", in->proxy_document);
    filing_put_words(t, "why", in->why);
    for (size_t i = 0; i < in->n_settles; i++)
        filing_put_number(t, "settles", in->settles[i]);
}

static void read_settles(struct str payload, struct filing *in)
{
    while (payload.n > 0 && in->n_settles < NOTIFICATION_SETTLES_MAX) {
        struct str value = str_cut(&payload, '\n');
        int64_t id = 0;
        if (str_is(str_cut(&value, ' '), "settles") && str_to_int(value, &id))
            in->settles[in->n_settles++] = id;
    }
}

int filing_read(struct work *w, struct str payload, struct filing *in, int64_t *person_id)
{
    *in = (struct filing){.notified = filing_day(payload, "notified"),
                          .source = filing_words(payload, "source"),
                          .route = filing_words(payload, "route"),
                          .why = filing_words(payload, "why"),
                          .identity = (enum identity_check)filing_number(payload, "identity"),
                          .proxy_name = filing_words(payload, "proxy"),
                          .proxy_document = filing_words(payload, "document")};
    read_settles(payload, in);
    int found = party_household_by_no(w, filing_words(payload, "household"), &in->household_id);
    if (found > 0)
        found = party_person_by_no(w, filing_words(payload, "person"), person_id);
    return found < 0    ? found
           : found == 0 ? fail(&w->cx, ERR_SYNTAX, "eligibility.plan.payload", NULL)
                        : OK;
}

/* --- in and through ----------------------------------------------------------------------------
 */

int filing_enter(struct work *w, const char *kind, const struct filing *in, int64_t person_id,
                 struct text *payload, int64_t *event_no)
{
    struct event e = work_event(w, kind);

    *event_no = 0;
    if (payload->failed || payload->n > PAYLOAD_LONGEST)
        return fail(&w->cx, ERR_LIMIT, "eligibility.plan.too_long", NULL);
    e.received = e.effective = in->notified;
    e.source = in->source;
    e.route = in->route;
    e.reason = in->why.p ? in->why : STR("");
    e.household_id = in->household_id;
    e.person_id = person_id;
    const int result = work_enter(w, &e, text_str(payload));
    *event_no = result < 0 ? 0 : e.no;
    return result;
}

static int line_kind(const char *kind)
{
    return str_is(STR("circumstance"), kind) ? 11
           : str_is(STR("placement"), kind)  ? 12
           : str_is(STR("override"), kind)   ? 13
                                             : 14;
}

int filing_decide(struct work *w, const struct event *e, const struct filing *in, const char *kind,
                  int64_t person_id)
{
    int64_t id = 0;
    const struct str basis = str_format(w->cx.arena, "eligibility.basis.%s", kind);
    const struct decision_record d = {.kind = kind,
                                      .basis = basis.p ? basis.p : kind,
                                      .household_id = in->household_id,
                                      .notified = in->notified,
                                      .source = in->source,
                                      .route = in->route,
                                      .why = in->why,
                                      .identity = in->identity,
                                      .proxy_name = in->proxy_name,
                                      .proxy_document = in->proxy_document};
    int result = decision_record(w, e->no, &d, &id);

    if (result >= 0)
        result = decision_line(w, e->no, id, person_id, line_kind(kind));
    return result < 0 ? result : pending_settle(w, e->no, in->settles, in->n_settles);
}

int filing_person(struct work *w, int64_t person_id, struct subject **out)
{
    struct notification n = {.n = 1, .row = {{.person_id = person_id}}};
    struct planning p = {.w = w, .n = &n};
    const int result = planning_look(&p);

    *out = result < 0 ? NULL : planning_subject(&p, person_id);
    return result < 0 ? result
           : *out     ? OK
                      : filing_refuse(w, "person", "eligibility.plan.person_unknown");
}
