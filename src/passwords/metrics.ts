import { type MetricsRegistry } from '../telemetry/registry.js';
import { type HashingStatus } from './threads.js';

/** Tells at every scrape how the hashing of passwords stands. */
export function measureHashing(registry: MetricsRegistry, status: () => HashingStatus): void {
  registry.readGauge(
    {
      name: 'qaqpa_password_hashes',
      help: 'Hashes of passwords: running and waiting now, the most that ran at once since the start, and how many may',
      labels: ['state'],
    },
    (set) => {
      const { threads, running, mostRunning, waiting } = status();
      set({ state: 'running' }, running);
      set({ state: 'waiting' }, waiting);
      set({ state: 'most' }, mostRunning);
      set({ state: 'allowed' }, threads);
    },
  );
  registry.readCounter(
    { name: 'qaqpa_password_hashes_total', help: 'Hashes of passwords computed' },
    () => status().done,
  );
  registry.readCounter(
    {
      name: 'qaqpa_passwords_shed_total',
      help: 'Passwords sent away with GATEWAY_BUSY, because too many waited',
    },
    () => status().shed,
  );
}
