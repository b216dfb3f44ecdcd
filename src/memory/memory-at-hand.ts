/** How much memory this process may take: what is bounded by it asks here. */
import { totalmem } from 'node:os';

/** Octets, of its container where there is one and of the machine otherwise. */
export function memoryAtHand(): number {
  // Without a limit systems answer 0, or more than there is.
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
