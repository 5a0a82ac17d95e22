/* Sending addresses (送付先) and contacts. */
#include "desk/party/entry.h"

#include <stddef.h>

/* --- shared by the sections ----------------------------------------------------------------- */

int check_span(struct work *w, struct form_state *state, struct ymd from, struct ymd to)
{
    if (!ymd_is_none(to) && ymd_compare(to, from) <= 0)
        return entry_wrong(w, state, "to", "party.entry.span");
    return OK;
}

int to_half(struct work *w, struct str *s)
{
    struct text half;

    text_init(&half, 512);
    const int result = width_to_half(&half, *s);
    *s = str_copy(w->cx.arena, text_str(&half));
    text_release(&half);
    return result < 0 || !s->p ? fail(&w->cx, ERR_MEMORY, "party.memory", NULL) : OK;
}

/* 160-0023, １６０００２３: seven digits are kept. */
int check_postal_code(struct work *w, struct form_state *state, struct str *code)
{
    char *digits = arena_alloc(w->cx.arena, 8);
    size_t n = 0;

    if (!digits)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    if (code->n == 0)
        return OK;
    const int result = to_half(w, code);
    if (result < 0)
        return result;
    for (size_t i = 0; i < code->n && n < 8; i++) {
        if (code->p[i] >= '0' && code->p[i] <= '9')
            digits[n++] = code->p[i];
        else if (code->p[i] != '-')
            n = 8;
    }
    if (n != 7)
        return entry_wrong(w, state, "postal_code", "party.entry.postal_code");
    *code = (struct str){digits, 7};
    return OK;
}

/* --- sending addresses ---------------------------------------------------------------------- */

static void sending_page(struct html *h, const struct frame *f, const struct person *p,
                         const void *form)
{
    const struct party_sending_view v = {p->person_no, p->name, form};
    party_page_sending(h, f, &v);
}

static int read_addresses(struct work *w, int64_t person_id,
                          struct party_person_addresses_list *list)
{
    return party_person_addresses(&w->cx, w->store,
                                  &(struct party_person_addresses_in){person_id, KNOWN_NOW}, list);
}

/* One business has one sending address at a time. */
static bool rivals(const struct party_person_addresses_row *r, const struct party_sending_form *f)
{
    return str_is(r->kind, "sending") && str_equal(r->business, f->business) &&
           span_reaches((struct span){r->valid_from, r->valid_to}, f->from);
}

static int sending_check(struct work *w, const struct person *p, void *form)
{
    struct party_sending_form *f = form;
    struct party_person_addresses_list list;
    int result = check_postal_code(w, &f->state, &f->postal_code);

    if (result >= 0)
        result = check_span(w, &f->state, f->from, f->to);
    if (result >= 0)
        result = read_addresses(w, p->person_id, &list);
    for (size_t i = 0; i < list.n && result >= 0; i++) {
        if (rivals(&list.rows[i], f) && ymd_compare(list.rows[i].valid_from, f->from) >= 0)
            return entry_wrong(w, &f->state, "from", "party.entry.later");
    }
    return result;
}

static int trim_address(struct party_batch *b, int64_t event_no, int64_t person_id,
                        const struct party_person_addresses_row *r, struct span valid)
{
    const struct address_fact f = {.person_id = person_id,
                                   .kind = "sending",
                                   .business = r->business,
                                   .postal_code = r->postal_code,
                                   .city_code = r->city_code,
                                   .town_code = r->town_code,
                                   .prefecture = r->prefecture,
                                   .city = r->city,
                                   .town = r->town,
                                   .number = r->number,
                                   .building = r->building,
                                   .addressee = r->addressee,
                                   .valid = valid};
    const int result = party_close(b, PARTY_ADDRESS, r->address_id, event_no);

    return result < 0 || span_is_empty(valid) ? result : party_open_address(b, event_no, &f, NULL);
}

static int sending_open(struct work *w, struct party_batch *b, int64_t event_no,
                        const struct person *p, const void *form)
{
    const struct party_sending_form *s = form;
    const struct address_fact f = {.person_id = p->person_id,
                                   .kind = "sending",
                                   .business = s->business,
                                   .postal_code = s->postal_code,
                                   .prefecture = s->prefecture,
                                   .city = s->city,
                                   .town = s->town,
                                   .number = s->number,
                                   .building = s->building,
                                   .addressee = s->addressee,
                                   .valid = {s->from, s->to}};
    struct party_person_addresses_list list;
    int result = read_addresses(w, p->person_id, &list);

    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const struct party_person_addresses_row *r = &list.rows[i];
        if (rivals(r, s))
            result =
                trim_address(b, event_no, p->person_id, r, (struct span){r->valid_from, s->from});
    }
    return result < 0 ? result : party_open_address(b, event_no, &f, NULL);
}

