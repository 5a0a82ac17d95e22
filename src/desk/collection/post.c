/*
 * The job of printing: pieces of one kind; a piece is one file, one event, one transaction. What is
 * printed already is not in the work list any more, so a killed job goes on by itself.
 */
#include "desk/collection/post.h"
#include "collection_sql.h"
#include "desk/collection/post_inner.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

int post_no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* --- a document
 * ------------------------------------------------------------------------------------- */

static struct str code_of(struct work *w, const char *kind)
{
    struct str codes = str_copy(w->cx.arena, setting_get(w, "collection.insert_codes"));
    while (codes.n > 0) {
        struct str value = str_cut(&codes, ' ');
        const struct str name = str_cut(&value, '=');
        if (str_is(name, kind)) {
            return value;
        }
    }
    return STR("");
}

/* 1 the residence, 2 another place to send to, 3 to somebody who takes the mail; 9 by hand. */
static struct str delivery_of(const struct post_document *d)
{
    return d->reason != 0            ? STR("9")
           : d->to->to.care_of.n > 0 ? STR("3")
           : d->to->to.is_sending    ? STR("2")
                                     : STR("1");
}

static struct str bars_of(struct work *w, const struct addressee *to)
{
    char bars[68] = "";
    const struct str number = notice_address_number(w->cx.arena, to);
    if (to->postal_code.n == 0 || customer_bars(&w->cx, to->postal_code, number, bars) < 0) {
        error_clear(&w->cx);
        return STR("");
    }
    const struct str s = str_copy(w->cx.arena, str_of(bars));
    return s.p ? s : STR("");
}

/* A character that no font has and the like: that one is listed, the run goes on. */
static int draw(struct printing *p, struct post_document *d)
{
    struct work *w = p->w;
    int pages;
    if (d->reason != 0) {
        return OK;
    }
    pages = d->decision ? notice_draw(w, p->drawer, p->stream, d->decision)
                        : paper_stream_add(&w->cx, p->stream, p->form, &d->data);
    if (pages < 0 && pages != ERR_IO && pages != ERR_MEMORY) {
        const struct str why =
            str_format(w->cx.arena, "%s %s", w->cx.error.message, w->cx.error.facts);
        error_clear(&w->cx);
        d->reason = POST_UNPRINTABLE;
        job_progress(p->job)->failed++;
        return job_note(w, p->job, true, d->to->debtor_id, "collection.post.unprintable", why);
    }
    d->pages = pages < 0 ? 0 : pages;
    return pages;
}

int post_add(struct printing *p, struct post_document *d)
{
    struct work *w = p->w;
    struct collection_post_item *row = &p->rows[p->n];
    struct str data = STR("");
    int rc = draw(p, d);
    rc = rc < 0 || d->decision ? rc : letter_pack(w, &d->data, &data);
    if (rc < 0) {
        return rc;
    }
    const bool is_printed = d->reason == 0;
    *row = (struct collection_post_item){.batch_id = p->batch_id,
                                         .kind = str_of(p->kind),
                                         .letter_id = d->letter_id,
                                         .document_no = d->no,
                                         .debtor_id = d->to->debtor_id,
                                         .place = is_printed ? ++p->place : 0,
                                         .pages = d->pages,
                                         .insert_code = code_of(w, p->kind),
                                         .delivery_code = delivery_of(d),
                                         .bars = bars_of(w, &d->to->to),
                                         .yen = d->yen,
                                         .print_data = data,
                                         .layout_hash = {(const char *)p->hash.b, sizeof p->hash.b},
                                         .reason = d->reason,
                                         .known_from = p->event_no};
    p->looks[p->n++] = (struct audit_line){.class = AUDIT_PRINT,
                                           .person_id = d->to->debtor_id,
                                           .purpose = STR("collection.post"),
                                           .query = str_of(p->kind),
                                           .count = 1};
    job_progress(p->job)->done += is_printed;
    job_progress(p->job)->skipped += !is_printed && d->reason != POST_UNPRINTABLE;
    return is_printed || d->reason == POST_UNPRINTABLE
               ? OK
               : job_note(w, p->job, false, d->to->debtor_id, dunning_reason_message(d->reason),
                          str_format(w->cx.arena, "%s %lld", p->kind, (long long)d->no));
}

/* --- a piece
 * -------------------------------------------------------------------------------------------- */

