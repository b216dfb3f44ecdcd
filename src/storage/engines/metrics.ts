import { type MetricsRegistry } from '../../telemetry/registry.js';
import { type Contention } from './transaction.js';

/** Tells at every scrape how often units of work collided with others. */
export function measureContention(registry: MetricsRegistry, contention: () => Contention): void {
  registry.readCounters(
    {
      name: 'qaqpa_units_collided_total',
      help: 'Units of work that collided with another writer: run again, or given up after the last run with STORAGE_CONTENDED',
      labels: ['outcome'],
    },
    (add) => {
      const { repeated, givenUp } = contention();
      add({ outcome: 'repeated' }, repeated);
      add({ outcome: 'given-up' }, givenUp);
    },
  );
}
