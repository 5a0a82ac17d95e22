/*
 * model: the demo city in memory. An event opens and closes facts; a fact is one `struct op` that
 * names the event that opened it and, once closed, the one that closed it.
 */
#ifndef DEMO_MODEL_H
#define DEMO_MODEL_H

#include "cli/demo/demo.h"

enum { NONE = -1 };

/* --- names and places (names.c, place.c) -------------------------------------------------- */

struct word { /* a name with its reading */
    struct str text;
    struct str latin; /* foreign names */
    struct str kana;
    int32_t weight;
    int32_t from_year;
    char group; /* 'm' 'f' 's' */
};
struct words {
    struct word *rows;
    int32_t n;
    int64_t total; /* of the weights */
};
struct nation {
    struct str code;
    int32_t weight;
    int32_t first, n; /* in book.foreign */
};
struct town {
    struct str name, kana, postal_code, code;
    int32_t chome;
    bool has_blocks; /* 住居表示 */
    int32_t weight;
};
struct other_city { /* where people come from and go to */
    struct str code, prefecture, name;
};
struct own_city {
    struct str name, code, prefecture, insurer_no, symbol;
};
struct book {
    struct own_city self;
    struct str *stays; /* 在留資格 by op.kind */
    int32_t n_stays;
    struct words surnames;
    struct words given; /* all of them; by group and year */
    struct words foreign;
    struct nation nations[16];
    int32_t n_nations;
    struct town *towns;
    int32_t n_towns;
    int64_t town_weight;
    struct str *buildings;
    int32_t n_buildings;
    struct other_city *cities;
    int32_t n_cities;
};
int book_read(struct context *cx, struct arena *a, struct book *out) WARN_UNUSED;
int32_t pick_word(struct prng *r, const struct words *w);
int32_t pick_given(struct prng *r, const struct book *b, bool female, int birth_year);
int32_t pick_town(struct prng *r, const struct book *b);

struct place {
    int32_t town;
    int16_t chome;
    int16_t block, house;   /* block: 番 or 番地; house: 号 or branch, 0 none */
    int16_t building, room; /* building NONE: a house of its own */
};

/* --- people ------------------------------------------------------------------------------- */

enum card { CARD_USABLE = 1, CARD_NONE = 2 }; /* a My Number card usable as certificate */
enum cover { COVER_NONE, COVER_NHI, COVER_EMPLOYEE, COVER_DEPENDANT, COVER_LATE, COVER_ASSISTANCE };
enum work_kind { WORK_NONE, WORK_EMPLOYED, WORK_SELF, WORK_PART, WORK_RETIRED };

struct money { /* one year's incomes, in yen */
    int32_t salary, pension, business, property, other, separate, separate_deduction;
    int32_t net_loss, family_paid, family_received, asset_tax;
    int8_t dependants, small_children;
    bool is_undeclared;
    bool is_known;   /* there is a row at all */
    bool is_inquiry; /* another municipality answered */
};
enum { INCOME_YEARS = 2, FIRST_INCOME_YEAR = 2024 };

struct resident {    /* one person of the model */
    int32_t surname; /* in surnames, or in foreign (is_foreign) */
    int32_t given;
    int32_t alias; /* a surname used as 通称 by a foreigner, NONE */
    int8_t nation; /* NONE: Japanese */
    bool is_female;
    bool is_gone; /* died, left */
    uint8_t relation;
    uint8_t work;
    uint8_t cover;
    uint8_t periods; /* of NHI so far */
    uint8_t certificate_count;
    uint8_t card; /* 0: nobody asked yet, CARD_USABLE, CARD_NONE */
    int32_t branch; /* under the household's present number; 0 none */
    struct ymd birth, death;
    struct ymd cover_from;
    int32_t household; /* the last one */
    int32_t next;      /* in the household */
    /* the facts open at present, indices of ops; NONE */
    int32_t op_identity, op_name, op_residency, op_foreign, op_membership, op_cover, op_certificate;
    struct money money[INCOME_YEARS];
};

