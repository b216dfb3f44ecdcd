import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_MASTER_KEY, TEST_PASSWORD_COST } from './test-secrets.js';
import { openStorage, type Storage, type StorageConfig } from '../../src/storage/storage.js';

export interface TemporaryStorage {
  readonly storage: Storage;
  readonly config: StorageConfig;
  /** The database file. */
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** A store in a folder of its own. */
export async function openTemporaryStorage(change: Partial<StorageConfig> = {}): Promise<TemporaryStorage> {
  const folder = mkdtempSync(join(tmpdir(), 'qaqpa-store-'));
  const path = join(folder, 'qaqpa.db');
  const config: StorageConfig = {
    databaseUrl: `sqlite:${path}`,
    redisUrl: null,
    masterKey: TEST_MASTER_KEY,
    passwordCost: TEST_PASSWORD_COST,
    ...change,
  };
  const storage = await openStorage(config);
  return {
    storage,
    config,
    path,
    async remove() {
      await storage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