static int open_stream(struct printing *p)
{
    struct work *w = p->w;
    struct paper *paper = NULL;
    struct paper_info info = {.title = str_of(p->kind), .issued = p->issue};
    int rc = office_paper(w, &paper);
    const char *path = str_c(w->cx.arena, str_format(w->cx.arena, "%s/%s-%04lld.pdf", p->folder,
                                                     p->kind, (long long)(p->place + 1)));
    if (rc < 0 || !path) {
        return rc < 0 ? rc : post_no_memory(w);
    }
    if (p->source->layout) {
        rc = letter_form(w, p->source->layout, &p->form, &p->hash);
        info.title = rc < 0 ? STR("") : form_title(p->form);
    } else {
        rc = notice_drawer_open(w, paper, &p->drawer);
    }
    return rc < 0 ? rc : paper_stream_open_file(&w->cx, paper, &info, path, &p->stream);
}

static int close_stream(struct printing *p, int rc)
{
    struct work *w = p->w;
    if (rc >= 0 && p->stream && paper_stream_pages(p->stream) > 0) {
        rc = paper_stream_close(&w->cx, p->stream);
    } else {
        paper_stream_abandon(p->stream);
    }
    form_free(p->form);
    notice_drawer_close(p->drawer);
    p->stream = NULL;
    p->form = NULL;
    p->drawer = NULL;
    return rc;
}

static int write_rows(struct printing *p)
{
    struct work *w = p->w;
    int64_t id = 0;
    int rc = p->n == 0 ? OK : store_ids(&w->cx, w->store, (int64_t)p->n, &id);
    for (size_t i = 0; i < p->n; i++) {
        p->rows[i].post_item_id = id + (int64_t)i;
    }
    rc = rc < 0 || p->n == 0 ? rc : collection_post_item_bulk(&w->cx, w->store, p->rows, p->n);
    rc = rc < 0 || p->n == 0 ? rc : audit_write_many(w, p->looks, p->n);
    return rc;
}

/* 1: there may be more of the kind. */
static int piece_inside(struct printing *p)
{
    struct work *w = p->w;
    struct event e = work_event(w, "collection.post");
    e.effective = p->issue;
    int rc = event_open(&w->cx, w->store, &e);
    p->event_no = e.no;
    p->run.event_no = e.no;
    p->n = 0;
    p->taken = 0;
    p->rows = ARENA_ARRAY(w->cx.arena, POST_PIECE, struct collection_post_item);
    p->looks = ARENA_ARRAY(w->cx.arena, POST_PIECE, struct audit_line);
    if (rc < 0 || !p->rows || !p->looks) {
        return rc < 0 ? rc : post_no_memory(w);
    }
    rc = open_stream(p);
    rc = rc < 0 ? rc : p->source->piece(p);
    rc = close_stream(p, rc);
    rc = rc < 0 ? rc : write_rows(p);
    rc = rc < 0 ? rc : FAULT(&w->cx, "collection.post.piece");
    rc = rc < 0 ? rc : job_checkpoint(w, p->job);
    return rc < 0 ? rc : p->taken > 0;
}

static int piece(struct printing *p)
{
    struct work *w = p->w;
    const struct arena_mark mark = arena_mark(w->cx.arena);
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    const int more = piece_inside(p);
    if (more <= 0) { /* nothing left: no event either */
        store_rollback(w->store);
        return more;
    }
    rc = store_commit(&w->cx, w->store);
    arena_rewind(w->cx.arena, mark);
    return rc < 0 ? rc : more;
}

/* --- the job
 * ---------------------------------------------------------------------------------------------- */

static int make_folder(struct printing *p)
{
    struct work *w = p->w;
    const char *city = office_city_path(w->office);
    const char *out = str_c(w->cx.arena, str_format(w->cx.arena, "%s/out", city));
    p->folder = str_c(w->cx.arena,
                      str_format(w->cx.arena, "%s/out/post-%lld", city, (long long)p->batch_no));
    if (!out || !p->folder) {
        return post_no_memory(w);
    }
    if ((mkdir(out, 0700) < 0 && errno != EEXIST) ||
        (mkdir(p->folder, 0700) < 0 && errno != EEXIST)) {
        return fail(&w->cx, ERR_IO, "levy.notices.folder", "%s", p->folder);
    }
    return OK;
}

static int new_batch(struct printing *p)
{
    struct work *w = p->w;
    struct event e = work_event(w, "collection.post_batch");
    const struct str contractor = job_option(p->job, "contractor");
    struct collection_post_batch row = {.made_ymd = w->today,
                                        .contractor = contractor.p ? contractor : STR(""),
                                        .title = STR(""),
                                        .job_id = job_id(p->job)};
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = event_open(&w->cx, w->store, &e);
    row.known_from = e.no;
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.batch_id);
    rc = rc < 0 ? rc : store_number(&w->cx, w->store, STR("collection.post"), 1, &row.batch_no);
    rc = rc < 0 ? rc : collection_post_batch_insert(&w->cx, w->store, &row);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    p->batch_id = row.batch_id;
    p->batch_no = row.batch_no;
    return store_commit(&w->cx, w->store);
}

