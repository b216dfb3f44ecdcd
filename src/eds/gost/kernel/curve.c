/*
 * GOST R 34.10-2012 verification (RFC 7091 section 6.2) over one curve whose prime is 2^512 - 569 or 2^256 - 617; the other
 * parameters are written into the number slots before `init`. VERIFICATION ONLY, see words.h.
 *
 * Numbers cross the border as WORDS little-endian 32-bit words: the octets of the wire.
 */
#include "scalar.h"
#include "group.h"

enum { X, Y, R, S, E, A, B, GX, GY, N, T, SLOTS };
static u32 slot[SLOTS][WORDS];

static modulus n, p;
static fe curve_b;
static affine base;
static torsion group;
static int cofactor;

/* Odd multiples 1, 3, .. of the base point for digits of 13 bits, and of the key for digits of 5. */
#define BASE_WIDTH 13
#define BASE_ODD (1 << (BASE_WIDTH - 2))
#define KEY_WIDTH 5
#define KEY_ODD (1 << (KEY_WIDTH - 2))
static affine base_odd[BASE_ODD];
static affine key_odd[KEY_ODD];
static i16 base_digit[BITS + 1], key_digit[BITS + 1];

/*
 * A comb: entry 128 * j + d - 1 is d * 2^(8j) * Q for d = 1 .. 128 and j = 0 .. WINDOWS - 1, for digits of 8 bits with sign;
 * the entry after them is 2^BITS * Q, for the carry out of the last digit. With it there are no doublings at all.
 */
#define WINDOWS (BITS / 8)
#define PER_WINDOW 128
#define COMB (WINDOWS * PER_WINDOW + 1)
static affine base_comb[COMB];
static int base_comb_built;

static u32 careful_runs;

/* --- tables ------------------------------------------------------------------------------------------------------ */

#define BATCH (PER_WINDOW + 1)
static jacobian batch[BATCH];
static fe batch_product[BATCH];

/* out[i] = batch[i] in affine coordinates, none of them infinity: one inversion for all (Montgomery). */
static void normalise(affine *out, int count) {
  fe inverse, zi, zz;
  u32 words[WORDS];
  batch_product[0] = batch[0].z;
  for (int i = 1; i < count; i++) mul(&batch_product[i], &batch_product[i - 1], &batch[i].z);
  fe_to_words(words, &batch_product[count - 1]);
  invert(words, words, &p);
  fe_from_words(&inverse, words);
  for (int i = count - 1; i >= 0; i--) {
    if (i > 0) {
      mul(&zi, &inverse, &batch_product[i - 1]);
      mul(&inverse, &inverse, &batch[i].z);
    } else {
      zi = inverse;
    }
    sq(&zz, &zi);
    mul(&out[i].x, &batch[i].x, &zz);
    mul(&zz, &zz, &zi);
    mul(&out[i].y, &batch[i].y, &zz);
  }
}

/* The comb of a point of order n. No addition here is exceptional: the multiples stay far below n. */
static void build_comb(affine *comb, const affine *point) {
  static affine window[BATCH];
  window[PER_WINDOW] = *point;
  for (int j = 0; j < WINDOWS; j++) {
    const affine first = window[PER_WINDOW];
    from_affine(&batch[0], &first, 0);
    batch[1] = batch[0];
    dbl(&batch[1]);
    for (int d = 2; d < PER_WINDOW; d++) {
      batch[d] = batch[d - 1];
      add_affine(&batch[d], &first, 0);
    }
    batch[PER_WINDOW] = batch[PER_WINDOW - 1];
    dbl(&batch[PER_WINDOW]);
    normalise(window, BATCH);
    for (int d = 0; d < PER_WINDOW; d++) comb[PER_WINDOW * j + d] = window[d];
  }
  comb[COMB - 1] = window[PER_WINDOW];
}

static void build_base_odd(void) {
  affine twice;
  from_affine(&batch[0], &base, 0);
  dbl(&batch[0]);
  normalise(&twice, 1);
  for (int done = 0; done < BASE_ODD; done += PER_WINDOW) {
    if (done == 0) {
      from_affine(&batch[0], &base, 0);
    } else {
      from_affine(&batch[0], &base_odd[done - 1], 0);
      add_affine(&batch[0], &twice, 0);
    }
    for (int i = 1; i < PER_WINDOW; i++) {
      batch[i] = batch[i - 1];
      add_affine(&batch[i], &twice, 0);
    }
    normalise(base_odd + done, PER_WINDOW);
  }
}

