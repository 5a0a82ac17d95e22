/*
 * bench_paper: P6, notices and slips as PDF.
 *
 *     bench_paper [PAGES] [PROCESSES] [FOLDER]     default 100000 2 /tmp
 *
 * Every household gets a notice (2 pages) and ten slips with barcodes (4 pages), all with their own
 * names, addresses, amounts and numbers; streams of 2,000 households, each a file that is synced.
 * Then single notices on demand, as the counter prints them. Files are removed at the end.
 */
#include "paper/paper.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGES_EACH = 6, STREAM = 2000, SINGLES = 100 };

struct printer {
    struct context cx;
    struct arena arena;
    struct paper *paper;
    struct form *notice, *slip;
    struct prng random;
    int64_t bytes;
};

static double seconds(void)
{
    return (double)env_real()->monotonic_us(env_real()) / 1e6;
}

static void must(struct printer *p, int r, const char *what)
{
    if (r >= 0)
        return;
    struct text t;
    text_init(&t, 4000);
    error_render(&p->cx.error, &t);
    fprintf(stderr, "bench_paper: %s: %s\n", what, text_str(&t).p);
    exit(1);
}

static struct form *load(struct printer *p, const char *path)
{
    struct text t;
    struct form *f = NULL;
    text_init(&t, 1 << 20);
    must(p, file_read(&p->cx, path, 1 << 20, &t), path);
    must(p, form_load(&p->cx, p->paper, path, text_str(&t), &f), path);
    text_release(&t);
    return f;
}

static void start(struct printer *p, uint64_t seed)
{
    *p = (struct printer){.bytes = 0};
    arena_init(&p->arena, 0);
    context_init(&p->cx, env_real(), &p->arena);
    prng_seed(&p->random, seed);
    must(p, paper_open(&p->cx, NULL, &p->paper), "fonts");
    p->notice = load(p, ROOT "/src/desk/levy/forms/levy_notice.form");
    p->slip = load(p, ROOT "/src/desk/levy/forms/payment_slip.form");
}

static void stop(struct printer *p)
{
    form_free(p->notice);
    form_free(p->slip);
    paper_close(p->paper);
    arena_release(&p->arena);
}

/* Names of one and of two characters, common and rare, in every combination. */
static struct str person(struct printer *p, struct arena *a)
{
    static const char *const first[] = {"佐藤", "髙橋", "𠮷田", "渡邊\xF3\xA0\x84\x88", "山﨑",
                                        "鈴木", "田中", "伊藤", "中村", "小林", "齋藤", "加藤"};
    static const char *const second[] = {"太郎", "花子", "瀨津", "一", "美咲", "健", "彩乃", "翔",
                                         "結衣", "勝", "陽菜", "誠"};
    return str_format(a, "%s　%s", first[prng_below(&p->random, 12)],
                      second[prng_below(&p->random, 12)]);
}

static void put_slip(struct printer *p, struct form_data *d, int no, int64_t notice_no)
{
    char digits[45];
    struct form_data *item = form_item(d, "slips");
    struct slip_code c = {.maker = "929023", .due = ymd_of(2026, 6 + no % 6, 28)};
    struct slip_key k = {52000, 1, 2026, no, notice_no, 0};
    c.amount = YEN((int64_t)(1000 + prng_below(&p->random, 60000)));
    must(p, slip_key_digits(&p->cx, &k, c.key), "key");
    must(p, slip_code_digits(&p->cx, &c, digits), "digits");
    form_put_count(item, "no", no);
    form_put_day(item, "due", c.due);
    form_put_yen(item, "amount", c.amount);
    form_put_text(item, "barcode", str_of(digits));
    form_put_text(item, "refusal", STR(""));
}

/* The sample of the layout with everything that differs from household to household. */
static void fill(struct printer *p, struct arena *a, struct form_data *d, int64_t no)
{
    form_data_init(d, a, str_format(a, "世帯 %lld", (long long)no));
    must(p, form_sample(&p->cx, p->notice, d), "sample");
    int block = (int)prng_below(&p->random, 40) + 1;
    int house = (int)prng_below(&p->random, 30) + 1;
    form_put_text(d, "notice_no", str_format(a, "%010lld", (long long)no));
    form_put_text(d, "addressee", person(p, a));
    form_put_text(d, "address", str_format(a, "○○県北川市若林三丁目%d番%d号", block, house));
    form_put_text(d, "address_after_town", str_format(a, "3-%d-%d", block, house));
    form_put_text(d, "party_no", str_format(a, "宛名番号 %012lld", (long long)no * 7));
    form_put_text(d, "household_no", str_format(a, "%010lld", (long long)no * 3));
    form_put_text(d, "inquiry_url", str_format(a, "https://www.city.kitagawa.example.jp/q?n=%lld",
                                               (long long)no));
    form_put_yen(d, "total", YEN((int64_t)prng_below(&p->random, 900000)));
    for (int i = 1; i <= 10; i++)
        put_slip(p, d, i, no);
}

