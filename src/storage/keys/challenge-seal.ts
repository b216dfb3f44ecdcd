/** What of a challenge must not lie open in a store: the words of an operation, which name people, and whose room it takes. */
import { type ChallengeHolder } from '../../challenge/room.js';
import { StorageError } from '../error.js';
import { type FieldCipher, type FieldPlace } from './field-cipher.js';

/** 128 bits tell holders apart; of an address the first 40 are of its provider, the next 40 of its site. */
const INDEX_DIGITS = 32;
const NETWORK_DIGITS = 10;

/** What a holder is found by: hex digits, so that what begins alike lies between `0…` and `f…` in every collation. */
export interface HolderIndex {
  readonly own: string;
  /** What the indexes of all in its networks begin with, the narrower one first. */
  readonly around: readonly string[];
}

/** Keyed: neither an address nor a network can be guessed from it. */
export function holderIndex(
  cipher: FieldCipher,
  { kind, name, networks = null }: ChallengeHolder,
): HolderIndex {
  const digits = (value: string, count: number): string =>
    cipher.blindIndex('challenge-holder', value).slice(0, count);
  if (networks === null) return { own: digits(`${kind} ${name}`, INDEX_DIGITS), around: [] };
  const [site, provider] = networks;
  const wide = digits(`network ${provider}`, NETWORK_DIGITS);
  const near = wide + digits(`network ${site}`, NETWORK_DIGITS);
  return {
    own: near + digits(`${kind} ${name}`, INDEX_DIGITS - near.length),
    around: [near, wide],
  };
}

/** The least and the greatest index that begins so. */
export function indexesFrom(beginning: string): { readonly first: string; readonly last: string } {
  return { first: beginning.padEnd(INDEX_DIGITS, '0'), last: beginning.padEnd(INDEX_DIGITS, 'f') };
}

export function sealOperation(cipher: FieldCipher, id: string, operation: string | null): string | null {
  return operation === null ? null : cipher.passing.seal(placeOf(id), operation);
}

/** @returns undefined where it does not open: the master key was replaced since, or the words were changed */
export function openOperation(
  cipher: FieldCipher,
  id: string,
  sealed: string | null,
): string | null | undefined {
  if (sealed === null) return null;
  try {
    return cipher.passing.open(placeOf(id), sealed);
  } catch (error) {
    if (error instanceof StorageError) return undefined;
    throw error;
  }
}

function placeOf(recordId: string): FieldPlace {
  return { table: 'challenges', column: 'operation_sealed', recordId };
}
