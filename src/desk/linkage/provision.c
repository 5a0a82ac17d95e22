/* provision: the list of whom data may be given to by law, as data. */
#include "desk/linkage/inner.h"

extern const unsigned char linkage_provisions_tsv[];
extern const size_t linkage_provisions_tsv_size;

enum { PROVISIONS_MAXIMUM = 200 };

static struct str field(struct str *line)
{
    struct str f = str_cut(line, '\t');
    return f.p ? f : STR("");
}

static bool row_read(struct str line, struct provision *p)
{
    p->id = field(&line);
    p->way = field(&line);
    p->row = field(&line);
    p->former_row = field(&line);
    bool has_day = ymd_parse(field(&line), &p->valid_from);
    p->law = field(&line);
    p->receiver = field(&line);
    p->receiver_type = field(&line);
    p->receiver_name = field(&line);
    p->work = field(&line);
    p->kinds = field(&line);
    p->timing = field(&line);
    p->may_number = str_is(field(&line), "1");
    p->basis = field(&line);
    return has_day && p->basis.n > 0;
}

int linkage_provisions(struct context *cx, struct provisions *out)
{
    struct str rest = {(const char *)linkage_provisions_tsv, linkage_provisions_tsv_size};
    *out = (struct provisions){ARENA_ARRAY(cx->arena, PROVISIONS_MAXIMUM, struct provision), 0};
    if (!out->rows)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n');
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (out->n == PROVISIONS_MAXIMUM || !row_read(line, &out->rows[out->n]))
            return fail(cx, ERR_SYNTAX, "linkage.provision_row", STR_FMT, STR_ARG(line));
        out->n++;
    }
    return OK;
}

int provision_find(struct work *w, struct str id, struct provision *out)
{
    struct provisions all;
    int rc = linkage_provisions(&w->cx, &all);
    for (size_t i = 0; rc >= 0 && i < all.n; i++)
        if (str_equal(all.rows[i].id, id)) {
            *out = all.rows[i];
            return 1;
        }
    return rc;
}

struct str receiver_name(struct work *w, struct str provision)
{
    struct provision p;
    return provision_find(w, provision, &p) == 1 ? p.receiver_name : provision;
}

bool provision_is_ordinance(const struct provision *p)
{
    return str_is(p->basis, "ordinance");
}

bool word_in(struct str list, char separator, struct str word)
{
    while (list.n > 0)
        if (str_equal(str_trim(str_cut(&list, separator)), word))
            return true;
    return false;
}

int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
}
