/*
 * Changes of the tax office come in daily; each of those who use them takes what has changed since
 * the last time in a cycle of its own (settings cycle.tax_*). What was taken stands in tax_take.
 */
#include "desk/levy/income_words.h"
#include "levy_sql.h"

static int take(struct work *w, struct job *job, const char *consumer)
{
    struct levy_tax_take_last_row last;
    struct levy_tax_changed_row changed;
    struct levy_tax_take row = {.consumer = str_of(consumer)};
    const struct levy_tax_take_last_in whose = {row.consumer};
    struct event e = work_event(w, "levy.tax_take");
    int result = levy_tax_take_last(&w->cx, w->store, &whose, &last);

    if (result >= 0)
        result = event_last(&w->cx, w->store, &row.until_event);
    row.from_event = result < 0 ? 0 : last.until_event;
    const struct levy_tax_changed_in span = {.first = row.from_event + 1, .last = row.until_event};
    if (result >= 0)
        result = levy_tax_changed(&w->cx, w->store, &span, &changed);
    if (result < 0)
        return result;
    row.people = changed.people;
    result = event_open(&w->cx, w->store, &e);
    row.known_from = e.no;
    if (result >= 0)
        result = store_ids(&w->cx, w->store, 1, &row.tax_take_id);
    if (result >= 0)
        result = levy_tax_take_insert(&w->cx, w->store, &row);
    job_progress(job)->done = row.people;
    if (result >= 0)
        result = job_figure(w, job, "people", row.people);
    return result < 0 ? result : job_checkpoint(w, job);
}

static int take_changes(struct work *w, struct job *job, const char *consumer)
{
    int result = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                     .purpose = STR("levy.tax_take"),
                                                     .query = str_of(consumer)});

    if (result >= 0)
        result = STORE_BEGIN(&w->cx, w->store);
    if (result < 0)
        return result;
    result = take(w, job, consumer);
    if (result >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "take the changes of the tax office for %s", consumer);
}

int tax_changes_nhi(struct work *w, struct job *job)
{
    return take_changes(w, job, "nhi");
}

int tax_changes_levy(struct work *w, struct job *job)
{
    return take_changes(w, job, "levy");
}

int tax_changes_benefit(struct work *w, struct job *job)
{
    return take_changes(w, job, "benefit");
}
