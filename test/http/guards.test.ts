/** What the HTTP face does with requests that are not what they should be, over real sockets. */
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LabGateway, startLabGateway } from '../support/lab-gateway.js';

describe('the HTTP face', () => {
  let world: LabGateway;
  let base: string;

  beforeAll(async () => {
    world = await startLabGateway({ env: { QAQPA_NCALAYER_URL: 'wss://127.0.0.1:13579' } });
    base = `http://127.0.0.1:${world.gateway.port}`;
  }, 60_000);
  afterAll(() => world.close());

  const post = (
    body: RequestInit['body'],
    headers: Record<string, string>,
    path = '/v1/login/eds/challenge',
  ): Promise<Response> => fetch(base + path, { method: 'POST', body: body ?? null, headers });
  const refusalOf = async (response: Response): Promise<string> => {
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const body = (await response.json()) as { code: string; status: number; requestId: string };
    expect([body.status, body.requestId]).toEqual([response.status, response.headers.get('x-request-id')]);
    return `${body.status} ${body.code}`;
  };

  describe('a change of state', () => {
    const json = { 'content-type': 'application/json' };

    it.each([
      ['a page of another site', { origin: 'https://evil.example' }],
      ['a page of another port of this machine', { origin: 'http://localhost:1' }],
      ['a page without an origin', { origin: 'null' }],
      ['another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
      ['a sibling domain, as the browser says', { 'sec-fetch-site': 'same-site' }],
      ['the address bar, as the browser says', { 'sec-fetch-site': 'none' }],
    ])('is refused from %s', async (_who, headers) => {
      expect(await refusalOf(await post('{}', { ...json, ...headers }))).toBe('403 REQUEST_ORIGIN');
      const signOut = await fetch(`${base}/v1/session`, { method: 'DELETE', headers });
      expect(await refusalOf(signOut)).toBe('403 REQUEST_ORIGIN');
    });

    it('is taken from our own page and from a program that is no browser', async () => {
      expect(
        (await post('{}', { ...json, origin: world.gateway.origin, 'sec-fetch-site': 'same-origin' })).status,
      ).toBe(201);
      expect((await post('{}', json)).status).toBe(201);
    });

    it.each(['/', '/me', '/openapi.json'])('is nothing %s knows', async (path) => {
      const response = await post('{}', json, path);
      expect(await refusalOf(response)).toBe('405 REQUEST_METHOD');
      expect(response.headers.get('allow')).toBe('GET, HEAD');
    });

    it('has no preflight another site could pass', async () => {
      const response = await fetch(`${base}/v1/login/eds`, {
        method: 'OPTIONS',
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      });
      expect(response.status).toBe(405);
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    });
  });

  describe('a body', () => {
    it.each([
      ['text/plain', '{}', '415 REQUEST_MEDIA_TYPE'],
      ['application/x-www-form-urlencoded', 'a=b', '415 REQUEST_MEDIA_TYPE'],
      ['application/json; charset=windows-1251', '{}', '415 REQUEST_MEDIA_TYPE'],
      ['application/jsonp', '{}', '415 REQUEST_MEDIA_TYPE'],
      ['application/json', '{', '400 REQUEST_MALFORMED'],
      ['application/json', '', '400 REQUEST_MALFORMED'],
      ['application/json', '\uFEFF{}', '400 REQUEST_MALFORMED'],
      ['application/json', 'null', '400 REQUEST_INVALID'],
      ['application/json', '[]', '400 REQUEST_INVALID'],
      ['application/json', '{"more":1}', '400 REQUEST_INVALID'],
      ['application/json', '{"__proto__":{"admin":true}}', '400 REQUEST_INVALID'],
    ])('of type %s saying %j is answered %s', async (type, body, expected) => {
      expect(await refusalOf(await post(body, { 'content-type': type }))).toBe(expected);
    });

    it('that nests deeper than the stack reaches is refused like any other that does not fit', async () => {
      const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
      for (const body of [deep, `{"more":${deep}}`]) {
        const response = await post(body, { 'content-type': 'application/json' }, '/v1/login/eds');
        expect(await refusalOf(response)).toBe('400 REQUEST_INVALID');
      }
    });

    it('with fields that are not known is told their names only where they could be names of ours', async () => {
      const answerTo = async (body: object): Promise<unknown> => {
        const text = JSON.stringify(body);
        const response = await post(text, { 'content-type': 'application/json' }, '/v1/login/eds/challenge');
        return ((await response.json()) as { errors: { problem: string }[] }).errors[0]?.problem;
      };
      expect(await answerTo({ chalengeId: 'x' })).toBe('has fields that are not known: chalengeId');
      for (const name of ['850101300019', '<script>', 'a\u0000', 'n'.repeat(200), 'Аты']) {
        expect(await answerTo({ [name]: 0 })).toBe('has fields that are not known');
      }
    });

    it('that is not UTF-8 is refused, not repaired', async () => {
      const octets = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
      expect(await refusalOf(await post(octets, { 'content-type': 'application/json' }))).toBe(
        '400 REQUEST_MALFORMED',
      );
    });

    it('that is compressed is refused unread', async () => {
      const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
      expect(await refusalOf(await post(Buffer.alloc(20), headers))).toBe('415 REQUEST_MEDIA_TYPE');
    });

    it('names the wrong fields and never repeats their values', async () => {
      const response = await post(
        '{"iin":"85121330012X","password":""}',
        { 'content-type': 'application/json' },
        '/v1/login/password',
      );
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ errors: [{ path: 'iin' }, { path: 'password' }] });
      expect(text).not.toContain('85121330012X');
    });

    it.each([
      ['announced', true],
      ['unannounced', false],
    ])('of 50 MB, %s, is answered 413 without being kept', async (_how, announced) => {
      const size = 50 * 1024 * 1024;
      global.gc?.();
      const before = process.memoryUsage().rss;
      let most = 0;
      const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const outgoing = httpRequest(`${base}/v1/login/eds`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...(announced ? { 'content-length': String(size) } : {}),
          },
        });
        outgoing.on('response', (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        outgoing.on('error', reject);
        const piece = Buffer.alloc(256 * 1024, 0x20);
        let left = size;
        const write = (): void => {
          while (left > 0) {
            left -= piece.length;
            if (!outgoing.write(piece)) {
              outgoing.once('drain', write);
              return;
            }
          }
          outgoing.end();
        };
        write();
      });
      clearInterval(watch);
      expect(status).toBe(413);
      // Both ends of the connection live in this process; the body itself would be 50 MB more.
      expect(most - before).toBeLessThan(40 * 1024 * 1024);
    });

    it('that never ends is given up and does not hold the next request', async () => {
      const socket = connect(world.gateway.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(
        'POST /v1/login/eds HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      );
      expect((await fetch(`${base}/livez`)).status).toBe(200);
      socket.destroy();
      expect((await fetch(`${base}/readyz`)).status).toBe(200);
    });
  });

  it('answers what does not exist, and what cannot be done to what exists', async () => {
    expect(await refusalOf(await fetch(`${base}/v1/nothing`))).toBe('404 REQUEST_NOT_FOUND');
    expect(await refusalOf(await fetch(`${base}/%E0%A4%A`))).toBe('404 REQUEST_NOT_FOUND');
    expect(await refusalOf(await fetch(`${base}/V1/SESSION`))).toBe('404 REQUEST_NOT_FOUND');
    const response = await fetch(`${base}/v1/session`, { method: 'PUT' });
    expect(response.headers.get('allow')).toBe('GET, HEAD, DELETE');
    expect(await refusalOf(response)).toBe('405 REQUEST_METHOD');
  });

  it('takes no parameter that is given twice', async () => {
    const twice = await fetch(`${base}/v1/terms?language=ru&language=kk`);
    expect(await refusalOf(twice)).toBe('400 REQUEST_INVALID');
    const page = await fetch(`${base}/?lang=ru&lang=en`, { headers: { 'accept-language': 'kk' } });
    expect([page.headers.get('content-language'), page.headers.getSetCookie()]).toEqual(['kk', []]);
  });

  it.each(['/', '/v1/session', '/nowhere'])('echoes no TRACE of %s', async (path) => {
    const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const outgoing = httpRequest(base + path, { method: 'TRACE', headers: { cookie: 'canary=1' } });
      outgoing.on('error', reject).on('response', (response) => {
        let received = '';
        response.on('data', (chunk: Buffer) => (received += chunk.toString()));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, text: received });
        });
      });
      outgoing.end();
    });
    expect([404, 405]).toContain(status);
    expect(text).not.toContain('canary');
  });

  it('speaks the reader’s language', async () => {
    const titleIn = async (language: string): Promise<unknown> => {
      const response = await fetch(`${base}/v1/session`, { headers: { 'accept-language': language } });
      expect(response.headers.get('content-language')).toBe(language.slice(0, 2));
      return ((await response.json()) as { title: string }).title;
    };
    expect([await titleIn('kk'), await titleIn('ru-KZ'), await titleIn('en')]).toEqual([
      'Сіз кірген жоқсыз.',
      'Вы не вошли.',
      'You are not signed in.',
    ]);
  });

  it('allows a page nothing but itself and NCALayer', async () => {
    const { headers } = await fetch(`${base}/`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).not.toMatch(/unsafe|\*|data:|blob:/);
    expect(policy).toMatch(/(^|;)connect-src 'self' wss:\/\/127\.0\.0\.1:13579(;|$)/);
    expect(policy).toMatch(/(^|;)default-src 'none'(;|$)/);
    expect(policy).toMatch(/(^|;)frame-ancestors 'none'(;|$)/);
    expect(headers.get('permissions-policy')).toMatch(/loopback-network=\(self\)/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    // Plain http on this machine: HSTS would lock the browser out of it.
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('believes no header about where a visitor is', async () => {
    await fetch(`${base}/v1/session`, {
      headers: { 'x-forwarded-for': '203.0.113.77', forwarded: 'for=203.0.113.77' },
    });
    expect(world.logged.join('')).not.toContain('203.0.113.77');
  });

  it('shows metrics on their own port only', async () => {
    expect((await fetch(`${base}/metrics`)).status).toBe(404);
    const response = await fetch(`http://127.0.0.1:${world.gateway.metricsPort!}/metrics`);
    const text = await response.text();
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    for (const name of ['qaqpa_http_request_seconds', 'qaqpa_trust_info', 'nodejs_eventloop_lag'])
      expect(text).toContain(name);
    expect((await fetch(`http://127.0.0.1:${world.gateway.metricsPort!}/`)).status).toBe(404);
  });
});

describe('rate limits', () => {
  it('stop an address and say for how long', async () => {
    const world = await startLabGateway({ env: { QAQPA_RATE_CHALLENGE: '3/1m' } });
    try {
      const visitor = world.visitor();
      const statuses: number[] = [];
      for (let i = 0; i < 4; i += 1)
        statuses.push((await visitor.post('/v1/login/eds/challenge', {})).status);
      expect(statuses).toEqual([201, 201, 201, 429]);
      const refused = await visitor.post('/v1/login/eds/challenge', {});
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      // Another limit of the same address is untouched.
      expect((await visitor.post('/v1/login/password', { iin: '850101300011', password: 'x' })).status).toBe(
        401,
      );
    } finally {
      await world.close();
    }
  });

  it('count a forwarded address only when a configured proxy forwards it', async () => {
    const world = await startLabGateway({
      env: { QAQPA_RATE_CHALLENGE: '1/1m', QAQPA_TRUSTED_PROXIES: 'loopback' },
    });
    try {
      const visitor = world.visitor();
      const from = async (address: string): Promise<number> =>
        (await visitor.post('/v1/login/eds/challenge', {}, { 'x-forwarded-for': address })).status;
      expect([await from('203.0.113.1'), await from('203.0.113.2'), await from('203.0.113.1')]).toEqual([
        201, 201, 429,
      ]);
    } finally {
      await world.close();
    }
  });
});
