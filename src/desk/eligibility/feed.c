/*
 * Files of other offices. What they say about cover becomes a pending change where somebody is
 * insured, else a fact; everything else becomes a fact that levy, benefit and surveys look at.
 */
#include "desk/eligibility/inner.h"

#include <string.h>

extern const unsigned char format_covers[], format_care_eligibility[], format_care_levy[];
extern const unsigned char format_care_benefit[], format_pension_first[], format_pension_payer[];
extern const unsigned char format_employment[], format_facility[];
extern const size_t format_covers_size, format_care_eligibility_size, format_care_levy_size;
extern const size_t format_care_benefit_size, format_pension_first_size;
extern const size_t format_pension_payer_size, format_employment_size, format_facility_size;

struct feed {
    const char *file; /* its name; facts are kept under `name` */
    const char *name;
    const char *source;
    const char *covers;      /* of a file of covers: kinds it may hold, "|" between; else NULL */
    bool is_list;            /* a whole list as of a day: takes the place of the earlier one */
    const char *setting;     /* of its cycle; NULL: whenever it comes */
    enum pending_kind opens; /* somebody insured who is on it is to be looked at; 0: nobody */
    const unsigned char *format;
    const size_t *format_size;
};
#define NOBODY            ((enum pending_kind)0)
#define FEED_FORMAT(name) format_##name, &format_##name##_size
static const struct feed feeds[] = {{"assistance", "assistance", "assistance", "assistance", false,
                                     NULL, NOBODY, FEED_FORMAT(covers)},
                                    {"late_stage", "late_stage", "late_stage", "late_stage", false,
                                     NULL, NOBODY, FEED_FORMAT(covers)},
                                    {"employer", "employer", "insurer",
                                     "employee|dependant|society", false, NULL, NOBODY,
                                     FEED_FORMAT(covers)},
                                    {"care_eligibility", "care_eligibility", "care", NULL, false,
                                     NULL, NOBODY, FEED_FORMAT(care_eligibility)},
                                    {"care_levy", "care_levy", "care", NULL, false,
                                     "feed.care_levy", NOBODY, FEED_FORMAT(care_levy)},
                                    {"care_benefit", "care_benefit", "care", NULL, false, NULL,
                                     NOBODY, FEED_FORMAT(care_benefit)},
                                    {"pension_first", "pension_first", "pension", NULL, true, NULL,
                                     NOBODY, FEED_FORMAT(pension_first)},
                                    {"pension_payer", "pension_payer", "pension", NULL, false, NULL,
                                     NOBODY, FEED_FORMAT(pension_payer)},
                                    {"pension_payer_yearly", "pension_payer", "pension", NULL,
                                     false, NULL, NOBODY, FEED_FORMAT(pension_payer)},
                                    {"employment", "employment", "ministry", NULL, false, NULL,
                                     PENDING_UNEMPLOYED, FEED_FORMAT(employment)},
                                    {"facility", "facility", "welfare", NULL, false, NULL,
                                     PENDING_FACILITY, FEED_FORMAT(facility)}};

struct intake { /* a file being taken in */
    const struct feed *feed;
    struct import *im;
    int64_t event_no;
    struct table_row *const *rows;
    size_t n;
    int64_t *people;
};

static struct str field(const struct intake *in, size_t i, const char *id)
{
    for (size_t k = 0; k < in->im->columns.n; k++) {
        if (str_is(in->im->columns.rows[k].id, id))
            return import_field(in->im, in->rows[i], id);
    }
    return STR("");
}

static struct ymd day(const struct intake *in, size_t i, const char *id)
{
    struct ymd d;
    return ymd_parse(field(in, i, id), &d) ? d : YMD_NONE;
}

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
}

/* --- before anything is written ----------------------------------------------------------------
 */

static bool is_among(struct str list, char separator, struct str word)
{
    while (list.n > 0) {
        if (str_equal(str_cut(&list, separator), word))
            return true;
    }
    return false;
}

