import { createTransport } from '../revocation/transport.js';
import { changeTrust, obtain } from '../trust/change.js';
import { TrustError } from '../trust/error.js';
import { type LoadedTrust, readManifestText } from '../trust/load.js';
import { type Manifest, parseManifest } from '../trust/manifest.js';
import { type Download, obtainFromAddresses, obtainFromFolders, type Obtained } from '../trust/sync.js';
import { InputError } from './command.js';

/** What became of one pinned certificate that was not in the folder. */
export interface SyncResult {
  readonly name: string;
  /** `refused`: the pin matches but the certificate does not hold together with the set, for example without its issuer. */
  readonly outcome: 'obtained' | 'refused' | 'not obtained';
  readonly reason: string;
}

/** A CA certificate has one or two kilobytes. */
const CERTIFICATE_LIMIT = 64 * 1024;
const DOWNLOAD_TIMEOUT_MS = 15_000;

/**
 * Looks for every pinned certificate that is not in a trust folder and puts those in their place that match.
 *
 * @param folders local folders to look in; `null` asks the published addresses
 * @returns what became of each, and the changed trust, `null` when nothing changed
 */
export async function syncTrust(
  directory: string,
  folders: readonly string[] | null,
  now: Date,
): Promise<{ readonly results: readonly SyncResult[]; readonly trust: LoadedTrust | null }> {
  const manifest = parseManifest(await readManifestText(directory));
  const obtained =
    folders === null
      ? await overNetwork(manifest)
      : await obtainFromFolders(manifest, folders).catch(unreadable);
  const { orphans, trust } = await adopt(directory, obtained, now);
  const results = obtained.map(({ name, certificate, notes }): SyncResult => {
    const orphan = orphans.get(name);
    if (orphan !== undefined) return { name, outcome: 'refused', reason: orphan };
    return { name, outcome: certificate === null ? 'not obtained' : 'obtained', reason: notes.join('; ') };
  });
  return { results, trust };
}

/** Adopts what holds together and leaves the rest aside with the reason. */
async function adopt(
  directory: string,
  obtained: readonly Obtained[],
  now: Date,
): Promise<{ readonly orphans: ReadonlyMap<string, string>; readonly trust: LoadedTrust | null }> {
  const orphans = new Map<string, string>();
  for (;;) {
    const found = new Map(
      obtained.flatMap(({ name, certificate }) =>
        certificate === null || orphans.has(name) ? [] : [[name, certificate] as const],
      ),
    );
    if (found.size === 0) return { orphans, trust: null };
    try {
      const { trust } = await changeTrust(directory, now, (manifest) => obtain(manifest, found));
      return { orphans, trust };
    } catch (error) {
      if (!(error instanceof TrustError)) throw error;
      const mine = error.problems.filter(({ entry }) => entry !== null && found.has(entry));
      if (mine.length < error.problems.length) throw error;
      for (const { entry, message } of mine) orphans.set(entry ?? '', message);
    }
  }
}

async function overNetwork(manifest: Manifest): Promise<readonly Obtained[]> {
  const urls = manifest.entries.flatMap(({ provenance }) => provenance.urls);
  if (urls.length === 0) return obtainFromAddresses(manifest, () => Promise.reject(new Error('no address')));
  const transport = createTransport({ allowedHosts: urls.map((url) => new URL(url).host) });
  const download: Download = async (url) => {
    const pieces: Uint8Array[] = [];
    await transport.exchange(
      { method: 'GET', url, headers: {}, timeoutMs: DOWNLOAD_TIMEOUT_MS, maxBytes: CERTIFICATE_LIMIT },
      (piece) => {
        pieces.push(piece);
      },
    );
    return new Uint8Array(Buffer.concat(pieces));
  };
  try {
    return await obtainFromAddresses(manifest, download);
  } finally {
    transport.close();
  }
}

function unreadable(cause: unknown): never {
  throw new InputError('a folder of --from cannot be read', { cause });
}
