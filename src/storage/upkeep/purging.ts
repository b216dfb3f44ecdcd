import { type Storage } from '../storage.js';

/** How long what is over may lie about: it counts towards what a flood of challenges takes. */
const PURGE_EVERY_MS = 60_000;

/**
 * Purges now and every minute: also a gateway that is restarted more often than that gets rid of what has expired. No request waits for it.
 *
 * @param onFailure is told of a purge that failed; the next one is tried all the same
 * @returns ends it, and resolves when the slice under way is done and the store may be closed
 */
export function startPurging(
  storage: Pick<Storage, 'purge'>,
  clock: () => Date,
  onFailure: (error: unknown) => void,
): () => Promise<void> {
  const ending = new AbortController();
  let underWay: Promise<void> | null = null;
  const purge = (): void => {
    underWay ??= storage
      .purge(clock(), ending.signal)
      .catch(onFailure)
      .finally(() => {
        underWay = null;
      });
  };
  const timer = setInterval(purge, PURGE_EVERY_MS);
  timer.unref();
  purge();
  return async () => {
    clearInterval(timer);
    ending.abort();
    await underWay;
  };
}
