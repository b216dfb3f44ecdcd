/*
 * Points of y^2 = x^3 + ax + b in Jacobian coordinates: x = X / Z^2, y = Y / Z^3, and Z = 0 for infinity. The doublings are
 * those of the Explicit-Formulas Database (hyperelliptic.org/EFD, "shortw/jacobian"), the addition the plain one.
 *
 * The fast addition does not look for its exceptional cases. Where one is met (the same or the opposite point, or
 * infinity) the result has Z = 0, and Z = 0 stays through everything that follows: it is looked for once, at the end, and
 * the work is then done again with the careful addition, which does look. So a contrived signature costs one more run.
 */
#ifndef POINT_H
#define POINT_H
#include "field.h"

typedef struct {
  fe x, y;
} affine;
typedef struct {
  fe x, y, z;
} jacobian;
static fe curve_a;
static int a_is_minus_3;

/* The end of a doubling, from alpha = 3X^2 + aZ^4, beta = X Y^2 and the squares of Y and Z. */
INLINE void finish_doubling(jacobian *p, fe *alpha, const fe *beta, fe *yy, const fe *zz) {
  fe t, u;
  LIN(t, L(p->y) + L(p->z));
  add_raw(&u, yy, zz);
  sq_less(&p->z, &t, &u, 0);         /* Z = (Y + Z)^2 - Y^2 - Z^2 */
  sq_less(&p->x, alpha, beta, 3);    /* X = alpha^2 - 8 beta */
  LIN(u, 4 * L(*beta) + HALF_BIAS - L(p->x));
  sq(yy, yy);
  mul_less(&p->y, alpha, &u, yy, 3); /* Y = alpha (4 beta - X) - 8 Y^4 */
}

/* p = 2p for a = -3: dbl-2001-b, 3M + 5S. */
NOINLINE void dbl_minus_3(jacobian *p) {
  fe zz, yy, beta, alpha, t, u;
  sq(&zz, &p->z);
  sq(&yy, &p->y);
  mul(&beta, &p->x, &yy);
  LIN(t, 3 * L(p->x) + BIAS - 3 * L(zz));
  add_raw(&u, &p->x, &zz);
  mul(&alpha, &u, &t);
  finish_doubling(p, &alpha, &beta, &yy, &zz);
}

/* p = 2p for any a: dbl-2007-bl. */
NOINLINE void dbl_any(jacobian *p) {
  fe zz, yy, beta, alpha, t, u;
  sq(&zz, &p->z);
  sq(&yy, &p->y);
  mul(&beta, &p->x, &yy);
  sq(&t, &p->x);
  sq(&u, &zz);
  mul(&u, &u, &curve_a);
  LIN(alpha, 3 * L(t) + L(u));
  finish_doubling(p, &alpha, &beta, &yy, &zz);
}

/* p = 2p. Right for infinity and for points of order two. */
INLINE void dbl(jacobian *p) {
  if (a_is_minus_3) dbl_minus_3(p);
  else dbl_any(p);
}

/*
 * p = p + q or p - q: 8M + 3S. With H = U2 - X1 and R = S2 - Y1, U2 and S2 being q's coordinates over p's denominators:
 * X = R^2 - H^3 - 2 X1 H^2, Y = R (X1 H^2 - X) - Y1 H^3 and Z = Z1 H.
 */
NOINLINE void add_affine(jacobian *p, const affine *q, int negated) {
  fe zz, h, s2, r, hh, v, t;
  sq(&zz, &p->z);
  mul_less(&h, &q->x, &zz, &p->x, 0);
  if (negated) {
    LIN(t, BIAS - L(q->y));
    mul(&s2, &t, &p->z);
  } else {
    mul(&s2, &q->y, &p->z);
  }
  mul_less(&r, &s2, &zz, &p->y, 0);
  mul(&p->z, &p->z, &h);
  sq(&hh, &h);
  mul(&v, &p->x, &hh);
  mul(&hh, &hh, &h);
  mul(&t, &p->y, &hh);
  add_raw(&hh, &hh, &v);
  add_raw(&hh, &hh, &v); /* three units */
  sq_less(&p->x, &r, &hh, 0);
  LIN(v, L(v) + BIAS - L(p->x));
  mul_less(&p->y, &r, &v, &t, 0);
}

static void from_affine(jacobian *r, const affine *q, int negated) {
  r->x = q->x;
  set_one(&r->z);
  if (negated) negate(&r->y, &q->y);
  else r->y = q->y;
}

/* p += q or p -= q, whatever the points: the cases the fast addition leaves out are decided first. q is not infinity. */
NOINLINE void add_affine_careful(jacobian *p, const affine *q, int negated) {
  if (is_zero(&p->z)) {
    from_affine(p, q, negated);
    return;
  }
  fe zz, u2, s2;
  sq(&zz, &p->z);
  mul(&u2, &q->x, &zz);
  if (!equal(&p->x, &u2)) {
    add_affine(p, q, negated);
    return;
  }
  mul(&s2, &q->y, &p->z);
  mul(&s2, &s2, &zz);
  if (negated) negate(&s2, &s2);
  if (equal(&p->y, &s2)) dbl(p);
  else for (int i = 0; i < LIMBS; i++) p->z.limb[i] = 0;
}

/* y^2 = x^3 + ax + b */
static int on_curve(const affine *q, const fe *b) {
  fe left, right, t;
  sq(&left, &q->y);
  sq(&right, &q->x);
  mul(&right, &right, &q->x);
  mul(&t, &q->x, &curve_a);
  LIN(right, L(right) + L(t) + L(*b));
  return equal(&left, &right);
}

#endif
