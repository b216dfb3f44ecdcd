import { type AuditRecord } from '../../src/audit/record.js';
import { AUDIT_EVENTS } from '../../src/audit/event.js';
import { type AuditLog } from '../../src/audit/log.js';

/** Of every kind of record once: event, who did it, what it is about, whose log it is in, and the names of its facts; sorted. */
export async function recordShapes(audit: Pick<AuditLog, 'list'>): Promise<readonly string[]> {
  const shapes = new Set<string>();
  for (let after = 0; ;) {
    const page = await audit.list({ after, limit: 1000 });
    for (const record of page) shapes.add(shapeOf(record));
    if (page.length < 1000) return [...shapes].sort();
    after = page.at(-1)!.sequence;
  }
}

/** Records that are not as the table of events has them. */
export async function misfits(audit: Pick<AuditLog, 'list'>): Promise<readonly AuditRecord[]> {
  const records = await audit.list({ limit: 1000 });
  return records.filter(({ type, subject, details }) => {
    const entry: {
      readonly about: readonly string[];
      readonly orNone?: true;
      readonly facts: object | string;
    } = AUDIT_EVENTS[type];
    const { about, orNone = about.length === 0, facts } = entry;
    const aboutRight = subject === null ? orNone : about.includes(subject.kind);
    if (typeof facts === 'string') return !aboutRight;
    const kinds = new Map<string, string>(Object.entries(facts));
    const missing = [...kinds].some(([name, kind]) => !kind.endsWith('?') && !(name in details));
    return !aboutRight || missing || Object.keys(details).some((name) => !kinds.has(name));
  });
}

function shapeOf({ type, actor, subject, organisationId, requestId, details }: AuditRecord): string {
  const party = (known: AuditRecord['actor'] | null): string =>
    known === null ? 'nothing' : known.id === null ? `a ${known.kind}` : known.kind;
  return [
    `${type}: ${party(actor)} → ${party(subject)}`,
    organisationId === null ? 'of none' : 'of an organisation',
    requestId === null ? 'by itself' : 'in a request',
    ...Object.keys(details).sort(),
  ].join(' ');
}

/** What a run of every operation leaves, each going well. */
export const RECORD_SHAPES: readonly string[] = [
  'bin-claim.granted: person → organisation of an organisation in a request claim',
  'bin-claim.made: membership → organisation of an organisation in a request claim evidence',
  'bin-claim.refused: person → organisation of an organisation in a request claim',
  'certificate.approved: membership → membership of an organisation in a request certificateSha256 sessionsEnded',
  'certificate.first-seen: membership → membership of an organisation in a request certificateSha256 key revocation subIndication trust',
  'certificate.revoked: membership → membership of an organisation in a request certificateSha256 sessionsEnded',
  'document.verified: client → nothing of none in a request certificateSha256 indication signatures subIndication trust',
  'gateway.started: a gateway → nothing of none by itself trust version',
  'invitation.revoked: membership → membership of an organisation in a request invitation',
  'invitation.taken: membership → membership of an organisation in a request invitation method',
  'login.eds.succeeded: membership → session of an organisation in a request certificateSha256 key revocation subIndication trust',
  'login.password.succeeded: membership → session of an organisation in a request',
  'membership.added: person → membership of an organisation in a request roles',
  'membership.approved: membership → membership of an organisation in a request roles',
  'membership.changed: membership → membership of an organisation in a request after before sessionsEnded',
  'membership.confirmed: membership → membership of an organisation in a request',
  'membership.invited: membership → membership of an organisation in a request expiresAt invitation roles',
  'membership.left: membership → membership of an organisation in a request before invitationsRevoked sessionsEnded',
  'membership.rejected: membership → membership of an organisation in a request',
  'membership.removed: membership → membership of an organisation in a request invitationsRevoked sessionsEnded',
  'membership.removed: membership → membership of an organisation in a request sessionsEnded',
  'membership.resumed: membership → membership of an organisation in a request invitationsRevoked sessionsEnded',
  'membership.suspended: membership → membership of an organisation in a request invitationsRevoked sessionsEnded',
  'organisation.added: person → organisation of an organisation in a request kind',
  'organisation.changed: membership → organisation of an organisation in a request allowPasswords allowPersonalKeys certificates sessionIdleMs sessionLifetimeMs sessionMaxConcurrent stepUp',
  'organisation.changed: operator → organisation of an organisation by itself',
  'organisation.changed: person → organisation of an organisation in a request branchesReleased',
  'organisation.merged: person → organisation of an organisation in a request into requests sessionsEnded',
  'organisation.resumed: person → organisation of an organisation in a request sessionsEnded',
  'organisation.suspended: person → organisation of an organisation in a request sessionsEnded',
  'password.changed: membership → person of an organisation in a request by first sessionsEnded',
  'password.set: membership → person of an organisation in a request invitation',
  'person.added: membership → person of none in a request',
  'person.contacts-changed: membership → person of an organisation in a request changed',
  'person.resumed: person → person of none in a request sessionsEnded',
  'person.suspended: person → person of none in a request sessionsEnded',
  'platform-role.granted: person → person of none in a request role sessionsEnded',
  'records.read: membership → membership of an organisation in a request operation session',
  'records.read: membership → nothing of an organisation in a request by found operation session',
  'records.read: membership → nothing of an organisation in a request limit operation session',
  'records.read: membership → nothing of an organisation in a request limit operation session state',
  'records.read: membership → nothing of an organisation in a request limit operation session status',
  'records.read: membership → nothing of an organisation in a request limit operation session undecided',
  'records.read: membership → nothing of an organisation in a request operation record session',
  'records.read: person → nothing of none in a request limit operation session',
  'records.read: person → nothing of none in a request limit operation session status',
  'records.read: person → nothing of none in a request operation session',
  'records.read: person → organisation of none in a request by found operation session',
  'records.read: person → organisation of none in a request limit operation organisation session',
  'records.read: person → organisation of none in a request operation session',
  'records.read: person → person of none in a request by found operation session',
  'records.read: person → person of none in a request operation session',
  'registration.succeeded: person → membership of an organisation in a request as certificateSha256 key revocation subIndication trust',
  'role.defined: membership → organisation of an organisation in a request permissions role',
  'role.deleted: membership → organisation of an organisation in a request role',
  'session.ended: membership → session of an organisation in a request',
  'session.ended: membership → session of an organisation in a request membership',
  'session.ended: person → session of an organisation in a request membership',
  'step-up.succeeded: membership → session of an organisation in a request certificateSha256 digest evidence key operation revocation subIndication trust',
  'step-up.used: membership → session of an organisation in a request digest evidence operation',
  'terms.accepted: membership → person of an organisation in a request acceptance certificateSha256 language session version',
  'terms.accepted: person → person of an organisation in a request acceptance certificateSha256 language version',
];
