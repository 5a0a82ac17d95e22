/*
 * What follows a corrected decision: every instalment is charged or released the difference. An
 * instalment made later than the liability's accounting year hangs on a liability of the year of
 * the decision (過年度分). What was paid on an instalment beyond its new charge becomes an
 * overpayment.
 */
#include "collection_sql.h"
#include "desk/collection/ledger.h"

enum { NUMBERS = LEVY_INSTALMENTS_MAX + 1, LINES = 2 * NUMBERS + 2 };

/* One instalment before and after. */
struct shift {
    int64_t liability_id, instalment_id; /* 0: not there yet */
    struct ymd due;
    int64_t part[LEVY_PARTS]; /* charged so far */
    const struct levy_instalment *now;
};
struct correcting {
    struct work *w;
    const struct decision *d;
    int64_t event_no;
    int64_t home;    /* liability for new instalments: of this accounting year */
    bool is_planned; /* part of it is paid from a pension: the plan that follows charges it */
    struct shift of[NUMBERS];
};

/* --- reading ---------------------------------------------------------------------------------- */

static int64_t number_of_home(const struct collection_charged_of_notice_row *r,
                              const struct decision *d, int64_t home)
{
    return home == 0 && r->accounting_year == ymd_fiscal_year(d->decided) ? r->liability_id : home;
}

static int read_charged(struct correcting *c)
{
    struct work *w = c->w;
    struct collection_charged_of_notice_in in = {.levy_year = c->d->fiscal_year,
                                                 .notice_no = c->d->decision_no};
    struct collection_charged_of_notice_list list;
    int rc = collection_charged_of_notice(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct collection_charged_of_notice_row *r = &list.rows[i];
        c->home = number_of_home(r, c->d, c->home);
        c->is_planned = c->is_planned || r->number >= NUMBERS;
        if (r->instalment_id_null || r->number < 1 || r->number >= NUMBERS) {
            continue;
        }
        c->of[r->number] = (struct shift){.liability_id = r->liability_id,
                                          .instalment_id = r->instalment_id,
                                          .due = r->due_ymd,
                                          .part = {r->medical_yen.n, r->support_yen.n,
                                                   r->care_yen.n, r->child_yen.n}};
    }
    for (size_t i = 0; rc >= 0 && i < c->d->schedule.n; i++) {
        c->of[c->d->schedule.row[i].number].now = &c->d->schedule.row[i];
    }
    return rc;
}

static int64_t charged_now(const struct shift *s, int part)
{
    return s->now ? s->now->part[part].n : 0;
}

static bool is_shifted(const struct shift *s)
{
    bool differs = s->now ? s->instalment_id == 0 || s->now->due.day != s->due.day : false;
    for (int k = 0; k < LEVY_PARTS; k++) {
        differs = differs || charged_now(s, k) != s->part[k];
    }
    return differs;
}

/* --- instalments --------------------------------------------------------------------------------
 */

static int open_home(struct correcting *c)
{
    struct work *w = c->w;
    int64_t id;
    bool needed = false;
    for (int n = 1; n < NUMBERS; n++) {
        needed = needed || (c->of[n].now && c->of[n].liability_id == 0);
    }
    if (!needed || c->home != 0) {
        return 0;
    }
    int rc = store_ids(&w->cx, w->store, 1, &id);
    if (rc < 0) {
        return rc;
    }
    struct collection_liability row = liability_row(w, c->d, id, c->event_no);
    c->home = id;
    return collection_liability_insert(&w->cx, w->store, &row);
}

/* An instalment that nothing is charged on any more stays, with 0 yen. */
static int write_instalment(struct correcting *c, int number)
{
    struct work *w = c->w;
    struct shift *s = &c->of[number];
    struct collection_instalment row = {
        .liability_id = s->liability_id,
        .number = number,
        .due_ymd = s->now ? s->now->due : s->due,
        .charged_yen = s->now ? s->now->amount : YEN(0),
        .medical_yen = YEN(charged_now(s, PART_MEDICAL)),
        .support_yen = YEN(charged_now(s, PART_SUPPORT)),
        .care_yen = YEN(charged_now(s, PART_CARE)),
        .child_yen = YEN(charged_now(s, PART_CHILD)),
        .known_from = c->event_no,
    };
    int rc = s->instalment_id
                 ? collection_instalment_close(&w->cx, w->store, s->instalment_id, c->event_no)
                 : 0;
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.instalment_id);
    return rc < 0 ? rc : collection_instalment_insert(&w->cx, w->store, &row);
}

