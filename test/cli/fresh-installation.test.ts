/** What the program says where only the shipped certificates are there: some of НУЦ РК's are pinned and have to be obtained. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type VerificationReport } from '../../src/eds/judgement/verdict.js';
import { createLaboratory } from '../../src/lab/index.js';
import { qaqpa } from '../support/cli-in-process.js';
import { sharedMaterialPresent, sharedPath } from '../support/shared-material.js';
import { copyOfShipped, readManifest } from '../trust/folder.js';

const NOWHERE = { QAQPA_OCSP_URL: 'http://127.0.0.1:9', QAQPA_CRL_URLS: 'http://127.0.0.1:9/a.crl' };
/** The CAs of every RSA key issued since 2022. */
const RSA_TODAY = ['root_rsa_2020', 'nca_rsa_2022'];

const scratch = mkdtempSync(join(tmpdir(), 'qaqpa-fresh-'));
let trustFolder: string;
let env: Readonly<Record<string, string>>;

beforeAll(() => {
  trustFolder = copyOfShipped();
  env = { ...NOWHERE, QAQPA_TRUST_DIR: trustFolder, QAQPA_DATA_DIR: join(scratch, 'data') };
});
afterAll(() => {
  for (const folder of [scratch, trustFolder]) rmSync(folder, { recursive: true, force: true });
});

const pinOf = (name: string): string =>
  readManifest(trustFolder).entries.find((entry) => entry.name === name)!.sha256;
const command = (): string => `npx qaqpa trust sync --directory ${trustFolder}`;

/** A key whose issuer has the name of the RSA CA of today; who really signed it nobody can tell without that CA. */
async function rsaKey(): Promise<{ readonly certificate: string; readonly signature: string }> {
  const lab = await createLaboratory({
    now: new Date('2026-11-23T05:00:00Z'),
    algorithms: ['gost2015-512', 'rsa-2048'],
  });
  const issuer = await lab.issueAuthority({
    algorithm: 'rsa-2048',
    commonName: 'ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) 2022',
    issuer: 'self',
  });
  const key = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048', issuer });
  const files = { certificate: join(scratch, 'rsa.cer'), signature: join(scratch, 'rsa.p7s') };
  writeFileSync(files.certificate, key.certificate);
  writeFileSync(files.signature, await lab.signCms(key, Buffer.from('шарт')));
  return files;
}

describe('a fresh installation', () => {
  it.each([['doctor'], ['trust list'], ['trust verify']])(
    '%s names each pinned certificate that is absent, its SHA-256 and the command that obtains it',
    async (line) => {
      const { stdout } = await qaqpa(line.split(' '), { env });
      for (const name of [...RSA_TODAY, 'root_gost_2020', 'btsd_gost']) {
        const said = stdout
          .split('\n')
          .find((text) => text.includes(`${name}: pinned and not in the folder`));
        expect(said).toContain(`SHA-256 ${pinOf(name)}`);
        expect(said).toMatch(new RegExp(`obtain it with: ${command()}$`));
      }
      // Published inside an archive only.
      expect(stdout).toMatch(/ucgo_gost: .* obtain it with: .* --from FOLDER/);
    },
    60_000,
  );

  it('says so of the very certificate, where its absence is why a key is not trusted', async () => {
    const files = await rsaKey();
    for (const file of [files.certificate, files.signature]) {
      const args = ['verify', file, '--revocation', 'none'];
      const { code, stdout, stderr } = await qaqpa([...args, '--json'], { env });
      expect(code).toBe(2);
      const report = JSON.parse(stdout) as VerificationReport;
      expect(report).toMatchObject({
        indication: 'INDETERMINATE',
        code: 'PATH_UNTRUSTED',
        trust: {
          absent: [{ name: 'nca_rsa_2022', sha256: pinOf('nca_rsa_2022'), obtain: command() }],
        },
      });
      expect(stderr).toMatch(
        /^qaqpa: nca_rsa_2022: pinned and not in the folder.*trust sync --directory .*\n$/,
      );
      const people = await qaqpa(args, { env });
      expect(people.stdout).toContain(`absent          nca_rsa_2022, SHA-256 ${pinOf('nca_rsa_2022')}\n`);
      expect(people.stderr).toBe(stderr);
    }
  }, 60_000);

  it('blames no absent certificate for a stranger’s key, or where the trust is given by hand', async () => {
    const { signature } = await rsaKey();
    const trust = ['--trust', trustFolder, '--revocation', 'none'];
    const byHand = await qaqpa(['verify', signature, ...trust, '--json'], { env });
    expect(byHand.stderr).toBe('');
    expect((JSON.parse(byHand.stdout) as VerificationReport).trust.absent).toBeUndefined();
  }, 60_000);

  (sharedMaterialPresent() ? it : it.skip)(
    'judges what it did not, once the command was run',
    async () => {
      const file = sharedPath('certs/pinned/nca_rsa_2022.pem');
      const judge = async (path: string): Promise<VerificationReport> => {
        const { stdout } = await qaqpa(['verify', path, '--revocation', 'none', '--json'], { env });
        return JSON.parse(stdout) as VerificationReport;
      };
      expect(await judge(file)).toMatchObject({
        kind: 'certificate',
        code: 'PATH_UNTRUSTED',
        trust: { absent: [{ name: 'root_rsa_2020' }, { name: 'nca_rsa_2022' }] },
      });
      const root = await judge(sharedPath('certs/pinned/root_rsa_2020.pem'));
      expect(root).toMatchObject({
        code: 'PATH_SELF_SIGNED',
        trust: { absent: [{ name: 'root_rsa_2020' }] },
      });
      const sync = ['trust', 'sync', '--directory', trustFolder, '--from', sharedPath('certs/pinned')];
      expect((await qaqpa(sync, { env })).stdout).toMatch(/^nca_rsa_2022: obtained/m);
      expect(await judge(file)).toMatchObject({ kind: 'certificate', indication: 'TOTAL_PASSED' });
      const { stdout } = await qaqpa(['doctor'], { env });
      expect(stdout).not.toContain('pinned and not in the folder');
    },
    60_000,
  );
});
