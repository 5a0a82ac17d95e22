/*
 * office: who works here and what they may do: settings, users, rights, branches, terminals,
 * sessions, audit, approvals, jobs, calendar, adopted texts, the My Number vault.
 *
 * Invariants
 * - No audit line, no action: the line is durable in the audit store before a page is sent or a
 *   change commits; an outcome line follows.
 * - A right is a bit; it is compiled at sign-in and checked again at every request.
 * - The one who approves is not the one who entered.
 * - My Number leaves the vault only through vault_reveal, which asks for a reason.
 */
#ifndef OFFICE_OFFICE_H
#define OFFICE_OFFICE_H

#include "page/page.h"
#include "store/store.h"

/* --- rights ------------------------------------------------------------------------------- */

#define RIGHT_PUBLIC (UINT64_C(1) << 63) /* the sign-in page and nothing else; 0 is forgotten */
enum right_bit {
    RIGHT_SIGNED_IN = 0,  /* every signed-in user */
    RIGHT_PARTY_VIEW = 1, /* 宛名照会 */
    RIGHT_PARTY_EDIT = 2,
    RIGHT_ELIGIBILITY_VIEW = 3,
    RIGHT_ELIGIBILITY_EDIT = 4,
    RIGHT_LEVY_VIEW = 5,
    RIGHT_LEVY_EDIT = 6,
    RIGHT_LEVY_CONFIRM = 7, /* a chief confirms a draft */
    RIGHT_COLLECTION_VIEW = 8,
    RIGHT_COLLECTION_EDIT = 9,
    RIGHT_PRINT = 10,      /* notices and slips */
    RIGHT_LIST = 11,       /* lists of persons */
    RIGHT_STATISTICS = 12, /* lists without persons */
    RIGHT_JOB_VIEW = 13,
    RIGHT_JOB_RUN = 14,
    RIGHT_SIMULATE = 15, /* what-if of made-up households */
    RIGHT_AUDIT_VIEW = 16,
    RIGHT_USER_VIEW = 17,
    RIGHT_USER_ADMIN = 18,
    RIGHT_SETTING_ADMIN = 19,
    RIGHT_RULE_VIEW = 20,
    RIGHT_RULE_ADOPT = 21,
    RIGHT_MYNUMBER = 22,
    RIGHT_CHECK = 23, /* second person check of entries */
    RIGHT_IMPORT = 24,
    RIGHT_LINK_VIEW = 25,        /* the register of links and what went over them */
    RIGHT_LINK_EDIT = 26,        /* registers links, applies for data, hands over media */
    RIGHT_LINK_INQUIRY = 27,     /* asks for items of a person through a link */
    RIGHT_DISCLOSURE = 28,       /* 開示・訂正・利用停止, reception slips */
    RIGHT_CERTIFICATE_VIEW = 29, /* 証の照会 */
    RIGHT_CERTIFICATE_EDIT = 30, /* 証の交付・回収 */
    RIGHT_SPECIAL_EDIT = 31,     /* 短期証・資格証明書・特別療養の管理 */
    RIGHT_CONTACT = 32,          /* telephone numbers and the like of people */
    RIGHT_OTHER = 33,            /* what other businesses have told the city (他業務の情報) */
    RIGHT_KEYING = 34,           /* paper keyed by two people, and nothing of whose it is */
    RIGHT_BENEFIT_VIEW = 35,     /* 給付の照会 */
    RIGHT_BITS = 36
};
#define RIGHT(bit) (UINT64_C(1) << (bit))

const char *
right_name(enum right_bit bit); /* "levy.confirm"; message id "office.right.levy.confirm" */

enum role { ROLE_CLERK, ROLE_CHIEF, ROLE_OPERATOR, ROLE_AUDITOR, ROLE_ADMINISTRATOR, ROLE_KEYER };
#define ROLES 6
uint64_t role_rights(enum role role);
const char *role_name(enum role role); /* "clerk"; message id "office.role.clerk" */
bool role_parse(struct str s, enum role *out);

