import { createHash } from 'node:crypto';
import * as pkijs from 'pkijs';
import {
  bitString,
  context,
  contextPrimitive,
  enumerated,
  extension,
  generalizedTime,
  integer,
  nullValue,
  octetString,
  oid,
  readTlv,
  sequence,
  toHex,
  withFalseWritten,
  withoutParameters,
} from './der.js';
import { type LabKey } from './lab-key.js';
import { type Revocation, type RevocationReason } from './laboratory.js';
import { OID } from './oid.js';

/** CertID of RFC 6960 §4.1.1 in parts, and as it came. */
export interface CertId {
  readonly der: Uint8Array;
  readonly hash: string;
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  /** Lower-case hex without leading zero octets. */
  readonly serialNumber: string;
}

export interface OcspRequest {
  readonly certIds: readonly CertId[];
  /** Value of the nonce extension as it came, properly wrapped or not. */
  readonly nonce: Uint8Array | null;
}

/** Reads a request; throws when it is none. */
export function readOcspRequest(der: Uint8Array): OcspRequest {
  const { tbsRequest } = pkijs.OCSPRequest.fromBER(der);
  const nonce = tbsRequest.requestExtensions?.find(({ extnID }) => extnID === OID.ocspNonce);
  return {
    certIds: tbsRequest.requestList.map(({ reqCert }) => ({
      der: new Uint8Array(reqCert.toSchema().toBER()),
      hash: reqCert.hashAlgorithm.algorithmId,
      issuerNameHash: toHex(new Uint8Array(reqCert.issuerNameHash.getValue())),
      issuerKeyHash: toHex(new Uint8Array(reqCert.issuerKeyHash.getValue())),
      serialNumber: toHex(reqCert.serialNumber.valueBlock.valueHexView).replace(/^00/, ''),
    })),
    nonce: nonce ? new Uint8Array(nonce.extnValue.getValue()) : null,
  };
}

/** A CertID for a certificate, with the given digest. */
export function certIdOf(
  certificate: LabKey,
  issuer: LabKey,
  hash: 'sha1' | 'sha256' = 'sha256',
  parameters: 'null' | 'absent' = 'null',
): Uint8Array {
  const digest = (data: Uint8Array): Uint8Array =>
    octetString(new Uint8Array(createHash(hash).update(data).digest()));
  return sequence(
    sequence(oid(OID[hash]), ...(parameters === 'null' ? [nullValue()] : [])),
    digest(issuer.facts.subject),
    digest(issuer.facts.publicKeyBits),
    certificate.facts.encodedSerialNumber,
  );
}

/** Whether a CertID names this issuer by both hashes. */
export function namesIssuer(certId: CertId, issuer: Pick<LabKey, 'facts'>): boolean {
  const name = HASHES[certId.hash];
  if (name === undefined) return false;
  const hex = (data: Uint8Array): string => createHash(name).update(data).digest('hex');
  return (
    hex(issuer.facts.subject) === certId.issuerNameHash &&
    hex(issuer.facts.publicKeyBits) === certId.issuerKeyHash
  );
}

const HASHES: Readonly<Record<string, string>> = {
  [OID.sha1]: 'sha1',
  [OID.sha256]: 'sha256',
  [OID.sha384]: 'sha384',
  [OID.sha512]: 'sha512',
};

/** OCSPResponseStatus values that carry no answer. */
export type OcspRefusal = 'malformed-request' | 'internal-error' | 'try-later' | 'unauthorized';

const REFUSALS: Readonly<Record<OcspRefusal, number>> = {
  'malformed-request': 1,
  'internal-error': 2,
  'try-later': 3,
  unauthorized: 6,
};

export const encodeOcspRefusal = (refusal: OcspRefusal): Uint8Array =>
  sequence(enumerated(REFUSALS[refusal]));

/** `never-issued` is what НУЦ РК says about certificates it does not know: revoked in 1970, RFC 6960 §4.4.8. */
export type OcspStatus = 'good' | 'unknown' | 'never-issued' | Revocation;

