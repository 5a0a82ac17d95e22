/* Applications as they are received: checked against the list of items, kept, read again. */
#include "desk/eligibility/application_inner.h"

enum { PAYLOAD_MAX = 8192, ITEM_CELLS = 6 };

const char *application_kind_message(enum application_kind kind)
{
    static const char *const ids[] = {"eligibility.application.kind.1",
                                      "eligibility.application.kind.2",
                                      "eligibility.application.kind.3",
                                      "eligibility.application.kind.4"};

    return ids[kind >= APPLICATION_STANDARD_INCOME && kind <= APPLICATION_PART_PAYMENT ? kind - 1
                                                                                       : 0];
}

const char *application_state_message(enum application_state state)
{
    static const char *const ids[] = {"eligibility.application.state.0",
                                      "eligibility.application.state.1",
                                      "eligibility.application.state.2",
                                      "eligibility.application.state.3",
                                      "eligibility.application.state.4"};

    return ids[state <= APPLICATION_REVOKED ? state : APPLICATION_OPEN];
}

const char *relief_message(enum relief_kind kind)
{
    static const char *const ids[] = {"eligibility.relief.0", "eligibility.relief.1",
                                      "eligibility.relief.2", "eligibility.relief.3",
                                      "eligibility.relief.4", "eligibility.relief.5",
                                      "eligibility.relief.6"};

    return ids[kind <= RELIEF_DEFER ? kind : RELIEF_NONE];
}

/* --- checks --------------------------------------------------------------------------------------
 */

static const char *item_problem(const struct item_kind *k, const struct application_item *i,
                                struct ymd received)
{
    const bool is_span = k->has_from && k->has_to;

    if ((k->has_person && i->person_id == 0) || (k->has_from && ymd_is_none(i->from)) ||
        (k->has_to && ymd_is_none(i->to)) || (k->has_amount && !i->has_amount) ||
        (k->has_number && !i->has_number) || (k->has_words && str_trim(i->words).n == 0))
        return "eligibility.application.item_missing";
    if (is_span && ymd_compare(i->to, i->from) < 0)
        return "eligibility.application.item_span";
    if (k->has_from && ymd_compare(i->from, received) > 0)
        return "eligibility.application.item_future";
    return i->has_amount && i->amount.n < 0 ? "eligibility.application.item_amount" : NULL;
}

static int item_refused(struct work *w, const char *what, struct str name)
{
    (void)fail(&w->cx, ERR_INVALID, what, STR_FMT, STR_ARG(name));
    return fail_where(&w->cx, NULL, 0, 0, str_c(w->cx.arena, name));
}

static int64_t items_named(const struct application *a, struct str name)
{
    int64_t n = 0;

    for (size_t i = 0; i < a->n_items; i++)
        n += str_equal(a->item[i].name, name);
    return n;
}

static int check_items(struct work *w, const struct application *a)
{
    struct item_kinds kinds;
    int result = item_kinds_read(w, &kinds);

    for (size_t i = 0; i < a->n_items && result >= 0; i++) {
        const struct item_kind *k = item_kind_of(&kinds, a->kind, a->item[i].name);
        const char *problem = k ? item_problem(k, &a->item[i], a->in.notified)
                                : "eligibility.application.item_unknown";
        if (problem)
            result = item_refused(w, problem, a->item[i].name);
    }
    for (size_t i = 0; i < kinds.n && result >= 0; i++) {
        const struct item_kind *k = &kinds.rows[i];
        const int64_t n = k->kind == a->kind ? items_named(a, k->name) : k->least;
        if (n < k->least)
            result = item_refused(w, "eligibility.application.item_missing", k->name);
        else if (n > k->most && k->kind == a->kind)
            result = item_refused(w, "eligibility.application.item_many", k->name);
    }
    return result;
}

static const char *kind_problem(const struct application *a)
{
    const int disease = application_number(a, "disease"), months = application_number(a, "months");
    const struct application_item *wanted = application_item_of(a, "wanted");

    if (a->kind == APPLICATION_DISEASE && (disease < 1 || disease > 3))
        return "disease";
    if (a->kind == APPLICATION_PART_PAYMENT && (months < 1 || months > 12))
        return "months";
    if (a->kind == APPLICATION_PART_PAYMENT &&
        (!wanted || relief_of_word(wanted->words) == RELIEF_NONE))
        return "wanted";
    return NULL;
}

static int check(struct work *w, const struct application *a)
{
    if (a->kind < APPLICATION_STANDARD_INCOME || a->kind > APPLICATION_PART_PAYMENT)
        return filing_refuse(w, "kind", "eligibility.application.kind");
    int result = filing_ok(w, &a->in);
    if (result >= 0)
        result = check_items(w, a);
    if (result < 0)
        return result;
    const char *field = kind_problem(a);
    return field ? filing_refuse(w, field, "eligibility.application.item_value") : OK;
}

/* --- the text of an entry
 * ------------------------------------------------------------------------- */

