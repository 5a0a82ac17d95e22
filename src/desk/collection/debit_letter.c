/*
 * Papers of direct debit: what they share, and the notice of a failed debit (口座振替不能通知) with
 * a slip to pay by.
 */
#include "desk/collection/debit_letter.h"
#include "collection_forms.h"
#include "desk/collection/slip.h"

#include <string.h>

#define LETTER_BYTES ((size_t)1 << 20)
enum { MAKER = 6 };

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* --- who sends it, to whom ----------------------------------------------------------------------
 */

/* A setting, or the wording of its message until the city sets its own; {city} is its name. */
static struct str wording(struct work *w, const char *key)
{
    struct str value = setting_get(w, key);
    const struct str city = office_city_name(w->office);
    struct text t;

    value = value.n > 0 ? value : message_words(key);
    text_init(&t, 4096);
    while (value.n > 0) {
        const bool is_named = str_starts(value, STR("{city}"));
        const size_t n = is_named ? 6 : 1;
        (void)text_add(&t, is_named ? city : (struct str){value.p, 1});
        value = (struct str){value.p + n, value.n - n};
    }
    const struct str s = str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return s.p ? s : STR("");
}

int debit_put_office(struct work *w, struct form_data *d)
{
    static const struct {
        const char *name, *key;
    } rows[] = {{"mayor", "levy.mayor"},
                {"seal", "levy.seal"},
                {"section", "levy.section"},
                {"office_address", "levy.office_address"},
                {"office_postcode", "levy.office_postcode"},
                {"phone", "levy.phone"},
                {"hours", "levy.hours"}};

    form_put_text(d, "city", str_copy(w->cx.arena, office_city_name(w->office)));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        form_put_text(d, rows[i].name, wording(w, rows[i].key));
    form_put_flag(d, "is_tax", str_is(setting_get(w, "levy.kind"), "tax"));
    return d->failed ? no_memory(w) : OK;
}

static struct str joined(struct arena *a, struct str x, struct str y)
{
    const struct str s = str_format(a, STR_FMT STR_FMT, STR_ARG(x), STR_ARG(y));
    return s.p ? s : STR("");
}

void debit_put_address(struct form_data *d, const struct addressee *to)
{
    struct arena *a = d->arena;
    const struct str place = joined(a, joined(a, to->prefecture, to->city), to->town);
    const struct str house = to->building.n > 0 ? joined(a, STR(" "), to->building) : STR("");

    form_put_text(d, "postcode", to->postal_code);
    form_put_text(d, "address", joined(a, place, to->number));
    form_put_text(d, "building", to->building);
    form_put_text(d, "address_after_town", joined(a, to->number, house));
    form_put_text(d, "addressee", to->name);
    form_put_text(d, "party_no", to->person_no);
}

struct str debit_bank_words(struct work *w, struct str bank, struct str branch)
{
    struct bank_name name;

    (void)bank_find(bank, branch, &name);
    const struct str s =
        str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(name.bank.p ? name.bank : bank),
                   STR_ARG(name.branch.p ? name.branch : branch));
    return s.p ? s : STR("");
}

struct str debit_account_words(struct work *w, struct str kind, struct str account_no)
{
    const char *id = str_is(kind, "2")   ? "collection.debit.kind.2"
                     : str_is(kind, "9") ? "collection.debit.kind.9"
                                         : "collection.debit.kind.1";
    const size_t tail = account_no.n > 3 ? 3 : account_no.n;
    const struct str s = str_format(w->cx.arena, STR_FMT " ****%.*s", STR_ARG(message_words(id)),
                                    (int)tail, account_no.p + account_no.n - tail);
    return s.p ? s : STR("");
}

/* --- layouts ------------------------------------------------------------------------------------
 */

int debit_layout(struct work *w, const char *name, struct str *out)
{
    struct adopted_list adopted;
    const int rc = office_adopted(w, STR("form"), &adopted);

    *out = STR_NONE;
    for (size_t i = 0; rc >= 0 && i < adopted.n; i++) {
        if (str_is(adopted.rows[i].name, name))
            *out = adopted.rows[i].body;
    }
    for (size_t i = 0; rc >= 0 && !out->p && i < n_collection_forms; i++) {
        if (strcmp(collection_forms[i].name, name) == 0)
            *out = (struct str){collection_forms[i].body, collection_forms[i].n};
    }
    return rc < 0 ? rc : out->p ? OK : fail(&w->cx, ERR_NOT_FOUND, "levy.form.none", "%s", name);
}

