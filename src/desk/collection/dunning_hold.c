/* What stands against a letter: suspension, deferral, agreement, no mail; protection, no address,
 * death. And the entries of holds and of waived late charges, which a second person checks. */
#include "collection_sql.h"
#include "desk/collection/dunning.h"

#include <string.h>

const char *dunning_reason_message(int64_t reason)
{
    static const char *const ids[DUNNING_REASONS] = {
        "collection.dunning.0",  "collection.dunning.1",  "collection.dunning.2",
        "collection.dunning.3",  "collection.dunning.4",  "collection.dunning.5",
        "collection.dunning.6",  "collection.dunning.7",  "collection.dunning.8",
        "collection.dunning.9",  "collection.dunning.10", "collection.dunning.11",
        "collection.dunning.12", "collection.dunning.13"};
    return ids[reason >= 0 && reason < DUNNING_REASONS ? reason : 0];
}

/* --- states
 * ---------------------------------------------------------------------------------------- */

const struct debtor_state *debtor_state_of(const struct debtor_state *rows, size_t n,
                                           int64_t debtor_id)
{
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        low = rows[middle].debtor_id < debtor_id ? middle + 1 : low;
        high = rows[middle].debtor_id < debtor_id ? high : middle;
    }
    return low < n && rows[low].debtor_id == debtor_id ? &rows[low] : NULL;
}

static int mark_dead(struct work *w, const int64_t *ids, size_t n, struct debtor_state *out)
{
    struct person_list people;
    const int rc = party_people(w, ids, n, &people);
    for (size_t i = 0, at = 0; rc >= 0 && i < people.n; i++) {
        while (at < n && out[at].debtor_id != people.rows[i].person_id) {
            at++;
        }
        if (at < n) {
            out[at].is_dead = !ymd_is_none(people.rows[i].death);
        }
    }
    return rc;
}

/* ids ascend. */
int debtor_states(struct work *w, const int64_t *ids, size_t n, struct debtor_state *out)
{
    struct addressee *to = ARENA_ARRAY(w->cx.arena, n + 1, struct addressee);
    const struct collection_holds_in in = {{ids, n}};
    struct collection_holds_list holds;
    if (!to) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    if (n == 0) {
        return OK;
    }
    int rc = party_addressees(w, ids, n, STR("collection"), to);
    rc = rc < 0 ? rc : collection_holds(&w->cx, w->store, &in, &holds);
    if (rc < 0) {
        return rc;
    }
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        out[i] = (struct debtor_state){.debtor_id = ids[i], .to = to[i]};
        while (at < holds.n && holds.rows[at].debtor_id < ids[i]) {
            at++;
        }
        out[i].holds = holds.rows + at;
        while (at + out[i].n_holds < holds.n &&
               holds.rows[at + out[i].n_holds].debtor_id == ids[i]) {
            out[i].n_holds++;
        }
    }
    return mark_dead(w, ids, n, out);
}

enum dunning_reason debtor_held(const struct debtor_state *s, int64_t liability_id, struct ymd day)
{
    static const struct {
        const char *kind;
        enum dunning_reason reason;
    } kinds[] = {{"suspended", DUNNING_SUSPENDED},
                 {"deferred", DUNNING_DEFERRED},
                 {"agreement", DUNNING_AGREEMENT},
                 {"no_mail", DUNNING_NO_MAIL}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        for (size_t i = 0; i < s->n_holds; i++) {
            const struct collection_holds_row *h = &s->holds[i];
            const struct span span = {h->from_ymd, h->to_ymd};
            if (str_is(h->kind, kinds[k].kind) && span_holds(span, day) &&
                (h->liability_id == 0 || h->liability_id == liability_id)) {
                return kinds[k].reason;
            }
        }
    }
    return DUNNING_SENT;
}

enum dunning_reason debtor_by_hand(const struct debtor_state *s)
{
    return s->is_dead           ? DUNNING_DIED
           : s->to.is_protected ? DUNNING_PROTECTED
           : !s->to.has_address ? DUNNING_NO_ADDRESS
                                : DUNNING_SENT;
}

