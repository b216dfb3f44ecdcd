import { keyIdentifier } from './certificate.js';
import { attribute, type AttributeOptions, signedAttributes } from './cms-attributes.js';
import {
  concat,
  context,
  contextPrimitive,
  indefinite,
  integer,
  octetString,
  oid,
  sequence,
  setOf,
  tlv,
  withoutParameters,
} from './der.js';
import { type Hierarchy, type HierarchyAlgorithm } from './hierarchy.js';
import { type LabKey } from './lab-key.js';
import { OID } from './oid.js';
import { type KeyAlgorithm, type RsaScheme } from './private-key.js';
import { encodeTimestampToken, type TimestampOptions } from './timestamp-token.js';

/**
 * How a CMS is made. Without options: attached, one signer, leaf certificate only, signed attributes contentType, signingTime,
 * signingCertificateV2 and messageDigest, as NCALayer does today.
 */
export interface CmsOptions extends AttributeOptions {
  readonly detached?: boolean;
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
  /** Anything else that is put among the certificates, encoded: what cannot be read, attribute certificates. */
  readonly otherCertificates?: readonly Uint8Array[];
  /** Revocation lists enclosed, encoded. */
  readonly crls?: readonly Uint8Array[];
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
  /** NULL left out everywhere (`absent`), or of the signer alone while the list of digests has it (`nca-2026`). */
  readonly parameters?: 'null' | 'absent' | 'nca-2026';
  /** The list of digests in front of the content names none. */
  readonly digestsUnnamed?: boolean;
  /** How a signer names the certificate. RFC 5652 §5.3: version 1 with issuer and serial number, 3 with the key identifier. */
  readonly signerIdentifier?: 'issuer-serial' | 'key-identifier';
  readonly signerVersion?: 1 | 3;
  readonly version?: 1 | 3 | 4 | 5;
  /** Zero octets after the message, as a PDF's Contents has. */
  readonly padding?: number;
  /** BER with indefinite lengths and the content in pieces, as streaming signers write it. */
  readonly indefiniteLength?: boolean;
  /** The signature value is spoiled in one bit. */
  readonly spoilSignature?: boolean;
  /** CAdES-T: adds a time-stamp over the signature value. */
  readonly timestamp?: CmsTimestamp;
}

export interface CmsTimestamp extends TimestampOptions {
  /** Whose TSA stamps; НУЦ РК's stamps need not match the key of the signature. Default: the signer's. */
  readonly algorithm?: HierarchyAlgorithm;
  readonly at?: Date;
  /** Stamps these bytes instead of the signature value. */
  readonly over?: Uint8Array;
}

type HierarchyOf = (algorithm: KeyAlgorithm) => Hierarchy;

/** ContentInfo with SignedData (RFC 5652 §5). */
export function encodeCms(
  key: LabKey,
  content: Uint8Array,
  options: CmsOptions,
  now: Date,
  hierarchyOf: HierarchyOf,
): Uint8Array {
  const signers = options.noSigners ? [] : [key, ...(options.alsoSignedBy ?? [])];
  const digests = signers.map((signer) => listedDigest(signer, options));
  const detached = options.detached === true || options.digested === true;
  const build = options.indefiniteLength ? indefinite : tlv;
  const eContent = build(
    0x30,
    oid(options.eContentType ?? OID.data),
    ...(detached ? [] : [build(0xa0, contentOctets(options.encapsulated ?? content, options))]),
  );
  const signedData = build(
    0x30,
    integer(options.version ?? 1),
    setOf(...(options.digestsUnnamed ? [] : unique(digests))),
    eContent,
    ...certificatesOf(signers, options),
    ...(options.crls ? [context(1, ...options.crls)] : []),
    setOf(...signers.map((signer) => signerInfo(signer, content, options, now, hierarchyOf))),
  );
  return concat([
    build(0x30, oid(OID.signedData), build(0xa0, signedData)),
    new Uint8Array(options.padding ?? 0),
  ]);
}

function contentOctets(content: Uint8Array, { indefiniteLength }: CmsOptions): Uint8Array {
  if (!indefiniteLength) return octetString(content);
  const middle = Math.ceil(content.length / 2);
  return indefinite(0x24, octetString(content.slice(0, middle)), octetString(content.slice(middle)));
}

function certificatesOf(signers: readonly LabKey[], options: CmsOptions): Uint8Array[] {
  const { certificates = 'leaf', extraCertificates = [], otherCertificates = [] } = options;
  const leaves = certificates === 'leaf' ? signers : certificates === 'none' ? [] : [certificates.foreign];
  const all = unique([
    ...[...leaves, ...extraCertificates].map(({ certificate }) => certificate),
    ...otherCertificates,
  ]);
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
    integer(options.signerVersion ?? (options.signerIdentifier === 'key-identifier' ? 3 : 1)),
    options.signerIdentifier === 'key-identifier'
      ? contextPrimitive(0, keyIdentifier(key.privateKey))
      : sequence(key.facts.issuer, key.facts.encodedSerialNumber),
    algorithms.digest,
    ...(attributes ? [sentAttributes(attributes, options)] : []),
    algorithms.signature,
    octetString(signature),
    ...unsignedAttributes(key, signature, options, now, hierarchyOf),
  );
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

function algorithmsOf(key: LabKey, options: CmsOptions): { digest: Uint8Array; signature: Uint8Array } {
  const identifiers = key.privateKey.identifiers(options.scheme);
  const named = options.signatureAlgorithm ?? (key.algorithm === 'gost2004-256' ? 'key' : 'signature');
  const written =
    options.parameters === undefined || options.parameters === 'null' ? same : withoutParameters;
  return {
    digest: options.claimedDigestAlgorithm ?? written(identifiers.digest),
    signature: options.claimedSignatureAlgorithm ?? written(identifiers[named]),
  };
}

function listedDigest(key: LabKey, options: CmsOptions): Uint8Array {
  if (options.parameters !== 'nca-2026') return algorithmsOf(key, options).digest;
  return key.privateKey.identifiers(options.scheme).digest;
}

const same = (identifier: Uint8Array): Uint8Array => identifier;

function unique(values: readonly Uint8Array[]): Uint8Array[] {
  return values.filter((value, i) => values.findIndex((other) => Buffer.compare(value, other) === 0) === i);
}
