import { AccountError } from '../accounts/account.js';
import { ConfigError, loadConfig } from '../config.js';
import { StorageError } from '../storage/error.js';
import { openConfiguredStorage } from '../gateway.js';
import { type Storage } from '../storage/storage.js';
import { type CommandIo, InputError, UsageError } from './command.js';

/**
 * Opens the store the environment names, as the gateway does, runs `work` on it and closes it again.
 *
 * @throws UsageError for what the operator can put right: the configuration, a refused change
 * @throws InputError for a store that cannot be opened
 */
export async function withConfiguredStorage<T>(
  io: CommandIo,
  work: (storage: Storage) => Promise<T>,
): Promise<T> {
  let storage: Storage;
  try {
    storage = await openConfiguredStorage(loadConfig(io.env));
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(`the configuration is wrong:\n${error.message}`);
    if (error instanceof StorageError) throw new InputError(`${error.code}: ${error.message}`);
    throw error;
  }
  try {
    return await work(storage);
  } catch (error) {
    if (error instanceof AccountError) throw new UsageError(`${error.code}: ${error.message}`);
    if (error instanceof StorageError) throw new InputError(`${error.code}: ${error.message}`);
    throw error;
  } finally {
    await storage.close();
  }
}