/* item NAME;PERSON;FROM;TO;AMOUNT;NUMBER;WORDS */
static int item_write(struct text *t, struct work *w, const struct application_item *i)
{
    struct text line;
    struct person who = {0};
    const int result = i->person_id ? party_person(w, i->person_id, &who) : OK;

    text_init(&line, PAYLOAD_MAX);
    text_addf(&line, STR_FMT ";" STR_FMT ";", STR_ARG(i->name), STR_ARG(who.person_no));
    (void)text_add_ymd(&line, i->from);
    text_addc(&line, ';');
    (void)text_add_ymd(&line, i->to);
    text_addc(&line, ';');
    if (i->has_amount)
        text_addf(&line, "%lld", (long long)i->amount.n);
    text_addc(&line, ';');
    if (i->has_number)
        text_addf(&line, "%lld", (long long)i->number);
    text_addf(&line, ";" STR_FMT, STR_ARG(i->words));
    filing_put_words(t, "item", text_str(&line));
    text_release(&line);
    return result;
}

static int item_read(struct work *w, struct str value, struct application_item *i)
{
    struct str c[ITEM_CELLS];

    for (size_t k = 0; k < ITEM_CELLS; k++)
        c[k] = str_cut(&value, ';');
    *i = (struct application_item){.name = c[0], .from = YMD_NONE, .to = YMD_NONE, .words = value};
    i->has_amount = c[4].n > 0;
    i->has_number = c[5].n > 0;
    const bool is_good = (c[2].n == 0 || ymd_parse(c[2], &i->from)) &&
                         (c[3].n == 0 || ymd_parse(c[3], &i->to)) &&
                         (!i->has_amount || str_to_int(c[4], &i->amount.n)) &&
                         (!i->has_number || str_to_int(c[5], &i->number));
    if (!is_good || (c[1].n > 0 && party_person_by_no(w, c[1], &i->person_id) != 1))
        return fail(&w->cx, ERR_SYNTAX, "eligibility.plan.payload", STR_FMT, STR_ARG(c[0]));
    return OK;
}

static int payload_read(struct work *w, struct str payload, struct application *a)
{
    int result = filing_read(w, payload, &a->in, &a->person_id);

    a->kind = (enum application_kind)filing_number(payload, "application");
    a->n_items = 0;
    while (payload.n > 0 && result >= 0) {
        struct str value = str_cut(&payload, '\n');
        if (!str_is(str_cut(&value, ' '), "item"))
            continue;
        if (a->n_items == APPLICATION_ITEMS_MAX)
            return fail(&w->cx, ERR_LIMIT, "eligibility.plan.too_long", NULL);
        result = item_read(w, value, &a->item[a->n_items++]);
    }
    return result;
}

/* --- written -------------------------------------------------------------------------------------
 */

static struct str or_none(struct str s)
{
    return s.n > 0 ? s : STR_NONE;
}

static int write_items(struct work *w, const struct application *a, int64_t event_no)
{
    struct eligibility_application_item rows[APPLICATION_ITEMS_MAX];
    int64_t id = 0;
    const int result = store_ids(&w->cx, w->store, (int64_t)a->n_items + 1, &id);

    for (size_t i = 0; i < a->n_items; i++) {
        const struct application_item *x = &a->item[i];
        rows[i] = (struct eligibility_application_item){.application_item_id = id + (int64_t)i,
                                                        .application_id = a->application_id,
                                                        .line = (int64_t)i + 1,
                                                        .name = x->name,
                                                        .person_id = x->person_id,
                                                        .person_id_null = x->person_id == 0,
                                                        .from_ymd = x->from,
                                                        .to_ymd = x->to,
                                                        .amount = x->amount,
                                                        .amount_null = !x->has_amount,
                                                        .number = x->number,
                                                        .number_null = !x->has_number,
                                                        .words = or_none(x->words),
                                                        .known_from = event_no};
    }
    return result < 0 ? result
                      : eligibility_application_item_bulk(&w->cx, w->store, rows, a->n_items);
}

static int write(struct work *w, struct application *a, const struct event *e)
{
    int64_t number = 0;
    int result = store_number(&w->cx, w->store, STR("eligibility.application"), 1, &number);

    if (result >= 0)
        result = store_ids(&w->cx, w->store, 1, &a->application_id);
    if (result < 0)
        return result;
    a->no = str_format(w->cx.arena, "%06lld", (long long)number);
    const struct str user = w->actor->user_name.n ? w->actor->user_name : STR("system");
    const struct eligibility_application row = {.application_id = a->application_id,
                                                .application_no = a->no,
                                                .kind = a->kind,
                                                .household_id = a->in.household_id,
                                                .person_id = a->person_id,
                                                .received_ymd = a->in.notified,
                                                .source = a->in.source,
                                                .route = a->in.route,
                                                .identity = a->in.identity,
                                                .proxy_name = or_none(a->in.proxy_name),
                                                .proxy_document = or_none(a->in.proxy_document),
                                                .officer = user,
                                                .known_from = e->no};
    result = eligibility_application_insert(&w->cx, w->store, &row);
    return result < 0 ? result : write_items(w, a, e->no);
}

