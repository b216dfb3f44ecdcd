import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isBase64 } from '../../src/http/base64.js';
import { BODY_LIMITS, BODY_ROOM } from '../../src/http/body-limits.js';
import { createBodyRoom } from '../../src/http/body-room.js';

describe('the room for bodies', () => {
  it('is refused to a sender who has its share, and to all when there is none', () => {
    const room = createBodyRoom({ perSender: 10, inAll: 25 }, 0);
    const leave = room.take('a', 10);
    expect(() => room.take('a', 1)).toThrow('GATEWAY_BUSY');
    room.take('b', 10);
    expect(() => room.take('c', 6)).toThrow('GATEWAY_BUSY');
    room.take('c', 5);
    leave();
    room.take('a', 10);
  });

  it('is given back once, however often that is said', () => {
    const room = createBodyRoom({ perSender: 10, inAll: 10 }, 0);
    const leave = room.take('a', 10);
    leave();
    leave();
    room.take('a', 10);
    expect(() => room.take('b', 1)).toThrow('GATEWAY_BUSY');
  });

  it('holds the largest body there can be, whatever the limits are', () => {
    const room = createBodyRoom({ perSender: 1, inAll: 1 }, 100);
    room.take('a', 100);
    expect(() => room.take('a', 100)).toThrow('GATEWAY_BUSY');
  });

  it('says when to come again', () => {
    const room = createBodyRoom({ perSender: 1, inAll: 1 }, 0);
    expect(() => room.take('a', 2)).toThrow(
      expect.objectContaining({ code: 'GATEWAY_BUSY', headers: { 'Retry-After': '2' } }),
    );
  });
});

describe('the limits of bodies', () => {
  it('cannot be changed', () => {
    for (const table of [BODY_LIMITS, BODY_LIMITS.octets, BODY_ROOM, BODY_ROOM.people, BODY_ROOM.clients]) {
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
      `${mib(BODY_ROOM.people.perSender)} and ${mib(BODY_ROOM.people.inAll)}`,
      `${mib(BODY_ROOM.clients.perSender)} and ${mib(BODY_ROOM.clients.inAll)}`,
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
