import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.js';

let metrics: Metrics;
beforeEach(() => {
  metrics = createMetrics(
    () => ({ version: 'one', since: new Date(0) }),
    () => new Date(0),
  );
});
afterEach(() => {
  metrics.close();
});
const exposed = async (): Promise<string | undefined> =>
  /^qaqpa_client_secrets_ending (.+)$/m.exec((await metrics.expose()).text)?.[1];

describe('the number of secrets of API clients that end soon', () => {
  it('is asked for at every scrape', async () => {
    expect(await exposed()).toBe('0');
    let count = 0;
    metrics.watchClientSecrets(() => Promise.resolve((count += 2)));
    expect([await exposed(), await exposed()]).toEqual(['2', '4']);
  });

  it('is no number while the store is away, and the other metrics are told', async () => {
    metrics.watchClientSecrets(() => Promise.resolve(null));
    expect(await exposed()).toBe('Nan');
    expect((await metrics.expose()).text).toContain('process_cpu_seconds_total');
  });

  it('does not hide a mistake', async () => {
    metrics.watchClientSecrets(() => Promise.reject(new TypeError('a mistake')));
    await expect(metrics.expose()).rejects.toThrow('a mistake');
  });
});