int application_apply(struct work *w, const struct event *e, struct str payload)
{
    struct application *a = ARENA_NEW(w->cx.arena, struct application);
    int result = a ? payload_read(w, payload, a) : certificate_memory(w);

    if (result >= 0)
        result = check(w, a);
    return result < 0 ? result : write(w, a, e);
}

/* --- read ----------------------------------------------------------------------------------------
 */

static struct application application_of_row(const struct eligibility_application_rows_row *r)
{
    return (struct application){.application_id = r->application_id,
                                .no = r->application_no,
                                .kind = (enum application_kind)r->kind,
                                .in = {.household_id = r->household_id,
                                       .notified = r->received_ymd,
                                       .source = r->source,
                                       .route = r->route,
                                       .identity = (enum identity_check)r->identity,
                                       .proxy_name = r->proxy_name,
                                       .proxy_document = r->proxy_document},
                                .person_id = r->person_id,
                                .person_no = r->person_no,
                                .name = r->name,
                                .officer = r->officer,
                                .state = r->state_null ? APPLICATION_OPEN
                                                       : (enum application_state)r->state,
                                .decided = r->decided_ymd,
                                .waits = r->waits,
                                .event_no = r->known_from};
}

static int find(struct work *w, const struct eligibility_application_rows_in *in,
                struct applications *out)
{
    struct eligibility_application_rows_list list;
    const int result = eligibility_application_rows(&w->cx, w->store, in, &list);

    *out = (struct applications){0};
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct application);
    if (!out->rows)
        return certificate_memory(w);
    for (size_t i = 0; i < list.n; i++)
        out->rows[out->n++] = application_of_row(&list.rows[i]);
    return OK;
}

static int read_items(struct work *w, struct application *a)
{
    struct eligibility_application_items_of_list list;
    const int result = eligibility_application_items_of(
        &w->cx, w->store, &(struct eligibility_application_items_of_in){a->application_id}, &list);

    for (size_t i = 0; result >= 0 && i < list.n && i < APPLICATION_ITEMS_MAX; i++) {
        const struct eligibility_application_items_of_row *r = &list.rows[i];
        a->item[a->n_items++] =
            (struct application_item){.name = r->name,
                                      .person_id = r->person_id_null ? 0 : r->person_id,
                                      .from = r->from_ymd,
                                      .to = r->to_ymd,
                                      .amount = r->amount,
                                      .has_amount = !r->amount_null,
                                      .number = r->number,
                                      .has_number = !r->number_null,
                                      .words = r->words,
                                      .person_no = r->person_no,
                                      .person_name = r->person_name};
    }
    return result;
}

int application_get(struct work *w, struct str no, struct application *out)
{
    struct applications found;
    int result = find(w, &(struct eligibility_application_rows_in){.nos = {&no, 1}}, &found);

    if (result < 0 || found.n == 0)
        return result < 0 ? result : 0;
    *out = found.rows[0];
    result = read_items(w, out);
    return result < 0 ? result : 1;
}

int applications_open(struct work *w, struct str after, int64_t n, struct applications *out)
{
    struct eligibility_applications_open_list list;
    int result =
        eligibility_applications_open(&w->cx, w->store,
                                      &(struct eligibility_applications_open_in){after, n}, &list);
    struct str *nos = result < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct str);

    if (!nos)
        return result < 0 ? result : certificate_memory(w);
    for (size_t i = 0; i < list.n; i++)
        nos[i] = list.rows[i].application_no;
    result = find(w, &(struct eligibility_application_rows_in){.nos = {nos, list.n}}, out);
    for (size_t i = 0; result >= 0 && i < out->n / 2; i++) { /* the oldest first */
        const struct application swap = out->rows[i];
        out->rows[i] = out->rows[out->n - 1 - i];
        out->rows[out->n - 1 - i] = swap;
    }
    return result;
}

int applications_of_person(struct work *w, int64_t person_id, struct applications *out)
{
    return find(w, &(struct eligibility_application_rows_in){.person_ids = {&person_id, 1}}, out);
}

/* --- entered -------------------------------------------------------------------------------------
 */

int application_enter(struct work *w, struct application *a)
{
    struct text t;
    struct applications found;
    int64_t event_no = 0;
    int result = check(w, a);

    if (result < 0)
        return result;
    text_init(&t, PAYLOAD_MAX);
    filing_put_number(&t, "application", a->kind);
    filing_write(&t, w, &a->in, a->person_id);
    for (size_t i = 0; i < a->n_items && result >= 0; i++)
        result = item_write(&t, w, &a->item[i]);
    if (result >= 0)
        result = filing_enter(w, "eligibility.application", &a->in, a->person_id, &t, &event_no);
    text_release(&t);
    if (result != OK)
        return result;
    result = find(w, &(struct eligibility_application_rows_in){.event_no = event_no}, &found);
    if (result >= 0 && found.n > 0)
        a->no = found.rows[0].no;
    return result < 0 ? result : OK;
}
