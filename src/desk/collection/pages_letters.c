/* The debtor's page of letters: what is unpaid with its late charge, letters, slips, holds. */
#include "collection_pages.h"
#include "collection_sql.h"
#include "desk/collection/dunning_pages.h"

enum { OPEN_SHOWN = 32 };

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static int read_debtor(struct work *w, const struct request *rq, struct person *p)
{
    int64_t id = 0;
    const int rc = party_person_by_no(w, rq->part[0], &id);
    if (rc <= 0) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    }
    return party_person(w, id, p);
}

/* --- what is unpaid
 * ----------------------------------------------------------------------------------- */

struct debtor_view {
    struct person person;
    struct late_instalments open;
    struct collection_slips_of_debtor_list slips;
    struct collection_dunned_of_debtors_list dunned;
    struct collection_holds_list holds;
    struct collection_debtor_letters_view v;
};

static int read_open(struct work *w, struct debtor_view *x)
{
    const int64_t id = x->person.person_id;
    const struct collection_slips_of_debtor_in slips = {id};
    const struct collection_dunned_of_debtors_in dunned = {{&id, 1}};
    const struct collection_holds_in holds = {{&id, 1}};
    int rc = late_of_debtor(w, id, w->today, LATE_NOT_DUE, &x->open);
    rc = rc < 0 ? rc : collection_slips_of_debtor(&w->cx, w->store, &slips, &x->slips);
    rc = rc < 0 ? rc : collection_dunned_of_debtors(&w->cx, w->store, &dunned, &x->dunned);
    return rc < 0 ? rc : collection_holds(&w->cx, w->store, &holds, &x->holds);
}

static void mark_open(const struct debtor_view *x, struct collection_debtor_letters_open_row *r)
{
    for (size_t i = 0; i < x->slips.n; i++) {
        const struct collection_slips_of_debtor_row *s = &x->slips.rows[i];
        if (s->liability_id == r->liability && s->number == r->instalment) {
            r->slip_issue = s->issue;
            r->slip_limit = s->limit_ymd;
        }
    }
    for (size_t i = 0; i < x->dunned.n; i++) {
        r->dunned = r->dunned || (x->dunned.rows[i].liability_id == r->liability &&
                                  x->dunned.rows[i].number == r->instalment);
    }
}

static int fill_open(struct work *w, struct debtor_view *x)
{
    struct collection_debtor_letters_view *v = &x->v;
    const size_t n = x->open.n > OPEN_SHOWN ? OPEN_SHOWN : x->open.n;
    struct collection_debtor_letters_open_row *rows =
        ARENA_ARRAY(w->cx.arena, n + 1, struct collection_debtor_letters_open_row);
    struct page_option_view *options = ARENA_ARRAY(w->cx.arena, n + 1, struct page_option_view);
    if (!rows || !options) {
        return no_memory(w);
    }
    for (size_t i = 0; i < x->open.n; i++) {
        v->balance_sum = yen_add(v->balance_sum, x->open.rows[i].balance);
        v->late_sum = yen_add(v->late_sum, x->open.rows[i].late_due);
        if (ymd_compare(x->open.rows[i].c.due, w->today) < 0) {
            v->overdue_sum = yen_add(v->overdue_sum, x->open.rows[i].balance);
        }
    }
    for (size_t i = 0; i < n; i++) {
        const struct late_instalment *l = &x->open.rows[i];
        rows[i] = (struct collection_debtor_letters_open_row){
            .liability = l->liability_id,
            .instalment = l->number,
            .year_label = levy_year_label(&w->cx, l->c.levy_year),
            .notice_no = str_format(w->cx.arena, "%010lld", (long long)l->notice_no),
            .part = levy_instalment_label(w, l->number),
            .due = l->c.due,
            .charged = l->c.amount,
            .balance = l->balance,
            .late = l->late_due,
            .late_link = late_link(w, l->liability_id, l->number, w->today),
            .is_overdue = ymd_compare(l->c.due, w->today) < 0,
            .slip_limit = YMD_NONE};
        mark_open(x, &rows[i]);
        options[i].value =
            str_format(w->cx.arena, "%lld-%d", (long long)l->liability_id, l->number);
        options[i].label = str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(rows[i].year_label),
                                      STR_ARG(rows[i].part));
    }
    v->total = yen_add(v->balance_sum, v->late_sum);
    v->open = rows;
    v->n_open = n;
    v->waivable = options;
    v->n_waivable = n;
    return OK;
}

