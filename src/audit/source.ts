/** Where the log is read from when it is verified. */
import { type ChainPlace } from './chain.js';
import { type NoteKey } from './checkpoint.js';
import { type AuditRecord } from './record.js';
import { type TileAt } from './tile.js';

/** A record as it is stored. */
export interface StoredRecord {
  readonly record: AuditRecord;
  /** Whether what is sealed of its origin is what the leaf says; `erased`: its key is destroyed, and nobody can say any more. */
  readonly origin: 'none' | 'right' | 'erased' | 'wrong';
}

/** Up to where records were deleted under the retention. */
export interface LogBeginning {
  /** Leaves whose records are gone. */
  readonly leaves: number;
  /** The last record that went, and its hash where it was of the chain. */
  readonly sequence: number;
  readonly hash: string;
}

/** Where the log is read from. */
export interface LogSource {
  /** The newest checkpoint, as signed; null before anything was sealed. */
  checkpoint(): Promise<string | null>;
  /** Keys it is and was signed with, as far as they prove to be of this installation. */
  keys(): Promise<readonly NoteKey[]>;
  beginning(): Promise<LogBeginning>;
  /** The end of the chain from before the tree; null where there was none. */
  chainEnd(): Promise<ChainPlace | null>;
  readonly tileAt: TileAt;
  /** Sealed records in the order of their leaves. */
  sealedFrom(leaf: number, limit: number): Promise<readonly StoredRecord[]>;
  /** Records not sealed yet, in the order of their numbers. */
  unsealedAfter(sequence: number, limit: number): Promise<readonly StoredRecord[]>;
  /** Whether tiles or sealed records lie beyond the end of the tree. */
  beyondEnd(): Promise<'tile' | 'record' | null>;
}
