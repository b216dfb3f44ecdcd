import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { qaqpa } from '../support/cli.js';
import { copyOfShipped, editEntry, readManifest, SHIPPED } from '../trust/folder.js';

interface Listing {
  readonly version: string;
  readonly entries: readonly { readonly name: string; readonly status: string; readonly present: boolean }[];
}

async function listing(directory: string): Promise<Listing> {
  const { stdout } = await qaqpa(['trust', 'list', '--json', '--directory', directory]);
  return JSON.parse(stdout) as Listing;
}

describe('qaqpa trust', () => {
  it('lists the shipped certificates, also those that are only pinned', async () => {
    const { code, stdout } = await qaqpa(['trust', 'list']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/nca_gost_2022 +intermediate +active +login document timestamp ocsp/);
    expect(stdout).toMatch(/nca_rsa_2022 +intermediate +absent/);
    expect(stdout).toMatch(/kuc_2011 +anchor +excluded/);
  });

  it('works on the folder of QAQPA_TRUST_DIR', async () => {
    const directory = copyOfShipped();
    editEntry(directory, 'nca_rsa', { status: 'excluded' });
    const { stdout } = await qaqpa(['trust', 'list'], { env: { QAQPA_TRUST_DIR: directory } });
    expect(stdout).toMatch(/nca_rsa +intermediate +excluded/);
  });

  it('verifies the shipped folder, and names every problem of a broken one', async () => {
    expect(await qaqpa(['trust', 'verify'])).toMatchObject({ code: 0 });
    const directory = copyOfShipped();
    rmSync(join(directory, 'nca_gost.pem'));
    editEntry(directory, 'nca_rsa', { serial: '01' });
    const { code, stderr } = await qaqpa(['trust', 'verify', '--directory', directory]);
    expect(code).toBe(1);
    expect(stderr).toContain('FILE_MISSING: nca_gost:');
    expect(stderr).toContain('DESCRIPTION_MISMATCH: nca_rsa:');
  });

  it('retires, excludes, restores and rolls back', async () => {
    const directory = copyOfShipped();
    const run = (...args: string[]): ReturnType<typeof qaqpa> =>
      qaqpa(['trust', ...args, '--directory', directory]);
    expect(await run('retire', 'nca_gost', 'root_gost', '--until', '2099-01-01T00:00:00Z')).toMatchObject({
      code: 0,
    });
    expect(await run('exclude', 'nca_gost')).toMatchObject({ code: 0 });
    expect((await listing(directory)).entries.filter(({ name }) => name.endsWith('_gost'))).toMatchObject([
      { name: 'root_gost', status: 'retiring' },
      { name: 'nca_gost', status: 'excluded' },
      { name: 'ucgo_gost' },
      { name: 'btsd_gost' },
    ]);
    expect(await run('restore', 'nca_gost', 'root_gost')).toMatchObject({ code: 0 });
    expect(await run('rollback', '2026-11-23.1')).toMatchObject({ code: 0 });
    expect(readManifest(directory).entries).toEqual(readManifest(SHIPPED).entries);
  });

  it('refuses a change that would leave an intermediate without its anchor, and changes nothing', async () => {
    const directory = copyOfShipped();
    const before = await listing(directory);
    const { code, stderr } = await qaqpa(['trust', 'exclude', 'root_rsa', '--directory', directory]);
    expect(code).toBe(1);
    expect(stderr).toContain('ISSUER_MISSING: nca_rsa');
    expect(await listing(directory)).toEqual(before);
  });

  it('adds a certificate with the purposes it is told', async () => {
    const directory = copyOfShipped();
    const manifest = readManifest(directory);
    const entries = manifest.entries.filter(({ name }) => name !== 'nca_rsa');
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ ...manifest, entries }));
    const args = ['trust', 'add', join(SHIPPED, 'nca_rsa.pem'), '--name', 'old-ca', '--directory', directory];
    expect(await qaqpa([...args, '--purpose', 'timestamp', '--purpose', 'ocsp'])).toMatchObject({ code: 0 });
    expect(readManifest(directory).entries.at(-1)).toMatchObject({
      name: 'old-ca',
      purposes: ['timestamp', 'ocsp'],
    });
  });

  it.each([
    [['trust']],
    [['trust', 'destroy']],
    [['trust', 'list', 'root_rsa']],
    [['trust', 'list', '--until', '2027-01-01T00:00:00Z']],
    [['trust', 'retire', 'nca_gost']],
    [['trust', 'retire', 'nca_gost', '--until', 'tomorrow']],
    [['trust', 'retire', 'nca_gost', '--until', '2027-02-30T00:00:00Z']],
    [['trust', 'exclude']],
    [['trust', 'add', 'file.pem', '--name', 'x', '--purpose', 'everything']],
  ])('answers %j with 64', async (args) => {
    // Were one of these to be obeyed, it would be in a folder of its own.
    const env = { QAQPA_TRUST_DIR: copyOfShipped() };
    expect(await qaqpa(args, { env })).toMatchObject({ code: 64 });
  });

  it('answers a file that is no certificate with 65', async () => {
    const args = ['trust', 'add', join(SHIPPED, 'manifest.json'), '--name', 'x', '--purpose', 'document'];
    expect(await qaqpa(args, { env: { QAQPA_TRUST_DIR: copyOfShipped() } })).toMatchObject({ code: 65 });
  });
});

