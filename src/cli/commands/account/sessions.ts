import { authorisePlatform } from '../../../administration/platform.js';
import { AccountError, type Person } from '../../../accounts/account.js';
import { type Iin } from '../../../accounts/national-number.js';
import { endPersonSession, endPersonSessions } from '../../../administration/person-access.js';
import { type OpenServices } from '../../../services.js';
import { UsageError } from '../../command.js';
import { type Actions, iinOf, list, noteRead, say } from './action.js';

export const SESSION_ACTIONS: Actions = {
  'session list': {
    options: ['iin', 'json'],
    prepare(call) {
      const iin = iinOf(call);
      return async (storage) => {
        const { id } = await personOf(storage, iin);
        const subject = { kind: 'person', id } as const;
        await noteRead(call, storage, { subject, details: { by: 'iin', found: 1 } });
        list(call, await storage.sessions.list({ personId: id }, call.act.at), (session) => [
          session.id,
          session.method,
          session.lastSeenAt.toISOString(),
          session.address ?? '-',
          session.device ?? '-',
        ]);
      };
    },
  },
  'session end': {
    options: ['iin', 'id'],
    prepare(call) {
      const iin = iinOf(call);
      const { id: sessionId } = call.values;
      return async (storage) => {
        const person = await personOf(storage, iin);
        const ended = await (sessionId === undefined
          ? endPersonSessions(authorisePlatform(storage, call.act, 'act'), person.id)
          : endPersonSession(authorisePlatform(storage, call.act, 'act'), {
              personId: person.id,
              sessionId,
            }));
        if (ended === false) throw new UsageError('there is no such session of this person');
        say(call, `ended ${Number(ended)} ${Number(ended) === 1 ? 'session' : 'sessions'}`);
      };
    },
  },
};

async function personOf({ accounts }: OpenServices, iin: Iin): Promise<Person> {
  const person = await accounts.personByIin(iin);
  if (person === null) throw new AccountError('PERSON_UNKNOWN', 'there is no person of this IIN');
  return person;
}
