import { compileKernel } from '../eds/gost/index.js';
import { type RevocationSource } from '../eds/judgement/revocation.js';
import { type TrustSet } from '../eds/trust-set.js';
import { type Job } from '../jobs/job.js';
import { type Engine } from './engine.js';
import { startThread, type Thread } from './thread.js';
import { VerdictUnavailable } from './verdicts.js';

export interface PoolOptions {
  readonly threads: number;
  /** The compiled entry, `verify-worker.js`. */
  readonly entry: URL;
  /** Asked by the threads, here where the network is. */
  readonly revocation: RevocationSource;
  /** Under which OCSP answers are judged. */
  readonly trust: () => TrustSet;
  /** Computing time without a word after which a thread is ended, in milliseconds. */
  readonly stuckMs: number;
  readonly onRoom: () => void;
  readonly onThread: (event: ThreadEvent) => void;
}

export type ThreadEvent =
  | { readonly kind: 'thread-ended'; readonly reason: string }
  | { readonly kind: 'thread-replaced' }
  /** It is tried again after the pause. */
  | { readonly kind: 'thread-not-replaced'; readonly error: unknown; readonly pauseMs: number };

/** One computes, the next already lies there: the thread never waits for our answer to its answer. */
const DEPTH = 2;
/** Sign-ins take a millisecond each, so that more of them fill the time in which this thread is busy with a disk sync. */
const DEPTH_OF_SIGN_INS = 6;
/** Tasks of one thread at a time, most of them waiting for a responder. */
const TASKS_PER_THREAD = 256;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** A thread that lived this long did not die of being started. */
const HEALTHY_MS = 10_000;

interface Slot {
  thread: Thread | null;
  /** Seconds its former threads computed. */
  spent: number;
  pauseMs: number;
}

/**
 * Starts the threads, all of them or none.
 *
 * @throws ThreadStartError when one does not come up: better no gateway than one that cannot judge
 */
export async function startPool(options: PoolOptions): Promise<Engine> {
  const { threads, entry, revocation, trust, stuckMs, onRoom, onThread } = options;
  const kernel = compileKernel();
  const slots: Slot[] = Array.from({ length: threads }, () => ({ thread: null, spent: 0, pauseMs: 0 }));
  const timers = new Set<NodeJS.Timeout>();
  let restarts = 0;
  let closing = false;

  const fill = async (slot: Slot): Promise<void> => {
    const born = performance.now();
    const thread: Thread = await startThread({
      entry,
      kernel,
      revocation,
      stuckMs,
      onRoom,
      onEnd(reason) {
        slot.thread = null;
        if (closing) return;
        slot.spent += thread.busySeconds;
        onThread({ kind: 'thread-ended', reason });
        slot.pauseMs = performance.now() - born > HEALTHY_MS ? 0 : nextPause(slot.pauseMs);
        replaceLater(slot);
      },
    });
    slot.thread = thread;
    if (closing) await thread.end('VERIFIER_STOPPED');
  };
  const replaceLater = (slot: Slot): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      restarts += 1;
      fill(slot).then(
        () => {
          onThread({ kind: 'thread-replaced' });
          onRoom();
        },
        (error: unknown) => {
          slot.pauseMs = nextPause(slot.pauseMs);
          if (closing) return;
          onThread({ kind: 'thread-not-replaced', error, pauseMs: slot.pauseMs });
          replaceLater(slot);
        },
      );
    }, slot.pauseMs);
    timer.unref();
    timers.add(timer);
  };
  const alive = (): Thread[] => slots.flatMap(({ thread }) => (thread === null ? [] : [thread]));
  /** The thread with least to compute. */
  const idlest = (candidates: readonly Thread[]): Thread => {
    const [first, ...others] = candidates;
    if (first === undefined) throw new VerdictUnavailable('VERIFIER_CRASHED', 'no thread is left to judge');
    return others.reduce((least, next) => (next.computing < least.computing ? next : least), first);
  };
  const withRoom = (): Thread[] =>
    alive().filter(
      ({ computing, documents, tasks }) =>
        computing < (documents === 0 ? DEPTH_OF_SIGN_INS : DEPTH) && tasks < TASKS_PER_THREAD,
    );

  const started = await Promise.allSettled(slots.map(fill));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    closing = true;
    await Promise.all(alive().map((thread) => thread.end('VERIFIER_STOPPED')));
    throw failed.reason;
  }
  const endingStuck: Job = {
    name: 'stuck-threads',
    pace: { everyMs: Math.max(stuckMs / 4, 20) },
    run() {
      for (const thread of alive()) if (thread.isStuck()) void thread.end('VERIFIER_TIMEOUT');
      return Promise.resolve();
    },
  };

  return {
    hasRoom: () => withRoom().length > 0,
    run: async (task, set) => idlest(withRoom()).run(task, set),
    examineOcsp: async (...parameters) => idlest(alive()).examine(trust(), ...parameters),
    status: () => ({
      threads,
      alive: alive().length,
      busy: alive().filter(({ computing }) => computing > 0).length,
      busySeconds: slots.reduce((sum, { thread, spent }) => sum + spent + (thread?.busySeconds ?? 0), 0),
      restarts,
      gost: alive().map(({ gost }) => gost),
    }),
    jobs: [endingStuck],
    async close(graceMs) {
      closing = true;
      for (const timer of timers) clearTimeout(timer);
      const until = performance.now() + graceMs;
      while (alive().some(({ tasks }) => tasks > 0) && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await Promise.all(alive().map((thread) => thread.end('VERIFIER_STOPPED')));
    },
  };
}

function nextPause(pauseMs: number): number {
  return Math.min(Math.max(pauseMs * 2, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
}
