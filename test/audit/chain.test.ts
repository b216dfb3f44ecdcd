import { describe, expect, it } from '@jest/globals';
import { sealOf, walkChain } from '../../src/audit/chain.js';
import { type AuditEvent } from '../../src/audit/event.js';
import { nextInChain, oldChain, type OldRecord } from '../support/old-chain.js';

const AT = new Date('2026-11-23T05:00:00Z');
const EVENT: AuditEvent = {
  type: 'login.eds.refused',
  at: AT,
  actor: { kind: 'anonymous', id: null },
  reason: 'CERTIFICATE_REVOKED',
  requestId: '018f3c1e-0000-7000-8000-123456789012',
  address: '192.0.2.1',
  details: { certificate: 'ab'.repeat(32) },
};

const chain = (length: number): OldRecord[] => oldChain(length, EVENT);

function walk(records: readonly OldRecord[]) {
  const walking = walkChain();
  for (const record of records) {
    const fault = walking.step(record);
    if (fault !== null) return fault;
  }
  return walking.end;
}

describe('the chain from before the tree', () => {
  it('is whole as written', () => {
    const records = chain(20);
    expect(walk(records)).toEqual({ sequence: 20, hash: records[19]!.chain.hash });
  });

  it('hashes the canonical form that is documented', () => {
    const [record] = chain(1);
    // Computed apart, from the documentation alone: Python's json with sorted keys, and hashlib.
    expect(record!.chain.hash).toBe('93c8f606146801f296da7620ce67d5f02d13d3ae1c99781f0893ce43d0f385ab');
  });

  it.each<[string, (record: OldRecord) => OldRecord]>([
    ['the time', (record) => ({ ...record, at: new Date(record.at.getTime() + 1) })],
    ['the type', (record) => ({ ...record, type: 'login.eds.succeeded' })],
    ['the kind of actor', (record) => ({ ...record, actor: { kind: 'gateway', id: null } })],
    ['the actor', (record) => ({ ...record, actor: { kind: 'anonymous', id: 'x' } })],
    ['the subject', (record) => ({ ...record, subject: { kind: 'person', id: null } })],
    ['the organisation', (record) => ({ ...record, organisationId: 'x' })],
    ['the reason', (record) => ({ ...record, reason: null })],
    ['the request', (record) => ({ ...record, requestId: '' })],
    ['the address', (record) => ({ ...record, address: '192.0.2.2' })],
    ['a detail', (record) => ({ ...record, details: { index: 8 } })],
    ['the type of a detail', (record) => ({ ...record, details: { index: '7' } })],
    ['an added detail', (record) => ({ ...record, details: { ...record.details, more: null } })],
    ['the hash', (record) => ({ ...record, chain: { ...record.chain, hash: 'f'.repeat(64) } })],
  ])('shows where %s was changed', (_what, change) => {
    const records = chain(20);
    records[7] = change(records[7]!);
    expect(walk(records)).toEqual({ sequence: 8, fault: 'record-altered' });
  });

  it('shows where a record was changed and sealed again', () => {
    const records = chain(20);
    const forged = { ...records[7]!, reason: 'none' };
    records[7] = { ...forged, chain: { ...forged.chain, hash: sealOf(forged) } };
    expect(walk(records)).toEqual({ sequence: 9, fault: 'link-broken' });
  });

  it('shows where a record is missing, doubled or out of order', () => {
    const records = chain(20);
    expect(walk(records.filter((_, index) => index !== 7))).toEqual({ sequence: 8, fault: 'record-missing' });
    expect(walk(records.slice(1))).toEqual({ sequence: 1, fault: 'record-missing' });
    expect(walk([...records.slice(0, 8), ...records.slice(7)])).toEqual({
      sequence: 9,
      fault: 'record-missing',
    });
    expect(walk([...records.slice(0, 7), records[8]!, records[7]!])).toEqual({
      sequence: 8,
      fault: 'record-missing',
    });
  });

  it('shows a chain that begins elsewhere', () => {
    const first = nextInChain({ sequence: 0, hash: 'e'.repeat(64) }, EVENT);
    expect(walk([first])).toEqual({ sequence: 1, fault: 'link-broken' });
  });
});
