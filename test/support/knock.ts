import { anonymousAct } from '../../src/audit/act.js';
import { type Visitor } from '../../src/sign-in/visitor.js';

/** A visitor of whom nothing but the address is known. */
export function knock(at: Date, address: string | null = '192.0.2.1'): Visitor {
  return {
    act: anonymousAct({ requestId: 'request', address, device: null }, at),
    subscriber: address ?? 'unknown',
    networks: null,
    browserToken: null,
    sessionToken: null,
  };
}
