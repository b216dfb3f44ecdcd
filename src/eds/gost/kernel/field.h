/*
 * The field of p elements, p = 2^512 - 569 (P512) or p = 2^256 - 617 (P256).
 *
 * An element is LIMBS limbs of 29 bits in redundant form: limbs may exceed 29 bits a little and the value may exceed p.
 * A "unit" is a limb of at most UNIT = 2^29 + 2^24. Every function takes and gives units unless it says otherwise.
 *
 *   - The sum of two elements without a carry is two units, and may be multiplied by one unit only: a column of
 *     LIMBS products of fa-unit and fb-unit limbs is at most 18 * fa * fb * 2^58 * (1 + 2^-5)^2 < fa * fb * 2^62.27,
 *     and fits 64 bits for fa * fb <= 3.
 *   - Any other sum or difference goes through LIN, which carries.
 */
#ifndef FIELD_H
#define FIELD_H
#include "words.h"

#ifdef P512
#define LIMBS 18
#define WORDS 16 /* 32-bit words of a canonical number */
#define GAP 569u /* 2^512 - p */
#else
#define LIMBS 9
#define WORDS 8
#define GAP 617u /* 2^256 - p */
#endif

#define BITS (32 * WORDS)
#define LIMB_BITS 29
#define MASK ((1u << LIMB_BITS) - 1)
#define UNIT ((1u << 29) + (1u << 24))
#define TOP_BITS (BITS - LIMB_BITS * (LIMBS - 1)) /* bits of a canonical top limb */
#define FOLD (GAP << (LIMB_BITS - TOP_BITS))      /* 2^(29 * LIMBS) mod p */

typedef struct {
  u32 limb[LIMBS];
} fe;

#ifdef KERNEL_CHECKED
typedef __int128 wide; /* exact, so that a value that would wrap is seen */
typedef unsigned __int128 column;
INLINE void assert_units(const fe *a, u32 units) {
  for (int i = 0; i < LIMBS; i++) BOUND((u64)a->limb[i] <= (u64)units * UNIT);
}
#else
typedef u64 wide;
#define assert_units(a, units) ((void)0)
#endif

/*
 * 4 * (2^(29 * LIMBS) - FOLD), which is 0 mod p, as limbs. Limb 0 is 2^31 - 4 * FOLD > 2^31 - 2^22 and the others 2^31 - 4,
 * each more than the 2 * UNIT = 2^30 + 2^25 that may be subtracted from it: one BIAS for each two units subtracted.
 * (Twice instead of four times would not do: its limb 0 is below two overshooting limbs.)
 */
#define BIAS_AT(i) ((i) == 0 ? (1u << 31) - 4 * FOLD : (1u << 31) - 4)
#define BIAS ((wide)BIAS_AT(at_))

/* A limb of an element inside a LIN expression. */
#define L(a) ((wide)(a).limb[at_])

/*
 * out = expr, an expression over L(..) and BIAS, carried in parallel to units. Limb values must be in 0 .. LIN_LIMIT: then
 * limb 0 gains at most 28 * FOLD < 2^24 and each other limb at most 28. Limb by limb, so that `out` may stand in `expr`.
 */
#define LIN_LIMIT ((wide)28 << LIMB_BITS)
#define LIN(out, expr)                                                                             \
  do {                                                                                             \
    fe *const out_ = &(out);                                                                       \
    wide first_ = 0, last_ = 0;                                                                    \
    UNROLL for (int at_ = 0; at_ < LIMBS; at_++) {                                                 \
      const wide value_ = (expr);                                                                  \
      BOUND(value_ >= 0 && value_ <= LIN_LIMIT);                                                   \
      if (at_ == 0) first_ = value_;                                                               \
      else out_->limb[at_] = (u32)(value_ & MASK) + (u32)(last_ >> LIMB_BITS);                     \
      last_ = value_;                                                                              \
    }                                                                                              \
    out_->limb[0] = (u32)(first_ & MASK) + (u32)(last_ >> LIMB_BITS) * FOLD;                       \
    assert_units(out_, 1);                                                                         \
  } while (0)

/* out = a + b without a carry: two units. */
INLINE void add_raw(fe *out, const fe *a, const fe *b) {
  UNROLL for (int i = 0; i < LIMBS; i++) out->limb[i] = a->limb[i] + b->limb[i];
}

/* out[0 .. 2n - 2] = a * b, columns mod 2^64. */
#define SCHOOLBOOK(n)                                                                              \
  INLINE void multiply_##n(u64 *out, const u64 *a, const u64 *b) {                                 \
    UNROLL for (int k = 0; k < 2 * n - 1; k++) {                                                   \
      u64 sum = 0;                                                                                 \
      UNROLL for (int i = 0; i < n; i++)                                                           \
        if (k - i >= 0 && k - i < n) sum += a[i] * b[k - i];                                       \
      out[k] = sum;                                                                                \
    }                                                                                              \
  }

