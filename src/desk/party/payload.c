/*
 * payload: an entry as the text that waits for the second person: one line per field that was
 * filled in, "label: value", in the words of the form. The same text is read back when it is
 * applied, so what the second person saw is what happens.
 */
#include "desk/party/entry.h"

#include <string.h>

enum { PAYLOAD_MAXIMUM = 16 * 1024 };

static const void *member(const void *form, const struct field *f)
{
    return (const char *)form + f->offset;
}

static struct str choice_label(const struct field *f, struct str value)
{
    for (size_t i = 0; i < f->n_choices; i++) {
        if (str_is(value, f->choices[i].value))
            return str_of(f->choices[i].label);
    }
    return value;
}

static struct str choice_value(const struct field *f, struct str label)
{
    for (size_t i = 0; i < f->n_choices; i++) {
        if (str_is(label, f->choices[i].label))
            return str_of(f->choices[i].value);
    }
    return STR_NONE;
}

/* Lines of a text area become one. */
static void add_one_line(struct text *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        (void)text_addc(out, s.p[i] == '\n' || s.p[i] == '\r' ? ' ' : s.p[i]);
}

void payload_line(struct text *out, struct str label, struct str value)
{
    (void)text_add(out, label);
    (void)text_adds(out, ": ");
    add_one_line(out, value);
    (void)text_addc(out, '\n');
}

static void add_field(struct text *out, const struct field *f, const void *form)
{
    struct text day;

    switch (f->kind) {
    case FIELD_TEXT:
    case FIELD_KANA:
    case FIELD_PICK:
        if (((const struct str *)member(form, f))->n > 0)
            payload_line(out, str_of(f->label), *(const struct str *)member(form, f));
        return;
    case FIELD_CHOICE:
        payload_line(out, str_of(f->label), choice_label(f, *(const struct str *)member(form, f)));
        return;
    case FIELD_FLAG:
        if (*(const bool *)member(form, f))
            payload_line(out, str_of(f->label), message_words("party.payload.yes"));
        return;
    case FIELD_DAY:
        if (ymd_is_none(*(const struct ymd *)member(form, f)))
            return;
        text_init(&day, 64);
        (void)text_add_era(&day, *(const struct ymd *)member(form, f));
        payload_line(out, str_of(f->label), text_str(&day));
        text_release(&day);
        return;
    case FIELD_SECRET:
    case FIELD_NUMBER:
    case FIELD_YEN:
    case FIELD_MONTH:
    case FIELD_ID:
    case FIELD_RATE:
    case FIELD_FILE:
        break; /* no entry of this desk has one */
    }
}

void payload_add(struct text *out, const struct form_shape *shape, const void *form)
{
    for (size_t i = 0; i < shape->n_fields; i++)
        add_field(out, &shape->fields[i], form);
}

/* The field named so goes with the event: it stays when nobody has to check the entry. */
struct str payload_reason(const struct form_shape *shape, const void *form)
{
    for (size_t i = 0; i < shape->n_fields; i++) {
        const struct field *f = &shape->fields[i];
        if (str_is(str_of(f->name), "reason") && ((const struct str *)member(form, f))->p)
            return *(const struct str *)member(form, f);
    }
    return STR("");
}

struct str payload_value(struct str payload, struct str label)
{
    while (payload.n > 0) {
        struct str line = str_cut(&payload, '\n');
        if (str_starts(line, label) && line.n >= label.n + 2 && line.p[label.n] == ':' &&
            line.p[label.n + 1] == ' ')
            return (struct str){line.p + label.n + 2, line.n - label.n - 2};
    }
    return STR_NONE;
}

static bool read_field(const struct field *f, struct str value, void *at)
{
    switch (f->kind) {
    case FIELD_TEXT:
    case FIELD_KANA:
    case FIELD_PICK:
        *(struct str *)at = value;
        return true;
    case FIELD_CHOICE:
        *(struct str *)at = choice_value(f, value);
        return !value.p || ((struct str *)at)->p;
    case FIELD_FLAG:
        *(bool *)at = value.p != NULL;
        return true;
    case FIELD_DAY:
        return !value.p || ymd_parse_any(value, at);
    case FIELD_SECRET:
    case FIELD_NUMBER:
    case FIELD_YEN:
    case FIELD_MONTH:
    case FIELD_ID:
    case FIELD_RATE:
    case FIELD_FILE:
        break;
    }
    return true;
}

int payload_read(struct work *w, const struct form_shape *shape, struct str payload, void *form)
{
    form_init(shape, form);
    for (size_t i = 0; i < shape->n_fields; i++) {
        const struct field *f = &shape->fields[i];
        const struct str value = payload_value(payload, str_of(f->label));
        if (!read_field(f, value, (char *)form + f->offset) || (f->required && !value.p))
            return fail(&w->cx, ERR_INVALID, "party.payload.unreadable", "%s", f->name);
    }
    return OK;
}

/* --- what the second person may see --------------------------------------------------------- */

static bool is_place(struct str label)
{
    static const char *const places[] = {"party.place.1", "party.place.2", "party.place.3",
                                         "party.place.4", "party.place.5", "party.place.6",
                                         "party.place.7", "party.place.8", "party.place.9"};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (str_equal(label, message_words(places[i])))
            return true;
    }
    return false;
}

int party_entry_shown(struct work *w, const struct event *e, struct str *payload)
{
    struct person p;
    struct text out;
    struct str rest = *payload;

    if (!str_starts(e->kind, STR("party.")) || e->person_id == 0)
        return OK;
    int result = party_person(w, e->person_id, &p);
    if (result < 0 || !p.is_protected)
        return result;
    text_init(&out, PAYLOAD_MAXIMUM);
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n'), value = line;
        const struct str label = str_cut(&value, ':');
        if (is_place(label))
            payload_line(&out, label, message_words("party.hidden"));
        else
            (void)text_addf(&out, STR_FMT "\n", STR_ARG(line));
    }
    *payload = str_copy(w->cx.arena, text_str(&out));
    result = out.failed || !payload->p ? fail(&w->cx, ERR_MEMORY, "party.memory", NULL) : OK;
    text_release(&out);
    return result;
}
