import { type Certificate } from '../eds/certificate/certificate.js';
import { createOcspCache } from './ocsp-cache.js';
import { type OcspClient } from './ocsp-client.js';
import { type FoundStatement, isAuthority, later, type RevocationQuestion, type RungResult } from './rung.js';

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
}

/** What responders say, now and before. Answers are kept in memory and under the trust in force: under another they are forgotten. */
export interface OcspRung {
  /** An answer young enough to be used without asking again. */
  readonly reusable: (question: RevocationQuestion) => FoundStatement | null;
  /** Asks. Never rejects for what a responder did: that is in the codes. */
  readonly ask: (question: RevocationQuestion) => Promise<RungResult>;
  /** An answer that may stand in while no responder can be reached. */
  readonly kept: (question: RevocationQuestion) => FoundStatement | null;
}

/** The rung of a ladder without responders. */
export const NO_RESPONDERS: OcspRung = {
  reusable: () => null,
  ask: () => Promise.resolve([]),
  kept: () => null,
};

/** The OCSP rung of the ladder. */
export function createOcspRung(parts: OcspRungParts): OcspRung {
  const { client, windows, clock, designated, standing } = parts;
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

  const recall = (
    { certificate, issuer, at }: RevocationQuestion,
    maxAgeMs: number,
    oldestUpdateMs = Infinity,
  ): FoundStatement | null => {
    forgetIfTrustChanged();
    const judgedAt = later(at, clock());
    const kept = cache.find(keyOf(certificate, issuer), maxAgeMs, judgedAt);
    if (kept === null) return null;
    const age = judgedAt.getTime() - kept.thisUpdate.getTime();
    if (kept.nextUpdate === null && age > oldestUpdateMs) return null;
    // An answer outlives neither its time nor the designation it rests on.
    const authorities = [issuer, ...designated(judgedAt)];
    if (!authorities.some(({ sha256 }) => sha256 === kept.authority.sha256)) return null;
    return { statement: kept.finding, rung: 'ocsp-cache', host: null };
  };

  const ask = async (question: RevocationQuestion): Promise<RungResult> => {
    const { certificate, issuer, at } = question;
    const askedUnder = standing();
    const outcome = await client.ask(certificate, issuer, () => later(at, clock()));
    if (!outcome.ok) return outcome.codes;
    forgetIfTrustChanged();
    if (askedUnder === cachedUnder) cache.keep(keyOf(certificate, issuer), outcome.answer, clock());
    return { statement: outcome.answer.finding, rung: 'ocsp', host: null };
  };

  /** People who sign in at the same moment with the same CA share one question about it. */
  const askTogether = (question: RevocationQuestion): Promise<RungResult> => {
    forgetIfTrustChanged();
    const { certificate, issuer, at } = question;
    const key = `${keyOf(certificate, issuer)} ${at > clock() ? at.toISOString() : ''}`;
    const shared = asking.get(key);
    if (shared !== undefined) return shared;
    const answer = ask(question);
    asking.set(key, answer);
    const done = (): void => {
      if (asking.get(key) === answer) asking.delete(key);
    };
    answer.then(done, done);
    return answer;
  };

  return {
    reusable(question) {
      const reuseMs = isAuthority(question.certificate) ? windows.authorityReuseMs : windows.reuseMs;
      return recall(question, reuseMs, windows.ocspMaxAgeMs + windows.clockSkewMs);
    },
    ask: askTogether,
    kept: (question) => recall(question, windows.ocspCacheMs),
  };
}

function keyOf(certificate: { readonly sha256: string }, issuer: Certificate): string {
  return `${certificate.sha256} ${issuer.sha256}`;
}
