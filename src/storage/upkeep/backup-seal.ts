import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, open, truncate } from 'node:fs/promises';
import { StorageError } from '../error.js';
import { createFieldCipher } from '../keys/field-cipher.js';

/** What stands behind the last page of a backup: which master key it is sealed under, and the seal over every octet before. */
const SEAL = /^\nqaqpa-backup-1 (\S{1,100}) ([0-9a-f]{64})\n$/;
const SEAL_MAX_BYTES = 200;

/**
 * Seals a copy of the database: HMAC-SHA-256 under a key derived from the master key, so that neither a turned bit nor a changed row
 * goes unnoticed. SQLite does not look behind the last page, so the file is still a database.
 */
export async function sealBackup(path: string, masterKey: Uint8Array): Promise<void> {
  const { masterKeyId } = createFieldCipher(masterKey);
  const seal = await sealOf(path, masterKey, Number.POSITIVE_INFINITY);
  await appendFile(path, `\nqaqpa-backup-1 ${masterKeyId} ${seal}\n`);
}

/**
 * Proves the seal of a backup and takes it off, so that the bare database is left.
 *
 * @param unsealed `accept` a file without a seal: one of an earlier version, or no backup at all
 * @throws StorageError `STORAGE_CORRUPT`, `MASTER_KEY_WRONG`
 */
export async function unsealBackup(
  path: string,
  masterKey: Uint8Array,
  unsealed: 'accept' | 'refuse',
): Promise<void> {
  const found = await findSeal(path);
  if (found === null) {
    if (unsealed === 'accept') return;
    throw new StorageError(
      'STORAGE_CORRUPT',
      'the backup has no checksum: it was cut off, or made by an earlier version or by other means; --without-checksum takes it as it is',
    );
  }
  if (found.masterKeyId !== createFieldCipher(masterKey).masterKeyId) {
    throw new StorageError('MASTER_KEY_WRONG', 'the backup was made with another master key');
  }
  const seal = await sealOf(path, masterKey, found.at);
  if (!timingSafeEqual(Buffer.from(seal), Buffer.from(found.seal))) {
    throw new StorageError(
      'STORAGE_CORRUPT',
      'the backup is not what was written: its checksum differs; use another copy of it',
    );
  }
  await truncate(path, found.at);
}

async function findSeal(
  path: string,
): Promise<{ readonly at: number; readonly masterKeyId: string; readonly seal: string } | null> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - SEAL_MAX_BYTES);
    const bytes = Buffer.alloc(size - from);
    await file.read(bytes, 0, bytes.length, from);
    const start = bytes.lastIndexOf('\nqaqpa-backup-1 ');
    const [, masterKeyId, seal] = (start < 0 ? null : SEAL.exec(bytes.toString('latin1', start))) ?? [];
    if (masterKeyId === undefined || seal === undefined) return null;
    return { at: from + start, masterKeyId, seal };
  } finally {
    await file.close();
  }
}

async function sealOf(path: string, masterKey: Uint8Array, length: number): Promise<string> {
  const key = Buffer.from(hkdfSync('sha256', masterKey, new Uint8Array(), 'qaqpa/v1/backup', 32));
  const seal = createHmac('sha256', key);
  for await (const chunk of createReadStream(path, { end: length - 1 })) seal.update(chunk as Buffer);
  return seal.digest('hex');
}
