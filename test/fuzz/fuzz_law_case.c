/* Whatever a line holds, simulate premium answers with one line of JSON that carries the line's id
 * or null, and never an amount above its cap. */
#include "law/law.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena arena;
static struct context cx;
static struct premium *premium[2]; /* rates of the case; of a rulebook */

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void open_once(void)
{
    const char *rules = env_variable("HOKENKA_RULES");
    if (premium[0])
        return;
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    check(premium_new(&cx, rules ? rules : "rules", STR_NONE, &premium[0]) == OK);
    check(premium_new(&cx, rules ? rules : "rules", STR("新宿区"), &premium[1]) == OK);
}

static void check_component(const json_t *answer, const json_t *rates, const char *name)
{
    const json_t *got = json_object_get(answer, name);
    const json_t *cap = json_object_get(json_object_get(rates, name), "cap");
    check(json_is_integer(json_object_get(got, "amount")));
    check(json_integer_value(json_object_get(got, "amount")) >= 0);
    if (json_is_integer(cap))
        check(json_integer_value(json_object_get(got, "amount")) <= json_integer_value(cap));
}

static void check_answer(const json_t *c, const json_t *answer)
{
    static const char *const names[] = {"medical", "support", "care", "child"};
    const json_t *rates = json_object_get(c, "rates");
    check(json_is_integer(json_object_get(answer, "total")));
    for (size_t i = 0; i < 4; i++)
        if (json_object_get(rates, names[i]))
            check_component(answer, rates, names[i]);
}

static void one(struct premium *p, struct str line, bool own_rates)
{
    struct text out;
    text_init(&out, 8 << 20);
    int status = premium_line(p, line, false, &out);
    check(status == 0 || status == 1);
    json_t *answer = json_loadb(out.p, out.n, JSON_REJECT_DUPLICATES, NULL);
    json_t *c = json_loadb(line.n ? line.p : "", line.n, JSON_REJECT_DUPLICATES, NULL);
    check(answer && memchr(out.p, '\n', out.n) == NULL);
    check((json_object_get(answer, "error") != NULL) == (status == 1));
    if (status == 0) {
        const json_t *id = json_object_get(c, "id");
        check(json_equal(json_object_get(answer, "id"), id ? id : json_null()) == 1);
        if (own_rates)
            check_answer(c, answer);
    }
    json_decref(c);
    json_decref(answer);
    text_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str line = {(const char *)data, size};
    open_once();
    one(premium[0], line, true);
    one(premium[1], line, false);
    return 0;
}
