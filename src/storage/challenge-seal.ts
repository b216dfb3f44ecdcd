/** What of a challenge must not lie open in a store: the words of an operation, which name people, and whose room it takes. */
import { type ChallengeHolder } from '../challenge/room.js';
import { type FieldCipher, type FieldPlace } from './field-cipher.js';

/** 128 bits tell holders apart. */
const INDEX_DIGITS = 32;

/** Keyed: an address cannot be guessed from it. */
export function holderIndex(cipher: FieldCipher, { kind, name }: ChallengeHolder): string {
  return cipher.blindIndex('challenge-holder', `${kind} ${name}`).slice(0, INDEX_DIGITS);
}

export function sealOperation(cipher: FieldCipher, id: string, operation: string | null): string | null {
  return operation === null ? null : cipher.passing.seal(placeOf(id), operation);
}

/** @throws StorageError `STORAGE_CORRUPT` */
export function openOperation(cipher: FieldCipher, id: string, sealed: string | null): string | null {
  return sealed === null ? null : cipher.passing.open(placeOf(id), sealed);
}

function placeOf(recordId: string): FieldPlace {
  return { table: 'challenges', column: 'operation_sealed', recordId };
}
