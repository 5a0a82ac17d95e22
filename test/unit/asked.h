/*
 * asked: the program's pages asked for by address, with the rights of whoever works: the router's
 * own table finds the route, the right it names is needed as the server needs it, and a page about
 * people must have left its audit line.
 */
#ifndef TEST_ASKED_H
#define TEST_ASKED_H

#include "serve/serve.h"

#include "town.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct reply answer;

#define FIELDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static inline void asked_query(struct request *rq, struct str query)
{
    while (query.n > 0) {
        struct str value = str_cut(&query, '&');
        const struct str name = str_cut(&value, '=');
        rq->query[rq->n_query++] = (struct pair){name, value};
    }
}

static inline void asked_fields(struct town *t, struct request *rq, const char *const *fields)
{
    int64_t last = 0;
    for (int i = 0; fields && fields[i]; i += 2)
        rq->form[rq->n_form++] = (struct pair){str_of(fields[i]), str_of(fields[i + 1])};
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &last));
    rq->form[rq->n_form++] =
        (struct pair){STR("_read_at"), str_format(t->w.cx.arena, "%lld", (long long)last)};
}

/* The status of the answer; < 0: refused. Looked at as of today and as known now, whatever the last
 * page looked at. */
static inline int ask(struct town *t, enum method method, const char *address,
                      const char *const *fields)
{
    static const struct frame frame = {.path = {"/", 1}};
    struct request rq = {.method = method, .frame = &frame, .arena = t->w.cx.arena};
    struct str query = str_copy(t->w.cx.arena, str_of(address));
    const struct str path = str_cut(&query, '?');
    const struct router *router;
    const struct route *route = NULL;
    const struct asof asof = t->w.asof;
    html_release(&answer.body);
    answer = (struct reply){.status = 200};
    html_init(&answer.body);
    TOWN_OK(t, router_new(&t->w.cx, &router));
    int result = router_find(&t->w.cx, router, method, path, rq.part, &route);
    if (result < 0)
        return result;
    if ((t->w.actor->rights & route->right) != route->right)
        return (fail)(&t->w.cx, ERR_DENIED, "serve.denied", NULL);
    asked_query(&rq, query);
    if (method == METHOD_POST)
        asked_fields(t, &rq, fields);
    t->w.screen = route->screen;
    t->w.looks = 0;
    result = route->handler(&t->w, &rq, &answer);
    t->w.asof = asof;
    if (result >= 0 && route->audit != AUDIT_NONE && !answer.shows_nobody)
        assert_true(t->w.looks > 0);
    return result < 0 ? result : answer.location.p ? 303 : answer.status;
}

static inline bool shows(const char *words)
{
    const struct str s = text_str(&answer.body.text);
    return memmem(s.p, s.n, words, strlen(words)) != NULL;
}

/* All of them, one after the other. */
static inline bool shows_in_order(const char *const *words)
{
    const char *at = text_str(&answer.body.text).p;
    for (int i = 0; words[i]; i++) {
        at = strstr(at, words[i]);
        if (!at) {
            print_message("# not in its place: %s\n", words[i]);
            if (getenv("SHOW_PAGE"))
                fputs(text_str(&answer.body.text).p, stderr);
            return false;
        }
        at += strlen(words[i]);
    }
    return true;
}

/* Whether a menu of somebody with these rights leads there. */
static inline bool is_on_menu(uint64_t rights, const char *path)
{
    size_t n = 0;
    const struct desk *const *desks = office_desks(&n);
    for (size_t d = 0; d < n; d++) {
        for (size_t i = 0; i < desks[d]->n_menu; i++) {
            const struct menu_item *m = &desks[d]->menu[i];
            if (strcmp(m->path, path) == 0 && (rights & m->right) == m->right)
                return true;
        }
    }
    return false;
}

/* Somebody with these rights and no others, beside being signed in. */
static inline struct actor with_rights(uint64_t rights)
{
    return (struct actor){.user_id = 71,
                          .user_name = STR("asker"),
                          .full_name = STR("asker"),
                          .branch = STR("main"),
                          .terminal = STR("console"),
                          .rights = rights | RIGHT(RIGHT_SIGNED_IN)};
}

#endif