enum archetype { /* how a household was founded; decides its incomes */
                 KIND_RETIRED_SINGLE,
                 KIND_RETIRED_COUPLE,
                 KIND_LATE_HEAD,
                 KIND_SINGLE,
                 KIND_COUPLE,
                 KIND_FAMILY,
                 KIND_SINGLE_PARENT,
                 KIND_EMPLOYEE_HEAD,
                 KIND_THREE,
                 KIND_FOREIGN_SINGLE,
                 KIND_FOREIGN_FAMILY, /* up to here with NHI */
                 KIND_EMPLOYEE_SINGLE,
                 KIND_EMPLOYEE_COUPLE,
                 KIND_EMPLOYEE_FAMILY,
                 KIND_LATE_SINGLE,
                 KIND_LATE_COUPLE,
                 KIND_ASSISTANCE,
                 ARCHETYPES
};
struct home {
    int32_t first; /* member, linked by resident.next */
    int32_t head;
    int32_t place;
    int32_t insured; /* members in NHI now */
    int32_t number;  /* of the insured household; 0 none */
    int32_t next_branch;
    int32_t op_address, op_insured;
    uint8_t kind;
    struct ymd last_day; /* of an event; later ones come after it */
    struct ymd last_received;
};

/* --- events and facts --------------------------------------------------------------------- */

struct happening { /* becomes a struct event */
    const char *kind;
    const char *source;
    const char *route;
    struct ymd effective, received;
    int32_t home, person; /* NONE: about many */
    int32_t income_year;  /* incomes of many: FIRST_INCOME_YEAR or later; else 0 */
    int32_t first, end;   /* residents it brings incomes of */
};

enum op_type {
    OP_PERSON,
    OP_HOUSEHOLD,
    OP_IDENTITY,
    OP_NAME,
    OP_RESIDENCY,
    OP_FOREIGN,
    OP_MEMBERSHIP,
    OP_ADDRESS,
    OP_CONTACT,
    OP_PROTECTION,
    OP_INSURED,
    OP_BRANCH,
    OP_PERIOD,
    OP_COVER,
    OP_CIRCUMSTANCE,
    OP_PLACEMENT,
    OP_CERTIFICATE,
    OP_TYPES
};
struct op {
    int32_t event;
    int32_t closed; /* event, or NONE */
    int32_t person, home;
    uint8_t type;
    uint8_t kind;       /* of name, address, cover, circumstance, certificate ...: enums below */
    uint8_t start, end; /* reasons, codes */
    bool flag;          /* name: used; membership: head; residency: resident */
    uint8_t count;      /* period_no, issue count, relation */
    struct ymd from, to;
    union {
        struct {
            int32_t surname, given;
        } name;
        struct {
            struct ymd until;
        } stay;
        struct {
            int32_t place, city;
        } address;
        struct {
            int32_t number, branch;
        } insured;
        struct {
            struct ymd cause, notified, lost_cause, lost_notified;
        } period;
        struct {
            struct ymd notified;
            struct month first, last;
        } circumstance;
        struct {
            int32_t serial, number, branch;
            struct ymd until;
        } certificate;
        struct {
            int32_t number;
        } contact;
    } u;
};
enum name_kind { NAME_REAL, NAME_ALIAS, NAME_FORMER };
enum address_kind { ADDRESS_RESIDENCE, ADDRESS_FORMER, ADDRESS_DESTINATION, ADDRESS_SENDING };
enum residency_start { BY_INITIAL, BY_MOVE_IN, BY_BIRTH };
enum residency_end { BY_NOTHING, BY_MOVE_OUT, BY_DEATH, BY_LEAVING_COUNTRY };
enum certificate_kind { CERTIFICATE_CARD, CERTIFICATE_CONFIRMATION, CERTIFICATE_NOTICE };
enum return_reason { RETURN_NONE, RETURN_LOSS, RETURN_RENEWED };

