import { describe, expect, it } from '@jest/globals';
import { explainUnreachable, loopbackPermission } from '../../src/web/browser/permission.js';

function browserKnowing(states: Readonly<Record<string, string>>) {
  return {
    query: ({ name }: { readonly name: string }) => {
      const state = states[name];
      return state === undefined ? Promise.reject(new TypeError(name)) : Promise.resolve({ state });
    },
  };
}

describe('the permission to reach this computer', () => {
  it.each([
    [{ 'loopback-network': 'granted', 'local-network': 'denied' }, 'granted'],
    [{ 'loopback-network': 'denied' }, 'denied'],
    [{ 'local-network-access': 'prompt' }, 'prompt'],
    [{ 'local-network': 'denied' }, 'denied'],
    [{}, 'not-asked-for'],
    [{ 'loopback-network': 'perhaps' }, 'not-asked-for'],
  ])('is read from what the browser knows: %j means %s', async (states, expected) => {
    expect(await loopbackPermission(browserKnowing(states as Record<string, string>))).toBe(expected);
  });

  it('is not asked for by a browser without permissions', async () => {
    expect(await loopbackPermission(undefined)).toBe('not-asked-for');
  });
});

describe('a connection that did not come about', () => {
  const seen = { permission: 'prompt', tookMs: 20, pageOnLoopback: false, onPhone: false } as const;

  it('is a browser’s refusal once the permission is denied', () => {
    expect(explainUnreachable({ ...seen, permission: 'denied' })).toBe('permission-denied');
    expect(explainUnreachable({ ...seen, permission: 'denied', pageOnLoopback: true })).toBe(
      'permission-denied',
    );
  });

  it('is an unanswered prompt when the permission is still to be given and the connection was held', () => {
    expect(explainUnreachable({ ...seen, tookMs: 30_000 })).toBe('permission-needed');
  });

  it('is a program that is not running when the port refused at once, was allowed, or is never asked about', () => {
    expect(explainUnreachable(seen)).toBe('ncalayer-not-running');
    expect(explainUnreachable({ ...seen, permission: 'granted', tookMs: 30_000 })).toBe(
      'ncalayer-not-running',
    );
    expect(explainUnreachable({ ...seen, permission: 'not-asked-for', tookMs: 30_000 })).toBe(
      'ncalayer-not-running',
    );
    expect(explainUnreachable({ ...seen, pageOnLoopback: true, tookMs: 30_000 })).toBe(
      'ncalayer-not-running',
    );
  });

  it('is the phone’s doing on a phone', () => {
    expect(explainUnreachable({ ...seen, onPhone: true, permission: 'denied' })).toBe('ncalayer-on-phone');
  });
});
