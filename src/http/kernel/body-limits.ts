/** What a JSON body may cost, before it is parsed. docs/api.md tells the same numbers; a test compares them. */

const KIB = 1024;
const MIB = 1024 * KIB;

export const BODY_LIMITS = Object.freeze({
  /** Octets of a body, by what it holds. That of documents is `QAQPA_VERIFY_BODY_LIMIT`. */
  octets: Object.freeze({ small: 4 * KIB, management: 16 * KIB, signature: 256 * KIB }),
  /** Lists and objects within one another. */
  depth: 16,
  /** Values of every kind in all: the largest request of the contract has some 150. */
  values: 1000,
  /** Octets of the name of a field, as sent. */
  nameOctets: 256,
  /** Octets of a number, as sent. */
  numberOctets: 64,
  /** Octets of refused bodies that are read and forgotten, so that their sender gets to read the answer. */
  drained: 64 * MIB,
});

/** Room for bodies, in octets. */
export interface RoomLimits {
  /** Of one sender, and of the wider ones around it. */
  readonly perSender: readonly number[];
  readonly inAll: number;
  /** Who is slower than this, after a time of grace, gives way where room is scarce. */
  readonly slow: { readonly graceMs: number; readonly octetsPerSecond: number };
}

/**
 * How many octets of bodies may have come and be in use at a time: from one address, its /24 (/48), its /16 (/32), and in all. Those of API
 * clients are counted apart, by client: documents leave the room of sign-ins alone, and strangers that of documents. On its way through the
 * gateway a body is there several times, so that in less memory than `WHOLE_ROOM_MEMORY` there is as much less room.
 */
export const BODY_ROOM: Readonly<Record<'people' | 'clients', RoomLimits>> = Object.freeze({
  people: Object.freeze({
    perSender: Object.freeze([4 * MIB, 8 * MIB, 16 * MIB]),
    inAll: 64 * MIB,
    slow: Object.freeze({ graceMs: 3_000, octetsPerSecond: 64 * KIB }),
  }),
  clients: Object.freeze({
    perSender: Object.freeze([32 * MIB]),
    inAll: 64 * MIB,
    slow: Object.freeze({ graceMs: 3_000, octetsPerSecond: MIB }),
  }),
});

/** Octets of memory from which on the whole room for bodies is given. */
export const WHOLE_ROOM_MEMORY = 2048 * MIB;

/** Octets of bodies after which, in less memory than that, what they left behind is collected. */
export const COLLECTED_OCTETS = 8 * MIB;
