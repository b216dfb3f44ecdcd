/** How much memory this process may take: what is bounded by it asks here. */
import { totalmem } from 'node:os';

/** Octets, of its container where there is one and of the machine otherwise. */
export function memoryAtHand(): number {
  // Without a limit systems answer 0, or more than there is.
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

const MIB = 1024 * 1024;

/** Octets of the largest document to judge, unless the operator says otherwise: all that is made of one takes some twenty times as much. */
export function documentRoom(memory: number): number {
  return Math.min(16 * MIB, Math.floor(memory / 64));
}
