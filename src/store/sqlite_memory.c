/*
 * sqlite_memory: SQLite allocates through base, so that a test can make any of its allocations
 * fail. SQLite asks for the size of a block it holds: it stands in front of the block. Nothing is
 * set to zero for it, and page caches grow page by page: the table behind every IN has a cache of
 * its own, for which SQLite would take 20 pages at once (measured: a third of a page's work).
 */
#include "store/engine.h"

#include <limits.h>
#include <sqlite3.h>
#include <string.h>

enum { FRONT = 16 }; /* keeps the block aligned */

static void *take(int bytes)
{
    char *p = memory_resize(NULL, (size_t)bytes + FRONT);
    if (!p)
        return NULL;
    memcpy(p, &bytes, sizeof bytes);
    return p + FRONT;
}

static void give_back(void *block)
{
    if (block)
        memory_free((char *)block - FRONT);
}

static int size_of(void *block)
{
    int bytes = 0;
    if (block)
        memcpy(&bytes, (char *)block - FRONT, sizeof bytes);
    return bytes;
}

static void *resize(void *block, int bytes)
{
    char *p = memory_resize((char *)block - FRONT, (size_t)bytes + FRONT);
    if (!p)
        return NULL;
    memcpy(p, &bytes, sizeof bytes);
    return p + FRONT;
}

static int round_up(int bytes)
{
    return bytes > INT_MAX - 8 ? bytes : (bytes + 7) & ~7;
}

static int start(void *arg)
{
    (void)arg;
    return SQLITE_OK;
}

static void end(void *arg)
{
    (void)arg;
}

int sqlite_memory_install(struct context *cx)
{
    static bool installed;
    static const sqlite3_mem_methods methods = {take,     give_back, resize, size_of,
                                                round_up, start,     end,    NULL};
    if (installed)
        return OK;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK ||
        sqlite3_config(SQLITE_CONFIG_MULTITHREAD) != SQLITE_OK ||
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK ||
        sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0) != SQLITE_OK)
        return fail(cx, ERR_FATAL, "store.sqlite_started", NULL);
    installed = true;
    return OK;
}
