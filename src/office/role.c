/* role: rights as bits; what each role may do; what an account adds or takes away. */
#include "office/inner.h"

static const char *const names[RIGHT_BITS] = {
    [RIGHT_SIGNED_IN] = "signed_in",
    [RIGHT_PARTY_VIEW] = "party.view",
    [RIGHT_PARTY_EDIT] = "party.edit",
    [RIGHT_ELIGIBILITY_VIEW] = "eligibility.view",
    [RIGHT_ELIGIBILITY_EDIT] = "eligibility.edit",
    [RIGHT_LEVY_VIEW] = "levy.view",
    [RIGHT_LEVY_EDIT] = "levy.edit",
    [RIGHT_LEVY_CONFIRM] = "levy.confirm",
    [RIGHT_COLLECTION_VIEW] = "collection.view",
    [RIGHT_COLLECTION_EDIT] = "collection.edit",
    [RIGHT_PRINT] = "print",
    [RIGHT_LIST] = "list",
    [RIGHT_STATISTICS] = "statistics",
    [RIGHT_JOB_VIEW] = "job.view",
    [RIGHT_JOB_RUN] = "job.run",
    [RIGHT_SIMULATE] = "simulate",
    [RIGHT_AUDIT_VIEW] = "audit.view",
    [RIGHT_USER_VIEW] = "user.view",
    [RIGHT_USER_ADMIN] = "user.admin",
    [RIGHT_SETTING_ADMIN] = "setting.admin",
    [RIGHT_RULE_VIEW] = "rule.view",
    [RIGHT_RULE_ADOPT] = "rule.adopt",
    [RIGHT_MYNUMBER] = "mynumber",
    [RIGHT_CHECK] = "check",
    [RIGHT_IMPORT] = "import",
    [RIGHT_LINK_VIEW] = "link.view",
    [RIGHT_LINK_EDIT] = "link.edit",
    [RIGHT_LINK_INQUIRY] = "link.inquiry",
    [RIGHT_DISCLOSURE] = "disclosure",
    [RIGHT_CERTIFICATE_VIEW] = "certificate.view",
    [RIGHT_CERTIFICATE_EDIT] = "certificate.edit",
    [RIGHT_SPECIAL_EDIT] = "special.edit",
    [RIGHT_CONTACT] = "contact",
    [RIGHT_OTHER] = "other.view",
    [RIGHT_KEYING] = "keying",
    [RIGHT_BENEFIT_VIEW] = "benefit.view",
};

#define VIEW                                                                                       \
    (RIGHT(RIGHT_SIGNED_IN) | RIGHT(RIGHT_PARTY_VIEW) | RIGHT(RIGHT_ELIGIBILITY_VIEW) |            \
     RIGHT(RIGHT_LEVY_VIEW) | RIGHT(RIGHT_COLLECTION_VIEW) | RIGHT(RIGHT_RULE_VIEW) |              \
     RIGHT(RIGHT_SIMULATE) | RIGHT(RIGHT_LINK_VIEW) | RIGHT(RIGHT_LINK_INQUIRY) |                  \
     RIGHT(RIGHT_CERTIFICATE_VIEW) | RIGHT(RIGHT_CONTACT) | RIGHT(RIGHT_OTHER) |                   \
     RIGHT(RIGHT_BENEFIT_VIEW))
#define EDIT                                                                                       \
    (RIGHT(RIGHT_PARTY_EDIT) | RIGHT(RIGHT_ELIGIBILITY_EDIT) | RIGHT(RIGHT_LEVY_EDIT) |            \
     RIGHT(RIGHT_COLLECTION_EDIT) | RIGHT(RIGHT_PRINT) | RIGHT(RIGHT_LINK_EDIT) |                  \
     RIGHT(RIGHT_DISCLOSURE) | RIGHT(RIGHT_CERTIFICATE_EDIT) | RIGHT(RIGHT_SPECIAL_EDIT) |         \
     RIGHT(RIGHT_KEYING))

/* An operator runs and prints but sees no screen with persons (OPS-002). The administrator keeps
 * the accounts and sees no persons either; the auditor sees everything that was done. Who keys
 * paper for a contractor sees the batches of his form and nothing else (DTE-006). */
