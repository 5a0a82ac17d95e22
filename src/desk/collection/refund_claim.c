/*
 * The request a citizen returned (還付請求書): its account is checked against the bank master and
 * the characters of transfers, a second person looks at it, the payment begins. Who asks for his
 * public-money account types none: the network is asked under a purpose code of its own, and the
 * payment waits for the answer. Without the mark no inquiry is made.
 */
#include "exchange/exchange.h"

#include "desk/collection/refund_inner.h"

enum { HOLDER_CHARACTERS = 30 };

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static int wrong(struct work *w, const char *message, const char *field)
{
    (void)fail(&w->cx, ERR_INVALID, message, NULL);
    return fail_where(&w->cx, NULL, 0, 0, field);
}

/* --- the account --------------------------------------------------------------------------------
 */

/* Figures as the transfer system has them, filled up with noughts on the left. */
static int digits(struct work *w, struct str *s, size_t n)
{
    struct text half;
    bool is_right = s->p != NULL;

    text_init(&half, 256);
    (void)width_to_half(&half, s->p ? *s : STR(""));
    const struct str typed = str_trim(text_str(&half));
    is_right = is_right && typed.n > 0 && typed.n <= n;
    for (size_t i = 0; i < typed.n; i++)
        is_right = is_right && typed.p[i] >= '0' && typed.p[i] <= '9';
    if (is_right)
        *s = str_format(w->cx.arena, "%.*s" STR_FMT, (int)(n - typed.n), "0000000", STR_ARG(typed));
    text_release(&half);
    return is_right && s->p ? OK : ERR_INVALID;
}

static int holder(struct work *w, struct str *name)
{
    struct text half;

    text_init(&half, 512);
    int rc = transfer_name(&w->cx, &half, name->p ? *name : STR(""));
    if (rc == ERR_INVALID || (rc >= 0 && text_str(&half).n == 0)) {
        error_clear(&w->cx);
        text_release(&half);
        return wrong(w, "exchange.transfer_name", "holder");
    }
    *name = str_copy(w->cx.arena, text_str(&half));
    text_release(&half);
    if (rc >= 0 && name->p && utf8_length(*name) > HOLDER_CHARACTERS)
        *name = transfer_name_cut(*name, HOLDER_CHARACTERS);
    return rc < 0 ? rc : name->p ? OK : no_memory(w);
}

/* The post bank's symbol and number, as they stand in its book. */
static int post_bank(struct work *w, struct refund_account *a)
{
    struct post_account p;

    if (!post_account_convert(a->branch, a->number, &p))
        return wrong(w, "party.account.post", "branch");
    a->branch = str_copy(w->cx.arena, str_of(p.branch_code));
    a->kind = str_copy(w->cx.arena, str_of(p.kind));
    a->number = str_copy(w->cx.arena, str_of(p.account_no));
    return a->branch.p && a->kind.p && a->number.p ? OK : no_memory(w);
}

static int check_account(struct work *w, struct refund_account *a)
{
    struct bank_name bank;
    int rc = str_is(a->bank, "9900") && a->branch.n == 5 ? post_bank(w, a) : OK;

    if (rc < 0)
        return rc;
    if (digits(w, &a->bank, 4) < 0)
        return wrong(w, "collection.refund.bank", "bank");
    if (digits(w, &a->branch, 3) < 0)
        return wrong(w, "collection.refund.branch", "branch");
    if (digits(w, &a->number, 7) < 0)
        return wrong(w, "collection.refund.account", "number");
    if (!str_is(a->kind, "1") && !str_is(a->kind, "2") && !str_is(a->kind, "4") &&
        !str_is(a->kind, "9"))
        return wrong(w, "collection.refund.account", "kind");
    if (!bank_find(a->bank, a->branch, &bank))
        return bank.bank.p ? wrong(w, "collection.refund.branch", "branch")
                           : wrong(w, "collection.refund.bank", "bank");
    return holder(w, &a->holder);
}

/* --- may it be claimed --------------------------------------------------------------------------
 */

static int open_refund(struct work *w, int64_t refund_id, struct refund_decision *out)
{
    const struct collection_refund_key_in key = {refund_id};
    const struct collection_refund_payment_now_in q = {refund_id};
    struct collection_refund_key_row k;
    struct collection_refund_payment_now_row p;
    int rc = collection_refund_key(&w->cx, w->store, &key, &k);

    rc = rc <= 0 ? rc : refund_find(w, (int)k.decided_year, k.refund_no, out);
    if (rc == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "collection.refund.none", "%lld", (long long)refund_id);
    if (rc > 0 && out->refunded.n + out->interest.n + out->appropriation_interest.n == 0)
        return fail(&w->cx, ERR_INVALID, "collection.refund.no_payment", NULL);
    rc = rc < 0 ? rc : collection_refund_payment_now(&w->cx, w->store, &q, &p);
    if (rc > 0 && p.state != PAYMENT_FAILED)
        return fail(&w->cx, ERR_STALE, "collection.refund.under_way", NULL);
    return rc < 0 ? rc : OK;
}

static int check_claim(struct work *w, struct refund_claim *c)
{
    struct refund_decision d;
    int rc = open_refund(w, c->refund_id, &d);

    if (rc >= 0 && (ymd_is_none(c->claimed) || ymd_compare(c->claimed, d.decided) < 0 ||
                    ymd_compare(c->claimed, w->today) > 0))
        rc = wrong(w, "collection.refund.claimed", "claimed");
    if (rc >= 0 && ymd_compare(c->claimed, d.limit) > 0)
        rc = fail(&w->cx, ERR_RANGE, "collection.refund.lapsed", NULL);
    return rc < 0 || c->is_public ? rc : check_account(w, &c->account);
}

/* --- entered, checked ---------------------------------------------------------------------------
 */

