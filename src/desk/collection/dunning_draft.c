/*
 * Drafts of dunnings and reminders: every unpaid instalment of a debtor who is looked at stands in
 * it, with a letter or the reason why not. Debtors are taken by their id, some at a time; the
 * cursor commits with the rows.
 */
#include "collection_sql.h"
#include "desk/collection/dunning.h"

#include <string.h>

#define CHUNK_DEBTORS 500

struct drafting {
    struct work *w;
    struct job *job;
    int64_t draft_no;
    struct ymd as_of;
    bool is_reminder;
    struct reminder_terms terms;
    struct dunning_terms law;
    int law_year; /* of law */
    /* of the chunk in hand */
    int64_t ids[CHUNK_DEBTORS];
    size_t n;
    struct debtor_state *states;
    struct collection_dunned_of_debtors_list dunned;
    struct collection_reminded_debtors_list reminded;
    struct late_instalments late;
    struct collection_dunning_draft_row *rows;
    size_t n_rows;
};

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* --- one instalment
 * -------------------------------------------------------------------------------- */

static bool is_dunned(const struct drafting *x, int64_t liability_id, int64_t number)
{
    size_t low = 0, high = x->dunned.n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct collection_dunned_of_debtors_row *d = &x->dunned.rows[middle];
        const bool before = d->liability_id < liability_id ||
                            (d->liability_id == liability_id && d->number < number);
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    return low < x->dunned.n && x->dunned.rows[low].liability_id == liability_id &&
           x->dunned.rows[low].number == number;
}

static int law_of(struct drafting *x, int levy_year)
{
    if (x->law_year == levy_year) {
        return OK;
    }
    x->law_year = levy_year;
    return dunning_terms_of(x->w, levy_year, &x->law);
}

static bool is_pension(int number)
{
    return number >= PENSION_FIRST && number <= PENSION_LAST;
}

static void add_row(struct drafting *x, const struct late_instalment *i, enum dunning_reason reason)
{
    x->rows[x->n_rows++] = (struct collection_dunning_draft_row){.draft_no = x->draft_no,
                                                                 .debtor_id = i->debtor_id,
                                                                 .liability_id = i->liability_id,
                                                                 .number = i->number,
                                                                 .due_ymd = i->c.due,
                                                                 .balance_yen = i->balance,
                                                                 .late_yen = i->late_due,
                                                                 .reason = reason};
}

/* Unpaid after its due day and the days set, and not dunned yet. */
static int consider_dunning(struct drafting *x, const struct debtor_state *s,
                            const struct late_instalment *i)
{
    int rc = law_of(x, i->c.levy_year);
    if (rc < 0 || ymd_compare(ymd_add(i->c.due, (int)x->law.days), x->as_of) > 0 ||
        is_dunned(x, i->liability_id, i->number)) {
        return rc;
    }
    enum dunning_reason reason = is_pension(i->number) ? DUNNING_PENSION
                                 : i->balance.n < x->law.least.n
                                     ? DUNNING_SMALL
                                     : debtor_held(s, i->liability_id, x->as_of);
    add_row(x, i, reason == DUNNING_SENT ? debtor_by_hand(s) : reason);
    return OK;
}

/* --- reminders: a debtor as a whole
 * ------------------------------------------------------------------ */

static bool is_in_period(const struct reminder_terms *t, struct ymd due)
{
    return (ymd_is_none(t->due_from) || ymd_compare(due, t->due_from) >= 0) &&
           (ymd_is_none(t->due_to) || ymd_compare(due, t->due_to) <= 0);
}

static bool is_in_area(const struct drafting *x, const struct addressee *to)
{
    const struct str area = x->terms.area;
    const struct str address =
        str_format(x->w->cx.arena, STR_FMT STR_FMT STR_FMT, STR_ARG(to->city), STR_ARG(to->town),
                   STR_ARG(to->number));
    return area.n == 0 || (address.p && memmem(address.p, address.n, area.p, area.n) != NULL);
}

static const struct collection_reminded_debtors_row *reminded(const struct drafting *x, int64_t id)
{
    for (size_t i = 0; i < x->reminded.n; i++) {
        if (x->reminded.rows[i].debtor_id == id) {
            return &x->reminded.rows[i];
        }
    }
    return NULL;
}

static bool fits_contact(const struct drafting *x, int64_t debtor_id)
{
    const struct collection_reminded_debtors_row *r = reminded(x, debtor_id);
    if (str_is(x->terms.contact, "never")) {
        return !r || r->reminders == 0;
    }
    return !str_is(x->terms.contact, "returned") || (r && r->returned > 0);
}

/* What of his arrears the reminder would be about, and whether he is meant at all. */
static bool is_meant(const struct drafting *x, const struct debtor_state *s, size_t first, size_t n)
{
    const struct reminder_terms *t = &x->terms;
    int64_t yen = 0, number = 0;
    bool in_period = false;
    for (size_t i = first; i < first + n; i++) {
        yen += x->late.rows[i].balance.n;
        number++;
        in_period = in_period || is_in_period(t, x->late.rows[i].c.due);
    }
    return in_period && number >= t->least_number && yen >= t->least_yen &&
           (t->most_yen == 0 || yen <= t->most_yen) && is_in_area(x, &s->to) &&
           fits_contact(x, s->debtor_id);
}

