/* Bank accounts: by business and purpose, in the writing of the transfer system. */
#include "desk/party/entry.h"

#include <stddef.h>
#include <string.h>

enum { HOLDER_CHARACTERS = 30 }; /* of the transfer record */

/* "# Source: ..., imported 2026-11-27" */
static struct ymd master_day(void)
{
    extern const unsigned char party_banks_tsv[];
    extern const size_t party_banks_tsv_size;
    struct str rest = {(const char *)party_banks_tsv, party_banks_tsv_size};

    (void)str_cut(&rest, '\n');
    const struct str source = str_cut(&rest, '\n');
    struct ymd day = YMD_NONE;
    if (source.n < 10 || !ymd_parse((struct str){source.p + source.n - 10, 10}, &day))
        return YMD_NONE;
    return day;
}

static void account_page(struct html *h, const struct frame *f, const struct person *p,
                         const void *form)
{
    const struct party_account_view v = {p->person_no, p->name, master_day(), form};
    party_page_account(h, f, &v);
}

/* The post bank's symbol and number become branch, kind and number. */
static int convert_post(struct work *w, struct party_account_form *f)
{
    struct post_account a;

    if (!str_is(f->bank_code, "9900"))
        return entry_wrong(w, &f->state, "branch_code", "party.account.branch");
    if (!post_account_convert(f->branch_code, f->account_no, &a))
        return entry_wrong(w, &f->state, "branch_code", "party.account.post");
    f->branch_code = str_copy(w->cx.arena, str_of(a.branch_code));
    f->kind = str_copy(w->cx.arena, str_of(a.kind));
    f->account_no = str_copy(w->cx.arena, str_of(a.account_no));
    if (!f->branch_code.p || !f->kind.p || !f->account_no.p)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    return OK;
}

static int fill_number(struct work *w, struct party_account_form *f)
{
    const struct str s = f->account_no;

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return entry_wrong(w, &f->state, "account_no", "party.account.number");
    }
    if (s.n == 0 || s.n > 7)
        return entry_wrong(w, &f->state, "account_no", "party.account.number");
    f->account_no = str_format(w->cx.arena, "%.*s" STR_FMT, (int)(7 - s.n), "0000000", STR_ARG(s));
    return f->account_no.p ? OK : fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
}

static int check_bank(struct work *w, struct party_account_form *f)
{
    struct bank_name bank;
    int result = to_half(w, &f->bank_code);

    if (result >= 0)
        result = to_half(w, &f->branch_code);
    if (result >= 0)
        result = to_half(w, &f->account_no);
    if (result >= 0 && f->branch_code.n != 3)
        result = convert_post(w, f);
    if (result >= 0)
        result = fill_number(w, f);
    if (result < 0 || bank_find(f->bank_code, f->branch_code, &bank))
        return result;
    return bank.bank.p ? entry_wrong(w, &f->state, "branch_code", "party.account.branch")
                       : entry_wrong(w, &f->state, "bank_code", "party.account.bank");
}

static int check_holder(struct work *w, struct party_account_form *f)
{
    struct text name;

    text_init(&name, 512);
    int result = transfer_name(&w->cx, &name, f->holder);
    if (result == ERR_INVALID) {
        error_clear(&w->cx);
        result = entry_wrong(w, &f->state, "holder", "exchange.transfer_name");
    } else if (result >= 0) {
        f->holder = str_copy(w->cx.arena, text_str(&name));
        result = f->holder.p ? OK : fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    }
    text_release(&name);
    if (result >= 0 && utf8_length(f->holder) > HOLDER_CHARACTERS)
        f->holder = transfer_name_cut(f->holder, HOLDER_CHARACTERS);
    return result;
}

/* The bank by its name, for the second person. */
static int account_tell(struct work *w, const void *form, struct text *out)
{
    const struct party_account_form *f = form;
    struct bank_name bank;

    (void)bank_find(f->bank_code, f->branch_code, &bank);
    const struct str name =
        str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(bank.bank), STR_ARG(bank.branch));
    payload_line(out, message_words("party.place.9"), name.p ? name : STR(""));
    return OK;
}

/* One business and purpose has one account at a time. */
static bool rivals(const struct party_person_accounts_row *r, const struct party_account_form *f)
{
    return str_equal(r->business, f->business) && str_equal(r->purpose, f->purpose) &&
           span_reaches((struct span){r->valid_from, r->valid_to}, f->from);
}

