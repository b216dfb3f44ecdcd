import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { integer, octetString, oid, sequence } from '../../src/eds/asn1/writer.js';
import { parseCertificate } from '../../src/eds/certificate/certificate.js';
import { type Admitted, verifyEvidence } from '../../src/eds/evidence/evidence.js';
import { detectKind } from '../../src/eds/evidence/kind.js';
import { encodeOcspRequest } from '../../src/eds/ocsp/request.js';
import { type LoginPolicy } from '../../src/eds/judgement/policy.js';
import { createTrustSet, type TrustSet } from '../../src/eds/trust-set.js';
import { verifyCms } from '../../src/eds/cms/verify.js';
import {
  certIdOf,
  createLaboratory,
  encodeCrl,
  encodeOcspResponse,
  encodePkcs12,
  encodeTimestampToken,
  type LabKey,
  type Laboratory,
  signXml,
} from '../../src/lab/index.js';
import { sharedBytes, sharedMaterialPresent } from '../support/shared-material.js';
import { NOBODY_TO_ASK, OFFLINE_DOCUMENT, trusted } from './support.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const CONTENT = new TextEncoder().encode('Договор № 1');
const LOGIN: LoginPolicy = {
  name: 'login',
  challenge: CONTENT,
  challengeIssuedAt: new Date(NOW.getTime() - 60_000),
  revocation: 'required',
  checksums: 'warn',
};
const SIGNATURES_ONLY: readonly Admitted[] = ['signatures', 'cms', 'xml'];

let lab: Laboratory;
let trust: TrustSet;
let person: LabKey;
/** What is judged by itself, by its kind and the format its report names. */
let apart: readonly (readonly [kind: string, format: string, der: Uint8Array])[];

beforeAll(async () => {
  lab = await createLaboratory({ now: NOW, algorithms: ['gost2015-512'] });
  trust = createTrustSet(
    'lab',
    lab.trustCertificates().map(({ der, role }) => trusted(der, role)),
  );
  person = await lab.issue({ kind: 'individual', algorithm: 'gost2015-512' });
  const { root, issuing, ocspResponder, timestampAuthority } = lab.hierarchy('gost2015-512');
  const token = encodeTimestampToken(timestampAuthority, CONTENT, NOW);
  const crl = {
    issuer: issuing,
    thisUpdate: NOW,
    nextUpdate: new Date(NOW.getTime() + 86_400_000),
    number: 1,
    entries: [],
  };
  const serialNumber = Buffer.from(person.id, 'hex');
  apart = [
    ['certificate', 'X.509', person.certificate],
    ['certificate', 'X.509', root.certificate],
    ['certificate', 'X.509', issuing.certificate],
    ['crl', 'CRL', encodeCrl(crl)],
    ['crl', 'CRL', encodeCrl({ ...crl, entries: [{ serialNumber, revokedAt: NOW }] })],
    [
      'ocsp',
      'OCSP',
      encodeOcspResponse({
        certIds: [certIdOf(person, issuing)],
        status: 'good',
        responder: ocspResponder,
        producedAt: NOW,
      }),
    ],
    ['timestamp', 'RFC3161', token],
    ['timestamp', 'RFC3161', sequence(sequence(integer(0)), token)],
  ];
});

function judge(
  input: string | Uint8Array,
  more: { readonly content?: Uint8Array; readonly admit?: Admitted } = {},
): ReturnType<typeof verifyEvidence> {
  return verifyEvidence({ input, ...more }, trust, NOBODY_TO_ASK, OFFLINE_DOCUMENT, NOW);
}

const REFUSED = {
  kind: 'signature',
  indication: 'TOTAL_FAILED',
  subIndication: 'FORMAT_FAILURE',
  code: 'FORMAT_NOT_A_SIGNATURE',
  signatures: [],
};
const base64 = (der: Uint8Array): string => Buffer.from(der).toString('base64');

