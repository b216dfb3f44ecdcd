import { changeRole, defineRole, deleteRole } from '../../administration/roles.js';
import { type Operation, operation } from '../kernel/operation.js';
import { roleBody } from '../shapes/organisation-body.js';
import { roleList, roleParams, roleReply, roleRequest } from '../shapes/organisation-schema.js';
import { inOrganisation, MANAGEMENT_BODY, type ManagementParts } from '../kernel/acting.js';
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
      async handle({ presence: { account } }) {
        const roles = await storage.accounts.tenant(account.organisation.id).roles.list();
        return { status: 200, body: { items: roles.map(roleBody) } };
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
        const act = inOrganisation(visitor.act);
        const known = await storage.accounts.tenant(act.organisationId).roles.list();
        const definition = { name, ...body };
        return known.some((role) => role.name === name)
          ? { status: 200, body: roleBody(await changeRole(storage, definition, act)) }
          : { status: 201, body: roleBody(await defineRole(storage, definition, act)) };
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
        const act = inOrganisation(visitor.act);
        await deleteRole(storage, role, act);
        return { status: 204 };
      },
    }),
  ];
}