/* --- the unit of work --------------------------------------------------------------------- */

struct actor {
    int64_t user_id;      /* 0: the system itself (jobs without a person, demo) */
    struct str user_name; /* sign-in name */
    struct str full_name;
    struct str branch;
    struct str terminal; /* enrolled name, or "console" */
    struct str section;  /* of the terminal: empty for our own, else whose business it serves */
    uint64_t rights;
    enum role role;
};

struct audit; /* the audit store, open for appending by this process */
struct job;   /* job.h */
struct job_kind;
struct office;  /* per process: settings, keys, connections, the city's directory */
struct session; /* below; NULL in a work of the console or of a job */

/* Passed first to every desk function. */
struct work {
    struct context cx;
    struct store *store;
    struct audit *audit;
    struct office *office;
    const struct actor *actor;
    const struct session *session;
    struct asof asof;   /* what queries look at; default today, as known now */
    struct ymd today;   /* Japan; set by the clock, by `--as-of` in jobs */
    const char *screen; /* route's screen name, or the command */
    int64_t job_id;     /* 0: none */
    unsigned looks;     /* audit lines written in this work */
    int64_t audit_last; /* the newest of them, for the outcome */
};
bool work_may(const struct work *w, enum right_bit bit);
/* ERR_DENIED with the missing right's name. */
int work_need(struct work *w, enum right_bit bit) WARN_UNUSED;
/* A refused event sequence: ERR_STALE, saying who changed what since `read_at`. */
int work_unchanged(struct work *w, int64_t household_id, int64_t read_at) WARN_UNUSED;
/* Fills kind-independent parts of an event from the work and the municipality's settings:
 * effective and received today, route "counter" ("job" in a job), entered by the actor, status
 * CHECKED (see work_enter for entries that wait for a second person). */
struct event work_event(const struct work *w, const char *kind);

/* --- settings, adopted texts -------------------------------------------------------------- */

/* Municipality settings: key -> value with type, default and explanation from desk tables. */
struct setting {
    const char *key;     /* "levy.kind" */
    const char *initial; /* value when none is stored */
    const char *about;   /* message id */
};
struct str setting_get(struct work *w, const char *key); /* never NULL: initial at least */
int setting_set(struct work *w, const char *key, struct str value, struct str reason) WARN_UNUSED;

/* Rule files and form layouts in force, by kind ("rules", "form") and name, with their hash. */
struct adopted {
    struct str name;
    struct str body;
    struct digest hash;
    int64_t event_no;
};
struct adopted_list {
    struct adopted *rows;
    size_t n;
};
int office_adopt(struct work *w, struct str kind, struct str name, struct str body,
                 struct str reason) WARN_UNUSED;
/* What is in force at w->asof.known. */
int office_adopted(struct work *w, struct str kind, struct adopted_list *out) WARN_UNUSED;
/* The same with empty bodies, for those who keep what they have read. */
int office_adopted_names(struct work *w, struct str kind, struct adopted_list *out) WARN_UNUSED;
int office_adopted_by_hash(struct work *w, struct str kind, const struct digest *hash,
                           struct adopted *out) WARN_UNUSED; /* 1 found, 0 not */

/* --- My Number vault ---------------------------------------------------------------------- */

int vault_put(struct work *w, int64_t person_id, struct str number, struct str reason) WARN_UNUSED;
/* Checks the declared number against the stored one without showing either: 1 same, 0 not. */
/* Many under one event of the caller (imports). */
struct vault_item {
    int64_t person_id;
    struct str number;
};
int vault_put_many(struct work *w, int64_t event_no, const struct vault_item *items,
                   size_t n) WARN_UNUSED;
int vault_matches(struct work *w, int64_t person_id, struct str number) WARN_UNUSED;
/* Linkage only, never a clerk's search: 1 and the person who holds the number, 0 nobody. */
int vault_holder(struct work *w, struct str number, struct str purpose,
                 int64_t *person_id) WARN_UNUSED;
