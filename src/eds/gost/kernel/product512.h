/*
 * Products in the field of 2^512 - 569, for field.h.
 */
/*
 * A product's columns are added up one by one, a column's products one after another, each from a limb of `a` in memory and
 * one of `b` in a register. All intermediate values pass through memory, and `volatile` keeps them from being anything else:
 * left to themselves, clang keeps everything in locals and V8 works on many columns at once, and spends more on moving
 * registers to the stack and back than on the products. The order below is what its scheduler (20, 22: by distance from the
 * stores; 24, 26: as written) makes good code of; rearranged, it becomes a tenth slower easily.
 *
 * Columns are computed mod 2^64: single products and differences may wrap, whole columns do not, by the bound above.
 */
typedef volatile u32 memory32;
typedef volatile u64 memory64;
typedef volatile i32 memory32s;

/* Column k of the product of n limbs `a` in memory and `b` in registers. */
INLINE u64 column_product(const memory32 *a, const u64 *b, int k, int n) {
  u64 sum = 0;
  UNROLL for (int i = 0; i < n; i++)
    if (k - i >= 0 && k - i < n) sum += (u64)a[i] * b[k - i];
  return sum;
}

/* The same for limbs with a sign. */
INLINE u64 column_product_signed(const memory32s *a, const u64 *b, int k, int n) {
  u64 sum = 0;
  UNROLL for (int i = 0; i < n; i++)
    if (k - i >= 0 && k - i < n) sum += (u64)(i64)a[i] * b[k - i];
  return sum;
}

/* Column k of the square of n limbs, given in memory and in registers: each mixed product once, the sum of them doubled. */
INLINE u64 column_square(const memory32 *a, const u64 *b, int k, int n) {
  u64 sum = 0;
  UNROLL for (int i = 0; i < n; i++)
    if (k - i > i && k - i < n) sum += (u64)a[i] * b[k - i];
  sum *= 2;
  if (!(k & 1)) sum += b[k / 2] * b[k / 2];
  return sum;
}

/* Keeps clang from adding the carry before the rest of a column, which would make a chain of them. */
#define FIRST(sum) __asm__("" : "+r"(sum))

/*
 * Reduces while the columns come, LIMBS + k and k together, in `upper` and `lower`. The upper columns are carried to 29-bit
 * limbs, each worth FOLD in the lower half; adding such a limb times FOLD < 2^49, a carry < 2^36 and what is subtracted to a
 * column leaves it below 2^64. The last carries come back to limb 0 and ripple into two more limbs.
 */
#define REDUCE_COLUMN(k, upper, lower, extra)                                                      \
  do {                                                                                             \
    if (k < LIMBS - 1) {                                                                           \
      u64 sum_ = (upper);                                                                          \
      ASSERT_COLUMN(LIMBS + k, sum_);                                                              \
      FIRST(sum_);                                                                                 \
      BOUND(((column)high + sum_) >> 64 == 0);                                                     \
      high += sum_;                                                                                \
    }                                                                                              \
    u64 sum_ = (lower);                                                                            \
    ASSERT_COLUMN(k, sum_);                                                                        \
    BOUND(((column)sum_ + carry + (high & MASK) * FOLD + (extra)) >> 64 == 0);                     \
    sum_ += (high & MASK) * FOLD + (extra);                                                        \
    high >>= LIMB_BITS;                                                                            \
    FIRST(sum_);                                                                                   \
    carry += sum_;                                                                                 \
    ((memory32 *)r->limb)[k] = (u32)carry & MASK;                                                  \
    carry >>= LIMB_BITS;                                                                           \
  } while (0)
#define REDUCE_END                                                                                 \
  do {                                                                                             \
    BOUND(carry < 1ull << 36 && high < 1ull << 8);                                                 \
    carry = (carry + high * FOLD) * FOLD + r->limb[0]; /* < 2^56 */                                \
    r->limb[0] = (u32)(carry & MASK);                                                              \
    carry = (carry >> LIMB_BITS) + r->limb[1];                                                     \
    r->limb[1] = (u32)(carry & MASK);                                                              \
    r->limb[2] += (u32)(carry >> LIMB_BITS);                                                       \
    assert_units(r, 1);                                                                            \
  } while (0)

