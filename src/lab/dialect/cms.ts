import { attribute } from '../cms-attributes.js';
import { type CmsOptions, type CmsTimestamp } from '../cms.js';
import { integer, nullValue, oid, sequence, tlv } from '../der.js';
import { type HierarchyAlgorithm } from '../hierarchy.js';
import { type LabKey } from '../lab-key.js';
import { OID } from '../oid.js';

/** Who and what is at hand when a message is written. */
export interface CmsScene {
  /** Signs as well in messages of several signers; its algorithm is another. */
  readonly companion: LabKey;
  /** The issuing CA and the root of the signer. */
  readonly chain: readonly LabKey[];
  /** A revocation list, DER. */
  readonly crl: Uint8Array;
}

/** A way of writing a CMS message: NCALayer's, Kalkan's, those of other signers, and what RFC 5652 leaves open. */
export type CmsDialect = (scene: CmsScene) => CmsOptions;

const capabilities = attribute(OID.smimeCapabilities, sequence(sequence(oid(OID.sha256))));
/** A structure that is no certificate, where one is expected. */
const unreadable = sequence(sequence(integer(1), nullValue()), nullValue());
/** v2AttrCert of RFC 5652 §10.2.2, here with nothing in it. */
const attributeCertificate = tlv(0xa2, integer(1));

export const CMS_DIALECTS: Readonly<Record<string, CmsDialect>> = {
  ncalayer: () => ({}),
  'ncalayer-detached': () => ({ detached: true }),
  'nca-2026': () => ({ parameters: 'nca-2026' }),
  'parameters-absent': () => ({ parameters: 'absent' }),
  'java-kalkan': () => ({ signingCertificate: false }),
  'java-kalkan-detached': () => ({ signingCertificate: false, detached: true }),
  'without-signed-attributes': () => ({ signedAttributes: false }),
  'without-signed-attributes-detached': () => ({ signedAttributes: false, detached: true }),
  'attributes-unsorted': () => ({ attributeOrder: 'shuffled' }),
  'attributes-added': () => ({ extraAttributes: [capabilities] }),
  'signature-named-by-key': () => ({ signatureAlgorithm: 'key' }),
  'signature-named-by-signature': () => ({ signatureAlgorithm: 'signature' }),

  'signing-time-absent': () => ({ signingTime: null }),
  'signing-time-generalized': () => ({ signingTimeForm: 'generalized' }),
  'signing-time-without-seconds': () => ({ signingTimeForm: 'no-seconds' }),
  'signing-time-with-offset': () => ({ signingTimeForm: 'offset' }),
  'certificate-named-v1': () => ({ signingCertificate: 'v1' }),
  'certificate-named-with-issuer': () => ({ signingCertificate: 'issuer-serial' }),
  'certificate-named-sha512': () => ({ signingCertificate: 'sha512' }),

  // GOST keys have one scheme and sign the same as ever
  'rsa-sha1': () => ({ scheme: 'sha1' }),
  'rsa-sha512': () => ({ scheme: 'sha512' }),
  'rsa-pss': () => ({ scheme: 'pss' }),

  'signer-by-key-identifier': () => ({ signerIdentifier: 'key-identifier', version: 3 }),
  'signer-v3-by-issuer': () => ({ signerVersion: 3 }),
  'signer-v3-by-issuer-v3': () => ({ signerVersion: 3, version: 3 }),
  'digests-unnamed': () => ({ digestsUnnamed: true }),
  'indefinite-length': () => ({ indefiniteLength: true }),
  'indefinite-length-detached': () => ({ indefiniteLength: true, detached: true }),
  padded: () => ({ padding: 300 }),

  'two-signers': ({ companion }) => ({ alsoSignedBy: [companion] }),
  'chain-enclosed': ({ chain }) => ({ extraCertificates: chain }),
  'unreadable-certificate-enclosed': () => ({ otherCertificates: [unreadable] }),
  'attribute-certificate-enclosed': () => ({ otherCertificates: [attributeCertificate], version: 4 }),
  'crl-enclosed': ({ crl }) => ({ crls: [crl] }),
};

/** The same in every token, so that a token has the same length whenever it is written. */
const SERIAL_NUMBER = 0x1234_5678_9abc_def0n;

/** Ways of writing the time-stamp of a signature. A token's algorithm need not be the signature's. */
export const TIMESTAMP_DIALECTS: Readonly<Record<string, CmsTimestamp>> = {
  tsa: { serialNumber: SERIAL_NUMBER },
  'serial-negative': { serialNumber: -0x1234_5678_9abcn, nonce: integer(-5n) },
  'serial-of-twenty-octets': { serialNumber: -(2n ** 158n) - 12345n, nonce: integer(2n ** 63n) },
  'certificate-named-v2': { serialNumber: SERIAL_NUMBER, signingCertificate: 'v2' },
  'imprint-sha1': { serialNumber: SERIAL_NUMBER, imprint: 'sha1' },
  'imprint-sha256': { serialNumber: SERIAL_NUMBER, imprint: 'sha256' },
  fraction: { serialNumber: SERIAL_NUMBER, fraction: true },
  bare: { serialNumber: SERIAL_NUMBER, bare: true },
  'authority-named': { serialNumber: SERIAL_NUMBER, named: true },
  'parameters-absent': { serialNumber: SERIAL_NUMBER, parameters: 'absent' },
  ...byAuthority('gost2004-256'),
  ...byAuthority('gost2015-512'),
  ...byAuthority('rsa-2048'),
};

function byAuthority(algorithm: HierarchyAlgorithm): Readonly<Record<string, CmsTimestamp>> {
  return { [`by-${algorithm}`]: { serialNumber: SERIAL_NUMBER, algorithm } };
}
