/* fixed: records of fixed length by their table: digits, half-width characters, kanji of JIS X
 * 0208.
 */
#include "exchange/exchange.h"

#include <assert.h>
#include <string.h>

enum {
    RECORDS_MOST = 16,
    FIELDS_MOST = 64,
    TEXT_LONGEST = 4096,
    JIS_BLANK = 0x2121, /* full-width blank */
    JIS_MARK = 0x222E,  /* 〓 */
    WIDE_BLANK = 0x3000,
    WIDE_OFFSET = 0xFEE0
};

/* --- the table ----------------------------------------------------------------------------------
 */

static bool kind_of(struct str word, enum fixed_kind *out)
{
    static const char letters[] = "NCKSU";
    const char *at = word.n == 1 ? memchr(letters, word.p[0], sizeof letters - 1) : NULL;

    *out = at ? (enum fixed_kind)(at - letters) : FIXED_UNSET;
    return at != NULL;
}

static bool is_kind_good(const struct fixed_field *f)
{
    switch (f->kind) {
    case FIXED_KANJI:
        return f->n % 2 == 0;
    case FIXED_SHIFT:
        return f->value.n == 2 * f->n;
    case FIXED_DIGITS:
        return f->n <= 18;
    case FIXED_HALF:
    case FIXED_UNSET:
        break;
    }
    return true;
}

static bool read_field(struct str line, struct str *record, struct fixed_field *f)
{
    int64_t at = 0, n = 0;

    *record = str_cut(&line, '\t');
    const bool is_placed =
        str_to_int(str_cut(&line, '\t'), &at) && str_to_int(str_cut(&line, '\t'), &n);
    const bool has_kind = kind_of(str_cut(&line, '\t'), &f->kind);
    f->id = str_cut(&line, '\t');
    f->value = str_cut(&line, '\t');
    const struct str status = str_cut(&line, '\t');
    f->label = line;
    f->value = str_is(f->value, "-") ? STR("") : f->value;
    f->at = (size_t)at;
    f->n = (size_t)n;
    f->status = status.n == 1 ? status.p[0] : '?';
    return is_placed && at >= 0 && n > 0 && has_kind && f->id.n > 0 && f->status != '?' &&
           is_kind_good(f);
}

struct table_read {
    struct fixed_record records[RECORDS_MOST];
    struct fixed_field fields[RECORDS_MOST][FIELDS_MOST];
    size_t n;
};

static bool take_field(struct table_read *t, struct str record, const struct fixed_field *f)
{
    if (t->n == 0 || !str_equal(t->records[t->n - 1].name, record)) {
        if (t->n == RECORDS_MOST)
            return false;
        t->records[t->n++] = (struct fixed_record){.name = record};
    }
    struct fixed_record *r = &t->records[t->n - 1];
    if (r->n == FIELDS_MOST || f->at != r->length)
        return false;
    t->fields[t->n - 1][r->n++] = *f;
    r->length += f->n;
    return true;
}

static int keep_table(struct context *cx, struct arena *a, const struct table_read *t,
                      struct fixed_layout *out)
{
    struct fixed_record *records = ARENA_ARRAY(a, t->n + 1, struct fixed_record);

    if (!records)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    for (size_t i = 0; i < t->n; i++) {
        struct fixed_field *fields = ARENA_ARRAY(a, t->records[i].n + 1, struct fixed_field);
        if (!fields)
            return fail(cx, ERR_MEMORY, "base.memory", NULL);
        memcpy(fields, t->fields[i], t->records[i].n * sizeof *fields);
        records[i] = t->records[i];
        records[i].fields = fields;
    }
    *out = (struct fixed_layout){records, t->n};
    return OK;
}

int fixed_layout_read(struct context *cx, struct arena *a, const char *name, struct str tsv,
                      struct fixed_layout *out)
{
    struct table_read *t = ARENA_NEW(a, struct table_read);
    int number = 0;

