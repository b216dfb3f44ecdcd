/**
 * Where passwords are hashed: in threads of their own, a few at a time, behind a bounded queue (docs/decisions/0016). A hash takes a
 * processor for 25 ms and 19 MiB; in the threads of the runtime the disk and name look-ups would wait behind every one.
 */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Options } from '@node-rs/argon2';

/** The two functions of argon2 that take long. */
export interface Argon2 {
  readonly hash: (password: string, options: Options) => Promise<string>;
  readonly verify: (stored: string, password: string) => Promise<boolean>;
}

/** More people wait for their password than can be served soon. Nothing was compared and nothing counted. */
export class PasswordsBusy extends Error {
  override readonly name = 'PasswordsBusy';
}

export interface HashingStatus {
  readonly threads: number;
  /** Hashes computed now, and the most there ever were at once. */
  readonly running: number;
  readonly mostRunning: number;
  /** Hashes that wait for a thread. */
  readonly waiting: number;
  /** Since the start. */
  readonly done: number;
  readonly shed: number;
}

export interface PasswordThreads extends Argon2 {
  /**
   * Does work on passwords while holding one of the places, taken before anything of the work is done.
   *
   * @throws PasswordsBusy when all are held
   */
  withPlace<T>(work: () => Promise<T>): Promise<T>;
  status(): HashingStatus;
  /** What waits or runs fails. */
  close(): Promise<void>;
}

/** Places in all: a queue this long is about two seconds of one thread. */
const PLACES = 64;
const THREADS_MAX = 4;
/** It holds a module and a few strings; the memory of a hash is beside the heap. */
const HEAP_MB = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };
/** Behind the event loop and the verdicts, where the system tells threads apart: what has to be answered is answered first. */
const NICENESS = 10;

/**
 * The program of a thread. Kept as text: it is the same compiled or not, and two lines of it matter. It sees no environment, where the
 * master key may be.
 */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { readlinkSync } = require('node:fs');
const { setPriority } = require('node:os');
const { hashSync, verifySync } = require(workerData.argon2);
try {
  setPriority(Number(readlinkSync('/proc/thread-self').split('/').pop()), workerData.niceness);
} catch {
  // Elsewhere than on Linux a thread has the priority of the process.
}
parentPort.on('message', ({ kind, first, second }) => {
  try {
    parentPort.postMessage({ value: kind === 'hash' ? hashSync(first, second) : verifySync(first, second) });
  } catch (error) {
    parentPort.postMessage({ failure: String(error.message) });
  }
});
`;

type Job = (
  | { readonly kind: 'hash'; readonly first: string; readonly second: Options }
  | { readonly kind: 'verify'; readonly first: string; readonly second: string }
) & { readonly settle: (value: unknown) => void; readonly fail: (error: Error) => void };

interface Slot {
  worker: Worker | null;
  job: Job | null;
}

/** Half of the processors, so that a storm of passwords leaves the others to everything else. */
export function suitableHashingThreads(cores = availableParallelism()): number {
  return Math.max(1, Math.min(THREADS_MAX, Math.floor(cores / 2)));
}

/** Threads are started by the first hashes, and keep no process alive that has nothing else to do. */
export function createPasswordThreads(
  options: { readonly threads?: number; readonly places?: number } = {},
): PasswordThreads {
  const { threads = suitableHashingThreads(), places = PLACES } = options;
  const slots: Slot[] = Array.from({ length: threads }, () => ({ worker: null, job: null }));
  const waiting: Job[] = [];
  let [held, running, mostRunning, done, shed] = [0, 0, 0, 0, 0];
  let closed = false;

  const advance = (): void => {
    for (const slot of slots) {
      if (slot.job !== null) continue;
      const job = waiting.shift();
      if (job === undefined) return;
      slot.job = job;
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      slot.worker ??= startWorker(slot, finish);
      slot.worker.ref();
      slot.worker.postMessage({ kind: job.kind, first: job.first, second: job.second });
    }
  };
  const finish = (slot: Slot, outcome: (job: Job) => void): void => {
    const { job } = slot;
    slot.worker?.unref();
    if (job === null) return;
    slot.job = null;
    running -= 1;
    done += 1;
    outcome(job);
    advance();
  };
  const ask = <T>(asked: Pick<Job, 'kind' | 'first' | 'second'>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (closed) {
        reject(new Error('the threads for passwords are closed'));
        return;
      }
      waiting.push({ ...asked, settle: resolve as (value: unknown) => void, fail: reject } as Job);
      advance();
    });

  return {
    hash: (password, cost) => ask({ kind: 'hash', first: password, second: cost }),
    verify: (stored, password) => ask({ kind: 'verify', first: stored, second: password }),
    async withPlace(work) {
      if (held >= places) {
        shed += 1;
        throw new PasswordsBusy('all places for passwords are held');
      }
      held += 1;
      try {
        return await work();
      } finally {
        held -= 1;
      }
    },
    status: () => ({ threads, running, mostRunning, waiting: waiting.length, done, shed }),
    async close() {
      closed = true;
      for (const { fail } of waiting.splice(0)) fail(new Error('the threads for passwords are closed'));
      await Promise.all(slots.flatMap(({ worker }) => (worker === null ? [] : [worker.terminate()])));
    },
  };
}

function startWorker(slot: Slot, finish: (slot: Slot, outcome: (job: Job) => void) => void): Worker {
  const argon2 = createRequire(import.meta.url).resolve('@node-rs/argon2');
  const worker = new Worker(PROGRAM, {
    eval: true,
    env: {},
    name: 'qaqpa passwords',
    workerData: { argon2, niceness: NICENESS },
    resourceLimits: HEAP_MB,
  });
  worker.on('message', (answer: { readonly value: unknown } | { readonly failure: string }) => {
    finish(slot, ({ settle, fail }) => {
      if ('failure' in answer) fail(new Error(answer.failure));
      else settle(answer.value);
    });
  });
  let reason = 'a thread for passwords has ended';
  worker.on('error', (error: Error) => (reason = `${reason}: ${error.message}`));
  worker.once('exit', () => {
    // The next hash starts another.
    slot.worker = null;
    finish(slot, ({ fail }) => {
      fail(new Error(reason));
    });
  });
  return worker;
}
