/** Who looked at what concerns others, and who was denied: written to the log by the router, whatever the operation. */
import { AccountError } from '../../accounts/account.js';
import { type Act } from '../../audit/act.js';
import { type AuditFacts, type FactsOf } from '../../audit/event.js';
import { type AuditLog } from '../../audit/log.js';
import { record, type SubjectOf } from '../../audit/recorder.js';
import { type Presence } from '../../me/presence.js';
import { type Looked, type Operation } from './operation.js';
import { Problem } from './problem.js';

export interface AccessRecordParts {
  readonly storage: { readonly audit: Pick<AuditLog, 'append'> };
}

/** What a known person does within a session. */
interface Acting {
  readonly presence: Presence;
  readonly act: Act;
}

/** What a person was told by an operation that reads what is not theirs; in the log before they are told. */
export async function recordRead(
  operation: Operation,
  {
    params,
    query,
    looked = {},
  }: { readonly params: unknown; readonly query: unknown; readonly looked: Looked | undefined },
  { presence, act }: Acting,
  { storage }: AccessRecordParts,
): Promise<void> {
  await record(storage.audit, act, 'records.read', {
    subject: looked.subject === undefined ? subjectOf(params, query) : looked.subject,
    details: { ...factsOf(operation, presence), ...shortFacts(query), ...looked.details },
  });
}

/** Somebody known who was told that they may not; nothing for any other error. */
export async function recordDenial(
  error: unknown,
  operation: Operation,
  { presence, act }: Acting,
  { storage }: AccessRecordParts,
): Promise<void> {
  const reason = denialOf(error);
  if (reason === null) return;
  const subject = { kind: 'session', id: presence.session.id } as const;
  await record(storage.audit, act, 'access.denied', {
    subject,
    reason,
    details: factsOf(operation, presence),
  });
}

function factsOf({ id }: Operation, { session }: Presence): FactsOf<'access.denied'> {
  return { operation: id, session: session.id };
}

/** The first thing that is named, in the path or as a filter. */
function subjectOf(params: unknown, query: unknown): SubjectOf<'records.read'> | null {
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
function shortFacts(query: unknown): AuditFacts {
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
