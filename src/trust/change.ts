import { mkdir, open, readFile, rename, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Certificate } from '../eds/certificate/certificate.js';
import { formatName } from '../eds/certificate/name.js';
import { isSelfSigned } from '../eds/path/self-signed.js';
import { systemCode, trustError } from './error.js';
import { checkManifest, type LoadedTrust, MANIFEST_FILE, readManifestText } from './load.js';
import {
  type Manifest,
  type ManifestEntry,
  nextVersion,
  parseManifest,
  serialiseManifest,
} from './manifest.js';

/** What a change makes of a manifest: the new entries, and certificates to be put beside it. */
export interface TrustChange {
  readonly entries: readonly ManifestEntry[];
  readonly files: ReadonlyMap<string, Certificate>;
}

/** Past manifests lie here, each named by its version, so that a change can be taken back. */
const HISTORY = 'history';
const LOCK = '.manifest.lock';

/**
 * Changes a trust folder: the result is checked as a whole before it takes the old one's place in one rename, under a new
 * version. The previous manifest is kept in `history/`.
 *
 * @param directory the trust folder
 * @param now the time that names the new version
 * @param decide computes the change from the manifest that stands there; what it throws ends the change
 * @throws TrustError when the folder is invalid before or would be afterwards, `CHANGE_CONFLICT` when another change is running
 */
export async function changeTrust(
  directory: string,
  now: Date,
  decide: (manifest: Manifest) => TrustChange | Promise<TrustChange>,
): Promise<{ readonly previous: string; readonly trust: LoadedTrust }> {
  const unlock = await lock(directory);
  const written: string[] = [];
  try {
    const before = await readManifestText(directory);
    const manifest = parseManifest(before);
    const { entries, files } = await decide(manifest);
    const text = serialiseManifest({ version: nextVersion(manifest.version, now), entries });
    for (const [name, certificate] of files) {
      if (await writeCertificate(join(directory, name), certificate)) written.push(join(directory, name));
    }
    const trust = await checkManifest(directory, text, now);
    await mkdir(join(directory, HISTORY), { recursive: true });
    await writeWhole(join(directory, HISTORY, `${manifest.version}.json`), before);
    await writeWhole(join(directory, MANIFEST_FILE), text);
    return { previous: manifest.version, trust };
  } catch (error) {
    await Promise.all(written.map((path) => rm(path, { force: true })));
    throw error;
  } finally {
    await unlock();
  }
}

/** Marks an entry as trusted until a time, after which it is as if it were not there. */
export function retire(manifest: Manifest, name: string, until: Date): TrustChange {
  return replaceEntry(manifest, name, (entry) => {
    if (entry.status === 'excluded') throw trustError('CHANGE_INVALID', name, 'is excluded already');
    return { ...entry, status: 'retiring', window: { ...entry.window, until: isoTime(until) } };
  });
}

/** Ends all trust in an entry at once. Its pin stays, so that nobody adds it again by mistake. */
export function exclude(manifest: Manifest, name: string): TrustChange {
  return replaceEntry(manifest, name, (entry) => ({ ...entry, status: 'excluded' }));
}

/** Makes a retiring or excluded entry active again. */
export function restore(manifest: Manifest, name: string): TrustChange {
  return replaceEntry(manifest, name, (entry) => {
    if (entry.status === 'active') throw trustError('CHANGE_INVALID', name, 'is active already');
    return { ...entry, status: 'active', window: { ...entry.window, until: null } };
  });
}

/** What is needed to trust a certificate that the manifest does not know yet. */
export interface NewAuthority {
  readonly name: string;
  readonly certificate: Certificate;
  readonly purposes: ManifestEntry['purposes'];
  readonly window: { readonly from: Date | null; readonly until: Date | null };
  readonly note: string;
}

/**
 * Adds a certificate: a self-signed one as an anchor, another as an intermediate. One that is pinned but absent is merely
 * put in its place, with the pinned entry's own terms.
 *
 * @throws TrustError `CHANGE_INVALID` when the certificate is there already, is excluded, or the name is taken
 */
