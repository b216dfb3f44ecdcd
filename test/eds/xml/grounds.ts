import { parseCertificate } from '../../../src/eds/certificate/certificate.js';
import { type DocumentPolicy } from '../../../src/eds/judgement/policy.js';
import { type RevocationSource } from '../../../src/eds/judgement/revocation.js';
import { createTrustSet, type TrustSet } from '../../../src/eds/trust-set.js';
import { type VerificationReport } from '../../../src/eds/judgement/verdict.js';
import { verifyXml } from '../../../src/eds/xml/verify.js';
import { type Laboratory } from '../../../src/lab/index.js';

export const NOW = new Date('2026-11-23T10:00:00Z');
export const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#';
export const BROKEN = 'TOTAL_FAILED FORMAT_FAILURE XML_MALFORMED';
export const MISMATCH = 'TOTAL_FAILED HASH_FAILURE SIGNATURE_CONTENT_MISMATCH';
export const NOT_SUPPORTED = 'INDETERMINATE SIG_CONSTRAINTS_FAILURE FORMAT_NOT_SUPPORTED';
export const TOO_LARGE = 'INDETERMINATE SIG_CONSTRAINTS_FAILURE FORMAT_TOO_LARGE';

const POLICY: DocumentPolicy = { name: 'document', revocation: 'not-checked', checksums: 'warn' };
const NOBODY: RevocationSource = { statusOf: () => Promise.reject(new Error('nobody is to be asked')) };

/** The laboratory's authorities, trusted with everything. */
export function trustIn(certificates: ReturnType<Laboratory['trustCertificates']>): TrustSet {
  return createTrustSet(
    'lab',
    certificates.map(({ role, der }) => ({
      certificate: parseCertificate(der),
      role,
      purposes: ['login', 'document', 'timestamp', 'ocsp'],
      window: { from: null, until: null },
    })),
  );
}

/** What the verifier says about a document, revocation not asked. */
export function judge(trust: TrustSet, xml: string | Uint8Array, at = NOW): Promise<VerificationReport> {
  const bytes = typeof xml === 'string' ? new TextEncoder().encode(xml) : xml;
  return verifyXml(bytes, trust, NOBODY, POLICY, at);
}

/** Indication, sub-indication and code of a report or of one signature in a line. */
export function lineOf({
  indication,
  subIndication,
  code,
}: Pick<VerificationReport, 'indication' | 'subIndication' | 'code'>): string {
  return [indication, subIndication, code].filter((part) => part !== null).join(' ');
}
