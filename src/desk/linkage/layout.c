/* layout: the agreed specifications of files and inquiries (data/formats/link_*.tsv). */
#include "desk/linkage/inner.h"

#define FORMAT(name)                                                                               \
    extern const unsigned char format_##name[];                                                    \
    extern const size_t format_##name##_size

FORMAT(link_eligibility);
FORMAT(link_levy);
FORMAT(link_address);
FORMAT(link_assistance);

const struct layout layouts[] = {
    {"link_eligibility", "eligibility", false, format_link_eligibility,
     &format_link_eligibility_size},
    {"link_levy", "levy", false, format_link_levy, &format_link_levy_size},
    {"link_address", "party", false, format_link_address, &format_link_address_size},
    {"link_assistance", "eligibility", true, format_link_assistance, &format_link_assistance_size},
};
const size_t n_layouts = sizeof layouts / sizeof *layouts;

const struct layout *layout_find(struct str name)
{
    for (size_t i = 0; i < n_layouts; i++)
        if (str_is(name, layouts[i].name))
            return &layouts[i];
    return NULL;
}

int layout_columns(struct context *cx, const struct layout *l, struct columns *out)
{
    return columns_read(cx, cx->arena, l->name, (struct str){(const char *)l->text, *l->size}, out);
}

int layout_cut(struct context *cx, const struct layout *l, struct str items, struct columns *out)
{
    size_t n = 0;
    int rc = layout_columns(cx, l, out);
    for (size_t i = 0; rc >= 0 && i < out->n; i++)
        if (word_in(items, ',', out->rows[i].id))
            out->rows[n++] = out->rows[i];
    out->n = n;
    return rc;
}
