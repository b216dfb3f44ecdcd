import { type Beat } from './beat.js';
import { type ClaimParts, type JobClaims } from './claim.js';
import { fullName, type Job, type JobRun } from './job.js';
import { type JobObserver } from './observe.js';
import { runOnce } from './run.js';
import { createSchedule, type Now } from './schedule.js';
import { endRuns, type Entry, lastRuns } from './stop.js';

export interface JobsParts {
  readonly beat: Beat;
  readonly clock: () => Date;
  /** A number from 0 to 1. */
  readonly random: () => number;
  /** Needed by what is done once in the cluster. */
  readonly claims?: JobClaims;
  /** Names this instance in claims, and no other; only needed with them. */
  readonly holder?: string;
  /** Told of every job, and of every run that has ended or was given up. Must not throw. */
  readonly observer: JobObserver;
}

/** Everything periodic of one process. */
export interface Jobs {
  /**
   * Adds a job, also after the start. Those with `runAtStop` run in the order in which they were added.
   *
   * @throws TypeError for a second job of one name, or one that cannot be claimed; RangeError for a pace that is none
   */
  add(job: Job): void;
  /** Begins. A second start does nothing. */
  start(): void;
  /**
   * Ends: no run begins any more, those under way are told to end and waited for, and what runs at the stop is run once more. Takes at
   * most twice `graceMs` and a moment for each that had to be told; what has not ended by then is left alone. Never rejects.
   */
  stop(graceMs?: number): Promise<void>;
}

/** How long the stop waits for runs, and again for last runs. */
const STOP_GRACE_MS = 5_000;
/** How often dates are asked for again: they may have been moved, and the system clock set. */
const LOOK_EVERY_MS = 60_000;
/** One clock for all jobs of a process. A job never runs twice at once; none disturbs another. */
export function createJobs(parts: JobsParts): Jobs {
  const { beat, clock, random, observer } = parts;
  const entries: Entry[] = [];
  const claimParts: ClaimParts = {
    beat,
    clock,
    claims: parts.claims ?? NO_CLAIMS,
    holder: parts.holder ?? '',
  };
  let state: 'new' | 'started' | 'stopping' = 'new';
  let stopped: Promise<void> | null = null;
  let cancel = (): void => undefined;

  const now = (): Now => ({ beat: beat.now(), date: clock() });

  const run = (entry: Entry, lastRun = false): Promise<JobRun> =>
    runOnce(entry.job, entry.ending.signal, { ...claimParts, lastRun });

  const tell = (entry: Entry, ended: JobRun): void => {
    if (entry.abandoned) return;
    entry.abandoned = ended.outcome === 'abandoned';
    observer.ended(ended);
  };

  const begin = async (entry: Entry): Promise<void> => {
    entry.ending = new AbortController();
    // A turn of its own: the work may add jobs, and must be known to run by then.
    await Promise.resolve();
    const ended = await run(entry);
    entry.running = null;
    const failed = ended.outcome === 'failed' || ended.outcome === 'lost';
    entry.schedule.ended(failed ? 'failed' : 'well', now());
    tell(entry, ended);
    look();
  };

  /** When a job is due; one whose date cannot be had has failed, and is asked again after a pause. */
  const dueAt = ({ job, schedule }: Entry): number => {
    try {
      return schedule.dueAt(now());
    } catch (error) {
      schedule.ended('failed', now());
      observer.ended({ job, outcome: 'failed', durationMs: 0, error });
      return schedule.dueAt(now());
    }
  };

  /** Begins what is due, and waits for what is due next. */
  const look = (): void => {
    cancel();
    if (state !== 'started') return;
    let next = beat.now() + LOOK_EVERY_MS;
    for (const entry of entries) {
      if (entry.running !== null) continue;
      const due = dueAt(entry);
      if (due <= beat.now()) entry.running = begin(entry);
      else next = Math.min(next, due);
    }
    cancel = beat.after(Math.max(next - beat.now(), 0), look);
  };

  return {
    add(job) {
      assertAddable(job, entries, parts.claims);
      const schedule = createSchedule(job, now(), random);
      observer.added(job);
      entries.push({ job, schedule, running: null, ending: new AbortController(), abandoned: false });
      look();
    },
    start() {
      if (state !== 'new') return;
      state = 'started';
      look();
    },
    stop(graceMs = STOP_GRACE_MS) {
      stopped ??= (async () => {
        const wasStarted = state === 'started';
        state = 'stopping';
        cancel();
        const stopping = { entries, beat, run, tell, graceMs };
        await endRuns(stopping);
        if (wasStarted) await lastRuns(stopping);
      })();
      return stopped;
    },
  };
}

/** @throws TypeError */
function assertAddable(job: Job, entries: readonly Entry[], claims: JobClaims | undefined): void {
  if (entries.some((other) => fullName(other.job) === fullName(job))) {
    throw new TypeError(`there are two jobs named ${fullName(job)}`);
  }
  if (job.oncePerCluster === true && (claims === undefined || 'due' in job.pace)) {
    throw new TypeError(`the job ${job.name} cannot be claimed`);
  }
}

/** `add` takes no job that would ask. */
const NO_CLAIMS: JobClaims = {
  take: () => Promise.resolve(false),
  keep: () => Promise.resolve(false),
};
