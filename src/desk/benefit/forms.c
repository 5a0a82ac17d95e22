/*
 * Benefit forms keyed by a contractor (高額療養費・療養費・特別療養費の支給申請書、不当利得情報).
 * A file is one batch of paper, checked as a whole: any bad line refuses it, and every bad line is
 * listed.
 */
#include "benefit_sql.h"
#include "desk/benefit/inner.h"

#include <string.h>

enum { NAME_MAX_BYTES = 512 };

/* What a file is checked against. */
struct forms {
    struct paper_batch batch;
    bool is_found, is_again; /* again: a stopped job goes on with what it has checked before */
    bool *is_entered;        /* by sheet */
    struct benefit_causes causes;
};

/* One line under check; the first error stays. */
struct form_line {
    struct import *im;
    struct table_row *row;
    struct forms *f;
    int rc;
};

static struct str word(const struct form_line *l, const char *id)
{
    return import_field(l->im, l->row, id);
}

static int64_t number(const struct form_line *l, const char *id)
{
    int64_t n = 0;
    return str_to_int(word(l, id), &n) ? n : 0;
}

static void refuse(struct form_line *l, const char *field, const char *problem)
{
    if (l->rc >= 0)
        l->rc = import_problem(l->im, l->row, field, problem);
}

struct month benefit_month(struct str digits)
{
    int64_t n = 0;

    if (digits.n != 6 || !str_to_int(digits, &n) || n / 100 < 1989 || n % 100 < 1 || n % 100 > 12)
        return MONTH_NONE;
    return month_of((int)(n / 100), (int)(n % 100));
}

/* --- the batch --------------------------------------------------------------------------------
 */

/* The batch of the first line that names one; the others must name the same. */
static int64_t batch_of_file(struct import *im)
{
    int64_t no = 0;

    for (size_t i = 0; i < im->table.n && no == 0; i++) {
        if (!str_to_int(import_field(im, &im->table.rows[i], "batch"), &no))
            no = 0;
    }
    return no;
}

static int read_entered(struct work *w, struct forms *f)
{
    const struct benefit_sheets_of_batch_in in = {f->batch.no};
    struct benefit_sheets_of_batch_list list;

    f->is_entered = ARENA_ARRAY(w->cx.arena, (size_t)f->batch.sheets + 1, bool);
    if (!f->is_entered)
        return benefit_memory(w);
    memset(f->is_entered, 0, ((size_t)f->batch.sheets + 1) * sizeof *f->is_entered);
    if (f->is_again)
        return OK;
    const int rc = benefit_sheets_of_batch(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        if (list.rows[i].sheet <= f->batch.sheets)
            f->is_entered[list.rows[i].sheet] = true;
    }
    return rc;
}

static int begin(struct import *im)
{
    struct forms *f = im->own;
    int rc = collection_paper(im->w, batch_of_file(im), &f->batch);

    f->is_found = rc > 0;
    f->is_again = job_progress(im->job)->cursor > 0;
    rc = rc < 0 ? rc : read_entered(im->w, f);
    return rc < 0 ? rc : benefit_causes_read(im->w, KNOWN_NOW, &f->causes);
}

static void check_batch(struct form_line *l)
{
    const struct forms *f = l->f;
    const int64_t sheet = number(l, "sheet");

    if (number(l, "batch") != f->batch.no)
        refuse(l, "batch", "benefit.forms.batches");
    else if (!f->is_found)
        refuse(l, "batch", "benefit.forms.batch_unknown");
    else if (f->batch.back >= f->batch.sheets && !f->is_again)
        refuse(l, "batch", "benefit.forms.batch_closed");
    else if (sheet < 1 || sheet > f->batch.sheets)
        refuse(l, "sheet", "benefit.forms.sheet");
    else if (f->is_entered[sheet])
        refuse(l, "sheet", "benefit.forms.sheet_twice");
    else
        f->is_entered[sheet] = true;
    if (str_is(word(l, "keying"), "open"))
        refuse(l, "keying", "benefit.forms.open");
}

/* --- what every form has ------------------------------------------------------------------------
 */

static void check_days(struct form_line *l)
{
    const struct ymd received = import_day(l->im, l->row, "received");
    const struct month from = benefit_month(word(l, "treated_from"));
    const bool has_end = word(l, "treated_to").n > 0;
    const struct month to = has_end ? benefit_month(word(l, "treated_to")) : from;

    if (ymd_compare(received, l->im->w->today) > 0)
        refuse(l, "received", "benefit.forms.received");
    if (from.n == MONTH_NONE.n || from.n > ymd_month(received).n)
        refuse(l, "treated_from", "benefit.forms.month");
    if (has_end && (to.n == MONTH_NONE.n || to.n < from.n || to.n > ymd_month(received).n))
        refuse(l, "treated_to", "benefit.forms.month");
}

