/* Notices of pension deduction (特別徴収開始・中止通知、仮徴収額通知): one on demand, or all of a
 * kind and year by the job, which says beforehand whom it will and will not reach and why. */
#include "desk/levy/pension_pages.h"
#include "levy_forms.h"
#include "levy_sql.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { CHUNK = 500 };

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static struct str numbered(struct work *w, const char *prefix, int n)
{
    const char *id = str_c(w->cx.arena, str_format(w->cx.arena, "%s%d", prefix, n));
    return id ? message_words(id) : STR("");
}

const char *pension_letter_kind(const struct collection_plan *plan)
{
    if (plan->payments.n == 0)
        return NULL;
    if (plan->method != COLLECT_PENSION)
        return "stop";
    return plan->is_provisional ? "provisional" : "start";
}

/* --- values -------------------------------------------------------------------------------------
 */

struct one_letter {
    struct work *w;
    const struct collection_plan *plan;
    const char *kind;
    struct addressee to;
    struct ymd issued;
};

static void put_payments(const struct one_letter *l, struct form_data *d)
{
    for (size_t i = 0; i < l->plan->payments.n; i++) {
        const struct payment *p = &l->plan->payments.row[i];
        if (p->amount.n == 0)
            continue;
        struct form_data *item = form_item(d, "payments");
        form_put_text(item, "no", levy_instalment_label(l->w, p->number));
        form_put_text(item, "way",
                      message_words(p->is_pension ? "levy.pension.way.1" : "levy.pension.way.2"));
        form_put_flag(item, "is_pension", p->is_pension);
        form_put_day(item, "due", p->due);
        form_put_text(item, "month",
                      p->is_pension ? str_format(l->w->cx.arena, STR_FMT STR_FMT,
                                                 STR_ARG(levy_instalment_label(l->w, p->number)),
                                                 STR_ARG(message_words("levy.pension.paid_part")))
                                    : STR(""));
        form_put_yen(item, "amount", p->amount);
    }
}

static int payer_words(const struct one_letter *l, struct str *out)
{
    struct levy_candidate_newest_list list;
    const struct levy_candidate_newest_in q = {l->plan->debtor_id};
    const int rc = levy_candidate_newest(&l->w->cx, l->w->store, &q, &list);

    *out = rc >= 0 && list.n > 0 && l->plan->method == COLLECT_PENSION
               ? pension_payer_name(list.rows[0].payer)
               : STR("");
    return rc < 0 ? rc : OK;
}

static int fill(const struct one_letter *l, const struct letterhead *head, struct form_data *d)
{
    struct work *w = l->w;
    struct str household_no, payer;
    int rc = levy_household_nos(w, &l->plan->household_id, 1, &household_no);

    rc = rc < 0 ? rc : payer_words(l, &payer);
    if (rc < 0)
        return rc;
    form_put_count(d, "fiscal_year", l->plan->fiscal_year);
    form_put_text(d, "notice_no",
                  str_format(w->cx.arena, "%010lld", (long long)l->plan->notice_no));
    form_put_day(d, "issued", l->issued);
    form_put_flag(d, "is_start", strcmp(l->kind, "start") == 0);
    form_put_flag(d, "is_stop", strcmp(l->kind, "stop") == 0);
    form_put_flag(d, "is_provisional", strcmp(l->kind, "provisional") == 0);
    form_put_flag(d, "is_reprint", false);
    notice_put_office(d, head);
    notice_put_address(d, &l->to);
    form_put_text(d, "household_no", household_no.p ? household_no : STR(""));
    form_put_yen(d, "annual", l->plan->annual);
    form_put_text(d, "method", numbered(w, "levy.method.", (int)l->plan->method));
    form_put_text(d, "payer", payer);
    form_put_text(d, "reason", numbered(w, "levy.method_reason.", l->plan->reason));
    put_payments(l, d);
    return d->failed ? no_memory(w) : OK;
}

/* --- the layout
 * ----------------------------------------------------------------------------------- */

