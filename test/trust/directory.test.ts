import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadTrustFiles } from '../../src/trust/directory.js';
import { TrustError } from '../../src/trust/error.js';
import { checkAuthorities } from '../../src/trust/authority.js';
import { parseCertificate } from '../../src/eds/certificate/certificate.js';
import { createLaboratory } from '../../src/lab/index.js';
import { SHIPPED } from './folder.js';

function folderOf(...files: readonly string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'qaqpa-files-'));
  for (const file of files) copyFileSync(join(SHIPPED, file), join(directory, file));
  return directory;
}

describe('trust out of plain files', () => {
  it('adds to a given set and says so in its version', async () => {
    const base = await loadTrustFiles([folderOf('root_rsa.pem')], [], null);
    const { entries, version } = await loadTrustFiles([], [join(SHIPPED, 'nca_gost.pem')], base);
    expect(entries.map(({ role }) => role)).toEqual(['anchor', 'anchor']);
    expect(version).toMatch(/^files\+[0-9a-f]{12}\+files\+[0-9a-f]{12}$/);
  });

  it('takes self-signed certificates as anchors and others as intermediates', async () => {
    const { entries } = await loadTrustFiles([folderOf('root_rsa.pem', 'nca_rsa.pem')], [], null);
    expect(entries.map(({ role }) => role)).toEqual(['intermediate', 'anchor']);
  });

  describe('with a certificate issued under its own name by another key', () => {
    /** The root of an authority and the certificate with which it moves to its next key. */
    async function renewed(): Promise<{ root: Uint8Array; next: Uint8Array }> {
      const lab = await createLaboratory({ algorithms: ['gost2015-512'] });
      const name = { algorithm: 'gost2015-512', commonName: 'ОРТАЛЫҚ' } as const;
      const root = await lab.issueAuthority({ ...name, issuer: 'self' });
      const next = await lab.issueAuthority({ ...name, issuer: root });
      return { root: root.certificate, next: next.certificate };
    }

    it('takes it for no anchor', async () => {
      const { root, next } = await renewed();
      const alone = folderOf();
      writeFileSync(join(alone, 'next.cer'), next);
      await expect(loadTrustFiles([alone], [], null)).rejects.toMatchObject({
        problems: [{ code: 'TRUST_EMPTY' }],
      });
      writeFileSync(join(alone, 'root.cer'), root);
      const { entries } = await loadTrustFiles([alone], [], null);
      expect(entries.map(({ role }) => role)).toEqual(['intermediate', 'anchor']);
    });

    it('takes it for no anchor of a manifest either', async () => {
      const { next } = await renewed();
      const certificate = parseCertificate(next);
      expect(checkAuthorities([{ name: 'next', role: 'anchor', certificate }])).toMatchObject([
        { code: 'SIGNATURE_INVALID', entry: 'next' },
      ]);
    });

    it('takes a self-signed one whose signature is spoilt for no anchor', async () => {
      const { root } = await renewed();
      const spoilt = new Uint8Array(root);
      spoilt[spoilt.length - 1]! ^= 1;
      const folder = folderOf();
      writeFileSync(join(folder, 'root.cer'), spoilt);
      await expect(loadTrustFiles([folder], [], null)).rejects.toMatchObject({
        problems: [{ code: 'TRUST_EMPTY' }],
      });
    });
  });

  it('joins several folders, counts a certificate once and skips other files', async () => {
    const first = folderOf('root_rsa.pem', 'nca_rsa.pem');
    writeFileSync(join(first, 'README.md'), 'not a certificate');
    const { entries } = await loadTrustFiles([first, folderOf('root_rsa.pem', 'root_gost.pem')], [], null);
    expect(entries).toHaveLength(3);
  });

  it('takes any certificate as an anchor that is named as one', async () => {
    const { entries } = await loadTrustFiles([], [join(SHIPPED, 'nca_rsa.pem')], null);
    expect(entries.map(({ role }) => role)).toEqual(['anchor']);
  });

  it('has the same version for the same certificates wherever they lie', async () => {
    const versions = await Promise.all(
      [folderOf('root_rsa.pem', 'nca_rsa.pem'), folderOf('nca_rsa.pem', 'root_rsa.pem')].map((directory) =>
        loadTrustFiles([directory], [], null).then(({ version }) => version),
      ),
    );
    expect(versions[0]).toBe(versions[1]);
    const other = await loadTrustFiles([folderOf('root_rsa.pem')], [], null);
    expect(other.version).not.toBe(versions[0]);
  });

  it.each([
    ['is empty', () => folderOf()],
    ['has intermediates only', () => folderOf('nca_rsa.pem')],
    ['is not there', () => join(tmpdir(), 'qaqpa-nowhere')],
    [
      'holds a damaged certificate',
      () => {
        const directory = folderOf('root_rsa.pem');
        writeFileSync(join(directory, 'damaged.cer'), Buffer.from('3082ffff', 'hex'));
        return directory;
      },
    ],
  ])('refuses a folder that %s', async (_, make) => {
    await expect(loadTrustFiles([make()], [], null)).rejects.toBeInstanceOf(TrustError);
  });
});
