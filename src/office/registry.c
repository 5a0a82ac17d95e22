/* registry: the desks of this program; settings, jobs and entries are found through it. */
#include "office/inner.h"

#include <string.h>

static struct {
    const struct desk *const *desks;
    size_t n;
} registry;

void office_desks_set(const struct desk *const *desks, size_t n)
{
    registry.desks = desks;
    registry.n = n;
    for (size_t i = 0; i < n; i++) {
        if (desks[i]->schema)
            store_schema_add(desks[i]->schema);
        if (desks[i]->start)
            desks[i]->start();
    }
}

const struct desk *const *office_desks(size_t *n)
{
    *n = registry.n;
    return registry.desks;
}

const struct setting *setting_find(const char *key)
{
    for (size_t i = 0; i < registry.n; i++)
        for (size_t j = 0; j < registry.desks[i]->n_settings; j++)
            if (strcmp(registry.desks[i]->settings[j].key, key) == 0)
                return &registry.desks[i]->settings[j];
    return NULL;
}

const struct job_kind *job_kind_find(struct str name)
{
    for (size_t i = 0; i < registry.n; i++)
        for (size_t j = 0; j < registry.desks[i]->n_jobs; j++)
            if (str_is(name, registry.desks[i]->jobs[j].name))
                return &registry.desks[i]->jobs[j];
    return NULL;
}

const struct entry_kind *entry_kind_find(struct str kind)
{
    for (size_t i = 0; i < registry.n; i++)
        for (size_t j = 0; j < registry.desks[i]->n_entries; j++)
            if (str_is(kind, registry.desks[i]->entries[j].kind))
                return &registry.desks[i]->entries[j];
    return NULL;
}
