/** The end of all jobs of a process: what runs is told to end, and what runs at the stop is run once more. */
import { type Beat } from './beat.js';
import { type Job, type JobRun } from './job.js';
import { endsWithin } from './run.js';
import { type Schedule } from './schedule.js';

/** A job and how it stands. */
export interface Entry {
  readonly job: Job;
  readonly schedule: Schedule;
  running: Promise<void> | null;
  /** Of the run under way. */
  ending: AbortController;
  /** It did not end when it was told to, and that has been told. */
  abandoned: boolean;
}

export interface Stopping {
  readonly entries: readonly Entry[];
  readonly beat: Beat;
  readonly run: (entry: Entry, lastRun: boolean) => Promise<JobRun>;
  readonly tell: (entry: Entry, run: JobRun) => void;
  readonly graceMs: number;
}

/** How long a run may take to end that was told to only then. */
const LAST_WORD_MS = 500;
/** How often a last run asks whether another instance has given its claim back. */
const ASK_AGAIN_MS = 100;

/** Ends what runs. What is run once more may finish first, within the grace. */
export async function endRuns({ entries, beat, tell, graceMs }: Stopping): Promise<void> {
  for (const { job, ending } of entries) if (job.runAtStop !== true) ending.abort();
  const all = (): Promise<unknown> =>
    Promise.all(entries.flatMap(({ running }) => (running === null ? [] : [running])));
  if (await endsWithin(all(), graceMs, beat)) return;
  for (const { running, ending } of entries) if (running !== null) ending.abort();
  if (await endsWithin(all(), LAST_WORD_MS, beat)) return;
  for (const entry of entries) {
    if (entry.running !== null) tell(entry, { job: entry.job, outcome: 'abandoned', durationMs: graceMs });
  }
}

/** Runs what is run once more, one after another. */
export async function lastRuns(stopping: Stopping): Promise<void> {
  const { entries, beat, tell, graceMs } = stopping;
  const until = beat.now() + graceMs;
  for (const entry of entries) {
    if (entry.job.runAtStop !== true || entry.running !== null) continue;
    entry.ending = new AbortController();
    const running = lastRun(entry, stopping);
    if (await endsWithin(running, Math.max(until - beat.now(), 0), beat)) continue;
    entry.ending.abort();
    if (await endsWithin(running, LAST_WORD_MS, beat)) continue;
    tell(entry, { job: entry.job, outcome: 'abandoned', durationMs: graceMs });
  }
}

/** Waits for another instance that is doing the work: it may have begun before what is left here. */
async function lastRun(entry: Entry, { beat, run, tell }: Stopping): Promise<void> {
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
}
