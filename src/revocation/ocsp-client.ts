import { type Certificate } from '../eds/certificate/certificate.js';
import { type ReasonCode } from '../eds/error.js';
import {
  type CertIdHash,
  encodeOcspRequest,
  type OcspAnswer,
  type OcspJudgement,
  type OcspQuestion,
  type OcspWindow,
} from '../eds/ocsp/index.js';
import { type CertificateInQuestion } from '../eds/judgement/revocation.js';
import { TransportError, type TransportCode } from './error.js';
import { type RevocationObserver } from './event.js';
import { exchangeBytes, hostOf, type Transport } from './transport.js';

/** One OCSP responder. */
export interface OcspResponder {
  readonly url: string;
  /** SHA-256 (lower-case hex) of the issuers it speaks for. Absent: it is asked about everything. */
  readonly issuers?: readonly string[];
}

/** What asking the responders in turn came to. */
type OcspOutcome =
  | { readonly ok: true; readonly answer: OcspAnswer }
  /** Codes of those who answered and could not be used, in order; empty when nobody could be reached. */
  | { readonly ok: false; readonly codes: readonly ReasonCode[] };

/**
 * Judges an answer as `examineOcspResponse` does, here or in another thread.
 *
 * @param designated CAs that may answer about certificates of any issuer, already found to hold at `at`
 * @throws whatever says that it could not be judged; that is no answer either
 */
export type OcspExaminer = (
  response: Uint8Array,
  question: OcspQuestion,
  window: OcspWindow,
  at: Date,
  designated: readonly Certificate[],
) => OcspJudgement | Promise<OcspJudgement>;

export interface OcspClient {
  /** Asks one responder after the other until one gives an answer that withstands judgement. Never throws for what they do. */
  ask(certificate: CertificateInQuestion, issuer: Certificate, at: () => Date): Promise<OcspOutcome>;
}

interface ClientOptions {
  readonly responders: readonly OcspResponder[];
  readonly transport: Transport;
  readonly random: (length: number) => Uint8Array;
  readonly examine: OcspExaminer;
  /** CAs that may answer about certificates of any issuer, at a time. */
  readonly designated: (at: Date) => readonly Certificate[];
  readonly window: OcspWindow;
  readonly certIdHash: CertIdHash;
  readonly timeoutMs: number;
  readonly onEvent: RevocationObserver;
}

const NONCE_OCTETS = 32;
/** A response with a few certificates has three kilobytes. */
const MAX_RESPONSE_BYTES = 64 * 1024;

/** The OCSP client over HTTP POST (RFC 6960 appendix A.1). */
export function createOcspClient(options: ClientOptions): OcspClient {
  const { transport, random, examine, designated, window, certIdHash, timeoutMs, onEvent } = options;

  const askOne = async (
    url: string,
    certificate: CertificateInQuestion,
    issuer: Certificate,
    at: () => Date,
  ): Promise<OcspOutcome & { code: ReasonCode | TransportCode | null }> => {
    const nonce = random(NONCE_OCTETS);
    const body = encodeOcspRequest(certificate, issuer, nonce, certIdHash);
    const headers = { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' };
    let response: Uint8Array;
    try {
      response = await exchangeBytes(transport, {
        method: 'POST',
        url,
        headers,
        body,
        timeoutMs,
        maxBytes: MAX_RESPONSE_BYTES,
      });
    } catch (error) {
      if (error instanceof TransportError) return { ok: false, codes: [], code: error.code };
      throw error;
    }
    const judgedAt = at();
    const question = { certificate, issuer, nonce, certIdHash };
    const judgement = await examine(response, question, window, judgedAt, designated(judgedAt));
    return judgement.ok
      ? { ...judgement, code: null }
      : { ok: false, codes: [judgement.code], code: judgement.code };
  };

  return {
    async ask(certificate, issuer, at) {
      const codes: ReasonCode[] = [];
      for (const { url, issuers } of options.responders) {
        if (issuers !== undefined && !issuers.includes(issuer.sha256)) continue;
        const from = performance.now();
        const outcome = await askOne(url, certificate, issuer, at);
        onEvent({
          kind: 'rung',
          rung: 'ocsp',
          host: hostOf(url),
          outcome: outcome.ok ? outcome.answer.finding.status : 'unavailable',
          code: outcome.code,
          durationMs: performance.now() - from,
        });
        if (outcome.ok) return outcome;
        codes.push(...outcome.codes);
      }
      return { ok: false, codes };
    },
  };
}
