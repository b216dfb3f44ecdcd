import { type Certificate } from '../eds/certificate/certificate.js';
import { encodeOcspRequest, judgeOcspResponse } from '../eds/ocsp/index.js';
import { type RevocationFinding } from '../eds/revocation.js';
import { TransportError } from './error.js';
import {
  type RevocationConfiguration,
  type RevocationLadder,
  type RevocationSurroundings,
} from './ladder.js';
import { exchangeBytes } from './transport.js';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;

/** The first rung alone: a fresh OCSP answer, or none. Without an answer nobody gets in. */
export function createOcspOnly(
  configuration: RevocationConfiguration,
  { transport, random }: RevocationSurroundings,
): RevocationLadder {
  const { ocspMaxAgeMs = 5 * 60_000, clockSkewMs = 60_000 } = configuration.windows ?? {};

  const ask = async (
    url: string,
    certificate: Certificate,
    issuer: Certificate,
    at: Date,
  ): Promise<RevocationFinding> => {
    const nonce = random(32);
    try {
      const body = encodeOcspRequest(certificate, issuer, nonce);
      const headers = { 'content-type': 'application/ocsp-request' };
      const der = await exchangeBytes(transport, {
        method: 'POST',
        url,
        headers,
        body,
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_BYTES,
      });
      return judgeOcspResponse(
        der,
        { certificate, issuer, nonce },
        { maxAgeMs: ocspMaxAgeMs, clockSkewMs },
        at,
      );
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      return { status: 'unavailable', source: 'ocsp', code: 'REVOCATION_UNAVAILABLE' };
    }
  };

  return {
    async statusOf(certificate, issuer, at) {
      let finding: RevocationFinding = {
        status: 'unavailable',
        source: 'none',
        code: 'REVOCATION_UNAVAILABLE',
      };
      for (const { url } of configuration.ocsp) {
        finding = await ask(url, certificate, issuer, at);
        if (finding.status !== 'unavailable') break;
      }
      return finding;
    },
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
