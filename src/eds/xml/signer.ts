import { chooseScheme, type SignatureScheme } from '../algorithms/scheme.js';
import { readRsaKey } from '../algorithms/rsa.js';
import { sameOctets } from '../asn1/values.js';
import { type Certificate } from '../certificate/certificate.js';
import { sameName } from '../certificate/name.js';
import { type ReasonCode } from '../error.js';
import { type Grounds } from '../judgement/judgement.js';
import { buildCertificationPath } from '../path/path.js';
import { type KeyInfo } from './key-info.js';
import { type XmlAlgorithms } from './reading.js';

/** The certificate a signature is judged with. */
interface Signer {
  readonly certificate: Certificate;
  readonly scheme: SignatureScheme;
  /** Computed once, whoever asks first. */
  readonly verifySignature: () => boolean;
}

type SignerChoice =
  | { readonly ok: true; readonly signer: Signer }
  | { readonly ok: false; readonly code: ReasonCode; readonly certificate: Certificate | null };

/** What is to be verified with the key that is looked for. */
interface Signed {
  readonly signedInfo: Uint8Array;
  readonly value: Uint8Array;
  readonly algorithms: XmlAlgorithms;
}

/**
 * Chooses among the certificates a signature encloses the one whose key verifies it, in whatever order they stand. Nothing is
 * computed where there is one only; where there are several, only with keys that have links to a trusted anchor.
 *
 * @param at the time of validation
 */
export function chooseSigner(keyInfo: KeyInfo, signed: Signed, grounds: Grounds, at: Date): SignerChoice {
  const [unreadable] = keyInfo.unreadable;
  if (keyInfo.certificates.length === 0) {
    if (unreadable !== undefined) throw unreadable;
    return { ok: false, code: 'SIGNATURE_CERTIFICATE_MISSING', certificate: null };
  }
  const ranked = rank(keyInfo);
  const named = ranked.filter((certificate) => fitsKeyValues(certificate, keyInfo));
  if (named.length === 0) {
    return { ok: false, code: 'SIGNATURE_CERTIFICATE_MISMATCH', certificate: ranked[0] ?? null };
  }
  const signers: Signer[] = [];
  let refusal: Extract<SignerChoice, { ok: false }> | null = null;
  for (const certificate of named) {
    const choice = chooseScheme(certificate.publicKey, signed.algorithms.signature, signed.algorithms.digest);
    if (choice.ok) signers.push(signerOf(certificate, choice.scheme, signed));
    else refusal ??= { ok: false, code: choice.code, certificate };
  }
  const [first, ...others] = signers;
  if (first === undefined) {
    return refusal ?? { ok: false, code: 'SIGNATURE_CERTIFICATE_MISSING', certificate: null };
  }
  if (others.length === 0) return { ok: true, signer: first };
  const linked = signers.filter(({ certificate }) => hasLinks(certificate, grounds, at));
  const signer = linked.find(({ verifySignature }) => verifySignature()) ?? linked[0] ?? first;
  return { ok: true, signer };
}

/** Those the signature names first, those that issued another of them last. */
function rank({ certificates, serials }: KeyInfo): readonly Certificate[] {
  const weight = (certificate: Certificate): number => {
    const issuer = certificates.some(
      (other) => other !== certificate && sameName(other.issuer, certificate.subject),
    );
    const named = serials.has(decimal(certificate.serialNumber));
    return (issuer ? 2 : 0) + (named ? 0 : 1);
  };
  return [...certificates].sort((one, other) => weight(one) - weight(other));
}

/** The serial number as X509IssuerSerial writes it. */
function decimal(hex: string): string {
  return hex.startsWith('-') ? `-${decimal(hex.slice(1))}` : BigInt(`0x${hex}`).toString();
}

function fitsKeyValues({ publicKey }: Certificate, { rsaKeys }: KeyInfo): boolean {
  if (rsaKeys.length === 0) return true;
  const { n = '', e = '' } = readRsaKey(publicKey)?.key.export({ format: 'jwk' }) ?? {};
  return rsaKeys.every(({ modulus, exponent }) => sameNumber(modulus, n) && sameNumber(exponent, e));
}

function sameNumber(octets: Uint8Array, base64url: string): boolean {
  const start = octets.findIndex((octet) => octet !== 0);
  return (
    base64url !== '' && sameOctets(octets.subarray(Math.max(start, 0)), Buffer.from(base64url, 'base64url'))
  );
}

function hasLinks(certificate: Certificate, { trust, memo }: Grounds, at: Date): boolean {
  return buildCertificationPath(certificate, trust, 'document', at, memo).path.length > 0;
}

function signerOf(certificate: Certificate, scheme: SignatureScheme, { signedInfo, value }: Signed): Signer {
  let verified: boolean | null = null;
  return {
    certificate,
    scheme,
    verifySignature: () => (verified ??= scheme.verify(signedInfo, value)),
  };
}
