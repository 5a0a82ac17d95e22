/* What comes from outside: urlencoded and multipart bodies, whole, broken and oversized. */
#include "serve/serve.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define TYPE STR("multipart/form-data; boundary=XyZ")
#define PART(name, rest)                                                                           \
    "--XyZ\r\nContent-Disposition: form-data; name=\"" name "\"" rest "\r\n\r\n"

static struct arena arena;
static struct context cx;
static char folder[] = "/tmp/hokenka-reader-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder); /* fails when a file was left */
}

static size_t files_left(void)
{
    DIR *d = opendir(folder);
    size_t n = 0;
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

/* --- urlencoded ----------------------------------------------------------------------------------
 */

static int read_form(const char *p, size_t n, struct pair *pairs, size_t max, size_t *count)
{
    error_clear(&cx);
    return urlencoded_read(&cx, &arena, (struct str){p, n}, pairs, max, count);
}

static void urlencoded_is_decoded(void **state)
{
    (void)state;
    struct pair p[8];
    size_t n;
    const char *s = "a=1&b=%E5%B1%B1%20x+y&&c&d=&e=%3D%26";
    assert_int_equal(read_form(s, strlen(s), p, 8, &n), OK);
    assert_int_equal(n, 5);
    assert_true(str_is(p[1].value, "山 x y"));
    assert_true(str_is(p[2].name, "c"));
    assert_int_equal(p[2].value.n, 0);
    assert_true(str_is(p[4].value, "=&"));
    assert_int_equal(read_form("", 0, p, 8, &n), OK);
    assert_int_equal(n, 0);
}

static void urlencoded_refuses_what_is_broken(void **state)
{
    (void)state;
    static const char *const bad[] = {"a=%",        "a=%4",        "a=%zz",   "a=%00",
                                      "a=%E3%81",   "a=%FF",       "=x",      "%=1",
                                      "a=\xE3\x81", "a=%ED%A0%80", "a=%C0%80"};
    struct pair p[8];
    size_t n;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (read_form(bad[i], strlen(bad[i]), p, 8, &n) != ERR_INVALID)
            fail_msg("taken: %s", bad[i]);
    }
    char name[80] = "";
    memset(name, 'n', 65);
    assert_int_equal(read_form(name, 65, p, 8, &n), ERR_INVALID);
    assert_int_equal(read_form(name, 64, p, 8, &n), OK);
}

static void urlencoded_keeps_its_limits(void **state)
{
    (void)state;
    struct pair p[8];
    size_t n;
    const char *nine = "a&b&c&d&e&f&g&h&i";
    assert_int_equal(read_form(nine, 15, p, 8, &n), OK);
    assert_int_equal(n, 8);
    assert_int_equal(read_form(nine, 17, p, 8, &n), ERR_LIMIT);
    char *large = memory_alloc(FORM_BYTES_MAX + 1);
    assert_non_null(large);
    memset(large, 'a', FORM_BYTES_MAX + 1);
    large[1] = '=';
    assert_int_equal(read_form(large, FORM_BYTES_MAX, p, 8, &n), OK);
    assert_int_equal(p[0].value.n, FORM_BYTES_MAX - 2);
    assert_int_equal(read_form(large, FORM_BYTES_MAX + 1, p, 8, &n), ERR_LIMIT);
    memory_free(large);
}

/* --- multipart
 * ------------------------------------------------------------------------------------ */

static const char whole[] = PART("a", "") "value\r\n" PART(
    "f", "; filename=\"b.csv\"") "x,y\r\n--Xy\r\n1,2\r\n" PART("e", "") "\r\n--XyZ--\r\n";

/* Feeds in pieces of `piece` bytes; leaves no file behind. */
static int feed(struct str bytes, size_t piece, int64_t maximum, struct request *rq,
                struct multipart **kept)
{
    struct multipart *m = NULL;
    error_clear(&cx);
    *rq = (struct request){.arena = &arena};
    int r = multipart_new(&cx, &arena, TYPE, folder, maximum, &m);
    for (size_t i = 0; r == OK && i < bytes.n; i += piece) {
        size_t n = bytes.n - i < piece ? bytes.n - i : piece;
        r = multipart_feed(&cx, m, (struct str){bytes.p + i, n});
    }
    if (r == OK)
        r = multipart_finish(&cx, m, rq);
    if (r == OK && kept)
        *kept = m;
    else
        multipart_end(m);
    return r;
}

static void multipart_in_pieces_of_every_size(void **state)
{
    (void)state;
    static struct request rq;
    for (size_t piece = 1; piece < sizeof whole; piece++) {
        struct multipart *m;
        assert_int_equal(feed((struct str){whole, sizeof whole - 1}, piece, 1000, &rq, &m), OK);
        assert_int_equal(rq.n_form, 2);
        assert_true(str_is(rq.form[0].value, "value"));
        assert_true(str_is(rq.form[1].name, "e"));
        assert_int_equal(rq.form[1].value.n, 0);
        assert_int_equal(rq.n_uploads, 1);
        assert_true(str_is(rq.uploads[0].file_name, "b.csv"));
        assert_int_equal(rq.uploads[0].size, 14);
        struct text t;
        text_init(&t, 1000);
        assert_int_equal(file_read(&cx, rq.uploads[0].path, 1000, &t), OK);
        assert_string_equal(t.p, "x,y\r\n--Xy\r\n1,2");
        text_release(&t);
        multipart_end(m);
        assert_int_equal(files_left(), 0);
    }
}

