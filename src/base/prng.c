#include "base/env.h"

#include <assert.h>

__extension__ typedef unsigned __int128 uwide;

/* splitmix64 spreads a small seed over the state, which must not be all zero. */
void prng_seed(struct prng *p, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        seed += UINT64_C(0x9E3779B97F4A7C15);
        uint64_t z = seed;
        z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
        p->s[i] = z ^ (z >> 31);
    }
}

static uint64_t rotate(uint64_t v, unsigned by)
{
    return (v << by) | (v >> (64 - by));
}

uint64_t prng_next(struct prng *p)
{
    uint64_t result = rotate(p->s[1] * 5, 7) * 9;
    uint64_t shifted = p->s[1] << 17;
    p->s[2] ^= p->s[0];
    p->s[3] ^= p->s[1];
    p->s[1] ^= p->s[2];
    p->s[0] ^= p->s[3];
    p->s[2] ^= shifted;
    p->s[3] = rotate(p->s[3], 45);
    return result;
}

/* The high half of a product, with the low results that would make it uneven drawn again. */
uint64_t prng_below(struct prng *p, uint64_t n)
{
    assert(n > 0);
    uint64_t uneven = (0 - n) % n;
    uwide product;
    do {
        product = (uwide)prng_next(p) * n;
    } while ((uint64_t)product < uneven);
    return (uint64_t)(product >> 64);
}

bool prng_chance(struct prng *p, uint32_t per_million)
{
    return prng_below(p, 1000000) < per_million;
}
