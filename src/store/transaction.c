/* transaction: nesting with file and line, checks before commit, savepoints. */
#include "store/engine.h"

#include <assert.h>
#include <string.h>

static int refuse_at(struct context *cx, struct store *st, const char *message)
{
    const struct place *p = &st->opened[st->depth > 0 ? st->depth - 1 : 0];
    if (st->doomed && st->doomed_at.file)
        p = &st->doomed_at;
    fail(cx, ERR_INVALID, message, NULL);
    fail_where(cx, p->file ? p->file : "", p->line, 0, NULL);
    return ERR_INVALID;
}

static void transaction_clear(struct store *st)
{
    st->depth = 0;
    st->writing = false;
    st->wrote = false;
    st->doomed = false;
    st->doomed_at = (struct place){NULL, 0};
    st->n_savepoints = 0;
    st->n_links = 0;
    st->first_event = 0;
    st->last_event = 0;
}

/* What was taken inside a transaction that did not commit is not ours. */
static void transaction_undone(struct store *st)
{
    st->ids_next = 0;
    st->ids_end = 0;
    transaction_clear(st);
}

static int begin_inner(struct context *cx, struct store *st, bool write)
{
    if (st->depth == MAX_NESTING)
        return refuse_at(cx, st, "store.nesting");
    if (st->doomed)
        return refuse_at(cx, st, "store.doomed");
    if (write && !st->writing)
        return refuse_at(cx, st, "store.begin_inside_read");
    return OK;
}

int store_begin_at(struct context *cx, struct store *st, bool write, const char *file, int line)
{
    int rc = OK;
    if (st->depth > 0)
        rc = begin_inner(cx, st, write);
    else if (st->broken)
        rc = fail(cx, ERR_FATAL, "store.connection_lost", NULL);
    else if (write && st->mode == STORE_READ)
        rc = fail(cx, ERR_DENIED, "store.read_only", NULL);
    else if (st->streaming)
        rc = fail(cx, ERR_INVALID, "store.busy_stream", NULL);
    else
        rc = st->driver->begin(cx, st, write);
    if (rc < 0) {
        error_add(cx, "begin at %s:%d", file, line);
        return rc;
    }
    if (st->depth == 0)
        st->writing = write;
    st->opened[st->depth++] = (struct place){file, line};
    return OK;
}

static int run_checks(struct context *cx, struct store *st)
{
    bool city = strcmp(st->database, "city") == 0;
    for (size_t i = 0; st->wrote && city && i < store_n_checks; i++) {
        int rc = store_checks[i](cx, st, st->first_event, st->last_event);
        if (rc < 0) {
            error_add(cx, "check before commit");
            return rc;
        }
    }
    return OK;
}

static int commit_outer(struct context *cx, struct store *st)
{
    int rc = OK;
    if (st->streaming)
        return fail(cx, ERR_INVALID, "store.busy_stream", NULL);
    if (st->writing)
        rc = run_checks(cx, st);
    if (rc >= 0 && st->writing)
        rc = chain_close(cx, st);
    if (rc >= 0)
        rc = FAULT(cx, "store.before_commit");
    if (rc >= 0)
        rc = st->driver->commit(cx, st);
    if (rc >= 0 && st->writing)
        settle_ask(st);
    return rc;
}

int store_commit(struct context *cx, struct store *st)
{
    assert(st->depth > 0 && "store_commit without begin");
    if (st->depth > 1) {
        st->depth--;
        return st->doomed ? refuse_at(cx, st, "store.doomed") : OK;
    }
    int rc = st->doomed ? refuse_at(cx, st, "store.doomed") : commit_outer(cx, st);
    if (rc < 0) {
        error_add(cx, "transaction of %s:%d", st->opened[0].file, st->opened[0].line);
        store_rollback(st);
        return rc;
    }
    transaction_clear(st);
    return OK;
}

static void close_cursors(struct store *st)
{
    for (int i = 0; i < MAX_CURSORS; i++)
        store_cursor_close(&st->cursors[i]);
}

void store_rollback(struct store *st)
{
    if (st->depth == 0)
        return; /* a failed commit has rolled back already */
    if (st->depth > 1) {
        st->doomed = true;
        st->doomed_at = st->opened[--st->depth];
        return;
    }
    close_cursors(st);
    st->driver->rollback(st);
    transaction_undone(st);
}

bool store_in_transaction(const struct store *st)
{
    return st->depth > 0;
}

/* --- savepoints ---------------------------------------------------------------------------- */

static int savepoint_command(struct context *cx, struct store *st, const char *before, int number)
{
    struct text t;
    text_init(&t, 64);
    text_addf(&t, "%s s%d", before, number);
    int rc =
        t.failed ? fail(cx, ERR_MEMORY, "store.memory", NULL) : st->driver->command(cx, st, t.p);
    text_release(&t);
    return rc;
}

int store_savepoint(struct context *cx, struct store *st)
{
    assert(st->depth > 0 && "store_savepoint outside a transaction");
    if (st->doomed)
        return refuse_at(cx, st, "store.doomed");
    if (st->n_savepoints == MAX_SAVEPOINTS)
        return refuse_at(cx, st, "store.nesting");
    int rc = savepoint_command(cx, st, "savepoint", st->n_savepoints);
    if (rc < 0)
        return store_doom(st, rc);
    st->savepoints[st->n_savepoints++] =
        (struct savepoint){st->n_links, st->first_event, st->last_event};
    return OK;
}

int store_savepoint_end(struct context *cx, struct store *st, bool keep)
{
    assert(st->n_savepoints > 0 && "store_savepoint_end without savepoint");
    const struct savepoint *s = &st->savepoints[--st->n_savepoints];
    if (keep && st->doomed)
        return refuse_at(cx, st, "store.doomed");
    if (keep)
        return savepoint_command(cx, st, "release savepoint", st->n_savepoints);
    close_cursors(st);
    st->n_links = s->n_links;
    st->first_event = s->first_event;
    st->last_event = s->last_event;
    st->ids_next = st->ids_end = 0;
    st->doomed = false;
    int rc = savepoint_command(cx, st, "rollback to savepoint", st->n_savepoints);
    if (rc >= 0)
        rc = savepoint_command(cx, st, "release savepoint", st->n_savepoints);
    return rc < 0 ? store_doom(st, rc) : OK;
}