/* In guarded memory, good until the next reveal or the end of the work. Needs RIGHT_MYNUMBER. */
int vault_reveal(struct work *w, int64_t person_id, struct str reason, struct str *out) WARN_UNUSED;

/* --- one process of the server ------------------------------------------------------------ */

/* One per process after the fork; opens the audit store; the connections open lazily. When the
 * audit store cannot be opened this still succeeds and every audit_write fails: no line, no act. */
int office_open(struct context *cx, const char *city_path, struct office **out) WARN_UNUSED;
void office_close(struct office *o);
struct str office_city_name(struct office *o); /* as of the last request or work */
struct str office_city_code(struct office *o); /* 6 digits; the first two are the prefecture's */
const char *office_city_path(const struct office *o);
bool office_is_demo(struct office *o);
/* The day that counts as today: a practice city stands still on the day its cases were made for. */
struct ymd office_today(struct office *o, struct env *env);

/* write false: the read-only connection, inside a read transaction; true: STORE_WRITE.
 * s NULL: a public page without visitor. The work's context is a copy of cx. */
int office_work_begin(struct context *cx, struct office *o, const struct session *s,
                      const char *screen, bool write, struct work *out) WARN_UNUSED;
void office_work_end(struct work *w); /* rolls back what is open */
/* At the start of a request that only looks: its audit lines are brought to the disk beside the
 * work. office_settled must return OK before a byte of the page is sent. */
void office_looks(struct office *o, bool only_looks);
int office_settled(struct context *cx, struct office *o) WARN_UNUSED;

/* Fonts and caches of printing, opened once for the process and kept. */
struct paper;
int office_paper(struct work *w, struct paper **out) WARN_UNUSED;
/* Before the first request: opens what outlives requests (fonts, the desks' warm functions), so
 * that nobody waits for it. What fails here fails again, with its error, where it is needed. */
void office_warm(struct context *cx, struct office *o);

/* Takes one queued job and runs it to its end: 1 ran one, 0 nothing queued. */
int office_job_next(struct context *cx, struct office *o) WARN_UNUSED;
void office_job_stop(void); /* signal-safe: the running job stops at its next checkpoint */

/* --- a work of the console ---------------------------------------------------------------- */

/* Commands, tests: opens store, audit and office of a city's directory; the actor is the system
 * with every right, terminal "console". */
int work_open(struct work *w, struct context *cx, const char *city_path,
              enum store_mode mode) WARN_UNUSED;
void work_close(struct work *w); /* what work_open opened */

/* --- entered, then checked ---------------------------------------------------------------- */

/* A kind of entry whose effect may wait for a second person. The payload is the desk's own text
 * (what the form held); apply opens the facts under e->no, inside the transaction. */
struct entry_kind {
    const char *kind;  /* event kind "party.address" */
    const char *label; /* message id */
    bool check;        /* initial value of the setting "check.KIND" */
    uint64_t right;    /* of the one who enters */
    int (*apply)(struct work *w, const struct event *e, struct str payload);
};
/* 0: applied at once (e->no set, status CHECKED); 1: waits for a second person (e->no is the
 * entry's number, status ENTERED, nothing else has changed). */
int work_enter(struct work *w, struct event *e, struct str payload) WARN_UNUSED;
/* The second person's word on entry event_no: opens a CHECKED (facts hang on it) or REJECTED
 * event. ERR_DENIED for the one who entered; ERR_STALE when settled before or when the household
 * was changed since. */
int office_check(struct work *w, int64_t event_no, bool ok, struct str reason) WARN_UNUSED;

/* --- a city's directory ------------------------------------------------------------------- */

/* URL of "store" (city.db, or the line in the file CITY/store) or "audit" (audit.db, CITY/audit);
 * in cx->arena. */
int city_url(struct context *cx, const char *city_path, const char *which,
             struct str *out) WARN_UNUSED;
