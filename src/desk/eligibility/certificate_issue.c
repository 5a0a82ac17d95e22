/* Issuing certificates: what is asked for becomes rows of the register, with a serial each. */
#include "desk/eligibility/certificate_inner.h"

enum { SERIAL_DIGITS = 9, ORDER_FIELDS = 11, ORDERS_MAX = 64 };

/* One issue in hand. */
struct issue {
    struct work *w;
    int64_t event_no;
    const struct certificate_tables *tables;
    struct holders people;
    struct eligibility_issued_counts_list counts;
    struct certificate_order *orders;
    size_t n;
    int64_t first_serial;
    struct eligibility_certificate *rows;
    const struct holder **holder; /* of each order */
    struct certificate_head head;
    struct str form, layout; /* the layout read last: a renewal prints thousands on one */
};

static int refuse(struct issue *x, const struct holder *h, const char *what)
{
    return fail(&x->w->cx, ERR_INVALID, what, STR_FMT, STR_ARG(h->person_no));
}

static const struct holder *holder_of(const struct issue *x, int64_t person_id)
{
    size_t low = 0, high = x->people.n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (x->people.rows[middle].person_id < person_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < x->people.n && x->people.rows[low].person_id == person_id ? &x->people.rows[low]
                                                                           : NULL;
}

static int64_t count_of(const struct issue *x, int64_t person_id, struct str family)
{
    for (size_t i = 0; i < x->counts.n; i++) {
        if (x->counts.rows[i].person_id == person_id && str_equal(x->counts.rows[i].family, family))
            return x->counts.rows[i].n;
    }
    return 0;
}

static bool is_lost(struct str cause)
{
    return str_is(cause, "lost") || str_is(cause, "stolen") || str_is(cause, "damaged");
}

static bool cause_is_known(struct str cause)
{
    static const char *const causes[] = {"new",     "renewal", "lost", "damaged", "stolen", "name",
                                         "address", "number",  "kind", "wish",    "share"};

    for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
        if (str_is(cause, causes[i]))
            return true;
    }
    return false;
}

/* --- what may be issued
 * ------------------------------------------------------------------------------ */

static bool kind_is_chosen(const struct issue *x, const struct holder *h,
                           const struct certificate_kind *k)
{
    if (!str_is(k->family, "main"))
        return true; /* asked for by the person; nothing is decided for him */
    return str_equal(certificate_choose(x->tables, h, x->w->today)->kind, k->name);
}

static int check_limit(struct issue *x, const struct holder *h, struct certificate_order *o)
{
    if (o->division == DIVISION_NONE)
        o->division = h->judged.division;
    /* the lower price of meals alone is not held back by arrears */
    if (h->arrears.blocks_limits && !str_is(o->kind, "reduction") &&
        !holder_is_elderly(h, x->w->today))
        return refuse(x, h, "eligibility.issue.arrears");
    return division_is_decided(o->division) ? OK : refuse(x, h, "eligibility.issue.division");
}

static int check_disease(struct issue *x, const struct holder *h, struct certificate_order *o)
{
    if (o->disease < 1 || o->disease > 3)
        return refuse(x, h, "eligibility.issue.disease");
    if (o->division == DIVISION_NONE)
        o->division = h->judged.division;
    const struct disease_case k = {o->disease, o->division, h->birth, x->w->today};
    const int result = o->limit.n == 0 ? disease_limit(x->w, &k, &o->limit) : OK;
    if (result < 0 || o->limit.n == 0)
        return result < 0 ? result : refuse(x, h, "eligibility.issue.division");
    const int is_one = disease_limit_is_one(x->w, &k, o->limit);
    return is_one < 0 ? is_one : is_one > 0 ? OK : refuse(x, h, "eligibility.issue.disease");
}

static int check_share(struct issue *x, const struct certificate_kind *k, const struct holder *h,
                       struct certificate_order *o)
{
    if (!k->has_share || !holder_is_elderly(h, x->w->today)) {
        o->share = 0;
        return OK;
    }
    if (o->share == 0)
        o->share = holder_share(h);
    return o->share == 2 || o->share == 3 ? OK : refuse(x, h, "eligibility.issue.share");
}

