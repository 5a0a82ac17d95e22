/*
 * read_pdf: what pdftotext reads on a PDF, for tests of papers.
 */
#ifndef TEST_READ_PDF_H
#define TEST_READ_PDF_H

#include "town.h"

#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { PDF_MOST = 8 << 20 };

/* Without blanks, narrow and wide: the paper sets names in cells. */
static inline struct str squeezed(struct arena *a, struct str s)
{
    char *to = arena_alloc(a, s.n + 1);
    size_t n = 0;

    assert_non_null(to);
    for (size_t i = 0; i < s.n; i++) {
        if (s.n - i >= 3 && memcmp(s.p + i, "　", 3) == 0)
            i += 2;
        else if (!strchr(" \n\f", s.p[i]))
            to[n++] = s.p[i];
    }
    return (struct str){to, n};
}

static inline bool has(struct str page, const char *words)
{
    return memmem(page.p, page.n, words, strlen(words)) != NULL;
}

/* What pdftotext reads; skips the test where that is not installed. */
static inline struct str words_of(struct town *t, struct str pdf)
{
    char in[] = "/tmp/hokenka-papers-XXXXXX", out[sizeof in + 4];
    struct text words;
    pid_t pid;
    int status = -1;
    const int fd = mkstemp(in);

    assert_true(fd >= 0 && write(fd, pdf.p, pdf.n) == (ssize_t)pdf.n && close(fd) == 0);
    snprintf(out, sizeof out, "%s.txt", in);
    char *argv[] = {(char *)"pdftotext", (char *)"-layout", in, out, NULL};
    if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) != 0) {
        unlink(in);
        print_message("# pdftotext is not installed\n");
        skip();
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    text_init(&words, PDF_MOST);
    TOWN_OK(t, file_read(&t->w.cx, out, PDF_MOST, &words));
    const struct str copy = squeezed(t->w.cx.arena, text_str(&words));
    text_release(&words);
    unlink(in);
    unlink(out);
    return copy;
}

static inline void must_say(struct str page, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!has(page, words[i]))
            fail_msg("%s is not said in:\n" STR_FMT, words[i], STR_ARG(page));
    }
}

#endif
