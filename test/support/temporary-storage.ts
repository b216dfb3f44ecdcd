import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedPostgres } from './postgres-server.js';
import { TEST_MASTER_KEY, TEST_PASSWORD_COST } from './test-secrets.js';
import { openSqlite } from '../../src/storage/engines/sqlite-connection.js';
import { openServices, type OpenServices, type ServicesConfig } from '../../src/services.js';
import { guardUnits } from '../../src/storage/engines/unit-driver.js';

export interface TemporaryStorage {
  readonly storage: OpenServices;
  readonly config: ServicesConfig;
  /** The database file, when it is in one. */
  readonly path: string;
  /** The address of another database of the same kind, with nothing in it. */
  readonly emptyDatabase: () => Promise<string>;
  /** Runs a statement behind the program's back. */
  readonly query: (statement: string) => Promise<Record<string, unknown>[]>;
  readonly remove: () => Promise<void>;
}

guardUnits();

let elsewhere: (() => Promise<string>) | null = null;

/** From now on stores are not files but databases at the addresses `newDatabase` gives. */
export function keepTemporaryStoragesIn(newDatabase: () => Promise<string>): void {
  elsewhere = newDatabase;
}

/** What temporary stores are kept in. */
export function temporaryEngine(): 'sqlite' | 'postgres' {
  return elsewhere === null ? 'sqlite' : 'postgres';
}

/** A store in a folder of its own. */
export async function openTemporaryStorage(change: Partial<ServicesConfig> = {}): Promise<TemporaryStorage> {
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-store-'));
  const path = join(folder, 'qaqpa.db');
  const config: ServicesConfig = {
    databaseUrl: (await elsewhere?.()) ?? `sqlite:${path}`,
    redisUrl: null,
    masterKey: TEST_MASTER_KEY,
    passwordCost: TEST_PASSWORD_COST,
    ...change,
  };
  const storage = await openServices(config);
  return {
    storage,
    config,
    path,
    emptyDatabase: async () => (await elsewhere?.()) ?? `sqlite:${path}.new`,
    query: (statement) => runBehind(config.databaseUrl, path, statement),
    async remove() {
      await storage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function runBehind(url: string, path: string, statement: string): Promise<Record<string, unknown>[]> {
  if (!url.startsWith('sqlite:')) return (await sharedPostgres()).query(url, statement);
  const database = openSqlite(path, { timeoutMs: 5_000 });
  try {
    if (!/^select/i.test(statement)) {
      database.exec(statement);
      return [];
    }
    return database.prepare(statement).all();
  } finally {
    await database.close();
  }
}