describe('a certificate, a CRL, an OCSP response, a time-stamp', () => {
  it('is judged alone as what it is, with no signer and no word about content', async () => {
    for (const [kind, format, der] of apart) {
      for (const input of [der, base64(der), `-----BEGIN CMS-----\n${base64(der)}\n-----END CMS-----`]) {
        expect(await judge(input)).toMatchObject({
          kind,
          indication: 'TOTAL_PASSED',
          code: null,
          signatures: [{ format, signer: null, contentVerified: false, signedContent: null }],
        });
      }
    }
  });

  it('is no signature as soon as content comes along, even the content it is about', async () => {
    for (const [, , der] of apart) {
      for (const content of [CONTENT, new Uint8Array(), der]) {
        expect(await judge(der, { content })).toMatchObject(REFUSED);
        expect(await judge(der, { content, admit: 'anything' })).toMatchObject(REFUSED);
        expect(await judge(base64(der), { content })).toMatchObject(REFUSED);
      }
    }
  });

  it('is no signature where only signatures are admitted', async () => {
    for (const [, , der] of apart) {
      for (const admit of SIGNATURES_ONLY) expect(await judge(der, { admit })).toMatchObject(REFUSED);
    }
  });

  it('keeps its kind when it is not good', async () => {
    const stranger = await lab.issue({ kind: 'individual', algorithm: 'gost2015-512', signedBy: 'self' });
    const [, , crl] = apart[3]!;
    const damaged = crl.slice();
    damaged[damaged.length - 1]! ^= 1;
    expect(await judge(stranger.certificate)).toMatchObject({
      kind: 'certificate',
      code: 'PATH_SELF_SIGNED',
      signatures: [{ signer: null, contentVerified: false }],
    });
    expect(await judge(damaged)).toMatchObject({ kind: 'crl', code: 'CRL_SIGNATURE_INVALID' });
    const late = await verifyEvidence(
      { input: person.certificate },
      trust,
      NOBODY_TO_ASK,
      OFFLINE_DOCUMENT,
      new Date(NOW.getTime() + 400 * 86_400_000),
    );
    expect(late).toMatchObject({
      kind: 'certificate',
      indication: 'INDETERMINATE',
      code: 'CERTIFICATE_EXPIRED',
    });
  });

  it('never answers a challenge', async () => {
    for (const [, , input] of apart) {
      const report = await verifyEvidence({ input, admit: 'cms' }, trust, NOBODY_TO_ASK, LOGIN, NOW);
      expect(report).toMatchObject(REFUSED);
    }
  });

  it('of a time-stamp is no document for `verifyCms` either, though it is signed data', async () => {
    const token = apart.find(([kind]) => kind === 'timestamp')![2];
    for (const evidence of [{ cms: token }, { cms: token, content: CONTENT }]) {
      expect(await verifyCms(evidence, trust, NOBODY_TO_ASK, OFFLINE_DOCUMENT, NOW)).toMatchObject(REFUSED);
    }
    const login = await verifyCms({ cms: token }, trust, NOBODY_TO_ASK, LOGIN, NOW);
    expect(login).toMatchObject(REFUSED);
  });
});

describe('a signature', () => {
  it('is judged however little else is admitted, and only as what is admitted', async () => {
    const cms = await lab.signCms(person, CONTENT);
    const detached = await lab.signCms(person, CONTENT, { detached: true });
    for (const admit of ['anything', 'signatures', 'cms'] as const) {
      expect(await judge(cms, { admit })).toMatchObject({ kind: 'signature', indication: 'TOTAL_PASSED' });
      expect(await judge(base64(detached), { admit, content: CONTENT })).toMatchObject({
        indication: 'TOTAL_PASSED',
        signatures: [{ signer: { kind: 'individual' }, contentVerified: true }],
      });
    }
    expect(await judge(cms, { admit: 'xml' })).toMatchObject({
      indication: 'TOTAL_FAILED',
      code: 'XML_MALFORMED',
    });
  });

  it('in XML is judged as well, and never together with content beside it', async () => {
    const xml = signXml(person, '<a>1</a>');
    for (const input of [xml, Buffer.from(xml), base64(Buffer.from(xml)), JSON.stringify([xml])]) {
      for (const admit of ['anything', 'signatures', 'xml'] as const) {
        expect(await judge(input, { admit })).toMatchObject({
          kind: 'signature',
          indication: 'TOTAL_PASSED',
          signatures: [{ format: 'XMLDSig', signer: { kind: 'individual' } }],
        });
      }
      expect(await judge(input, { content: CONTENT })).toMatchObject({
        indication: 'INDETERMINATE',
        code: 'SIGNATURE_CONTENT_UNEXPECTED',
        signatures: [],
      });
      expect(await judge(input, { admit: 'cms' })).toMatchObject({ code: 'CMS_MALFORMED', signatures: [] });
      const login = await verifyEvidence({ input }, trust, NOBODY_TO_ASK, LOGIN, NOW);
      expect(login).toMatchObject({ indication: 'INDETERMINATE', code: 'FORMAT_NOT_SUPPORTED' });
    }
  });

  it('is not in a message of certificates alone', async () => {
    const bundle = await lab.signCms(person, CONTENT, { noSigners: true });
    for (const more of [{}, { content: CONTENT }, { admit: 'cms' as const }]) {
      expect(await judge(bundle, more)).toMatchObject({
        kind: 'signature',
        indication: 'TOTAL_FAILED',
        code: 'SIGNATURE_NONE',
        signatures: [],
      });
    }
  });

  it('of which half is there is broken, whatever is admitted', async () => {
    const half = (await lab.signCms(person, CONTENT)).slice(0, 200);
    await expect(judge(half)).rejects.toMatchObject({ code: 'FORMAT_UNRECOGNISED' });
    expect(await judge(half, { admit: 'cms' })).toMatchObject({ code: 'ASN1_TRUNCATED', signatures: [] });
  });
});