export interface OcspAnswer {
  readonly certIds: readonly Uint8Array[];
  readonly status: OcspStatus;
  readonly responder: LabKey;
  /** Default: as НУЦ РК, by name. */
  readonly responderId?: 'name' | 'key';
  /** Certificates sent along. Default: the responder's. */
  readonly certificates?: readonly LabKey[];
  readonly producedAt: Date;
  readonly thisUpdate?: Date;
  /** НУЦ РК sends none. */
  readonly nextUpdate?: Date;
  /** Value of the nonce extension; null leaves it out. */
  readonly nonce?: Uint8Array | null;
  /** NULL left out of the signature algorithm. */
  readonly parameters?: 'null' | 'absent';
  /** The version, which is the default and which DER therefore leaves out. */
  readonly versionWritten?: boolean;
  /** `critical FALSE` is written out. */
  readonly falseWritten?: boolean;
  /** A revocation without its reason. */
  readonly reasonless?: boolean;
  /** Further extensions of the answer about each certificate, encoded. */
  readonly singleExtensions?: readonly Uint8Array[];
  readonly spoilSignature?: boolean;
}

/** A successful OCSPResponse (RFC 6960 §4.2.1), DER. */
export function encodeOcspResponse(answer: OcspAnswer): Uint8Array {
  const { responder, producedAt, thisUpdate = producedAt, nextUpdate, status, nonce } = answer;
  const extensions = [
    ...(nonce ? [extension(OID.ocspNonce, nonce)] : []),
    ...(status === 'never-issued' ? [extension(OID.ocspExtendedRevoke, nullValue())] : []),
  ];
  const single = answer.singleExtensions ?? [];
  const written = (items: readonly Uint8Array[]): readonly Uint8Array[] =>
    answer.falseWritten ? items.map(withFalseWritten) : items;
  const data = sequence(
    ...(answer.versionWritten ? [context(0, integer(0))] : []),
    answer.responderId === 'key'
      ? context(
          2,
          octetString(new Uint8Array(createHash('sha1').update(responder.facts.publicKeyBits).digest())),
        )
      : context(1, responder.facts.subject),
    generalizedTime(producedAt),
    sequence(
      ...answer.certIds.map((certId) =>
        sequence(
          certId,
          encodeStatus(status, answer.reasonless),
          generalizedTime(thisUpdate),
          ...(nextUpdate ? [context(0, generalizedTime(nextUpdate))] : []),
          ...(single.length > 0 ? [context(1, sequence(...written(single)))] : []),
        ),
      ),
    ),
    ...(extensions.length > 0 ? [context(1, sequence(...written(extensions)))] : []),
  );
  const algorithm = responder.privateKey.identifiers().signature;
  const signature = responder.privateKey.sign(data);
  if (answer.spoilSignature) signature[0] = (signature[0] ?? 0) ^ 1;
  const certificates = (answer.certificates ?? [responder]).map(({ certificate }) => certificate);
  const basic = sequence(
    data,
    answer.parameters === 'absent' ? withoutParameters(algorithm) : algorithm,
    bitString(signature),
    ...(certificates.length > 0 ? [context(0, sequence(...certificates))] : []),
  );
  return sequence(enumerated(0), context(0, sequence(oid(OID.ocspBasic), octetString(basic))));
}

function encodeStatus(status: OcspStatus, reasonless = false): Uint8Array {
  if (status === 'good') return contextPrimitive(0, new Uint8Array());
  if (status === 'unknown') return contextPrimitive(2, new Uint8Array());
  const { at, reason }: Revocation =
    status === 'never-issued' ? { at: new Date(0), reason: 'certificateHold' } : status;
  return context(
    1,
    generalizedTime(at),
    ...(reasonless ? [] : [context(0, enumerated(REASON_CODES[reason]))]),
  );
}

/** CRLReason, RFC 5280 §5.3.1. */
export const REASON_CODES: Readonly<Record<RevocationReason, number>> = {
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
};

/** The nonce as RFC 8954 wants it echoed: an OCTET STRING inside the extension, also when the client forgot that. */
export function wrappedNonce(nonce: Uint8Array): Uint8Array {
  if (nonce[0] !== 0x04 || nonce[1] !== nonce.length - 2) return octetString(nonce);
  return octetString(readTlv(nonce).content);
}
