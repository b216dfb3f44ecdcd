/*
 * The field of p elements, p = 2^512 - 569 (P512) or p = 2^256 - 617 (P256).
 *
 * An element is LIMBS limbs of 29 bits in redundant form: limbs may exceed 29 bits a little and the value may exceed p.
 * A "unit" is a limb of at most UNIT = 2^29 + 2^24. Every function takes and gives units unless it says otherwise.
 *
 *   - The sum of two elements without a carry is two units, and may be multiplied by one unit only: a column of
 *     LIMBS products of fa-unit and fb-unit limbs is at most 18 * fa * fb * 2^58 * (1 + 2^-5)^2 < fa * fb * 2^62.27,
 *     and fits 64 bits for fa * fb <= 3, with room for what the reduction adds.
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
typedef unsigned __int128 column; /* exact, so that a value that would wrap is seen */
INLINE void assert_units(const fe *a, u32 units) {
  for (int i = 0; i < LIMBS; i++) BOUND((u64)a->limb[i] <= (u64)units * UNIT);
}
#else
#define assert_units(a, units) ((void)0)
#endif

/* --- sums and differences ---------------------------------------------------------------------------------------- */

/*
 * Four limbs at a time, in portable 128-bit SIMD; the last four overlap the ones before where LIMBS is not a multiple of four.
 * In the checked build the lanes of an expression are wider than what they must fit.
 */
typedef u32 four __attribute__((vector_size(16), aligned(4), may_alias));
#define FOURS ((LIMBS + 3) / 4)
#define FOUR_AT(i) ((i) < FOURS - 1 ? 4 * (i) : LIMBS - 4)
#ifdef KERNEL_CHECKED
typedef i64 lanes __attribute__((vector_size(32)));
#define LANES(four_) __builtin_convertvector(four_, lanes)
#else
typedef four lanes;
#define LANES(four_) (four_)
#endif

/*
 * 4 * (2^(29 * LIMBS) - FOLD), which is 0 mod p, as limbs. Limb 0 is 2^31 - 4 * FOLD > 2^31 - 2^22 and the others 2^31 - 4,
 * each more than the 3 * UNIT < 2^30 + 2^29 + 2^26 that may be subtracted from it.
 */
#define BIAS_AT(i) ((i) == 0 ? (1u << 31) - 4 * FOLD : (1u << 31) - 4)
/* Half of it, for one unit to be subtracted: limb 0 is 2^30 - 2 * FOLD > 2^30 - 2^21 > UNIT. */
#define HALF_BIAS_AT(i) (BIAS_AT(i) / 2)
#define BIAS ((lanes){BIAS_AT(at_), BIAS_AT(1), BIAS_AT(1), BIAS_AT(1)})
#define HALF_BIAS ((lanes){HALF_BIAS_AT(at_), HALF_BIAS_AT(1), HALF_BIAS_AT(1), HALF_BIAS_AT(1)})

/* Limbs of an element inside a LIN expression. */
#define L(a) LANES(*(const four *)((a).limb + at_))

/*
 * out = expr, an expression over L(..) and a bias, carried in parallel to units. Limb values must be in 0 .. 2^32 - 1: then
 * limb 0 gains at most 7 * FOLD < 2^24 and each other limb at most 7. `out` may stand in `expr`.
 */
#define LIN_LIMIT 0xffffffff
#define LIN(out, expr)                                                                             \
  do {                                                                                             \
    fe *const out_ = &(out);                                                                       \
    four value_[FOURS], carry_[FOURS];                                                             \
    UNROLL for (int i_ = 0; i_ < FOURS; i_++) {                                                    \
      const int at_ = FOUR_AT(i_);                                                                 \
      const lanes exact_ = (expr);                                                                 \
      UNROLL for (int j_ = 0; j_ < 4; j_++) BOUND(exact_[j_] >= 0 && exact_[j_] <= LIN_LIMIT);     \
      value_[i_] = __builtin_convertvector(exact_, four);                                          \
      carry_[i_] = value_[i_] >> LIMB_BITS;                                                        \
    }                                                                                              \
    four below_ = {0, 0, 0, carry_[FOURS - 1][3] * FOLD};                                          \
    UNROLL for (int i_ = 0; i_ < FOURS; i_++) {                                                    \
      value_[i_] = (value_[i_] & MASK) + __builtin_shufflevector(below_, carry_[i_], 3, 4, 5, 6);  \
      below_ = carry_[i_];                                                                         \
    }                                                                                              \
    /* Backwards, since the first limbs of an overlapping last four have met a wrong carry. */     \
    UNROLL for (int i_ = FOURS - 1; i_ >= 0; i_--) *(four *)(out_->limb + FOUR_AT(i_)) = value_[i_]; \
    assert_units(out_, 1);                                                                         \
  } while (0)

/* out = a + b without a carry: two units. */
INLINE void add_raw(fe *out, const fe *a, const fe *b) {
  four sum[FOURS];
  UNROLL for (int i = 0; i < FOURS; i++)
    sum[i] = *(const four *)(a->limb + FOUR_AT(i)) + *(const four *)(b->limb + FOUR_AT(i));
  UNROLL for (int i = 0; i < FOURS; i++) *(four *)(out->limb + FOUR_AT(i)) = sum[i];
}

/* --- products ---------------------------------------------------------------------------------------------------- */

#ifdef KERNEL_CHECKED
/* The column again in 128 bits by the schoolbook: below 2^64 and equal to the fast one. */
INLINE void assert_column(const fe *a, const fe *b, int k, u64 fast) {
  column exact = 0;
  for (int i = 0; i < LIMBS; i++)
    if (k - i >= 0 && k - i < LIMBS) exact += (column)((u64)a->limb[i] * b->limb[k - i]);
  BOUND(exact >> 64 == 0 && (u64)exact == fast);
}
#endif

/*
 * What is added to a column to take c * 2^shift from the number: (bias - c) * 2^shift, the bias keeping it positive. c may
 * have three units, since a limb of the bias exceeds 3 * UNIT, and shift may be 0 .. 3: at most 2^34. This costs less than a
 * LIN afterwards.
 */
INLINE u64 taken(const fe *c, u32 shift, int k) {
  const u32 limb = c->limb[k];
  BOUND(limb <= BIAS_AT(k) && shift <= 3);
  return (u64)(BIAS_AT(k) - limb) << shift;
}

/* mul, mul_less, sq and sq_less. */
#ifdef P512
#include "product512.h"
#else
#include "product256.h"
#endif

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