/* In words, without the place: what is ended may belong to somebody protected. */
static int sending_find(struct work *w, int64_t person_id, int64_t row, struct entered *out)
{
    struct party_person_addresses_list list;
    const int result = read_addresses(w, person_id, &list);

    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const struct party_person_addresses_row *r = &list.rows[i];
        if (r->address_id != row || !str_is(r->kind, "sending"))
            continue;
        const struct str business = word_of(w->cx.arena, "party.business.", r->business);
        *out = (struct entered){row, person_id, business, {r->valid_from, r->valid_to}, r};
        return 1;
    }
    return result < 0 ? result : 0;
}

static int sending_trim(struct work *w, struct party_batch *b, int64_t event_no,
                        const struct entered *what, struct span valid)
{
    (void)w;
    return trim_address(b, event_no, what->person_id, what->fact, valid);
}

const struct section section_sending = {.name = "sending",
                                        .label = "party.section.sending",
                                        .shape = &party_sending_shape,
                                        .from_offset = offsetof(struct party_sending_form, from),
                                        .page = sending_page,
                                        .check = sending_check,
                                        .open = sending_open,
                                        .find = sending_find,
                                        .trim = sending_trim};

/* --- contacts ------------------------------------------------------------------------------- */

static void contact_page(struct html *h, const struct frame *f, const struct person *p,
                         const void *form)
{
    const struct party_contact_view v = {p->person_no, p->name, form};
    party_page_contact(h, f, &v);
}

static bool is_phone(struct str s)
{
    size_t digits = 0;

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= '0' && s.p[i] <= '9')
            digits++;
        else if (s.p[i] != '-')
            return false;
    }
    return digits >= 10 && digits <= 11 && s.p[0] == '0';
}

static bool is_mail(struct str s)
{
    struct str domain = s;
    const struct str user = str_cut(&domain, '@');

    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7F)
            return false;
    }
    return user.n > 0 && domain.n > 2;
}

static int contact_check(struct work *w, const struct person *p, void *form)
{
    struct party_contact_form *f = form;
    const int result = to_half(w, &f->value);

    (void)p;
    if (result < 0)
        return result;
    if (str_is(f->kind, "mail") ? !is_mail(f->value) : !is_phone(f->value))
        return entry_wrong(w, &f->state, "value", "party.entry.contact");
    return check_span(w, &f->state, f->from, f->to);
}

static int contact_open(struct work *w, struct party_batch *b, int64_t event_no,
                        const struct person *p, const void *form)
{
    const struct party_contact_form *c = form;
    const char *kind = str_c(w->cx.arena, c->kind);

    if (!kind)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    const struct contact_fact f = {.person_id = p->person_id,
                                   .kind = kind,
                                   .value = c->value,
                                   .source = c->source,
                                   .note = c->note,
                                   .valid = {c->from, c->to}};
    return party_open_contact(b, event_no, &f, NULL);
}

static int contact_find(struct work *w, int64_t person_id, int64_t row, struct entered *out)
{
    struct party_person_contacts_list list;
    const int result =
        party_person_contacts(&w->cx, w->store,
                              &(struct party_person_contacts_in){person_id, KNOWN_NOW}, &list);

    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const struct party_person_contacts_row *r = &list.rows[i];
        if (r->contact_id != row)
            continue;
        const struct str kind = word_of(w->cx.arena, "party.contact.", r->kind);
        *out = (struct entered){row, person_id, kind, {r->valid_from, r->valid_to}, r};
        return 1;
    }
    return result < 0 ? result : 0;
}

static int contact_trim(struct work *w, struct party_batch *b, int64_t event_no,
                        const struct entered *what, struct span valid)
{
    const struct party_person_contacts_row *r = what->fact;
    const char *kind = str_c(w->cx.arena, r->kind);
    int result = party_close(b, PARTY_CONTACT, r->contact_id, event_no);

    if (result >= 0 && !kind)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    const struct contact_fact f = {.person_id = what->person_id,
                                   .kind = kind,
                                   .value = r->value,
                                   .source = r->source,
                                   .note = r->note,
                                   .valid = valid};
    return result < 0 || span_is_empty(valid) ? result : party_open_contact(b, event_no, &f, NULL);
}

const struct section section_contact = {.name = "contact",
                                        .label = "party.section.contact",
                                        .shape = &party_contact_shape,
                                        .from_offset = offsetof(struct party_contact_form, from),
                                        .page = contact_page,
                                        .check = contact_check,
                                        .open = contact_open,
                                        .find = contact_find,
                                        .trim = contact_trim};