/* A file that comes outside the months of its cycle is refused unless somebody says why. */
static int check_cycle(struct import *im)
{
    const struct feed *feed = im->own;
    const struct str force = job_option(im->job, "force");
    int year, month, dom;

    if (!feed->setting)
        return OK;
    ymd_split(im->w->today, &year, &month, &dom);
    const struct str now = str_format(im->w->cx.arena, "%02d", month);
    if (!now.p)
        return no_memory(im->w);
    if (is_among(setting_get(im->w, feed->setting), ',', now) || str_trim(force).n > 0)
        return OK;
    return fail(&im->w->cx, ERR_INVALID, "eligibility.feed.off_cycle", "%s month=" STR_FMT,
                feed->name, STR_ARG(now));
}

static int know_people(struct import *im)
{
    struct table *t = &im->table;
    struct str *nos = ARENA_ARRAY(im->arena, t->n + 1, struct str);
    int64_t *ids = ARENA_ARRAY(im->arena, t->n + 1, int64_t);
    int result = nos && ids ? OK : no_memory(im->w);

    for (size_t i = 0; i < t->n && result >= 0; i++)
        nos[i] = import_field(im, &t->rows[i], "person_no");
    if (result >= 0)
        result = party_ids_by_no(im->w, nos, t->n, ids);
    for (size_t i = 0; i < t->n && result >= 0; i++) {
        if (ids[i] == 0 && nos[i].n > 0)
            result =
                import_problem(im, &t->rows[i], "person_no", "eligibility.change.unknown_person");
    }
    return result;
}

static int begin(struct import *im)
{
    const int result = check_cycle(im);
    return result < 0 ? result : know_people(im);
}

/* We ask about involuntary unemployment only: an answer of another kind proves nothing of it. */
static bool is_involuntary(struct str code)
{
    int64_t n = 0;
    return str_to_int(code, &n) && unemployment_code_counts((int32_t)n);
}

static int check(struct import *im, struct table_row *row)
{
    const struct feed *feed = im->own;

    if (feed->covers && !is_among(str_of(feed->covers), '|', import_field(im, row, "kind")))
        return import_problem(im, row, "kind", "eligibility.feed.other_office");
    if (feed->covers && ymd_compare(import_day(im, row, "day"), ymd_add(im->w->today, 60)) > 0)
        return import_problem(im, row, "day", "eligibility.change.in_future");
    if (feed->opens == PENDING_UNEMPLOYED && !is_involuntary(import_field(im, row, "code")))
        return import_problem(im, row, "code", "eligibility.feed.leaving_code");
    return OK;
}

/* --- covers
 * ---------------------------------------------------------------------------------------- */

static int pending_of(const struct intake *in, size_t i)
{
    const struct str kind = field(in, i, "kind");
    const bool start = str_is(field(in, i, "change"), "start");

    if (str_is(kind, "assistance"))
        return start ? PENDING_ASSISTANCE_START : PENDING_ASSISTANCE_END;
    if (str_is(kind, "late_stage"))
        return start && str_is(field(in, i, "reason"), "age") ? PENDING_AGE_75 : PENDING_LATE_STAGE;
    return start ? PENDING_EMPLOYER_START : PENDING_EMPLOYER_END;
}

static const char *cover_kind(struct str kind)
{
    static const char *const kinds[] = {"employee", "dependant", "society", "late_stage",
                                        "assistance"};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (str_is(kind, kinds[i]))
            return kinds[i];
    }
    return kinds[0];
}