describe('qaqpa trust sync', () => {
  function withoutRsa(): string {
    const directory = copyOfShipped();
    for (const name of ['root_rsa', 'nca_rsa']) {
      editEntry(directory, name, { file: null });
      rmSync(join(directory, `${name}.pem`));
    }
    const manifest = readManifest(directory);
    const entries = manifest.entries.filter(({ file, name }) => file !== null || name.endsWith('_rsa'));
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ ...manifest, entries }));
    return directory;
  }

  it('takes from a local folder what matches its pin', async () => {
    const directory = withoutRsa();
    const { code, stdout } = await qaqpa(['trust', 'sync', '--from', SHIPPED, '--directory', directory]);
    expect(code).toBe(0);
    expect(stdout).toContain('nca_rsa: obtained');
    expect((await listing(directory)).entries.every(({ present }) => present)).toBe(true);
    expect(await qaqpa(['trust', 'verify', '--directory', directory])).toMatchObject({ code: 0 });
  });

  it('leaves an intermediate aside whose issuer was not obtained', async () => {
    const directory = withoutRsa();
    const from = mkdtempSync(join(tmpdir(), 'qaqpa-from-'));
    cpSync(join(SHIPPED, 'nca_rsa.pem'), join(from, 'anything.cer'));
    const { code, stdout } = await qaqpa(['trust', 'sync', '--from', from, '--directory', directory]);
    expect(code).toBe(1);
    expect(stdout).toContain('nca_rsa: refused (its issuer is not in the set)');
    expect(stdout).toContain('root_rsa: not obtained');
    expect(await qaqpa(['trust', 'verify', '--directory', directory])).toMatchObject({ code: 0 });
  });

  it('takes over the network only the pinned certificate, whatever the server says', async () => {
    const certificate = readFileSync(join(SHIPPED, 'root_rsa.pem'));
    const server = createServer((request, response) => {
      if (request.url === '/moved.cer') response.writeHead(302, { location: '/root.cer' }).end();
      else if (request.url === '/root.cer') response.end(certificate);
      else if (request.url === '/other.cer') response.end(readFileSync(join(SHIPPED, 'root_gost.pem')));
      else response.end(Buffer.alloc(10 * 1024 * 1024, 0x30));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const directory = withoutRsa();
      const pages = (...names: string[]): object => ({
        provenance: { urls: names.map((name) => `${base}/${name}`), note: '' },
      });
      editEntry(directory, 'root_rsa', pages('moved.cer', 'other.cer', 'huge.cer', 'root.cer'));
      editEntry(directory, 'nca_rsa', pages('other.cer', 'huge.cer', 'moved.cer'));
      const { code, stdout } = await qaqpa(['trust', 'sync', '--directory', directory]);
      expect(code).toBe(1);
      expect(stdout).toContain(`root_rsa: obtained (${base}/root.cer)`);
      expect(stdout).toContain(`nca_rsa: not obtained (${base}/other.cer: another certificate, refused`);
    } finally {
      server.close();
    }
  });
});
