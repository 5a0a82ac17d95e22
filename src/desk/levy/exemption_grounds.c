/*
 * Grounds of an exemption (減免の事由): a table of the ordinance. The city adopts its own by an
 * event; until then that of the program's data holds. An exemption keeps the ground of the table
 * that held when its row was written.
 */
#include "desk/levy/exemption.h"
#include "desk/levy/pages.h"
#include "levy_pages.h"

enum { TABLE_BYTES = 65536, PARTS_OF_ONE = 10000, CODE_LONGEST = 20 };

static const struct str table_kind = {"table", 5};
static const struct str table_name = {"exemption_grounds", 17};

/* --- the table ----------------------------------------------------------------------------------
 */

static bool is_code(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && s.p[i] != '_') {
            return false;
        }
    }
    return s.n > 0 && s.n <= CODE_LONGEST;
}

static bool is_known(const struct exemption_grounds *all, struct str code)
{
    for (size_t i = 0; i < all->n; i++) {
        if (str_equal(all->rows[i].code, code)) {
            return true;
        }
    }
    return false;
}

static bool read_line(struct str line, struct exemption_ground *out)
{
    int64_t of_income = 0;
    out->code = str_cut(&line, '\t');
    const bool is_right = str_to_int(str_cut(&line, '\t'), &out->most) &&
                          str_to_int(str_cut(&line, '\t'), &of_income);
    out->of_income = of_income != 0;
    out->article = str_cut(&line, '\t');
    out->papers = str_cut(&line, '\t');
    out->label = line;
    return is_right && is_code(out->code) && out->most > 0 && out->most <= PARTS_OF_ONE &&
           out->article.n > 0 && out->label.n > 0;
}

static int parse(struct work *w, struct str body, struct exemption_grounds *out)
{
    *out = (struct exemption_grounds){.n = 0};
    while (body.n > 0) {
        const struct str line = str_cut(&body, '\n');
        struct exemption_ground g;
        if (line.n == 0 || line.p[0] == '#') {
            continue;
        }
        if (out->n == EXEMPTION_GROUNDS_MAX || !read_line(line, &g) || is_known(out, g.code)) {
            return fail(&w->cx, ERR_INVALID, "levy.exemption.table", STR_FMT, STR_ARG(line));
        }
        out->rows[out->n++] = g;
    }
    return out->n > 0 ? 0 : fail(&w->cx, ERR_INVALID, "levy.exemption.table", NULL);
}

int exemption_grounds_read(struct work *w, int64_t known, struct exemption_grounds *out)
{
    extern const unsigned char levy_exemption_grounds_tsv[];
    extern const size_t levy_exemption_grounds_tsv_size;
    struct str body = {(const char *)levy_exemption_grounds_tsv, levy_exemption_grounds_tsv_size};
    struct adopted_list list;
    const int64_t seen = w->asof.known;
    w->asof.known = known;
    int rc = office_adopted(w, table_kind, &list);
    w->asof.known = seen;
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        body = str_equal(list.rows[i].name, table_name) ? list.rows[i].body : body;
    }
    return rc < 0 ? rc : parse(w, body, out);
}

int exemption_ground_of(struct work *w, struct str code, int64_t known,
                        struct exemption_ground *out)
{
    struct exemption_grounds all;
    int rc = exemption_grounds_read(w, known, &all);
    for (size_t i = 0; rc >= 0 && i < all.n; i++) {
        if (str_equal(all.rows[i].code, code)) {
            *out = all.rows[i];
            return 1;
        }
    }
    /* Not in the table any more: its code is all there is to say. */
    *out = (struct exemption_ground){.code = code,
                                     .label = code,
                                     .article = STR(""),
                                     .papers = STR("")};
    return rc < 0 ? rc : 0;
}

