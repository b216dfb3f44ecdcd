import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseSignedData } from '../../src/eds/cms/signed-data.js';
import { EdsError, verifyCms } from '../../src/eds/index.js';
import { parseTimestampToken } from '../../src/eds/timestamp/token.js';
import { type SignatureReport } from '../../src/eds/verdict.js';
import {
  CMS_DIALECTS,
  type CmsOptions,
  type CmsScene,
  CRL_DIALECTS,
  encodeCrl,
  type KeyAlgorithm,
  type LabKey,
  TIMESTAMP_DIALECTS,
} from '../../src/lab/index.js';
import { NOBODY_TO_ASK, OFFLINE_DOCUMENT } from '../eds/support.js';
import { type Reading } from './bouncy-castle.js';
import { type Comparison, createComparison, type Explained, type OurReading } from './difference.js';
import { mutationsIn, mutationsOf } from './mutations.js';
import { ALGORITHMS, AT, NOW, openScene, oraclesPresent, type Scene, sha256 } from './scene.js';

const EXPLAINED: readonly Explained[] = [];
const EXPLAINED_TIMESTAMPS: readonly Explained[] = [];

const CONTENT = new Uint8Array(Buffer.from('Мен осы құжатқа қол қоямын. Подписываю.', 'utf8'));

let scene: Scene;
const keys = new Map<KeyAlgorithm, LabKey>();

/** A message as we read and judge it, in the oracle's terms. */
async function ours(cms: Uint8Array, content: Uint8Array | null): Promise<OurReading> {
  const evidence = content === null ? { cms } : { cms, content };
  const { trust, memo } = scene;
  const report = await verifyCms(evidence, trust, NOBODY_TO_ASK, OFFLINE_DOCUMENT, NOW, memo);
  const valid = String(report.indication === 'TOTAL_PASSED');
  try {
    return { reading: { readable: 'true', valid, ...fieldsOf(cms, report.signatures) }, code: report.code };
  } catch (error) {
    if (!(error instanceof EdsError)) throw error;
    return { reading: { readable: 'false', valid }, code: report.code };
  }
}

function fieldsOf(cms: Uint8Array, reports: readonly SignatureReport[]): Reading {
  const { contentType, content, certificates, signers } = parseSignedData(cms);
  const fields: Record<string, string> = {
    contentType,
    content: content === null ? '-' : sha256(content),
    certificates: certificates
      .map(({ der }) => sha256(der))
      .sort()
      .join(','),
    signers: String(signers.length),
  };
  for (const [i, signer] of signers.entries()) {
    const report = reports[i];
    fields[`signer.${i}.digestOid`] = signer.digestAlgorithm.oid;
    fields[`signer.${i}.signatureOid`] = signer.signatureAlgorithm.oid;
    fields[`signer.${i}.signatureValue`] = sha256(signer.signature);
    fields[`signer.${i}.attributes`] = signer.signed === null ? '-' : sha256(signer.signed.octets);
    fields[`signer.${i}.certificate`] = report?.certificate?.sha256 ?? '-';
    fields[`signer.${i}.claimed`] =
      report?.claimedSigningTime == null ? '-' : String(Date.parse(report.claimedSigningTime));
    const tokens = signer.unsignedAttributes
      .filter(({ oid }) => oid === '1.2.840.113549.1.9.16.2.14')
      .flatMap(({ values }) => values.map(({ bytes }) => bytes));
    fields[`signer.${i}.timestamps`] = String(tokens.length);
    for (const [n, token] of tokens.entries()) {
      const stamp = report?.timestamps[n];
      fields[`signer.${i}.timestamp.${n}.valid`] = String(stamp?.valid ?? false);
      fields[`signer.${i}.timestamp.${n}.time`] = stamp?.time == null ? '-' : String(Date.parse(stamp.time));
      fields[`signer.${i}.timestamp.${n}.policy`] = parseTimestampToken(token).policy;
    }
  }
  return fields;
}