static int layout_of(struct work *w, struct str *out)
{
    struct adopted_list adopted;
    const int rc = office_adopted(w, STR("form"), &adopted);

    *out = STR_NONE;
    for (size_t i = 0; rc >= 0 && i < adopted.n; i++) {
        if (str_is(adopted.rows[i].name, "pension_notice"))
            *out = adopted.rows[i].body;
    }
    for (size_t i = 0; rc >= 0 && !out->p && i < n_levy_forms; i++) {
        if (strcmp(levy_forms[i].name, "pension_notice") == 0)
            *out = (struct str){levy_forms[i].body, levy_forms[i].n};
    }
    return rc < 0 ? rc : out->p ? OK : fail(&w->cx, ERR_NOT_FOUND, "levy.form.none", NULL);
}

/* --- one on demand
 * --------------------------------------------------------------------------------- */

static int stored(struct work *w, const struct collection_plan *plan, struct form_data *d)
{
    const struct levy_letter_of_method_in q = {plan->method_row_id};
    struct levy_letter_of_method_list list;
    int rc = levy_letter_of_method(&w->cx, w->store, &q, &list);

    if (rc < 0 || list.n == 0)
        return rc < 0 ? rc : 0;
    rc = form_data_unpack(&w->cx, list.rows[list.n - 1].print_data, w->cx.arena, d);
    if (rc < 0)
        return rc;
    form_put_flag(d, "is_reprint", true);
    return 1;
}

static int todays(struct work *w, const struct collection_plan *plan, struct form_data *d)
{
    struct one_letter l = {.w = w,
                           .plan = plan,
                           .kind = pension_letter_kind(plan),
                           .issued = w->today};
    struct letterhead head;
    int rc = letterhead_read(w, &head);

    rc = rc < 0 ? rc : party_addressees(w, &plan->debtor_id, 1, STR("levy"), &l.to);
    form_data_init(d, w->cx.arena, l.to.person_no);
    return rc < 0 ? rc : fill(&l, &head, d);
}

int pension_letter_pdf(struct work *w, struct paper *p, const struct collection_plan *plan,
                       struct text *out)
{
    struct form_data d;
    struct form *f = NULL;
    struct str layout;
    struct paper_info info = {.issued = plan->decided};
    int rc = pension_letter_kind(plan)
                 ? stored(w, plan, &d)
                 : fail(&w->cx, ERR_NOT_FOUND, "levy.pension.no_letter", NULL);

    if (rc == 0)
        rc = todays(w, plan, &d);
    rc = rc < 0 ? rc : layout_of(w, &layout);
    rc = rc < 0 ? rc : form_load(&w->cx, p, "pension_notice.form", layout, &f);
    if (rc >= 0) {
        info.title = form_title(f);
        rc = paper_pdf(&w->cx, p, &info, f, &d, out);
    }
    form_free(f);
    return rc < 0 ? error_add(&w->cx, "print a notice of pension deduction") : OK;
}

/* --- all of a kind
 * ---------------------------------------------------------------------------------- */

struct run {
    struct work *w;
    struct job *job;
    const char *kind;
    int year;
    bool is_check;
    struct letterhead head;
    struct form *form;
    struct str layout;
    struct digest hash;
    struct paper_stream *stream;
    char *path;
    struct levy_pension_letter *rows;
    struct audit_line *looks;
    size_t n, n_looks;
    int64_t reached, pulled, printed_before;
};

static enum levy_reason pulled_by(const struct addressee *to, const struct person *p)
{
    if (!ymd_is_none(p->death))
        return REASON_DEBTOR_DIED;
    if (to->is_protected)
        return REASON_PROTECTED;
    return to->has_address ? REASON_NONE : REASON_NO_ADDRESS;
}

static int pack(struct run *r, const struct form_data *d, struct str *out)
{
    struct text t;

    text_init(&t, (size_t)1 << 20);
    const int rc = form_data_pack(d, &t);
    *out = rc < 0 ? STR_NONE : str_copy(r->w->cx.arena, text_str(&t));
    text_release(&t);
    return rc < 0 ? rc : out->p ? OK : no_memory(r->w);
}

static int draw(struct run *r, const struct one_letter *l, const struct form_data *d,
                enum levy_reason *pulled)
{
    struct work *w = r->w;

    if (*pulled != REASON_NONE)
        return OK;
    const int rc = paper_stream_add(&w->cx, r->stream, r->form, d);
    if (rc >= 0 || rc == ERR_IO || rc == ERR_MEMORY)
        return rc;
    error_clear(&w->cx); /* it is listed, the stream goes on */
    *pulled = REASON_PRINT;
    (void)l;
    return OK;
}

