/** The keys the log is signed with: made at the first sealing, sealed under the key of the installation, rotated with an overlap. */
import { type Kysely } from 'kysely';
import {
  keyIdOf,
  makeSigningKey,
  type NoteKey,
  publicKeyOf,
  type SigningKey,
} from '../../audit/checkpoint.js';
import { StorageError } from '../error.js';
import { type Schema } from '../tables/schema.js';
import { type FieldCipher, type FieldPlace } from './field-cipher.js';
import { installationCipher } from './installation-key.js';

/** How long a key signs beside the one that follows it: verifiers have so long to be given the new one. */
export const LOG_KEY_OVERLAP_MS = 30 * 24 * 60 * 60_000;

/** Keys that sign at most, however often they are rotated: a checkpoint has room for so many signatures. */
const SIGNERS_MAX = 8;

/** What a key of the log is sealed for. */
export const sealedLogKey = (id: string): FieldPlace => ({
  table: 'audit_keys',
  column: 'key',
  recordId: id,
});

type KeyRow = Schema['audit_keys'];

/** What is sealed of a key; `seed` is gone once it is retired, and the public part proves for ever that it was of this installation. */
interface SealedKey {
  readonly name: string;
  readonly publicKey: string;
  readonly seed: string | null;
}

/**
 * The keys the log is and was signed with, the newest first. A row that the key of the installation does not prove is none of them.
 *
 * @param cipher null: nothing can be proved, and every row is believed
 */
export async function logKeys(
  database: Kysely<Schema>,
  cipher: FieldCipher | null,
): Promise<readonly NoteKey[]> {
  const rows = await keyRows(database);
  if (cipher === null) return rows.map(publicPart);
  const keys: NoteKey[] = [];
  for (const row of rows) {
    try {
      await openKey(database, cipher, row);
      keys.push(publicPart(row));
    } catch (error) {
      if (!(error instanceof StorageError && error.code === 'STORAGE_CORRUPT')) throw error;
    }
  }
  return keys;
}

/**
 * The keys a checkpoint is signed with now; one is made where there is none. A key whose overlap is over is retired: its private part is
 * destroyed.
 *
 * @throws StorageError `STORAGE_CORRUPT` for a key that was changed
 */
export async function signingKeys(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  name: string,
  now: Date,
): Promise<readonly SigningKey[]> {
  const rows = (await keyRows(database)).filter(({ retired_at }) => retired_at === null);
  if (rows.length === 0) return [await addKey(database, cipher, name, now)];
  const keys: SigningKey[] = [];
  for (const row of rows) {
    const key = await openKey(database, cipher, row);
    const over = row.signs_until !== null && row.signs_until <= now.getTime();
    if (over || keys.length >= SIGNERS_MAX) await retire(database, cipher, row, now);
    else if (key.seed === null) throw changed(row.id);
    else keys.push({ ...publicPart(row), seed: Buffer.from(key.seed, 'base64') });
  }
  return keys;
}

/** Makes the next key; the ones before go on signing beside it until the overlap is over. */
export async function followKey(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  name: string,
  now: Date,
): Promise<SigningKey> {
  await database
    .updateTable('audit_keys')
    .set({ signs_until: now.getTime() + LOG_KEY_OVERLAP_MS })
    .where('signs_until', 'is', null)
    .execute();
  return addKey(database, cipher, name, now);
}

async function addKey(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  name: string,
  now: Date,
): Promise<SigningKey> {
  const key = makeSigningKey(name);
  const id = keyIdOf(key);
  const publicKey = key.publicKey.toString('base64');
  const sealed = await seal(database, cipher, id, { name, publicKey, seed: key.seed.toString('base64') });
  await database
    .insertInto('audit_keys')
    .values({
      id,
      name,
      public_key: publicKey,
      key_sealed: sealed,
      made_at: now.getTime(),
      signs_until: null,
      retired_at: null,
    })
    .execute();
  return key;
}

async function retire(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  { id, name, public_key: publicKey }: KeyRow,
  now: Date,
): Promise<void> {
  const sealed = await seal(database, cipher, id, { name, publicKey, seed: null });
  await database
    .updateTable('audit_keys')
    .set({ key_sealed: sealed, retired_at: now.getTime() })
    .where('id', '=', id)
    .execute();
}

function keyRows(database: Kysely<Schema>): Promise<KeyRow[]> {
  return database.selectFrom('audit_keys').selectAll().orderBy('made_at', 'desc').orderBy('id').execute();
}

function publicPart({ name, public_key }: KeyRow): NoteKey {
  return { name, publicKey: Buffer.from(public_key, 'base64') };
}

async function seal(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  id: string,
  key: SealedKey,
): Promise<string> {
  return (await installationCipher(database, cipher)).seal(sealedLogKey(id), JSON.stringify(key));
}

/** @throws StorageError `STORAGE_CORRUPT` where what is sealed is not what stands open, or belongs to another key */
async function openKey(database: Kysely<Schema>, cipher: FieldCipher, row: KeyRow): Promise<SealedKey> {
  const installation = await installationCipher(database, cipher);
  const key = JSON.parse(installation.open(sealedLogKey(row.id), row.key_sealed)) as SealedKey;
  const named =
    key.name === row.name && key.publicKey === row.public_key && keyIdOf(publicPart(row)) === row.id;
  const fits =
    key.seed === null || publicKeyOf(Buffer.from(key.seed, 'base64')).toString('base64') === key.publicKey;
  if (!named || !fits) throw changed(row.id);
  return key;
}

function changed(id: string): StorageError {
  return new StorageError('STORAGE_CORRUPT', `the key ${id} of the audit log was changed`);
}
