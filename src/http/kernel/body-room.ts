/** Room for bodies: what all of them together may take of the memory, whatever each of them may be. */
import { collectGarbage } from '../../memory/garbage.js';
import { BODY_ROOM, COLLECTED_OCTETS, type RoomLimits, WHOLE_ROOM_MEMORY } from './body-limits.js';
import { Problem } from './problem.js';

/** Slow senders are looked for at most so often in one place, however many bodies find no room there. */
const SWEEP_EVERY_MS = 250;
/** The place of all senders together: no sender has this name. */
const EVERYWHERE = '';

/** The place of one body, from before it is read until its request is answered. */
export interface BodyPlace {
  /** Aborted when the place is given to others, because its sender is slow and room is scarce. */
  readonly dropped: AbortSignal;
  /**
   * Takes room for what has come.
   *
   * @throws Problem `GATEWAY_BUSY` with `Retry-After`
   */
  grow(octets: number): void;
  /** All has come: from now on it does not wait for its sender. */
  complete(): void;
  /** Gives the room back. */
  leave(): void;
}

export interface BodyRoom {
  /**
   * @param senders what shares room, from the narrowest to the widest: an address and its networks, or an API client
   */
  enter(senders: readonly string[]): BodyPlace;
}

interface Standing {
  readonly senders: readonly string[];
  readonly began: number;
  readonly dropping: AbortController;
  octets: number;
  complete: boolean;
}

/**
 * A body takes room as it comes, so that announcing one takes none. Where there is none left, those are let go of whose senders are slow:
 * who would hold the room has to send it again and again.
 *
 * @param largest octets of the largest body there can be; one always finds room where nothing else is
 * @param now milliseconds of a clock that does not jump
 * @param passed told how long a body is that has all come, and how long one is that is done with
 */
export function createBodyRoom(
  limits: RoomLimits,
  largest: number,
  now: () => number = () => performance.now(),
  passed: (octets: number) => void = () => undefined,
): BodyRoom {
  const { graceMs, octetsPerSecond } = limits.slow;
  const inAll = Math.max(limits.inAll, largest);
  const perSender = limits.perSender.map((octets) => Math.max(octets, largest));
  const taken = new Map<string, number>();
  const standing = new Set<Standing>();
  /** When slow senders were looked for, by what was full: the senders' own, so that none has another's turn. */
  const sweptAt = new Map<string, number>();
  let total = 0;

  const change = (place: Standing, octets: number): void => {
    place.octets += octets;
    total += octets;
    for (const sender of place.senders) {
      const left = (taken.get(sender) ?? 0) + octets;
      if (left > 0) taken.set(sender, left);
      else {
        taken.delete(sender);
        sweptAt.delete(sender);
      }
    }
  };
  const leave = (place: Standing): void => {
    if (!standing.delete(place)) return;
    passed(place.octets);
    change(place, -place.octets);
  };
  const allFull = (octets: number): boolean => total + octets > inAll;
  const isFull = ({ senders }: Standing, octets: number): boolean =>
    allFull(octets) || fullSenders(senders, octets).length > 0;
  const fullSenders = (senders: readonly string[], octets: number): readonly string[] =>
    senders.filter(
      (sender, at) => (taken.get(sender) ?? 0) + octets > (perSender[at] ?? Number.POSITIVE_INFINITY),
    );
  const isSlow = ({ complete, began, octets }: Standing): boolean =>
    !complete && now() - began > graceMs + (octets / octetsPerSecond) * 1000;
  /** Lets go of those who are slow: of all, where there is no room at all, or of those who share the sender that is full. */
  const dropSlow = (senders: readonly string[], octets: number): void => {
    const everywhere = allFull(octets);
    const full = fullSenders(senders, octets);
    const due = [...(everywhere ? [EVERYWHERE] : []), ...full].filter(
      (where) => now() - (sweptAt.get(where) ?? Number.NEGATIVE_INFINITY) >= SWEEP_EVERY_MS,
    );
    if (due.length === 0) return;
    // Of senders who hold nothing there is nothing to forget later.
    for (const where of due) if (where === EVERYWHERE || taken.has(where)) sweptAt.set(where, now());
    for (const place of [...standing]) {
      if (!isSlow(place) || !(everywhere || full.some((sender) => place.senders.includes(sender)))) continue;
      leave(place);
      place.dropping.abort();
    }
  };

  return {
    enter(senders) {
      const dropping = new AbortController();
      const place: Standing = { senders, began: now(), dropping, octets: 0, complete: false };
      standing.add(place);
      return {
        dropped: dropping.signal,
        grow(octets) {
          if (!standing.has(place)) throw noRoom();
          if (isFull(place, octets)) {
            dropSlow(senders, octets);
            if (!standing.has(place) || isFull(place, octets)) throw noRoom();
          }
          change(place, octets);
        },
        complete() {
          place.complete = true;
          passed(place.octets);
        },
        leave() {
          leave(place);
        },
      };
    },
  };
}

/** What a body is answered that finds no room, or loses it. */
export function noRoom(): Problem {
  return new Problem('GATEWAY_BUSY', { headers: { 'Retry-After': '2' } });
}

export interface BodyRooms {
  readonly people: BodyRoom;
  readonly clients: BodyRoom;
}

/**
 * @param largestDocument octets of the largest body an API client may send
 * @param memory octets this process may take
 * @param collect lets go of what nothing refers to any more
 */
export function createBodyRooms(
  largestDocument: number,
  memory: number,
  collect: () => void = collectGarbage,
): BodyRooms {
  const share = Math.min(1, memory / WHOLE_ROOM_MEMORY);
  const passed = share < 1 ? collectAfter(COLLECTED_OCTETS, collect) : undefined;
  const shared = ({ perSender, inAll, slow }: RoomLimits): RoomLimits => ({
    perSender: perSender.map((octets) => octets * share),
    inAll: inAll * share,
    slow,
  });
  return {
    people: createBodyRoom(shared(BODY_ROOM.people), 0, undefined, passed),
    clients: createBodyRoom(shared(BODY_ROOM.clients), largestDocument, undefined, passed),
  };
}

/**
 * Collects what bodies leave behind, a text six times as long as they are, each time so many octets have passed: once they are parsed, and
 * once they are done with. V8 would wait until its heap is full, for which there is no room beside the largest document in a thread.
 */
function collectAfter(octetsPassed: number, collect: () => void): (octets: number) => void {
  let left = 0;
  let due = false;
  return (octets) => {
    left += octets;
    if (left < octetsPassed || due) return;
    due = true;
    // What was used in this very turn is still referred to.
    setImmediate(() => {
      [left, due] = [0, false];
      collect();
    });
  };
}
