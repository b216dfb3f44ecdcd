/** Jobs by a clock that stands still until it is moved. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Job, type JobRun, ToldFailure } from '../../src/jobs/job.js';
import { createJobs, type Jobs, type JobsParts } from '../../src/jobs/jobs.js';
import { createManualBeat, type ManualBeat } from '../support/manual-beat.js';

const START = new Date('2026-11-23T05:00:00Z');

let date: Date;
let beat: ManualBeat;
let runs: JobRun[];

beforeEach(() => {
  date = START;
  beat = createManualBeat((milliseconds) => {
    date = new Date(date.getTime() + milliseconds);
  });
  runs = [];
});

function open(change: Partial<JobsParts> = {}): Jobs {
  return createJobs({
    beat,
    clock: () => date,
    random: () => 0,
    observer: { added: () => undefined, ended: (run) => runs.push(run) },
    ...change,
  });
}

function job(change: Partial<Job> = {}): Job & { readonly at: number[] } {
  const at: number[] = [];
  const { run = () => Promise.resolve(), ...rest } = change;
  return {
    name: 'work',
    pace: { everyMs: 1_000 },
    ...rest,
    at,
    run: (signal) => {
      at.push(beat.now());
      return run(signal);
    },
  };
}

function started(...all: readonly Job[]): Jobs {
  const jobs = open();
  for (const each of all) jobs.add(each);
  jobs.start();
  return jobs;
}

const outcomes = (): string[] => runs.map(({ outcome }) => outcome);
const never = (): Promise<void> => new Promise(() => undefined);
/** Ends as soon as it is told to, with the reason. */
const obedient = (signal: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
const taking = (milliseconds: number) => (): Promise<void> =>
  new Promise((resolve) => {
    beat.after(milliseconds, resolve);
  });
const broken = (): Promise<void> => Promise.reject(new Error('broken'));

describe('the beats of a job', () => {
  it('come at its pace, and not before the start', async () => {
    const work = job();
    const jobs = open();
    jobs.add(work);
    await beat.pass(5_000);
    expect(work.at).toEqual([]);
    jobs.start();
    await beat.pass(2_999);
    expect(work.at).toHaveLength(3);
    expect(outcomes()).toEqual(['done', 'done', 'done']);
  });

  it('come once though it is started twice, and for a job that is added later as well', async () => {
    const [work, later] = [job(), job({ name: 'later' })];
    const jobs = started(work);
    jobs.start();
    await beat.pass(2_000);
    jobs.add(later);
    await beat.pass(1_500);
    expect(work.at).toEqual([1_000, 2_000, 3_000]);
    expect(later.at).toEqual([3_000]);
  });

  it('come at the start too, where that is asked for', async () => {
    const work = job({ pace: { everyMs: 1_000, atOnce: true } });
    started(work);
    await beat.pass(1_000);
    expect(work.at).toEqual([0, 1_000]);
  });

  it('are spread over a whole pace, so that ten instances do not beat together', async () => {
    const instances = Array.from({ length: 10 }, (_none, index) => ({
      work: job(),
      random: () => index / 10,
    }));
    for (const { work, random } of instances) {
      const jobs = open({ random });
      jobs.add(work);
      jobs.start();
    }
    await beat.pass(2_000);
    expect(new Set(instances.map(({ work }) => work.at[0])).size).toBe(10);
    for (const { work } of instances) expect(work.at[1]! - work.at[0]!).toBeCloseTo(1_000);
  });

  it('are skipped while a run takes longer, and none of them is caught up with', async () => {
    const work = job({ run: taking(2_500) });
    started(work);
    await beat.pass(8_000);
    expect(work.at).toEqual([1_000, 4_000, 7_000]);
  });

  it('do not follow a system clock that is set', async () => {
    const work = job();
    started(work);
    await beat.pass(1_000);
    date = new Date(0);
    await beat.pass(1_000);
    date = new Date('2050-01-01');
    await beat.pass(1_000);
    expect(work.at).toEqual([1_000, 2_000, 3_000]);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('are not %s milliseconds apart', (everyMs) => {
    expect(() => {
      open().add(job({ pace: { everyMs } }));
    }).toThrow(RangeError);
  });

  it.each([-0.1, 1.1, Number.NaN])('are not spread by a share of %s', (jitter) => {
    expect(() => {
      open().add(job({ pace: { everyMs: 1_000, jitter } }));
    }).toThrow(RangeError);
  });

  it('belong to one job of a name', () => {
    const jobs = started(job({ of: 'a' }), job({ of: 'b' }), job());
    expect(() => {
      jobs.add(job({ of: 'a' }));
    }).toThrow('two jobs named work a');
    expect(() => {
      jobs.add(job());
    }).toThrow('two jobs named work');
  });
});

describe('a run that fails', () => {
  it('is told, and disturbs neither the next one nor other jobs', async () => {
    let times = 0;
    const work = job({ run: () => ((times += 1) === 1 ? broken() : Promise.resolve()) });
    const other = job({ name: 'other' });
    started(work, other);
    await beat.pass(3_000);
    expect(runs[0]).toMatchObject({ outcome: 'failed', error: new Error('broken') });
    expect(work.at).toEqual([1_000, 2_000, 3_000]);
    expect(other.at).toEqual([1_000, 2_000, 3_000]);
  });

  it('is the same when it throws before it has begun', async () => {
    const work = job({
      run: () => {
        throw new TypeError('a mistake');
      },
    });
    started(work, job({ name: 'other' }));
    await beat.pass(2_000);
    expect(work.at).toHaveLength(2);
    expect(outcomes()).toEqual(['failed', 'done', 'failed', 'done']);
  });

  it('again and again is tried more and more rarely, but every ten seconds, and at its pace when it is well', async () => {
    let well = false;
    const work = job({ run: () => (well ? Promise.resolve() : broken()) });
    started(work);
    await beat.pass(36_000);
    expect(work.at).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 26_000, 36_000]);
    well = true;
    await beat.pass(12_000);
    expect(work.at.slice(7)).toEqual([46_000, 47_000, 48_000]);
  });

  it('keeps the pace of a slow job, a little sooner by chance', async () => {
    const work = job({ pace: { everyMs: 60_000 }, run: broken });
    const jobs = open({ random: () => 1 });
    jobs.add(work);
    jobs.start();
    await beat.pass(120_000);
    expect(work.at).toEqual([0, 45_000, 90_000]);
  });

  it('and has been told by its own room carries no error to be told again', async () => {
    started(job({ run: () => Promise.reject(new ToldFailure('told')) }));
    await beat.pass(1_000);
    expect(runs).toEqual([expect.objectContaining({ outcome: 'failed' })]);
    expect(runs[0]).not.toHaveProperty('error');
  });

  it('by never ending keeps nothing waiting but itself', async () => {
    const [work, other] = [job({ run: never }), job({ name: 'other' })];
    started(work, other);
    await beat.pass(5_000);
    expect(work.at).toEqual([1_000]);
    expect(other.at).toHaveLength(5);
  });
});

describe('a job with a date', () => {
  const minutes = (count: number): Date => new Date(START.getTime() + count * 60_000);
  let due: Date;
  const dated = (run?: Job['run']): ReturnType<typeof job> =>
    job({ pace: { due: () => due }, ...(run === undefined ? {} : { run }) });

  it('runs at its date, and not again before the next one', async () => {
    due = minutes(10);
    const work = dated(() => {
      due = minutes(30);
      return Promise.resolve();
    });
    started(work);
    await beat.pass(29 * 60_000);
    expect(work.at).toEqual([600_000]);
  });

  it('runs soon when its date is moved meanwhile, or the clock is set past it', async () => {
    due = minutes(600);
    const work = dated(() => {
      due = new Date(due.getTime() + 6_000 * 60_000);
      return Promise.resolve();
    });
    started(work);
    await beat.pass(60_000);
    due = minutes(2);
    await beat.pass(60_000);
    expect(work.at).toHaveLength(1);
    date = minutes(7_000);
    await beat.pass(60_000);
    expect(work.at).toHaveLength(2);
  });

  it('runs when it would have though the clock is set back by years', async () => {
    due = minutes(10);
    const work = dated(never);
    started(work);
    await beat.pass(60_000);
    date = new Date('2001-01-01');
    await beat.pass(9 * 60_000);
    expect(work.at).toEqual([600_000]);
  });

  it('that stays in the past does not keep the processor busy', async () => {
    due = new Date(0);
    const work = dated();
    started(work);
    await beat.pass(5_000);
    expect(work.at).toHaveLength(6);
  });

  it.each([
    [
      'cannot be had',
      () => {
        throw new Error('no date');
      },
    ],
    ['is none', () => new Date(Number.NaN)],
  ])('that %s has failed, and is asked again', async (_what, nothing: () => Date) => {
    let asked = 0;
    const work = job({
      pace: { due: () => ((asked += 1) === 1 ? nothing() : new Date(0)) },
    });
    started(work, job({ name: 'other' }));
    await beat.pass(1_000);
    expect(outcomes()).toContain('failed');
    expect(work.at).toHaveLength(1);
  });
});

describe('the stop', () => {
  it('begins nothing more, and is the same when it comes twice', async () => {
    const work = job();
    const jobs = started(work);
    await beat.pass(1_000);
    const stopping = jobs.stop();
    expect(jobs.stop()).toBe(stopping);
    await stopping;
    await beat.pass(10_000);
    jobs.start();
    await beat.pass(10_000);
    expect(work.at).toEqual([1_000]);
  });

  it('tells what runs to end, and waits for it', async () => {
    const jobs = started(job({ run: obedient }));
    await beat.pass(1_000);
    await jobs.stop();
    expect(outcomes()).toEqual(['stopped']);
  });

  it('takes a run that finishes all the same for done, and one that breaks for failed', async () => {
    const finishing = job({ run: (signal) => obedient(signal).catch(() => undefined) });
    const breaking = job({
      name: 'breaking',
      run: (signal) =>
        obedient(signal).catch(() => {
          throw new Error('broken');
        }),
    });
    const jobs = started(finishing, breaking);
    await beat.pass(1_000);
    await jobs.stop();
    expect(outcomes().sort()).toEqual(['done', 'failed']);
  });

  it('gives up what does not end, says so once, and runs nothing of it again', async () => {
    const [hanging, other] = [job({ run: never, runAtStop: true }), job({ name: 'other', runAtStop: true })];
    const jobs = started(hanging, other);
    await beat.pass(1_000);
    const stopping = jobs.stop(2_000);
    await beat.pass(2_500);
    await stopping;
    expect(outcomes()).toEqual(['done', 'abandoned', 'done']);
    expect(hanging.at).toHaveLength(1);
    expect(other.at).toHaveLength(2);
  });

  it('gives up a last run that does not end, and goes on with the others', async () => {
    const first = job({ pace: { everyMs: 60_000 }, runAtStop: true, run: never });
    const second = job({ name: 'second', pace: { everyMs: 60_000 }, runAtStop: true });
    const jobs = started(first, second);
    const stopping = jobs.stop(2_000);
    await beat.pass(2_500);
    await stopping;
    expect(runs.map(({ job: { name }, outcome }) => `${name} ${outcome}`)).toEqual([
      'work abandoned',
      'second done',
    ]);
  });

  it('lets a run finish that is run once more, and runs them in the order they were added', async () => {
    const story: string[] = [];
    const telling = (name: string, milliseconds: number): Job =>
      job({
        name,
        runAtStop: true,
        run: async () => {
          story.push(`${name} begins`);
          if (milliseconds > 0) await taking(milliseconds)();
          story.push(`${name} ends`);
        },
      });
    const jobs = started(telling('a', 300), telling('b', 0));
    await beat.pass(1_000);
    story.length = 0;
    const stopping = jobs.stop(1_000);
    await beat.pass(1_000);
    await stopping;
    expect(story).toEqual(['a ends', 'a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('is not held up by a last run that fails', async () => {
    const jobs = started(job({ runAtStop: true, run: broken }), job({ name: 'other', runAtStop: true }));
    await jobs.stop();
    expect(outcomes()).toEqual(['failed', 'done']);
  });

  it('of what was never started runs nothing', async () => {
    const work = job({ runAtStop: true });
    const jobs = open();
    jobs.add(work);
    await jobs.stop();
    expect(work.at).toEqual([]);
  });

  it('may come out of a run', async () => {
    const jobs = open();
    const work = job({ run: () => jobs.stop(100) });
    jobs.add(work);
    jobs.start();
    await beat.pass(3_000);
    expect(work.at).toEqual([1_000]);
  });
});
