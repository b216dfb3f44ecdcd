/*
 * Numbers of WORDS little-endian 32-bit words modulo n, and inversion modulo n or p.
 */
#ifndef SCALAR_H
#define SCALAR_H
#include "field.h"

static int less(const u32 *a, const u32 *b) {
  for (int i = WORDS - 1; i >= 0; i--)
    if (a[i] != b[i]) return a[i] < b[i];
  return 0;
}

static int zero(const u32 *a) {
  u32 any = 0;
  for (int i = 0; i < WORDS; i++) any |= a[i];
  return any == 0;
}

static void copy(u32 *r, const u32 *a) {
  for (int i = 0; i < WORDS; i++) r[i] = a[i];
}

/* r = a + b; the carry out of the top word is returned. */
static u32 add_words(u32 *r, const u32 *a, const u32 *b) {
  u64 carry = 0;
  for (int i = 0; i < WORDS; i++) {
    carry += (u64)a[i] + b[i];
    r[i] = (u32)carry;
    carry >>= 32;
  }
  return (u32)carry;
}

/* r = a - b modulo 2^BITS. */
static void subtract_words(u32 *r, const u32 *a, const u32 *b) {
  i64 borrow = 0;
  for (int i = 0; i < WORDS; i++) {
    borrow += (i64)a[i] - b[i];
    r[i] = (u32)borrow;
    borrow >>= 32;
  }
}

/* An odd modulus with what inversion and Montgomery multiplication need of it. */
#define INVERSION_LIMBS LIMBS /* of 30 bits: 540 for 512, 270 for 256 */
#define INVERSION_MASK ((1 << 30) - 1)
typedef struct {
  u32 word[WORDS];
  u32 square[WORDS];         /* 2^(2 * BITS) modulo it */
  u32 inverse;               /* of it modulo 2^32 */
  i32 limb[INVERSION_LIMBS]; /* 30 bits each */
} modulus;

/* Limbs of 30 bits, the top one signed. */
static void limbs30(i32 *limb, const u32 *words) {
  for (int i = 0; i < INVERSION_LIMBS; i++) {
    const int word = 30 * i / 32;
    const u64 two = (word < WORDS ? words[word] : 0) | (word + 1 < WORDS ? (u64)words[word + 1] << 32 : 0);
    limb[i] = (i32)(two >> (30 * i % 32)) & INVERSION_MASK;
  }
}

static void words30(u32 *words, const i32 *limb) {
  u64 pending = 0;
  int bits = 0, word = 0;
  for (int i = 0; i < INVERSION_LIMBS; i++) {
    pending |= (u64)(u32)limb[i] << bits;
    bits += 30;
    if (bits >= 32 && word < WORDS) {
      words[word++] = (u32)pending;
      pending >>= 32;
      bits -= 32;
    }
  }
}

static void modulus_init(modulus *m) {
  u32 x = m->word[0]; /* inverse modulo 8; each step doubles the bits */
  for (int i = 0; i < 4; i++) x *= 2 - m->word[0] * x;
  m->inverse = x;
  limbs30(m->limb, m->word);
  for (int i = 0; i < WORDS; i++) m->square[i] = i == 0;
  for (int i = 0; i < 2 * BITS; i++) {
    const u32 carry = add_words(m->square, m->square, m->square);
    if (carry || !less(m->square, m->word)) subtract_words(m->square, m->square, m->word);
  }
}

