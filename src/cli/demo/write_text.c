/* Names, addresses and numbers of the model as texts. */
#include "write.h"

struct str number_text(struct writer *wr, int width, int64_t number)
{
    return str_format(&wr->texts, "%0*lld", width, (long long)number);
}

/* Every city has its own people: the seed moves the numbers, a prime spreads them. */
struct str my_number_text(struct writer *wr, int32_t person)
{
    const uint64_t spread = UINT64_C(30103000211), all = UINT64_C(100000000000);
    const uint64_t at = (uint64_t)person + wr->c->request.seed % 1000000 + 1;
    const struct str body =
        str_format(&wr->texts, "%011llu", (unsigned long long)(at * spread % all));

    return body.p ? str_format(&wr->texts, STR_FMT "%d", STR_ARG(body), my_number_digit(body))
                  : body;
}

static const struct word *surname_of(const struct demo_city *c, const struct op *op)
{
    const bool foreign = c->residents[op->person].nation != NONE && op->kind == NAME_REAL;
    return foreign ? &c->book.foreign.rows[op->u.name.surname]
                   : &c->book.surnames.rows[op->u.name.surname];
}

static const struct word *given_of(const struct demo_city *c, const struct op *op)
{
    return c->residents[op->person].nation != NONE ? &c->book.foreign.rows[op->u.name.given]
                                                   : &c->book.given.rows[op->u.name.given];
}

static const char wide_blank[] = "\xE3\x80\x80";

struct str person_name_text(struct writer *wr, const struct op *op)
{
    const struct word *s = surname_of(wr->c, op), *g = given_of(wr->c, op);

    if (s->text.p && g->text.p)
        return str_format(&wr->texts, STR_FMT "%s" STR_FMT, STR_ARG(s->text), wide_blank,
                          STR_ARG(g->text));
    if (s->text.p) /* 通称 with a given name that has no characters: its reading */
        return str_format(&wr->texts, STR_FMT "%s" STR_FMT, STR_ARG(s->text), wide_blank,
                          STR_ARG(g->kana));
    return str_format(&wr->texts, STR_FMT " " STR_FMT, STR_ARG(s->latin), STR_ARG(g->latin));
}

struct str person_kana_text(struct writer *wr, const struct op *op)
{
    const struct word *s = surname_of(wr->c, op), *g = given_of(wr->c, op);
    return str_format(&wr->texts, STR_FMT "%s" STR_FMT, STR_ARG(s->kana), wide_blank,
                      STR_ARG(g->kana));
}

/* Figures of an address are full width, those before 丁目 are kanji. */
static void add_wide(struct text *t, int number)
{
    char digits[16];
    int n = 0;

    do
        digits[n++] = (char)(number % 10);
    while ((number /= 10) > 0);
    while (n > 0)
        (void)utf8_add(t, 0xFF10 + digits[--n]);
}

static void add_chome(struct text *t, int chome)
{
    static const char *const kanji[] = {"",
                                        "\xE4\xB8\x80",
                                        "\xE4\xBA\x8C",
                                        "\xE4\xB8\x89",
                                        "\xE5\x9B\x9B",
                                        "\xE4\xBA\x94",
                                        "\xE5\x85\xAD",
                                        "\xE4\xB8\x83",
                                        "\xE5\x85\xAB",
                                        "\xE4\xB9\x9D"};
    if (chome > 0)
        (void)text_addf(t, "%s\xE4\xB8\x81\xE7\x9B\xAE", kanji[chome % 10]);
}

/* 「５番１２号」 where houses are numbered by blocks, 「１２３番地４」 elsewhere. */
static void add_house(struct text *t, const struct town *town, const struct place *p)
{
    add_wide(t, p->block);
    if (town->has_blocks) {
        (void)text_adds(t, "\xE7\x95\xAA");
        add_wide(t, p->house);
        (void)text_adds(t, "\xE5\x8F\xB7");
        return;
    }
    (void)text_adds(t, "\xE7\x95\xAA\xE5\x9C\xB0");
    if (p->house > 0)
        add_wide(t, p->house);
}

static struct str taken(struct writer *wr, struct text *t)
{
    const struct str out = str_copy(&wr->texts, text_str(t));
    text_clear(t);
    return out;
}

static void here(struct writer *wr, const struct place *p, const struct town *town, struct text *t,
                 struct address_fact *out)
{
    (void)text_add(t, town->name);
    add_chome(t, p->chome);
    out->town = taken(wr, t);
    add_house(t, town, p);
    out->number = taken(wr, t);
    out->building = STR_NONE;
    if (p->building != NONE) {
        (void)text_add(t, wr->c->book.buildings[p->building]);
        add_wide(t, p->room);
        (void)text_adds(t, "\xE5\x8F\xB7");
        out->building = taken(wr, t);
    }
    out->postal_code = town->postal_code;
    out->town_code = str_format(&wr->texts, STR_FMT "%03d", STR_ARG(town->code), p->chome);
}

int address_texts(struct writer *wr, const struct op *op, struct address_fact *out)
{
    const struct book *b = &wr->c->book;
    const struct place *p = &wr->c->places[op->u.address.place];
    struct text t;

    text_init(&t, 4096);
    here(wr, p, &b->towns[p->town], &t, out);
    text_release(&t);
    out->city_code = b->self.code;
    out->prefecture = b->self.prefecture;
    out->city = b->self.name;
    if (op->u.address.city != NONE) { /* elsewhere: the town of a made-up address is as good */
        const struct other_city *other = &b->cities[op->u.address.city];
        out->city_code = other->code;
        out->prefecture = other->prefecture;
        out->city = other->name;
        out->postal_code = out->town_code = STR_NONE;
    }
    return out->number.p && out->town.p ? OK : fail(&wr->w->cx, ERR_MEMORY, "demo.memory", NULL);
}
