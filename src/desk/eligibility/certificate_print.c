/* What is printed on a document: its values, kept when it is issued, and the paper made of them. */
#include "desk/eligibility/certificate_inner.h"
#include "eligibility_forms.h"

#include <string.h>

#define PRINT_BYTES ((size_t)1 << 20)

/* --- what all documents of a city say ----------------------------------------------------------
 */

/* A setting, or the sample office's wording of the message of that name; "{city}" is the city. */
static struct str wording(struct work *w, const char *key)
{
    const struct message *m = message_find(key);
    struct str value = setting_get(w, key);
    struct text t;

    if (value.n == 0)
        value = m ? str_of(m->text) : STR("");
    text_init(&t, 4096);
    while (value.n > 0) {
        const bool is_city = str_starts(value, STR("{city}"));
        text_add(&t, is_city ? office_city_name(w->office) : (struct str){value.p, 1});
        value.p += is_city ? 6 : 1;
        value.n -= is_city ? 6 : 1;
    }
    const struct str s = str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return s.p ? s : STR("");
}

int certificate_head_read(struct work *w, struct certificate_head *out)
{
    *out = (struct certificate_head){
        .city = str_copy(w->cx.arena, office_city_name(w->office)),
        .mayor = wording(w, "eligibility.mayor"),
        .seal = wording(w, "eligibility.seal"),
        .section = wording(w, "eligibility.section"),
        .office_postcode = wording(w, "eligibility.office_postcode"),
        .office_address = wording(w, "eligibility.office_address"),
        .phone = wording(w, "eligibility.phone"),
        .insurer_no = setting_get(w, "office.insurer_no"),
        .prefecture = wording(w, "office.prefecture"),
    };
    return insurer_number_is_valid(out->insurer_no) && out->insurer_no.n == 6
               ? OK
               : fail(&w->cx, ERR_INVALID, "eligibility.print.insurer_no", STR_FMT,
                      STR_ARG(out->insurer_no));
}

void certificate_put_head(struct form_data *d, const struct certificate_head *h)
{
    form_put_text(d, "city", h->city);
    form_put_text(d, "mayor", h->mayor);
    form_put_text(d, "seal", h->seal);
    form_put_text(d, "section", h->section);
    form_put_text(d, "office_postcode", h->office_postcode);
    form_put_text(d, "office_address", h->office_address);
    form_put_text(d, "phone", h->phone);
    form_put_text(d, "insurer_no", h->insurer_no);
}

/* --- one document
 * ----------------------------------------------------------------------------------- */

static struct str title_of(struct work *w, struct str kind)
{
    const struct str name = message_words(certificate_message(kind));
    const bool is_bare = str_is(kind, "notice") || str_is(kind, "special_notice");
    return is_bare ? name
                   : str_format(w->cx.arena, STR_FMT STR_FMT,
                                STR_ARG(message_words("eligibility.print.scheme")), STR_ARG(name));
}

void certificate_put_address(struct work *w, struct form_data *d, const struct addressee *to)
{
    const bool is_sent = to->has_address && !to->is_protected;
    const struct str building = str_or_empty(to->building);

    form_put_flag(d, "has_address", is_sent);
    form_put_text(d, "postcode", is_sent ? str_or_empty(to->postal_code) : STR(""));
    form_put_text(d, "address",
                  is_sent ? str_format(w->cx.arena, STR_FMT STR_FMT STR_FMT STR_FMT,
                                       STR_ARG(to->prefecture), STR_ARG(to->city),
                                       STR_ARG(to->town), STR_ARG(to->number))
                          : STR(""));
    form_put_text(d, "building", is_sent ? building : STR(""));
    form_put_text(d, "address_after_town",
                  is_sent ? str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(to->number),
                                       STR_ARG(building))
                          : STR(""));
    form_put_text(d, "addressee", is_sent ? to->name : STR(""));
}

