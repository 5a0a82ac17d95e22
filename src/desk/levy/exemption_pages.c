/* Exemptions on screen: applying at the counter, deciding, the list with what is to be confirmed
 * again. */
#include "desk/levy/correction.h"
#include "desk/levy/exemption.h"
#include "desk/levy/notice.h"
#include "desk/levy/pages.h"
#include "levy_pages.h"
#include "levy_sql.h"

enum { LISTED = 500, YEARS_SHOWN = 4 };

struct str exemption_text(struct work *w, const struct exemption *x)
{
    struct text t;
    text_init(&t, 512);
    switch (x->pattern) {
    case EXEMPT_YEN:
        text_add_yen(&t, x->yen);
        text_add(&t, message_words("levy.exemption.of_yen"));
        break;
    case EXEMPT_RATE:
        text_add(&t, message_words(x->of_income ? "levy.exemption.of_income"
                                                : "levy.exemption.of_whole"));
        text_addf(&t, "%lld", (long long)(x->rate / 100));
        text_add(&t, message_words("levy.exemption.percent"));
        break;
    case EXEMPT_INSTALMENTS: {
        struct str rest = x->cuts;
        int64_t number;
        int64_t yen;
        while (exemption_cut(&rest, &number, &yen)) {
            text_add(&t, message_words("levy.exemption.instalment"));
            text_addf(&t, "%lld:", (long long)number);
            text_add_yen(&t, YEN(yen));
            text_adds(&t, rest.n ? " " : "");
        }
        break;
    }
    }
    struct str s = str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return s.p ? s : STR("");
}

/* --- the list ----------------------------------------------------------------------------------
 */

static int view_reviews(struct work *w, int year, struct levy_exemptions_view *v)
{
    struct levy_exemption_reviews_open_in in = {.fiscal_year = year, .n = LISTED};
    struct levy_exemption_reviews_open_list list;
    int rc = levy_exemption_reviews_open(&w->cx, w->store, &in, &list);
    struct levy_exemptions_reviews_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_exemptions_reviews_row);
    if (rc < 0 || !rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_exemption_reviews_open_row *r = &list.rows[i];
        rows[i] = (struct levy_exemptions_reviews_row){
            r->exemption_review_id, r->exemption_no, r->household_no, r->decision_no,
            r->before_yen,          r->after_yen,    r->opened};
    }
    v->reviews = rows;
    v->n_reviews = list.n;
    return 0;
}

static struct exemption listed(const struct levy_exemptions_listed_row *r)
{
    return (struct exemption){.no = r->exemption_no,
                              .event_no = r->event_no,
                              .ground = r->ground,
                              .pattern = (enum exemption_pattern)r->pattern,
                              .yen = r->yen,
                              .rate = r->rate,
                              .of_income = r->of_income,
                              .cuts = r->cuts,
                              .status = (enum exemption_status)r->status};
}

static int list_of(struct work *w, int year, int64_t household_id,
                   struct levy_exemptions_listed_list *list)
{
    struct levy_exemptions_listed_in in = {.fiscal_year = year,
                                           .household_id = household_id,
                                           .n = LISTED,
                                           .asof = w->asof};
    return levy_exemptions_listed(&w->cx, w->store, &in, list);
}

static int view_list(struct work *w, int year, struct levy_exemptions_view *v)
{
    struct levy_exemptions_listed_list list;
    struct exemption_grounds grounds;
    int rc = list_of(w, year, 0, &list);
    rc = rc < 0 ? rc : exemption_grounds_read(w, KNOWN_NOW, &grounds);
    struct levy_exemptions_exemptions_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_exemptions_exemptions_row);
    if (rc < 0 || !rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n && rc >= 0; i++) {
        const struct levy_exemptions_listed_row *r = &list.rows[i];
        struct exemption x = listed(r);
        struct str ground = STR("");
        rc = exemption_ground_label(w, &grounds, &x, &ground);
        rows[i] =
            (struct levy_exemptions_exemptions_row){.no = r->exemption_no,
                                                    .household_no = r->household_no,
                                                    .debtor =
                                                        r->debtor.p ? r->debtor : r->debtor_no,
                                                    .ground = ground,
                                                    .what = exemption_text(w, &x),
                                                    .applied = r->applied_ymd,
                                                    .status = exemption_status_message(x.status),
                                                    .is_waiting = x.status == EXEMPTION_APPLIED,
                                                    .decided = r->decided_ymd};
    }
    v->exemptions = rows;
    v->n_exemptions = list.n;
    return rc < 0 ? rc : 0;
}

