/* overpay CITY: the first instalments of some notices are paid, some twice; for the browser tests,
 * which see what comes of it. */
#include "desk/benefit/benefit.h"
#include "desk/collection/receipt.h"
#include "desk/counter/counter.h"
#include "desk/linkage/linkage.h"

#include <stdio.h>

enum { NOTICES = 12, TWICE = 4 };

static struct receipt_record paid(const struct liability_account *a, int64_t line, struct ymd day)
{
    return (struct receipt_record){.channel = line % 2 ? CHANNEL_STORE : CHANNEL_COUNTER,
                                   .stage = STAGE_FINAL,
                                   .line = line,
                                   .levy_year = a->liability.levy_year,
                                   .notice_no = a->liability.notice_no,
                                   .number = a->rows[0].number,
                                   .yen = a->rows[0].charged,
                                   .paid = day,
                                   .accounting = day,
                                   .place = STR("0001 000123")};
}

static int fill(struct work *w)
{
    struct receipt_record rows[NOTICES + TWICE];
    struct receipt_file f = {.channel = CHANNEL_STORE, .source = STR("store"), .name = STR("seed")};
    struct receipt_counts counts;
    size_t n = 0;
    int rc = setting_set(w, "collection.hold", STR("none"), STR("practice"));

    sha256_hex(STR("seed"), f.sha256);
    for (int64_t no = 1; rc >= 0 && n < NOTICES + TWICE && no < 2000; no++) {
        struct liability_account a;
        rc = collection_by_notice(w, 2026, no, &a);
        if (rc <= 0 || a.n < 4 || a.rows[0].number > 24 || a.rows[0].charged.n < 3000)
            continue;
        rows[n] = paid(&a, (int64_t)n + 1, w->today);
        n++;
        if (n < 2 * TWICE) {
            rows[n] = paid(&a, (int64_t)n + 1, w->today);
            n++;
        }
    }
    return rc < 0 ? rc : receipts_take(w, NULL, &f, rows, n, &counts);
}

int main(int argc, char **argv)
{
    static const struct desk *const desks[] = {&office_desk, &party_desk,      &eligibility_desk,
                                               &levy_desk,   &collection_desk, &benefit_desk,
                                               &linkage_desk, &counter_desk};
    struct arena arena;
    struct context cx;
    struct work w;

    if (argc != 2)
        return 2;
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    office_desks_set(desks, sizeof desks / sizeof *desks);
    int rc = work_open(&w, &cx, argv[1], STORE_WRITE);
    if (rc >= 0) {
        rc = fill(&w);
        work_close(&w);
    }
    if (rc < 0)
        fprintf(stderr, "%s %s\n", w.cx.error.message, w.cx.error.facts);
    arena_release(&arena);
    return rc < 0;
}