/* The period begins anew the day after; it ends on the day of the same number. */
struct ymd lapse_after(const struct dunning_terms *t, struct str kind, struct ymd renewed)
{
    const int64_t years = t->lapse[str_is(kind, "nhi_tax") ? 1 : 0];
    return months_elapsed(ymd_add(renewed, 1), years * 12);
}

struct ymd lapse_after_dunning(const struct dunning_terms *t, struct str kind, struct ymd issued)
{
    const int64_t days = t->rests[str_is(kind, "nhi_tax") ? 1 : 0];
    return lapse_after(t, kind, ymd_add(issued, (int)days));
}

/* --- entries
 * ----------------------------------------------------------------------------------------- */

struct entered {
    struct str kind, reason, ground;
    int64_t debtor, liability, number, close;
    struct ymd from, to;
};

static void take(struct entered *x, struct str name, struct str value)
{
    static const char *const numbers[] = {"debtor", "liability", "number", "close"};
    int64_t *const places[] = {&x->debtor, &x->liability, &x->number, &x->close};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (str_is(name, numbers[i])) {
            (void)str_to_int(value, places[i]);
        }
    }
    x->kind = str_is(name, "kind") ? value : x->kind;
    x->reason = str_is(name, "reason") ? value : x->reason;
    x->ground = str_is(name, "ground") ? value : x->ground;
    if (str_is(name, "from")) {
        (void)ymd_parse(value, &x->from);
    }
    if (str_is(name, "to")) {
        (void)ymd_parse(value, &x->to);
    }
}

static struct entered read_payload(struct str payload)
{
    struct entered x = {
        .kind = STR(""), .reason = STR(""), .ground = STR(""), .from = YMD_NONE, .to = YMD_NONE};
    while (payload.n > 0) {
        struct str value = str_cut(&payload, '\n');
        const struct str name = str_cut(&value, '=');
        take(&x, name, value);
    }
    return x;
}

static int refused(struct work *w, const struct entered *x)
{
    const bool ends_before =
        !ymd_is_none(x->to) && !ymd_is_none(x->from) && ymd_compare(x->to, x->from) <= 0;
    if (x->close == 0 && (ymd_is_none(x->from) || ends_before)) {
        return fail(&w->cx, ERR_INVALID, "collection.hold.days", NULL);
    }
    return x->reason.n == 0 ? fail(&w->cx, ERR_INVALID, "collection.hold.reason", NULL) : OK;
}

int hold_entry_apply(struct work *w, const struct event *e, struct str payload)
{
    const struct entered x = read_payload(payload);
    int rc = refused(w, &x);
    if (rc >= 0 && x.close != 0) {
        return collection_dunning_hold_close(&w->cx, w->store, x.close, e->no);
    }
    struct collection_dunning_hold row = {.debtor_id = x.debtor,
                                          .liability_id = x.liability,
                                          .kind = x.kind,
                                          .reason = x.reason,
                                          .valid_from = x.from,
                                          .valid_to = x.to,
                                          .known_from = e->no};
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.hold_id);
    return rc < 0 ? rc : collection_dunning_hold_insert(&w->cx, w->store, &row);
}

int waiver_entry_apply(struct work *w, const struct event *e, struct str payload)
{
    const struct entered x = read_payload(payload);
    int rc = refused(w, &x);
    if (rc >= 0 && x.close != 0) {
        return collection_late_waiver_close(&w->cx, w->store, x.close, e->no);
    }
    struct collection_late_waiver row = {.liability_id = x.liability,
                                         .number = x.number,
                                         .ground = x.ground,
                                         .reason = x.reason,
                                         .valid_from = x.from,
                                         .valid_to = x.to,
                                         .known_from = e->no};
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.waiver_id);
    return rc < 0 ? rc : collection_late_waiver_insert(&w->cx, w->store, &row);
}