struct demo_city {
    struct arena arena; /* names and towns */
    struct book book;
    struct prng people, fate, wealth; /* streams: changing one leaves the others */
    struct demo_request request;
    struct ymd first_day; /* 2025-04-01 */
    struct resident *residents;
    int32_t n_residents, cap_residents;
    struct home *homes;
    int32_t n_homes, cap_homes;
    struct place *places;
    int32_t n_places, cap_places;
    struct happening *events;
    int32_t n_events, cap_events;
    struct op *ops;
    int32_t n_ops, cap_ops;
    int32_t next_number;   /* insured household numbers */
    int32_t next_serial;   /* certificates */
    int32_t initial_event; /* the one that founds households now */
    int32_t in_initial;    /* households in it */
    bool out_of_memory;    /* sticky; checked at the end of each phase */
};

/* city.c: growing arrays; indices stay, pointers do not. NONE when out of memory. */
int32_t city_resident(struct demo_city *c);
int32_t city_home(struct demo_city *c, enum archetype kind);
int32_t city_place(struct demo_city *c);
int32_t city_event(struct demo_city *c, const struct happening *h);
/* A fact opened by an event; NONE for person or home where it has none. */
struct op *city_op(struct demo_city *c, enum op_type type, int32_t event, int32_t person,
                   int32_t home, int32_t *index);
/* Closes a fact and opens its successor as a copy: the caller changes what is new. */
struct op *city_op_again(struct demo_city *c, int32_t *index, int32_t event);
void city_op_close(struct demo_city *c, int32_t *index, int32_t event);
int32_t between(struct prng *r, int32_t low, int32_t high); /* both included */
bool percent(struct prng *r, int32_t per_ten_thousand);

/* people.c */
struct birth_range {
    int32_t youngest, oldest;
};
int32_t person_new(struct demo_city *c, bool is_female, int age_low, int age_high, int8_t nation);
void person_register(struct demo_city *c, int32_t person, int32_t event, struct ymd from,
                     enum residency_start start);
void person_enter(struct demo_city *c, int32_t person, int32_t home, int32_t event, struct ymd from,
                  uint8_t relation);
void person_leave(struct demo_city *c, int32_t person, int32_t event, struct ymd to);
void person_end(struct demo_city *c, int32_t person, int32_t event, struct ymd to,
                enum residency_end end);
void person_rename(struct demo_city *c, int32_t person, int32_t surname, int32_t event,
                   struct ymd from);
void home_head_change(struct demo_city *c, int32_t home, int32_t head, int32_t event,
                      struct ymd from);
bool lives(const struct demo_city *c, int32_t person);
int person_age(const struct demo_city *c, int32_t person, struct ymd day);

/* cover.c: what insures a person, and the documents that go with it */
struct change { /* one change of cover */
    int32_t event;
    struct ymd cause; /* the day the old cover ended or the new one began */
    struct ymd notified;
    bool same_day; /* moving out to a place where cover begins the same day */
};
void cover_begin(struct demo_city *c, int32_t person, enum cover cover, int reason,
                 struct change ch);
void cover_end(struct demo_city *c, int32_t person, int reason, struct change ch);
void cover_switch(struct demo_city *c, int32_t person, enum cover to, int acquired, int lost,
                  struct change ch);
/* Between two households of the city: called before leaving and after entering. */
void cover_carry(struct demo_city *c, int32_t person, bool leaving, struct change ch);
/* A period of NHI that ended before the first day (for former insured, special same). */
void cover_past(struct demo_city *c, int32_t person, struct span s, int acquired, int lost,
                int32_t event);
void cover_circumstance(struct demo_city *c, int32_t person, enum circumstance_kind kind,
                        struct ymd day, int32_t code, struct change ch);
void certificate_give(struct demo_city *c, int32_t person, int32_t event, struct ymd day);

/* found.c, life.c, income.c, former.c */
void found_city(struct demo_city *c);
int32_t found_home(struct demo_city *c, enum archetype kind, int32_t event, struct ymd day,
                   enum residency_start start);
void live_until(struct demo_city *c, struct ymd until);
void earn(struct demo_city *c);
void found_former(struct demo_city *c); /* last: nothing happens to them any more */

#endif
