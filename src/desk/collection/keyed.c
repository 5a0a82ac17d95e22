/* Batches of paper, keyed twice. */
#include "desk/collection/keyed.h"
#include "collection_sql.h"

#include <string.h>

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

int keyed_open(struct work *w, const struct keyed_cover *c, int64_t *no)
{
    struct collection_keyed_batch_put_in q = {.channel = c->channel,
                                              .place = c->place,
                                              .accounting_ymd = c->accounting,
                                              .slips = c->slips,
                                              .total_yen = c->total,
                                              .first_by = w->actor->user_id,
                                              .made_ymd = w->today};

    if ((c->channel != CHANNEL_BANK && c->channel != CHANNEL_POST) || c->slips < 1 ||
        c->total.n < 1 || ymd_is_none(c->accounting) || ymd_compare(c->accounting, w->today) > 0)
        return fail(&w->cx, ERR_INVALID, "collection.keyed.cover", NULL);
    const int rc = store_number(&w->cx, w->store, STR("collection.keyed"), 1, no);
    q.batch_no = *no;
    return rc < 0 ? rc : collection_keyed_batch_put(&w->cx, w->store, &q) < 0 ? w->cx.error.code
                                                                              : OK;
}

/* --- reading ------------------------------------------------------------------------------------
 */

static struct keyed_line line_from(const struct collection_keyed_lines_row *r)
{
    return (struct keyed_line){r->line,   (int)r->levy_year, r->notice_no, (int)r->number,
                               r->yen,    r->late_yen,       r->fee_yen,   r->paid_ymd};
}

static bool is_same(const struct keyed_line *a, const struct keyed_line *b)
{
    return a->levy_year == b->levy_year && a->notice_no == b->notice_no &&
           a->number == b->number && a->yen.n == b->yen.n && a->late.n == b->late.n &&
           a->fee.n == b->fee.n && a->paid.day == b->paid.day;
}

static const struct keyed_line *line_of(const struct keyed_line *rows, size_t n, int64_t line)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i].line == line)
            return &rows[i];
    }
    return NULL;
}

static void compare(struct keyed_batch *b)
{
    for (int64_t line = 1; line <= b->cover.slips; line++) {
        const struct keyed_line *x = line_of(b->first, b->n_first, line),
                                *y = line_of(b->second, b->n_second, line);
        if (x)
            b->first_total.n += x->yen.n + x->late.n + x->fee.n;
        if (!x || !y || !is_same(x, y))
            b->different[b->n_different++] = line;
    }
}

static int read_lines(struct work *w, struct keyed_batch *b)
{
    const struct collection_keyed_lines_in q = {b->no};
    struct collection_keyed_lines_list list;
    const int rc = collection_keyed_lines(&w->cx, w->store, &q, &list);

    if (rc < 0)
        return rc;
    b->first = ARENA_ARRAY(w->cx.arena, list.n + 1, struct keyed_line);
    b->second = ARENA_ARRAY(w->cx.arena, list.n + 1, struct keyed_line);
    b->different = ARENA_ARRAY(w->cx.arena, (size_t)b->cover.slips + 1, int64_t);
    if (!b->first || !b->second || !b->different)
        return no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        if (list.rows[i].pass == 1)
            b->first[b->n_first++] = line_from(&list.rows[i]);
        else
            b->second[b->n_second++] = line_from(&list.rows[i]);
    }
    compare(b);
    return OK;
}

int keyed_find(struct work *w, int64_t no, struct keyed_batch *out)
{
    const struct collection_keyed_batch_by_no_in q = {no};
    struct collection_keyed_batch_by_no_row r;
    int rc = collection_keyed_batch_by_no(&w->cx, w->store, &q, &r);

    if (rc <= 0)
        return rc;
    *out = (struct keyed_batch){
        .no = no,
        .cover = {(int)r.channel, r.place, r.accounting_ymd, r.slips, r.total_yen},
        .state = (int)r.state,
        .first_by = r.first_by,
        .second_by = r.second_by_null ? 0 : r.second_by};
    rc = read_lines(w, out);
    return rc < 0 ? rc : 1;
}

