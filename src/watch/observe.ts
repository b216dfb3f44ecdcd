/** What the revocation watch does, told to the log and to the metrics in the same words: codes and numbers. */
import { type Log } from '../telemetry/log.js';
import { type MetricsRegistry } from '../telemetry/registry.js';
import { type WatchEvent } from './event.js';

export function observeWatch(log: Log, registry: MetricsRegistry): (event: WatchEvent) => void {
  const watched = registry.counter({
    name: 'qaqpa_watch_certificates_total',
    help: 'Looks at certificates of live sessions by outcome and reason; open: no usable answer, so that nothing was ended',
    labels: ['outcome', 'code'],
  });
  const live = registry.gauge({
    name: 'qaqpa_watch_live_certificates',
    help: 'Certificates behind live sessions at the last sweep of this instance',
  });
  const oldest = registry.gauge({
    name: 'qaqpa_watch_oldest_seconds',
    help: 'Age of the oldest evidence a live session rests on; above 300 the five minutes are not kept',
  });
  const ended = registry.counter({
    name: 'qaqpa_watch_sessions_ended_total',
    help: 'Sessions ended because their certificate is good no longer',
    labels: ['code'],
  });
  const tellSweep = (sweep: Extract<WatchEvent, { kind: 'sweep' }>): void => {
    live.set({}, sweep.live);
    oldest.set({}, sweep.oldestMs / 1000);
    const { looked, open } = sweep;
    if (open > 0) {
      log.warn({ live: sweep.live, looked, open }, 'certificates of live sessions could not be checked');
    } else log.debug({ live: sweep.live, looked }, 'certificates of live sessions checked');
  };
  return (event) => {
    switch (event.kind) {
      case 'certificate':
        watched.add({ outcome: event.outcome, code: event.code ?? 'none' });
        return;
      case 'ended':
        ended.add({ code: event.code }, event.sessions);
        log.warn({ code: event.code, sessions: event.sessions }, 'sessions ended with their certificate');
        return;
      case 'sweep':
        tellSweep(event);
        return;
      case 'failure':
        log.error({ err: event.error }, 'the revocation watch failed');
    }
  };
}
