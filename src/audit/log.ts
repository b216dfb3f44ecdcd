import { type AuditEvent, type AuditEventType } from './event.js';
import { type AuditRecord, type ChainFault, type ChainPlace } from './chain.js';

/** The whole chain is right up to `sequence`, or wrong from `sequence` on. */
export type ChainVerdict =
  | {
      readonly intact: true;
      readonly sequence: number;
      readonly hash: string;
      /** The last record that was deleted under the retention; number 0 where none was. */
      readonly begin: ChainPlace;
    }
  | { readonly intact: false; readonly sequence: number; readonly fault: ChainFault };

export interface AuditQuery {
  /** Records after this sequence number, oldest first. Default 0. */
  readonly after?: number;
  /** Records before this sequence number, newest first; `Infinity` for the newest. Not together with `after`. */
  readonly before?: number;
  /** At most 1000, default 100. */
  readonly limit?: number;
  readonly organisationId?: string;
  /** With `organisationId`: of the records that belong to no organisation, those of these types count as well. */
  readonly alsoOfNone?: readonly AuditEventType[] | 'every type';
  /** Records in which one of these identifiers acted or was acted upon; at most 4. */
  readonly about?: readonly string[];
}

/** The append-only log. What is not written here did not happen: callers append in the unit of work of the deed itself. */
export interface AuditLog {
  append(event: AuditEvent): Promise<void>;
  /** Writes to the disk as `append` does and records nothing: for what must not be told apart by its time. */
  touch(): Promise<void>;
  list(query: AuditQuery): Promise<readonly AuditRecord[]>;
  /** The newest records, newest first. */
  latest(limit: number): Promise<readonly AuditRecord[]>;
  /** Recomputes every link from the first record that is kept, a page at a time. */
  verifyChain(): Promise<ChainVerdict>;
}