static int one(struct run *r, const struct collection_plan *plan)
{
    struct work *w = r->w;
    struct one_letter l = {.w = w, .plan = plan, .kind = r->kind, .issued = w->today};
    struct person p;
    struct form_data *d = ARENA_NEW(w->cx.arena, struct form_data);
    struct levy_pension_letter *row = &r->rows[r->n];
    int rc = d ? party_addressees(w, &plan->debtor_id, 1, STR("levy"), &l.to) : no_memory(w);

    rc = rc < 0 ? rc : party_person(w, plan->debtor_id, &p);
    if (rc < 0)
        return rc;
    enum levy_reason pulled = pulled_by(&l.to, &p);
    form_data_init(d, w->cx.arena, l.to.person_no);
    rc = fill(&l, &r->head, d);
    rc = rc < 0 || r->is_check ? rc : draw(r, &l, d, &pulled);
    *row = (struct levy_pension_letter){.collection_method_id = plan->method_row_id,
                                        .fiscal_year = plan->fiscal_year,
                                        .household_id = plan->household_id,
                                        .debtor_id = plan->debtor_id,
                                        .kind = str_of(r->kind),
                                        .issue_ymd = w->today,
                                        .layout_hash = {(const char *)r->hash.b, sizeof r->hash.b},
                                        .pulled_reason = pulled};
    rc = rc < 0 ? rc : pack(r, d, &row->print_data);
    if (rc < 0)
        return rc;
    r->n++;
    r->reached += pulled == REASON_NONE;
    r->pulled += pulled != REASON_NONE;
    if (pulled == REASON_NONE && !r->is_check)
        r->looks[r->n_looks++] = (struct audit_line){.class = AUDIT_PRINT,
                                                     .person_id = plan->debtor_id,
                                                     .household_id = plan->household_id,
                                                     .purpose = STR("pension-letters"),
                                                     .query = STR(""),
                                                     .count = 1};
    return OK;
}

/* A start that the payer did not take, and that nobody was told of, is not stopped by a letter. */
static int is_untold(struct run *r, const struct collection_plan *plan)
{
    const struct levy_letters_of_household_in q = {plan->household_id, r->year};
    struct levy_letters_of_household_list list = {.n = 0};
    const bool is_rejected = plan->reason == METHOD_REJECTED;
    const int rc = is_rejected ? levy_letters_of_household(&r->w->cx, r->w->store, &q, &list) : OK;

    return rc < 0 ? rc : is_rejected && list.n == 0;
}

/* Of a plan that says what the letters are about, and was not printed before. */
static int consider(struct run *r, const struct levy_method_page_row *m)
{
    struct work *w = r->w;
    const struct levy_letter_of_method_in q = {m->collection_method_id};
    struct levy_letter_of_method_list before;
    struct collection_plan *plan = ARENA_NEW(w->cx.arena, struct collection_plan);
    int rc = plan ? plan_of(w, m->household_id, m->debtor_id, r->year, plan) : no_memory(w);
    const char *kind = rc > 0 ? pension_letter_kind(plan) : NULL;

    if (rc <= 0 || !kind || strcmp(kind, r->kind) != 0)
        return rc < 0 ? rc : OK;
    rc = is_untold(r, plan);
    if (rc != 0)
        return rc < 0 ? rc : OK;
    rc = levy_letter_of_method(&w->cx, w->store, &q, &before);
    r->printed_before += rc >= 0 && before.n > 0;
    return rc < 0 || before.n > 0 ? rc : one(r, plan);
}

static int read_all(struct run *r)
{
    struct work *w = r->w;
    struct levy_method_page_in q = {r->year, 0, 1000000};
    struct levy_method_page_list list;
    int rc = levy_method_page(&w->cx, w->store, &q, &list);

    if (rc < 0)
        return rc;
    r->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_pension_letter);
    r->looks = ARENA_ARRAY(w->cx.arena, list.n + 1, struct audit_line);
    if (!r->rows || !r->looks)
        return no_memory(w);
    for (size_t i = 0; i < list.n && rc >= 0; i++)
        rc = consider(r, &list.rows[i]);
    return rc;
}

