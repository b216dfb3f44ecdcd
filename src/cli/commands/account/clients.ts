import { authorisePlatform } from '../../../administration/platform.js';
import {
  addClient,
  revokeClient,
  revokeClientSecret,
  rotateClientSecret,
} from '../../../administration/clients.js';
import {
  type ClientSecret,
  isLive,
  SECRET_LIFETIME_MAX_MS,
  SECRET_OVERLAP_MAX_MS,
} from '../../../clients/client-secret.js';
import { UsageError } from '../../command.js';
import { type Actions, type Call, count, day, list, required, say } from './action.js';

const DAY_MS = 24 * 60 * 60_000;

export const CLIENT_ACTIONS: Actions = {
  'client add': {
    options: ['name', 'days'],
    prepare(call) {
      const details = { name: required(call, 'name'), lifetimeMs: lifetimeOf(call) };
      return async (storage) => {
        const { client, secret, expiresAt } = await addClient(
          authorisePlatform(storage, call.act, 'operate'),
          details,
        );
        say(call, `id      ${client.id}\nsecret  ${secret}`);
        call.io.stderr.write(`${KEEP_NOW} It is good until ${day(expiresAt)}.\n`);
      };
    },
  },
  'client rotate': {
    options: ['id', 'days', 'overlap'],
    prepare(call) {
      const id = required(call, 'id');
      const terms = { lifetimeMs: lifetimeOf(call), overlapMs: overlapOf(call) };
      return async (storage) => {
        const rotation = await rotateClientSecret(authorisePlatform(storage, call.act, 'operate'), id, terms);
        if (rotation.outcome !== 'rotated') {
          throw new UsageError(rotation.outcome === 'unknown' ? NO_CLIENT : FULL);
        }
        const { secret, expiresAt, olderUntil } = rotation;
        say(call, `id      ${id}\nsecret  ${secret}`);
        const older =
          terms.overlapMs === 0
            ? 'The secrets before have ended.'
            : `The secret before is good until ${day(olderUntil)} at most: let the client use the new one by then.`;
        call.io.stderr.write(`${KEEP_NOW} It is good until ${day(expiresAt)}.\n${older}\n`);
      };
    },
  },
  'client revoke': {
    options: ['id', 'secret-id'],
    prepare(call) {
      const id = required(call, 'id');
      const { 'secret-id': secretId } = call.values;
      return async (storage) => {
        if (secretId !== undefined) {
          if (
            !(await revokeClientSecret(authorisePlatform(storage, call.act, 'operate'), { id, secretId }))
          ) {
            throw new UsageError('the client has no such secret; "account client list" shows them');
          }
          say(call, 'the secret is revoked');
          return;
        }
        if (!(await revokeClient(authorisePlatform(storage, call.act, 'operate'), id)))
          throw new UsageError(NO_CLIENT);
        say(call, 'the client is revoked');
      };
    },
  },
  'client list': {
    options: ['json'],
    prepare: (call) => async (storage) => {
      const { at } = call.act;
      const secrets = await storage.apiClients.secrets();
      const clients = (await storage.apiClients.list()).map((client) => ({
        ...client,
        secrets: secrets.filter(({ clientId }) => clientId === client.id),
      }));
      list(call, clients, (client) => [
        client.id,
        client.status,
        day(client.createdAt),
        client.secrets.map((secret) => describeSecret(secret, at)).join('; ') || 'no secret',
        client.name,
      ]);
    },
  },
};

const KEEP_NOW = 'Keep the secret now: it is stored nowhere and cannot be shown again.';
const NO_CLIENT = 'there is no active client of this identifier';
const FULL =
  'two secrets of this client are good already: revoke one (--secret-id), or end both at once with --overlap 0';

function describeSecret(secret: ClientSecret, now: Date): string {
  const until = `${isLive(secret, now) ? 'until' : 'expired'} ${day(secret.expiresAt)}`;
  const used = secret.lastUsedAt === null ? 'never used' : `used ${day(secret.lastUsedAt)}`;
  return `${secret.id} ${until}, ${used}`;
}

function lifetimeOf({ values }: Call): number | undefined {
  const days = count(values.days, 'days', SECRET_LIFETIME_MAX_MS / DAY_MS);
  return days === undefined ? undefined : days * DAY_MS;
}

function overlapOf({ values: { overlap } }: Call): number | undefined {
  if (overlap === '0') return 0;
  const days = count(overlap, 'overlap', SECRET_OVERLAP_MAX_MS / DAY_MS);
  return days === undefined ? undefined : days * DAY_MS;
}
