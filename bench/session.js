// Session checks over HTTP: who am I, asked with the cookie of a session, on the embedded store.
import { asFastAsPossible, median, openClient } from './http/load.js';
import { openWorld } from './http/world.js';

const CHECKS = 4000;
const AT_ONCE = 32;

export const name = 'session';

export async function run({ rounds, log }) {
  const world = await openWorld({ count: 4, algorithms: ['gost2015-512'] });
  try {
    const gateway = await world.gateway('sessions');
    const client = openClient(gateway, AT_ONCE);
    const cookies = [];
    for (const { iin } of world.people['gost2015-512']) {
      const { challengeId, data, cookie } = await client.challenge();
      const [signature] = await world.lab.order('sign', { items: [{ iin, data }] });
      cookies.push(await client.signIn({ challengeId, signature, cookie }));
    }
    const rates = [];
    for (let i = 0; i <= rounds; i++) {
      log(`round ${i} of ${rounds}`);
      const work = Array.from({ length: CHECKS }, (_, check) => cookies[check % cookies.length]);
      const { seconds } = await asFastAsPossible(work, AT_ONCE, (cookie) => client.session(cookie));
      if (i > 0) rates.push(CHECKS / seconds);
    }
    client.close();
    return { checksPerSecond: median(rates), rates };
  } finally {
    await world.close();
  }
}

export function print({ checksPerSecond }) {
  return `session checks: ${checksPerSecond.toFixed(0)}/s`;
}