static void put_face(struct form_data *d, const struct face *f)
{
    const struct held *c = f->held;
    const struct person *p = f->person;
    const bool is_away = f->used_at.n > 0 && !p->is_protected;

    form_put_text(d, "symbol", c->symbol);
    form_put_text(d, "number", c->number);
    form_put_text(d, "branch", c->branch);
    form_put_text(d, "name", c->face_name);
    form_put_text(d, "kana", str_or_empty(c->face_kana));
    form_put_text(d, "real_name", str_or_empty(c->real_name));
    form_put_text(d, "real_kana", str_or_empty(c->real_kana));
    form_put_flag(d, "has_real", c->real_name.n > 0);
    form_put_day(d, "birth", p->birth);
    form_put_text(d, "sex", message_words(sex_message(p->sex)));
    form_put_text(d, "head_name", str_or_empty(p->head_name));
    form_put_text(d, "face_address",
                  is_away ? f->used_at : str_or_empty(p->address)); /* protected: none */
    form_put_text(d, "person_no", p->person_no);
    form_put_flag(d, "is_sex_on_back", c->is_sex_on_back);
}

static void put_day(struct form_data *d, const char *name, struct ymd day)
{
    if (!ymd_is_none(day))
        form_put_day(d, name, day);
}

static void put_terms(struct form_data *d, const struct held *c, struct ymd acquired)
{
    char disease[] = "eligibility.disease.0";

    form_put_text(d, "serial", c->serial);
    form_put_day(d, "issued", c->issued);
    put_day(d, "acquired", acquired);
    put_day(d, "effective", c->effective);
    put_day(d, "valid_until", c->valid_until);
    form_put_flag(d, "has_until", !ymd_is_none(c->valid_until));
    form_put_count(d, "share", c->share);
    form_put_flag(d, "has_share", c->share > 0);
    form_put_text(d, "division",
                  c->division == DIVISION_NONE ? STR("")
                                               : message_words(division_message(c->division)));
    form_put_yen(d, "limit", c->limit);
    disease[sizeof(disease) - 2] =
        (char)('0' + (c->disease >= 1 && c->disease <= 3 ? c->disease : 0));
    form_put_text(d, "disease", c->disease > 0 ? message_words(disease) : STR(""));
    form_put_flag(d, "is_disease", c->disease > 0);
    put_day(d, "long_stay", c->long_stay);
    form_put_flag(d, "has_long_stay", !ymd_is_none(c->long_stay));
    form_put_flag(d, "is_special",
                  str_starts(c->kind, STR("special_")) || str_is(c->kind, "qualification"));
    form_put_flag(d, "is_again",
                  c->issue_count > 1 && (str_is(c->cause, "lost") || str_is(c->cause, "stolen") ||
                                         str_is(c->cause, "damaged")));
}

void certificate_fill(struct work *w, const struct certificate_head *head, const struct face *f,
                      struct form_data *out)
{
    const struct str title = title_of(w, f->held->kind);

    form_data_init(out, w->cx.arena, f->person->person_no);
    certificate_put_head(out, head);
    form_put_text(out, "title", title);
    form_put_text(out, "heading",
                  str_format(w->cx.arena, STR_FMT STR_FMT, STR_ARG(title),
                             STR_ARG(message_words("eligibility.print.heading"))));
    put_face(out, f);
    certificate_put_address(w, out, f->to);
    put_terms(out, f->held, f->acquired);
}

enum pulled certificate_pulled(const struct holder *h)
{
    if (h->to.is_protected)
        return PULLED_PROTECTED;
    if (!h->to.has_address)
        return PULLED_ADDRESS;
    return h->is_undelivered ? PULLED_UNDELIVERED : PULLED_NOT;
}

const char *pulled_message(int64_t pulled)
{
    static const char *const all[] = {"eligibility.pulled.0", "eligibility.pulled.1",
                                      "eligibility.pulled.2", "eligibility.pulled.3"};
    return all[pulled >= 0 && pulled < PULLED_KINDS ? pulled : 0];
}

