/** What proves the log to those outside: its checkpoint, and that a record is in it. */
import { z } from 'zod';
import { type AccountDirectory } from '../../accounts/directory.js';
import { type AuditLog } from '../../audit/log.js';
import { writeProof } from '../../audit/proof.js';
import { type AuditRecord } from '../../audit/record.js';
import { confinementOf } from '../../me/confinement.js';
import { type Presence } from '../../me/presence.js';
import { type Operation, operation, type Reply } from '../kernel/operation.js';
import { Problem } from '../kernel/problem.js';

export interface LogTreeParts {
  readonly audit: Pick<AuditLog, 'checkpoint' | 'find' | 'prove'>;
  readonly storage: { readonly accounts: Pick<AccountDirectory, 'platformRolesOf'> };
}

const TEXT = 'text/plain; charset=utf-8';

const recordParams = z.object({
  id: z
    .string()
    .regex(/^[1-9][0-9]{0,14}$/)
    .meta({ description: 'The sequence number of the record' }),
});

export function logTreeOperations({ audit, storage }: LogTreeParts): Operation[] {
  return [
    operation({
      id: 'getLogCheckpoint',
      method: 'get',
      path: '/v1/log/checkpoint',
      summary:
        'The newest signed state of the log (c2sp.org/tlog-checkpoint): to keep elsewhere, and to hold the log to it later',
      tag: 'log',
      access: 'open',
      limit: 'manage',
      replies: {
        200: { description: 'The checkpoint, a signed note', type: 'text/plain', schema: z.string() },
      },
      problems: ['SERVICE_UNAVAILABLE'],
      async handle() {
        const checkpoint = await audit.checkpoint();
        if (checkpoint === null) throw notYet();
        return text(checkpoint);
      },
    }),
    operation({
      id: 'proveLogRecord',
      privilegedRead: true,
      method: 'get',
      path: '/v1/log/{id}/proof',
      summary:
        'That a record one may read is in the log (c2sp.org/tlog-proof@v1), sealed within a second after it was written',
      tag: 'log',
      access: 'member',
      limit: 'manage',
      params: recordParams,
      replies: {
        200: {
          description:
            'The proof: the leaf as its extra data, its place, its path, and the checkpoint it leads to',
          type: 'text/plain',
          schema: z.string(),
        },
      },
      problems: [],
      async handle({ params: { id }, presence }) {
        const record = await audit.find(Number(id));
        if (record === null || !(await mayRead(storage.accounts, presence, record))) {
          throw new Problem('RESOURCE_UNKNOWN');
        }
        const proof = await audit.prove(record.sequence);
        if (proof === null) throw notYet();
        return {
          ...text(writeProof(proof)),
          looked: { subject: null, details: { record: record.sequence } },
        };
      },
    }),
  ];
}

/** Who reads a record in a list may have it proved: their own, those of their organisation, and all of them for the installation. */
async function mayRead(
  accounts: Pick<AccountDirectory, 'platformRolesOf'>,
  { account, claims, session }: Presence,
  { actor, organisationId, subject }: AuditRecord,
): Promise<boolean> {
  const only = confinementOf(session);
  const mine = [account.membership.id, account.person.id];
  const about = [actor.id, subject?.id ?? null].some((id) => id !== null && mine.includes(id));
  if (about && (only === null || organisationId === only)) return true;
  const ours = organisationId !== null && organisationId === account.organisation.id;
  if (ours && claims.permissions.includes('qaqpa:audit.read')) return true;
  if (session.method !== 'eds') return false;
  const held = await accounts.platformRolesOf(account.person.id);
  return held.some((role) => PLATFORM_ROLES.includes(role));
}

/** Who reads the log of the whole installation. */
const PLATFORM_ROLES: readonly string[] = ['administrator', 'security-officer', 'support'];

function notYet(): Problem {
  return new Problem('SERVICE_UNAVAILABLE', { headers: { 'Retry-After': '1' } });
}

function text(content: string): Reply {
  return { status: 200, text: { type: TEXT, content } };
}
