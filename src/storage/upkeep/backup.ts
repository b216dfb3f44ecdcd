import { randomBytes } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { chmod, copyFile, link, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import { type AuditLog } from '../../audit/log.js';
import { placeOf } from '../../audit/verify.js';
import { letGoOfLeft, openSqlite, type SqliteConnection } from '../engines/sqlite-connection.js';
import { isBusy, translateSqliteFailure } from '../engines/sqlite-failure.js';
import { createSqliteDialect } from '../engines/sqlite.js';
import { StorageError } from '../error.js';
import { createFieldCipher } from '../keys/field-cipher.js';
import { AUDIT_TREE } from '../migrations/0020-audit-tree.js';
import { MIGRATIONS } from '../migrations/index.js';
import { type Schema } from '../tables/schema.js';
import { createSqlAudit } from '../tables/sql-audit.js';
import { sealBackup, unsealBackup } from './backup-seal.js';
import { verifyChainOfBefore } from './chain-of-before.js';
import { NEWEST_SCHEMA } from './condition.js';

/** What an examined database holds. */
export interface Examined {
  readonly schemaVersion: number;
  /** Records of the audit log, which is whole. */
  readonly auditRecords: number;
}

/**
 * Copies an embedded database while a gateway may be writing to it (SQLite's online backup), proves that the copy is sound and
 * only then seals it and gives it its name. The copy is one file, for its owner only. An existing file is never replaced.
 *
 * @param taken writes down that it is taken, before the copy has its name: everything in it leaves with the copy
 * @throws StorageError `STORAGE_UNAVAILABLE`, `STORAGE_CORRUPT`, `MASTER_KEY_WRONG`, `STORAGE_SCHEMA_NEWER`
 */
export async function backUp(
  path: string,
  target: string,
  masterKey: Uint8Array,
  taken: (audit: Pick<AuditLog, 'append'>) => Promise<void>,
): Promise<Examined & { readonly noted: Noted }> {
  return withDraft(target, async (draft) => {
    await storing(async () => {
      // Ours from the first byte: SQLite would make it as the umask says.
      await (await open(draft, 'wx', 0o600)).close();
      const database = openSqlite(path, { mode: 'read' });
      try {
        await database.copyTo(draft);
      } finally {
        await database.close();
      }
    });
    const examined = await examine(draft, masterKey);
    const noted = await note(path, masterKey, examined, taken);
    await storing(async () => {
      await toOneFile(draft);
      await sealBackup(draft, masterKey);
      await sync(draft);
      // A hard link never replaces what is there.
      await link(draft, target);
      await unlink(draft);
      await sync(dirname(target));
    });
    return { ...examined, noted };
  });
}

/** Whether the log took the record, and what kept it from it. */
type Noted = { readonly kept: true } | { readonly kept: false; readonly why: string };

/** A copy is made of a full disk and before an upgrade too: what cannot be noted is said. */
async function note(
  path: string,
  masterKey: Uint8Array,
  { schemaVersion }: Examined,
  taken: Parameters<typeof backUp>[3],
): Promise<Noted> {
  if (schemaVersion !== NEWEST_SCHEMA) {
    return { kept: false, why: `the database is of schema version ${schemaVersion}` };
  }
  const database = new Kysely<Schema>({ dialect: createSqliteDialect(path) });
  try {
    await taken(createSqlAudit(database, createFieldCipher(masterKey)));
    return { kept: true };
  } catch (error) {
    if (error instanceof StorageError) return { kept: false, why: error.message };
    throw error;
  } finally {
    await database.destroy();
  }
}

/**
 * Puts a backup in the place of the embedded database. The database that was there stays beside it. Sessions and challenges are
 * not restored: what has been ended since the backup would be alive again.
 *
 * @param unsealed whether a file without a checksum is taken
 * @returns where the database that was there is now; null when there was none
 * @throws StorageError `STORAGE_UNAVAILABLE` also when anybody has the database open; the codes of `backUp`
 */
export async function restore(
  source: string,
  path: string,
  masterKey: Uint8Array,
  { now, unsealed }: { readonly now: Date; readonly unsealed: 'accept' | 'refuse' },
): Promise<Examined & { readonly aside: string | null }> {
  return withDraft(path, async (draft) => {
    const examined = await unpack(source, draft, masterKey, unsealed);
    return storing(async () => {
      await forgetSessions(draft);
      await toOneFile(draft);
      await sync(draft);
      const aside = existsSync(path) ? await setAside(path, now) : null;
      await rename(draft, path);
      await sync(dirname(path));
      return { ...examined, aside };
    });
  });
}

/**
 * Proves that a backup could be restored, on a copy beside it.
 *
 * @throws StorageError the codes of `backUp`
 */
export function examineBackup(source: string, masterKey: Uint8Array): Promise<Examined> {
  return withDraft(source, (draft) => unpack(source, draft, masterKey, 'refuse'));
}

/** Makes a database of a backup, and proves both. */
async function unpack(
  source: string,
  draft: string,
  masterKey: Uint8Array,
  unsealed: 'accept' | 'refuse',
): Promise<Examined> {
  await storing(async () => {
    await copyFile(source, draft, constants.COPYFILE_EXCL);
    await chmod(draft, 0o600);
    await unsealBackup(draft, masterKey, unsealed);
  });
  return examine(draft, masterKey);
}

/**
 * Proves that an embedded database is sound: its pages and indexes, its references, a schema this program knows, the master key,
 * and the audit log from end to end.
 *
 * @throws StorageError `STORAGE_CORRUPT` saying what is wrong, `STORAGE_SCHEMA_NEWER`, `MASTER_KEY_WRONG`, `STORAGE_UNAVAILABLE`
 */
export async function examine(path: string, masterKey: Uint8Array): Promise<Examined> {
  const schemaVersion = await storing(async () => {
    const database = openSqlite(path, { mode: 'write', timeoutMs: 5_000 });
    try {
      return examineTables(database, masterKey);
    } finally {
      await database.close();
    }
  });
  const database = new Kysely<Schema>({ dialect: createSqliteDialect(path) });
  try {
    if (schemaVersion < AUDIT_TREE.version) {
      return { schemaVersion, auditRecords: await verifyChainOfBefore(database) };
    }
    const log = await createSqlAudit(database, createFieldCipher(masterKey)).verify();
    if (log.intact) return { schemaVersion, auditRecords: log.records };
    throw corrupt(`the audit log is broken${placeOf(log)} (${log.fault})`);
  } finally {
    await database.destroy();
  }
}

function examineTables(database: SqliteConnection, masterKey: Uint8Array): number {
  if (database.pragma('integrity_check(1)') !== 'ok') throw corrupt('its pages are damaged');
  if (database.prepare('pragma foreign_key_check').all().length > 0) throw corrupt('rows refer to nothing');
  const column = (sql: string): unknown[] => database.prepare(sql).all().flatMap(Object.values);
  const tables = column(`select name from sqlite_master where type = 'table'`);
  if (!tables.includes('schema_migrations') || !tables.includes('master_keys')) {
    throw corrupt('it is not a database of Qaqpa');
  }
  const versions = column('select version from schema_migrations').map(Number);
  const known = new Set(MIGRATIONS.map(({ version }) => version));
  if (versions.some((version) => !known.has(version))) {
    throw new StorageError('STORAGE_SCHEMA_NEWER', 'the database was made by a newer program');
  }
  const keys = column('select key_id from master_keys');
  if (!keys.includes(createFieldCipher(masterKey).masterKeyId)) {
    throw new StorageError('MASTER_KEY_WRONG', 'the database was made with another master key');
  }
  return Math.max(...versions);
}

async function forgetSessions(path: string): Promise<void> {
  const database = openSqlite(path, { mode: 'write' });
  try {
    database.exec('delete from sessions; delete from challenges');
  } finally {
    await database.close();
  }
}

/** Leaves the log of committed pages empty and away, so that the file alone is the database. */
async function toOneFile(path: string): Promise<void> {
  await letGoOfLeft();
  const database = openSqlite(path, { mode: 'write' });
  try {
    // Refused while any other connection is open, in this process or another: the proof that nobody uses it.
    database.pragma('journal_mode = delete');
  } finally {
    await database.close();
  }
}

async function setAside(path: string, now: Date): Promise<string> {
  try {
    await toOneFile(path);
  } catch (error) {
    if (isBusy(error)) {
      throw new StorageError('STORAGE_UNAVAILABLE', 'the database is in use; stop every gateway first', {
        cause: error,
      });
    }
    // A damaged database is what restoring is for: it is kept as it is, with its log.
  }
  const aside = `${path}.before-restore-${now.toISOString().replace(/[-:]|\.\d+/g, '')}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) await rename(path + suffix, aside + suffix);
  }
  return aside;
}

async function withDraft<T>(target: string, work: (draft: string) => Promise<T>): Promise<T> {
  const draft = `${target}.${randomBytes(6).toString('hex')}.part`;
  try {
    return await work(draft);
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) {
      if (existsSync(draft + suffix)) await unlink(draft + suffix);
    }
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, constants.O_RDONLY);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What the system says about a file, and what to do about it. */
const FILE_FAILURES: Readonly<Record<string, string>> = {
  EEXIST: 'there is a file of this name already (EEXIST); choose another, nothing is replaced',
  ENOENT: 'there is no such file or folder (ENOENT); look at the path',
  EISDIR: 'this is a folder (EISDIR); name a file in it',
  ENOTDIR: 'a part of the path is a file and no folder (ENOTDIR)',
  EACCES: 'this user may not use the file or its folder (EACCES)',
  EPERM: 'this user may not use the file or its folder (EPERM)',
  EROFS: 'the disk only reads (EROFS); choose a path on another',
  ENOSPC: 'the disk is full (ENOSPC); make room, or choose a path on another',
  EDQUOT: 'the quota of the disk is used up (EDQUOT); make room, or choose a path on another',
};

/** Lets failures of the disk and of SQLite out as `StorageError`, naming no path but what the system calls the failure. */
async function storing<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const translated = translateSqliteFailure(error);
    if (typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error) {
      const code = String(error.code);
      throw new StorageError(
        'STORAGE_UNAVAILABLE',
        FILE_FAILURES[code] ?? `a file cannot be used (${code})`,
        {
          cause: error,
        },
      );
    }
    throw translated;
  }
}

function corrupt(what: string): StorageError {
  return new StorageError('STORAGE_CORRUPT', what);
}
