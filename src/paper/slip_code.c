/* The 44 digits of a convenience store slip (標準料金代理収納, formats.md 2.1). */
#include "paper/paper.h"

#include <stdio.h>
#include <string.h>

static bool all_digits(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] < '0' || p[i] > '9')
            return false;
    return true;
}

char slip_check_digit(const char *digits43)
{
    int sum = 0;
    for (int i = 0; i < 43; i++)
        sum += (digits43[42 - i] - '0') * (i % 2 == 0 ? 3 : 1);
    return (char)('0' + (10 - sum % 10) % 10);
}

static int bad(struct context *cx, const char *field)
{
    (void)fail(cx, ERR_INVALID, "paper.slip.code", NULL);
    return fail_where(cx, NULL, 0, 0, field);
}

int slip_code_digits(struct context *cx, const struct slip_code *c, char out[45])
{
    int year = 0;
    int month = 0;
    int day = 0;
    char due[16] = "999999";
    if (strlen(c->maker) != 6 || !all_digits(c->maker, 6))
        return bad(cx, "maker");
    if (strlen(c->key) != 21 || !all_digits(c->key, 21))
        return bad(cx, "key");
    if (c->reissue < 0 || c->reissue > 9)
        return bad(cx, "reissue");
    if (c->amount.n < 0 || c->amount.n > 999999)
        return bad(cx, "amount");
    if (!ymd_is_none(c->due)) {
        ymd_split(c->due, &year, &month, &day);
        snprintf(due, sizeof due, "%02d%02d%02d", year % 100, month, day);
    }
    snprintf(out, 45, "91%s%s%c%s%c%06d", c->maker, c->key, '0' + c->reissue, due,
             c->stamp ? '1' : '0', (int)c->amount.n);
    out[43] = slip_check_digit(out);
    out[44] = '\0';
    return OK;
}

static int two(const char *p)
{
    return (p[0] - '0') * 10 + p[1] - '0';
}

int slip_code_parse(struct context *cx, struct str digits, struct slip_code *out)
{
    *out = (struct slip_code){.due = YMD_NONE};
    if (digits.n != 44 || !all_digits(digits.p, 44))
        return bad(cx, "digits");
    if (memcmp(digits.p, "91", 2) != 0)
        return bad(cx, "identifier");
    if (slip_check_digit(digits.p) != digits.p[43])
        return bad(cx, "check");
    memcpy(out->maker, digits.p + 2, 6);
    memcpy(out->key, digits.p + 8, 21);
    out->reissue = digits.p[29] - '0';
    const char *due = digits.p + 30;
    if (memcmp(due, "999999", 6) != 0) {
        out->due = ymd_of(2000 + two(due), two(due + 2), two(due + 4));
        if (ymd_is_none(out->due))
            return bad(cx, "due");
    }
    if (digits.p[36] > '1')
        return bad(cx, "stamp");
    out->stamp = digits.p[36] == '1';
    for (int i = 37; i < 43; i++)
        out->amount.n = out->amount.n * 10 + (digits.p[i] - '0');
    return OK;
}

void slip_code_lines(const char *digits44, char line1[40], char line2[24])
{
    snprintf(line1, 40, "(91)%.6s-%.22s", digits44 + 2, digits44 + 8);
    snprintf(line2, 24, "%.6s-%.1s-%.6s-%.1s", digits44 + 30, digits44 + 36, digits44 + 37,
             digits44 + 43);
}

int slip_key_digits(struct context *cx, const struct slip_key *k, char out[22])
{
    if (k->company < 0 || k->company > 99999)
        return bad(cx, "company");
    if (k->account < 0 || k->account > 9)
        return bad(cx, "account");
    if (k->fiscal_year < 2000 || k->fiscal_year > 2099)
        return bad(cx, "fiscal_year");
    if (k->instalment < 0 || k->instalment > 99)
        return bad(cx, "instalment");
    if (k->notice_no < 0 || k->notice_no > INT64_C(9999999999))
        return bad(cx, "notice_no");
    if (k->branch < 0 || k->branch > 9)
        return bad(cx, "branch");
    snprintf(out, 22, "%05d%d%02d%02d%010lld%d", k->company, k->account, k->fiscal_year % 100,
             k->instalment, (long long)k->notice_no, k->branch);
    return OK;
}

static int64_t digits_at(const char *p, size_t n)
{
    int64_t value = 0;

    for (size_t i = 0; i < n; i++)
        value = 10 * value + (p[i] - '0');
    return value;
}

int slip_key_parse(struct context *cx, const char *digits21, struct slip_key *out)
{
    if (strlen(digits21) != 21 || !all_digits(digits21, 21))
        return bad(cx, "key");
    *out = (struct slip_key){.company = (int)digits_at(digits21, 5),
                             .account = (int)digits_at(digits21 + 5, 1),
                             .fiscal_year = 2000 + (int)digits_at(digits21 + 6, 2),
                             .instalment = (int)digits_at(digits21 + 8, 2),
                             .notice_no = digits_at(digits21 + 10, 10),
                             .branch = (int)digits_at(digits21 + 20, 1)};
    return OK;
}

/* Shops take at most 300,000 yen, nothing after the due date, and no amount that grows. */
const char *slip_refusal(const struct slip_terms *t)
{
    if (t->is_withheld)
        return "paper.slip.withheld";
    if (t->amount.n <= 0)
        return "paper.slip.zero";
    if (t->amount.n > 300000)
        return "paper.slip.over";
    if (t->late_charge_due)
        return "paper.slip.late_charge";
    if (!ymd_is_none(t->due) && ymd_compare(t->due, t->printed) < 0)
        return "paper.slip.past_due";
    return NULL;
}
