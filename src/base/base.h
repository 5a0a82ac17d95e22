/*
 * base: what every other folder stands on. Knows nothing of insurance.
 *
 * memory.h   arenas by lifetime, guarded secrets
 * error.h    the structured error and the context passed down
 * text.h     borrowed strings, growable text with maximum, UTF-8
 * number.h   yen, exact ratios, rounding
 * date.h     days, months, eras, fiscal years, ages, holidays
 * kana.h     folding for search, width
 * encoding.h CP932 and JIS X 0201 with a loss report
 * checkdigit.h check digits of numbers on paper and in files
 * hash.h     BLAKE2b, order-free sums
 * env.h      clock, random, files, faults
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include "base/checkdigit.h"
#include "base/date.h"
#include "base/encoding.h"
#include "base/env.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/kana.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"

#endif
