/*
 * The kernel's sources compiled natively with KERNEL_CHECKED, so that each bound stated in them is asserted, and driven where
 * it matters: with the largest limbs the bounds allow, and with whole signatures from the standard input. Prints "passed" and
 * what was done; a broken bound, a wrong result or a sanitizer ends it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef DIGEST
#include "../../../src/eds/gost/kernel/digest.c"
#else
#include "../../../src/eds/gost/kernel/curve.c"
#endif

void kernel_bound_broken(const char *bound, int line) {
  fprintf(stderr, "broken at line %d: %s\n", line, bound);
  abort();
}

static void expect(int condition, const char *what) {
  if (condition) return;
  fprintf(stderr, "wrong: %s\n", what);
  exit(1);
}

static u64 seed;
static u64 next_random(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed;
}

static int read_octets(void *to, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    unsigned octet;
    if (scanf("%2x", &octet) != 1) return 0;
    ((u8 *)to)[i] = (u8)octet;
  }
  return 1;
}

#ifdef DIGEST
/*
 * Lines of: algorithm (512, 256 or 94), length, message, digest, after the tables in the order of digest.c. A message is given
 * to the buffer in one piece.
 */
int main(void) {
  unsigned algorithm, length, done = 0;
  expect(read_octets(lps_table, sizeof lps_table), "the tables");
  expect(read_octets(constants, sizeof constants), "the tables");
  expect(read_octets(substitution, sizeof substitution), "the tables");
  while (scanf("%u %u", &algorithm, &length) == 2) {
    u8 digest[64];
    const unsigned block = algorithm == 94 ? 32 : 64, size = algorithm == 512 ? 64 : 32;
    expect(length < BUFFER - 64 && read_octets(buffer.octet, length) && read_octets(digest, size), "a line");
    if (algorithm == 94) gost_reset();
    else streebog_reset(algorithm);
    if (algorithm == 94) gost_blocks(length / block);
    else streebog_blocks(length / block);
    memmove(buffer.octet, buffer.octet + length / block * block, length % block);
    if (algorithm == 94) gost_final(length % block, 8 * length, 0);
    else streebog_final(length % block);
    expect(!memcmp((const u8 *)&state + (algorithm == 256 ? 32 : 0), digest, size), "a digest");
    done++;
  }
  printf("passed %u digests\n", done);
  return 0;
}
#else

/* A limb at the edge of what a unit may be, or anywhere within. */
static u32 limb(void) {
  switch (next_random() % 8) {
    case 0: return 0;
    case 1: return 1;
    case 2: return MASK;
    case 3: return MASK + 1;
    case 4: return UNIT - 1;
    case 5: return (u32)(next_random() % (UNIT + 1));
    default: return UNIT;
  }
}

static void limbs(fe *r, int all_at_most) {
  for (int i = 0; i < LIMBS; i++) r->limb[i] = all_at_most ? UNIT : limb();
}

static int same(const fe *a, const fe *b) {
  fe x = *a, y = *b;
  canon(&x);
  canon(&y);
  return !memcmp(&x, &y, sizeof x);
}

static void canonical(fe *list, int count) {
  for (int i = 0; i < count; i++) canon(&list[i]);
}

/* The formulas are identities of polynomials: redundant limbs must give what canonical ones give, on or off the curve. */
static void formulas(int rounds) {
  for (int round = 0; round < rounds; round++) {
    jacobian p1, p2, r1, r2;
    affine a1, a2;
    const int edge = round < 2;
    limbs(&p1.x, edge), limbs(&p1.y, edge), limbs(&p1.z, edge);
    limbs(&a1.x, edge), limbs(&a1.y, edge);
    p2 = p1, a2 = a1;
    canonical(&p2.x, 3), canonical(&a2.x, 2);
    r1 = p1, r2 = p2;
    dbl(&r1), dbl(&r2);
    expect(same(&r1.x, &r2.x) && same(&r1.y, &r2.y) && same(&r1.z, &r2.z), "dbl");
    for (int negated = 0; negated < 2; negated++) {
      r1 = p1, r2 = p2;
      add_affine(&r1, &a1, negated), add_affine(&r2, &a2, negated);
      expect(same(&r1.x, &r2.x) && same(&r1.y, &r2.y) && same(&r1.z, &r2.z), "add_affine");
    }
    /* Two units by one, the most a product may take, against the sum of two products. */
    fe two, product, first, second, sum;
    add_raw(&two, &p1.x, &p1.y);
    mul(&product, &two, &p1.z);
    mul(&first, &p1.x, &p1.z);
    mul(&second, &p1.y, &p1.z);
    LIN(sum, L(first) + L(second));
    expect(equal(&product, &sum), "mul of two units");
    LIN(sum, L(first) + BIAS - L(first));
    expect(is_zero(&sum), "a - a");
  }
  /* The largest limb values LIN may meet. */
  fe out, full;
  for (int i = 0; i < LIMBS; i++) full.limb[i] = LIN_LIMIT;
  LIN(out, L(full));
  /* The most that may be subtracted from the largest product. */
  fe most, twice, three;
  limbs(&most, 1);
  add_raw(&twice, &most, &most);
  add_raw(&three, &twice, &most);
  mul_less(&out, &most, &three, &three, 3);
}

