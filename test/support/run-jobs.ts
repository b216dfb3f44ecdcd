import { systemBeat } from '../../src/jobs/beat.js';
import { type Job } from '../../src/jobs/job.js';
import { createJobs, type Jobs } from '../../src/jobs/jobs.js';

/** Runs jobs by the clock of the system, as a gateway does. */
export function runJobs(all: readonly Job[]): Jobs {
  const jobs = createJobs({
    beat: systemBeat(),
    clock: () => new Date(),
    random: () => Math.random(),
    observer: { added: () => undefined, ended: () => undefined },
  });
  for (const job of all) jobs.add(job);
  jobs.start();
  return jobs;
}
