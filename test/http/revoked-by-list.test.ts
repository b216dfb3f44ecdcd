/** A list the gateway has loaded itself outweighs the older answer it kept from a responder that has gone away since. */
import { afterEach, expect, it } from '@jest/globals';
import { type RevocationReason } from '../../src/lab/index.js';
import { type LabGateway, signIn, startLabGateway } from '../support/lab-gateway.js';

const MINUTE = 60_000;

let world: LabGateway;

afterEach(() => world.close());

it.each<[RevocationReason, string]>([
  ['keyCompromise', '401 CERTIFICATE_REVOKED'],
  ['certificateHold', '401 CERTIFICATE_ON_HOLD'],
])(
  'somebody whose certificate it names with %s is refused at once: %s',
  async (reason, refusal) => {
    let offset = 0;
    const clock = (): Date => new Date(Date.now() + offset);
    world = await startLabGateway({ clock, crlMode: 'garbage', env: { QAQPA_OCSP_MAX_AGE: '1h' } });
    const [leaver, stayer] = [await world.admit('КЕТЕТІН'), await world.admit('ҚАЛАТЫН')];
    const attempt = async (key: typeof leaver.key): Promise<string> => {
      const response = await signIn(world, world.visitor(), key);
      const body = (await response.json()) as { code?: string };
      return `${response.status} ${body.code ?? 'in'}`;
    };
    expect(await attempt(leaver.key)).toBe('200 in');

    world.ocsp.behave('http-error');
    offset = 3 * MINUTE;
    expect(await attempt(leaver.key)).toBe('200 in');

    world.lab.revoke(leaver.key, clock(), reason);
    world.crl.behave('honest');
    world.crl.publish();
    offset = 6 * MINUTE;
    // Nothing was kept about this one, so that the gateway fetches the list.
    expect(await attempt(stayer.key)).toBe('200 in');
    expect(await attempt(leaver.key)).toBe(refusal);
    expect(await attempt(stayer.key)).toBe('200 in');
  },
  60_000,
);
