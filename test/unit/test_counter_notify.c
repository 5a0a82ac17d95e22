/* A notice at the counter: previewed, entered, its documents issued and handed over. */
#include "levy_town.h"

#include "desk/counter/counter.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const struct frame frame = {.city = {"", 0},
                                   .user = {"", 0},
                                   .role = {"", 0},
                                   .branch = {"", 0},
                                   .terminal = {"", 0},
                                   .csrf = {"", 0},
                                   .once = {"", 0},
                                   .today = {"", 0},
                                   .path = {"/", 1},
                                   .notice = {"", 0},
                                   .version = {"", 0},
                                   .reference = {"", 0},
                                   .search = {"", 0}};

static const struct route *route_of(const char *pattern, enum method method)
{
    static const struct desk *const desks[] = {&counter_desk, &eligibility_desk};
    for (size_t d = 0; d < sizeof desks / sizeof *desks; d++) {
        for (size_t i = 0; i < desks[d]->n_routes; i++) {
            const struct route *r = &desks[d]->routes[i];
            if (strcmp(r->pattern, pattern) == 0 && r->method == method) {
                return r;
            }
        }
    }
    fail_msg("no route %s", pattern);
    return NULL;
}

struct visit {
    struct town *t;
    struct request rq;
    struct reply rp;
};

static void visit_init(struct visit *v, struct town *t)
{
    memset(v, 0, sizeof *v);
    v->t = t;
    html_init(&v->rp.body);
}

/* The reply's code; the page's text lies in v->rp.body until the next call. */
static int call(struct visit *v, const char *pattern, enum method method)
{
    html_release(&v->rp.body);
    memset(&v->rp, 0, sizeof v->rp);
    html_init(&v->rp.body);
    v->rq.frame = &frame;
    v->rq.arena = v->t->w.cx.arena;
    v->rq.method = method;
    return route_of(pattern, method)->handler(&v->t->w, &v->rq, &v->rp);
}

static struct str page_of(const struct visit *v)
{
    return str_copy(v->t->w.cx.arena, text_str(&v->rp.body.text));
}

static bool has(struct str page, const char *words)
{
    return memmem(page.p, page.n, words, strlen(words)) != NULL;
}

/* --- the form of a page, as a browser would send it ---------------------------------------------
 */

static struct str attribute(struct arena *a, const char *tag, const char *end, const char *name)
{
    char wanted[32];
    snprintf(wanted, sizeof wanted, " %s=\"", name);
    const char *at = memmem(tag, (size_t)(end - tag), wanted, strlen(wanted));
    if (!at) {
        return STR_NONE;
    }
    at += strlen(wanted);
    const char *stop = memchr(at, '"', (size_t)(end - at));
    return str_copy(a, (struct str){at, (size_t)(stop - at)});
}

static void put(struct visit *v, struct str name, struct str value)
{
    for (size_t i = 0; i < v->rq.n_form; i++) {
        if (str_equal(v->rq.form[i].name, name)) {
            v->rq.form[i].value = value;
            return;
        }
    }
    assert_true(v->rq.n_form < FORM_MAX);
    v->rq.form[v->rq.n_form++] = (struct pair){name, value};
}

static void set(struct visit *v, const char *name, const char *value)
{
    put(v, str_of(name), str_of(value));
}

static void drop(struct visit *v, const char *name)
{
    for (size_t i = 0; i < v->rq.n_form; i++) {
        if (str_is(v->rq.form[i].name, name)) {
            v->rq.form[i] = v->rq.form[--v->rq.n_form];
            return;
        }
    }
}

static void take_input(struct visit *v, const char *tag, const char *end)
{
    struct arena *a = v->t->w.cx.arena;
    struct str type = attribute(a, tag, end, "type");
    struct str name = attribute(a, tag, end, "name");
    bool ticks = str_is(type, "checkbox") || str_is(type, "radio");
    bool is_ticked = memmem(tag, (size_t)(end - tag), " checked", 8) != NULL;
    if (name.p && (!ticks || is_ticked) && !str_is(name, "q")) {
        put(v, name, attribute(a, tag, end, "value"));
    }
}

static void take_select(struct visit *v, const char *tag, const char *end)
{
    struct arena *a = v->t->w.cx.arena;
    struct str name = attribute(a, tag, strchr(tag, '>'), "name");
    struct str value = STR("");
    for (const char *o = strstr(tag, "<option"); o && o < end; o = strstr(o + 1, "<option")) {
        const char *stop = strchr(o, '>');
        if (memmem(o, (size_t)(stop - o), " selected", 9)) {
            value = attribute(a, o, stop, "value");
        }
    }
    put(v, name, value);
}