/* --- layouts
 * ------------------------------------------------------------------------------------------- */

/* The layout in force: what the city adopted, else the one built in. */
int certificate_layout(struct work *w, struct str name, struct str *out)
{
    struct adopted_list adopted;
    const int result = office_adopted(w, STR("form"), &adopted);

    if (result < 0)
        return result;
    for (size_t i = 0; i < adopted.n; i++) {
        if (str_equal(adopted.rows[i].name, name)) {
            *out = adopted.rows[i].body;
            return OK;
        }
    }
    for (size_t i = 0; i < n_eligibility_forms; i++) {
        if (str_is(name, eligibility_forms[i].name)) {
            *out = (struct str){eligibility_forms[i].body, eligibility_forms[i].n};
            return OK;
        }
    }
    return fail(&w->cx, ERR_NOT_FOUND, "eligibility.print.layout", STR_FMT, STR_ARG(name));
}

/* A document is printed with the layout it was printed with. */
int certificate_layout_of(struct work *w, struct str name, struct str hash, struct str *out)
{
    struct digest d;
    struct adopted then;

    if (hash.n != sizeof(d.b))
        return certificate_layout(w, name, out);
    memcpy(d.b, hash.p, sizeof(d.b));
    const int found = office_adopted_by_hash(w, STR("form"), &d, &then);
    if (found <= 0)
        return found < 0 ? found : certificate_layout(w, name, out);
    *out = then.body;
    return OK;
}

int certificate_pack(struct work *w, const struct form_data *d, struct str *out)
{
    struct text packed;

    text_init(&packed, PRINT_BYTES);
    int result = form_data_pack(d, &packed);
    if (result >= 0) {
        *out = str_copy(w->cx.arena, text_str(&packed));
        result = out->p ? OK : certificate_memory(w);
    }
    text_release(&packed);
    return result < 0 ? error_add(&w->cx, "keep what is printed") : OK;
}

/* --- one document as a PDF
 * --------------------------------------------------------------------------------- */

/* Documents that came from another system have no values kept: those of the register and today. */
static int values_today(struct work *w, const struct held *c, struct form_data *out)
{
    struct certificate_head head;
    struct person p;
    struct addressee to;
    struct place_of_use use = {STR(""), YMD_NONE};
    struct insured_periods periods;
    int result = certificate_head_read(w, &head);

    if (result >= 0)
        result = party_person(w, c->person_id, &p);
    if (result >= 0)
        result = party_addressees(w, &c->person_id, 1, STR("eligibility"), &to);
    if (result >= 0)
        result = places_of_use(w, &c->person_id, 1, &to, &use);
    if (result >= 0)
        result = eligibility_periods(w, c->person_id, &periods);
    if (result < 0)
        return result;
    struct ymd acquired = c->issued;
    for (size_t i = 0; i < periods.n; i++) {
        if (ymd_compare(periods.rows[i].valid.from, c->issued) <= 0)
            acquired = periods.rows[i].valid.from;
    }
    certificate_fill(w, &head, &(struct face){c, &p, &to, acquired, use.line}, out);
    return OK;
}

static int values_of(struct work *w, const struct held *c, struct form_data *out,
                     struct str *layout)
{
    struct eligibility_print_of_row row;
    const struct certificate_tables *t;
    int found =
        eligibility_print_of(&w->cx, w->store, &(struct eligibility_print_of_in){c->serial}, &row);

    if (found > 0) {
        found = form_data_unpack(&w->cx, row.print_data, w->cx.arena, out);
        return found < 0 ? found : certificate_layout_of(w, row.layout, row.layout_hash, layout);
    }
    if (found >= 0)
        found = certificate_tables_read(w, &t);
    if (found >= 0)
        found = values_today(w, c, out);
    if (found < 0)
        return found;
    const struct certificate_kind *k = certificate_kind(t, c->kind);
    return certificate_layout(w, k ? k->form : STR("certificate_card"), layout);
}

