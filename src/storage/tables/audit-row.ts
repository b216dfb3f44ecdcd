import { type AuditEventType, type AuditParty } from '../../audit/event.js';
import { type AuditRecord, type NewRecord } from '../../audit/record.js';
import { type OpenedOrigin } from './audit-origin.js';
import { type AuditRecordsTable } from './schema.js';

/** A record as it is written; its number is given by the database. */
export function auditRow(
  record: NewRecord,
): Omit<AuditRecordsTable, 'sequence' | 'leaf_index' | 'origin_sealed' | 'origin_digest' | 'origin_of'> {
  return {
    at: record.at.getTime(),
    type: record.type,
    actor_kind: record.actor.kind,
    actor_id: record.actor.id,
    subject_kind: record.subject?.kind ?? null,
    subject_id: record.subject?.id ?? null,
    organisation_id: record.organisationId,
    reason: record.reason,
    request_id: record.requestId,
    address: null,
    details: JSON.stringify(record.details),
    previous_hash: '',
    hash: '',
  };
}

/** Whatever stands in the row becomes a record: what was tampered with is found by its leaf, not by its form. */
export function auditRecord(row: AuditRecordsTable, opened: Omit<OpenedOrigin, 'state'>): AuditRecord {
  const { origin_digest: digest, origin_of: of, previous_hash: previousHash, hash } = row;
  const chained = hash !== '' || previousHash !== '';
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
    address: row.address ?? opened.address,
    device: opened.device,
    details: readDetails(row.details),
    origin: digest === null || of === null ? null : { digest, of },
    leaf: row.leaf_index,
    chain: chained ? { previousHash, hash } : null,
  };
}

function readDetails(json: string): AuditRecord['details'] {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null) return value as AuditRecord['details'];
  } catch {
    // Falls through: unreadable details cannot have the record's leaf.
  }
  return { unreadable: true };
}