    if (!t)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    while (tsv.n > 0) {
        const struct str line = str_cut(&tsv, '\n');
        struct fixed_field f;
        struct str record;
        number++;
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (!read_field(line, &record, &f) || !take_field(t, record, &f)) {
            (void)fail(cx, ERR_SYNTAX, "exchange.fixed.table", STR_FMT, STR_ARG(line));
            return fail_where(cx, name, number, 0, NULL);
        }
    }
    return keep_table(cx, a, t, out);
}

const struct fixed_record *fixed_record_of(const struct fixed_layout *l, const char *name)
{
    for (size_t i = 0; i < l->n; i++) {
        if (str_is(l->records[i].name, name))
            return &l->records[i];
    }
    assert(false && "a record of that name");
    return NULL;
}

static const struct fixed_field *field_of(const struct fixed_record *r, const char *id)
{
    for (size_t i = 0; i < r->n; i++) {
        if (str_is(r->fields[i].id, id))
            return &r->fields[i];
    }
    assert(false && "a field of that id");
    return NULL;
}

/* --- making -------------------------------------------------------------------------------------
 */

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 0;
}

static void put_pair(char *at, int pair)
{
    at[0] = (char)(pair >> 8);
    at[1] = (char)(pair & 0xff);
}

static void put_initial(const struct fixed_field *f, char *at)
{
    switch (f->kind) {
    case FIXED_DIGITS:
        memset(at, '0', f->n);
        if (f->value.n == f->n)
            memcpy(at, f->value.p, f->n);
        break;
    case FIXED_KANJI:
        for (size_t i = 0; i < f->n; i += 2)
            put_pair(at + i, JIS_BLANK);
        break;
    case FIXED_SHIFT:
        for (size_t i = 0; i < f->n; i++)
            at[i] = (char)(16 * hex(f->value.p[2 * i]) + hex(f->value.p[2 * i + 1]));
        break;
    case FIXED_HALF:
    case FIXED_UNSET:
        memset(at, ' ', f->n);
        break;
    }
}

char *fixed_new(struct arena *a, const struct fixed_record *r)
{
    char *bytes = ARENA_ARRAY(a, r->length + 1, char);

    for (size_t i = 0; bytes && i < r->n; i++)
        put_initial(&r->fields[i], bytes + r->fields[i].at);
    return bytes;
}

static int refuse_field(struct context *cx, enum status code, const char *message,
                        const struct fixed_field *f)
{
    (void)fail(cx, code, message, STR_FMT, STR_ARG(f->label));
    return fail_where(cx, NULL, 0, (int)f->at + 1, str_c(cx->arena, f->id));
}

int fixed_put_number(struct context *cx, const struct fixed_record *r, char *bytes, const char *id,
                     int64_t value)
{
    const struct fixed_field *f = field_of(r, id);
    char *at = bytes + f->at;

    if (f->kind != FIXED_DIGITS)
        return refuse_field(cx, ERR_INVALID, "exchange.fixed.unset", f);
    for (size_t i = f->n; i > 0; i--, value /= 10)
        at[i - 1] = (char)('0' + (value >= 0 ? value % 10 : 0));
    return value == 0 ? OK : refuse_field(cx, ERR_RANGE, "exchange.fixed.range", f);
}

int fixed_put_day(struct context *cx, const struct fixed_record *r, char *bytes, const char *id,
                  struct ymd day)
{
    int y = 0, m = 0, d = 0;

    if (!ymd_is_none(day))
        ymd_split(day, &y, &m, &d);
    return fixed_put_number(cx, r, bytes, id, y * 10000 + m * 100 + d);
}

/* Two bytes of CP932 as a pair of JIS X 0208; 0: not one of its characters (rows 1-8, 16-84). */
static int jis_of_cp932(struct str two)
{
    if (two.n != 2)
        return 0;
    const int lead = (unsigned char)two.p[0], trail = (unsigned char)two.p[1];
    const int half = lead < 0xA0 ? lead - 0x81 : lead - 0xC1;
    const int row = 2 * half + 1 + (trail >= 0x9F);
    const int cell = trail >= 0x9F ? trail - 0x9E : trail - 0x3F - (trail > 0x7E);
    const bool is_there = (row >= 1 && row <= 8) || (row >= 16 && row <= 84);

    return is_there && cell >= 1 && cell <= 94 ? (row + 0x20) << 8 | (cell + 0x20) : 0;
}

