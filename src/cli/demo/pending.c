/*
 * Work for the counter of a demo city: seven households with something that has happened and
 * nobody has dealt with, as the register, another insurer or the calendar would tell it. Chosen in
 * the order of the ids, so that equal cities get equal cases.
 */
#include "demo.h"

#include <string.h>

enum { CHUNK = 20000, CASES_MAX = 16, TAKEN_MAX = 16 };

struct cases {
    struct work *w;
    struct ymd day; /* the city's last day */
    struct levy_facts facts;
    int64_t taken[TAKEN_MAX]; /* households with a case */
    size_t n_taken;
    struct party_batch *party;
    struct pending pending[CASES_MAX]; /* of the event that is open */
    size_t n;
};

static struct str sentence(const char *id)
{
    const struct message *m = message_find(id);
    return str_of(m ? m->text : id);
}

/* --- finding households
 * --------------------------------------------------------------------------- */

static bool is_taken(const struct cases *c, int64_t household_id)
{
    for (size_t i = 0; i < c->n_taken; i++) {
        if (c->taken[i] == household_id)
            return true;
    }
    return false;
}

static void take(struct cases *c, int64_t household_id)
{
    if (c->n_taken < TAKEN_MAX)
        c->taken[c->n_taken++] = household_id;
}

static bool is_insured(const struct cases *c, const struct fact_person *p)
{
    for (size_t i = 0; i < p->n_spans; i++) {
        const struct fact_span *s = &c->facts.spans[p->first_span + i];
        if (ymd_is_none(s->lost) && ymd_compare(s->acquired, c->day) <= 0)
            return ymd_is_none(p->death) && !ymd_is_none(p->birth);
    }
    return false;
}

static size_t insured_of(const struct cases *c, const struct fact_household *h)
{
    size_t n = 0;
    for (size_t i = 0; i < h->n_persons; i++)
        n += is_insured(c, &c->facts.persons[h->first_person + i]);
    return n;
}

/* Somebody insured of an age, in a household of at least so many insured without a case yet. */
struct wanted {
    int youngest, oldest;
    bool is_head;
    size_t insured;
};
static const struct fact_person *find(struct cases *c, const struct wanted *q, int64_t *household)
{
    for (size_t i = 0; i < c->facts.n_households; i++) {
        const struct fact_household *h = &c->facts.households[i];
        if (h->is_protected || is_taken(c, h->household_id) || insured_of(c, h) < q->insured)
            continue;
        for (size_t k = 0; k < h->n_persons; k++) {
            const struct fact_person *p = &c->facts.persons[h->first_person + k];
            int age = is_insured(c, p) ? age_on(p->birth, c->day) : -1;
            if (age >= q->youngest && age <= q->oldest && p->is_head == q->is_head) {
                *household = h->household_id;
                return p;
            }
        }
    }
    return NULL;
}

/* --- writing
 * ---------------------------------------------------------------------------------------- */

static void add_pending(struct cases *c, enum pending_kind kind, int64_t household_id,
                        int64_t person_id, struct ymd cause)
{
    if (c->n < CASES_MAX)
        c->pending[c->n++] = (struct pending){.kind = kind,
                                              .household_id = household_id,
                                              .person_id = person_id,
                                              .cause = cause,
                                              .source = STR("register"),
                                              .detail = STR(""),
                                              .reason = STR("")};
}

static int open_event(struct cases *c, const char *kind, struct ymd effective, int64_t household_id,
                      int64_t *event_no)
{
    struct event e = work_event(c->w, kind);
    e.effective = effective;
    e.received = c->day;
    e.source = STR("register");
    e.route = STR("file");
    e.household_id = household_id;
    c->n = 0;
    const int result = event_open(&c->w->cx, c->w->store, &e);
    *event_no = e.no;
    return result;
}

/* The register's facts first, so that a pending change finds its people. */
static int close_event(struct cases *c, int64_t event_no)
{
    int result = party_batch_write(c->w, c->party);

    if (result >= 0)
        result = pending_open(c->w, event_no, c->pending, c->n, NULL);
    return result < 0 ? result : OK;
}

struct newcomer {
    const char *name; /* message ids */
    const char *kana;
    struct ymd birth;
    enum sex sex;
    const char *relation;
    const char *started_by;
    struct ymd from;
};

static struct str next_number(struct cases *c, const char *series, int digits, int64_t *no)
{
    const int result = store_number(&c->w->cx, c->w->store, str_of(series), 1, no);
    return result < 0 ? STR_NONE : str_format(c->w->cx.arena, "%0*lld", digits, (long long)*no);
}

