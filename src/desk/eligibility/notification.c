/* Notifications: planned, entered, applied. */
#include "desk/eligibility/notification_inner.h"

#include <string.h>

enum { PAYLOAD_LONGEST = 16384 };

int notification_plan(struct work *w, const struct notification *n, struct notification_plan *out)
{
    struct planning p = {.w = w, .n = n, .out = out};

    return planning_make(&p);
}

static int refuse(struct work *w, const struct notification_plan *plan)
{
    for (size_t i = 0; i < plan->n_problems; i++) {
        const struct notification_problem *k = &plan->problem[i];
        if (k->is_warning)
            continue;
        (void)fail(&w->cx, ERR_INVALID, k->what, STR_FMT, STR_ARG(k->facts));
        return fail_where(&w->cx, NULL, k->row == NOTIFICATION_CHANGES_MAX ? 0 : (int)k->row + 1, 0,
                          k->field);
    }
    return fail(&w->cx, ERR_INVALID, "eligibility.plan.lines", NULL);
}

static int planned(struct work *w, const struct notification *n, struct planning *p)
{
    struct notification_plan *plan = ARENA_ARRAY(w->cx.arena, 1, struct notification_plan);

    if (!plan)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    *p = (struct planning){.w = w, .n = n, .out = plan};
    const int result = planning_make(p);
    return result < 0 ? result : plan->is_clean ? OK : refuse(w, plan);
}

int notification_apply(struct work *w, int64_t event_no, const struct notification *n)
{
    struct planning p;
    int result = planned(w, n, &p);

    if (result >= 0)
        result = planning_write(&p, event_no);
    return result < 0 ? error_add(&w->cx, "apply a notification") : OK;
}

static bool is_correction(const struct notification *n)
{
    for (size_t i = 0; i < n->n; i++) {
        if (change_needs_why(&n->row[i]))
            return true;
    }
    return false;
}

/* The day the first line has its effect, and its person where there is only one. */
static struct event event_of(struct work *w, const struct notification *n, const struct planning *p)
{
    struct event e =
        work_event(w, is_correction(n) ? "eligibility.correction" : "eligibility.notification");
    const struct insured_period *d = p->touched[0] ? &p->touched[0]->now : NULL;

    e.received = n->notified;
    e.effective = !d ? n->notified : d->lost_by != 0 ? d->valid.to : d->valid.from;
    e.source = n->source;
    e.route = n->route;
    e.reason = n->why.p ? n->why : STR("");
    e.household_id = n->household_id;
    e.person_id = p->n_subjects == 1 ? p->subject[0].person_id : 0;
    return e;
}

int notification_enter(struct work *w, const struct notification *n, int64_t *event_no)
{
    struct planning p;
    struct text payload;
    int result = planned(w, n, &p);

    *event_no = 0;
    if (result < 0)
        return error_add(&w->cx, "plan a notification");
    text_init(&payload, PAYLOAD_LONGEST);
    result = notification_write_text(w, n, &payload);
    if (result >= 0) {
        struct event e = event_of(w, n, &p);
        result = work_enter(w, &e, text_str(&payload));
        *event_no = result < 0 ? 0 : e.no;
    }
    text_release(&payload);
    return result;
}

int notification_entry_apply(struct work *w, const struct event *e, struct str payload)
{
    struct notification *n = ARENA_ARRAY(w->cx.arena, 1, struct notification);

    if (!n)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    const int result = notification_read_text(w, payload, n);
    return result < 0 ? result : notification_apply(w, e->no, n);
}