/* Every field of the post form for `action` as it stands on the page. */
static void take_form(struct visit *v, struct str page, const char *action)
{
    char *text = arena_alloc(v->t->w.cx.arena, page.n + 1);
    memcpy(text, page.p, page.n);
    text[page.n] = '\0';
    char wanted[128];
    snprintf(wanted, sizeof wanted, "method=\"post\" action=\"%s", action);
    char *form = strstr(text, wanted);
    if (!form) {
        fail_msg("no form %s", action);
        return;
    }
    char *end = strstr(form, "</form>");
    *end = '\0';
    v->rq.n_form = 0;
    for (const char *p = strchr(form, '<'); p; p = strchr(p + 1, '<')) {
        if (strncmp(p, "<input", 6) == 0) {
            take_input(v, p, strchr(p, '>'));
        } else if (strncmp(p, "<select", 7) == 0) {
            take_select(v, p, strstr(p, "</select>"));
        }
    }
}

/* --- the town
 * ------------------------------------------------------------------------------------- */

static void fill(struct town *t)
{
    levy_town_fill(t, 400, 17);
    TOWN_OK(t, demo_pending(&t->w, ymd_of(2026, 6, 10)));
}

/* The first open case of a kind whose cause lies on or after a day. */
static struct pending case_of(struct town *t, enum pending_kind kind, struct ymd since)
{
    struct pendings list;
    struct pending_query q = {.kind = (int)kind, .open_only = true, .limit = 50};
    TOWN_OK(t, pending_find(&t->w, &q, &list));
    for (size_t i = 0; i < list.n; i++) {
        if (ymd_compare(list.rows[i].cause, since) >= 0) {
            return list.rows[i];
        }
    }
    fail_msg("no case of kind %d", (int)kind);
    return (struct pending){.kind = kind};
}

static struct str no_of(struct town *t, int64_t household_id)
{
    struct str no;
    TOWN_OK(t, levy_household_nos(&t->w, &household_id, 1, &no));
    return no;
}

static void open_notice(struct visit *v, const struct pending *p)
{
    struct town *t = v->t;
    v->rq.part[0] = no_of(t, p->household_id);
    v->rq.query[0] =
        (struct pair){STR("pending"), str_format(t->w.cx.arena, "%lld", (long long)p->pending_id)};
    v->rq.n_query = 1;
    TOWN_OK(t, call(v, "/counter/notify/{}", METHOD_GET));
    take_form(v, page_of(v), "/counter/notify/");
}

static int send(struct visit *v)
{
    return call(v, "/counter/notify/{}", METHOD_POST);
}

static void preview(struct visit *v)
{
    TOWN_OK(v->t, send(v));
    assert_int_equal(v->rp.status, 0);
    assert_true(has(page_of(v), "id=\"preview\""));
    take_form(v, page_of(v), "/counter/notify/");
}

static int64_t enter(struct visit *v)
{
    TOWN_OK(v->t, send(v));
    assert_true(v->rp.location.p != NULL);
    char *last = strrchr(v->rp.location.p, '/');
    return strtoll(last + 1, NULL, 10);
}

static struct digest digest_of(struct town *t)
{
    struct digest d;
    TOWN_OK(t, store_state_digest(&t->w.cx, t->w.store, &d));
    return d;
}

/* --- paper read back
 * ---------------------------------------------------------------------------------- */

static int spawned(char *const argv[])
{
    pid_t pid;
    int status = -1;
    if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) != 0 ||
        waitpid(pid, &status, 0) < 0 || !WIFEXITED(status)) {
        return -1;
    }
    return WEXITSTATUS(status);
}

/* What a PDF says, read by a program that is not ours. */
static struct str text_of_pdf(struct town *t, struct str pdf)
{
    char folder[] = "/tmp/hokenka-notify-XXXXXX";
    char from[64], to[64];
    struct text said;
    assert_non_null(mkdtemp(folder));
    snprintf(from, sizeof from, "%s/a.pdf", folder);
    snprintf(to, sizeof to, "%s/a.txt", folder);
    TOWN_OK(t, file_write(&t->w.cx, from, pdf));
    int code = spawned((char *[]){(char *)"pdftotext", (char *)"-layout", from, to, NULL});
    text_init(&said, 1 << 20);
    if (code == 0) {
        TOWN_OK(t, file_read(&t->w.cx, to, 1 << 20, &said));
    }
    struct str copy = str_copy(t->w.cx.arena, text_str(&said));
    text_release(&said);
    unlink(from);
    unlink(to);
    rmdir(folder);
    if (code < 0 || code == 127) {
        print_message("# SKIP the document is read back: pdftotext is not installed\n");
        skip();
    }
    assert_int_equal(code, 0);
    return copy;
}

