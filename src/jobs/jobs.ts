import { type Beat } from './beat.js';
import { type ClaimParts, type JobClaims } from './claim.js';
import { fullName, type Job, type JobRun } from './job.js';
import { type JobObserver } from './observe.js';
import { endsWithin, runOnce } from './run.js';
import { createSchedule, type Now, type Schedule } from './schedule.js';

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

interface Entry {
  readonly job: Job;
  readonly schedule: Schedule;
  running: Promise<void> | null;
  /** Of the run under way. */
  ending: AbortController;
  /** It did not end when it was told to, and that has been told. */
  abandoned: boolean;
}

/** How long the stop waits for runs, and again for last runs. */
const STOP_GRACE_MS = 5_000;
/** How long a run may take to end that was told to only then. */
const LAST_WORD_MS = 500;
/** How often dates are asked for again: they may have been moved, and the system clock set. */
const LOOK_EVERY_MS = 60_000;
/** How often a last run asks whether another instance has given its claim back. */
const ASK_AGAIN_MS = 100;

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

  const begin = (entry: Entry): void => {
    entry.ending = new AbortController();
    // In a turn of its own: the work may add jobs, and must be known to run by then.
    entry.running = Promise.resolve()
      .then(() => run(entry))
      .then((ended) => {
        entry.running = null;
        const failed = ended.outcome === 'failed' || ended.outcome === 'lost';
        entry.schedule.ended(failed ? 'failed' : 'well', now());
        tell(entry, ended);
        look();
      });
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
      if (due <= beat.now()) begin(entry);
      else next = Math.min(next, due);
    }
    cancel = beat.after(Math.max(next - beat.now(), 0), look);
  };

  const endRuns = async (graceMs: number): Promise<void> => {
    for (const { job, ending } of entries) if (job.runAtStop !== true) ending.abort();
    const all = (): Promise<unknown> =>
      Promise.all(entries.flatMap(({ running }) => (running === null ? [] : [running])));
    if (await endsWithin(all(), graceMs, beat)) return;
    for (const { running, ending } of entries) if (running !== null) ending.abort();
    if (await endsWithin(all(), LAST_WORD_MS, beat)) return;
    for (const entry of entries) {
      if (entry.running !== null) tell(entry, { job: entry.job, outcome: 'abandoned', durationMs: graceMs });
    }
  };

  const lastRun = async (entry: Entry): Promise<void> => {
    for (;;) {
      const ended = await run(entry, true);
      if (ended.outcome !== 'elsewhere' || entry.ending.signal.aborted) {
        tell(entry, ended);
        return;
      }
      await new Promise<void>((resolve) => {
        beat.after(ASK_AGAIN_MS, resolve);
      });
    }
  };

  const lastRuns = async (graceMs: number): Promise<void> => {
    const last = entries.filter(({ job, running }) => job.runAtStop === true && running === null);
    const until = beat.now() + graceMs;
    for (const entry of last) {
      const running = lastRun(entry);
      if (await endsWithin(running, Math.max(until - beat.now(), 0), beat)) continue;
      entry.ending.abort();
      if (!(await endsWithin(running, LAST_WORD_MS, beat))) {
        tell(entry, { job: entry.job, outcome: 'abandoned', durationMs: graceMs });
      }
    }
  };

  return {
    add(job) {
      if (entries.some((other) => fullName(other.job) === fullName(job))) {
        throw new TypeError(`there are two jobs named ${fullName(job)}`);
      }
      if (job.oncePerCluster === true && (parts.claims === undefined || 'due' in job.pace)) {
        throw new TypeError(`the job ${job.name} cannot be claimed`);
      }
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
        await endRuns(graceMs);
        if (wasStarted) await lastRuns(graceMs);
      })();
      return stopped;
    },
  };
}

/** `add` takes no job that would ask. */
const NO_CLAIMS: JobClaims = {
  take: () => Promise.resolve(false),
  keep: () => Promise.resolve(false),
};
