import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { measureClientSecrets } from '../../src/clients/metrics.js';
import { observeJobs } from '../../src/jobs/observe.js';
import { createLog } from '../../src/telemetry/log.js';
import { createMetricsRegistry, type MetricsRegistry } from '../../src/telemetry/registry.js';
import { createRepeats } from '../../src/telemetry/repeats.js';
import { StorageError } from '../../src/storage/error.js';

let registry: MetricsRegistry;
beforeEach(() => {
  registry = createMetricsRegistry();
});
afterEach(() => {
  registry.close();
});
const exposed = async (name: string): Promise<string[]> =>
  (await registry.expose()).text.split('\n').filter((line) => line.startsWith(name));

describe('the number of secrets of API clients that end soon', () => {
  it('is asked for at every scrape', async () => {
    let count = 0;
    measureClientSecrets(registry, () => Promise.resolve((count += 2)));
    expect(await exposed('qaqpa_client_secrets_ending')).toEqual(['qaqpa_client_secrets_ending 2']);
    expect(await exposed('qaqpa_client_secrets_ending')).toEqual(['qaqpa_client_secrets_ending 4']);
  });

  it('is no number while the store is away, and the other metrics are told', async () => {
    const away = new StorageError('STORAGE_UNAVAILABLE', 'the database is away');
    measureClientSecrets(registry, () => Promise.reject(away));
    expect(await exposed('qaqpa_client_secrets_ending')).toEqual(['qaqpa_client_secrets_ending Nan']);
    expect(await exposed('process_cpu_seconds_total')).toHaveLength(1);
  });

  it('does not hide a mistake', async () => {
    measureClientSecrets(registry, () => Promise.reject(new TypeError('a mistake')));
    await expect(registry.expose()).rejects.toThrow('a mistake');
  });
});

describe('a registry', () => {
  it('forgets a label that is told no more', async () => {
    let version = 'one';
    registry.readGauge({ name: 'info', help: 'info', labels: ['version'] }, (set) => {
      set({ version }, 1);
    });
    expect(await exposed('info{')).toEqual(['info{version="one"} 1']);
    version = 'two';
    expect(await exposed('info{')).toEqual(['info{version="two"} 1']);
  });

  it('does not take two metrics of one name', () => {
    registry.counter({ name: 'twice', help: 'first' });
    expect(() => registry.gauge({ name: 'twice', help: 'second' })).toThrow('twice');
  });
});

describe('what is told of jobs', () => {
  let lines: Record<string, unknown>[];
  let now: number;
  const observer = (): ReturnType<typeof observeJobs> => {
    lines = [];
    now = 0;
    const log = createLog({
      level: 'debug',
      to: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
    });
    return observeJobs(log, registry, createRepeats(log), { now: () => now });
  };
  const job = (name: string, of?: string) => ({
    name,
    ...(of === undefined ? {} : { of }),
    pace: { everyMs: 1_000 },
    run: () => Promise.resolve(),
  });

  it('are their outcomes and durations', async () => {
    const { added, ended } = observer();
    added(job('purge'));
    for (const outcome of ['done', 'done', 'failed', 'elsewhere', 'lost', 'stopped', 'abandoned'] as const) {
      ended({ job: job('purge'), outcome, durationMs: 20 });
    }
    expect(await exposed('qaqpa_job_runs_total{job="purge",outcome="done"}')).toEqual([
      'qaqpa_job_runs_total{job="purge",outcome="done"} 2',
    ]);
    expect(await exposed('qaqpa_job_runs_total')).toHaveLength(6);
    expect(await exposed('qaqpa_job_seconds_count')).toEqual(['qaqpa_job_seconds_count{job="purge"} 6']);
    expect(lines.map(({ level, msg }) => `${String(level)} ${String(msg)}`)).toEqual([
      'warn another instance took over a job that was under way',
      'error a job did not end when it was told to',
    ]);
  });

  it('is how long ago they last succeeded, here or elsewhere: of several of one name the longest', async () => {
    const { added, ended } = observer();
    for (const which of ['a', 'b']) added(job('crl-refresh', which));
    added(job('purge'));
    now = 60_000;
    ended({ job: job('crl-refresh', 'a'), outcome: 'done', durationMs: 1 });
    ended({ job: job('crl-refresh', 'b'), outcome: 'failed', durationMs: 1 });
    ended({ job: job('purge'), outcome: 'elsewhere', durationMs: 1 });
    now = 90_000;
    expect(await exposed('qaqpa_job_last_success_age_seconds')).toEqual([
      'qaqpa_job_last_success_age_seconds{job="crl-refresh"} 90',
      'qaqpa_job_last_success_age_seconds{job="purge"} 30',
    ]);
  });

  it('is the first failure with its story, and no line where the room has told', () => {
    const { ended } = observer();
    for (let times = 0; times < 3; times += 1) {
      ended({ job: job('purge'), outcome: 'failed', durationMs: 1, error: new Error('broken') });
      ended({ job: job('crl-refresh', 'a'), outcome: 'failed', durationMs: 1 });
    }
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'error',
        job: 'purge',
        msg: 'a job failed',
        err: expect.objectContaining({ message: 'broken' }),
      }),
    ]);
  });
});
