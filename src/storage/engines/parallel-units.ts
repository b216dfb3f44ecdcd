import { type CompiledQuery, type QueryResult } from 'kysely';
import { createWaiting } from './waiting.js';
import { type Unit, type UnitQueue } from './unit-queue.js';

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

/**
 * Units of work beside one another, each a transaction on a connection of its own (docs/decisions/0029). A unit one of whose statements has
 * failed cannot be kept.
 *
 * @param atMost units at a time in this process; fewer than there are connections, or reading would wait for writing
 */
export function createParallelUnits(open: () => Promise<UnitConnection>, atMost: number): UnitQueue {
  const waiting = createWaiting<undefined>();
  const running = new Set<Promise<void>>();
  let closed = false;
  let places = atMost;

  const place = async (): Promise<void> => {
    if (closed || places === 0) await waiting.join();
    else places -= 1;
  };
  const leave = (): void => {
    const next = waiting.next();
    if (next === undefined) places += 1;
    else next.admit(undefined);
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
      waiting.close();
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
