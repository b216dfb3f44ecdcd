/** Everything the audit log can say. An event type is one entry of this table: what it is about, and the short facts it is told with. */

/** What a verdict says of the signature that was judged; empty where it did not come to that. */
const VERDICT = {
  trust: 'text?',
  subIndication: 'text or null?',
  certificateSha256: 'text or null?',
  key: 'text or null?',
  revocation: 'text or null?',
} as const;

/** What every record of a sign-in tells. */
const SIGN_IN = { ...VERDICT, passwordBreached: 'flag?' } as const;

/** Of a record that tells of many: refusals of unknown people in one minute. */
const COUNTED = {
  times: 'number?',
  since: 'text?',
  until: 'text?',
  certificateSha256: 'text or null?',
} as const;

const SETTINGS = {
  allowPersonalKeys: 'flag?',
  allowPasswords: 'flag?',
  certificates: 'text?',
  stepUp: 'text?',
  sessionIdleMs: 'number or null?',
  sessionLifetimeMs: 'number or null?',
  sessionMaxConcurrent: 'number or null?',
} as const;

const SIGNED = { operation: 'text', digest: 'text', evidence: 'text' } as const;
const SECRET = { secret: 'text', until: 'text' } as const;
const SESSIONS_ENDED = { sessionsEnded: 'number' } as const;
const WITH_ACCESS_ENDED = { ...SESSIONS_ENDED, invitationsRevoked: 'number' } as const;

