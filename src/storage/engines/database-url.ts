import { StorageError } from '../error.js';
import { parsePostgresUrl } from './postgres-url.js';

export type DatabaseAddress =
  | { readonly engine: 'sqlite'; readonly path: string }
  | { readonly engine: 'postgres'; readonly url: string };

/**
 * Reads `sqlite:PATH`, `sqlite://PATH` or `postgres://…`, the latter in full, with the files it names.
 *
 * @throws StorageError `STORAGE_URL_INVALID`; no part of the URL is in its message
 */
export function parseDatabaseUrl(url: string): DatabaseAddress {
  if (/^postgres(ql)?:/.test(url)) {
    parsePostgresUrl(url);
    return { engine: 'postgres', url };
  }
  const path = /^sqlite:(?:\/\/)?(.+)$/s.exec(url)?.[1];
  if (path === undefined) {
    throw new StorageError('STORAGE_URL_INVALID', 'the database URL must be sqlite:PATH or postgres://…');
  }
  if (path.startsWith(':memory:')) {
    throw new StorageError(
      'STORAGE_URL_INVALID',
      'the database URL names a database in memory, which would be gone with the process, accounts and audit log with it',
    );
  }
  return { engine: 'sqlite', path };
}