static int read_accounts(struct work *w, int64_t person_id, struct party_person_accounts_list *list)
{
    return party_person_accounts(&w->cx, w->store,
                                 &(struct party_person_accounts_in){person_id, KNOWN_NOW}, list);
}

static int check_rivals(struct work *w, const struct person *p, struct party_account_form *f)
{
    struct party_person_accounts_list list;
    int result = read_accounts(w, p->person_id, &list);

    for (size_t i = 0; i < list.n && result >= 0; i++) {
        if (rivals(&list.rows[i], f) && ymd_compare(list.rows[i].valid_from, f->from) >= 0)
            return entry_wrong(w, &f->state, "from", "party.entry.later");
    }
    return result;
}

/* The account for public payments is for paying out, never for collecting. */
static int account_check(struct work *w, const struct person *p, void *form)
{
    struct party_account_form *f = form;
    int result = check_bank(w, f);

    if (result >= 0)
        result = check_holder(w, f);
    if (result >= 0)
        result = check_span(w, &f->state, f->from, f->to);
    if (result >= 0 && ymd_compare(f->source_day, w->today) > 0)
        return entry_wrong(w, &f->state, "source_day", "party.entry.future");
    if (result >= 0 && f->is_public && str_is(f->purpose, "debit"))
        return entry_wrong(w, &f->state, "is_public", "party.account.public_debit");
    return result < 0 ? result : check_rivals(w, p, f);
}

static int trim_account(struct party_batch *b, int64_t event_no, int64_t person_id,
                        const struct party_person_accounts_row *r, struct span valid)
{
    const struct account_fact f = {.person_id = person_id,
                                   .business = r->business,
                                   .purpose = r->purpose,
                                   .bank_code = r->bank_code,
                                   .branch_code = r->branch_code,
                                   .kind = r->kind,
                                   .account_no = r->account_no,
                                   .holder = r->holder,
                                   .is_public = r->is_public,
                                   .source = r->source,
                                   .source_day = r->source_ymd,
                                   .valid = valid};
    const int result = party_close(b, PARTY_ACCOUNT, r->account_id, event_no);

    return result < 0 || span_is_empty(valid) ? result : party_open_account(b, event_no, &f, NULL);
}

static int account_open(struct work *w, struct party_batch *b, int64_t event_no,
                        const struct person *p, const void *form)
{
    const struct party_account_form *a = form;
    const struct account_fact f = {.person_id = p->person_id,
                                   .business = a->business,
                                   .purpose = a->purpose,
                                   .bank_code = a->bank_code,
                                   .branch_code = a->branch_code,
                                   .kind = a->kind,
                                   .account_no = a->account_no,
                                   .holder = a->holder,
                                   .is_public = a->is_public,
                                   .source = a->source,
                                   .source_day = a->source_day,
                                   .valid = {a->from, a->to}};
    struct party_person_accounts_list list;
    int result = read_accounts(w, p->person_id, &list);

    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const struct party_person_accounts_row *r = &list.rows[i];
        if (rivals(r, a))
            result =
                trim_account(b, event_no, p->person_id, r, (struct span){r->valid_from, a->from});
    }
    return result < 0 ? result : party_open_account(b, event_no, &f, NULL);
}

static int account_find(struct work *w, int64_t person_id, int64_t row, struct entered *out)
{
    struct party_person_accounts_list list;
    const int result = read_accounts(w, person_id, &list);

    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const struct party_person_accounts_row *r = &list.rows[i];
        struct bank_name bank;
        if (r->account_id != row)
            continue;
        (void)bank_find(r->bank_code, r->branch_code, &bank);
        const struct str purpose = word_of(w->cx.arena, "party.purpose.", r->purpose);
        const struct str what =
            str_format(w->cx.arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(purpose),
                       STR_ARG(bank.bank), STR_ARG(r->account_no));
        *out = (struct entered){row, person_id, what, {r->valid_from, r->valid_to}, r};
        return 1;
    }
    return result < 0 ? result : 0;
}

static int account_trim(struct work *w, struct party_batch *b, int64_t event_no,
                        const struct entered *what, struct span valid)
{
    (void)w;
    return trim_account(b, event_no, what->person_id, what->fact, valid);
}

const struct section section_account = {.name = "account",
                                        .label = "party.section.account",
                                        .shape = &party_account_shape,
                                        .from_offset = offsetof(struct party_account_form, from),
                                        .page = account_page,
                                        .check = account_check,
                                        .tell = account_tell,
                                        .open = account_open,
                                        .find = account_find,
                                        .trim = account_trim};
