/*
 * multipart: multipart/form-data (RFC 7578) fed in pieces of any size. Fields stay in memory up to
 * FORM_BYTES_MAX together; files go straight to a temporary file. The window holds what is not
 * yet decided: at most a part's header lines, or the bytes that may begin a delimiter.
 */
#include "serve/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BOUNDARY_MAX = 70, HEADERS_MAX = 4096, NAME_BYTES = 64, FILE_NAME_BYTES = 255 };
enum state { PREAMBLE, AFTER_DELIMITER, HEADERS, FIELD, FILE_BODY, EPILOGUE };

struct multipart {
    struct env *env;
    struct arena *arena;
    const char *directory;
    int64_t file_maximum;
    char delimiter[BOUNDARY_MAX + 5]; /* CR LF -- boundary */
    size_t delimiter_length;
    enum state state;
    struct text window;
    struct text value; /* of the field being read */
    size_t field_bytes;
    struct pair form[FORM_MAX];
    size_t n_form;
    struct upload uploads[UPLOAD_MAX];
    size_t n_uploads;
    struct str name;
    int fd; /* of the file being written; -1 */
};

static int refuse(struct context *cx, const char *what)
{
    int r = fail(cx, ERR_INVALID, "serve.body", NULL);
    (void)fail_detail(cx, "multipart: %s", what);
    return r;
}

static int too_large(struct context *cx)
{
    return fail(cx, ERR_LIMIT, "serve.too_large", NULL);
}

/* --- header values ---------------------------------------------------------------------------- */

static bool equal_fold(struct str a, const char *b)
{
    if (a.n != strlen(b))
        return false;
    for (size_t i = 0; i < a.n; i++) {
        char c = a.p[i] >= 'A' && a.p[i] <= 'Z' ? (char)(a.p[i] + 32) : a.p[i];
        if (c != b[i])
            return false;
    }
    return true;
}

/* One  name=value  or  name="value"  of a header, *rest moves behind it. The only escape browsers
 * write is percent, and they leave it to us. */
static bool parameter(struct str *rest, struct str *name, struct str *value)
{
    *rest = str_trim(*rest);
    if (rest->n == 0 || !memchr(rest->p, '=', rest->n))
        return false;
    *name = str_trim(str_cut(rest, '='));
    if (rest->n > 0 && rest->p[0] == '"') {
        *rest = (struct str){rest->p + 1, rest->n - 1};
        if (!memchr(rest->p, '"', rest->n))
            return false;
        *value = str_cut(rest, '"');
        (void)str_cut(rest, ';');
        return true;
    }
    *value = str_trim(str_cut(rest, ';'));
    return true;
}

static bool boundary_of(struct str content_type, struct str *out)
{
    struct str rest = content_type, name, value;
    if (!equal_fold(str_trim(str_cut(&rest, ';')), "multipart/form-data"))
        return false;
    while (parameter(&rest, &name, &value)) {
        if (equal_fold(name, "boundary")) {
            *out = value;
            return value.n > 0 && value.n <= BOUNDARY_MAX;
        }
    }
    return false;
}

int multipart_new(struct context *cx, struct arena *arena, struct str content_type,
                  const char *directory, int64_t file_maximum, struct multipart **out)
{
    struct str boundary;
    if (!boundary_of(content_type, &boundary))
        return refuse(cx, "no boundary");
    struct multipart *m = ARENA_NEW(arena, struct multipart);
    if (!m)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    m->env = cx->env;
    m->arena = arena;
    m->directory = directory;
    m->file_maximum = file_maximum;
    m->fd = -1;
    m->delimiter_length =
        (size_t)snprintf(m->delimiter, sizeof m->delimiter, "\r\n--" STR_FMT, STR_ARG(boundary));
    text_init(&m->window, 1u << 20);
    text_init(&m->value, FORM_BYTES_MAX);
    text_adds(&m->window, "\r\n"); /* the first delimiter has no line before it */
    *out = m;
    return OK;
}

/* --- parts --------------------------------------------------------------------------------------
 */