static int open_facts(struct cases *c, int64_t event_no, int64_t household_id, int64_t person_id,
                      const struct newcomer *n)
{
    const struct span valid = {n->from, YMD_NONE};
    int result = party_open_identity(c->party, event_no,
                                     &(struct identity_fact){.person_id = person_id,
                                                             .birth = n->birth,
                                                             .sex = n->sex,
                                                             .death = YMD_NONE},
                                     NULL);

    if (result >= 0)
        result = party_open_name(c->party, event_no,
                                 &(struct name_fact){.person_id = person_id,
                                                     .kind = "real",
                                                     .name = sentence(n->name),
                                                     .kana = sentence(n->kana),
                                                     .is_used = true,
                                                     .valid = {n->birth, YMD_NONE}},
                                 NULL);
    if (result >= 0)
        result = party_open_residency(c->party, event_no,
                                      &(struct residency_fact){.person_id = person_id,
                                                               .is_resident = true,
                                                               .started_by = n->started_by,
                                                               .valid = valid},
                                      NULL);
    if (result >= 0)
        result = party_open_membership(c->party, event_no,
                                       &(struct membership_fact){.household_id = household_id,
                                                                 .person_id = person_id,
                                                                 .relation = str_of(n->relation),
                                                                 .is_head =
                                                                     strcmp(n->relation, "01") == 0,
                                                                 .valid = valid},
                                       NULL);
    return result;
}

static int open_newcomer(struct cases *c, int64_t event_no, int64_t household_id,
                         const struct newcomer *n, int64_t *person_id)
{
    int64_t no = 0;
    int result = store_ids(&c->w->cx, c->w->store, 1, person_id);
    const struct str person_no = result < 0 ? STR_NONE : next_number(c, "party.person", 10, &no);

    if (!person_no.p)
        return c->w->cx.error.code ? (int)c->w->cx.error.code
                                   : fail(&c->w->cx, ERR_MEMORY, "demo.memory", NULL);
    result = party_open_person(c->party, event_no, *person_id, person_no, n->birth);
    return result < 0 ? result : open_facts(c, event_no, household_id, *person_id, n);
}

/* A new household at the address of one that is there, in another building number. */
static int open_household(struct cases *c, int64_t event_no, struct ymd from, int64_t like,
                          int64_t *household_id)
{
    struct party_state state;
    int64_t no = 0;
    int result = store_ids(&c->w->cx, c->w->store, 1, household_id);
    const struct str number = result < 0 ? STR_NONE : next_number(c, "party.household", 9, &no);

    if (!number.p)
        return c->w->cx.error.code ? (int)c->w->cx.error.code
                                   : fail(&c->w->cx, ERR_MEMORY, "demo.memory", NULL);
    result = party_open_household(c->party, event_no, *household_id, number);
    if (result >= 0)
        result = party_states(c->w, &like, 1, &state);
    if (result < 0)
        return result;
    state.address.household_id = *household_id;
    state.address.person_id = 0;
    state.address.building = STR("");
    state.address.valid = (struct span){from, YMD_NONE};
    return party_open_address(c->party, event_no, &state.address, NULL);
}

/* --- the seven cases
 * ----------------------------------------------------------------------------------
 */

static int case_arrival(struct cases *c, const struct newcomer *people, size_t n)
{
    const struct wanted any = {.youngest = 20, .oldest = 74, .is_head = true, .insured = 1};
    int64_t like_household = 0, household_id = 0, event_no = 0, person_id = 0;
    const struct fact_person *like = find(c, &any, &like_household);
    int result = like ? open_event(c, "party.move_in", people[0].from, 0, &event_no) : OK;

    if (result < 0 || !like)
        return result;
    result = open_household(c, event_no, people[0].from, like->person_id, &household_id);
    for (size_t i = 0; i < n && result >= 0; i++) {
        result = open_newcomer(c, event_no, household_id, &people[i], &person_id);
        add_pending(c, PENDING_MOVE_IN, household_id, person_id, people[i].from);
    }
    return result < 0 ? result : close_event(c, event_no);
}

static int case_family(struct cases *c)
{
    const struct ymd from = ymd_add(c->day, -3);
    const struct newcomer people[] = {{"demo.case.family.1", "demo.case.family.1.kana",
                                       ymd_of(1990, 5, 5), SEX_FEMALE, "01", "move_in", from},
                                      {"demo.case.family.2", "demo.case.family.2.kana",
                                       ymd_of(2018, 8, 21), SEX_MALE, "04", "move_in", from},
                                      {"demo.case.family.3", "demo.case.family.3.kana",
                                       ymd_of(2021, 2, 3), SEX_FEMALE, "04", "move_in", from}};
    return case_arrival(c, people, sizeof people / sizeof *people);
}

