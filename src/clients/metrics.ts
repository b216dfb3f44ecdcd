import { StoreFailure } from '../outage/store-failure.js';
import { type MetricsRegistry } from '../telemetry/registry.js';

/**
 * Tells at every scrape how many secrets end soon; no number while the database is away: the other metrics are needed most then.
 *
 * @param ending asks the store
 */
export function measureClientSecrets(registry: MetricsRegistry, ending: () => Promise<number>): void {
  registry.readGauge(
    {
      name: 'qaqpa_client_secrets_ending',
      help: 'Secrets of API clients that are in use and expire within thirty days; NaN while the database does not answer',
    },
    async (set) => {
      try {
        set({}, await ending());
      } catch (error) {
        if (!(error instanceof StoreFailure)) throw error;
        set({}, Number.NaN);
      }
    },
  );
}