static const struct {
    const char *name;
    uint64_t rights;
} roles[ROLES] = {
    [ROLE_CLERK] = {"clerk", VIEW | EDIT | RIGHT(RIGHT_CHECK) | RIGHT(RIGHT_JOB_VIEW)},
    [ROLE_CHIEF] = {"chief", VIEW | EDIT | RIGHT(RIGHT_CHECK) | RIGHT(RIGHT_LEVY_CONFIRM) |
                                 RIGHT(RIGHT_LIST) | RIGHT(RIGHT_STATISTICS) |
                                 RIGHT(RIGHT_JOB_VIEW) | RIGHT(RIGHT_JOB_RUN) |
                                 RIGHT(RIGHT_RULE_ADOPT) | RIGHT(RIGHT_MYNUMBER) |
                                 RIGHT(RIGHT_IMPORT) | RIGHT(RIGHT_USER_VIEW)},
    [ROLE_OPERATOR] = {"operator", RIGHT(RIGHT_SIGNED_IN) | RIGHT(RIGHT_JOB_VIEW) |
                                       RIGHT(RIGHT_JOB_RUN) | RIGHT(RIGHT_STATISTICS) |
                                       RIGHT(RIGHT_PRINT) | RIGHT(RIGHT_IMPORT) |
                                       RIGHT(RIGHT_RULE_VIEW) | RIGHT(RIGHT_SIMULATE)},
    [ROLE_AUDITOR] = {"auditor", RIGHT(RIGHT_SIGNED_IN) | RIGHT(RIGHT_AUDIT_VIEW) |
                                     RIGHT(RIGHT_LINK_VIEW) | RIGHT(RIGHT_USER_VIEW) |
                                     RIGHT(RIGHT_JOB_VIEW) | RIGHT(RIGHT_RULE_VIEW) |
                                     RIGHT(RIGHT_STATISTICS)},
    [ROLE_ADMINISTRATOR] = {"administrator", RIGHT(RIGHT_SIGNED_IN) | RIGHT(RIGHT_USER_VIEW) |
                                                 RIGHT(RIGHT_USER_ADMIN) |
                                                 RIGHT(RIGHT_SETTING_ADMIN) |
                                                 RIGHT(RIGHT_JOB_VIEW) | RIGHT(RIGHT_RULE_VIEW)},
    [ROLE_KEYER] = {"keyer", RIGHT(RIGHT_SIGNED_IN) | RIGHT(RIGHT_KEYING)},
};

/* What an account that is limited to some desks keeps of its role. */
static const struct {
    const char *desk;
    uint64_t rights;
} desk_rights[] = {
    {"party", RIGHT(RIGHT_PARTY_VIEW) | RIGHT(RIGHT_PARTY_EDIT) | RIGHT(RIGHT_CONTACT)},
    {"eligibility", RIGHT(RIGHT_ELIGIBILITY_VIEW) | RIGHT(RIGHT_ELIGIBILITY_EDIT) |
                        RIGHT(RIGHT_CERTIFICATE_VIEW) | RIGHT(RIGHT_CERTIFICATE_EDIT) |
                        RIGHT(RIGHT_SPECIAL_EDIT)},
    {"levy", RIGHT(RIGHT_LEVY_VIEW) | RIGHT(RIGHT_LEVY_EDIT) | RIGHT(RIGHT_LEVY_CONFIRM)},
    {"collection",
     RIGHT(RIGHT_COLLECTION_VIEW) | RIGHT(RIGHT_COLLECTION_EDIT) | RIGHT(RIGHT_KEYING)},
    {"benefit", RIGHT(RIGHT_BENEFIT_VIEW)},
};

/* A terminal of another section's business asks through its links and opens nothing else. */
uint64_t section_rights(struct str section)
{
    return section.n == 0 ? ~UINT64_C(0) : RIGHT(RIGHT_SIGNED_IN) | RIGHT(RIGHT_LINK_INQUIRY);
}

const char *right_name(enum right_bit bit)
{
    return bit < RIGHT_BITS ? names[bit] : "?";
}

uint64_t role_rights(enum role role)
{
    return roles[role].rights;
}

const char *role_name(enum role role)
{
    return roles[role].name;
}

bool role_parse(struct str s, enum role *out)
{
    for (int i = 0; i < ROLES; i++)
        if (str_is(s, roles[i].name)) {
            *out = (enum role)i;
            return true;
        }
    return false;
}

bool right_parse(struct str s, enum right_bit *bit)
{
    for (int i = 0; i < RIGHT_BITS; i++)
        if (str_is(s, names[i])) {
            *bit = (enum right_bit)i;
            return true;
        }
    return false;
}

bool rights_parse(struct str list, uint64_t *mask)
{
    *mask = 0;
    while (list.n > 0) {
        struct str name = str_trim(str_cut(&list, ','));
        enum right_bit bit;
        if (name.n == 0)
            continue;
        if (!right_parse(name, &bit))
            return false;
        *mask |= RIGHT(bit);
    }
    return true;
}

static bool list_has(struct str list, const char *word)
{
    while (list.n > 0)
        if (str_is(str_trim(str_cut(&list, ',')), word))
            return true;
    return false;
}

uint64_t rights_of(const struct user_scope *u)
{
    enum role role;
    uint64_t more;
    uint64_t less;
    if (!role_parse(u->role, &role))
        return 0;
    uint64_t rights = role_rights(role);
    if (u->desks.n > 0)
        for (size_t i = 0; i < sizeof desk_rights / sizeof *desk_rights; i++)
            if (!list_has(u->desks, desk_rights[i].desk))
                rights &= ~desk_rights[i].rights;
    /* A list that cannot be read gives nothing and takes everything: never more than was meant. */
    if (rights_parse(u->rights_more, &more))
        rights |= more;
    if (!rights_parse(u->rights_less, &less))
        return RIGHT(RIGHT_SIGNED_IN);
    return rights & ~less;
}
