import { authorisePlatform } from '../../../administration/platform.js';
import { maskNumber } from '../../../accounts/national-number.js';
import { PLATFORM_ROLES } from '../../../accounts/platform-role.js';
import {
  grantPlatformRole,
  revokePlatformRole,
  setPassword,
  setPersonStatus,
  unblockPassword,
} from '../../../administration/people.js';
import { UsageError } from '../../command.js';
import { readPassword } from '../../password-prompt.js';
import { type Action, type Actions, iinOf, list, noteRead, oneOf, say } from './action.js';

export const PERSON_ACTIONS: Actions = {
  'person suspend': status('suspended'),
  'person resume': status('active'),
  'set-password': {
    options: ['iin'],
    async prepare(call) {
      const iin = iinOf(call);
      const password = await readPassword(call.io);
      return async (storage) => {
        const { temporaryUntil } = await setPassword(
          authorisePlatform(storage, call.act, 'operate'),
          iin,
          password,
        );
        say(call, 'the password is set; the first sign-in with it has to change it');
        if (temporaryUntil !== null) say(call, `it lets in until ${temporaryUntil.toISOString()}`);
      };
    },
  },
  unblock: {
    options: ['iin'],
    prepare(call) {
      const iin = iinOf(call);
      return async (storage) => {
        const { lifted } = await unblockPassword(authorisePlatform(storage, call.act, 'act'), { iin });
        say(call, lifted ? 'the password path is open again' : 'the password path was not blocked');
      };
    },
  },
  'platform grant': platform(grantPlatformRole, 'granted', 'this person had the role'),
  'platform revoke': platform(revokePlatformRole, 'taken away', 'this person did not have the role'),
  'platform list': {
    options: ['json'],
    prepare: (call) => async (storage) => {
      await noteRead(call, storage);
      const people = (await storage.accounts.platformPeople()).map(({ person, roles }) => ({
        id: person.id,
        iin: maskNumber(person.iin),
        name: person.name,
        roles,
      }));
      list(call, people, (person) => [person.iin, person.roles.join(','), person.name]);
    },
  },
};

function status(to: 'active' | 'suspended'): Action {
  return {
    options: ['iin'],
    prepare(call) {
      const iin = iinOf(call);
      return async (storage) => {
        await setPersonStatus(authorisePlatform(storage, call.act, 'act'), { iin }, to);
        say(call, `the person is ${to}`);
      };
    },
  };
}

function platform(change: typeof grantPlatformRole, done: string, already: string): Action {
  return {
    options: ['iin', 'role'],
    prepare(call) {
      const iin = iinOf(call);
      const role = oneOf(call.values.role?.[0], 'role', PLATFORM_ROLES);
      if (role === undefined) throw new UsageError('--role is missing');
      return async (storage) => {
        const { changed } = await change(authorisePlatform(storage, call.act, 'rule'), { iin }, role);
        say(call, changed ? `the role ${role} is ${done}` : already);
      };
    },
  };
}
