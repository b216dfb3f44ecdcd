import { createHash } from 'node:crypto';
import { verifySignatureValue } from '../algorithms/signature.js';
import { sameOctets } from '../asn1/values.js';
import { type Certificate, parseCertificate } from '../certificate/certificate.js';
import { sameName } from '../certificate/name.js';
import { EdsError } from '../error.js';
import { EXTENSION, USAGE } from '../oid.js';
import { type PathMemo } from '../path/memo.js';
import { type ResponderId, type UnverifiedBasicResponse } from './response.js';

/** Extensions of a responder certificate that are understood, critical or not. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION.subjectKeyIdentifier,
  EXTENSION.authorityKeyIdentifier,
  EXTENSION.keyUsage,
  EXTENSION.extendedKeyUsage,
  EXTENSION.basicConstraints,
  EXTENSION.certificatePolicies,
  EXTENSION.ocspNoCheck,
]);

/** On whose authority a response was signed, or why on nobody's. */
type ResponderCheck =
  | { readonly ok: true; readonly authority: Certificate }
  | { readonly ok: false; readonly code: 'OCSP_RESPONDER_UNAUTHORISED' | 'OCSP_SIGNATURE_INVALID' };

/**
 * Checks who signed a response and that it did (RFC 6960 §3.2 items 3 and 4, §4.2.2.2): the issuer of the certificate in
 * question or a CA designated for OCSP, with its own key, or a responder to whom that same key delegated by a certificate
 * with OCSPSigning.
 *
 * Authority is established before the response's signature is computed: a stranger's key costs nothing.
 *
 * @param proved responder certificates whose issuer's signature was checked before, so that it is computed once and not at every
 *   sign-in; holds only what was proved
 * @param designated CAs that may answer about certificates of any issuer, already found to hold at `at`
 */
export function checkResponder(
  response: UnverifiedBasicResponse,
  issuer: Certificate,
  at: Date,
  proved: PathMemo,
  designated: readonly Certificate[] = [],
): ResponderCheck {
  const named = response.certificates.flatMap((der) => {
    const certificate = readEnclosed(der);
    return certificate !== null && names(response.responderId, certificate) ? [certificate] : [];
  });
  const signers = [issuer, ...designated].flatMap((authority) => {
    const delegates = named.filter(
      (certificate) => mayRespond(certificate, authority, at) && isIssuedBy(certificate, authority, proved),
    );
    const own = names(response.responderId, authority) ? [authority] : [];
    return [...own, ...delegates].map(({ publicKey }) => ({ publicKey, authority }));
  });
  if (signers.length === 0) return { ok: false, code: 'OCSP_RESPONDER_UNAUTHORISED' };
  const signer = signers.find(
    ({ publicKey }) =>
      verifySignatureValue(publicKey, response.signatureAlgorithm, response.tbs, response.signature).ok,
  );
  return signer === undefined
    ? { ok: false, code: 'OCSP_SIGNATURE_INVALID' }
    : { ok: true, authority: signer.authority };
}

/** An enclosed certificate, `null` where it cannot be read: such a one vouches for nothing and stands in the way of nothing. */
function readEnclosed(der: Uint8Array): Certificate | null {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof EdsError) return null;
    throw error;
  }
}

function names(id: ResponderId, certificate: Certificate): boolean {
  return id.by === 'name'
    ? sameOctets(id.der, certificate.subject.der)
    : sameOctets(id.sha1, new Uint8Array(createHash('sha1').update(certificate.publicKey.keyBits).digest()));
}

/**
 * What RFC 6960 §4.2.2.2 asks of a delegated responder. Its own revocation cannot be asked of itself: without
 * id-pkix-ocsp-nocheck there is no proof that it still holds, so such a responder is refused.
 */
function mayRespond(certificate: Certificate, issuer: Certificate, at: Date): boolean {
  return (
    sameName(certificate.issuer, issuer.subject) &&
    certificate.notBefore <= at &&
    at <= certificate.notAfter &&
    certificate.extendedKeyUsage?.includes(USAGE.ocspSigning) === true &&
    certificate.extensions.some(({ oid }) => oid === EXTENSION.ocspNoCheck) &&
    // НУЦ РК's older responders have no keyUsage at all.
    certificate.keyUsage?.has('digitalSignature') !== false &&
    certificate.extensions.every(({ oid, critical }) => !critical || UNDERSTOOD.has(oid))
  );
}

function isIssuedBy(certificate: Certificate, issuer: Certificate, proved: PathMemo): boolean {
  if (proved.has(certificate, issuer)) return true;
  const { signatureAlgorithm, tbs, signature } = certificate;
  if (!verifySignatureValue(issuer.publicKey, signatureAlgorithm, tbs, signature).ok) return false;
  proved.add(certificate, issuer);
  return true;
}
