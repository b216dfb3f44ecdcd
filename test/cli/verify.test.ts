import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type VerificationReport } from '../../src/eds/judgement/verdict.js';
import { qaqpa } from '../support/cli.js';
import { sharedMaterialPresent, sharedPath } from '../support/shared-material.js';

const scratch = mkdtempSync(join(tmpdir(), 'qaqpa-verify-'));
const vector = (name: string): string => sharedPath(`vectors/${name}`);

/** The production CAs, the test CAs of НУЦ РК, and the two whose issuer nobody publishes. */
const TRUST = [
  ['--trust', sharedPath('certs/ship')],
  ['--trust', sharedPath('certs/pinned')],
  ['--anchor', sharedPath('certs/pinned/nca_rsa_test.pem')],
  ['--anchor', sharedPath('certs/pinned/nca_gost_test.pem')],
].flat();

async function verify(
  name: string,
  ...args: readonly string[]
): Promise<{ code: number | null; report: VerificationReport }> {
  const { code, stdout, stderr } = await qaqpa(['verify', vector(name), '--json', ...TRUST, ...args]);
  expect(stderr).toBe('');
  return { code, report: JSON.parse(stdout) as VerificationReport };
}

const NONE = ['--revocation', 'none'];

(sharedMaterialPresent() ? describe : describe.skip)('qaqpa verify on real НУЦ РК artefacts', () => {
  it.each([
    ['cms-gost2015-attached-t.der', '2026-08-01T00:00:00Z', [], 'CAdES-T', 'GOST R 34.10-2015-512'],
    [
      'cms-gost2015-detached-t.der',
      '2026-08-01T00:00:00Z',
      ['--content', vector('cms-gost2015-document.txt')],
      'CAdES-T',
      'GOST R 34.10-2015-512',
    ],
    ['cms-rsa-attached.der', '2021-06-01T00:00:00Z', [], 'CMS', 'RSA-2048'],
    // The signer expired long ago; its time-stamp proves that the signature is older.
    ['cms-gost2004-t.pem', '2026-11-23T00:00:00Z', [], 'CAdES-T', 'GOST 34.310-2004'],
    ['xmldsig-rsa.xml', '2021-06-01T00:00:00Z', [], 'XMLDSig', 'RSA-2048'],
    ['xmldsig-gost2015.xml', '2025-01-01T00:00:00Z', [], 'XMLDSig', 'GOST R 34.10-2015-512'],
  ])('finds the signature of %s good at %s', async (name, at, more, format, key) => {
    const { code, report } = await verify(name, '--at', at, ...NONE, ...more);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      indication: 'TOTAL_PASSED',
      subIndication: null,
      policy: 'document',
      validatedAt: new Date(at).toISOString(),
      signatures: [{ format, algorithm: { key }, contentVerified: true }],
    });
    const [signature] = report.signatures;
    expect(signature?.signer?.iin).toMatch(/^\d{12}$/);
    expect(signature?.revocation.map(({ status }) => status)).toContain('not-checked');
    expect(signature?.timestamps.every(({ valid }) => valid)).toBe(true);
    expect(signature?.steps.map((step) => step.name)).toEqual([
      'structure',
      'digest',
      'signature',
      'path',
      'revocation',
      'timestamp',
      'policy',
      'identity',
    ]);
  });

  it.each([
    ['ocsp-rsa-good.der', '2022-09-02T17:00:00Z', 'OCSP'],
    ['ocsp-gost2015-revoked.der', '2022-09-02T17:00:00Z', 'OCSP'],
    ['crl-gost2015.crl', '2022-09-02T17:00:00Z', 'CRL'],
    ['tsp-gost2004-response.der', '2026-11-23T00:00:00Z', 'RFC3161'],
  ])('finds the signature of %s good at %s', async (name, at, format) => {
    const { code, report } = await verify(name, '--at', at, ...NONE);
    expect(code).toBe(0);
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED', signatures: [{ format }] });
  });

  it('refuses a detached signature over other bytes, and has no verdict without any', async () => {
    const at = ['--at', '2026-08-01T00:00:00Z', ...NONE];
    const other = await verify('cms-gost2015-detached-t.der', ...at, '--content', vector('INDEX.tsv'));
    expect(other).toMatchObject({
      code: 1,
      report: { indication: 'TOTAL_FAILED', subIndication: 'HASH_FAILURE' },
    });
    const without = await verify('cms-gost2015-detached-t.der', ...at);
    expect(without).toMatchObject({
      code: 2,
      report: { indication: 'INDETERMINATE', subIndication: 'SIGNED_DATA_NOT_FOUND' },
    });
  });

  it('does not believe a claimed time: an expired signer without a time-stamp stays unproved', async () => {
    const { code, report } = await verify('cms-rsa-attached.der', '--at', '2026-11-23T00:00:00Z', ...NONE);
    expect(code).toBe(2);
    expect(report).toMatchObject({ subIndication: 'OUT_OF_BOUNDS_NO_POE', code: 'CERTIFICATE_EXPIRED' });
  });

  it('demands a valid time-stamp where it is told to', async () => {
    const at = ['--at', '2026-08-01T00:00:00Z', ...NONE, '--require-timestamp'];
    expect(await verify('cms-gost2015-attached-t.der', ...at)).toMatchObject({ code: 0 });
    const bare = await verify(
      'cms-rsa-attached.der',
      '--at',
      '2021-06-01T00:00:00Z',
      ...NONE,
      '--require-timestamp',
    );
    expect(bare).toMatchObject({ code: 2, report: { code: 'TIMESTAMP_REQUIRED' } });
  });

  it('uses a given OCSP response, and does not pass without one', async () => {
    const ocsp = ['--ocsp', vector('ocsp-rsa-good.der')];
    const offline = ['--revocation', 'offline', '--at', '2021-06-01T00:00:00Z'];
    // It is of 2022: at that time it says nothing yet.
    const early = await verify('cms-rsa-attached.der', ...offline, ...ocsp);
    expect(early).toMatchObject({ code: 2, report: { subIndication: 'TRY_LATER', code: 'OCSP_STALE' } });
    const nobody = await verify('cms-rsa-attached.der', ...offline);
    expect(nobody).toMatchObject({ code: 2, report: { code: 'REVOCATION_UNAVAILABLE' } });
  });

  it('trusts nothing but what it is told to trust', async () => {
    const args = [
      'verify',
      vector('cms-rsa-attached.der'),
      '--json',
      '--at',
      '2021-06-01T00:00:00Z',
      ...NONE,
    ];
    const shipped = await qaqpa(args);
    expect(shipped.code).toBe(2);
    expect(JSON.parse(shipped.stdout)).toMatchObject({ code: 'PATH_UNTRUSTED' });
    const anchored = await qaqpa([...args, '--anchor', sharedPath('certs/pinned/nca_rsa_test.pem')]);
    expect(anchored.code).toBe(0);
  });

  it('reads a signature from standard input', async () => {
    const input = readFileSync(vector('cms-gost2004-t.pem'));
    const { code } = await qaqpa(['verify', '-', ...TRUST, ...NONE], { input });
    expect(code).toBe(0);
  });

  it('tells people each step, its code and what it means', async () => {
    const args = [
      'verify',
      vector('cms-rsa-attached.der'),
      ...TRUST,
      ...NONE,
      '--at',
      '2026-11-23T00:00:00Z',
    ];
    const { stdout } = await qaqpa(args);
    expect(stdout).toMatch(
      /^INDETERMINATE: it is not proved that the signature is good\nOUT_OF_BOUNDS_NO_POE: /,
    );
    expect(stdout).toContain('path        indeterminate (CERTIFICATE_EXPIRED: the certificate has expired)');
    expect(stdout).toContain('policy      not-run');
  });
});

