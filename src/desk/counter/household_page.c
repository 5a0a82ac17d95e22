/* The household page: party, eligibility, levy and collection of one household side by side. */
#include "desk/counter/view.h"

#include <string.h>

struct household {
    struct work *w;
    struct party_home home;
    struct decisions decisions; /* every year, newest first */
    struct liability_accounts accounts;
    struct incomes incomes;
    int year;
};

/* --- reading --------------------------------------------------------------------------------- */

/* The three times of the page: the day, the event number, and the year whose rules applied. */
static int read_look(struct work *w, struct request *rq, struct counter_look_form *form)
{
    int rc = counter_look_form_read(&w->cx, rq, form);
    if (rc < 0) {
        return rc;
    }
    if (form->year == FORM_ABSENT) {
        form->year = ymd_fiscal_year(w->today);
    }
    if (!ymd_is_none(form->valid)) {
        w->asof.valid = form->valid;
    }
    if (form->known != FORM_ABSENT && form->known > 0) {
        w->asof.known = form->known;
    }
    return 0;
}

static int read_household(struct household *h, struct str household_no)
{
    struct work *w = h->w;
    int64_t people[64];
    size_t n = 0;
    int rc = party_home_by_no(w, household_no, &h->home);
    if (rc <= 0) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "counter.household.none", NULL);
    }
    const int64_t id = h->home.household_id;
    struct audit_line line = {.class = AUDIT_INQUIRY,
                              .household_id = id,
                              .person_id = h->home.head_id,
                              .purpose = STR(""),
                              .query = STR(""),
                              .count = (int64_t)h->home.n};
    rc = audit_write(w, &line);
    rc = rc < 0 ? rc : levy_decisions_of_household(w, id, 0, true, &h->decisions);
    rc = rc < 0 ? rc : collection_household(w, id, h->year, &h->accounts);
    for (size_t i = 0; i < h->home.n && n < sizeof people / sizeof *people; i++) {
        people[n++] = h->home.members[i].person.person_id;
    }
    return rc < 0 || n == 0 ? rc
                            : levy_incomes(w, people, n, h->year - 1, w->asof.known, &h->incomes);
}

struct str member_name(const struct party_home *home, int64_t person_id)
{
    for (size_t i = 0; i < home->n; i++) {
        if (home->members[i].person.person_id == person_id) {
            return home->members[i].person.name;
        }
    }
    return STR("");
}

static struct str name_of(const struct household *h, int64_t person_id)
{
    return member_name(&h->home, person_id);
}

/* --- the view ----------------------------------------------------------------------------------
 */

static int view_parts(struct context *cx, const struct decision *d,
                      struct counter_household_levies_row *row)
{
    struct counter_household_levies_parts_row *parts =
        ARENA_ARRAY(cx->arena, LEVY_PARTS, struct counter_household_levies_parts_row);
    struct counter_household_levies_marks_row *marks =
        ARENA_ARRAY(cx->arena, 16, struct counter_household_levies_marks_row);
    if (!parts || !marks) {
        return fail(cx, ERR_MEMORY, "memory", NULL);
    }
    for (int k = 0; k < LEVY_PARTS; k++) {
        parts[k] = (struct counter_household_levies_parts_row){part_message(k), levy_part_word(k),
                                                               d->result.part[k],
                                                               (d->result.marks >> k & 1) != 0};
    }
    for (unsigned bit = MARK_UNDECLARED; bit <= MARK_MATERNITY; bit <<= 1) {
        if (d->result.marks & bit) {
            marks[row->n_marks++].label = mark_message(bit);
        }
    }
    row->parts = parts;
    row->n_parts = LEVY_PARTS;
    row->marks = marks;
    return 0;
}

static struct str short_hash(struct context *cx, const struct digest *d)
{
    char hex[65];
    digest_hex(d, hex);
    hex[12] = '\0';
    return str_copy(cx->arena, str_of(hex));
}

