/* What a resident change asks of the section: a pending change, or nothing. */
#include "desk/eligibility/resident_change.h"

enum { LATE_STAGE_AGE = 75 };

/* Who is insured on the day the change is so, or later. */
struct concern {
    bool himself, others;
};

static int look_at_cover(struct change_line *l, struct concern *out)
{
    const int64_t home = l->household_before ? l->household_before : l->household_after;
    const struct eligibility_insured_of_in in = {l->household_after ? l->household_after : home,
                                                 l->person_id,
                                                 l->sort == SORT_GOES ? ymd_add(l->effect, -1)
                                                                      : l->effect};
    struct eligibility_insured_of_row row;
    const int result = eligibility_insured_of(&l->w->cx, l->w->store, &in, &row);

    if (result >= 0)
        *out = (struct concern){row.himself > 0, row.others > 0};
    return result;
}

static bool is_late_stage(const struct change_line *l)
{
    return age_on(line_day(l, "birth"), l->effect) >= LATE_STAGE_AGE;
}

static int kind_of_coming(const struct change_line *l, const struct concern *c)
{
    if (is_late_stage(l))
        return 0;
    if (str_is(l->kind, "birth"))
        return c->others ? PENDING_BIRTH : 0;
    return str_is(l->kind, "status") ? PENDING_STAY : PENDING_MOVE_IN;
}

static int kind_of(const struct change_line *l, const struct concern *c)
{
    switch (l->sort) {
    case SORT_COMES:
        return kind_of_coming(l, c);
    case SORT_RESTORED:
        return is_late_stage(l) ? 0 : PENDING_MOVE_IN;
    case SORT_GOES:
        if (!c->himself)
            return 0;
        return str_is(l->kind, "death") ? PENDING_DEATH : PENDING_MOVE_OUT;
    case SORT_MOVES:
        return l->household_before != l->household_after && c->himself ? PENDING_HOUSEHOLD : 0;
    case SORT_RELATION:
        return str_is(line_field(l, "relation"), "01") && (c->himself || c->others) ? PENDING_HEAD
                                                                                    : 0;
    case SORT_NAME:
        return c->himself ? PENDING_CORRECTION : 0;
    case SORT_FOREIGN:
        return c->himself && str_is(l->kind, "stay") ? PENDING_STAY : 0;
    case SORT_CORRECTION:
    case SORT_CANCEL:
        return c->himself || l->earlier_sort == SORT_GOES ? PENDING_CORRECTION : 0;
    }
    return 0;
}

/* Codes for the desk: what the proposal of the pending change needs beside person and day. */
static struct str detail_of(struct change_line *l)
{
    struct text t;
    const struct str before = line_field(l, "household_before");
    const struct str after = line_field(l, "household_after");
    const struct str other = line_field(l, "other_city_code");

    text_init(&t, 1024);
    (void)text_addf(&t, "change=" STR_FMT " sequence=%lld", STR_ARG(l->kind),
                    (long long)l->sequence);
    if (before.n)
        (void)text_addf(&t, " home_from=" STR_FMT, STR_ARG(before));
    if (after.n)
        (void)text_addf(&t, " home_to=" STR_FMT, STR_ARG(after));
    if (l->sort == SORT_GOES)
        (void)text_addf(&t, " to=" STR_FMT, STR_ARG(other.n ? other : STR("abroad")));
    else if (other.n)
        (void)text_addf(&t, " from=" STR_FMT, STR_ARG(other));
    if (str_is(line_field(l, "same_day"), "1"))
        (void)text_adds(&t, " same_day=1");
    if (l->corrects) {
        char day[11];
        ymd_format(l->earlier_day, day);
        (void)text_addf(&t, " corrects=%lld was=" STR_FMT " on=%s", (long long)l->corrects,
                        STR_ARG(l->earlier_kind), day);
    }
    const struct str out = str_copy(l->w->cx.arena, text_str(&t));
    text_release(&t);
    return out;
}

/* Nobody has dealt with the earlier line yet: its pending change is withdrawn, *was its kind. */
static int withdraw(struct change_line *l, int *was)
{
    const struct pending_query q = {.person_id = l->person_id,
                                    .open_only = true,
                                    .limit = NOTIFICATION_SETTLES_MAX};
    struct pendings open;
    int result = pending_find(l->w, &q, &open);

    *was = 0;
    for (size_t i = 0; result >= 0 && i < open.n; i++) {
        const struct pending *p = &open.rows[i];
        if (ymd_compare(p->cause, l->earlier_day) != 0 || !str_is(p->source, "register"))
            continue;
        *was = (int)p->kind;
        result = pending_close(l->w, p->pending_id, PENDING_DISMISSED,
                               str_format(l->w->cx.arena, "register %lld", (long long)l->sequence));
    }
    return result;
}

/* The earlier line again, on its right day: or nothing, when it never was. */
static int withdrawn_kind(const struct change_line *l, int was)
{
    return l->sort == SORT_CANCEL ? 0 : was;
}

int change_pending(struct change_line *l, int *kind)
{
    struct concern c;
    int was = 0;
    int result = look_at_cover(l, &c);

    if (result >= 0 && l->corrects)
        result = withdraw(l, &was);
    if (result < 0)
        return result;
    *kind = was ? withdrawn_kind(l, was) : kind_of(l, &c);
    if (*kind == 0)
        return OK;
    const struct pending p = {.kind = (enum pending_kind) * kind,
                              .household_id =
                                  l->household_after ? l->household_after : l->household_before,
                              .person_id = l->person_id,
                              .cause = l->day,
                              .source = STR("register"),
                              .detail = detail_of(l)};
    if (!p.detail.p)
        return fail(&l->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    return pending_open(l->w, l->event_no, &p, 1, NULL);
}
