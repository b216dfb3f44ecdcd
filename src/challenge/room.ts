/** How many challenges are kept at a time, of one holder and of all: what a flood of them may take of the store. */

/** Whose room a challenge takes: the address it was asked from, or, within a session, the membership it is for. */
export interface ChallengeHolder {
  readonly kind: 'address' | 'membership';
  readonly name: string;
}

export interface ChallengeBounds {
  /** Kept at a time of one address, of those used as well. */
  readonly perAddress: number;
  /** Kept at a time of all together. */
  readonly inAll: number;
}

export const DEFAULT_CHALLENGE_BOUNDS: ChallengeBounds = { perAddress: 2_000, inAll: 100_000 };

/** Of one membership: theirs may hold the words of an operation and are larger. */
const PER_MEMBERSHIP = 60;

/** The last part of the room is for those who have few: a flood from some addresses leaves it to all others. */
const COMMON_SHARE = 0.75;
/** Of what one address may have: 30 of 1000. */
const FEW_SHARE = 0.03;

/** What a store holds a new challenge against. */
export interface RoomLimits {
  /** Of this holder. */
  readonly own: number;
  /** Of all, for holders that have `few` or more. */
  readonly common: number;
  readonly few: number;
  /** Of all. */
  readonly inAll: number;
}

export function roomLimits({ kind }: ChallengeHolder, { perAddress, inAll }: ChallengeBounds): RoomLimits {
  return {
    own: kind === 'membership' ? PER_MEMBERSHIP : perAddress,
    common: Math.floor(inAll * COMMON_SHARE),
    few: Math.max(1, Math.floor(perAddress * FEW_SHARE)),
    inAll,
  };
}

/**
 * Which bound one more challenge would break, if any.
 *
 * @param kept challenges that are not over: of the holder, and of all
 */
export function brokenBound(
  kept: { readonly own: number; readonly all: number },
  { own, common, few, inAll }: RoomLimits,
): 'own' | 'all' | null {
  if (kept.own >= own) return 'own';
  return kept.all >= inAll || (kept.all >= common && kept.own >= few) ? 'all' : null;
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
