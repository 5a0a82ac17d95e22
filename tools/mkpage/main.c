/* main: reads every head, then compiles every body, then writes both files. */
#include "mkpage.h"

#include <stdlib.h>
#include <string.h>

static void resolve_forms(struct program *p, struct unit *u, struct member *m)
{
    for (; m; m = m->next) {
        resolve_forms(p, u, m->first);
        if (m->type != T_FORM)
            continue;
        m->form = form_find(p, m->part);
        if (!m->form)
            stop_at(&u->source, m->line, 1, "there is no form %s", m->part);
    }
}

static void read_heads(struct program *p, int argc, char **argv)
{
    for (int i = 4; i < argc; i++) {
        if (p->n_units == MAX_FILES) {
            fprintf(stderr, "mkpage: more than %d files\n", MAX_FILES);
            exit(2);
        }
        struct unit *u = &p->units[p->n_units++];
        source_open(&u->source, argv[i]);
        head_read(p, u);
        for (size_t k = 0; k + 1 < p->n_units; k++) {
            if (strcmp(p->units[k].name, u->name) == 0 && p->units[k].kind != UNIT_FORMS &&
                u->kind != UNIT_FORMS)
                stop_at(&u->source, 1, 1, "%s has this name already", p->units[k].source.file);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: mkpage PREFIX OUT.h OUT.c FILE...\n");
        return 2;
    }
    struct program *p = pool(sizeof *p);
    p->prefix = argv[1];
    const char *slash = strrchr(argv[2], '/');
    p->header_name = slash ? slash + 1 : argv[2];
    read_heads(p, argc, argv);
    for (size_t i = 0; i < p->n_units; i++)
        resolve_forms(p, &p->units[i], p->units[i].view);
    emit_forms(p);
    emit_types(p);
    for (size_t i = 0; i < p->n_units; i++)
        body_compile(p, &p->units[i]);
    emit_files(p, argv[2], argv[3]);
    return 0;
}