int debit_sheet(struct work *w, const char *name, const struct form_data *d, struct text *out)
{
    struct paper *paper = NULL;
    struct form *form = NULL;
    struct str layout;
    int rc = office_paper(w, &paper);

    rc = rc < 0 ? rc : debit_layout(w, name, &layout);
    rc = rc < 0 ? rc : form_load(&w->cx, paper, name, layout, &form);
    if (rc >= 0) {
        const struct paper_info info = {form_title(form), w->today};
        rc = paper_pdf(&w->cx, paper, &info, form, d, out);
    }
    form_free(form);
    return rc < 0 ? error_add(&w->cx, "print %s", name) : OK;
}

/* --- a run of letters ---------------------------------------------------------------------------
 */

int debit_letters_open(struct debit_letters *l, struct str name, size_t room)
{
    struct work *w = l->w;
    const struct collection_debit_letters_of_in q = {str_of(l->kind), l->subject_no};
    struct paper *paper = NULL;
    struct str path;
    int rc = collection_debit_letters_of(&w->cx, w->store, &q, &l->before);

    rc = rc < 0 ? rc : debit_layout(w, l->layout_name, &l->layout);
    rc = rc < 0 ? rc : office_paper(w, &paper);
    rc = rc < 0 ? rc : form_load(&w->cx, paper, l->layout_name, l->layout, &l->form);
    rc = rc < 0 ? rc : format_path(w, "debit", name, &path);
    if (rc < 0)
        return rc;
    l->hash = hash_of(l->layout);
    l->room = room;
    l->rows = ARENA_ARRAY(w->cx.arena, room + 1, struct collection_debit_letter);
    const struct paper_info info = {form_title(l->form), w->today};
    return l->rows ? paper_stream_open_file(&w->cx, paper, &info, path.p, &l->stream)
                   : no_memory(w);
}

bool debit_letters_has(const struct debit_letters *l, int64_t person_id)
{
    for (size_t i = 0; i < l->before.n; i++) {
        if (l->before.rows[i].person_id == person_id)
            return true;
    }
    return false;
}

int debit_letters_pulled(struct work *w, int64_t person_id, struct addressee *to, const char **why)
{
    struct person p;
    int rc = party_addressees(w, &person_id, 1, STR("collection"), to);

    rc = rc < 0 ? rc : party_person(w, person_id, &p);
    if (rc < 0)
        return rc;
    *why = !ymd_is_none(p.death) ? "collection.debit.pulled.died"
           : to->is_protected    ? "collection.debit.pulled.protected"
           : !to->has_address    ? "collection.debit.pulled.address"
                                 : NULL;
    return OK;
}

static int keep(struct debit_letters *l, int64_t person_id, const struct form_data *d,
                const char *pulled)
{
    struct work *w = l->w;
    struct collection_debit_letter *row = &l->rows[l->n];
    struct text t;

    if (l->n == l->room)
        return fail(&w->cx, ERR_LIMIT, "collection.debit.files", NULL);
    text_init(&t, LETTER_BYTES);
    const int rc = form_data_pack(d, &t);
    *row =
        (struct collection_debit_letter){.person_id = person_id,
                                         .kind = str_of(l->kind),
                                         .subject_no = l->subject_no,
                                         .issued_ymd = w->today,
                                         .layout_hash = {(const char *)l->hash.b, sizeof l->hash.b},
                                         .print_data = rc < 0 ? STR_NONE
                                                              : str_copy(w->cx.arena, text_str(&t)),
                                         .pulled = pulled ? str_of(pulled) : STR("")};
    text_release(&t);
    l->n++;
    return rc < 0 ? rc : row->print_data.p ? OK : no_memory(w);
}

int debit_letters_add(struct debit_letters *l, int64_t person_id, const struct form_data *d,
                      const char *pulled)
{
    struct work *w = l->w;
    const struct audit_line look = {.class = AUDIT_PRINT,
                                    .person_id = person_id,
                                    .purpose = str_of(l->layout_name),
                                    .query = STR(""),
                                    .count = 1};
    int rc = d->failed ? no_memory(w) : OK;

    if (rc >= 0 && !pulled) {
        rc = audit_write(w, &look);
        rc = rc < 0 ? rc : paper_stream_add(&w->cx, l->stream, l->form, d);
    }
    if (rc < 0)
        return rc;
    l->reached += !pulled;
    l->pulled += pulled != NULL;
    return keep(l, person_id, d, pulled);
}