#ifdef KERNEL_CHECKED
#define CHECKED_OPERANDS(a, b) const fe checked_a = *(a), checked_b = *(b) /* copies: r may be an operand */
#define ASSERT_COLUMN(k, sum) assert_column(&checked_a, &checked_b, k, sum)
#else
#define CHECKED_OPERANDS(a, b) ((void)0)
#define ASSERT_COLUMN(k, sum) ((void)0)
#endif

/*
 * Three-way Karatsuba over parts of six limbs: six products for the nine of the schoolbook. With a0 .. a2 and b0 .. b2 the
 * parts, the products P_i = a_i b_i and D_ij = (a_i - a_j)(b_j - b_i) = a_i b_j + a_j b_i - P_i - P_j give, in groups of six
 * columns and with L_i and H_i the lower six and upper five columns of P_i, u = H_0 + L_1 and w = H_1 + L_2:
 *
 *     0 .. 5    L_0                        18 .. 23  u + w + H_2 + upper D_02 + lower D_12
 *     6 .. 11   L_0 + u + lower D_01       24 .. 29  w + H_2 + upper D_12
 *     12 .. 17  L_0 + u + w + upper D_01 + lower D_02       30 .. 34  H_2
 */
static memory64 product_0[12], product_1[12], product_2[12]; /* the twelfth column is zero for good */
static memory64 sum_6[6], sum_12[6], sum_18[6], sum_24[6];   /* of the above, by their first column */
static memory64 middle[11];                                  /* columns 12 .. 22 with D_02 */
static memory32s a_02[6], a_12[6], a_01[6], b_20[6], b_21[6], b_10[6];

typedef u64 two __attribute__((vector_size(16), aligned(8), may_alias));
#define TWO(address) (*(volatile two *)(address))
#define FOUR(address) (*(volatile four *)(address))

INLINE void columns_of_parts(const fe *a, const fe *b) {
  u64 part[6];
  UNROLL for (int i = 0; i < 6; i++) part[i] = ((const memory32 *)b->limb)[i];
  UNROLL for (int k = 0; k < 11; k++) product_0[k] = column_product(a->limb, part, k, 6);
  UNROLL for (int i = 0; i < 6; i++) part[i] = ((const memory32 *)b->limb)[i + 6];
  UNROLL for (int k = 0; k < 11; k++) product_1[k] = column_product(a->limb + 6, part, k, 6);
  UNROLL for (int i = 0; i < 6; i++) part[i] = ((const memory32 *)b->limb)[i + 12];
  UNROLL for (int k = 0; k < 11; k++) product_2[k] = column_product(a->limb + 12, part, k, 6);
  /* Six limbs as two overlapping fours. No limb reaches 2^31, so that the differences keep their signs. */
  UNROLL for (int i = 0; i <= 2; i += 2) {
    const four a0 = *(const four *)(a->limb + i), b0 = *(const four *)(b->limb + i);
    const four a1 = *(const four *)(a->limb + 6 + i), b1 = *(const four *)(b->limb + 6 + i);
    const four a2 = *(const four *)(a->limb + 12 + i), b2 = *(const four *)(b->limb + 12 + i);
    FOUR(a_02 + i) = a0 - a2;
    FOUR(a_12 + i) = a1 - a2;
    FOUR(a_01 + i) = a0 - a1;
    FOUR(b_20 + i) = b2 - b0;
    FOUR(b_21 + i) = b2 - b1;
    FOUR(b_10 + i) = b1 - b0;
  }
  UNROLL for (int k = 0; k < 6; k += 2) {
    const two l0 = TWO(product_0 + k), l1 = TWO(product_1 + k), l2 = TWO(product_2 + k);
    const two h0 = TWO(product_0 + 6 + k), h1 = TWO(product_1 + 6 + k), h2 = TWO(product_2 + 6 + k);
    const two u = h0 + l1, w = h1 + l2;
    TWO(sum_6 + k) = l0 + u;
    TWO(sum_12 + k) = l0 + u + w;
    TWO(sum_18 + k) = u + (w + h2);
    TWO(sum_24 + k) = w + h2;
  }
  UNROLL for (int i = 0; i < 6; i++) part[i] = (u64)(i64)b_20[i];
  UNROLL for (int k = 0; k < 11; k++)
    middle[k] = (k < 6 ? sum_12[k] : sum_18[k - 6]) + column_product_signed(a_02, part, k, 6);
}

