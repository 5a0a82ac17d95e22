/* item: the value of every item that a layout can name, of one person as a clerk may see him. */
#include "desk/linkage/inner.h"

#include <stdio.h>
#include <string.h>

static struct str day_text(struct work *w, struct ymd day)
{
    char s[11];
    if (ymd_is_none(day))
        return STR("");
    ymd_format(day, s);
    return str_copy(w->cx.arena, str_of(s));
}

static struct str number_text(struct work *w, int64_t n)
{
    return str_format(w->cx.arena, "%lld", (long long)n);
}

/* My Number: only into the file of a link whose row allows it; link_open has looked at that. */
static int my_number(struct work *w, int64_t person_id, struct str *out)
{
    struct str shown;
    int rc = vault_reveal(w, person_id, STR("linkage.send"), &shown);
    if (rc == ERR_NOT_FOUND) {
        error_clear(&w->cx);
        *out = STR("");
        return OK;
    }
    *out = rc < 0 ? STR_NONE : str_copy(w->cx.arena, shown);
    return rc < 0 ? rc : out->p ? OK : no_memory(w);
}

static struct str party_value(struct work *w, struct str item, const struct person *p)
{
    if (str_is(item, "person_no"))
        return p->person_no;
    if (str_is(item, "name"))
        return p->name;
    if (str_is(item, "kana"))
        return p->kana;
    if (str_is(item, "birth"))
        return day_text(w, p->birth);
    if (str_is(item, "sex"))
        return number_text(w, (int64_t)p->sex);
    if (str_is(item, "postal_code"))
        return p->postal_code;
    if (str_is(item, "address"))
        return p->address;
    if (str_is(item, "household_no"))
        return p->household_no;
    return STR_NONE;
}

static struct str insured_value(struct work *w, struct str item, const struct item_person *p)
{
    bool levied = p->levy_year != 0;
    if (str_is(item, "symbol"))
        return p->symbol;
    if (str_is(item, "insured_no"))
        return p->insured_no;
    if (str_is(item, "branch"))
        return p->branch;
    if (str_is(item, "acquired"))
        return day_text(w, p->acquired);
    if (str_is(item, "lost"))
        return day_text(w, p->lost);
    if (str_is(item, "levy_year"))
        return levied ? number_text(w, p->levy_year) : STR("");
    if (str_is(item, "levy_total"))
        return levied ? number_text(w, p->levy_total.n) : STR("");
    return STR("");
}

int item_value(struct work *w, struct str item, const struct item_person *p, struct str *out)
{
    if (str_is(item, "my_number"))
        return my_number(w, p->person->person_id, out);
    *out = party_value(w, item, p->person);
    if (!out->p)
        *out = insured_value(w, item, p);
    if (!out->p)
        *out = STR("");
    return OK;
}

static int levied_fill(struct work *w, const int64_t *ids, struct item_person *people, size_t n)
{
    struct linkage_levied_list list;
    struct linkage_levied_in in = {.person_ids = {ids, n}};
    int rc = linkage_levied(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++)
        for (size_t k = 0; k < n; k++)
            if (ids[k] == list.rows[i].debtor_id) {
                people[k].levy_year = list.rows[i].fiscal_year;
                people[k].levy_total = list.rows[i].total_yen;
            }
    return rc < 0 ? rc : OK;
}

int item_people(struct work *w, const int64_t *ids, struct item_person *people, size_t n)
{
    struct person_list found;
    size_t at = 0;
    int rc = party_people(w, ids, n, &found);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        if (at < found.n && found.rows[at].person_id == ids[i])
            people[i].person = &found.rows[at++];
    return rc < 0 ? rc : levied_fill(w, ids, people, n);
}
