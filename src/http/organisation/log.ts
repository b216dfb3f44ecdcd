import { type Account, AccountError } from '../../accounts/account.js';
import { isMember } from '../../accounts/membership-status.js';
import { authorise } from '../../administration/authority.js';
import { type TenantReading } from '../../administration/reach.js';
import { type AdministrationStorage } from '../../administration/stores.js';
import { type AuditLog } from '../../audit/log.js';
import { confinementOf } from '../../me/confinement.js';
import { operation, type Operation } from '../kernel/operation.js';
import { readLog } from '../shapes/log-reading.js';
import { logPage, logQuery, organisationLogQuery } from '../shapes/log-schema.js';

export interface LogParts {
  readonly audit: Pick<AuditLog, 'list'>;
  readonly storage: AdministrationStorage;
}

const replies = { 200: { description: 'A part of the log', schema: logPage } } as const;

/** The audit log for those it is about: a member reads their own, a manager their organisation's. */
export function logOperations({ audit, storage }: LogParts): Operation[] {
  return [
    operation({
      id: 'readOwnLog',
      method: 'get',
      path: '/v1/me/log',
      summary: 'What I did here and what was done to me',
      tag: 'me',
      access: 'member',
      limit: 'manage',
      query: logQuery,
      replies,
      problems: [],
      async handle({ query, presence: { account, session } }) {
        const mine = [account.membership.id, account.person.id];
        const only = confinementOf(session);
        const within = only === null ? {} : { organisationId: only };
        // From where somebody else acted on them is not theirs to know.
        return readLog(audit, query, { about: mine, ...within }, (record) =>
          record.actor.id !== null && mine.includes(record.actor.id)
            ? record
            : { ...record, address: null, device: null },
        );
      },
    }),
    operation({
      id: 'readOrganisationLog',
      privilegedRead: true,
      method: 'get',
      path: '/v1/organisation/log',
      summary: 'What happened in the organisation, all of it or about one member',
      tag: 'organisation',
      access: 'member',
      permission: 'qaqpa:audit.read',
      limit: 'manage',
      query: organisationLogQuery,
      replies,
      problems: [],
      async handle({ query, visitor }) {
        const { tenant } = authorise(storage, visitor.act, 'qaqpa:audit.read');
        const { organisationId } = tenant;
        const { member } = query;
        if (member === undefined) return readLog(audit, query, { organisationId });
        const found = await knownMember(tenant, member);
        if (found === null || !isMember(found.membership)) {
          return readLog(audit, query, { organisationId, about: [member] });
        }
        const about = [member, found.person.id];
        const asked = { organisationId, alsoOfNone: ['password.blocked'], about } as const;
        return readLog(audit, query, asked, (record) => {
          if (record.organisationId === organisationId) return record;
          // A password is blocked for every organisation of its person at once; where it was tried from is not for all of them.
          return record.at >= found.membership.since ? { ...record, address: null, device: null } : null;
        });
      },
    }),
  ];
}

/** A filter by somebody who is unknown here finds nothing, and is no error. */
async function knownMember({ members }: TenantReading, id: string): Promise<Account | null> {
  try {
    return await members.get(id);
  } catch (error) {
    if (error instanceof AccountError && error.code === 'MEMBERSHIP_UNKNOWN') return null;
    throw error;
  }
}
