import { createHash } from 'node:crypto';
import { concat, context, indefinite, integer, octetString, oid, sequence, setOf, time, tlv } from './der.js';
import { type Hierarchy, type HierarchyAlgorithm } from './hierarchy.js';
import { type LabKey } from './lab-key.js';
import { OID } from './oid.js';
import { type KeyAlgorithm, type RsaScheme } from './private-key.js';
import { encodeTimestampToken, type TimestampOptions } from './timestamp-token.js';

/**
 * How a CMS is made. Without options: attached, one signer, leaf certificate only, signed attributes contentType, signingTime,
 * signingCertificateV2 and messageDigest, as NCALayer does today.
 */
export interface CmsOptions {
  readonly detached?: boolean;
  /** Claimed time; default now, `null` leaves the attribute out. */
  readonly signingTime?: Date | null;
  /** `false`: without the ESS attribute. `'wrong'`: its hash is of another certificate. `'v1'`: ESSCertID with SHA-1. */
  readonly signingCertificate?: boolean | 'wrong' | 'v1';
  /** Without signed attributes the signature is over the content itself (Java Kalkan and NCANode do this). */
  readonly signedAttributes?: boolean;
  /** `shuffled`: the attributes are sent out of DER order; the signature is over the sorted ones, as it must be. */
  readonly attributeOrder?: 'der' | 'shuffled';
  /** Signed though it is of other content. */
  readonly messageDigestOf?: Uint8Array;
  /** Content put into the CMS instead of the signed one. */
  readonly encapsulated?: Uint8Array;
  /** The digest is given, not computed: `content` is already a digest (NCALayer's `digested`). Implies detached. */
  readonly digested?: boolean;
  /** `none`: the leaf is missing. `foreign`: somebody else's certificate is inside. */
  readonly certificates?: 'leaf' | 'none' | { readonly foreign: LabKey };
  /** Certificates besides the leaf. */
  readonly extraCertificates?: readonly LabKey[];
  /** Further signers over the same content; an empty list of signers is `noSigners`. */
  readonly alsoSignedBy?: readonly LabKey[];
  readonly noSigners?: boolean;
  /** RSA only; `sha1` is the forbidden one. */
  readonly scheme?: RsaScheme;
  /**
   * What signatureAlgorithm names: the signature, or the key. By default GOST-2004 names the key (the native Kalkan does) and everything else the
   * signature.
   */
  readonly signatureAlgorithm?: 'signature' | 'key';
  /** AlgorithmIdentifier values (DER) that lie about what was done. */
  readonly claimedDigestAlgorithm?: Uint8Array;
  readonly claimedSignatureAlgorithm?: Uint8Array;
  /** BER with indefinite lengths and the content in pieces, as streaming signers write it. */
  readonly indefiniteLength?: boolean;
  /** The signature value is spoiled in one bit. */
  readonly spoilSignature?: boolean;
  /** CAdES-T: adds a time-stamp over the signature value. */
  readonly timestamp?: CmsTimestamp;
  readonly eContentType?: string;
}

export interface CmsTimestamp extends TimestampOptions {
  /** Whose TSA stamps; НУЦ РК's stamps need not match the key of the signature. Default: the signer's. */
  readonly algorithm?: HierarchyAlgorithm;
  readonly at?: Date;
  /** Stamps these bytes instead of the signature value. */
  readonly over?: Uint8Array;
}

type HierarchyOf = (algorithm: KeyAlgorithm) => Hierarchy;

/** ContentInfo with SignedData version 1 (RFC 5652 §5). */
export function encodeCms(
  key: LabKey,
  content: Uint8Array,
  options: CmsOptions,
  now: Date,
  hierarchyOf: HierarchyOf,
): Uint8Array {
  const signers = options.noSigners ? [] : [key, ...(options.alsoSignedBy ?? [])];
  const digests = signers.map((signer) => algorithmsOf(signer, options).digest);
  const detached = options.detached === true || options.digested === true;
  const build = options.indefiniteLength ? indefinite : tlv;
  const eContent = build(
    0x30,
    oid(options.eContentType ?? OID.data),
    ...(detached ? [] : [build(0xa0, contentOctets(options.encapsulated ?? content, options))]),
  );
  const signedData = build(
    0x30,
    integer(1),
    setOf(...unique(digests)),
    eContent,
    ...certificatesOf(signers, options),
    setOf(...signers.map((signer) => signerInfo(signer, content, options, now, hierarchyOf))),
  );
  return build(0x30, oid(OID.signedData), build(0xa0, signedData));
}