describe('keys and requests', () => {
  const every: readonly { readonly content?: Uint8Array; readonly admit?: Admitted }[] = [
    {},
    { content: CONTENT },
    ...SIGNATURES_ONLY.map((admit) => ({ admit })),
  ];

  async function expectRefused(der: Uint8Array): Promise<void> {
    expect(detectKind(der)).toBe('other');
    for (const more of every) {
      expect(await judge(der, more)).toMatchObject(REFUSED);
      expect(await judge(base64(der), more)).toMatchObject(REFUSED);
    }
  }

  it('are no signature in a container of НУЦ РК', async () => {
    await expectRefused(encodePkcs12(person, 'Qwerty12'));
  });

  it('are no signature as they are in DER: private, encrypted, public', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const encrypted = { cipher: 'aes-256-cbc', passphrase: 'x' };
    for (const der of [
      rsa.privateKey.export({ format: 'der', type: 'pkcs1' }),
      rsa.privateKey.export({ format: 'der', type: 'pkcs8' }),
      rsa.privateKey.export({ format: 'der', type: 'pkcs8', ...encrypted }),
      rsa.publicKey.export({ format: 'der', type: 'spki' }),
      ec.privateKey.export({ format: 'der', type: 'sec1' }),
      ec.privateKey.export({ format: 'der', type: 'pkcs8' }),
      ec.publicKey.export({ format: 'der', type: 'spki' }),
    ]) {
      await expectRefused(new Uint8Array(der));
    }
  });

  it('are refused in PEM by their label alone', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    for (const input of [pem, pem.replaceAll('\n', ' '), base64(Buffer.from(pem)), pem.slice(0, 60)]) {
      for (const more of every) expect(await judge(input, more)).toMatchObject(REFUSED);
    }
  });

  it('are no signature as a request to a responder, an encrypted message or a message of another type', async () => {
    const issuer = parseCertificate(lab.hierarchy('gost2015-512').issuing.certificate);
    const certificate = parseCertificate(person.certificate);
    await expectRefused(encodeOcspRequest(certificate, issuer, null));
    await expectRefused(encodeOcspRequest(certificate, issuer, new Uint8Array(16)));
    await expectRefused(sequence(oid('1.2.840.113549.1.7.3')));
    await expectRefused(sequence(oid('1.2.840.113549.1.7.1'), octetString(CONTENT)));
  });

  it('are no signature as OpenSSL writes them: a request for a certificate or a time-stamp, an enveloped message', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qaqpa-foreign-'));
    const file = (name: string): string => join(folder, name);
    const openssl = (...args: string[]): Uint8Array => {
      execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'ignore'] });
      return new Uint8Array(readFileSync(file('out')));
    };
    const out = ['-out', file('out'), '-outform', 'DER'];
    try {
      writeFileSync(file('text'), 'text');
      const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', file('key'), '-subj', '/CN=x'];
      await expectRefused(openssl('req', '-new', ...key, ...out));
      openssl('req', '-x509', ...key, '-out', file('out'));
      writeFileSync(file('cert'), readFileSync(file('out')));
      const encrypt = ['cms', '-encrypt', '-in', file('text'), '-binary', ...out, file('cert')];
      await expectRefused(openssl(...encrypt));
      const query = ['ts', '-query', '-data', file('text'), '-out', file('out')];
      await expectRefused(openssl(...query));
      await expectRefused(openssl(...query, '-sha512', '-cert', '-no_nonce'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 30_000);

  (sharedMaterialPresent() ? it : it.skip)('are no signature in containers that НУЦ РК issued', async () => {
    for (const name of ['key-employee-2026', 'key-individual-2026', 'key-individual-rsa-2021']) {
      await expectRefused(sharedBytes(`vectors/${name}.p12`));
    }
  });
});
