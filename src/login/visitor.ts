/** Who knocks, as far as the connection tells: for the audit log and the session list, never for a decision. */
export interface Visitor {
  readonly requestId: string;
  readonly address: string | null;
  /** The browser's own description. */
  readonly device: string | null;
  /** What the pre-login cookie holds. */
  readonly browserToken: string | null;
  /** The session this browser had until now; it ends when another begins. */
  readonly sessionToken: string | null;
}
