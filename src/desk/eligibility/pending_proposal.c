/*
 * From pending changes to the notification that would settle them, as far as the facts allow.
 *
 * A loss that somebody with authority told us is complete; an acquisition hardly ever is, because
 * nobody but the person knows whether another scheme covers him now.
 */
#include "desk/eligibility/notification_inner.h"

struct proposing {
    struct work *w;
    struct notification *out;
    bool is_complete;
};

/* "to=131016" of a detail "to=131016 insurer=..."; empty when it is not there. */
static struct str detail_of(struct str detail, const char *word)
{
    while (detail.n > 0) {
        struct str value = str_cut(&detail, ' ');
        if (str_is(str_cut(&value, '='), word))
            return value;
    }
    return STR("");
}

/* The insured period that is open: 1, else 0. */
static int is_insured(struct work *w, int64_t person_id)
{
    struct insured_periods periods;
    const struct asof asof = w->asof;

    w->asof.known = KNOWN_NOW;
    const int result = eligibility_periods(w, person_id, &periods);
    w->asof = asof;
    for (size_t i = 0; result >= 0 && i < periods.n; i++) {
        if (periods.rows[i].lost_by == 0)
            return 1;
    }
    return result;
}

static struct cover_change *add_row(struct proposing *g, enum change_kind kind,
                                    const struct pending *p)
{
    if (g->out->n == NOTIFICATION_CHANGES_MAX) {
        g->is_complete = false;
        return NULL;
    }
    struct cover_change *c = &g->out->row[g->out->n++];
    *c = (struct cover_change){.kind = kind,
                               .person_id = p->person_id,
                               .acquired = kind == CHANGE_ACQUIRE ? p->cause : YMD_NONE,
                               .lost = kind == CHANGE_LOSE ? p->cause : YMD_NONE,
                               .prefecture_acquired = YMD_NONE,
                               .insurer = STR("")};
    return c;
}

/* A code of a municipality of our own prefecture begins with the same two digits. */
static bool is_our_prefecture(struct work *w, struct str code)
{
    const struct str own = office_city_code(w->office);
    return code.n >= 2 && own.n >= 2 && str_equal((struct str){code.p, 2}, (struct str){own.p, 2});
}

static int propose_loss(struct proposing *g, const struct pending *p, enum lost_by reason)
{
    const int insured = is_insured(g->w, p->person_id);
    if (insured <= 0)
        return insured; /* nothing to lose */
    struct cover_change *c = add_row(g, CHANGE_LOSE, p);
    if (!c)
        return OK;
    c->lost_by = reason;
    c->insurer = detail_of(p->detail, "insurer");
    if (reason != LOST_MOVE_OUT)
        return OK;
    const struct str to = detail_of(p->detail, "to");
    c->is_in_prefecture = is_our_prefecture(g->w, to);
    c->is_same_day = str_is(detail_of(p->detail, "same_day"), "1");
    if (to.n == 0)
        g->is_complete = false; /* where he went makes the day */
    return OK;
}

static int propose_acquisition(struct proposing *g, const struct pending *p,
                               enum acquired_by reason)
{
    const int insured = is_insured(g->w, p->person_id);
    if (insured != 0)
        return insured < 0 ? insured : OK;
    struct cover_change *c = add_row(g, CHANGE_ACQUIRE, p);
    g->is_complete = false; /* whether another scheme covers him must be asked */
    if (!c)
        return OK;
    c->acquired_by = reason;
    c->is_in_prefecture =
        reason == ACQUIRED_MOVE_IN && is_our_prefecture(g->w, detail_of(p->detail, "from"));
    return OK;
}

static int propose_household(struct proposing *g, const struct pending *p)
{
    const int insured = is_insured(g->w, p->person_id);
    if (insured > 0)
        (void)add_row(g, CHANGE_HOUSEHOLD, p);
    return insured < 0 ? insured : OK;
}

/* Documents name the head: everybody insured in the household gets new ones. */
static int propose_head(struct proposing *g, const struct pending *p)
{
    struct party_home home;
    int result = party_home(g->w, p->household_id, &home);

    for (size_t i = 0; result > 0 && i < home.n; i++) {
        struct pending one = *p;
        one.person_id = home.members[i].person.person_id;
        if (home.members[i].is_there)
            result = propose_household(g, &one) < 0 ? -1 : 1;
    }
    return result < 0 ? result : OK;
}

static int propose_late_stage(struct proposing *g, const struct pending *p)
{
    const struct str change = detail_of(p->detail, "change");

    if (str_is(change, "end"))
        return propose_acquisition(g, p, ACQUIRED_LEFT_LATE_STAGE);
    if (!str_is(change, "start"))
        g->is_complete = false;
    return propose_loss(g, p, LOST_LATE_STAGE);
}

