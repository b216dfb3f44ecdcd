import { createHash } from 'node:crypto';
import {
  algorithmIdentifier,
  context,
  generalizedTime,
  octetString,
  oid,
  readTlv,
  sequence,
  setOf,
  time,
  tlv,
} from './der.js';
import { type LabKey } from './lab-key.js';
import { OID } from './oid.js';

/** What the signed attributes are made of. */
export interface AttributeOptions {
  /** Claimed time; default now, `null` leaves the attribute out. */
  readonly signingTime?: Date | null;
  /** The form of signingTime; `no-seconds` and `offset` are BER that DER forbids. Default: as RFC 5652 §11.3 wants it. */
  readonly signingTimeForm?: 'generalized' | 'no-seconds' | 'offset';
  /**
   * `false`: without the ESS attribute. `'wrong'`: its hash is of another certificate. `'v1'`: ESSCertID with SHA-1.
   * `'issuer-serial'`: of version 2 with IssuerSerial. `'sha512'`: with a hash algorithm that is named.
   */
  readonly signingCertificate?: boolean | 'wrong' | 'v1' | 'issuer-serial' | 'sha512';
  /** Further signed attributes, encoded. */
  readonly extraAttributes?: readonly Uint8Array[];
  /** Without signed attributes the signature is over the content itself (Java Kalkan and NCANode do this). */
  readonly signedAttributes?: boolean;
  readonly eContentType?: string;
}

/** An Attribute of RFC 5652 §5.3 with one value. */
export const attribute = (type: string, value: Uint8Array): Uint8Array => sequence(oid(type), setOf(value));

/** The attributes an option set asks for; `null` for a signature over the content itself. */
export function signedAttributes(
  key: LabKey,
  digest: Uint8Array,
  options: AttributeOptions,
  now: Date,
): Uint8Array[] | null {
  if (options.signedAttributes === false) return null;
  const { signingTime = now, signingCertificate = true } = options;
  return [
    attribute(OID.contentType, oid(options.eContentType ?? OID.data)),
    ...(signingTime ? [attribute(OID.signingTime, claimedTime(signingTime, options.signingTimeForm))] : []),
    ...(signingCertificate === false ? [] : [essAttribute(key, signingCertificate)]),
    attribute(OID.messageDigest, octetString(digest)),
    ...(options.extraAttributes ?? []),
  ];
}

function claimedTime(at: Date, form: AttributeOptions['signingTimeForm']): Uint8Array {
  if (form === 'generalized') return generalizedTime(at);
  const stamp = Buffer.from(readTlv(time(at)).content).toString('latin1');
  if (form === 'no-seconds') return tlv(0x17, Buffer.from(`${stamp.slice(0, 10)}Z`, 'latin1'));
  // the same moment under the clock of Kazakhstan
  const local = new Date(at.getTime() + 5 * 3_600_000).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return form === 'offset' ? tlv(0x17, Buffer.from(`${local}+0500`, 'latin1')) : time(at);
}

/** RFC 5035 §3 (SHA-256 is the default and therefore not written) and RFC 2634 §5.4. */
function essAttribute(
  key: LabKey,
  form: Exclude<AttributeOptions['signingCertificate'], false | undefined>,
): Uint8Array {
  const name = form === 'v1' ? 'sha1' : form === 'sha512' ? 'sha512' : 'sha256';
  const hash = createHash(name).update(key.certificate);
  if (form === 'wrong') hash.update('another');
  const issuerSerial = sequence(sequence(context(4, key.facts.issuer)), key.facts.encodedSerialNumber);
  const id = sequence(
    ...(form === 'sha512' ? [algorithmIdentifier(OID.sha512)] : []),
    octetString(new Uint8Array(hash.digest())),
    ...(form === 'issuer-serial' ? [issuerSerial] : []),
  );
  return attribute(form === 'v1' ? OID.signingCertificate : OID.signingCertificateV2, sequence(sequence(id)));
}