/* Montgomery: r = a * b / 2^BITS modulo m, for a and b below m. */
static void montgomery(u32 *r, const u32 *a, const u32 *b, const modulus *m) {
  u32 t[WORDS + 2] = {0};
  for (int i = 0; i < WORDS; i++) {
    u64 carry = 0;
    for (int j = 0; j < WORDS; j++) {
      carry += (u64)a[j] * b[i] + t[j];
      t[j] = (u32)carry;
      carry >>= 32;
    }
    carry += t[WORDS];
    t[WORDS] = (u32)carry;
    t[WORDS + 1] = (u32)(carry >> 32);
    const u32 q = -t[0] * m->inverse;
    carry = ((u64)q * m->word[0] + t[0]) >> 32;
    for (int j = 1; j < WORDS; j++) {
      carry += (u64)q * m->word[j] + t[j];
      t[j - 1] = (u32)carry;
      carry >>= 32;
    }
    carry += t[WORDS];
    t[WORDS - 1] = (u32)carry;
    t[WORDS] = t[WORDS + 1] + (u32)(carry >> 32);
  }
  if (t[WORDS] || !less(t, m->word)) subtract_words(r, t, m->word);
  else copy(r, t);
}

/* r = a * b modulo m. */
static void multiply_mod(u32 *r, const u32 *a, const u32 *b, const modulus *m) {
  u32 t[WORDS];
  montgomery(t, a, m->square, m);
  montgomery(r, t, b, m);
}

/*
 * Inversion by the division steps of Bernstein and Yang ("Fast constant-time gcd computation and modular inversion",
 * 2019), here in variable time: thirty steps on the low words give a matrix, which is then applied to the whole numbers.
 * The entries satisfy |u| + |v| <= 2^30 and |q| + |r| <= 2^30.
 */
typedef struct {
  i32 u, v, q, r;
} steps;

static int thirty_steps(int delta, u32 f, u32 g, steps *out) {
  i32 u = 1, v = 0, q = 0, r = 1;
  for (int left = 30;;) {
    const int even = __builtin_ctz(g | 1u << left);
    g >>= even;
    u = (i32)((u32)u << even);
    v = (i32)((u32)v << even);
    delta += even;
    left -= even;
    if (left == 0) break;
    if (delta > 0) {
      delta = -delta;
      const u32 f0 = f;
      f = g;
      g = -f0;
      const i32 u0 = u, v0 = v;
      u = q;
      q = -u0;
      v = r;
      r = -v0;
    }
    g += f;
    q += u;
    r += v;
  }
  *out = (steps){u, v, q, r};
  return delta;
}

/* (f, g) = (u f + v g, q f + r g) / 2^30, which is exact. */
static void apply_exact(i32 *f, i32 *g, const steps *t) {
  i64 cf = (i64)t->u * f[0] + (i64)t->v * g[0];
  i64 cg = (i64)t->q * f[0] + (i64)t->r * g[0];
  BOUND((cf & INVERSION_MASK) == 0 && (cg & INVERSION_MASK) == 0);
  for (int i = 1; i < INVERSION_LIMBS; i++) {
    cf = (cf >> 30) + (i64)t->u * f[i] + (i64)t->v * g[i];
    cg = (cg >> 30) + (i64)t->q * f[i] + (i64)t->r * g[i];
    f[i - 1] = (i32)(cf & INVERSION_MASK);
    g[i - 1] = (i32)(cg & INVERSION_MASK);
  }
  f[INVERSION_LIMBS - 1] = (i32)(cf >> 30);
  g[INVERSION_LIMBS - 1] = (i32)(cg >> 30);
}

/*
 * (d, e) = (u d + v e, q d + r e) / 2^30 modulo m. Both stay in -2m .. m: a negative one is first raised by m, so that the
 * combination is within 2^30 m either way, then a multiple of m below 2^30 is subtracted to make it divisible.
 */
