/* A radar as a file: every household that differs, with its amounts and the cause. */
#include "desk/levy/trial_pages.h"
#include "exchange/exchange.h"
#include "levy_sql.h"

#include <stdio.h>

#define CSV_BYTES ((size_t)256 << 20)

static struct str cause_name(const struct levy_radar_causes_list *causes, int64_t number)
{
    for (size_t i = 0; i < causes->n; i++) {
        if (causes->rows[i].number == number) {
            return causes->rows[i].names;
        }
    }
    return STR("");
}

static void put_header(struct text *out)
{
    static const char *const ids[] = {"levy.csv.household_no", "levy.csv.before", "levy.csv.after",
                                      "levy.csv.difference", "levy.csv.cause"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const struct message *m = message_find(ids[i]);
        csv_add(out, str_of(m ? m->text : ids[i]));
    }
    csv_end(out);
}

static void put_yen(struct text *out, int64_t yen)
{
    char word[24];
    snprintf(word, sizeof word, "%lld", (long long)yen);
    csv_add(out, str_of(word));
}

static int put_changes(struct work *w, int64_t job, struct text *out, int64_t *rows)
{
    const struct levy_radar_causes_in causes_in = {.job_id = job};
    const struct levy_radar_changes_in in = {.job_id = job, .cause = -1, .n = INT32_MAX};
    struct levy_radar_causes_list causes;
    struct levy_radar_changes_list list;
    int rc = levy_radar_causes(&w->cx, w->store, &causes_in, &causes);
    rc = rc < 0 ? rc : levy_radar_changes(&w->cx, w->store, &in, &list);
    if (rc < 0) {
        return rc;
    }
    put_header(out);
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_radar_changes_row *r = &list.rows[i];
        csv_add(out, r->household_no);
        put_yen(out, r->before_yen.n);
        put_yen(out, r->after_yen.n);
        put_yen(out, r->after_yen.n - r->before_yen.n);
        csv_add(out, cause_name(&causes, r->cause));
        csv_end(out);
    }
    *rows = (int64_t)list.n;
    return out->failed ? fail(&w->cx, ERR_LIMIT, "levy.results.size", NULL) : 0;
}

int levy_comparison_csv(struct work *w, struct request *rq, struct reply *rp)
{
    struct text out;
    int64_t job = 0;
    int64_t rows = 0;
    int rc = request_part_id(&w->cx, rq, 0, &job);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                      .purpose = STR("levy.radar"),
                                                      .query = STR("csv")});
    if (rc < 0) {
        return rc;
    }
    text_init(&out, CSV_BYTES);
    rc = put_changes(w, job, &out, &rows);
    const struct str bytes = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&out));
    text_release(&out);
    if (rc < 0 || !bytes.p) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    reply_file(rp, "text/csv; charset=utf-8", bytes,
               str_format(w->cx.arena, "radar_%lld.csv", (long long)job), false);
    return audit_outcome(w, OK, rows);
}