static void check_person(struct form_line *l)
{
    struct work *w = l->im->w;
    struct person p;
    int64_t id = 0;
    int rc = party_person_by_no(w, word(l, "person_no"), &id);

    if (rc == 0) {
        refuse(l, "person_no", "benefit.forms.unknown");
        return;
    }
    rc = rc < 0 ? rc : party_person(w, id, &p);
    if (rc >= 0 && ymd_compare(p.birth, import_day(l->im, l->row, "born")) != 0)
        refuse(l, "born", "benefit.forms.birth");
    l->rc = rc < 0 ? rc : l->rc;
}

/* --- what only some have ------------------------------------------------------------------------
 */

static const char *const of_applications[] = {"applicant_no", "institution",  "paid",
                                              "claimed",      "is_public",    "bank_code",
                                              "branch_code",  "account_kind", "account_no",
                                              "holder"};
enum { N_OF_APPLICATIONS = sizeof of_applications / sizeof *of_applications, FIRST_OF_ACCOUNT = 5 };

static void need_empty(struct form_line *l, const char *const *ids, size_t n, const char *problem)
{
    for (size_t i = 0; i < n; i++) {
        if (word(l, ids[i]).n > 0)
            refuse(l, ids[i], problem);
    }
}

static void check_holder(struct form_line *l)
{
    struct context *cx = &l->im->w->cx;
    struct text t;

    text_init(&t, NAME_MAX_BYTES);
    const int rc = transfer_name(cx, &t, word(l, "holder"));
    text_release(&t);
    if (rc != ERR_INVALID) {
        l->rc = rc < 0 ? rc : l->rc;
        return;
    }
    error_clear(cx);
    refuse(l, "holder", "benefit.forms.holder");
}

/* The account of the form, or the one registered for public payments, and not both. */
static void check_account(struct form_line *l)
{
    const char *const *ids = of_applications + FIRST_OF_ACCOUNT;
    const size_t n = N_OF_APPLICATIONS - FIRST_OF_ACCOUNT;
    bool is_whole = true;

    if (str_is(word(l, "is_public"), "1")) {
        need_empty(l, ids, n, "benefit.forms.two_accounts");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (word(l, ids[i]).n == 0) {
            is_whole = false;
            refuse(l, ids[i], "benefit.forms.account");
        }
    }
    if (is_whole)
        check_holder(l);
}

static void check_application(struct form_line *l)
{
    static const char *const of_unjust[] = {"cause", "insurer"};
    const int64_t paid = number(l, "paid"), claimed = number(l, "claimed");
    int64_t id = 0;
    const int rc = party_person_by_no(l->im->w, word(l, "applicant_no"), &id);

    l->rc = rc < 0 ? rc : l->rc;
    if (rc == 0)
        refuse(l, "applicant_no", "benefit.forms.applicant");
    if (word(l, "institution").n == 0)
        refuse(l, "institution", "benefit.forms.institution");
    if (paid < 1)
        refuse(l, "paid", "benefit.forms.yen");
    if (claimed < 1 || claimed > paid)
        refuse(l, "claimed", "benefit.forms.claimed");
    check_account(l);
    need_empty(l, of_unjust, 2, "benefit.forms.not_here");
}

static void check_unjust(struct form_line *l)
{
    if (!benefit_cause_is_known(&l->f->causes, word(l, "cause")))
        refuse(l, "cause", "benefit.forms.cause");
    if (number(l, "insurer") < 1)
        refuse(l, "insurer", "benefit.forms.yen");
    need_empty(l, of_applications, N_OF_APPLICATIONS, "benefit.forms.not_here");
}

static int check(struct import *im, struct table_row *row)
{
    struct form_line l = {im, row, im->own, OK};

    check_batch(&l);
    check_days(&l);
    check_person(&l);
    if (str_is(word(&l, "form"), "unjust_enrichment"))
        check_unjust(&l);
    else
        check_application(&l);
    return l.rc;
}

int benefit_forms_take(struct work *w, struct job *job)
{
    extern const unsigned char format_benefit_forms[];
    extern const size_t format_benefit_forms_size;
    struct forms f = {.is_found = false};
    const struct import_kind kind = {.name = "benefit_forms",
                                     .event_kind = "benefit.forms",
                                     .source = "head",
                                     .description = {(const char *)format_benefit_forms,
                                                     format_benefit_forms_size},
                                     .sum = "claimed",
                                     .usual = IMPORT_ALL,
                                     .is_strict = true,
                                     .own = &f,
                                     .begin = begin,
                                     .check = check,
                                     .apply = benefit_forms_write};

    return party_import(w, job, &kind);
}
