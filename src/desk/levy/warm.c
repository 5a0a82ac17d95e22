/* warm: rules, plan and one sample notice before the first request, so that nobody waits for the
 * reading of the rules or the first look at every character of a form. */
#include "desk/levy/assess.h"
#include "desk/levy/notice.h"

#define SAMPLE_BYTES ((size_t)4 << 20)

static int print_sample(struct work *w, struct paper *p, struct form *f)
{
    struct paper_info info = {.title = form_title(f), .issued = w->today};
    struct form_data sample;
    struct text pdf;
    form_data_init(&sample, w->cx.arena, STR(""));
    int rc = form_sample(&w->cx, f, &sample);
    text_init(&pdf, SAMPLE_BYTES);
    rc = rc < 0 ? rc : paper_pdf(&w->cx, p, &info, f, &sample, &pdf);
    text_release(&pdf);
    return rc;
}

int levy_warm(struct work *w)
{
    const struct ruleset *rules;
    const struct plan *plan;
    struct layout_sources sources;
    struct layouts forms;
    struct paper *paper;
    int rc = levy_rules(w, KNOWN_NOW, &rules);
    rc = rc < 0 ? rc : levy_plan(w, rules, ymd_fiscal_year(w->today), &plan);
    rc = rc < 0 ? rc : office_paper(w, &paper);
    rc = rc < 0 ? rc : layout_sources(w, &sources);
    rc = rc < 0 ? rc : layouts_from(&w->cx, paper, &sources, &forms);
    if (rc < 0) {
        return rc;
    }
    rc = print_sample(w, paper, forms.notice);
    rc = rc < 0 ? rc : print_sample(w, paper, forms.slip);
    layouts_free(&forms);
    return rc;
}