static int find_open(struct work *w, int64_t no, struct keyed_batch *out)
{
    const int rc = keyed_find(w, no, out);

    if (rc <= 0)
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "collection.keyed.none", "%lld",
                                  (long long)no);
    return out->state == KEYED_FIRST || out->state == KEYED_SECOND
               ? OK
               : fail(&w->cx, ERR_STALE, "collection.keyed.closed", "%lld", (long long)no);
}

/* --- keying -------------------------------------------------------------------------------------
 */

static int check_line(struct work *w, const struct keyed_batch *b, const struct keyed_line *l)
{
    const bool is_good = l->line >= 1 && l->line <= b->cover.slips && l->yen.n >= 0 &&
                         l->late.n >= 0 && l->fee.n >= 0 &&
                         l->yen.n + l->late.n + l->fee.n > 0 && !ymd_is_none(l->paid) &&
                         ymd_compare(l->paid, b->cover.accounting) <= 0 && l->notice_no > 0 &&
                         l->number > 0;
    return is_good ? OK : fail(&w->cx, ERR_INVALID, "collection.keyed.line", "%lld",
                               (long long)l->line);
}

/* Whose turn it is: 1 the first keying, 2 the second. */
static int pass_of(struct work *w, struct keyed_batch *b, int64_t *pass)
{
    const int64_t who = w->actor->user_id;

    *pass = 1;
    if (b->state == KEYED_FIRST && who == b->first_by)
        return OK;
    if (who == b->first_by)
        return fail(&w->cx, ERR_DENIED, "collection.keyed.same_person", NULL);
    if (b->state == KEYED_FIRST && (int64_t)b->n_first < b->cover.slips)
        return fail(&w->cx, ERR_INVALID, "collection.keyed.unfinished", "%zu / %lld", b->n_first,
                    (long long)b->cover.slips);
    if (b->state == KEYED_SECOND && b->second_by != who)
        return fail(&w->cx, ERR_DENIED, "collection.keyed.other_person", NULL);
    *pass = 2;
    if (b->state == KEYED_SECOND)
        return OK;
    const struct collection_keyed_batch_second_in q = {b->no, who};
    const int rc = collection_keyed_batch_second(&w->cx, w->store, &q);
    return rc < 0 ? rc : OK;
}

int keyed_add(struct work *w, int64_t no, const struct keyed_line *l)
{
    struct keyed_batch b;
    struct collection_keyed_line_put_in q = {.batch_no = no,
                                             .line = l->line,
                                             .levy_year = l->levy_year,
                                             .notice_no = l->notice_no,
                                             .number = l->number,
                                             .yen = l->yen,
                                             .late_yen = l->late,
                                             .fee_yen = l->fee,
                                             .paid_ymd = l->paid};
    int rc = find_open(w, no, &b);

    rc = rc < 0 ? rc : check_line(w, &b, l);
    rc = rc < 0 ? rc : pass_of(w, &b, &q.pass);
    if (rc < 0)
        return rc;
    if (line_of(q.pass == 1 ? b.first : b.second, q.pass == 1 ? b.n_first : b.n_second, l->line))
        return fail(&w->cx, ERR_DUPLICATE, "collection.keyed.twice", "%lld", (long long)l->line);
    rc = store_ids(&w->cx, w->store, 1, &q.keyed_line_id);
    rc = rc < 0 ? rc : collection_keyed_line_put(&w->cx, w->store, &q);
    return rc < 0 ? rc : OK;
}

