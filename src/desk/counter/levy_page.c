/* One decision opened to the yen, and its notice as a PDF. */
#include "desk/counter/view.h"

#include <string.h>

#define NOTICE_BYTES ((size_t)16 << 20)

static int number_part(struct work *w, const struct request *rq, size_t part, int64_t *out)
{
    return request_part_id(&w->cx, rq, part, out);
}

/* The decision named by /household/{}/.../{year}/{no}; it must be one of that household. */
static int read_decision(struct work *w, struct request *rq, struct party_home *home,
                         struct decision *d)
{
    int64_t id = 0;
    int64_t year = 0;
    int64_t no = 0;
    int64_t known = 0;
    if (str_to_int(request_query(rq, "known"), &known) && known > 0) {
        w->asof.known = known; /* a state that was replaced since */
    }
    int rc = number_part(w, rq, 1, &year);
    rc = rc < 0 ? rc : number_part(w, rq, 2, &no);
    rc = rc < 0 ? rc : party_household_by_no(w, rq->part[0], &id);
    rc = rc <= 0 ? rc : party_home(w, id, home);
    rc = rc <= 0 ? rc : levy_decision_by_no(w, (int)year, no, d);
    if (rc < 0) {
        return rc;
    }
    if (rc == 0 || d->household_id != id) {
        return fail(&w->cx, ERR_NOT_FOUND, "counter.decision.none", NULL);
    }
    return 0;
}

/* Names of the members in the explanation's order, as the facts were known then. */
static int owners_of(struct work *w, const struct decision *d, const struct party_home *home,
                     const struct str **owners, size_t *n)
{
    struct trial t;
    struct str *names = ARENA_ARRAY(w->cx.arena, TRIAL_MEMBERS_MAX, struct str);
    int64_t known = w->asof.known;
    w->asof.known = d->looked_from;
    int rc = names ? levy_trial_of_household(w, d->household_id, d->fiscal_year, &t)
                   : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    w->asof.known = known;
    for (size_t i = 0; rc >= 0 && i < t.n; i++) {
        for (size_t k = 0; k < home->n; k++) {
            if (home->members[k].person.person_id == t.member[i].person_id) {
                names[i] = home->members[k].person.name;
            }
        }
    }
    *owners = names;
    *n = rc < 0 ? 0 : t.n;
    return rc;
}

/* The results as a table: one row per kind of amount, the four parts beside each other; what the
 * household has once stands in a list of its own. */
static struct counter_levy_table_row *row_of(struct counter_levy_table_row *rows, size_t *n,
                                             struct str word, struct str label)
{
    for (size_t i = 0; i < *n; i++) {
        if (str_equal(rows[i].word, word)) {
            return &rows[i];
        }
    }
    rows[*n] = (struct counter_levy_table_row){.word = word,
                                               .label = label,
                                               .medical = STR(""),
                                               .support = STR(""),
                                               .care = STR(""),
                                               .child = STR("")};
    return &rows[(*n)++];
}

static int view_words(struct context *cx, const struct explanation *x, struct counter_levy_view *v)
{
    struct counter_levy_words_row *rows =
        ARENA_ARRAY(cx->arena, x->n_results + 1, struct counter_levy_words_row);
    struct counter_levy_table_row *table =
        ARENA_ARRAY(cx->arena, x->n_results + 1, struct counter_levy_table_row);
    if (!rows || !table) {
        return fail(cx, ERR_MEMORY, "memory", NULL);
    }
    for (uint32_t i = 0; i < x->n_results; i++) {
        const struct explained *n = &x->nodes[x->results[i]];
        struct str word = n->name;
        struct str part = str_cut(&word, '.');
        struct str value = value_text(cx, &n->value);
        if (word.n == 0) {
            rows[v->n_words++] = (struct counter_levy_words_row){n->label, n->name, value};
            continue;
        }
        struct counter_levy_table_row *r = row_of(table, &v->n_table, word, n->label);
        struct str *cell[LEVY_PARTS] = {&r->medical, &r->support, &r->care, &r->child};
        for (int k = 0; k < LEVY_PARTS; k++) {
            if (str_equal(part, levy_part_word(k))) {
                *cell[k] = value;
            }
        }
    }
    v->words = rows;
    v->table = table;
    return 0;
}

