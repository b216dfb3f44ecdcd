/*
 * Which points of a curve lie in the group of prime order n that keys and signatures live in.
 *
 * With cofactor 1 all do. With cofactor 4 and one point T = (t, 0) of order two, the points of the curve are a cyclic group of
 * order 4n and ours are the points 4P. Multiplying by n to see that would take as long as a verification; halving the point
 * twice takes two exponentiations in the field.
 *
 * Over X = x - t the curve is Y^2 = X (X^2 + A X + B) with A = 3t and B = 3t^2 + a. A^2 - 4B is no square, as there is no other
 * point of order two; B = beta^2 is one, as T is the double of a point of order four.
 *
 *   - A point (X, Y) with X not zero is some 2R exactly if X = s^2 is a square: 2-descent, the norm of the other factor being
 *     Y^2 / X. R and R + T are then alike in being doubles or not, so it does not matter which is looked at.
 *   - With (U, V) = R, X = ((U^2 - B) / 2V)^2 gives U + B / U = m for m = 2X + 2Y / s or m = 2X - 2Y / s: the one for which
 *     m + A = (V / U)^2 is a square, since the two values of m + A multiply to A^2 - 4B.
 *   - R is a double exactly if U is a square, and U is one exactly if m + 2 beta is, since U (m + 2 beta) = (U + beta)^2. The two
 *     values of m + 2 beta multiply to 4X (2 beta - A), which is not zero: taking the sign of beta for which 2 beta - A is a
 *     square, both are squares or neither. So either may be looked at, and times s^2 it is 2 (X (X + beta) + Y s).
 */
#ifndef GROUP_H
#define GROUP_H
#include "point.h"

/* t and beta. */
typedef struct {
  fe t, beta;
} torsion;

/* r = a^((2^(BITS - 10) - 1) * 2^count + tail), tail being below 2^count. r is not a. */
static void power(fe *r, const fe *a, u32 tail, int count) {
  const int ones = BITS - 10;
  int have = 1; /* r = a^(2^have - 1) */
  *r = *a;
  for (int bit = 30 - __builtin_clz((u32)ones); bit >= 0; bit--) {
    const fe half = *r;
    for (int i = 0; i < have; i++) sq(r, r);
    mul(r, r, &half);
    have *= 2;
    if (ones >> bit & 1) {
      sq(r, r);
      mul(r, r, a);
      have++;
    }
  }
  while (count-- > 0) {
    sq(r, r);
    if (tail >> count & 1) mul(r, r, a);
  }
}

/* r^2 = a, if a is a square; p is 3 modulo 4. a^((p + 1) / 4), which is 2^(BITS - 2) - (GAP - 1) / 4. */
static int square_root(fe *r, const fe *a) {
  fe t;
  power(r, a, 256 - (GAP - 1) / 4, 8);
  sq(&t, r);
  return equal(&t, a);
}

/* Whether a is a square other than zero. a^((p - 1) / 2), which is 2^(BITS - 1) - (GAP + 1) / 2. */
static int is_square(const fe *a) {
  fe r, one;
  power(&r, a, 512 - (GAP + 1) / 2, 9);
  set_one(&one);
  return equal(&r, &one);
}

/* For a curve with coefficients a and b, whose point of order two has the abscissa t; false if that is no such curve. */
static int torsion_init(torsion *r, const fe *t, const fe *b) {
  affine two;
  fe a3, square, u;
  two.x = *t;
  for (int i = 0; i < LIMBS; i++) two.y.limb[i] = 0;
  if (!on_curve(&two, b)) return 0;
  r->t = *t;
  LIN(a3, 3 * L(*t));
  mul(&square, &a3, t);
  LIN(square, L(square) + L(curve_a));
  if (!square_root(&r->beta, &square)) return 0;
  LIN(u, 2 * L(r->beta) + BIAS - L(a3));
  if (!is_square(&u)) {
    negate(&r->beta, &r->beta);
    LIN(u, 2 * L(r->beta) + BIAS - L(a3));
    if (!is_square(&u)) return 0; /* then A^2 - 4B is a square */
  }
  sq(&a3, &a3);
  LIN(u, L(a3) + BIAS - 2 * L(square));
  LIN(u, L(u) + BIAS - 2 * L(square));
  return !is_square(&u) && !is_zero(&u);
}

/* Whether a point of the curve is four times another one. */
static int is_fourfold(const affine *q, const torsion *group) {
  fe x, s, u;
  LIN(x, L(q->x) + BIAS - L(group->t));
  if (is_zero(&x) || !square_root(&s, &x)) return 0;
  LIN(u, L(x) + L(group->beta));
  mul(&u, &u, &x);
  mul(&s, &s, &q->y);
  LIN(u, 2 * L(u) + 2 * L(s));
  return is_square(&u);
}

#endif
