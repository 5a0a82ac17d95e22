#include "desk/levy/sweep.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHARE_FROM 2000 /* fewer units are not worth a process */

static bool write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return false;
        }
        p += done;
        n -= (size_t)done;
    }
    return true;
}

static bool read_all(int fd, char *p, size_t n)
{
    while (n > 0) {
        ssize_t got = read(fd, p, n);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        p += got;
        n -= (size_t)got;
    }
    return true;
}

/* The child: computes, sends, ends without running anybody's exit handlers. */
struct half {
    sweep_fn *fn;
    void *arg;
    size_t first, count, size;
};

static void child_run(struct context *cx, const struct half *h, int fd)
{
    char *rows = memory_alloc(h->count * h->size);
    bool ok = rows && h->fn(cx, h->arg, h->first, h->count, rows) >= 0 &&
              write_all(fd, rows, h->count * h->size);
    close(fd);
    _exit(ok ? 0 : 1);
}

int sweep_share(struct context *cx, sweep_fn *fn, void *arg, size_t n, size_t size, void *rows)
{
    int fd[2];
    int state = 0;
    size_t half = n / 2;
    if (n < SHARE_FROM) {
        return fn(cx, arg, 0, n, rows);
    }
    if (pipe(fd) < 0) {
        return fail(cx, ERR_IO, "levy.sweep.process", NULL);
    }
    pid_t child = fork();
    if (child < 0) {
        close(fd[0]);
        close(fd[1]);
        return fn(cx, arg, 0, n, rows); /* no second process: alone it is only slower */
    }
    if (child == 0) {
        close(fd[0]);
        child_run(cx, &(struct half){fn, arg, half, n - half, size}, fd[1]);
    }
    close(fd[1]);
    int rc = fn(cx, arg, 0, half, rows);
    bool complete = read_all(fd[0], (char *)rows + half * size, (n - half) * size);
    close(fd[0]);
    while (waitpid(child, &state, 0) < 0 && errno == EINTR) {
    }
    if (rc >= 0 && (!complete || !WIFEXITED(state) || WEXITSTATUS(state) != 0)) {
        return fail(cx, ERR_FATAL, "levy.sweep.process", NULL);
    }
    return rc;
}

/* --- the city -------------------------------------------------------------------------------- */

struct sweep {
    const struct population *p;
    const struct plan *const *plans;
    size_t n_plans;
};

static struct swept swept_of(const struct assessment *a)
{
    struct swept s = {.total_yen = (int32_t)a->result.total.n,
                      .marks = (uint16_t)a->result.marks,
                      .tier = (uint8_t)a->result.tier,
                      .failed = a->failed};
    for (int k = 0; k < LEVY_PARTS; k++) {
        s.part_yen[k] = (int32_t)a->result.part[k].n;
    }
    return s;
}

/* Rows of one unit lie together here: unit by unit, plan by plan. */
static int sweep_plan(struct context *cx, struct assessor *a, size_t count, size_t plan,
                      const struct sweep *s, struct swept *rows)
{
    struct assessment *block = ARENA_ARRAY(cx->arena, LAW_BLOCK, struct assessment);
    int rc = block ? 0 : fail(cx, ERR_MEMORY, "memory", NULL);
    for (size_t at = 0; at < count && rc >= 0; at += LAW_BLOCK) {
        size_t n = count - at < LAW_BLOCK ? count - at : LAW_BLOCK;
        rc = assessor_run(cx, a, at, n, block, NULL);
        for (size_t i = 0; i < n && rc >= 0; i++) {
            rows[(at + i) * s->n_plans + plan] = swept_of(&block[i]);
        }
    }
    return rc;
}

static int sweep_part(struct context *cx, void *arg, size_t first, size_t count, void *rows)
{
    const struct sweep *s = arg;
    struct assessor owner;
    int rc = assessor_init(cx, &owner, s->plans[0]);
    if (rc < 0) {
        return rc;
    }
    rc = count ? assessor_fill(cx, &owner, s->p, first, count) : 0;
    rc = rc < 0 || count == 0 ? rc : sweep_plan(cx, &owner, count, 0, s, rows);
    for (size_t k = 1; k < s->n_plans && rc >= 0 && count > 0; k++) {
        struct assessor other;
        struct arena_mark mark = arena_mark(cx->arena);
        rc = assessor_borrow(cx, &other, &owner, s->plans[k]);
        if (rc >= 0) {
            rc = sweep_plan(cx, &other, count, k, s, rows);
            assessor_release(&other);
        }
        arena_rewind(cx->arena, mark);
    }
    assessor_release(&owner);
    return rc;
}

int sweep_city(struct work *w, const struct population *p, const struct plan *const *plans,
               size_t n_plans, struct swept *rows)
{
    struct sweep s = {p, plans, n_plans};
    size_t n = p->units.n;
    struct swept *mixed = n_plans == 1 ? rows : memory_alloc(n * n_plans * sizeof *mixed + 1);
    if (!mixed) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    int rc = sweep_share(&w->cx, sweep_part, &s, n, n_plans * sizeof *mixed, mixed);
    for (size_t k = 0; rc >= 0 && mixed != rows && k < n_plans; k++) {
        for (size_t i = 0; i < n; i++) {
            rows[k * n + i] = mixed[i * n_plans + k];
        }
    }
    if (mixed != rows) {
        memory_free(mixed);
    }
    return rc < 0 ? error_add(&w->cx, "evaluate the city") : 0;
}

static void count_change(struct levy_figures *out, int64_t before, int64_t after)
{
    if (after < before) {
        out->winners++;
        out->gain_yen += before - after;
    } else if (after > before) {
        out->losers++;
        out->loss_yen += after - before;
    }
}

void sweep_figures(const struct population *p, const struct swept *rows, const struct swept *base,
                   struct levy_figures *out)
{
    *out = (struct levy_figures){0};
    for (size_t i = 0; i < p->units.n; i++) {
        const struct swept *s = &rows[i];
        const struct unit *u = &UNITS(p)[i];
        if (s->failed) {
            out->failed++;
            continue;
        }
        out->households++;
        for (uint32_t k = 0; k < u->n_persons; k++) {
            out->insured += PERSONS(p)[u->first_person + k].n_spans > 0;
        }
        out->undeclared += (s->marks & MARK_UNDECLARED) != 0;
        out->total_yen += s->total_yen;
        out->tier[s->tier < 10 ? s->tier : 0]++;
        for (int k = 0; k < LEVY_PARTS; k++) {
            out->part_yen[k] += s->part_yen[k];
            out->at_cap[k] += (s->marks >> k) & 1;
        }
        int32_t bucket = s->total_yen / LEVY_BUCKET_YEN;
        out->bucket[bucket < LEVY_BUCKETS ? bucket : LEVY_BUCKETS - 1]++;
        if (base && !base[i].failed) {
            count_change(out, base[i].total_yen, s->total_yen);
        }
    }
}
