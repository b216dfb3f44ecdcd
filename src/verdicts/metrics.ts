import { kernelStatus } from '../eds/gost/index.js';
import { type MetricsRegistry } from '../telemetry/registry.js';
import { type OpenVerdicts } from './open.js';
import { type VerdictEvent } from './queue.js';

/** A verdict takes a millisecond or two where nothing is asked. */
const VERDICT_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** Counts verdicts and how long they took. */
export function countVerdicts(registry: MetricsRegistry): (event: VerdictEvent) => void {
  const verdicts = registry.counter({
    name: 'qaqpa_verdicts_total',
    help: 'Questions for a verdict by what became of them: none is a report, VERIFIER_BUSY was shed',
    labels: ['lane', 'code'],
  });
  const waits = registry.histogram(
    { name: 'qaqpa_verdict_wait_seconds', help: 'Time in the queue before a verdict', labels: ['lane'] },
    VERDICT_SECONDS,
  );
  const durations = registry.histogram(
    {
      name: 'qaqpa_verdict_seconds',
      help: 'Time from the turn to the verdict, revocation included',
      labels: ['lane'],
    },
    VERDICT_SECONDS,
  );
  return ({ lane, code, waitedMs, tookMs }) => {
    verdicts.add({ lane, code });
    if (code === 'VERIFIER_BUSY') return;
    waits.observe({ lane }, waitedMs / 1000);
    durations.observe({ lane }, tookMs / 1000);
  };
}

/** Tells at every scrape how queue and threads stand. */
export function measureVerdicts(registry: MetricsRegistry, status: OpenVerdicts['status']): void {
  registry.readGauge(
    { name: 'qaqpa_verdict_queue', help: 'Questions waiting for their turn', labels: ['lane'] },
    (set) => {
      for (const [lane, count] of Object.entries(status().waiting)) set({ lane }, count);
    },
  );
  registry.readGauge(
    {
      name: 'qaqpa_verdict_threads',
      help: 'Threads that give verdicts: wanted (0: the gateway itself judges), alive, busy',
      labels: ['state'],
    },
    (set) => {
      const { threads, alive, busy } = status();
      set({ state: 'wanted' }, threads);
      set({ state: 'alive' }, alive);
      set({ state: 'busy' }, busy);
    },
  );
  registry.readCounter(
    { name: 'qaqpa_verdict_thread_restarts_total', help: 'Threads that had to be replaced' },
    () => status().restarts,
  );
  registry.readCounter(
    {
      name: 'qaqpa_verdict_busy_seconds_total',
      help: 'Seconds all threads together have been computing',
    },
    () => status().busySeconds,
  );
  registry.readGauge(
    {
      name: 'qaqpa_gost_kernel',
      help: '1 while GOST is computed in the WebAssembly kernel, 0 where it fell back to the slow reference',
    },
    (set) => {
      const everywhere = [kernelStatus(), ...status().gost];
      set({}, everywhere.every(({ engine }) => engine === 'kernel') ? 1 : 0);
    },
  );
}