static int check_kind(struct issue *x, const struct holder *h, struct certificate_order *o)
{
    if (!o->kind.n)
        o->kind = certificate_choose(x->tables, h, x->w->today)->kind;
    const struct certificate_kind *k = certificate_kind(x->tables, o->kind);
    if (!k)
        return refuse(x, h, "eligibility.issue.kind_unknown");
    const char *ended = certificate_kind_refused(k, x->w->today);
    if (ended)
        return refuse(x, h, ended);
    if (!kind_is_chosen(x, h, k) && str_trim(o->why).n == 0)
        return refuse(x, h, "eligibility.issue.why");
    if (str_is(k->name, "elderly") && !holder_is_elderly(h, x->w->today))
        return refuse(x, h, "eligibility.issue.not_elderly");
    const int result = check_share(x, k, h, o);
    if (result < 0)
        return result;
    if (str_is(k->family, "limit"))
        return check_limit(x, h, o);
    return str_is(k->family, "disease") ? check_disease(x, h, o) : OK;
}

static int check_until(struct issue *x, const struct holder *h, struct certificate_order *o)
{
    const struct certificate_kind *k = certificate_kind(x->tables, o->kind);
    const struct ymd most = certificate_until(x->tables, k, h, x->w->today);

    if (ymd_is_none(o->valid_until))
        o->valid_until = most;
    if (!ymd_is_none(most) && ymd_compare(o->valid_until, most) > 0)
        return refuse(x, h, "eligibility.issue.too_long");
    return !ymd_is_none(o->valid_until) && ymd_compare(o->valid_until, x->w->today) < 0
               ? refuse(x, h, "eligibility.issue.over")
               : OK;
}

static int check_order(struct issue *x, const struct holder *h, struct certificate_order *o)
{
    if (ymd_is_none(h->acquired))
        return refuse(x, h, "eligibility.issue.not_insured");
    if (!h->symbol.p || !h->number.p || !h->branch.p)
        return refuse(x, h, "eligibility.issue.no_number");
    const int result = check_kind(x, h, o);
    if (result < 0)
        return result;
    if (!o->cause.n)
        o->cause =
            count_of(x, h->person_id, certificate_family(o->kind)) ? STR("renewal") : STR("new");
    if (!cause_is_known(o->cause))
        return refuse(x, h, "eligibility.issue.cause");
    return check_until(x, h, o);
}

/* --- rows
 * ------------------------------------------------------------------------------------------------
 */

static struct ymd effective_of(const struct certificate_order *o, const struct certificate_kind *k,
                               const struct holder *h, struct ymd today)
{
    const struct ymd day = o->terms ? o->terms->effective : certificate_effective(k, h, today);
    const bool is_newly = str_is(o->cause, "share") || str_is(o->cause, "renewal");

    /* the share printed holds from the day it was judged for */
    return !o->terms && is_newly && o->share > 0 && h->judged.elderly == 70 &&
                   ymd_compare(h->judged.valid.from, day) > 0
               ? h->judged.valid.from
               : day;
}

static void fill_row(struct issue *x, size_t i)
{
    const struct certificate_order *o = &x->orders[i];
    const struct holder *h = x->holder[i];
    const struct certificate_kind *k = certificate_kind(x->tables, o->kind);
    struct work *w = x->w;
    const bool is_alias = !str_is(h->name_kind, "real");

    x->rows[i] = (struct eligibility_certificate){
        .person_id = h->person_id,
        .kind = k->name,
        .family = k->family,
        .serial = o->serial,
        .symbol = h->symbol,
        .number = h->number,
        .branch = h->branch,
        .face_name = h->name,
        .face_kana = h->kana,
        .real_name = is_alias ? h->real_name : STR_NONE,
        .real_kana = is_alias ? h->real_kana : STR_NONE,
        .is_sex_on_back = o->is_sex_on_back,
        .is_undisclosed = h->to.is_protected,
        .issued_ymd = w->today,
        .effective_ymd = effective_of(o, k, h, w->today),
        .valid_until = o->valid_until,
        .issue_count = count_of(x, h->person_id, k->family) + 1,
        .cause = o->cause,
        .share = o->share,
        .division = o->division,
        .limit_yen = o->limit,
        .disease = o->disease,
        .long_stay_ymd = o->terms ? o->terms->long_stay : YMD_NONE,
        .place = w->actor->branch,
        .issued_by = w->actor->user_name,
        .returned_ymd = YMD_NONE,
        .return_cause_ymd = YMD_NONE,
        .known_from = x->event_no,
    };
}

