import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { securityHeaders } from '../../src/http/kernel/security-headers.js';
import { type LabGateway, startLabGateway } from '../support/lab-gateway.js';

describe('what every answer tells the browser to refuse', () => {
  let world: LabGateway;

  beforeAll(async () => {
    world = await startLabGateway();
  }, 60_000);
  afterAll(() => world.close());

  const answers: readonly (readonly [string, string])[] = [
    ['the sign-in page', '/'],
    ['an answer of the API', '/livez'],
    ['a refusal', '/v1/session'],
    ['an address nobody knows', '/nowhere'],
    ['the style sheet', '/assets/qaqpa.css'],
  ];

  it.each(answers)('%s may not be framed, sniffed or run foreign code', async (_what, path) => {
    const { headers } = await request(world.gateway.app).get(path);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*|http:/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'origin-agent-cluster': '?1',
      'x-dns-prefetch-control': 'off',
      'x-download-options': 'noopen',
      'x-frame-options': 'DENY',
      'x-permitted-cross-domain-policies': 'none',
      'x-xss-protection': '0',
      'permissions-policy': expect.stringContaining('local-network-access=(self)'),
    });
    // Over http it would be ignored.
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
  });

  it('an origin over https is asked for https from then on', async () => {
    const app = express().use(securityHeaders({ 'default-src': ["'none'"] }, 'https://login.example.kz'));
    const { headers } = await request(app).get('/');
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    expect(headers['content-security-policy']).toBe("default-src 'none'");
  });

  it('the page may reach the configured NCALayer and nothing else outside', async () => {
    const { headers } = await request(world.gateway.app).get('/');
    const [, connect] = /connect-src ([^;]+)/.exec(String(headers['content-security-policy'])) ?? [];
    expect(connect?.split(' ')).toEqual(["'self'", 'wss://127.0.0.1:13579']);
  });

  it('a browser that went astray is shown a page, a program is told in JSON', async () => {
    const html = 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8';
    const app = request(world.gateway.app);
    const page = await app.get('/nowhere?next=<script>').set('accept', html).set('accept-language', 'ru');
    expect([page.status, page.type]).toEqual([404, 'text/html']);
    expect(page.text).toContain(String(page.headers['x-request-id']));
    expect(page.text).not.toContain('<script>');
    for (const [path, accept] of [
      ['/nowhere', '*/*'],
      ['/nowhere', 'application/json'],
      ['/v1/session', html],
    ] as const) {
      expect((await app.get(path).set('accept', accept)).type).toBe('application/problem+json');
    }
  });

  it('the cookie that remembers a language can be set by no other host and read by no script', async () => {
    const { headers } = await request(world.gateway.app).get('/?lang=ru');
    expect(headers['set-cookie']).toEqual([
      '__Host-qaqpa-lang=ru; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000',
    ]);
    const again = await request(world.gateway.app).get('/').set('cookie', '__Host-qaqpa-lang=ru');
    expect(again.headers).toMatchObject({ 'content-language': 'ru' });
    expect(again.headers).not.toHaveProperty('set-cookie');
  });

  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/livez', 'application/json; charset=utf-8'],
    ['/openapi.json', 'application/json; charset=utf-8'],
    ['/nowhere', 'application/problem+json; charset=utf-8'],
    ['/assets/qaqpa.css', 'text/css; charset=utf-8'],
    ['/assets/mark.svg', 'image/svg+xml; charset=utf-8'],
    ['/assets/js/web/browser/sign-in.js', 'text/javascript; charset=utf-8'],
  ])('the answer to %s says what it is: %s', async (path, type) => {
    expect((await request(world.gateway.app).get(path)).headers['content-type']).toBe(type);
  });

  it('a folder of files is not listed', async () => {
    for (const path of [
      '/assets',
      '/assets/',
      '/assets/js/',
      '/assets/js/web/browser/',
      '/assets/../package.json',
    ]) {
      expect((await request(world.gateway.app).get(path)).status).toBe(404);
    }
  });

  it.each(['/', '/v1/session', '/livez'])('nothing keeps a copy of %s', async (path) => {
    const { headers } = await request(world.gateway.app).get(path);
    expect(headers['cache-control']).toContain('no-store');
  });
});
