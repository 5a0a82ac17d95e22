/* Feeding facts in: rows are collected per table and written in bulk, ids given from a block. */
#include "desk/party/gram.h"
#include "desk/party/inner.h"

#include <string.h>

enum { TEXT_MAXIMUM = 64 * 1024 };

struct rows { /* an array of one generated row type, in the batch's arena */
    void *p;
    size_t n, cap;
};
struct closing {
    int64_t row;
    int64_t event_no;
};
struct party_batch {
    struct work *w;
    struct arena arena; /* rows and folded texts, given back at every write */
    struct text fold;
    struct rows person, household, number, identity, name, residency, foreign, membership;
    struct rows address, contact, protection, account, agent, merge, transfer, gram;
    struct rows close[PARTY_FACTS];
};

int party_batch_new(struct work *w, struct party_batch **out)
{
    struct party_batch *b = memory_alloc(sizeof(*b));

    *out = b;
    if (!b)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    b->w = w;
    arena_init(&b->arena, 0);
    text_init(&b->fold, TEXT_MAXIMUM);
    return OK;
}

void party_batch_free(struct party_batch *b)
{
    if (!b)
        return;
    arena_release(&b->arena);
    text_release(&b->fold);
    memory_free(b);
}

struct work *batch_work(const struct party_batch *b)
{
    return b->w;
}

static int out_of_memory(struct party_batch *b)
{
    return fail(&b->w->cx, ERR_MEMORY, "party.memory", NULL);
}

/* Room for one more row; NULL when memory is out. Rows already given move. */
static void *row_add(struct party_batch *b, struct rows *r, size_t size)
{
    if (r->n == r->cap) {
        const size_t cap = r->cap ? r->cap * 2 : 256;
        char *p = arena_array(&b->arena, cap, size);
        if (!p)
            return NULL;
        if (r->n)
            memcpy(p, r->p, r->n * size);
        r->p = p;
        r->cap = cap;
    }
    return (char *)r->p + size * r->n++;
}
#define ROW_ADD(b, member, type) ((struct type *)row_add((b), &(b)->member, sizeof(struct type)))

/* A new row of a fact table with its id; *row is told the id. */
static int fact_begin(struct party_batch *b, struct rows *rows, size_t size, int64_t *row,
                      void **out)
{
    int64_t id = 0;
    const int result = store_ids(&b->w->cx, b->w->store, 1, &id);

    if (result < 0)
        return result;
    *out = row_add(b, rows, size);
    if (!*out)
        return out_of_memory(b);
    *(int64_t *)*out = id; /* the first member of every generated fact row is its id */
    if (row)
        *row = id;
    return OK;
}
#define FACT_BEGIN(b, member, type, row, out)                                                      \
    fact_begin((b), &(b)->member, sizeof(struct type), (row), (void **)(out))

typedef int fold_fn(struct text *out, struct str s);

static int folded(struct party_batch *b, fold_fn *fold, struct str s, struct str *out)
{
    *out = STR_NONE;
    if (!s.p)
        return OK;
    text_clear(&b->fold);
    if (fold(&b->fold, s) < 0)
        return out_of_memory(b);
    *out = str_copy(&b->arena, text_str(&b->fold));
    return out->p ? OK : out_of_memory(b);
}

struct gram_sink {
    struct party_batch *b;
    const char *kind;
    int64_t owner;
    int result;
};

static void gram_add(void *arg, struct str gram)
{
    struct gram_sink *sink = arg;
    struct party_search_gram *row = ROW_ADD(sink->b, gram, party_search_gram);

    if (!row) {
        sink->result = out_of_memory(sink->b);
        return;
    }
    *row = (struct party_search_gram){str_of(sink->kind), gram, sink->owner};
}

/* text is folded and lives in the batch. */
static int grams(struct party_batch *b, const char *kind, struct str text, int64_t owner)
{
    struct gram_sink sink = {b, kind, owner, OK};

    search_grams(text, gram_add, &sink);
    return sink.result;
}

int party_open_person(struct party_batch *b, int64_t event_no, int64_t person_id,
                      struct str person_no, struct ymd from)
{
    struct party_person_number *n = NULL;
    struct party_person *p = ROW_ADD(b, person, party_person);

    if (!p)
        return out_of_memory(b);
    *p = (struct party_person){person_id, person_no, event_no};
    const int result = FACT_BEGIN(b, number, party_person_number, NULL, &n);
    if (result < 0)
        return result;
    n->person_id = person_id;
    n->kind = STR("addressee");
    n->number = person_no;
    n->valid_from = from;
    n->valid_to = YMD_NONE;
    n->known_from = event_no;
    return OK;
}

int party_open_household(struct party_batch *b, int64_t event_no, int64_t household_id,
                         struct str household_no)
{
    struct party_household *h = ROW_ADD(b, household, party_household);
    if (!h)
        return out_of_memory(b);
    *h = (struct party_household){household_id, household_no, event_no};
    return OK;
}

