/* incoming: a file that another system put down for us. The system, its signature, the digest and
 * the layout must be right as a whole; one field too many or too few and nothing of it is taken. */
#include "desk/linkage/inner.h"

#include <string.h>

enum { FILE_MAXIMUM = 256 << 20, SMALL_MAXIMUM = 64 << 10 };

struct intake { /* one file */
    struct work *w;
    struct passing p;
    struct open_link o;
    struct str folder;
    struct str name;
    struct text bytes;
    struct text manifest;
    struct text signature;
    char sha256[65];
    struct table table;
    int64_t *ids;
};

static struct str path_of(struct intake *in, struct str folder, const char *tail)
{
    return str_format(in->w->cx.arena, STR_FMT "/" STR_FMT "%s", STR_ARG(folder), STR_ARG(in->name),
                      tail);
}

static int refuse(struct intake *in, enum status code, const char *message, struct str facts)
{
    return passing_refuse(in->w, &in->p, code, message, facts);
}

static bool name_is_plain(struct str name)
{
    return name.n > 0 && name.n < 200 && name.p[0] != '.' && !memchr(name.p, '/', name.n) &&
           !memchr(name.p, '\0', name.n);
}

static int part_read(struct intake *in, const char *tail, size_t maximum, struct text *out)
{
    struct str path = path_of(in, in->folder, tail);
    text_init(out, maximum);
    int rc = path.p ? file_read(&in->w->cx, path.p, maximum, out) : no_memory(in->w);
    return rc == ERR_NOT_FOUND ? refuse(in, ERR_NOT_FOUND, "linkage.file_missing", path) : rc;
}

static int parts_read(struct intake *in)
{
    if (!name_is_plain(in->name))
        return refuse(in, ERR_INVALID, "linkage.file_name", in->name);
    in->folder = folder_of(in->w, in->o.link.link_no, "in");
    if (!in->folder.p)
        return fail(&in->w->cx, ERR_IO, "linkage.folder", STR_FMT, STR_ARG(in->o.link.link_no));
    int rc = part_read(in, ".manifest", SMALL_MAXIMUM, &in->manifest);
    if (rc >= 0)
        rc = part_read(in, ".sig", SMALL_MAXIMUM, &in->signature);
    if (rc >= 0)
        rc = part_read(in, "", FILE_MAXIMUM, &in->bytes);
    if (rc >= 0)
        sha256_hex(text_str(&in->bytes), in->sha256);
    in->p.sha256 = in->sha256;
    return rc;
}

/* Who made it: a registered server, by its key. */
static int system_check(struct intake *in)
{
    struct work *w = in->w;
    struct str manifest = text_str(&in->manifest);
    struct linkage_system_row s;
    struct linkage_system_in find = {in->o.link.link_no,
                                     payload_get(manifest, "system"),
                                     {w->today, KNOWN_NOW}};
    in->p.source = find.system_no;
    if (!str_equal(payload_get(manifest, "link"), in->o.link.link_no))
        return refuse(in, ERR_DENIED, "linkage.unknown_link", payload_get(manifest, "link"));
    int found = linkage_system(&w->cx, w->store, &find, &s);
    if (found <= 0)
        return found < 0 ? found : refuse(in, ERR_DENIED, "linkage.unknown_system", find.system_no);
    if (!str_is(s.kind, "server"))
        return refuse(in, ERR_DENIED, "linkage.from_terminal", find.system_no);
    if (!manifest_is_of(manifest, text_str(&in->signature), s.public_key))
        return refuse(in, ERR_DENIED, "linkage.signature", find.system_no);
    if (!str_is(payload_get(manifest, "sha256"), in->sha256))
        return refuse(in, ERR_INVALID, "linkage.digest", in->name);
    return OK;
}

static int seen_check(struct intake *in)
{
    struct linkage_transfer_seen_row row;
    struct linkage_transfer_seen_in find = {in->o.link.link_no, str_of(in->sha256)};
    int rc = linkage_transfer_seen(&in->w->cx, in->w->store, &find, &row);
    return rc > 0 ? refuse(in, ERR_DUPLICATE, "linkage.seen", in->name) : rc;
}

