/* The pages of non-residents: registered with a look at those who are like them, changed, compared
 * by two people, removed. */
#include "desk/party/entry.h"

#include <string.h>

enum { PAYLOAD_MAXIMUM = 16 * 1024 };

static const char *const kind_new = "party.payload.new";
static const char *const kind_change = "party.payload.change";
static const char *const kind_remove = "party.payload.remove";

static struct nonresident nonresident_of(const struct party_nonresident_form *f)
{
    return (struct nonresident){.is_corporation = str_is(f->kind, "corporation"),
                                .name = f->name,
                                .kana = f->kana,
                                .birth = f->birth,
                                .birth_note = f->birth_note,
                                .sex = str_is(f->sex, "1")   ? SEX_MALE
                                       : str_is(f->sex, "2") ? SEX_FEMALE
                                                             : SEX_UNKNOWN,
                                .postal_code = f->postal_code,
                                .prefecture = f->prefecture,
                                .city = f->city,
                                .town = f->town,
                                .number = f->number,
                                .building = f->building,
                                .since = f->since};
}

/* What the fields alone cannot show: no birthday and no note, days to come, a corporation's sex. */
static int check_form(struct work *w, struct party_nonresident_form *f)
{
    const bool is_corporation = str_is(f->kind, "corporation");
    int result = check_postal_code(w, &f->state, &f->postal_code);

    if (result < 0)
        return result;
    if (!is_corporation && ymd_is_none(f->birth) && f->birth_note.n == 0)
        return entry_wrong(w, &f->state, "birth", "party.nonresident.birth");
    if (is_corporation && (!ymd_is_none(f->birth) || !str_is(f->sex, "0")))
        return entry_wrong(w, &f->state, "kind", "party.nonresident.corporation");
    if (!ymd_is_none(f->birth) && ymd_compare(f->birth, w->today) > 0)
        return entry_wrong(w, &f->state, "birth", "party.entry.future");
    if (ymd_compare(f->since, w->today) > 0)
        return entry_wrong(w, &f->state, "since", "party.entry.future");
    if (!ymd_is_none(f->birth) && ymd_compare(f->since, f->birth) < 0)
        return entry_wrong(w, &f->state, "since", "party.nonresident.unborn");
    return OK;
}

/* --- those who are like him ----------------------------------------------------------------- */

static int fill_alike(struct work *w, const struct alike_list *list, int64_t but,
                      struct party_nonresident_view *v)
{
    struct party_nonresident_alike_row *rows =
        ARENA_ARRAY(w->cx.arena, list->n + 1, struct party_nonresident_alike_row);
    int result = rows ? OK : fail(&w->cx, ERR_MEMORY, "party.memory", NULL);

    for (size_t i = 0; i < list->n && result >= 0; i++) {
        const struct alike *a = &list->rows[i];
        struct person p;
        if (a->person_id == but)
            continue;
        result = party_person(w, a->person_id, &p);
        if (result >= 0)
            rows[v->n_alike++] =
                (struct party_nonresident_alike_row){p.person_no,
                                                     p.name,
                                                     p.kana,
                                                     p.birth,
                                                     p.is_nonresident ? "party.kind.nonresident"
                                                     : p.is_resident  ? "party.kind.resident"
                                                                      : "party.kind.gone",
                                                     a->items,
                                                     a->items == 5};
    }
    v->alike = rows;
    return result;
}

/* Whoever is alike stands in the log: his name is shown. */
static int look_alike(struct work *w, const struct party_nonresident_form *f, int64_t but,
                      struct party_nonresident_view *v)
{
    const struct nonresident n = nonresident_of(f);
    struct alike_list list;
    int result = party_alike(w, &n, &list);

    if (result >= 0)
        result = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                     .purpose = STR("party.alike"),
                                                     .query = f->name,
                                                     .count = (int64_t)list.n});
    return result < 0 ? result : fill_alike(w, &list, but, v);
}

/* --- registering ---------------------------------------------------------------------------- */

int party_nonresident_new_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct party_nonresident_form form;
    const struct party_nonresident_view v = {.person_no = STR(""), .nonresident = &form};

    (void)w;
    party_nonresident_form_init(&form);
    rp->shows_nobody = true;
    party_page_nonresident(&rp->body, rq->frame, &v);
    return OK;
}

static void head(struct text *out, const char *what, const struct person *p)
{
    if (p)
        entry_head(out, what, p);
    else
        payload_line(out, message_words("party.payload.what"), message_words(what));
}

/* The number is given when the entry is applied: the search shows him. */
static int find_him(struct request *rq, struct reply *rp, struct str kana)
{
    struct html link;

    html_init(&link);
    html_url(&link, kana);
    const int result =
        reply_redirect(rq, rp, "/party/search?q=" STR_FMT, STR_ARG(text_str(&link.text)));
    html_release(&link);
    return result;
}

