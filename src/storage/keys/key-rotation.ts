/**
 * Another master key in the place of the one a database is sealed under (docs/decisions/0026).
 *
 * What each person's key looks like under the new one is made ready beside the old, in batches, while gateways may run; then all of it
 * takes the place of the old in one transaction, while no other process has the database open. At every moment the database is wholly under
 * one key, and whatever was interrupted is taken up again where it stood.
 */
import { type Kysely } from 'kysely';
import { type Act } from '../../audit/act.js';
import { type DatabaseAddress } from '../engines/database-url.js';
import { connectDatabase, openDatabase } from '../engines/engine.js';
import { StorageError } from '../error.js';
import { createFieldCipher, type FieldCipher } from './field-cipher.js';
import { prepareKeys, replaceKeys } from './key-replacement.js';
import { knownKeys, overtaken, rotationOf } from './master-key-proof.js';
import { type PostgresOptions } from '../engines/postgres.js';
import { type Schema } from '../tables/schema.js';
import { scrub } from './scrubbing.js';
import { openEverything, type OpeningReport } from './sealed-values.js';
import { assertSoleUse } from '../engines/sole-use.js';
import { aloneInTransaction } from '../engines/transaction.js';

/** Replacing rewrites a row of every person, and a table at a time is written anew. */
const STATEMENT_TIMEOUT_MS = 30 * 60_000;

/** Where the two keys come from and how the new one becomes the key of the installation. */
export interface RotatedKey {
  /** The key gateways are given now, 32 bytes. */
  readonly current: Uint8Array;
  /**
   * The key that is to be: the one chosen before, or else a new one.
   *
   * @param choose false: none is made
   */
  next(choose: boolean): Promise<Uint8Array | null>;
  /**
   * Makes the key of this identifier the one gateways find; may be called again.
   *
   * @throws StorageError `MASTER_KEY_WRONG` where it is neither the new key nor the one they find already
   */
  keep(masterKeyId: string): Promise<void>;
}

/** What has been done; each is told once it is kept. */
export type RotationStep =
  | { readonly step: 'begun' | 'resumed' | 'finishing' }
  | { readonly step: 'prepared'; readonly people: number }
  | { readonly step: 'alone' | 'kept' | 'scrubbed' | 'done' }
  | { readonly step: 'replaced'; readonly people: number; readonly forgottenAttempts: number }
  | ({ readonly step: 'proved' } & OpeningReport);

export interface KeyRotation {
  readonly address: DatabaseAddress;
  readonly options: PostgresOptions;
  readonly key: RotatedKey;
  /** Who rotates it, and when. */
  readonly act: Act;
  readonly tell: (step: RotationStep) => void;
}

/**
 * Rotates the master key, or finishes a rotation that was interrupted.
 *
 * @throws StorageError `MASTER_KEY_WRONG` when neither key is the database's; `STORAGE_UNAVAILABLE` also while another process has
 *   the database open; `STORAGE_CORRUPT` when a value does not open (before anything is replaced where it is a person's key or IIN, and
 *   after it where it is any other: that value opened under no key)
 */
export async function rotateMasterKey(rotation: KeyRotation): Promise<void> {
  const { key, tell } = rotation;
  const connect = connectorOf(rotation);
  const { from, to } = await connect(async (database) => {
    const plan = await planOf(database, key);
    if (plan.from === null) tell({ step: 'finishing' });
    else await prepare(database, plan.from, plan.to, rotation);
    return plan;
  });
  if (from !== null) await replace(rotation, connect, { from, to });
  // At once: there is no way back, and what follows may fail for want of room while people wait for the gateways.
  await key.keep(to.masterKeyId);
  tell({ step: 'kept' });
  await scrub(rotation.address, connect);
  tell({ step: 'scrubbed' });
  await connect(async (database) => {
    const report = await openEverything(database, to);
    tell({ step: 'proved', ...report });
    if (report.failed > 0) throw unopened(report);
    await enter(database, to, 'done');
  });
  tell({ step: 'done' });
}

type Connect = <T>(work: (database: Kysely<Schema>) => Promise<T>) => Promise<T>;

/** Opened for each stretch of the work and closed again: in between it is proved that no process has the database open, this one included. */
function connectorOf({ address, options }: KeyRotation): Connect {
  const ours = {
    ...options,
    connections: 2,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    name: 'qaqpa rotate-key',
  };
  let migrated = false;
  return async (work) => {
    const database = migrated ? connectDatabase(address, ours) : await openDatabase(address, ours);
    migrated = true;
    try {
      return await work(database);
    } finally {
      await database.destroy();
    }
  };
}

