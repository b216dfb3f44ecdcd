import { type Job } from '../../jobs/job.js';
import { type Storage } from '../storage.js';

/** How long what is over may lie about: it counts towards what a flood of challenges takes. */
const PURGE_EVERY_MS = 60_000;

/**
 * Purges at the start and every minute, one instance for all: also a gateway that is restarted more often than that gets rid of what has
 * expired. No request waits for it; at the stop no further slice is begun.
 */
export function purging(storage: Pick<Storage, 'purge'>, clock: () => Date): Job {
  return {
    name: 'purge',
    pace: { everyMs: PURGE_EVERY_MS, atOnce: true },
    oncePerCluster: true,
    run: (signal) => storage.purge(clock(), signal),
  };
}
