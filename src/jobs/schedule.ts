/** When a job is due next. Pure: what time it is comes from the caller. */
import { type Beats, type DueDate, type Job } from './job.js';

/** The two clocks: milliseconds that never go back, and the date, which may be set at any time. */
export interface Now {
  readonly beat: number;
  readonly date: Date;
}

export interface Schedule {
  /** The moment by the beat at which the job is due. @throws what the job's own `due` throws */
  dueAt(now: Now): number;
  /** A run has ended. */
  ended(how: 'well' | 'failed', now: Now): void;
}

/** A job that fails at every beat is tried more and more rarely, until it is this rarely; a slower one keeps its pace. */
const LONGEST_BACKOFF_MS = 10_000;
/** Between two runs of a job with a date lies at least this much, whatever the date says. */
const LEAST_PAUSE_MS = 1_000;
/** The share of a pause after a failure that is left to chance, so that instances do not come back together. */
const PAUSE_JITTER = 0.25;

/**
 * @param random a number from 0 to 1
 * @throws RangeError for a pace that is none
 */
export function createSchedule({ name, pace }: Job, now: Now, random: () => number): Schedule {
  if ('due' in pace) return followDate(pace, random);
  const { everyMs, jitter = 1 } = pace;
  if (!Number.isFinite(everyMs) || everyMs < 1 || !(jitter >= 0 && jitter <= 1)) {
    throw new RangeError(`the job ${name} has no pace`);
  }
  return followBeats(pace, now, random);
}

function followBeats(
  { everyMs, jitter = 1, atOnce = false }: Beats,
  now: Now,
  random: () => number,
): Schedule {
  const first = now.beat + everyMs * (1 - jitter * random());
  const backoff = createBackoff(everyMs, random);
  let next = atOnce ? now.beat : first;
  return {
    dueAt: () => next,
    ended(how, { beat }) {
      // Beats stay where they are: those that passed meanwhile are skipped.
      const passed = Math.max(0, Math.floor((beat - first) / everyMs) + 1);
      next = how === 'well' ? first + passed * everyMs : beat + backoff.failed();
      if (how === 'well') backoff.succeeded();
    },
  };
}

function followDate({ due }: DueDate, random: () => number): Schedule {
  const backoff = createBackoff(LEAST_PAUSE_MS, random);
  let planned: { readonly date: number; readonly beat: number } | null = null;
  let notBefore = Number.NEGATIVE_INFINITY;
  return {
    dueAt(now) {
      if (now.beat < notBefore) return notBefore;
      const date = due().getTime();
      if (Number.isNaN(date)) throw new RangeError('a job is due at no time');
      const byDate = now.beat + date - now.date.getTime();
      // As far away as it was when it was planned, though the date was set back meanwhile; sooner where it was set forward.
      const byBeat = planned?.date === date ? Math.min(planned.beat, byDate) : byDate;
      planned = { date, beat: byBeat };
      return byBeat;
    },
    ended(how, { beat }) {
      planned = null;
      notBefore = beat + (how === 'well' ? LEAST_PAUSE_MS : backoff.failed());
      if (how === 'well') backoff.succeeded();
    },
  };
}

function createBackoff(fromMs: number, random: () => number): { failed(): number; succeeded(): void } {
  let failures = 0;
  return {
    failed() {
      const pause = Math.min(fromMs * 2 ** failures, Math.max(fromMs, LONGEST_BACKOFF_MS));
      failures += 1;
      return pause * (1 - PAUSE_JITTER * random());
    },
    succeeded() {
      failures = 0;
    },
  };
}
