/* password: Argon2id (19 MiB, two passes), at most two at once over all processes of a city; and
 * the rules a new password must keep. */
#include "office/inner.h"

#include <ctype.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <sys/file.h>
#include <unistd.h>

enum { PASSES = 2, PASSWORD_MEMORY = 19 << 20, PLACES = 2, RUN = 4 };

/* A hash of nothing anybody knows: checking it takes as long as checking a real one. */
static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/* Takes one of the two places; waits on one of them when both are taken. -1: no lock file. */
static int place_take(struct context *cx, struct office *o)
{
    int fd = -1;
    for (int i = 0; i <= PLACES; i++) {
        int place = i < PLACES ? i : (int)(getpid() % PLACES);
        struct str path = str_format(cx->arena, "%s/password.%d.lock", o->city_path, place);
        if (!path.p)
            return -1;
        fd = cx->env->open(cx->env, path.p, O_RDWR | O_CREAT, 0600);
        if (fd < 0)
            return -1;
        if (flock(fd, LOCK_EX | (i < PLACES ? LOCK_NB : 0)) == 0)
            return fd;
        (void)cx->env->close(cx->env, fd);
    }
    return -1;
}

/* What the passwords cost on purpose; one thread per process. */
static int64_t hashing_us;

static int64_t cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * MICRO + t.tv_nsec / 1000;
}

int64_t office_password_us(void)
{
    return hashing_us;
}

int password_hash(struct context *cx, struct office *o, struct str password, struct str *out)
{
    char hash[crypto_pwhash_STRBYTES];
    int place = place_take(cx, o);
    if (place < 0)
        return fail(cx, ERR_IO, "office.password_lock", "%s", o->city_path);
    const int64_t began = cpu_us();
    int bad = crypto_pwhash_str_alg(hash, password.p, password.n, PASSES, PASSWORD_MEMORY,
                                    crypto_pwhash_ALG_ARGON2ID13);
    hashing_us += cpu_us() - began;
    (void)cx->env->close(cx->env, place);
    if (bad)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    *out = str_copy(cx->arena, str_of(hash));
    return out->p ? OK : fail(cx, ERR_MEMORY, "base.memory", NULL);
}

int password_matches(struct context *cx, struct office *o, struct str hash, struct str password)
{
    char text[crypto_pwhash_STRBYTES];
    struct str against = hash.p ? hash : str_of(nobody);
    if (against.n >= sizeof text)
        return fail(cx, ERR_CORRUPT, "office.password_hash", NULL);
    memset(text, 0, sizeof text);
    memcpy(text, against.p, against.n);
    int place = place_take(cx, o);
    if (place < 0)
        return fail(cx, ERR_IO, "office.password_lock", "%s", o->city_path);
    const int64_t began = cpu_us();
    int bad = crypto_pwhash_str_verify(text, password.p, password.n);
    hashing_us += cpu_us() - began;
    (void)cx->env->close(cx->env, place);
    return hash.p && !bad;
}

/* --- rules -------------------------------------------------------------------------------- */

struct folded { /* lower case, the usual letters for figures put back */
    char text[PASSWORD_LONGEST + 1];
    size_t n;
};

static void fold(struct folded *f, struct str s, bool figures)
{
    static const char figure_letters[] = "oizeasgtbg"; /* 0o 1i 2z 3e 4a 5s 6g 7t 8b 9g */
    f->n = s.n < PASSWORD_LONGEST ? s.n : PASSWORD_LONGEST;
    for (size_t i = 0; i < f->n; i++) {
        char c = (char)tolower((unsigned char)s.p[i]);
        if (figures && c >= '0' && c <= '9')
            c = figure_letters[c - '0'];
        if (figures && c == '@')
            c = 'a';
        if (figures && c == '$')
            c = 's';
        f->text[i] = c;
    }
    f->text[f->n] = 0;
}

/* RUN characters that stand in a row of the alphabet, the figures or the keyboard, either way, or
 * are all the same. */
