import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodePem } from '../../src/eds/asn1/pem.js';
import { parseSignedData } from '../../src/eds/cms/signed-data.js';
import {
  createPathMemo,
  EdsError,
  parseCertificate,
  readSignatureInput,
  verifyEvidence,
} from '../../src/eds/index.js';
import { NOBODY_TO_ASK, nucTrust, OFFLINE_DOCUMENT } from '../eds/support.js';
import { sharedBytes, sharedMaterialPresent, sharedPath } from '../support/shared-material.js';
import { type BouncyCastle, type OracleKind, startBouncyCastle } from './bouncy-castle.js';
import { certificateFields } from './certificate-fields.js';
import { createComparison, type Explained, type OurReading } from './difference.js';
import { mutationsOf, timestampIn } from './mutations.js';
import { oraclesPresent } from './scene.js';

interface RealArtefact {
  readonly name: string;
  readonly kind: OracleKind;
  /** When it is judged: inside the validity of its certificates, because the oracle judges at one time only. */
  readonly at: string;
  readonly content?: Uint8Array;
}

const CONTENT = 'vectors/cms-gost2015-document.txt';

function artefacts(): readonly RealArtefact[] {
  const revocation = '2022-09-03T00:00:00Z';
  return [
    { name: 'cms-gost2015-attached-t.der', kind: 'cms', at: '2026-11-23T00:00:00Z' },
    {
      name: 'cms-gost2015-detached-t.der',
      kind: 'cms',
      at: '2026-11-23T00:00:00Z',
      content: sharedBytes(CONTENT),
    },
    { name: 'cms-rsa-attached.der', kind: 'cms', at: '2021-06-01T00:00:00Z' },
    { name: 'cms-gost2004-t.pem', kind: 'cms', at: '2018-12-22T00:00:00Z' },
    { name: 'ocsp-rsa-good.der', kind: 'ocsp', at: revocation },
    { name: 'ocsp-gost2015-revoked.der', kind: 'ocsp', at: revocation },
    { name: 'crl-gost2015.crl', kind: 'crl', at: revocation },
    // on its own: beside content only signatures are judged
    { name: 'tsp-gost2004-response.der', kind: 'token-response', at: '2022-09-19T00:00:00Z' },
  ];
}

/** Issuers of the certificates that the OCSP answers are about. */
const ISSUERS: Readonly<Record<string, string>> = {
  'ocsp-rsa-good.der': 'nca_rsa_test',
  'ocsp-gost2015-revoked.der': 'nca_gost2022_test',
};

const EXPLAINED: readonly Explained[] = [
  {
    artefact: /^cms-.* in the time-stamp$/,
    field: /^valid$/,
    ours: 'true',
    theirsUnreadable: true,
    why: 'A time-stamp that cannot be read proves nothing and harms nothing: its octets are outside the signature.',
  },
  {
    artefact: /^tsp-gost2004-response\.der, octet 23$/,
    field: /^valid$/,
    ours: 'false',
    why: 'The OID of signed data is another; BouncyCastle does not look at it, and nothing signs it.',
  },
];

const PEMS = ['certs/ship', 'certs/pinned'];

let oracle: BouncyCastle;

/** Every CA of the shared folder, by its name. */
function authorities(): ReadonlyMap<string, Uint8Array> {
  return new Map(
    PEMS.flatMap((folder) =>
      readdirSync(sharedPath(folder)).map((name): [string, Uint8Array] => [
        name.replace('.pem', ''),
        decodePem(readFileSync(join(sharedPath(folder), name), 'utf8'))[0]!.der,
      ]),
    ),
  );
}

(oraclesPresent() && sharedMaterialPresent() ? describe : describe.skip)(
  'real artefacts of НУЦ РК, beside BouncyCastle',
  () => {
    const trust = sharedMaterialPresent() ? nucTrust() : null;
    const memo = createPathMemo();

    beforeAll(async () => {
      oracle = await startBouncyCastle();
      for (const { certificate, role } of trust!.entries) await oracle.trust(certificate.der, role);
    }, 60_000);
    afterAll(() => {
      oracle.close();
    });

    async function ours(input: Uint8Array, { at, content }: RealArtefact): Promise<OurReading> {
      const evidence = content === undefined ? { input } : { input, content };
      try {
        const when = new Date(at);
        const report = await verifyEvidence(evidence, trust!, NOBODY_TO_ASK, OFFLINE_DOCUMENT, when, memo);
        const valid = String(report.indication === 'TOTAL_PASSED');
        return { reading: { readable: 'true', valid }, code: report.code };
      } catch (error) {
        if (!(error instanceof EdsError)) throw error;
        return { reading: { readable: 'false' }, code: error.code };
      }
    }

    it('each as it is, and with an octet changed', async () => {
      const comparison = createComparison(EXPLAINED);
      const known = authorities();
      const rsaLeaf = parseSignedData(sharedBytes('vectors/cms-rsa-attached.der')).certificates[0]!;
      for (const artefact of artefacts()) {
        const { name, kind, content } = artefact;
        const issuer = known.get(ISSUERS[name] ?? '');
        const asked = {
          at: String(Date.parse(artefact.at)),
          ...(content ? { content } : {}),
          ...(issuer ? { issuer, certificate: rsaLeaf.der } : {}),
        };
        const whole = readSignatureInput(sharedBytes(`vectors/${name}`));
        const compare = async (called: string, octets: Uint8Array): Promise<void> => {
          comparison.compare(called, await ours(octets, artefact), await oracle.ask(kind, octets, asked));
        };
        expect([name, (await ours(whole, artefact)).code]).toEqual([name, null]);
        await compare(name, whole);
        const regions = { 'time-stamp': kind === 'cms' ? timestampIn(whole) : new Uint8Array() };
        for (const { place, octets } of mutationsOf(whole, 60, regions)) {
          await compare(`${name}, ${place}`, octets);
        }
      }
      comparison.conclude();
    }, 300_000);

    it('each CA certificate, field by field', async () => {
      const comparison = createComparison([]);
      const at = '2022-09-03T00:00:00Z';
      for (const [name, der] of authorities()) {
        const asked = { at: String(Date.parse(at)) };
        const { reading, code } = await ours(der, { name, kind: 'certificate', at });
        const read = { ...reading, ...certificateFields(parseCertificate(der)) };
        comparison.compare(name, { reading: read, code }, await oracle.ask('certificate', der, asked));
      }
      expect(comparison.compared).toBeGreaterThan(8);
      comparison.conclude();
    }, 60_000);
  },
);
