/* gram: what a name or an address is found by: a folded text and its pairs of characters. */
#ifndef DESK_PARTY_GRAM_H
#define DESK_PARTY_GRAM_H

#include "base/base.h"

/* Kanji folded, width halved, blanks and signs left out; behind a figure 丁目, 番地, 番, 号 and
 * hyphens become one hyphen, and 一丁目 becomes 1-: 「本町一丁目２番３号」 and 「本町1-2-3」 meet.
 */
int search_fold(struct text *out, struct str s);
/* Every pair of characters of a folded text, and its last character alone (a search for one
 * character is a search for all pairs that begin with it). */
void search_grams(struct str folded, void (*f)(void *arg, struct str gram), void *arg);

#endif
