/*
 * kana: folding for search, sort keys, width; variants of kanji for search only.
 * Names are stored as they were received (NFC, compatibility ideographs and IVS kept).
 */
#ifndef BASE_KANA_H
#define BASE_KANA_H

#include "base/text.h"

/* Search key: width folded, hiragana to katakana, small to large, ヂヅヲヰヱ folded, marks, long
 * vowel signs, middle dots and blanks removed, voiced marks removed. "ヤマダ　タロー" ->
 * "ヤマタタロ". */
int kana_fold(struct text *out, struct str s);
/* Sort key: like the fold, ー replaced by the preceding vowel, voicing and size as second weight.
 */
int kana_sort_key(struct text *out, struct str s);
bool is_kana(struct str s); /* katakana, ー, ・, blank, width either way */
/* Katakana full width <-> half width (ガ <-> ｶﾞ). */
int kana_to_half(struct text *out, struct str s);
int kana_to_full(struct text *out, struct str s);
/* Search key of kanji text: width folded, variation selectors dropped, variants mapped to one
 * form (data/variants.tsv: 髙->高, 﨑->崎, 邊邉->辺, 齋齊斎->斉 ...). */
int kanji_fold(struct text *out, struct str s);
/* Digits and ASCII to half width, the rest unchanged. */
int width_to_half(struct text *out, struct str s);
/* Calls f for every bigram (two code points) of a folded string. */
void bigrams(struct str folded, void (*f)(void *arg, struct str bigram), void *arg);

#endif