/* The page after the notice links the document; it prints what was issued. */
static void read_document(struct visit *v, const struct held *h)
{
    char link[96];
    struct str event_no = v->rq.part[1];
    struct str household_no = v->rq.part[0];
    snprintf(link, sizeof link, "/certificate/%.*s/pdf", (int)h->serial.n, h->serial.p);
    assert_true(has(page_of(v), link));
    v->rq.part[0] = h->serial;
    TOWN_OK(v->t, call(v, "/certificate/{}/pdf", METHOD_GET));
    assert_string_equal(v->rp.type, "application/pdf");
    struct str said = text_of_pdf(v->t, v->rp.bytes);
    assert_true(memmem(said.p, said.n, h->serial.p, h->serial.n) != NULL);
    assert_true(memmem(said.p, said.n, h->face_name.p, h->face_name.n) != NULL);
    assert_true(memmem(said.p, said.n, h->number.p, h->number.n) != NULL);
    v->rq.part[0] = household_no;
    v->rq.part[1] = event_no;
}

/* --- tests
 * ------------------------------------------------------------------------------------------ */

static void test_preview(void **state)
{
    struct town *t = *state;
    struct visit v;
    struct levy_debts debts;
    struct text amount;
    int64_t last = 0, after = 0;
    fill(t);
    visit_init(&v, t);
    struct pending p = case_of(t, PENDING_MOVE_IN, ymd_of(2026, 6, 1));
    open_notice(&v, &p);
    set(&v, "identity", "1");
    struct digest before = digest_of(t);
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &last));
    preview(&v);
    struct digest then = digest_of(t);
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &after));
    assert_true(digest_equal(&before, &then));
    assert_int_equal(last, after);
    struct str page = page_of(&v);
    (void)enter(&v);
    TOWN_OK(t, levy_assess_household(&t->w, p.household_id, 2026, &debts));
    assert_true(debts.total.n > 0);
    text_init(&amount, 64);
    text_add_yen(&amount, debts.total);
    assert_true(has(page, text_str(&amount).p)); /* what was said is what it is */
    text_release(&amount);
    html_release(&v.rp.body);
}

/* Three people from the case to documents in hand. */
static void test_whole(void **state)
{
    struct town *t = *state;
    struct visit v;
    struct helds helds;
    struct pendings open;
    fill(t);
    visit_init(&v, t);
    struct pending p = case_of(t, PENDING_MOVE_IN, ymd_of(2026, 6, 1));
    open_notice(&v, &p);
    set(&v, "identity", "1");
    struct digest before = digest_of(t);
    preview(&v);
    struct digest given_up = digest_of(t);
    assert_true(digest_equal(&before, &given_up)); /* closed here, nothing was done */
    open_notice(&v, &p);
    set(&v, "identity", "1");
    preview(&v);
    int64_t event_no = enter(&v);
    struct insured_periods periods;
    TOWN_OK(t, eligibility_periods(&t->w, p.person_id, &periods));
    assert_int_equal(periods.n, 1);
    assert_int_equal(periods.rows[0].valid.from.day, ymd_of(2026, 6, 7).day);
    assert_int_equal(periods.rows[0].acquired_by, ACQUIRED_MOVE_IN);
    struct pending_query q = {.household_id = p.household_id, .open_only = true, .limit = 9};
    TOWN_OK(t, pending_find(&t->w, &q, &open));
    assert_int_equal(open.n, 0);

    v.rq.n_query = v.rq.n_form = 0;
    v.rq.part[1] = str_format(t->w.cx.arena, "%lld", (long long)event_no);
    TOWN_OK(t, call(&v, "/counter/notify/{}/done/{}", METHOD_GET));
    take_form(&v, page_of(&v), "/counter/notify/");
    TOWN_OK(t, call(&v, "/counter/notify/{}/done/{}/papers", METHOD_POST));
    assert_true(v.rp.location.p != NULL);
    TOWN_OK(t, certificate_of_people(&t->w, &p.person_id, 1, &helds));
    assert_int_equal(helds.n, 1);
    assert_int_equal(helds.rows[0].state, CERTIFICATE_IN_FORCE);
    assert_int_equal(helds.rows[0].handed.n, 0);

    v.rq.n_form = 0;
    TOWN_OK(t, call(&v, "/counter/notify/{}/done/{}", METHOD_GET));
    read_document(&v, &helds.rows[0]);
    TOWN_OK(t, call(&v, "/counter/notify/{}/done/{}", METHOD_GET));
    char hand[96];
    snprintf(hand, sizeof hand, "/counter/notify/%.*s/done/%lld/hand", (int)v.rq.part[0].n,
             v.rq.part[0].p, (long long)event_no);
    take_form(&v, page_of(&v), hand);
    set(&v, "confirmed", "1");
    TOWN_OK(t, call(&v, "/counter/notify/{}/done/{}/hand", METHOD_POST));
    assert_true(v.rp.location.p != NULL);
    TOWN_OK(t, certificate_of_people(&t->w, &p.person_id, 1, &helds));
    assert_true(helds.rows[0].is_confirmed);
    assert_true(str_is(helds.rows[0].handed, "counter"));
    assert_true(helds.rows[0].handed_at > 0);
    html_release(&v.rp.body);
}

