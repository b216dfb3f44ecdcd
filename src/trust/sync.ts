import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Certificate } from '../eds/certificate/certificate.js';
import { parseCertificates, readCertificateFile } from './certificate-file.js';
import { type Manifest, type ManifestEntry } from './manifest.js';

/** Fetches one address within bounds of size and time and without following redirects. */
export type Download = (url: string) => Promise<Uint8Array>;

/** What became of one pinned entry whose certificate is not in the folder. */
export interface Obtained {
  readonly name: string;
  /** `null`: no place gave a certificate with the pinned SHA-256. */
  readonly certificate: Certificate | null;
  /** Where it came from, or what each place said. */
  readonly notes: readonly string[];
}

/**
 * Looks for the certificates of a folder. Only what matches the pin is accepted, which is what makes plain HTTP safe.
 *
 * @param folders local folders to search
 */
export async function obtainFromFolders(
  manifest: Manifest,
  folders: readonly string[],
): Promise<readonly Obtained[]> {
  const found = new Map<string, { readonly certificate: Certificate; readonly path: string }>();
  for (const folder of folders) {
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      // Whatever in the folder is no certificate is not what we are looking for.
      const certificates = await readCertificateFile(path).catch(() => []);
      for (const certificate of certificates) found.set(certificate.sha256, { certificate, path });
    }
  }
  return absentEntries(manifest).map(({ name, sha256 }) => {
    const match = found.get(sha256);
    return match === undefined
      ? { name, certificate: null, notes: ['no file has the pinned SHA-256'] }
      : { name, certificate: match.certificate, notes: [match.path] };
  });
}

/** As `obtainFromFolders`, from the published addresses of the manifest. */
export async function obtainFromAddresses(
  manifest: Manifest,
  download: Download,
): Promise<readonly Obtained[]> {
  const results: Obtained[] = [];
  for (const entry of absentEntries(manifest)) results.push(await obtainOne(entry, download));
  return results;
}

async function obtainOne(entry: ManifestEntry, download: Download): Promise<Obtained> {
  const notes: string[] = [];
  for (const url of entry.provenance.urls) {
    try {
      const [certificate] = parseCertificates(await download(url));
      if (certificate?.sha256 === entry.sha256) return { name: entry.name, certificate, notes: [url] };
      notes.push(`${url}: another certificate, refused`);
    } catch (error) {
      notes.push(`${url}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (notes.length === 0) notes.push('no address is known');
  return { name: entry.name, certificate: null, notes };
}

function absentEntries(manifest: Manifest): readonly ManifestEntry[] {
  return manifest.entries.filter(({ file, status }) => file === null && status !== 'excluded');
}
