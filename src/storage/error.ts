import { StoreFailure } from '../outage/store-failure.js';

export type StorageErrorCode =
  | 'STORAGE_URL_INVALID'
  | 'STORAGE_UNAVAILABLE'
  /** The database works, and other writers were in the way for too long. */
  | 'STORAGE_CONTENDED'
  | 'STORAGE_SCHEMA_NEWER'
  | 'STORAGE_CORRUPT'
  /** The file of breached passwords is missing, damaged or something else. */
  | 'BREACHED_SET_INVALID'
  /** A real database opened for a demonstration, or the reverse. */
  | 'STORAGE_PURPOSE'
  | 'MASTER_KEY_MALFORMED'
  | 'MASTER_KEY_EXPOSED'
  | 'MASTER_KEY_WRONG'
  /** It is being replaced, or that was interrupted. */
  | 'MASTER_KEY_ROTATING';

/** Failures of the stores themselves. `STORAGE_UNAVAILABLE` and `STORAGE_CONTENDED` may pass by themselves; the others need a person. */
export class StorageError extends StoreFailure {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
