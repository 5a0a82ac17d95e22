/* style: the components with made-up contents, so that they can be looked at and tested. */
#include "serve/inner.h"

#include "serve_pages.h"

static struct str say(const char *id)
{
    const struct message *m = message_find(id);
    return m ? str_of(m->text) : str_of(id);
}

static int draw_bars(struct html *bars, struct html *pairs, struct html *shares)
{
    struct chart_point points[] = {
        {say("serve.style.seven"), 6612, 6480},
        {say("serve.style.five"), 3005, 3102},
        {say("serve.style.two"), 2204, 2190},
        {say("serve.style.none"), 8179, 8301},
    };
    struct chart_series s = {.title = say("serve.style.reductions"),
                             .unit = say("serve.style.unit"),
                             .first_label = say("serve.style.this_year"),
                             .points = points,
                             .n = 4};
    int r = chart_bars(bars, &s);
    if (r == OK)
        r = chart_shares(shares, &s);
    s.second_label = say("serve.style.last_year");
    return r == OK ? chart_bars(pairs, &s) : r;
}

static int draw_months(struct html *months)
{
    struct chart_row rows[] = {
        {say("serve.style.person_1"), "ccccccciiiii", say("serve.style.note_1")},
        {say("serve.style.person_2"), "...niiiiiiii", say("serve.style.note_2")},
        {say("serve.style.person_3"), "iiiix.......", say("serve.style.note_3")},
        {say("serve.style.person_4"), "dddddddddeee", STR("")},
    };
    return chart_months(months, 2026, rows, sizeof rows / sizeof rows[0]);
}

static int show(struct work *w, struct request *rq, struct reply *rp,
                const struct serve_sample_form *form)
{
    struct html pictures[4];
    struct page_option_view places[] = {{STR("1"), say("serve.style.place_1")},
                                        {STR("2"), say("serve.style.place_2")}};
    for (size_t i = 0; i < 4; i++)
        html_init(&pictures[i]);
    int r = draw_bars(&pictures[0], &pictures[1], &pictures[2]);
    if (r == OK)
        r = draw_months(&pictures[3]);
    struct serve_style_view v = {
        .bars = &pictures[0],
        .pairs = &pictures[1],
        .shares = &pictures[2],
        .months = &pictures[3],
        .total = YEN(229537),
        .today = w->today,
        .next_month = month_add(ymd_month(w->today), 1),
        .places = places,
        .n_places = 2,
        .pager = {.shown = 3, .total = 1280, .has_total = true, .next = STR("/style?after=3")},
        .sample = form,
    };
    if (r == OK)
        serve_page_style(&rp->body, rq->frame, &v);
    for (size_t i = 0; i < 4; i++)
        html_release(&pictures[i]);
    return r < 0 ? fail(&w->cx, r, "base.memory", NULL) : OK;
}

int style_show(struct work *w, struct request *rq, struct reply *rp)
{
    return show(w, rq, rp, NULL);
}

/* Reads the form and says so; nothing is kept. */
int style_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct serve_sample_form form;
    int r = serve_sample_form_read(&w->cx, rq, &form);
    if (r == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show(w, rq, rp, &form);
    }
    if (r < 0)
        return r;
    rp->notice = say("serve.style.saved");
    return reply_redirect(rq, rp, "/style");
}