static int open_pending(const struct intake *in, size_t i, int64_t household_id)
{
    struct work *w = in->im->w;
    const struct str insurer = field(in, i, "insurer"), reference = field(in, i, "reference");
    struct text t;

    text_init(&t, 1024);
    (void)text_addf(&t, "change=" STR_FMT " kind=" STR_FMT, STR_ARG(field(in, i, "change")),
                    STR_ARG(field(in, i, "kind")));
    if (insurer.n && !memchr(insurer.p, ' ', insurer.n))
        (void)text_addf(&t, " insurer=" STR_FMT, STR_ARG(insurer));
    if (reference.n && !memchr(reference.p, ' ', reference.n))
        (void)text_addf(&t, " reference=" STR_FMT, STR_ARG(reference));
    const struct pending p = {.kind = (enum pending_kind)pending_of(in, i),
                              .household_id = household_id,
                              .person_id = in->people[i],
                              .cause = day(in, i, "day"),
                              .source = str_of(in->feed->source),
                              .detail = str_copy(w->cx.arena, text_str(&t))};
    text_release(&t);
    return p.detail.p ? pending_open(w, in->event_no, &p, 1, NULL) : no_memory(w);
}

/* Somebody who is not insured with us: the cover is a fact, and nobody has to do anything. */
static int open_cover(const struct intake *in, size_t i)
{
    struct eligibility_batch *b = NULL;
    const struct str insurer = field(in, i, "insurer");
    const struct other_cover f = {.person_id = in->people[i],
                                  .kind = cover_kind(field(in, i, "kind")),
                                  .insurer = insurer.n ? insurer : STR_NONE,
                                  .valid = {day(in, i, "day"), YMD_NONE}};
    int result = eligibility_batch_new(in->im->w, &b);

    if (result >= 0)
        result = eligibility_open_cover(b, in->event_no, &f, NULL);
    if (result >= 0)
        result = eligibility_batch_write(in->im->w, b);
    eligibility_batch_free(b);
    return result;
}

/* Who is covered by the late-stage scheme: what becomes of his assistance is its desk's business
 * too, and waits there until it is handed over. */
static int tell_late_stage(const struct intake *in, size_t i, const struct person *p)
{
    struct work *w = in->im->w;
    const struct ymd since = day(in, i, "day");
    const struct eligibility_covers_of_kind_in q = {{&in->people[i], 1},
                                                    STR("late_stage"),
                                                    {since, KNOWN_NOW}};
    struct eligibility_covers_of_kind_list covered;
    int result = eligibility_covers_of_kind(&w->cx, w->store, &q, &covered);
    const bool is_75 = !ymd_is_none(p->birth) && ymd_compare(birthday(p->birth, 75), since) <= 0;

    if (result < 0 || (covered.n == 0 && !is_75))
        return result;
    const struct late_stage_change c = {.person_id = in->people[i],
                                        .is_start = str_is(field(in, i, "change"), "start"),
                                        .day = since,
                                        .reference = field(in, i, "reference")};
    return late_stage_tell(w, in->event_no, &c);
}

static int take_cover(struct intake *in, size_t i)
{
    struct work *w = in->im->w;
    const struct eligibility_insured_now_in q = {{&in->people[i], 1}, day(in, i, "day")};
    const struct eligibility_covers_of_kind_in c = {{&in->people[i], 1},
                                                    field(in, i, "kind"),
                                                    {day(in, i, "day"), KNOWN_NOW}};
    struct eligibility_insured_now_list insured;
    struct eligibility_covers_of_kind_list covers;
    struct person p;
    const bool start = str_is(field(in, i, "change"), "start");
    int result = eligibility_insured_now(&w->cx, w->store, &q, &insured);

    if (result >= 0)
        result = eligibility_covers_of_kind(&w->cx, w->store, &c, &covers);
    if (result >= 0)
        result = party_person(w, in->people[i], &p);
    if (result >= 0 && str_is(field(in, i, "kind"), "assistance"))
        result = tell_late_stage(in, i, &p);
    if (result < 0)
        return result;
    if (start && insured.n == 0)
        return covers.n == 0 ? open_cover(in, i) : OK; /* told before */
    if (!start && (insured.n > 0 || !p.is_resident))
        return OK;
    return p.household_id ? open_pending(in, i, p.household_id) : OK;
}

