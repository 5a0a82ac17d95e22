/* Letters that ask, and papers to fill in: purpose and law are printed, only what is needed asked.
 */
#include "desk/eligibility/inquiry.h"
#include "desk/eligibility/certificate_inner.h"
#include "eligibility_pages.h"

extern const unsigned char data_inquiries[];
extern const size_t data_inquiries_size;

enum { KINDS_MOST = 40, PDF_BYTES = 16 << 20, DUE_DAYS = 14 };

/* Papers that anybody may have; the layout's samples fill its sample. */
static const char *const blanks[] = {"change_notice"};

/* --- what may be asked ---------------------------------------------------------------------------
 */

int inquiry_kinds(struct work *w, struct inquiry_kinds *out)
{
    struct str rest = {(const char *)data_inquiries, data_inquiries_size};

    *out = (struct inquiry_kinds){ARENA_ARRAY(w->cx.arena, KINDS_MOST, struct inquiry_kind), 0};
    if (!out->rows)
        return certificate_memory(w);
    while (rest.n > 0 && out->n < KINDS_MOST) {
        struct str line = str_cut(&rest, '\n');
        if (line.n == 0 || line.p[0] == '#')
            continue;
        struct inquiry_kind *k = &out->rows[out->n++];
        k->kind = str_cut(&line, '\t');
        k->title = str_cut(&line, '\t');
        k->purpose = str_cut(&line, '\t');
        k->law = str_cut(&line, '\t');
        k->items = line;
    }
    return OK;
}

/* 1 found, 0 not. */
static int kind_find(struct work *w, struct str kind, struct inquiry_kind *out)
{
    struct inquiry_kinds all;
    const int result = inquiry_kinds(w, &all);

    for (size_t i = 0; result >= 0 && i < all.n; i++) {
        if (str_equal(all.rows[i].kind, kind)) {
            *out = all.rows[i];
            return 1;
        }
    }
    return result < 0 ? result : 0;
}

/* --- the letter
 * ------------------------------------------------------------------------------------ */

static void put_items(struct form_data *d, struct str items)
{
    while (items.n > 0) {
        struct str example = str_cut(&items, '|');
        struct form_data *item = form_item(d, "items");
        form_put_text(item, "label", str_cut(&example, '='));
        form_put_text(item, "example", str_or_empty(example));
    }
}

/* The place of somebody under protection is not told to anybody (party_person gives none). */
static void put_person(struct work *w, struct form_data *d, const struct person *p,
                       struct str prefecture)
{
    const struct str place = str_or_empty(p->address);

    form_put_text(d, "name", p->name);
    form_put_text(d, "kana", str_or_empty(p->kana));
    if (!ymd_is_none(p->birth))
        form_put_day(d, "birth", p->birth);
    form_put_text(d, "person_address",
                  place.n == 0 ? place
                               : str_format(w->cx.arena, STR_FMT STR_FMT, STR_ARG(prefecture),
                                            STR_ARG(place)));
    form_put_text(d, "person_no", p->person_no);
}

static int fill_letter(struct work *w, const struct inquiry *q, const struct inquiry_kind *k,
                       struct form_data *d)
{
    struct certificate_head head;
    struct person p;
    int result = certificate_head_read(w, &head);

    if (result >= 0)
        result = party_person(w, q->person_id, &p);
    if (result < 0)
        return result;
    form_data_init(d, w->cx.arena, p.person_no);
    certificate_put_head(d, &head);
    put_person(w, d, &p, str_or_empty(head.prefecture));
    form_put_text(d, "to", q->to);
    form_put_day(d, "due", q->due);
    form_put_day(d, "issued", w->today);
    form_put_text(d, "title", k->title);
    form_put_text(d, "purpose", k->purpose);
    form_put_text(d, "law", k->law);
    put_items(d, k->items);
    return OK;
}

static int print_form(struct work *w, struct paper *paper, struct str name, struct form_data *d,
                      struct text *out)
{
    struct form *form = NULL;
    struct str layout;
    int result = certificate_layout(w, name, &layout);

    if (result >= 0)
        result = form_load(&w->cx, paper, "eligibility.form", layout, &form);
    if (result >= 0)
        result = paper_pdf(&w->cx, paper, &(struct paper_info){form_title(form), w->today}, form, d,
                           out);
    form_free(form);
    return result < 0 ? result : OK;
}

int inquiry_pdf(struct work *w, struct paper *paper, const struct inquiry *q, struct text *out)
{
    struct inquiry_kind k;
    struct form_data d;
    int result = kind_find(w, q->kind, &k);

    if (result == 0)
        result = fail(&w->cx, ERR_INVALID, "eligibility.inquiry.kind", STR_FMT, STR_ARG(q->kind));
    if (result >= 0 && str_trim(q->to).n == 0)
        result = fail(&w->cx, ERR_INVALID, "eligibility.inquiry.to", NULL);
    if (result >= 0 && (ymd_is_none(q->due) || ymd_compare(q->due, w->today) <= 0))
        result = fail(&w->cx, ERR_INVALID, "eligibility.inquiry.due", NULL);
    if (result >= 0)
        result = audit_write(w, &(struct audit_line){.class = AUDIT_PRINT,
                                                     .person_id = q->person_id,
                                                     .purpose = k.purpose,
                                                     .query = q->to,
                                                     .count = 1});
    if (result >= 0)
        result = fill_letter(w, q, &k, &d);
    if (result >= 0)
        result = print_form(w, paper, STR("inquiry_letter"), &d, out);
    return result < 0 ? error_add(&w->cx, "print a letter that asks") : OK;
}