static void apply_modular(i32 *d, i32 *e, const steps *t, const modulus *m) {
  const i32 dn = d[INVERSION_LIMBS - 1] < 0, en = e[INVERSION_LIMBS - 1] < 0;
  const i64 raise_d = (dn ? (i64)t->u : 0) + (en ? (i64)t->v : 0);
  const i64 raise_e = (dn ? (i64)t->q : 0) + (en ? (i64)t->r : 0);
  i64 cd = (i64)t->u * d[0] + (i64)t->v * e[0];
  i64 ce = (i64)t->q * d[0] + (i64)t->r * e[0];
  const i64 md = raise_d - (i64)(((u32)cd * m->inverse + (u32)raise_d) & INVERSION_MASK);
  const i64 me = raise_e - (i64)(((u32)ce * m->inverse + (u32)raise_e) & INVERSION_MASK);
  cd += md * m->limb[0];
  ce += me * m->limb[0];
  BOUND((cd & INVERSION_MASK) == 0 && (ce & INVERSION_MASK) == 0);
  for (int i = 1; i < INVERSION_LIMBS; i++) {
    cd = (cd >> 30) + (i64)t->u * d[i] + (i64)t->v * e[i] + md * m->limb[i];
    ce = (ce >> 30) + (i64)t->q * d[i] + (i64)t->r * e[i] + me * m->limb[i];
    d[i - 1] = (i32)(cd & INVERSION_MASK);
    e[i - 1] = (i32)(ce & INVERSION_MASK);
  }
  d[INVERSION_LIMBS - 1] = (i32)(cd >> 30);
  e[INVERSION_LIMBS - 1] = (i32)(ce >> 30);
}

/* a = factor * a + m * add, factor being 1 or -1, limbs carried. */
static void combine30(i32 *a, i32 factor, const i32 *m, i32 add) {
  i32 carry = 0;
  for (int i = 0; i < INVERSION_LIMBS; i++) {
    carry += factor * a[i] + add * m[i];
    if (i == INVERSION_LIMBS - 1) a[i] = carry;
    else a[i] = carry & INVERSION_MASK;
    carry >>= 30;
  }
}

/* r = 1 / a modulo the prime m, for a in 1 .. m - 1. */
NOINLINE void invert(u32 *r, const u32 *a, const modulus *m) {
  i32 f[INVERSION_LIMBS], g[INVERSION_LIMBS], d[INVERSION_LIMBS] = {0}, e[INVERSION_LIMBS] = {1};
  for (int i = 0; i < INVERSION_LIMBS; i++) f[i] = m->limb[i];
  limbs30(g, a);
  for (int delta = 1;;) {
    u32 any = 0;
    for (int i = 0; i < INVERSION_LIMBS; i++) any |= (u32)g[i];
    if (any == 0) break;
    steps t;
    delta = thirty_steps(delta, (u32)f[0] | (u32)f[1] << 30, (u32)g[0] | (u32)g[1] << 30, &t);
    apply_modular(d, e, &t, m);
    apply_exact(f, g, &t);
  }
  /* f is 1 or -1 and d * a = f modulo m. */
  if (d[INVERSION_LIMBS - 1] < 0) combine30(d, 1, m->limb, 1);
  if (f[INVERSION_LIMBS - 1] < 0) combine30(d, -1, m->limb, 0);
  if (d[INVERSION_LIMBS - 1] < 0) combine30(d, 1, m->limb, 1);
  words30(r, d);
}

/* `count` (at most 31) bits of k from bit `at` on; above the number there are zeros. */
static u32 bits_at(const u32 *k, int at, int count) {
  const int word = at >> 5;
  if (word >= WORDS) return 0;
  const u64 two = k[word] | (word + 1 < WORDS ? (u64)k[word + 1] << 32 : 0);
  return (u32)(two >> (at & 31)) & ((1u << count) - 1);
}

/*
 * Signed digits of k of which one in `width` consecutive ones is not zero, odd and below 2^(width - 1) in absolute value:
 * k = sum digit[i] * 2^i, i = 0 .. BITS. The highest place of a digit that is not zero is returned.
 */
static int non_adjacent_form(i16 *digit, const u32 *k, int width) {
  int top = 0;
  u32 carry = 0;
  for (int i = 0; i <= BITS; i++) digit[i] = 0;
  for (int at = 0; at <= BITS;) {
    if (bits_at(k, at, 1) == carry) {
      at++;
      continue;
    }
    const u32 window = bits_at(k, at, width) + carry; /* odd */
    carry = window >> (width - 1) & 1;
    digit[at] = (i16)((i32)window - (i32)(carry << width));
    top = at;
    at += width;
  }
  return top;
}

#endif