/* --- facts
 * ------------------------------------------------------------------------------------------- */

static bool same_text(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static struct eligibility_feed_fact fact_of(const struct intake *in, size_t i)
{
    const struct str amount = field(in, i, "amount"), period = field(in, i, "period");
    const struct str code = field(in, i, "code"), reference = field(in, i, "reference");
    struct eligibility_feed_fact f = {.feed = str_of(in->feed->name),
                                      .person_id = in->people[i],
                                      .day = day(in, i, "day"),
                                      .until_ymd = day(in, i, "until"),
                                      .period = period.n ? period : STR_NONE,
                                      .code = code.n ? code : STR_NONE,
                                      .reference = reference.n ? reference : STR_NONE,
                                      .known_from = in->event_no};

    f.amount_null = !str_to_int(amount, &f.amount.n);
    return f;
}

/* The same thing told again: same day, month and code. */
static bool is_about_same(const struct eligibility_feed_facts_row *r,
                          const struct eligibility_feed_fact *f)
{
    return r->person_id == f->person_id && ymd_compare(r->day, f->day) == 0 &&
           same_text(r->period, f->period) && same_text(r->code, f->code);
}

static bool is_equal(const struct eligibility_feed_facts_row *r,
                     const struct eligibility_feed_fact *f)
{
    return ymd_compare(r->until_ymd, f->until_ymd) == 0 && r->amount_null == f->amount_null &&
           (f->amount_null || r->amount.n == f->amount.n) && same_text(r->reference, f->reference);
}

static void add_detail(struct text *t, const char *word, struct str value)
{
    if (value.n > 0 && !memchr(value.p, ' ', value.n))
        (void)text_addf(t, "%s%s=" STR_FMT, t->n > 0 ? " " : "", word, STR_ARG(value));
}

/* An insured person's line is evidence: somebody decides what follows. */
static int open_evidence(const struct intake *in, size_t i)
{
    struct work *w = in->im->w;
    const struct ymd cause = day(in, i, "day");
    const struct eligibility_insured_now_in q = {{&in->people[i], 1}, cause};
    struct eligibility_insured_now_list insured;
    struct person p;
    struct text t;
    int result = eligibility_insured_now(&w->cx, w->store, &q, &insured);

    if (result >= 0)
        result = party_person(w, in->people[i], &p);
    if (result < 0 || insured.n == 0 || p.household_id == 0)
        return result;
    text_init(&t, 1024);
    add_detail(&t, "code", field(in, i, "code"));
    add_detail(&t, "until", field(in, i, "until"));
    add_detail(&t, "reference", field(in, i, "reference"));
    const struct pending row = {.kind = in->feed->opens,
                                .household_id = p.household_id,
                                .person_id = in->people[i],
                                .cause = cause,
                                .source = str_of(in->feed->source),
                                .detail = str_copy(w->cx.arena, text_str(&t))};
    text_release(&t);
    return row.detail.p ? pending_open(w, in->event_no, &row, 1, NULL) : no_memory(w);
}

static int take_fact(struct intake *in, size_t i)
{
    struct work *w = in->im->w;
    struct eligibility_feed_fact f = fact_of(in, i);
    const struct eligibility_feed_facts_in q = {f.feed, {&f.person_id, 1}};
    struct eligibility_feed_facts_list known;
    int result = eligibility_feed_facts(&w->cx, w->store, &q, &known);

    for (size_t k = 0; k < known.n && result >= 0; k++) {
        if (!is_about_same(&known.rows[k], &f))
            continue;
        if (is_equal(&known.rows[k], &f))
            return OK;
        result =
            eligibility_feed_fact_close(&w->cx, w->store, known.rows[k].feed_fact_id, in->event_no);
    }
    if (result >= 0)
        result = store_ids(&w->cx, w->store, 1, &f.feed_fact_id);
    if (result >= 0)
        result = eligibility_feed_fact_insert(&w->cx, w->store, &f);
    return result < 0 || in->feed->opens == NOBODY ? result : open_evidence(in, i);
}

/* Everybody of the earlier list goes; who is on the new one comes with it. */
static int end_earlier_list(struct intake *in)
{
    struct work *w = in->im->w;
    struct eligibility_feed_before_list list;
    const struct eligibility_feed_before_in q = {str_of(in->feed->name), day(in, 0, "day")};
    int result = eligibility_feed_before(&w->cx, w->store, &q, &list);
    int64_t *rows = ARENA_ARRAY(w->cx.arena, list.n + 1, int64_t);

    if (result < 0 || !rows)
        return result < 0 ? result : no_memory(w);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = list.rows[i].feed_fact_id;
    return eligibility_feed_fact_close_many(&w->cx, w->store, rows, list.n, in->event_no);
}

/* --- a file
 * --------------------------------------------------------------------------------------------- */

static int apply(struct import *im, int64_t event_no, struct table_row *const *rows, size_t n)
{
    struct intake in = {im->own, im, event_no, rows, n, NULL};
    struct str *nos = ARENA_ARRAY(im->w->cx.arena, n + 1, struct str);

    in.people = ARENA_ARRAY(im->w->cx.arena, n + 1, int64_t);
    if (!nos || !in.people)
        return no_memory(im->w);
    for (size_t i = 0; i < n; i++)
        nos[i] = field(&in, i, "person_no");
    int result = party_ids_by_no(im->w, nos, n, in.people);
    if (result >= 0 && in.feed->is_list && n > 0)
        result = end_earlier_list(&in);
    for (size_t i = 0; i < n && result >= 0; i++)
        result = in.feed->covers ? take_cover(&in, i) : take_fact(&in, i);
    return result;
}

static int import_feed(struct work *w, struct job *job, const char *name)
{
    const struct feed *feed = feeds;

    while (strcmp(feed->file, name) != 0)
        feed++;
    const struct import_kind kind = {.name = feed->file,
                                     .event_kind = "feed.file",
                                     .source = feed->source,
                                     .description = {(const char *)feed->format,
                                                     *feed->format_size},
                                     .is_strict = true,
                                     .own = (void *)(uintptr_t)feed,
                                     .reason = job_option(job, "force"),
                                     .begin = begin,
                                     .check = check,
                                     .apply = apply};
    return party_import(w, job, &kind);
}

#define FEED_JOB(name)                                                                             \
    int feed_import_##name(struct work *w, struct job *job)                                        \
    {                                                                                              \
        return import_feed(w, job, #name);                                                         \
    }
FEED_JOB(assistance)
FEED_JOB(late_stage)
FEED_JOB(employer)
FEED_JOB(care_eligibility)
FEED_JOB(care_levy)
FEED_JOB(care_benefit)
FEED_JOB(pension_first)
FEED_JOB(pension_payer)
FEED_JOB(pension_payer_yearly)
FEED_JOB(employment)
FEED_JOB(facility)

/* --- what stands
 * ------------------------------------------------------------------------------------------- */

int feed_facts_of(struct work *w, const char *feed, const int64_t *person_ids, size_t n,
                  struct feed_facts *out)
{
    const struct eligibility_feed_facts_in q = {str_of(feed), {person_ids, n}};
    struct eligibility_feed_facts_list list;
    const int result = eligibility_feed_facts(&w->cx, w->store, &q, &list);

    *out = (struct feed_facts){NULL, 0};
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct feed_fact);
    if (!out->rows)
        return no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct eligibility_feed_facts_row *r = &list.rows[i];
        out->rows[out->n++] = (struct feed_fact){.person_id = r->person_id,
                                                 .day = r->day,
                                                 .until = r->until_ymd,
                                                 .period = r->period,
                                                 .code = r->code,
                                                 .amount = r->amount,
                                                 .has_amount = !r->amount_null,
                                                 .reference = r->reference};
    }
    return OK;
}

