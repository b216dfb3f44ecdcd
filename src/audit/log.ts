import { type AuditEvent, type AuditEventType } from './event.js';
import { type Checkpoint, type NoteKey } from './checkpoint.js';
import { type RecordProof } from './proof.js';
import { type AuditRecord } from './record.js';
import { type LogVerdict } from './verify.js';

export interface AuditQuery {
  /** Records after this sequence number, oldest first. Default 0. A record that is committed later than it was numbered is never passed over. */
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

/** What is verified of the log. */
export interface Verification {
  /** A checkpoint that was kept elsewhere: the log must have grown out of it. */
  readonly kept?: Checkpoint;
  /** With `kept`: reads only what came after it. */
  readonly sinceKept?: boolean;
  /** A key that was kept elsewhere, which must be one of those the log is signed with. */
  readonly key?: NoteKey;
}

/** The append-only log. What is not written here did not happen: callers append in the unit of work of the deed itself. */
export interface AuditLog {
  append(event: AuditEvent): Promise<void>;
  /** Writes to the disk as `append` does and records nothing: for what must not be told apart by its time. */
  touch(): Promise<void>;
  list(query: AuditQuery): Promise<readonly AuditRecord[]>;
  /** The newest records, newest first. */
  latest(limit: number): Promise<readonly AuditRecord[]>;
  /** The record of this number, if it is kept. */
  find(sequence: number): Promise<AuditRecord | null>;
  /** The newest checkpoint, a signed note; null before anything was sealed. */
  checkpoint(): Promise<string | null>;
  /** That a record is in the tree of the newest checkpoint; null where it is not sealed yet, or not kept. */
  prove(sequence: number): Promise<RecordProof | null>;
  /** The keys the log is and was signed with, the newest first. */
  keys(): Promise<readonly NoteKey[]>;
  /** Recomputes the log, a page at a time. */
  verify(what?: Verification): Promise<LogVerdict>;
}
