import { cpSync, copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { TrustError, type TrustProblemCode } from '../../src/trust/error.js';
import { loadTrust } from '../../src/trust/load.js';
import { copyOfShipped, editEntry, readManifest, SHIPPED, writeManifest } from './folder.js';

const NOW = new Date('2026-11-23T00:00:00Z');
const OPEN = { from: null, until: null };

async function problemsOf(directory: string): Promise<readonly { code: TrustProblemCode; text: string }[]> {
  const error = await loadTrust(directory, NOW).then(
    () => null,
    (cause: unknown) => cause,
  );
  if (!(error instanceof TrustError)) throw new Error('the folder was not refused', { cause: error });
  return error.problems.map(({ code, entry, message }) => ({ code, text: `${entry ?? ''} ${message}` }));
}

describe('the shipped trust folder', () => {
  it('holds together: pins, signatures, constraints, an anchor for every intermediate', async () => {
    const { set } = await loadTrust(SHIPPED, NOW);
    expect(set.entries.map(({ role, certificate }) => [role, certificate.notAfter.getUTCFullYear()])).toEqual(
      [
        ['anchor', 2045],
        ['intermediate', 2045],
        ['anchor', 2025],
        ['intermediate', 2025],
        ['anchor', 2025],
        ['intermediate', 2025],
      ],
    );
  });

  it('lets only the hierarchy of today vouch for a login', async () => {
    const { set, manifest } = await loadTrust(SHIPPED, NOW);
    const login = set.entries.filter(({ purposes }) => purposes.includes('login'));
    expect(login.map(({ certificate }) => certificate.sha256)).toEqual([
      'af77725f8328bb24f89d81da3acdf7cee4324248538b7ba2cd2a860517fb9dca',
      '32c7d233a42703a327f3025543a05b930e3f39a786c68dfa196baa86d5618524',
    ]);
    const others = manifest.entries.filter(({ name }) => ['ucgo_gost', 'btsd_gost'].includes(name));
    expect(others.flatMap(({ purposes }) => purposes)).toEqual(['document', 'document']);
  });

  it('reports what is pinned but absent, and does not trust it', async () => {
    const { absent, set } = await loadTrust(SHIPPED, NOW);
    expect(absent.map(({ name }) => name)).toEqual([
      'root_rsa_2020',
      'nca_rsa_2022',
      'root_gost_2020',
      'ucgo_gost',
      'btsd_gost',
    ]);
    expect(set.entries).toHaveLength(6);
  });

  it('says of every absent CA which it is, by its pin, and how to get it', async () => {
    const { absent, warnings, manifest } = await loadTrust(SHIPPED, NOW);
    expect(absent).toHaveLength(5);
    for (const { name, sha256, subject, obtain } of absent) {
      const entry = manifest.entries.find((one) => one.name === name)!;
      expect([sha256, subject]).toEqual([entry.sha256, entry.subject]);
      const command = `npx qaqpa trust sync --directory ${SHIPPED}`;
      expect(obtain).toBe(
        entry.provenance.urls.length > 0 ? command : `${command} --from FOLDER (with the file in FOLDER)`,
      );
      expect(warnings).toContain(
        `${name}: pinned and not in the folder, so that nothing this authority issued is accepted (${subject}, SHA-256 ${sha256}); obtain it with: ${obtain}`,
      );
    }
  });

  it('asks for no CA whose time is over or that is excluded, and quotes a folder that a shell would split', async () => {
    const directory = join(copyOfShipped(), "a folder's");
    cpSync(SHIPPED, directory, { recursive: true });
    editEntry(directory, 'nca_rsa_2022', { status: 'excluded' });
    editEntry(directory, 'btsd_gost', {
      status: 'retiring',
      window: { from: null, until: '2026-01-01T00:00:00Z' },
    });
    const { absent } = await loadTrust(directory, NOW);
    expect(absent.map(({ name }) => name)).toEqual(['root_rsa_2020', 'root_gost_2020', 'ucgo_gost']);
    expect(absent[0]!.obtain).toBe(`npx qaqpa trust sync --directory '${directory.replace("'", "'\\''")}'`);
  });

  it('warns about every expired CA it still carries', async () => {
    const { warnings } = await loadTrust(SHIPPED, NOW);
    const expired = warnings.filter((text) => text.includes('expired on'));
    expect(expired.map((text) => text.split(':')[0])).toEqual([
      'root_gost',
      'nca_gost',
      'root_rsa',
      'nca_rsa',
    ]);
  });

  it('warns about every CA whose word on revocation counts for all others', async () => {
    const directory = copyOfShipped();
    editEntry(directory, 'root_gost_2022', { purposes: ['ocsp'] });
    editEntry(directory, 'nca_gost_2022', { purposes: ['login', 'ocsp'] });
    const { warnings } = await loadTrust(directory, NOW);
    expect(warnings.filter((text) => text.includes('designated'))).toEqual([
      'root_gost_2022: designated, its OCSP responders are believed about certificates of every trusted CA',
    ]);
  });

  it('names in its version what the manifest says and what its bytes are', async () => {
    const directory = copyOfShipped();
    const [shipped, copy] = [await loadTrust(SHIPPED, NOW), await loadTrust(directory, NOW)];
    expect(copy.set.version).toBe(shipped.set.version);
    expect(copy.set.version).toMatch(/^2026-11-23\.1\+[0-9a-f]{12}$/);
    editEntry(directory, 'nca_rsa', { window: { from: null, until: '2027-01-01T00:00:00Z' } });
    expect((await loadTrust(directory, NOW)).set.version).not.toBe(shipped.set.version);
  });

  it('pins the test CAs apart, and trusts none of them out of the box', async () => {
    const [problem] = await problemsOf(join(SHIPPED, 'nca-test'));
    expect(problem?.code).toBe('TRUST_EMPTY');
  });
});

describe('a trust folder is refused as a whole', () => {
  it('when there is no manifest', async () => {
    const directory = copyOfShipped();
    rmSync(join(directory, 'manifest.json'));
    expect(await problemsOf(directory)).toMatchObject([{ code: 'MANIFEST_UNREADABLE' }]);
  });

  it.each([
    ['is cut short', '{"version": "2026-11-23.1", "entries": ['],
    ['is empty', ''],
    ['is a list', '[]'],
    ['has no entries', '{"version": "2026-11-23.1", "entries": []}'],
    ['has a field of another program', '{"version": "2026-11-23.1", "entries": [], "trustAll": true}'],
  ])('when the manifest %s', async (_, text) => {
    const directory = copyOfShipped();
    writeFileSync(join(directory, 'manifest.json'), text);
    for (const { code } of await problemsOf(directory)) expect(code).toBe('MANIFEST_MALFORMED');
  });

  it('when an entry has an unknown field, a misspelt status or no purpose, naming all three', async () => {
    const directory = copyOfShipped();
    editEntry(directory, 'nca_rsa', { status: 'trusted' as 'active' });
    editEntry(directory, 'root_rsa', { purposes: [] });
    editEntry(directory, 'nca_gost', { until: 'tomorrow' } as object);
    const texts = (await problemsOf(directory)).map(({ text }) => text);
    expect(texts).toHaveLength(3);
    expect(texts.join('\n')).toMatch(/entries\.5.*\n.*entries\.6\.purposes.*\n.*entries\.7\.status/);
  });

  it.each(['../manifest.pem', '/etc/ssl/cert.pem', 'history/root.pem', '.pem', 'root.txt'])(
    'when a file is called %s',
    async (file) => {
      const directory = copyOfShipped();
      editEntry(directory, 'nca_rsa', { file });
      expect(await problemsOf(directory)).toMatchObject([{ code: 'MANIFEST_MALFORMED' }]);
    },
  );

  it('when a certificate is not the pinned one', async () => {
    const directory = copyOfShipped();
    copyFileSync(join(directory, 'root_rsa.pem'), join(directory, 'nca_gost_2022.pem'));
    const [first] = await problemsOf(directory);
    expect(first?.code).toBe('PIN_MISMATCH');
    expect(first?.text).toContain('nca_gost_2022');
  });

  it('when the pin itself was changed', async () => {
    const directory = copyOfShipped();
    editEntry(directory, 'root_gost_2022', { sha256: '0'.repeat(64) });
    expect((await problemsOf(directory)).map(({ code }) => code)).toContain('PIN_MISMATCH');
  });

  it('when a file is missing', async () => {
    const directory = copyOfShipped();
    rmSync(join(directory, 'nca_gost_2022.pem'));
    const [problem] = await problemsOf(directory);
    expect(problem).toMatchObject({ code: 'FILE_MISSING' });
    expect(problem?.text).toContain('nca_gost_2022.pem');
  });

  it('when a file is cut short', async () => {
    const directory = copyOfShipped();
    truncateSync(join(directory, 'nca_gost_2022.pem'), 400);
    expect(await problemsOf(directory)).toMatchObject([{ code: 'FILE_UNREADABLE' }]);
  });

  it('when a file holds two certificates', async () => {
    const directory = copyOfShipped();
    const both = ['nca_rsa.pem', 'root_rsa.pem'].map((name) => readFileSync(join(directory, name), 'utf8'));
    writeFileSync(join(directory, 'nca_rsa.pem'), both.join(''));
    expect(await problemsOf(directory)).toMatchObject([{ code: 'FILE_UNREADABLE' }]);
  });

  it('when a file is longer than any certificate', async () => {
    const directory = copyOfShipped();
    truncateSync(join(directory, 'nca_rsa.pem'), 64 * 1024 * 1024);
    expect(await problemsOf(directory)).toMatchObject([{ code: 'FILE_UNREADABLE' }]);
  });

  it('when the manifest describes another certificate than it pins', async () => {
    const directory = copyOfShipped();
    editEntry(directory, 'nca_rsa', { subject: 'CN=Somebody else', serial: '01' });
    expect((await problemsOf(directory)).map(({ code }) => code)).toEqual([
      'DESCRIPTION_MISMATCH',
      'DESCRIPTION_MISMATCH',
    ]);
  });

  it('when the same certificate stands there twice', async () => {
    const directory = copyOfShipped();
    const manifest = readManifest(directory);
    const twin = { ...manifest.entries[0], name: 'twin', file: 'twin.pem' };
    copyFileSync(join(directory, 'root_gost_2022.pem'), join(directory, 'twin.pem'));
    writeManifest(directory, { ...manifest, entries: [...manifest.entries, twin] });
    const [problem] = await problemsOf(directory);
    expect(problem).toEqual({
      code: 'MANIFEST_DUPLICATE',
      text: 'twin has the same certificate as root_gost_2022',
    });
  });

  it('when an excluded certificate comes back under another name', async () => {
    const directory = copyOfShipped();
    editEntry(directory, 'nca_rsa', { status: 'excluded' });
    const manifest = readManifest(directory);
    const excluded = manifest.entries.find(({ name }) => name === 'nca_rsa')!;
    const alias = { ...excluded, name: 'alias', status: 'active', file: 'alias.pem' };
    writeManifest(directory, { ...manifest, entries: [...manifest.entries, alias] });
    expect((await problemsOf(directory)).map(({ code }) => code)).toContain('MANIFEST_DUPLICATE');
  });

  it('when an active entry has a window that ended', async () => {
    const directory = copyOfShipped();
    editEntry(directory, 'nca_gost', { window: { from: null, until: '2026-01-01T00:00:00Z' } });
    const [problem] = await problemsOf(directory);
    expect(problem?.code).toBe('WINDOW_ENDED');
    expect(problem?.text).toContain('2026-01-01T00:00:00Z');
  });

  it('when a window ends before it begins', async () => {
    const directory = copyOfShipped();
    const window = { from: '2027-02-01T00:00:00Z', until: '2027-01-01T00:00:00Z' };
    editEntry(directory, 'nca_gost', { window });
    expect(await problemsOf(directory)).toMatchObject([{ code: 'WINDOW_INVALID' }]);
  });

  it('when an entry is retiring without saying until when', async () => {
    const directory = copyOfShipped();
    editEntry(directory, 'nca_gost', { status: 'retiring', window: OPEN });
    expect(await problemsOf(directory)).toMatchObject([{ code: 'MANIFEST_MALFORMED' }]);
  });

  it('when an intermediate has no issuer in the set', async () => {
    const directory = copyOfShipped();
    editEntry(directory, 'root_gost_2022', { status: 'excluded' });
    expect(await problemsOf(directory)).toEqual([
      { code: 'ISSUER_MISSING', text: 'nca_gost_2022 its issuer is not in the set' },
    ]);
  });

  it('when an intermediate is declared an anchor', async () => {
    const directory = copyOfShipped();
    editEntry(directory, 'nca_gost_2022', { role: 'anchor' });
    expect(await problemsOf(directory)).toMatchObject([{ code: 'NOT_SELF_SIGNED' }]);
  });

  it('when nothing that is present is an anchor', async () => {
    const directory = copyOfShipped();
    for (const { name } of readManifest(directory).entries)
      editEntry(directory, name, { status: 'excluded' });
    expect(await problemsOf(directory)).toMatchObject([{ code: 'TRUST_EMPTY' }]);
  });

  it('with all its problems at once', async () => {
    const directory = copyOfShipped();
    rmSync(join(directory, 'nca_gost.pem'));
    editEntry(directory, 'nca_rsa', { serial: '01' });
    editEntry(directory, 'nca_gost_2022', { window: { from: null, until: '2026-01-01T00:00:00Z' } });
    expect((await problemsOf(directory)).map(({ code }) => code)).toEqual([
      'WINDOW_ENDED',
      'FILE_MISSING',
      'DESCRIPTION_MISMATCH',
    ]);
  });
});

describe('a retiring entry', () => {
  it('keeps its window in the trust set', async () => {
    const directory = copyOfShipped();
    const until = '2027-01-01T00:00:00Z';
    editEntry(directory, 'nca_gost', { status: 'retiring', window: { from: null, until } });
    const { set } = await loadTrust(directory, NOW);
    expect(set.entries.map(({ window }) => window.until).filter((end) => end !== null)).toEqual([
      new Date(until),
    ]);
  });

  it('is finished when its time has come, which does not stop a restart', async () => {
    const directory = copyOfShipped();
    const until = '2026-01-01T00:00:00Z';
    editEntry(directory, 'nca_gost', { status: 'retiring', window: { from: null, until } });
    const { warnings } = await loadTrust(directory, NOW);
    expect(warnings).toContain(`nca_gost: its window ended at ${until}`);
  });
});