static int view_levies(const struct household *h, struct counter_household_view *v)
{
    struct context *cx = &h->w->cx;
    struct counter_household_levies_row *rows =
        ARENA_ARRAY(cx->arena, h->decisions.n + 1, struct counter_household_levies_row);
    int rc = rows ? 0 : fail(cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < h->decisions.n && rc >= 0; i++) {
        const struct decision *d = &h->decisions.rows[i];
        if (!d->is_open || d->fiscal_year != h->year) {
            continue;
        }
        struct counter_household_levies_row *row = &rows[v->n_levies++];
        *row =
            (struct counter_household_levies_row){.no = d->decision_no,
                                                  .year = d->fiscal_year,
                                                  .from = d->from,
                                                  .debtor = name_of(h, d->debtor_id),
                                                  .cause = levy_cause_message(d->cause),
                                                  .basis = levy_basis_message(d->basis),
                                                  .decided = d->decided,
                                                  .issued = d->issued,
                                                  .total = d->result.total,
                                                  .tier = levy_tier_message(d->result.tier),
                                                  .judge = d->result.judge,
                                                  .insured = d->result.insured,
                                                  .is_pulled = d->outcome == OUTCOME_PULLED,
                                                  .reason = levy_reason_message((int64_t)d->reason),
                                                  .looked_from = d->looked_from,
                                                  .hash = short_hash(cx, &d->rule_hash)};
        rc = view_parts(cx, d, row);
    }
    v->levies = rows;
    return rc;
}

