/** What of a record is hashed: its leaf in the tree. */
import { type AuditRecord } from './record.js';

/**
 * The octets of a leaf: canonical JSON as in RFC 8785 (sorted keys, no white space), which for text, integers, booleans and null is what
 * JSON.stringify writes. Of where it was done there is a keyed digest only. A record from before the tree is committed to by the hash it
 * has in the chain, which covers everything of it and every record before it.
 */
export function leafOf(record: AuditRecord): Buffer {
  const { chain, sequence: id } = record;
  return Buffer.from(JSON.stringify(chain === null ? written(record) : { chained: chain.hash, id }), 'utf8');
}

function written(record: AuditRecord): object {
  const { actor, origin, subject } = record;
  return {
    actor: { id: actor.id, kind: actor.kind },
    at: record.at.getTime(),
    details: sorted(record.details),
    id: record.sequence,
    organisationId: record.organisationId,
    origin: origin === null ? null : { digest: origin.digest, of: origin.of },
    reason: record.reason,
    requestId: record.requestId,
    subject: subject === null ? null : { id: subject.id, kind: subject.kind },
    type: record.type,
    v: 1,
  };
}

/** Keys in the order of their code units, as RFC 8785 has them. */
export function sorted(details: AuditRecord['details']): AuditRecord['details'] {
  return Object.fromEntries(Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1)));
}