int feed_need(struct work *w, const char *feed, struct ymd since)
{
    const struct eligibility_feed_file_last_in q = {str_of(feed)};
    struct eligibility_feed_file_last_row last;
    char came[11] = "-", wanted[11];
    const int result = eligibility_feed_file_last(&w->cx, w->store, &q, &last);

    if (result < 0)
        return result;
    if (!ymd_is_none(last.received) && ymd_compare(last.received, since) >= 0)
        return OK;
    if (!ymd_is_none(last.received))
        ymd_format(last.received, came);
    ymd_format(since, wanted);
    return fail(&w->cx, ERR_NOT_FOUND, "eligibility.feed.needed", "%s since=%s last=%s", feed,
                wanted, came);
}

/* --- the survey of double cover (2重加入)
 * --------------------------------------------------------------------- */

enum { SURVEY_CHUNK = 2000, CATEGORY_FROM = 20, CATEGORY_TO = 60 };

static int survey_chunk_rows(struct work *w, struct job *job,
                             const struct eligibility_double_candidates_list *list)
{
    struct event e = work_event(w, "eligibility.double_cover");
    struct pending *rows = ARENA_ARRAY(w->cx.arena, list->n + 1, struct pending);
    int64_t opened = 0;

    if (!rows)
        return no_memory(w);
    for (size_t i = 0; i < list->n; i++)
        rows[i] = (struct pending){.kind = PENDING_DOUBLE_COVER,
                                   .household_id = list->rows[i].household_id,
                                   .person_id = list->rows[i].person_id,
                                   .cause = w->asof.valid,
                                   .source = STR("pension"),
                                   .detail = STR("")};
    int result = event_open(&w->cx, w->store, &e);
    if (result >= 0)
        result = pending_open(w, e.no, rows, list->n, &opened);
    job_progress(job)->done += opened;
    job_progress(job)->skipped += (int64_t)list->n - opened;
    job_progress(job)->cursor = list->rows[list->n - 1].person_id;
    return result < 0 ? result : job_checkpoint(w, job);
}

