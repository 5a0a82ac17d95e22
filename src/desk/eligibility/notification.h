/*
 * notification (届出・異動): what changes about the cover of the people of one household, planned,
 * looked at, and then entered as one event.
 *
 * Invariants
 * - Every way in is this one: the counter, the feeds, the office's own authority (職権). A plan is
 *   made first and refuses what cannot be; nothing is written until the plan is clean.
 * - The days follow from reason and cause day (acquisition_day, loss_day); the clerk gives the
 *   cause day, never the computed one.
 * - A notification settles pending changes; a pending change is settled once, by an event.
 */
#ifndef DESK_ELIGIBILITY_NOTIFICATION_H
#define DESK_ELIGIBILITY_NOTIFICATION_H

#include "desk/party/party.h"

/* --- what a notification holds ------------------------------------------------------------- */

enum change_kind {
    CHANGE_ACQUIRE = 1,  /* 取得: reason, cause */
    CHANGE_LOSE = 2,     /* 喪失: reason, cause */
    CHANGE_CORRECT = 3,  /* 訂正: the period row_id gets other reasons and days; needs a why */
    CHANGE_CANCEL = 4,   /* 取消: the period row_id never was; needs a why */
    CHANGE_RESUME = 5,   /* 喪失取消: the period row_id goes on; needs a why */
    CHANGE_HOUSEHOLD = 6 /* 世帯変更: the cover goes on in the household of the notification, or
                            under another head: number, branch number and documents follow */
};
struct cover_change {
    enum change_kind kind;
    int64_t person_id;
    int64_t row_id;        /* CORRECT, CANCEL, RESUME: insured_period.row_id; else 0 */
    int acquired_by;       /* enum acquired_by; 0 where not given */
    struct ymd acquired;   /* cause day */
    int lost_by;           /* enum lost_by; 0 where not given */
    struct ymd lost;       /* cause day */
    bool is_same_day;      /* moved out and lives elsewhere the same day (法8条1項但書) */
    bool is_in_prefecture; /* from or to another municipality of the prefecture: the cover of the
                              prefecture goes on, only this city's application ends or starts */
    struct ymd prefecture_acquired; /* known from the federation; YMD_NONE: as computed */
    struct str insurer;             /* of the other cover; may be empty */
    bool is_dependant;              /* the employer's cover is that of a dependant */
};

/* How the one at the counter was identified (NHI-CMN-018); message id
 * "eligibility.identity.CODE". */
enum identity_check {
    IDENTITY_NONE = 0,        /* feeds and 職権 only */
    IDENTITY_NUMBER_CARD = 1, /* 個人番号カード */
    IDENTITY_NOTICE_CARD = 2, /* 通知カード and an official document with photograph */
    IDENTITY_PHOTO = 3,       /* official document with photograph */
    IDENTITY_TWO_DOCUMENTS = 4,
    IDENTITY_POST = 5 /* by post: four items */
};

#define NOTIFICATION_CHANGES_MAX 16
#define NOTIFICATION_SETTLES_MAX 16
struct notification {
    int64_t household_id;
    struct ymd notified; /* 届出日 */
    struct str source;   /* who told us: "person", "proxy", "register", ... */
    struct str route;    /* "counter", "post", "file", "link", "job" */
    struct str why;      /* 職権: the reason in words */
    enum identity_check identity;
    struct str proxy_name;     /* 代理人; empty: the person */
    struct str proxy_document; /* 委任状など */
    struct cover_change row[NOTIFICATION_CHANGES_MAX];
    size_t n;
    int64_t settles[NOTIFICATION_SETTLES_MAX]; /* pending changes */
    size_t n_settles;
};

/* --- the plan -------------------------------------------------------------------------------- */

#define NOTIFICATION_PROBLEMS_MAX 32
struct notification_problem {
    size_t row;        /* of notification.row; NOTIFICATION_CHANGES_MAX: the notification itself */
    const char *field; /* "acquired", "lost", "reason", "identity", ... */
    const char *what;  /* message id */
    struct str facts;
    bool is_warning; /* shown, does not refuse */
};
struct planned_change {
    size_t row; /* of notification.row */
    bool has_before, has_after;
    struct insured_period before; /* as it stands now */
    struct insured_period after;  /* as it will stand */
    bool needs_certificate;       /* none is valid for him after the change */
    bool returns_certificates;    /* those he holds are to be given back */
};
struct notification_plan {
    struct planned_change row[NOTIFICATION_CHANGES_MAX];
    size_t n;
    struct notification_problem problem[NOTIFICATION_PROBLEMS_MAX];
    size_t n_problems;
    bool is_clean; /* no problem but warnings */
};
/* Looks only. ERR_* when it could not look; problems of the notification are in the plan. */
int notification_plan(struct work *w, const struct notification *n,
                      struct notification_plan *out) WARN_UNUSED;
