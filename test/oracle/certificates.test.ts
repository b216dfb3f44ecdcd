import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EdsError, parseCertificate, verifyEvidence } from '../../src/eds/index.js';
import { CERTIFICATE_DIALECTS } from '../../src/lab/index.js';
import { NOBODY_TO_ASK, OFFLINE_DOCUMENT } from '../eds/support.js';
import { type Reading } from './bouncy-castle.js';
import { certificateFields } from './certificate-fields.js';
import { createComparison, type Explained, type OurReading } from './difference.js';
import { mutationsIn, mutationsOf } from './mutations.js';
import { ALGORITHMS, AT, NOW, openScene, oraclesPresent, type Scene } from './scene.js';

/** What we mean to see otherwise than BouncyCastle, which only asks for signatures and times. */
const EXPLAINED: readonly Explained[] = [
  {
    artefact: /^(auth-2018|service) of /,
    field: /^valid$/,
    code: 'CERTIFICATE_USAGE',
    why: 'A key for signing in or for a service is not for documents; neither oracle is told the purpose.',
  },
  {
    artefact: /^unknown-critical-extension of /,
    field: /^valid$/,
    code: 'CERTIFICATE_CRITICAL_EXTENSION',
    why: 'BouncyCastle leaves critical extensions to its caller, and the GOST engine sees a signature value alone.',
  },
  {
    artefact: /^(nca-2026|parameters-outer-absent) of rsa-2048, by OpenSSL$/,
    field: /^valid$/,
    ours: 'true',
    why: 'OpenSSL tells absent parameters from NULL; the authority writes one inside and the other outside.',
  },
  {
    artefact: /^rsa-sha1-2018 of rsa-2048/,
    field: /^valid$/,
    code: 'SIGNATURE_ALGORITHM_FORBIDDEN',
    why: 'SHA-1 is refused; both oracles compute with it.',
  },
  {
    artefact: /^key-identifiers-short of rsa-2048, by OpenSSL$/,
    field: /^valid$/,
    ours: 'true',
    why: 'A key identifier is a hint to us and a condition to OpenSSL; those of 2018 have four octets.',
  },
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
    return {
      reading: { readable: 'true', valid, ...certificateFields(parseCertificate(der)) },
      code: verdict.code,
    };
  } catch (error) {
    if (!(error instanceof EdsError)) throw error;
    return { reading: { readable: 'false', valid }, code: error.code };
  }
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
        const changed = [...mutationsIn(certificate, parts), ...mutationsOf(certificate, 8)];
        await Promise.all(changed.map(({ place, octets }) => compare(`${name}, ${place}`, octets)));
      }
      const { root, issuing, ocspResponder, timestampAuthority } = scene.lab.hierarchy(algorithm);
      for (const key of [root, issuing]) await compare(`authority of ${algorithm}`, key.certificate);
      for (const key of [ocspResponder, timestampAuthority]) {
        await compare(`service of ${algorithm}`, key.certificate);
      }
    }
    expect(comparison.compared).toBeGreaterThan(2000);
    comparison.conclude();
  }, 300_000);
});