static int layout_check(struct intake *in)
{
    struct context *cx = &in->w->cx;
    struct columns *columns = ARENA_NEW(cx->arena, struct columns);
    int rc = columns ? layout_cut(cx, in->o.layout, in->o.items, columns) : no_memory(in->w);
    if (rc >= 0)
        rc = table_read(cx, cx->arena, columns, text_str(&in->bytes), &in->table);
    if (rc < 0 || in->table.all_problems == 0)
        return rc;
    const struct table_problem *first = &in->table.problems[0];
    return refuse(in, ERR_INVALID, "linkage.layout",
                  str_format(cx->arena, "%zu: line %lld " STR_FMT " (%s)", in->table.all_problems,
                             (long long)first->line, STR_ARG(first->field), first->reason));
}

/* By the number only; an unknown one refuses the file, nobody is looked for by name [ADR-008]. */
static int keys_check(struct intake *in)
{
    struct work *w = in->w;
    size_t n = in->table.n, key = column_of(in->table.columns, "person_no");
    struct str *nos = ARENA_ARRAY(w->cx.arena, n + 1, struct str);
    in->ids = ARENA_ARRAY(w->cx.arena, n + 1, int64_t);
    if (!nos || !in->ids)
        return no_memory(w);
    for (size_t i = 0; i < n; i++)
        nos[i] = in->table.rows[i].fields[key];
    int rc = n > 0 ? party_ids_by_no(w, nos, n, in->ids) : OK;
    for (size_t i = 0; rc >= 0 && i < n; i++)
        if (in->ids[i] == 0)
            return refuse(in, ERR_INVALID, "linkage.unknown_key",
                          str_format(w->cx.arena, "line %lld", (long long)in->table.rows[i].line));
    return rc;
}

static int put_away(struct intake *in)
{
    static const char *const tails[] = {"", ".manifest", ".sig"};
    struct context *cx = &in->w->cx;
    struct str accepted = folder_of(in->w, in->o.link.link_no, "accepted");
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        struct str from = path_of(in, in->folder, tails[i]);
        struct str to = path_of(in, accepted, tails[i]);
        if (!accepted.p || !from.p || !to.p || cx->env->rename(cx->env, from.p, to.p) < 0)
            return fail(cx, ERR_IO, "linkage.folder", STR_FMT, STR_ARG(in->name));
    }
    return OK;
}

static int take(struct intake *in)
{
    struct work *w = in->w;
    in->p.items = in->o.items;
    in->p.purpose = in->o.link.purpose;
    in->p.person_ids = in->ids;
    in->p.people = (int64_t)in->table.n;
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = in->o.link.purpose,
                                                 .query = in->name,
                                                 .count = in->p.people});
    if (rc >= 0)
        rc = passing_write(w, &in->p);
    return rc < 0 ? rc : put_away(in);
}

/* What this partner may tell us over a link, before anything is read. */
static int origin_check(struct intake *in)
{
    in->p.giver = in->o.link.partner;
    if (intake_is_allowed(str_of(in->o.layout->name), in->p.giver, STR("link")))
        return OK;
    return refuse(in, ERR_DENIED, "office.intake_pair",
                  str_format(in->w->cx.arena, "%s source=" STR_FMT " route=link",
                             in->o.layout->name, STR_ARG(in->p.giver)));
}

static int run(struct intake *in, struct str link_no)
{
    int rc = from_server(in->w, &in->p);
    if (rc >= 0)
        rc = link_open(in->w, &in->p, link_no, &in->o);
    if (rc >= 0)
        rc = origin_check(in);
    if (rc >= 0)
        rc = parts_read(in);
    if (rc >= 0)
        rc = system_check(in);
    if (rc >= 0)
        rc = seen_check(in);
    if (rc >= 0)
        rc = layout_check(in);
    if (rc >= 0)
        rc = keys_check(in);
    return rc < 0 ? rc : take(in);
}

int linkage_receive(struct work *w, struct str link_no, struct str file_name, int64_t *people)
{
    struct intake in = {.w = w, .name = file_name};
    in.p = (struct passing){.way = "in", .link_no = link_no, .file_name = file_name};
    int rc = run(&in, link_no);
    *people = rc < 0 ? 0 : in.p.people;
    text_release(&in.bytes);
    text_release(&in.manifest);
    text_release(&in.signature);
    return rc < 0 ? error_add(&w->cx, "receive " STR_FMT, STR_ARG(file_name)) : OK;
}
