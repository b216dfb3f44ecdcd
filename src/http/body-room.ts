/** Room for bodies: what all of them together may take of the memory, whatever each of them may be. */
import { BODY_ROOM } from './body-limits.js';
import { Problem } from './problem.js';

export interface BodyRoom {
  /**
   * Takes room for a body from before it is read until its request is answered.
   *
   * @param sender what shares the room of one: an address or an API client
   * @param octets as announced, or as many as may come
   * @returns what gives the room back
   * @throws Problem `GATEWAY_BUSY` with `Retry-After`
   */
  take(sender: string, octets: number): () => void;
}

/**
 * @param limits octets; a single body always finds room where nothing else is
 * @param largest octets of the largest body there can be
 */
export function createBodyRoom(
  limits: { readonly perSender: number; readonly inAll: number },
  largest: number,
): BodyRoom {
  const perSender = Math.max(limits.perSender, largest);
  const inAll = Math.max(limits.inAll, largest);
  const taken = new Map<string, number>();
  let total = 0;
  return {
    take(sender, octets) {
      const before = taken.get(sender) ?? 0;
      if (before + octets > perSender || total + octets > inAll) {
        throw new Problem('GATEWAY_BUSY', { headers: { 'Retry-After': '2' } });
      }
      taken.set(sender, before + octets);
      total += octets;
      let given = false;
      return () => {
        if (given) return;
        given = true;
        total -= octets;
        const left = (taken.get(sender) ?? 0) - octets;
        if (left > 0) taken.set(sender, left);
        else taken.delete(sender);
      };
    },
  };
}

export interface BodyRooms {
  readonly people: BodyRoom;
  readonly clients: BodyRoom;
}

/** @param largestDocument octets of the largest body an API client may send */
export function createBodyRooms(largestDocument: number): BodyRooms {
  return {
    people: createBodyRoom(BODY_ROOM.people, 0),
    clients: createBodyRoom(BODY_ROOM.clients, largestDocument),
  };
}
