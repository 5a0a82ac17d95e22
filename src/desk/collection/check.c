/*
 * Proof: journal = balances = instalments = decisions, before COMMIT over the events of the
 * transaction and in verify over all of them, with the same statements.
 */
#include "collection_sql.h"
#include "desk/collection/ledger.h"

/* One thing that is wrong, in the form both callers need. */
typedef int wrong_fn(struct context *cx, void *arg, const char *table, const char *what,
                     const char *key, const char *facts);

struct proof {
    struct context *cx;
    struct store *st;
    int64_t first, last;
    bool is_all; /* verify: what a desk looked up before it posted is looked up once more */
    wrong_fn *wrong;
    void *arg;
    int found;
};

static int found(struct proof *p, const char *table, const char *what, int64_t key,
                 const char *facts)
{
    char text[24];
    int64_t v = key;
    size_t at = sizeof text;
    text[--at] = '\0';
    do {
        text[--at] = (char)('0' + v % 10);
        v /= 10;
    } while (v > 0 && at > 0);
    p->found++;
    return p->wrong(p->cx, p->arg, table, what, text + at, facts);
}

static const char *facts_of(struct proof *p, const char *names, int64_t a, int64_t b)
{
    struct str s = str_format(p->cx->arena, "%s %lld, %lld", names, (long long)a, (long long)b);
    return s.p ? s.p : "";
}

static int prove_entries(struct proof *p)
{
    struct collection_unbalanced_entry_in in = {.first_event = p->first, .last_event = p->last};
    struct collection_unbalanced_entry_list list;
    int rc = collection_unbalanced_entry(p->cx, p->st, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        rc = found(p, "posting", "collection.unbalanced", list.rows[i].entry_id,
                   facts_of(p, "entry, sum:", list.rows[i].entry_id, list.rows[i].yen.n));
    }
    return rc;
}

static int prove_parts(struct proof *p)
{
    struct collection_torn_posting_in in = {.first_event = p->first, .last_event = p->last};
    struct collection_torn_posting_list list;
    int rc = collection_torn_posting(p->cx, p->st, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        rc = found(p, "posting", "collection.parts", list.rows[i].posting_id, "");
    }
    return rc;
}

static int prove_empty(struct proof *p)
{
    struct collection_empty_entry_in in = {.first_event = p->first, .last_event = p->last};
    struct collection_empty_entry_list list;
    int rc = collection_empty_entry(p->cx, p->st, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        rc = found(p, "journal_entry", "collection.empty", list.rows[i].entry_id, "");
    }
    return rc;
}

static int prove_instalments(struct proof *p)
{
    struct collection_charge_differs_in in = {.first_event = p->first, .last_event = p->last};
    struct collection_charge_differs_list list;
    int rc = collection_charge_differs(p->cx, p->st, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        rc = found(p, "instalment", "collection.instalment_differs", list.rows[i].liability_id,
                   facts_of(p, "instalment, journal:", list.rows[i].charged_yen.n,
                            list.rows[i].posted_yen.n));
    }
    return rc;
}

static int prove_charges(struct proof *p)
{
    struct collection_charge_without_instalment_in in = {.also_paid = p->is_all,
                                                         .first_event = p->first,
                                                         .last_event = p->last};
    struct collection_charge_without_instalment_list list;
    int rc = collection_charge_without_instalment(p->cx, p->st, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        rc = found(p, "posting", "collection.no_instalment", list.rows[i].liability_id,
                   facts_of(p, "instalment, yen:", list.rows[i].number, list.rows[i].posted_yen.n));
    }
    return rc;
}

static int prove_decisions(struct proof *p)
{
    struct collection_decision_differs_in in = {.first_event = p->first, .last_event = p->last};
    struct collection_decision_differs_list list;
    int rc = collection_decision_differs(p->cx, p->st, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        rc = found(p, "liability", "collection.decision_differs", list.rows[i].notice_no,
                   facts_of(p, "decided, charged:", list.rows[i].decided_yen.n,
                            list.rows[i].charged_yen.n));
    }
    return rc;
}

