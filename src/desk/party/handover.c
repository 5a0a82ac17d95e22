/* What the name matching came to, as a file for the other systems of the city: every link, in force
 * or ended, with a control record. A number names nobody: no name and no address leave with it. */
#include "desk/party/inner.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { MAXIMUM = 64 << 20 };
extern const unsigned char format_name_match_result[];
extern const size_t format_name_match_result_size;

static void put_link(struct work *w, struct csv_file *f, const struct party_links_known_row *r)
{
    const bool ended = !ymd_is_none(r->valid_to) && ymd_compare(r->valid_to, w->today) <= 0;

    csv_put(f, "person_no", r->person_no);
    csv_put(f, "leading_no", r->leading_no);
    csv_put(f, "state", ended ? STR("ended") : STR("joined"));
    csv_put_day(f, "from", r->valid_from);
    csv_put_day(f, "to", r->valid_to);
    csv_file_row(f);
}

/* The file of the day, in the city's folder "handover"; made again, it takes the other's place. */
static int write_file(struct work *w, struct str bytes)
{
    char day[11];
    const char *city = office_city_path(w->office);
    struct str folder = str_format(w->cx.arena, "%s/handover", city);

    ymd_format(w->today, day);
    struct str path = str_format(w->cx.arena, "%s/handover/name-match-%s.csv", city, day);
    if (!folder.p || !path.p)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    if (mkdir(folder.p, 0700) != 0 && errno != EEXIST)
        return fail(&w->cx, ERR_IO, "office.city_folder", "%s", folder.p);
    return file_write(&w->cx, path.p, bytes);
}

static int put_all(struct work *w, struct job *job, struct text *out)
{
    const struct str description = {(const char *)format_name_match_result,
                                    format_name_match_result_size};
    struct party_links_known_list list;
    struct csv_file f;
    int result =
        party_links_known(&w->cx, w->store, &(struct party_links_known_in){KNOWN_NOW}, &list);

    if (result < 0)
        return result;
    result = csv_file_open(&w->cx, &f, "name_match_result", description, out);
    for (size_t i = 0; i < list.n && result >= 0; i++)
        put_link(w, &f, &list.rows[i]);
    const int closed = csv_file_close(&w->cx, &f);
    job_progress(job)->total = job_progress(job)->done = (int64_t)list.n;
    return result < 0 ? result : closed;
}

/* Its end and the figure stand in the job's own transaction, after the file is there. */
static int finish(struct work *w, struct job *job)
{
    int result = STORE_BEGIN(&w->cx, w->store);

    if (result < 0)
        return result;
    result = job_figure(w, job, "links", job_progress(job)->done);
    if (result >= 0)
        result = job_checkpoint(w, job);
    if (result >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return result;
}

int party_hand_over(struct work *w, struct job *job)
{
    struct text out;
    int result = audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                     .purpose = STR("party.name_match_result"),
                                                     .count = -1});

    if (result < 0)
        return result;
    text_init(&out, MAXIMUM);
    result = put_all(w, job, &out);
    if (result >= 0)
        result = write_file(w, text_str(&out));
    text_release(&out);
    return result < 0 ? error_add(&w->cx, "hand over the name matching") : finish(w, job);
}
