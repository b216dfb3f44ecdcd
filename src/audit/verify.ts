/** Proving the log: its checkpoint, the tree below it, and every record in the tree. Reads a page at a time. */
import { type ChainPlace } from './chain.js';
import { type Checkpoint, keyIdOf, type NoteKey, readCheckpoint, signedBy } from './checkpoint.js';
import { rootAt } from './merkle.js';
import { type LogBeginning, type LogSource } from './source.js';
import { nodesInTiles } from './tile.js';
import { type RecordFault, verifyRecords } from './verify-records.js';
import { type TreeFault, verifyTree } from './verify-tree.js';

/**
 * - `checkpoint-unreadable`, `checkpoint-unsigned`: the newest checkpoint is none, or no key of the installation has signed it.
 * - `key-unknown`: the key that was kept elsewhere is none the log is signed with.
 * - `kept-foreign`: the checkpoint that was kept elsewhere is of another log.
 * - `kept-ahead`: it is of a longer log: the end was cut off.
 * - `kept-differs`: the log did not grow out of it: it was rewritten.
 */
export type LogFault =
  | 'checkpoint-unreadable'
  | 'checkpoint-unsigned'
  | 'key-unknown'
  | 'kept-foreign'
  | 'kept-ahead'
  | 'kept-differs'
  | TreeFault
  | RecordFault;

/** What was found; `sequence` and `leaf` say where, as far as there is a place. */
export type LogVerdict =
  | {
      readonly intact: true;
      /** Records that were verified, sealed or not. */
      readonly records: number;
      /** Of these, those that are not sealed yet, which nothing proves. */
      readonly unsealed: number;
      /** Leaves of the tree. */
      readonly size: number;
      /** Lower-case hex; of no tree where nothing was sealed. */
      readonly root: string | null;
      readonly begin: LogBeginning;
      /** The end of the chain from before the tree. */
      readonly chainEnd: ChainPlace | null;
    }
  | {
      readonly intact: false;
      readonly fault: LogFault;
      readonly sequence: number | null;
      readonly leaf: number | null;
    };

export interface VerificationOptions {
  readonly kept?: Checkpoint;
  readonly sinceKept?: boolean;
  readonly key?: NoteKey;
}

/** What was deleted or sealed while we read is no fault: then it is looked at once more. */
const LOOKS = 3;

/** Verifies the log of a source. */
export async function verifyLog(source: LogSource, options: VerificationOptions = {}): Promise<LogVerdict> {
  for (let look = 1; ; look += 1) {
    const before = await stateOf(source);
    const verdict = await verifyOnce(source, options, before);
    if (verdict.intact || look >= LOOKS) return verdict;
    const after = await stateOf(source);
    if (after.note === before.note && after.begin.leaves === before.begin.leaves) return verdict;
  }
}

interface LogState {
  readonly note: string | null;
  readonly begin: LogBeginning;
}

async function stateOf(source: LogSource): Promise<LogState> {
  return { begin: await source.beginning(), note: await source.checkpoint() };
}

async function verifyOnce(
  source: LogSource,
  { kept, sinceKept = false, key }: VerificationOptions,
  { note, begin }: LogState,
): Promise<LogVerdict> {
  const keys = await source.keys();
  const head = note === null ? null : readCheckpoint(note);
  if (note !== null && head === null) return broken('checkpoint-unreadable');
  if (head !== null && signedBy(head, keys) === null) return broken('checkpoint-unsigned');
  if (key !== undefined && !keys.some((known) => keyIdOf(known) === keyIdOf(key)))
    return broken('key-unknown');
  const size = head?.size ?? 0;
  if (kept !== undefined) {
    if (!keys.some(({ name }) => name === kept.origin) || signedBy(kept, keys) === null)
      return broken('kept-foreign');
    if (kept.size > size) return broken('kept-ahead');
  }
  const from = sinceKept ? (kept?.size ?? 0) : 0;
  const treeFault = await verifyTree(source, { from, head });
  if (treeFault !== null) return { intact: false, sequence: null, ...treeFault };
  if (kept !== undefined && !(await rootAt(nodesInTiles(source.tileAt), kept.size)).equals(kept.root)) {
    return broken('kept-differs');
  }
  const chainEnd = await source.chainEnd();
  const found = await verifyRecords(source, { from, size, begin, chainEnd });
  if (found.fault !== null) return { intact: false, ...found };
  const { records, unsealed } = found;
  return { intact: true, records, unsealed, size, root: head?.root.toString('hex') ?? null, begin, chainEnd };
}

function broken(fault: LogFault): LogVerdict {
  return { intact: false, fault, sequence: null, leaf: null };
}

/** Where a fault is, in words: ` at record 7`, or nothing where it has no place. */
export function placeOf({
  sequence,
  leaf,
}: {
  readonly sequence: number | null;
  readonly leaf: number | null;
}): string {
  if (sequence !== null) return ` at record ${sequence}`;
  return leaf === null ? '' : ` at leaf ${leaf}`;
}