static int send_form(struct work *w, struct request *rq, struct reply *rp,
                     const struct party_nonresident_form *form, const struct person *p)
{
    struct event e = work_event(w, p ? "party.nonresident_change" : "party.nonresident");
    struct text payload;

    e.effective = form->since;
    e.person_id = p ? p->person_id : 0;
    e.reason = form->reason;
    text_init(&payload, PAYLOAD_MAXIMUM);
    head(&payload, p ? kind_change : kind_new, p);
    payload_add(&payload, &party_nonresident_shape, form);
    int result = entry_send(w, &e, &payload, rq, rp, p ? p->person_no : STR(""));
    text_release(&payload);
    return result < 0 || p ? result : find_him(rq, rp, form->kana);
}

int party_nonresident_new_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct party_nonresident_form form;
    struct party_nonresident_view v = {.person_no = STR(""), .nonresident = &form};
    int result = party_nonresident_form_read(&w->cx, rq, &form);

    if (result >= 0)
        result = check_form(w, &form);
    if (result >= 0)
        result = look_alike(w, &form, 0, &v);
    if (result >= 0 && v.n_alike > 0 && !form.is_other)
        result = entry_wrong(w, &form.state, "is_other", "party.nonresident.alike");
    if (entry_is_wrong(w, rp, result)) {
        rp->shows_nobody = w->looks == 0;
        party_page_nonresident(&rp->body, rq->frame, &v);
        return OK;
    }
    return result < 0 ? result : send_form(w, rq, rp, &form, NULL);
}

/* --- changing ------------------------------------------------------------------------------- */

static int fill_address(struct work *w, const struct person *p, struct party_nonresident_form *f)
{
    struct party_person_addresses_list list;
    const int result =
        party_person_addresses(&w->cx, w->store,
                               &(struct party_person_addresses_in){p->person_id, KNOWN_NOW}, &list);

    for (size_t i = 0; i < list.n && result >= 0 && !p->is_protected; i++) {
        const struct party_person_addresses_row *r = &list.rows[i];
        if (!str_is(r->kind, "nonresident") || !ymd_is_none(r->valid_to))
            continue;
        f->postal_code = r->postal_code;
        f->prefecture = r->prefecture;
        f->city = r->city;
        f->town = r->town;
        f->number = r->number;
        f->building = r->building;
    }
    return result;
}

/* Filled with what is known; the address of somebody protected stays empty and is written anew. */
static int fill_known(struct work *w, const struct person *p, struct party_nonresident_form *f)
{
    struct party_person_identities_row row;
    const int result =
        party_person_identities(&w->cx, w->store,
                                &(struct party_person_identities_in){p->person_id, KNOWN_NOW},
                                &row);

    party_nonresident_form_init(f);
    if (result <= 0)
        return result < 0 ? result : fail(&w->cx, ERR_NOT_FOUND, "party.person.none", NULL);
    f->kind = row.kind;
    f->name = p->name;
    f->kana = p->kana;
    f->birth = row.birth_ymd;
    f->birth_note = row.birth_note;
    f->sex = row.sex;
    return fill_address(w, p, f);
}

static int find_nonresident(struct work *w, struct str person_no, struct person *out)
{
    const int result = entry_person(w, person_no, out);

    if (result >= 0 && !out->is_nonresident)
        return fail(&w->cx, ERR_INVALID, "party.nonresident.not_one", NULL);
    return result;
}

int party_nonresident_change_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct party_nonresident_form form;
    struct person p;
    int result = find_nonresident(w, rq->part[0], &p);

    if (result >= 0)
        result = fill_known(w, &p, &form);
    if (result >= 0)
        result = event_last(&w->cx, w->store, &form.state.read_at);
    if (result < 0)
        return result;
    const struct party_nonresident_view v = {.person_no = p.person_no, .nonresident = &form};
    party_page_nonresident(&rp->body, rq->frame, &v);
    return OK;
}

int party_nonresident_change_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct party_nonresident_form form;
    struct person p;
    int result = find_nonresident(w, rq->part[0], &p);

    if (result < 0)
        return result;
    struct party_nonresident_view v = {.person_no = p.person_no, .nonresident = &form};
    result = party_nonresident_form_read(&w->cx, rq, &form);
    if (result >= 0)
        result = check_form(w, &form);
    if (result >= 0)
        result = look_alike(w, &form, p.person_id, &v);
    if (result >= 0 && v.n_alike > 0 && !form.is_other)
        result = entry_wrong(w, &form.state, "is_other", "party.nonresident.alike");
    if (entry_is_wrong(w, rp, result)) {
        party_page_nonresident(&rp->body, rq->frame, &v);
        return OK;
    }
    if (result >= 0)
        result = entry_unchanged(w, p.person_id, form.state.read_at);
    return result < 0 ? result : send_form(w, rq, rp, &form, &p);
}

/* --- compared with the network's terminal; removed ------------------------------------------- */

static const char *sex_word(enum sex sex)
{
    return sex == SEX_MALE ? "party.sex.1" : sex == SEX_FEMALE ? "party.sex.2" : "party.sex.0";
}

