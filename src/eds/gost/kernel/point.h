/*
 * Points of y^2 = x^3 + ax + b in Jacobian coordinates: x = X / Z^2, y = Y / Z^3, and Z = 0 for infinity. The doublings are
 * those of the Explicit-Formulas Database (hyperelliptic.org/EFD, "shortw/jacobian"), the additions the plain ones.
 *
 * The fast additions do not look for their exceptional cases. Where one is met (the same or the opposite point, or
 * infinity) the result has Z = 0, and Z = 0 stays through everything that follows: it is looked for once, at the end, and
 * the work is then done again with the careful additions, which do look. So a contrived signature costs one more run.
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
/* With Z^2 and Z^3, for a point that is added many times. */
typedef struct {
  fe x, y, z, zz, zzz;
} cached;

static fe curve_a;
static int a_is_minus_3;

/* The end of a doubling, from alpha = 3X^2 + aZ^4, beta = X Y^2 and the squares of Y and Z. */
INLINE void finish_doubling(jacobian *p, fe *alpha, const fe *beta, fe *yy, const fe *zz) {
  fe t, u;
  LIN(t, L(p->y) + L(p->z));
  add_raw(&u, yy, zz);
  sq_less(&p->z, &t, &u, 0);         /* Z = (Y + Z)^2 - Y^2 - Z^2 */
  sq_less(&p->x, alpha, beta, 3);    /* X = alpha^2 - 8 beta */
  LIN(u, 4 * L(*beta) + BIAS - L(p->x));
  sq(yy, yy);
  mul_less(&p->y, alpha, &u, yy, 3); /* Y = alpha (4 beta - X) - 8 Y^4 */
}

/* p = 2p for a = -3: dbl-2001-b, 3M + 5S. */
NOINLINE void dbl_minus_3(jacobian *p) {
  fe zz, yy, beta, alpha, t, u;
  sq(&zz, &p->z);
  sq(&yy, &p->y);
  mul(&beta, &p->x, &yy);
  LIN(t, 3 * L(p->x) + 2 * BIAS - 3 * L(zz));
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
 * The common end of the two additions, from U1 and S1 (p's coordinates over the common denominator), H = U2 - U1 and
 * R = S2 - S1: X = R^2 - H^3 - 2 U1 H^2 and Y = R (U1 H^2 - X) - S1 H^3. U1 and S1 may be p's own X and Y.
 */
INLINE void finish_addition(jacobian *p, const fe *u1, const fe *s1, const fe *h, const fe *rr) {
  fe hh, v, t;
  sq(&hh, h);
  mul(&v, u1, &hh);
  mul(&hh, &hh, h);
  mul(&t, s1, &hh);
  UNROLL for (int i = 0; i < LIMBS; i++) hh.limb[i] += 2 * v.limb[i]; /* three units */
  sq_less(&p->x, rr, &hh, 0);
  LIN(v, L(v) + BIAS - L(p->x));
  mul_less(&p->y, rr, &v, &t, 0);
}

/* p = p + q or p - q: 8M + 3S, Z = Z1 H. */
NOINLINE void add_affine(jacobian *p, const affine *q, int negated) {
  fe zz, h, s2, rr;
  sq(&zz, &p->z);
  mul_less(&h, &q->x, &zz, &p->x, 0);
  if (negated) {
    LIN(rr, BIAS - L(q->y));
    mul(&s2, &rr, &p->z);
  } else {
    mul(&s2, &q->y, &p->z);
  }
  mul_less(&rr, &s2, &zz, &p->y, 0);
  mul(&p->z, &p->z, &h);
  finish_addition(p, &p->x, &p->y, &h, &rr);
}

/* p = p + q or p - q with q's squares known: 11M + 3S, Z = Z1 Z2 H. */
NOINLINE void add_cached(jacobian *p, const cached *q, int negated) {
  fe zz, u1, s1, h, s2, rr;
  sq(&zz, &p->z);
  mul(&u1, &p->x, &q->zz);
  mul_less(&h, &q->x, &zz, &u1, 0);
  mul(&s1, &p->y, &q->zzz);
  if (negated) {
    LIN(rr, BIAS - L(q->y));
    mul(&s2, &rr, &p->z);
  } else {
    mul(&s2, &q->y, &p->z);
  }
  mul_less(&rr, &s2, &zz, &s1, 0);
  mul(&p->z, &p->z, &q->z);
  mul(&p->z, &p->z, &h);
  finish_addition(p, &u1, &s1, &h, &rr);
}

static void cache(cached *r, const jacobian *p) {
  r->x = p->x;
  r->y = p->y;
  r->z = p->z;
  sq(&r->zz, &p->z);
  mul(&r->zzz, &p->z, &r->zz);
}

static void from_cached(jacobian *r, const cached *q, int negated) {
  r->x = q->x;
  r->z = q->z;
  if (negated) negate(&r->y, &q->y);
  else r->y = q->y;
}

static void from_affine(jacobian *r, const affine *q, int negated) {
  r->x = q->x;
  set_one(&r->z);
  if (negated) negate(&r->y, &q->y);
  else r->y = q->y;
}

/* p += q or p -= q, whatever the points: the cases the fast additions leave out are decided first. q is not infinity. */
NOINLINE void add_careful(jacobian *p, const cached *q, int negated) {
  if (is_zero(&p->z)) {
    from_cached(p, q, negated);
    return;
  }
  fe zz, u1, u2, s1, s2;
  sq(&zz, &p->z);
  mul(&u1, &p->x, &q->zz);
  mul(&u2, &q->x, &zz);
  if (!equal(&u1, &u2)) {
    add_cached(p, q, negated);
    return;
  }
  mul(&s1, &p->y, &q->zzz);
  mul(&s2, &q->y, &p->z);
  mul(&s2, &s2, &zz);
  if (negated) negate(&s2, &s2);
  if (equal(&s1, &s2)) dbl(p);
  else for (int i = 0; i < LIMBS; i++) p->z.limb[i] = 0;
}

/* The same for an affine q; one squaring and two products dearer than a copy of the function would be, and never hot. */
static void add_affine_careful(jacobian *p, const affine *q, int negated) {
  cached c;
  c.x = q->x;
  c.y = q->y;
  set_one(&c.z);
  c.zz = c.z;
  c.zzz = c.z;
  add_careful(p, &c, negated);
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