/*
 * The odd multiples of a key of order n: 2Q is added to Q again and again, both kept over the same denominator (Meloni, "New
 * point addition formulae for ECC applications", 2007), 5M + 2S each; then 4M + 1S each bring them to affine coordinates with one
 * inversion. No addition is exceptional: n is far above 2 * KEY_ODD.
 */
static void build_key_odd(const affine *key) {
  jacobian twice;
  affine odd;
  fe inverse, zz, t, u, w;
  u32 words[WORDS];
  from_affine(&twice, key, 0);
  dbl(&twice);
  sq(&zz, &twice.z);
  mul(&odd.x, &key->x, &zz);
  mul(&zz, &zz, &twice.z);
  mul(&odd.y, &key->y, &zz);
  for (int i = 1; i < KEY_ODD; i++) {
    jacobian *const sum = &batch[i]; /* its z is what this step multiplies the denominator by */
    LIN(sum->z, L(twice.x) + BIAS - L(odd.x));
    LIN(t, L(twice.y) + BIAS - L(odd.y));
    sq(&zz, &sum->z);
    mul(&twice.x, &twice.x, &zz);
    mul(&w, &odd.x, &zz);
    LIN(u, L(twice.x) + BIAS - L(w));
    mul(&twice.y, &twice.y, &u);
    add_raw(&w, &w, &twice.x);
    sq_less(&sum->x, &t, &w, 0);
    LIN(u, L(twice.x) + BIAS - L(sum->x));
    mul_less(&sum->y, &t, &u, &twice.y, 0);
    mul(&twice.z, &twice.z, &sum->z);
    odd.x = sum->x;
    odd.y = sum->y;
  }
  fe_to_words(words, &twice.z);
  invert(words, words, &p);
  fe_from_words(&inverse, words);
  for (int i = KEY_ODD - 1; i > 0; i--) {
    sq(&zz, &inverse);
    mul(&key_odd[i].x, &batch[i].x, &zz);
    mul(&zz, &zz, &inverse);
    mul(&key_odd[i].y, &batch[i].y, &zz);
    mul(&inverse, &inverse, &batch[i].z);
  }
  key_odd[0] = *key;
}

/* --- the sum z1 * G + z2 * Q ------------------------------------------------------------------------------------- */

INLINE void accumulate(jacobian *sum, int *empty, const affine *q, int negated, int careful) {
  if (*empty) {
    from_affine(sum, q, negated);
    *empty = 0;
  } else if (careful) {
    add_affine_careful(sum, q, negated);
  } else {
    add_affine(sum, q, negated);
  }
}

/* For any key: one chain of doublings for both products (Straus), over the digits already laid out. */
static void sum_with_doublings(jacobian *sum, int top, int careful) {
  int empty = 1;
  for (int i = top; i >= 0; i--) {
    if (!empty) dbl(sum);
    const int k = key_digit[i], g = base_digit[i];
    if (k) accumulate(sum, &empty, &key_odd[(k < 0 ? -k : k) >> 1], k < 0, careful);
    if (g) accumulate(sum, &empty, &base_odd[(g < 0 ? -g : g) >> 1], g < 0, careful);
  }
}

/* Digits of 8 bits with sign, -127 .. 128, and the carry above them. */
static void comb_digits(i16 *digit, const u32 *k) {
  int carry = 0;
  for (int j = 0; j < WINDOWS; j++) {
    const int d = (int)bits_at(k, 8 * j, 8) + carry;
    carry = d > PER_WINDOW;
    digit[j] = (i16)(d - (carry << 8));
  }
  digit[WINDOWS] = (i16)carry;
}

/* The terms of a sum, at most one of each comb a digit, and what their pairwise addition needs. */
static affine term[2 * (WINDOWS + 1)];
static fe gap[WINDOWS + 1], gap_product[WINDOWS + 1];

