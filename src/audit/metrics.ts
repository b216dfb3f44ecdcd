import { StoreFailure } from '../outage/store-failure.js';
import { type MetricsRegistry } from '../telemetry/registry.js';

/** What of the log is not sealed yet. */
export interface SealingBacklog {
  readonly records: number;
  /** When the first of them was written. */
  readonly oldest: Date | null;
  readonly sealedAt: Date | null;
}

/**
 * Tells at every scrape how far sealing is behind; no number while the database is away.
 *
 * @param backlog asks the store
 */
export function measureSealing(
  registry: MetricsRegistry,
  backlog: () => Promise<SealingBacklog>,
  clock: () => Date,
): void {
  let shared: Promise<SealingBacklog | null> | null = null;
  /** One look for all the numbers of a scrape. */
  const look = (): Promise<SealingBacklog | null> =>
    (shared ??= backlog()
      .catch((error: unknown) => {
        if (error instanceof StoreFailure) return null;
        throw error;
      })
      .finally(() => {
        shared = null;
      }));
  const gauge = (name: string, help: string, of: (found: SealingBacklog) => number): void => {
    registry.readGauge({ name, help: `${help}; NaN while the database does not answer` }, async (set) => {
      const found = await look();
      set({}, found === null ? Number.NaN : of(found));
    });
  };
  gauge(
    'qaqpa_log_unsealed_records',
    'Records of the audit log that are not sealed yet',
    ({ records }) => records,
  );
  gauge('qaqpa_log_unsealed_age_seconds', 'Age of the oldest of them', ({ oldest }) =>
    oldest === null ? 0 : (clock().getTime() - oldest.getTime()) / 1000,
  );
  gauge('qaqpa_log_sealed_timestamp_seconds', 'When the log was last sealed', ({ sealedAt }) =>
    sealedAt === null ? Number.NaN : sealedAt.getTime() / 1000,
  );
}