static int case_return(struct cases *c)
{
    const struct newcomer people[] = {{"demo.case.return.1", "demo.case.return.1.kana",
                                       ymd_of(1985, 11, 30), SEX_MALE, "01", "move_in",
                                       ymd_add(c->day, -200)}};
    return case_arrival(c, people, 1);
}

static int case_company(struct cases *c)
{
    const struct wanted q = {.youngest = 25, .oldest = 55, .is_head = true, .insured = 2};
    int64_t household_id = 0, event_no = 0;
    const struct fact_person *p = find(c, &q, &household_id);
    int result = p ? open_event(c, "eligibility.pending", ymd_add(c->day, -9), 0, &event_no) : OK;

    if (result < 0 || !p)
        return result;
    take(c, household_id);
    add_pending(c, PENDING_EMPLOYER_START, household_id, p->person_id, ymd_add(c->day, -9));
    c->pending[0].source = STR("insurer");
    return close_event(c, event_no);
}

static int case_birth(struct cases *c)
{
    const struct wanted q = {.youngest = 22, .oldest = 45, .is_head = true, .insured = 2};
    int64_t household_id = 0, event_no = 0, child = 0;
    const struct ymd day = ymd_add(c->day, -5);
    const struct fact_person *p = find(c, &q, &household_id);
    const struct newcomer n = {
        "demo.case.birth.1", "demo.case.birth.1.kana", day, SEX_FEMALE, "04", "birth", day};
    int result = p ? open_event(c, "party.birth", day, household_id, &event_no) : OK;

    if (result < 0 || !p)
        return result;
    take(c, household_id);
    result = open_newcomer(c, event_no, household_id, &n, &child);
    add_pending(c, PENDING_BIRTH, household_id, child, day);
    return result < 0 ? result : close_event(c, event_no);
}

/* Closes a stay and opens it anew as given. */
static int move(struct cases *c, int64_t event_no, const struct party_state *s,
                const struct membership_fact *to)
{
    struct membership_fact before = s->membership;
    int result = party_close(c->party, PARTY_MEMBERSHIP, s->membership_row, event_no);

    before.valid.to = to ? to->valid.from : YMD_NONE;
    if (result >= 0 && to)
        result = party_open_membership(c->party, event_no, &before, NULL);
    return result < 0 || !to ? result : party_open_membership(c->party, event_no, to, NULL);
}

static int die(struct cases *c, int64_t event_no, const struct party_state *s, struct ymd day)
{
    struct identity_fact who = s->identity;
    struct residency_fact lived = s->residency;
    struct membership_fact stay = s->membership;
    int result = party_close(c->party, PARTY_IDENTITY, s->identity_row, event_no);

    who.death = day;
    lived.ended_by = "death";
    lived.valid.to = stay.valid.to = ymd_add(day, 1);
    if (result >= 0)
        result = party_open_identity(c->party, event_no, &who, NULL);
    if (result >= 0)
        result = party_close(c->party, PARTY_RESIDENCY, s->residency_row, event_no);
    if (result >= 0)
        result = party_open_residency(c->party, event_no, &lived, NULL);
    if (result >= 0)
        result = party_close(c->party, PARTY_MEMBERSHIP, s->membership_row, event_no);
    return result < 0 ? result : party_open_membership(c->party, event_no, &stay, NULL);
}

static int states_of(struct cases *c, const struct party_home *home, struct party_state *out,
                     size_t *n)
{
    int64_t ids[CASES_MAX];
    *n = 0;
    for (size_t i = 0; i < home->n && *n < CASES_MAX; i++) {
        if (home->members[i].is_there)
            ids[(*n)++] = home->members[i].person.person_id;
    }
    return party_states(c->w, ids, *n, out);
}

/* The head dies; the next one (the first of the others in the register's order) is head. */
static int case_death(struct cases *c)
{
    const struct wanted q = {.youngest = 60, .oldest = 74, .is_head = true, .insured = 2};
    int64_t household_id = 0, event_no = 0;
    struct party_home home;
    struct party_state s[CASES_MAX];
    size_t n = 0;
    const struct ymd day = ymd_add(c->day, -6);
    const struct fact_person *p = find(c, &q, &household_id);
    int result = p ? party_home(c->w, household_id, &home) : OK;

    if (result <= 0 || !p)
        return result;
    result = states_of(c, &home, s, &n);
    if (result >= 0)
        result = open_event(c, "party.death", day, household_id, &event_no);
    if (result < 0 || n < 2)
        return result;
    take(c, household_id);
    result = die(c, event_no, &s[0], day);
    add_pending(c, PENDING_DEATH, household_id, s[0].person_id, day);
    struct membership_fact head = s[1].membership;
    head.relation = STR("01");
    head.is_head = true;
    head.valid = (struct span){ymd_add(day, 1), YMD_NONE};
    if (result >= 0)
        result = move(c, event_no, &s[1], &head);
    add_pending(c, PENDING_HEAD, household_id, s[1].person_id, ymd_add(day, 1));
    return result < 0 ? result : close_event(c, event_no);
}

