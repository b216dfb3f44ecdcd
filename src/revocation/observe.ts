/** What happens while revocation is looked up, told to the log and to the metrics in the same words. */
import { type Log } from '../telemetry/log.js';
import { type MetricsRegistry } from '../telemetry/registry.js';
import { type Repeats } from '../telemetry/repeats.js';
import { type RevocationEvent, type RevocationObserver } from './event.js';

export function observeRevocation(
  log: Log,
  registry: MetricsRegistry,
  repeats: Pick<Repeats, 'note'>,
): RevocationObserver {
  const answers = registry.histogram({
    name: 'qaqpa_revocation_seconds',
    help: 'Answers about revocation by rung, host, outcome and reason',
    labels: ['rung', 'host', 'outcome', 'code'],
  });
  const circuits = registry.gauge({
    name: 'qaqpa_revocation_circuit_open',
    help: '1 while a revocation host is left alone after failures',
    labels: ['host'],
  });
  const lists = observeLists(log, registry, repeats);
  return (event) => {
    switch (event.kind) {
      case 'rung': {
        const { rung, host, outcome, code, durationMs } = event;
        const labels = { rung, host: host ?? 'memory', outcome, code: code ?? 'none' };
        answers.observe(labels, durationMs / 1000);
        if (outcome === 'unavailable') log.warn({ rung, host, code }, 'no usable answer about revocation');
        return;
      }
      case 'crl-refresh':
        lists(event);
        return;
      case 'circuit':
        circuits.set({ host: event.host }, event.state === 'open' ? 1 : 0);
        // While a host is away its circuit opens again after every trial.
        if (event.state === 'closed') log.info({ host: event.host }, 'a revocation host answers again');
        else if (event.state === 'open') {
          const message = 'a revocation host does not answer and is left alone for a while';
          repeats.note(`circuit ${event.host}`, {
            level: 'warn',
            once: {},
            always: { host: event.host },
            message,
          });
        }
    }
  };
}

function observeLists(
  log: Log,
  registry: MetricsRegistry,
  repeats: Pick<Repeats, 'note'>,
): (event: Extract<RevocationEvent, { kind: 'crl-refresh' }>) => void {
  const refreshes = registry.counter({
    name: 'qaqpa_crl_refreshes_total',
    help: 'Attempts to refresh a CRL',
    labels: ['host', 'part', 'outcome'],
  });
  const nextUpdates = registry.gauge({
    name: 'qaqpa_crl_next_update_seconds',
    help: 'When the newest CRL of a host stops being usable, seconds since 1970',
    labels: ['host', 'part'],
  });
  return ({ host, part, list, outcome, code, entries, nextUpdate }) => {
    refreshes.add({ host, part, outcome });
    if (nextUpdate !== null) nextUpdates.set({ host, part }, nextUpdate.getTime() / 1000);
    if (outcome === 'kept') {
      // Without a network every list of a host fails, again and again.
      const message = 'a CRL was not refreshed';
      const line = { level: 'warn', once: { part }, always: { host, code }, message, which: list } as const;
      repeats.note(`crl ${host} ${code ?? 'none'}`, line);
    } else log.info({ host, part, list, outcome, entries, nextUpdate }, 'CRL');
  };
}
