/* The form of a notice: filled from a proposal, read into a notification, told what is wrong. */
#include "desk/counter/notify.h"

#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* --- words of the form ------------------------------------------------------------------------ */

static const struct {
    const char *word;
    enum change_kind kind;
} kinds[] = {{"join", CHANGE_ACQUIRE},  {"leave", CHANGE_LOSE},    {"correct", CHANGE_CORRECT},
             {"cancel", CHANGE_CANCEL}, {"resume", CHANGE_RESUME}, {"household", CHANGE_HOUSEHOLD}};

static int kind_of(struct str word)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (str_is(word, kinds[i].word)) {
            return (int)kinds[i].kind;
        }
    }
    return 0;
}

static struct str word_of_kind(enum change_kind kind)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (kinds[i].kind == kind) {
            return str_of(kinds[i].word);
        }
    }
    return STR_NONE;
}

static bool is_acquisition(int reason)
{
    return reason > 0 && reason < LOST_MOVE_OUT;
}

/* --- a new form ---------------------------------------------------------------------------------
 */

void notify_form_new(const struct notify *y, struct counter_notify_form *form)
{
    counter_notify_form_init(form);
    form->notified = y->w->today;
    form->source = STR("person");
    form->route = STR("counter");
    for (size_t i = 0; i < y->n; i++) {
        const struct notify_line *l = &y->line[i];
        form->person[i].who = l->member->person.person_id;
        form->person[i].period = l->period ? l->period->row_id : 0;
    }
    form->n_person = y->n;
    for (size_t i = 0; i < y->pendings.n; i++) {
        form->open[i].pending = y->pendings.rows[i].pending_id;
    }
    form->n_open = y->pendings.n;
}

/* --- filled from a proposal ----------------------------------------------------------------------
 */

static size_t line_of(const struct notify *y, const struct cover_change *c)
{
    for (size_t i = 0; i < y->n; i++) {
        const struct notify_line *l = &y->line[i];
        bool same_period = l->period && l->period->row_id == c->row_id;
        if (l->member->person.person_id == c->person_id &&
            (c->row_id != 0 ? same_period : !l->is_earlier)) {
            return i;
        }
    }
    return y->n;
}

static int reason_of(const struct cover_change *c)
{
    return c->kind == CHANGE_LOSE ? c->lost_by : c->acquired_by;
}

static struct ymd day_of(const struct cover_change *c)
{
    return c->kind == CHANGE_LOSE ? c->lost : c->acquired;
}

/* A person whose change is not the common one keeps his own words. */
static void fill_line(const struct cover_change *c, const struct cover_change *common,
                      struct counter_notify_person_entry *e)
{
    e->take = true;
    if (c->kind != common->kind) {
        e->what = word_of_kind(c->kind);
    }
    if (reason_of(c) != reason_of(common)) {
        e->reason = reason_code(reason_of(c));
    }
    if (ymd_compare(day_of(c), day_of(common)) != 0) {
        e->day = day_of(c);
    }
    if (c->kind == CHANGE_CORRECT && c->lost_by != 0) {
        e->end_reason = reason_code(c->lost_by);
        e->end_day = c->lost;
    }
}

static void fill_common(const struct notification *n, struct counter_notify_form *form)
{
    const struct cover_change *first = &n->row[0];
    form->what = word_of_kind(first->kind);
    form->reason = reason_of(first) ? reason_code(reason_of(first)) : STR_NONE;
    form->day = day_of(first);
    form->insurer = first->insurer;
    form->same_day = first->is_same_day;
    form->dependant = first->is_dependant;
    form->in_prefecture = first->is_in_prefecture;
    form->prefecture_day = first->prefecture_acquired;
}

void notify_form_fill(const struct notify *y, const struct notification *n,
                      struct counter_notify_form *form)
{
    if (n->n > 0) {
        fill_common(n, form);
    } else {
        form->what = STR("household");
    }
    for (size_t i = 0; i < n->n; i++) {
        size_t line = line_of(y, &n->row[i]);
        if (line < y->n) {
            fill_line(&n->row[i], &n->row[0], &form->person[line]);
        }
    }
    for (size_t i = 0; i < form->n_open; i++) {
        for (size_t k = 0; k < n->n_settles; k++) {
            form->open[i].take |= form->open[i].pending == n->settles[k];
        }
    }
}

/* --- read into a notification
 * ---------------------------------------------------------------------- */

struct taking {
    struct notify *y;
    struct counter_notify_form *form;
    struct notification *n;
    size_t problems;
};

static void wrong(struct taking *t, const char *field, const char *message)
{
    form_problem(&t->y->w->cx, &t->form->state, field, message, NULL);
    t->problems++;
}

static void wrong_line(struct taking *t, size_t line, const char *field, const char *message)
{
    char name[48];
    snprintf(name, sizeof name, "person.%zu.%s", line, field);
    wrong(t, name, message);
}

/* The line's person and period must be those the page showed for it. */
static bool is_of_household(const struct notify *y, const struct counter_notify_person_entry *e)
{
    for (size_t i = 0; i < y->n; i++) {
        const struct notify_line *l = &y->line[i];
        int64_t row = l->period ? l->period->row_id : 0;
        if (l->member->person.person_id == e->who && (e->period == 0 || row == e->period)) {
            return true;
        }
    }
    return false;
}

