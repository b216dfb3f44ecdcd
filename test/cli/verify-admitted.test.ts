import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type VerificationReport } from '../../src/eds/judgement/verdict.js';
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
import { type CliResult, qaqpa } from '../support/cli-in-process.js';
import { sharedMaterialPresent, sharedPath } from '../support/shared-material.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const CONTENT = Buffer.from('Договор № 1');
const folder = mkdtempSync(join(tmpdir(), 'qaqpa-admitted-'));
const file = (name: string, content: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

let lab: Laboratory;
let person: LabKey;
let contract: string;
/** Files of what is no signature, by how the program calls them. */
let apart: readonly (readonly [name: string, path: string])[];

beforeAll(async () => {
  lab = await createLaboratory({ now: NOW, algorithms: ['gost2015-512'] });
  person = await lab.issue({ kind: 'individual', algorithm: 'gost2015-512' });
  const { root, issuing, ocspResponder, timestampAuthority } = lab.hierarchy('gost2015-512');
  const week = new Date(NOW.getTime() + 7 * 86_400_000);
  contract = file('contract.txt', CONTENT);
  apart = [
    ['certificate', file('person.cer', person.certificate)],
    ['certificate', file('root.pem', root.certificatePem)],
    [
      'CRL',
      file(
        'list.crl',
        encodeCrl({ issuer: issuing, thisUpdate: NOW, nextUpdate: week, number: 1, entries: [] }),
      ),
    ],
    [
      'OCSP response',
      file(
        'answer.ors',
        encodeOcspResponse({
          certIds: [certIdOf(person, issuing)],
          status: 'good',
          responder: ocspResponder,
          producedAt: NOW,
        }),
      ),
    ],
    ['time-stamp', file('stamp.tst', encodeTimestampToken(timestampAuthority, CONTENT, NOW))],
  ];
  const trust = join(folder, 'trust');
  mkdirSync(trust);
  for (const { name, pem } of lab.trustCertificates()) writeFileSync(join(trust, `${name}.pem`), pem);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const verify = (path: string, ...more: readonly string[]): Promise<CliResult> =>
  qaqpa(['verify', path, '--trust', join(folder, 'trust'), '--revocation', 'none', ...more], { now: NOW });
const reportOn = async (
  path: string,
  ...more: readonly string[]
): Promise<[number | null, VerificationReport]> => {
  const { code, stdout } = await verify(path, '--json', ...more);
  return [code, JSON.parse(stdout) as VerificationReport];
};

describe('qaqpa verify on what is no signature', () => {
  it('never answers about content with it, however good it is', async () => {
    for (const [, path] of apart) {
      for (const more of [
        ['--content', contract, '--format', 'cms'],
        ['--content', contract],
        ['--content', contract, '--format', 'auto'],
        ['--format', 'cms'],
        ['--format', 'xml'],
      ]) {
        expect(await reportOn(path, ...more)).toMatchObject([
          1,
          {
            kind: 'signature',
            indication: 'TOTAL_FAILED',
            subIndication: 'FORMAT_FAILURE',
            code: 'FORMAT_NOT_A_SIGNATURE',
            signatures: [],
          },
        ]);
      }
    }
  });

  it('judges it alone as what it is, in words of its own', async () => {
    for (const [name, path] of apart) {
      const { code, stdout } = await verify(path);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^TOTAL_PASSED: the ${name} is in order\n`));
      expect(stdout).toMatch(new RegExp(`\n${name.charAt(0).toUpperCase()}${name.slice(1)}: TOTAL_PASSED\n`));
      expect(stdout).not.toMatch(/signature is good|Signature 1|signer|signed octets/);
      expect(await reportOn(path)).toMatchObject([
        0,
        { signatures: [{ signer: null, contentVerified: false }] },
      ]);
    }
  });

  it('says what is wrong with it in those words too', async () => {
    const stranger = await lab.issue({ kind: 'individual', algorithm: 'gost2015-512', signedBy: 'self' });
    const { code, stdout } = await verify(file('stranger.cer', stranger.certificate));
    expect(code).toBe(2);
    expect(stdout).toMatch(/^INDETERMINATE: it is not proved that the certificate is in order\n/);
    const old = await verify(apart[0]![1], '--at', '2028-01-01T00:00:00Z');
    expect([old.code, old.stdout]).toEqual([
      2,
      expect.stringContaining('OUT_OF_BOUNDS_NO_POE: the certificate has expired\nCERTIFICATE_EXPIRED: '),
    ]);
  });

  it('never accepts or repeats a key', async () => {
    const pem = `-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n`;
    for (const path of [file('key.pem', pem), file('key.p12', encodePkcs12(person, 'Qwerty12'))]) {
      for (const more of [[], ['--content', contract], ['--format', 'cms']]) {
        const { code, stdout, stderr } = await verify(path, ...more);
        expect([code, stderr]).toEqual([1, '']);
        expect(stdout).toContain(
          'FORMAT_NOT_A_SIGNATURE: the input is not a signature: it is a certificate, a list, an answer or a container of keys',
        );
        expect(stdout).not.toContain('MIIEvQ');
      }
      const shown = await qaqpa(['certificate', path]);
      expect([shown.code, shown.stdout]).toEqual([65, '']);
      expect(shown.stderr).not.toContain('MIIEvQ');
    }
  });
});

describe('qaqpa verify on a signature', () => {
  it('judges it with and without a format, and names what its octets are', async () => {
    const path = file('contract.p7s', await lab.signCms(person, CONTENT, { detached: true }));
    for (const more of [[], ['--format', 'cms']]) {
      const { code, stdout } = await verify(path, '--content', contract, ...more);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^TOTAL_PASSED: the signature is good\n/);
      expect(stdout).toMatch(/\nSignature 1 of 1: TOTAL_PASSED\n/);
      expect(stdout).toMatch(/signed octets +20, SHA-256 [0-9a-f]{64}\n/);
    }
  });

  it('judges XML in any wrapping, and calls content beside it a mistake', async () => {
    const xml = signXml(person, '<a>1</a>');
    const base64 = Buffer.from(xml).toString('base64');
    for (const [name, text] of [
      ['plain.xml', xml],
      ['base64.txt', base64],
      ['uri.txt', `data:text/xml;base64,${base64}`],
    ] as const) {
      const path = file(name, text);
      for (const more of [[], ['--format', 'xml']]) {
        expect(await reportOn(path, ...more)).toMatchObject([0, { signatures: [{ format: 'XMLDSig' }] }]);
        const mistaken = await verify(path, '--content', contract, ...more);
        expect([mistaken.code, mistaken.stdout]).toEqual([64, '']);
        expect(mistaken.stderr).toContain('--content has no meaning with signed XML');
      }
      expect(await reportOn(path, '--format', 'cms')).toMatchObject([1, { code: 'CMS_MALFORMED' }]);
    }
    expect(
      await reportOn(file('a.p7s', await lab.signCms(person, CONTENT)), '--format', 'xml'),
    ).toMatchObject([1, { code: 'XML_MALFORMED' }]);
  });

  it('does not call bad what is of a kind that is not judged', async () => {
    const path = file('doctype.xml', `<!DOCTYPE a>${signXml(person, '<a>1</a>')}`);
    const { code, stdout } = await verify(path);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^INDETERMINATE: it is not proved that the signature is good\n/);
    expect(stdout).toContain(
      'FORMAT_NOT_SUPPORTED: signatures of this kind are not judged by this program; this one may be in order\n',
    );
    const deep = file('deep.xml', `${'<a>'.repeat(300)}${'</a>'.repeat(300)}`);
    expect(await reportOn(deep)).toMatchObject([
      2,
      { indication: 'INDETERMINATE', code: 'FORMAT_TOO_LARGE' },
    ]);
  });

  it('does not call bad what is larger or deeper than the limit', async () => {
    const deep = file('deep.p7s', Buffer.from('3080'.repeat(100), 'hex'));
    for (const more of [[], ['--format', 'cms'], ['--content', contract]]) {
      expect(await reportOn(deep, ...more)).toMatchObject([
        2,
        { indication: 'INDETERMINATE', subIndication: 'SIG_CONSTRAINTS_FAILURE', code: 'ASN1_TOO_DEEP' },
      ]);
    }
    const large = file('large.p7s', '');
    truncateSync(large, 192 * 1024 * 1024 + 1);
    const { code, stdout } = await verify(large);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^INDETERMINATE: it is not proved that the signature is good\n/);
    expect(stdout).toContain(
      'FORMAT_TOO_LARGE: the input is larger than the limit and has not been judged\n',
    );
  }, 60_000);
});

(sharedMaterialPresent() ? describe : describe.skip)('qaqpa verify on pasted shapes that went wrong', () => {
  it.each(['40-pem-one-line', '43-base64-of-pem', '46-pem-literal-backslash-n'])('reads %s', async (name) => {
    const args = ['--trust', sharedPath('cases/trust-cms'), '--revocation', 'none', '--json'];
    const { code, stdout } = await qaqpa(['verify', sharedPath(`cases/pem/${name}.txt`), ...args], {
      now: new Date('2026-12-01T00:00:00Z'),
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      indication: 'TOTAL_PASSED',
      signatures: [{ contentVerified: true }],
    });
  });
});
