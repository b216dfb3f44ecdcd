import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AuditRecord, GENESIS_HASH, nextRecord, sealOf, walkChain } from '../../src/audit/chain.js';
import { AUDIT_EVENT_TYPES, type AuditEvent } from '../../src/audit/event.js';

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

function chain(length: number): AuditRecord[] {
  const records: AuditRecord[] = [];
  let head = { sequence: 0, hash: GENESIS_HASH };
  for (let index = 0; index < length; index += 1) {
    const record = nextRecord(head, { ...EVENT, details: { index } });
    records.push(record);
    head = record;
  }
  return records;
}

function walk(records: readonly AuditRecord[]) {
  const walking = walkChain();
  for (const record of records) {
    const fault = walking.step(record);
    if (fault !== null) return fault;
  }
  return walking.end;
}

describe('the audit chain', () => {
  it('is whole as written', () => {
    const records = chain(20);
    expect(walk(records)).toEqual({ sequence: 20, hash: records[19]!.hash });
  });

  it('hashes the canonical form that is documented', () => {
    const [record] = chain(1);
    // Computed apart, from the documentation alone: Python's json with sorted keys, and hashlib.
    expect(record!.hash).toBe('93c8f606146801f296da7620ce67d5f02d13d3ae1c99781f0893ce43d0f385ab');
  });

  it.each<[string, (record: AuditRecord) => AuditRecord]>([
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
    ['the hash', (record) => ({ ...record, hash: 'f'.repeat(64) })],
  ])('shows where %s was changed', (_what, change) => {
    const records = chain(20);
    records[7] = change(records[7]!);
    expect(walk(records)).toEqual({ sequence: 8, fault: 'record-altered' });
  });

  it('shows where a record was changed and sealed again', () => {
    const records = chain(20);
    const forged = { ...records[7]!, reason: 'none' };
    records[7] = { ...forged, hash: sealOf(forged) };
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
    const first = nextRecord({ sequence: 0, hash: 'e'.repeat(64) }, EVENT);
    expect(walk([first])).toEqual({ sequence: 1, fault: 'link-broken' });
  });
});

describe('an audit record', () => {
  const head = { sequence: 0, hash: GENESIS_HASH };

  it('never lets twelve digits stand among its details', () => {
    const { details } = nextRecord(head, {
      ...EVENT,
      details: {
        bare: '920101300125',
        labelled: 'IIN920101300125',
        inText: 'for 920101300125, twice',
        serial: 12,
      },
    });
    expect(details).toEqual({
      bare: '********0125',
      labelled: 'IIN********0125',
      inText: 'for ********0125, twice',
      serial: 12,
    });
  });

  it('cuts what is long and keeps sixteen details', () => {
    const details = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`d${index}`, 'x'.repeat(1000)]),
    );
    const record = nextRecord(head, { ...EVENT, reason: 'r'.repeat(1000), details });
    expect(record.reason).toHaveLength(300);
    expect(Object.keys(record.details)).toHaveLength(16);
    expect(record.details['d0']).toHaveLength(300);
  });

  it('has the same hash after a trip through the database’s UTF-8 and JSON', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    const party = fc.record({ kind: fc.constant('person' as const), id: fc.option(text) });
    const event = fc.record({
      type: fc.constantFrom(...AUDIT_EVENT_TYPES),
      at: fc.date({ noInvalidDate: true }),
      actor: party,
      subject: fc.option(party),
      reason: fc.option(text),
      address: fc.option(text),
      details: fc.dictionary(
        fc.string({ unit: 'grapheme', maxLength: 20 }),
        fc.oneof(
          text,
          fc.integer(),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.boolean(),
          fc.constant(null),
        ),
      ),
    });
    const stored = (value: string | null): string | null =>
      value === null ? null : Buffer.from(value, 'utf8').toString('utf8');
    fc.assert(
      fc.property(event, (written) => {
        const record = nextRecord(head, written);
        const read: AuditRecord = {
          ...record,
          actor: { ...record.actor, id: stored(record.actor.id) },
          reason: stored(record.reason),
          address: stored(record.address),
          details: JSON.parse(stored(JSON.stringify(record.details))!) as AuditRecord['details'],
        };
        return walkChain().step(read) === null;
      }),
      { numRuns: 200 },
    );
  });
});
