import { authorise } from '../../administration/authority.js';
import { deleteRole, putRole } from '../../administration/roles.js';
import { type Operation, operation } from '../kernel/operation.js';
import { roleBody } from '../shapes/organisation-body.js';
import { roleList, roleParams, roleReply, roleRequest } from '../shapes/organisation-schema.js';
import { MANAGEMENT_BODY, type ManagementParts } from '../kernel/acting.js';
import { MEMBERS_READING } from './access.js';

const PATH = '/v1/organisation/roles';

/** The roles the caller's organisation defines. */
export function rolesOperations({ storage }: ManagementParts): Operation[] {
  const writing = {
    tag: 'roles',
    access: 'member',
    permission: 'qaqpa:roles.write',
    stepUp: 'roles.change',
    limit: 'manage',
  } as const;
  return [
    operation({
      ...MEMBERS_READING,
      tag: 'roles',
      id: 'listRoles',
      method: 'get',
      path: PATH,
      summary: 'Roles and what they allow, the built-in one first',
      replies: { 200: { description: 'All roles', schema: roleList } },
      problems: [],
      async handle({ visitor }) {
        const { tenant } = authorise(storage, visitor.act, 'qaqpa:members.read');
        return { status: 200, body: { items: (await tenant.roles.list()).map(roleBody) } };
      },
    }),
    operation({
      ...writing,
      id: 'putRole',
      method: 'put',
      path: `${PATH}/{role}`,
      summary:
        'Define a role, or change what it is called and allows; a change ends the sessions of who has it',
      params: roleParams,
      body: { schema: roleRequest, limit: MANAGEMENT_BODY },
      replies: {
        200: { description: 'Changed', schema: roleReply },
        201: { description: 'Defined', schema: roleReply },
      },
      problems: ['ROLE_BUILT_IN', 'ROLE_EXISTS', 'ROLE_LIMIT', 'AUTHORITY_EXCEEDED'],
      async handle({ params: { role: name }, body, visitor }) {
        const organisation = authorise(storage, visitor.act, 'qaqpa:roles.write');
        const { outcome, role } = await putRole(organisation, { name, ...body });
        return { status: outcome === 'changed' ? 200 : 201, body: roleBody(role) };
      },
    }),
    operation({
      ...writing,
      id: 'deleteRole',
      method: 'delete',
      path: `${PATH}/{role}`,
      summary: 'Delete a role nobody has',
      params: roleParams,
      replies: { 204: { description: 'Deleted' } },
      problems: ['ROLE_BUILT_IN', 'ROLE_IN_USE', 'AUTHORITY_EXCEEDED'],
      async handle({ params: { role }, visitor }) {
        await deleteRole(authorise(storage, visitor.act, 'qaqpa:roles.write'), role);
        return { status: 204 };
      },
    }),
  ];
}