function contentOctets(content: Uint8Array, { indefiniteLength }: CmsOptions): Uint8Array {
  if (!indefiniteLength) return octetString(content);
  const middle = Math.ceil(content.length / 2);
  return indefinite(0x24, octetString(content.slice(0, middle)), octetString(content.slice(middle)));
}

function certificatesOf(signers: readonly LabKey[], options: CmsOptions): Uint8Array[] {
  const { certificates = 'leaf', extraCertificates = [] } = options;
  const leaves = certificates === 'leaf' ? signers : certificates === 'none' ? [] : [certificates.foreign];
  const all = unique([...leaves, ...extraCertificates].map(({ certificate }) => certificate));
  return all.length === 0 ? [] : [context(0, ...all)];
}

function signerInfo(
  key: LabKey,
  content: Uint8Array,
  options: CmsOptions,
  now: Date,
  hierarchyOf: HierarchyOf,
): Uint8Array {
  const scheme = key.algorithm === 'rsa-2048' ? options.scheme : undefined;
  const algorithms = algorithmsOf(key, options);
  const digest = options.digested
    ? content
    : key.privateKey.digest(options.messageDigestOf ?? content, scheme);
  const attributes = signedAttributes(key, digest, options, now);
  const signature = attributes
    ? key.privateKey.sign(setOf(...attributes), scheme)
    : options.digested
      ? key.privateKey.signDigest(digest)
      : key.privateKey.sign(content, scheme);
  if (options.spoilSignature) signature[0] = (signature[0] ?? 0) ^ 1;
  return sequence(
    integer(1),
    sequence(key.facts.issuer, key.facts.encodedSerialNumber),
    algorithms.digest,
    ...(attributes ? [sentAttributes(attributes, options)] : []),
    algorithms.signature,
    octetString(signature),
    ...unsignedAttributes(key, signature, options, now, hierarchyOf),
  );
}

function signedAttributes(
  key: LabKey,
  digest: Uint8Array,
  options: CmsOptions,
  now: Date,
): Uint8Array[] | null {
  if (options.signedAttributes === false) return null;
  const { signingTime = now, signingCertificate = true } = options;
  return [
    attribute(OID.contentType, oid(options.eContentType ?? OID.data)),
    ...(signingTime ? [attribute(OID.signingTime, time(signingTime))] : []),
    ...(signingCertificate === false ? [] : [essAttribute(key, signingCertificate)]),
    attribute(OID.messageDigest, octetString(digest)),
  ];
}

/** RFC 5035 §3 (SHA-256 is the default and therefore not written) and RFC 2634 §5.4. */
function essAttribute(key: LabKey, form: true | 'wrong' | 'v1'): Uint8Array {
  const hash = createHash(form === 'v1' ? 'sha1' : 'sha256').update(key.certificate);
  if (form === 'wrong') hash.update('another');
  const value = sequence(sequence(sequence(octetString(new Uint8Array(hash.digest())))));
  return attribute(form === 'v1' ? OID.signingCertificate : OID.signingCertificateV2, value);
}

function sentAttributes(
  attributes: readonly Uint8Array[],
  { attributeOrder = 'der' }: CmsOptions,
): Uint8Array {
  const sorted = setOf(...attributes);
  if (attributeOrder === 'der') return concat([Uint8Array.of(0xa0), sorted.slice(1)]);
  return context(0, ...[...attributes].sort((one, other) => Buffer.compare(other, one)));
}

function unsignedAttributes(
  key: LabKey,
  signature: Uint8Array,
  { timestamp }: CmsOptions,
  now: Date,
  hierarchyOf: HierarchyOf,
): Uint8Array[] {
  if (!timestamp) return [];
  const { timestampAuthority } = hierarchyOf(timestamp.algorithm ?? key.algorithm);
  const token = encodeTimestampToken(
    timestampAuthority,
    timestamp.over ?? signature,
    timestamp.at ?? now,
    timestamp,
  );
  return [context(1, attribute(OID.timeStampToken, token))];
}

const attribute = (type: string, value: Uint8Array): Uint8Array => sequence(oid(type), setOf(value));

function algorithmsOf(key: LabKey, options: CmsOptions): { digest: Uint8Array; signature: Uint8Array } {
  const identifiers = key.privateKey.identifiers(options.scheme);
  const named = options.signatureAlgorithm ?? (key.algorithm === 'gost2004-256' ? 'key' : 'signature');
  return {
    digest: options.claimedDigestAlgorithm ?? identifiers.digest,
    signature: options.claimedSignatureAlgorithm ?? identifiers[named],
  };
}

function unique(values: readonly Uint8Array[]): Uint8Array[] {
  return values.filter((value, i) => values.findIndex((other) => Buffer.compare(value, other) === 0) === i);
}
