// Many addresses behind a trusted proxy: GATEWAY=http://… IINS=…,… OWNER=… PASSWORD=… NETWORK_LIMIT=… node hostile-crowd.js
import { setTimeout as pause } from 'node:timers/promises';
import { begin, send, tell } from './sending.js';

const gateway = process.env.GATEWAY;
const WRONG = '401 PASSWORD_WRONG';
const CLOSED = '423 PASSWORD_BLOCKED';
const LIMITED = '429 RATE_LIMITED';

const from = (address) => ({ 'x-forwarded-for': address });
/** Each in a /16 of its own. */
const network = (n) => `${20 + (n >> 8)}.${n & 255}.7.7`;
const password = (iin, address, tried = process.env.PASSWORD) =>
  send(gateway, {
    path: '/v1/login/password',
    headers: from(address),
    body: JSON.stringify({ iin, password: tried }),
  });
const challenge = (address) =>
  send(gateway, { path: '/v1/login/eds/challenge', headers: from(address), body: '{}' });

// One password over many people, each from a network of its own: nobody gets in with it once it is noticed, its owner neither.
const people = process.env.IINS.split(',');
let answers = [];
for (let at = 0; at < people.length; at += 8) {
  const some = people.slice(at, at + 8);
  answers.push(...(await Promise.all(some.map((iin, n) => password(iin, network(at + n))))));
}
tell(
  'one password tried on the first ten people',
  answers.slice(0, 10).find((answer) => answer !== WRONG) ?? WRONG,
  WRONG,
);
tell('the same on the rest of them', answers.slice(24).find((answer) => answer !== CLOSED) ?? CLOSED, CLOSED);
tell('the same on its owner', await password(process.env.OWNER, '198.51.100.1'), CLOSED);

// A flood from one /24 ends at its limit and leaves its neighbours, and every other purpose, alone.
answers = [];
for (let host = 1; host <= 200; host += 1) {
  answers.push(await Promise.all(Array.from({ length: 3 }, () => challenge(`203.0.113.${host}`))));
}
const passed = answers.flat().filter((answer) => answer === '201').length;
tell('challenges for a flood from one /24', String(passed), process.env.NETWORK_LIMIT);
tell('one more of it', await challenge('203.0.113.250'), LIMITED);
tell('a challenge for its neighbour', await challenge('203.0.114.1'), '201');
tell('a password from it', await password(people[0], '203.0.113.250', 'another one, 2026'), WRONG);

// Bodies that stop before their end are let go of when others need the room.
const path = '/v1/login/eds';
const body = 255 * 1024;
const held = Array.from({ length: 16 * 16 }, (_, n) =>
  begin(gateway, { path, headers: from(`${60 + (n & 15)}.1.1.1`), octets: body + 1, sent: body }),
);
await Promise.all(held.map(({ written }) => written));
const visit = (host, text) => send(gateway, { path, headers: from(`198.51.100.${host}`), body: text });
tell('a small body beside 256 that never end', await visit(2, '{}'), '400 REQUEST_INVALID');
const large = `"${'a'.repeat(250 * 1024)}"`;
const BUSY = '503 GATEWAY_BUSY';
const visitors = () => Promise.all([3, 4, 5, 6].map((host) => visit(host, large)));
// There is room until the gateway has read all of them, and each may be slow for a while. These stay until their turn is over, all at a
// time: bodies that come whole could pass one by one through the little room that is left.
let first = '';
void held[0].answer.then((answer) => (first = answer));
for (const until = Date.now() + 40_000; Date.now() < until && first === '';) {
  const others = [3, 4, 5, 6].map((host) =>
    begin(gateway, { path, headers: from(`198.51.100.${host}`), octets: body + 1, sent: body }),
  );
  await pause(500);
  for (const { end } of others) end();
}
tell('a body that never ends, where others need its room', first, BUSY);
for (const answer of await visitors()) tell('a large one beside the rest', answer, '400 REQUEST_INVALID');
for (const { end } of held) end();
process.exit(0);
