import { changeRole, defineRole, deleteRole } from '../../../administration/roles.js';
import { type Actions, binOf, type Call, list, organisationOf, required, say, within } from './action.js';

const DEFINITION = ['bin', 'name', 'title', 'permission'] as const;

export const ROLE_ACTIONS: Actions = {
  'role define': {
    options: DEFINITION,
    prepare(call) {
      const [bin, role] = [binOf(call), definitionOf(call)];
      return async (storage) => {
        const { id } = await organisationOf(storage, bin);
        await defineRole(storage, role, within(call, id));
        say(call, `defined the role ${role.name}`);
      };
    },
  },
  'role change': {
    options: DEFINITION,
    prepare(call) {
      const [bin, role] = [binOf(call), definitionOf(call)];
      return async (storage) => {
        const { id } = await organisationOf(storage, bin);
        await changeRole(storage, role, within(call, id));
        say(call, `changed the role ${role.name}`);
      };
    },
  },
  'role delete': {
    options: ['bin', 'name'],
    prepare(call) {
      const [bin, name] = [binOf(call), required(call, 'name')];
      return async (storage) => {
        const { id } = await organisationOf(storage, bin);
        await deleteRole(storage, name, within(call, id));
        say(call, `deleted the role ${name}`);
      };
    },
  },
  'role list': {
    options: ['bin', 'json'],
    prepare(call) {
      const bin = binOf(call);
      return async (storage) => {
        const { id } = await organisationOf(storage, bin);
        list(call, await storage.accounts.tenant(id).roles.list(), ({ name, title, permissions }) => [
          name,
          title,
          permissions.join(','),
        ]);
      };
    },
  },
};

function definitionOf(call: Call): { name: string; title: string; permissions: readonly string[] } {
  const name = required(call, 'name');
  return { name, title: call.values.title ?? name, permissions: call.values.permission ?? [] };
}
