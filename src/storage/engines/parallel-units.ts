import { type CompiledQuery, type QueryResult } from 'kysely';
import { StorageError } from '../error.js';
import { type Unit, type UnitQueue } from './unit-queue.js';

/** How long a unit waits for a connection. Longer than a person waits is no use to anybody. */
const WAIT_MS = 5_000;
const WAITING_MAX = 5_000;

/** A connection that carries one unit of work as one transaction. */
export interface UnitConnection {
  /** @param alone no other unit of the database runs beside it, in any process */
  begin(alone: boolean): Promise<void>;
  execute(query: CompiledQuery): Promise<QueryResult<unknown>>;
  /** Makes everything durable. */
  commit(): Promise<void>;
  /** Gives the connection back; a transaction that is still open is taken back. */
  close(): Promise<void>;
}

interface Waiter {
  readonly admit: () => void;
  readonly refuse: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Units of work beside one another, each a transaction on a connection of its own (docs/decisions/0029). A unit one of whose statements has
 * failed cannot be kept.
 *
 * @param atMost units at a time in this process; fewer than there are connections, or reading would wait for writing
 */
export function createParallelUnits(open: () => Promise<UnitConnection>, atMost: number): UnitQueue {
  const waiting = new Set<Waiter>();
  const running = new Set<Promise<void>>();
  let closed = false;
  let places = atMost;

  const place = (): Promise<void> =>
    new Promise((admit, refuse) => {
      if (closed || waiting.size >= WAITING_MAX) {
        refuse(unavailable(closed ? 'the database is closed' : 'too many wait for the database'));
        return;
      }
      if (places > 0) {
        places -= 1;
        admit();
        return;
      }
      const timer = setTimeout(() => {
        waiting.delete(waiter);
        refuse(unavailable('the database is too busy'));
      }, WAIT_MS);
      const waiter: Waiter = { admit, refuse, timer };
      waiting.add(waiter);
    });

  const leave = (): void => {
    const [next] = waiting;
    if (next === undefined) {
      places += 1;
      return;
    }
    waiting.delete(next);
    clearTimeout(next.timer);
    next.admit();
  };

  const opened = async (alone: boolean): Promise<UnitConnection> => {
    const connection = await open();
    try {
      await connection.begin(alone);
      return connection;
    } catch (error) {
      await connection.close().catch(() => undefined);
      throw error;
    }
  };

  return {
    async enter({ alone = false } = {}) {
      await place();
      let ended = (): void => undefined;
      const end = new Promise<void>((resolve) => {
        ended = resolve;
      });
      running.add(end);
      const over = (): void => {
        running.delete(end);
        leave();
        ended();
      };
      try {
        return carry(await opened(alone), over);
      } catch (error) {
        over();
        throw error;
      }
    },
    async close() {
      closed = true;
      for (const { refuse, timer } of waiting) {
        clearTimeout(timer);
        refuse(unavailable('the database is closed'));
      }
      waiting.clear();
      await Promise.all(running);
    },
  };
}

function carry(connection: UnitConnection, over: () => void): Unit {
  let failure: { readonly error: unknown } | null = null;
  let ended = false;
  const finish = async (work: () => Promise<void>): Promise<void> => {
    // A unit that could not be kept is asked to be undone: that has been done.
    if (ended) return;
    ended = true;
    try {
      await work();
    } finally {
      await connection.close().catch(() => undefined);
      over();
    }
  };
  return {
    async execute(query) {
      if (ended) throw new Error('this unit of work has ended');
      try {
        return await connection.execute(query);
      } catch (error) {
        failure ??= { error };
        throw error;
      }
    },
    keep: () =>
      finish(async () => {
        if (failure !== null) throw failure.error;
        await connection.commit();
      }),
    undo: () => finish(() => Promise.resolve()),
  };
}

function unavailable(message: string): StorageError {
  return new StorageError('STORAGE_UNAVAILABLE', message);
}
