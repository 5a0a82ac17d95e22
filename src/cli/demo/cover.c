/* What insures a person: periods of NHI with numbers and certificates, or the cover of others. */
#include "model.h"

static struct home *home_of(struct demo_city *c, int32_t person)
{
    return &c->homes[c->residents[person].household];
}

/* The household gets a number with its first insured member. */
static void household_insured(struct demo_city *c, int32_t person, int32_t event, struct ymd from)
{
    struct home *h = home_of(c, person);

    if (h->insured++ > 0) {
        struct op *op = &c->ops[h->op_insured];
        if (h->op_insured != NONE && op->event == event && from.day < op->from.day)
            op->from = from;
        return;
    }
    h->number = ++c->next_number;
    h->next_branch = 0;
    int32_t index = NONE;
    struct op *op = city_op(c, OP_INSURED, event, NONE, c->residents[person].household, &index);
    op->u.insured.number = h->number;
    op->from = from;
    h->op_insured = index;
}

static void household_released(struct demo_city *c, int32_t person, int32_t event, struct ymd to)
{
    struct home *h = home_of(c, person);

    if (h->insured == 0 || --h->insured > 0)
        return;
    city_op_again(c, &h->op_insured, event)->to = to;
    h->op_insured = NONE;
    h->number = 0;
}

static void branch_given(struct demo_city *c, int32_t person, int32_t event)
{
    struct home *h = home_of(c, person);
    struct resident *p = &c->residents[person];

    p->branch = ++h->next_branch;
    struct op *op = city_op(c, OP_BRANCH, event, person, p->household, NULL);
    op->u.insured.number = h->number;
    op->u.insured.branch = p->branch;
}

/* 7/31 of the next odd year, but never beyond the day before the 75th birthday. */
static struct ymd certificate_end(const struct resident *p, struct ymd day)
{
    int year, month, dd;

    ymd_split(day, &year, &month, &dd);
    const int next = month >= 7 ? year + 1 : year; /* the renewal goes out in July */
    const struct ymd summer = ymd_of(next + (next + 1) % 2, 7, 31);
    const struct ymd before = ymd_add(birthday(p->birth, 75), -1);
    return ymd_compare(before, summer) < 0 ? before : summer;
}

/* Since the cards ended: the notice for those whose My Number card can be used, which stays so.
 * The first notice brings its registration (flag). */
static uint8_t card_kind(struct demo_city *c, struct resident *p, struct op *op)
{
    const bool usable = percent(&c->fate, 6500);

    op->flag = p->card == 0 && usable;
    if (p->card == 0)
        p->card = usable ? CARD_USABLE : CARD_NONE;
    return p->card == CARD_USABLE ? CERTIFICATE_NOTICE : CERTIFICATE_CONFIRMATION;
}

void certificate_give(struct demo_city *c, int32_t person, int32_t event, struct ymd day)
{
    struct resident *p = &c->residents[person];
    int32_t index = NONE;

    struct op *op = city_op(c, OP_CERTIFICATE, event, person, p->household, &index);
    op->kind = CERTIFICATE_CARD;
    if (ymd_compare(day, ymd_of(2024, 12, 2)) >= 0)
        op->kind = card_kind(c, p, op);
    op->from = day;
    op->count = ++p->certificate_count;
    op->u.certificate.serial = ++c->next_serial;
    op->u.certificate.number = home_of(c, person)->number;
    op->u.certificate.branch = p->branch;
    const bool has_end = op->kind != CERTIFICATE_NOTICE || age_on(p->birth, day) >= 70;
    op->u.certificate.until = has_end ? certificate_end(p, day) : YMD_NONE;
    p->op_certificate = index;
}

/* Returned with the loss; the notice is nothing to be returned. */
static void certificate_back(struct demo_city *c, int32_t person, struct change ch)
{
    struct resident *p = &c->residents[person];

    if (p->op_certificate == NONE)
        return;
    if (c->ops[p->op_certificate].kind != CERTIFICATE_NOTICE) {
        struct op *op = city_op_again(c, &p->op_certificate, ch.event);
        op->to = ch.notified;
        op->end = RETURN_LOSS;
    }
    p->op_certificate = NONE;
}

static void begin_nhi(struct demo_city *c, int32_t person, enum acquired_by reason,
                      struct change ch)
{
    const struct ymd from = acquisition_day(reason, ch.cause);
    int32_t index = NONE;

