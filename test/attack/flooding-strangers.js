// Strangers of many addresses who want to fill the stores: GATEWAY=http://… node flooding-strangers.js
// The gateway believes X-Forwarded-For, so that one machine can be all of them.
import { send, tell } from './sending.js';

const gateway = process.env.GATEWAY;
const AT_ONCE = 32;

/** @param {string} attack @param {{ count: number, asked: (number: number) => object, expected: string[] }} flood */
async function flood(attack, { count, asked, expected }) {
  const answers = new Set();
  let next = 0;
  const stranger = async () => {
    while (next < count) {
      const { from, ...request } = asked(next++);
      answers.add(
        await send(gateway, { ...request, headers: { ...request.headers, 'x-forwarded-for': from } }),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, stranger));
  tell(attack, [...answers].sort().join(', '), expected.join(', '));
}

const json = (value) => JSON.stringify(value);

await flood('terms to sign, 130 of one address, which may have 100', {
  count: 130,
  asked: () => ({ path: '/v1/registration/challenge', from: '203.0.113.99', body: '{}' }),
  expected: ['201', '429 RATE_LIMITED'],
});
await flood('terms to sign, 80 for each of 15 addresses, where all together may have 1000', {
  count: 15 * 80,
  asked: (number) => ({ path: '/v1/registration/challenge', from: `203.0.113.${number % 15}`, body: '{}' }),
  expected: ['201', '503 GATEWAY_BUSY'],
});
await flood('challenges of one network, each from an address of its own', {
  count: 300,
  asked: (number) => ({
    path: '/v1/login/eds/challenge',
    from: `2001:db8:1:2::${number.toString(16)}`,
    body: '{}',
  }),
  expected: ['201', '503 GATEWAY_BUSY'],
});
await flood('answers to challenges nobody issued, from 500 addresses', {
  count: 1_500,
  asked: (number) => ({
    path: '/v1/login/eds',
    from: `198.51.${(number % 500) >> 8}.${number & 255}`,
    body: json({ challengeId: 'AAAAAAAAAAAAAAAAAAAAAA', signature: 'AAAA' }),
  }),
  expected: ['409 CHALLENGE_UNKNOWN'],
});
await flood('invitations nobody made, to register with', {
  count: 500,
  asked: (number) => ({
    path: '/v1/registration/challenge',
    from: `192.0.2.${number % 50}`,
    body: json({ invitation: 'A'.repeat(43) }),
  }),
  expected: ['404 INVITATION_UNKNOWN'],
});
await flood('credentials of API clients there are none of', {
  count: 500,
  asked: (number) => ({
    path: '/v1/signatures/verify',
    // Few of one network: refusals beyond a limit are not recorded.
    from: `${100 + (number % 50)}.0.2.7`,
    headers: {
      authorization: `Basic ${Buffer.from('00000000-0000-4000-8000-000000000000:x').toString('base64')}`,
    },
    body: json({ signature: 'AAAA' }),
  }),
  expected: ['401 CLIENT_UNAUTHORISED'],
});
process.exit(0);
