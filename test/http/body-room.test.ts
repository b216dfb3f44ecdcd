import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isBase64 } from '../../src/http/kernel/base64.js';
import { BODY_LIMITS, BODY_ROOM } from '../../src/http/kernel/body-limits.js';
import { type BodyRoom, createBodyRoom, createBodyRooms } from '../../src/http/kernel/body-room.js';

const SLOW = { graceMs: 1_000, octetsPerSecond: 10 };
const NEVER_SLOW = { graceMs: Infinity, octetsPerSecond: 1 };

describe('the room for bodies', () => {
  it('is refused to a sender who has its share, to its networks, and to all when there is none', () => {
    const room = createBodyRoom({ perSender: [10, 15], inAll: 25, slow: NEVER_SLOW }, 0);
    const first = room.enter(['a', 'net']);
    first.grow(4);
    first.grow(6);
    expect(() => {
      room.enter(['a', 'net']).grow(1);
    }).toThrow('GATEWAY_BUSY');
    expect(() => {
      room.enter(['b', 'net']).grow(6);
    }).toThrow('GATEWAY_BUSY');
    room.enter(['b', 'net']).grow(5);
    expect(() => {
      room.enter(['c', 'other']).grow(11);
    }).toThrow('GATEWAY_BUSY');
    room.enter(['c', 'other']).grow(10);
    expect(() => {
      room.enter(['d', 'third']).grow(1);
    }).toThrow('GATEWAY_BUSY');
    first.leave();
    room.enter(['a', 'net']).grow(10);
  });

  it('is taken by what comes, and not by what is announced', () => {
    const room = createBodyRoom({ perSender: [10], inAll: 10, slow: NEVER_SLOW }, 0);
    for (let announced = 0; announced < 1_000; announced += 1) room.enter([`sender ${announced}`]);
    room.enter(['a']).grow(10);
  });

  it('is given back once, however often that is said, and takes no more afterwards', () => {
    const room = createBodyRoom({ perSender: [10], inAll: 10, slow: NEVER_SLOW }, 0);
    const place = room.enter(['a']);
    place.grow(10);
    place.leave();
    place.leave();
    expect(() => {
      place.grow(1);
    }).toThrow('GATEWAY_BUSY');
    room.enter(['a']).grow(10);
    expect(() => {
      room.enter(['b']).grow(1);
    }).toThrow('GATEWAY_BUSY');
  });

  it('holds the largest body there can be, whatever the limits are', () => {
    const room = createBodyRoom({ perSender: [1], inAll: 1, slow: NEVER_SLOW }, 100);
    room.enter(['a']).grow(100);
    expect(() => {
      room.enter(['a']).grow(1);
    }).toThrow('GATEWAY_BUSY');
  });

  it('is as much less as there is less memory, and never less than the largest document', () => {
    const MIB = 1024 * 1024;
    const { people, clients } = createBodyRooms(16 * MIB, 512 * MIB);
    const takes = (room: BodyRoom, sender: string, octets: number) => () => {
      room.enter([sender]).grow(octets);
    };
    takes(people, 'a', MIB)();
    expect(takes(people, 'a', 1)).toThrow('GATEWAY_BUSY');
    for (let sender = 0; sender < 15; sender += 1) takes(people, String(sender), MIB)();
    expect(takes(people, 'b', 1)).toThrow('GATEWAY_BUSY');
    takes(clients, 'a', 16 * MIB)();
    expect(takes(clients, 'b', 1)).toThrow('GATEWAY_BUSY');
    const plenty = createBodyRooms(16 * MIB, 64 * 1024 * MIB).clients;
    for (const sender of ['a', 'b', 'c', 'd']) takes(plenty, sender, 16 * MIB)();
    expect(takes(plenty, 'e', 1)).toThrow('GATEWAY_BUSY');
  });

  it('says when to come again', () => {
    const room = createBodyRoom({ perSender: [1], inAll: 1, slow: NEVER_SLOW }, 0);
    expect(() => {
      room.enter(['a']).grow(2);
    }).toThrow(expect.objectContaining({ code: 'GATEWAY_BUSY', headers: { 'Retry-After': '2' } }));
  });

  it('is taken from those who are slow when others need it, and from them alone', () => {
    let now = 0;
    const room = createBodyRoom({ perSender: [100], inAll: 100, slow: SLOW }, 0, () => now);
    const slow = room.enter(['slow']);
    slow.grow(10);
    const whole = room.enter(['whole']);
    whole.grow(20);
    whole.complete();
    const quick = room.enter(['quick']);
    quick.grow(60);
    now = 2_001;
    const newcomer = room.enter(['newcomer']);
    newcomer.grow(10);
    expect([slow.dropped.aborted, quick.dropped.aborted]).toEqual([false, false]);
    newcomer.grow(10);
    expect([slow, whole, quick, newcomer].map(({ dropped }) => dropped.aborted)).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(() => {
      newcomer.grow(1);
    }).toThrow('GATEWAY_BUSY');
  });

  it('of one sender is not made by letting another go', () => {
    let now = 0;
    const room = createBodyRoom({ perSender: [50], inAll: 1_000, slow: SLOW }, 0, () => now);
    const slow = room.enter(['slow']);
    slow.grow(1);
    const place = room.enter(['a']);
    place.grow(50);
    now = 1_500;
    expect(() => {
      room.enter(['a']).grow(1);
    }).toThrow('GATEWAY_BUSY');
    expect(slow.dropped.aborted).toBe(false);
  });

  it('of one sender is made as soon as it is needed, though others find none at the same moment', () => {
    let now = 0;
    const room = createBodyRoom({ perSender: [50], inAll: 1_000, slow: SLOW }, 0, () => now);
    const slow = room.enter(['shared']);
    slow.grow(50);
    const noisy = room.enter(['noisy']);
    noisy.grow(50);
    noisy.complete();
    now = 60_000;
    expect(() => {
      room.enter(['noisy']).grow(1);
    }).toThrow('GATEWAY_BUSY');
    expect(slow.dropped.aborted).toBe(false);
    room.enter(['shared']).grow(1);
    expect(slow.dropped.aborted).toBe(true);
  });

  it('cannot be held by a few addresses that send slowly, however many bodies they begin', () => {
    let now = 0;
    const { people } = BODY_ROOM;
    const room = createBodyRoom(people, 0, () => now);
    const body = 255 * 1024;
    const attackers = Array.from({ length: 64 }, (_, n) => [`${n}`, `site ${n >> 1}`, `provider ${n >> 2}`]);
    const fill = (): number => {
      let taken = 0;
      for (const senders of attackers) {
        for (let n = 0; n < 17; n += 1) {
          try {
            room.enter(senders).grow(body);
            taken += 1;
          } catch (error) {
            expect(error).toMatchObject({ code: 'GATEWAY_BUSY' });
          }
        }
      }
      return taken;
    };
    expect(fill() * body).toBeGreaterThan(people.inAll - body);
    expect(() => {
      room.enter(['visitor', 'site', 'provider']).grow(body);
    }).toThrow('GATEWAY_BUSY');
    now += 7_000;
    for (let visitor = 0; visitor < 200; visitor += 1) {
      room.enter([`visitor ${visitor}`, `site ${visitor}`, `provider ${visitor}`]).grow(body);
    }
  });

  it('is left for others by any number of addresses of one provider', () => {
    const room = createBodyRoom(BODY_ROOM.people, 0, () => 0);
    for (let n = 0; n < 1_000; n += 1) {
      try {
        room.enter([`${n}`, `site ${n % 256}`, 'provider']).grow(64 * 1024);
      } catch (error) {
        expect(error).toMatchObject({ code: 'GATEWAY_BUSY' });
      }
    }
    room.enter(['visitor', 'site', 'other']).grow(4 * 1024 * 1024);
  });
});

