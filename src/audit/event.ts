/** Everything the audit log can say. A new event is added here on purpose. */
export const AUDIT_EVENT_TYPES = [
  'login.eds.succeeded',
  'login.eds.refused',
  'login.password.succeeded',
  'login.password.refused',
  'registration.succeeded',
  'registration.refused',
  'terms.accepted',
  'terms.refused',
  'invitation.refused',
  'person.contacts-changed',
  'certificate.first-seen',
  'password.blocked',
  'password.unblocked',
  'password.spray-noticed',
  'password.flood-noticed',
  'password.set',
  'password.changed',
  'password.change-refused',
  'session.ended',
  'sessions.ended',
  'records.read',
  'access.denied',
  'step-up.succeeded',
  'step-up.refused',
  'step-up.used',
  'document.verified',
  'document.refused',
  'client.added',
  'client.revoked',
  'client.secret-rotated',
  'client.secret-revoked',
  'client.refused',
  'organisation.added',
  'organisation.changed',
  'organisation.suspended',
  'organisation.resumed',
  'organisation.merged',
  'bin-claim.made',
  'bin-claim.granted',
  'bin-claim.refused',
  'person.added',
  'person.suspended',
  'person.resumed',
  'person.name-changed',
  'platform-role.granted',
  'platform-role.revoked',
  'role.defined',
  'role.changed',
  'role.deleted',
  'invitation.taken',
  'invitation.revoked',
  'certificate.approved',
  'certificate.revoked',
  'membership.added',
  'membership.invited',
  'membership.requested',
  'membership.approved',
  'membership.rejected',
  'membership.changed',
  'membership.suspended',
  'membership.resumed',
  'membership.removed',
  'membership.confirmed',
  'membership.left',
  'provisional-access.ended',
  'master-key.rotated',
  'trust.activated',
  'trust.refused',
  'audit.deleted',
  'gateway.started',
  'gateway.stopped',
] as const;

export type AuditEventType = (typeof AUDIT_EVENT_TYPES)[number];

/** Who did it, or to what it was done, by identifier. `anonymous` is somebody at the door who has not proved who they are. */
export interface AuditParty {
  readonly kind:
    'person' | 'membership' | 'organisation' | 'client' | 'session' | 'operator' | 'gateway' | 'anonymous';
  readonly id: string | null;
}

/**
 * One thing that happened. No names, no IIN, no e-mail, no tokens: people are named by identifier, so that erasing a person
 * leaves the chain whole and the log silent about them.
 */
export interface AuditEvent {
  readonly type: AuditEventType;
  readonly at: Date;
  readonly actor: AuditParty;
  readonly subject?: AuditParty | null;
  readonly organisationId?: string | null;
  /** A stable code: why it was refused. */
  readonly reason?: string | null;
  readonly requestId?: string | null;
  readonly address?: string | null;
  /** At most 16 short facts, for example a certificate's SHA-256 or the trust set's version. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}
