/**
 * One conversation with NCALayer: connect, ask once, close. The socket is given by the caller, so that the same code runs
 * in a page and against a real server in tests.
 */
import { encodeSignRequest, readFrame, type SignRequest } from './ncalayer-protocol.js';

/** The part of `WebSocket` used here. */
export interface Socket {
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  send(text: string): void;
  close(): void;
}

export interface Timing {
  /** How long a connection may take; generous, because a permission prompt of the browser is part of it. */
  readonly connectMs: number;
  /** How long to wait for the greeting before asking anyway: KAZTOKEN sends none. */
  readonly greetingMs: number;
}

export type Connected =
  | { readonly outcome: 'connected'; readonly conversation: Conversation }
  | { readonly outcome: 'unreachable' | 'stopped' };

export type Signed =
  | { readonly outcome: 'signed'; readonly signature: string }
  | { readonly outcome: 'cancelled' | 'module-missing' | 'disconnected' | 'late' | 'stopped' }
  | { readonly outcome: 'refused'; readonly code: string; readonly details: string | null };

/** An open connection, good for one request. */
export interface Conversation {
  /**
   * Asks for a signature and waits for it until `waitMs` have passed (`late`), the socket closes (`disconnected`) or the
   * person stops it (`stopped`). The connection is closed afterwards, which also takes NCALayer's window away.
   */
  sign(request: SignRequest, waitMs: number, stop: AbortSignal): Promise<Signed>;
  close(): void;
}

function converse(socket: Socket, closed: Promise<void>): Conversation {
  return {
    close: () => {
      socket.close();
    },
    sign: (request, waitMs, stop) =>
      new Promise((resolve) => {
        const finish = (signed: Signed): void => {
          clearTimeout(timer);
          stop.removeEventListener('abort', stopped);
          resolve(signed);
          socket.close();
        };
        const stopped = (): void => {
          finish({ outcome: 'stopped' });
        };
        const timer = setTimeout(() => {
          finish({ outcome: 'late' });
        }, waitMs);
        stop.addEventListener('abort', stopped);
        if (stop.aborted) stopped();
        void closed.then(() => {
          finish({ outcome: 'disconnected' });
        });
        socket.addEventListener('message', ({ data }) => {
          const frame = readFrame(data);
          if (frame.kind === 'signature') finish({ outcome: 'signed', signature: frame.signature });
          else if (frame.kind === 'refused')
            finish({ outcome: 'refused', code: frame.code, details: frame.details });
          else if (frame.kind === 'cancelled' || frame.kind === 'module-missing')
            finish({ outcome: frame.kind });
        });
        socket.send(encodeSignRequest(request));
      }),
  };
}

/** Connects through `open` and waits for the greeting. It never throws: a refused address, a closed socket and a timeout are `unreachable`. */
export function connectToNcalayer(open: () => Socket, timing: Timing, stop: AbortSignal): Promise<Connected> {
  return new Promise((resolve) => {
    let socket: Socket;
    try {
      socket = open();
    } catch {
      resolve({ outcome: 'unreachable' });
      return;
    }
    const finish = (connected: Connected): void => {
      clearTimeout(timer);
      clearTimeout(greeting);
      stop.removeEventListener('abort', stopped);
      resolve(connected);
      if (connected.outcome !== 'connected') socket.close();
    };
    const stopped = (): void => {
      finish({ outcome: 'stopped' });
    };
    const ready = (): void => {
      finish({ outcome: 'connected', conversation: converse(socket, closed) });
    };
    let greeting: ReturnType<typeof setTimeout> | undefined;
    const timer = setTimeout(() => {
      finish({ outcome: 'unreachable' });
    }, timing.connectMs);
    stop.addEventListener('abort', stopped);
    const closed = new Promise<void>((gone) => {
      socket.addEventListener('close', gone);
    });
    void closed.then(() => {
      finish({ outcome: 'unreachable' });
    });
    // An error is always followed by a close; it is listened to so that it counts as handled.
    socket.addEventListener('error', () => undefined);
    socket.addEventListener('open', () => {
      greeting = setTimeout(ready, timing.greetingMs);
    });
    socket.addEventListener('message', ready);
    if (stop.aborted) stopped();
  });
}