async function compare(
  comparison: Comparison,
  name: string,
  cms: Uint8Array,
  content: Uint8Array | null,
): Promise<Reading> {
  const asked = content === null ? { at: AT } : { at: AT, content };
  const [our, their] = await Promise.all([ours(cms, content), scene.oracle.ask('cms', cms, asked)]);
  comparison.compare(name, our, their);
  return their;
}

/** One message whole, by both oracles, and changed in its parts and in places all over it. */
async function compareAll(
  comparison: Comparison,
  name: string,
  key: LabKey,
  options: CmsOptions,
  changes: number,
): Promise<void> {
  const cms = await scene.lab.signCms(key, CONTENT, options);
  const content = options.detached === true ? CONTENT : null;
  const theirs = await compare(comparison, name, cms, content);
  await compareWithOpenSsl(comparison, name, key, cms, content, theirs);
  const parts = {
    content: CONTENT,
    'subject of the certificate': key.facts.subject,
    'key of the certificate': key.facts.publicKeyInfo,
    'digest of the content': key.privateKey.digest(CONTENT),
    'signing time': new Uint8Array(Buffer.from('261123060000Z')),
  };
  const changed = [...mutationsIn(cms, parts), ...mutationsOf(cms, changes)];
  await Promise.all(
    changed.map(({ place, octets }) => compare(comparison, `${name}, ${place}`, octets, content)),
  );
  if (content === null) return;
  for (const { place, octets } of mutationsOf(content, 3)) {
    await compare(comparison, `${name}, content ${place}`, cms, octets);
  }
}

async function compareWithOpenSsl(
  comparison: Comparison,
  name: string,
  { algorithm }: LabKey,
  cms: Uint8Array,
  content: Uint8Array | null,
  theirs: Reading,
): Promise<void> {
  const { openssl } = scene;
  if (algorithm !== 'rsa-2048') {
    // the engine knows no CMS of НУЦ РК; what BouncyCastle took out of it is computed a third time
    if (theirs['signer.0.engineKey'] === undefined) return;
    expect([name, openssl.engine(theirs, 'signer.0.')]).toEqual([name, true]);
    return;
  }
  const valid = String(openssl.cms(cms, content));
  comparison.compare(`${name}, by OpenSSL`, await ours(cms, content), { readable: 'unknown', valid });
}

(oraclesPresent() ? describe : describe.skip)('CMS signatures, beside BouncyCastle and OpenSSL', () => {
  beforeAll(async () => {
    scene = await openScene();
    for (const algorithm of ALGORITHMS)
      keys.set(algorithm, await scene.issue(algorithm, { kind: 'individual' }));
  }, 60_000);
  afterAll(() => {
    scene.close();
  });

  it('every dialect under every kind of key, whole and with an octet changed', async () => {
    const comparison = createComparison(EXPLAINED);
    for (const [algorithm, key] of keys) {
      const { root, issuing } = scene.lab.hierarchy(algorithm);
      const list = { issuer: issuing, now: NOW, serialNumbers: [Uint8Array.of(7)] };
      const about: CmsScene = {
        companion: keys.get(algorithm === 'rsa-2048' ? 'gost2015-512' : 'rsa-2048')!,
        chain: [issuing, root],
        crl: encodeCrl(CRL_DIALECTS['nuc-2022']!(list)),
      };
      for (const [dialect, optionsOf] of Object.entries(CMS_DIALECTS)) {
        await compareAll(comparison, `${dialect} of ${algorithm}`, key, optionsOf(about), 12);
      }
    }
    expect(comparison.compared).toBeGreaterThan(1500);
    comparison.conclude();
  }, 300_000);

  it('every dialect of time-stamp on every kind of key, whole and with an octet changed', async () => {
    const comparison = createComparison(EXPLAINED_TIMESTAMPS);
    for (const [algorithm, key] of keys) {
      for (const [dialect, timestamp] of Object.entries(TIMESTAMP_DIALECTS)) {
        await compareAll(comparison, `${dialect} on ${algorithm}`, key, { timestamp }, 12);
      }
    }
    expect(comparison.compared).toBeGreaterThan(500);
    comparison.conclude();
  }, 300_000);
});
