import { type TrustSet } from '../eds/trust-set.js';
import { type Manifest } from './manifest.js';

/** A trust folder that passed every check. */
export interface LoadedTrust {
  readonly set: TrustSet;
  readonly manifest: Manifest;
  /** Names of entries that are pinned but whose certificate is not in the folder: known, not trusted. */
  readonly absent: readonly string[];
  /** What an operator should know although the folder is valid, for example an expired CA certificate. */
  readonly warnings: readonly string[];
}
