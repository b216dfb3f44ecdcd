import { type Certificate } from '../eds/certificate/certificate.js';
import { indexCrl, judgeCrls } from '../eds/crl/index.js';
import { type ReasonCode } from '../eds/error.js';
import { judgeOcspResponse, type OcspWindow, parseOcspResponse } from '../eds/ocsp/index.js';
import { isStatement, type RevocationFinding, type RevocationSource } from '../eds/judgement/revocation.js';
import { decisiveStatement } from '../eds/judgement/revocation-statements.js';
import { RevocationConfigurationError } from './error.js';

/** Without a nonce only age tells an answer from a replay; a day is what a CRL would be given. */
const OFFLINE_WINDOW: OcspWindow = { maxAgeMs: 24 * 3_600_000, clockSkewMs: 5 * 60_000 };

/**
 * A revocation source that knows only the given responses and lists and asks nobody. Ages are judged at the `at` of the
 * question; of all that can be used the statement about the latest moment decides, and a lasting revocation before all others.
 *
 * @param ocspResponses OCSPResponse in DER each
 * @param crls CertificateList in DER each, full and delta lists in any order
 * @param designated the CAs designated for OCSP at a time (`designatedOcspAuthorities`)
 * @throws EdsError for a file that cannot be read; RevocationConfigurationError without any file
 */
export function createOfflineRevocation(
  ocspResponses: readonly Uint8Array[],
  crls: readonly Uint8Array[],
  designated: (at: Date) => readonly Certificate[] = () => [],
  window: OcspWindow = OFFLINE_WINDOW,
): RevocationSource {
  if (ocspResponses.length === 0 && crls.length === 0) {
    throw new RevocationConfigurationError('offline revocation needs at least one OCSP response or CRL');
  }
  for (const response of ocspResponses) parseOcspResponse(response);
  const lists = crls.map(indexCrl);

  return {
    statusOf(certificate, issuer, at) {
      const question = { certificate, issuer, nonce: null, certIdHash: null };
      const byOcsp = ocspResponses.map((response) =>
        judgeOcspResponse(response, question, window, at, undefined, designated(at)),
      );
      const byCrl = judgeCrls(lists, certificate, issuer, window, at);
      const statements = [
        ...byOcsp.filter(isStatement),
        ...byCrl.statements.map(({ statement }) => statement),
      ];
      return Promise.resolve(
        decisiveStatement(statements) ?? unavailable([...codesOf(byOcsp), ...byCrl.refused]),
      );
    },
  };
}

/** Leaves revocation out of the verdict, and says so in it: every finding is `not-checked`. */
export function notCheckedRevocation(): RevocationSource {
  return { statusOf: () => Promise.resolve({ status: 'not-checked', source: 'none' }) };
}

function codesOf(findings: readonly RevocationFinding[]): readonly ReasonCode[] {
  return findings.flatMap((finding) => (finding.status === 'unavailable' ? [finding.code] : []));
}

/** That a file is about another certificate says least: with several signers most are. */
function unavailable(codes: readonly ReasonCode[]): RevocationFinding {
  const code = codes.find((candidate) => candidate !== 'OCSP_CERT_ID_MISMATCH') ?? codes[0];
  return { status: 'unavailable', source: 'none', code: code ?? 'REVOCATION_UNAVAILABLE' };
}