int debit_letters_close(struct debit_letters *l, int rc)
{
    struct work *w = l->w;

    if (l->stream && rc >= 0 && paper_stream_pages(l->stream) > 0)
        rc = paper_stream_close(&w->cx, l->stream);
    else if (l->stream)
        paper_stream_abandon(l->stream);
    l->stream = NULL;
    form_free(l->form);
    l->form = NULL;
    return rc;
}

int debit_letters_write(struct debit_letters *l, int64_t event_no)
{
    struct work *w = l->w;
    int64_t id = 0;
    int rc = store_ids(&w->cx, w->store, (int64_t)l->n + 1, &id);

    for (size_t i = 0; i < l->n; i++) {
        l->rows[i].debit_letter_id = id + (int64_t)i;
        l->rows[i].known_from = event_no;
    }
    rc = rc < 0 || l->n == 0 ? rc : collection_debit_letter_bulk(&w->cx, w->store, l->rows, l->n);
    rc = rc < 0 ? rc : job_figure(w, l->job, "notices", l->reached);
    rc = rc < 0 ? rc : job_figure(w, l->job, "pulled", l->pulled);
    rc = rc < 0 ? rc : job_figure(w, l->job, "printed_before", l->printed_before);
    for (size_t i = 0; i < l->n && rc >= 0; i++) {
        if (l->rows[i].pulled.n > 0)
            rc = job_note(w, l->job, false, l->rows[i].person_id,
                          str_c(w->cx.arena, l->rows[i].pulled), STR(""));
    }
    job_progress(l->job)->total = job_progress(l->job)->done = (int64_t)l->n;
    return rc < 0 ? rc : job_checkpoint(w, l->job);
}

/* --- a failed debit -----------------------------------------------------------------------------
 */

struct failing {
    struct debit_letters letters;
    struct ymd limit, again;
    struct collection_debit_failures_list list;
    int64_t event_no, slips;
};

static int barcode_of(struct failing *f, const struct collection_debit_failures_row *r, int issue,
                      struct form_data *d)
{
    struct work *w = f->letters.w;
    const struct slip_terms terms = {.amount = r->balance_yen,
                                     .due = f->limit,
                                     .printed = w->today};
    struct slip_key key = {.fiscal_year = (int)r->levy_year,
                           .instalment = (int)r->number,
                           .notice_no = r->notice_no};
    struct slip_code code = {.reissue = issue, .due = f->limit, .amount = r->balance_yen};
    const struct str maker = setting_get(w, "levy.slip_maker");
    const char *refusal = slip_refusal(&terms);
    char digits[45] = "";
    int64_t company = 0, account = 0;

    (void)str_to_int(setting_get(w, "levy.slip_company"), &company);
    (void)str_to_int(setting_get(w, "levy.slip_account"), &account);
    key.company = (int)company;
    key.account = (int)account;
    int rc = maker.n == MAKER ? slip_key_digits(&w->cx, &key, code.key)
                              : fail(&w->cx, ERR_INVALID, "levy.setting.number", "levy.slip_maker");
    if (rc >= 0 && !refusal) {
        memcpy(code.maker, maker.p, MAKER);
        rc = slip_code_digits(&w->cx, &code, digits);
    }
    form_put_text(d, "barcode", str_of(digits));
    form_put_text(d, "refusal", refusal ? message_words(refusal) : STR(""));
    return rc;
}

static void put_reason(struct failing *f, const struct collection_debit_failures_row *r,
                       struct form_data *d)
{
    struct work *w = f->letters.w;
    struct text again;
    const bool is_again = str_is(r->result, "1") && !ymd_is_none(f->again);
    const char *reason =
        str_c(w->cx.arena,
              str_format(w->cx.arena, "collection.debit.result." STR_FMT, STR_ARG(r->result)));
    const char *advice =
        str_c(w->cx.arena,
              str_format(w->cx.arena, "collection.debit.advice." STR_FMT, STR_ARG(r->result)));

    text_init(&again, 512);
    if (is_again) {
        (void)text_add_era(&again, f->again);
        (void)text_add(&again, message_words("collection.debit.again.on"));
    } else {
        (void)text_add(&again, message_words("collection.debit.again.none"));
    }
    form_put_text(d, "reason", reason ? message_words(reason) : STR(""));
    form_put_text(d, "advice", advice ? message_words(advice) : STR(""));
    form_put_text(d, "again", text_str(&again));
    text_release(&again);
}

static int fill_failed(struct failing *f, const struct collection_debit_failures_row *r, int issue,
                       struct form_data *d)
{
    struct work *w = f->letters.w;