static void multipart_cut_anywhere_is_refused(void **state)
{
    (void)state;
    static struct request rq;
    size_t end = sizeof whole - 1 - 2; /* the last CR LF may be missing */
    for (size_t n = 0; n < end; n++) {
        assert_int_equal(feed((struct str){whole, n}, 7, 1000, &rq, NULL), ERR_INVALID);
        assert_int_equal(files_left(), 0);
    }
    assert_int_equal(feed((struct str){whole, end}, 7, 1000, &rq, NULL), OK);
}

static void multipart_refuses_what_is_broken(void **state)
{
    (void)state;
    static struct request rq;
    static const char *const bad[] = {
        "--XyZ\r\nContent-Type: text/plain\r\n\r\nx\r\n--XyZ--\r\n",
        "--XyZ\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XyZ--\r\n",
        "--XyZ\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--XyZ--\r\n",
        "--XyZ\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nx\r\n--XyZ--\r\n",
        "--XyZ\r\nContent-Disposition: form-data;\r\n name=\"a\"\r\n\r\nx\r\n--XyZ--\r\n",
        PART("a", "\r\nContent-Disposition: form-data; name=\"b\"") "x\r\n--XyZ--\r\n",
        PART("a", "") "x\r\n--XyZ??",
        PART("a", "") "\xFF\r\n--XyZ--\r\n",
        PART("a", "; filename=\"\xFF\"") "x\r\n--XyZ--\r\n",
        "--XyZ\r\n\r\nx\r\n--XyZ--\r\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (feed(str_of(bad[i]), 5, 1000, &rq, NULL) != ERR_INVALID)
            fail_msg("taken: %s", bad[i]);
    }
    struct multipart *m;
    error_clear(&cx);
    assert_int_equal(multipart_new(&cx, &arena, STR("multipart/form-data"), folder, 1, &m),
                     ERR_INVALID);
    error_clear(&cx);
    assert_int_equal(multipart_new(&cx, &arena, STR("text/plain; boundary=a"), folder, 1, &m),
                     ERR_INVALID);
}

static void multipart_keeps_its_limits(void **state)
{
    (void)state;
    static struct request rq;
    struct text t;
    text_init(&t, 1 << 20);
    for (int i = 0; i < FORM_MAX + 1; i++)
        (void)text_adds(&t, PART("a", "") "x\r\n");
    (void)text_adds(&t, "--XyZ--\r\n");
    assert_int_equal(feed(text_str(&t), 4096, 10, &rq, NULL), ERR_LIMIT);
    text_clear(&t);
    for (int i = 0; i < UPLOAD_MAX + 1; i++)
        (void)text_adds(&t, PART("a", "; filename=\"x\"") "x\r\n");
    (void)text_adds(&t, "--XyZ--\r\n");
    assert_int_equal(feed(text_str(&t), 4096, 10, &rq, NULL), ERR_LIMIT);
    assert_int_equal(files_left(), 0);
    struct str file = STR(PART("a", "; filename=\"x\"") "0123456789\r\n--XyZ--\r\n");
    assert_int_equal(feed(file, 3, 10, &rq, NULL), OK);
    assert_int_equal(feed(file, 3, 9, &rq, NULL), ERR_LIMIT);
    text_clear(&t);
    (void)text_adds(&t, PART("a", ""));
    for (int i = 0; i <= FORM_BYTES_MAX / 1024; i++) {
        char line[1025];
        memset(line, 'v', sizeof line);
        (void)text_add(&t, (struct str){line, 1024});
    }
    (void)text_adds(&t, "\r\n--XyZ--\r\n");
    assert_int_equal(feed(text_str(&t), 4096, 10, &rq, NULL), ERR_LIMIT);
    text_release(&t);
}

static void multipart_write_errors_leave_nothing(void **state)
{
    (void)state;
    static struct request rq;
    struct env faulty;
    struct str file = STR(PART("a", "; filename=\"x\"") "0123456789\r\n--XyZ--\r\n");
    static const char *const operations[] = {"open", "write", "close"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(env_faulty(&faulty, env_real(), operations[i], 1, 28), 0);
        cx.env = &faulty;
        assert_int_equal(feed(file, 100, 100, &rq, NULL), ERR_IO);
        cx.env = env_real();
        env_release(&faulty);
        assert_int_equal(files_left(), 0);
    }
}

int main(void)
{
#define READER_TEST(name, function)                                                                \
    {                                                                                              \
        name, function, set_up, tear_down, NULL                                                    \
    }
    const struct CMUnitTest tests[] = {
        READER_TEST("urlencoded is decoded", urlencoded_is_decoded),
        READER_TEST("urlencoded refuses what is broken [F6 E5]", urlencoded_refuses_what_is_broken),
        READER_TEST("urlencoded keeps its limits, max and max+1 [F6]", urlencoded_keeps_its_limits),
        READER_TEST("multipart in pieces of every size [F6]", multipart_in_pieces_of_every_size),
        READER_TEST("multipart cut anywhere is refused [F6]", multipart_cut_anywhere_is_refused),
        READER_TEST("multipart refuses what is broken [F6 E5]", multipart_refuses_what_is_broken),
        READER_TEST("multipart keeps its limits [F6]", multipart_keeps_its_limits),
        READER_TEST("multipart write errors leave no file [F2 SEC-039]",
                    multipart_write_errors_leave_nothing),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("serve_reader", tests, make_folder, remove_folder);
}
