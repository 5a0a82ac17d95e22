/*
 * The files of a renewal: one PDF for each stream, drawn from what was kept when the documents were
 * issued. A file is there whole or not at all; one that is there is not drawn again.
 */
#include "desk/eligibility/renewal.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

struct drawing {
    struct work *w;
    struct job *job;
    struct paper *paper;
    struct str folder;
    struct ymd day;
    struct form *form;
    struct str layout_hash; /* of the form in hand */
};

static int make_folder(struct drawing *x)
{
    struct work *w = x->w;
    const char *city = office_city_path(w->office);
    char day[11];

    ymd_format(x->day, day);
    const char *out = str_c(w->cx.arena, str_format(w->cx.arena, "%s/out", city));
    const char *folder =
        str_c(w->cx.arena, str_format(w->cx.arena, "%s/out/certificates-%s", city, day));
    if (!out || !folder)
        return certificate_memory(w);
    if ((mkdir(out, 0700) < 0 && errno != EEXIST) || (mkdir(folder, 0700) < 0 && errno != EEXIST))
        return fail(&w->cx, ERR_IO, "eligibility.renewal.folder", "%s", folder);
    x->folder = str_of(folder);
    return OK;
}

/* The layout of the document before stays, while it is the same. */
static int take_form(struct drawing *x, const struct eligibility_renewal_stream_row *r)
{
    struct work *w = x->w;
    struct str layout;

    if (x->form && str_equal(x->layout_hash, r->layout_hash))
        return OK;
    form_free(x->form);
    x->form = NULL;
    int result = certificate_layout_of(w, r->layout, r->layout_hash, &layout);
    if (result >= 0)
        result = form_load(&w->cx, x->paper, "certificate.form", layout, &x->form);
    x->layout_hash = r->layout_hash;
    return result;
}

/* What cannot be printed is listed, the stream goes on. */
static int draw_one(struct drawing *x, struct paper_stream *s,
                    const struct eligibility_renewal_stream_row *r, const struct addressee *to)
{
    struct context *cx = &x->w->cx;
    struct form_data d;
    int result = form_data_unpack(cx, r->print_data, cx->arena, &d);

    if (result < 0)
        return result;
    if (to->is_protected) /* since it was issued */
        return job_note(x->w, x->job, false, r->person_id, "eligibility.renewal.1", r->serial);
    d.whose = r->person_no;
    result = paper_stream_add(cx, s, x->form, &d);
    if (result >= 0 || result == ERR_IO || result == ERR_MEMORY)
        return result;
    const struct str why = str_format(cx->arena, STR_FMT " %s %s", STR_ARG(r->serial),
                                      cx->error.message, cx->error.facts);
    error_clear(cx);
    job_progress(x->job)->failed++;
    return job_note(x->w, x->job, true, r->person_id, "eligibility.renewal.print", why);
}

static int audit_stream(struct drawing *x, const struct eligibility_renewal_stream_list *list)
{
    struct audit_line *lines = ARENA_ARRAY(x->w->cx.arena, list->n + 1, struct audit_line);

    if (!lines)
        return certificate_memory(x->w);
    for (size_t i = 0; i < list->n; i++)
        lines[i] = (struct audit_line){.class = AUDIT_PRINT,
                                       .person_id = list->rows[i].person_id,
                                       .purpose = STR("certificate-renewal"),
                                       .query = list->rows[i].serial,
                                       .count = 1};
    return list->n > 0 ? audit_write_many(x->w, lines, list->n) : OK;
}

static int addressees_of(struct drawing *x, const struct eligibility_renewal_stream_list *list,
                         struct addressee **out)
{
    int64_t *ids = ARENA_ARRAY(x->w->cx.arena, list->n + 1, int64_t);

    *out = ARENA_ARRAY(x->w->cx.arena, list->n + 1, struct addressee);
    if (!ids || !*out)
        return certificate_memory(x->w);
    for (size_t i = 0; i < list->n; i++)
        ids[i] = list->rows[i].person_id;
    return party_addressees(x->w, ids, list->n, STR("eligibility"), *out);
}

static int draw_file(struct drawing *x, const char *path,
                     const struct eligibility_renewal_stream_list *list)
{
    struct context *cx = &x->w->cx;
    struct paper_stream *s = NULL;
    struct addressee *to = NULL;
    int result = addressees_of(x, list, &to);

    if (result >= 0)
        result = take_form(x, &list->rows[0]);
    if (result >= 0) {
        const struct paper_info info = {.title = form_title(x->form), .issued = x->day};
        result = paper_stream_open_file(cx, x->paper, &info, path, &s);
    }
    for (size_t i = 0; i < list->n && result >= 0; i++) {
        result = take_form(x, &list->rows[i]);
        if (result >= 0)
            result = draw_one(x, s, &list->rows[i], &to[i]);
    }
    if (result >= 0)
        result = audit_stream(x, list);
    if (result >= 0 && paper_stream_pages(s) > 0)
        return paper_stream_close(cx, s);
    paper_stream_abandon(s);
    return result < 0 ? result : OK;
}

static int draw(struct drawing *x, int64_t renewal_no,
                const struct eligibility_renewal_streams_row *stream)
{
    struct work *w = x->w;
    struct eligibility_renewal_stream_list list;
    const char *path = str_c(w->cx.arena, str_format(w->cx.arena, STR_FMT "/" STR_FMT "-%04lld.pdf",
                                                     STR_ARG(x->folder), STR_ARG(stream->kind),
                                                     (long long)stream->stream));

    if (!path)
        return certificate_memory(w);
    if (access(path, F_OK) == 0)
        return OK;
    int result = FAULT(&w->cx, "eligibility.renewal.stream");
    if (result >= 0)
        result = eligibility_renewal_stream(&w->cx, w->store,
                                            &(struct eligibility_renewal_stream_in){renewal_no,
                                                                                    stream->kind,
                                                                                    stream->stream},
                                            &list);
    return result < 0 || list.n == 0 ? result : draw_file(x, path, &list);
}

int renewal_print(struct work *w, struct job *job, int64_t renewal_no, struct ymd day)
{
    struct drawing x = {.w = w, .job = job, .day = day};
    struct eligibility_renewal_streams_list list = {0};
    int result = make_folder(&x);

    if (result >= 0)
        result = eligibility_renewal_streams(&w->cx, w->store,
                                             &(struct eligibility_renewal_streams_in){renewal_no},
                                             &list);
    if (result >= 0)
        result = office_paper(w, &x.paper);
    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const struct arena_mark mark = arena_mark(w->cx.arena);
        result = draw(&x, renewal_no, &list.rows[i]);
        form_free(x.form);
        x.form = NULL;
        arena_rewind(w->cx.arena, mark);
    }
    form_free(x.form);
    return result < 0 ? error_add(&w->cx, "draw the streams of a renewal") : OK;
}
