/* Who should hold which certificate, until when, and who needs a new one now. */
#include "desk/eligibility/certificate_inner.h"

#include <stdlib.h>
#include <string.h>

static certificate_arrears_fn *arrears_of;
static certificate_judged_fn *judged_of = judgement_many;

void certificate_arrears_set(certificate_arrears_fn *fn)
{
    arrears_of = fn;
}

void certificate_judged_set(certificate_judged_fn *fn)
{
    judged_of = fn;
}

/* --- reading holders
 * ------------------------------------------------------------------------------ */

static struct ymd earlier(struct ymd a, struct ymd b) /* YMD_NONE: none */
{
    if (ymd_is_none(a) || ymd_is_none(b))
        return ymd_is_none(a) ? b : a;
    return ymd_compare(a, b) < 0 ? a : b;
}

static struct ymd later(struct ymd a, struct ymd b)
{
    return ymd_is_none(b) || ymd_compare(a, b) > 0 ? a : b;
}

static struct holder holder_of_row(const struct eligibility_holders_row *r)
{
    const struct ymd placed_last = ymd_is_none(r->placed_to) ? YMD_NONE : ymd_add(r->placed_to, -1);

    return (struct holder){
        .person_id = r->person_id,
        .household_id = !r->placed_household_null ? r->placed_household
                        : !r->home_household_null ? r->home_household
                                                  : 0,
        .person_no = r->person_no,
        .birth = r->birth_ymd,
        .sex = r->sex,
        .name = r->name,
        .kana = r->kana,
        .name_kind = r->name_kind,
        .real_name = r->real_name,
        .real_kana = r->real_kana,
        .stay_until = r->stay_until,
        .placed_until = r->placed_household_null ? YMD_NONE : earlier(r->review_ymd, placed_last),
        .symbol = r->symbol,
        .number = r->number,
        .branch = r->branch,
        .acquired = r->acquired_ymd,
        .has_card = r->has_card,
        .wants_confirmation = r->wants_confirmation,
        .wants_notice = r->wants_notice,
        .is_undelivered = r->undelivered,
    };
}

/* One row a person: a doubled row (two names said to be in use) would print twice. */
static int take_rows(struct work *w, const struct eligibility_holders_list *list,
                     struct holders *out)
{
    out->rows = ARENA_ARRAY(w->cx.arena, list->n + 1, struct holder);
    out->n = 0;
    if (!out->rows)
        return certificate_memory(w);
    for (size_t i = 0; i < list->n; i++) {
        if (out->n == 0 || out->rows[out->n - 1].person_id != list->rows[i].person_id)
            out->rows[out->n++] = holder_of_row(&list->rows[i]);
    }
    return OK;
}

static int ask_arrears(struct work *w, struct holders *h, int64_t *ids)
{
    struct certificate_arrears *all =
        ARENA_ARRAY(w->cx.arena, h->n + 1, struct certificate_arrears);

    if (!all)
        return certificate_memory(w);
    for (size_t i = 0; i < h->n; i++)
        ids[i] = h->rows[i].household_id;
    const int result = (arrears_of ? arrears_of : arrears_standing_read)(w, ids, h->n, all);
    for (size_t i = 0; i < h->n; i++) {
        h->rows[i].arrears = all[i];
        if (all[i].has_reason)
            h->rows[i].arrears.state = ARREARS_NONE;
    }
    return result;
}

static int ask_judged(struct work *w, struct holders *h, int64_t *ids)
{
    struct judged *all = ARENA_ARRAY(w->cx.arena, h->n + 1, struct judged);

    if (!all)
        return certificate_memory(w);
    for (size_t i = 0; i < h->n; i++)
        ids[i] = h->rows[i].person_id;
    const int result = judged_of(w, ids, h->n, w->asof.valid, all);
    for (size_t i = 0; i < h->n; i++)
        h->rows[i].judged = all[i];
    return result;
}

