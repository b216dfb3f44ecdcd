/** Proving that the records are those the leaves of a proven tree commit to. */
import { type ChainPlace, type ChainWalk, GENESIS_HASH, sealOf, walkChain } from './chain.js';
import { leafOf } from './leaf.js';
import { HASH_LENGTH, leafHash } from './merkle.js';
import { type AuditRecord } from './record.js';
import { type LogBeginning, type LogSource, type StoredRecord } from './source.js';
import { TILE_WIDTH, type TileAt } from './tile.js';

/**
 * - `record-altered`: it is not what its leaf or its place in the chain says.
 * - `record-missing`: there is none where one must be.
 * - `record-added`: there is one where none may be.
 * - `link-broken`: the record does not follow the one before it in the chain from before the tree.
 * - `end-missing`: that chain stops before its end.
 * - `deletion-unrecorded`: records are gone, and no record says that they were deleted.
 */
export type RecordFault =
  | 'record-altered'
  | 'record-missing'
  | 'record-added'
  | 'link-broken'
  | 'end-missing'
  | 'deletion-unrecorded';

type Found =
  | { readonly fault: null; readonly records: number; readonly unsealed: number }
  | { readonly fault: RecordFault; readonly sequence: number | null; readonly leaf: number | null };

interface Stretch {
  /** The leaf to begin with. */
  readonly from: number;
  /** Leaves of the tree. */
  readonly size: number;
  readonly begin: LogBeginning;
  readonly chainEnd: ChainPlace | null;
}

const PAGE = 1_000;

/** Compares every record with its leaf; from the beginning on, the chain and what was deleted as well. */
export async function verifyRecords(
  source: LogSource,
  { from, size, begin, chainEnd }: Stretch,
): Promise<Found> {
  const whole = from <= begin.leaves;
  const walk = whole && chainEnd !== null ? walkOf(begin) : null;
  const leaves = leavesIn(source.tileAt);
  let [records, deletionTold] = [0, begin.leaves === 0];
  const see = (record: AuditRecord): void => {
    records += 1;
    deletionTold ||= record.type === 'audit.deleted' && record.details['leaves'] === begin.leaves;
  };
  let next = Math.max(from, begin.leaves);
  // From before all of them at first: a record in front of the beginning is one that was put back.
  for (let place = whole ? Number.MIN_SAFE_INTEGER : next; next < size; place = next) {
    const page = await source.sealedFrom(place, PAGE);
    for (const stored of page) {
      const { record } = stored;
      if (next >= size) break;
      if (record.leaf !== next) {
        const fault = (record.leaf ?? 0) < next ? 'record-added' : 'record-missing';
        return { fault, sequence: fault === 'record-added' ? record.sequence : null, leaf: next };
      }
      const fault = leafFault(stored, await leaves(next)) ?? linkFault(walk, record);
      if (fault !== null) return { fault, sequence: record.sequence, leaf: next };
      see(record);
      next += 1;
    }
    if (page.length < PAGE && next < size) return { fault: 'record-missing', sequence: null, leaf: next };
  }
  const sealed = records;
  for (let after = -1; ;) {
    const page = await source.unsealedAfter(after, PAGE);
    for (const { record, origin } of page) {
      const fault = origin === 'wrong' ? 'record-altered' : linkFault(walk, record);
      if (fault !== null) return { fault, sequence: record.sequence, leaf: null };
      see(record);
      after = record.sequence;
    }
    if (page.length < PAGE) break;
  }
  if (walk !== null && chainEnd !== null) {
    const fault = endFault(walk.end, begin, chainEnd);
    if (fault !== null) return { fault, sequence: walk.end.sequence + 1, leaf: null };
  }
  if (whole && !deletionTold) return { fault: 'deletion-unrecorded', sequence: null, leaf: begin.leaves };
  if ((await source.beyondEnd()) === 'record') return { fault: 'record-added', sequence: null, leaf: size };
  return { fault: null, records, unsealed: records - sealed };
}

function leafFault({ record, origin }: StoredRecord, leaf: Buffer): RecordFault | null {
  const { chain } = record;
  const chained = chain === null || sealOf({ ...record, chain }) === chain.hash;
  return chained && origin !== 'wrong' && leafHash(leafOf(record)).equals(leaf) ? null : 'record-altered';
}

function linkFault(walk: ChainWalk | null, record: AuditRecord): RecordFault | null {
  if (walk === null || record.chain === null) return null;
  return walk.step({ ...record, chain: record.chain })?.fault ?? null;
}

/** The chain goes on from the last of its records that was deleted. */
function walkOf({ sequence, hash }: LogBeginning): ChainWalk {
  return sequence === 0 ? walkChain() : walkChain({ sequence, hash });
}

function endFault(end: ChainPlace, begin: LogBeginning, chainEnd: ChainPlace): RecordFault | null {
  // Nothing of the chain is kept any more.
  if (begin.hash === '' && begin.sequence > chainEnd.sequence) return null;
  if (end.sequence < chainEnd.sequence) return 'end-missing';
  return end.hash === chainEnd.hash || (end.sequence === 0 && chainEnd.hash === GENESIS_HASH)
    ? null
    : 'link-broken';
}

/** The hashes of leaves, one tile held at a time. */
function leavesIn(tileAt: TileAt): (leaf: number) => Promise<Buffer> {
  let [held, hashes]: [number, Buffer | null] = [-1, null];
  return async (leaf) => {
    const index = Math.floor(leaf / TILE_WIDTH);
    if (index !== held) [held, hashes] = [index, await tileAt(0, index)];
    const begin = (leaf % TILE_WIDTH) * HASH_LENGTH;
    return hashes?.subarray(begin, begin + HASH_LENGTH) ?? Buffer.alloc(0);
  };
}