struct city_new {
    const char *path;
    struct str name;      /* 保険市 */
    struct str code;      /* 6 digits */
    struct str store_url; /* STR_NONE: CITY/city.db */
    struct str audit_url;
    bool demo;           /* the demo mark: cannot be put on later */
    struct ymd demo_day; /* with it: the day the city stands still on; none or {0}: it does not */
};
/* Directory (0700), both stores with all registered schemas, vault key, first settings. */
int city_create(struct context *cx, const struct city_new *c) WARN_UNUSED;

/* --- desks -------------------------------------------------------------------------------- */

struct command;      /* cli.h */
struct decided_list; /* decided.h */

/* A comparison of two groups of information, made every month. `name` is a statement of the desk's
 * schema that gives person_id, household_id (0: none), subject (the number people use) and facts.
 * Its inputs are filled by their names: an as-of pair; day; soon: thirty days on; ago_N: N days
 * before; born_N: who was born before it has had his Nth birthday; reached_N: has reached the age,
 * on the day before; year, year_from, year_to: the fiscal year; levy_day: 1 January of it;
 * income_year: the calendar year before. */
struct consistency_check {
    const char *name;  /* "check_two_periods" */
    const char *label; /* message id; its advice says what to do */
    const char *pair;  /* message id: which groups are compared, for which purpose */
};

/* What a desk is made of; everything else is derived from these tables (desk.c). */
struct desk {
    const char *name;  /* "levy" */
    const char *label; /* message id: 賦課 */
    const struct route *routes;
    size_t n_routes;
    const struct menu_item *menu;
    size_t n_menu;
    const struct job_kind *jobs;
    size_t n_jobs;
    const struct setting *settings;
    size_t n_settings;
    /* Why a value of one of them may not stand (message id); NULL: it may. May be NULL. */
    const char *(*setting_problem)(const char *key, struct str value);
    const struct entry_kind *entries;
    size_t n_entries;
    const struct store_schema *schema; /* with the lists of the folder; may be NULL */
    void (*start)(void); /* registers store checks and verify functions; may be NULL */
    /* Fills the caches of a process that answers pages (rules in force). May be NULL. */
    int (*warm)(struct work *w);
    /* A person by the number people use (宛名番号): 1 and the id, 0 unknown. May be NULL. */
    int (*person_of_no)(struct work *w, struct str person_no, int64_t *person_id);
    /* The desk's part of everybody's first page, by the rights of the work. May be NULL. */
    int (*home)(struct work *w, struct html *out);
    /* What the desk decided about a person, appended to the register (decided.h). May be NULL. */
    int (*decided)(struct work *w, int64_t person_id, struct decided_list *out);
    /* An event of another desk; called inside the transaction that opened it. May be NULL. */
    int (*on_event)(struct work *w, const struct event *e);
    /* Takes out of a waiting entry's text what nobody may see (places of the protected), before
     * it is shown to the second person. Every desk is asked. May be NULL. */
    int (*entry_shown)(struct work *w, const struct event *e, struct str *payload);
    const struct consistency_check *checks;
    size_t n_checks;
    /* Does anything of the desk hang on the person? 1 and why (message id), 0 no. May be NULL. */
    int (*refers_to)(struct work *w, int64_t person_id, const char **why);
};
/* Once at start, before any store is opened: hands schemas to the store, calls start functions. */
void office_desks_set(const struct desk *const *desks, size_t n);
const struct desk *const *office_desks(size_t *n);
/* Opens the event and tells the desks that subscribe: for events that carry no rows. */
int work_event_open(struct work *w, struct event *e) WARN_UNUSED;
/* Tells them after the opener has written its rows, inside the same transaction. */
int work_event_tell(struct work *w, const struct event *e) WARN_UNUSED;

/* office's own pages (sign-in, jobs, audit, users, settings), jobs, lists and schema. */
extern const struct desk office_desk;

#include "office/audit.h"
#include "office/decided.h"
#include "office/intake.h"
#include "office/job.h"
#include "office/people.h"

#endif
