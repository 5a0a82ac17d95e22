/* Keyed forms become applications and cases of unjust enrichment. */
#include "benefit_sql.h"
#include "desk/benefit/inner.h"

enum { NAME_MAX_BYTES = 512 };

/* The rows of one piece of a file. */
struct pieces {
    struct import *im;
    int64_t event_no;
    int64_t first_id;
    struct benefit_benefit_application *applications;
    size_t n_applications;
    struct benefit_unjust_enrichment *cases;
    size_t n_cases;
};

int benefit_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static int64_t number(const struct pieces *p, const struct table_row *row, const char *id)
{
    int64_t n = 0;
    return str_to_int(import_field(p->im, row, id), &n) ? n : 0;
}

/* 2026000001: the fiscal year of the day of receipt and a number of its own in it. */
static int take_number(struct work *w, struct ymd received, struct str *out)
{
    const int year = ymd_fiscal_year(received);
    int64_t n = 0;
    const int rc =
        store_number(&w->cx, w->store, str_format(w->cx.arena, "benefit.%d", year), 1, &n);

    *out = rc < 0 ? STR("") : str_format(w->cx.arena, "%04d%06lld", year, (long long)n);
    return rc < 0 ? rc : out->p ? OK : benefit_memory(w);
}

static int holder_of(struct work *w, struct str written, struct str *out)
{
    struct text t;
    int rc = OK;

    *out = STR("");
    if (written.n == 0)
        return OK;
    text_init(&t, NAME_MAX_BYTES);
    rc = transfer_name(&w->cx, &t, written);
    if (rc >= 0) {
        *out = str_copy(w->cx.arena, text_str(&t));
        rc = out->p ? OK : benefit_memory(w);
    }
    text_release(&t);
    return rc;
}

static int find_person(struct work *w, struct str no, struct person *out)
{
    int64_t id = 0;
    const int rc = party_person_by_no(w, no, &id);

    if (rc <= 0)
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "party.person.none", NULL);
    return party_person(w, id, out);
}

static struct month last_month(const struct pieces *p, const struct table_row *row)
{
    const struct str to = import_field(p->im, row, "treated_to");
    return benefit_month(to.n > 0 ? to : import_field(p->im, row, "treated_from"));
}

static int put_application(struct pieces *p, const struct table_row *row, struct person who)
{
    struct import *im = p->im;
    struct work *w = im->w;
    struct benefit_benefit_application *a = &p->applications[p->n_applications++];
    int64_t applicant_id = 0;

    *a = (struct benefit_benefit_application){.application_row_id = p->first_id++,
                                              .kind = import_field(im, row, "form"),
                                              .batch_no = number(p, row, "batch"),
                                              .sheet = number(p, row, "sheet"),
                                              .line = row->line,
                                              .keying = import_field(im, row, "keying"),
                                              .person_id = who.person_id,
                                              .household_id = who.household_id,
                                              .household_id_null = who.household_id == 0,
                                              .card_number = import_field(im, row, "card_number"),
                                              .treated_from = benefit_month(
                                                  import_field(im, row, "treated_from")),
                                              .treated_to = last_month(p, row),
                                              .institution = import_field(im, row, "institution"),
                                              .paid_yen = YEN(number(p, row, "paid")),
                                              .claimed_yen = YEN(number(p, row, "claimed")),
                                              .is_public =
                                                  str_is(import_field(im, row, "is_public"), "1"),
                                              .bank_code = import_field(im, row, "bank_code"),
                                              .branch_code = import_field(im, row, "branch_code"),
                                              .account_kind = import_field(im, row, "account_kind"),
                                              .account_no = import_field(im, row, "account_no"),
                                              .received_ymd = import_day(im, row, "received"),
                                              .state = STR("received"),
                                              .known_from = p->event_no};
    int rc = party_person_by_no(w, import_field(im, row, "applicant_no"), &applicant_id);
    a->applicant_id = applicant_id;
    rc = rc < 0 ? rc : holder_of(w, import_field(im, row, "holder"), &a->holder);
    return rc < 0 ? rc : take_number(w, a->received_ymd, &a->application_no);
}

static int put_case(struct pieces *p, const struct table_row *row, struct person who)
{
    struct import *im = p->im;
    struct benefit_unjust_enrichment *u = &p->cases[p->n_cases++];

    *u = (struct benefit_unjust_enrichment){.unjust_row_id = p->first_id++,
                                            .batch_no = number(p, row, "batch"),
                                            .sheet = number(p, row, "sheet"),
                                            .line = row->line,
                                            .keying = import_field(im, row, "keying"),
                                            .person_id = who.person_id,
                                            .household_id = who.household_id,
                                            .household_id_null = who.household_id == 0,
                                            .card_number = import_field(im, row, "card_number"),
                                            .cause = import_field(im, row, "cause"),
                                            .treated_from = benefit_month(
                                                import_field(im, row, "treated_from")),
                                            .treated_to = last_month(p, row),
                                            .insurer_yen = YEN(number(p, row, "insurer")),
                                            .received_ymd = import_day(im, row, "received"),
                                            .known_from = p->event_no};
    return take_number(im->w, u->received_ymd, &u->case_no);
}

static int put_line(struct pieces *p, const struct table_row *row)
{
    struct person who;
    const int rc = find_person(p->im->w, import_field(p->im, row, "person_no"), &who);

    if (rc < 0)
        return rc;
    return str_is(import_field(p->im, row, "form"), "unjust_enrichment")
               ? put_case(p, row, who)
               : put_application(p, row, who);
}

int benefit_forms_write(struct import *im, int64_t event_no, struct table_row *const *rows,
                        size_t n)
{
    struct work *w = im->w;
    struct pieces p = {.im = im,
                       .event_no = event_no,
                       .applications =
                           ARENA_ARRAY(w->cx.arena, n + 1, struct benefit_benefit_application),
                       .cases = ARENA_ARRAY(w->cx.arena, n + 1, struct benefit_unjust_enrichment)};

    if (!p.applications || !p.cases)
        return benefit_memory(w);
    int rc = store_ids(&w->cx, w->store, (int64_t)n, &p.first_id);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rc = put_line(&p, rows[i]);
    rc = rc < 0
             ? rc
             : benefit_benefit_application_bulk(&w->cx, w->store, p.applications, p.n_applications);
    rc = rc < 0 ? rc : benefit_unjust_enrichment_bulk(&w->cx, w->store, p.cases, p.n_cases);
    return rc < 0 ? rc : OK;
}