static int prove_charged(struct proof *p)
{
    struct collection_decision_uncharged_in in = {.first_event = p->first, .last_event = p->last};
    struct collection_decision_uncharged_list list;
    int rc = collection_decision_uncharged(p->cx, p->st, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        rc = found(p, "decision", "collection.uncharged", list.rows[i].decision_no,
                   facts_of(p, "year, yen:", list.rows[i].fiscal_year, list.rows[i].total_yen.n));
    }
    return rc;
}

static int prove_receipts(struct proof *p)
{
    struct collection_receipt_differs_in in = {.first_event = p->first, .last_event = p->last};
    struct collection_receipt_differs_list list;
    int rc = collection_receipt_differs(p->cx, p->st, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        rc =
            found(p, "receipt", "collection.receipt_differs", list.rows[i].event_no,
                  facts_of(p, "told, posted:", list.rows[i].told_yen.n, list.rows[i].posted_yen.n));
    }
    return rc;
}

static int prove_transfers(struct proof *p)
{
    struct collection_appropriated_differs_in in = {.first_event = p->first, .last_event = p->last};
    struct collection_appropriated_differs_list list;
    int rc = collection_appropriated_differs(p->cx, p->st, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        rc = found(p, "posting", "collection.transfer_differs", list.rows[i].event_no,
                   facts_of(p, "event, yen:", list.rows[i].event_no, list.rows[i].yen.n));
    }
    return rc;
}

static int prove_refunds(struct proof *p)
{
    struct collection_refund_differs_in in = {.first_event = p->first, .last_event = p->last};
    struct collection_refund_differs_list list;
    int rc = collection_refund_differs(p->cx, p->st, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        rc = found(p, "refund", "collection.refund_differs", list.rows[i].refund_no,
                   facts_of(p, "decided, posted:", list.rows[i].decided_yen.n,
                            list.rows[i].posted_yen.n));
    }
    return rc;
}

static int prove(struct proof *p)
{
    static int (*const steps[])(
        struct proof *) = {prove_entries,   prove_parts,     prove_empty,   prove_instalments,
                           prove_charges,   prove_decisions, prove_charged, prove_receipts,
                           prove_transfers, prove_refunds};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int rc = steps[i](p);
        if (rc < 0) {
            return rc;
        }
    }
    return p->found;
}

/* Before COMMIT the first thing wrong refuses it. */
static int refuse(struct context *cx, void *arg, const char *table, const char *what,
                  const char *key, const char *facts)
{
    (void)arg;
    return fail(cx, ERR_CORRUPT, what, "%s %s %s", table, key, facts);
}

int collection_check(struct context *cx, struct store *st, int64_t first_event, int64_t last_event)
{
    struct collection_written_in in = {.first_event = first_event, .last_event = last_event};
    struct collection_written_row row;
    struct proof p = {
        .cx = cx, .st = st, .first = first_event, .last = last_event, .wrong = refuse};
    int rc = collection_written(cx, st, &in, &row); /* most transactions move no money */
    return rc <= 0 ? rc : prove(&p);
}

struct reporter {
    finding_fn *report;
    void *arg;
};

static int report_one(struct context *cx, void *arg, const char *table, const char *what,
                      const char *key, const char *facts)
{
    struct reporter *r = arg;
    struct finding f = {.table = str_of(table),
                        .key = str_of(key),
                        .what = str_of(what),
                        .facts = str_of(facts)};
    (void)cx;
    return r->report ? r->report(r->arg, &f) : 0;
}

int collection_verify(struct context *cx, struct store *st, finding_fn *report, void *arg)
{
    struct reporter r = {report, arg};
    struct proof p = {
        .cx = cx, .st = st, .last = KNOWN_NOW, .is_all = true, .wrong = report_one, .arg = &r};
    return prove(&p);
}
