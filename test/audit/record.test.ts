import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AUDIT_EVENT_TYPES, type AuditEvent } from '../../src/audit/event.js';
import { leafOf } from '../../src/audit/leaf.js';
import { type AuditRecord, newRecord } from '../../src/audit/record.js';

const EVENT: AuditEvent = {
  type: 'login.eds.refused',
  at: new Date('2026-11-23T05:00:00Z'),
  actor: { kind: 'anonymous', id: null },
  reason: 'CERTIFICATE_REVOKED',
  requestId: '018f3c1e-0000-7000-8000-123456789012',
  address: '192.0.2.1',
  device: 'Firefox',
  details: { certificate: 'ab'.repeat(32) },
};

describe('an audit record', () => {
  it('never lets twelve digits stand among its details', () => {
    const { details } = newRecord({
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
    const record = newRecord({ ...EVENT, reason: 'r'.repeat(1000), details });
    expect(record.reason).toHaveLength(300);
    expect(Object.keys(record.details)).toHaveLength(16);
    expect(record.details['d0']).toHaveLength(300);
  });

  it('has the same leaf after a trip through the database’s UTF-8 and JSON', () => {
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
        const where = { sequence: 7, origin: null, leaf: null, chain: null };
        const record: AuditRecord = { ...newRecord(written), ...where };
        const read: AuditRecord = {
          ...record,
          actor: { ...record.actor, id: stored(record.actor.id) },
          reason: stored(record.reason),
          details: JSON.parse(stored(JSON.stringify(record.details))!) as AuditRecord['details'],
        };
        return leafOf(read).equals(leafOf(record));
      }),
      { numRuns: 200 },
    );
  });

  it('has nothing in its leaf of where it was done but the digest', () => {
    const origin = { digest: 'd1'.repeat(32), of: 'person' };
    const leaf = leafOf({ ...newRecord(EVENT), sequence: 7, origin, leaf: null, chain: null }).toString();
    expect(leaf).toBe(
      `{"actor":{"id":null,"kind":"anonymous"},"at":1795410000000,"details":{"certificate":"${'ab'.repeat(32)}"},"id":7,` +
        `"organisationId":null,"origin":{"digest":"${'d1'.repeat(32)}","of":"person"},"reason":"CERTIFICATE_REVOKED",` +
        `"requestId":"018f3c1e-0000-7000-8000-123456789012","subject":null,"type":"login.eds.refused","v":1}`,
    );
  });
});
