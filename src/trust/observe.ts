/** What happens to the trust in force, told to the log and to the metrics in the same words. */
import { type Log } from '../telemetry/log.js';
import { type MetricsRegistry } from '../telemetry/registry.js';
import { type TrustEvent } from './store.js';

/** @param version of the set in force, asked for at every scrape */
export function observeTrust(
  log: Log,
  registry: MetricsRegistry,
  { version, clock }: { readonly version: () => string; readonly clock: () => Date },
): (event: TrustEvent) => void {
  let since = clock();
  const reloads = registry.counter({
    name: 'qaqpa_trust_reloads_total',
    help: 'Reloads of the trust manifest by outcome',
    labels: ['outcome'],
  });
  registry.readGauge(
    { name: 'qaqpa_trust_info', help: 'The trust set in force', labels: ['version'] },
    (set) => {
      set({ version: version() }, 1);
    },
  );
  registry.readGauge(
    { name: 'qaqpa_trust_age_seconds', help: 'How long the trust set has been in force' },
    (set) => {
      set({}, (clock().getTime() - since.getTime()) / 1000);
    },
  );
  return (event) => {
    reloads.add({ outcome: event.kind });
    if (event.kind === 'replaced') {
      since = clock();
      log.warn({ from: event.from, to: event.to, warnings: event.warnings }, 'trust replaced');
    } else log.error({ kept: event.kept, err: event.error }, 'trust refused: the set in force stays');
  };
}
