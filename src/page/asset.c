/* asset: the style sheet, the script and the picture that pages use, built into the program. The
 * address carries the digest of the bytes, so that browsers may keep them for good. */
#include "page/page.h"

extern const unsigned char asset_style_css[];
extern const size_t asset_style_css_size;
extern const unsigned char asset_keys_js[];
extern const size_t asset_keys_js_size;
extern const unsigned char asset_icon_svg[];
extern const size_t asset_icon_svg_size;

static struct asset assets[] = {
    {.name = "style.css", .type = "text/css; charset=utf-8"},
    {.name = "keys.js", .type = "text/javascript; charset=utf-8"},
    {.name = "icon.svg", .type = "image/svg+xml"},
};
enum { ASSETS = sizeof assets / sizeof assets[0] };

static void load(void)
{
    assets[0].bytes = (struct str){(const char *)asset_style_css, asset_style_css_size};
    assets[1].bytes = (struct str){(const char *)asset_keys_js, asset_keys_js_size};
    assets[2].bytes = (struct str){(const char *)asset_icon_svg, asset_icon_svg_size};
    for (size_t i = 0; i < ASSETS; i++) {
        struct digest d = hash_of(assets[i].bytes);
        char hex[65];
        digest_hex(&d, hex);
        for (size_t k = 0; k < sizeof assets[i].tag - 1; k++)
            assets[i].tag[k] = hex[k];
    }
}

const struct asset *asset_find(struct str name)
{
    if (!assets[0].bytes.p)
        load();
    for (size_t i = 0; i < ASSETS; i++) {
        if (str_is(name, assets[i].name))
            return &assets[i];
    }
    return NULL;
}

void asset_url(struct html *h, const char *name)
{
    const struct asset *a = asset_find(str_of(name));
    html_raw(h, "/static/");
    html_raw(h, a ? a->tag : "0");
    html_raw(h, "/");
    html_raw(h, name);
}
