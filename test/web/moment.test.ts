/** What ICU holds for a formatter is outside of V8's heap and its accounts: one for each date took half a gigabyte in ten seconds. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { LANGUAGES, renderAccountPage } from '../../src/web/index.js';

const constructors = { ...Object.getOwnPropertyDescriptors(Intl) } as Record<string, PropertyDescriptor>;
const own = Object.entries(constructors).filter(([, { value }]) => typeof value === 'function');

afterEach(() => {
  for (const [name, descriptor] of own) Object.defineProperty(Intl, name, descriptor);
});

/** Has every constructor of Intl counted, called with `new` or without. */
function countFormatters(): readonly string[] {
  const made: string[] = [];
  for (const [name, descriptor] of own) {
    const counted = new Proxy(descriptor.value as new (...args: unknown[]) => object, {
      construct(target, args, newTarget) {
        made.push(name);
        return Reflect.construct(target, args, newTarget as typeof target);
      },
      apply(target, self, args) {
        made.push(name);
        return Reflect.apply(target, self, args) as object;
      },
    });
    Object.defineProperty(Intl, name, { ...descriptor, value: counted });
  }
  return made;
}

describe('the account page', () => {
  const at = new Date('2026-11-23T05:20:00Z');
  const session = (order: number) => ({
    id: `session-${order}`,
    current: order === 0,
    organisation: 'ЖШС «Заңгер»',
    method: 'eds' as const,
    device: null,
    address: '192.0.2.7',
    createdAt: new Date(at.getTime() + order * 60_000),
    lastSeenAt: new Date(at.getTime() + order * 120_000),
  });

  it('makes no formatter for its dates, however many sessions it shows', () => {
    const made = countFormatters();
    new Intl.DateTimeFormat('en-GB').format(at);
    expect(made).toEqual(['DateTimeFormat']);
    for (const language of LANGUAGES) {
      const markup = renderAccountPage({
        language,
        address: '/me',
        origin: 'https://gate.example.kz',
        name: 'ҚАНАТҰЛЫ ӘЛІХАН',
        organisation: 'ЖШС «Заңгер»',
        bin: '180440012345',
        roles: [],
        method: 'eds',
        signedInAt: at,
        expiresAt: at,
        certificateDaysLeft: null,
        contacts: null,
        memberships: [],
        provisionalEnded: [{ organisation: { name: 'ЖШС «Заңгер»' }, setAt: at, contacts: false }],
        sessions: Array.from({ length: 10 }, (_, order) => session(order)),
      });
      expect(markup.match(/<time /g)).toHaveLength(23);
    }
    expect(made).toEqual(['DateTimeFormat']);
  });
});