int party_open_identity(struct party_batch *b, int64_t event_no, const struct identity_fact *f,
                        int64_t *row)
{
    static const char *const sexes[] = {"0", "1", "2"};
    struct party_person_identity *r = NULL;
    const int result = FACT_BEGIN(b, identity, party_person_identity, row, &r);

    if (result < 0)
        return result;
    r->person_id = f->person_id;
    r->kind = f->is_corporation ? STR("corporation") : STR("natural");
    r->birth_ymd = f->birth;
    r->birth_note = f->birth_note;
    r->sex = str_of(sexes[f->sex]);
    r->death_ymd = f->death;
    r->known_from = event_no;
    return OK;
}

/* The search form of a name has no blanks: 「佐藤　太郎」 is found by 佐藤太 too. */
static int name_folded(struct party_batch *b, struct str name, struct str *out)
{
    return folded(b, search_fold, name, out);
}

int party_open_name(struct party_batch *b, int64_t event_no, const struct name_fact *f,
                    int64_t *row)
{
    struct party_person_name *r = NULL;
    int result = FACT_BEGIN(b, name, party_person_name, row, &r);

    if (result < 0)
        return result;
    r->person_id = f->person_id;
    r->kind = str_of(f->kind);
    r->name = f->name;
    r->kana = f->kana;
    r->is_used = f->is_used;
    r->valid_from = f->valid.from;
    r->valid_to = f->valid.to;
    r->known_from = event_no;
    result = name_folded(b, f->name, &r->name_fold);
    if (result >= 0)
        result = folded(b, kana_fold, f->kana, &r->kana_fold);
    if (result >= 0)
        result = folded(b, kana_sort_key, f->kana, &r->kana_sort);
    return result < 0 ? result : grams(b, "n", r->name_fold, f->person_id);
}

int party_open_residency(struct party_batch *b, int64_t event_no, const struct residency_fact *f,
                         int64_t *row)
{
    struct party_residency *r = NULL;
    const int result = FACT_BEGIN(b, residency, party_residency, row, &r);

    if (result < 0)
        return result;
    r->person_id = f->person_id;
    r->kind = f->is_resident ? STR("resident") : STR("nonresident");
    r->started_by = str_of(f->started_by);
    r->ended_by = str_of(f->ended_by);
    r->is_provisional = f->is_provisional;
    r->valid_from = f->valid.from;
    r->valid_to = f->valid.to;
    r->known_from = event_no;
    return OK;
}

int party_open_foreign(struct party_batch *b, int64_t event_no, const struct foreign_fact *f,
                       int64_t *row)
{
    struct party_foreign_status *r = NULL;
    const int result = FACT_BEGIN(b, foreign, party_foreign_status, row, &r);

    if (result < 0)
        return result;
    r->person_id = f->person_id;
    r->nationality = f->nationality;
    r->stay_status = f->stay_status;
    r->stay_until = f->stay_until;
    r->is_excluded = f->is_excluded;
    r->valid_from = f->valid.from;
    r->valid_to = f->valid.to;
    r->known_from = event_no;
    return OK;
}

int party_open_membership(struct party_batch *b, int64_t event_no, const struct membership_fact *f,
                          int64_t *row)
{
    struct party_membership *r = NULL;
    const int result = FACT_BEGIN(b, membership, party_membership, row, &r);

    if (result < 0)
        return result;
    r->household_id = f->household_id;
    r->person_id = f->person_id;
    r->relation = f->relation;
    r->is_head = f->is_head;
    r->valid_from = f->valid.from;
    r->valid_to = f->valid.to;
    r->known_from = event_no;
    return OK;
}

/* Town, number and building as one folded text: what an address is searched by. */
static int address_folded(struct party_batch *b, const struct address_fact *f, struct str *out)
{
    struct str whole = str_format(&b->arena, STR_FMT STR_FMT STR_FMT, STR_ARG(f->town),
                                  STR_ARG(f->number), STR_ARG(f->building));
    if (!whole.p)
        return out_of_memory(b);
    return folded(b, search_fold, whole, out);
}

static void address_fill(struct party_address *r, int64_t event_no, const struct address_fact *f)
{
    r->household_id = f->household_id;
    r->household_id_null = f->household_id == 0;
    r->person_id = f->person_id;
    r->person_id_null = f->person_id == 0;
    r->kind = str_of(f->kind);
    r->business = f->business;
    r->postal_code = f->postal_code;
    r->city_code = f->city_code;
    r->town_code = f->town_code;
    r->prefecture = f->prefecture;
    r->city = f->city;
    r->town = f->town;
    r->number = f->number;
    r->building = f->building;
    r->addressee = f->addressee;
    r->valid_from = f->valid.from;
    r->valid_to = f->valid.to;
    r->known_from = event_no;
}

