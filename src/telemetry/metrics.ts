import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { kernelStatus } from '../eds/gost/index.js';
import { type OpenVerdicts } from '../verdicts/open.js';
import { type VerdictEvent } from '../verdicts/queue.js';

/** Counts and durations of what the gateway does. Labels are codes and names from closed lists, never anything a visitor sent. */
export interface Metrics {
  /** The Prometheus text and its content type. */
  expose(): Promise<{ readonly text: string; readonly contentType: string }>;
  requestAnswered(request: { route: string; method: string; status: number; seconds: number }): void;
  loginFinished(login: {
    method: 'eds' | 'password';
    outcome: 'admitted' | 'refused';
    code: string;
    seconds: number;
  }): void;
  documentJudged(verdict: { indication: string; code: string; seconds: number }): void;
  revocationAsked(answer: {
    rung: string;
    host: string;
    outcome: string;
    code: string;
    seconds: number;
  }): void;
  crlRefreshed(refresh: { host: string; part: string; outcome: string; nextUpdate: Date | null }): void;
  circuitChanged(circuit: { host: string; open: boolean }): void;
  certificateWatched(certificate: { outcome: string; code: string }): void;
  certificatesSwept(sweep: { live: number; oldestSeconds: number }): void;
  sessionsEnded(ended: { code: string; sessions: number }): void;
  trustReloaded(outcome: 'replaced' | 'refused'): void;
  verdictFinished(
    verdict: Pick<VerdictEvent, 'lane' | 'code'> & { waitedSeconds: number; tookSeconds: number },
  ): void;
  /** A visitor was refused by a limit. */
  rateLimited(refusal: { limit: string; level: string }): void;
  passwordAlarm(kind: 'spraying' | 'flood'): void;
  /** What a request shows about proxies: see `ForwardingFinding`. */
  forwardingDoubted(finding: string): void;
  /** From now on the state of queue and threads is read at every scrape. */
  watchVerdicts(status: OpenVerdicts['status']): void;
  /** The same for the hashing of passwords. */
  watchHashing(status: () => HashingCounts): void;
  /** The same for secrets of API clients that are in use and end soon; null while the store does not answer. */
  watchClientSecrets(ending: () => Promise<number | null>): void;
  close(): void;
}

interface HashingCounts {
  readonly threads: number;
  readonly running: number;
  readonly mostRunning: number;
  readonly waiting: number;
  readonly done: number;
  readonly shed: number;
}

/** A verdict takes a millisecond or two where nothing is asked. */
const VERDICT_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * @param trust what is in force: its version and since when, read at every scrape
 */