describe('qaqpa verify on anything else', () => {
  it.each([
    ['an empty file', ''],
    ['a letter', 'Good day, please find attached the signed contract.'],
    ['random bytes', Buffer.from('ff00a1b2c3d4', 'hex')],
    ['XML without a signature', '<a/>'],
    ['half a PEM block', '-----BEGIN CMS-----\nMIIB'],
  ])('finds no signature in %s', async (_, content) => {
    const file = join(scratch, 'input');
    writeFileSync(file, content);
    const { code, stdout } = await qaqpa(['verify', file, '--json', ...NONE]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      indication: 'TOTAL_FAILED',
      subIndication: 'FORMAT_FAILURE',
      signatures: [],
    });
  });

  it.each([
    [['verify']],
    [['verify', 'a', 'b']],
    [['verify', 'a', '--format', 'pdf']],
    [['verify', 'a', '--revocation', 'maybe']],
    [['verify', 'a', '--at', 'yesterday']],
    [['verify', 'a', '--at', '2026-02-30T00:00:00Z']],
    [['verify', 'a', '--at', '2026-02-03']],
    [['verify', 'a', '--revocation', 'none', '--crl', 'x']],
    [['verify', 'a', '--unknown']],
  ])('answers %j with 64 and no verdict', async (args) => {
    expect(await qaqpa([...args, '--json'])).toMatchObject({ code: 64, stdout: '' });
  });

  it('answers unreadable files with 65 and no verdict', async () => {
    const file = join(scratch, 'text');
    writeFileSync(file, 'text');
    const cases = [
      [join(scratch, 'nowhere'), '--revocation', 'none'],
      [scratch, '--revocation', 'none'],
      [file, '--content', join(scratch, 'nowhere'), '--revocation', 'none'],
      [file, '--trust', join(scratch, 'nowhere'), '--revocation', 'none'],
      [file, '--trust', scratch, '--revocation', 'none'],
      [file, '--anchor', file, '--revocation', 'none'],
      [file, '--revocation', 'offline', '--crl', file],
      [file, '--revocation', 'offline', '--ocsp', join(scratch, 'nowhere')],
    ];
    for (const args of cases) {
      expect(await qaqpa(['verify', ...args, '--json'])).toMatchObject({ code: 65, stdout: '' });
    }
  });
});