describe('the limits of bodies', () => {
  it('cannot be changed', () => {
    const rooms = [BODY_ROOM.people, BODY_ROOM.clients].flatMap((room) => [room, room.perSender, room.slow]);
    for (const table of [BODY_LIMITS, BODY_LIMITS.octets, BODY_ROOM, ...rooms]) {
      expect(Object.isFrozen(table)).toBe(true);
    }
  });

  it('stand in docs/api.md', () => {
    const docs = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'api.md'), 'utf8');
    const { octets, depth, values, nameOctets, numberOctets } = BODY_LIMITS;
    const kib = (size: number): string => `${size / 1024} KiB`;
    const mib = (size: number): string => `${size / 1024 / 1024} MiB`;
    const told = [
      kib(octets.small),
      kib(octets.management),
      kib(octets.signature),
      `| ${depth} `,
      `| ${values} `,
      `| ${nameOctets} octets`,
      `| ${numberOctets} octets`,
      ...[BODY_ROOM.people, BODY_ROOM.clients].map(
        ({ perSender, inAll }) => `${perSender.map(mib).join(', ')} and ${mib(inAll)}`,
      ),
      ...[BODY_ROOM.people, BODY_ROOM.clients].map(
        ({ slow: { graceMs, octetsPerSecond } }) =>
          `${graceMs / 1000} s and ${kib(octetsPerSecond)} a second`,
      ),
    ];
    expect(told.filter((limit) => !docs.includes(limit))).toEqual([]);
  });
});

describe('base64', () => {
  it.each(['', 'QQ==', 'QUE=', 'QUFB', ' Q U\nE\r\n=\t', 'Q Q = ='])('is %j', (text) => {
    expect(isBase64(text)).toBe(true);
  });

  it.each(['Q', 'QQ', 'QQ=', 'QQ===', '====', 'Q=Q=', 'QQ==QQ==', 'QU-_', 'QUF!', 'QUFБ', '\u0000QQ=='])(
    'is not %j',
    (text) => {
      expect(isBase64(text)).toBe(false);
    },
  );
});

describe('what bodies leave behind', () => {
  const MEBIBYTE = 1024 * 1024;
  const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  it.each([
    ['is collected in a small container, once parsed and once done with', 512, 2],
    ['is left to V8 where there is memory', 4096, 0],
  ])('%s', async (_what, memory, times) => {
    let collected = 0;
    const rooms = createBodyRooms(16 * MEBIBYTE, memory * MEBIBYTE, () => (collected += 1));
    const place = rooms.clients.enter(['client']);
    place.grow(15 * MEBIBYTE);
    place.complete();
    await nextTurn();
    place.leave();
    await nextTurn();
    expect(collected).toBe(times);
    const small = rooms.clients.enter(['client']);
    small.grow(1000);
    small.leave();
    await nextTurn();
    expect(collected).toBe(times);
  });
});
