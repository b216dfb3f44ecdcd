import { type AuditRecord } from '../../audit/chain.js';
import { type AuditEventType, type AuditParty } from '../../audit/event.js';
import { type AuditRecordsTable } from './schema.js';

/** A record as it stands in the table. */
export function auditRow(record: AuditRecord): AuditRecordsTable {
  return {
    sequence: record.sequence,
    at: record.at.getTime(),
    type: record.type,
    actor_kind: record.actor.kind,
    actor_id: record.actor.id,
    subject_kind: record.subject?.kind ?? null,
    subject_id: record.subject?.id ?? null,
    organisation_id: record.organisationId,
    reason: record.reason,
    request_id: record.requestId,
    address: record.address,
    details: JSON.stringify(record.details),
    previous_hash: record.previousHash,
    hash: record.hash,
  };
}

/** Whatever stands in the row becomes a record: what was tampered with is found by its hash, not by its form. */
export function auditRecord(row: AuditRecordsTable): AuditRecord {
  return {
    sequence: row.sequence,
    at: new Date(row.at),
    type: row.type as AuditEventType,
    actor: { kind: row.actor_kind as AuditParty['kind'], id: row.actor_id },
    subject:
      row.subject_kind === null && row.subject_id === null
        ? null
        : { kind: row.subject_kind as AuditParty['kind'], id: row.subject_id },
    organisationId: row.organisation_id,
    reason: row.reason,
    requestId: row.request_id,
    address: row.address,
    details: readDetails(row.details),
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}

function readDetails(json: string): AuditRecord['details'] {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null) return value as AuditRecord['details'];
  } catch {
    // Falls through: unreadable details cannot have the record's hash.
  }
  return { unreadable: true };
}
