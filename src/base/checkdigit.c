#include "base/checkdigit.h"

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    }
    return s.n > 0;
}

/* The i-th digit from the right, 0 the last. */
static int digit_at(struct str s, size_t i)
{
    return s.p[s.n - 1 - i] - '0';
}

static bool is_valid(struct str number, int (*digit)(struct str))
{
    if (number.n < 2)
        return false;
    struct str body = {number.p, number.n - 1};
    int expected = digit(body);
    return expected >= 0 && number.p[number.n - 1] == '0' + expected;
}

int mod10_digit(struct str body)
{
    if (!all_digits(body))
        return -1;
    int sum = 0;
    for (size_t i = 0; i < body.n; i++) {
        int product = digit_at(body, i) * (i % 2 == 0 ? 2 : 1);
        sum = (sum + product / 10 + product % 10) % 10;
    }
    return (10 - sum) % 10;
}

bool mod10_is_valid(struct str number)
{
    return is_valid(number, mod10_digit);
}

bool insurer_number_is_valid(struct str number)
{
    return (number.n == 6 || number.n == 8) && mod10_is_valid(number);
}

int my_number_digit(struct str body)
{
    if (body.n != 11 || !all_digits(body))
        return -1;
    int sum = 0;
    for (size_t i = 0; i < body.n; i++) {
        int weight = i < 6 ? (int)i + 2 : (int)i - 4;
        sum += digit_at(body, i) * weight;
    }
    int rest = sum % 11;
    return rest <= 1 ? 0 : 11 - rest;
}

bool my_number_is_valid(struct str number)
{
    return is_valid(number, my_number_digit);
}

int municipality_code_digit(struct str body)
{
    if (body.n != 5 || !all_digits(body))
        return -1;
    int sum = 0;
    for (size_t i = 0; i < body.n; i++)
        sum += digit_at(body, i) * ((int)i + 2);
    return (11 - sum % 11) % 10; /* a difference of 10 or 11 keeps its last digit */
}

bool municipality_code_is_valid(struct str code)
{
    return is_valid(code, municipality_code_digit);
}

int mod10_31_digit(struct str body)
{
    if (!all_digits(body))
        return -1;
    int sum = 0;
    for (size_t i = 0; i < body.n; i++)
        sum = (sum + digit_at(body, i) * (i % 2 == 0 ? 3 : 1)) % 10;
    return (10 - sum) % 10;
}

bool mod10_31_is_valid(struct str number)
{
    return is_valid(number, mod10_31_digit);
}
