/*
 * How a practice city has paid: by account, at stores and banks, late or not at all, with the
 * mistakes that come with it; then the accounting year is closed.
 */
#include "cli/demo_payments.h"
#include "collection_sql.h"
#include "desk/collection/collection.h"

#include <stdio.h>
#include <string.h>

/* Of a hundred debtors: by account up to 55, at stores up to 80, at banks up to 92; the rest owe.
 */
enum { BY_ACCOUNT = 55, AT_STORES = 80, AT_BANKS = 92 };

struct paying {
    struct work *w;
    const struct collection_instalments_of_year_list *due;
    struct receipt_record *rows;
    size_t n;
    int levy_year;
    struct ymd until; /* nothing is accounted for after it */
};

/* The same for the same numbers, whatever machine it is. */
static unsigned draw(int64_t notice_no, int number, unsigned of)
{
    uint64_t x = (uint64_t)notice_no * 0x9e3779b97f4a7c15u + (uint64_t)number * 0xbf58476d1ce4e5b9u;

    x ^= x >> 31;
    x *= 0x94d049bb133111ebu;
    x ^= x >> 29;
    return (unsigned)(x % of);
}

static int channel_of(int64_t notice_no)
{
    const unsigned kind = draw(notice_no, 0, 100);

    return kind < BY_ACCOUNT  ? CHANNEL_DEBIT
           : kind < AT_STORES ? CHANNEL_STORE
           : kind < AT_BANKS  ? CHANNEL_BANK
                              : 0;
}

/* One who owes pays some instalments, months late, or none. */
static bool pays(const struct collection_instalments_of_year_row *r, struct ymd *day, int *channel)
{
    const unsigned chance = draw(r->notice_no, (int)r->number, 100);

    *channel = channel_of(r->notice_no);
    if (*channel == 0) {
        *channel = CHANNEL_STORE;
        *day = ymd_add(r->due_ymd, 40 + (int)draw(r->notice_no, (int)r->number + 100, 90));
        return chance < 35;
    }
    if (*channel == CHANNEL_DEBIT) {
        *day = r->due_ymd;
        return chance < 98; /* the rest: no funds */
    }
    *day = ymd_add(r->due_ymd, chance < 90 ? -(int)(chance % 12) : (int)(chance % 20));
    return chance < 97;
}

static void add(struct paying *p, const struct collection_instalments_of_year_row *r, int channel,
                struct ymd day)
{
    const struct ymd accounting = ymd_add(day, channel == CHANNEL_STORE ? 5 : 2);

    if (ymd_compare(accounting, p->until) > 0)
        return;
    p->rows[p->n++] = (struct receipt_record){.channel = channel,
                                              .stage = STAGE_FINAL,
                                              .levy_year = p->levy_year,
                                              .notice_no = r->notice_no,
                                              .number = (int)r->number,
                                              .yen = r->charged_yen,
                                              .paid = day,
                                              .accounting = accounting};
}

/* Of four hundred: twice paid, a number misread, a preliminary notice only. */
static void add_mistakes(struct paying *p, const struct collection_instalments_of_year_row *r,
                         struct ymd day)
{
    const unsigned chance = draw(r->notice_no, (int)r->number + 500, 400);
    const size_t at = p->n;

    if (chance > 2)
        return;
    add(p, r, CHANNEL_STORE, ymd_add(day, 9));
    if (p->n == at)
        return;
    if (chance == 1)
        p->rows[at].notice_no += 90000000;
    if (chance == 2) {
        p->rows[at].stage = STAGE_EXPECTED;
        p->rows[at].raw_key =
            str_format(p->w->cx.arena, "%lld-%d", (long long)r->notice_no, (int)r->number);
    }
}

static int take_month(struct paying *p, int channel, struct ymd from, struct ymd to)
{
    struct work *w = p->w;
    struct receipt_record *rows = ARENA_ARRAY(w->cx.arena, p->n + 1, struct receipt_record);
    struct receipt_file file = {.channel = channel, .source = STR("demo")};
    struct receipt_counts counts;
    size_t n = 0;
    char day[11];

    if (!rows)
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < p->n; i++) {
        const struct receipt_record *r = &p->rows[i];
        if (r->channel == channel && ymd_compare(r->accounting, from) >= 0 &&
            ymd_compare(r->accounting, to) < 0) {
            rows[n] = *r;
            rows[n].line = (int64_t)n + 1;
            n++;
        }
    }
    if (n == 0)
        return OK;
    ymd_format(from, day);
    file.name = str_format(w->cx.arena, "%d-%.7s.csv", channel, day);
    sha256_hex(file.name, file.sha256);
    return receipts_take(w, NULL, &file, rows, n, &counts);
}

static int take_all(struct paying *p)
{
    static const int channels[] = {CHANNEL_BANK, CHANNEL_DEBIT, CHANNEL_STORE};
    int rc = OK;

    for (int month = 0; month < 24 && rc >= 0; month++) {
        const int at = 3 + month; /* from April of the year */
        const struct ymd from = ymd_of(p->levy_year + at / 12, 1 + at % 12, 1);
        const struct ymd to = ymd_of(p->levy_year + (at + 1) / 12, 1 + (at + 1) % 12, 1);
        for (size_t c = 0; c < sizeof channels / sizeof *channels && rc >= 0; c++)
            rc = take_month(p, channels[c], from, to);
    }
    return rc;
}

static int close_year(struct work *w, int year)
{
    struct job_figure_row *figures;
    size_t n = 0;
    int64_t job = 0;
    int64_t closing = 0;
    int64_t debtors = 0;
    int64_t yen = 0;
    int rc = job_run(w, "carry-draft", str_format(w->cx.arena, "year=%d", year), &job);

    rc = rc < 0 ? rc : job_figures(w, job, &figures, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        closing = str_is(figures[i].name, "closing") ? figures[i].value : closing;
        debtors = str_is(figures[i].name, "debtors") ? figures[i].value : debtors;
        yen = str_is(figures[i].name, "carried_yen") ? figures[i].value : yen;
    }
    return rc < 0 ? rc
                  : job_run(w, "carry-confirm",
                            str_format(w->cx.arena, "closing=%lld debtors=%lld yen=%lld",
                                       (long long)closing, (long long)debtors, (long long)yen),
                            &job);
}

int demo_payments(struct work *w, int levy_year, struct ymd until)
{
    const struct collection_instalments_of_year_in q = {levy_year, until};
    struct collection_instalments_of_year_list due;
    struct paying p = {.w = w, .due = &due, .levy_year = levy_year, .until = until};
    int rc = collection_instalments_of_year(&w->cx, w->store, &q, &due);

    p.rows = rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, 2 * due.n + 1, struct receipt_record);
    if (rc < 0 || !p.rows)
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < due.n; i++) {
        struct ymd day = YMD_NONE;
        int channel = 0;
        if (pays(&due.rows[i], &day, &channel)) {
            add(&p, &due.rows[i], channel, day);
            add_mistakes(&p, &due.rows[i], day);
        }
    }
    rc = take_all(&p);
    return rc < 0 ? error_add(&w->cx, "pay %d", levy_year) : close_year(w, levy_year);
}
