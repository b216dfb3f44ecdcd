import { type KernelStatus } from '../eds/gost/index.js';
import { type Job } from '../jobs/job.js';
import { type TrustSet } from '../eds/trust-set.js';
import { type OcspExaminer } from '../revocation/index.js';
import { type Task } from './task.js';
import { type LoginVerdict } from './verdicts.js';

/** What computes verdicts: threads, or the gateway's own thread in turns. */
export interface Engine {
  /** Whether a task handed over now would be begun without waiting for another's arithmetic. */
  hasRoom(): boolean;
  /**
   * Judges one task under one trust set.
   *
   * @throws VerdictUnavailable
   */
  run(task: Task, trust: TrustSet): Promise<LoginVerdict>;
  /** Judges an OCSP answer where the tasks are judged. @throws VerdictUnavailable */
  readonly examineOcsp: OcspExaminer;
  status(): EngineStatus;
  /** What has to be looked after meanwhile. */
  readonly jobs: readonly Job[];
  /** Lets what runs finish within the time given, in milliseconds, then ends it. */
  close(graceMs: number): Promise<void>;
}

export interface EngineStatus {
  /** Threads that should be there; 0: the gateway's own. */
  readonly threads: number;
  /** Threads that are there. */
  readonly alive: number;
  /** Those that compute right now. */
  readonly busy: number;
  /** Seconds of computing of all threads since the start, those that ended included. */
  readonly busySeconds: number;
  readonly restarts: number;
  /** What GOST is computed with, thread by thread. */
  readonly gost: readonly KernelStatus[];
}