/* Serials go on behind whatever the register holds, also what came from another system. */
static int take_serials(struct issue *x)
{
    struct context *cx = &x->w->cx;
    struct store *st = x->w->store;
    const struct str series = STR("certificate");
    struct eligibility_last_serial_row last;
    const int64_t n = (int64_t)x->n;
    int64_t greatest = 0, skipped = 0;
    int result = eligibility_last_serial(cx, st, &last);

    if (result >= 0)
        result = store_number(cx, st, series, n, &x->first_serial);
    if (result < 0 || !last.serial.p || !str_to_int(last.serial, &greatest) ||
        greatest < x->first_serial)
        return result;
    if (greatest >= x->first_serial + n)
        result = store_number(cx, st, series, greatest - x->first_serial - n + 1, &skipped);
    return result < 0 ? result : store_number(cx, st, series, n, &x->first_serial);
}

static int set_serials(struct issue *x)
{
    for (size_t i = 0; i < x->n; i++) {
        x->orders[i].serial = str_format(x->w->cx.arena, "%0*lld", SERIAL_DIGITS,
                                         (long long)(x->first_serial + (int64_t)i));
        if (!x->orders[i].serial.p)
            return certificate_memory(x->w);
    }
    return OK;
}

static int write_rows(struct issue *x)
{
    struct context *cx = &x->w->cx;
    int64_t id = 0;
    int result = store_ids(cx, x->w->store, (int64_t)x->n, &id);

    if (result < 0)
        return result;
    for (size_t i = 0; i < x->n; i++) {
        fill_row(x, i);
        x->rows[i].certificate_id = id + (int64_t)i;
    }
    return eligibility_certificate_bulk(cx, x->w->store, x->rows, x->n);
}

/* The register row as it is read again: what is printed comes from it. */
static struct held held_of(const struct eligibility_certificate *r)
{
    return (struct held){.person_id = r->person_id,
                         .kind = r->kind,
                         .serial = r->serial,
                         .symbol = r->symbol,
                         .number = r->number,
                         .branch = r->branch,
                         .face_name = r->face_name,
                         .face_kana = r->face_kana,
                         .real_name = r->real_name,
                         .real_kana = r->real_kana,
                         .is_sex_on_back = r->is_sex_on_back,
                         .issued = r->issued_ymd,
                         .effective = r->effective_ymd,
                         .valid_until = r->valid_until,
                         .issue_count = r->issue_count,
                         .cause = r->cause,
                         .share = r->share,
                         .division = (enum division)r->division,
                         .limit = r->limit_yen,
                         .disease = r->disease,
                         .long_stay = r->long_stay_ymd};
}