static int ask_addresses(struct work *w, struct holders *h, int64_t *ids)
{
    struct addressee *to = ARENA_ARRAY(w->cx.arena, h->n + 1, struct addressee);
    struct place_of_use *use = ARENA_ARRAY(w->cx.arena, h->n + 1, struct place_of_use);

    if (!to || !use)
        return certificate_memory(w);
    for (size_t i = 0; i < h->n; i++)
        ids[i] = h->rows[i].person_id;
    int result = party_addressees(w, ids, h->n, STR("eligibility"), to);
    if (result >= 0)
        result = places_of_use(w, ids, h->n, to, use);
    for (size_t i = 0; i < h->n && result >= 0; i++) {
        h->rows[i].to = to[i];
        h->rows[i].use = use[i];
    }
    return result;
}

int holders_load(struct work *w, const int64_t *person_ids, size_t n, struct holders *out)
{
    struct eligibility_holders_list list;
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n + 1, int64_t);
    int result =
        ids ? eligibility_holders(&w->cx, w->store,
                                  &(struct eligibility_holders_in){{person_ids, n}, w->asof}, &list)
            : certificate_memory(w);

    if (result >= 0)
        result = take_rows(w, &list, out);
    if (result >= 0 && out->n > 0)
        result = ask_arrears(w, out, ids);
    if (result >= 0 && out->n > 0)
        result = ask_judged(w, out, ids);
    if (result >= 0 && out->n > 0)
        result = ask_addresses(w, out, ids);
    return result < 0 ? error_add(&w->cx, "read who holds certificates") : OK;
}

/* --- choosing
 * ---------------------------------------------------------------------------------------- */

struct ymd elderly_from(struct ymd birth)
{
    return month_first(month_add(ymd_month(age_reached(birth, 70)), 1));
}

bool division_is_decided(enum division d)
{
    return d != DIVISION_NONE && d != DIVISION_UNDECIDED;
}

bool holder_is_elderly(const struct holder *h, struct ymd day)
{
    return !ymd_is_none(h->birth) && ymd_compare(elderly_from(h->birth), day) <= 0 &&
           ymd_compare(day, birthday(h->birth, 75)) < 0;
}

int holder_share(const struct holder *h)
{
    return h->judged.elderly == 70 ? h->judged.share : 0;
}

static bool is_child(const struct holder *h, struct ymd day)
{
    return !ymd_is_none(h->birth) && ymd_compare(day, school_year_end(h->birth, 18)) <= 0;
}

static bool cell_fits(int cell, int value)
{
    return cell < 0 || cell == value;
}

const struct certificate_choice *certificate_choose(const struct certificate_tables *t,
                                                    const struct holder *h, struct ymd day)
{
    const bool is_after = ymd_compare(day, t->switch_day) >= 0;

    for (size_t i = 0; i < t->n_choices; i++) {
        const struct certificate_choice *c = &t->choice[i];
        if (c->is_after == is_after && cell_fits(c->arrears, (int)h->arrears.state) &&
            cell_fits(c->child, is_child(h, day)) && cell_fits(c->card, h->has_card) &&
            (c->wish.n == 0 || (str_is(c->wish, "confirmation") && h->wants_confirmation)))
            return c;
    }
    return &t->choice[t->n_choices - 1]; /* the last line of the table fits everybody */
}

/* --- until when
 * ---------------------------------------------------------------------------------------- */

static struct ymd next_renewal(const struct certificate_tables *t, struct ymd day)
{
    int year, month, dd;

    ymd_split(day, &year, &month, &dd);
    const struct ymd this_year = ymd_of(year, t->renewal_month, t->renewal_day);
    return ymd_compare(day, this_year) < 0 ? this_year
                                           : ymd_of(year + 1, t->renewal_month, t->renewal_day);
}

static struct ymd years_later(struct ymd day, int years)
{
    int year, month, dd;

    ymd_split(day, &year, &month, &dd);
    const struct ymd same = ymd_of(year + years, month, dd);
    return ymd_is_none(same) ? ymd_of(year + years, 3, 1) : same; /* 2/29 */
}

