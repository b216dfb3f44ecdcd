/** Composes what verdicts need: the trust in force, revocation, the threads that compute. Part of the composition root. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Config } from './config.js';
import { kernelStatus, type KernelStatus } from './eds/gost/index.js';
import { designatedOcspAuthorities } from './eds/ocsp/index.js';
import { createMemos, type PathMemo } from './eds/path/memo.js';
import { type TrustSet } from './eds/trust-set.js';
import { type Job } from './jobs/job.js';
import { type RevocationEvent } from './revocation/event.js';
import {
  createRevocationLadder,
  type RevocationConfiguration,
  type RevocationLadder,
} from './revocation/ladder.js';
import { observeRevocation } from './revocation/observe.js';
import { createTransport } from './revocation/transport.js';
import { type Log } from './telemetry/log.js';
import { type MetricsRegistry } from './telemetry/registry.js';
import { type Repeats } from './telemetry/repeats.js';
import { type VerificationReport } from './eds/judgement/verdict.js';
import { describeAbsence, nameAbsence } from './trust/absence.js';
import { type TrustStore } from './trust/store.js';
import { measureVerdicts } from './verdicts/metrics.js';
import { observeVerdicts } from './verdicts/observe.js';
import { type OpenVerdicts, openVerdicts } from './verdicts/open.js';

export interface Verification {
  readonly verdicts: OpenVerdicts;
  /** For those who ask about a certificate without a signature. */
  readonly ladder: RevocationLadder;
  readonly memoUnder: (trust: TrustSet) => PathMemo;
  /** Whether those who are asked about revocation answer. */
  readonly revocation: () => 'ok' | 'degraded';
  /** To be run from now until it is closed. */
  readonly jobs: readonly Job[];
  close(): Promise<void>;
}

/** How long verdicts under way may take when nobody waits for them any more. */
const LAST_VERDICTS_MS = 1000;

/**
 * @param workerEntry what a thread runs, where it is not the compiled file beside this one
 * @throws ThreadStartError when a thread does not come up
 */
export async function openVerification(
  { revocation, dataDir, checksums, workers }: Config,
  surroundings: {
    readonly trust: TrustStore;
    readonly clock: () => Date;
    readonly log: Log;
    readonly registry: MetricsRegistry;
    readonly repeats: Pick<Repeats, 'note'>;
    readonly workerEntry: URL | undefined;
  },
): Promise<Verification> {
  const { trust, clock, log, registry, repeats, workerEntry } = surroundings;
  const pulse = createPulse();
  const observe = observeRevocation(log, registry, repeats);
  const onEvent = (event: RevocationEvent): void => {
    pulse.note(event);
    observe(event);
  };
  const urls = [
    ...revocation.ocspUrls,
    ...revocation.crls.flatMap(({ url, deltaUrl }) => (deltaUrl === null ? [url] : [url, deltaUrl])),
  ];
  const transport = createTransport({ allowedHosts: urls.map((url) => new URL(url).host), onEvent });
  const memoUnder = createMemos();
  const ladder = createRevocationLadder(ladderConfiguration(revocation, join(dataDir, 'crl')), {
    transport,
    clock,
    random: (length) => randomBytes(length),
    issuers: () => trust.current().entries.map(({ certificate }) => certificate),
    designated: (at) => designatedOcspAuthorities(trust.current(), at, memoUnder(trust.current())),
    examine: (...answer) => verdicts.examineOcsp(...answer),
    standing: () => trust.current(),
    onEvent,
  });
  const closeLadder = async (): Promise<void> => {
    await ladder.close();
    transport.close();
  };
  const verdicts = await openVerdicts({
    threads: workers,
    trust: () => trust.current(),
    revocation: ladder,
    clock,
    checksums,
    onEvent: observeVerdicts(log, registry),
    ...(workerEntry === undefined ? {} : { entry: workerEntry }),
  }).catch(async (error: unknown) => {
    await closeLadder();
    throw error;
  });
  const named = (report: VerificationReport): VerificationReport => {
    const told = nameAbsence(report, trust.details().absent);
    for (const authority of told.trust.absent ?? []) log.warn({ ...authority }, describeAbsence(authority));
    return told;
  };
  const { threads, gost } = verdicts.status();
  log.info(
    { threads },
    threads === 0 ? 'verdicts are given in this thread' : 'verdicts are given in threads',
  );
  for (const status of [kernelStatus(), ...gost]) announceGost(status, log);
  measureVerdicts(registry, () => verdicts.status());
  await ladder.restore();
  return {
    verdicts: namingAbsence(verdicts, named),
    ladder,
    memoUnder,
    revocation: () => pulse.state(),
    jobs: [...ladder.jobs, ...verdicts.jobs],
    async close() {
      await verdicts.close(LAST_VERDICTS_MS);
      await closeLadder();
    },
  };
}

function ladderConfiguration(revocation: Config['revocation'], folder: string): RevocationConfiguration {
  return {
    ocsp: revocation.ocspUrls.map((url) => ({ url })),
    crls: revocation.crls.map(({ url, deltaUrl }) => (deltaUrl === null ? { url } : { url, deltaUrl })),
    windows: {
      ocspCacheMs: revocation.ocspMaxAgeMs,
      reuseMs: revocation.ocspReuseMs,
      clockSkewMs: revocation.clockSkewMs,
      ocspTimeoutMs: revocation.timeoutMs,
      crlWaitMs: revocation.timeoutMs,
    },
    folder,
  };
}

/** The same verdicts, with every report told as `named` tells it. */
function namingAbsence(
  verdicts: OpenVerdicts,
  named: (report: VerificationReport) => VerificationReport,
): OpenVerdicts {
  return {
    ...verdicts,
    document: async (question) => named(await verdicts.document(question)),
    withPlace: (octets, proceed) =>
      verdicts.withPlace(octets, (judge) =>
        proceed(async (question) => {
          const verdict = await judge(question);
          return { ...verdict, report: named(verdict.report) };
        }),
      ),
  };
}

/** The reference is as right as the kernel and some ten times slower: worth knowing before the first queue. */
function announceGost({ parts }: KernelStatus, log: Log): void {
  for (const { part, engine, reason } of parts) {
    if (engine === 'reference') log.warn({ part, reason }, 'GOST is computed without the WebAssembly kernel');
  }
}

/** Remembers whether the responders gave the last answer they were asked for, and whether every list could be fetched in vain. */
function createPulse(): {
  note(event: RevocationEvent): void;
  state(): 'ok' | 'degraded';
} {
  let respondersAnswer = true;
  const lists = new Map<string, boolean>();
  return {
    note(event) {
      if (event.kind === 'rung' && event.rung === 'ocsp') respondersAnswer = event.outcome !== 'unavailable';
      if (event.kind === 'crl-refresh' && event.origin === 'network') {
        lists.set(`${event.host} ${event.part}`, event.outcome !== 'kept');
      }
    },
    state() {
      const listsDead = lists.size > 0 && ![...lists.values()].includes(true);
      return respondersAnswer && !listsDead ? 'ok' : 'degraded';
    },
  };
}
