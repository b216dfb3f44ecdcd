/** Who looked at what concerns others, and who was denied: written to the log by the router, whatever the operation. */
import { AccountError } from '../../accounts/account.js';
import { type AuditEvent, type AuditParty } from '../../audit/event.js';
import { type AuditLog } from '../../audit/log.js';
import { type Presence } from '../../me/presence.js';
import { type Visitor } from '../../sign-in/visitor.js';
import { type Looked, type Operation } from './operation.js';
import { Problem } from './problem.js';

export interface AccessRecordParts {
  readonly storage: { readonly audit: Pick<AuditLog, 'append'> };
  readonly clock: () => Date;
}

/** Somebody at work within a session. */
interface Acting {
  readonly presence: Presence;
  readonly visitor: Visitor;
}

/** What a person was told by an operation that reads what is not theirs; in the log before they are told. */
export async function recordRead(
  operation: Operation,
  {
    params,
    query,
    looked = {},
  }: { readonly params: unknown; readonly query: unknown; readonly looked: Looked | undefined },
  acting: Acting,
  { storage, clock }: AccessRecordParts,
): Promise<void> {
  await storage.audit.append({
    ...whoOf(operation, acting),
    type: 'records.read',
    at: clock(),
    subject: looked.subject === undefined ? subjectOf(params, query) : looked.subject,
    details: { ...factsOf(operation, acting), ...shortFacts(query), ...looked.details },
  });
}

/** Somebody known who was told that they may not; nothing for any other error. */
export async function recordDenial(
  error: unknown,
  operation: Operation,
  acting: Acting,
  { storage, clock }: AccessRecordParts,
): Promise<void> {
  const reason = denialOf(error);
  if (reason === null) return;
  await storage.audit.append({
    ...whoOf(operation, acting),
    type: 'access.denied',
    at: clock(),
    subject: { kind: 'session', id: acting.presence.session.id },
    reason,
    details: factsOf(operation, acting),
  });
}

/** Those who run the installation act as a person, whatever organisation they signed in for. */
function whoOf(
  { platform }: Operation,
  { presence: { account }, visitor: { requestId, address } }: Acting,
): Pick<AuditEvent, 'actor' | 'organisationId' | 'requestId' | 'address'> {
  const from = { requestId, address };
  return platform === undefined
    ? {
        ...from,
        actor: { kind: 'membership', id: account.membership.id },
        organisationId: account.organisation.id,
      }
    : { ...from, actor: { kind: 'person', id: account.person.id }, organisationId: null };
}

function factsOf({ id }: Operation, { presence: { session } }: Acting): NonNullable<AuditEvent['details']> {
  return { operation: id, session: session.id };
}

/** The first thing that is named, in the path or as a filter. */
function subjectOf(params: unknown, query: unknown): AuditParty | null {
  const named = { ...(query as object), ...(params as object) } as Readonly<Record<string, unknown>>;
  const kinds = [
    ['member', 'membership'],
    ['person', 'person'],
    ['organisation', 'organisation'],
  ] as const;
  for (const [name, kind] of kinds) {
    const id = named[name];
    if (typeof id === 'string') return { kind, id };
  }
  return null;
}

/** How a list was asked for: its filters and where it began. */
function shortFacts(query: unknown): NonNullable<AuditEvent['details']> {
  const facts = Object.entries(query as Readonly<Record<string, unknown>>).filter(
    (fact): fact is [string, string | number | boolean] =>
      fact[0] !== 'cursor' && ['string', 'number', 'boolean'].includes(typeof fact[1]),
  );
  return Object.fromEntries(facts);
}

const DENIALS: readonly string[] = ['PERMISSION_DENIED', 'AUTHORITY_EXCEEDED', 'EDS_SESSION_REQUIRED'];

function denialOf(error: unknown): string | null {
  const code = error instanceof Problem || error instanceof AccountError ? error.code : null;
  return code !== null && DENIALS.includes(code) ? code : null;
}
