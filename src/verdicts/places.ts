import { VerdictUnavailable } from './verdicts.js';

/** Sign-ins and documents wait apart: a flood of one must not shut out the other. */
export type Lane = 'login' | 'document';

/** How much of a lane may be taken at once, from the moment a place is held until its verdict is given. */
export interface LaneLimits {
  readonly tasks: number;
  readonly octets: number;
}

/** Holds places and gives turns. */
export interface Places {
  /**
   * @returns what gives the place back, once
   * @throws VerdictUnavailable `VERIFIER_BUSY`, `VERIFIER_STOPPED`
   */
  hold(lane: Lane, octets: number): () => void;
  /** Waits for a turn; the function given back leaves the queue. */
  queue(lane: Lane, waiting: Waiting): () => void;
  /** Gives turns while there is room. */
  advance(): void;
  waiting(lane: Lane): number;
  held(lane: Lane): number;
  /** Sends away those who wait and whoever comes. */
  close(): void;
}

export interface Waiting {
  /** Must take up the room there is before it returns. */
  readonly begin: () => void;
  readonly refuse: (error: VerdictUnavailable) => void;
}

/** A document gets its turn after at most this many sign-ins, however many more there are. */
const LOGINS_IN_A_ROW = 4;

/** @param hasRoom whether a turn given now is used at once */
export function createPlaces(limits: Readonly<Record<Lane, LaneLimits>>, hasRoom: () => boolean): Places {
  const lanes = { login: createLane(limits.login), document: createLane(limits.document) };
  let closed = false;
  let loginsInARow = 0;

  const next = (): Waiting | undefined => {
    const { login, document } = lanes;
    const turnOfDocument = document.queue.size > 0 && loginsInARow >= LOGINS_IN_A_ROW;
    const lane = login.queue.size > 0 && !turnOfDocument ? login : document;
    loginsInARow = lane === login ? loginsInARow + 1 : 0;
    const [first] = lane.queue;
    if (first !== undefined) lane.queue.delete(first);
    return first;
  };
  const stopped = (): VerdictUnavailable =>
    new VerdictUnavailable('VERIFIER_STOPPED', 'the gateway is stopping');

  return {
    hold(name, octets) {
      if (closed) throw stopped();
      const lane = lanes[name];
      // One task may be larger than the limit, if it is alone.
      const full = lane.tasks > 0 && lane.octets + octets > lane.limits.octets;
      if (full || lane.tasks >= lane.limits.tasks) {
        throw new VerdictUnavailable('VERIFIER_BUSY', 'no place is left in the queue');
      }
      lane.tasks += 1;
      lane.octets += octets;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        lane.tasks -= 1;
        lane.octets -= octets;
      };
    },
    queue(name, waiting) {
      if (closed) waiting.refuse(stopped());
      else lanes[name].queue.add(waiting);
      return () => {
        lanes[name].queue.delete(waiting);
      };
    },
    advance() {
      while (hasRoom()) {
        const first = next();
        if (first === undefined) return;
        first.begin();
      }
    },
    waiting: (name) => lanes[name].queue.size,
    held: (name) => lanes[name].tasks,
    close() {
      closed = true;
      for (const { queue } of Object.values(lanes)) {
        for (const { refuse } of queue) refuse(stopped());
        queue.clear();
      }
    },
  };
}

function createLane(limits: LaneLimits): {
  readonly limits: LaneLimits;
  readonly queue: Set<Waiting>;
  tasks: number;
  octets: number;
} {
  return { limits, queue: new Set(), tasks: 0, octets: 0 };
}
