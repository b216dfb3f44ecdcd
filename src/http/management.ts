import { type AuditLog } from '../audit/log.js';
import { type Operation } from './kernel/operation.js';
import { administrationOperations } from './administration/organisations.js';
import { type BinClaimParts, binClaimOperations } from './administration/bin-claims.js';
import { certificatesOperations } from './organisation/certificates.js';
import { invitationsOperations } from './organisation/invitations.js';
import { logOperations } from './organisation/log.js';
import { memberSessionsOperations } from './organisation/member-sessions.js';
import { membersOperations } from './organisation/members.js';
import { organisationOperations } from './organisation/organisation.js';
import { peopleOperations } from './administration/people.js';
import { rolesOperations } from './organisation/roles.js';

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
