/** Who knocks, as far as the connection tells: for the audit log, the session list and bounds, never for a decision. */
export interface Visitor {
  readonly requestId: string;
  readonly address: string | null;
  /** What is bounded as one: the address itself, or the network of one subscriber. */
  readonly subscriber: string;
  /** The networks around it, the narrower one first; `null` for what is no address. */
  readonly networks: readonly [site: string, provider: string] | null;
  /** The browser's own description. */
  readonly device: string | null;
  /** What the pre-login cookie holds. */
  readonly browserToken: string | null;
  /** The session this browser had until now; it ends when another begins. */
  readonly sessionToken: string | null;
}