int certificate_hide_address(struct work *w, int64_t person_id, struct form_data *d)
{
    struct addressee to;
    const int result = party_addressees(w, &person_id, 1, STR("eligibility"), &to);

    if (result < 0 || !to.is_protected)
        return result;
    certificate_put_address(w, d, &to);
    form_put_text(d, "face_address", STR(""));
    return OK;
}

int certificate_print_one(struct work *w, struct paper *paper, struct str layout,
                          struct form_data *d, struct text *out)
{
    struct form *form = NULL;
    int result = form_load(&w->cx, paper, "certificate.form", layout, &form);

    if (result >= 0)
        result = paper_pdf(&w->cx, paper, &(struct paper_info){form_title(form), w->today}, form, d,
                           out);
    form_free(form);
    return result < 0 ? result : OK;
}

int certificate_pdf(struct work *w, struct paper *paper, struct str serial, struct text *out)
{
    struct held c = {0};
    struct form_data d;
    struct str layout;
    int result = certificate_by_serial(w, serial, &c);

    if (result == 0)
        result =
            fail(&w->cx, ERR_NOT_FOUND, "eligibility.certificate.none", STR_FMT, STR_ARG(serial));
    if (result >= 0)
        result = audit_write(w, &(struct audit_line){.class = AUDIT_PRINT,
                                                     .person_id = c.person_id,
                                                     .purpose = STR("certificate"),
                                                     .query = serial,
                                                     .count = 1});
    if (result >= 0)
        result = values_of(w, &c, &d, &layout);
    if (result >= 0)
        result = certificate_hide_address(w, c.person_id, &d);
    if (result < 0)
        return result;
    d.whose = c.person_no;
    result = certificate_print_one(w, paper, layout, &d, out);
    return result < 0 ? error_add(&w->cx, "print certificate " STR_FMT, STR_ARG(serial)) : OK;
}

/* --- asking for one back
 * --------------------------------------------------------------------------------------- */

int certificate_recall_pdf(struct work *w, struct paper *paper, struct str serial, struct text *out)
{
    struct held c = {0};
    struct form_data d;
    struct str layout;
    struct eligibility_newest_period_list periods;
    int result = certificate_by_serial(w, serial, &c);

    if (result == 0 ||
        (result > 0 && c.state != CERTIFICATE_REPLACED && c.state != CERTIFICATE_TO_RETURN))
        result =
            fail(&w->cx, ERR_NOT_FOUND, "eligibility.return.not_open", STR_FMT, STR_ARG(serial));
    if (result >= 0)
        result = audit_write(w, &(struct audit_line){.class = AUDIT_PRINT,
                                                     .person_id = c.person_id,
                                                     .purpose = STR("certificate-recall"),
                                                     .query = serial,
                                                     .count = 1});
    if (result >= 0)
        result = values_today(w, &c, &d);
    if (result >= 0)
        result = eligibility_newest_period(&w->cx, w->store,
                                           &(struct eligibility_newest_period_in){c.person_id,
                                                                                  w->asof.known},
                                           &periods);
    if (result >= 0)
        result = certificate_layout(w, STR("certificate_recall"), &layout);
    if (result < 0)
        return result;
    const bool is_lost =
        c.state == CERTIFICATE_TO_RETURN && periods.n > 0 && !ymd_is_none(periods.rows[0].valid_to);
    form_put_text(&d, "reason",
                  message_words(is_lost ? "eligibility.print.lost" : "eligibility.print.replaced"));
    form_put_day(&d, "cause", is_lost ? periods.rows[0].valid_to : w->today);
    form_put_day(&d, "issued", w->today);
    return certificate_print_one(w, paper, layout, &d, out);
}
