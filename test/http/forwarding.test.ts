/** Whether visitors behind a proxy are told apart, and who is told where they are not. */
import { type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { missingProxyNotice } from '../../src/config/local-origin.js';
import { createForwardingWatch } from '../../src/http/kernel/forwarding.js';
import { createLog } from '../../src/telemetry/log.js';
import { qaqpa } from '../support/cli-in-process.js';
import { type LabGateway, startLabGateway } from '../support/lab-gateway.js';

const MINUTE = 60_000;
const VISITOR = '198.51.100.77';

interface Line {
  readonly finding?: string;
  readonly peer?: string;
  readonly requestsBefore?: number;
}

describe('the watch over forwarded addresses', () => {
  const open = (trusted: readonly string[] = []) => {
    let now = 0;
    const lines: Line[] = [];
    const counted: string[] = [];
    const watch = createForwardingWatch({
      trusts: (address) => trusted.includes(address),
      log: createLog({ level: 'info', to: { write: (line) => void lines.push(JSON.parse(line) as Line) } }),
      metrics: { forwardingDoubted: (finding) => void counted.push(finding) },
      now: () => now,
    });
    const see = (remoteAddress: string | undefined, headers: IncomingHttpHeaders = {}, url = '/') => {
      watch.see({ socket: { remoteAddress }, headers, url });
    };
    return { watch, see, lines, counted, pass: (ms: number) => (now += ms) };
  };

  it.each([
    ['x-forwarded-for', '10.1.2.3', '10.1.2.0/24'],
    ['forwarded', '::ffff:127.0.0.1', '127.0.0.0/24'],
    ['x-real-ip', 'fd00:1:2:3:4::5', 'fd00:1:2:3::/64'],
  ])('finds %s of a neighbour that is not trusted, and tells its network alone', (header, peer, network) => {
    const { watch, see, lines } = open(['10.9.9.9']);
    expect(watch.check()).toBe('ok');
    see(peer, { [header]: VISITOR });
    expect(watch.check()).toBe('degraded');
    expect(lines).toMatchObject([{ level: 'warn', finding: 'not-trusted', peer: network }]);
    expect(JSON.stringify(lines)).not.toContain(VISITOR);
  });

  it('writes a line at once and then one in ten minutes, and counts every request', () => {
    const { see, lines, counted, pass } = open();
    for (let n = 0; n < 500; n += 1) see('10.1.2.3', { 'x-forwarded-for': VISITOR });
    pass(10 * MINUTE);
    see('10.1.2.3', { 'x-forwarded-for': VISITOR });
    expect(lines.map(({ requestsBefore }) => requestsBefore)).toEqual([0, 499]);
    expect(counted).toHaveLength(501);
  });

  it('is no more degraded ten minutes after the last', () => {
    const { watch, see, pass } = open();
    see('10.1.2.3', { 'x-forwarded-for': VISITOR });
    pass(10 * MINUTE);
    expect(watch.check()).toBe('ok');
  });

  it('lets no stranger on the Internet say how the gateway is', () => {
    const { watch, see, lines } = open();
    see('203.0.113.9', { 'x-forwarded-for': VISITOR });
    expect(watch.check()).toBe('ok');
    expect(lines).toMatchObject([{ finding: 'stranger', peer: '203.0.113.0/24' }]);
  });

  it('finds a trusted proxy that tells no address, and that it does after all', () => {
    const { watch, see, lines } = open(['10.1.2.3']);
    see('10.1.2.3', { 'x-real-ip': VISITOR });
    expect(watch.check()).toBe('degraded');
    expect(lines).toMatchObject([{ finding: 'silent', peer: '10.1.2.0/24' }]);
    see('10.1.2.3', { 'x-forwarded-for': VISITOR });
    expect(watch.check()).toBe('ok');
    see('10.1.2.3');
    expect([watch.check(), lines.length]).toEqual(['ok', 1]);
  });

  it('takes the questions of a balancer itself for what they are', () => {
    const { watch, see } = open(['10.1.2.3']);
    see('10.1.2.3', {}, '/readyz');
    see('10.1.2.3', {}, '/livez?from=balancer');
    see(undefined, { 'x-forwarded-for': VISITOR });
    see('10.1.2.4', {});
    expect(watch.check()).toBe('ok');
  });

  it('remembers so many proxies and finds one more all the same in the log', () => {
    const { see, lines, pass } = open(Array.from({ length: 400 }, (_, n) => `10.1.${n >> 8}.${n & 255}`));
    for (let n = 0; n < 400; n += 1) see(`10.1.${n >> 8}.${n & 255}`, { 'x-forwarded-for': VISITOR });
    pass(MINUTE);
    see('10.1.1.143');
    expect(lines).toMatchObject([{ finding: 'silent' }]);
  });
});

describe('the start behind https', () => {
  it.each([
    ['https://gate.example.kz', [], true],
    ['https://gate.example.kz', ['10.0.0.5'], false],
    ['http://localhost:8080', [], false],
    [null, [], false],
  ])('of %s with %j is told of a missing proxy: %s', (origin, trustedProxies, told) => {
    expect(missingProxyNotice({ origin, trustedProxies }) !== null).toBe(told);
  });
});

describe('a gateway behind a proxy that it does not know', () => {
  let world: LabGateway;
  beforeAll(async () => {
    world = await startLabGateway({ env: { QAQPA_ORIGIN: 'https://gate.example.kz' } });
  }, 60_000);
  afterAll(() => world.close());
  const doctor = async (env: Readonly<Record<string, string>> = {}): Promise<readonly string[]> => {
    const port = String(world.gateway.port);
    const { stdout } = await qaqpa(['doctor'], { env: { ...world.env, QAQPA_PORT: port, ...env } });
    return stdout.split('\n').filter((line) => / (?:gateway|proxies): /.test(line));
  };

  it('says so at its start', () => {
    expect(world.gateway.notices).toContainEqual(expect.stringMatching(/^QAQPA_TRUSTED_PROXIES is empty/));
    expect(world.logged.filter((line) => line.includes('QAQPA_TRUSTED_PROXIES is empty'))).toHaveLength(1);
  });

  it('says so in the log, to balancers and to the doctor once a visitor is forwarded', async () => {
    expect(await doctor()).toEqual([
      expect.stringMatching(/^warning +proxies: QAQPA_TRUSTED_PROXIES is empty/),
      expect.stringMatching(/^ok +gateway: runs at 127\.0\.0\.1:\d+, all is well/),
    ]);
    for (let n = 0; n < 5; n += 1) {
      await world.visitor().fetch('/v1/session', { headers: { 'x-forwarded-for': VISITOR } });
    }
    const told = world.logged.filter((line) => line.includes('"finding"'));
    expect(told.map((line) => JSON.parse(line) as Line)).toMatchObject([
      { finding: 'not-trusted', peer: '127.0.0.0/24' },
    ]);
    expect(world.logged.join('')).not.toContain(VISITOR);
    expect(await (await world.visitor().fetch('/readyz')).json()).toMatchObject({
      status: 'degraded',
      checks: { proxies: 'degraded' },
    });
    const metrics = await fetch(`http://127.0.0.1:${world.gateway.metricsPort}/metrics`);
    expect(await metrics.text()).toContain('qaqpa_forwarding_doubts_total{finding="not-trusted"} 5');
    expect((await doctor()).at(-1)).toMatch(
      /^warning +gateway: 127\.0\.0\.1:\d+ says proxies is degraded: .*QAQPA_TRUSTED_PROXIES/,
    );
  });

  it('is not looked for where none can be, and not taken for what answers in its place', async () => {
    expect((await doctor({ QAQPA_PORT: '0' })).at(-1)).toMatch(/^ok +gateway: not asked/);
    expect((await doctor({ QAQPA_PORT: '9' })).at(-1)).toMatch(/^ok +gateway: none runs at 127\.0\.0\.1:9/);
    const other = String(world.gateway.metricsPort);
    expect((await doctor({ QAQPA_PORT: other, QAQPA_METRICS_PORT: '0' })).at(-1)).toMatch(
      /^warning +gateway: what answers at 127\.0\.0\.1:\d+ is none/,
    );
  });
});
