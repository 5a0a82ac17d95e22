/* The decision document of a correction's draft (更正決議書): one for increases, one for decreases.
 */
#include "desk/levy/correction.h"
#include "desk/levy/notice.h"
#include "levy_sql.h"

enum { ROWS_PRINTED = 10000 };

static void put_totals(const struct correction_totals *t, struct form_data *out)
{
    static const char *const parts[LEVY_PARTS] = {"levy.part.medical", "levy.part.support",
                                                  "levy.part.care", "levy.part.child"};
    form_put_count(out, "households", t->decided);
    form_put_count(out, "pulled", t->pulled);
    form_put_count(out, "refused", t->refused);
    form_put_yen(out, "before", t->before);
    form_put_yen(out, "after", t->after);
    form_put_yen(out, "difference", YEN(t->after.n - t->before.n));
    for (size_t i = 0; i < t->n_causes; i++) {
        const struct cause_total *c = &t->cause[i];
        struct form_data *row = form_item(out, "causes");
        form_put_text(row, "label", message_words(levy_cause_message(c->cause)));
        form_put_count(row, "households", c->n);
        form_put_yen(row, "before", c->before);
        form_put_yen(row, "after", c->after);
        form_put_yen(row, "difference", YEN(c->after.n - c->before.n));
    }
    for (int k = 0; k < LEVY_PARTS; k++) {
        struct form_data *row = form_item(out, "parts");
        form_put_text(row, "label", message_words(parts[k]));
        form_put_yen(row, "amount", t->part[k]);
    }
}

static int put_rows(struct work *w, const struct draft *d, struct form_data *out)
{
    struct levy_draft_correction_shown_in in = {.draft_no = d->draft_no, .n = ROWS_PRINTED};
    struct levy_draft_correction_shown_list list;
    int64_t no = 0;
    int rc = levy_draft_correction_shown(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct levy_draft_correction_shown_row *r = &list.rows[i];
        if (r->outcome != OUTCOME_LEVIED && r->outcome != OUTCOME_PULLED) {
            continue;
        }
        struct form_data *row = form_item(out, "rows");
        struct str number = r->decision_no
                                ? str_format(w->cx.arena, "%lld", (long long)r->decision_no)
                                : message_words("levy.cause.new");
        form_put_count(row, "no", ++no);
        form_put_text(row, "household_no", r->household_no);
        form_put_text(row, "notice_no", number.p ? number : STR(""));
        form_put_text(row, "cause", message_words(levy_cause_message(r->cause)));
        form_put_yen(row, "before", r->before_yen);
        form_put_yen(row, "after", r->after_yen);
        form_put_yen(row, "difference", YEN(r->after_yen.n - r->before_yen.n));
    }
    return rc;
}

static int put_people(struct work *w, const struct draft *d, struct form_data *out)
{
    const int64_t ids[2] = {d->run_by, d->confirmed_by};
    static const char *const names[2] = {"run_by", "confirmed_by"};
    int rc = 0;
    for (int i = 0; i < 2 && rc >= 0; i++) {
        struct levy_user_named_in in = {.user_id = ids[i]};
        struct levy_user_named_row row = {.full_name = STR("")};
        rc = i == 1 && d->status != DRAFT_CONFIRMED && d->status != DRAFT_CONFIRMING
                 ? 0
                 : levy_user_named(&w->cx, w->store, &in, &row);
        form_put_text(out, names[i], rc > 0 ? row.full_name : STR(""));
    }
    return rc;
}

int correction_paper(struct work *w, const struct draft *d, struct form_data *out)
{
    struct letterhead head;
    struct correction_totals t;
    char hex[65];
    int rc = letterhead_read(w, &head);
    rc = rc < 0 ? rc : correction_totals(w, d->draft_no, &t);
    if (rc < 0) {
        return rc;
    }
    digest_hex(&d->rule_hash, hex);
    hex[16] = '\0';
    struct str no = str_format(w->cx.arena, "%lld", (long long)d->draft_no);
    form_put_count(out, "fiscal_year", d->fiscal_year);
    form_put_text(out, "side",
                  message_words(str_is(d->kind, "increase") ? "levy.side.increase"
                                                            : "levy.side.decrease"));
    form_put_flag(out, "is_tax", head.is_tax);
    form_put_text(out, "city", head.city);
    form_put_text(out, "draft_no", no.p ? no : STR(""));
    form_put_text(out, "status", message_words(draft_status_message(d->status)));
    form_put_day(out, "as_of", d->as_of);
    form_put_day(out, "issued", d->issued);
    form_put_text(out, "ordinance", head.ordinance);
    form_put_text(out, "ordinance_article", head.article);
    form_put_text(out, "rule_hash", str_copy(w->cx.arena, str_of(hex)));
    put_totals(&t, out);
    rc = put_people(w, d, out);
    return rc < 0 ? rc : put_rows(w, d, out);
}