/* Plans and enters as one event of kind "eligibility.notification": 0 applied, 1 waits for a second
 * person. ERR_INVALID with the first problem. *event_no: of the entry. */
int notification_enter(struct work *w, const struct notification *n, int64_t *event_no) WARN_UNUSED;
/* Plans and writes under an event that is already open, inside the caller's transaction: feeds,
 * and previews that are rolled back. */
int notification_apply(struct work *w, int64_t event_no, const struct notification *n) WARN_UNUSED;

/* --- what else is notified or applied for ------------------------------------------------------
 */

/* How it came in: what notifications and applications have in common. */
struct filing {
    int64_t household_id;
    struct ymd notified;
    struct str source, route, why;
    enum identity_check identity;
    struct str proxy_name, proxy_document;
    int64_t settles[NOTIFICATION_SETTLES_MAX];
    size_t n_settles;
};
/* Each of the four: checks and enters as one event; 0 applied, 1 waits for a second person;
 * ERR_INVALID with the field. replaces: a row of the list that this one takes the place of (ended,
 * corrected), 0: none; is_removed: the row replaced never was (a why is needed). */

/* Kind "eligibility.circumstance". Months only where the kind has them. */
struct circumstance_entry {
    struct filing in;
    struct circumstance fact;
    int64_t replaces;
    bool is_removed;
};
int circumstance_enter(struct work *w, const struct circumstance_entry *c,
                       int64_t *event_no) WARN_UNUSED;
struct circumstance_row {
    int64_t row_id;
    struct circumstance fact;
};
struct circumstance_rows {
    struct circumstance_row *rows;
    size_t n;
};
int circumstance_list(struct work *w, int64_t person_id, struct circumstance_rows *out) WARN_UNUSED;

/* Kind "eligibility.placement": student away (マル学), remote (マル遠), facility (住所地特例). A
 * student's and a facility's have a day of review; the day after it a pending opens. */
struct placement_entry {
    struct filing in;
    struct placement fact;
    int64_t replaces;
    bool is_removed;
};
int placement_enter(struct work *w, const struct placement_entry *c, int64_t *event_no) WARN_UNUSED;
struct placement_row {
    int64_t row_id;
    struct placement fact;
};
struct placement_rows {
    struct placement_row *rows;
    size_t n;
};
int placement_list(struct work *w, int64_t person_id, struct placement_rows *out) WARN_UNUSED;

/* Kind "eligibility.override": a derived mark set or unset by the office's own authority; why and
 * last day are needed. mark: special_same former_dependant unemployed care_exempt. */
struct override_entry {
    struct filing in;
    int64_t person_id;
    struct str mark;
    bool is_set;
    struct span valid; /* to: the first day without it */
    int64_t replaces;
    bool is_removed;
};
int override_enter(struct work *w, const struct override_entry *c, int64_t *event_no) WARN_UNUSED;
struct override_row {
    int64_t row_id;
    struct override_entry fact; /* in.why: the reason */
};
struct override_rows {
    struct override_row *rows;
    size_t n;
};
int override_list(struct work *w, int64_t person_id, struct override_rows *out) WARN_UNUSED;

/* Kind "eligibility.head": another head for the insurance (擬制世帯の世帯主変更), on application
 * and only without arrears. */
struct head_entry {
    struct filing in;
    int64_t person_id;
    struct span valid;
    int64_t replaces;
    bool is_removed;
};
int head_enter(struct work *w, const struct head_entry *c, int64_t *event_no) WARN_UNUSED;
struct head_row {
    int64_t row_id;
    struct head_entry fact;
};
struct head_rows {
    struct head_row *rows;
    size_t n;
};
int head_list(struct work *w, int64_t household_id, struct head_rows *out) WARN_UNUSED;
/* 1: the household owes something that is due, 0: nothing. A higher desk says so at start; while
 * none does, no head is changed. */