int exemption_ground_label(struct work *w, const struct exemption_grounds *now,
                           const struct exemption *x, struct str *out)
{
    struct exemption_ground g;
    for (size_t i = 0; i < now->n; i++) {
        if (str_equal(now->rows[i].code, x->ground)) {
            *out = now->rows[i].label;
            return 0;
        }
    }
    const int rc = exemption_ground_of(w, x->ground, x->event_no, &g);
    *out = g.label;
    return rc < 0 ? rc : 0;
}

int exemption_grounds_adopt(struct work *w, struct str body, struct str reason)
{
    struct exemption_grounds all;
    const int rc = parse(w, body, &all);
    return rc < 0 ? rc : office_adopt(w, table_kind, table_name, body, reason);
}

/* --- the page -----------------------------------------------------------------------------------
 */

static void put_rows(const struct exemption_grounds *all, struct levy_grounds_form *f)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct exemption_ground *g = &all->rows[i];
        f->ground[f->n_ground++] = (struct levy_grounds_ground_entry){.code = g->code,
                                                                      .label = g->label,
                                                                      .percent = g->most / 100,
                                                                      .of_income = g->of_income,
                                                                      .article = g->article,
                                                                      .papers = g->papers};
    }
}

static int show(struct work *w, struct request *rq, struct reply *rp,
                const struct levy_grounds_form *form)
{
    struct exemption_grounds all;
    struct levy_grounds_form own;
    struct levy_exemption_grounds_view v = {.grounds = form};
    int rc = exemption_grounds_read(w, KNOWN_NOW, &all);
    struct levy_exemption_grounds_in_force_row *rows =
        ARENA_ARRAY(w->cx.arena, EXEMPTION_GROUNDS_MAX, struct levy_exemption_grounds_in_force_row);
    if (rc < 0 || !rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < all.n; i++) {
        const struct exemption_ground *g = &all.rows[i];
        rows[i] =
            (struct levy_exemption_grounds_in_force_row){g->code,      g->label,   g->most / 100,
                                                         g->of_income, g->article, g->papers};
    }
    if (!form) {
        levy_grounds_form_init(&own);
        put_rows(&all, &own);
        v.grounds = &own;
    }
    v.in_force = rows;
    v.n_in_force = all.n;
    v.may_adopt = work_may(w, RIGHT_RULE_ADOPT);
    levy_page_exemption_grounds(&rp->body, rq->frame, &v);
    return 0;
}

int levy_show_exemption_grounds(struct work *w, struct request *rq, struct reply *rp)
{
    return show(w, rq, rp, NULL);
}

static void put_table(const struct levy_grounds_form *f, struct text *out)
{
    for (size_t i = 0; i < f->n_ground; i++) {
        const struct levy_grounds_ground_entry *e = &f->ground[i];
        (void)text_addf(out, STR_FMT "\t%lld\t%d\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\n",
                        STR_ARG(e->code),
                        (long long)(e->percent == FORM_ABSENT ? 0 : e->percent * 100),
                        e->of_income ? 1 : 0, STR_ARG(str_or_empty(e->article)),
                        STR_ARG(str_or_empty(e->papers)), STR_ARG(e->label));
    }
}

int levy_save_exemption_grounds(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_grounds_form form;
    struct text t;
    int rc = levy_grounds_form_read(&w->cx, rq, &form);
    if (rc >= 0) {
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = form.reason,
                                                 .query = table_name});
    }
    if (rc >= 0) {
        text_init(&t, TABLE_BYTES);
        put_table(&form, &t);
        rc = exemption_grounds_adopt(w, text_str(&t), form.reason);
        text_release(&t);
        if (rc == ERR_INVALID) {
            form_problem(&w->cx, &form.state, "reason", "levy.exemption.table", NULL);
        }
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show(w, rq, rp, &form);
    }
    if (rc < 0) {
        return rc;
    }
    rp->notice = message_words("levy.exemption.adopted");
    return reply_redirect(rq, rp, "/levy/exemption-grounds");
}
