/* The what-if's cache: a population written to a file as it lies in memory, keyed by the newest
 * event. It never leaves the machine that wrote it; a file of another program, year or state, or
 * a torn one, is read as "missing". */
#include "desk/levy/population.h"

#include <string.h>

#define SNAPSHOT_MAGIC   UINT64_C(0x31757970646f3169) /* changes with every layout of the rows */
#define PARTS            6
#define SNAPSHOT_MAXIMUM ((size_t)4 << 30)

struct snapshot_head {
    uint64_t magic;
    int64_t fiscal_year, known;
    uint64_t rows[PARTS];
    uint64_t size[PARTS];
    struct digest sum; /* over the rows */
};

struct part {
    struct rows *rows;
    size_t size;
};

static void parts_of(struct population *p, struct part out[PARTS])
{
    out[0] = (struct part){&p->units, sizeof(struct unit)};
    out[1] = (struct part){&p->persons, sizeof(struct unit_person)};
    out[2] = (struct part){&p->spans, sizeof(struct unit_span)};
    out[3] = (struct part){&p->circumstances, sizeof(struct unit_circumstance)};
    out[4] = (struct part){&p->incomes, sizeof(struct income)};
    out[5] = (struct part){&p->cuts, sizeof(struct unit_cut)};
}

/* 8-byte words folded; torn writes and bit rot are found, nobody is kept out by it. */
static struct digest quick_sum(struct str s)
{
    uint64_t sum[4] = {1, 2, 3, 4};
    struct digest d;
    for (size_t i = 0; i + 32 <= s.n; i += 32) {
        uint64_t v[4];
        memcpy(v, s.p + i, sizeof v);
        for (int k = 0; k < 4; k++) {
            sum[k] = (sum[k] ^ v[k]) * UINT64_C(0x9e3779b97f4a7c15);
            sum[k] ^= sum[k] >> 29;
        }
    }
    for (size_t i = s.n & ~(size_t)31; i < s.n; i++) {
        sum[0] = (sum[0] ^ (unsigned char)s.p[i]) * UINT64_C(0x9e3779b97f4a7c15);
    }
    memcpy(d.b, sum, sizeof d.b);
    return d;
}

int population_write(struct context *cx, struct population *p, const char *path)
{
    struct snapshot_head head = {.magic = SNAPSHOT_MAGIC,
                                 .fiscal_year = p->fiscal_year,
                                 .known = p->known};
    struct part parts[PARTS];
    struct text out;
    parts_of(p, parts);
    text_init(&out, SNAPSHOT_MAXIMUM);
    text_add(&out, (struct str){(const char *)&head, sizeof head});
    for (int i = 0; i < PARTS; i++) {
        head.rows[i] = parts[i].rows->n;
        head.size[i] = parts[i].size;
        text_add(&out, (struct str){parts[i].rows->p, parts[i].rows->n * parts[i].size});
    }
    if (out.failed) {
        text_release(&out);
        return fail(cx, ERR_MEMORY, "memory", NULL);
    }
    head.sum = quick_sum((struct str){out.p + sizeof head, out.n - sizeof head});
    memcpy(out.p, &head, sizeof head);
    int rc = file_write(cx, path, text_str(&out));
    text_release(&out);
    return rc;
}

/* Points the parts into the file's buffer; false when it is not ours. */
static bool take_parts(struct population *p, const struct snapshot_head *head)
{
    struct part parts[PARTS];
    size_t at = sizeof *head;
    parts_of(p, parts);
    for (int i = 0; i < PARTS; i++) {
        size_t bytes;
        if (head->size[i] != parts[i].size || head->rows[i] > SNAPSHOT_MAXIMUM / parts[i].size) {
            return false;
        }
        bytes = (size_t)head->rows[i] * parts[i].size;
        if (bytes > p->file.n - at) {
            return false;
        }
        *parts[i].rows = (struct rows){.p = p->file.p + at, .n = (size_t)head->rows[i]};
        at += bytes;
    }
    return at == p->file.n;
}

int population_read(struct context *cx, struct population *p, const char *path)
{
    struct snapshot_head head;
    struct error before = cx->error;
    text_init(&p->file, SNAPSHOT_MAXIMUM);
    if (file_read(cx, path, SNAPSHOT_MAXIMUM, &p->file) < 0 || p->file.n < sizeof head) {
        cx->error = before; /* a missing cache is no error */
        text_release(&p->file);
        p->file = (struct text){0};
        return 0;
    }
    memcpy(&head, p->file.p, sizeof head);
    struct digest sum = quick_sum((struct str){p->file.p + sizeof head, p->file.n - sizeof head});
    if (head.magic == SNAPSHOT_MAGIC && head.fiscal_year == p->fiscal_year &&
        head.known == p->known && digest_equal(&sum, &head.sum) && take_parts(p, &head)) {
        return 1;
    }
    text_release(&p->file);
    population_init(p, (int)p->fiscal_year, p->known);
    return 0;
}