/* --- letters
 * -------------------------------------------------------------------------------------------- */

const char *post_state_message(bool is_none, int64_t state)
{
    static const char *const ids[] = {"collection.state.0", "collection.state.1",
                                      "collection.state.2", "collection.state.3",
                                      "collection.state.4"};
    return ids[is_none || state < 1 || state > POST_CHECKED ? 0 : state];
}

static int letter_document(struct work *w, const struct collection_letters_of_debtor_row *l,
                           struct collection_debtor_letters_letters_row *r)
{
    const struct collection_post_item_of_letter_in in = {l->letter, l->letter_id};
    struct collection_post_item_of_letter_list list;
    const int rc = collection_post_item_of_letter(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n && !r->has_link; i++) {
        r->has_link = list.rows[i].print_data.n > 0;
        r->link = str_format(w->cx.arena, "/collection/document/%lld/letter.pdf",
                             (long long)list.rows[i].post_item_id);
    }
    return rc;
}

static int fill_letters(struct work *w, struct debtor_view *x)
{
    const struct collection_letters_of_debtor_in in = {x->person.person_id};
    struct collection_letters_of_debtor_list list;
    int rc = collection_letters_of_debtor(&w->cx, w->store, &in, &list);
    struct collection_debtor_letters_letters_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_debtor_letters_letters_row);
    if (!rows) {
        return rc < 0 ? rc : no_memory(w);
    }
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct collection_letters_of_debtor_row *l = &list.rows[i];
        const bool is_dunning = str_is(l->letter, "dunning");
        rows[i] = (struct collection_debtor_letters_letters_row){
            .kind = is_dunning ? "collection.letter.dunning" : "collection.letter.reminder",
            .no = letter_number(w, l->issue_ymd, l->no),
            .about = is_dunning ? str_format(w->cx.arena, STR_FMT " " STR_FMT,
                                             STR_ARG(levy_year_label(&w->cx, (int)l->levy_year)),
                                             STR_ARG(levy_instalment_label(w, (int)l->number)))
                                : STR(""),
            .decided = l->decided_ymd,
            .issued = l->issue_ymd,
            .pay_by = l->pay_by_ymd,
            .balance = l->balance_yen,
            .late = l->late_yen,
            .lapse = l->lapse_ymd,
            .officer = l->officer.p ? l->officer : STR(""),
            .now = l->withdrawn_null ? post_state_message(l->state_null, l->state)
                                     : "collection.state.1",
            .is_open = l->is_open,
            .note =
                l->withdrawn_null ? STR("") : message_words(dunning_reason_message(l->withdrawn))};
        rc = letter_document(w, l, &rows[i]);
    }
    x->v.letters = rows;
    x->v.n_letters = list.n;
    return rc;
}

static int fill_holds(struct work *w, struct debtor_view *x)
{
    struct collection_debtor_letters_holds_row *rows =
        ARENA_ARRAY(w->cx.arena, x->holds.n + 1, struct collection_debtor_letters_holds_row);
    if (!rows) {
        return no_memory(w);
    }
    for (size_t i = 0; i < x->holds.n; i++) {
        const struct collection_holds_row *h = &x->holds.rows[i];
        const struct span span = {h->from_ymd, h->to_ymd};
        rows[i] = (struct collection_debtor_letters_holds_row){
            h->hold_id,
            dunning_reason_message(str_is(h->kind, "suspended")   ? DUNNING_SUSPENDED
                                   : str_is(h->kind, "deferred")  ? DUNNING_DEFERRED
                                   : str_is(h->kind, "agreement") ? DUNNING_AGREEMENT
                                                                  : DUNNING_NO_MAIL),
            h->reason,
            h->from_ymd,
            h->to_ymd,
            span_holds(span, w->today)};
    }
    x->v.holds = rows;
    x->v.n_holds = x->holds.n;
    return OK;
}

