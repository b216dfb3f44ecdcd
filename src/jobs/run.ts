/** One run of a job: with its claim, and with an end whatever becomes of it. */
import { type Beat } from './beat.js';
import { type ClaimParts, type HeldClaim, justDoneMs, takeClaim } from './claim.js';
import { fullName, type Job, type JobRun, ToldFailure } from './job.js';

/** Runs a job where no other instance has it. Never rejects: what goes wrong is in what it resolves with. */
export async function runOnce(
  job: Job,
  stopping: AbortSignal,
  parts: ClaimParts & { readonly lastRun: boolean },
): Promise<JobRun> {
  const began = parts.beat.now();
  const finished = (outcome: JobRun['outcome'], error?: unknown): JobRun => ({
    job,
    outcome,
    durationMs: parts.beat.now() - began,
    ...(error === undefined || error instanceof ToldFailure ? {} : { error }),
  });
  let claim: HeldClaim | null = null;
  let outcome: JobRun['outcome'] = 'failed';
  const everyMs = claimedPace(job);
  try {
    if (everyMs !== null) {
      claim = await takeClaim(parts, fullName(job), everyMs);
      if (claim === null) return finished('elsewhere');
    }
    stopping.throwIfAborted();
    await job.run(claim === null ? stopping : AbortSignal.any([stopping, claim.lost]));
    outcome = claim?.lost.aborted === true ? 'lost' : 'done';
    return finished(outcome);
  } catch (error) {
    if (claim?.lost.aborted === true) outcome = 'lost';
    else if (stopping.aborted && isAbort(error, stopping)) outcome = 'stopped';
    return finished(outcome, outcome === 'failed' ? error : undefined);
  } finally {
    // What failed, or was the last here, may be done by another instance at once.
    await claim?.release(outcome === 'done' && !parts.lastRun ? justDoneMs(everyMs ?? 0) : 0);
  }
}

/** Waits for work, but no longer than so many milliseconds. @returns whether it ended */
export async function endsWithin(work: Promise<unknown>, milliseconds: number, beat: Beat): Promise<boolean> {
  let cancel = (): void => undefined;
  const expired = new Promise<false>((resolve) => {
    cancel = beat.after(milliseconds, () => {
      resolve(false);
    });
  });
  const ended = work.then(
    () => true,
    () => true,
  );
  return Promise.race([ended, expired]).finally(() => {
    cancel();
  });
}

/** The pace of what is done once in the cluster; null for what each instance does. */
function claimedPace({ oncePerCluster = false, pace }: Job): number | null {
  return oncePerCluster && 'everyMs' in pace ? pace.everyMs : null;
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}