/*
 * Adds the terms two by two in affine coordinates, with one inversion for all of them: 5M + 1S for a sum instead of 8M + 3S.
 * The new number of terms is returned, or 0 if two terms to be added have the same abscissa.
 */
static int add_neighbours(int count) {
  const int pairs = count / 2;
  u32 words[WORDS];
  fe inverse, slope, t;
  for (int i = 0; i < pairs; i++) {
    LIN(gap[i], L(term[2 * i + 1].x) + BIAS - L(term[2 * i].x));
    if (i == 0) gap_product[0] = gap[0];
    else mul(&gap_product[i], &gap_product[i - 1], &gap[i]);
  }
  fe_to_words(words, &gap_product[pairs - 1]);
  if (zero(words)) return 0;
  invert(words, words, &p);
  fe_from_words(&inverse, words);
  static affine sum[WINDOWS + 1];
  for (int i = pairs - 1; i >= 0; i--) {
    const affine *const a = &term[2 * i], *const b = a + 1;
    LIN(t, L(b->y) + BIAS - L(a->y));
    if (i > 0) {
      mul(&slope, &inverse, &gap_product[i - 1]);
      mul(&inverse, &inverse, &gap[i]);
      mul(&slope, &slope, &t);
    } else {
      mul(&slope, &inverse, &t);
    }
    add_raw(&t, &a->x, &b->x);
    sq_less(&sum[i].x, &slope, &t, 0);
    LIN(t, L(a->x) + BIAS - L(sum[i].x));
    mul_less(&sum[i].y, &slope, &t, &a->y, 0);
  }
  for (int i = 0; i < pairs; i++) term[i] = sum[i];
  if (count & 1) term[pairs] = term[count - 1];
  return pairs + (count & 1);
}

/* How often the terms are halved before the rest is added one by one: an inversion costs some ten additions. */
#ifdef P512
#define HALVINGS 2
#else
#define HALVINGS 1
#endif

/* For a prepared key: one entry of each comb a digit, in any order. */
static void sum_with_combs(jacobian *sum, const affine *key_comb, int careful) {
  int count = 0, empty = 1;
  for (int j = 0; j <= WINDOWS; j++) {
    for (int of_key = 0; of_key < 2; of_key++) {
      const int d = of_key ? key_digit[j] : base_digit[j];
      if (d == 0) continue;
      const affine *const entry = (of_key ? key_comb : base_comb) + PER_WINDOW * j + (d < 0 ? -d : d) - 1;
      term[count].x = entry->x;
      if (d < 0) negate(&term[count].y, &entry->y);
      else term[count].y = entry->y;
      count++;
    }
  }
  for (int i = 0; i < HALVINGS && !careful && count > 1; i++) {
    count = add_neighbours(count);
    if (count == 0) {
      for (int k = 0; k < LIMBS; k++) sum->z.limb[k] = 0; /* exceptional */
      return;
    }
  }
  for (int i = 0; i < count; i++) accumulate(sum, &empty, &term[i], 0, careful);
}

/* --- the checks -------------------------------------------------------------------------------------------------- */

/* Slots X and Y as a point, if both are below p and it lies on the curve and in the group of order n. */
static int read_key(affine *key) {
  if (!less(slot[X], p.word) || !less(slot[Y], p.word)) return 0;
  fe_from_words(&key->x, slot[X]);
  fe_from_words(&key->y, slot[Y]);
  return on_curve(key, &curve_b) && (cofactor == 1 || is_fourfold(key, &group));
}

/* z1 = s / e and z2 = -r / e modulo n; false for r or s out of 1 .. n - 1. The digest's number 0 modulo n counts as 1. */
static int read_scalars(u32 *z1, u32 *z2) {
  if (zero(slot[R]) || zero(slot[S]) || !less(slot[R], n.word) || !less(slot[S], n.word)) return 0;
  u32 e[WORDS];
  copy(e, slot[E]);
  while (!less(e, n.word)) subtract_words(e, e, n.word); /* at most four times: n > 2^(BITS - 2) */
  if (zero(e)) e[0] = 1;
  invert(e, e, &n);
  multiply_mod(z1, slot[S], e, &n);
  multiply_mod(z2, slot[R], e, &n);
  subtract_words(z2, n.word, z2);
  return 1;
}