/** `about`: the kinds of what it is about, empty for nothing; `orNone`: it may also be about nothing; `facts`: its details. */
export const AUDIT_EVENTS = {
  'login.eds.succeeded': { about: ['session'], facts: SIGN_IN },
  'login.eds.refused': {
    about: ['person', 'membership'],
    orNone: true,
    facts: { ...SIGN_IN, ...COUNTED, obstacle: 'text?' },
  },
  'login.password.succeeded': { about: ['session'], facts: SIGN_IN },
  'login.password.refused': {
    about: ['person', 'membership'],
    orNone: true,
    facts: { ...SIGN_IN, ...COUNTED, obstacle: 'text?' },
  },
  'registration.succeeded': { about: ['membership'], facts: { ...VERDICT, as: 'text' } },
  'registration.refused': {
    about: ['person', 'membership'],
    orNone: true,
    facts: { ...VERDICT, ...COUNTED },
  },
  'terms.accepted': {
    about: ['person'],
    facts: {
      acceptance: 'text',
      version: 'text',
      language: 'text',
      certificateSha256: 'text',
      session: 'text?',
    },
  },
  'terms.refused': { about: ['person'], facts: VERDICT },
  'invitation.refused': { about: ['membership'], orNone: true, facts: { invitation: 'text?', ...COUNTED } },
  'person.contacts-changed': { about: ['person'], facts: { changed: 'text' } },
  'certificate.first-seen': { about: ['membership'], facts: SIGN_IN },
  'password.blocked': { about: ['person'], orNone: true, facts: COUNTED },
  'password.unblocked': {
    about: ['person'],
    facts: { ...SIGN_IN, membership: 'text?', provisional: 'flag?' },
  },
  'password.spray-noticed': { about: [], facts: { people: 'number', networks: 'number' } },
  'password.flood-noticed': { about: [], facts: { failures: 'number', usual: 'number' } },
  'password.set': {
    about: ['person'],
    facts: { sessionsEnded: 'number?', temporaryUntil: 'text or null?', invitation: 'text?' },
  },
  'password.changed': { about: ['person'], facts: { ...SESSIONS_ENDED, by: 'text', first: 'flag' } },
  'password.change-refused': { about: ['person'], facts: {} },
  'session.ended': {
    about: ['session'],
    orNone: true,
    facts: { ...SIGN_IN, membership: 'text?', source: 'text?', revokedAt: 'text or null?' },
  },
  'sessions.ended': { about: ['person', 'membership'], facts: SESSIONS_ENDED },
  'records.read': {
    about: ['person', 'membership', 'organisation'],
    orNone: true,
    facts: 'what was asked for',
  },
  'access.denied': { about: ['session'], facts: { operation: 'text', session: 'text' } },
  'step-up.succeeded': { about: ['session'], facts: { ...VERDICT, ...SIGNED } },
  'step-up.refused': { about: ['session'], facts: { ...VERDICT, operation: 'text?', digest: 'text?' } },
  'step-up.used': { about: ['session'], facts: SIGNED },
  'document.verified': {
    about: [],
    facts: {
      indication: 'text',
      subIndication: 'text or null',
      trust: 'text',
      signatures: 'number',
      certificateSha256: 'text or null',
    },
  },
  'document.refused': { about: [], facts: {} },
  'client.added': { about: ['client'], facts: SECRET },
  'client.revoked': { about: ['client'], facts: {} },
  'client.secret-rotated': { about: ['client'], facts: { ...SECRET, olderUntil: 'text' } },
  'client.secret-revoked': { about: ['client'], facts: { secret: 'text' } },
  'client.refused': { about: [], facts: COUNTED },
  'organisation.added': {
    about: ['organisation'],
    facts: { ...SETTINGS, kind: 'text', branches: 'number?' },
  },
  'organisation.changed': {
    about: ['organisation'],
    facts: { ...SETTINGS, branchesAdded: 'number?', branchesReleased: 'number?' },
  },
  'organisation.suspended': { about: ['organisation'], facts: SESSIONS_ENDED },
  'organisation.resumed': { about: ['organisation'], facts: SESSIONS_ENDED },
  'organisation.merged': {
    about: ['organisation'],
    facts: { ...SESSIONS_ENDED, into: 'text', requests: 'number' },
  },
  'bin-claim.made': { about: ['organisation'], facts: { claim: 'text', evidence: 'text' } },
  'bin-claim.granted': { about: ['organisation'], facts: { claim: 'text' } },
  'bin-claim.refused': { about: ['organisation'], facts: { claim: 'text' } },
  'person.added': { about: ['person'], facts: {} },
  'person.suspended': { about: ['person'], facts: SESSIONS_ENDED },
  'person.resumed': { about: ['person'], facts: SESSIONS_ENDED },
  'person.name-changed': { about: ['person'], facts: SIGN_IN },
  'platform-role.granted': { about: ['person'], facts: { ...SESSIONS_ENDED, role: 'text' } },
  'platform-role.revoked': { about: ['person'], facts: { ...SESSIONS_ENDED, role: 'text' } },
  'role.defined': { about: ['organisation'], facts: { role: 'text', permissions: 'text' } },
  'role.changed': {
    about: ['organisation'],
    facts: { ...SESSIONS_ENDED, role: 'text', before: 'text', after: 'text' },
  },
  'role.deleted': { about: ['organisation'], facts: { role: 'text' } },
  'invitation.taken': { about: ['membership'], facts: { invitation: 'text?', method: 'text?' } },
  'invitation.revoked': { about: ['membership'], facts: { invitation: 'text' } },
  'certificate.approved': { about: ['membership'], facts: { ...SESSIONS_ENDED, certificateSha256: 'text' } },
  'certificate.revoked': { about: ['membership'], facts: { ...SESSIONS_ENDED, certificateSha256: 'text' } },
  'membership.added': { about: ['membership'], facts: { person: 'text?', roles: 'text' } },
  'membership.invited': {
    about: ['membership'],
    facts: { invitation: 'text', roles: 'text', expiresAt: 'text' },
  },
  'membership.requested': { about: ['membership'], facts: { templateRoles: 'text' } },
  'membership.approved': { about: ['membership'], facts: { roles: 'text' } },
  'membership.rejected': { about: ['membership'], facts: {} },
  'membership.changed': {
    about: ['membership'],
    facts: { ...SESSIONS_ENDED, before: 'text', after: 'text' },
  },
  'membership.suspended': { about: ['membership'], facts: WITH_ACCESS_ENDED },
  'membership.resumed': { about: ['membership'], facts: WITH_ACCESS_ENDED },
  'membership.removed': {
    about: ['membership'],
    facts: { ...SESSIONS_ENDED, invitationsRevoked: 'number?' },
  },
  'membership.confirmed': { about: ['membership'], facts: SIGN_IN },
  'membership.left': { about: ['membership'], facts: { ...WITH_ACCESS_ENDED, before: 'text' } },
  'provisional-access.ended': {
    about: ['person'],
    facts: { ...SESSIONS_ENDED, organisation: 'text', membership: 'text', contacts: 'flag' },
  },
  'master-key.rotated': {
    about: [],
    facts: { from: 'text', to: 'text', people: 'number', forgottenAttempts: 'number' },
  },
  'trust.activated': { about: [], facts: { from: 'text', to: 'text' } },
  'trust.refused': { about: [], facts: { kept: 'text' } },
  'audit.deleted': {
    about: [],
    facts: {
      from: 'number',
      to: 'number',
      leaves: 'number',
      hash: 'text?',
      oldest: 'text',
      youngest: 'text',
      retentionDays: 'number',
    },
  },
  'audit.key-rotated': { about: [], facts: { publicKey: 'text' } },
  'gateway.started': { about: [], facts: { version: 'text', trust: 'text' } },
  'gateway.stopped': { about: [], facts: {} },
} as const satisfies Readonly<Record<string, EventEntry>>;

