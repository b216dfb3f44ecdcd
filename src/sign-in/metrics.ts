import { type MetricsRegistry } from '../telemetry/registry.js';
import { type PasswordAlarm } from './spraying.js';

/** Counts and durations of sign-ins. */
export interface SignInMetrics {
  loginFinished(login: {
    method: 'eds' | 'password';
    outcome: 'admitted' | 'refused';
    code: string;
    seconds: number;
  }): void;
  passwordAlarm(kind: PasswordAlarm['kind']): void;
}

export function createSignInMetrics(registry: MetricsRegistry): SignInMetrics {
  const logins = registry.counter({
    name: 'qaqpa_logins_total',
    help: 'Sign-in attempts by method, outcome and reason',
    labels: ['method', 'outcome', 'code'],
  });
  const loginSeconds = registry.histogram({
    name: 'qaqpa_login_seconds',
    help: 'Time to judge a sign-in attempt',
    labels: ['method', 'outcome'],
  });
  const alarms = registry.counter({
    name: 'qaqpa_password_alarms_total',
    help: 'One password tried on many people (spraying), far more failures a minute than usual (flood)',
    labels: ['kind'],
  });
  return {
    loginFinished({ method, outcome, code, seconds }) {
      logins.add({ method, outcome, code });
      loginSeconds.observe({ method, outcome }, seconds);
    },
    passwordAlarm(kind) {
      alarms.add({ kind });
    },
  };
}