static int survey_chunk(struct work *w, struct job *job,
                        const struct eligibility_double_candidates_list *list)
{
    int result = STORE_BEGIN(&w->cx, w->store);

    if (result < 0)
        return result;
    result = survey_chunk_rows(w, job, list);
    if (result >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return result;
}

int feed_double_cover(struct work *w, struct job *job)
{
    struct eligibility_feed_newest_row newest;
    const struct eligibility_feed_newest_in of = {STR("pension_first")};
    int result = eligibility_feed_newest(&w->cx, w->store, &of, &newest);

    if (result >= 0 && ymd_is_none(newest.day))
        return fail(&w->cx, ERR_NOT_FOUND, "eligibility.feed.needed", "pension_first");
    if (result >= 0)
        result = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                     .purpose = STR("eligibility.double_cover")});
    w->asof.valid = newest.day;
    while (result >= 0) {
        const struct arena_mark mark = arena_mark(w->cx.arena);
        struct eligibility_double_candidates_list list;
        const struct eligibility_double_candidates_in q = {
            .feed = STR("pension_first"),
            .born_after = ymd_add(birthday(newest.day, -CATEGORY_TO), 0),
            .born_before = birthday(newest.day, -CATEGORY_FROM),
            .after = job_progress(job)->cursor,
            .n = SURVEY_CHUNK,
            .asof = w->asof};
        result = eligibility_double_candidates(&w->cx, w->store, &q, &list);
        if (result < 0 || list.n == 0)
            break;
        result = survey_chunk(w, job, &list);
        arena_rewind(w->cx.arena, mark);
    }
    return result < 0 ? error_add(&w->cx, "survey double cover") : OK;
}