static void print_stream(struct printer *p, const char *folder, int64_t first, int64_t n)
{
    char path[300];
    struct paper_stream *s;
    struct paper_info info = {STR("納入通知書"), ymd_of(2026, 6, 12)};
    snprintf(path, sizeof path, "%s/bench-paper-%d-%lld.pdf", folder, (int)getpid(),
             (long long)first);
    must(p, paper_stream_open_file(&p->cx, p->paper, &info, path, &s), "open");
    for (int64_t i = 0; i < n; i++) {
        struct arena own;
        struct form_data d;
        arena_init(&own, 0);
        p->cx.arena = &own; /* whatever a household needs goes with it */
        fill(p, &own, &d, first + i);
        must(p, paper_stream_add(&p->cx, s, p->notice, &d), "notice");
        must(p, paper_stream_add(&p->cx, s, p->slip, &d), "slip");
        p->cx.arena = &p->arena;
        arena_release(&own);
    }
    must(p, paper_stream_close(&p->cx, s), "close");
    FILE *f = fopen(path, "rb");
    if (f && fseek(f, 0, SEEK_END) == 0)
        p->bytes += ftell(f);
    if (f)
        fclose(f);
    unlink(path);
}

static void print_share(const char *folder, int64_t first, int64_t households)
{
    struct printer p;
    start(&p, (uint64_t)first);
    for (int64_t done = 0; done < households; done += STREAM)
        print_stream(&p, folder, first + done,
                     households - done < STREAM ? households - done : STREAM);
    printf("  process: %lld households, %.0f MB\n", (long long)households, (double)p.bytes / 1e6);
    stop(&p);
}

static void print_bulk(const char *folder, int64_t pages, int processes)
{
    int64_t households = (pages + PAGES_EACH - 1) / PAGES_EACH;
    double from = seconds();
    fflush(stdout);
    for (int i = 0; i < processes; i++) {
        int64_t first = households * i / processes;
        int64_t last = households * (i + 1) / processes;
        if (fork() == 0) {
            print_share(folder, first + 1, last - first);
            fflush(stdout);
            _exit(0);
        }
    }
    int status;
    int failed = 0;
    while (wait(&status) > 0)
        failed |= status;
    double took = seconds() - from;
    if (failed)
        exit(1);
    double n = (double)households * PAGES_EACH;
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    double cpu = (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec +
                 (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    printf("P6 bulk: %.0f pages in %.1f s with %d processes, %.0f pages/s; 100,000 pages: %.1f s "
           "(%.1f s of processor time, %.1f s on %d undisturbed cores)\n",
           n, took, processes, n / took, took * 100000 / n, cpu * 100000 / n,
           cpu * 100000 / n / processes, processes);
}

static void print_singles(void)
{
    struct printer p;
    double from = seconds();
    double worst = 0;
    double first = 0;
    double sum = 0;
    start(&p, 7);
    double opened = seconds() - from;
    for (int i = 0; i < SINGLES; i++) {
        struct arena own;
        struct form_data d;
        struct text out;
        struct paper_info info = {STR("納入通知書"), ymd_of(2026, 6, 12)};
        arena_init(&own, 0);
        text_init(&out, 16 << 20);
        fill(&p, &own, &d, 1000 + i);
        from = seconds();
        must(&p, paper_pdf(&p.cx, p.paper, &info, p.notice, &d, &out), "single");
        double took = seconds() - from;
        first = i == 0 ? took : first;
        worst = took > worst && i > 0 ? took : worst;
        sum += took;
        text_release(&out);
        arena_release(&own);
    }
    printf("P6 single notice: first %.1f ms, mean %.1f ms, worst after the first %.1f ms "
           "(fonts and layouts opened once in %.1f ms)\n",
           first * 1e3, sum * 1e3 / SINGLES, worst * 1e3, opened * 1e3);
    stop(&p);
}

int main(int argc, char **argv)
{
    int64_t pages = argc > 1 ? atoll(argv[1]) : 100000;
    int processes = argc > 2 ? atoi(argv[2]) : 2;
    const char *folder = argc > 3 ? argv[3] : "/tmp";
    if (pages < PAGES_EACH || processes < 1 || processes > 64) {
        fputs("usage: bench_paper [PAGES] [PROCESSES] [FOLDER]\n", stderr);
        return 2;
    }
    print_bulk(folder, pages, processes);
    print_singles();
    return 0;
}
