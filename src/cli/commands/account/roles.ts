import { authorise } from '../../../administration/authority.js';
import { changeRole, defineRole, deleteRole } from '../../../administration/roles.js';
import { type Action, type Actions, type Call, list, required, say } from './action.js';
import { organisationAction } from './tenant-action.js';

const DEFINITION = ['name', 'title', 'permission'] as const;

export const ROLE_ACTIONS: Actions = {
  'role define': definition(defineRole, 'defined'),
  'role change': definition(changeRole, 'changed'),
  'role delete': organisationAction(['name'], (call) => {
    const name = required(call, 'name');
    return async (storage, _, act) => {
      await deleteRole(authorise(storage, act, 'qaqpa:roles.write'), name);
      say(call, `deleted the role ${name}`);
    };
  }),
  'role list': organisationAction(['json'], (call) => async (storage, { id }) => {
    list(call, await storage.accounts.tenant(id).roles.list(), ({ name, title, permissions }) => [
      name,
      title,
      permissions.join(','),
    ]);
  }),
};

function definition(write: typeof defineRole, done: string): Action {
  return organisationAction(DEFINITION, (call) => {
    const role = definitionOf(call);
    return async (storage, _, act) => {
      await write(authorise(storage, act, 'qaqpa:roles.write'), role);
      say(call, `${done} the role ${role.name}`);
    };
  });
}

function definitionOf(call: Call): { name: string; title: string; permissions: readonly string[] } {
  const name = required(call, 'name');
  return { name, title: call.values.title ?? name, permissions: call.values.permission ?? [] };
}
