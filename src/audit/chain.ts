/** The chain of the records from before the tree: each holds the hash of the one before it. None is added any more. */
import { createHash } from 'node:crypto';
import { sorted } from './leaf.js';
import { type AuditRecord, type ChainLink } from './record.js';

/** What the first record points back to. */
export const GENESIS_HASH = '0'.repeat(64);

export type ChainFault = 'record-altered' | 'record-missing' | 'link-broken';

/** A record by its number and hash. */
export interface ChainPlace {
  readonly sequence: number;
  readonly hash: string;
}

/** Before the first record of all. */
const GENESIS: ChainPlace = { sequence: 0, hash: GENESIS_HASH };

/** What the hash of a record from before the tree is computed of. */
type ChainedRecord = Omit<AuditRecord, 'device' | 'origin' | 'leaf' | 'chain'> & {
  readonly chain: Pick<ChainLink, 'previousHash'>;
};

/**
 * The hash of a record in the chain: SHA-256 over the canonical JSON of its fields, the address and the previous hash among them.
 */
export function sealOf(record: ChainedRecord): string {
  const canonical = JSON.stringify({
    actor: { id: record.actor.id, kind: record.actor.kind },
    address: record.address,
    at: record.at.getTime(),
    details: sorted(record.details),
    organisationId: record.organisationId,
    previousHash: record.chain.previousHash,
    reason: record.reason,
    requestId: record.requestId,
    sequence: record.sequence,
    subject: record.subject === null ? null : { id: record.subject.id, kind: record.subject.kind },
    type: record.type,
  });
  return createHash('sha256').update(canonical, 'utf8').digest('hex');
}

/** Walks a chain from its beginning on. */
export interface ChainWalk {
  /** Takes the next record; names the first fault found, and where. */
  step(
    record: ChainedRecord & { readonly chain: ChainLink },
  ): { readonly sequence: number; readonly fault: ChainFault } | null;
  /** The last record that was right. */
  readonly end: ChainPlace;
}

/** @param begin the record before the first one: the last that was deleted, where some were */
export function walkChain(begin: ChainPlace = GENESIS): ChainWalk {
  let end = begin;
  return {
    step(record) {
      const sequence = end.sequence + 1;
      const { chain } = record;
      if (record.sequence !== sequence) return { sequence, fault: 'record-missing' };
      if (chain.previousHash !== end.hash) return { sequence, fault: 'link-broken' };
      if (chain.hash !== sealOf(record)) return { sequence, fault: 'record-altered' };
      end = { sequence, hash: chain.hash };
      return null;
    },
    get end() {
      return end;
    },
  };
}
