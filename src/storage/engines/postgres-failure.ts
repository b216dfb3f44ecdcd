import { StorageError } from '../error.js';

/**
 * SQLSTATE classes and codes (PostgreSQL, Appendix A) that mean "not now": connection lost, authorisation, no such database,
 * resources, shutdown, statement timeouts, a standby that only reads, disk errors.
 */
const PASSING = /^(08|28|3D|53|57|58|25006|25P0[34])/;
/** Another transaction was in the way: a deadlock, a serialisation failure, a lock that was not to be had in time. */
const CONTENDED = /^(40001|40P01|55P03)$/;
const UNIQUE_VIOLATION = '23505';
const BROKEN = /^XX00[12]$/;
/** After these the connection is not used again: the server has ended it, or it leads to the wrong server. */
const CONNECTION_LOST = /^(08|57P|25006|25P0[34]|0A000)/;

interface ServerFailure {
  /** Empty for whatever the server did not say: then it is about the connection, or a mistake of ours. */
  readonly state: string;
  readonly code: string;
  readonly name: string;
}

/** What a failure of PostgreSQL means to us; what is not about the state of the store stays, without the values it quotes. */
export function translatePostgresFailure(error: unknown): Error {
  if (error instanceof StorageError) return error;
  const { state, code, name } = readFailure(error);
  if (BROKEN.test(state))
    return new StorageError('STORAGE_CORRUPT', 'the database is damaged', { cause: withoutValues(error) });
  if (CONTENDED.test(state)) {
    return new StorageError('STORAGE_CONTENDED', `other writers were in the way (${state})`, {
      cause: withoutValues(error),
    });
  }
  const connection = state === '' && name !== 'TypeError' && name !== 'RangeError';
  if (connection || PASSING.test(state)) {
    const reason = state || code;
    const message = `the database cannot be used now${reason === '' ? '' : ` (${reason})`}`;
    return new StorageError('STORAGE_UNAVAILABLE', message, { cause: withoutValues(error) });
  }
  return withoutValues(error) as Error;
}

/** Whether the connection the failure came from must be thrown away. */
export function connectionIsLost(error: unknown): boolean {
  const { state } = readFailure(error);
  return state === '' || CONNECTION_LOST.test(state);
}

/** Whether a statement alone may simply be said again: it lost a deadlock, or its plan was made before a migration. */
export function mayBeRepeated(error: unknown): boolean {
  return /^(40P01|40001|0A000)$/.test(readFailure(error).state);
}

/**
 * Whether a unit of work that failed so may be run again from its beginning: it lost a deadlock, or another wrote a row of the same key
 * since it looked, which it will find now. Nothing else of it was kept.
 */
export function collided(error: unknown): boolean {
  if (error instanceof StorageError) {
    return error.code === 'STORAGE_CONTENDED' && readFailure(error.cause).state.startsWith('40');
  }
  return readFailure(error).state === UNIQUE_VIOLATION;
}

function readFailure(error: unknown): ServerFailure {
  if (typeof error !== 'object' || error === null) return { state: '', code: '', name: '' };
  const { code, severity, name } = error as { code?: unknown; severity?: unknown; name?: unknown };
  const text = typeof code === 'string' ? code : '';
  const fromServer = typeof severity === 'string' && /^[0-9A-Z]{5}$/.test(text);
  return { state: fromServer ? text : '', code: text, name: typeof name === 'string' ? name : '' };
}

/** The server quotes the rows it refuses: "Key (bin)=(…)", "Failing row contains (…)". That belongs in no log. */
function withoutValues(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) {
    for (const field of ['detail', 'where', 'hint', 'internalQuery']) Reflect.deleteProperty(error, field);
  }
  return error;
}
