import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readCertificateFile } from '../../src/trust/certificate-file.js';
import { add, changeTrust, earlier, exclude, obtain, restore, retire } from '../../src/trust/change.js';
import { TrustError } from '../../src/trust/error.js';
import { loadTrust } from '../../src/trust/load.js';
import { nextVersion } from '../../src/trust/manifest.js';
import { copyOfShipped, editEntry, readManifest, SHIPPED, writeManifest } from './folder.js';

const NOW = new Date('2026-11-23T10:00:00Z');
const UNTIL = new Date('2027-01-01T00:00:00Z');

async function codesOf(change: Promise<unknown>): Promise<readonly string[]> {
  const error = await change.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (!(error instanceof TrustError)) throw new Error('the change was not refused', { cause: error });
  return error.problems.map(({ code }) => code);
}

function statusOf(directory: string, name: string): string | undefined {
  return readManifest(directory).entries.find((entry) => entry.name === name)?.status;
}

describe('a change of trust', () => {
  it('gets a new version and keeps the previous manifest, byte by byte', async () => {
    const directory = copyOfShipped();
    const before = readFileSync(join(directory, 'manifest.json'), 'utf8');
    const { previous, trust } = await changeTrust(directory, NOW, (manifest) =>
      retire(manifest, 'nca_gost', UNTIL),
    );
    expect(previous).toBe('2026-11-23.1');
    expect(trust.manifest.version).toBe('2026-11-23.2');
    expect(readFileSync(join(directory, 'history', '2026-11-23.1.json'), 'utf8')).toBe(before);
    expect((await loadTrust(directory, NOW)).set.version).toBe(trust.set.version);
  });

  it('retires, excludes and restores', async () => {
    const directory = copyOfShipped();
    await changeTrust(directory, NOW, (manifest) => retire(manifest, 'nca_gost', UNTIL));
    expect(statusOf(directory, 'nca_gost')).toBe('retiring');
    await changeTrust(directory, NOW, (manifest) => exclude(manifest, 'nca_gost'));
    expect((await loadTrust(directory, NOW)).set.entries).toHaveLength(5);
    await changeTrust(directory, NOW, (manifest) => restore(manifest, 'nca_gost'));
    expect((await loadTrust(directory, NOW)).set.entries).toHaveLength(6);
  });

  it('is taken back by the entries of an earlier version, under a new version', async () => {
    const directory = copyOfShipped();
    await changeTrust(directory, NOW, (manifest) => exclude(manifest, 'nca_gost'));
    const { trust } = await changeTrust(directory, NOW, () => earlier(directory, '2026-11-23.1'));
    expect(trust.manifest.version).toBe('2026-11-23.3');
    expect(statusOf(directory, 'nca_gost')).toBe('active');
  });

  it.each(['2020-01-01.1', '../manifest', ''])('cannot go back to version %j', async (version) => {
    const directory = copyOfShipped();
    expect(await codesOf(changeTrust(directory, NOW, () => earlier(directory, version)))).toEqual([
      'CHANGE_INVALID',
    ]);
  });

  it('is refused when its result would not hold together, and leaves no trace', async () => {
    const directory = copyOfShipped();
    const before = readdirSync(directory).sort();
    const text = readFileSync(join(directory, 'manifest.json'), 'utf8');
    const refused = changeTrust(directory, NOW, (manifest) => exclude(manifest, 'root_gost_2022'));
    expect(await codesOf(refused)).toEqual(['ISSUER_MISSING']);
    expect(readdirSync(directory).sort()).toEqual(before);
    expect(readFileSync(join(directory, 'manifest.json'), 'utf8')).toBe(text);
  });

  it('is refused for a name that is not there, and for one that is in that state already', async () => {
    const directory = copyOfShipped();
    expect(await codesOf(changeTrust(directory, NOW, (m) => exclude(m, 'nobody')))).toEqual([
      'CHANGE_INVALID',
    ]);
    expect(await codesOf(changeTrust(directory, NOW, (m) => restore(m, 'nca_gost')))).toEqual([
      'CHANGE_INVALID',
    ]);
    expect(await codesOf(changeTrust(directory, NOW, (m) => retire(m, 'kuc_2011', UNTIL)))).toEqual([
      'CHANGE_INVALID',
    ]);
  });

  it('is refused while another one is running', async () => {
    const directory = copyOfShipped();
    const outcomes = await Promise.allSettled(
      ['nca_gost', 'nca_rsa', 'nca_gost_2022'].map((name) =>
        changeTrust(directory, NOW, (manifest) => retire(manifest, name, UNTIL)),
      ),
    );
    const done = outcomes.filter(({ status }) => status === 'fulfilled');
    const retiring = readManifest(directory).entries.filter(({ status }) => status === 'retiring');
    expect(done).toHaveLength(1);
    expect(retiring).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(await codesOf(Promise.reject(outcome.reason as Error))).toEqual(['CHANGE_CONFLICT']);
    }
    expect(existsSync(join(directory, '.manifest.lock'))).toBe(false);
  });

  it('repairs a folder whose certificates do not fit, but not one whose manifest is unreadable', async () => {
    const directory = copyOfShipped();
    editEntry(directory, 'nca_gost', { window: { from: null, until: '2026-01-01T00:00:00Z' } });
    await changeTrust(directory, NOW, (manifest) => exclude(manifest, 'nca_gost'));
    writeFileSync(join(directory, 'manifest.json'), '{');
    expect(await codesOf(changeTrust(directory, NOW, (m) => exclude(m, 'nca_rsa')))).toEqual([
      'MANIFEST_MALFORMED',
    ]);
  });

  (process.getuid?.() === 0 ? it.skip : it)('is refused in a folder that cannot be written', async () => {
    const directory = copyOfShipped();
    chmodSync(directory, 0o555);
    expect(await codesOf(changeTrust(directory, NOW, (m) => exclude(m, 'nca_rsa')))).toEqual([
      'CHANGE_INVALID',
    ]);
  });
});