static void take_reason(struct taking *t, size_t line, struct cover_change *c)
{
    const struct counter_notify_person_entry *e = &t->form->person[line];
    bool own = e->reason.n > 0;
    int reason = reason_of_code(own ? e->reason : t->form->reason);
    struct ymd day = ymd_is_none(e->day) ? t->form->day : e->day;
    bool needed = c->kind == CHANGE_ACQUIRE || c->kind == CHANGE_LOSE;
    bool fits = c->kind == CHANGE_LOSE ? !is_acquisition(reason) : is_acquisition(reason);
    if (needed && reason == 0) {
        wrong(t, "reason", "counter.notify.reason");
    } else if (reason != 0 && !fits) {
        own ? wrong_line(t, line, "reason", "counter.notify.reason_kind")
            : wrong(t, "reason", "counter.notify.reason_kind");
    }
    if (needed && ymd_is_none(day)) {
        wrong(t, "day", "counter.notify.day");
    }
    if (c->kind == CHANGE_LOSE) {
        c->lost_by = reason;
        c->lost = day;
    } else {
        c->acquired_by = reason;
        c->acquired = day;
    }
}

static void take_end(struct taking *t, size_t line, struct cover_change *c)
{
    const struct counter_notify_person_entry *e = &t->form->person[line];
    c->lost_by = reason_of_code(e->end_reason);
    c->lost = e->end_day;
    if ((c->lost_by == 0) != ymd_is_none(c->lost)) {
        wrong_line(t, line, c->lost_by == 0 ? "end_reason" : "end_day", "counter.notify.end_both");
    }
}

static void take_line(struct taking *t, size_t line)
{
    const struct counter_notify_form *form = t->form;
    const struct counter_notify_person_entry *e = &form->person[line];
    int kind = kind_of(e->what.n > 0 ? e->what : form->what);
    if (!is_of_household(t->y, e)) {
        wrong_line(t, line, "take", "counter.notify.stranger");
        return;
    }
    if (kind == 0 || t->n->n == NOTIFICATION_CHANGES_MAX) {
        wrong(t, "what", kind == 0 ? "counter.notify.what" : "counter.notify.too_many");
        return;
    }
    struct cover_change *c = &t->n->row[t->n->n];
    *c = (struct cover_change){.kind = (enum change_kind)kind,
                               .person_id = e->who,
                               .acquired = YMD_NONE,
                               .lost = YMD_NONE,
                               .is_same_day = form->same_day,
                               .is_dependant = form->dependant,
                               .is_in_prefecture = form->in_prefecture,
                               .prefecture_acquired = form->prefecture_day,
                               .insurer = str_or_empty(form->insurer)};
    if (kind == CHANGE_CORRECT || kind == CHANGE_CANCEL || kind == CHANGE_RESUME) {
        c->row_id = e->period;
        if (e->period == 0) {
            wrong_line(t, line, "take", "counter.notify.no_period");
        }
    }
    if (kind == CHANGE_ACQUIRE || kind == CHANGE_LOSE || kind == CHANGE_CORRECT) {
        take_reason(t, line, c);
    }
    if (kind == CHANGE_CORRECT) {
        take_end(t, line, c);
    }
    t->y->form_line[t->n->n++] = line;
}

static void take_cases(struct taking *t)
{
    for (size_t i = 0; i < t->form->n_open; i++) {
        const struct counter_notify_open_entry *e = &t->form->open[i];
        bool known = false;
        for (size_t k = 0; k < t->y->pendings.n; k++) {
            known |= t->y->pendings.rows[k].pending_id == e->pending;
        }
        if (!e->take || t->n->n_settles == NOTIFICATION_SETTLES_MAX) {
            continue;
        }
        if (known) {
            t->n->settles[t->n->n_settles++] = e->pending;
        } else {
            wrong(t, "", "counter.notify.settled");
        }
    }
}

static void take_giver(struct taking *t)
{
    const struct counter_notify_form *form = t->form;
    bool by_office = str_is(form->source, "city");
    int64_t identity = 0;
    if (form->identity.n > 0 && !str_to_int(form->identity, &identity)) {
        wrong(t, "identity", "counter.notify.identity");
    }
    if (!by_office && identity == 0) {
        wrong(t, "identity", "counter.notify.identity");
    }
    if (str_is(form->source, "proxy") && (form->proxy_name.n == 0 || form->proxy_document.n == 0)) {
        wrong(t, form->proxy_name.n == 0 ? "proxy_name" : "proxy_document", "counter.notify.proxy");
    }
    if (by_office && form->why.n == 0) {
        wrong(t, "why", "counter.notify.why");
    }
    t->n->identity = (enum identity_check)identity;
}

