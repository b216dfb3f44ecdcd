import { existsSync } from 'node:fs';
import { Kysely, sql } from 'kysely';
import { type LogVerdict } from '../../audit/verify.js';
import { type ClientSecret } from '../../clients/client-secret.js';
import { type DatabaseAddress } from '../engines/database-url.js';
import { createFieldCipher } from '../keys/field-cipher.js';
import { rotationOf } from '../keys/master-key-proof.js';
import { MIGRATIONS } from '../migrations/index.js';
import { createPostgresDialect, type PostgresOptions } from '../engines/postgres.js';
import { type Schema } from '../tables/schema.js';
import { createSqlApiClients } from '../tables/sql-api-clients.js';
import { createSqlAudit } from '../tables/sql-audit.js';
import { createSqliteDialect } from '../engines/sqlite.js';

/** What somebody who looks at a database without changing it finds there. */
export interface DatabaseCondition {
  readonly server: DatabaseServer;
  /** Null where no gateway has made its tables yet. */
  readonly schemaVersion: number | null;
  /** `unmade`: the database knows none yet and takes the first it is opened with. */
  readonly masterKey: 'right' | 'wrong' | 'unmade';
  /** A rotation of the master key that has not come to its end; null also where the tables are of another version. */
  readonly rotating: 'preparing' | 'replacing' | 'proving' | null;
  /** Null where the tables are not those of this program, which cannot read them then. */
  readonly audit: LogVerdict | null;
  /** Secrets of API clients in use that end soon; null as with `audit`. */
  readonly endingSecrets: readonly ClientSecret[] | null;
}

export interface DatabaseServer {
  readonly name: 'SQLite' | 'PostgreSQL';
  readonly version: string;
  readonly readOnly: boolean;
  /** `UTF8`, or the database cannot keep every name. */
  readonly encoding: string;
  /** Connections the server gives out to everybody together; null where nobody counts. */
  readonly connections: number | null;
}

/** The schema version this program brings a database to. */
export const NEWEST_SCHEMA = Math.max(...MIGRATIONS.map(({ version }) => version));

/**
 * Looks at a database without migrating it, and without making one.
 *
 * @param masterKey null: there is none yet
 * @returns null for an embedded database that does not exist yet
 * @throws StorageError `STORAGE_UNAVAILABLE`, `STORAGE_CORRUPT`, `MASTER_KEY_MALFORMED`
 */
export async function conditionOf(
  address: DatabaseAddress,
  options: PostgresOptions,
  masterKey: Uint8Array | null,
  now: Date,
): Promise<DatabaseCondition | null> {
  if (address.engine === 'sqlite' && !existsSync(address.path)) return null;
  const dialect =
    address.engine === 'sqlite'
      ? createSqliteDialect(address.path)
      : createPostgresDialect(address.url, { ...options, connections: 1 });
  const database = new Kysely<Schema>({ dialect });
  try {
    const server = await (address.engine === 'sqlite' ? sqliteServer(database) : postgresServer(database));
    const tables = (await database.introspection.getTables()).map(({ name }) => name);
    if (!tables.includes('schema_migrations') || !tables.includes('master_keys')) {
      return {
        server,
        schemaVersion: null,
        masterKey: 'unmade',
        rotating: null,
        audit: null,
        endingSecrets: null,
      };
    }
    const migrations = await sql<{ version: number }>`select version from schema_migrations`.execute(
      database,
    );
    const schemaVersion = Math.max(0, ...migrations.rows.map(({ version }) => version));
    const keys = await database.selectFrom('master_keys').select('key_id').execute();
    const cipher = masterKey === null ? null : createFieldCipher(masterKey);
    const ours = cipher?.masterKeyId;
    const right = keys.some(({ key_id }) => key_id === ours);
    return {
      server,
      schemaVersion,
      masterKey: keys.length === 0 ? 'unmade' : right ? 'right' : 'wrong',
      rotating: schemaVersion === NEWEST_SCHEMA ? await unfinishedRotation(database) : null,
      audit:
        schemaVersion === NEWEST_SCHEMA
          ? await createSqlAudit(database, right ? cipher : null).verify()
          : null,
      endingSecrets: schemaVersion === NEWEST_SCHEMA ? await createSqlApiClients(database).ending(now) : null,
    };
  } finally {
    await database.destroy();
  }
}

async function unfinishedRotation(database: Kysely<Schema>): Promise<DatabaseCondition['rotating']> {
  const phase = (await rotationOf(database))?.phase ?? 'done';
  return phase === 'done' ? null : phase;
}

async function sqliteServer(database: Kysely<Schema>): Promise<DatabaseServer> {
  const { rows } = await sql<{ version: string; encoding: string }>`
    select sqlite_version() as version, encoding from pragma_encoding`.execute(database);
  const [row] = rows;
  return {
    name: 'SQLite',
    version: row?.version ?? '',
    readOnly: false,
    encoding: row?.encoding === 'UTF-8' ? 'UTF8' : (row?.encoding ?? ''),
    connections: null,
  };
}

async function postgresServer(database: Kysely<Schema>): Promise<DatabaseServer> {
  const { rows } = await sql<{ version: string; read_only: string; encoding: string; connections: string }>`
    select current_setting('server_version') as version, current_setting('transaction_read_only') as read_only,
      current_setting('server_encoding') as encoding, current_setting('max_connections') as connections`.execute(
    database,
  );
  const [row] = rows;
  return {
    name: 'PostgreSQL',
    version: row?.version ?? '',
    readOnly: row?.read_only !== 'off',
    encoding: row?.encoding ?? '',
    connections: Number(row?.connections),
  };
}