static int write_figures(struct run *r)
{
    int rc = job_figure(r->w, r->job, "notices", r->reached);

    rc = rc < 0 ? rc : job_figure(r->w, r->job, "pulled", r->pulled);
    rc = rc < 0 ? rc : job_figure(r->w, r->job, "printed_before", r->printed_before);
    for (size_t i = 0; i < r->n && rc >= 0; i++) {
        const int64_t reason = r->rows[i].pulled_reason;
        if (reason != REASON_NONE)
            rc = job_note(r->w, r->job, false, r->rows[i].household_id, levy_reason_message(reason),
                          STR(""));
    }
    job_progress(r->job)->total = job_progress(r->job)->done = (int64_t)r->n;
    return rc < 0 ? rc : job_checkpoint(r->w, r->job);
}

static int write_letters(struct run *r)
{
    struct work *w = r->w;
    struct event e = work_event(w, "levy.pension_letter");
    int64_t id = 0;
    int rc = event_open(&w->cx, w->store, &e);

    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, (int64_t)r->n + 1, &id);
    for (size_t i = 0; i < r->n; i++) {
        r->rows[i].pension_letter_id = id + (int64_t)i;
        r->rows[i].known_from = e.no;
    }
    return rc < 0 ? rc : levy_pension_letter_bulk(&w->cx, w->store, r->rows, r->n);
}

static int commit(struct run *r)
{
    struct work *w = r->w;
    int rc = STORE_BEGIN(&w->cx, w->store);

    if (rc < 0)
        return rc;
    rc = r->is_check || r->n == 0 ? OK : write_letters(r);
    rc = rc < 0 ? rc : write_figures(r);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

static int open_stream(struct run *r)
{
    struct work *w = r->w;
    struct paper *paper;
    char day[11];
    const char *city = office_city_path(w->office);
    const struct str out = str_format(w->cx.arena, "%s/out", city);
    int rc = layout_of(w, &r->layout);

    ymd_format(w->today, day);
    r->hash = hash_of(r->layout);
    r->path = str_c(w->cx.arena, str_format(w->cx.arena, "%s/out/pension-%s-%d-%s.pdf", city,
                                            r->kind, r->year, day));
    if (rc < 0 || !out.p || !r->path)
        return rc < 0 ? rc : no_memory(w);
    if (mkdir(out.p, 0700) < 0 && errno != EEXIST)
        return fail(&w->cx, ERR_IO, "levy.notices.folder", "%s", out.p);
    rc = office_paper(w, &paper);
    rc = rc < 0 ? rc : form_load(&w->cx, paper, "pension_notice.form", r->layout, &r->form);
    if (rc < 0 || r->is_check)
        return rc;
    const struct paper_info info = {.title = form_title(r->form), .issued = w->today};
    return paper_stream_open_file(&w->cx, paper, &info, r->path, &r->stream);
}

/* The file is whole before its rows say so. */
static int close_stream(struct run *r, int rc)
{
    struct work *w = r->w;

    if (r->stream && rc >= 0 && paper_stream_pages(r->stream) > 0)
        rc = paper_stream_close(&w->cx, r->stream);
    else if (r->stream)
        paper_stream_abandon(r->stream);
    r->stream = NULL;
    return rc;
}

static const char *kind_named(struct str s)
{
    static const char *const kinds[] = {"start", "stop", "provisional"};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (str_is(s, kinds[i]))
            return kinds[i];
    }
    return NULL;
}

static int print_letters(struct work *w, struct job *job)
{
    struct run r = {.w = w, .job = job, .kind = kind_named(job_option(job, "kind"))};
    int64_t year = 0;

    if (!r.kind || !str_to_int(job_option(job, "year"), &year))
        return fail(&w->cx, ERR_INVALID, "levy.pension.letter_kind", NULL);
    r.year = (int)year;
    r.is_check = str_is(job_option(job, "mode"), "check");
    int rc = letterhead_read(w, &r.head);
    rc = rc < 0 ? rc : open_stream(&r);
    rc = rc < 0 ? rc : read_all(&r);
    if (rc >= 0 && r.n_looks > 0)
        rc = audit_write_many(w, r.looks, r.n_looks);
    rc = close_stream(&r, rc);
    form_free(r.form);
    rc = rc < 0 ? rc : commit(&r);
    return rc < 0 ? error_add(&w->cx, "print notices of pension deduction") : OK;
}

int pension_letters_job(struct work *w, struct job *job)
{
    return pension_as_of(w, job, print_letters);
}