static int jis_of_str(struct context *cx, struct str one)
{
    const struct error before = cx->error;
    struct text t;

    text_init(&t, 16);
    const int rc = encode(cx, one, ENC_CP932, LOSS_REFUSE, NULL, &t);
    const int pair = rc < 0 ? 0 : jis_of_cp932(text_str(&t));
    text_release(&t);
    cx->error = before;
    return pair;
}

/* The character, else its usual form (髙 as 高), else the mark. */
static int jis_of(struct context *cx, int32_t c, int *lost)
{
    struct text one, fold;

    text_init(&one, 16);
    text_init(&fold, 64);
    c = c == ' ' ? WIDE_BLANK : c > ' ' && c < 0x7F ? c + WIDE_OFFSET : c;
    (void)utf8_add(&one, c);
    int pair = jis_of_str(cx, text_str(&one));
    if (pair == 0) {
        ++*lost;
        (void)kanji_fold(&fold, text_str(&one));
        pair = jis_of_str(cx, text_str(&fold));
    }
    text_release(&one);
    text_release(&fold);
    return pair ? pair : JIS_MARK;
}

static bool is_selector(int32_t c)
{
    return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

static void put_kanji(struct context *cx, const struct fixed_field *f, char *at, struct str s,
                      int *lost)
{
    size_t n = 0;

    put_initial(f, at);
    for (int32_t c = utf8_next(&s); c >= 0; c = utf8_next(&s)) {
        if (is_selector(c))
            continue;
        if (n + 2 > f->n) {
            ++*lost;
            return;
        }
        put_pair(at + n, jis_of(cx, c, lost));
        n += 2;
    }
}

static int put_half(struct context *cx, const struct fixed_field *f, char *at, struct str s,
                    int *lost)
{
    struct loss_report report = {.total = 0};
    struct text half, bytes;

    text_init(&half, TEXT_LONGEST);
    text_init(&bytes, TEXT_LONGEST);
    int rc = kana_to_half(&half, s);
    rc = rc < 0 ? fail(cx, ERR_MEMORY, "base.memory", NULL)
                : encode(cx, text_str(&half), ENC_JISX0201, LOSS_MARK, &report, &bytes);
    if (rc >= 0) {
        put_initial(f, at);
        memcpy(at, text_str(&bytes).p, bytes.n < f->n ? bytes.n : f->n);
        for (size_t i = 0; i < report.n; i++)
            *lost += report.rows[i].replaced_by == 0 || report.rows[i].replaced_by == '?';
        *lost += bytes.n > f->n;
    }
    text_release(&half);
    text_release(&bytes);
    return rc;
}

int fixed_put_text(struct context *cx, const struct fixed_record *r, char *bytes, const char *id,
                   struct str utf8, int *lost)
{
    const struct fixed_field *f = field_of(r, id);
    int nobody = 0;

    if (f->kind == FIXED_HALF)
        return put_half(cx, f, bytes + f->at, utf8, lost ? lost : &nobody);
    if (f->kind != FIXED_KANJI)
        return refuse_field(cx, ERR_INVALID, "exchange.fixed.unset", f);
    put_kanji(cx, f, bytes + f->at, utf8, lost ? lost : &nobody);
    return OK;
}

/* --- reading ------------------------------------------------------------------------------------
 */

struct str fixed_raw(const struct fixed_record *r, const char *bytes, const char *id)
{
    const struct fixed_field *f = field_of(r, id);
    return (struct str){bytes + f->at, f->n};
}

bool fixed_number(const struct fixed_record *r, const char *bytes, const char *id, int64_t *out)
{
    const struct str s = fixed_raw(r, bytes, id);
    int64_t value = 0;

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        value = 10 * value + (s.p[i] - '0');
    }
    *out = value;
    return true;
}

bool fixed_day(const struct fixed_record *r, const char *bytes, const char *id, struct ymd *out)
{
    int64_t value = 0;

    *out = YMD_NONE;
    if (!fixed_number(r, bytes, id, &value))
        return false;
    return value == 0 || ymd_parse(fixed_raw(r, bytes, id), out);
}