describe('adding a certificate', () => {
  /** The shipped folder without the GOST-2015 hierarchy, as if it had never been known. */
  function withoutToday(): string {
    const directory = copyOfShipped();
    const manifest = readManifest(directory);
    const entries = manifest.entries.filter(({ name }) => !name.endsWith('gost_2022'));
    writeManifest(directory, { ...manifest, entries });
    return directory;
  }

  async function addFile(directory: string, file: string, name: string): Promise<unknown> {
    const [certificate] = await readCertificateFile(join(SHIPPED, file));
    return changeTrust(directory, NOW, (manifest) =>
      add(manifest, {
        name,
        certificate: certificate!,
        purposes: ['document'],
        window: { from: null, until: null },
        note: 'test',
      }),
    );
  }

  it('takes a self-signed one as an anchor and the next as an intermediate under it', async () => {
    const directory = withoutToday();
    await addFile(directory, 'root_gost_2022.pem', 'new-root');
    await addFile(directory, 'nca_gost_2022.pem', 'new.ca');
    const added = readManifest(directory).entries.slice(-2);
    expect(added).toMatchObject([
      { name: 'new-root', role: 'anchor', file: 'new-root.pem', purposes: ['document'] },
      { name: 'new.ca', role: 'intermediate', file: 'new_ca.pem' },
    ]);
    expect((await loadTrust(directory, NOW)).set.entries).toHaveLength(6);
  });

  it('refuses an intermediate whose issuer is not trusted, and takes its file away again', async () => {
    const directory = withoutToday();
    expect(await codesOf(addFile(directory, 'nca_gost_2022.pem', 'orphan'))).toEqual(['ISSUER_MISSING']);
    expect(existsSync(join(directory, 'orphan.pem'))).toBe(false);
  });

  it('refuses a certificate that is there, one that is excluded, and a name that is taken', async () => {
    const directory = copyOfShipped();
    expect(await codesOf(addFile(directory, 'nca_rsa.pem', 'again'))).toEqual(['CHANGE_INVALID']);
    editEntry(directory, 'nca_rsa', { status: 'excluded' });
    expect(await codesOf(addFile(directory, 'nca_rsa.pem', 'again'))).toEqual(['CHANGE_INVALID']);
    expect(await codesOf(addFile(withoutToday(), 'root_gost_2022.pem', 'root_rsa'))).toEqual([
      'CHANGE_INVALID',
    ]);
  });

  it('puts a pinned but absent certificate in its place on the pinned terms', async () => {
    const directory = copyOfShipped();
    editEntry(directory, 'nca_rsa', { file: null });
    await addFile(directory, 'nca_rsa.pem', 'whatever');
    expect(readManifest(directory).entries.find(({ name }) => name === 'nca_rsa')).toMatchObject({
      file: 'nca_rsa.pem',
      purposes: ['document', 'timestamp', 'ocsp'],
    });
  });

  it('never accepts obtained bytes that do not match the pin', async () => {
    const directory = copyOfShipped();
    editEntry(directory, 'nca_rsa', { file: null });
    const [stranger] = await readCertificateFile(join(SHIPPED, 'root_rsa.pem'));
    rmSync(join(directory, 'nca_rsa.pem'));
    const refused = changeTrust(directory, NOW, (manifest) =>
      obtain(manifest, new Map([['nca_rsa', stranger!]])),
    );
    expect(await codesOf(refused)).toContain('PIN_MISMATCH');
    expect(existsSync(join(directory, 'nca_rsa.pem'))).toBe(false);
  });
});

describe('versions', () => {
  it.each([
    ['2026-11-23.1', '2026-11-23.2'],
    ['2026-11-22.9', '2026-11-23.1'],
    ['2027-01-01.9', '2027-01-01.10'],
  ])('go from %s to %s and never backwards', (previous, next) => {
    expect(nextVersion(previous, NOW)).toBe(next);
  });
});