    form_put_count(d, "fiscal_year", r->levy_year);
    form_put_text(d, "no", levy_instalment_label(w, (int)r->number));
    form_put_text(d, "notice_no", str_format(w->cx.arena, "%010lld", (long long)r->notice_no));
    form_put_day(d, "issued", w->today);
    form_put_day(d, "first_due", r->due_ymd);
    form_put_day(d, "debit_day", r->debit_ymd);
    form_put_day(d, "due", f->limit);
    form_put_yen(d, "amount", r->balance_yen);
    form_put_text(d, "bank", debit_bank_words(w, r->bank_code, r->branch_code));
    form_put_text(d, "account", debit_account_words(w, STR("1"), r->account_no));
    put_reason(f, r, d);
    return barcode_of(f, r, issue, d);
}

/* The slip takes the place of the one before: 再発行区分 counts up. */
static int issue_slip(struct failing *f, const struct collection_debit_failures_row *r, int *issue)
{
    struct work *w = f->letters.w;
    struct slip s = {.liability_id = r->liability_id,
                     .number = (int)r->number,
                     .kind = STR("reissue"),
                     .yen = r->balance_yen,
                     .limit = f->limit,
                     .issued = w->today,
                     .reason = STR("debit")};
    const int rc = slip_issue(w, f->event_no, &s);

    *issue = s.issue;
    f->slips += rc >= 0;
    return rc;
}

static int one_failed(struct failing *f, const struct collection_debit_failures_row *r)
{
    struct work *w = f->letters.w;
    struct form_data *d = ARENA_NEW(w->cx.arena, struct form_data);
    struct addressee to;
    const char *pulled = NULL;
    int issue = 0;
    int rc = d ? debit_letters_pulled(w, r->person_id, &to, &pulled) : no_memory(w);

    if (rc < 0)
        return rc;
    form_data_init(d, w->cx.arena, to.person_no);
    rc = debit_put_office(w, d);
    debit_put_address(d, &to);
    rc = rc < 0 ? rc : issue_slip(f, r, &issue);
    rc = rc < 0 ? rc : fill_failed(f, r, issue, d);
    return rc < 0 ? rc : debit_letters_add(&f->letters, r->person_id, d, pulled);
}

static int all_failed(struct failing *f)
{
    struct work *w = f->letters.w;
    struct event e = work_event(w, "collection.debit_letters");
    int rc = event_open(&w->cx, w->store, &e);

    f->event_no = e.no;
    for (size_t i = 0; i < f->list.n && rc >= 0; i++) {
        const struct collection_debit_failures_row *r = &f->list.rows[i];
        const bool is_settled = r->balance_yen.n <= 0 || str_is(r->result, "8");
        const bool is_told = debit_letters_has(&f->letters, r->person_id);
        f->letters.printed_before += is_told;
        if (!is_settled && !is_told)
            rc = one_failed(f, r);
    }
    rc = debit_letters_close(&f->letters, rc);
    rc = rc < 0 ? rc : debit_letters_write(&f->letters, e.no);
    rc = rc < 0 ? rc : job_figure(w, f->letters.job, "slips", f->slips);
    return rc < 0 ? rc : FAULT(&w->cx, "collection.debit.letters");
}

static int read_failed(struct failing *f)
{
    struct work *w = f->letters.w;
    struct job *job = f->letters.job;
    const struct str again = job_option(job, "again");
    struct collection_debit_failures_in q = {0};

    f->again = YMD_NONE;
    if (!str_to_int(job_option(job, "run"), &q.run_no) ||
        !ymd_parse(job_option(job, "limit"), &f->limit) || ymd_compare(f->limit, w->today) < 0 ||
        (again.n > 0 && !ymd_parse(again, &f->again)))
        return fail(&w->cx, ERR_INVALID, "collection.debit.limit", NULL);
    f->letters.subject_no = q.run_no;
    return collection_debit_failures(&w->cx, w->store, &q, &f->list);
}

/* Letters and slips of one run, in one transaction; who was written to before is passed over. */
int debit_letters_job(struct work *w, struct job *job)
{
    struct failing f = {
        .letters = {.w = w, .job = job, .kind = "failed", .layout_name = "debit_failed"}};
    int rc = read_failed(&f);
    const struct str name =
        str_format(w->cx.arena, "debit-failed-%lld.pdf", (long long)f.letters.subject_no);

    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = debit_letters_open(&f.letters, name, f.list.n);
    rc = rc < 0 ? debit_letters_close(&f.letters, rc) : all_failed(&f);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "write notices of failed debits");
}