static int show_word(struct work *w, struct request *rq, struct reply *rp, bool is_removal,
                     const struct party_nonresident_word_form *form)
{
    struct party_nonresident_form known;
    struct person p;
    int result = find_nonresident(w, rq->part[0], &p);

    if (result >= 0)
        result = fill_known(w, &p, &known);
    if (result < 0)
        return result;
    const struct place place = {known.prefecture, known.city, known.town, known.number,
                                known.building};
    const struct party_nonresident_word_view v = {.person_no = p.person_no,
                                                  .name = p.name,
                                                  .kana = p.kana,
                                                  .birth = p.birth,
                                                  .sex = sex_word(p.sex),
                                                  .hidden = p.is_protected,
                                                  .address = place_line(w->cx.arena, &place),
                                                  .is_removal = is_removal,
                                                  .nonresident_word = form};
    party_page_nonresident_word(&rp->body, rq->frame, &v);
    return OK;
}

static int open_word(struct work *w, struct request *rq, struct reply *rp, bool is_removal)
{
    struct party_nonresident_word_form form;

    party_nonresident_word_form_init(&form);
    const int result = event_last(&w->cx, w->store, &form.state.read_at);
    return result < 0 ? result : show_word(w, rq, rp, is_removal, &form);
}

int party_nonresident_word_page(struct work *w, struct request *rq, struct reply *rp)
{
    return open_word(w, rq, rp, false);
}

int party_nonresident_remove_page(struct work *w, struct request *rq, struct reply *rp)
{
    return open_word(w, rq, rp, true);
}

static int send_word(struct work *w, struct request *rq, struct reply *rp, bool is_removal,
                     const struct party_nonresident_word_form *form)
{
    struct person p;
    struct text payload;
    int result = find_nonresident(w, rq->part[0], &p);

    if (result >= 0)
        result = entry_unchanged(w, p.person_id, form->state.read_at);
    if (result < 0)
        return result;
    struct event e =
        work_event(w, is_removal ? "party.nonresident_change" : "party.nonresident_confirm");
    e.person_id = p.person_id;
    e.reason = form->reason;
    text_init(&payload, PAYLOAD_MAXIMUM);
    entry_head(&payload, is_removal ? kind_remove : "party.payload.confirm", &p);
    payload_add(&payload, &party_nonresident_word_shape, form);
    result = entry_send(w, &e, &payload, rq, rp, p.person_no);
    text_release(&payload);
    return result;
}

static int save_word(struct work *w, struct request *rq, struct reply *rp, bool is_removal)
{
    struct party_nonresident_word_form form;
    const int result = party_nonresident_word_form_read(&w->cx, rq, &form);

    if (entry_is_wrong(w, rp, result))
        return show_word(w, rq, rp, is_removal, &form);
    return result < 0 ? result : send_word(w, rq, rp, is_removal, &form);
}

int party_nonresident_confirm_save(struct work *w, struct request *rq, struct reply *rp)
{
    return save_word(w, rq, rp, false);
}

int party_nonresident_remove_save(struct work *w, struct request *rq, struct reply *rp)
{
    return save_word(w, rq, rp, true);
}

/* --- applied -------------------------------------------------------------------------------- */

static int apply_form(struct party_batch *b, const struct event *e, struct str payload)
{
    struct work *w = batch_work(b);
    struct party_nonresident_form form;
    int64_t id = e->person_id;
    int result = payload_read(w, &party_nonresident_shape, payload, &form);

    if (result >= 0)
        result = check_form(w, &form);
    if (result < 0)
        return result;
    const struct nonresident n = nonresident_of(&form);
    return id == 0 ? party_nonresident_open(b, e->no, &n, true, &id)
                   : party_nonresident_change(b, e->no, id, &n);
}

int party_apply_nonresident(struct work *w, const struct event *e, struct str payload)
{
    struct party_batch *b = NULL;
    const struct str what = payload_value(payload, message_words("party.payload.what"));
    int result = party_batch_new(w, &b);

    if (result >= 0)
        result = str_equal(what, message_words(kind_remove))
                     ? party_nonresident_remove(b, e->no, e->person_id)
                     : apply_form(b, e, payload);
    if (result >= 0)
        result = party_batch_write(w, b);
    party_batch_free(b);
    return result;
}

/* Two people, whatever the setting says. */
int party_apply_confirmation(struct work *w, const struct event *e, struct str payload)
{
    struct party_batch *b = NULL;
    const bool are_two = e->checked_by != 0 && e->checked_by != e->entered_by;
    int result =
        are_two ? party_batch_new(w, &b) : fail(&w->cx, ERR_DENIED, "party.nonresident.two", NULL);

    (void)payload;
    if (result >= 0)
        result = party_nonresident_confirm(b, e->no, e->person_id);
    if (result >= 0)
        result = party_batch_write(w, b);
    party_batch_free(b);
    return result;
}
