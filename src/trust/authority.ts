import { verifySignatureValue } from '../eds/algorithms/signature.js';
import { type Certificate } from '../eds/certificate/certificate.js';
import { sameName } from '../eds/certificate/name.js';
import { type TrustProblem } from './error.js';

/** A CA certificate on its way into a trust set. */
export interface Authority {
  readonly name: string;
  readonly role: 'anchor' | 'intermediate';
  readonly certificate: Certificate;
}

/**
 * Checks certificates against each other before any of them is trusted: each is a CA allowed to sign certificates, each anchor
 * is signed by itself, each intermediate leads through the set to an anchor (RFC 5280 §6.1.3 and §6.1.4 applied to the set).
 *
 * @returns every problem found; none means that the set holds together
 */
export function checkAuthorities(authorities: readonly Authority[]): readonly TrustProblem[] {
  const problems: TrustProblem[] = [];
  const proven = new Set<Authority>();
  for (const authority of authorities) {
    const refusal =
      refusalAsCa(authority) ?? (authority.role === 'anchor' ? refusalAsAnchor(authority) : null);
    if (refusal !== null) problems.push(refusal);
    else if (authority.role === 'anchor') proven.add(authority);
  }
  const waiting = new Set(
    authorities.filter(
      (one) => one.role === 'intermediate' && !problems.some(({ entry }) => entry === one.name),
    ),
  );
  // Each round proves at least one more link of a chain of intermediates, or ends.
  for (let before = -1; before !== waiting.size;) {
    before = waiting.size;
    for (const authority of waiting) {
      if (![...proven].some((issuer) => isIssuedBy(authority.certificate, issuer.certificate))) continue;
      proven.add(authority);
      waiting.delete(authority);
    }
  }
  return [...problems, ...[...waiting].map((authority) => refusalAsIntermediate(authority, authorities))];
}

function refusalAsCa({ name, certificate }: Authority): TrustProblem | null {
  if (certificate.basicConstraints?.ca !== true) {
    return { code: 'NOT_A_CA', entry: name, message: 'the certificate is not a CA by its basicConstraints' };
  }
  if (certificate.keyUsage !== null && !certificate.keyUsage.has('keyCertSign')) {
    return { code: 'NOT_A_CA', entry: name, message: 'the key usage does not allow it to sign certificates' };
  }
  if (certificate.notBefore >= certificate.notAfter) {
    return { code: 'WINDOW_INVALID', entry: name, message: 'the certificate ends before it begins' };
  }
  return null;
}

function refusalAsAnchor({ name, certificate }: Authority): TrustProblem | null {
  if (!sameName(certificate.issuer, certificate.subject)) {
    return { code: 'NOT_SELF_SIGNED', entry: name, message: 'an anchor must be self-signed' };
  }
  if (!isSignedBy(certificate, certificate)) {
    return { code: 'SIGNATURE_INVALID', entry: name, message: 'the signature over the anchor is wrong' };
  }
  return null;
}

function refusalAsIntermediate({ name, certificate }: Authority, all: readonly Authority[]): TrustProblem {
  const namesakes = all.filter((one) => sameName(one.certificate.subject, certificate.issuer));
  return namesakes.length === 0
    ? { code: 'ISSUER_MISSING', entry: name, message: 'its issuer is not in the set' }
    : namesakes.some((one) => isSignedBy(certificate, one.certificate))
      ? { code: 'ISSUER_MISSING', entry: name, message: 'its issuer in the set does not lead to an anchor' }
      : {
          code: 'SIGNATURE_INVALID',
          entry: name,
          message: 'no certificate of the set with the name of its issuer signed it',
        };
}

function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  return sameName(certificate.issuer, issuer.subject) && isSignedBy(certificate, issuer);
}

function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  return verifySignatureValue(
    issuer.publicKey,
    certificate.signatureAlgorithm,
    certificate.tbs,
    certificate.signature,
  ).ok;
}
