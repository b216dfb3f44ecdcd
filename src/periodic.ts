/** The clock of everything periodic in a gateway, and what it tells. Part of the composition root. */
import { randomUUID } from 'node:crypto';
import { systemBeat } from './jobs/beat.js';
import { type JobClaims } from './jobs/claim.js';
import { type Job } from './jobs/job.js';
import { createJobs, type Jobs } from './jobs/jobs.js';
import { observeJobs } from './jobs/observe.js';
import { type Log } from './telemetry/log.js';
import { type MetricsRegistry } from './telemetry/registry.js';
import { createRepeats, type Repeats } from './telemetry/repeats.js';

const MINUTE_MS = 60_000;

export interface Periodic {
  readonly jobs: Jobs;
  readonly repeats: Repeats;
}

/** Opens the clock; nothing runs before `jobs.start`. */
export function openPeriodic(parts: {
  readonly claims: JobClaims;
  readonly clock: () => Date;
  readonly log: Log;
  readonly registry: MetricsRegistry;
}): Periodic {
  const { claims, clock, log, registry } = parts;
  const beat = systemBeat();
  const repeats = createRepeats(log);
  const jobs = createJobs({
    beat,
    clock,
    random: () => Math.random(),
    claims,
    holder: randomUUID(),
    observer: observeJobs(log, registry, repeats, beat),
  });
  return { jobs, repeats };
}

/** Writes the numbers of lines that came again. To be added after all others, so that it tells of their last runs too. */
export function tellingRepeats(repeats: Repeats): Job {
  return {
    name: 'log-numbers',
    pace: { everyMs: MINUTE_MS },
    runAtStop: true,
    run() {
      repeats.tell();
      return Promise.resolve();
    },
  };
}
