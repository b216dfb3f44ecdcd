import { type Certificate } from '../eds/certificate/certificate.js';
import { type CertificateInQuestion, type RevocationFinding } from '../eds/revocation.js';
import { type RevocationObserver } from './event.js';
import { createOcspCache } from './ocsp-cache.js';
import { type OcspClient } from './ocsp-client.js';
import { isAuthority, isCodes, later, type RungResult, tellFinding } from './rung.js';

interface OcspRungParts {
  readonly client: OcspClient;
  readonly windows: {
    readonly ocspMaxAgeMs: number;
    readonly ocspCacheMs: number;
    readonly reuseMs: number;
    readonly authorityReuseMs: number;
    readonly clockSkewMs: number;
  };
  readonly clock: () => Date;
  readonly designated: (at: Date) => readonly Certificate[];
  readonly standing: () => unknown;
  readonly onEvent: RevocationObserver;
}

/** Asks OCSP about a certificate as of `at`. Never rejects for what a responder did: that is in the codes. */
export type OcspRung = (
  certificate: CertificateInQuestion,
  issuer: Certificate,
  at: Date,
) => Promise<RungResult>;

/**
 * The OCSP rung of the ladder: an answer young enough to be reused, else a fresh one, else, while no responder can be reached, one
 * that was kept. Answers are kept in memory and under the trust in force: under another they are forgotten.
 */
export function createOcspRung(parts: OcspRungParts): OcspRung {
  const { client, windows, clock, designated, standing, onEvent } = parts;
  const cache = createOcspCache();
  const asking = new Map<string, Promise<RungResult>>();
  let cachedUnder = standing();
  const forgetIfTrustChanged = (): void => {
    if (standing() === cachedUnder) return;
    cachedUnder = standing();
    cache.forgetAll();
    // Those who ask from now on must not share a question that will be judged under the old trust.
    asking.clear();
  };

  const ask = async (
    key: string,
    certificate: CertificateInQuestion,
    issuer: Certificate,
    at: Date,
  ): Promise<RungResult> => {
    const askedUnder = standing();
    const outcome = await client.ask(certificate, issuer, () => later(at, clock()));
    if (!outcome.ok) return outcome.codes;
    forgetIfTrustChanged();
    if (askedUnder === cachedUnder) cache.keep(key, outcome.answer, clock());
    return outcome.answer.finding;
  };

  /** People who sign in at the same moment with the same CA share one question about it. */
  const askTogether = (
    key: string,
    certificate: CertificateInQuestion,
    issuer: Certificate,
    at: Date,
  ): Promise<RungResult> => {
    const question = `${key} ${at > clock() ? at.toISOString() : ''}`;
    const shared = asking.get(question);
    if (shared !== undefined) return shared;
    const answer = ask(key, certificate, issuer, at);
    asking.set(question, answer);
    const done = (): void => {
      if (asking.get(question) === answer) asking.delete(question);
    };
    answer.then(done, done);
    return answer;
  };

  return async (certificate, issuer, at) => {
    forgetIfTrustChanged();
    const key = `${certificate.sha256} ${issuer.sha256}`;
    const recall = (maxAgeMs: number, oldestUpdateMs = Infinity): RevocationFinding | null => {
      const from = performance.now();
      const judgedAt = later(at, clock());
      const kept = cache.find(key, maxAgeMs, judgedAt);
      if (kept === null) return null;
      const age = judgedAt.getTime() - kept.thisUpdate.getTime();
      if (kept.nextUpdate === null && age > oldestUpdateMs) return null;
      // An answer outlives neither its time nor the designation it rests on.
      const authorities = [issuer, ...designated(judgedAt)];
      if (!authorities.some(({ sha256 }) => sha256 === kept.authority.sha256)) return null;
      return tellFinding(onEvent, 'ocsp-cache', kept.finding, null, from);
    };
    const reuseMs = isAuthority(certificate) ? windows.authorityReuseMs : windows.reuseMs;
    const reused = recall(reuseMs, windows.ocspMaxAgeMs + windows.clockSkewMs);
    if (reused !== null && reused.status !== 'unavailable') return reused;

    const result = await askTogether(key, certificate, issuer, at);
    if (!isCodes(result)) return result;
    const kept = recall(windows.ocspCacheMs);
    return kept === null || kept.status === 'unavailable' ? result : kept;
  };
}