/* out[0 .. 16] = a * a for nine limbs, columns mod 2^64: each mixed product once, with a doubled operand. */
INLINE void square_9(u64 *out, const u64 *a) {
  u64 twice[9];
  UNROLL for (int i = 0; i < 9; i++) twice[i] = 2 * a[i];
  UNROLL for (int k = 0; k < 17; k++) {
    u64 sum = k & 1 ? 0 : a[k / 2] * a[k / 2];
    UNROLL for (int i = 0; i < 9; i++)
      if (k - i > i && k - i < 9) sum += twice[i] * a[k - i];
    out[k] = sum;
  }
}

#ifdef P512
SCHOOLBOOK(6)
/*
 * Three-way Karatsuba: six products of six limbs for the nine of the schoolbook. The products of sums and the differences
 * may wrap; the columns are right mod 2^64 and, by the bound above, less than 2^64.
 */
INLINE void columns_product(u64 *col, const u64 *a, const u64 *b) {
  u64 p0[11], p1[11], p2[11], p01[11], p02[11], p12[11], sa[6], sb[6];
  multiply_6(p0, a, b);
  multiply_6(p1, a + 6, b + 6);
  multiply_6(p2, a + 12, b + 12);
  UNROLL for (int i = 0; i < 6; i++) { sa[i] = a[i] + a[i + 6]; sb[i] = b[i] + b[i + 6]; }
  multiply_6(p01, sa, sb);
  UNROLL for (int i = 0; i < 6; i++) { sa[i] = a[i] + a[i + 12]; sb[i] = b[i] + b[i + 12]; }
  multiply_6(p02, sa, sb);
  UNROLL for (int i = 0; i < 6; i++) { sa[i] = a[i + 6] + a[i + 12]; sb[i] = b[i + 6] + b[i + 12]; }
  multiply_6(p12, sa, sb);
  UNROLL for (int k = 0; k < 35; k++) col[k] = 0;
  UNROLL for (int k = 0; k < 11; k++) {
    col[k] += p0[k];
    col[k + 6] += p01[k] - p0[k] - p1[k];
    col[k + 12] += p02[k] - p0[k] - p2[k] + p1[k];
    col[k + 18] += p12[k] - p1[k] - p2[k];
    col[k + 24] += p2[k];
  }
}

/* Karatsuba over two halves of nine limbs: three squarings of nine limbs. */
INLINE void columns_square(u64 *col, const u64 *a) {
  u64 low[17], high[17], both[17], sum[9];
  square_9(low, a);
  square_9(high, a + 9);
  UNROLL for (int i = 0; i < 9; i++) sum[i] = a[i] + a[i + 9];
  square_9(both, sum);
  UNROLL for (int k = 0; k < 35; k++) col[k] = 0;
  UNROLL for (int k = 0; k < 17; k++) {
    col[k] += low[k];
    col[k + 9] += both[k] - low[k] - high[k];
    col[k + 18] += high[k];
  }
}
#else
SCHOOLBOOK(9)
INLINE void columns_product(u64 *col, const u64 *a, const u64 *b) { multiply_9(col, a, b); }
INLINE void columns_square(u64 *col, const u64 *a) { square_9(col, a); }
#endif

/*
 * Columns below 2^63.9 to units. The upper columns are carried to 29-bit limbs h, each worth FOLD in the lower half; adding
 * h * FOLD < 2^49 and a carry < 2^36 to a column leaves it below 2^64. The last carry comes back to limb 0 and ripples
 * into two more limbs.
 */
INLINE void reduce(fe *out, const u64 *col) {
  u64 h[LIMBS + 1], carry = 0;
  UNROLL for (int k = 0; k < LIMBS - 1; k++) {
    carry += col[LIMBS + k];
    h[k] = carry & MASK;
    carry >>= LIMB_BITS;
  }
  h[LIMBS - 1] = carry & MASK;
  h[LIMBS] = carry >> LIMB_BITS;
  carry = 0;
  u64 t[LIMBS];
  UNROLL for (int k = 0; k < LIMBS; k++) {
    BOUND(((column)carry + col[k] + h[k] * FOLD) >> 64 == 0);
    carry += col[k] + h[k] * FOLD;
    t[k] = carry & MASK;
    carry >>= LIMB_BITS;
  }
  carry = (carry + h[LIMBS] * FOLD) * FOLD + t[0]; /* < 2^56 */
  out->limb[0] = (u32)(carry & MASK);
  carry = (carry >> LIMB_BITS) + t[1];
  out->limb[1] = (u32)(carry & MASK);
  out->limb[2] = (u32)((carry >> LIMB_BITS) + t[2]);
  UNROLL for (int k = 3; k < LIMBS; k++) out->limb[k] = (u32)t[k];
  assert_units(out, 1);
}

#ifdef KERNEL_CHECKED
/* The columns again in 128 bits by the schoolbook: none may reach 2^64, and the fast ones must equal them. */
INLINE void assert_columns(const u64 *col, const fe *a, const fe *b) {
  for (int k = 0; k < 2 * LIMBS - 1; k++) {
    column exact = 0;
    for (int i = 0; i < LIMBS; i++)
      if (k - i >= 0 && k - i < LIMBS) exact += (column)((u64)a->limb[i] * b->limb[k - i]);
    BOUND(exact >> 64 == 0 && (u64)exact == col[k]);
  }
}
#else
#define assert_columns(col, a, b) ((void)0)
#endif

