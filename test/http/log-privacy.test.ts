/** No line of the log holds the IIN a request carried, wherever it carried it. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type LabGateway, startLabGateway } from '../support/lab-gateway.js';
import { WRITINGS } from '../support/writings.js';

const IIN = '850101300019';
const TOKEN = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF';

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const json = { 'content-type': 'application/json' };
/** Where a request may carry a text. */
const PLACES: Readonly<Record<string, (text: string) => Asked>> = {
  'an unknown path': (text) => ({ path: `/people/${text}` }),
  'an unknown path of the API': (text) => ({ path: `/v1/people/a${text}b/sessions` }),
  'a path that is no page': (text) => ({ path: `/invitation/${text}` }),
  'a broken path': (text) => ({ path: `/v1/%E0%A4%A/${text}` }),
  'an identifier': (text) => ({ path: `/v1/organisation/members/${text}` }),
  'the name of a parameter': (text) => ({ path: `/v1/terms?${text}=1` }),
  'a parameter': (text) => ({ path: `/v1/terms?language=${text}` }),
  'a page to go on to': (text) => ({ path: `/?next=/${text}&lang=${text}` }),
  'the description of a browser': (text) => ({ path: '/v1/session', headers: { 'user-agent': text } }),
  'a referrer': (text) => ({ path: '/v1/session', headers: { referer: `https://x.kz/${text}` } }),
  'a forwarded address': (text) => ({ path: '/v1/session', headers: { 'x-forwarded-for': text } }),
  'a forwarded address before others': (text) => ({
    path: '/v1/session',
    headers: { 'x-forwarded-for': `${text}, 127.0.0.1`, 'x-forwarded-proto': text, 'x-forwarded-host': text },
  }),
  'a cookie': (text) => ({
    path: '/v1/session',
    headers: { cookie: `__Host-qaqpa-session=${text}; ${text}=1` },
  }),
  'a language': (text) => ({ path: '/nothing', headers: { 'accept-language': text, accept: text } }),
  credentials: (text) => ({
    method: 'POST',
    path: '/v1/signatures/verify',
    headers: { ...json, authorization: `Bearer ${text}.${text}` },
    body: '{}',
  }),
  'an origin': (text) => ({
    method: 'POST',
    path: '/v1/login/password',
    headers: { ...json, origin: `https://${text}` },
    body: '{}',
  }),
  'a type': (text) => ({
    method: 'POST',
    path: '/v1/login/password',
    headers: { 'content-type': text },
    body: '{}',
  }),
  'a broken body': (text) => ({
    method: 'POST',
    path: '/v1/login/password',
    headers: json,
    body: `{"iin":"${text}" x`,
  }),
  'a field': (text) => ({
    method: 'POST',
    path: '/v1/login/password',
    headers: json,
    body: JSON.stringify({ iin: text, password: text, organisation: text, [text]: 0 }),
  }),
  'a field that is right': () => ({
    method: 'POST',
    path: '/v1/login/password',
    headers: json,
    body: JSON.stringify({ iin: IIN, password: IIN }),
  }),
  'a method': (text) => ({ method: 'PROPFIND', path: `/${text}` }),
};

describe('what the log says of a request', () => {
  let world: LabGateway;
  beforeAll(async () => {
    // The proxy believed is this machine: what a visitor forwards is taken for an address.
    world = await startLabGateway({ env: { QAQPA_TRUSTED_PROXIES: 'loopback', QAQPA_LOG_LEVEL: 'debug' } });
  }, 60_000);
  afterAll(() => world.close());

  const send = ({ method = 'GET', path, headers = {}, body }: Asked): Promise<void> =>
    new Promise((resolve, reject) => {
      // Only what a header or an address may hold; a server refuses the rest before we see it.
      const plain = (text: string): string =>
        Buffer.from(text, 'utf8')
          .toString('latin1')
          .replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '');
      const outgoing = httpRequest(
        {
          port: world.gateway.port,
          method,
          path: encodeURI(path).replaceAll('%25', '%'),
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, value]) => [name, plain(value).trim()]),
          ),
        },
        (response) => response.resume().once('end', resolve),
      );
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  /** The digits of a text, decoded as often as it is encoded. */
  const digitsOf = (line: string): string =>
    line
      .normalize('NFKC')
      .replaceAll(/(?:%(?:25)*3|\\+u003|&#x3)(\d)/g, '$1')
      .replaceAll(/[^0-9]/g, '');
  const loggedSince = async (before: number): Promise<string> => {
    for (let looks = 0; world.logged.length === before && looks < 200; looks += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return world.logged.slice(before).join('');
  };

  it.each(Object.entries(PLACES))('holds nothing of an IIN in %s', async (_where, ask) => {
    const writing = fc.constantFrom(...WRITINGS.map(([, write]) => write));
    const beside = fc.constantFrom('', 'a', '-', '7', '%3d', 'ИИН');
    await fc.assert(
      fc.asyncProperty(writing, beside, beside, async (write, left, right) => {
        const before = world.logged.length;
        await send(ask(left + write(IIN) + right));
        const lines = await loggedSince(before);
        expect(lines).toContain('answered');
        expect(digitsOf(lines)).not.toContain(IIN);
      }),
      { numRuns: 12 },
    );
  });

  it('holds no token of an invitation in an unknown path', async () => {
    for (const path of [
      `/invitation/${TOKEN}`,
      `/invitation/${TOKEN}/`,
      `/INVITATION/${TOKEN}`,
      `/x?${TOKEN}`,
    ]) {
      const before = world.logged.length;
      await send({ path });
      const lines = await loggedSince(before);
      expect(JSON.parse(lines)).toMatchObject({ path: '(unknown)', status: 404 });
      expect(lines).not.toContain(TOKEN);
    }
  });

  it('takes nothing but an address for the address of a visitor', async () => {
    const addressFor = async (forwarded: string): Promise<unknown> => {
      const before = world.logged.length;
      await send({ path: '/v1/session', headers: { 'x-forwarded-for': forwarded } });
      return (JSON.parse(await loggedSince(before)) as { address: unknown }).address;
    };
    expect(await addressFor('203.0.113.7')).toBe('203.0.113.7');
    expect(await addressFor('2001:db8::1')).toBe('2001:db8::1');
    for (const forwarded of [
      'unknown',
      '_hidden',
      '203.0.113.7:80',
      '"[2001:db8::1]"',
      '1.2.3',
      '850101300019',
    ]) {
      expect(await addressFor(forwarded)).toBeNull();
    }
  });

  it('has no label of a metric that a visitor chose', async () => {
    await send({ method: 'PROPFIND', path: `/${IIN}` });
    const text = await (await fetch(`http://127.0.0.1:${world.gateway.metricsPort}/metrics`)).text();
    expect(text).not.toContain(IIN);
    expect(text).toContain('route="none"');
  });
});
