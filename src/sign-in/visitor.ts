import { type Act } from '../audit/act.js';

/** Who knocks, as far as the connection tells: for bounds, tokens and the audit log, never for a decision. */
export interface Visitor {
  /** What they are doing: by nobody known, until they have shown a session or proved who they are. */
  readonly act: Act;
  /** What is bounded as one: the address itself, or the network of one subscriber. */
  readonly subscriber: string;
  /** The networks around it, the narrower one first; `null` for what is no address. */
  readonly networks: readonly [site: string, provider: string] | null;
  /** What the pre-login cookie holds. */
  readonly browserToken: string | null;
  /** The session this browser had until now; it ends when another begins. */
  readonly sessionToken: string | null;
}

/** The same visitor after something that takes time: an act is of the moment at which it is decided. */
export function asOf(visitor: Visitor, at: Date): Visitor {
  return { ...visitor, act: { ...visitor.act, at } };
}