static bool has_sequence(const char *s, size_t n)
{
    static const char *const lines[] = {"abcdefghijklmnopqrstuvwxyz",
                                        "01234567890",
                                        "qwertyuiop",
                                        "asdfghjkl",
                                        "zxcvbnm",
                                        "1qaz2wsx3edc4rfv"};
    char forward[RUN + 1];
    char backward[RUN + 1];
    for (size_t i = 0; i + RUN <= n; i++) {
        bool same = true;
        for (size_t j = 0; j < RUN; j++) {
            forward[j] = s[i + j];
            backward[RUN - 1 - j] = s[i + j];
            same = same && s[i + j] == s[i];
        }
        forward[RUN] = backward[RUN] = 0;
        if (same)
            return true;
        for (size_t k = 0; k < sizeof lines / sizeof *lines; k++)
            if (strstr(lines[k], forward) || strstr(lines[k], backward))
                return true;
    }
    return false;
}

static bool has_period(const char *s, size_t n)
{
    for (size_t period = 1; period <= 4 && period * 2 < n; period++) {
        size_t i = period;
        while (i < n && s[i] == s[i - period])
            i++;
        if (i == n)
            return true;
    }
    return false;
}

/* A word of the list refuses when it is more than half of what was typed. */
static bool has_word(const struct folded *f)
{
    for (size_t i = 0; i < password_words_count; i++)
        if (strlen(password_words[i]) * 2 >= f->n && strstr(f->text, password_words[i]))
            return true;
    return false;
}

static bool has_part(const struct folded *f, struct str part)
{
    struct folded p;
    fold(&p, part, false);
    return p.n >= 3 && strstr(f->text, p.text);
}

static bool has_birth(const char *text, struct ymd birth)
{
    char forms[4][16];
    int y;
    int m;
    int d;
    if (ymd_is_none(birth))
        return false;
    ymd_split(birth, &y, &m, &d);
    struct era_day era = ymd_era(birth);
    snprintf(forms[0], sizeof forms[0], "%04d%02d%02d", y % 10000, m % 100, d % 100);
    snprintf(forms[1], sizeof forms[1], "%02d%02d%02d", y % 100, m % 100, d % 100);
    snprintf(forms[2], sizeof forms[2], "%02d%02d%02d", era.year % 100, m % 100, d % 100);
    snprintf(forms[3], sizeof forms[3], "%02d%02d", m % 100, d % 100);
    for (int i = 0; i < 4; i++)
        if (strstr(text, forms[i]))
            return true;
    return false;
}

/* Figures alone of the text, so that 1980-04-01 is seen as 19800401. */
static void digits_of(const struct folded *f, char out[PASSWORD_LONGEST + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        if (f->text[i] >= '0' && f->text[i] <= '9')
            out[n++] = f->text[i];
    out[n] = 0;
}

static bool has_name(const struct folded *plain, const struct folded *letters,
                     const struct password_of *of)
{
    if (has_part(plain, of->sign_in_name) || has_part(letters, of->sign_in_name))
        return true;
    struct str rest = of->full_name;
    while (rest.n > 0)
        if (has_part(plain, str_cut(&rest, ' ')))
            return true;
    return false;
}

const char *password_refused(struct str password, const struct password_of *of)
{
    struct folded plain;
    struct folded letters;
    char digits[PASSWORD_LONGEST + 1];
    if (!utf8_valid(password) || (int64_t)utf8_length(password) < of->minimum)
        return "office.password_short";
    if (password.n > PASSWORD_LONGEST)
        return "office.password_long";
    fold(&plain, password, false);
    fold(&letters, password, true);
    digits_of(&plain, digits);
    if (has_sequence(plain.text, plain.n) || has_period(plain.text, plain.n))
        return "office.password_sequence";
    if (has_name(&plain, &letters, of))
        return "office.password_name";
    if (has_birth(digits, of->birth))
        return "office.password_birth";
    if (has_word(&plain) || has_word(&letters))
        return "office.password_word";
    return NULL;
}
