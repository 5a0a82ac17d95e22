#include "base/env.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { CHUNK = 64 * 1024 };

static int fail_errno(struct context *cx, const char *message, const char *path)
{
    int err = errno;
    int code = err == ENOENT ? ERR_NOT_FOUND : err == ENOMEM ? ERR_MEMORY : ERR_IO;
    fail(cx, (enum status)code, message, NULL);
    fail_detail(cx, "%s: %s", path, strerrorname_np(err));
    return fail_where(cx, path, 0, 0, NULL);
}

static struct env *env_of(const struct context *cx)
{
    return cx->env ? cx->env : env_real();
}

/* One read that is repeated when a signal came between. */
static ssize_t read_some(struct env *e, int fd, void *buf, size_t n)
{
    ssize_t got;
    do {
        got = e->read(e, fd, buf, n);
    } while (got < 0 && errno == EINTR);
    return got;
}

static int read_all(struct context *cx, const char *path, int fd, struct text *out)
{
    struct env *e = env_of(cx);
    char *buf = memory_alloc(CHUNK);
    if (!buf)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    int r = OK;
    ssize_t got;
    while ((got = read_some(e, fd, buf, CHUNK)) > 0) {
        if (text_add(out, (struct str){buf, (size_t)got}) < 0) {
            fail(cx, ERR_LIMIT, "base.file.too_large", NULL);
            r = fail_where(cx, path, 0, 0, NULL);
            break;
        }
    }
    if (got < 0)
        r = fail_errno(cx, "base.file.read", path);
    memory_free(buf);
    return r;
}

/* The maximum of the call and that of the buffer both hold, whichever is smaller. */
int file_read(struct context *cx, const char *path, size_t maximum, struct text *out)
{
    struct env *e = env_of(cx);
    int fd = e->open(e, path, O_RDONLY, 0);
    if (fd < 0)
        return fail_errno(cx, "base.file.open", path);
    size_t own = out->maximum;
    if (maximum <= SIZE_MAX - out->n && out->n + maximum < own)
        out->maximum = out->n + maximum;
    int r = read_all(cx, path, fd, out);
    out->maximum = own;
    e->close(e, fd);
    return r;
}

static int write_all(struct env *e, int fd, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t put = e->write(e, fd, bytes.p, bytes.n);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -1;
        if (put == 0) {
            errno = EIO;
            return -1;
        }
        bytes.p += put;
        bytes.n -= (size_t)put;
    }
    return e->sync(e, fd);
}

/* A rename is durable only when the folder it happened in is. */
static int sync_folder(struct env *e, const char *path)
{
    struct text folder;
    text_init(&folder, 4096);
    const char *slash = strrchr(path, '/');
    if (!slash)
        text_adds(&folder, ".");
    else
        text_add(&folder, (struct str){path, slash == path ? 1 : (size_t)(slash - path)});
    int r = -1;
    if (folder.failed) {
        errno = ENOMEM;
    } else {
        int fd = e->open(e, folder.p, O_RDONLY | O_DIRECTORY, 0);
        r = fd < 0 ? -1 : e->sync(e, fd);
        if (fd >= 0)
            e->close(e, fd);
    }
    text_release(&folder);
    return r;
}

static int write_beside(struct env *e, const char *beside, struct str bytes)
{
    int fd = e->open(e, beside, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0)
        return -1;
    int r = write_all(e, fd, bytes);
    int err = errno;
    if (e->close(e, fd) < 0 && r == 0)
        return -1;
    errno = err;
    return r;
}

int file_write(struct context *cx, const char *path, struct str bytes)
{
    struct env *e = env_of(cx);
    struct text beside;
    text_init(&beside, 4096);
    text_addf(&beside, "%s.%016llx.new", path, (unsigned long long)env_random_u64(e));
    int r = OK;
    if (beside.failed) {
        r = fail(cx, ERR_MEMORY, "base.memory", NULL);
    } else if (write_beside(e, beside.p, bytes) < 0 || e->rename(e, beside.p, path) < 0) {
        r = fail_errno(cx, "base.file.write", path);
        e->unlink(e, beside.p);
    } else if (sync_folder(e, path) < 0) {
        r = fail_errno(cx, "base.file.write", path);
    }
    text_release(&beside);
    return r;
}
