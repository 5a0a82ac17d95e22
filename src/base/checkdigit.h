/*
 * checkdigit: check digits of numbers that come and go on paper and in files.
 *
 * Each *_digit function takes the digits before the check digit and gives it, -1 when there is
 * anything but ASCII digits or not as many as the number has. Each *_is_valid takes the whole.
 * The check digit of the customer barcode is the business of paper.
 */
#ifndef BASE_CHECKDIGIT_H
#define BASE_CHECKDIGIT_H

#include "base/text.h"

/* Modulus 10, weights 2 and 1 from the right, the digits of products added (保険者番号,
 * 公費負担者番号, 受給者番号, 口座振替の顧客番号). Any length. */
int mod10_digit(struct str body);
bool mod10_is_valid(struct str number);

/* 保険者番号・公費負担者番号: 6 digits (国保) or 8 (法別番号 first), check digit included. */
bool insurer_number_is_valid(struct str number);

/* 個人番号, 12 digits, check digit included (平成26年総務省令85号5条). */
int my_number_digit(struct str body);
bool my_number_is_valid(struct str number);

/* 全国地方公共団体コード, 6 digits, check digit included: modulus 11, weights 6 to 2. */
int municipality_code_digit(struct str body);
bool municipality_code_is_valid(struct str code);

/* GS1-128 of the convenience store slip: modulus 10, weights 3 and 1 from the right. Any length. */
int mod10_31_digit(struct str body);
bool mod10_31_is_valid(struct str number);

#endif
