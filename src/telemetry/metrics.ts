import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { kernelStatus } from '../eds/gost/index.js';

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
  trustReloaded(outcome: 'replaced' | 'refused'): void;
  close(): void;
}

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
  const reloads = new Counter({
    name: 'qaqpa_trust_reloads_total',
    help: 'Reloads of the trust manifest by outcome',
    labelNames: ['outcome'],
    registers,
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
      this.set(kernelStatus().engine === 'kernel' ? 1 : 0);
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
    trustReloaded(outcome) {
      reloads.inc({ outcome });
    },
    close() {
      registry.clear();
    },
  };
}
