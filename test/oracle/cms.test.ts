import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseSignedData } from '../../src/eds/cms/signed-data.js';
import { EdsError, verifyCms } from '../../src/eds/index.js';
import { type SignatureReport } from '../../src/eds/judgement/verdict.js';
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
import { mutationsIn, mutationsOf, timestampIn } from './mutations.js';
import { ALGORITHMS, AT, NOW, openScene, oraclesPresent, type Scene, sha256 } from './scene.js';

const EXPLAINED: readonly Explained[] = [
  {
    artefact: /, octet \d+$/,
    field: /^valid$/,
    code: 'SIGNATURE_ALGORITHM_FORBIDDEN',
    why: 'Parameters beside an algorithm that has none; BouncyCastle does not look at them, and nothing signs them.',
  },
  {
    artefact: /^crl-enclosed of .*in the enclosed list$/,
    field: /^valid$/,
    ours: 'true',
    theirsUnreadable: true,
    why: 'Lists that a sender encloses are no evidence to us and are not read.',
  },
  {
    artefact: /^padded of .*in the padding$/,
    field: /^valid$/,
    ours: 'false',
    why: 'Octets after a message that are not zero are not padding; BouncyCastle does not look beyond the message.',
  },
  {
    artefact: /^two-signers of rsa-2048, by OpenSSL$/,
    field: /^valid$/,
    ours: 'true',
    why: 'The second signer has a GOST key under OIDs of НУЦ РК, which OpenSSL does not know.',
  },
  {
    artefact: /^attributes-unsorted of /,
    field: /^signer\.0\.attributes$/,
    why: 'We keep them as they were sent beside the form that is signed; BouncyCastle keeps the signed form alone.',
  },
  {
    artefact: /^rsa-sha1 of rsa-2048/,
    field: /^valid$/,
    code: 'SIGNATURE_ALGORITHM_FORBIDDEN',
    why: 'SHA-1 is refused; both oracles compute with it.',
  },
  {
    artefact: /^attributes-unsorted of rsa-2048, by OpenSSL$/,
    field: /^valid$/,
    ours: 'true',
    why: 'OpenSSL takes the attributes as they were sent; RFC 5652 §5.4 has their DER form signed.',
  },
  {
    artefact: /^chain-enclosed of .*, octet \d+$/,
    field: /^valid$/,
    ours: 'true',
    theirsUnreadable: true,
    why: "A damaged certificate that is not the signer's is set aside; BouncyCastle reads all or nothing.",
  },
  {
    artefact: /^unreadable-certificate-enclosed of rsa-2048, by OpenSSL$/,
    field: /^valid$/,
    ours: 'true',
    why: 'OpenSSL reads no message with such a thing in it; we set aside what nobody needs.',
  },
  {
    artefact: /^digests-unnamed of rsa-2048, by OpenSSL$/,
    field: /^valid$/,
    ours: 'true',
    why: 'RFC 5652 §5.1 lets the list of digests be empty; OpenSSL computes those alone that stand in it.',
  },
  {
    artefact: /^signing-time-(without-seconds|with-offset) of /,
    field: /^signer\.0\.claimed$/,
    ours: '-',
    why: 'A time in a form that DER forbids is no time to us; it decides nothing.',
  },
];

const EXPLAINED_TIMESTAMPS: readonly Explained[] = [
  {
    artefact: /^imprint-sha1 on /,
    field: /^signer\.0\.timestamp\.0\.valid$/,
    ours: 'false',
    why: 'An imprint with SHA-1 proves nothing about one document rather than another; BouncyCastle computes it.',
  },
  {
    artefact: /in the time-stamp$/,
    field: /^valid$/,
    ours: 'true',
    theirsUnreadable: true,
    why: 'A time-stamp that cannot be read proves nothing and harms nothing: its octets are outside the signature.',
  },
  {
    artefact: /in the time-stamp$/,
    field: /^signer\.0\.timestamp\.0\.valid$/,
    ours: 'false',
    why: 'An octet of a token that nothing signs, its list of digests among them, is held to the standard by us alone.',
  },
];

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

/** What was read of a message and, where it is good, what the report says of its signatures. */
function fieldsOf(cms: Uint8Array, reports: readonly SignatureReport[]): Reading {
  const { contentType, content, certificates, signers } = parseSignedData(cms);
  const fields: Record<string, string> = {
    contentType,
    content: content === null ? '-' : sha256(content),
    signers: String(signers.length),
  };
  for (const [i, signer] of signers.entries()) {
    const tokens = signer.unsignedAttributes
      .filter(({ oid }) => oid === '1.2.840.113549.1.9.16.2.14')
      .flatMap(({ values }) => values.map(({ bytes }) => bytes));
    const report = reports[i];
    const facts: Reading = {
      digestOid: signer.digestAlgorithm.oid,
      signatureOid: signer.signatureAlgorithm.oid,
      signatureValue: sha256(signer.signature),
      attributes: signer.signed === null ? '-' : sha256(signer.signed.octets),
      timestamps: String(tokens.length),
      ...(report?.indication === 'TOTAL_PASSED' ? reported(report) : {}),
    };
    for (const [name, value] of Object.entries(facts)) fields[`signer.${i}.${name}`] = value;
  }
  // a damaged certificate may be readable to one of us, which is of no interest
  const enclosed = certificates.map(({ der }) => sha256(der)).sort();
  if (reports.every(({ indication }) => indication === 'TOTAL_PASSED')) {
    fields['certificates'] = enclosed.join(',');
  }
  return fields;
}

function reported({ certificate, claimedSigningTime, timestamps }: SignatureReport): Reading {
  const moment = (time: string | null): string => (time === null ? '-' : String(Date.parse(time)));
  const fields: Record<string, string> = {
    certificate: certificate?.sha256 ?? '-',
    claimed: moment(claimedSigningTime),
  };
  for (const [n, { valid, time }] of timestamps.entries()) {
    fields[`timestamp.${n}.valid`] = String(valid);
    if (valid) fields[`timestamp.${n}.time`] = moment(time);
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
  const regions = {
    'time-stamp': timestampIn(cms),
    'enclosed list': options.crls?.[0] ?? new Uint8Array(),
    padding: new Uint8Array(options.padding ?? 0),
  };
  const changed = [...mutationsIn(cms, parts), ...mutationsOf(cms, changes, regions)];
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
        await compareAll(comparison, `${dialect} of ${algorithm}`, key, optionsOf(about), 8);
      }
    }
    expect(comparison.compared).toBeGreaterThan(1500);
    comparison.conclude();
  }, 300_000);

  it('every dialect of time-stamp on every kind of key, whole and with an octet changed', async () => {
    const comparison = createComparison(EXPLAINED_TIMESTAMPS);
    for (const [algorithm, key] of keys) {
      for (const [dialect, timestamp] of Object.entries(TIMESTAMP_DIALECTS)) {
        await compareAll(comparison, `${dialect} on ${algorithm}`, key, { timestamp }, 8);
      }
    }
    expect(comparison.compared).toBeGreaterThan(500);
    comparison.conclude();
  }, 300_000);
});
