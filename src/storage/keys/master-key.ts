import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StorageError } from '../error.js';

/**
 * Reads a master key from text: 32 bytes as 64 hex digits or as base64/base64url, white space around it ignored.
 *
 * @throws StorageError `MASTER_KEY_MALFORMED`
 */
export function parseMasterKey(text: string): Uint8Array {
  const trimmed = text.trim();
  const bytes = /^[0-9a-fA-F]{64}$/.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)
      ? Buffer.from(trimmed, 'base64')
      : null;
  if (bytes?.length !== 32) {
    throw new StorageError('MASTER_KEY_MALFORMED', 'the master key is not 32 bytes of hex or base64');
  }
  return new Uint8Array(bytes);
}

/**
 * Reads the master key from a file, making one there (64 hex digits, mode 0600) when there is none. Two processes that start
 * together end up with the same key. The folder must exist.
 *
 * @throws StorageError `MASTER_KEY_EXPOSED` when others than the owner may read or write the file, `MASTER_KEY_MALFORMED`,
 *   `STORAGE_UNAVAILABLE` when the system lets us neither read nor make it
 */
export async function loadOrCreateMasterKey(path: string): Promise<Uint8Array> {
  return orUnavailable(path, () => loadOrCreate(path));
}

/**
 * Reads the master key from a file and makes none.
 *
 * @returns null where there is no file
 * @throws StorageError as `loadOrCreateMasterKey`
 */
export async function loadMasterKey(path: string): Promise<Uint8Array | null> {
  return orUnavailable(path, () => readKey(path));
}

/**
 * Puts the new master key in the place of the one before, which stays beside it. At every moment there is a whole key of the one or the
 * other under `path`; may be called again where it was interrupted.
 *
 * @param aside where the key before stays
 * @throws StorageError as `loadOrCreateMasterKey`
 */
export async function replaceMasterKey(path: string, next: string, aside: string): Promise<void> {
  await orUnavailable(path, async () => {
    // Done before, and interrupted afterwards.
    if ((await readKey(next)) === null) return;
    await link(path, aside).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
    await syncFolder(path);
    await rename(next, path);
    await syncFolder(path);
  });
}

function syncFolder(path: string): Promise<void> {
  return open(dirname(path), constants.O_RDONLY).then((opened) =>
    withFile(opened, (folder) => folder.sync()),
  );
}

async function orUnavailable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (typeof cause !== 'object' || cause === null || !('syscall' in cause && 'code' in cause)) throw cause;
    const message = `the master key ${path} can be neither read nor made (${String(cause.code)})`;
    throw new StorageError('STORAGE_UNAVAILABLE', message, { cause });
  }
}

async function loadOrCreate(path: string): Promise<Uint8Array> {
  const existing = await readKey(path);
  if (existing !== null) return existing;
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`;
  await withFile(await open(draft, 'wx', 0o600), async (file) => {
    await file.writeFile(`${randomBytes(32).toString('hex')}\n`);
    await file.sync();
  });
  try {
    // A hard link never replaces: of two processes one wins, and the other reads the winner's key below.
    await link(draft, path).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
  } finally {
    await unlink(draft);
  }
  await syncFolder(path);
  const key = await readKey(path);
  if (key === null) throw new StorageError('MASTER_KEY_MALFORMED', 'the new master key cannot be read back');
  return key;
}

async function readKey(path: string): Promise<Uint8Array | null> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  return withFile(file, async () => {
    const { mode } = await file.stat();
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new StorageError(
        'MASTER_KEY_EXPOSED',
        'the master key file must be readable by its owner only (0600)',
      );
    }
    return parseMasterKey(await file.readFile('utf8'));
  });
}

async function withFile<T>(file: FileHandle, work: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
