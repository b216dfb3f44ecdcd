import { type Certificate } from '../../src/eds/index.js';
import { type Reading } from './bouncy-castle.js';
import { decimal, hex, sha256 } from './scene.js';

const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

/** What we read in a certificate, in the oracle's terms. */
export function certificateFields(certificate: Certificate): Reading {
  const { keyUsage, extendedKeyUsage, basicConstraints, subjectKeyId, authorityKeyId } = certificate;
  return {
    serial: decimal(certificate.serialNumber),
    issuer: sha256(certificate.issuer.der),
    subject: sha256(certificate.subject.der),
    notBefore: String(certificate.notBefore.getTime()),
    notAfter: String(certificate.notAfter.getTime()),
    signatureOid: certificate.signatureAlgorithm.oid,
    keyOid: certificate.publicKey.algorithm.oid,
    key: hex(certificate.publicKey.keyBits),
    extensions: certificate.extensions
      .map(({ oid, critical, value }) => `${oid}:${critical}:${hex(value)}`)
      .join(','),
    keyUsage:
      keyUsage === null
        ? '-'
        : KEY_USAGES.flatMap((name, bit) => ([...keyUsage].includes(name as never) ? [bit] : [])).join(','),
    purposes: extendedKeyUsage?.join(',') ?? '-',
    ca: basicConstraints === null ? '-' : `${basicConstraints.ca}:${basicConstraints.pathLength}`,
    subjectKeyId: subjectKeyId === null ? '-' : hex(subjectKeyId),
    authorityKeyId: authorityKeyId === null ? '-' : hex(authorityKeyId),
  };
}
