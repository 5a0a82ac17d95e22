/* Those who were insured here once and moved away before the first day: history that a city keeps
 * and searches, and that no batch may stumble over. */
#include "model.h"

enum { PER_EVENT = 250, EARLIEST_YEAR = 2005 };

/* A stay of one to fifteen years that ended before the first day. */
static struct span stay_of(struct demo_city *c)
{
    const struct ymd first = ymd_of(EARLIEST_YEAR, 4, 1);
    const int32_t days = c->first_day.day - first.day;
    const int32_t end = between(&c->fate, 365, days - 1);
    const int32_t length = between(&c->fate, 200, end < 5475 ? end : 5475);

    return (struct span){ymd_add(first, end - length), ymd_add(first, end)};
}

static void ended(struct demo_city *c, int32_t *index, struct ymd to)
{
    if (*index != NONE)
        c->ops[*index].to = to;
    *index = NONE;
}

/* The numbers of the household and of the person in it, as long as they stayed. */
static void numbers_given(struct demo_city *c, int32_t home, int32_t person, int32_t event,
                          struct span s)
{
    const int32_t number = ++c->next_number;
    struct op *op = city_op(c, OP_INSURED, event, NONE, home, NULL);

    op->u.insured.number = number;
    op->from = s.from;
    op->to = s.to;
    op = city_op(c, OP_BRANCH, event, person, home, NULL);
    op->u.insured.number = number;
    op->u.insured.branch = 1;
}

static void former_found(struct demo_city *c, int32_t event)
{
    const struct span s = stay_of(c);
    const int32_t home = city_home(c, KIND_SINGLE);
    const int32_t person = person_new(c, percent(&c->people, 5000), 25, 95, NONE);

    if (home == NONE || person == NONE)
        return;
    (void)city_op(c, OP_HOUSEHOLD, event, NONE, home, NULL);
    person_register(c, person, event, s.from, BY_MOVE_IN);
    person_enter(c, person, home, event, s.from, 1);
    cover_past(c, person, s, ACQUIRED_MOVE_IN, LOST_MOVE_OUT, event);
    numbers_given(c, home, person, event, s);
    struct resident *p = &c->residents[person];
    ended(c, &p->op_membership, s.to);
    c->ops[p->op_residency].end = BY_MOVE_OUT;
    ended(c, &p->op_residency, s.to);
    p->is_gone = true;
    c->homes[home].first = c->homes[home].head = NONE;
}

void found_former(struct demo_city *c)
{
    int32_t event = NONE;

    for (int64_t i = 0; i < c->request.former && !c->out_of_memory; i++) {
        if (i % PER_EVENT == 0)
            event = city_event(c, &(struct happening){.kind = "party.initial",
                                                      .source = "register",
                                                      .route = "file",
                                                      .effective = c->first_day,
                                                      .received = c->first_day,
                                                      .home = NONE,
                                                      .person = NONE});
        former_found(c, event);
    }
}