int party_open_address(struct party_batch *b, int64_t event_no, const struct address_fact *f,
                       int64_t *row)
{
    struct party_address *r = NULL;
    int result = FACT_BEGIN(b, address, party_address, row, &r);

    if (result < 0)
        return result;
    address_fill(r, event_no, f);
    result = address_folded(b, f, &r->address_fold);
    if (result < 0 || f->household_id == 0)
        return result;
    return grams(b, "a", r->address_fold, f->household_id);
}

int party_open_contact(struct party_batch *b, int64_t event_no, const struct contact_fact *f,
                       int64_t *row)
{
    struct party_contact *r = NULL;
    const int result = FACT_BEGIN(b, contact, party_contact, row, &r);

    if (result < 0)
        return result;
    r->person_id = f->person_id;
    r->kind = str_of(f->kind);
    r->value = f->value;
    r->source = f->source;
    r->note = f->note;
    r->valid_from = f->valid.from;
    r->valid_to = f->valid.to;
    r->known_from = event_no;
    return OK;
}

int party_open_protection(struct party_batch *b, int64_t event_no, const struct protection_fact *f,
                          int64_t *row)
{
    struct party_protection *r = NULL;
    const int result = FACT_BEGIN(b, protection, party_protection, row, &r);

    if (result < 0)
        return result;
    r->person_id = f->person_id;
    r->kind = str_of(f->kind);
    r->decision_no = f->decision_no;
    r->valid_from = f->valid.from;
    r->valid_to = f->valid.to;
    r->known_from = event_no;
    return OK;
}

int party_open_account(struct party_batch *b, int64_t event_no, const struct account_fact *f,
                       int64_t *row)
{
    struct party_account *r = NULL;
    const int result = FACT_BEGIN(b, account, party_account, row, &r);

    if (result < 0)
        return result;
    *r = (struct party_account){.account_id = r->account_id,
                                .person_id = f->person_id,
                                .business = f->business,
                                .purpose = f->purpose,
                                .bank_code = f->bank_code,
                                .branch_code = f->branch_code,
                                .kind = f->kind,
                                .account_no = f->account_no,
                                .holder = f->holder,
                                .is_public = f->is_public,
                                .source = f->source,
                                .source_ymd = f->source_day,
                                .valid_from = f->valid.from,
                                .valid_to = f->valid.to,
                                .known_from = event_no};
    return OK;
}

int party_open_agent(struct party_batch *b, int64_t event_no, const struct agent_fact *f,
                     int64_t *row)
{
    struct party_agent *r = NULL;
    const int result = FACT_BEGIN(b, agent, party_agent, row, &r);

    if (result < 0)
        return result;
    *r = (struct party_agent){.agent_id = r->agent_id,
                              .person_id = f->person_id,
                              .kind = f->kind,
                              .business = f->business,
                              .agent_person_id = f->agent_person_id,
                              .agent_person_id_null = f->agent_person_id == 0,
                              .name = f->name,
                              .kana = f->kana,
                              .postal_code = f->postal_code,
                              .prefecture = f->prefecture,
                              .city = f->city,
                              .town = f->town,
                              .number = f->number,
                              .building = f->building,
                              .phone = f->phone,
                              .document = f->document,
                              .document_ymd = f->document_day,
                              .takes_mail = f->takes_mail,
                              .valid_from = f->valid.from,
                              .valid_to = f->valid.to,
                              .known_from = event_no};
    return OK;
}

int party_open_merge(struct party_batch *b, int64_t event_no, const struct merge_fact *f,
                     int64_t *row)
{
    struct party_merge_link *r = NULL;
    const int result = FACT_BEGIN(b, merge, party_merge_link, row, &r);

    if (result < 0)
        return result;
    r->person_id = f->person_id;
    r->leading_id = f->leading_id;
    r->reason = f->reason;
    r->valid_from = f->valid.from;
    r->valid_to = f->valid.to;
    r->known_from = event_no;
    return OK;
}

int party_add_transfer(struct party_batch *b, int64_t event_no, int64_t person_id,
                       const char *cause)
{
    struct party_address_transfer *r = NULL;
    const int result = FACT_BEGIN(b, transfer, party_address_transfer, NULL, &r);

    if (result < 0)
        return result;
    r->person_id = person_id;
    r->cause = str_of(cause);
    r->known_from = event_no;
    return OK;
}

int party_close(struct party_batch *b, enum party_fact fact, int64_t row, int64_t event_no)
{
    struct closing *c = row_add(b, &b->close[fact], sizeof(*c));
    if (!c)
        return out_of_memory(b);
    *c = (struct closing){row, event_no};
    return OK;
}

/* --- writing ------------------------------------------------------------------------------ */

