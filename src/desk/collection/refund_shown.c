/* What a waiting entry says to the second person, in words: whose refund, which account, how much.
 */
#include "desk/collection/refund_page.h"

static void line(struct text *t, const char *label, struct str value)
{
    text_add(t, message_words(label));
    text_adds(t, " ");
    text_add(t, value);
    text_adds(t, "\n");
}

static void yen_line(struct text *t, const char *label, int64_t yen)
{
    text_add(t, message_words(label));
    text_adds(t, " ");
    text_add_yen(t, YEN(yen));
    text_adds(t, "\n");
}

static int person_line(struct work *w, int64_t person_id, struct text *t)
{
    struct person p;
    const int rc = party_person(w, person_id, &p);
    const struct str s = rc < 0 ? STR("")
                                : str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(p.person_no),
                                             STR_ARG(p.name));
    line(t, "collection.shown.person", s.p ? s : STR(""));
    return rc < 0 ? rc : OK;
}

static int show_claim(struct work *w, struct str rest, struct text *t)
{
    struct collection_refund_key_row k;
    struct collection_refund_key_in q = {0};
    struct refund_decision d;
    struct bank_name bank;
    int rc = str_to_int(str_cut(&rest, '\t'), &q.refund_id)
                 ? collection_refund_key(&w->cx, w->store, &q, &k)
                 : 0;

    rc = rc <= 0 ? rc : refund_find(w, (int)k.decided_year, k.refund_no, &d);
    if (rc <= 0)
        return rc;
    const bool is_public = str_is(str_cut(&rest, '\t'), "public");
    const struct str day = str_cut(&rest, '\t');
    const struct str code = str_cut(&rest, '\t');
    const struct str branch = str_cut(&rest, '\t');
    const struct str kind = str_cut(&rest, '\t');
    const struct str number = str_cut(&rest, '\t');
    const struct str holder = str_cut(&rest, '\t');
    line(t, "collection.shown.no", str_format(w->cx.arena, "%d-%d", d.year, d.no));
    rc = person_line(w, d.debtor_id, t);
    yen_line(t, "collection.shown.payable", refund_payable(&d).n);
    line(t, "collection.shown.claimed", day);
    if (is_public) {
        line(t, "collection.shown.account", message_words("collection.claim.public"));
        return rc;
    }
    (void)bank_find(code, branch, &bank);
    line(t, "collection.shown.bank",
         str_format(w->cx.arena, STR_FMT " " STR_FMT " (" STR_FMT "-" STR_FMT ")",
                    STR_ARG(bank.bank), STR_ARG(bank.branch), STR_ARG(code), STR_ARG(branch)));
    line(t, "collection.shown.account",
         str_format(w->cx.arena, STR_FMT " " STR_FMT,
                    STR_ARG(message_words(account_kind_message(kind))), STR_ARG(number)));
    line(t, "collection.shown.holder", holder);
    if (rest.n > 0)
        line(t, "collection.shown.note", rest);
    return rc;
}

/* The case as it is now: what the second person decides. */
static int show_refund(struct work *w, struct str rest, struct text *t)
{
    struct refund_proposal p;
    int64_t debtor_id = 0;
    int64_t overpaid = 0;
    struct ymd day = YMD_NONE;
    const bool is_right = str_to_int(str_cut(&rest, ' '), &debtor_id) &&
                          ymd_parse(str_cut(&rest, ' '), &day) &&
                          str_to_int(str_cut(&rest, ' '), &overpaid);
    int rc = is_right ? person_line(w, debtor_id, t) : OK;

    rc = rc < 0 || !is_right ? rc : refund_propose(w, debtor_id, day, &p);
    if (rc < 0 || !is_right)
        return rc;
    yen_line(t, "collection.shown.overpaid", overpaid);
    yen_line(t, "collection.shown.appropriated", p.appropriated.n);
    yen_line(t, "collection.shown.refunded", p.refunded.n);
    text_add(t, message_words("collection.shown.decided"));
    text_adds(t, " ");
    text_add_era(t, day);
    text_adds(t, "\n");
    return OK;
}

static int show_split(struct str rest, struct text *t)
{
    static const char *const parts[] = {"collection.part.1", "collection.part.2",
                                        "collection.part.3", "collection.part.4"};
    int64_t part = 0;

    if (!str_to_int(str_cut(&rest, ' '), &part) || part < 1 || part > LEVY_PARTS)
        return OK;
    line(t, "collection.shown.part", message_words(parts[part - 1]));
    line(t, "collection.shown.from", str_cut(&rest, ' '));
    line(t, "collection.shown.ppm", rest);
    return OK;
}

int refund_entry_shown(struct work *w, const struct event *e, struct str *payload)
{
    struct text t;
    int rc = OK;

    text_init(&t, 8192);
    if (str_is(e->kind, "collection.refund_claim"))
        rc = show_claim(w, *payload, &t);
    else if (str_is(e->kind, "collection.refund"))
        rc = show_refund(w, *payload, &t);
    else if (str_is(e->kind, "collection.income_split"))
        rc = show_split(*payload, &t);
    if (rc >= 0 && text_str(&t).n > 0)
        *payload = str_copy(w->cx.arena, text_str(&t));
    const bool is_full = t.failed || !payload->p;
    text_release(&t);
    return rc < 0 ? rc : is_full ? fail(&w->cx, ERR_MEMORY, "memory", NULL) : OK;
}