#define PRODUCT(extra)                                                                             \
  do {                                                                                             \
    CHECKED_OPERANDS(a, b);                                                                        \
    columns_of_parts(a, b);                                                                        \
    u64 part_21[6], part_10[6], high = 0, carry = 0;                                               \
    UNROLL for (int i = 0; i < 6; i++) part_21[i] = (u64)(i64)b_21[i];                             \
    UNROLL for (int i = 0; i < 6; i++) part_10[i] = (u64)(i64)b_10[i];                             \
    UNROLL for (int k = 0; k < LIMBS; k++)                                                         \
      REDUCE_COLUMN(k,                                                                             \
        (k < 5 ? middle[k + 6] : k == 5 ? sum_18[5] : k < 11 ? sum_24[k - 6] : product_2[k - 6]) + \
          (k < 11 ? column_product_signed(a_12, part_21, k, 6) : 0),                               \
        (k < 6 ? product_0[k] : k < 12 ? sum_6[k - 6] : middle[k - 12]) +                          \
          (k >= 6 && k < 17 ? column_product_signed(a_01, part_10, k - 6, 6) : 0),                 \
        extra);                                                                                    \
    REDUCE_END;                                                                                    \
  } while (0)

/* Karatsuba over two halves of nine limbs: three squarings of nine limbs. */
static memory64 square_low[17], square_high[17];
static memory32 half_sum[9];

#define BOTH_HALVES(k) (column_square(half_sum, half, k, 9) - square_low[k] - square_high[k])
#define SQUARE(extra)                                                                              \
  do {                                                                                             \
    CHECKED_OPERANDS(a, a);                                                                        \
    u64 half[9], high = 0, carry = 0;                                                              \
    UNROLL for (int i = 0; i < 9; i++) half[i] = ((const memory32 *)a->limb)[i];                   \
    UNROLL for (int k = 0; k < 17; k++) square_low[k] = column_square(a->limb, half, k, 9);        \
    UNROLL for (int i = 0; i < 9; i++) half[i] = ((const memory32 *)a->limb)[i + 9];               \
    UNROLL for (int k = 0; k < 17; k++) square_high[k] = column_square(a->limb + 9, half, k, 9);   \
    UNROLL for (int i = 0; i < 9; i++) {                                                           \
      half[i] += ((const memory32 *)a->limb)[i];                                                   \
      half_sum[i] = (u32)half[i];                                                                  \
    }                                                                                              \
    UNROLL for (int k = 0; k < LIMBS; k++)                                                         \
      REDUCE_COLUMN(k,                                                                             \
        square_high[k] + (k < 8 ? BOTH_HALVES(k + 9) : 0),                                         \
        (k < 17 ? square_low[k] : 0) + (k >= 9 ? BOTH_HALVES(k - 9) : 0),                          \
        extra);                                                                                    \
    REDUCE_END;                                                                                    \
  } while (0)

/* r = a * b, where the limbs of a and b in units multiply to at most 3. r may be a or b. */
NOINLINE void mul(fe *r, const fe *a, const fe *b) { PRODUCT(0); }

/* r = a * b - c * 2^shift; r may also be c. */
NOINLINE void mul_less(fe *r, const fe *a, const fe *b, const fe *c, u32 shift) { PRODUCT(taken(c, shift, k)); }

/* r = a^2 for one unit a. */
NOINLINE void sq(fe *r, const fe *a) { SQUARE(0); }

/* r = a^2 - c * 2^shift for one unit a. */
NOINLINE void sq_less(fe *r, const fe *a, const fe *c, u32 shift) { SQUARE(taken(c, shift, k)); }
