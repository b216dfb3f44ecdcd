/*
 * Points of y^2 = x^3 + ax + b in Jacobian coordinates: x = X / Z^2, y = Y / Z^3, and Z = 0 for infinity. Formulas of the
 * Explicit-Formulas Database (hyperelliptic.org/EFD, "shortw/jacobian").
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

/* r = 2p: dbl-2001-b for a = -3 (3M + 5S), dbl-2007-bl for any other a. Right for infinity and for points of order two. */
NOINLINE void dbl(jacobian *r, const jacobian *p) {
  fe zz, yy, beta, alpha, t, u;
  sq(&zz, &p->z);
  sq(&yy, &p->y);
  mul(&beta, &p->x, &yy);
  if (a_is_minus_3) {
    LIN(t, L(p->x) + BIAS - L(zz));
    add_raw(&u, &p->x, &zz);
    mul(&alpha, &u, &t);
    LIN(alpha, 3 * L(alpha));
  } else {
    sq(&t, &p->x);
    sq(&u, &zz);
    mul(&u, &u, &curve_a);
    LIN(alpha, 3 * L(t) + L(u));
  }
  LIN(t, L(p->y) + L(p->z));
  sq(&t, &t);
  LIN(r->z, L(t) + BIAS - L(yy) - L(zz));
  sq(&t, &alpha);
  LIN(r->x, L(t) + 4 * BIAS - 8 * L(beta));
  LIN(u, 4 * L(beta) + BIAS - L(r->x));
  mul(&t, &alpha, &u);
  sq(&yy, &yy);
  LIN(r->y, L(t) + 4 * BIAS - 8 * L(yy));
}

/* X and Y of a sum from U1, S1, H, R = 2 (S2 - S1) and I = 4 H^2: the common half of the two additions below. */
INLINE void sum_from(jacobian *r, const fe *u1, const fe *s1, const fe *h, const fe *rr, const fe *i4) {
  fe j, v, t, y;
  mul(&j, h, i4);
  mul(&v, u1, i4);
  mul(&y, s1, &j);
  sq(&t, rr);
  LIN(r->x, L(t) + 2 * BIAS - L(j) - 2 * L(v));
  LIN(t, L(v) + BIAS - L(r->x));
  mul(&t, rr, &t);
  LIN(r->y, L(t) + BIAS - 2 * L(y));
}

/* R = 2 (S2 - S1), or 2 (-S2 - S1) for the negated second point. */
INLINE void twice_difference(fe *rr, const fe *s2, const fe *s1, int negated) {
  if (negated) LIN(*rr, 2 * BIAS - 2 * L(*s2) - 2 * L(*s1));
  else LIN(*rr, 2 * L(*s2) + BIAS - 2 * L(*s1));
}

/* r = p + q or p - q: madd-2007-bl, 7M + 4S. r may be p. */
NOINLINE void add_affine(jacobian *r, const jacobian *p, const affine *q, int negated) {
  fe zz, h, hh, s2, rr, i4, t;
  const fe x1 = p->x, y1 = p->y;
  sq(&zz, &p->z);
  mul(&t, &q->x, &zz);
  LIN(h, L(t) + BIAS - L(x1));
  mul(&s2, &q->y, &p->z);
  mul(&s2, &s2, &zz);
  twice_difference(&rr, &s2, &y1, negated);
  sq(&hh, &h);
  LIN(i4, 4 * L(hh));
  LIN(t, L(p->z) + L(h));
  sq(&t, &t);
  LIN(r->z, L(t) + BIAS - L(zz) - L(hh));
  sum_from(r, &x1, &y1, &h, &rr, &i4);
}

/* r = p + q or p - q: add-2007-bl with q's squares known, 10M + 4S. r may be p. */
NOINLINE void add_cached(jacobian *r, const jacobian *p, const cached *q, int negated) {
  fe zz, u1, s1, h, s2, rr, i4, t;
  sq(&zz, &p->z);
  mul(&u1, &p->x, &q->zz);
  mul(&t, &q->x, &zz);
  LIN(h, L(t) + BIAS - L(u1));
  mul(&s1, &p->y, &q->zzz);
  mul(&s2, &q->y, &p->z);
  mul(&s2, &s2, &zz);
  twice_difference(&rr, &s2, &s1, negated);
  LIN(t, 2 * L(h));
  sq(&i4, &t);
  LIN(t, L(p->z) + L(q->z));
  sq(&t, &t);
  LIN(t, L(t) + BIAS - L(zz) - L(q->zz));
  mul(&r->z, &t, &h);
  sum_from(r, &u1, &s1, &h, &rr, &i4);
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
    add_cached(p, p, q, negated);
    return;
  }
  mul(&s1, &p->y, &q->zzz);
  mul(&s2, &q->y, &p->z);
  mul(&s2, &s2, &zz);
  if (negated) negate(&s2, &s2);
  if (equal(&s1, &s2)) dbl(p, p);
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
