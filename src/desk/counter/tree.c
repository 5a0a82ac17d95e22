/* Explanations as trees of details elements. */
#include "desk/counter/view.h"

#include <string.h>

#define TREE_DEPTH_MAX 40

struct str value_text(struct context *cx, const struct law_value *v)
{
    struct text t;
    text_init(&t, 4096);
    text_add_law_value(&t, v);
    struct str s = str_copy(cx->arena, text_str(&t));
    text_release(&t);
    return s.p ? s : STR("");
}

int64_t tree_find(const struct explanation *x, struct str name)
{
    for (uint32_t i = 0; i < x->n; i++) {
        if (x->nodes[i].row == 0 && str_equal(x->nodes[i].name, name)) {
            return i;
        }
    }
    return -1;
}

/* "医療.保険料額" is one of four: its label says which. */
struct str tree_label(struct context *cx, const struct explained *n)
{
    struct str label = n->label.n ? n->label : n->name;
    for (int k = 0; k < LEVY_PARTS; k++) {
        struct str word = levy_part_word(k);
        bool is_part = str_starts(n->name, word) && n->name.n > word.n && n->name.p[word.n] == '.';
        const struct message *m = is_part ? message_find(part_message(k)) : NULL;
        if (m) {
            struct str s = str_format(cx->arena, "%s " STR_FMT, m->text, STR_ARG(label));
            return s.p ? s : label;
        }
    }
    return label;
}

struct build {
    struct context *cx;
    const struct tree_request *rq;
    bool *seen;
};

static struct str owner_of(const struct build *b, const struct explained *n)
{
    if (n->row < 0 || (size_t)n->row >= b->rq->n_owners ||
        !str_equal(n->scope, levy_member_scope())) {
        return STR("");
    }
    return b->rq->owners[n->row];
}

static int build_node(struct build *b, uint32_t at, int depth, struct counter_node_view *out)
{
    const struct explained *n = &b->rq->explanation->nodes[at];
    *out = (struct counter_node_view){
        .anchor = at,
        .label = tree_label(b->cx, n),
        .owner = owner_of(b, n),
        .value = value_text(b->cx, &n->value),
        .formula = str_or_empty(n->formula),
        .article = str_or_empty(n->article),
        .effective = str_or_empty(n->effective),
        .source = str_or_empty(n->source),
        .is_open = depth < b->rq->open_depth,
        .is_again = b->seen[at] && n->n_children > 0,
    };
    b->seen[at] = true;
    if (out->is_again || n->n_children == 0 || depth >= TREE_DEPTH_MAX) {
        return 0;
    }
    struct counter_node_view *children =
        ARENA_ARRAY(b->cx->arena, n->n_children, struct counter_node_view);
    if (!children) {
        return fail(b->cx, ERR_MEMORY, "memory", NULL);
    }
    out->children = children;
    out->n_children = n->n_children;
    for (uint32_t i = 0; i < n->n_children; i++) {
        int rc = build_node(b, n->children[i], depth + 1, &children[i]);
        if (rc < 0) {
            return rc;
        }
    }
    return 0;
}

int tree_view(struct context *cx, const struct tree_request *rq, struct counter_node_view *out)
{
    struct build b = {cx, rq, ARENA_ARRAY(cx->arena, rq->explanation->n + 1, bool)};
    return b.seen ? build_node(&b, rq->root, 0, out) : fail(cx, ERR_MEMORY, "memory", NULL);
}

/* --- words ------------------------------------------------------------------------------------ */

const char *part_message(int part)
{
    static const char *const ids[LEVY_PARTS] = {"levy.part.medical", "levy.part.support",
                                                "levy.part.care", "levy.part.child"};
    return ids[part >= 0 && part < LEVY_PARTS ? part : 0];
}

const char *mark_message(unsigned bit)
{
    switch ((enum levy_mark)bit) {
    case MARK_UNDECLARED:
        return "counter.mark.undeclared";
    case MARK_DEEMED_HEAD:
        return "counter.mark.deemed";
    case MARK_PART_YEAR:
        return "counter.mark.part_year";
    case MARK_SPECIAL:
        return "counter.mark.special";
    case MARK_UNEMPLOYED:
        return "counter.mark.unemployed";
    case MARK_MATERNITY:
        return "counter.mark.maternity";
    case MARK_CAP_MEDICAL:
    case MARK_CAP_SUPPORT:
    case MARK_CAP_CARE:
    case MARK_CAP_CHILD:
        break;
    }
    return "counter.mark.cap";
}

const char *standing_message(enum instalment_state s)
{
    switch (s) {
    case INSTALMENT_PAID:
        return "counter.state.paid";
    case INSTALMENT_OPEN:
        return "counter.state.open";
    case INSTALMENT_OVERDUE:
        return "counter.state.overdue";
    case INSTALMENT_ZERO:
        break;
    }
    return "counter.state.zero";
}