static int view_tree(struct work *w, struct request *rq, const struct decision *d,
                     const struct party_home *home, struct counter_levy_view *v)
{
    struct explanation x;
    struct tree_request tree = {.explanation = &x, .open_depth = 2};
    struct counter_node_view *root = ARENA_NEW(w->cx.arena, struct counter_node_view);
    if (d->explanation.n == 0) {
        v->node_label = STR(""); /* nothing is levied any more: there is nothing to open */
        return 0;
    }
    int rc = root ? levy_explanation(w, d, &x) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    rc = rc < 0 ? rc : owners_of(w, d, home, &tree.owners, &tree.n_owners);
    if (rc < 0) {
        return rc;
    }
    struct str name = request_query(rq, "node");
    int64_t at = tree_find(&x, name.n ? name : levy_total_word());
    if (at < 0) {
        return fail(&w->cx, ERR_NOT_FOUND, "counter.node.none", STR_FMT, STR_ARG(name));
    }
    tree.root = (uint32_t)at;
    v->node_label = tree_label(&w->cx, &x.nodes[at]);
    v->tree = root;
    v->n_tree = 1;
    rc = tree_view(&w->cx, &tree, root);
    return rc < 0 ? rc : view_words(&w->cx, &x, v);
}

int show_levy(struct work *w, struct request *rq, struct reply *rp)
{
    struct party_home home;
    struct decision d;
    struct counter_levy_view v = {0};
    char hex[65];
    bool same = false;
    struct html collection;
    int rc = read_decision(w, rq, &home, &d);
    if (rc < 0) {
        return rc;
    }
    struct audit_line line = {.class = AUDIT_INQUIRY,
                              .household_id = d.household_id,
                              .person_id = d.debtor_id,
                              .purpose = STR(""),
                              .query = STR(""),
                              .count = 1};
    rc = audit_write(w, &line);
    rc = rc < 0 ? rc : view_tree(w, rq, &d, &home, &v);
    rc = rc < 0 ? rc : levy_replay(w, &d, &same);
    if (rc < 0) {
        return rc;
    }
    html_init(&collection);
    rc = levy_collection_html(w, d.household_id, d.fiscal_year, &collection);
    digest_hex(&d.rule_hash, hex);
    hex[16] = '\0';
    v.household_no = home.household_no;
    v.head_name = home.head_name;
    v.year = d.fiscal_year;
    v.year_label = levy_year_label(&w->cx, d.fiscal_year);
    v.no = d.decision_no;
    v.total = d.result.total;
    v.decided = d.decided;
    v.looked_from = d.looked_from;
    v.hash = str_copy(w->cx.arena, str_of(hex));
    v.same = same;
    v.differs = !same;
    v.collection = &collection;
    if (rc >= 0) {
        counter_page_levy(&rp->body, rq->frame, &v);
    }
    html_release(&collection);
    return rc;
}

int show_notice(struct work *w, struct request *rq, struct reply *rp)
{
    struct party_home home;
    struct decision d;
    struct paper *paper;
    struct text pdf;
    int rc = read_decision(w, rq, &home, &d);
    if (rc < 0) {
        return rc;
    }
    struct audit_line line = {.class = AUDIT_PRINT,
                              .household_id = d.household_id,
                              .person_id = d.debtor_id,
                              .purpose = STR("levy-notice"),
                              .query = STR(""),
                              .count = 1};
    rc = audit_write(w, &line);
    rc = rc < 0 ? rc : office_paper(w, &paper);
    text_init(&pdf, NOTICE_BYTES);
    rc = rc < 0 ? rc : levy_notice_pdf(w, paper, &d, &pdf);
    struct str bytes = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&pdf));
    text_release(&pdf);
    if (rc < 0 || !bytes.p) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    struct str name =
        str_format(w->cx.arena, "%d-%lld.pdf", d.fiscal_year, (long long)d.decision_no);
    reply_file(rp, "application/pdf", bytes, name, true);
    return 0;
}
