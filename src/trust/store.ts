import { type TrustSet } from '../eds/trust-set.js';
import { type LoadedTrust } from './load.js';

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
  close(): void;
}

/**
 * Opens a trust folder.
 *
 * @throws TrustError when the folder is invalid: there is no old set to keep, so the caller must not start
 */
export function openTrustStore(options: TrustStoreOptions): Promise<TrustStore> {
  return Promise.reject(new Error(`not finished: ${options.directory}`));
}