static int view_account(struct work *w, const struct liability_account *a,
                        struct counter_household_accounts_row *row)
{
    struct context *cx = &w->cx;
    struct counter_household_accounts_instalments_row *rows =
        ARENA_ARRAY(cx->arena, a->n + 1, struct counter_household_accounts_instalments_row);
    if (!rows) {
        return fail(cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < a->n; i++) {
        const struct instalment_balance *b = &a->rows[i];
        rows[i] = (struct counter_household_accounts_instalments_row){
            .label = levy_instalment_label(w, b->number),
            .due = b->due,
            .charged = b->charged,
            .received = b->received,
            .overpaid = b->overpaid,
            .balance = b->balance,
            .standing = standing_message(b->state),
            .is_overdue = b->state == INSTALMENT_OVERDUE,
            .is_paid = b->state == INSTALMENT_PAID};
    }
    *row = (struct counter_household_accounts_row){.no = a->liability.notice_no,
                                                   .year_label =
                                                       levy_year_label(cx, a->liability.levy_year),
                                                   .charged = a->charged,
                                                   .received = a->received,
                                                   .overpaid = a->overpaid,
                                                   .balance = a->balance,
                                                   .instalments = rows,
                                                   .n_instalments = a->n};
    return 0;
}

static int view_accounts(const struct household *h, struct counter_household_view *v)
{
    struct context *cx = &h->w->cx;
    struct counter_household_accounts_row *rows =
        ARENA_ARRAY(cx->arena, h->accounts.n + 1, struct counter_household_accounts_row);
    int rc = rows ? 0 : fail(cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < h->accounts.n && rc >= 0; i++) {
        rc = view_account(h->w, &h->accounts.rows[i], &rows[i]);
    }
    v->accounts = rows;
    v->n_accounts = h->accounts.n;
    return rc;
}

const char *source_message(enum income_source s)
{
    switch (s) {
    case INCOME_OVERRIDE:
        return "counter.source.override";
    case INCOME_TAX:
        return "counter.source.tax";
    case INCOME_INQUIRY:
        return "counter.source.inquiry";
    case INCOME_DECLARATION:
        return "counter.source.declaration";
    case INCOME_ESTIMATE:
        break;
    }
    return "counter.source.estimate";
}

static int view_incomes(const struct household *h, struct counter_household_view *v)
{
    struct counter_household_incomes_row *rows =
        ARENA_ARRAY(h->w->cx.arena, h->incomes.n + 1, struct counter_household_incomes_row);
    if (!rows) {
        return fail(&h->w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < h->incomes.n; i++) {
        const struct income *in = &h->incomes.rows[i];
        rows[i] = (struct counter_household_incomes_row){
            .name = name_of(h, in->person_id),
            .income_year = in->income_year,
            .source = source_message(in->source),
            .is_undeclared = in->is_undeclared,
            .salary = in->salary_revenue,
            .pension = in->pension_revenue,
            .business = YEN(in->business_income.n + in->property_income.n),
            .other = YEN(in->other_income.n + in->forestry_income.n),
            .separate = in->separate_income,
            .losses = YEN(in->net_loss_carried.n + in->casualty_loss_carried.n),
            .asset_tax = in->fixed_asset_tax};
    }
    v->incomes = rows;
    v->n_incomes = h->incomes.n;
    return 0;
}

/* Asked only where there is something to show: a municipality without it has nothing to hide. */
static int view_asset(const struct household *h, struct counter_household_view *v)
{
    bool any = false;
    for (size_t i = 0; i < h->incomes.n; i++) {
        any = any || h->incomes.rows[i].fixed_asset_tax.n != 0;
    }
    return any ? levy_has_asset(h->w, h->year, &v->has_asset) : 0;
}

static int view_history(const struct household *h, struct counter_household_view *v)
{
    struct counter_household_history_row *rows =
        ARENA_ARRAY(h->w->cx.arena, h->decisions.n + 1, struct counter_household_history_row);
    if (!rows) {
        return fail(&h->w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < h->decisions.n; i++) {
        const struct decision *d = &h->decisions.rows[i];
        rows[i] =
            (struct counter_household_history_row){.no = d->decision_no,
                                                   .year = d->fiscal_year,
                                                   .year_label =
                                                       levy_year_label(&h->w->cx, d->fiscal_year),
                                                   .decided = d->decided,
                                                   .cause = levy_cause_message(d->cause),
                                                   .total = d->result.total,
                                                   .is_open = d->is_open,
                                                   .known = d->event_no};
    }
    v->history = rows;
    v->n_history = h->decisions.n;
    return 0;
}

static struct str hyphened(struct context *cx, struct str code)
{
    if (code.n != 7) {
        return code;
    }
    struct str s = str_format(cx->arena, "%.3s-%.4s", code.p, code.p + 3);
    return s.p ? s : code;
}

static void view_header(const struct household *h, const struct counter_look_form *look,
                        struct counter_household_view *v)
{
    const struct work *w = h->w;
    v->household_no = h->home.household_no;
    v->head_name = h->home.head_name;
    v->postal_code = hyphened(&h->w->cx, h->home.postal_code);
    v->address = h->home.address;
    v->hidden = h->home.is_protected;
    v->year = h->year;
    v->year_label = levy_year_label(&h->w->cx, h->year);
    v->valid = w->asof.valid;
    v->known = w->asof.known == KNOWN_NOW ? 0 : w->asof.known;
    v->is_past = !ymd_is_none(look->valid) || v->known > 0;
    v->may_simulate = work_may(w, RIGHT_SIMULATE);
    v->may_print = work_may(w, RIGHT_PRINT);
    v->may_edit = work_may(w, RIGHT_ELIGIBILITY_EDIT);
    v->may_correct = work_may(w, RIGHT_LEVY_VIEW);
    v->may_exempt = work_may(w, RIGHT_LEVY_EDIT);
    v->may_collect = work_may(w, RIGHT_COLLECTION_VIEW);
    v->may_levy_other = work_may(w, RIGHT_OTHER) && work_may(w, RIGHT_LEVY_VIEW);
    v->may_collection_other = work_may(w, RIGHT_OTHER) && work_may(w, RIGHT_COLLECTION_VIEW);
    v->may_certify = work_may(w, RIGHT_LEVY_VIEW) && work_may(w, RIGHT_PRINT);
    v->other_no = STR("");
    for (size_t i = 0; i < h->home.n; i++) {
        if (h->home.members[i].person.person_id == h->home.head_id) {
            v->other_no = h->home.members[i].person.person_no;
        }
    }
}

int show_household(struct work *w, struct request *rq, struct reply *rp)
{
    struct counter_look_form look;
    struct counter_household_view v = {.look = &look};
    struct household h = {.w = w};
    struct html eligibility;
    int rc = read_look(w, rq, &look);
    if (rc < 0) {
        return rc;
    }
    h.year = (int)look.year;
    rc = read_household(&h, rq->part[0]);
    html_init(&eligibility);
    rc = rc < 0 ? rc : eligibility_household_html(w, &h.home, h.year, &eligibility);
    rc = rc < 0 ? rc : view_levies(&h, &v);
    rc = rc < 0 ? rc : view_accounts(&h, &v);
    rc = rc < 0 ? rc : view_incomes(&h, &v);
    rc = rc < 0 ? rc : view_asset(&h, &v);
    rc = rc < 0 ? rc : view_history(&h, &v);
    if (rc >= 0) {
        view_header(&h, &look, &v);
        v.eligibility = &eligibility;
        counter_page_household(&rp->body, rq->frame, &v);
    }
    html_release(&eligibility);
    return rc;
}
