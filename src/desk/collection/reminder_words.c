/* The terms a reminder was drafted with, in words. */
#include "desk/collection/dunning.h"

static void add_value(struct text *t, struct str name, struct str value)
{
    struct ymd day;
    int64_t n;
    if (str_is(name, "contact")) {
        text_add(t, message_words(str_is(value, "never")      ? "collection.contact.never"
                                  : str_is(value, "returned") ? "collection.contact.returned"
                                                              : "collection.contact.any"));
    } else if (str_is(name, "receipt")) {
        text_add(t, message_words("collection.terms.yes"));
    } else if (str_is(name, "area")) {
        text_add(t, value);
    } else if (ymd_parse(value, &day)) {
        text_add_era(t, day);
    } else if (str_to_int(value, &n)) {
        text_add_yen(t, YEN(n));
    }
}

struct str reminder_terms_words(struct work *w, struct str terms)
{
    static const char *const names[] = {"least",  "most",    "number", "due-from",
                                        "due-to", "contact", "area",   "receipt"};
    static const char *const ids[] = {"collection.terms.least",  "collection.terms.most",
                                      "collection.terms.number", "collection.terms.due_from",
                                      "collection.terms.due_to", "collection.terms.contact",
                                      "collection.terms.area",   "collection.terms.receipt"};
    struct text t;
    text_init(&t, 4096);
    while (terms.n > 0) {
        struct str value = str_cut(&terms, ' ');
        const struct str name = str_cut(&value, '=');
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            if (str_is(name, names[i])) {
                text_adds(&t, text_str(&t).n ? ", " : "");
                text_add(&t, message_words(ids[i]));
                text_adds(&t, " ");
                add_value(&t, name, value);
            }
        }
    }
    const struct str s = str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return s.p ? s : STR("");
}
