/*
 * radar: every household whose premium differs between two rule sets or two drafts, by cause and
 * amount. Sets are named as levy_rules_named reads them: "adopted", "draft:2",
 * "医療.所得割率=7.9 ...", or a folder of rule files.
 */
#include "cli/city_store.h"

#include "desk/levy/levy.h"

#include <inttypes.h>
#include <stdio.h>

enum { YEAR, CSV, TOP, N_OPTIONS };
static const struct option_spec specs[N_OPTIONS] = {{"year", true}, {"csv", false}, {"top", true}};

struct radar_print {
    struct work *w;
    const struct radar *radar;
    const struct options *o;
    int64_t top; /* households shown in words; all of them in files */
};

static void print_json(const struct radar_print *p, const struct str *household_no)
{
    for (size_t i = 0; i < p->radar->n; i++) {
        const struct radar_row *r = &p->radar->rows[i];
        printf("{\"household\":\"" STR_FMT "\",\"before\":%" PRId64 ",\"after\":%" PRId64
               ",\"cause\":",
               STR_ARG(household_no[i]), r->before.n, r->after.n);
        print_json_text(p->radar->causes[r->cause].names);
        printf("}\n");
    }
}

static void print_csv(const struct radar_print *p, const struct str *household_no)
{
    printf("%s\n", sentence("cli.radar.csv"));
    for (size_t i = 0; i < p->radar->n; i++) {
        const struct radar_row *r = &p->radar->rows[i];
        printf(STR_FMT ",%" PRId64 ",%" PRId64 ",%" PRId64 ",\"" STR_FMT "\"\n",
               STR_ARG(household_no[i]), r->before.n, r->after.n, r->after.n - r->before.n,
               STR_ARG(p->radar->causes[r->cause].names));
    }
}

static void print_money(const char *message, int64_t yen)
{
    struct text t;

    text_init(&t, 64);
    text_add_yen(&t, YEN(yen));
    printf("%s " STR_FMT "\n", sentence(message), STR_ARG(text_str(&t)));
    text_release(&t);
}

static void print_words(const struct radar_print *p, const struct str *household_no)
{
    const struct radar *r = p->radar;

    print_money("cli.radar.before", r->before.total_yen);
    print_money("cli.radar.after", r->after.total_yen);
    printf("%s %zu\n", sentence("cli.radar.households"), r->n);
    for (size_t i = 0; i < r->n_causes; i++) {
        const struct radar_cause *c = &r->causes[i];
        printf("  " STR_FMT "\n    %s %" PRId64 "  %s %" PRId64 "  %s %" PRId64 "  %s %" PRId64
               "\n",
               STR_ARG(c->names), sentence("cli.radar.households"), c->households,
               sentence("cli.radar.winners"), c->winners, sentence("cli.radar.losers"), c->losers,
               sentence("cli.radar.difference"), c->yen);
    }
    for (size_t i = 0; i < r->n && (int64_t)i < p->top; i++)
        printf("  " STR_FMT "  %" PRId64 " -> %" PRId64 "\n", STR_ARG(household_no[i]),
               r->rows[i].before.n, r->rows[i].after.n);
}

/* Numbers people know instead of ids. */
static int household_numbers(struct work *w, const struct radar *r, struct str **out)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, r->n + 1, int64_t);

    *out = ARENA_ARRAY(w->cx.arena, r->n + 1, struct str);
    if (!ids || !*out)
        return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
    for (size_t i = 0; i < r->n; i++)
        ids[i] = r->rows[i].household_id;
    return levy_household_nos(w, ids, r->n, *out);
}

static int run_radar(struct work *w, const struct options *o, size_t *different)
{
    struct radar radar;
    struct str *household_no;
    struct radar_print p = {.w = w, .radar = &radar, .o = o};
    int64_t year;

    int result = options_number(&w->cx, o->value[YEAR], "year", ymd_fiscal_year(w->today), &year);
    if (result >= 0)
        result = options_number(&w->cx, o->value[TOP], "top", 20, &p.top);
    if (result >= 0)
        result = levy_radar_named(w, (int)year, o->words[0], o->words[1], &radar);
    if (result >= 0)
        result = household_numbers(w, &radar, &household_no);
    if (result >= 0)
        result = audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                     .query = o->words[1],
                                                     .count = (int64_t)radar.n});
    if (result < 0)
        return result;
    *different = radar.n;
    if (o->json)
        print_json(&p, household_no);
    else if (o->value[CSV].p)
        print_csv(&p, household_no);
    else
        print_words(&p, household_no);
    return audit_outcome(w, OK, (int64_t)radar.n);
}

int cmd_radar(struct context *cx, int argc, char **argv)
{
    struct options o;
    struct work w;
    size_t different = 0;

    if (options_read(cx, argc, argv, specs, N_OPTIONS, &o) < 0)
        return EXIT_USAGE;
    if (o.n_words != 2)
        return command_help("radar", false);
    if (work_open(&w, cx, options_city(cx, &o), STORE_READ) < 0)
        return report_error(&w.cx);
    w.screen = "cli.radar";
    const int result = run_radar(&w, &o, &different);
    const int code = result < 0 ? report_error(&w.cx) : different > 0 ? EXIT_FINDINGS : EXIT_OK;
    work_close(&w);
    return code;
}
