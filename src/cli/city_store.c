#include "cli/city_store.h"

#include "office/office.h"

#include <stdio.h>

int city_store_open(struct context *cx, const char *city, const char *which, enum store_mode mode,
                    struct store **out)
{
    struct str url;
    int rc = city_url(cx, city, which, &url);
    if (rc >= 0)
        rc = store_open(cx, str_c(cx->arena, url), mode, out);
    if (rc < 0)
        error_add(cx, "%s %s", city, which);
    return rc;
}

const char *sentence(const char *id)
{
    const struct message *m = message_find(id);
    return m ? m->text : id;
}

void print_json_text(struct str s)
{
    putchar('"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < 0x20)
            printf("\\u%04x", c);
        else
            putchar(c);
    }
    putchar('"');
}

static void print_member(const char *name, struct str value)
{
    printf(",\"%s\":", name);
    print_json_text(value);
}

int finding_print(void *print, const struct finding *f)
{
    struct finding_print *p = print;
    char id[80];
    snprintf(id, sizeof id, STR_FMT, STR_ARG(f->what));
    p->n++;
    if (p->json) {
        printf("{\"database\":\"%s\"", p->database);
        print_member("table", f->table);
        print_member("key", f->key);
        print_member("what", f->what);
        print_member("facts", f->facts);
        printf("}\n");
        return OK;
    }
    const struct message *m = message_find(id);
    printf("%s: " STR_FMT " " STR_FMT ": %s " STR_FMT "\n", p->database, STR_ARG(f->table),
           STR_ARG(f->key), m ? m->text : id, STR_ARG(f->facts));
    if (m && m->advice && *m->advice)
        printf("    %s\n", m->advice);
    return OK;
}