int keyed_settle(struct work *w, int64_t no, const struct keyed_line *l)
{
    struct keyed_batch b;
    const int64_t who = w->actor->user_id;
    int rc = find_open(w, no, &b);

    rc = rc < 0 ? rc : check_line(w, &b, l);
    if (rc < 0)
        return rc;
    if (b.state != KEYED_SECOND || (who != b.first_by && who != b.second_by))
        return fail(&w->cx, ERR_DENIED, "collection.keyed.other_person", NULL);
    if (!line_of(b.first, b.n_first, l->line) || !line_of(b.second, b.n_second, l->line))
        return fail(&w->cx, ERR_INVALID, "collection.keyed.unfinished", "%lld",
                    (long long)l->line);
    for (int64_t pass = 1; pass <= 2 && rc >= 0; pass++) {
        const struct collection_keyed_line_change_in q = {no,     pass,      l->line,
                                                          l->levy_year, l->notice_no, l->number,
                                                          l->yen, l->late,   l->fee,     l->paid};
        rc = collection_keyed_line_change(&w->cx, w->store, &q);
    }
    return rc < 0 ? rc : OK;
}

/* --- to clearing --------------------------------------------------------------------------------
 */

static int check_release(struct work *w, const struct keyed_batch *b)
{
    if (b->state != KEYED_SECOND || (int64_t)b->n_second < b->cover.slips)
        return fail(&w->cx, ERR_INVALID, "collection.keyed.unfinished", "%zu / %lld", b->n_second,
                    (long long)b->cover.slips);
    if (b->n_different > 0)
        return fail(&w->cx, ERR_INVALID, "collection.keyed.different", "%zu", b->n_different);
    if (b->first_total.n != b->cover.total.n)
        return fail(&w->cx, ERR_INVALID, "collection.keyed.total", "%lld / %lld",
                    (long long)b->first_total.n, (long long)b->cover.total.n);
    return w->actor->user_id == b->first_by
               ? fail(&w->cx, ERR_DENIED, "collection.keyed.same_person", NULL)
               : OK;
}

static struct receipt_record record_of(const struct keyed_batch *b, const struct keyed_line *l)
{
    return (struct receipt_record){.channel = b->cover.channel,
                                   .stage = STAGE_FINAL,
                                   .line = l->line,
                                   .levy_year = l->levy_year,
                                   .notice_no = l->notice_no,
                                   .number = l->number,
                                   .is_divided = true,
                                   .yen = l->yen,
                                   .late = l->late,
                                   .fee = l->fee,
                                   .paid = l->paid,
                                   .accounting = b->cover.accounting,
                                   .funds = b->cover.accounting,
                                   .place = b->cover.place,
                                   .slip_kind = STR("paper"),
                                   .raw_key = STR("")};
}

int keyed_release(struct work *w, int64_t event_no, int64_t no, struct receipt_counts *out)
{
    struct keyed_batch b;
    struct receipt_file f = {.source = STR("bank")};
    const struct collection_keyed_batch_state_in state = {no, KEYED_RELEASED};
    int rc = find_open(w, no, &b);

    rc = rc < 0 ? rc : check_release(w, &b);
    if (rc < 0)
        return rc;
    f.channel = b.cover.channel;
    f.name = str_format(w->cx.arena, "keyed-%lld", (long long)no);
    sha256_hex(f.name, f.sha256);
    struct receipt_record *rows = ARENA_ARRAY(w->cx.arena, b.n_first + 1, struct receipt_record);
    if (!rows)
        return no_memory(w);
    for (size_t i = 0; i < b.n_first; i++)
        rows[i] = record_of(&b, &b.first[i]);
    rc = receipts_post(w, event_no, &f, rows, b.n_first, out);
    rc = rc < 0 ? rc : collection_keyed_batch_state(&w->cx, w->store, &state);
    return rc < 0 ? rc : OK;
}

int keyed_drop(struct work *w, int64_t no)
{
    struct keyed_batch b;
    const struct collection_keyed_batch_state_in state = {no, KEYED_DROPPED};
    int rc = find_open(w, no, &b);

    rc = rc < 0 ? rc : collection_keyed_batch_state(&w->cx, w->store, &state);
    return rc < 0 ? rc : OK;
}
