/** What many addresses together can do to other visitors: a program that attacks a real gateway behind a trusted proxy. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseIin } from '../../src/accounts/national-number.js';
import { attack, type GatewayProcess, serveGateway } from '../support/gateway-process.js';
import { type LabGateway, type Member, signIn, startLabGateway } from '../support/lab-gateway.js';
import { nextIin } from '../support/next-number.js';
import { openVisitor } from '../support/visitor.js';

const ORIGIN = 'https://gate.example.kz';
const PASSWORD = 'Kokshetau-2026-jaz';

describe('a crowd of addresses', () => {
  let world: LabGateway;
  let owner: Member;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    world = await startLabGateway({
      env: {
        QAQPA_ORIGIN: ORIGIN,
        QAQPA_TRUSTED_PROXIES: 'loopback',
        QAQPA_RATE_CHALLENGE: '40/1h',
        QAQPA_RATE_PASSWORD: '60/1m',
        QAQPA_PASSWORD_ARGON2: 'm=35840,t=1,p=1',
      },
    });
    owner = await world.admit('ИЕСІ');
    const { passwords } = world.storage;
    const iin = parseIin(owner.iin)!;
    await passwords.set(iin, await passwords.prepare(iin, PASSWORD), new Date(), 'everywhere');
    await world.gateway.close();
    gateway = await serveGateway(world.env);
  }, 120_000);
  afterAll(async () => {
    await gateway.stop();
    await world.close();
  });

  it('gets in with no sprayed password, and neither floods nor slow bodies of it stop others', async () => {
    const findings = await attack('hostile-crowd.js', {
      GATEWAY: gateway.address,
      IINS: Array.from({ length: 150 }, () => nextIin()).join(','),
      OWNER: owner.iin,
      PASSWORD,
      NETWORK_LIMIT: String(40 * 4),
    });
    expect(findings.filter(({ answer, expected }) => answer !== expected)).toEqual([]);
    expect(findings.length).toBeGreaterThan(12);
  }, 300_000);

  it('is told to log and metrics in numbers', async () => {
    expect(await gateway.metric('qaqpa_password_alarms_total{kind="spraying"}')).toBeGreaterThan(0);
    expect(
      await gateway.metric('qaqpa_rate_limited_total{limit="challenge",level="network"}'),
    ).toBeGreaterThan(0);
    const records = await world.storage.audit.list({ after: 0, limit: 1000 });
    const [told] = records.filter(({ type }) => type === 'password.spray-noticed');
    expect(told).toMatchObject({ details: { people: 11, networks: 11 } });
  });

  it('leaves the owner of the password their EDS', async () => {
    const signedIn = await signIn(world, openVisitor(ORIGIN, gateway.address), owner.key);
    expect(signedIn.status).toBe(200);
  });
});