typedef int arrears_fn(struct work *w, int64_t household_id);
void eligibility_arrears_ask(arrears_fn *fn);
/* 1 it is behind, 0 not, or nobody here can say. */
int eligibility_is_in_arrears(struct work *w, int64_t household_id) WARN_UNUSED;

/* --- pending changes ------------------------------------------------------------------------- */

/* What a feed or the calendar says has happened and nobody has dealt with yet. */
enum pending_kind { /* message id "eligibility.pending.N" */
                    PENDING_MOVE_IN = 1,
                    PENDING_BIRTH = 2,
                    PENDING_MOVE_OUT = 3,
                    PENDING_DEATH = 4,
                    PENDING_HOUSEHOLD =
                        5,            /* merged, split, moved to another household of the city */
                    PENDING_HEAD = 6, /* another head */
                    PENDING_AGE_75 = 7,
                    PENDING_LATE_STAGE = 8, /* disability certification, or given back */
                    PENDING_ASSISTANCE_START = 9,
                    PENDING_ASSISTANCE_END = 10,
                    PENDING_EMPLOYER_START = 11,
                    PENDING_EMPLOYER_END = 12,
                    PENDING_STAY = 13,         /* permission to stay: given, changed, run out */
                    PENDING_CORRECTION = 14,   /* the register corrected a day or a name */
                    PENDING_PLACEMENT = 15,    /* student or facility: time to confirm */
                    PENDING_DOUBLE_COVER = 16, /* 2重加入の疑い */
                    PENDING_REJUDGE = 17, /* income or household changed: cost share and division */
                    PENDING_OVERRIDE = 18,   /* a mark set by authority runs out */
                    PENDING_UNEMPLOYED = 19, /* the labour office answered: involuntarily */
                    PENDING_FACILITY = 20,   /* entered a facility for people with disabilities */
                    PENDING_KINDS = 21
};
enum pending_state { /* message id "eligibility.pending_state.N" */
                     PENDING_OPEN = 0,
                     PENDING_SETTLED = 1,   /* by a notification */
                     PENDING_NO_EFFECT = 2, /* looked at: nothing to do */
                     PENDING_DISMISSED = 3  /* wrong; with a reason */
};
struct pending {
    int64_t pending_id;
    enum pending_kind kind;
    enum pending_state state;
    int64_t household_id;
    int64_t person_id;
    struct ymd cause;
    struct str source; /* feed: "register", "assistance", "late_stage", "calendar", ... */
    struct str detail; /* codes for the desk, may be empty: "from=" and "to=" the municipality he
                          came from or goes to, "insurer=", "change=start" or "end" (late stage) */
    int64_t opened_by; /* event */
    int64_t closed_by; /* event; 0 while open */
    struct str reason; /* of closing without a notification */
};
struct pendings {
    struct pending *rows;
    size_t n;
};
struct pending_query {
    int64_t household_id; /* 0: all */
    int64_t person_id;    /* 0: all */
    int kind;             /* 0: all */
    bool open_only;
    int64_t after; /* pending_id: the next page */
    int64_t limit;
};
/* Oldest cause first. */
int pending_find(struct work *w, const struct pending_query *q, struct pendings *out) WARN_UNUSED;
/* Under an event of the caller; what is open already for the same person, kind and cause is left
 * alone. *opened may be NULL. */
int pending_open(struct work *w, int64_t event_no, const struct pending *rows, size_t n,
                 int64_t *opened) WARN_UNUSED;
/* An event of its own "eligibility.pending_closed"; a reason is needed unless SETTLED. */
int pending_close(struct work *w, int64_t pending_id, enum pending_state state,
                  struct str reason) WARN_UNUSED;
/* A notification that would settle it, filled as far as facts allow, for all open pendings of the
 * household with it: the counter opens with this, and the job applies it where nothing is missing.
 * 1 complete, 0 something must be asked. */
int pending_proposal(struct work *w, const struct pending *p, struct notification *out) WARN_UNUSED;
/* The circumstance that an answer or a file is evidence of (PENDING_UNEMPLOYED, PENDING_FACILITY),
 * as an entry that settles it; ERR_INVALID for other kinds. */
int pending_circumstance(struct work *w, const struct pending *p,
                         struct circumstance_entry *out) WARN_UNUSED;
/* The same for these of one household only. */
int pending_propose(struct work *w, const struct pending *rows, size_t n,
                    struct notification *out) WARN_UNUSED;

#endif