/* The letter lists all that is unpaid; what is held or not dunned yet is left out with its reason.
 */
static int consider_reminder(struct drafting *x, const struct debtor_state *s, size_t first,
                             size_t n)
{
    if (!is_meant(x, s, first, n)) {
        return OK;
    }
    for (size_t i = first; i < first + n; i++) {
        const struct late_instalment *l = &x->late.rows[i];
        enum dunning_reason reason =
            is_pension(l->number) ? DUNNING_PENSION : debtor_held(s, l->liability_id, x->as_of);
        if (reason == DUNNING_SENT && !is_dunned(x, l->liability_id, l->number)) {
            reason = DUNNING_UNDUNNED;
        }
        if (reason == DUNNING_SENT && late_known(x->w, l) < 0) {
            return x->w->cx.error.code;
        }
        add_row(x, l, reason == DUNNING_SENT ? debtor_by_hand(s) : reason);
    }
    return OK;
}

/* --- a chunk
 * ------------------------------------------------------------------------------------------ */

static int read_chunk(struct drafting *x)
{
    struct work *w = x->w;
    const struct collection_dunning_debtors_in in = {job_progress(x->job)->cursor, CHUNK_DEBTORS,
                                                     x->as_of};
    struct collection_dunning_debtors_list list;
    int rc = collection_dunning_debtors(&w->cx, w->store, &in, &list);
    x->n = rc < 0 ? 0 : list.n;
    x->n_rows = 0;
    if (rc < 0 || list.n == 0) {
        return rc;
    }
    for (size_t i = 0; i < list.n; i++) {
        x->ids[i] = list.rows[i].debtor_id;
    }
    const struct collection_dunned_of_debtors_in dunned = {{x->ids, x->n}};
    const struct collection_reminded_debtors_in reminders = {{x->ids, x->n}};
    x->states = ARENA_ARRAY(w->cx.arena, x->n, struct debtor_state);
    rc = x->states ? debtor_states(w, x->ids, x->n, x->states) : no_memory(w);
    rc = rc < 0 ? rc : collection_dunned_of_debtors(&w->cx, w->store, &dunned, &x->dunned);
    rc = rc < 0 ? rc : collection_reminded_debtors(&w->cx, w->store, &reminders, &x->reminded);
    rc = rc < 0 ? rc : late_of_debtors(w, x->ids, x->n, x->as_of, &x->late);
    x->rows = rc < 0 ? NULL
                     : ARENA_ARRAY(w->cx.arena, x->late.n + 1, struct collection_dunning_draft_row);
    return rc < 0 || x->rows ? rc : no_memory(w);
}

static int consider_all(struct drafting *x)
{
    int rc = OK;
    for (size_t i = 0; rc >= 0 && i < x->late.n;) {
        const int64_t debtor = x->late.rows[i].debtor_id;
        const struct debtor_state *s = debtor_state_of(x->states, x->n, debtor);
        size_t n = 1;
        while (i + n < x->late.n && x->late.rows[i + n].debtor_id == debtor) {
            n++;
        }
        if (x->is_reminder) {
            rc = consider_reminder(x, s, i, n);
        }
        for (size_t k = i; rc >= 0 && !x->is_reminder && k < i + n; k++) {
            rc = consider_dunning(x, s, &x->late.rows[k]);
        }
        i += n;
    }
    return rc;
}

static int write_chunk(struct drafting *x)
{
    struct work *w = x->w;
    struct job_progress *g = job_progress(x->job);
    int64_t id = 0;
    int rc = x->n_rows == 0 ? OK : store_ids(&w->cx, w->store, (int64_t)x->n_rows, &id);
    for (size_t i = 0; i < x->n_rows; i++) {
        const bool is_left_out = x->rows[i].reason > 0 && x->rows[i].reason <= 10;
        x->rows[i].draft_row_id = id + (int64_t)i;
        g->done += !is_left_out;
        g->skipped += is_left_out;
    }
    rc = rc < 0 || x->n_rows == 0
             ? rc
             : collection_dunning_draft_row_bulk(&w->cx, w->store, x->rows, x->n_rows);
    if (x->n > 0) {
        g->cursor = x->ids[x->n - 1];
    }
    rc = rc < 0 ? rc : FAULT(&w->cx, "collection.dunning.draft");
    return rc < 0 ? rc : job_checkpoint(w, x->job);
}

static int chunk(struct drafting *x)
{
    struct work *w = x->w;
    const struct arena_mark mark = arena_mark(w->cx.arena);
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = read_chunk(x);
    rc = rc < 0 ? rc : consider_all(x);
    rc = rc < 0 ? rc : write_chunk(x);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    rc = store_commit(&w->cx, w->store);
    arena_rewind(w->cx.arena, mark);
    return rc;
}

/* --- the job
 * --------------------------------------------------------------------------------------------- */

