import { type AccountDirectory } from '../accounts/directory.js';
import { type Passwords } from '../accounts/password.js';
import { type AuditLog } from '../audit/log.js';
import { type ChallengeStore } from '../challenge/store.js';
import { type ApiClients } from '../federation/api-client.js';
import { type SessionLimits } from '../sessions/session.js';
import { type Sessions } from '../sessions/sessions.js';
import { StorageError } from './error.js';

export interface StorageConfig {
  /** `sqlite:PATH` (also `sqlite://PATH`); PostgreSQL follows. */
  readonly databaseUrl: string;
  /** When given, challenges and sessions live in Redis. */
  readonly redisUrl: string | null;
  /** 32 bytes; see `loadOrCreateMasterKey`. */
  readonly masterKey: Uint8Array;
  readonly sessionLimits?: SessionLimits;
}

/** What a unit of work may touch. */
export interface Stores {
  readonly challenges: ChallengeStore;
  readonly sessions: Sessions;
  readonly accounts: AccountDirectory;
  readonly passwords: Passwords;
  readonly audit: AuditLog;
  readonly apiClients: ApiClients;
}

export interface Storage extends Stores {
  /**
   * Runs `work` as one unit: everything it writes through the stores it is given is kept together or not at all, in one disk
   * sync. Other writers wait meanwhile, so nothing slow belongs inside (no hashing of passwords, no network). Only the given
   * stores may be used inside; those of the storage itself would wait for the end of this very unit.
   */
  atomically<T>(work: (stores: Stores) => Promise<T>): Promise<T>;
  /** Resolves when every store answers. @throws StorageError `STORAGE_UNAVAILABLE` */
  ping(): Promise<void>;
  /** Deletes what nobody can use any more: old challenges, ended sessions, forgotten attempts. */
  purge(now: Date): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the store, migrates it when it is older than this program, and proves that the master key is the one it was made with.
 *
 * @throws StorageError
 */
export function openStorage(config: StorageConfig): Promise<Storage> {
  return Promise.reject(new StorageError('STORAGE_URL_INVALID', `not built in yet: ${config.databaseUrl}`));
}