/* The last day by the calendar alone; YMD_NONE: none. */
static struct ymd calendar_end(const struct certificate_tables *t, const struct certificate_kind *k,
                               const struct holder *h, struct ymd day)
{
    const bool has_share = k->has_share && holder_is_elderly(h, day);

    if (k->is_short) {
        const int months = h->arrears.short_months > 0 ? h->arrears.short_months : t->short_months;
        return month_last(month_add(ymd_month(day), months - 1));
    }
    if (!k->is_yearly && !has_share)
        return YMD_NONE;
    const int years = has_share || !str_is(k->family, "main") ? 1 : t->years;
    return ymd_add(years_later(next_renewal(t, day), years - 1), -1);
}

struct ymd certificate_until(const struct certificate_tables *t, const struct certificate_kind *k,
                             const struct holder *h, struct ymd day)
{
    struct ymd end = calendar_end(t, k, h, day);

    if (ymd_is_none(end))
        return end;
    end = earlier(end, ymd_add(years_later(day, k->years), -1));
    end = earlier(end, k->latest);
    end = earlier(end, h->stay_until);
    end = earlier(end, h->placed_until);
    if (ymd_is_none(h->birth))
        return end;
    const struct ymd seventy = elderly_from(h->birth);
    if ((k->has_share || str_is(k->family, "limit")) && ymd_compare(day, seventy) < 0)
        end = earlier(end, ymd_add(seventy, -1));
    return earlier(end, ymd_add(birthday(h->birth, 75), -1));
}

struct ymd certificate_effective(const struct certificate_kind *k, const struct holder *h,
                                 struct ymd day)
{
    if (str_is(k->family, "limit") || str_is(k->family, "disease"))
        return later(month_first(ymd_month(day)), h->acquired);
    if (k->has_share && holder_is_elderly(h, day))
        return later(elderly_from(h->birth), h->acquired);
    return h->acquired;
}

enum certificate_state certificate_state_of(const struct certificate_tables *t,
                                            const struct held *c, bool is_insured, bool has_newer,
                                            struct ymd day)
{
    const struct certificate_kind *k = certificate_kind(t, c->kind);
    const struct ymd end = k ? earlier(c->valid_until, k->latest) : c->valid_until;

    if (!ymd_is_none(c->returned))
        return CERTIFICATE_RETURNED;
    if (!ymd_is_none(end) && ymd_compare(end, day) < 0)
        return CERTIFICATE_EXPIRED;
    if (has_newer)
        return CERTIFICATE_REPLACED;
    return is_insured ? CERTIFICATE_IN_FORCE : CERTIFICATE_TO_RETURN;
}

/* --- who needs one
 * ---------------------------------------------------------------------------------------- */

static bool text_same(struct str a, struct str b)
{
    return (a.n == 0 && b.n == 0) || str_equal(a, b);
}

/* What is wrong with the document held; NULL: nothing. */
static const char *due_of(const struct certificate_need *need, const struct holder *h,
                          const struct held *c, const struct certificate_kind *held_kind,
                          struct ymd day)
{
    if (!c)
        return "eligibility.due.none";
    if (c->state == CERTIFICATE_EXPIRED)
        return "eligibility.due.expired";
    if (!text_same(c->symbol, h->symbol) || !text_same(c->number, h->number) ||
        !text_same(c->branch, h->branch))
        return "eligibility.due.number";
    if (!text_same(c->face_name, h->name))
        return "eligibility.due.name";
    if (held_kind && certificate_kind_refused(held_kind, day) != NULL)
        return NULL; /* an old card is good to its last day */
    if (!str_equal(c->kind, need->kind))
        return "eligibility.due.kind";
    if (!ymd_is_none(h->use.told) && ymd_compare(c->issued, h->use.told) < 0)
        return "eligibility.due.use";
    return need->share > 0 && c->share != need->share ? "eligibility.due.share" : NULL;
}