export function createMetrics(
  trust: () => { readonly version: string; readonly since: Date },
  clock: () => Date,
): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const requests = new Histogram({
    name: 'qaqpa_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['route', 'method', 'status'],
    buckets: SECONDS,
    registers,
  });
  const logins = new Counter({
    name: 'qaqpa_logins_total',
    help: 'Sign-in attempts by method, outcome and reason',
    labelNames: ['method', 'outcome', 'code'],
    registers,
  });
  const loginSeconds = new Histogram({
    name: 'qaqpa_login_seconds',
    help: 'Time to judge a sign-in attempt',
    labelNames: ['method', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const documents = new Counter({
    name: 'qaqpa_documents_total',
    help: 'Document signatures judged, by indication and reason',
    labelNames: ['indication', 'code'],
    registers,
  });
  const documentSeconds = new Histogram({
    name: 'qaqpa_document_seconds',
    help: 'Time to judge a document signature',
    labelNames: ['indication'],
    buckets: SECONDS,
    registers,
  });
  const revocation = new Histogram({
    name: 'qaqpa_revocation_seconds',
    help: 'Answers about revocation by rung, host, outcome and reason',
    labelNames: ['rung', 'host', 'outcome', 'code'],
    buckets: SECONDS,
    registers,
  });
  const crls = new Counter({
    name: 'qaqpa_crl_refreshes_total',
    help: 'Attempts to refresh a CRL',
    labelNames: ['host', 'part', 'outcome'],
    registers,
  });
  const crlNextUpdate = new Gauge({
    name: 'qaqpa_crl_next_update_seconds',
    help: 'When the newest CRL of a host stops being usable, seconds since 1970',
    labelNames: ['host', 'part'],
    registers,
  });
  const circuits = new Gauge({
    name: 'qaqpa_revocation_circuit_open',
    help: '1 while a revocation host is left alone after failures',
    labelNames: ['host'],
    registers,
  });
  const watched = new Counter({
    name: 'qaqpa_watch_certificates_total',
    help: 'Looks at certificates of live sessions by outcome and reason; open: no usable answer, so that nothing was ended',
    labelNames: ['outcome', 'code'],
    registers,
  });
  const watchLive = new Gauge({
    name: 'qaqpa_watch_live_certificates',
    help: 'Certificates behind live sessions at the last sweep of this instance',
    registers,
  });
  const watchOldest = new Gauge({
    name: 'qaqpa_watch_oldest_seconds',
    help: 'Age of the oldest evidence a live session rests on; above 300 the five minutes are not kept',
    registers,
  });
  const ended = new Counter({
    name: 'qaqpa_watch_sessions_ended_total',
    help: 'Sessions ended because their certificate is good no longer',
    labelNames: ['code'],
    registers,
  });
  const reloads = new Counter({
    name: 'qaqpa_trust_reloads_total',
    help: 'Reloads of the trust manifest by outcome',
    labelNames: ['outcome'],
    registers,
  });
  const verdicts = new Counter({
    name: 'qaqpa_verdicts_total',
    help: 'Questions for a verdict by what became of them: none is a report, VERIFIER_BUSY was shed',
    labelNames: ['lane', 'code'],
    registers,
  });
  const verdictWait = new Histogram({
    name: 'qaqpa_verdict_wait_seconds',
    help: 'Time in the queue before a verdict',
    labelNames: ['lane'],
    buckets: VERDICT_SECONDS,
    registers,
  });
  const verdictSeconds = new Histogram({
    name: 'qaqpa_verdict_seconds',
    help: 'Time from the turn to the verdict, revocation included',
    labelNames: ['lane'],
    buckets: VERDICT_SECONDS,
    registers,
  });
  let verdictStatus: OpenVerdicts['status'] | null = null;
  new Gauge({
    name: 'qaqpa_verdict_queue',
    help: 'Questions waiting for their turn',
    labelNames: ['lane'],
    registers,
    collect() {
      for (const [lane, count] of Object.entries(verdictStatus?.().waiting ?? {})) this.set({ lane }, count);
    },
  });
  new Gauge({
    name: 'qaqpa_verdict_threads',
    help: 'Threads that give verdicts: wanted (0: the gateway itself judges), alive, busy',
    labelNames: ['state'],
    registers,
    collect() {
      const { threads = 0, alive = 0, busy = 0 } = verdictStatus?.() ?? {};
      this.set({ state: 'wanted' }, threads);
      this.set({ state: 'alive' }, alive);
      this.set({ state: 'busy' }, busy);
    },
  });
  new Counter({
    name: 'qaqpa_verdict_thread_restarts_total',
    help: 'Threads that had to be replaced',
    registers,
    collect() {
      this.reset();
      this.inc(verdictStatus?.().restarts ?? 0);
    },
  });
  new Counter({
    name: 'qaqpa_verdict_busy_seconds_total',
    help: 'Seconds all threads together have been computing',
    registers,
    collect() {
      this.reset();
      this.inc(verdictStatus?.().busySeconds ?? 0);
    },
  });
  new Gauge({
    name: 'qaqpa_trust_info',
    help: 'The trust set in force',
    labelNames: ['version'],
    registers,
    collect() {
      this.reset();
      this.set({ version: trust().version }, 1);
    },
  });
  new Gauge({
    name: 'qaqpa_gost_kernel',
    help: '1 while GOST is computed in the WebAssembly kernel, 0 where it fell back to the slow reference',
    registers,
    collect() {
      const everywhere = [kernelStatus(), ...(verdictStatus?.().gost ?? [])];
      this.set(everywhere.every(({ engine }) => engine === 'kernel') ? 1 : 0);
    },
  });
  new Gauge({
    name: 'qaqpa_trust_age_seconds',
    help: 'How long the trust set has been in force',
    registers,
    collect() {
      this.set((clock().getTime() - trust().since.getTime()) / 1000);
    },
  });

  const limited = new Counter({
    name: 'qaqpa_rate_limited_total',
    help: 'Requests refused by a limit, and whether an address, a network (/24, /48), a provider (/16, /32) or something named met it',
    labelNames: ['limit', 'level'],
    registers,
  });
  const alarms = new Counter({
    name: 'qaqpa_password_alarms_total',
    help: 'One password tried on many people (spraying), far more failures a minute than usual (flood)',
    labelNames: ['kind'],
    registers,
  });
  const forwarding = new Counter({
    name: 'qaqpa_forwarding_doubts_total',
    help: 'Requests whose client address is in doubt: forwarded by a proxy that is not trusted, or by a trusted one without an address',
    labelNames: ['finding'],
    registers,
  });
  const watchHashing = hashingMetrics(registers);
  const watchClientSecrets = secretMetrics(registers);

  return {
    async expose() {
      return { text: await registry.metrics(), contentType: registry.contentType };
    },
    requestAnswered({ route, method, status, seconds }) {
      requests.observe({ route, method, status }, seconds);
    },
    loginFinished({ method, outcome, code, seconds }) {
      logins.inc({ method, outcome, code });
      loginSeconds.observe({ method, outcome }, seconds);
    },
    documentJudged({ indication, code, seconds }) {
      documents.inc({ indication, code });
      documentSeconds.observe({ indication }, seconds);
    },
    revocationAsked({ rung, host, outcome, code, seconds }) {
      revocation.observe({ rung, host, outcome, code }, seconds);
    },
    crlRefreshed({ host, part, outcome, nextUpdate }) {
      crls.inc({ host, part, outcome });
      if (nextUpdate !== null) crlNextUpdate.set({ host, part }, nextUpdate.getTime() / 1000);
    },
    circuitChanged({ host, open }) {
      circuits.set({ host }, open ? 1 : 0);
    },
    certificateWatched({ outcome, code }) {
      watched.inc({ outcome, code });
    },
    certificatesSwept({ live, oldestSeconds }) {
      watchLive.set(live);
      watchOldest.set(oldestSeconds);
    },
    sessionsEnded({ code, sessions }) {
      ended.inc({ code }, sessions);
    },
    trustReloaded(outcome) {
      reloads.inc({ outcome });
    },
    verdictFinished({ lane, code, waitedSeconds, tookSeconds }) {
      verdicts.inc({ lane, code });
      if (code === 'VERIFIER_BUSY') return;
      verdictWait.observe({ lane }, waitedSeconds);
      verdictSeconds.observe({ lane }, tookSeconds);
    },
    rateLimited({ limit, level }) {
      limited.inc({ limit, level });
    },
    passwordAlarm(kind) {
      alarms.inc({ kind });
    },
    forwardingDoubted(finding) {
      forwarding.inc({ finding });
    },
    watchVerdicts(status) {
      verdictStatus = status;
    },
    watchHashing,
    watchClientSecrets,
    close() {
      registry.clear();
    },
  };
}

/** @returns what is told where the number comes from */
function secretMetrics(registers: Registry[]): (ending: () => Promise<number | null>) => void {
  let ending: (() => Promise<number | null>) | null = null;
  new Gauge({
    name: 'qaqpa_client_secrets_ending',
    help: 'Secrets of API clients that are in use and expire within thirty days; NaN while the database does not answer',
    registers,
    async collect() {
      this.set(ending === null ? 0 : ((await ending()) ?? Number.NaN));
    },
  });
  return (count) => {
    ending = count;
  };
}

/** @returns what is told where the numbers come from */
function hashingMetrics(registers: Registry[]): (status: () => HashingCounts) => void {
  let status: (() => HashingCounts) | null = null;
  new Gauge({
    name: 'qaqpa_password_hashes',
    help: 'Hashes of passwords: running and waiting now, the most that ran at once since the start, and how many may',
    labelNames: ['state'],
    registers,
    collect() {
      const { threads = 0, running = 0, mostRunning = 0, waiting = 0 } = status?.() ?? {};
      this.set({ state: 'running' }, running);
      this.set({ state: 'waiting' }, waiting);
      this.set({ state: 'most' }, mostRunning);
      this.set({ state: 'allowed' }, threads);
    },
  });
  new Counter({
    name: 'qaqpa_password_hashes_total',
    help: 'Hashes of passwords computed',
    registers,
    collect() {
      this.reset();
      this.inc(status?.().done ?? 0);
    },
  });
  new Counter({
    name: 'qaqpa_passwords_shed_total',
    help: 'Passwords sent away with GATEWAY_BUSY, because too many waited',
    registers,
    collect() {
      this.reset();
      this.inc(status?.().shed ?? 0);
    },
  });
  return (from) => {
    status = from;
  };
}
