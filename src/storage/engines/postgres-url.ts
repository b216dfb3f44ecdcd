import { readFileSync } from 'node:fs';
import { type PoolConfig } from 'pg';
import { StorageError } from '../error.js';

type ConnectionConfig = Pick<PoolConfig, 'host' | 'port' | 'user' | 'password' | 'database' | 'ssl'>;

const PARAMETERS = ['host', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;

/**
 * Reads `postgres://user:password@host:port/database?sslmode=…`. Of libpq's words it knows `sslmode=disable` and `verify-full` (the
 * rule for every server that is not on this machine: the modes between encrypt to whoever answers), `sslrootcert`, `sslcert`,
 * `sslkey` (paths of PEM files) and `host` (the folder of a socket). Anything else is refused rather than ignored.
 *
 * @throws StorageError `STORAGE_URL_INVALID`; no part of the URL is in its message
 */
export function parsePostgresUrl(text: string): ConnectionConfig {
  if (!/^postgres(ql)?:\/\//.test(text)) throw invalid('is not of the form postgres://…');
  // The socket form has no host, which URL does not allow where there is a user.
  const url = readUrl(text.replace(/^([a-z]+:\/\/(?:[^@/?#]*@)?)(?=[/?]|$)/, '$1socket.invalid'));
  const parameters = readParameters(url.searchParams);
  const named = decode(url.hostname) === 'socket.invalid' ? '' : decode(url.hostname);
  const host = parameters.host ?? (named === '' ? 'localhost' : named.replace(/^\[|\]$/g, ''));
  const database = decode(url.pathname.replace(/^\//, ''));
  if (database === '') throw invalid('names no database');
  return {
    host,
    port: url.port === '' ? 5432 : Number(url.port),
    database,
    ...(url.username === '' ? {} : { user: decode(url.username) }),
    ...(url.password === '' ? {} : { password: decode(url.password) }),
    ssl: readTls(parameters, host),
  };
}

type Parameters = Readonly<Partial<Record<(typeof PARAMETERS)[number], string>>>;

function readParameters(given: URLSearchParams): Parameters {
  const read: Record<string, string> = {};
  for (const [name, value] of given) {
    if (!PARAMETERS.some((known) => known === name)) {
      throw invalid(`has the parameter ${JSON.stringify(name)}; known are ${PARAMETERS.join(', ')}`);
    }
    if (name in read) throw invalid(`has ${name} twice`);
    read[name] = value;
  }
  return read;
}

function readTls({ sslmode, sslrootcert, sslcert, sslkey }: Parameters, host: string): PoolConfig['ssl'] {
  const local = host.startsWith('/') || LOOPBACK.test(host);
  const mode = sslmode ?? (local && sslrootcert === undefined ? 'disable' : 'verify-full');
  if (mode === 'disable') return false;
  if (mode !== 'verify-full') {
    throw invalid('has an sslmode other than disable and verify-full, which does not prove the server');
  }
  if ((sslcert === undefined) !== (sslkey === undefined)) throw invalid('has one of sslcert and sslkey');
  return {
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(sslrootcert === undefined ? {} : { ca: readPem('sslrootcert', sslrootcert) }),
    ...(sslcert === undefined ? {} : { cert: readPem('sslcert', sslcert) }),
    ...(sslkey === undefined ? {} : { key: readPem('sslkey', sslkey) }),
  };
}

function readPem(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StorageError('STORAGE_URL_INVALID', `the file of ${name} cannot be read`, { cause });
  }
}

function readUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    // Its own message would hold the password.
    throw invalid('cannot be read');
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('has a broken %-escape');
  }
}

function invalid(problem: string): StorageError {
  return new StorageError('STORAGE_URL_INVALID', `the database URL ${problem}`);
}
