import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Certificate, EdsError, parseCertificate, verifyEvidence } from '../../src/eds/index.js';
import { CERTIFICATE_DIALECTS } from '../../src/lab/index.js';
import { NOBODY_TO_ASK, OFFLINE_DOCUMENT } from '../eds/support.js';
import { type Reading } from './bouncy-castle.js';
import { createComparison, type Explained, type OurReading } from './difference.js';
import { mutationsIn, mutationsOf } from './mutations.js';
import { ALGORITHMS, AT, decimal, hex, NOW, openScene, oraclesPresent, type Scene, sha256 } from './scene.js';

/** What we mean to see otherwise than BouncyCastle, which only asks for signatures and times. */
const EXPLAINED: readonly Explained[] = [];

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

let scene: Scene;

/** A certificate as we read and judge it, in the oracle's terms. */
async function ours(der: Uint8Array): Promise<OurReading> {
  const evidence = { input: der };
  let verdict: { readonly indication: string; readonly code: string | null };
  try {
    verdict = await verifyEvidence(evidence, scene.trust, NOBODY_TO_ASK, OFFLINE_DOCUMENT, NOW, scene.memo);
  } catch (error) {
    if (!(error instanceof EdsError)) throw error;
    return { reading: { readable: 'false' }, code: error.code };
  }
  const valid = String(verdict.indication === 'TOTAL_PASSED');
  try {
    return { reading: { readable: 'true', valid, ...fieldsOf(parseCertificate(der)) }, code: verdict.code };
  } catch (error) {
    if (!(error instanceof EdsError)) throw error;
    return { reading: { readable: 'false', valid }, code: error.code };
  }
}

function fieldsOf(certificate: Certificate): Reading {
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

(oraclesPresent() ? describe : describe.skip)('certificates, beside BouncyCastle and OpenSSL', () => {
  beforeAll(async () => {
    scene = await openScene();
  });
  afterAll(() => {
    scene.close();
  });

  it('every dialect under every kind of key, whole and with an octet changed', async () => {
    const comparison = createComparison(EXPLAINED);
    const compare = async (name: string, der: Uint8Array): Promise<Reading> => {
      const [our, their] = await Promise.all([ours(der), scene.oracle.ask('certificate', der, { at: AT })]);
      comparison.compare(name, our, their);
      return their;
    };
    for (const algorithm of ALGORITHMS) {
      for (const [dialect, request] of Object.entries(CERTIFICATE_DIALECTS)) {
        const { certificate, facts } = await scene.issue(algorithm, request);
        const name = `${dialect} of ${algorithm}`;
        const theirs = await compare(name, certificate);
        comparison.compare(`${name}, by OpenSSL`, await ours(certificate), {
          readable: 'unknown',
          valid: String(
            algorithm === 'rsa-2048' ? scene.openssl.certificate(certificate) : scene.openssl.engine(theirs),
          ),
        });
        const parts = { subject: facts.subject, key: facts.publicKeyInfo, serial: facts.encodedSerialNumber };
        const changed = [...mutationsIn(certificate, parts), ...mutationsOf(certificate, 16)];
        await Promise.all(changed.map(({ place, octets }) => compare(`${name}, ${place}`, octets)));
      }
      const { root, issuing, ocspResponder, timestampAuthority } = scene.lab.hierarchy(algorithm);
      for (const key of [root, issuing]) await compare(`authority of ${algorithm}`, key.certificate);
      for (const key of [ocspResponder, timestampAuthority]) {
        await compare(`service of ${algorithm}`, key.certificate);
      }
    }
    expect(comparison.compared).toBeGreaterThan(4000);
    comparison.conclude();
  }, 120_000);
});
