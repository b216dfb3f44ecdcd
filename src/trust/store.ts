import { type FSWatcher, watch } from 'node:fs';
import { type TrustSet } from '../eds/trust-set.js';
import { type Job } from '../jobs/job.js';
import { type LoadedTrust, loadTrust, readManifestText } from './load.js';

export interface TrustStoreOptions {
  /** The folder of `manifest.json` and the certificate files. */
  readonly directory: string;
  readonly now: () => Date;
  /** Told about every swap and every refusal, so that a refused manifest is loud. */
  readonly onEvent: (event: TrustEvent) => void;
}

export type TrustEvent =
  | {
      readonly kind: 'replaced';
      readonly from: string;
      readonly to: string;
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'refused'; readonly kept: string; readonly error: Error };

export type ReloadOutcome =
  | { readonly outcome: 'unchanged' | 'replaced'; readonly version: string }
  /** The folder is invalid: the set that was current stays. */
  | { readonly outcome: 'refused'; readonly version: string; readonly error: Error };

/** The trust in force. Everything it hands out is immutable; a change is a new set. */
export interface TrustStore {
  /** The set to judge with from now on. Take it once per verdict. */
  current(): TrustSet;
  /** What the current set was made of: manifest, pinned but absent certificates, warnings. */
  details(): LoadedTrust;
  /** Reads and checks the whole folder, then swaps at once, or refuses and keeps what was. Never rejects. */
  reload(): Promise<ReloadOutcome>;
  /** Reloads by itself when a file of the folder changes. */
  watch(): void;
  /** The same where the system does not tell of changes, a little later. */
  readonly looking: Job;
  close(): void;
}

/** A file is often written in several steps; the folder is read when it has been quiet for this long. */
const QUIET_MS = 200;
/** Network file systems report no changes, so the manifest's text is also looked at this often. */
const LOOK_MS = 5000;

/**
 * Opens a trust folder.
 *
 * @throws TrustError when the folder is invalid: there is no old set to keep, so the caller must not start
 */
export async function openTrustStore(options: TrustStoreOptions): Promise<TrustStore> {
  const { directory, now, onEvent } = options;
  let loaded = await loadTrust(directory, now());
  // The text only tells whether to look again: a manifest that cannot be read is reported by the loading of it.
  let lastText = await readManifestText(directory).catch(() => null);
  let queue: Promise<unknown> = Promise.resolve();
  let watcher: FSWatcher | null = null;
  let quiet: NodeJS.Timeout | null = null;

  const reloadNow = async (): Promise<ReloadOutcome> => {
    const kept = loaded.set.version;
    try {
      lastText = await readManifestText(directory).catch(() => null);
      const next = await loadTrust(directory, now());
      loaded = next;
      if (next.set.version === kept) return { outcome: 'unchanged', version: kept };
      onEvent({ kind: 'replaced', from: kept, to: next.set.version, warnings: next.warnings });
      return { outcome: 'replaced', version: next.set.version };
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error('the trust folder cannot be read', { cause });
      onEvent({ kind: 'refused', kept, error });
      return { outcome: 'refused', version: kept, error };
    }
  };
  // One at a time and in order: an older reading must never replace a newer one.
  const reload = (): Promise<ReloadOutcome> => {
    const outcome = queue.then(reloadNow);
    queue = outcome;
    return outcome;
  };
  const reloadWhenQuiet = (): void => {
    if (quiet !== null) clearTimeout(quiet);
    quiet = setTimeout(() => void reload(), QUIET_MS).unref();
  };
  const unwatch = (): void => {
    watcher?.close();
    watcher = null;
  };

  return {
    current: () => loaded.set,
    details: () => loaded,
    reload,
    watch() {
      if (watcher !== null) return;
      // The folder, not the file: editors and `qaqpa trust` replace the file by renaming another over it.
      watcher = watch(directory, { persistent: false }, reloadWhenQuiet).on('error', unwatch);
    },
    looking: {
      name: 'trust-look',
      pace: { everyMs: LOOK_MS },
      async run() {
        const text = await readManifestText(directory).catch(() => null);
        if (text !== lastText) reloadWhenQuiet();
      },
    },
    close() {
      unwatch();
      if (quiet !== null) clearTimeout(quiet);
    },
  };
}