/* Whether x(sum) modulo n is r, without a division: X = (r + i n) Z^2 for an r + i n below p. */
static int matches(const jacobian *sum) {
  fe zz, t;
  u32 candidate[WORDS];
  sq(&zz, &sum->z);
  copy(candidate, slot[R]);
  do {
    fe_from_words(&t, candidate);
    mul(&t, &t, &zz);
    if (equal(&t, &sum->x)) return 1;
    if (add_words(candidate, candidate, n.word)) return 0;
  } while (less(candidate, p.word));
  return 0;
}

/* --- what the other side of the border calls ---------------------------------------------------------------------- */

/* Where the numbers x, y, r, s, e, a, b, gx, gy, n, t lie, one after another. */
EXPORT("slots") u32 *slots(void) { return &slot[0][0]; }

/*
 * Takes the curve from slots A to T and builds the base point's table; false if these are no such curve. h is the cofactor, 1
 * or 4; t counts only for 4 and is the abscissa of the point of order two.
 */
EXPORT("init") int init(int h) {
  for (int i = 0; i < WORDS; i++) p.word[i] = 0xffffffffu;
  p.word[0] = 0u - GAP;
  copy(n.word, slot[N]);
  modulus_init(&n);
  modulus_init(&p);
  u32 minus_3[WORDS];
  copy(minus_3, p.word);
  minus_3[0] -= 3;
  a_is_minus_3 = !less(slot[A], minus_3) && !less(minus_3, slot[A]);
  fe_from_words(&curve_a, slot[A]);
  fe_from_words(&curve_b, slot[B]);
  fe_from_words(&base.x, slot[GX]);
  fe_from_words(&base.y, slot[GY]);
  cofactor = h;
  base_comb_built = 0;
  if (!on_curve(&base, &curve_b)) return 0;
  if (h == 4) {
    fe t;
    fe_from_words(&t, slot[T]);
    if (!torsion_init(&group, &t, &curve_b) || !is_fourfold(&base, &group)) return 0;
  } else if (h != 1) {
    return 0;
  }
  build_base_odd();
  return 1;
}

/* Whether slots X and Y are a public key. */
EXPORT("is_key") int is_key(void) {
  affine key;
  return read_key(&key);
}

/* Whether R and S are a signature of E under the key in X and Y. */
EXPORT("verify") int verify(void) {
  affine key;
  jacobian sum;
  u32 z1[WORDS], z2[WORDS];
  if (!read_scalars(z1, z2) || !read_key(&key)) return 0;
  const int top1 = non_adjacent_form(base_digit, z1, BASE_WIDTH);
  const int top2 = non_adjacent_form(key_digit, z2, KEY_WIDTH);
  const int top = top1 > top2 ? top1 : top2;
  build_key_odd(&key);
  sum_with_doublings(&sum, top, 0);
  if (is_zero(&sum.z)) {
    careful_runs++;
    sum_with_doublings(&sum, top, 1);
    if (is_zero(&sum.z)) return 0;
  }
  return matches(&sum);
}

/* Octets of a prepared key. */
EXPORT("prepared_size") u32 prepared_size(void) { return sizeof base_comb; }

/* Prepares the key in X and Y at `comb`; false if it is none. */
EXPORT("prepare") int prepare(affine *comb) {
  affine key;
  if (!read_key(&key)) return 0;
  if (!base_comb_built) {
    build_comb(base_comb, &base);
    base_comb_built = 1;
  }
  build_comb(comb, &key);
  return 1;
}

/* Whether R and S are a signature of E under the key prepared at `comb`. */
EXPORT("verify_prepared") int verify_prepared(const affine *comb) {
  jacobian sum;
  u32 z1[WORDS], z2[WORDS];
  if (!read_scalars(z1, z2)) return 0;
  comb_digits(base_digit, z1);
  comb_digits(key_digit, z2);
  sum_with_combs(&sum, comb, 0);
  if (is_zero(&sum.z)) {
    careful_runs++;
    sum_with_combs(&sum, comb, 1);
    if (is_zero(&sum.z)) return 0;
  }
  return matches(&sum);
}

/* How often a sum had to be done again with the careful additions. */
EXPORT("careful_runs") u32 count_careful_runs(void) { return careful_runs; }
