import { closeSync, fdatasync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { lookup } from 'node:dns/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { verify } from '@node-rs/argon2';
import { createPasswordHasher } from '../../src/passwords/hasher.js';
import {
  createPasswordThreads,
  PasswordsBusy,
  type PasswordThreads,
  suitableHashingThreads,
} from '../../src/passwords/threads.js';

const CHEAP = { memoryCost: 64, timeCost: 1, parallelism: 1 };
const USUAL = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

describe('the threads for passwords', () => {
  let threads: PasswordThreads;
  const open = (options: Parameters<typeof createPasswordThreads>[0]): PasswordThreads =>
    (threads = createPasswordThreads(options));
  afterEach(() => threads.close());

  it('compute what the library computes', async () => {
    open({ threads: 2 });
    const stored = await threads.hash('Дұрыс құпиясөз', USUAL);
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verify(stored, 'Дұрыс құпиясөз')).toBe(true);
    expect(await threads.verify(stored, 'Дұрыс құпиясөз')).toBe(true);
    expect(await threads.verify(stored, 'дұрыс құпиясөз')).toBe(false);
  });

  it('compute no more at once than there are, in the order of asking', async () => {
    open({ threads: 1 });
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 12 }, (_, at) => threads.hash(String(at), CHEAP).then(() => order.push(at))),
    );
    expect(order).toEqual([...order.keys()]);
    expect(threads.status()).toMatchObject({ threads: 1, mostRunning: 1, running: 0, waiting: 0, done: 12 });
  });

  it('leave the disk and name look-ups alone, however many wait', async () => {
    open({ threads: 1 });
    const folder = mkdtempSync(join(tmpdir(), 'qaqpa-threads-'));
    const file = openSync(join(folder, 'log'), 'w');
    try {
      const hashes = Array.from({ length: 40 }, (_, at) => threads.hash(String(at), USUAL));
      writeSync(file, 'a record');
      await Promise.all([promisify(fdatasync)(file), lookup('127.0.0.1')]);
      expect(threads.status().waiting).toBeGreaterThan(0);
      await Promise.all(hashes);
    } finally {
      closeSync(file);
      rmSync(folder, { recursive: true });
    }
  });

  it('refuse who finds no place, before anything of the work is done', async () => {
    open({ threads: 1, places: 2 });
    let done = 0;
    const work = (): Promise<unknown> => threads.withPlace(() => threads.hash(String((done += 1)), CHEAP));
    const outcomes = await Promise.allSettled([work(), work(), work(), work()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(outcomes.at(-1)).toMatchObject({ reason: expect.any(PasswordsBusy) as unknown });
    expect(done).toBe(2);
    expect(threads.status().shed).toBe(2);
    await work();
  });

  it('give a place back when the work fails', async () => {
    open({ threads: 1, places: 1 });
    const failing = (): Promise<unknown> => threads.withPlace(() => threads.verify('no hash at all', 'x'));
    for (let tries = 0; tries < 3; tries += 1)
      await expect(failing()).rejects.not.toBeInstanceOf(PasswordsBusy);
    expect(await threads.withPlace(() => threads.hash('x', CHEAP))).toMatch(/^\$argon2id\$/);
  });

  it('outlive a hash that cannot be read', async () => {
    open({ threads: 1 });
    await expect(threads.verify('$argon2id$', 'x')).rejects.toThrow();
    expect(await threads.verify(await threads.hash('x', CHEAP), 'x')).toBe(true);
  });

  it('fail what waits when they are closed, and whatever comes later', async () => {
    open({ threads: 1 });
    const hashes = Array.from({ length: 5 }, () => threads.hash('x', USUAL));
    const settled = Promise.allSettled(hashes);
    await threads.close();
    expect((await settled).filter(({ status }) => status === 'fulfilled')).toEqual([]);
    await expect(threads.hash('x', CHEAP)).rejects.toThrow('closed');
  });

  it.each([
    [1, 1],
    [2, 1],
    [4, 2],
    [64, 4],
  ])('are, of %i processors, %i', (processors, expected) => {
    open({});
    expect(suitableHashingThreads(processors)).toBe(expected);
  });

  it('hash and compare for the hasher, whatever the password', async () => {
    open({ threads: 1 });
    const hasher = await createPasswordHasher({ memoryKiB: 64, passes: 1, lanes: 1 }, threads);
    const stored = await hasher.hash('Йод и ёлка'.normalize('NFD'));
    expect(await hasher.matching([stored], 'Йод и ёлка'.normalize('NFC'))).toEqual([stored]);
    expect(await hasher.matching([], '')).toEqual([]);
    expect(threads.status().done).toBe(3);
  });

  it('hash beside another with its salt, so that one computation decides about both', async () => {
    open({ threads: 1 });
    const hasher = await createPasswordHasher({ memoryKiB: 64, passes: 1, lanes: 1 }, threads);
    const first = await hasher.hash('one');
    const second = await hasher.hash('two', [first]);
    expect(await hasher.matching([first, second], 'two')).toEqual([second]);
    expect(threads.status().done).toBe(3);
  });
});