static void inversions(int rounds, const modulus *m) {
  for (int round = 0; round < rounds; round++) {
    u32 a[WORDS] = {0}, r[WORDS], one[WORDS] = {1};
    if (round < BITS) {
      a[round / 32] = 1u << (round % 32);
    } else if (round < BITS + 4) {
      a[0] = (u32)(round - BITS) + 1;
      subtract_words(a, m->word, a);
    } else {
      for (int i = 0; i < WORDS; i++) a[i] = (u32)next_random();
    }
    while (!less(a, m->word)) subtract_words(a, a, m->word);
    if (zero(a)) continue;
    invert(r, a, m);
    expect(less(r, m->word), "an inverse below the modulus");
    multiply_mod(r, r, a, m);
    expect(!memcmp(r, one, sizeof one), "an inverse");
  }
}

/* Points of the curve, their doubles and fourfolds: in the group exactly if n times them is infinity. */
static void members(int rounds) {
  int inside = 0, outside = 0;
  for (int round = 0; cofactor != 1 && inside + outside < rounds; round++) {
    fe right;
    affine q;
    jacobian multiple;
    u32 words[WORDS];
    for (int i = 0; i < WORDS; i++) words[i] = (u32)next_random();
    fe_from_words(&q.x, words);
    sq(&right, &q.x);
    LIN(right, L(right) + L(curve_a));
    mul(&right, &right, &q.x);
    LIN(right, L(right) + L(curve_b));
    if (!square_root(&q.y, &right)) continue;
    for (int doublings = round % 3; doublings > 0; doublings--) {
      from_affine(&batch[0], &q, 0);
      dbl(&batch[0]);
      normalise(&q, 1);
    }
    from_affine(&multiple, &q, 0);
    for (int i = 0; i < LIMBS; i++) multiple.z.limb[i] = 0;
    for (int i = BITS - 1; i >= 0; i--) {
      dbl(&multiple);
      if (bits_at(n.word, i, 1)) add_affine_careful(&multiple, &q, 0);
    }
    const int in_group = is_zero(&multiple.z);
    expect(is_fourfold(&q, &group) == in_group, "membership of the group");
    if (in_group) inside++;
    else outside++;
  }
  expect(cofactor == 1 || (inside > 0 && outside > 0), "points on both sides");
}

/* First line: a, b, gx, gy, n, t, cofactor. Then lines of: 1 if valid else 0, x, y, r, s, digest; little-endian in hex. */
int main(int count, char **argument) {
  const int rounds = count > 1 ? atoi(argument[1]) : 100;
  const unsigned size = sizeof slot[0];
  unsigned done = 0, prepared = 0, valid, h = 0;
  seed = 0x9e3779b97f4a7c15;
  expect(read_octets(slot[A], 6 * size) && scanf("%u", &h) == 1, "the curve");
  expect(init((int)h), "init");
  formulas(rounds);
  inversions(BITS + 4 + rounds, &n);
  inversions(BITS + 4 + rounds, &p);
  members(100 + rounds / 1000);
  affine *comb = malloc(prepared_size());
  while (scanf("%u", &valid) == 1) {
    expect(read_octets(slot[X], 5 * size), "a line");
    expect(verify() == (int)valid, "a verdict");
    if (done++ % 32 == 0 && prepare(comb)) {
      expect(verify_prepared(comb) == (int)valid, "a verdict under a prepared key");
      prepared++;
    }
  }
  free(comb);
  printf("passed %u signatures, %u prepared, %u careful\n", done, prepared, count_careful_runs());
  return 0;
}
#endif