export type AuditEventType = keyof typeof AUDIT_EVENTS;

export const AUDIT_EVENT_TYPES = Object.keys(AUDIT_EVENTS) as readonly AuditEventType[];

/** Who did it, or to what it was done, by identifier. `anonymous` has not proved who they are. */
export interface AuditParty {
  readonly kind:
    'person' | 'membership' | 'organisation' | 'client' | 'session' | 'operator' | 'gateway' | 'anonymous';
  readonly id: string | null;
}

/** Short facts, for example a certificate's SHA-256 or the trust set's version. */
export type AuditFacts = Readonly<Record<string, string | number | boolean | null>>;

/**
 * One thing that happened, as `audit/recorder` alone makes it. No names, no IIN, no e-mail, no tokens: people are named by identifier, so
 * that erasing a person leaves the log whole and silent about them.
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
  /** From where: kept apart from the record, sealed under the key of its person. */
  readonly address?: string | null;
  readonly device?: string | null;
  /** At most 16. */
  readonly details?: AuditFacts;
}

type FactKind = 'text' | 'number' | 'flag' | 'text or null' | 'number or null';
/** With a question mark where it may be left out. */
type FactKinds = Readonly<Record<string, FactKind | `${FactKind}?`>>;

interface EventEntry {
  readonly about: readonly AuditParty['kind'][];
  readonly orNone?: true;
  readonly facts: FactKinds | 'what was asked for';
}

type Fact<Kind> =
  | (Kind extends `text${string}` ? string : never)
  | (Kind extends `number${string}` ? number : never)
  | (Kind extends 'flag' | 'flag?' ? boolean : never)
  | (Kind extends `${string} or null${string}` ? null : never);

/** The facts of one event type. */
export type FactsOf<Type extends AuditEventType> = (typeof AUDIT_EVENTS)[Type]['facts'] extends infer Kinds
  ? Kinds extends FactKinds
    ? {
        readonly [Name in keyof Kinds as Kinds[Name] extends `${string}?` ? never : Name]: Fact<Kinds[Name]>;
      } & {
        readonly [Name in keyof Kinds as Kinds[Name] extends `${string}?` ? Name : never]?: Fact<Kinds[Name]>;
      }
    : AuditFacts
  : never;

/** What a verdict says of a signature, for the log. */
export type VerdictFacts = FactsOf<'terms.refused'>;

/** What every record of a sign-in tells. */
export type SignInFacts = FactsOf<'login.eds.succeeded'>;
