/* headcount: how many people may use each file of personal data, and how many a city allows. */
#include "office/headcount.h"
#include "office/inner.h"
#include "office_sql.h"

/* The files of the NHI business and the rights that open them. A right that two files share counts
 * for both: what is counted is who can look, not who does. */
static const struct {
    const char *file;
    const char *setting;
    uint64_t rights;
    uint64_t unless; /* who has one of these is not of this group */
} files[HEADCOUNT_FILES] = {
    {"eligibility", "headcount.eligibility",
     RIGHT(RIGHT_ELIGIBILITY_VIEW) | RIGHT(RIGHT_ELIGIBILITY_EDIT) | RIGHT(RIGHT_CERTIFICATE_VIEW) |
         RIGHT(RIGHT_CERTIFICATE_EDIT),
     0},
    {"levy", "headcount.levy",
     RIGHT(RIGHT_LEVY_VIEW) | RIGHT(RIGHT_LEVY_EDIT) | RIGHT(RIGHT_LEVY_CONFIRM), 0},
    {"benefit", "headcount.benefit", RIGHT(RIGHT_BENEFIT_VIEW), 0},
    {"collection", "headcount.collection",
     RIGHT(RIGHT_COLLECTION_VIEW) | RIGHT(RIGHT_COLLECTION_EDIT), 0},
    {"keying", "headcount.keying", RIGHT(RIGHT_KEYING), RIGHT(RIGHT_COLLECTION_EDIT)},
};

static bool opens(size_t file, uint64_t rights)
{
    return (rights & files[file].rights) != 0 && (rights & files[file].unless) == 0;
}

static bool is_open(const struct office_db_headcount_row *u, struct ymd today)
{
    return ymd_is_none(u->expires_ymd) || ymd_compare(u->expires_ymd, today) >= 0;
}

int headcount_read(struct work *w, struct headcount out[HEADCOUNT_FILES])
{
    struct office_db_headcount_list list;
    const int rc = office_db_headcount(&w->cx, w->store, &list);

    if (rc < 0)
        return error_add(&w->cx, "count the users of each file");
    for (size_t f = 0; f < HEADCOUNT_FILES; f++) {
        out[f] = (struct headcount){.file = files[f].file,
                                    .allowed = setting_number(&w->cx, w->office, w->store,
                                                              files[f].setting)};
        for (size_t i = 0; i < list.n; i++) {
            const struct office_db_headcount_row *u = &list.rows[i];
            const struct user_scope scope = {u->role, u->desks, u->rights_more, u->rights_less};
            if (is_open(u, w->today) && opens(f, rights_of(&scope)))
                out[f].people++;
        }
    }
    return OK;
}

int headcount_allows(struct work *w, uint64_t before, uint64_t after)
{
    struct headcount counts[HEADCOUNT_FILES];
    const int rc = headcount_read(w, counts);

    for (size_t f = 0; rc >= 0 && f < HEADCOUNT_FILES; f++) {
        const bool comes = opens(f, after) && !opens(f, before);
        if (comes && counts[f].allowed > 0 && counts[f].people > counts[f].allowed)
            return fail(&w->cx, ERR_LIMIT, "office.headcount_full", "%s %lld", files[f].file,
                        (long long)counts[f].allowed);
    }
    return rc;
}
