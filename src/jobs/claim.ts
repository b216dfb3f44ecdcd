/** Which instance does what is done once in the cluster: claims that are renewed while the work runs and run out by themselves. */
import { type Beat } from './beat.js';

/** Where claims lie, for all instances. */
export interface JobClaims {
  /**
   * Takes a job for `holder`, unless another has a claim on it that has not run out.
   *
   * @returns whether it was taken
   * @throws StoreFailure
   */
  take(job: string, claim: NewClaim): Promise<boolean>;
  /**
   * Moves the end of the claim that `holder` has; a moment that has passed gives it back.
   *
   * @returns whether `holder` still had it
   * @throws StoreFailure
   */
  keep(job: string, claim: { readonly holder: string; readonly until: Date }): Promise<boolean>;
}

export interface NewClaim {
  readonly holder: string;
  readonly now: Date;
  readonly until: Date;
  /** A claim of another that reaches further was made by a clock that is wrong, or was set back since, and does not count. */
  readonly furthest: Date;
}

/** A claim on one job, while it is held. */
export interface HeldClaim {
  /** Aborted when another instance took it, or it ran out because the store could not be reached. */
  readonly lost: AbortSignal;
  /**
   * Ends the holding. The claim stays until so many milliseconds after it was taken, so that no other instance does again what has
   * just been done; 0 gives it back. Never rejects: a claim that cannot be given back runs out.
   */
  release(keptMs: number): Promise<void>;
}

export interface ClaimParts {
  readonly claims: JobClaims;
  /** Names this instance and no other. */
  readonly holder: string;
  readonly beat: Beat;
  readonly clock: () => Date;
}

/** How long a claim lasts that nobody renews: an instance that dies in the middle holds the others up for this long. */
const LEASE_MS = 15_000;
/** By how much the system clocks of instances may differ. */
const CLOCKS_DIFFER_MS = 60_000;
/** The share of a pace for which the work counts as just done. Less than a whole, so that the next beat does not miss it by a hair. */
const JUST_DONE = 0.75;

/** For how long work of this pace counts as just done. */
export function justDoneMs(everyMs: number): number {
  return everyMs * JUST_DONE;
}

/**
 * @returns null where another instance has the job
 * @throws StoreFailure
 */
export async function takeClaim(
  { claims, holder, beat, clock }: ClaimParts,
  job: string,
  everyMs: number,
): Promise<HeldClaim | null> {
  const holdMs = Math.max(justDoneMs(everyMs), LEASE_MS);
  const takenAt = clock();
  let provenUntil = beat.now() + holdMs;
  let until = later(takenAt, holdMs);
  const claim = { holder, now: takenAt, until, furthest: later(until, CLOCKS_DIFFER_MS) };
  if (!(await claims.take(job, claim))) return null;

  const losing = new AbortController();
  let writing: Promise<void> | null = null;
  let cancel = (): void => undefined;
  const renew = async (): Promise<void> => {
    const askedAt = beat.now();
    try {
      const asked = later(clock(), holdMs);
      if (await claims.keep(job, { holder, until: asked })) [provenUntil, until] = [askedAt + holdMs, asked];
      else losing.abort();
    } catch {
      // Asked again until what was proved runs out: the run itself meets the same outage and reports it.
    }
  };
  const watch = (): void => {
    cancel = beat.after(holdMs / 3, () => {
      if (beat.now() >= provenUntil) losing.abort();
      if (losing.signal.aborted) return;
      writing ??= renew().finally(() => {
        writing = null;
      });
      watch();
    });
  };
  watch();
  return {
    lost: losing.signal,
    async release(keptMs) {
      cancel();
      await writing;
      // What another has taken is not ours to give back; what lasts no longer than it should is left as it is.
      const end = later(takenAt, keptMs);
      if (losing.signal.aborted || end >= until) return;
      await claims.keep(job, { holder, until: end }).catch(() => undefined);
    },
  };
}

function later(date: Date, milliseconds: number): Date {
  return new Date(date.getTime() + milliseconds);
}
