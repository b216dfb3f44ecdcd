import { existsSync } from 'node:fs';
import { AccountError } from '../accounts/account.js';
import { loadConfig } from '../config.js';
import { ConfigError } from '../config/mistake.js';
import { StorageError } from '../storage/error.js';
import { openConfiguredStorage } from '../gateway.js';
import { type OpenServices } from '../services.js';
import { type CommandIo, InputError, UsageError } from './command.js';

/**
 * The same for commands that only look: what is not there is not made, so that a mistyped folder does not answer for an empty store.
 *
 * @throws UsageError, InputError
 */
export function withExistingStorage<T>(
  io: CommandIo,
  work: (storage: OpenServices) => Promise<T>,
): Promise<T> {
  const file = databaseFile(io);
  if (file !== null) assertDatabaseExists(file);
  return withConfiguredStorage(io, work);
}

/** @throws InputError */
export function assertDatabaseExists(file: string): void {
  if (existsSync(file)) return;
  throw new InputError(`there is no database ${file}; QAQPA_DATA_DIR or QAQPA_DATABASE_URL says where it is`);
}

function databaseFile({ env }: CommandIo): string | null {
  try {
    return /^sqlite:(?:\/\/)?(\/.*)$/.exec(loadConfig(env).databaseUrl)?.[1] ?? null;
  } catch (error) {
    // Told in full by whoever opens the store.
    if (error instanceof ConfigError) return null;
    throw error;
  }
}

/**
 * Opens the store the environment names, as the gateway does, runs `work` on it and closes it again.
 *
 * @throws UsageError, InputError
 */
export function withConfiguredStorage<T>(
  io: CommandIo,
  work: (storage: OpenServices) => Promise<T>,
): Promise<T> {
  return withRefusalsTold(async () => {
    const storage = await openConfiguredStorage(loadConfig(io.env));
    try {
      return await work(storage);
    } finally {
      await storage.close();
    }
  });
}

/**
 * Runs `work` and tells what it is refused as commands tell it.
 *
 * @throws UsageError for what the operator can put right: the configuration, a refused change
 * @throws InputError for a store that cannot be used
 */
export async function withRefusalsTold<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(`the configuration is wrong:\n${error.message}`);
    if (error instanceof AccountError) throw new UsageError(`${error.code}: ${error.message}`);
    if (error instanceof StorageError) throw new InputError(`${error.code}: ${error.message}`);
    throw error;
  }
}