/* --- papers to fill in
 * --------------------------------------------------------------------------------- */

static int fill_blank(struct work *w, struct paper *paper, struct str name, bool is_sample,
                      struct form_data *d)
{
    struct form *form = NULL;
    struct str layout;
    int result = certificate_layout(w, name, &layout);

    form_data_init(d, w->cx.arena, name);
    if (result >= 0 && is_sample)
        result = form_load(&w->cx, paper, "eligibility.form", layout, &form);
    if (result >= 0 && is_sample)
        result = form_sample(&w->cx, form, d);
    form_put_text(d, "city", office_city_name(w->office));
    form_put_flag(d, "is_sample", is_sample);
    form_free(form);
    return result < 0 ? result : OK;
}

int blank_pdf(struct work *w, struct paper *paper, struct str name, bool is_sample,
              struct text *out)
{
    struct form_data d;

    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
        if (!str_is(name, blanks[i]))
            continue;
        const int result = fill_blank(w, paper, name, is_sample, &d);
        return result < 0 ? result : print_form(w, paper, name, &d, out);
    }
    return fail(&w->cx, ERR_NOT_FOUND, "page.not_found", STR_FMT, STR_ARG(name));
}

/* --- pages
 * --------------------------------------------------------------------------------------------- */

static int person_of(struct work *w, const struct request *rq, struct person *p)
{
    int64_t id = 0;
    const int found = party_person_by_no(w, rq->part[0], &id);

    if (found <= 0)
        return found < 0 ? found : fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    return party_person(w, id, p);
}

static int show(struct work *w, struct request *rq, struct reply *rp,
                const struct eligibility_inquiry_form *form)
{
    struct person p;
    struct inquiry_kinds all;
    struct eligibility_inquiry_view v = {.inquiry = form};
    int result = person_of(w, rq, &p);

    if (result >= 0)
        result = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                     .person_id = p.person_id,
                                                     .household_id = p.household_id,
                                                     .purpose = STR("eligibility.inquiry"),
                                                     .count = 1});
    if (result >= 0)
        result = inquiry_kinds(w, &all);
    if (result < 0)
        return result;
    struct page_option_view *rows = ARENA_ARRAY(w->cx.arena, all.n + 1, struct page_option_view);
    if (!rows)
        return certificate_memory(w);
    for (size_t i = 0; i < all.n; i++)
        rows[i] = (struct page_option_view){all.rows[i].kind, all.rows[i].title};
    v.person_no = p.person_no;
    v.name = p.name;
    v.kinds = rows;
    v.n_kinds = all.n;
    eligibility_page_inquiry(&rp->body, rq->frame, &v);
    return OK;
}

int inquiry_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct eligibility_inquiry_form form;

    form_init(&eligibility_inquiry_shape, &form);
    form.due = ymd_add(w->today, DUE_DAYS);
    return show(w, rq, rp, &form);
}

static int reply_pdf(struct work *w, struct reply *rp, int result, struct text *pdf,
                     struct str name)
{
    const struct str bytes = result < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(pdf));

    text_release(pdf);
    if (result < 0 || !bytes.p)
        return result < 0 ? result : certificate_memory(w);
    reply_file(rp, "application/pdf", bytes, str_format(w->cx.arena, STR_FMT ".pdf", STR_ARG(name)),
               true);
    return OK;
}

int inquiry_pdf_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct eligibility_inquiry_form form;
    struct paper *paper = NULL;
    struct person p;
    struct text pdf;
    int result = eligibility_inquiry_form_read(&w->cx, rq, &form);

    if (result == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show(w, rq, rp, &form);
    }
    if (result >= 0)
        result = person_of(w, rq, &p);
    if (result >= 0)
        result = office_paper(w, &paper);
    if (result < 0)
        return result;
    const struct inquiry q = {p.person_id, str_or_empty(form.kind), str_or_empty(form.to),
                              form.due};
    text_init(&pdf, PDF_BYTES);
    result = inquiry_pdf(w, paper, &q, &pdf);
    return reply_pdf(w, rp, result, &pdf, p.person_no);
}

int papers_page(struct work *w, struct request *rq, struct reply *rp)
{
    enum { N = sizeof(blanks) / sizeof(blanks[0]) };
    struct eligibility_papers_papers_row rows[N];

    for (size_t i = 0; i < N; i++) {
        const struct str id = str_format(w->cx.arena, "eligibility.paper.%s", blanks[i]);
        const struct message *m = id.p ? message_find(id.p) : NULL;
        rows[i] = (struct eligibility_papers_papers_row){str_of(blanks[i]),
                                                         m ? str_of(m->text) : str_of(blanks[i])};
    }
    eligibility_page_papers(&rp->body, rq->frame,
                            &(struct eligibility_papers_view){.papers = rows, .n_papers = N});
    return OK;
}

int paper_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct paper *paper = NULL;
    struct text pdf;
    int result = office_paper(w, &paper);

    if (result < 0)
        return result;
    text_init(&pdf, PDF_BYTES);
    result = blank_pdf(w, paper, rq->part[0], str_is(rq->part[1], "sample"), &pdf);
    return reply_pdf(w, rp, result, &pdf, rq->part[0]);
}
