// An API client with good credentials and bad intentions: GATEWAY=http://… CREDENTIALS='Basic …' node hostile-api-client.js
import { setTimeout as pause } from 'node:timers/promises';
import { hostileShapes } from './json-shapes.js';
import { begin, send, tell } from './sending.js';

const gateway = process.env.GATEWAY;
const headers = { authorization: process.env.CREDENTIALS };
const path = '/v1/signatures/verify';
const LARGE = 15 * 1024 * 1024;
const LIMIT = 16 * 1024 * 1024;

const shapes = hostileShapes(LARGE);
for (const [name, { text, answer }] of Object.entries(shapes)) {
  tell(name, await send(gateway, { path, headers, body: text }), answer);
}

const zeros = shapes['a list of zeros'];
for (let round = 0; round < 3; round += 1) {
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => send(gateway, { path, headers, body: zeros.text })),
  );
  for (const answer of answers) {
    tell('six lists of zeros at once', answer === '503 GATEWAY_BUSY' ? zeros.answer : answer, zeros.answer);
  }
}

const signature = Buffer.from('no signature').toString('base64');
const texts = {
  'a signature of letters and blanks': [{ signature: 'A '.repeat(LARGE / 2) }, '422 FORMAT_UNRECOGNISED'],
  'content of letters and blanks': [
    { signature, content: 'A '.repeat(LARGE / 2) },
    '422 FORMAT_UNRECOGNISED',
  ],
  'content that is base64 but for its end': [
    { signature, content: `${'A'.repeat(LARGE)}!` },
    '400 REQUEST_INVALID',
  ],
  'content of fillings': [{ signature, content: '='.repeat(LARGE) }, '400 REQUEST_INVALID'],
  'a signature that ends with NUL': [{ signature: `${'A'.repeat(LARGE)}\u0000` }, '400 REQUEST_INVALID'],
};
for (const [name, [body, answer]] of Object.entries(texts)) {
  tell(name, await send(gateway, { path, headers, body: JSON.stringify(body) }), answer);
}
const escapes = `{"signature":"${'\\u0041'.repeat(LARGE / 6)}"}`;
tell(
  'a signature of escapes',
  await send(gateway, { path, headers, body: escapes }),
  '422 FORMAT_UNRECOGNISED',
);

// Bodies that are announced take no room; those that came, and never end, that of this client alone, and only as much as there is.
const announced = Array.from({ length: 20 }, () => begin(gateway, { path, headers, octets: LIMIT }));
const held = Array.from({ length: 2 }, () =>
  begin(gateway, { path, headers, octets: LIMIT, sent: LIMIT - 1 }),
);
await pause(500);
tell(
  'one more than there is room for',
  await begin(gateway, { path, headers, octets: LIMIT, sent: LIMIT - 1 }).answer,
  '503 GATEWAY_BUSY',
);
for (const { end } of announced) end();
for (const { end } of held) end();
const small = JSON.stringify({ signature });
let afterwards = '';
for (let tries = 0; tries < 100 && !afterwards.startsWith('422'); tries += 1) {
  afterwards = await send(gateway, { path, headers, body: small });
}
tell('a question after all that', afterwards, '422 FORMAT_UNRECOGNISED');
process.exit(0);
