/* Periods, states and documents of people. */
#include "desk/eligibility/inner.h"

const void *rows_of(const void *rows, size_t n, size_t size, int64_t person_id, size_t *count)
{
    const char *all = rows;
    size_t low = 0, high = n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (*(const int64_t *)(all + middle * size) < person_id)
            low = middle + 1;
        else
            high = middle;
    }
    for (high = low; high < n && *(const int64_t *)(all + high * size) == person_id;)
        high++;
    *count = high - low;
    return all + low * size;
}

struct insured_period period_of_row(const struct eligibility_periods_of_row *r)
{
    return (struct insured_period){.row_id = r->insured_period_id,
                                   .person_id = r->person_id,
                                   .period_no = r->period_no,
                                   .acquired_by = (enum acquired_by)reason_of_code(r->acquired_by),
                                   .acquired_cause = r->acquired_cause_ymd,
                                   .acquired_notified = r->acquired_notified_ymd,
                                   .lost_by = r->lost_by.p ? reason_of_code(r->lost_by) : 0,
                                   .lost_cause = r->lost_cause_ymd,
                                   .lost_notified = r->lost_notified_ymd,
                                   .prefecture_acquired = r->prefecture_acquired_ymd,
                                   .prefecture_lost = r->prefecture_lost_ymd,
                                   .valid = {r->valid_from, r->valid_to}};
}

static int load_periods(struct work *w, const int64_t *ids, size_t n,
                        struct eligibility_periods_of_list *list)
{
    const struct eligibility_periods_of_in in = {{ids, n}, w->asof.known};
    return eligibility_periods_of(&w->cx, w->store, &in, list);
}

int eligibility_periods_all(struct work *w, const int64_t *person_ids, size_t n,
                            struct insured_periods *out)
{
    struct eligibility_periods_of_list list;
    const int result = load_periods(w, person_ids, n, &list);

    *out = (struct insured_periods){NULL, 0};
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct insured_period);
    if (!out->rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        out->rows[out->n++] = period_of_row(&list.rows[i]);
    return OK;
}

int eligibility_periods(struct work *w, int64_t person_id, struct insured_periods *out)
{
    return eligibility_periods_all(w, &person_id, 1, out);
}

int eligibility_states(struct work *w, const int64_t *person_ids, size_t n, enum insured_state *out)
{
    struct eligibility_periods_of_list list;
    const int result = n == 0 ? OK : load_periods(w, person_ids, n, &list);

    for (size_t i = 0; i < n && result >= 0; i++) {
        size_t count = 0;
        const struct eligibility_periods_of_row *r = ROWS_OF(list, person_ids[i], &count);
        out[i] = NEVER_INSURED;
        for (size_t k = 0; k < count && out[i] != INSURED; k++) {
            const struct span s = {r[k].valid_from, r[k].valid_to};
            if (span_holds(s, w->asof.valid))
                out[i] = INSURED;
            else if (ymd_compare(s.from, w->asof.valid) <= 0)
                out[i] = WAS_INSURED;
        }
    }
    return result;
}

int eligibility_certificates(struct work *w, int64_t person_id, struct certificates *out)
{
    const struct eligibility_certificates_of_in in = {{&person_id, 1}, w->asof.known};
    struct eligibility_certificates_of_list list;
    const int result = eligibility_certificates_of(&w->cx, w->store, &in, &list);

    *out = (struct certificates){NULL, 0};
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct certificate);
    if (!out->rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++) {
        const struct eligibility_certificates_of_row *r = &list.rows[i];
        out->rows[out->n++] =
            (struct certificate){r->kind,         r->serial,       r->symbol,      r->number,
                                 r->branch,       r->issued_ymd,   r->valid_until, r->issue_count,
                                 r->returned_ymd, r->return_reason};
    }
    return OK;
}

int eligibility_household_by_number(struct work *w, struct str number, int64_t *household_id)
{
    const struct eligibility_households_numbered_in in = {number};
    struct eligibility_households_numbered_list list;
    const int result = eligibility_households_numbered(&w->cx, w->store, &in, &list);

    *household_id = result >= 0 && list.n > 0 ? list.rows[0].household_id : 0;
    return result < 0 ? result : list.n > 0;
}

/* --- months -------------------------------------------------------------------------------------
 */

static struct month end_month(const struct insured_period *p)
{
    return ymd_month(loss_counts_by_cause((enum lost_by)p->lost_by) ? p->lost_cause : p->valid.to);
}

bool month_is_charged(const struct insured_period *p, struct month m)
{
    if (ymd_month(p->valid.from).n > m.n)
        return false;
    return p->lost_by == 0 || end_month(p).n > m.n;
}

/* 介護第2号: from the month of reaching 40 to the month before reaching 65. */
static bool pays_care(struct ymd birth, struct month m)
{
    return !ymd_is_none(birth) && ymd_month(age_reached(birth, 40)).n <= m.n &&
           ymd_month(age_reached(birth, 65)).n > m.n;
}

static char cell_of(const struct month_facts *f, struct month m)
{
    char cell = '.';

    for (size_t i = 0; i < f->n; i++) {
        const struct insured_period *p = &f->periods[i];
        if (month_is_charged(p, m))
            return ymd_month(p->valid.from).n == m.n ? 'n' : pays_care(f->birth, m) ? 'c' : 'i';
        if (p->lost_by != 0 && end_month(p).n == m.n && ymd_month(p->valid.from).n < m.n)
            cell = 'x';
    }
    if (cell == '.' && span_holds(f->headship, month_last(m)))
        cell = 'd';
    return cell;
}

void month_cells(const struct month_facts *f, int fiscal_year, char cells[13])
{
    for (int i = 0; i < 12; i++)
        cells[i] = cell_of(f, fiscal_month(fiscal_year, i));
    cells[12] = '\0';
}
