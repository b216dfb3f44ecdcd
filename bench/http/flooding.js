// A process of its own that floods a gateway, from a hundred addresses as its proxy would name them: passwords, answers, secrets and
// bodies that are all refused. Each kind comes at its own steady rate, whether earlier ones were answered or not.
import { randomBytes, randomInt } from 'node:crypto';
import { makeIin } from '../../dist/lab/index.js';
import { atPace, openClient } from './load.js';

const ADDRESSES = 100;
const CONNECTIONS = 256;
const PATIENCE_MS = 10_000;
const zeros = (octets) => Buffer.from(`[${'0,'.repeat((octets - 4) / 2)}0]`);
const SMALL_ARRAY = zeros(254 * 1024);
const LARGE_ARRAY = zeros(15 * 1024 * 1024);
const JUNK = randomBytes(3000).toString('base64');

/** Each address in a network of its own, and new ones with every round, as whoever has that many would take them. */
const addressOf = (round, order) => `${11 + (order % ADDRESSES)}.${round % 256}.7.9`;

const path = '/v1/login/eds';
const FLOOD = {
  /** Of people nobody knows: those that are known are blocked after five, and cost nothing then. */
  'wrong passwords': [
    60,
    ({ client, address }) => {
      const iin = makeIin({ born: '1990-05-17', sex: 'male', order: randomInt(1, 9999) });
      const body = { iin, password: `Qate-qupiya-${randomInt(1e9)}` };
      return client.exchange('POST', '/v1/login/password', { address, body });
    },
  ],
  /** To challenges of their own: half of them octets without a meaning, half signatures over something else. */
  'junk answers': [
    100,
    async ({ client, address, order, signature }) => {
      const issued = await client.exchange('POST', `${path}/challenge`, { address, body: {} });
      if (issued.status !== 201) return issued;
      const body = {
        challengeId: JSON.parse(issued.text).challengeId,
        signature: order % 2 ? JUNK : signature,
      };
      return client.exchange('POST', path, { address, body, cookie: issued.cookie });
    },
  ],
  'bad client secrets': [
    100,
    ({ client, address, clientId }) => {
      const authorization = basic(clientId, randomBytes(32).toString('base64url'));
      return client.exchange('POST', '/v1/signatures/verify', { address, authorization, body: {} });
    },
  ],
  '254 KB arrays': [
    10,
    ({ client, address }) => client.exchange('POST', path, { address, body: SMALL_ARRAY }),
  ],
  '15 MB arrays': [
    1,
    ({ client, address, credentials }) =>
      client.exchange('POST', '/v1/signatures/verify', {
        address,
        authorization: credentials,
        body: LARGE_ARRAY,
      }),
  ],
};

const basic = (id, secret) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

/** @returns how many answers of each status each kind got; `none` where there was none */
async function flood({ gateway, seconds, round, api, signature }) {
  const client = openClient(gateway, CONNECTIONS, PATIENCE_MS);
  const shared = { client, signature, clientId: api.id, credentials: basic(api.id, api.secret) };
  const answers = Object.fromEntries(Object.keys(FLOOD).map((kind) => [kind, {}]));
  const all = Object.entries(FLOOD).map(([kind, [rate, send]]) => {
    const orders = Array.from({ length: rate * seconds }, (_, order) => order);
    return atPace(orders, rate, async (order) => {
      const address = addressOf(round, order);
      const status = await send({ ...shared, address, order }).then(
        (answer) => answer.status,
        () => 'none',
      );
      answers[kind][status] = (answers[kind][status] ?? 0) + 1;
    });
  });
  await Promise.all(all);
  client.close();
  return answers;
}

process.on('message', async (order) => {
  try {
    process.send({ answers: await flood(order) });
  } catch (error) {
    process.send({ failure: error.stack });
  }
});

// The bench has died.
process.on('disconnect', () => process.exit());
process.send({ ready: true });
