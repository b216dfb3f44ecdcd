import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Real НУЦ РК artefacts that may not be copied into the project; they lie in a folder `shared` beside the checkout.
 * Where it is absent the tests that need it are skipped by name, and fail under `CI=true`.
 */
const SHARED = join(import.meta.dirname, '..', '..', '..', 'shared');

/** True where the real artefacts can be read. Throws under `CI=true` where they cannot: CI must not skip them. */
export function sharedMaterialPresent(): boolean {
  const present = existsSync(join(SHARED, 'vectors', 'INDEX.tsv'));
  if (!present && process.env['CI'] === 'true') {
    throw new Error('the folder shared/ with the real vectors is missing beside the checkout');
  }
  return present;
}

/** The bytes of one file of the shared folder, for example `vectors/crl-gost2015.crl`. */
export function sharedBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(sharedPath(path)));
}

/** The absolute path of one file or folder of the shared folder, for commands that take paths. */
export function sharedPath(path: string): string {
  return join(SHARED, path);
}
