/* inner: what the files of this folder share and nobody else sees. */
#ifndef OFFICE_INNER_H
#define OFFICE_INNER_H

#include "office/office.h"

enum {
    MICRO = 1000000,
    MINUTE_US = 60 * MICRO,
    TOKEN_BYTES = 32,
    TOKEN_CHARS = 64, /* hex */
    PASSWORD_LONGEST = 128,
    KEY_BYTES = 32
};
#define DAY_US   (INT64_C(86400) * MICRO)
#define JAPAN_US (INT64_C(9) * 3600 * MICRO)

/* Settings as they stood at one event number. */
struct setting_row {
    struct str key;
    struct str value;
};
struct setting_cache {
    struct arena arena;
    struct setting_row *rows;
    size_t n;
    int64_t known;
    int64_t version; /* -1: to be read */
};

/* Keys outside the database; everything is derived from the newest line of vault.key. */
struct key_ring {
    struct secret master; /* count * KEY_BYTES, newest last */
    int64_t ids[8];
    size_t count;
    struct secret shown; /* the last revealed number */
};

struct office {
    struct arena arena; /* as long as the process */
    const char *city_path;
    struct str city_name;
    struct str city_code;
    bool is_demo;
    struct ymd demo_day; /* YMD_NONE: the calendar's own day */
    bool city_read;
    struct store *reader;
    struct store *writer;
    struct audit *audit;
    struct setting_cache now;
    struct setting_cache then; /* as of another event number */
    struct key_ring keys;
    enum store_mode console_mode;
    bool is_console;
};

/* city.c */
int office_reader(struct context *cx, struct office *o, struct store **out) WARN_UNUSED;
int office_writer(struct context *cx, struct office *o, struct store **out) WARN_UNUSED;
int office_city_read(struct context *cx, struct office *o, struct store *st) WARN_UNUSED;
extern const struct actor system_actor;

/* setting.c */
void settings_init(struct office *o);
void settings_release(struct office *o);
void settings_seen(struct office *o, int64_t version); /* read again when it is another one */
struct str setting_in(struct context *cx, struct office *o, struct store *st, const char *key);
int64_t setting_number(struct context *cx, struct office *o, struct store *st, const char *key);
int setting_apply(struct work *w, const struct event *e, struct str payload) WARN_UNUSED;

/* registry.c */
const struct setting *setting_find(const char *key);
const struct entry_kind *entry_kind_find(struct str kind);

/* role.c */
struct user_scope { /* what an account says about rights */
    struct str role;
    struct str desks;
    struct str rights_more;
    struct str rights_less;
};
uint64_t rights_of(const struct user_scope *u);
uint64_t section_rights(struct str section); /* what a terminal of that section may open */
bool right_parse(struct str s, enum right_bit *bit);
bool rights_parse(struct str list, uint64_t *mask); /* "print,list"; false: an unknown name */

/* audit.c */
struct audit *audit_new(const char *url);
int audit_ready(struct context *cx, struct audit *a) WARN_UNUSED;
struct store *audit_store(struct audit *a);
int audit_flush(struct context *cx, struct audit *a) WARN_UNUSED;
/* A line about signing in: nobody may be signed in yet. */
struct audit_sign {
    int64_t user_id;
    struct str user_name;
    struct str terminal;
    struct str branch;
    const char *screen;
    struct str purpose;
    int result;
};
int audit_sign_in(struct work *w, const struct audit_sign *s) WARN_UNUSED;
bool office_is_off_hours(struct context *cx, struct office *o, struct store *st, int64_t now_us);

/* keyring.c */
int keys_load(struct context *cx, struct office *o) WARN_UNUSED;
int keys_make(struct context *cx, const char *path) WARN_UNUSED;
void keys_release(struct key_ring *k);
/* Subkey for a purpose: "vault.seal", "vault.blind", "totp", "recovery", "token" are numbers here.
 */
enum key_use { KEY_SEAL = 1, KEY_BLIND = 2, KEY_TOTP = 3, KEY_RECOVERY = 4, KEY_PASSWORD = 5 };
int key_derive(struct context *cx, struct office *o, int64_t key_id, enum key_use use,
               struct secret *out) WARN_UNUSED;
int64_t key_newest(const struct office *o);
/* XChaCha20-Poly1305: nonce, then ciphertext and tag, in the arena. */
struct seal_what {
    int64_t key_id;
    enum key_use use;
    struct str bound; /* associated data */
};
int seal(struct context *cx, struct office *o, const struct seal_what *what, struct str plain,
         struct str *out) WARN_UNUSED;
int seal_with(struct context *cx, const struct secret *key, struct str bound, struct str plain,
              struct str *out) WARN_UNUSED;
