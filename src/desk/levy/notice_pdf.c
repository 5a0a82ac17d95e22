/* One notice with its slips on demand: printed before, from the stored values; else from today's.
 */
#include "desk/levy/notice.h"
#include "levy_sql.h"

/* Two documents in one PDF, in memory. */
static int append(struct context *cx, void *arg, struct str bytes)
{
    (void)cx;
    return text_add(arg, bytes);
}

int letter_print(struct context *cx, struct paper_stream *s, const struct layouts *forms,
                 const struct decision *d, const struct form_data *data)
{
    struct form *const set[] = {forms->notice, forms->slip};
    struct yen by_slip = YEN(1); /* all of it, where nothing comes from the pension */
    (void)form_data_yen(data, "by_slip", &by_slip);
    const bool has_slips = d->schedule.n > 0 && by_slip.n > 0;
    return paper_stream_add_set(cx, s, set, has_slips ? 2 : 1, data);
}

static int print_both(struct work *w, struct paper *p, const struct layouts *forms,
                      const struct decision *d, const struct form_data *data, struct text *out)
{
    struct paper_info info = {.title = form_title(forms->notice), .issued = d->issued};
    struct paper_stream *s = NULL;
    int rc = paper_stream_open(&w->cx, p, &info, append, out, &s);
    if (rc < 0) {
        return rc;
    }
    rc = letter_print(&w->cx, s, forms, d, data);
    if (rc < 0) {
        paper_stream_abandon(s);
        return rc;
    }
    return paper_stream_close(&w->cx, s);
}

static int stored_values(struct work *w, const struct decision *d, struct form_data *out)
{
    struct levy_notice_of_decision_in in = {.decision_id = d->decision_id, .known = w->asof.known};
    struct levy_notice_of_decision_list list;
    int rc = levy_notice_of_decision(&w->cx, w->store, &in, &list);
    if (rc < 0 || list.n == 0) {
        return rc;
    }
    rc = form_data_unpack(&w->cx, list.rows[0].print_data, w->cx.arena, out);
    if (rc < 0) {
        return rc;
    }
    form_put_flag(out, "is_reprint", true);
    return 1;
}

static int todays_values(struct work *w, const struct decision *d, struct form_data *out)
{
    struct letterhead head;
    struct letter letter;
    struct decision one = *d;
    struct decisions run = {&one, 1};
    int rc = letterhead_read(w, &head);
    rc = rc < 0 ? rc : letters_load(w, &run, w->today, &letter);
    form_data_init(out, w->cx.arena, STR(""));
    return rc < 0 ? rc : notice_fill(&w->cx, &head, &letter, out);
}

int levy_notice_pdf(struct work *w, struct paper *p, const struct decision *d, struct text *out)
{
    struct layout_sources sources;
    struct layouts forms;
    struct form_data data;
    int rc = stored_values(w, d, &data);
    if (rc == 0) {
        rc = todays_values(w, d, &data);
    }
    rc = rc < 0 ? rc : layout_sources(w, &sources);
    rc = rc < 0 ? rc : layouts_from(&w->cx, p, &sources, &forms);
    if (rc < 0) {
        return error_add(&w->cx, "print notice %lld", (long long)d->decision_no);
    }
    data.whose = str_format(w->cx.arena, "%lld", (long long)d->decision_no);
    rc = print_both(w, p, &forms, d, &data, out);
    layouts_free(&forms);
    return rc < 0 ? error_add(&w->cx, "print notice %lld", (long long)d->decision_no) : 0;
}

/* --- into a stream of another desk --------------------------------------------------------------- */

struct notice_drawer {
    struct layouts forms;
};

int notice_drawer_open(struct work *w, struct paper *p, struct notice_drawer **out)
{
    struct layout_sources sources;
    struct notice_drawer *d = ARENA_NEW(w->cx.arena, struct notice_drawer);
    *out = NULL;
    int rc = d ? layout_sources(w, &sources) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    rc = rc < 0 ? rc : layouts_from(&w->cx, p, &sources, &d->forms);
    *out = rc < 0 ? NULL : d;
    return rc;
}

int notice_draw(struct work *w, struct notice_drawer *d, struct paper_stream *s,
                const struct decision *decision)
{
    struct form_data data;
    int rc = stored_values(w, decision, &data);
    if (rc <= 0) {
        return rc < 0 ? rc
                      : fail(&w->cx, ERR_NOT_FOUND, "levy.form.none", "%lld",
                             (long long)decision->decision_no);
    }
    form_put_flag(&data, "is_reprint", false); /* it goes out for the first time */
    data.whose = str_format(w->cx.arena, "%lld", (long long)decision->decision_no);
    return letter_print(&w->cx, s, &d->forms, decision, &data);
}

void notice_drawer_close(struct notice_drawer *d)
{
    if (d) {
        layouts_free(&d->forms);
    }
}