static int view_years(struct work *w, int year, struct levy_exemptions_view *v)
{
    struct levy_exemptions_years_row *rows =
        ARENA_ARRAY(w->cx.arena, YEARS_SHOWN, struct levy_exemptions_years_row);
    if (!rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (int i = 0; i < YEARS_SHOWN; i++) {
        int y = ymd_fiscal_year(w->today) - i;
        rows[i] = (struct levy_exemptions_years_row){y, levy_year_label(&w->cx, y), y == year};
    }
    v->years = rows;
    v->n_years = YEARS_SHOWN;
    return 0;
}

static int show_list(struct work *w, struct request *rq, struct reply *rp, int year,
                     struct levy_review_form *form)
{
    struct levy_exemptions_view v = {.year = year, .review = form};
    v.year_label = levy_year_label(&w->cx, year);
    v.may_edit = work_may(w, RIGHT_LEVY_EDIT);
    int rc = view_years(w, year, &v);
    rc = rc < 0 ? rc : view_reviews(w, year, &v);
    rc = rc < 0 ? rc : view_list(w, year, &v);
    struct audit_line line = {.class = AUDIT_INQUIRY,
                              .purpose = STR("levy.exemption"),
                              .query = STR("list"),
                              .count = (int64_t)(v.n_exemptions + v.n_reviews)};
    rc = rc < 0 ? rc : audit_write(w, &line);
    if (rc >= 0) {
        levy_page_exemptions(&rp->body, rq->frame, &v);
    }
    return rc < 0 ? rc : 0;
}

int levy_show_exemptions(struct work *w, struct request *rq, struct reply *rp)
{
    return show_list(w, rq, rp, ymd_fiscal_year(w->today), NULL);
}

int levy_show_exemptions_of(struct work *w, struct request *rq, struct reply *rp)
{
    int64_t year;
    int rc = request_part_id(&w->cx, rq, 0, &year);
    return rc < 0 ? rc : show_list(w, rq, rp, (int)year, NULL);
}

int levy_save_review(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_review_form form;
    int64_t year;
    int rc = request_part_id(&w->cx, rq, 0, &year);
    rc = rc < 0 ? rc : levy_review_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show_list(w, rq, rp, (int)year, &form);
    }
    struct audit_line line = {.class = AUDIT_CHANGE,
                              .purpose = STR("levy.exemption_review"),
                              .query = STR(""),
                              .count = 1};
    rc = rc < 0 ? rc : audit_write(w, &line);
    rc = rc < 0 ? rc
                : exemption_review_close(w, form.review,
                                         str_is(form.answer, "keep")     ? 1
                                         : str_is(form.answer, "cancel") ? 2
                                                                         : 3,
                                         form.note);
    if (rc < 0) {
        return rc;
    }
    rp->notice = message_words("levy.exemption.reviewed");
    return reply_redirect(rq, rp, "/levy/exemptions/%lld", (long long)year);
}

/* --- applying -----------------------------------------------------------------------------------
 */

struct applying {
    struct party_home home;
    struct decision d;
    bool has_levy;
    int year;
};

static int read_applying(struct work *w, const struct request *rq, struct applying *x)
{
    struct decisions d;
    int64_t year = 0;
    int rc = request_part_id(&w->cx, rq, 1, &year);
    rc = rc < 0 ? rc : party_home_by_no(w, rq->part[0], &x->home);
    if (rc == 0) {
        return fail(&w->cx, ERR_NOT_FOUND, "levy.correct.household", NULL);
    }
    x->year = (int)year;
    rc = rc < 0 ? rc : levy_decisions_of_household(w, x->home.household_id, x->year, false, &d);
    x->has_levy = rc >= 0 && d.n > 0;
    for (size_t i = 0; rc >= 0 && i < d.n; i++) { /* the newest debt is what is exempted */
        if (i == 0 || ymd_compare(d.rows[i].from, x->d.from) > 0) {
            x->d = d.rows[i];
        }
    }
    return rc;
}

/* What was applied for in the year before. */
static int view_before(struct work *w, const struct applying *x,
                       const struct exemption_grounds *grounds, struct levy_exempt_view *v)
{
    struct levy_exemptions_listed_list list;
    int rc = list_of(w, x->year, x->home.household_id, &list);
    struct levy_exempt_exemptions_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_exempt_exemptions_row);
    if (rc < 0 || !rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n && rc >= 0; i++) {
        struct exemption e = listed(&list.rows[i]);
        struct str ground = STR("");
        rc = exemption_ground_label(w, grounds, &e, &ground);
        rows[i] = (struct levy_exempt_exemptions_row){e.no, ground, exemption_text(w, &e),
                                                      exemption_status_message(e.status)};
    }
    v->exemptions = rows;
    v->n_exemptions = list.n;
    return rc < 0 ? rc : 0;
}

