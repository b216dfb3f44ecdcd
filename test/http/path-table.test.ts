import { describe, expect, it } from '@jest/globals';
import { createPathTable } from '../../src/http/kernel/request-finding.js';

describe('the table of paths', () => {
  const find = createPathTable(
    [
      '/v1/me',
      '/v1/members/search',
      '/v1/members/{member}',
      '/v1/members/{member}/roles/{role}',
      '/v1/members/late',
    ].map((path) => [path, path] as const),
  );

  it.each([
    ['/v1/me', '/v1/me', {}],
    ['/v1/members/7', '/v1/members/{member}', { member: '7' }],
    ['/v1/members/7/roles/%D3%99%20%2F', '/v1/members/{member}/roles/{role}', { member: '7', role: 'ә /' }],
    ['/v1/members/{member}', '/v1/members/{member}', { member: '{member}' }],
  ])('finds %s', (address, at, named) => {
    expect(find(address)).toEqual({ at, named });
  });

  it('prefers what was named earlier, with names or without', () => {
    expect(find('/v1/members/search')?.at).toBe('/v1/members/search');
    expect(find('/v1/members/late')).toEqual({ at: '/v1/members/{member}', named: { member: 'late' } });
  });

  it.each([
    '',
    '/',
    '*',
    'v1/me',
    '/V1/me',
    '/v1/me/',
    '//v1/me',
    '/v1//me',
    '/v1/%6de',
    '/v1/me?x',
    '/v1/members/',
    '/v1/members//roles/x',
    '/v1/members/7/roles/',
    '/v1/members/7/roles/x/',
    'constructor',
    '/__proto__',
  ])('finds nothing at "%s"', (address) => {
    expect(find(address)).toBeNull();
  });

  it.each(['%', '%zz', '%ff', '%c0%af', '%ed%a0%80'])('refuses the part "%s", which is no text', (part) => {
    expect(() => find(`/v1/members/${part}`)).toThrow(URIError);
  });
});