static size_t count_of(struct str page, const char *words)
{
    size_t n = 0;
    for (const char *p = page.p; p; n++) {
        p = memmem(p, (size_t)(page.p + page.n - p), words, strlen(words));
        if (!p) {
            break;
        }
        p++;
    }
    return n;
}

static struct str between(struct str page, const char *from, const char *to)
{
    const char *p = memmem(page.p, page.n, from, strlen(from));
    assert_non_null(p);
    const size_t left = page.n - (size_t)(p - page.p);
    const char *end = memmem(p, left, to, strlen(to));
    assert_non_null(end);
    return (struct str){p, (size_t)(end - p)};
}

/* Which documents come and go is said before the notice as it is done after it. */
static void said_and_done(struct town *t, enum pending_kind kind)
{
    struct visit v;
    visit_init(&v, t);
    struct pending p = case_of(t, kind, ymd_of(2026, 6, 1));
    open_notice(&v, &p);
    set(&v, "identity", "1");
    preview(&v);
    struct str page = page_of(&v);
    page = between(page, "id=\"preview\"", "</table>"); /* the people, not the money */
    const size_t due = count_of(page, "badge info\">"), back = count_of(page, "badge warn\">");
    int64_t event_no = enter(&v);
    v.rq.n_query = v.rq.n_form = 0;
    v.rq.part[1] = str_format(t->w.cx.arena, "%lld", (long long)event_no);
    TOWN_OK(t, call(&v, "/counter/notify/{}/done/{}", METHOD_GET));
    take_form(&v, page_of(&v), "/counter/notify/");
    size_t ticked = 0;
    for (size_t i = 0; i < v.rq.n_form; i++) {
        struct str name = v.rq.form[i].name;
        ticked += str_starts(name, STR("issue.")) && memmem(name.p, name.n, ".take", 5) != NULL;
    }
    print_message("# kind %d: %zu due, %zu back\n", (int)kind, due, back);
    assert_int_equal(ticked, due);
    if (due > 0) {
        TOWN_OK(t, call(&v, "/counter/notify/{}/done/{}/papers", METHOD_POST));
        assert_true(v.rp.location.p != NULL);
        v.rq.n_form = 0;
        TOWN_OK(t, call(&v, "/counter/notify/{}/done/{}", METHOD_GET));
    }
    assert_int_equal(count_of(page_of(&v), "name=\"back.") / 2, back); /* serial and tick */
    html_release(&v.rp.body);
}

static void test_said_and_done(void **state)
{
    struct town *t = *state;
    fill(t);
    said_and_done(t, PENDING_DEATH);
    said_and_done(t, PENDING_HOUSEHOLD);
    said_and_done(t, PENDING_BIRTH);
    said_and_done(t, PENDING_EMPLOYER_START);
}

static void refused(struct visit *v, const char *field)
{
    char wrong[64];
    TOWN_OK(v->t, send(v));
    assert_int_equal(v->rp.status, 422);
    snprintf(wrong, sizeof wrong, "id=\"wrong-notify-%s\"", field);
    if (!has(page_of(v), wrong)) {
        fail_msg("no problem at %s", field);
    }
}

