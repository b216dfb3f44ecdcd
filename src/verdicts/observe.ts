/** What happens where verdicts are given, told to the log and to the metrics in the same words. */
import { type Log } from '../telemetry/log.js';
import { type MetricsRegistry } from '../telemetry/registry.js';
import { countVerdicts } from './metrics.js';
import { type ThreadEvent } from './pool.js';
import { type VerdictEvent } from './queue.js';

export function observeVerdicts(
  log: Log,
  registry: MetricsRegistry,
): (event: VerdictEvent | ThreadEvent) => void {
  const count = countVerdicts(registry);
  return (event) => {
    switch (event.kind) {
      case 'verdict':
        count(event);
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
  };
}
