import { addClient, revokeClient } from '../../../administration/clients.js';
import { UsageError } from '../../command.js';
import { type Actions, day, list, required, say } from './action.js';

export const CLIENT_ACTIONS: Actions = {
  'client add': {
    options: ['name'],
    prepare(call) {
      const name = required(call, 'name');
      return async (storage) => {
        const { client, secret } = await addClient(storage, name, call.deed);
        say(call, `id      ${client.id}\nsecret  ${secret}`);
        call.io.stderr.write('Keep the secret now: it is stored nowhere and cannot be shown again.\n');
      };
    },
  },
  'client revoke': {
    options: ['id'],
    prepare(call) {
      const id = required(call, 'id');
      return async (storage) => {
        if (!(await revokeClient(storage, id, call.deed))) {
          throw new UsageError('there is no active client of this identifier');
        }
        say(call, 'the client is revoked');
      };
    },
  },
  'client list': {
    options: ['json'],
    prepare: (call) => async (storage) => {
      list(call, await storage.apiClients.list(), ({ id, status, createdAt, name }) => [
        id,
        status,
        day(createdAt),
        name,
      ]);
    },
  },
};
