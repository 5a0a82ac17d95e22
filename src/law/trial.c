#include "law/trial.h"

#include "law/ruleset.h"

#include <string.h>

int trial_init(struct trial *t, struct context *cx, const struct ruleset *r, int year)
{
    enum { TRIAL_MOST = 256 << 20 };
    *t = (struct trial){.r = r, .year = year};
    arena_init(&t->arena, TRIAL_MOST);
    context_init(&t->cx, cx->env, &t->arena);
    return OK;
}

int trial_release(struct trial *t, struct context *cx, int status)
{
    evaluation_release(t->evaluation);
    facts_release(t->facts);
    if (status < 0)
        cx->error = t->cx.error;
    arena_release(&t->arena);
    return status;
}

static int add_name(struct trial *t, struct str *names, size_t *n, int item, int word)
{
    struct str name = law_item_instance_name(&t->arena, t->r, &t->r->item[item], word);
    for (size_t i = 0; i < *n; i++)
        if (str_equal(names[i], name))
            return OK;
    if (*n == TRIAL_NAMES)
        return fail(&t->cx, ERR_LIMIT, "law.rule.trial", "names=%d", TRIAL_NAMES);
    names[(*n)++] = name;
    return OK;
}

int trial_want(struct trial *t, int item, int word)
{
    return add_name(t, t->wanted, &t->n_wanted, item, word);
}

int trial_give(struct trial *t, int item, int word)
{
    return add_name(t, t->given, &t->n_given, item, word);
}

int trial_open(struct trial *t)
{
    struct plan_request q = {.fiscal_year = t->year,
                             .wanted = t->wanted,
                             .n_wanted = t->n_wanted,
                             .given = t->given,
                             .n_given = t->n_given};
    int status = plan_new(&t->cx, t->r, &q, &t->plan);
    if (status == OK)
        status = facts_new(&t->cx, t->r, t->given, t->n_given, &t->facts);
    return status;
}

int trial_set(struct trial *t, int item, int word, int row, struct law_value v)
{
    struct str name = law_item_instance_name(&t->arena, t->r, &t->r->item[item], word);
    int field = facts_field(&t->cx, t->facts, name);
    if (field < 0)
        return field;
    if (v.none)
        return OK; /* なし is how an optional fact starts out */
    if (v.den != 1)
        return fail(&t->cx, ERR_INVALID, "law.facts.value", "name=" STR_FMT, STR_ARG(name));
    return facts_set(&t->cx, t->facts, field, row, v.num);
}

int trial_run(struct trial *t)
{
    struct law_failure failure;
    int status = evaluation_new(&t->cx, t->plan, t->facts, &t->evaluation);
    if (status == OK)
        status = evaluate(&t->cx, t->evaluation, 0, 1);
    if (status == OK && evaluation_failed(t->evaluation, 0, &failure))
        return fail(&t->cx, failure.code, "law.rule.failed", "name=" STR_FMT,
                    STR_ARG(failure.definition));
    return status;
}

int trial_value(struct trial *t, int item, int word, int row, struct law_value *out)
{
    const struct item *i = &t->r->item[item];
    struct str name = law_item_instance_name(&t->arena, t->r, i, word);
    int result = plan_result(&t->cx, t->plan, name);
    if (result < 0)
        return result;
    const struct node *n = &t->plan->node[t->plan->result_node[result]];
    if (n->operand.constant) {
        *out = n->operand.value;
        return OK;
    }
    if (row < 0 || row >= t->evaluation->count[i->scope])
        return fail(&t->cx, ERR_INVALID, "law.facts.row", "name=" STR_FMT " row=%d", STR_ARG(name),
                    row);
    *out = (struct law_value){.type = i->type.base,
                              .den = t->plan->result[result].den,
                              .num = evaluation_value(t->evaluation, result, row)};
    if (i->type.choice >= 0)
        out->word = t->r->choice[i->type.choice].word[out->num];
    return OK;
}

/* ---- standing of texts -------------------------------------------------------------------- */

enum standing { NATIONAL, REGIONAL, MUNICIPAL };

static enum standing standing_of(const struct ruleset *r, int layer)
{
    const struct heading *h = &r->heading[layer];
    return h->municipality.p ? MUNICIPAL : h->region.p ? REGIONAL : NATIONAL;
}

int ruleset_upto(struct context *cx, const struct ruleset *r, int layer, struct ruleset **out)
{
    enum standing most = standing_of(r, layer);
    int status = ruleset_copy(cx, r, out);
    if (status < 0)
        return status;
    for (size_t i = 0; i < r->n_items; i++) {
        const struct item *from = &r->item[i];
        struct version *kept = ARENA_ARRAY(cx->arena, from->n + 1, struct version);
        size_t n = 0;
        if (!kept)
            return fail(cx, ERR_MEMORY, "law.memory", NULL);
        for (size_t k = 0; k < from->n; k++)
            if (from->version[k].layer < (int)r->n_texts &&
                standing_of(r, from->version[k].layer) <= most)
                kept[n++] = from->version[k];
        (*out)->item[i].version = kept;
        (*out)->item[i].n = n;
    }
    return OK;
}