static void test_identity(void **state)
{
    struct town *t = *state;
    struct visit v;
    fill(t);
    visit_init(&v, t);
    struct pending p = case_of(t, PENDING_MOVE_IN, ymd_of(2026, 6, 1));
    struct digest before = digest_of(t);
    open_notice(&v, &p);
    refused(&v, "identity");
    set(&v, "identity", "1");
    set(&v, "source", "proxy");
    refused(&v, "proxy_name");
    set(&v, "proxy_name", "x");
    refused(&v, "proxy_document");
    set(&v, "proxy_document", "y");
    preview(&v);
    struct digest after = digest_of(t);
    assert_true(digest_equal(&before, &after));
    html_release(&v.rp.body);
}

static void test_impossible(void **state)
{
    struct town *t = *state;
    struct visit v;
    fill(t);
    visit_init(&v, t);
    struct pending p = case_of(t, PENDING_EMPLOYER_START, ymd_of(2026, 1, 1));
    struct digest before = digest_of(t);
    open_notice(&v, &p);
    set(&v, "identity", "1");
    set(&v, "reason", "01"); /* lost by moving in */
    refused(&v, "reason");
    set(&v, "reason", "52");
    set(&v, "day", "S20.1.1"); /* lost before it was acquired */
    refused(&v, "day");
    set(&v, "day", "R8.2.30");
    refused(&v, "day");
    set(&v, "day", "R8.6.1");
    set(&v, "reason", "77"); /* no such code */
    refused(&v, "reason");
    struct digest after = digest_of(t);
    assert_true(digest_equal(&before, &after));
    html_release(&v.rp.body);
}

/* Somebody else changed the household while the clerk looked at the preview. */
static void test_overtaken(void **state)
{
    struct town *t = *state;
    struct visit v;
    fill(t);
    visit_init(&v, t);
    struct pending p = case_of(t, PENDING_EMPLOYER_START, ymd_of(2026, 1, 1));
    open_notice(&v, &p);
    set(&v, "identity", "3");
    preview(&v);
    struct event e = work_event(&t->w, "party.address");
    e.household_id = p.household_id;
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
    town_refused(t, send(&v), ERR_STALE, "office.stale");
    /* What is typed after the preview is previewed again, not entered. */
    open_notice(&v, &p);
    set(&v, "identity", "3");
    preview(&v);
    set(&v, "day", "R8.6.2");
    preview(&v);
    html_release(&v.rp.body);
}

static void test_second_person(void **state)
{
    struct town *t = *state;
    struct visit v;
    struct insured_periods periods;
    fill(t);
    TOWN_OK(t, setting_set(&t->w, "check.eligibility.notification", STR("1"), STR("test")));
    visit_init(&v, t);
    struct pending p = case_of(t, PENDING_BIRTH, ymd_of(2026, 1, 1));
    struct actor clerk = levy_town_actor(ROLE_CLERK, 11);
    struct actor chief = levy_town_actor(ROLE_CHIEF, 12);
    const struct actor *console = t->w.actor;
    t->w.actor = &clerk;
    open_notice(&v, &p);
    set(&v, "identity", "1");
    preview(&v);
    int64_t no = enter(&v);
    TOWN_OK(t, eligibility_periods(&t->w, p.person_id, &periods));
    assert_int_equal(periods.n, 0);
    clerk.rights |= RIGHT(RIGHT_CHECK);
    town_refused(t, office_check(&t->w, no, true, STR("")), ERR_DENIED, "office.check_same_person");
    t->w.actor = &chief;
    TOWN_OK(t, office_check(&t->w, no, true, STR("")));
    TOWN_OK(t, eligibility_periods(&t->w, p.person_id, &periods));
    assert_int_equal(periods.n, 1);
    struct event e;
    TOWN_OK(t, event_get(&t->w.cx, t->w.store, no, &e));
    assert_int_equal(e.entered_by, 11);
    int64_t word = 0;
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &word));
    TOWN_OK(t, event_get(&t->w.cx, t->w.store, word, &e));
    assert_int_equal(e.checked_by, 12);
    assert_int_equal(e.entered_by, 11);
    t->w.actor = console;
    html_release(&v.rp.body);
}

