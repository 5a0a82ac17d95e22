/* ruleset: what the other files of law need of a set beside tree.h. */
#ifndef LAW_RULESET_H
#define LAW_RULESET_H

#include "law/tree.h"

/* The value of a parameter in a year; word: index word or 0. none when nothing sets it. */
struct law_value law_parameter_value(const struct item *i, int year, int word);
/* A value as it is typed outside ("7.9", "7.9%", "26000", "10円", "世帯ごと", "なし"). */
int law_setting_value(struct context *cx, const struct ruleset *r, const struct item *item,
                      struct str text, struct law_value *out);
/* A set that differs by one parameter value (cases; settings are text). */
int ruleset_put(struct context *cx, struct ruleset *r, int item, int word, struct law_value value);
/* A shallow copy whose parameters may be put. */
int ruleset_copy(struct context *cx, const struct ruleset *base, struct ruleset **out);

#endif