static int view_grounds(struct work *w, struct levy_exempt_view *v, struct exemption_grounds *all)
{
    int rc = exemption_grounds_read(w, KNOWN_NOW, all);
    struct page_option_view *rows =
        ARENA_ARRAY(w->cx.arena, EXEMPTION_GROUNDS_MAX + 1, struct page_option_view);
    if (rc < 0 || !rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    rows[0] = (struct page_option_view){STR(""), message_words("levy.exemption.choose")};
    for (size_t i = 0; i < all->n; i++) {
        rows[i + 1] = (struct page_option_view){all->rows[i].code, all->rows[i].label};
    }
    v->grounds = rows;
    v->n_grounds = all->n + 1;
    return 0;
}

static int view_applying(struct work *w, const struct applying *x, struct levy_exempt_view *v)
{
    struct exemption_grounds grounds;
    struct levy_exempt_instalments_row *rows =
        ARENA_ARRAY(w->cx.arena, x->d.schedule.n + 1, struct levy_exempt_instalments_row);
    int rc = rows ? view_grounds(w, v, &grounds) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    rc = rc < 0 ? rc : view_before(w, x, &grounds, v);
    if (rc < 0) {
        return rc;
    }
    for (size_t i = 0; i < x->d.schedule.n; i++) {
        const struct levy_instalment *s = &x->d.schedule.row[i];
        rows[i] = (struct levy_exempt_instalments_row){s->number, s->due, s->amount,
                                                       ymd_compare(s->due, w->today) >= 0};
    }
    v->instalments = rows;
    v->n_instalments = x->d.schedule.n;
    v->total = x->d.result.total;
    v->has_levy = x->has_levy;
    return x->has_levy ? exemption_custody_amount(w, x->home.household_id, x->d.debtor_id, x->year,
                                                  &v->custody)
                       : 0;
}

static int show_applying(struct work *w, struct request *rq, struct reply *rp,
                         const struct applying *x, struct levy_exempt_form *form)
{
    struct levy_exempt_form fresh;
    levy_exempt_form_init(&fresh);
    fresh.applied = w->today;
    struct levy_exempt_view v = {.exempt = form ? form : &fresh,
                                 .household_no = x->home.household_no,
                                 .year = x->year,
                                 .year_label = levy_year_label(&w->cx, x->year),
                                 .head_name = x->home.head_name};
    struct audit_line line = {.class = AUDIT_INQUIRY,
                              .household_id = x->home.household_id,
                              .purpose = STR("levy.exemption"),
                              .query = STR(""),
                              .count = 1};
    int rc = audit_write(w, &line);
    rc = rc < 0 ? rc : view_applying(w, x, &v);
    if (rc >= 0) {
        levy_page_exempt(&rp->body, rq->frame, &v);
    }
    return rc < 0 ? rc : 0;
}

int levy_show_exempt(struct work *w, struct request *rq, struct reply *rp)
{
    struct applying x = {0};
    int rc = read_applying(w, rq, &x);
    return rc < 0 ? rc : show_applying(w, rq, rp, &x, NULL);
}

static struct exemption from_form(const struct applying *x, const struct levy_exempt_form *f)
{
    return (struct exemption){.household_id = x->home.household_id,
                              .debtor_id = x->d.debtor_id,
                              .fiscal_year = x->year,
                              .ground = f->ground,
                              .pattern = str_is(f->pattern, "yen")    ? EXEMPT_YEN
                                         : str_is(f->pattern, "rate") ? EXEMPT_RATE
                                                                      : EXEMPT_INSTALMENTS,
                              .yen = f->amount.n == FORM_ABSENT ? YEN(0) : f->amount,
                              .rate = f->percent == FORM_ABSENT ? 0 : f->percent * 100,
                              .of_income = f->of_income,
                              .cuts = f->cuts.p ? f->cuts : STR(""),
                              .applied = f->applied,
                              .note = f->note};
}

/* What the desk refuses stands at the field it concerns. */
static void point_at(struct work *w, struct levy_exempt_form *f)
{
    const struct error e = w->cx.error;
    const char *field = str_is(str_of(e.field), "yen")    ? "amount"
                        : str_is(str_of(e.field), "rate") ? "percent"
                                                          : e.field;
    error_clear(&w->cx);
    form_problem(&w->cx, &f->state, *field ? field : "ground", e.message, NULL);
}

int levy_save_exempt(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_exempt_form form;
    struct applying x = {0};
    int64_t no = 0;
    int rc = levy_exempt_form_read(&w->cx, rq, &form);
    bool is_wrong = rc == ERR_INVALID;
    if (rc < 0 && !is_wrong) {
        return rc;
    }
    error_clear(&w->cx);
    rc = read_applying(w, rq, &x);
    if (rc >= 0 && !is_wrong) {
        struct exemption e = from_form(&x, &form);
        struct audit_line line = {.class = AUDIT_CHANGE,
                                  .household_id = x.home.household_id,
                                  .person_id = x.d.debtor_id,
                                  .purpose = STR("levy.exemption"),
                                  .query = STR(""),
                                  .count = 1};
        rc = audit_write(w, &line);
        rc = rc < 0 ? rc : exemption_apply(w, &e, &no);
        is_wrong = rc == ERR_INVALID;
        if (is_wrong) {
            point_at(w, &form);
            rc = 0;
        }
    }
    if (rc < 0 || is_wrong) {
        rp->status = 422;
        return rc < 0 ? rc : show_applying(w, rq, rp, &x, &form);
    }
    rp->notice = message_words("levy.exemption.entered");
    return reply_redirect(rq, rp, "/levy/exemption/%d/%lld", x.year, (long long)no);
}