/* A pair of JIS X 0208 in CP932; false: no such pair. */
static bool add_pair(struct text *cp932, const char *at)
{
    const int row = (unsigned char)at[0] - 0x20, cell = (unsigned char)at[1] - 0x20;

    if (row < 1 || row > 94 || cell < 1 || cell > 94)
        return false;
    const int half = (row - 1) / 2;
    const int trail = row % 2 == 0 ? cell + 0x9E : cell + 0x3F + (cell > 63);
    (void)text_addc(cp932, (char)(half < 31 ? half + 0x81 : half + 0xC1));
    (void)text_addc(cp932, (char)trail);
    return true;
}

int fixed_text(struct context *cx, const struct fixed_record *r, const char *bytes, const char *id,
               struct str *utf8)
{
    const struct fixed_field *f = field_of(r, id);
    const bool is_kanji = f->kind == FIXED_KANJI;
    const char *at = bytes + f->at;
    struct text code, out;
    int rc = OK;

    text_init(&code, TEXT_LONGEST);
    text_init(&out, TEXT_LONGEST);
    for (size_t i = 0; is_kanji && i < f->n && rc >= 0; i += 2)
        rc =
            add_pair(&code, at + i) ? OK : refuse_field(cx, ERR_INVALID, "exchange.fixed.kanji", f);
    if (rc >= 0)
        rc = is_kanji ? decode(cx, text_str(&code), ENC_CP932, &out)
                      : decode(cx, (struct str){at, f->n}, ENC_JISX0201, &out);
    *utf8 = rc < 0 ? STR_NONE : str_copy(cx->arena, str_trim(text_str(&out)));
    text_release(&code);
    text_release(&out);
    return rc < 0 ? rc : utf8->p ? OK : fail(cx, ERR_MEMORY, "base.memory", NULL);
}

/* --- checking -----------------------------------------------------------------------------------
 */

static const char *digits_wrong(const struct fixed_field *f, const char *at)
{
    for (size_t i = 0; i < f->n; i++) {
        if (at[i] < '0' || at[i] > '9')
            return "exchange.fixed.digits";
    }
    return f->value.n == f->n && memcmp(f->value.p, at, f->n) != 0 ? "exchange.fixed.constant"
                                                                   : NULL;
}

static const char *pairs_wrong(const struct fixed_field *f, const char *at)
{
    for (size_t i = 0; i < f->n; i += 2) {
        const int row = (unsigned char)at[i], cell = (unsigned char)at[i + 1];
        if (row < 0x21 || row > 0x7E || cell < 0x21 || cell > 0x7E)
            return "exchange.fixed.kanji";
    }
    return NULL;
}

static const char *half_wrong(const struct fixed_field *f, const char *at)
{
    for (size_t i = 0; i < f->n; i++) {
        const int c = (unsigned char)at[i];
        if (c < 0x20 || c == 0x7F || (c > 0x7F && c < 0xA1) || c > 0xDF)
            return "exchange.fixed.half";
    }
    return NULL;
}

static const char *field_wrong(const struct fixed_field *f, const char *at)
{
    char shift[8];

    switch (f->kind) {
    case FIXED_DIGITS:
        return digits_wrong(f, at);
    case FIXED_KANJI:
        return pairs_wrong(f, at);
    case FIXED_HALF:
        return half_wrong(f, at);
    case FIXED_SHIFT:
        put_initial(f, shift);
        return f->n > sizeof shift || memcmp(shift, at, f->n) != 0 ? "exchange.fixed.shift" : NULL;
    case FIXED_UNSET:
        break;
    }
    return NULL;
}

int fixed_wrong(struct context *cx, const struct fixed_record *r, const char *bytes, size_t from,
                const char **reason)
{
    (void)cx;
    for (size_t i = from; i < r->n; i++) {
        *reason = field_wrong(&r->fields[i], bytes + r->fields[i].at);
        if (*reason)
            return (int)i;
    }
    *reason = NULL;
    return -1;
}
