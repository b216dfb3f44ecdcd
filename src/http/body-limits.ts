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

/**
 * How many octets of bodies may be read or in use at a time, from one sender and in all. Those of API clients are counted apart: documents
 * leave the room of sign-ins alone, and strangers that of documents.
 */
export const BODY_ROOM = Object.freeze({
  people: Object.freeze({ perSender: 4 * MIB, inAll: 64 * MIB }),
  clients: Object.freeze({ perSender: 32 * MIB, inAll: 64 * MIB }),
});
