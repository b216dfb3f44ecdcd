import { type AuditLog } from '../audit/log.js';
import { type Operation } from './operation.js';
import { administrationOperations } from './routes/administration.js';
import { type BinClaimParts, binClaimOperations } from './routes/bin-claims.js';
import { certificatesOperations } from './routes/certificates.js';
import { invitationsOperations } from './routes/invitations.js';
import { logOperations } from './routes/log.js';
import { memberSessionsOperations } from './routes/member-sessions.js';
import { membersOperations } from './routes/members.js';
import { organisationOperations } from './routes/organisation.js';
import { peopleOperations } from './routes/people.js';
import { rolesOperations } from './routes/roles.js';

/** The work of managers within their organisation, and of those who run the installation. */
export function managementOperations(
  parts: BinClaimParts & { readonly audit: Pick<AuditLog, 'list'> },
): Operation[] {
  return [
    ...organisationOperations(parts),
    ...membersOperations(parts),
    ...memberSessionsOperations(parts),
    ...certificatesOperations(parts),
    ...invitationsOperations(parts),
    ...rolesOperations(parts),
    ...logOperations(parts),
    ...administrationOperations(parts),
    ...binClaimOperations(parts),
    ...peopleOperations(parts),
  ];
}