/* Where he lived when the oldest of it was due, if that was elsewhere. */
static int fill_address(struct work *w, struct debtor_view *x)
{
    struct collection_debtor_letters_view *v = &x->v;
    int rc = address_on(w, x->person.person_id, w->today, &v->address);
    v->due_address = STR("");
    v->due_address_day = x->open.n > 0 ? x->open.rows[0].c.due : YMD_NONE;
    if (rc >= 0 && x->open.n > 0 && ymd_compare(v->due_address_day, w->today) < 0) {
        rc = address_on(w, x->person.person_id, v->due_address_day, &v->due_address);
    }
    v->has_due_address = v->due_address.n > 0 && !str_equal(v->due_address, v->address);
    return rc;
}

static void fill_forms(struct work *w, struct debtor_view *x,
                       struct collection_slip_reissue_form *slips)
{
    for (size_t i = 0; i < x->v.n_open; i++) {
        slips->pick[i].liability = x->v.open[i].liability;
        slips->pick[i].instalment = x->v.open[i].instalment;
    }
    slips->n_pick = x->v.n_open;
    if (ymd_is_none(slips->limit)) {
        slips->limit = ymd_next_open(ymd_add(w->today, 10));
    }
}

static int letters_page(struct work *w, struct request *rq, struct reply *rp, struct debtor_view *x)
{
    struct collection_slip_reissue_form slips;
    struct collection_debtor_letters_view *v = &x->v;
    collection_slip_reissue_form_init(&slips);
    int rc = read_debtor(w, rq, &x->person);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                      .person_id = x->person.person_id,
                                                      .purpose = STR("collection.letters"),
                                                      .count = 1});
    rc = rc < 0 ? rc : read_open(w, x);
    rc = rc < 0 ? rc : fill_open(w, x);
    rc = rc < 0 ? rc : fill_letters(w, x);
    rc = rc < 0 ? rc : fill_holds(w, x);
    rc = rc < 0 ? rc : fill_address(w, x);
    if (rc < 0) {
        return rc;
    }
    v->person_no = x->person.person_no;
    v->name = x->person.name;
    v->is_protected = x->person.is_protected;
    v->day = w->today;
    v->may_edit = work_may(w, RIGHT_COLLECTION_EDIT);
    v->may_print = work_may(w, RIGHT_PRINT);
    if (!v->slip_reissue) {
        fill_forms(w, x, &slips);
        v->slip_reissue = &slips;
    }
    collection_page_debtor_letters(&rp->body, rq->frame, v);
    return OK;
}

int debtor_show_letters(struct work *w, struct request *rq, struct reply *rp)
{
    struct debtor_view x = {.v = {.due_address_day = YMD_NONE}};
    return letters_page(w, rq, rp, &x);
}

/* --- slips
 * ------------------------------------------------------------------------------------------------
 */

int debtor_print_slips(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_slip_reissue_form form;
    struct debtor_view x = {.v = {.due_address_day = YMD_NONE, .slip_reissue = &form}};
    struct slip_wanted wanted[OPEN_SHOWN];
    struct slips_order order = {.rows = wanted};
    struct person p;
    struct text pdf;
    int rc = collection_slip_reissue_form_read(&w->cx, rq, &form);
    for (size_t i = 0; rc >= 0 && i < form.n_pick; i++) {
        if (form.pick[i].tick) {
            wanted[order.n++] =
                (struct slip_wanted){form.pick[i].liability, (int)form.pick[i].instalment};
        }
    }
    rc = rc < 0 ? rc : read_debtor(w, rq, &p);
    text_init(&pdf, (size_t)16 << 20);
    if (rc >= 0) {
        order.debtor_id = p.person_id;
        order.limit = form.limit;
        order.reason = form.reason;
        rc = slips_reissue(w, &order, &pdf);
    }
    const struct str bytes = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&pdf));
    text_release(&pdf);
    if (rc == ERR_INVALID) {
        const struct error e = w->cx.error;
        error_clear(&w->cx);
        if (form.state.problems.n == 0) {
            form_problem(&w->cx, &form.state, "", e.message, NULL);
        }
        rp->status = 422;
        return letters_page(w, rq, rp, &x);
    }
    if (rc < 0) {
        return rc;
    }
    reply_file(rp, "application/pdf", bytes,
               str_format(w->cx.arena, "slip-" STR_FMT ".pdf", STR_ARG(p.person_no)), true);
    return OK;
}

/* --- entries
 * --------------------------------------------------------------------------------------------------
 */

static void add_field(struct text *t, const char *name, struct str value)
{
    text_addf(t, "%s=", name);
    for (size_t i = 0; i < value.n; i++) {
        text_addc(t, value.p[i] == '\n' || value.p[i] == '\r' ? ' ' : value.p[i]);
    }
    text_addc(t, '\n');
}