static int open_batch(struct printing *p)
{
    struct work *w = p->w;
    const struct collection_post_batch_of_job_in in = {job_id(p->job)};
    struct collection_post_batch_of_job_row row;
    int rc = collection_post_batch_of_job(&w->cx, w->store, &in, &row);
    if (rc == 0) {
        rc = new_batch(p);
    } else if (rc > 0) {
        p->batch_id = row.batch_id;
        p->batch_no = row.batch_no;
        p->place = row.places;
    }
    return rc < 0 ? rc : make_folder(p);
}

/* The record of every place of the run, for enclosing and despatch: no name, no My Number. */
static int write_index(struct printing *p)
{
    struct work *w = p->w;
    const struct collection_post_index_in in = {p->batch_id};
    struct collection_post_index_list list;
    struct text t;
    int rc = collection_post_index(&w->cx, w->store, &in, &list);
    const char *path = str_c(w->cx.arena, str_format(w->cx.arena, "%s/index.csv", p->folder));
    if (rc < 0 || !path) {
        return rc < 0 ? rc : post_no_memory(w);
    }
    text_init(&t, (size_t)256 << 20);
    text_adds(&t, POST_INDEX_HEADS "\r\n");
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_post_index_row *r = &list.rows[i];
        text_addf(&t, "%lld," STR_FMT ",%lld,%lld," STR_FMT "," STR_FMT "," STR_FMT "\r\n",
                  (long long)r->place, STR_ARG(r->kind), (long long)r->document_no,
                  (long long)r->pages, STR_ARG(r->insert_code), STR_ARG(r->delivery_code),
                  STR_ARG(r->bars));
    }
    rc = t.failed ? post_no_memory(w) : file_write(&w->cx, path, text_str(&t));
    text_release(&t);
    return rc;
}

static int put_figures(struct printing *p)
{
    struct work *w = p->w;
    const struct collection_post_counts_in in = {p->batch_no};
    struct collection_post_counts_list list;
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = collection_post_counts(&w->cx, w->store, &in, &list);
    rc = rc < 0 ? rc : job_figure(w, p->job, "batch", p->batch_no);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const char *kind = str_c(w->cx.arena, list.rows[i].kind);
        const char *pulled =
            str_c(w->cx.arena, str_format(w->cx.arena, "%s_pulled", kind ? kind : ""));
        rc = kind && pulled ? job_figure(w, p->job, kind, list.rows[i].printed) : post_no_memory(w);
        rc = rc < 0 ? rc : job_figure(w, p->job, pulled, list.rows[i].pulled);
    }
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

/* "a,b" holds "b"; nothing named is everything. */
static bool is_wanted(struct str kinds, const char *kind)
{
    bool wanted = kinds.n == 0;
    while (kinds.n > 0) {
        wanted = str_is(str_cut(&kinds, ','), kind) || wanted;
    }
    return wanted;
}

int post_print_job(struct work *w, struct job *job)
{
    struct printing *p = ARENA_NEW(w->cx.arena, struct printing);
    int rc = p ? work_need(w, RIGHT_PRINT) : post_no_memory(w);
    if (rc < 0) {
        return rc;
    }
    *p = (struct printing){.w = w, .job = job};
    if (!ymd_parse(job_option(job, "issue-date"), &p->issue)) {
        return fail(&w->cx, ERR_INVALID, "collection.dunning.issue", NULL);
    }
    if (!ymd_parse(job_option(job, "notices"), &p->notices)) {
        p->notices = YMD_NONE;
    }
    p->with_slips = str_is(job_option(job, "slips"), "yes");
    rc = letter_run_open(w, &p->run);
    rc = rc < 0 ? rc : open_batch(p);
    for (size_t i = 0; rc >= 0 && i < POST_SOURCES; i++) {
        p->source = &post_sources[i];
        p->kind = post_sources[i].kind;
        int more = is_wanted(job_option(job, "kinds"), p->kind);
        while (rc >= 0 && more > 0) {
            more = piece(p);
            rc = more < 0 ? more : OK;
        }
    }
    rc = rc < 0 ? rc : write_index(p);
    return rc < 0 ? error_add(&w->cx, "print letters") : put_figures(p);
}