interface Plan {
  /** Null where the database is under the new key already. */
  readonly from: FieldCipher | null;
  readonly to: FieldCipher;
}

async function planOf(database: Kysely<Schema>, key: RotatedKey): Promise<Plan> {
  const current = createFieldCipher(key.current);
  const [known] = await knownKeys(database);
  const rotation = await rotationOf(database);
  if (known === undefined) {
    throw new StorageError('MASTER_KEY_WRONG', 'the database has no master key yet; start a gateway first');
  }
  // Interrupted after gateways were given the new key, and before that was noted.
  if (rotation?.phase === 'proving' && known === current.masterKeyId) return { from: null, to: current };
  const chosen = await key.next(known === current.masterKeyId);
  const next = chosen === null ? null : createFieldCipher(chosen);
  if (next?.masterKeyId === current.masterKeyId) {
    throw new StorageError('MASTER_KEY_WRONG', 'the new master key is the one in use; choose another');
  }
  if (next !== null && known === next.masterKeyId && rotation?.to_key === known) {
    return { from: null, to: next };
  }
  if (known !== current.masterKeyId || next === null) {
    throw new StorageError('MASTER_KEY_WRONG', 'the database was made with another master key');
  }
  return { from: current, to: next };
}

/** From the end of this on the storage cannot be opened. */
async function prepare(
  database: Kysely<Schema>,
  from: FieldCipher,
  to: FieldCipher,
  { act, tell }: KeyRotation,
): Promise<void> {
  tell({ step: (await begin(database, from, to, act.at)) ? 'begun' : 'resumed' });
  await prepareKeys(database, from, to, (people) => {
    tell({ step: 'prepared', people });
  });
  await enter(database, to, 'replacing');
}

/** Processes that opened the storage while they could are found; then all that was prepared is put in the place of the old. */
async function replace(
  { address, act, tell }: KeyRotation,
  connect: Connect,
  { from, to }: { readonly from: FieldCipher; readonly to: FieldCipher },
): Promise<void> {
  try {
    await assertSoleUse(address, connect);
  } catch (error) {
    await connect((database) => enter(database, to, 'preparing'));
    throw error;
  }
  tell({ step: 'alone' });
  const done = await connect((database) => replaceKeys(database, from, to, act));
  tell({ step: 'replaced', ...done });
}

/** Takes up the rotation to this key, or gives up one to another that has replaced nothing. @returns whether it is a new one */
function begin(database: Kysely<Schema>, from: FieldCipher, to: FieldCipher, now: Date): Promise<boolean> {
  return aloneInTransaction(database, async (transaction) => {
    const before = await rotationOf(transaction);
    const ours = before?.to_key === to.masterKeyId && before.from_key === from.masterKeyId;
    if (ours && before.phase !== 'done') return false;
    // What another rotation has replaced since the plan was made must not be forgotten: it may have more to do.
    if (!(await knownKeys(transaction)).includes(from.masterKeyId)) throw overtaken();
    await transaction.deleteFrom('rotated_keys').execute();
    await transaction.deleteFrom('key_rotation').execute();
    await transaction
      .insertInto('key_rotation')
      .values({
        id: 1,
        from_key: from.masterKeyId,
        to_key: to.masterKeyId,
        phase: 'preparing',
        since: now.getTime(),
      })
      .execute();
    return true;
  });
}

type Phase = Schema['key_rotation']['phase'];

/** From where a phase may be entered; another rotation may have come further meanwhile. */
const BEFORE: Readonly<Record<'preparing' | 'replacing' | 'done', readonly Phase[]>> = {
  preparing: ['replacing'],
  replacing: ['preparing', 'replacing'],
  done: ['proving', 'done'],
};

async function enter(
  database: Kysely<Schema>,
  { masterKeyId }: FieldCipher,
  phase: keyof typeof BEFORE,
): Promise<void> {
  const { numUpdatedRows } = await database
    .updateTable('key_rotation')
    .set({ phase })
    .where('to_key', '=', masterKeyId)
    .where('phase', 'in', BEFORE[phase])
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw overtaken();
}

function unopened({ failed, unopened: values }: OpeningReport): StorageError {
  const named = values.map(({ table, column, record }) => `${table}.${column} of ${record}`).join(', ');
  const more = failed > values.length ? ` and ${failed - values.length} more` : '';
  return new StorageError(
    'STORAGE_CORRUPT',
    `these values open under no key, and did not before: ${named}${more}; the new key is in force, keep the old one until a backup has told what they were`,
  );
}