    household_insured(c, person, ch.event, from);
    struct op *op = city_op(c, OP_PERIOD, ch.event, person, NONE, &index);
    op->start = (uint8_t)reason;
    op->from = from;
    op->count = ++c->residents[person].periods;
    op->u.period.cause = ch.cause;
    op->u.period.notified = ch.notified;
    op->u.period.lost_cause = op->u.period.lost_notified = YMD_NONE;
    c->residents[person].op_cover = index;
    c->residents[person].cover_from = from;
    branch_given(c, person, ch.event);
    certificate_give(c, person, ch.event, ymd_compare(ch.notified, from) > 0 ? ch.notified : from);
}

void cover_begin(struct demo_city *c, int32_t person, enum cover cover, int reason,
                 struct change ch)
{
    if (person == NONE)
        return;
    c->residents[person].cover = (uint8_t)cover;
    if (cover == COVER_NHI) {
        begin_nhi(c, person, (enum acquired_by)reason, ch);
        return;
    }
    if (cover == COVER_NONE)
        return;
    int32_t index = NONE;
    struct op *op = city_op(c, OP_COVER, ch.event, person, NONE, &index);
    op->kind = (uint8_t)cover;
    op->from = ch.cause;
    c->residents[person].op_cover = index;
    c->residents[person].cover_from = ch.cause;
}

void cover_end(struct demo_city *c, int32_t person, int reason, struct change ch)
{
    struct resident *p = &c->residents[person];

    if (p->op_cover == NONE)
        return;
    if (p->cover != COVER_NHI) {
        city_op_again(c, &p->op_cover, ch.event)->to = ch.cause;
        p->op_cover = NONE;
        p->cover = COVER_NONE;
        return;
    }
    const struct ymd to = loss_day((enum lost_by)reason, ch.cause, ch.same_day);
    struct op *op = city_op_again(c, &p->op_cover, ch.event);
    op->end = (uint8_t)reason;
    op->to = to;
    op->u.period.lost_cause = ch.cause;
    op->u.period.lost_notified = ch.notified;
    p->op_cover = NONE;
    p->cover = COVER_NONE;
    certificate_back(c, person, ch);
    household_released(c, person, ch.event, to);
    p->branch = 0;
}

void cover_switch(struct demo_city *c, int32_t person, enum cover to, int acquired, int lost,
                  struct change ch)
{
    cover_end(c, person, lost, ch);
    cover_begin(c, person, to, acquired, ch);
}

/* Between two households of the city: the period goes on, the numbers change. */
void cover_carry(struct demo_city *c, int32_t person, bool leaving, struct change ch)
{
    if (c->residents[person].cover != COVER_NHI)
        return;
    if (leaving) {
        household_released(c, person, ch.event, ch.cause);
        return;
    }
    household_insured(c, person, ch.event, ch.cause);
    branch_given(c, person, ch.event);
    if (c->residents[person].op_certificate != NONE)
        c->residents[person].op_certificate = NONE;
    certificate_give(c, person, ch.event, ch.notified);
}

void cover_past(struct demo_city *c, int32_t person, struct span s, int acquired, int lost,
                int32_t event)
{
    struct op *op = city_op(c, OP_PERIOD, event, person, NONE, NULL);

    op->start = (uint8_t)acquired;
    op->end = (uint8_t)lost;
    op->from = s.from;
    op->to = s.to;
    op->count = ++c->residents[person].periods;
    op->u.period.cause = op->u.period.notified = s.from;
    op->u.period.lost_cause = op->u.period.lost_notified = s.to;
    if (lost == LOST_EMPLOYER || lost == LOST_MOVE_OUT)
        op->u.period.lost_cause = ymd_add(s.to, -1);
}

void cover_circumstance(struct demo_city *c, int32_t person, enum circumstance_kind kind,
                        struct ymd day, int32_t code, struct change ch)
{
    struct op *op = city_op(c, OP_CIRCUMSTANCE, ch.event, person, NONE, NULL);

    op->kind = (uint8_t)kind;
    op->count = (uint8_t)code;
    op->from = day;
    op->u.circumstance.notified = ch.notified;
    op->u.circumstance.first = op->u.circumstance.last = MONTH_NONE;
    if (kind == CIRCUMSTANCE_CARE_EXEMPT || kind == CIRCUMSTANCE_CUSTODY)
        op->u.circumstance.first = ymd_month(day);
}