int refund_claim_enter(struct work *w, const struct refund_claim *given)
{
    struct event e = work_event(w, "collection.refund_claim");
    struct refund_claim c = *given;
    const struct collection_refund_key_in key = {c.refund_id};
    struct collection_refund_key_row k;
    struct refund_decision d = {.debtor_id = 0};
    char day[11];
    int rc = work_need(w, RIGHT_COLLECTION_EDIT);

    rc = rc < 0 ? rc : check_claim(w, &c);
    rc = rc < 0 ? rc : collection_refund_key(&w->cx, w->store, &key, &k);
    rc = rc <= 0 ? rc : refund_find(w, (int)k.decided_year, k.refund_no, &d);
    if (rc < 0)
        return rc;
    ymd_format(c.claimed, day);
    const struct refund_account none = {STR(""), STR(""), STR(""), STR(""), STR("")};
    const struct refund_account a = c.is_public ? none : c.account;
    const struct str payload =
        str_format(w->cx.arena,
                   "%lld\t%s\t%s\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT
                   "\t" STR_FMT,
                   (long long)c.refund_id, c.is_public ? "public" : "form", day, STR_ARG(a.bank),
                   STR_ARG(a.branch), STR_ARG(a.kind), STR_ARG(a.number), STR_ARG(a.holder),
                   STR_ARG(c.note.p ? c.note : STR("")));
    e.person_id = d.debtor_id;
    e.effective = c.claimed;
    return payload.p ? work_enter(w, &e, payload) : no_memory(w);
}

static struct str field(struct str *rest)
{
    const struct str f = str_cut(rest, '\t');
    return f.p ? f : STR("");
}

static bool read_payload(struct str payload, struct refund_claim *c)
{
    const bool has_id = str_to_int(field(&payload), &c->refund_id);

    c->is_public = str_is(field(&payload), "public");
    const bool has_day = ymd_parse(field(&payload), &c->claimed);
    c->account.bank = field(&payload);
    c->account.branch = field(&payload);
    c->account.kind = field(&payload);
    c->account.number = field(&payload);
    c->account.holder = field(&payload);
    c->note = payload.p ? payload : STR("");
    return has_id && has_day;
}

static int replace_claim(struct work *w, int64_t event_no, struct collection_refund_claim *row)
{
    const struct collection_refund_claim_now_in q = {row->refund_id};
    struct collection_refund_claim_now_row before;
    int rc = collection_refund_claim_now(&w->cx, w->store, &q, &before);

    if (rc > 0)
        rc = collection_refund_claim_close(&w->cx, w->store, before.refund_claim_id, event_no);
    row->known_from = event_no;
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row->refund_claim_id);
    return rc < 0 ? rc : collection_refund_claim_insert(&w->cx, w->store, row);
}

static struct collection_refund_claim claim_row(const struct refund_claim *c)
{
    return (struct collection_refund_claim){.refund_id = c->refund_id,
                                            .way = c->is_public ? STR("public") : STR("form"),
                                            .claimed_ymd = c->claimed,
                                            .state = c->is_public ? CLAIM_ASKED : CLAIM_READY,
                                            .bank_code = c->account.bank,
                                            .branch_code = c->account.branch,
                                            .account_kind = c->account.kind,
                                            .account_no = c->account.number,
                                            .holder = c->account.holder,
                                            .purpose_code = STR(""),
                                            .note = c->note};
}

int refund_claim_apply(struct work *w, const struct event *e, struct str payload)
{
    struct refund_claim c = {0};

    if (!read_payload(payload, &c))
        return fail(&w->cx, ERR_INVALID, "collection.refund.payload", NULL);
    int rc = check_claim(w, &c);
    struct collection_refund_claim row = claim_row(&c);
    if (c.is_public)
        row.purpose_code = setting_get(w, "refund.account_purpose");
    rc = rc < 0 ? rc : replace_claim(w, e->no, &row);
    return rc < 0 || c.is_public ? rc : refund_order(w, e->no, c.refund_id);
}

/* --- what the network answers -------------------------------------------------------------------
 */

static int answer(struct work *w, int64_t event_no, int64_t refund_id,
                  const struct refund_account *given)
{
    const struct collection_refund_claim_now_in q = {refund_id};
    struct collection_refund_claim_now_row c;
    struct refund_account a = given ? *given : (struct refund_account){0};
    int rc = collection_refund_claim_now(&w->cx, w->store, &q, &c);

    if (rc == 0 || (rc > 0 && c.state != CLAIM_ASKED))
        return fail(&w->cx, ERR_STALE, "collection.refund.not_asked", NULL);
    rc = rc < 0 || !given ? rc : check_account(w, &a);
    if (rc < 0)
        return rc;
    struct collection_refund_claim row = {.refund_id = refund_id,
                                          .way = c.way,
                                          .claimed_ymd = c.claimed_ymd,
                                          .state = given ? CLAIM_READY : CLAIM_NO_ACCOUNT,
                                          .bank_code = given ? a.bank : STR(""),
                                          .branch_code = given ? a.branch : STR(""),
                                          .account_kind = given ? a.kind : STR(""),
                                          .account_no = given ? a.number : STR(""),
                                          .holder = given ? a.holder : STR(""),
                                          .purpose_code = c.purpose_code,
                                          .note = c.note};
    rc = replace_claim(w, event_no, &row);
    return rc < 0 || !given ? rc : refund_order(w, event_no, refund_id);
}

int refund_account_answer(struct work *w, int64_t refund_id, const struct refund_account *a)
{
    struct event e = work_event(w, "collection.refund_account");
    int rc = work_need(w, RIGHT_COLLECTION_EDIT);

    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    e.source = STR("network");
    rc = event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : answer(w, e.no, refund_id, a);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}
