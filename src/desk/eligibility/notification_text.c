/*
 * The payload of a notification that may wait for a second person: one line for each thing that was
 * notified, people and households by their numbers.
 *
 *     household 000000201
 *     notified 2026-06-15
 *     acquire person=0000000012 acquired_by=02 acquired=2026-06-01
 *     why ...
 */
#include "desk/eligibility/notification_inner.h"

static const char *const kind_words[] = {
    [CHANGE_ACQUIRE] = "acquire", [CHANGE_LOSE] = "lose",
    [CHANGE_CORRECT] = "correct", [CHANGE_CANCEL] = "cancel",
    [CHANGE_RESUME] = "resume",   [CHANGE_HOUSEHOLD] = "household_change"};

/* --- writing ---------------------------------------------------------------------------------- */

/* A line break would begin a line of its own. */
static void add_words(struct text *t, struct str words)
{
    for (size_t i = 0; i < words.n; i++)
        text_addc(t, (unsigned char)words.p[i] < ' ' ? ' ' : words.p[i]);
}

static void add_line(struct text *t, const char *word, struct str value)
{
    if (value.n == 0)
        return;
    text_addf(t, "%s ", word);
    add_words(t, value);
    text_addc(t, '\n');
}

static void add_day(struct text *t, const char *word, struct ymd day)
{
    if (ymd_is_none(day))
        return;
    text_addf(t, " %s=", word);
    (void)text_add_ymd(t, day);
}

static void add_reason(struct text *t, const char *word, int reason)
{
    if (reason != 0)
        text_addf(t, " %s=%02d", word, reason);
}

static void add_change(struct text *t, const struct cover_change *c, struct str person_no)
{
    text_addf(t, "%s person=" STR_FMT, kind_words[c->kind], STR_ARG(person_no));
    if (c->row_id != 0)
        text_addf(t, " period=%lld", (long long)c->row_id);
    add_reason(t, "acquired_by", c->acquired_by);
    add_day(t, "acquired", c->acquired_by != 0 ? c->acquired : YMD_NONE);
    add_reason(t, "lost_by", c->lost_by);
    add_day(t, "lost", c->lost_by != 0 ? c->lost : YMD_NONE);
    if (c->is_same_day)
        text_adds(t, " same_day=1");
    if (c->is_in_prefecture)
        text_adds(t, " in_prefecture=1");
    if (c->is_dependant)
        text_adds(t, " dependant=1");
    if (c->prefecture_acquired.day != 0)
        add_day(t, "prefecture", c->prefecture_acquired);
    if (c->insurer.n > 0) {
        text_adds(t, " insurer=");
        add_words(t, c->insurer);
    }
    text_addc(t, '\n');
}

static struct str number_of(const struct eligibility_subjects_list *people, int64_t person_id)
{
    size_t count = 0;
    const struct eligibility_subjects_row *r = ROWS_OF(*people, person_id, &count);
    return count > 0 ? r->person_no : STR("?");
}

static void add_all(struct text *t, const struct notification *n, struct str household_no,
                    const struct eligibility_subjects_list *people)
{
    add_line(t, "household", household_no);
    text_adds(t, "notified ");
    (void)text_add_ymd(t, n->notified);
    text_addc(t, '\n');
    add_line(t, "source", n->source);
    add_line(t, "route", n->route);
    if (n->identity != IDENTITY_NONE)
        text_addf(t, "identity %d\n", (int)n->identity);
    add_line(t, "proxy", n->proxy_name);
    add_line(t, "document", n->proxy_document);
    for (size_t i = 0; i < n->n; i++)
        add_change(t, &n->row[i], number_of(people, n->row[i].person_id));
    for (size_t i = 0; i < n->n_settles; i++)
        text_addf(t, "settles %lld\n", (long long)n->settles[i]);
    add_line(t, "why", n->why);
}

int notification_write_text(struct work *w, const struct notification *n, struct text *out)
{
    struct eligibility_household_no_of_row home;
    struct eligibility_subjects_list people;
    int64_t ids[NOTIFICATION_CHANGES_MAX];
    int result =
        eligibility_household_no_of(&w->cx, w->store,
                                    &(struct eligibility_household_no_of_in){n->household_id},
                                    &home);

    if (result == 0)
        return fail(&w->cx, ERR_INVALID, "eligibility.plan.household_unknown", NULL);
    for (size_t i = 0; i < n->n; i++)
        ids[i] = n->row[i].person_id;
    if (result >= 0)
        result = eligibility_subjects(&w->cx, w->store,
                                      &(struct eligibility_subjects_in){{ids, n->n}}, &people);
    if (result < 0)
        return result;
    add_all(out, n, home.household_no, &people);
    return out->failed ? fail(&w->cx, ERR_LIMIT, "eligibility.plan.too_long", NULL) : OK;
}

/* --- reading ---------------------------------------------------------------------------------- */