int notify_form_take(struct notify *y, struct counter_notify_form *form, struct notification *out)
{
    struct taking t = {.y = y, .form = form, .n = out};
    *out = (struct notification){.household_id = y->home.household_id,
                                 .notified = form->notified,
                                 .source = form->source.n ? form->source : STR("person"),
                                 .route = form->route.n ? form->route : STR("counter"),
                                 .why = str_or_empty(form->why),
                                 .proxy_name = str_or_empty(form->proxy_name),
                                 .proxy_document = str_or_empty(form->proxy_document)};
    for (size_t i = 0; i < form->n_person; i++) {
        if (form->person[i].take) {
            take_line(&t, i);
        }
    }
    take_cases(&t);
    take_giver(&t);
    if (out->n == 0 && !str_is(form->what, "household")) {
        wrong(&t, "person.0.take", "counter.notify.nobody");
    }
    if (out->n == 0 && out->n_settles == 0 && str_is(form->what, "household")) {
        wrong(&t, "what", "counter.notify.nothing");
    }
    return t.problems > 0 ? ERR_INVALID : 0;
}

/* --- problems of the plan
 * ---------------------------------------------------------------------------- */

static void field_of(const struct notify *y, const struct notification_problem *p,
                     const struct counter_notify_form *form, char name[48])
{
    const char *field = p->field ? p->field : "";
    size_t line = p->row < NOTIFICATION_CHANGES_MAX ? y->form_line[p->row] : NOTIFY_LINES;
    bool is_day = strcmp(field, "acquired") == 0 || strcmp(field, "lost") == 0;
    const struct counter_notify_person_entry *e =
        line < NOTIFY_LINES ? &form->person[line] : &(struct counter_notify_person_entry){0};
    if (is_day && line < NOTIFY_LINES && !ymd_is_none(e->day)) {
        snprintf(name, 48, "person.%zu.day", line);
    } else if (is_day) {
        snprintf(name, 48, "day");
    } else if (strcmp(field, "reason") == 0 && line < NOTIFY_LINES && e->reason.n > 0) {
        snprintf(name, 48, "person.%zu.reason", line);
    } else if (strcmp(field, "reason") == 0 || strcmp(field, "identity") == 0 ||
               strcmp(field, "why") == 0 || strcmp(field, "notified") == 0 ||
               strcmp(field, "proxy_name") == 0 || strcmp(field, "proxy_document") == 0) {
        snprintf(name, 48, "%s", field);
    } else if (line < NOTIFY_LINES) {
        snprintf(name, 48, "person.%zu.take", line);
    } else {
        name[0] = '\0';
    }
}

/* Whose it is and the facts, in one line. */
static const char *facts_of(const struct notify *y, const struct notification_problem *p,
                            const struct counter_notify_form *form)
{
    struct str name = STR("");
    if (p->row < NOTIFICATION_CHANGES_MAX && y->form_line[p->row] < NOTIFY_LINES) {
        name = notify_name(y, form->person[y->form_line[p->row]].who);
    }
    struct str facts = str_or_empty(p->facts);
    struct str both = str_format(y->w->cx.arena, STR_FMT "%s" STR_FMT, STR_ARG(name),
                                 name.n && facts.n ? " " : "", STR_ARG(facts));
    return both.p ? both.p : "";
}

size_t notify_form_refuse(const struct notify *y, const struct notification_plan *plan,
                          struct counter_notify_form *form)
{
    size_t n = 0;
    for (size_t i = 0; i < plan->n_problems; i++) {
        const struct notification_problem *p = &plan->problem[i];
        char name[48];
        if (p->is_warning) {
            continue;
        }
        field_of(y, p, form, name);
        form_problem(&y->w->cx, &form->state, name, p->what, facts_of(y, p, form));
        n++;
    }
    return n;
}

/* --- what was previewed
 * ------------------------------------------------------------------------------- */

static void hash_day(struct hasher *h, struct ymd d)
{
    hash_int(h, d.day);
}

static void hash_change(struct hasher *h, const struct cover_change *c)
{
    hash_int(h, (int64_t)c->kind);
    hash_int(h, c->person_id);
    hash_int(h, c->row_id);
    hash_int(h, c->acquired_by);
    hash_day(h, c->acquired);
    hash_int(h, c->lost_by);
    hash_day(h, c->lost);
    hash_int(h, c->is_same_day);
    hash_int(h, c->is_dependant);
    hash_int(h, c->is_in_prefecture);
    hash_day(h, c->prefecture_acquired);
    hash_text(h, c->insurer);
}

struct str notify_seen(struct work *w, const struct notification *n)
{
    struct hasher h;
    char hex[65];
    hash_init(&h, STR_NONE);
    hash_int(&h, n->household_id);
    hash_day(&h, n->notified);
    hash_text(&h, n->source);
    hash_text(&h, n->route);
    hash_text(&h, n->why);
    hash_int(&h, (int64_t)n->identity);
    hash_text(&h, n->proxy_name);
    hash_text(&h, n->proxy_document);
    hash_int(&h, (int64_t)n->n);
    for (size_t i = 0; i < n->n; i++) {
        hash_change(&h, &n->row[i]);
    }
    for (size_t i = 0; i < n->n_settles; i++) {
        hash_int(&h, n->settles[i]);
    }
    struct digest d = hash_end(&h);
    digest_hex(&d, hex);
    return str_copy(w->cx.arena, str_of(hex));
}
