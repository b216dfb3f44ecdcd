/** How runs of jobs end, told to the log and to the metrics in the same words. */
import { type Log } from '../telemetry/log.js';
import { type MetricsRegistry } from '../telemetry/registry.js';
import { type Repeats } from '../telemetry/repeats.js';
import { type Beat } from './beat.js';
import { fullName, type Job, type JobRun, type Outcome } from './job.js';

/** Jobs take milliseconds, a purge after a rush or a list of twenty megabytes minutes. */
const RUN_SECONDS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 300];
/** Where another instance has the job, it is that one's to succeed: its own age tells when it does not. */
const SUCCESSES: ReadonlySet<Outcome> = new Set(['done', 'elsewhere']);

export interface JobObserver {
  /** From now on the age of the job's last success is told. */
  readonly added: (job: Job) => void;
  readonly ended: (run: JobRun) => void;
}

export function observeJobs(
  log: Log,
  registry: MetricsRegistry,
  repeats: Pick<Repeats, 'note'>,
  beat: Pick<Beat, 'now'>,
): JobObserver {
  const runs = registry.counter({
    name: 'qaqpa_job_runs_total',
    help: 'Runs of periodic work by outcome; elsewhere: another instance has it',
    labels: ['job', 'outcome'],
  });
  const durations = registry.histogram(
    { name: 'qaqpa_job_seconds', help: 'How long runs of periodic work took', labels: ['job'] },
    RUN_SECONDS,
  );
  const succeeded = new Map<string, { readonly name: string; readonly at: number }>();
  registry.readGauge(
    {
      name: 'qaqpa_job_last_success_age_seconds',
      help: 'How long ago periodic work last succeeded, here, or was left to another instance; of several of one name the longest',
      labels: ['job'],
    },
    (set) => {
      const oldest = new Map<string, number>();
      for (const { name, at } of succeeded.values()) oldest.set(name, Math.min(oldest.get(name) ?? at, at));
      for (const [job, at] of oldest) set({ job }, (beat.now() - at) / 1000);
    },
  );
  const succeed = (job: Job): void => {
    succeeded.set(fullName(job), { name: job.name, at: beat.now() });
  };
  return {
    added: succeed,
    ended({ job, outcome, durationMs, error }) {
      runs.add({ job: job.name, outcome });
      if (outcome !== 'elsewhere') durations.observe({ job: job.name }, durationMs / 1000);
      if (SUCCESSES.has(outcome)) succeed(job);
      const always = { job: job.name, ...(job.of === undefined ? {} : { of: job.of }) };
      if (error !== undefined) {
        const line = { level: 'error', once: { err: error }, always, message: 'a job failed' } as const;
        repeats.note(`job ${fullName(job)}`, line);
      }
      if (outcome === 'lost') log.warn(always, 'another instance took over a job that was under way');
      if (outcome === 'abandoned') log.error(always, 'a job did not end when it was told to');
    },
  };
}
