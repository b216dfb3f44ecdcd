/** Records as they were written before the tree: a chain, each holding the hash of the one before. */
import { type ChainPlace, GENESIS_HASH, sealOf } from '../../src/audit/chain.js';
import { type AuditEvent } from '../../src/audit/event.js';
import { type AuditRecord, type ChainLink, newRecord } from '../../src/audit/record.js';

export type OldRecord = AuditRecord & { readonly chain: ChainLink };

/** The record that follows another. */
export function nextInChain(head: ChainPlace, event: AuditEvent): OldRecord {
  const unsealed = {
    ...newRecord(event),
    device: null,
    origin: null,
    leaf: null,
    sequence: head.sequence + 1,
    chain: { previousHash: head.hash },
  };
  return { ...unsealed, chain: { previousHash: head.hash, hash: sealOf(unsealed) } };
}

/** A chain of records of one kind, numbered in their details. */
export function oldChain(length: number, event: AuditEvent): OldRecord[] {
  const records: OldRecord[] = [];
  let head: ChainPlace = { sequence: 0, hash: GENESIS_HASH };
  for (let index = 0; index < length; index += 1) {
    const record = nextInChain(head, { ...event, details: { index } });
    records.push(record);
    head = { sequence: record.sequence, hash: record.chain.hash };
  }
  return records;
}
