import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CompiledQuery, type QueryResult } from 'kysely';
import { createWaiting, type Waiter, type Waiting } from './waiting.js';

/** What one transaction may hold: other instances and other work of this process want their turn too. */
const GROUP_MAX = 32;
const GROUP_MS = 20;
/** How long units of a group may follow each other before everything else of this process has its turn. */
const TURN_MS = 2;

/** A connection that carries units one after another inside one transaction. */
export interface Writer {
  execute(query: CompiledQuery): Promise<QueryResult<unknown>>;
  /** Opens the transaction, the writers' lock taken, and the first unit in it. */
  begin(): Promise<void>;
  /** Takes back what the unit under way has written; what earlier units wrote stays. */
  undo(): Promise<void>;
  /** Ends the unit under way and opens another. */
  next(): Promise<void>;
  /** Ends the unit under way and makes everything durable. */
  commit(): Promise<void>;
  /** Gives the connection back; a transaction that is still open is taken back. */
  close(): Promise<void>;
}

/** A unit of work whose turn it is. */
export interface Unit {
  execute(query: CompiledQuery): Promise<QueryResult<unknown>>;
  /** Resolves when what it wrote is durable. Rejects, nothing being kept, when that fails or when one of its statements has failed. */
  keep(): Promise<void>;
  /** Resolves when what it wrote is taken back and what it read has proved durable; at once when it has ended. */
  undo(): Promise<void>;
}

export interface UnitQueue {
  /**
   * Waits for the turn of a new unit.
   *
   * @param how `alone` where no other unit may run beside it; where units run one after another none does
   * @throws StorageError `STORAGE_UNAVAILABLE` when the database cannot be had or the turn does not come in time
   */
  enter(how?: { readonly alone?: boolean }): Promise<Unit>;
  /** Lets the group under way finish; those who still wait are refused. */
  close(): Promise<void>;
}

/** A unit that has ended and waits for the commit. */
interface Member {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  /** What it is told although the commit succeeds. */
  readonly failure: { readonly error: unknown } | null;
}

/**
 * Group commit: units run strictly one after another, and those that wait when one ends join its transaction and share its disk
 * sync (docs/decisions/0005). Each can fail alone. Nobody is answered before the commit, not even who failed: the reason may
 * be what an earlier unit of the group wrote. When the commit fails, they all fail.
 */
export function createUnitQueue(openWriter: () => Promise<Writer>): UnitQueue {
  const waiting = createWaiting<Unit>();
  let serving: Promise<void> | null = null;

  const serve = async (): Promise<void> => {
    while (waiting.size() > 0) {
      // Requests that arrived together are read one after another: whoever is behind the first shares its disk sync. Answers to
      // the group before go out in the same turn. A unit that is alone waits for nobody, the turn is over at once.
      await nextTurn();
      if (waiting.size() > 0) await serveGroup(openWriter, waiting);
    }
    serving = null;
  };

  return {
    enter() {
      const turn = waiting.join();
      if (waiting.size() > 0) serving ??= serve();
      return turn;
    },
    async close() {
      waiting.close();
      await serving;
    },
  };
}

async function serveGroup(openWriter: () => Promise<Writer>, waiting: Waiting<Unit>): Promise<void> {
  const writer = await openWriter().catch((error: unknown) => {
    waiting.refuseAll(error);
    return null;
  });
  if (writer === null) return;
  const members: Member[] = [];
  try {
    await writer.begin();
  } catch (error) {
    waiting.refuseAll(error);
    await giveBack(writer);
    return;
  }
  try {
    const until = performance.now() + GROUP_MS;
    let turnEnds = performance.now() + TURN_MS;
    for (;;) {
      const waiter = waiting.next();
      // All gave up while the transaction was opened.
      if (waiter === undefined) break;
      await carry(writer, waiter, members);
      if (waiting.size() === 0 || members.length >= GROUP_MAX || performance.now() > until) break;
      await writer.next();
      if (performance.now() > turnEnds) {
        await nextTurn();
        turnEnds = performance.now() + TURN_MS;
      }
    }
    await writer.commit();
    for (const { resolve, reject, failure } of members) {
      if (failure === null) resolve();
      else reject(failure.error);
    }
  } catch (error) {
    for (const { reject } of members) reject(error);
  } finally {
    await giveBack(writer);
  }
}

/** Everybody has been answered by now; a connection that could not be put right refuses the next group. */
async function giveBack(writer: Writer): Promise<void> {
  await writer.close().catch(() => undefined);
}

/** Lets one unit work; resolves when it has ended, rejects when the whole group is lost. */
async function carry(writer: Writer, waiter: Waiter<Unit>, members: Member[]): Promise<void> {
  let failure: { readonly error: unknown } | null = null;
  let ended = false;
  const end = await new Promise<'keep' | 'undo'>((resolve) => {
    const finish = (how: 'keep' | 'undo'): Promise<void> => {
      // Who could not keep a unit asks to undo it: that has been done.
      if (ended) return Promise.resolve();
      ended = true;
      return new Promise<void>((kept, lost) => {
        members.push({ resolve: kept, reject: lost, failure: how === 'keep' ? failure : null });
        resolve(failure === null ? how : 'undo');
      });
    };
    waiter.admit({
      async execute(query) {
        if (ended) throw new Error('this unit of work has ended');
        try {
          return await writer.execute(query);
        } catch (error) {
          // PostgreSQL lets nothing follow a failed statement. On SQLite the same rule, so that one test speaks for both.
          failure ??= { error };
          throw error;
        }
      },
      keep: () => finish('keep'),
      undo: () => finish('undo'),
    });
  });
  if (end === 'undo') await writer.undo();
}