static void add_day_field(struct text *t, const char *name, struct ymd day)
{
    if (!ymd_is_none(day)) {
        text_addf(t, "%s=", name);
        text_add_ymd(t, day);
        text_addc(t, '\n');
    }
}

static int enter(struct work *w, const char *kind, const struct person *p, struct text *payload)
{
    struct event e = work_event(w, kind);
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .person_id = p->person_id,
                                                 .purpose = str_of(kind),
                                                 .count = 1});
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        text_release(payload);
        return rc;
    }
    e.person_id = p->person_id;
    e.household_id = p->household_id;
    rc = payload->failed ? no_memory(w) : work_enter(w, &e, text_str(payload));
    text_release(payload);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    const int waits = rc;
    rc = store_commit(&w->cx, w->store);
    return rc < 0 ? rc : waits;
}

static int done(struct work *w, struct request *rq, struct reply *rp, const struct person *p,
                int waits)
{
    (void)w;
    rp->notice = message_words(waits ? "collection.entry.waits" : "collection.entry.done");
    return reply_redirect(rq, rp, "/collection/letters/" STR_FMT, STR_ARG(p->person_no));
}

int debtor_save_hold(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_letter_hold_form form;
    struct debtor_view x = {.v = {.due_address_day = YMD_NONE, .letter_hold = &form}};
    struct person p;
    struct text t;
    int rc = collection_letter_hold_form_read(&w->cx, rq, &form);
    rc = rc < 0 ? rc : read_debtor(w, rq, &p);
    if (rc >= 0) {
        text_init(&t, 4096);
        text_addf(&t, "debtor=%lld\n", (long long)p.person_id);
        add_field(&t, "kind", form.kind);
        add_field(&t, "reason", form.hold_reason);
        add_day_field(&t, "from", form.hold_from);
        add_day_field(&t, "to", form.hold_to);
        rc = enter(w, "collection.hold", &p, &t);
    }
    if (rc == ERR_INVALID) {
        const struct error e = w->cx.error;
        error_clear(&w->cx);
        if (form.state.problems.n == 0) {
            form_problem(&w->cx, &form.state, "hold_from", e.message, NULL);
        }
        rp->status = 422;
        return letters_page(w, rq, rp, &x);
    }
    return rc < 0 ? rc : done(w, rq, rp, &p, rc);
}

/* "LIABILITY-NUMBER", as the page offered it. */
static bool read_what(struct str what, int64_t *liability, int64_t *number)
{
    const struct str first = str_cut(&what, '-');
    return str_to_int(first, liability) && str_to_int(what, number);
}

int debtor_save_waiver(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_late_waive_form form;
    struct debtor_view x = {.v = {.due_address_day = YMD_NONE, .late_waive = &form}};
    struct person p;
    struct text t;
    int64_t liability = 0, number = 0;
    int rc = collection_late_waive_form_read(&w->cx, rq, &form);
    rc = rc < 0 ? rc : read_debtor(w, rq, &p);
    if (rc >= 0) {
        struct late_instalment l;
        const bool is_read = read_what(form.what, &liability, &number);
        rc = is_read ? late_of_instalment(w, liability, (int)number, w->today, &l) : 0;
        if (rc == 0 || (rc > 0 && l.debtor_id != p.person_id)) {
            rc = fail(&w->cx, ERR_INVALID, "collection.slip.unknown", NULL);
        }
    }
    if (rc >= 0) {
        text_init(&t, 4096);
        text_addf(&t, "liability=%lld\nnumber=%lld\n", (long long)liability, (long long)number);
        add_field(&t, "ground", form.ground);
        add_field(&t, "reason", form.waive_reason);
        add_day_field(&t, "from", form.waive_from);
        add_day_field(&t, "to", form.waive_to);
        rc = enter(w, "collection.waiver", &p, &t);
    }
    if (rc == ERR_INVALID) {
        const struct error e = w->cx.error;
        error_clear(&w->cx);
        if (form.state.problems.n == 0) {
            form_problem(&w->cx, &form.state, "waive_from", e.message, NULL);
        }
        rp->status = 422;
        return letters_page(w, rq, rp, &x);
    }
    return rc < 0 ? rc : done(w, rq, rp, &p, rc);
}
