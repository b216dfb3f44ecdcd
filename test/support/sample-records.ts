import { type AuditEvent } from '../../src/audit/event.js';
import { type NewSession } from '../../src/sessions/session.js';

export const NOW = new Date('2026-11-23T05:00:00Z');

/** An event that is about nobody. */
export const STARTED: AuditEvent = { type: 'gateway.started', at: NOW, actor: { kind: 'gateway', id: null } };

/** A session of nobody who is in the store: stores of sessions do not ask. */
export const NEW_SESSION: NewSession = {
  personId: 'person',
  organisationId: 'organisation',
  membershipId: 'membership',
  method: 'eds',
  certificateSha256: null,
  device: null,
  address: null,
};
