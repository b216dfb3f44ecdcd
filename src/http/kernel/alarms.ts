/** What is told to log and metrics while visitors are refused for their number, or passwords are guessed. */
import { type PasswordAlarm } from '../../sign-in/spraying.js';
import { type Log } from '../../telemetry/log.js';
import { type SignInMetrics } from '../../sign-in/metrics.js';
import { type LimitRefusal } from './limits.js';
import { type HttpMetrics } from './metrics.js';

/** One line of the log for each limit of networks, however many are refused. */
const TOLD_EVERY_MS = 60_000;

/** @returns what is told of each refusal: a number, and a line of the log where a whole network is refused, or everybody */
export function observeLimits(log: Log, metrics: HttpMetrics): (refusal: LimitRefusal) => void {
  const toldAt = new Map<string, number>();
  return ({ limit, level, network }) => {
    metrics.rateLimited({ limit, level });
    if (network === null && limit !== 'passwordFailuresInAll') return;
    const now = performance.now();
    const kind = `${limit} ${level}`;
    if (now - (toldAt.get(kind) ?? Number.NEGATIVE_INFINITY) < TOLD_EVERY_MS) return;
    toldAt.set(kind, now);
    log.warn({ limit, level, network }, 'a limit of many visitors is reached');
  };
}

export function observePasswordAlarm(log: Log, metrics: SignInMetrics): (alarm: PasswordAlarm) => void {
  return (alarm) => {
    metrics.passwordAlarm(alarm.kind);
    if (alarm.kind === 'spraying') {
      const { people, networks } = alarm;
      log.warn({ people, networks }, 'one password is being tried on many people; it opens nothing');
    } else {
      const { failures, usual } = alarm;
      log.warn({ failures, usual }, 'far more passwords fail in a minute than usual');
    }
  };
}
