/* The bank master: banks and branches by code, from data/banks.tsv; and the post bank's own
 * numbers as the transfer system writes them. */
#include "desk/party/inner.h"

#include <string.h>

extern const unsigned char party_banks_tsv[];
extern const size_t party_banks_tsv_size;

/* The line that begins with the key; the file is sorted by its bytes, remarks come first. */
static bool line_of(struct str key, struct str *line)
{
    const char *text = (const char *)party_banks_tsv;
    size_t low = 0, high = party_banks_tsv_size;

    while (low < high) {
        size_t begin = low + (high - low) / 2, end;
        while (begin > low && text[begin - 1] != '\n')
            begin--;
        for (end = begin; end < high && text[end] != '\n';)
            end++;
        struct str rest = {text + begin, end - begin};
        const struct str whole = rest, found = str_cut(&rest, '\t');
        const bool is_remark = whole.n > 0 && whole.p[0] == '#';
        const int order = is_remark ? -1 : str_compare(found, key);
        if (order == 0) {
            *line = rest;
            return true;
        }
        if (order < 0)
            low = end + 1 < high ? end + 1 : high;
        else
            high = begin;
    }
    return false;
}

static bool name_of(struct str key, struct str *name, struct str *kana)
{
    struct str line;

    if (!line_of(key, &line))
        return false;
    *name = str_cut(&line, '\t');
    *kana = line;
    return true;
}

static bool is_digits(struct str s, size_t n)
{
    size_t i = 0;

    while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
        i++;
    return s.n == n && i == n;
}

bool bank_find(struct str bank_code, struct str branch_code, struct bank_name *out)
{
    char key[9];

    *out = (struct bank_name){STR_NONE, STR_NONE, STR_NONE, STR_NONE};
    if (!is_digits(bank_code, 4) || !name_of(bank_code, &out->bank, &out->bank_kana))
        return false;
    if (!is_digits(branch_code, 3))
        return false;
    memcpy(key, bank_code.p, 4);
    key[4] = '-';
    memcpy(key + 5, branch_code.p, 3);
    return name_of((struct str){key, 8}, &out->branch, &out->branch_kana);
}

/* 1ab-0: branch "ab8", ordinary, the number without its last 1; 0ab-0: transfer account, branch
 * "ab9", current, the number filled up to seven digits. */
bool post_account_convert(struct str symbol, struct str number, struct post_account *out)
{
    const bool is_ordinary = symbol.n == 5 && symbol.p[0] == '1';
    const size_t least = is_ordinary ? 2 : 1, most = is_ordinary ? 8 : 6;

    if (!is_digits(symbol, 5) || (symbol.p[0] != '0' && symbol.p[0] != '1') || symbol.p[4] != '0' ||
        number.n < least || number.n > most || !is_digits(number, number.n))
        return false;
    if (is_ordinary && number.p[number.n - 1] != '1')
        return false;
    const size_t digits = is_ordinary ? number.n - 1 : number.n;
    *out = (struct post_account){.kind = {is_ordinary ? '1' : '2', 0}};
    memcpy(out->branch_code, symbol.p + 1, 2);
    out->branch_code[2] = is_ordinary ? '8' : '9';
    memset(out->account_no, '0', 7);
    memcpy(out->account_no + 7 - digits, number.p, digits);
    return true;
}