static int unreadable(struct work *w, struct str line)
{
    return fail(&w->cx, ERR_SYNTAX, "eligibility.plan.payload", STR_FMT, STR_ARG(line));
}

static bool read_flag(struct str value, bool *out)
{
    *out = str_is(value, "1");
    return *out;
}

static bool read_field(struct cover_change *c, struct str word, struct str value)
{
    int64_t number = 0;

    if (str_is(word, "period"))
        return str_to_int(value, &c->row_id);
    if (str_is(word, "acquired"))
        return ymd_parse(value, &c->acquired);
    if (str_is(word, "lost"))
        return ymd_parse(value, &c->lost);
    if (str_is(word, "prefecture"))
        return ymd_parse(value, &c->prefecture_acquired);
    if (str_is(word, "same_day"))
        return read_flag(value, &c->is_same_day);
    if (str_is(word, "in_prefecture"))
        return read_flag(value, &c->is_in_prefecture);
    if (str_is(word, "dependant"))
        return read_flag(value, &c->is_dependant);
    if (!str_to_int(value, &number) || number < 0 || number > 99)
        return false;
    if (str_is(word, "acquired_by"))
        c->acquired_by = (int)number;
    else if (str_is(word, "lost_by"))
        c->lost_by = (int)number;
    else
        return false;
    return true;
}

/* "person=... acquired_by=..."; an insurer's name is the rest of the line. */
static int read_change(struct work *w, enum change_kind kind, struct str rest,
                       struct notification *n)
{
    const struct str line = rest;
    struct cover_change c = {.kind = kind,
                             .acquired = YMD_NONE,
                             .lost = YMD_NONE,
                             .prefecture_acquired = YMD_NONE,
                             .insurer = STR("")};

    while (rest.n > 0) {
        const struct str insurer = STR("insurer=");
        if (str_starts(rest, insurer)) {
            c.insurer = (struct str){rest.p + insurer.n, rest.n - insurer.n};
            break;
        }
        struct str value = str_cut(&rest, ' ');
        const struct str word = str_cut(&value, '=');
        if (str_is(word, "person")) {
            const int result = party_person_by_no(w, value, &c.person_id);
            if (result <= 0)
                return result < 0 ? result : unreadable(w, line);
        } else if (!read_field(&c, word, value)) {
            return unreadable(w, line);
        }
    }
    if (n->n == NOTIFICATION_CHANGES_MAX)
        return unreadable(w, line);
    n->row[n->n++] = c;
    return OK;
}

static enum change_kind kind_of(struct str word)
{
    for (size_t i = CHANGE_ACQUIRE; i < sizeof(kind_words) / sizeof(kind_words[0]); i++) {
        if (str_is(word, kind_words[i]))
            return (enum change_kind)i;
    }
    return (enum change_kind)0;
}

static bool read_number(struct notification *n, struct str word, struct str value)
{
    int64_t number = 0;

    if (!str_to_int(value, &number))
        return false;
    if (str_is(word, "identity") && number >= 0 && number <= IDENTITY_POST)
        n->identity = (enum identity_check)number;
    else if (str_is(word, "settles") && n->n_settles < NOTIFICATION_SETTLES_MAX)
        n->settles[n->n_settles++] = number;
    else
        return false;
    return true;
}

static struct str *words_of(struct notification *n, struct str word)
{
    return str_is(word, "source")     ? &n->source
           : str_is(word, "route")    ? &n->route
           : str_is(word, "why")      ? &n->why
           : str_is(word, "proxy")    ? &n->proxy_name
           : str_is(word, "document") ? &n->proxy_document
                                      : NULL;
}

static int read_line(struct work *w, struct str line, struct notification *n)
{
    struct str value = line;
    const struct str word = str_cut(&value, ' ');
    const enum change_kind kind = kind_of(word);
    struct str *words = words_of(n, word);

    if (words) {
        *words = value;
        return OK;
    }
    if (kind)
        return read_change(w, kind, value, n);
    if (str_is(word, "notified"))
        return ymd_parse(value, &n->notified) ? OK : unreadable(w, line);
    if (str_is(word, "household")) {
        const int found = party_household_by_no(w, value, &n->household_id);
        return found > 0 ? OK : found < 0 ? found : unreadable(w, line);
    }
    return read_number(n, word, value) ? OK : unreadable(w, line);
}

int notification_read_text(struct work *w, struct str payload, struct notification *out)
{
    int result = OK;

    *out = (struct notification){.notified = YMD_NONE,
                                 .source = STR(""),
                                 .route = STR(""),
                                 .why = STR(""),
                                 .proxy_name = STR(""),
                                 .proxy_document = STR("")};
    while (payload.n > 0 && result >= 0) {
        const struct str line = str_cut(&payload, '\n');
        if (line.n > 0)
            result = read_line(w, line, out);
    }
    return result;
}