static int open_file(struct context *cx, struct multipart *m, struct str file_name)
{
    if (m->n_uploads == UPLOAD_MAX)
        return fail(cx, ERR_LIMIT, "serve.too_many", NULL);
    struct upload *u = &m->uploads[m->n_uploads];
    uint64_t random = env_random_u64(m->env);
    struct str path = str_format(m->arena, "%s/upload-%ld-%016llx", m->directory, (long)getpid(),
                                 (unsigned long long)random);
    *u = (struct upload){.field = m->name,
                         .file_name = str_copy(m->arena, file_name),
                         .path = path.p};
    if (!path.p || !u->file_name.p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    m->fd = m->env->open(m->env, path.p, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (m->fd < 0) {
        int r = fail(cx, ERR_IO, "serve.upload", NULL);
        (void)fail_detail(cx, "open upload: %s", strerror(errno));
        return r;
    }
    m->n_uploads++;
    m->state = FILE_BODY;
    return OK;
}

static bool is_name(struct str s, size_t max)
{
    if (s.n > max || !utf8_valid(s))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
            return false;
    }
    return true;
}

static int disposition(struct context *cx, struct multipart *m, struct str value)
{
    struct str rest = value, name, v, file_name = STR_NONE, field = STR_NONE;
    if (!equal_fold(str_trim(str_cut(&rest, ';')), "form-data"))
        return refuse(cx, "a part that is no form-data");
    while (parameter(&rest, &name, &v)) {
        if (equal_fold(name, "name"))
            field = v;
        else if (equal_fold(name, "filename"))
            file_name = v;
    }
    if (field.n == 0 || !is_name(field, NAME_BYTES) || !is_name(file_name, FILE_NAME_BYTES))
        return refuse(cx, "a name that is missing, too long or no UTF-8");
    m->name = str_copy(m->arena, field);
    if (!m->name.p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    m->state = FIELD;
    text_clear(&m->value);
    return file_name.p ? open_file(cx, m, file_name) : OK;
}

static int part_headers(struct context *cx, struct multipart *m, struct str lines)
{
    bool found = false;
    while (lines.n > 0) {
        struct str value = str_cut(&lines, '\n');
        if (value.n > 0 && value.p[value.n - 1] == '\r')
            value.n--;
        if (value.n > 0 && (value.p[0] == ' ' || value.p[0] == '\t'))
            return refuse(cx, "a folded header line");
        struct str name = str_cut(&value, ':');
        if (!equal_fold(name, "content-disposition"))
            continue;
        if (found)
            return refuse(cx, "two Content-Disposition lines");
        found = true;
        int r = disposition(cx, m, value);
        if (r < 0)
            return r;
    }
    return found ? OK : refuse(cx, "a part without Content-Disposition");
}

static int write_all(struct context *cx, struct multipart *m, struct str s)
{
    struct upload *u = &m->uploads[m->n_uploads - 1];
    if (u->size + (int64_t)s.n > m->file_maximum)
        return too_large(cx);
    u->size += (int64_t)s.n;
    while (s.n > 0) {
        ssize_t n = m->env->write(m->env, m->fd, s.p, s.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            int r = fail(cx, ERR_IO, "serve.upload", NULL);
            (void)fail_detail(cx, "write upload: %s", strerror(errno));
            return r;
        }
        s = (struct str){s.p + n, s.n - (size_t)n};
    }
    return OK;
}

static int take_body(struct context *cx, struct multipart *m, struct str s)
{
    if (s.n == 0)
        return OK;
    if (m->state == FILE_BODY)
        return write_all(cx, m, s);
    m->field_bytes += s.n;
    if (m->field_bytes > FORM_BYTES_MAX)
        return too_large(cx);
    return text_add(&m->value, s) == OK ? OK : too_large(cx);
}

static int close_file(struct context *cx, struct multipart *m)
{
    int fd = m->fd;
    m->fd = -1;
    if (m->env->close(m->env, fd) == 0)
        return OK;
    return fail(cx, ERR_IO, "serve.upload", NULL);
}

static int end_part(struct context *cx, struct multipart *m)
{
    if (m->state == FILE_BODY)
        return close_file(cx, m);
    struct str value = text_str(&m->value);
    if (memchr(value.p, '\0', value.n) || !utf8_valid(value))
        return refuse(cx, "a value that is no UTF-8");
    if (m->n_form == FORM_MAX)
        return fail(cx, ERR_LIMIT, "serve.too_many", NULL);
    struct str kept = str_copy(m->arena, value);
    if (!kept.p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    m->form[m->n_form++] = (struct pair){m->name, kept};
    return OK;
}

/* --- the window ---------------------------------------------------------------------------------
 */

static void window_drop(struct multipart *m, size_t n)
{
    memmove(m->window.p, m->window.p + n, m->window.n - n);
    m->window.n -= n;
}

static const char *find(const struct multipart *m, const char *what, size_t n)
{
    return m->window.n >= n ? memmem(m->window.p, m->window.n, what, n) : NULL;
}

/* Body up to the next delimiter, or up to what may begin one. 1: go on, 0: more bytes needed. */
static int step_body(struct context *cx, struct multipart *m)
{
    const char *end = find(m, m->delimiter, m->delimiter_length);
    size_t n = end ? (size_t)(end - m->window.p)
                   : (m->window.n > m->delimiter_length ? m->window.n - m->delimiter_length : 0);
    if (m->state != PREAMBLE) {
        int r = take_body(cx, m, (struct str){m->window.p, n});
        if (r == OK && end)
            r = end_part(cx, m);
        if (r < 0)
            return r;
    }
    window_drop(m, end ? n + m->delimiter_length : n);
    if (end)
        m->state = AFTER_DELIMITER;
    return end != NULL;
}

static int step_delimiter(struct context *cx, struct multipart *m)
{
    if (m->window.n < 2)
        return 0;
    bool is_last = memcmp(m->window.p, "--", 2) == 0;
    if (!is_last && memcmp(m->window.p, "\r\n", 2) != 0)
        return refuse(cx, "bytes behind a delimiter");
    m->state = is_last ? EPILOGUE : HEADERS;
    if (is_last)
        window_drop(m, 2);
    return 1;
}

static int step_headers(struct context *cx, struct multipart *m)
{
    const char *end = find(m, "\r\n\r\n", 4);
    if (!end && m->window.n > HEADERS_MAX)
        return refuse(cx, "part headers too long");
    if (!end)
        return 0; /* the CR LF of the delimiter stands in front, so that no headers are seen too */
    size_t n = (size_t)(end - m->window.p);
    if (n > HEADERS_MAX || n < 2)
        return refuse(cx, "part headers missing or too long");
    int r = part_headers(cx, m, (struct str){m->window.p + 2, n - 2});
    if (r < 0)
        return r;
    window_drop(m, n + 4);
    return 1;
}

static int step(struct context *cx, struct multipart *m)
{
    switch (m->state) {
    case PREAMBLE:
    case FIELD:
    case FILE_BODY:
        return step_body(cx, m);
    case AFTER_DELIMITER:
        return step_delimiter(cx, m);
    case HEADERS:
        return step_headers(cx, m);
    case EPILOGUE:
        text_clear(&m->window);
        return 0;
    }
    return 0;
}

static int feed_piece(struct context *cx, struct multipart *m, struct str bytes)
{
    if (text_add(&m->window, bytes) < 0)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    int r;
    while ((r = step(cx, m)) > 0)
        ;
    return r;
}

int multipart_feed(struct context *cx, struct multipart *m, struct str bytes)
{
    enum { PIECE = 64 * 1024 };
    while (bytes.n > 0) {
        size_t n = bytes.n < PIECE ? bytes.n : PIECE;
        int r = feed_piece(cx, m, (struct str){bytes.p, n});
        if (r < 0)
            return r;
        bytes = (struct str){bytes.p + n, bytes.n - n};
    }
    return OK;
}

int multipart_finish(struct context *cx, struct multipart *m, struct request *rq)
{
    if (m->state != EPILOGUE)
        return refuse(cx, "the end is missing");
    memcpy(rq->form, m->form, m->n_form * sizeof m->form[0]);
    rq->n_form = m->n_form;
    memcpy(rq->uploads, m->uploads, m->n_uploads * sizeof m->uploads[0]);
    rq->n_uploads = m->n_uploads;
    return OK;
}

void multipart_end(struct multipart *m)
{
    if (!m)
        return;
    if (m->fd >= 0)
        (void)m->env->close(m->env, m->fd);
    for (size_t i = 0; i < m->n_uploads; i++)
        (void)m->env->unlink(m->env, m->uploads[i].path);
    text_release(&m->window);
    text_release(&m->value);
}
