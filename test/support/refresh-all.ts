import { type RevocationLadder } from '../../src/revocation/index.js';

/** Fetches every list now, as the gateway does in the background. A list that cannot be had is told to the observer. */
export async function refreshAll({ jobs }: Pick<RevocationLadder, 'jobs'>): Promise<void> {
  await Promise.allSettled(jobs.map((job) => job.run(new AbortController().signal)));
}