static const struct person *person_of(const struct person_list *people, int64_t person_id)
{
    size_t low = 0, high = people->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (people->rows[middle].person_id < person_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < people->n && people->rows[low].person_id == person_id ? &people->rows[low] : NULL;
}

static int print_row(struct issue *x, size_t i, const struct person_list *people,
                     struct eligibility_certificate_print *row)
{
    const struct certificate_kind *k = certificate_kind(x->tables, x->rows[i].kind);
    const struct held held = held_of(&x->rows[i]);
    const struct person *person = person_of(people, held.person_id);
    struct form_data d;
    struct str layout;

    if (!person)
        return refuse(x, x->holder[i], "party.person.none");
    certificate_fill(x->w, &x->head,
                     &(struct face){&held, person, &x->holder[i]->to, x->holder[i]->acquired,
                                    x->holder[i]->use.line},
                     &d);
    const int64_t id = row->certificate_print_id;
    *row = (struct eligibility_certificate_print){.certificate_print_id = id,
                                                  .serial = held.serial,
                                                  .layout = k->form,
                                                  .pulled = certificate_pulled(x->holder[i]),
                                                  .known_from = x->event_no};
    int result = str_equal(x->form, k->form) ? OK : certificate_layout(x->w, k->form, &x->layout);
    if (result < 0)
        return result;
    x->form = k->form;
    layout = x->layout;
    struct digest *hash = ARENA_NEW(x->w->cx.arena, struct digest);
    if (!hash)
        return certificate_memory(x->w);
    *hash = hash_of(layout);
    row->layout_hash = (struct str){(const char *)hash->b, sizeof(hash->b)};
    return certificate_pack(x->w, &d, &row->print_data);
}

static int write_prints(struct issue *x)
{
    struct context *cx = &x->w->cx;
    struct person_list people;
    struct eligibility_certificate_print *rows =
        ARENA_ARRAY(cx->arena, x->n, struct eligibility_certificate_print);
    int64_t *ids = ARENA_ARRAY(cx->arena, x->n, int64_t), id = 0;

    if (!rows || !ids)
        return certificate_memory(x->w);
    for (size_t i = 0; i < x->people.n; i++)
        ids[i] = x->people.rows[i].person_id;
    int result = party_people(x->w, ids, x->people.n, &people);
    if (result >= 0)
        result = store_ids(cx, x->w->store, (int64_t)x->n, &id);
    for (size_t i = 0; i < x->n && result >= 0; i++) {
        rows[i].certificate_print_id = id + (int64_t)i;
        result = print_row(x, i, &people, &rows[i]);
    }
    return result < 0 ? result : eligibility_certificate_print_bulk(cx, x->w->store, rows, x->n);
}

static int write_handovers(struct issue *x)
{
    for (size_t i = 0; i < x->n; i++) {
        if (!x->orders[i].handed.n)
            continue;
        const int result =
            certificate_handover_write(x->w, x->event_no,
                                       &(struct certificate_handover){.serial = x->orders[i].serial,
                                                                      .how = x->orders[i].handed});
        if (result < 0)
            return result;
    }
    return OK;
}

/* The one reported lost, stolen or damaged is taken out of the open returns. */
static int end_lost(struct issue *x)
{
    struct eligibility_certificates_in_force_list list;

    for (size_t i = 0; i < x->n; i++) {
        const struct certificate_order *o = &x->orders[i];
        if (!is_lost(o->cause))
            continue;
        int result = eligibility_certificates_in_force(
            &x->w->cx, x->w->store,
            &(struct eligibility_certificates_in_force_in){{&o->person_id, 1}}, &list);
        for (size_t j = 0; j < list.n && result >= 0; j++) {
            const struct certificate_return back = {list.rows[j].serial, x->w->today, o->cause,
                                                    x->w->today};
            if (str_equal(list.rows[j].family, x->rows[i].family) &&
                !str_equal(list.rows[j].serial, o->serial))
                result = certificate_return(x->w, x->event_no, &back, 1);
        }
        if (result < 0)
            return result;
    }
    return OK;
}

/* --- the issue
 * --------------------------------------------------------------------------------------------- */

static int load(struct issue *x)
{
    struct work *w = x->w;
    int64_t *ids = ARENA_ARRAY(w->cx.arena, x->n, int64_t);

    x->rows = ARENA_ARRAY(w->cx.arena, x->n, struct eligibility_certificate);
    x->holder = ARENA_ARRAY(w->cx.arena, x->n, const struct holder *);
    if (!ids || !x->rows || !x->holder)
        return certificate_memory(w);
    for (size_t i = 0; i < x->n; i++)
        ids[i] = x->orders[i].person_id;
    int result = certificate_tables_read(w, &x->tables);
    if (result >= 0)
        result = certificate_head_read(w, &x->head);
    if (result >= 0)
        result = holders_load(w, ids, x->n, &x->people);
    if (result >= 0)
        result = eligibility_issued_counts(&w->cx, w->store,
                                           &(struct eligibility_issued_counts_in){{ids, x->n}},
                                           &x->counts);
    return result;
}

static int check_all(struct issue *x)
{
    for (size_t i = 0; i < x->n; i++) {
        const struct holder *h = holder_of(x, x->orders[i].person_id);
        if (!h)
            return fail(&x->w->cx, ERR_NOT_FOUND, "party.person.none", NULL);
        const int result = check_order(x, h, &x->orders[i]);
        if (result < 0)
            return result;
        x->holder[i] = h;
        for (size_t j = 0; j < i; j++) {
            if (x->orders[j].person_id == h->person_id &&
                str_equal(certificate_family(x->orders[j].kind),
                          certificate_family(x->orders[i].kind)))
                return refuse(x, h, "eligibility.issue.twice");
        }
    }
    return OK;
}

static int issue_all(struct issue *x)
{
    int result = load(x);

    if (result >= 0)
        result = check_all(x);
    if (result >= 0)
        result = take_serials(x);
    if (result >= 0)
        result = set_serials(x);
    if (result >= 0)
        result = write_rows(x);
    if (result >= 0)
        result = write_prints(x);
    if (result >= 0)
        result = end_lost(x);
    return result < 0 ? result : write_handovers(x);
}

int certificate_issue(struct work *w, int64_t event_no, struct certificate_order *orders, size_t n)
{
    const struct asof before = w->asof;
    struct issue x = {.w = w, .event_no = event_no, .orders = orders, .n = n};

    if (n == 0)
        return OK;
    w->asof = (struct asof){w->today, KNOWN_NOW}; /* of today, whatever is looked at */
    const int result = issue_all(&x);
    w->asof = before;
    return result < 0 ? error_add(&w->cx, "issue certificates") : OK;
}

/* --- as an entry
 * --------------------------------------------------------------------------------------------- */

/* One line an order, fields between tabs; forms let no control character through. */
static void order_add(struct text *t, const struct certificate_order *o)
{
    text_addf(t, "%lld\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\t", (long long)o->person_id,
              STR_ARG(o->kind), STR_ARG(o->cause), STR_ARG(o->why));
    text_add_ymd(t, o->valid_until);
    text_addf(t, "\t%d\t%d\t%d\t%lld\t%d\t" STR_FMT "\n", o->share, (int)o->division, o->disease,
              (long long)o->limit.n, o->is_sex_on_back, STR_ARG(o->handed));
}

static bool order_read(struct str line, struct certificate_order *o)
{
    struct str c[ORDER_FIELDS];
    int64_t share = 0, division = 0, disease = 0, back = 0;

    for (size_t i = 0; i < ORDER_FIELDS; i++)
        c[i] = str_cut(&line, '\t');
    *o = (struct certificate_order){
        .kind = c[1], .cause = c[2], .why = c[3], .valid_until = YMD_NONE, .handed = c[10]};
    const bool is_good = str_to_int(c[0], &o->person_id) && str_to_int(c[5], &share) &&
                         str_to_int(c[6], &division) && division >= 0 &&
                         division < DIVISION_KINDS && str_to_int(c[7], &disease) &&
                         str_to_int(c[8], &o->limit.n) && str_to_int(c[9], &back);
    o->share = (int)share;
    o->division = (enum division)division;
    o->disease = (int)disease;
    o->is_sex_on_back = back != 0;
    return is_good && (c[4].n == 0 || ymd_parse(c[4], &o->valid_until));
}

int certificate_apply(struct work *w, const struct event *e, struct str payload)
{
    struct certificate_order orders[ORDERS_MAX];
    size_t n = 0;

    while (payload.n > 0 && n < ORDERS_MAX) {
        if (!order_read(str_cut(&payload, '\n'), &orders[n++]))
            return fail(&w->cx, ERR_CORRUPT, "eligibility.issue.payload", NULL);
    }
    return payload.n > 0 ? fail(&w->cx, ERR_LIMIT, "eligibility.issue.too_many", NULL)
                         : certificate_issue(w, e->no, orders, n);
}

static int tell_serials(struct work *w, int64_t event_no, struct certificate_order *orders,
                        size_t n)
{
    struct eligibility_issued_by_event_list list;
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n, int64_t);

    if (!ids)
        return certificate_memory(w);
    for (size_t i = 0; i < n; i++)
        ids[i] = orders[i].person_id;
    const int result =
        eligibility_issued_by_event(&w->cx, w->store,
                                    &(struct eligibility_issued_by_event_in){{ids, n}, event_no},
                                    &list);
    for (size_t i = 0; i < n && result >= 0; i++) {
        for (size_t j = 0; j < list.n; j++) {
            if (list.rows[j].person_id == orders[i].person_id &&
                (!orders[i].kind.n || str_equal(list.rows[j].kind, orders[i].kind)))
                orders[i].serial = list.rows[j].serial;
        }
    }
    return result;
}

int certificate_enter(struct work *w, int64_t household_id, struct certificate_order *orders,
                      size_t n, int64_t *event_no)
{
    struct event e = work_event(w, "eligibility.certificate");
    struct text payload;

    e.household_id = household_id;
    e.person_id = n == 1 ? orders[0].person_id : 0;
    e.reason = n > 0 ? orders[0].why : STR("");
    e.source = STR("resident");
    text_init(&payload, 64 << 10);
    for (size_t i = 0; i < n; i++)
        order_add(&payload, &orders[i]);
    int result = n == 0 || payload.failed
                     ? fail(&w->cx, ERR_INVALID, "eligibility.issue.none", NULL)
                     : work_enter(w, &e, text_str(&payload));
    text_release(&payload);
    if (event_no)
        *event_no = e.no;
    if (result != OK)
        return result;
    result = tell_serials(w, e.no, orders, n);
    return result < 0 ? result : OK;
}
