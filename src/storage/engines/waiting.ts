import { StorageError } from '../error.js';

/** How long a unit waits for its turn. Longer than a person waits is no use. */
const WAIT_MS = 5_000;
const WAITING_MAX = 5_000;

/** A unit that waits. */
export interface Waiter<Turn> {
  readonly admit: (turn: Turn) => void;
  readonly refuse: (error: unknown) => void;
}

/** Units that wait for their turn: so many at a time, each so long. */
export interface Waiting<Turn> {
  readonly size: () => number;
  /** @throws StorageError `STORAGE_UNAVAILABLE` when there are too many, the turn does not come in time, or it was closed */
  join(): Promise<Turn>;
  /** The one that has waited longest, and waits no more. */
  next(): Waiter<Turn> | undefined;
  refuseAll(error: unknown): void;
  /** Refuses those who wait and whatever comes later. */
  close(): void;
}

export function createWaiting<Turn>(): Waiting<Turn> {
  const waiting = new Map<Waiter<Turn>, NodeJS.Timeout>();
  let closed = false;
  const leave = (waiter: Waiter<Turn>): void => {
    clearTimeout(waiting.get(waiter));
    waiting.delete(waiter);
  };
  const refuseAll = (error: unknown): void => {
    for (const waiter of [...waiting.keys()]) {
      leave(waiter);
      waiter.refuse(error);
    }
  };
  return {
    size: () => waiting.size,
    join: () =>
      new Promise((admit, refuse) => {
        if (closed || waiting.size >= WAITING_MAX) {
          refuse(unavailable(closed ? 'the database is closed' : 'too many wait for the database'));
          return;
        }
        const waiter = { admit, refuse };
        const timer = setTimeout(() => {
          leave(waiter);
          refuse(unavailable('the database is too busy'));
        }, WAIT_MS);
        waiting.set(waiter, timer);
      }),
    next() {
      const [waiter] = waiting.keys();
      if (waiter !== undefined) leave(waiter);
      return waiter;
    },
    refuseAll,
    close() {
      closed = true;
      refuseAll(unavailable('the database is closed'));
    },
  };
}

function unavailable(message: string): StorageError {
  return new StorageError('STORAGE_UNAVAILABLE', message);
}
