import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTrustSet, type TrustSet } from '../../src/eds/trust-set.js';
import { type VerificationReport } from '../../src/eds/judgement/verdict.js';
import { verifyCms } from '../../src/eds/cms/verify.js';
import { NOBODY_TO_ASK, OFFLINE_DOCUMENT, trusted } from './support.js';

/** Signed by OpenSSL, of which the verifier uses nothing but the RSA arithmetic. */
describe('a CMS signature made by OpenSSL', () => {
  let folder: string;
  let trust: TrustSet;
  const content = new Uint8Array(300_000).fill(0x61);

  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'qaqpa-openssl-'));
    writeFileSync(join(folder, 'content.txt'), content);
    writeFileSync(
      join(folder, 'leaf.cnf'),
      'keyUsage=critical,digitalSignature,nonRepudiation\nextendedKeyUsage=emailProtection\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n',
    );
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=CA',
      '-days',
      '30',
      '-addext',
      'keyUsage=critical,keyCertSign',
    );
    openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'leaf.key',
      '-out',
      'leaf.csr',
      '-subj',
      '/CN=A B/serialNumber=IIN900101300018',
    );
    openssl(
      'x509',
      '-req',
      '-in',
      'leaf.csr',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-out',
      'leaf.pem',
      '-days',
      '20',
      '-extfile',
      'leaf.cnf',
    );
    trust = createTrustSet('openssl', [trusted(readFileSync(join(folder, 'ca.pem'), 'utf8'))]);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const verify = async (...options: string[]): Promise<VerificationReport> => {
    openssl(
      'cms',
      '-sign',
      '-binary',
      '-in',
      'content.txt',
      '-signer',
      'leaf.pem',
      '-inkey',
      'leaf.key',
      '-outform',
      'DER',
      '-out',
      'signed',
      ...options,
    );
    const cms = new Uint8Array(readFileSync(join(folder, 'signed')));
    const evidence = options.includes('-nodetach') ? { cms } : { cms, content };
    return verifyCms(evidence, trust, NOBODY_TO_ASK, OFFLINE_DOCUMENT, new Date());
  };

  it.each([
    ['attached', ['-nodetach']],
    ['detached', []],
    ['streamed in BER with indefinite lengths', ['-nodetach', '-stream']],
    ['without signed attributes', ['-nodetach', '-noattr']],
    ['naming its certificate by key identifier', ['-nodetach', '-keyid']],
    ['with the ESS attribute', ['-nodetach', '-cades']],
    ['with SHA-384', ['-nodetach', '-md', 'sha384']],
    ['with SHA-512', ['-nodetach', '-md', 'sha512']],
    [
      'with PSS',
      ['-nodetach', '-keyopt', 'rsa_padding_mode:pss', '-keyopt', 'rsa_pss_saltlen:32', '-md', 'sha256'],
    ],
  ])('passes %s', async (_how, options) => {
    const report = await verify(...options);
    expect([report.code, report.indication]).toEqual([null, 'TOTAL_PASSED']);
  });

  it.each([
    ['with SHA-1', ['-nodetach', '-md', 'sha1'], 'SIGNATURE_ALGORITHM_FORBIDDEN'],
    ['with SHA-224', ['-nodetach', '-md', 'sha224'], 'SIGNATURE_ALGORITHM_FORBIDDEN'],
    ['without its certificate', ['-nodetach', '-nocerts'], 'SIGNATURE_CERTIFICATE_MISSING'],
  ])('is refused %s', async (_how, options, code) => {
    const report = await verify(...options);
    expect([report.indication, report.code]).toEqual(['INDETERMINATE', code]);
  });
});