export function add(manifest: Manifest, authority: NewAuthority): TrustChange {
  const { certificate, name } = authority;
  const known = manifest.entries.find(({ sha256 }) => sha256 === certificate.sha256);
  if (known !== undefined) {
    if (known.status === 'excluded') {
      throw trustError(
        'CHANGE_INVALID',
        known.name,
        'this certificate is excluded; restore it first if that is meant',
      );
    }
    if (known.file !== null)
      throw trustError('CHANGE_INVALID', known.name, 'this certificate is there already');
    return obtain(manifest, new Map([[known.name, certificate]]));
  }
  if (manifest.entries.some((entry) => entry.name === name)) {
    throw trustError('CHANGE_INVALID', name, 'another certificate has this name');
  }
  const file = fileOf(name);
  const entry: ManifestEntry = {
    name,
    file,
    role: isSelfSigned(certificate) ? 'anchor' : 'intermediate',
    purposes: authority.purposes,
    sha256: certificate.sha256,
    subject: formatName(certificate.subject),
    serial: certificate.serialNumber,
    window: {
      from: authority.window.from === null ? null : isoTime(authority.window.from),
      until: authority.window.until === null ? null : isoTime(authority.window.until),
    },
    status: 'active',
    provenance: { urls: [], note: authority.note },
  };
  return { entries: [...manifest.entries, entry], files: new Map([[file, certificate]]) };
}

/** Puts obtained certificates to their pinned entries, by entry name. The pins are checked when the folder is. */
export function obtain(manifest: Manifest, certificates: ReadonlyMap<string, Certificate>): TrustChange {
  return {
    entries: manifest.entries.map((entry) =>
      certificates.has(entry.name) ? { ...entry, file: fileOf(entry.name) } : entry,
    ),
    files: new Map([...certificates].map(([name, certificate]) => [fileOf(name), certificate])),
  };
}

/**
 * The entries of an earlier version of the folder's manifest.
 *
 * @throws TrustError `CHANGE_INVALID` when no such version is kept
 */
export async function earlier(directory: string, version: string): Promise<TrustChange> {
  const path = join(directory, HISTORY, `${version}.json`);
  if (!/^[\d.-]+$/.test(version)) throw trustError('CHANGE_INVALID', null, `"${version}" is not a version`);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw trustError('CHANGE_INVALID', null, `version ${version} is not kept in ${HISTORY}/`, cause);
  });
  return { entries: parseManifest(text).entries, files: new Map() };
}

function replaceEntry(
  manifest: Manifest,
  name: string,
  change: (entry: ManifestEntry) => ManifestEntry,
): TrustChange {
  if (!manifest.entries.some((entry) => entry.name === name)) {
    throw trustError('CHANGE_INVALID', name, 'there is no such entry');
  }
  return {
    entries: manifest.entries.map((entry) => (entry.name === name ? change(entry) : entry)),
    files: new Map(),
  };
}

async function lock(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, LOCK);
  const file = await open(path, 'wx').catch((cause: unknown) => {
    const taken = systemCode(cause) === 'EEXIST';
    throw trustError(
      taken ? 'CHANGE_CONFLICT' : 'CHANGE_INVALID',
      null,
      taken
        ? `another change of this folder is running; if none is, remove ${path} and try again`
        : `the folder ${directory} cannot be written`,
      cause,
    );
  });
  await file.close();
  return () => unlink(path);
}

/** Writes a certificate that is not there yet; says whether it did. One that is there is left to the pin check. */
async function writeCertificate(path: string, certificate: Certificate): Promise<boolean> {
  const base64 = Buffer.from(certificate.der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  const there = await readFile(path).then(
    () => true,
    () => false,
  );
  if (!there) await writeWhole(path, `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`);
  return !there;
}

/** Replaces a file in one step that survives a crash: whoever reads sees the old text or the new one, whole. */
async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'w', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const folder = await open(join(path, '..'), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function fileOf(name: string): string {
  return `${name.replaceAll('.', '_')}.pem`;
}

function isoTime(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
