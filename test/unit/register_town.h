/*
 * register_town: a town with a demo population as of its first day, and a resident register beside
 * it that starts from the same residents.
 */
#ifndef TEST_REGISTER_TOWN_H
#define TEST_REGISTER_TOWN_H

#include "levy_town.h"

#include "outside/register/register.h"

static inline void register_town_start(void)
{
    levy_town_start();
    register_start();
}

/* The clock stands at ten in the morning of that day, and the work with it. */
static inline void register_town_day(struct town *t, struct ymd day)
{
    const int64_t ten = ((int64_t)day.day * 86400 + 3600) * INT64_C(1000000);
    env_advance(t->env, ten - t->env->now_us(t->env));
    t->w.today = day;
    t->w.asof = (struct asof){day, KNOWN_NOW};
}

static inline void register_town_fill(struct town *t, int64_t people, uint64_t seed)
{
    const struct demo_request rq = {.people = people, .seed = seed, .until = ymd_of(2025, 4, 1)};
    struct demo_city *city = NULL;

    register_town_day(t, ymd_of(2025, 4, 1));
    TOWN_OK(t, demo_city_new(&t->w.cx, &rq, &city));
    TOWN_OK(t, demo_city_write(&t->w, city, NULL, NULL));
    levy_town_adopt(t, ROOT "/rules", demo_city_name(city));
    demo_city_free(city);
}

static inline struct register_office *register_town_open(struct town *t, const char *name,
                                                         uint64_t seed, int pace)
{
    struct register_office *r = NULL;
    struct text residents;
    int64_t rows = 0;
    const struct str path = str_format(t->w.cx.arena, "%s/%s", t->path, name);

    text_init(&residents, 64 << 20);
    TOWN_OK(t, eligibility_export_residents(&t->w, &residents, &rows));
    TOWN_OK(t, register_create(&t->w.cx, &(struct register_new){path.p, text_str(&residents),
                                                                t->w.today, seed, pace}));
    text_release(&residents);
    TOWN_OK(t, register_open(&t->w.cx, path.p, &r));
    return r;
}

#endif
