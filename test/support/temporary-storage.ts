import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage, type Storage, type StorageConfig } from '../../src/storage/storage.js';

/** Fixed, so that a test that opens a store twice need not carry the key about. */
export const TEST_MASTER_KEY = new Uint8Array(32).fill(7);

/** Cheap argon2 for tests: the cost is not what they are about. */
export const TEST_PASSWORD_COST = { memoryKiB: 64, passes: 1, lanes: 1 };

export interface TemporaryStorage {
  readonly storage: Storage;
  readonly config: StorageConfig;
  /** The database file. */
  readonly path: string;
  remove(): Promise<void>;
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
