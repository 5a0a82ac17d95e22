/* What a city's notices have in common: settings, with the sample office's wording behind them. */
#include "desk/levy/notice.h"
#include "levy_forms.h"

#include <string.h>

/* A setting, or the wording that the message file gives until the city sets its own; "{city}" in it
 * is the city's name. */
static struct str wording(struct work *w, const char *key)
{
    struct str value = setting_get(w, key);
    struct str city = office_city_name(w->office);
    struct text t;
    if (value.n == 0) {
        const struct message *m = message_find(key);
        value = m ? str_of(m->text) : STR("");
    }
    text_init(&t, 4096);
    while (value.n > 0) {
        bool named = str_starts(value, STR("{city}"));
        text_add(&t, named ? city : (struct str){value.p, 1});
        value.p += named ? 6 : 1;
        value.n -= named ? 6 : 1;
    }
    struct str s = str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return s.p ? s : STR("");
}

static int number_setting(struct work *w, const char *key, int64_t maximum, int *out)
{
    int64_t n;
    if (!str_to_int(setting_get(w, key), &n) || n < 0 || n > maximum) {
        return fail(&w->cx, ERR_INVALID, "levy.setting.number", "%s", key);
    }
    *out = (int)n;
    return 0;
}

int letterhead_read(struct work *w, struct letterhead *out)
{
    static const char *const labels[LEVY_PARTS] = {"levy.part.medical", "levy.part.support",
                                                   "levy.part.care", "levy.part.child"};
    struct str maker = setting_get(w, "levy.slip_maker");
    *out = (struct letterhead){
        .city = str_copy(w->cx.arena, office_city_name(w->office)),
        .mayor = wording(w, "levy.mayor"),
        .seal = wording(w, "levy.seal"),
        .section = wording(w, "levy.section"),
        .office_address = wording(w, "levy.office_address"),
        .office_postcode = wording(w, "levy.office_postcode"),
        .phone = wording(w, "levy.phone"),
        .hours = wording(w, "levy.hours"),
        .prefecture = wording(w, "office.prefecture"),
        .ordinance = wording(w, "levy.ordinance"),
        .article = wording(w, "levy.article"),
        .place = wording(w, "levy.place"),
        .inquiry_url = wording(w, "levy.inquiry_url"),
        .method_slip = wording(w, "levy.method_slip"),
        .method_debit = wording(w, "levy.method_debit"),
        .is_tax = str_is(setting_get(w, "levy.kind"), "tax"),
    };
    for (int k = 0; k < LEVY_PARTS; k++) {
        out->part_label[k] = wording(w, labels[k]);
    }
    if (maker.n != sizeof out->maker - 1) {
        return fail(&w->cx, ERR_INVALID, "levy.setting.number", "levy.slip_maker");
    }
    memcpy(out->maker, maker.p, maker.n);
    int rc = number_setting(w, "levy.slip_company", 99999, &out->company);
    return rc < 0 ? rc : number_setting(w, "levy.slip_account", 9, &out->account);
}

/* An adopted layout of that name, else the one built in. */
static int layout_text(struct work *w, const struct adopted_list *adopted,
                       const struct sheet_forms *forms, const char *name, struct str *out)
{
    for (size_t i = 0; i < adopted->n; i++) {
        if (str_is(adopted->rows[i].name, name)) {
            *out = str_copy(w->cx.arena, adopted->rows[i].body);
            return out->p ? 0 : fail(&w->cx, ERR_MEMORY, "memory", NULL);
        }
    }
    for (size_t i = 0; i < forms->n; i++) {
        if (strcmp(forms->rows[i].name, name) == 0) {
            *out = (struct str){forms->rows[i].body, forms->rows[i].n};
            return 0;
        }
    }
    return fail(&w->cx, ERR_NOT_FOUND, "levy.form.none", "%s", name);
}

int layout_in(struct work *w, const struct sheet_forms *forms, const char *name, struct str *out)
{
    struct adopted_list adopted;
    const int rc = office_adopted(w, STR("form"), &adopted);
    return rc < 0 ? rc : layout_text(w, &adopted, forms, name, out);
}

int layout_named(struct work *w, const char *name, struct str *out)
{
    const struct sheet_forms own = {levy_forms, n_levy_forms};
    return layout_in(w, &own, name, out);
}

int layout_sources(struct work *w, struct layout_sources *out)
{
    struct adopted_list adopted;
    struct hasher h;
    const struct sheet_forms own = {levy_forms, n_levy_forms};
    int rc = office_adopted(w, STR("form"), &adopted);
    rc = rc < 0 ? rc : layout_text(w, &adopted, &own, "levy_notice", &out->notice);
    rc = rc < 0 ? rc : layout_text(w, &adopted, &own, "payment_slip", &out->slip);
    if (rc < 0) {
        return rc;
    }
    hash_init(&h, STR_NONE);
    hash_text(&h, out->notice);
    hash_text(&h, out->slip);
    out->hash = hash_end(&h);
    return 0;
}

int layouts_from(struct context *cx, struct paper *p, const struct layout_sources *from,
                 struct layouts *out)
{
    *out = (struct layouts){0};
    int rc = form_load(cx, p, "levy_notice.form", from->notice, &out->notice);
    rc = rc < 0 ? rc : form_load(cx, p, "payment_slip.form", from->slip, &out->slip);
    if (rc < 0) {
        layouts_free(out);
    }
    return rc;
}

void layouts_free(struct layouts *l)
{
    form_free(l->notice);
    form_free(l->slip);
    *l = (struct layouts){0};
}
