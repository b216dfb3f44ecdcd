import { letGoOfLeft } from '../../src/storage/engines/sqlite-connection.js';
import { openServices, type OpenServices } from '../../src/services.js';
import { TEST_PASSWORD_COST } from './test-secrets.js';

/** Opens the embedded database at a path for `work`, and lets go of its file as a gateway does that stops with its process. */
export async function usingStorage<T>(
  path: string,
  masterKey: Uint8Array,
  work: (storage: OpenServices) => Promise<T>,
): Promise<T> {
  const outcome = await whileOpen(path, masterKey, work);
  // Only here does nothing refer to the storage any more.
  await letGoOfLeft();
  return outcome;
}

async function whileOpen<T>(
  path: string,
  masterKey: Uint8Array,
  work: (storage: OpenServices) => Promise<T>,
): Promise<T> {
  const storage = await openServices({
    databaseUrl: `sqlite:${path}`,
    redisUrl: null,
    masterKey,
    passwordCost: TEST_PASSWORD_COST,
  });
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}
