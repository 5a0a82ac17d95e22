/* Tables of direct debit: contractors, customer numbers, names of banks in the transfer system. */
#include "desk/collection/debit.h"

#include <string.h>

enum { CONTRACTORS_MAX = 500, PLACE = 15 };

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

struct str debit_word(struct str payload, const char *id)
{
    while (payload.n > 0) {
        struct str line = str_cut(&payload, '\n');
        if (str_is(str_cut(&line, ' '), id))
            return line;
    }
    return STR("");
}

/* --- contractors --------------------------------------------------------------------------------
 */

static int read_line(struct work *w, struct str line, struct debit_contractor *out)
{
    struct str *const fields[] = {&out->use,    &out->bank,         &out->subject,    &out->code,
                                  &out->name,   &out->gather,       &out->branch,
                                  &out->account_kind, &out->account_no, &out->section};
    const struct str whole = line;

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        *fields[i] = str_cut(&line, '\t');
    const bool is_good = out->code.n == 10 && out->branch.n == 3 && out->account_no.n == 7 &&
                         out->account_kind.n == 1 && zengin_holder_is_good(out->name) &&
                         (str_is(out->gather, "-") || out->gather.n == 4);
    return is_good ? OK
                   : fail(&w->cx, ERR_SYNTAX, "collection.debit.contractors", STR_FMT,
                          STR_ARG(whole));
}

int debit_contractors_read(struct work *w, struct debit_contractors *out)
{
    struct str rest;
    int rc = format_table(w, "debit_contractors.tsv", &rest);

    *out = (struct debit_contractors){
        ARENA_ARRAY(w->cx.arena, CONTRACTORS_MAX, struct debit_contractor), 0};
    if (rc >= 0 && !out->rows)
        return no_memory(w);
    while (rc >= 0 && rest.n > 0) {
        const struct str line = str_cut(&rest, '\n');
        if (line.n == 0 || line.p[0] == '#')
            continue;
        rc = out->n == CONTRACTORS_MAX
                 ? fail(&w->cx, ERR_LIMIT, "collection.debit.contractors", NULL)
                 : read_line(w, line, &out->rows[out->n++]);
    }
    return rc;
}

static bool goes_for(struct str pattern, struct str value)
{
    return str_is(pattern, "*") || str_equal(pattern, value);
}

const struct debit_contractor *debit_contractor_of(const struct debit_contractors *c,
                                                   const char *use, struct str bank,
                                                   struct str subject)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct debit_contractor *r = &c->rows[i];
        if (str_is(r->use, use) && goes_for(r->bank, bank) && goes_for(r->subject, subject))
            return r;
    }
    return NULL;
}

struct str debit_gathering(const struct debit_contractor *c, struct str bank)
{
    return str_is(c->gather, "-") ? bank : c->gather;
}

/* --- customer numbers ---------------------------------------------------------------------------
 */

static int put_person(struct work *w, const struct fixed_record *r, char *bytes, struct str no)
{
    const struct str field = fixed_raw(r, bytes, "person");
    const struct str tail = no.n > field.n ? (struct str){no.p + no.n - field.n, field.n} : no;
    return record_put_code(&w->cx, r, bytes, "person", tail);
}

/* A table of another city may leave parts out; the check digit is over what stands before it. */
int debit_customer_digits(struct work *w, const struct fixed_layout *l,
                          const struct debit_customer *c, struct str *out)
{
    const struct fixed_record *r = fixed_record_of(l, "customer");
    const struct {
        const char *id;
        int64_t value;
    } parts[] = {{"year", c->year}, {"account", c->account}, {"number", c->number},
                 {"serial", c->serial}};
    char *bytes = fixed_new(w->cx.arena, r);
    int rc = bytes && r->length <= 20 ? OK : fail(&w->cx, ERR_RANGE, "exchange.fixed.range", NULL);

    for (size_t i = 0; i < 4 && rc >= 0; i++) {
        if (record_has(r, parts[i].id))
            rc = fixed_put_number(&w->cx, r, bytes, parts[i].id, parts[i].value);
    }
    if (rc >= 0 && record_has(r, "person"))
        rc = put_person(w, r, bytes, c->person_no);
    if (rc >= 0 && record_has(r, "cd")) {
        const size_t before = (size_t)(fixed_raw(r, bytes, "cd").p - bytes);
        const int digit = mod10_digit((struct str){bytes, before});
        rc = digit < 0 ? fail(&w->cx, ERR_INVALID, "collection.debit.customer", STR_FMT,
                              STR_ARG(c->person_no))
                       : fixed_put_number(&w->cx, r, bytes, "cd", digit);
    }
    *out = (struct str){bytes, r->length};
    return rc;
}

/* --- banks --------------------------------------------------------------------------------------
 */

static int place_name(struct work *w, struct str kana, struct str *out)
{
    struct text t;

    *out = STR("");
    if (!kana.p)
        return OK;
    text_init(&t, 512);
    const int rc = transfer_name(&w->cx, &t, kana);
    if (rc == ERR_INVALID)
        error_clear(&w->cx); /* a name is an extra: the code says which bank it is */
    else if (rc >= 0)
        *out = str_copy(w->cx.arena, transfer_name_cut(text_str(&t), PLACE));
    text_release(&t);
    if (rc >= 0 && !out->p)
        return no_memory(w);
    if (rc >= 0 && !zengin_place_is_good(*out))
        *out = STR("");
    return rc == ERR_INVALID ? OK : rc;
}

int debit_place(struct work *w, struct str bank_code, struct str branch_code,
                struct debit_place *out)
{
    struct bank_name name;

    (void)bank_find(bank_code, branch_code, &name);
    const int rc = place_name(w, name.bank_kana, &out->bank);
    return rc < 0 ? rc : place_name(w, name.branch_kana, &out->branch);
}

int debit_header(struct work *w, const struct debit_contractor *c, struct str bank, struct ymd day,
                 struct zengin_header *out)
{
    struct debit_place place;
    int year = 0;
    const int rc = debit_place(w, bank, c->branch, &place);

    *out = (struct zengin_header){.contractor = c->code,
                                  .contractor_name = c->name,
                                  .bank = bank,
                                  .branch = c->branch,
                                  .account_kind = c->account_kind,
                                  .account_no = c->account_no};
    ymd_split(day, &year, &out->month, &out->day);
    out->bank_name = rc < 0 ? STR("") : place.bank;
    out->branch_name = rc < 0 ? STR("") : place.branch;
    return rc;
}