static int write_instalments(struct correcting *c)
{
    int rc = open_home(c);
    for (int n = 1; n < NUMBERS && rc >= 0; n++) {
        if (is_shifted(&c->of[n])) {
            c->of[n].liability_id = c->of[n].liability_id ? c->of[n].liability_id : c->home;
            rc = write_instalment(c, n);
        }
    }
    return rc;
}

/* --- the journal --------------------------------------------------------------------------------
 */

struct lines {
    struct posting rows[LINES];
    size_t n;
    struct posting other; /* the account on the other side */
};

static void add_line(struct lines *l, int number, const int64_t part[LEVY_PARTS])
{
    struct posting *p = &l->rows[l->n++];
    *p = (struct posting){.number = number, .account = ACCOUNT_DUE};
    for (int k = 0; k < LEVY_PARTS; k++) {
        p->part[k] = YEN(part[k]);
        p->yen.n += part[k];
        l->other.part[k].n -= part[k];
    }
    l->other.yen.n -= p->yen.n;
}

static int post(struct correcting *c, const char *kind, int64_t liability_id, struct lines *l)
{
    if (l->n == 0) {
        return 0;
    }
    l->rows[l->n++] = l->other;
    struct entry e = {.kind = str_of(kind),
                      .liability_id = liability_id,
                      .accounting = c->d->decided,
                      .value = c->d->issued,
                      .basis_id = c->d->decision_id,
                      .postings = l->rows,
                      .n = l->n};
    return ledger_post(c->w, c->event_no, &e, 1);
}

static int post_charges(struct correcting *c, int64_t liability_id)
{
    struct lines l = {.other = {.account = ACCOUNT_LEVIED}};
    for (int n = 1; n < NUMBERS; n++) {
        const struct shift *s = &c->of[n];
        int64_t part[LEVY_PARTS];
        int64_t any = 0;
        for (int k = 0; k < LEVY_PARTS; k++) {
            part[k] = charged_now(s, k) - s->part[k];
            any |= part[k];
        }
        if (s->liability_id == liability_id && any != 0) {
            add_line(&l, n, part);
        }
    }
    return post(c, "correction", liability_id, &l);
}

/* DUE below zero: the debtor has paid more than is charged now. Each part goes to zero. */
static int post_overpaid(struct correcting *c, const struct collection_charged_of_notice_row *r)
{
    const int64_t due[LEVY_PARTS] = {r->due_medical.n, r->due_support.n, r->due_care.n,
                                     r->due_child.n};
    struct lines l = {.other = {.account = ACCOUNT_OVERPAID, .number = (int)r->number}};
    int64_t part[LEVY_PARTS];
    int64_t left = 0;
    for (int k = 0; k < LEVY_PARTS; k++) {
        part[k] = -due[k];
        left += due[k];
    }
    if (r->instalment_id_null || left >= 0) {
        return 0;
    }
    add_line(&l, (int)r->number, part);
    return post(c, "overpayment", r->liability_id, &l);
}

int collection_overpaid(struct work *w, int64_t event_no, const struct decision *d)
{
    struct correcting c = {.w = w, .d = d, .event_no = event_no};
    struct collection_charged_of_notice_in in = {.levy_year = d->fiscal_year,
                                                 .notice_no = d->decision_no};
    struct collection_charged_of_notice_list list;
    int rc = collection_charged_of_notice(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        rc = post_overpaid(&c, &list.rows[i]);
    }
    return rc;
}

static int post_all(struct correcting *c)
{
    int rc = 0;
    for (int n = 1; n < NUMBERS && rc >= 0; n++) {
        bool seen = c->of[n].liability_id == 0;
        for (int k = 1; k < n; k++) {
            seen = seen || c->of[k].liability_id == c->of[n].liability_id;
        }
        rc = seen ? 0 : post_charges(c, c->of[n].liability_id);
    }
    return rc < 0 ? rc : collection_overpaid(c->w, c->event_no, c->d);
}

int collection_correct(struct work *w, int64_t event_no, const struct decision *d)
{
    struct correcting c = {.w = w, .d = d, .event_no = event_no};
    int rc = read_charged(&c);
    if (rc < 0 || c.is_planned) {
        return rc;
    }
    rc = write_instalments(&c);
    rc = rc < 0 ? rc : post_all(&c);
    return rc < 0 ? error_add(&w->cx, "charge correction %lld", (long long)d->decision_no) : 0;
}
