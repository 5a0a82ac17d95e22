/* outgoing: the file of a link: only approved columns, one line per insured person, with a manifest
 * and our signature. */
#include "desk/linkage/inner.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { PAGE = 1000 };

struct making { /* one file */
    struct work *w;
    const struct open_link *o;
    struct columns columns;
    struct text text;
    int64_t *ids;
    size_t room;
    int64_t people;
};

static int ids_add(struct making *m, int64_t id)
{
    if ((size_t)m->people == m->room) {
        size_t room = m->room > 0 ? 2 * m->room : PAGE;
        int64_t *ids = ARENA_ARRAY(m->w->cx.arena, room, int64_t);
        if (!ids)
            return no_memory(m->w);
        if (m->people > 0)
            memcpy(ids, m->ids, (size_t)m->people * sizeof *ids);
        m->ids = ids;
        m->room = room;
    }
    m->ids[m->people++] = id;
    return OK;
}

static int line_add(struct making *m, const struct item_person *p)
{
    int rc = ids_add(m, p->person->person_id);
    for (size_t i = 0; rc >= 0 && i < m->columns.n; i++) {
        struct str value;
        rc = item_value(m->w, m->columns.rows[i].id, p, &value);
        if (rc >= 0)
            csv_add(&m->text, value);
    }
    csv_end(&m->text);
    return rc < 0 ? rc : m->text.failed ? no_memory(m->w) : OK;
}

static int page_add(struct making *m, const struct linkage_insured_page_list *list)
{
    struct context *cx = &m->w->cx;
    int64_t *ids = ARENA_ARRAY(cx->arena, list->n, int64_t);
    struct item_person *people = ARENA_ARRAY(cx->arena, list->n, struct item_person);
    size_t n = 0;
    if (!ids || !people)
        return no_memory(m->w);
    for (size_t i = 0; i < list->n; i++) {
        const struct linkage_insured_page_row *r = &list->rows[i];
        if (n > 0 && ids[n - 1] == r->person_id) /* of two households on one day: once */
            continue;
        ids[n] = r->person_id;
        people[n++] = (struct item_person){.acquired = r->acquired,
                                           .lost = r->lost,
                                           .symbol = r->symbol,
                                           .insured_no = r->insured_no,
                                           .branch = r->branch};
    }
    int rc = item_people(m->w, ids, people, n);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        if (people[i].person)
            rc = line_add(m, &people[i]);
    return rc;
}

static int lines_add(struct making *m)
{
    struct work *w = m->w;
    struct linkage_insured_page_in in = {.after = 0, .n = PAGE, .asof = {w->today, KNOWN_NOW}};
    struct linkage_insured_page_list list;
    int rc;
    for (size_t i = 0; i < m->columns.n; i++)
        csv_add(&m->text, m->columns.rows[i].name);
    csv_end(&m->text);
    do {
        rc = linkage_insured_page(&w->cx, w->store, &in, &list);
        if (rc >= 0 && list.n > 0)
            rc = page_add(m, &list);
        if (rc >= 0 && list.n > 0)
            in.after = list.rows[list.n - 1].person_id;
    } while (rc >= 0 && list.n == PAGE);
    return rc;
}

int link_file_make(struct work *w, const struct open_link *o, struct link_file *out)
{
    struct making m = {.w = w, .o = o};
    text_init(&m.text, LINK_FILE_MAXIMUM);
    int rc = layout_cut(&w->cx, o->layout, o->items, &m.columns);
    if (rc >= 0)
        rc = lines_add(&m);
    if (rc >= 0)
        *out = (struct link_file){.bytes = str_copy(w->cx.arena, text_str(&m.text)),
                                  .items = o->items,
                                  .people = m.people,
                                  .person_ids = m.ids};
    text_release(&m.text);
    return rc < 0 ? rc : out->bytes.p ? OK : no_memory(w);
}

static bool folder_make(struct str path)
{
    return path.p && (mkdir(path.p, 0700) == 0 || errno == EEXIST);
}

struct str folder_of(struct work *w, struct str link_no, const char *sub)
{
    struct arena *a = w->cx.arena;
    struct str all = str_format(a, "%s/links", office_city_path(w->office));
    struct str one =
        str_format(a, "%s/links/" STR_FMT, office_city_path(w->office), STR_ARG(link_no));
    struct str at = str_format(a, "%s/%s", one.p ? one.p : "", sub);
    return folder_make(all) && folder_make(one) && folder_make(at) ? at : STR_NONE;
}

static struct str manifest_of(struct work *w, const struct link_file *f, struct str link_no,
                              const char *sha256)
{
    struct text t;
    text_init(&t, 16 << 10);
    payload_put(&t, "link", link_no);
    payload_put(&t, "system", STR("nhi"));
    payload_put(&t, "file", f->name);
    payload_put(&t, "sha256", str_of(sha256));
    payload_put(&t, "items", f->items);
    text_addf(&t, "people\t%lld\n", (long long)f->people);
    payload_put_day(&t, "day", w->today);
    struct str s = t.failed ? STR_NONE : str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return s;
}

static int part_put(struct work *w, struct str folder, struct str name, const char *tail,
                    struct str bytes)
{
    struct str path =
        str_format(w->cx.arena, STR_FMT "/" STR_FMT "%s", STR_ARG(folder), STR_ARG(name), tail);
    return path.p ? file_write(&w->cx, path.p, bytes) : no_memory(w);
}

/* The signature comes last: a receiver that waits for it never reads half a file. */
static int file_put(struct work *w, struct str link_no, struct link_file *f, const char *sha256)
{
    struct str folder = folder_of(w, link_no, "out");
    struct str signature;
    if (!folder.p)
        return fail(&w->cx, ERR_IO, "linkage.folder", STR_FMT, STR_ARG(link_no));
    struct str manifest = manifest_of(w, f, link_no, sha256);
    int rc = manifest.p ? manifest_sign(w, manifest, &signature) : no_memory(w);
    if (rc >= 0)
        rc = part_put(w, folder, f->name, "", f->bytes);
    if (rc >= 0)
        rc = part_put(w, folder, f->name, ".manifest", manifest);
    return rc < 0 ? rc : part_put(w, folder, f->name, ".sig", signature);
}

int linkage_send(struct work *w, struct str link_no, struct link_file *sent)
{
    struct open_link o;
    struct passing p = {.way = "out", .link_no = link_no};
    char sha256[65], day[11];
    int rc = from_server(w, &p);
    if (rc >= 0)
        rc = link_open(w, &p, link_no, &o);
    if (rc >= 0)
        rc = link_file_make(w, &o, sent);
    if (rc < 0)
        return error_add(&w->cx, "send over " STR_FMT, STR_ARG(link_no));
    sha256_hex(sent->bytes, sha256);
    ymd_format(w->today, day);
    sent->name = str_format(w->cx.arena, STR_FMT "-%s.csv", STR_ARG(o.link.layout), day);
    p.items = sent->items;
    p.file_name = sent->name;
    p.sha256 = sha256;
    p.purpose = o.link.purpose;
    p.person_ids = sent->person_ids;
    p.people = sent->people;
    rc = audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                             .purpose = o.link.purpose,
                                             .query = link_no,
                                             .count = sent->people});
    if (rc >= 0)
        rc = passing_write(w, &p); /* no line, no file */
    if (rc >= 0)
        rc = file_put(w, link_no, sent, sha256);
    return rc < 0 ? error_add(&w->cx, "send over " STR_FMT, STR_ARG(link_no)) : OK;
}
