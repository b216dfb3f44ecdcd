import { createHash, createSign } from 'node:crypto';
import { readDer } from '../../../src/eds/asn1/reader.js';
import {
  boolean,
  element,
  explicit,
  nullValue,
  octetString,
  oid,
  sequence,
} from '../../../src/eds/asn1/writer.js';
import { type Certificate } from '../../../src/eds/certificate/certificate.js';
import { certIdOf, encodeCertId } from '../../../src/eds/ocsp/cert-id.js';

/** Everything about one answer that a test may want to get wrong. Defaults make it right. */
export interface Forgery {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly signer: { readonly certificate: Certificate; readonly privateKeyPem: string };
  readonly at: Date;
  readonly nonce: Uint8Array | null;
  readonly status?: 'good' | 'unknown' | { readonly revokedAt: Date; readonly reason?: number };
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date;
  readonly producedAt?: Date;
  readonly certIdHash?: 'sha256' | 'sha1';
  readonly byKey?: boolean;
  /** Whose name or key stands in responderID; default the signer. */
  readonly responder?: Certificate;
  readonly certificates?: readonly Uint8Array[];
  readonly responseExtensions?: readonly Uint8Array[];
  readonly singleExtensions?: readonly Uint8Array[];
  /** More SingleResponses after the first. */
  readonly more?: readonly Uint8Array[];
  readonly digest?: 'sha256' | 'sha1';
  readonly type?: string;
  /** Algorithm identifiers, of the CertID and of the signature, without parameters instead of NULL. */
  readonly withoutParameters?: boolean;
}

const time = (date: Date): Uint8Array =>
  element(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d{3}/g, '')));

export const extension = (id: string, value: Uint8Array, critical = false): Uint8Array =>
  critical ? sequence(oid(id), boolean(true), octetString(value)) : sequence(oid(id), octetString(value));

export const extendedRevoke = (): Uint8Array => extension('1.3.6.1.5.5.7.48.1.9', nullValue());

/** An OCSPResponse that is not successful. */
export const failure = (status: number): Uint8Array => sequence(element(0x0a, Uint8Array.of(status)));

export function singleResponse(forgery: Forgery): Uint8Array {
  const { certificate, issuer, certIdHash = 'sha256', status = 'good', at, thisUpdate = at } = forgery;
  return sequence(
    forgery.withoutParameters === true
      ? withoutNull(encodeCertId(certIdOf(certificate, issuer, certIdHash)))
      : encodeCertId(certIdOf(certificate, issuer, certIdHash)),
    certStatus(status),
    time(thisUpdate),
    ...(forgery.nextUpdate === undefined ? [] : [explicit(0, time(forgery.nextUpdate))]),
    ...(forgery.singleExtensions === undefined ? [] : [explicit(1, sequence(...forgery.singleExtensions))]),
  );
}

/** A CertID whose digest goes without its NULL. */
function withoutNull(certId: Uint8Array): Uint8Array {
  const [algorithm, ...rest] = readDer(certId).children();
  const [id] = algorithm?.children() ?? [];
  return sequence(sequence(...(id === undefined ? [] : [id.bytes])), ...rest.map(({ bytes }) => bytes));
}

function certStatus(status: NonNullable<Forgery['status']>): Uint8Array {
  if (status === 'good') return element(0x80);
  if (status === 'unknown') return element(0x82);
  const reason =
    status.reason === undefined ? [] : [explicit(0, element(0x0a, Uint8Array.of(status.reason)))];
  return element(0xa1, time(status.revokedAt), ...reason);
}

/** Signs an OCSP response with RSA. */
export function forgeResponse(forgery: Forgery): Uint8Array {
  const { signer, at, nonce, producedAt = at, responder = signer.certificate, digest = 'sha256' } = forgery;
  const nonceExtension = nonce === null ? [] : [extension('1.3.6.1.5.5.7.48.1.2', octetString(nonce))];
  const extensions = [...nonceExtension, ...(forgery.responseExtensions ?? [])];
  const tbs = sequence(
    forgery.byKey === true
      ? explicit(2, octetString(createHash('sha1').update(responder.publicKey.keyBits).digest()))
      : explicit(1, responder.subject.der),
    time(producedAt),
    sequence(singleResponse(forgery), ...(forgery.more ?? [])),
    ...(extensions.length === 0 ? [] : [explicit(1, sequence(...extensions))]),
  );
  const certificates = forgery.certificates ?? [signer.certificate.der];
  const signatureOid = digest === 'sha256' ? '1.2.840.113549.1.1.11' : '1.2.840.113549.1.1.5';
  const basic = sequence(
    tbs,
    forgery.withoutParameters === true
      ? sequence(oid(signatureOid))
      : sequence(oid(signatureOid), nullValue()),
    element(0x03, Uint8Array.of(0), createSign(digest).update(tbs).sign(signer.privateKeyPem)),
    ...(certificates.length === 0 ? [] : [explicit(0, sequence(...certificates))]),
  );
  return sequence(
    element(0x0a, Uint8Array.of(0)),
    explicit(0, sequence(oid(forgery.type ?? '1.3.6.1.5.5.7.48.1.1'), octetString(basic))),
  );
}
