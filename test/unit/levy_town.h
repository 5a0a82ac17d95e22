/*
 * levy_town: a town with a demo population and adopted rules, for the tests of levy, collection
 * and counter.
 */
#ifndef TEST_LEVY_TOWN_H
#define TEST_LEVY_TOWN_H

#include "cli/demo/demo.h"
#include "desk/collection/collection.h"
#include "desk/levy/levy.h"

#include "town.h"

#include <stdio.h>
#include <string.h>

static const struct desk *const levy_town_desks[] = {&office_desk, &party_desk, &eligibility_desk,
                                                     &levy_desk, &collection_desk};

/* Settings of the program under test; first thing in main. */
static inline void levy_town_start(void)
{
    office_desks_set(levy_town_desks, sizeof levy_town_desks / sizeof *levy_town_desks);
}

static inline void levy_town_adopt(struct town *t, const char *folder, struct str municipality)
{
    struct ruleset *rules;
    const struct rule_text *texts;
    TOWN_OK(t, ruleset_load_directory(&t->w.cx, folder, municipality, &rules));
    size_t n = ruleset_texts(rules, &texts);
    for (size_t i = 0; i < n; i++) {
        TOWN_OK(t, office_adopt(&t->w, STR("rules"), texts[i].name, texts[i].text, STR("test")));
    }
}

/* people residents from the seed, the demo city's rules adopted. */
static inline void levy_town_fill(struct town *t, int64_t people, uint64_t seed)
{
    struct demo_request rq = {.people = people, .seed = seed, .until = YMD_NONE};
    struct demo_city *city;
    TOWN_OK(t, demo_city_new(&t->w.cx, &rq, &city));
    TOWN_OK(t, demo_city_write(&t->w, city, NULL, NULL));
    levy_town_adopt(t, ROOT "/rules", demo_city_name(city));
    demo_city_free(city);
}

/* An actor with a role's rights and a user number of its own. */
static inline struct actor levy_town_actor(enum role role, int64_t user_id)
{
    return (struct actor){.user_id = user_id,
                          .user_name = STR("tester"),
                          .full_name = STR("tester"),
                          .branch = STR("main"),
                          .terminal = STR("console"),
                          .rights = role_rights(role),
                          .role = role};
}

static inline struct str levy_town_options(struct town *t, const char *format, ...)
    PRINTF_LIKE(2, 3);
static inline struct str levy_town_options(struct town *t, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    return str_copy(t->w.cx.arena, str_of(line));
}

#endif
