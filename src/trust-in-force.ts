/** Opens the trust in force. Part of the composition root. */
import { gatewayAct } from './audit/act.js';
import { record } from './audit/recorder.js';
import { type Ground } from './open-parts.js';
import { type OpenServices } from './services.js';
import { type MetricsRegistry } from './telemetry/registry.js';
import { observeTrust } from './trust/observe.js';
import { openTrustStore, type TrustStore } from './trust/store.js';

/** The trust in force; what happens to it is told and recorded. */
export async function openTrust(
  directory: string,
  storage: OpenServices,
  registry: MetricsRegistry,
  { clock, log, open }: Ground,
): Promise<TrustStore> {
  const unrecorded = (error: unknown): void => {
    log.error({ err: error }, 'an audit record could not be written');
  };
  const observe = observeTrust(log, registry, { version: () => trust.current().version, clock });
  const trust = await openTrustStore({
    directory: directory,
    now: clock,
    onEvent: (event) => {
      observe(event);
      if (event.kind === 'replaced') {
        const details = { from: event.from, to: event.to };
        record(storage.audit, gatewayAct(clock()), 'trust.activated', { details }).catch(unrecorded);
      } else {
        const told = { reason: event.error.name, details: { kept: event.kept } };
        record(storage.audit, gatewayAct(clock()), 'trust.refused', told).catch(unrecorded);
      }
    },
  });
  open.push(() => {
    trust.close();
  });
  for (const warning of trust.details().warnings) log.warn({ warning }, 'trust');
  return trust;
}
