/* doctor: what this machine and this city have, and what is missing; --map prints the data map. */
#include "cli/city_store.h"
#include "office/office.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

enum { MAP, N_OPTIONS };
static const struct option_spec specs[N_OPTIONS] = {{"map", false}};

enum { FREE_GB_WANTED = 2 };

struct doctor {
    struct context *cx;
    const char *city;
    bool json;
    int findings;
};

static void tell(struct doctor *d, bool good, const char *id, const char *facts)
{
    d->findings += !good;
    if (d->json) {
        printf("{\"check\":\"%s\",\"ok\":%s,\"facts\":", id, good ? "true" : "false");
        print_json_text(str_of(facts));
        printf("}\n");
        return;
    }
    const struct message *m = message_find(id);
    printf("%s  %s  %s\n", sentence(good ? "cli.doctor.good" : "cli.doctor.bad"), m ? m->text : id,
           facts);
    if (!good && m && m->advice)
        printf("      %s\n", m->advice);
}

static void look_at_folder(struct doctor *d)
{
    struct stat s;
    struct statvfs v;
    char facts[64] = "";
    bool there = stat(d->city, &s) == 0 && S_ISDIR(s.st_mode);
    tell(d, there, "cli.doctor.folder", d->city);
    if (!there)
        return;
    snprintf(facts, sizeof facts, "%04o", (unsigned)(s.st_mode & 07777));
    tell(d, (s.st_mode & 077) == 0, "cli.doctor.rights", facts);
    if (statvfs(d->city, &v) == 0) {
        uint64_t gb = (uint64_t)v.f_bavail * v.f_frsize >> 30;
        snprintf(facts, sizeof facts, "%llu GB", (unsigned long long)gb);
        tell(d, gb >= FREE_GB_WANTED, "cli.doctor.space", facts);
    }
}

static void look_at_key(struct doctor *d)
{
    struct stat s;
    struct str path = str_format(d->cx->arena, "%s/vault.key", d->city);
    bool there = path.p && stat(path.p, &s) == 0;
    tell(d, there && (s.st_mode & 077) == 0, "cli.doctor.key", there ? "" : "vault.key");
}

static void look_at_store(struct doctor *d, const char *which)
{
    struct store *st = NULL;
    int64_t link = 0;
    struct digest head;
    char facts[1100];
    int rc = city_store_open(d->cx, d->city, which, STORE_READ, &st);
    if (rc >= 0)
        rc = store_chain_head(d->cx, st, &link, &head);
    if (rc >= 0)
        snprintf(facts, sizeof facts, "%s %s link=%lld", which,
                 store_engine(st) == STORE_SQLITE ? "sqlite" : "postgres", (long long)link);
    else
        snprintf(facts, sizeof facts, "%s: %s %s", which, sentence(d->cx->error.message),
                 d->cx->error.detail);
    tell(d, rc >= 0, "cli.doctor.store", facts);
    error_clear(d->cx);
    store_close(st);
}

/* Statements that do not prepare are a fault of the program or of the database's version. */
static void look_at_statements(struct doctor *d)
{
    struct store *st = NULL;
    char facts[1100];
    int rc = city_store_open(d->cx, d->city, "store", STORE_READ, &st);
    if (rc >= 0)
        rc = store_check_statements(d->cx, st);
    if (rc >= 0)
        snprintf(facts, sizeof facts, "%d", rc);
    else
        snprintf(facts, sizeof facts, "%s %s", d->cx->error.doing, d->cx->error.detail);
    tell(d, rc >= 0, "cli.doctor.statements", facts);
    error_clear(d->cx);
    store_close(st);
}

static void look_at_clock(struct doctor *d)
{
    char day[11];
    struct ymd today = env_today(d->cx->env);
    ymd_format(today, day);
    tell(d, ymd_compare(today, ymd_of(2026, 1, 1)) >= 0, "cli.doctor.clock", day);
    ymd_format(holidays_known_until(), day);
    tell(d, ymd_compare(holidays_known_until(), ymd_add(today, 365)) > 0, "cli.doctor.holidays",
         day);
}

/* A city that trains has no offices that send files. */
static void tell_duties(struct doctor *d, struct work *w)
{
    struct late_duty *rows = NULL;
    size_t n = 0;
    const int rc = office_is_demo(w->office) ? OK : job_late_duties(w, &rows, &n);

    for (size_t i = 0; rc >= 0 && i < n; i++) {
        char facts[400], due[11];
        struct text last;
        ymd_format(rows[i].due, due);
        text_init(&last, 64);
        if (rows[i].last_us > 0)
            (void)text_add_time(&last, rows[i].last_us);
        snprintf(facts, sizeof facts, STR_FMT " (" STR_FMT ") %s / %.*s", STR_ARG(rows[i].label),
                 STR_ARG(rows[i].job), due, STR_ARG(last.n ? text_str(&last) : STR("-")));
        text_release(&last);
        tell(d, false, "cli.doctor.late", facts);
    }
    if (rc < 0)
        tell(d, false, "cli.doctor.late", w->cx.error.message);
}

static void look_at_duties(struct doctor *d)
{
    struct work w;

    if (work_open(&w, d->cx, d->city, STORE_READ) < 0) { /* told by the other checks */
        error_clear(d->cx);
        return;
    }
    tell_duties(d, &w);
    work_close(&w);
}

/* --- the data map ---------------------------------------------------------------------------- */

struct map {
    const struct store_table *table;
    bool json;
};

static int print_column(void *arg, const struct store_table *t, const struct store_column *c)
{
    struct map *m = arg;
    if (m->json) {
        printf("{\"table\":\"%s\",\"column\":\"%s\",\"label\":\"%s\",\"file\":\"%s\","
               "\"group\":\"%s\",\"keep\":\"%s\",\"mask\":\"%s\",\"disclose\":\"%s\"}\n",
               t->name, c->name, c->label, c->file, c->group, c->keep, c->mask, c->disclose);
        return OK;
    }
    if (m->table != t)
        printf("%s\t%s\n", t->name, t->about);
    m->table = t;
    printf("\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", c->name, c->label, c->file, c->group, c->keep, c->mask,
           c->disclose);
    return OK;
}

static int print_map(struct context *cx, const char *city, bool json)
{
    static const char *const both[] = {"store", "audit"};
    int rc = OK;
    for (size_t i = 0; rc >= 0 && i < 2; i++) {
        struct store *st = NULL;
        struct map m = {NULL, json};
        rc = city_store_open(cx, city, both[i], STORE_READ, &st);
        if (rc >= 0)
            rc = store_each_column(cx, st, print_column, &m);
        store_close(st);
    }
    return rc < 0 ? report_error(cx) : EXIT_OK;
}

int cmd_doctor(struct context *cx, int argc, char **argv)
{
    struct options o;
    if (options_read(cx, argc, argv, specs, N_OPTIONS, &o) < 0)
        return EXIT_USAGE;
    if (o.n_words > 0)
        return command_help("doctor", false);
    struct doctor d = {.cx = cx, .city = options_city(cx, &o), .json = o.json};
    if (o.value[MAP].p)
        return print_map(cx, d.city, o.json);
    look_at_clock(&d);
    look_at_folder(&d);
    look_at_key(&d);
    look_at_store(&d, "store");
    look_at_store(&d, "audit");
    look_at_statements(&d);
    look_at_duties(&d);
    return d.findings > 0 ? EXIT_FINDINGS : EXIT_OK;
}
