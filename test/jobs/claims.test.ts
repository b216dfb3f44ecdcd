/** What is done once in the cluster: several instances, one clock, and claims that lie in a real database. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type JobClaims } from '../../src/jobs/claim.js';
import { type Job, type JobRun } from '../../src/jobs/job.js';
import { createJobs, type Jobs } from '../../src/jobs/jobs.js';
import { StoreFailure } from '../../src/outage/store-failure.js';
import { StorageError } from '../../src/storage/error.js';
import { createManualBeat, type ManualBeat } from '../support/manual-beat.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const SILENT = { added: () => undefined, ended: () => undefined };

interface Instance {
  readonly jobs: Jobs;
  readonly at: number[];
  readonly runs: JobRun[];
}

describe('a job that is done once in the cluster', () => {
  let opened: TemporaryStorage;
  let beat: ManualBeat;
  let nextName = 0;
  let underWay = 0;

  beforeAll(async () => {
    opened = await openTemporaryStorage();
  });
  afterAll(() => opened.remove());
  beforeEach(() => {
    beat = createManualBeat(undefined, () => underWay > 0);
  });

  const counted = async <T>(work: Promise<T>): Promise<T> => {
    underWay += 1;
    return work.finally(() => {
      underWay -= 1;
    });
  };
  /** The claims in the database; the clock stands still while it is asked. */
  const inDatabase: JobClaims = {
    take: (...claim) => counted(opened.storage.jobClaims.take(...claim)),
    keep: (...claim) => counted(opened.storage.jobClaims.keep(...claim)),
  };

  /** Instances whose beats lie apart by an equal share of the pace; each has the clock of the others, and so much more. */
  function open(
    count: number,
    options: {
      readonly everyMs?: number;
      readonly run?: (signal: AbortSignal, index: number) => Promise<void>;
      readonly claims?: JobClaims;
      readonly clockAhead?: (index: number) => number;
      readonly runAtStop?: boolean;
    } = {},
  ): Instance[] {
    const { everyMs = 60_000, run = () => Promise.resolve(), claims = inDatabase } = options;
    const { clockAhead = () => 0, runAtStop = false } = options;
    const name = `work-${(nextName += 1)}`;
    return Array.from({ length: count }, (_none, index) => {
      const [at, runs]: [number[], JobRun[]] = [[], []];
      const job: Job = {
        name,
        pace: { everyMs },
        oncePerCluster: true,
        runAtStop,
        run: (signal) => {
          at.push(beat.now());
          return run(signal, index);
        },
      };
      const jobs = createJobs({
        beat,
        clock: () => new Date(1_764_000_000_000 + beat.now() + clockAhead(index)),
        random: () => index / count,
        claims,
        holder: `instance ${index}`,
        observer: { added: () => undefined, ended: (run) => runs.push(run) },
      });
      jobs.add(job);
      jobs.start();
      return { jobs, at, runs };
    });
  }
  const allAt = (instances: readonly Instance[]): number[] =>
    instances.flatMap(({ at }) => at).sort((a, b) => a - b);
  const outcomesOf = ({ runs }: Instance): string[] => runs.map(({ outcome }) => outcome);
  const obedient = (signal: AbortSignal): Promise<void> =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
    });
  /** The real claims, which can be made to fail. */
  function unreliable(): JobClaims & { away: boolean } {
    const real = inDatabase;
    const claims = {
      away: false,
      take: (...claim: Parameters<JobClaims['take']>) => (claims.away ? away() : real.take(...claim)),
      keep: (...claim: Parameters<JobClaims['keep']>) => (claims.away ? away() : real.keep(...claim)),
    };
    const away = (): Promise<never> =>
      Promise.reject(new StorageError('STORAGE_UNAVAILABLE', 'the database is away'));
    return claims;
  }

  it('is done by one instance alone at each of its beats', async () => {
    const [alone] = open(1);
    await beat.pass(300_000);
    expect(alone!.at).toEqual([60_000, 120_000, 180_000, 240_000, 300_000]);
  });

  it('is done about once a pace by four, never by two at a time, and the others say where', async () => {
    const four = open(4);
    await beat.pass(600_000);
    const at = allAt(four);
    for (const [index, moment] of at.slice(1).entries()) {
      expect(moment - at[index]!).toBeGreaterThanOrEqual(45_000);
      expect(moment - at[index]!).toBeLessThanOrEqual(60_000);
    }
    expect(four.flatMap(outcomesOf)).toContain('elsewhere');
  });

  it('goes on when the instance that does it dies in the middle', async () => {
    // The second instance begins first, and nothing of it is heard any more: no renewal either.
    const [a, b] = open(2, {
      everyMs: 1_000,
      run: (_signal, index) => (index === 1 ? new Promise(() => undefined) : Promise.resolve()),
      claims: dying(inDatabase, 'instance 1'),
    });
    await beat.pass(15_000);
    expect(b!.at).toEqual([500]);
    expect(a!.at).toEqual([]);
    await beat.pass(2_000);
    expect(a!.at.length).toBeGreaterThan(0);
  });

  it('is tried by the next instance at once where it failed', async () => {
    const [a, b] = open(2, {
      run: (_signal, index) => (index === 1 ? Promise.reject(new Error('broken')) : Promise.resolve()),
    });
    await beat.pass(60_000);
    expect(b!.at).toEqual([30_000]);
    expect(a!.at).toEqual([60_000]);
  });

  it('holds its claim for as long as it takes', async () => {
    const two = open(2, {
      everyMs: 1_000,
      run: () =>
        new Promise((resolve) => {
          beat.after(100_000, resolve);
        }),
    });
    await beat.pass(100_000);
    expect(allAt(two)).toEqual([500]);
  });

  it('gives the rest of a renewed claim back: what took long counts as done no longer than what was quick', async () => {
    open(1, {
      run: () =>
        new Promise((resolve) => {
          beat.after(50_000, resolve);
        }),
    });
    await beat.pass(60_000);
    const name = `work-${nextName}`;
    const other = (at: number): Parameters<JobClaims['take']>[1] => {
      const now = new Date(1_764_000_000_000 + at);
      return { holder: 'another', now, until: now, furthest: new Date(now.getTime() + 120_000) };
    };
    await beat.pass(49_000);
    expect(await inDatabase.take(name, other(beat.now()))).toBe(false);
    await beat.pass(2_000);
    expect(await inDatabase.take(name, other(beat.now()))).toBe(true);
  });

  it('is told to end when another instance has taken the claim meanwhile', async () => {
    const [alone] = open(1, { run: obedient });
    await beat.pass(60_000);
    const name = `work-${nextName}`;
    const now = new Date(1_764_000_000_000 + 400_000);
    const stolen = { holder: 'thief', now, until: new Date(now.getTime() + 60_000), furthest: now };
    expect(await inDatabase.take(name, stolen)).toBe(true);
    await beat.pass(20_000);
    expect(outcomesOf(alone!)).toEqual(['lost']);
    expect(alone!.runs[0]).not.toHaveProperty('error');
    // What the other has taken is not given back.
    expect(await inDatabase.keep(name, stolen)).toBe(true);
  });

  it('is told to end when its claim cannot be renewed, and goes on when the store is back in time', async () => {
    const claims = unreliable();
    const [alone] = open(1, { run: obedient, claims });
    await beat.pass(60_000);
    claims.away = true;
    await beat.pass(20_000);
    claims.away = false;
    await beat.pass(60_000);
    expect(outcomesOf(alone!)).toEqual([]);
    claims.away = true;
    await beat.pass(60_000);
    expect(outcomesOf(alone!)).toEqual(['lost']);
  });

  it('fails while the store is away, and is done when it is back', async () => {
    const claims = unreliable();
    claims.away = true;
    const [alone] = open(1, { everyMs: 1_000, claims });
    await beat.pass(3_000);
    expect(alone!.at).toEqual([]);
    expect(outcomesOf(alone!)).toEqual(['failed', 'failed']);
    expect(alone!.runs[0]!.error).toBeInstanceOf(StoreFailure);
    claims.away = false;
    await beat.pass(3_000);
    expect(alone!.at.length).toBeGreaterThan(0);
  });

  it('is not held up by an instance whose clock is a year ahead', async () => {
    const [right] = open(2, { clockAhead: (index) => (index === 1 ? 365 * 24 * 3_600_000 : 0) });
    await beat.pass(300_000);
    expect(right!.at).toHaveLength(5);
  });

  it('is done once by instances whose clocks differ by some seconds', async () => {
    const two = open(2, { clockAhead: (index) => index * 5_000 });
    await beat.pass(600_000);
    const at = allAt(two);
    for (const [index, moment] of at.slice(1).entries()) {
      expect(moment - at[index]!).toBeGreaterThanOrEqual(30_000);
    }
    expect(at.length).toBeLessThanOrEqual(15);
  });

  it('is done once more at the stop, when the instance that is doing it has given it back', async () => {
    const [a, b] = open(2, {
      runAtStop: true,
      run: (_signal, index) =>
        index === 1
          ? new Promise((resolve) => {
              beat.after(1_000, resolve);
            })
          : Promise.resolve(),
    });
    await beat.pass(30_500);
    const stopping = Promise.all([a!.jobs.stop(), b!.jobs.stop()]);
    await beat.pass(5_000);
    await stopping;
    expect(outcomesOf(a!)).toEqual(['done']);
    expect(outcomesOf(b!)).toEqual(['done', 'done']);
  });

  it('is left to the other where that does not give it back in time', async () => {
    const [a] = open(2, {
      runAtStop: true,
      run: (_signal, index) => (index === 1 ? new Promise(() => undefined) : Promise.resolve()),
    });
    await beat.pass(30_500);
    const stopping = a!.jobs.stop(1_000);
    await beat.pass(2_000);
    await stopping;
    expect(a!.at).toEqual([]);
    expect(outcomesOf(a!)).toEqual(['elsewhere']);
  });

  it('cannot be added without claims, or with a date', () => {
    const parts = { beat, clock: () => new Date(), random: () => 0, observer: SILENT };
    const work = { name: 'work', oncePerCluster: true, run: () => Promise.resolve() };
    expect(() => {
      createJobs(parts).add({ ...work, pace: { everyMs: 1_000 } });
    }).toThrow('cannot be claimed');
    expect(() => {
      createJobs({ ...parts, claims: inDatabase }).add({ ...work, pace: { due: () => new Date() } });
    }).toThrow('cannot be claimed');
  });

  it('goes to one of many instances that ask at the same moment', async () => {
    const now = new Date(1_764_000_000_000);
    const until = new Date(now.getTime() + 60_000);
    const taken = await Promise.all(
      Array.from({ length: 8 }, (_none, index) =>
        inDatabase.take('contested', { holder: `${index}`, now, until, furthest: until }),
      ),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await inDatabase.keep('contested', { holder: 'none of them', until })).toBe(false);
    expect(await inDatabase.keep('never taken', { holder: '0', until })).toBe(false);
  });
});

/** The same claims for an instance that is not heard of any more once it has taken one. */
function dying(claims: JobClaims, holder: string): JobClaims {
  return {
    take: (job, claim) => claims.take(job, claim),
    keep: (job, claim) => (claim.holder === holder ? new Promise(() => undefined) : claims.keep(job, claim)),
  };
}
