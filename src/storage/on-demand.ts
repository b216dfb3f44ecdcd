const BASIS = Symbol('basis');
const MADE = Symbol('made');

/**
 * Objects of one shape, each over a basis of its own, whose parts are made when they are first asked for: a unit of work pays for the
 * stores it uses. The parts stand on a shared prototype, so such an object cannot be spread; `Object.create` gives one with a part replaced.
 *
 * @param makers makes each part over a basis, once for each object; `whole` is that object
 */
export function onDemand<Basis, Parts extends object>(makers: {
  readonly [Name in keyof Parts]: (basis: Basis, whole: Parts) => Parts[Name];
}): (basis: Basis) => Parts {
  class OnDemand {
    readonly [BASIS]: Basis;
    readonly [MADE]: Partial<Parts> = {};

    constructor(basis: Basis) {
      this[BASIS] = basis;
    }
  }
  for (const name of Object.keys(makers) as (keyof Parts)[]) {
    Object.defineProperty(OnDemand.prototype, name, {
      enumerable: true,
      get(this: OnDemand) {
        return (this[MADE][name] ??= makers[name](this[BASIS], this as unknown as Parts));
      },
    });
  }
  return (basis) => new OnDemand(basis) as unknown as Parts;
}

/** The same parts, all of them made, in an ordinary object. */
export function allMade<Parts extends object>(parts: Parts): Parts {
  const made: Partial<Parts> = {};
  for (const name in parts) made[name] = parts[name];
  return made as Parts;
}