static int open_draft(struct drafting *x, struct str terms)
{
    struct work *w = x->w;
    const struct collection_draft_of_job_in found = {job_id(x->job)};
    struct collection_draft_of_job_row row;
    int rc = collection_draft_of_job(&w->cx, w->store, &found, &row);
    if (rc != 0) {
        x->draft_no = rc > 0 ? row.draft_no : 0; /* killed on the way: it goes on */
        return rc < 0 ? rc : OK;
    }
    rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = store_number(&w->cx, w->store, STR("collection.draft"), 1, &x->draft_no);
    const struct collection_draft_insert_in in = {.draft_no = x->draft_no,
                                                  .kind = x->is_reminder ? STR("reminder")
                                                                         : STR("dunning"),
                                                  .as_of_ymd = x->as_of,
                                                  .terms = terms,
                                                  .run_by = w->actor->user_id,
                                                  .job_id = job_id(x->job)};
    rc = rc < 0 ? rc : collection_draft_insert(&w->cx, w->store, &in);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

static int finish(struct drafting *x)
{
    struct work *w = x->w;
    const struct collection_draft_finish_in in = {x->draft_no};
    const struct collection_draft_get_in get = {x->draft_no};
    struct collection_draft_get_row d;
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = collection_draft_finish(&w->cx, w->store, &in);
    rc = rc < 0 ? rc : collection_draft_get(&w->cx, w->store, &get, &d);
    rc = rc < 0 ? rc : job_figure(w, x->job, "draft", x->draft_no);
    rc = rc < 0 ? rc : job_figure(w, x->job, "letters", d.letters);
    rc = rc < 0 ? rc : job_figure(w, x->job, "letters_yen", d.letters_yen.n);
    rc = rc < 0 ? rc : job_figure(w, x->job, "left_out", d.left_out);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

static int run(struct drafting *x, struct str terms)
{
    struct work *w = x->w;
    int rc =
        audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                            .purpose = x->is_reminder ? STR("collection.reminder")
                                                                      : STR("collection.dunning"),
                                            .query = terms,
                                            .count = -1});
    rc = rc < 0 ? rc : open_draft(x, terms);
    do {
        rc = rc < 0 ? rc : chunk(x);
    } while (rc >= 0 && x->n == CHUNK_DEBTORS);
    return rc < 0 ? error_add(&w->cx, "draft letters of arrears") : finish(x);
}

static int begin(struct drafting *x, struct work *w, struct job *job)
{
    *x = (struct drafting){.w = w, .job = job};
    const int rc = work_need(w, RIGHT_COLLECTION_EDIT);
    if (rc >= 0 && !ymd_parse(job_option(job, "as-of"), &x->as_of)) {
        return fail(&w->cx, ERR_INVALID, "collection.dunning.as_of", NULL);
    }
    return rc;
}

int dunning_draft_job(struct work *w, struct job *job)
{
    struct drafting *x = ARENA_NEW(w->cx.arena, struct drafting);
    int rc = x ? begin(x, w, job) : no_memory(w);
    return rc < 0 ? rc : run(x, STR(""));
}

static int64_t number_of(const struct job *job, const char *name)
{
    int64_t n = 0;
    return str_to_int(job_option(job, name), &n) && n > 0 ? n : 0;
}

static struct ymd day_of_option(const struct job *job, const char *name)
{
    struct ymd day;
    return ymd_parse(job_option(job, name), &day) ? day : YMD_NONE;
}

/* The terms as they are shown and kept: the options themselves. */
static struct str terms_text(struct work *w, const struct job *job)
{
    static const char *const names[] = {"least",  "most",    "number", "due-from",
                                        "due-to", "contact", "area",   "receipt"};
    struct text t;
    text_init(&t, 2048);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct str value = job_option(job, names[i]);
        if (value.n > 0) {
            text_addf(&t, "%s%s=", text_str(&t).n ? " " : "", names[i]);
            text_add(&t, value);
        }
    }
    const struct str s = str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return s.p ? s : STR("");
}

int reminder_draft_job(struct work *w, struct job *job)
{
    struct drafting *x = ARENA_NEW(w->cx.arena, struct drafting);
    int rc = x ? begin(x, w, job) : no_memory(w);
    if (rc < 0) {
        return rc;
    }
    const struct str contact = job_option(job, "contact");
    const struct str area = job_option(job, "area");
    x->is_reminder = true;
    x->terms = (struct reminder_terms){.least_yen = number_of(job, "least"),
                                       .most_yen = number_of(job, "most"),
                                       .least_number = number_of(job, "number"),
                                       .due_from = day_of_option(job, "due-from"),
                                       .due_to = day_of_option(job, "due-to"),
                                       .contact = contact.n ? contact : STR("any"),
                                       .area = area.p ? area : STR(""),
                                       .with_receipt = str_is(job_option(job, "receipt"), "yes")};
    if (!str_is(x->terms.contact, "any") && !str_is(x->terms.contact, "never") &&
        !str_is(x->terms.contact, "returned")) {
        return fail(&w->cx, ERR_INVALID, "collection.reminder.contact", NULL);
    }
    return run(x, terms_text(w, job));
}
