/** What happens inside the gateway, told to the log and to the metrics in the same words. */
import { type RevocationEvent, type WatchEvent } from '../revocation/event.js';
import { type TrustEvent } from '../trust/store.js';
import { type ThreadEvent } from '../verdicts/pool.js';
import { type VerdictEvent } from '../verdicts/queue.js';
import { type Log } from './log.js';
import { type Metrics } from './metrics.js';

export function observeRevocation(event: RevocationEvent, log: Log, metrics: Metrics): void {
  switch (event.kind) {
    case 'rung': {
      const { rung, host, outcome, code, durationMs } = event;
      metrics.revocationAsked({
        rung,
        host: host ?? 'memory',
        outcome,
        code: code ?? 'none',
        seconds: durationMs / 1000,
      });
      if (outcome === 'unavailable') log.warn({ rung, host, code }, 'no usable answer about revocation');
      return;
    }
    case 'crl-refresh': {
      const { host, part, outcome, code, entries, nextUpdate } = event;
      metrics.crlRefreshed({ host, part, outcome, nextUpdate });
      if (outcome === 'kept') log.warn({ host, part, code }, 'a CRL was not refreshed');
      else log.info({ host, part, outcome, entries, nextUpdate }, 'CRL');
      return;
    }
    case 'circuit':
      metrics.circuitChanged({ host: event.host, open: event.state === 'open' });
      log.warn({ host: event.host, state: event.state }, 'revocation host');
  }
}

/** @param event of the revocation watch: codes and numbers */
export function observeWatch(event: WatchEvent, log: Log, metrics: Metrics): void {
  switch (event.kind) {
    case 'certificate':
      metrics.certificateWatched({ outcome: event.outcome, code: event.code ?? 'none' });
      return;
    case 'ended':
      metrics.sessionsEnded(event);
      log.warn({ code: event.code, sessions: event.sessions }, 'sessions ended with their certificate');
      return;
    case 'sweep': {
      const { live, looked, open, oldestMs } = event;
      metrics.certificatesSwept({ live, oldestSeconds: oldestMs / 1000 });
      if (open > 0) log.warn({ live, looked, open }, 'certificates of live sessions could not be checked');
      else log.debug({ live, looked }, 'certificates of live sessions checked');
      return;
    }
    case 'failure':
      log.error({ err: event.error }, 'the revocation watch failed');
  }
}

export function observeTrust(event: TrustEvent, log: Log, metrics: Metrics): void {
  if (event.kind === 'replaced') {
    metrics.trustReloaded('replaced');
    log.warn({ from: event.from, to: event.to, warnings: event.warnings }, 'trust replaced');
  } else {
    metrics.trustReloaded('refused');
    log.error({ kept: event.kept, err: event.error }, 'trust refused: the set in force stays');
  }
}

export function observeVerdicts(event: VerdictEvent | ThreadEvent, log: Log, metrics: Metrics): void {
  switch (event.kind) {
    case 'verdict':
      metrics.verdictFinished({
        lane: event.lane,
        code: event.code,
        waitedSeconds: event.waitedMs / 1000,
        tookSeconds: event.tookMs / 1000,
      });
      return;
    case 'thread-ended':
      log.error({ reason: event.reason }, 'a thread for verdicts has ended; another takes its place');
      return;
    case 'thread-replaced':
      log.warn('a thread for verdicts was replaced');
      return;
    case 'thread-not-replaced':
      log.error({ err: event.error, pauseMs: event.pauseMs }, 'a thread for verdicts does not start');
  }
}