/* Opens into `out` (capacity `room`); the length is returned. ERR_CORRUPT when it does not fit. */
int unseal(struct context *cx, struct office *o, const struct seal_what *what, struct str sealed,
           unsigned char *out, size_t room) WARN_UNUSED;

/* password.c */
int password_hash(struct context *cx, struct office *o, struct str password,
                  struct str *out) WARN_UNUSED;
/* 1 right, 0 wrong. hash STR_NONE: there is no such user; takes the same time. */
int password_matches(struct context *cx, struct office *o, struct str hash,
                     struct str password) WARN_UNUSED;
struct password_of { /* what must not stand in it */
    struct str sign_in_name;
    struct str full_name;
    struct ymd birth;
    int64_t minimum;
};
/* NULL when allowed, or the message id that says why not. */
const char *password_refused(struct str password, const struct password_of *of);

/* password_words.c: lower case, four letters and more */
extern const char *const password_words[];
extern const size_t password_words_count;

/* factor.c */
int factor_new(struct work *w, int64_t user_id, struct str *base32) WARN_UNUSED;
/* 1 right, 0 wrong or used before. */
int factor_totp(struct work *w, int64_t user_id, struct str sealed, struct str code) WARN_UNUSED;
int factor_recovery(struct work *w, int64_t user_id, struct str code) WARN_UNUSED;
int factor_recovery_new(struct work *w, int64_t user_id, struct str out[10]) WARN_UNUSED;
int factor_code_now(struct work *w, int64_t user_id, struct str sealed,
                    struct str *code) WARN_UNUSED;

/* session.c */
void token_new(struct context *cx, char out[TOKEN_CHARS + 1]);
struct str token_hash(struct context *cx, struct str token);

/* sign_in.c */
struct sign_in {
    struct str name;
    struct str password;
};
enum sign_in_result { SIGN_IN_REFUSED, SIGN_IN_FACTOR, SIGN_IN_PASSWORD, SIGN_IN_DONE };
/* >= 0: enum sign_in_result; token: the new cookie. */
int sign_in_password(struct work *w, const struct sign_in *in, struct str terminal_token,
                     struct str *token) WARN_UNUSED;
int sign_in_factor(struct work *w, struct str token, struct str code,
                   struct str *next_token) WARN_UNUSED;
int sign_in_change(struct work *w, int64_t user_id, struct str old_password,
                   struct str new_password) WARN_UNUSED;
/* The rules and the reuse of a new password for this account (row of user_by_id). */
struct office_db_user_by_id_row;
int password_allowed(struct work *w, const struct office_db_user_by_id_row *u,
                     struct str password) WARN_UNUSED;
struct password_new {
    int64_t user_id;
    struct str password;
    struct str hash;
    bool must_change;
};
/* Every other session of the user ends. */
int password_put(struct work *w, const struct password_new *p) WARN_UNUSED;
/* Keeps the keyed digest of a password that was set, against reuse. */
int password_remember(struct work *w, int64_t user_id, struct str password) WARN_UNUSED;
int terminal_enrol(struct work *w, struct str code, struct str *token,
                   struct str *name) WARN_UNUSED;

/* user.c */
struct user_change { /* STR_NONE: as it is */
    struct str full_name;
    struct str role;
    struct str branch;
    struct str desks;
    struct str rights_more;
    struct str rights_less;
    struct ymd expires;
    bool set_expires;
    bool disabled;
    bool set_disabled;
};
int user_change(struct work *w, int64_t user_id, const struct user_change *c,
                struct str reason) WARN_UNUSED;
int user_apply(struct work *w, const struct event *e, struct str payload) WARN_UNUSED;

/* demo.c */
enum { DEMO_ACCOUNTS = 7 };
struct str demo_terminal(void); /* the name of a practice city's unenrolled browsers */
int demo_accounts(struct work *w, struct demo_account *out, size_t cap, size_t *n) WARN_UNUSED;

/* branch.c */
int branch_add(struct work *w, struct str code, struct str name, struct str reason) WARN_UNUSED;

/* job.c */
struct job_pair {
    struct str name;
    struct str value;
};
struct job_note_row {
    bool failed;
    int64_t key;
    const char *message;
    struct str facts;
};
enum { JOB_OPTIONS = 16, JOB_NOTES = 1024 };
struct job {
    int64_t id;
    const struct job_kind *kind;
    struct str options;
    struct job_pair pairs[JOB_OPTIONS];
    size_t n_pairs;
    struct job_progress progress;
    int64_t notes;
    struct job_note_row *waiting; /* notes of the open chunk */
    size_t n_waiting;
    struct arena arena; /* of the chunk: facts of the notes */
};
bool job_is_stopping(void);
void job_stop_clear(void);
int job_options_read(struct context *cx, const struct job_kind *kind, struct str text,
                     struct job *job) WARN_UNUSED;

#endif
