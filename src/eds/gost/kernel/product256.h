/*
 * Products in the field of 2^256 - 617, for field.h: the schoolbook, in locals, of which there are few enough.
 */

/* out[0 .. 16] = a * b. */
INLINE void columns_product(u64 *out, const u64 *a, const u64 *b) {
  UNROLL for (int k = 0; k < 2 * LIMBS - 1; k++) {
    u64 sum = 0;
    UNROLL for (int i = 0; i < LIMBS; i++)
      if (k - i >= 0 && k - i < LIMBS) sum += a[i] * b[k - i];
    out[k] = sum;
  }
}

/* out[0 .. 16] = a * a: each mixed product once, with a doubled operand. */
INLINE void columns_square(u64 *out, const u64 *a) {
  u64 twice[LIMBS];
  UNROLL for (int i = 0; i < LIMBS; i++) twice[i] = 2 * a[i];
  UNROLL for (int k = 0; k < 2 * LIMBS - 1; k++) {
    u64 sum = k & 1 ? 0 : a[k / 2] * a[k / 2];
    UNROLL for (int i = 0; i < LIMBS; i++)
      if (k - i > i && k - i < LIMBS) sum += twice[i] * a[k - i];
    out[k] = sum;
  }
}

/*
 * Columns to units. The upper columns are carried to 29-bit limbs, each worth FOLD in the lower half; adding such a limb times
 * FOLD < 2^44 and a carry < 2^36 to a column leaves it below 2^64. The last carry comes back to limb 0 and ripples into two
 * more limbs.
 */
INLINE void reduce(fe *out, const u64 *col) {
  u64 high[LIMBS + 1], carry = 0;
  UNROLL for (int k = 0; k < LIMBS - 1; k++) {
    carry += col[LIMBS + k];
    high[k] = carry & MASK;
    carry >>= LIMB_BITS;
  }
  high[LIMBS - 1] = carry & MASK;
  high[LIMBS] = carry >> LIMB_BITS;
  carry = 0;
  u64 t[LIMBS];
  UNROLL for (int k = 0; k < LIMBS; k++) {
    BOUND(((column)carry + col[k] + high[k] * FOLD) >> 64 == 0);
    carry += col[k] + high[k] * FOLD;
    t[k] = carry & MASK;
    carry >>= LIMB_BITS;
  }
  carry = (carry + high[LIMBS] * FOLD) * FOLD + t[0]; /* < 2^52 */
  out->limb[0] = (u32)(carry & MASK);
  carry = (carry >> LIMB_BITS) + t[1];
  out->limb[1] = (u32)(carry & MASK);
  out->limb[2] = (u32)((carry >> LIMB_BITS) + t[2]);
  UNROLL for (int k = 3; k < LIMBS; k++) out->limb[k] = (u32)t[k];
  assert_units(out, 1);
}

#ifdef KERNEL_CHECKED
#define ASSERT_COLUMNS(col, a, b)                                                                  \
  for (int k_ = 0; k_ < 2 * LIMBS - 1; k_++) assert_column(a, b, k_, (col)[k_])
#else
#define ASSERT_COLUMNS(col, a, b) ((void)0)
#endif

/*
 * r = a * b - c * 2^shift, nothing being taken for a null c. The limbs of a and b in units multiply to at most 3. r may be any
 * of them. One function for both uses: two copies of the straight-line code are slower.
 */
NOINLINE void mul_less(fe *r, const fe *a, const fe *b, const fe *c, u32 shift) {
  u64 x[LIMBS], y[LIMBS], col[2 * LIMBS - 1];
  UNROLL for (int i = 0; i < LIMBS; i++) { x[i] = a->limb[i]; y[i] = b->limb[i]; }
  columns_product(col, x, y);
  ASSERT_COLUMNS(col, a, b);
  if (c) UNROLL for (int k = 0; k < LIMBS; k++) col[k] += taken(c, shift, k);
  reduce(r, col);
}

/* r = a^2 - c * 2^shift for one unit a, likewise. */
NOINLINE void sq_less(fe *r, const fe *a, const fe *c, u32 shift) {
  u64 x[LIMBS], col[2 * LIMBS - 1];
  UNROLL for (int i = 0; i < LIMBS; i++) x[i] = a->limb[i];
  columns_square(col, x);
  ASSERT_COLUMNS(col, a, a);
  if (c) UNROLL for (int k = 0; k < LIMBS; k++) col[k] += taken(c, shift, k);
  reduce(r, col);
}

INLINE void mul(fe *r, const fe *a, const fe *b) { mul_less(r, a, b, 0, 0); }
INLINE void sq(fe *r, const fe *a) { sq_less(r, a, 0, 0); }