/* Everybody but the head leaves for a household of their own; the first of them is its head. */
static int case_divorce(struct cases *c)
{
    const struct wanted q = {.youngest = 28, .oldest = 58, .is_head = true, .insured = 3};
    int64_t household_id = 0, event_no = 0, other = 0;
    struct party_home home;
    struct party_state s[CASES_MAX];
    size_t n = 0;
    const struct ymd day = ymd_add(c->day, -4);
    const struct fact_person *p = find(c, &q, &household_id);
    int result = p ? party_home(c->w, household_id, &home) : OK;

    if (result <= 0 || !p)
        return result;
    result = states_of(c, &home, s, &n);
    if (result >= 0)
        result = open_event(c, "party.divorce", day, household_id, &event_no);
    if (result >= 0)
        result = open_household(c, event_no, day, p->person_id, &other);
    take(c, household_id);
    for (size_t i = 1; i < n && result >= 0; i++) {
        const struct membership_fact to = {.household_id = other,
                                           .person_id = s[i].person_id,
                                           .relation = i == 1 ? STR("01") : STR("04"),
                                           .is_head = i == 1,
                                           .valid = {day, YMD_NONE}};
        result = move(c, event_no, &s[i], &to);
        add_pending(c, PENDING_HOUSEHOLD, other, s[i].person_id, day);
    }
    return result < 0 ? result : close_event(c, event_no);
}

/* The next one who becomes 75 after the last day. */
static int case_75(struct cases *c)
{
    const struct fact_person *next = NULL;
    struct ymd birthday = YMD_NONE;
    int64_t household_id = 0, event_no = 0;

    for (size_t i = 0; i < c->facts.n_households; i++) {
        const struct fact_household *h = &c->facts.households[i];
        for (size_t k = 0; k < h->n_persons && !h->is_protected; k++) {
            const struct fact_person *p = &c->facts.persons[h->first_person + k];
            const struct ymd at =
                is_insured(c, p) ? ymd_add(age_reached(p->birth, 75), 1) : YMD_NONE; /* birthday */
            bool later = !ymd_is_none(at) && ymd_compare(at, c->day) > 0;
            if (later && !is_taken(c, h->household_id) &&
                (!next || ymd_compare(at, birthday) < 0)) {
                next = p;
                birthday = at;
                household_id = h->household_id;
            }
        }
    }
    int result = next ? open_event(c, "eligibility.pending", birthday, 0, &event_no) : OK;
    if (result < 0 || !next)
        return result;
    take(c, household_id);
    add_pending(c, PENDING_AGE_75, household_id, next->person_id, birthday);
    c->pending[0].source = STR("calendar");
    return close_event(c, event_no);
}

static int write_cases(struct cases *c)
{
    static int (*const cases[])(struct cases *) = {case_company, case_birth, case_death,
                                                   case_divorce, case_75,    case_family,
                                                   case_return};
    int result = STORE_BEGIN(&c->w->cx, c->w->store);

    if (result < 0)
        return result;
    for (size_t i = 0; i < sizeof cases / sizeof *cases && result >= 0; i++)
        result = cases[i](c);
    if (result >= 0)
        return store_commit(&c->w->cx, c->w->store);
    store_rollback(c->w->store);
    return result;
}

int demo_pending(struct work *w, struct ymd day)
{
    struct cases *c = ARENA_NEW(w->cx.arena, struct cases);
    const struct asof asof = w->asof;
    const struct facts_request rq = {.fiscal_year = ymd_fiscal_year(day),
                                     .limit = CHUNK,
                                     .known = KNOWN_NOW,
                                     .as_of = day};

    if (!c)
        return fail(&w->cx, ERR_MEMORY, "demo.memory", NULL);
    *c = (struct cases){.w = w, .day = day};
    w->asof.valid = day;
    int result = eligibility_facts_load(w, &rq, &c->facts);
    if (result >= 0)
        result = party_batch_new(w, &c->party);
    if (result >= 0) {
        result = write_cases(c);
        party_batch_free(c->party);
    }
    w->asof = asof;
    return result < 0 ? error_add(&w->cx, "make the demo city's pending changes") : OK;
}
