/* link_town: a few insured people, two officers, and links between the insurance section and
 * others. */
#ifndef TEST_LINK_TOWN_H
#define TEST_LINK_TOWN_H

#include "residents.h"

#include "desk/linkage/linkage.h"

#include <stdio.h>
#include <string.h>

static const struct desk *const link_town_desks[] = {&office_desk,      &party_desk,
                                                     &eligibility_desk, &levy_desk,
                                                     &collection_desk,  &linkage_desk};

static inline void link_town_start(void)
{
    office_desks_set(link_town_desks, sizeof link_town_desks / sizeof *link_town_desks);
}

struct link_town {
    int64_t household, taro, hanako, other;
};

static inline struct link_town link_town_fill(struct town *t)
{
    struct feed f = feed_begin(t, "party.import", 0);
    struct link_town k;
    k.household = add_household(&f, "000000101", "本町", "１番地", "2010-04-01");
    k.taro = add_person(&f, (struct who){"0000000011", "保険　太郎", "ホケン　タロウ", "1970-05-06",
                                         SEX_MALE});
    k.hanako = add_person(&f, (struct who){"0000000029", "保険　花子", "ホケン　ハナコ",
                                           "1972-07-08", SEX_FEMALE});
    k.other = add_person(&f, (struct who){"0000000037", "会社　次郎", "カイシャ　ジロウ",
                                          "1980-01-02", SEX_MALE});
    (void)add_member(&f, k.household, k.taro, "01", "2010-04-01", NULL);
    (void)add_member(&f, k.household, k.hanako, "03", "2010-04-01", NULL);
    (void)add_period(&f, k.taro, (struct insured){"2015-04-01", NULL, NULL, 2, 0});
    (void)add_period(&f, k.hanako, (struct insured){"2015-04-01", NULL, NULL, 2, 0});
    add_number(&f, k.household, "00012345", "2015-04-01");
    add_branch(&f, k.household, k.taro, "00012345", "01");
    feed_end(&f);
    return k;
}

/* The clerk who applies and the chief of the owning section who approves. */
static inline const struct actor *link_town_clerk(void)
{
    static struct actor a;
    a = (struct actor){.user_id = 21,
                       .user_name = STR("clerk"),
                       .full_name = STR("係　花子"),
                       .branch = STR("main"),
                       .terminal = STR("console"),
                       .section = STR(""),
                       .rights = role_rights(ROLE_CLERK),
                       .role = ROLE_CLERK};
    return &a;
}

static inline const struct actor *link_town_chief(void)
{
    static struct actor a;
    a = *link_town_clerk();
    a.user_id = 22;
    a.user_name = STR("chief");
    a.full_name = STR("長　一郎");
    a.rights = role_rights(ROLE_CHIEF);
    a.role = ROLE_CHIEF;
    return &a;
}

static inline int64_t last_event(struct town *t)
{
    int64_t no = 0;
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &no));
    return no;
}

/* The chief approves what was entered last. */
static inline void approve(struct town *t, int rc)
{
    const struct actor *before = t->w.actor;
    assert_int_equal(TOWN_OK(t, rc), 1); /* it waits */
    t->w.actor = link_town_chief();
    TOWN_OK(t, office_check(&t->w, last_event(t), true, STR("")));
    t->w.actor = before;
}

static inline struct data_link link_to(enum link_way way, const char *partner,
                                       const char *provision, const char *layout)
{
    return (struct data_link){.link_no = STR("L-0001"),
                              .name = STR("介護保険への資格の連携"),
                              .way = way,
                              .partner = str_of(partner),
                              .provision = str_of(provision),
                              .layout = str_of(layout),
                              .cycle = STR("monthly"),
                              .from = day_of("2026-04-01"),
                              .to = YMD_NONE};
}

static inline struct data_use use_of(const char *items)
{
    return (struct data_use){.link_no = STR("L-0001"),
                             .applicant = STR("介護保険課"),
                             .purpose = STR("第1号被保険者の資格の管理"),
                             .items = str_of(items),
                             .from = day_of("2026-06-01"),
                             .to = day_of("2027-04-01")};
}

/* Registered and open for the items. */
static inline void open_link_of(struct town *t, struct data_link l, const char *items)
{
    struct data_use u = use_of(items);
    const struct actor *before = t->w.actor;
    t->w.actor = link_town_clerk();
    approve(t, linkage_link_enter(&t->w, &l, STR("協議済み")));
    approve(t, linkage_use_enter(&t->w, &u));
    t->w.actor = before;
}

#endif
