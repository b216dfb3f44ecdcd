/** What a gateway has open, and how it is closed again. Part of the composition root. */
import { type Log } from './telemetry/log.js';

/** What is open: closed in the opposite order, also when starting fails half-way. */
export interface OpenParts {
  push(close: () => Promise<void> | void): void;
  /** Closes all of it; a part that does not close is told and keeps no other from closing. */
  closeAll(): Promise<void>;
}

export function createOpenParts(log: Log): OpenParts {
  const open: (() => Promise<void> | void)[] = [];
  return {
    push: (close) => void open.push(close),
    async closeAll() {
      for (const close of open.splice(0).reverse()) {
        try {
          await close();
        } catch (error) {
          log.error({ err: error }, 'a part did not close');
        }
      }
    },
  };
}

/** What every part of a start is given. */
export interface Ground {
  readonly clock: () => Date;
  readonly log: Log;
  readonly open: OpenParts;
}
