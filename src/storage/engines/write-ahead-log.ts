import { closeSync, fdatasync, fsync, openSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StorageError } from '../error.js';

const syncData = promisify(fdatasync);
const syncAll = promisify(fsync);

/** The log an embedded database writes ahead of itself, as the file it is (docs/decisions/0012). */
export interface WriteAheadLog {
  /**
   * Resolves when everything committed until now is on the disk. The event loop is free meanwhile.
   *
   * @throws StorageError `STORAGE_UNAVAILABLE`, from then on by every method: a disk that has once failed to keep what it was given may
   *   say yes the next time and still not have it
   */
  flush(): Promise<void>;
  /** @throws StorageError `STORAGE_UNAVAILABLE` after a failed `flush` */
  assertKept(): void;
  close(): void;
}

/** @param path of the database; its log must be there by the first `flush`, as it is after any statement */
export function openWriteAheadLog(path: string): WriteAheadLog {
  let descriptor: number | null = null;
  let folderKept: Promise<void> | null = null;
  let lost: StorageError | null = null;
  const assertKept = (): void => {
    if (lost !== null) throw lost;
  };
  return {
    async flush() {
      assertKept();
      try {
        if (descriptor === null) {
          const database = realpathSync(path);
          // SQLite locks the database and its index, never the log: closing this drops no lock of the process.
          descriptor = openSync(`${database}-wal`, 'r+');
          folderKept = keepFolder(dirname(database));
        }
        await folderKept;
        await syncData(descriptor);
      } catch (cause) {
        lost = new StorageError('STORAGE_UNAVAILABLE', 'the disk does not keep what is written', { cause });
        throw lost;
      }
    },
    assertKept,
    close() {
      if (descriptor !== null) closeSync(descriptor);
      descriptor = null;
    },
  };
}

/** A file that was made just now is found again only when its folder is kept as well. */
async function keepFolder(path: string): Promise<void> {
  const folder = openSync(path, 'r');
  try {
    await syncAll(folder);
  } finally {
    closeSync(folder);
  }
}
