import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StorageError } from '../error.js';

/**
 * Makes the folder for data, with the folders above it, for its owner only; one that is there stays as it is.
 *
 * @throws StorageError `STORAGE_UNAVAILABLE`, naming the folder
 */
export async function makeDataFolder(path: string): Promise<void> {
  try {
    await make(path);
  } catch (cause) {
    const message = `the data folder ${path} cannot be used (${codeOf(cause) ?? 'unknown'})`;
    throw new StorageError('STORAGE_UNAVAILABLE', message, { cause });
  }
}

/** Level by level: the recursive mkdir of Node never ends where the system denies a folder its parent has, as under /proc. */
async function make(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') {
      if ((await stat(path)).isDirectory()) return;
      throw error;
    }
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await make(dirname(path));
    await mkdir(path, { mode: 0o700 }).catch((again: unknown) => {
      if (codeOf(again) !== 'EEXIST') throw again;
    });
  }
}

function codeOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}