static int propose(struct proposing *g, const struct pending *p)
{
    switch (p->kind) {
    case PENDING_MOVE_IN:
        return propose_acquisition(g, p, ACQUIRED_MOVE_IN);
    case PENDING_BIRTH:
        return propose_acquisition(g, p, ACQUIRED_BIRTH);
    case PENDING_ASSISTANCE_END:
        return propose_acquisition(g, p, ACQUIRED_ASSISTANCE_END);
    case PENDING_EMPLOYER_END:
        return propose_acquisition(g, p, ACQUIRED_LEFT_EMPLOYER);
    case PENDING_MOVE_OUT:
        return propose_loss(g, p, LOST_MOVE_OUT);
    case PENDING_DEATH:
        return propose_loss(g, p, LOST_DEATH);
    case PENDING_AGE_75:
        return propose_loss(g, p, LOST_LATE_STAGE);
    case PENDING_ASSISTANCE_START:
        return propose_loss(g, p, LOST_ASSISTANCE);
    case PENDING_EMPLOYER_START:
        return propose_loss(g, p, LOST_EMPLOYER);
    case PENDING_LATE_STAGE:
        return propose_late_stage(g, p);
    case PENDING_HOUSEHOLD:
        return propose_household(g, p);
    case PENDING_HEAD:
        return propose_head(g, p);
    case PENDING_STAY:
    case PENDING_CORRECTION:
    case PENDING_PLACEMENT:
    case PENDING_DOUBLE_COVER:
    case PENDING_REJUDGE:
    case PENDING_OVERRIDE:
    case PENDING_UNEMPLOYED:
    case PENDING_FACILITY:
    case PENDING_KINDS:
        break;
    }
    g->is_complete = false;
    return OK;
}

/* Two pendings may say the same of a person (a death and the move-out it makes): one line. */
static bool is_said(const struct notification *n, size_t end)
{
    const struct cover_change *last = &n->row[end - 1];

    for (size_t i = 0; i + 1 < end; i++) {
        if (n->row[i].person_id == last->person_id && n->row[i].kind == last->kind)
            return true;
    }
    return false;
}

/* What the pending says, in lines after those that are there; a line that repeats one goes. */
static int propose_one(struct proposing *g, const struct pending *p)
{
    struct notification *out = g->out;
    const size_t before = out->n;
    const int result = propose(g, p);
    size_t kept = before;

    for (size_t i = before; result >= 0 && i < out->n; i++) {
        out->row[kept++] = out->row[i];
        if (is_said(out, kept))
            kept--;
    }
    out->n = kept;
    if (out->n_settles < NOTIFICATION_SETTLES_MAX)
        out->settles[out->n_settles++] = p->pending_id;
    else
        g->is_complete = false;
    return result;
}

int pending_propose(struct work *w, const struct pending *rows, size_t n, struct notification *out)
{
    struct proposing g = {.w = w, .out = out, .is_complete = true};
    int result = OK;

    *out = (struct notification){.household_id = n > 0 ? rows[0].household_id : 0,
                                 .notified = w->today,
                                 .source = n > 0 ? rows[0].source : STR(""),
                                 .route = w->job_id > 0 ? STR("job") : STR("counter"),
                                 .why = STR(""),
                                 .proxy_name = STR(""),
                                 .proxy_document = STR("")};
    for (size_t i = 0; i < n && result >= 0; i++)
        result = propose_one(&g, &rows[i]);
    return result < 0 ? error_add(&w->cx, "propose a notification") : g.is_complete ? 1 : 0;
}

int pending_proposal(struct work *w, const struct pending *p, struct notification *out)
{
    const struct pending_query q = {.household_id = p->household_id, .open_only = true};
    struct pendings open;
    const int result = pending_find(w, &q, &open);

    return result < 0 ? result : pending_propose(w, open.rows, open.n, out);
}

/* Exempt from nursing care insurance from the month of entering, to the month before leaving. */
static void fill_facility(const struct pending *p, struct circumstance *f)
{
    struct ymd until = YMD_NONE;

    f->kind = CIRCUMSTANCE_CARE_EXEMPT;
    f->first_month = ymd_month(p->cause);
    if (ymd_parse(detail_of(p->detail, "until"), &until))
        f->last_month = month_add(ymd_month(until), -1);
}

int pending_circumstance(struct work *w, const struct pending *p, struct circumstance_entry *out)
{
    int64_t code = 0;

    *out = (struct circumstance_entry){.in = {.household_id = p->household_id,
                                              .notified = w->today,
                                              .source = p->source,
                                              .route = STR("file"),
                                              .why = STR(""),
                                              .proxy_name = STR(""),
                                              .proxy_document = STR(""),
                                              .settles = {p->pending_id},
                                              .n_settles = 1},
                                       .fact = {.person_id = p->person_id,
                                                .day = p->cause,
                                                .first_month = MONTH_NONE,
                                                .last_month = MONTH_NONE,
                                                .notified = w->today}};
    if (p->kind == PENDING_FACILITY) {
        fill_facility(p, &out->fact);
        return OK;
    }
    if (p->kind != PENDING_UNEMPLOYED || !str_to_int(detail_of(p->detail, "code"), &code))
        return fail(&w->cx, ERR_INVALID, "eligibility.pending.no_evidence", "%d", (int)p->kind);
    out->fact.kind = CIRCUMSTANCE_UNEMPLOYED;
    out->fact.code = (int32_t)code;
    return OK;
}