/*
 * Takes c * 2^shift from the columns, plus a multiple of p that keeps them positive. c may have three units, since a limb of
 * BIAS exceeds 3 * UNIT, and shift may be 0 .. 3: at most 2^34 is added to a column. This costs less than a LIN afterwards.
 */
INLINE void subtract_columns(u64 *col, const fe *c, u32 shift) {
  for (int i = 0; i < LIMBS; i++) BOUND(c->limb[i] <= BIAS_AT(i) && shift <= 3);
  UNROLL for (int i = 0; i < LIMBS; i++) col[i] += (u64)(BIAS_AT(i) - c->limb[i]) << shift;
}

/*
 * r = a * b - c * 2^shift, nothing being subtracted for a null c. The limbs of a and b in units multiply to at most 3. r may
 * be any of them. One function for both uses: the code is straight-line, and two copies do not fit the instruction caches.
 */
NOINLINE void mul_less(fe *r, const fe *a, const fe *b, const fe *c, u32 shift) {
  u64 x[LIMBS], y[LIMBS], col[2 * LIMBS - 1];
  UNROLL for (int i = 0; i < LIMBS; i++) { x[i] = a->limb[i]; y[i] = b->limb[i]; }
  columns_product(col, x, y);
  assert_columns(col, a, b);
  if (c) subtract_columns(col, c, shift);
  reduce(r, col);
}

/* r = a^2 - c * 2^shift for one unit a, likewise. */
NOINLINE void sq_less(fe *r, const fe *a, const fe *c, u32 shift) {
  u64 x[LIMBS], col[2 * LIMBS - 1];
  UNROLL for (int i = 0; i < LIMBS; i++) x[i] = a->limb[i];
  columns_square(col, x);
  assert_columns(col, a, a);
  if (c) subtract_columns(col, c, shift);
  reduce(r, col);
}

INLINE void mul(fe *r, const fe *a, const fe *b) { mul_less(r, a, b, 0, 0); }
INLINE void sq(fe *r, const fe *a) { sq_less(r, a, 0, 0); }

/* One ripple over all limbs, what exceeds 2^BITS coming back as GAP times as much. */
static void ripple(fe *a) {
  u32 carry = 0;
  for (int i = 0; i < LIMBS - 1; i++) {
    carry += a->limb[i];
    a->limb[i] = carry & MASK;
    carry >>= LIMB_BITS;
  }
  carry += a->limb[LIMBS - 1];
  a->limb[LIMBS - 1] = carry & ((1u << TOP_BITS) - 1);
  a->limb[0] += (carry >> TOP_BITS) * GAP;
}

/*
 * The one representation in 0 .. p - 1. After the first ripple the value is below 2^BITS + 2^21, after the second below
 * 2^BITS with limb 0 perhaps not carried, after the third all limbs are. Then p is subtracted if adding GAP overflows.
 */
NOINLINE void canon(fe *a) {
  assert_units(a, 2);
  ripple(a);
  ripple(a);
  ripple(a);
  fe less = *a;
  less.limb[0] += GAP;
  u32 carry = 0;
  for (int i = 0; i < LIMBS - 1; i++) {
    carry += less.limb[i];
    less.limb[i] = carry & MASK;
    carry >>= LIMB_BITS;
  }
  carry += less.limb[LIMBS - 1];
  less.limb[LIMBS - 1] = carry & ((1u << TOP_BITS) - 1);
  if (carry >> TOP_BITS) *a = less;
}

static int is_zero(const fe *a) {
  fe t = *a;
  canon(&t);
  u32 any = 0;
  for (int i = 0; i < LIMBS; i++) any |= t.limb[i];
  return any == 0;
}

static int equal(const fe *a, const fe *b) {
  fe t;
  LIN(t, L(*a) + BIAS - L(*b));
  return is_zero(&t);
}

static void negate(fe *r, const fe *a) { LIN(*r, BIAS - L(*a)); }

static void set_one(fe *r) {
  for (int i = 0; i < LIMBS; i++) r->limb[i] = i == 0;
}

/* From and to WORDS little-endian 32-bit words; `fe_to_words` gives the canonical number. */
static void fe_from_words(fe *r, const u32 *words) {
  for (int i = 0; i < LIMBS; i++) {
    const int word = LIMB_BITS * i / 32;
    const u64 two = words[word] | (word + 1 < WORDS ? (u64)words[word + 1] << 32 : 0);
    r->limb[i] = (u32)(two >> (LIMB_BITS * i % 32)) & MASK;
  }
}

static void fe_to_words(u32 *words, const fe *a) {
  fe t = *a;
  canon(&t);
  u64 pending = 0;
  int bits = 0, word = 0;
  for (int i = 0; i < LIMBS; i++) {
    pending |= (u64)t.limb[i] << bits;
    bits += LIMB_BITS;
    if (bits >= 32 && word < WORDS) {
      words[word++] = (u32)pending;
      pending >>= 32;
      bits -= 32;
    }
  }
  if (word < WORDS) words[word] = (u32)pending;
}

#endif
