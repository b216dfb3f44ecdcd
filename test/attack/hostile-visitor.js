// A stranger without any credentials: GATEWAY=http://… node hostile-visitor.js
import { hostileShapes } from './json-shapes.js';
import { send, tell } from './sending.js';

const gateway = process.env.GATEWAY;
/** As much as the answer to a challenge may have. */
const LARGE = 254 * 1024;
const SMALL = 4000;
const HEADER = 15_000;

for (const [name, { text, answer }] of Object.entries(hostileShapes(LARGE))) {
  for (const path of ['/v1/login/eds', '/v1/registration']) {
    tell(`${name} to ${path}`, await send(gateway, { path, body: text }), answer);
  }
}
for (const [name, { text, answer }] of Object.entries(hostileShapes(SMALL))) {
  for (const path of ['/v1/login/password', '/v1/invitations/look']) {
    tell(`${name} to ${path}`, await send(gateway, { path, body: text }), answer);
  }
}
const many = Object.values(hostileShapes(LARGE)).flatMap((shape) => [shape, shape]);
const answers = await Promise.all(
  many.map(({ text }) => send(gateway, { path: '/v1/login/eds', body: text })),
);
many.forEach(({ answer }, at) => {
  // Of one address not all find room at a time.
  tell('all at once', answers[at] === '503 GATEWAY_BUSY' ? answer : answers[at], answer);
});

const headers = {
  accept: [',', 'a/b,', '",', 'text/html;q=0.1,'],
  'accept-language': [';q=', 'kk,', ',;'],
  cookie: [';', '=;', '__Host-qaqpa-session=;'],
  'user-agent': ['(', 'a b '],
  'x-forwarded-for': ['1.1.1.1,', ','],
  authorization: ['Basic ', 'A'],
  'content-type': ['application/json ', ';charset='],
};
for (const [name, pieces] of Object.entries(headers)) {
  for (const piece of pieces) {
    const value = piece.repeat(HEADER / piece.length).trim();
    tell(
      `a header ${name} of ${piece}`,
      await send(gateway, { method: 'GET', path: '/nothing', headers: { [name]: value } }),
      '404 REQUEST_NOT_FOUND',
    );
  }
}
for (const piece of ['a&', 'a[b]=c&', '%', '%41=%41&', '+']) {
  const path = `/v1/terms?${piece.repeat(HEADER / piece.length)}`;
  tell(`a query of ${piece}`, await send(gateway, { method: 'GET', path }), '200');
}
for (const piece of ['/', '%2f', 'a/', ';', '%41']) {
  const path = `/v1${piece.startsWith('/') ? '' : '/'}${piece.repeat(HEADER / piece.length)}`;
  tell(`a path of ${piece}`, await send(gateway, { method: 'GET', path }), '404 REQUEST_NOT_FOUND');
}
process.exit(0);