typedef int close_fn(struct context *cx, struct store *st, const int64_t *ids, size_t n,
                     int64_t event_no);

/* Rows closed by the same event go together; they were asked for event by event. */
static int write_closings(struct party_batch *b, const struct rows *rows, close_fn *close)
{
    const struct closing *c = rows->p;
    int64_t *ids = ARENA_ARRAY(&b->arena, rows->n, int64_t);
    int result = OK;

    if (rows->n && !ids)
        return out_of_memory(b);
    for (size_t i = 0; i < rows->n && result >= 0;) {
        size_t n = 0;
        const int64_t event_no = c[i].event_no;
        for (; i < rows->n && c[i].event_no == event_no; i++)
            ids[n++] = c[i].row;
        result = close(&b->w->cx, b->w->store, ids, n, event_no);
    }
    return result;
}

/* What people have with the city beside living somewhere. */
static int write_dealings(struct party_batch *b)
{
    struct context *cx = &b->w->cx;
    struct store *st = b->w->store;
    int r = party_account_bulk(cx, st, b->account.p, b->account.n);

    if (r >= 0)
        r = party_agent_bulk(cx, st, b->agent.p, b->agent.n);
    if (r >= 0)
        r = party_merge_link_bulk(cx, st, b->merge.p, b->merge.n);
    return r < 0 ? r : party_address_transfer_bulk(cx, st, b->transfer.p, b->transfer.n);
}

/* Anchors first: foreign keys point at them. */
static int write_rows(struct party_batch *b)
{
    struct context *cx = &b->w->cx;
    struct store *st = b->w->store;
    int r = party_person_bulk(cx, st, b->person.p, b->person.n);

    if (r >= 0)
        r = party_household_bulk(cx, st, b->household.p, b->household.n);
    if (r >= 0)
        r = party_person_number_bulk(cx, st, b->number.p, b->number.n);
    if (r >= 0)
        r = party_person_identity_bulk(cx, st, b->identity.p, b->identity.n);
    if (r >= 0)
        r = party_person_name_bulk(cx, st, b->name.p, b->name.n);
    if (r >= 0)
        r = party_residency_bulk(cx, st, b->residency.p, b->residency.n);
    if (r >= 0)
        r = party_foreign_status_bulk(cx, st, b->foreign.p, b->foreign.n);
    if (r >= 0)
        r = party_membership_bulk(cx, st, b->membership.p, b->membership.n);
    if (r >= 0)
        r = party_address_bulk(cx, st, b->address.p, b->address.n);
    if (r >= 0)
        r = party_contact_bulk(cx, st, b->contact.p, b->contact.n);
    if (r >= 0)
        r = party_protection_bulk(cx, st, b->protection.p, b->protection.n);
    if (r >= 0)
        r = write_dealings(b);
    return r < 0 ? r : party_search_gram_bulk(cx, st, b->gram.p, b->gram.n);
}

static int write_all_closings(struct party_batch *b)
{
    static close_fn *const closers[PARTY_FACTS] = {[PARTY_NUMBER] = party_person_number_close_many,
                                                   [PARTY_IDENTITY] =
                                                       party_person_identity_close_many,
                                                   [PARTY_NAME] = party_person_name_close_many,
                                                   [PARTY_RESIDENCY] = party_residency_close_many,
                                                   [PARTY_FOREIGN] =
                                                       party_foreign_status_close_many,
                                                   [PARTY_MEMBERSHIP] = party_membership_close_many,
                                                   [PARTY_ADDRESS] = party_address_close_many,
                                                   [PARTY_CONTACT] = party_contact_close_many,
                                                   [PARTY_PROTECTION] = party_protection_close_many,
                                                   [PARTY_ACCOUNT] = party_account_close_many,
                                                   [PARTY_AGENT] = party_agent_close_many,
                                                   [PARTY_MERGE] = party_merge_link_close_many};
    int result = OK;

    for (int f = 0; f < PARTY_FACTS && result >= 0; f++)
        result = write_closings(b, &b->close[f], closers[f]);
    return result;
}

static void batch_clear(struct party_batch *b)
{
    struct rows *const all[] = {&b->person,  &b->household, &b->number,     &b->identity,
                                &b->name,    &b->residency, &b->foreign,    &b->membership,
                                &b->address, &b->contact,   &b->protection, &b->account,
                                &b->agent,   &b->merge,     &b->transfer,   &b->gram};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        *all[i] = (struct rows){0};
    for (int f = 0; f < PARTY_FACTS; f++)
        b->close[f] = (struct rows){0};
    arena_release(&b->arena);
}

int party_batch_write(struct work *w, struct party_batch *b)
{
    int result = write_rows(b);

    (void)w;
    if (result >= 0)
        result = write_all_closings(b);
    batch_clear(b);
    return result < 0 ? error_add(&b->w->cx, "write people and households") : OK;
}