static void test_pending_list(void **state)
{
    struct town *t = *state;
    struct visit v;
    struct pending p;
    fill(t);
    visit_init(&v, t);
    TOWN_OK(t, call(&v, "/counter/pending", METHOD_GET));
    uint64_t statements = store_statements(t->w.store);
    TOWN_OK(t, call(&v, "/counter/pending", METHOD_GET));
    statements = store_statements(t->w.store) - statements;
    print_message("# pending list: %llu statements\n", (unsigned long long)statements);
    assert_true(statements <= 9);
    struct pending late = case_of(t, PENDING_MOVE_IN, ymd_of(2025, 1, 1)); /* months ago */
    struct pending young = case_of(t, PENDING_AGE_75, ymd_of(2026, 6, 11));
    char late_link[64], young_link[64];
    snprintf(late_link, sizeof late_link, "pending=%lld", (long long)late.pending_id);
    snprintf(young_link, sizeof young_link, "pending=%lld", (long long)young.pending_id);
    assert_true(has(page_of(&v), late_link) && has(page_of(&v), young_link));
    v.rq.query[0] = (struct pair){STR("late"), STR("1")};
    v.rq.n_query = 1;
    TOWN_OK(t, call(&v, "/counter/pending", METHOD_GET));
    assert_true(has(page_of(&v), late_link) && !has(page_of(&v), young_link));

    v.rq.n_query = 0;
    v.rq.part[0] = str_format(t->w.cx.arena, "%lld", (long long)young.pending_id);
    set(&v, "how", "none");
    TOWN_OK(t, call(&v, "/counter/pending/{}", METHOD_POST));
    assert_int_equal(v.rp.status, 422); /* without a reason */
    set(&v, "reason", "x");
    TOWN_OK(t, call(&v, "/counter/pending/{}", METHOD_POST));
    assert_true(v.rp.location.p != NULL);
    assert_int_equal(TOWN_OK(t, pending_by_id(&t->w, young.pending_id, &p)), 1);
    assert_int_equal(p.state, PENDING_NO_EFFECT);
    assert_true(str_is(p.reason, "x"));
    drop(&v, "how");
    html_release(&v.rp.body);
}

/* As known before the notice, the person was not insured; as known now he is. */
static void test_person(void **state)
{
    struct town *t = *state;
    struct visit v;
    struct person who;
    int64_t before = 0;
    fill(t);
    visit_init(&v, t);
    struct pending p = case_of(t, PENDING_MOVE_IN, ymd_of(2026, 6, 1));
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &before));
    open_notice(&v, &p);
    set(&v, "identity", "1");
    preview(&v);
    (void)enter(&v);
    TOWN_OK(t, party_person(&t->w, p.person_id, &who));
    v.rq.n_query = v.rq.n_form = 0;
    v.rq.part[0] = who.person_no;
    TOWN_OK(t, call(&v, "/party/person/{}", METHOD_GET));
    uint64_t statements = store_statements(t->w.store);
    TOWN_OK(t, call(&v, "/party/person/{}", METHOD_GET));
    statements = store_statements(t->w.store) - statements;
    print_message("# person page: %llu statements\n", (unsigned long long)statements);
    assert_true(statements <= 12);
    assert_true(has(page_of(&v), "class=\"span t3\""));
    v.rq.query[0] =
        (struct pair){STR("known"), str_format(t->w.cx.arena, "%lld", (long long)before)};
    v.rq.n_query = 1;
    TOWN_OK(t, call(&v, "/party/person/{}", METHOD_GET));
    assert_false(has(page_of(&v), "class=\"span t3\""));
    assert_true(has(page_of(&v), "class=\"span t1\""));
    t->w.asof.known = KNOWN_NOW;
    html_release(&v.rp.body);
}

int main(void)
{
    static const struct desk *const desks[] = {&office_desk, &party_desk,      &eligibility_desk,
                                               &levy_desk,   &collection_desk, &counter_desk};
    office_desks_set(desks, sizeof desks / sizeof *desks);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("a preview says the premium to the yen and leaves nothing", test_preview),
        TOWN_TESTS(
            "three people move in: given up it leaves nothing; else cover, printed documents, "
            "confirmed at the counter [NHI-ELG-012 NHI-CMN-017]",
            test_whole),
        TOWN_TESTS("the documents a preview announces are those that follow", test_said_and_done),
        TOWN_TESTS("nothing is taken in without identity, a proxy not without a mandate "
                   "[NHI-CMN-018]",
                   test_identity),
        TOWN_TESTS("impossible combinations are refused with the field named [NHI-CMN-012]",
                   test_impossible),
        TOWN_TESTS("a household that changed meanwhile is not overwritten", test_overtaken),
        TOWN_TESTS("a notice waits for another user where set [NHI-CMN-013]", test_second_person),
        TOWN_TESTS("the pending list: late ones alone, and closed with a reason",
                   test_pending_list),
        TOWN_TESTS("the person's timeline as known then and now [NHI-CMN-016]", test_person),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