static const struct held *newest_of(const struct helds *all, int64_t person_id, struct str family)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct held *c = &all->rows[i];
        if (c->person_id == person_id && c->state != CERTIFICATE_RETURNED &&
            str_equal(certificate_family(c->kind), family))
            return c;
    }
    return NULL;
}

static void take_held(struct certificate_need *need, const struct held *c)
{
    need->held_serial = c ? c->serial : STR("");
    need->held_kind = c ? c->kind : STR("");
    need->held_until = c ? c->valid_until : YMD_NONE;
}

static struct certificate_need need_of(struct work *w, const struct certificate_tables *t,
                                       const struct holder *h, const struct certificate_choice *c,
                                       const struct helds *all)
{
    const struct ymd day = w->asof.valid;
    const struct certificate_kind *k = certificate_kind(t, c->kind);
    struct certificate_need need = {.person_id = h->person_id,
                                    .household_id = h->household_id,
                                    .person_no = h->person_no,
                                    .name = h->name,
                                    .kind = c->kind,
                                    .reason = c->reason,
                                    .valid_from = certificate_effective(k, h, day),
                                    .valid_until = certificate_until(t, k, h, day),
                                    .is_protected = h->to.is_protected,
                                    .has_address = h->to.has_address,
                                    .is_undelivered = h->is_undelivered,
                                    .postal_code =
                                        h->to.is_protected ? STR("") : h->to.postal_code};
    const struct held *held = newest_of(all, h->person_id, k->family);

    const bool has_share = k->has_share && holder_is_elderly(h, day);
    need.share = has_share ? holder_share(h) : 0;
    take_held(&need, held);
    need.due = due_of(&need, h, held, held ? certificate_kind(t, held->kind) : NULL, day);
    if (!h->symbol.p || !h->number.p || !h->branch.p)
        need.refused = "eligibility.issue.no_number";
    else if (has_share && need.share == 0)
        need.refused = need.due = "eligibility.due.unjudged";
    return need;
}

static void add_needs(struct work *w, const struct certificate_tables *t, const struct holder *h,
                      const struct helds *all, struct certificate_needs *out)
{
    static const struct str elderly = {"elderly", sizeof("elderly") - 1};
    const struct certificate_choice second = {.kind = elderly,
                                              .reason = "eligibility.choice.elderly"};

    if (ymd_is_none(h->acquired))
        return;
    out->rows[out->n++] = need_of(w, t, h, certificate_choose(t, h, w->asof.valid), all);
    const struct certificate_kind *k = certificate_kind(t, elderly);
    if (k && !certificate_kind_refused(k, w->asof.valid) && holder_is_elderly(h, w->asof.valid))
        out->rows[out->n++] = need_of(w, t, h, &second, all);
}

int certificate_due_people(struct work *w, const int64_t *person_ids, size_t n,
                           struct certificate_needs *out)
{
    const struct certificate_tables *t;
    struct holders people;
    struct helds all;
    int result = certificate_tables_read(w, &t);

    *out = (struct certificate_needs){0};
    if (result >= 0)
        result = holders_load(w, person_ids, n, &people);
    if (result >= 0)
        result = certificate_of_people(w, person_ids, n, &all);
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, 2 * people.n + 1, struct certificate_need);
    if (!out->rows)
        return certificate_memory(w);
    for (size_t i = 0; i < people.n; i++)
        add_needs(w, t, &people.rows[i], &all, out);
    return OK;
}

int certificate_due(struct work *w, int64_t household_id, struct certificate_needs *out)
{
    struct eligibility_household_insured_list list;
    const int result = eligibility_household_insured(
        &w->cx, w->store, &(struct eligibility_household_insured_in){household_id, w->asof}, &list);

    *out = (struct certificate_needs){0};
    if (result < 0)
        return result;
    int64_t *ids = ARENA_ARRAY(w->cx.arena, list.n + 1, int64_t);
    if (!ids)
        return certificate_memory(w);
    for (size_t i = 0; i < list.n; i++)
        ids[i] = list.rows[i].person_id;
    return list.n == 0 ? OK : certificate_due_people(w, ids, list.n, out);
}
