/** How many challenges are kept at a time, of one holder and of all: what a flood of them may take of the store. */

/** Whose room a challenge takes: the address it was asked from, or, within a session, the membership it is for. */
export interface ChallengeHolder {
  readonly kind: 'address' | 'membership';
  readonly name: string;
  /** The networks an address lies in, the narrower one first. */
  readonly networks?: readonly [site: string, provider: string] | null;
}

export interface ChallengeBounds {
  /** Kept at a time of one address, of those used as well. */
  readonly perAddress: number;
  /** Kept at a time of all together. */
  readonly inAll: number;
  /** How many times what is few for one address its networks may have, the narrower one first. */
  readonly widths: readonly [site: number, provider: number];
}

export const DEFAULT_CHALLENGE_BOUNDS: ChallengeBounds = {
  perAddress: 2_000,
  inAll: 100_000,
  widths: [4, 16],
};

/** Of one membership: theirs may hold the words of an operation and are larger. */
const PER_MEMBERSHIP = 60;

/** The last part of the room is for those who have few: a flood from some addresses or networks leaves it to all others. */
const COMMON_SHARE = 0.75;
/** Of what one address may have: 30 of 1000. */
const FEW_SHARE = 0.03;

/** What a store holds a new challenge against. */
export interface RoomLimits {
  /** Of this holder. */
  readonly own: number;
  /** Of all, for holders that have `few` or more, and for those whose networks have as many of theirs. */
  readonly common: number;
  readonly few: number;
  /** Of the networks of the holder, the narrower one first; none where it has none. */
  readonly fewAround: readonly number[];
  /** Of all. */
  readonly inAll: number;
}

export function roomLimits(
  { kind, networks = null }: ChallengeHolder,
  { perAddress, inAll, widths }: ChallengeBounds,
): RoomLimits {
  const few = Math.max(1, Math.floor(perAddress * FEW_SHARE));
  return {
    own: kind === 'membership' ? PER_MEMBERSHIP : perAddress,
    common: Math.floor(inAll * COMMON_SHARE),
    few,
    fewAround: networks === null ? [] : widths.map((width) => few * width),
    inAll,
  };
}

/**
 * Which bound one more challenge would break, if any.
 *
 * @param kept challenges that are not over: of the holder, of its networks, and of all
 */
export function brokenBound(
  kept: { readonly own: number; readonly around: readonly number[]; readonly all: number },
  { own, common, few, fewAround, inAll }: RoomLimits,
): 'own' | 'all' | null {
  if (kept.own >= own) return 'own';
  if (kept.all >= inAll) return 'all';
  const hasFew = kept.own < few && fewAround.every((most, at) => (kept.around[at] ?? 0) < most);
  return kept.all >= common && !hasFew ? 'all' : null;
}

/** There is no room for another challenge: the holder has had as many as one may have, or all together have. Nothing was kept. */
export class ChallengesFull extends Error {
  override readonly name = 'ChallengesFull';
  readonly bound: 'own' | 'all';

  constructor(bound: 'own' | 'all') {
    super(bound === 'own' ? 'too many challenges of one holder' : 'too many challenges');
    this.bound = bound;
  }
}
