import { availableParallelism } from 'node:os';
import { type VerificationPolicy } from '../eds/judgement/policy.js';
import { type RevocationSource } from '../eds/judgement/revocation.js';
import { type TrustSet } from '../eds/trust-set.js';
import { type Job } from '../jobs/job.js';
import { memoryAtHand } from '../memory/memory-at-hand.js';
import { type OcspExaminer } from '../revocation/index.js';
import { type EngineStatus } from './engine.js';
import { createInProcessEngine } from './in-process.js';
import { type Lane, type LaneLimits } from './places.js';
import { startPool, type ThreadEvent } from './pool.js';
import { createVerdictQueue, type VerdictEvent } from './queue.js';
import { suitableThreads } from './thread-memory.js';
import { type Verdicts } from './verdicts.js';

export interface VerdictOptions {
  /** 0: in the gateway's own thread; `null`: as many as suit the machine and its memory. */
  readonly threads: number | null;
  readonly trust: () => TrustSet;
  /** Where tasks learn about revocation. It may use `examineOcsp` of what is opened here. */
  readonly revocation: RevocationSource;
  readonly clock: () => Date;
  readonly checksums: VerificationPolicy['checksums'];
  readonly onEvent: (event: VerdictEvent | ThreadEvent) => void;
  readonly limits?: Readonly<Record<Lane, LaneLimits>>;
  /** Longest time from a question to its verdict, revocation included. Default 60 seconds, all in milliseconds. */
  readonly deadlineMs?: number;
  /** Longest computing without a word from a thread. Default 10 seconds, and more for large documents. */
  readonly stuckMs?: number;
  /** The compiled entry of a thread. Default: the one beside this file. */
  readonly entry?: URL;
}

export interface OpenVerdicts extends Verdicts {
  readonly examineOcsp: OcspExaminer;
  status(): EngineStatus & { readonly waiting: Readonly<Record<Lane, number>> };
  /** To be run while it is open: without them a thread that computes without end is never ended. */
  readonly jobs: readonly Job[];
  /** Sends away those who wait, lets what runs finish within the time given, in milliseconds. */
  close(graceMs: number): Promise<void>;
}

const MB = 1024 * 1024;
/** A sign-in takes about a millisecond; a full lane is half a second for one thread. */
const LIMITS: Readonly<Record<Lane, LaneLimits>> = {
  login: { tasks: 512, octets: 32 * MB },
  document: { tasks: 128, octets: 128 * MB },
};

/**
 * Opens the place where verdicts are given.
 *
 * @throws ThreadStartError when a thread does not come up
 */
export async function openVerdicts(options: VerdictOptions): Promise<OpenVerdicts> {
  const { trust, revocation, clock, checksums, onEvent, limits = LIMITS } = options;
  const { deadlineMs = 60_000, stuckMs = 10_000 } = options;
  const entry = options.entry ?? new URL('./verify-worker.js', import.meta.url);
  const count = options.threads ?? suitableThreads(availableParallelism(), memoryAtHand());
  const onRoom = (): void => {
    queue.advance();
  };
  const engine =
    count === 0
      ? createInProcessEngine({ revocation, trust, onRoom })
      : await startPool({ threads: count, entry, revocation, trust, stuckMs, onRoom, onThread: onEvent });
  const queue = createVerdictQueue({ engine, trust, clock, checksums, limits, deadlineMs, onEvent });
  return {
    withPlace: (octets, proceed) => queue.withPlace(octets, proceed),
    document: (question) => queue.document(question),
    examineOcsp: engine.examineOcsp,
    status: () => ({
      ...engine.status(),
      waiting: { login: queue.waiting('login'), document: queue.waiting('document') },
    }),
    jobs: engine.jobs,
    async close(graceMs) {
      queue.close();
      await engine.close(graceMs);
    },
  };
}
