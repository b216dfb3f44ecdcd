import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { issueChallenge, takeChallenge } from '../../src/challenge/challenge.js';
import { type OperationSubject, type TermsSubject } from '../../src/challenge/subject.js';
import { describeWithRedis, startRedis } from '../support/redis-server.js';
import { NEW_SESSION, NOW, STARTED } from '../support/sample-records.js';
import { openTemporaryStorage } from '../support/temporary-storage.js';

describeWithRedis('Redis', () => {
  it('fails at once while Redis is away, and works again when it is back', async () => {
    const redis = await startRedis();
    const { storage, remove } = await openTemporaryStorage({ redisUrl: redis.url });
    const { token } = await storage.sessions.create(NEW_SESSION, NOW);
    await redis.stop();
    const unavailable = { code: 'STORAGE_UNAVAILABLE' };
    await expect(storage.sessions.find(token, NOW)).rejects.toMatchObject(unavailable);
    await expect(storage.ping()).rejects.toMatchObject(unavailable);
    const login = storage.atomically(async ({ sessions, audit }) => {
      await audit.append(STARTED);
      await sessions.create(NEW_SESSION, NOW);
    });
    await expect(login).rejects.toMatchObject(unavailable);
    expect(await storage.audit.verify()).toMatchObject({ intact: true, records: 0 });
    await redis.start();
    for (let attempt = 0; ; attempt += 1) {
      try {
        await storage.ping();
        break;
      } catch (error) {
        if (attempt > 200) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    await storage.sessions.create(NEW_SESSION, NOW);
    await remove();
    await redis.stop();
  });

  it('gives a session its old token back when the work that changed it is not kept', async () => {
    const redis = await startRedis();
    const { storage, remove } = await openTemporaryStorage({ redisUrl: redis.url });
    const { token, session } = await storage.sessions.create(
      { ...NEW_SESSION, obligations: ['change-password'] },
      NOW,
    );
    let next = '';
    const change = storage.atomically(async ({ sessions }) => {
      next = (await sessions.fulfil(token, 'change-password', NOW))!.token;
      throw new Error('the rest could not be kept');
    });
    await expect(change).rejects.toThrow('the rest could not be kept');
    expect(await storage.sessions.find(token, NOW)).toEqual(session);
    expect(await storage.sessions.find(next, NOW)).toBeNull();
    expect(await storage.sessions.list({ personId: 'person' }, NOW)).toEqual([session]);
    await remove();
    await redis.stop();
  });

  it('is not opened where Redis is not', async () => {
    const redis = await startRedis();
    await redis.stop();
    await expect(openTemporaryStorage({ redisUrl: redis.url })).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
  });

  it('keeps nothing for ever, whatever a session goes through', async () => {
    const redis = await startRedis();
    const { storage, remove } = await openTemporaryStorage({ redisUrl: redis.url });
    const client = new Redis(redis.url.replace('unix:', ''));
    const lifetimes = async (): Promise<number[]> => {
      const keys = await client.keys('*');
      expect(keys.length).toBeGreaterThan(0);
      return Promise.all(keys.map((key) => client.pttl(key)));
    };
    const everyKeyEnds = async (): Promise<void> => {
      for (const lifetime of await lifetimes()) {
        expect(lifetime).toBeGreaterThan(0);
        expect(lifetime).toBeLessThanOrEqual(12 * 60 * 60_000 + 60_000);
      }
    };
    const { token } = await storage.sessions.create(
      { ...NEW_SESSION, certificateSha256: 'ab'.repeat(32) },
      NOW,
    );
    await everyKeyEnds();
    // The only session of its owners changes its token: their sets are empty for a moment.
    const rotated = await storage.sessions.rotate(token, NOW);
    await everyKeyEnds();
    const later = new Date(NOW.getTime() + 10 * 60_000);
    expect(await storage.sessions.find(rotated?.token ?? '', later)).not.toBeNull();
    await everyKeyEnds();
    await storage.sessions.create(NEW_SESSION, later);
    await storage.sessions.endAllOf({ personId: NEW_SESSION.personId });
    expect((await client.keys('*')).filter((key) => key.includes('session:'))).toEqual([]);
    expect(await client.keys('*sessions-of-*')).toEqual([]);
    client.disconnect();
    await remove();
    await redis.stop();
  });

  it('gives an end to the set of an owner that it had thrown away', async () => {
    const redis = await startRedis();
    const { storage, remove } = await openTemporaryStorage({ redisUrl: redis.url });
    const client = new Redis(redis.url.replace('unix:', ''));
    const { token } = await storage.sessions.create(NEW_SESSION, NOW);
    const sets = await client.keys('*sessions-of-*');
    expect(sets).toHaveLength(3);
    await client.del(sets);
    await storage.sessions.rotate(token, NOW);
    for (const key of sets) expect(await client.pttl(key)).toBeGreaterThan(0);
    client.disconnect();
    await remove();
    await redis.stop();
  });

  it('has never heard of a challenge whose words were sealed before the master key was rotated', async () => {
    const redis = await startRedis();
    const before = await openTemporaryStorage({ redisUrl: redis.url });
    const digest = createHash('sha256').update('request').digest('hex');
    const subject: OperationSubject = {
      kind: 'operation',
      id: `members.remove/${digest}`,
      kk: 'Шығару',
      ru: 'Удалить',
      organisation: 'ТОО «Қақпа»',
      targets: ['Айгүл'],
      values: [],
      digest,
    };
    const holder = { kind: 'address', name: '192.0.2.1' } as const;
    const origin = 'https://login.example.kz';
    const request = { origin, purpose: 'step-up', subject, holder, now: NOW } as const;
    const issued = await issueChallenge(before.storage.challenges, request);
    await before.remove();
    const after = await openTemporaryStorage({ redisUrl: redis.url, masterKey: new Uint8Array(32).fill(77) });
    const taken = await takeChallenge(after.storage.challenges, issued, { origin }, NOW);
    expect(taken).toEqual({ outcome: 'unknown' });
    await after.remove();
    await redis.stop();
  });

  it('takes at most 640 octets for a challenge of any length, and tells no text, origin or address', async () => {
    const redis = await startRedis();
    const { storage, remove } = await openTemporaryStorage({ redisUrl: redis.url });
    const client = new Redis(redis.url.replace('unix:', ''));
    const terms = (version: string) => loadedTerms(version, 'ұзақ мәтін '.repeat(1_000));
    // Each in networks of its own, which are counted as well.
    const holder = (number: number) =>
      ({
        kind: 'address',
        name: `192.${number}.2.1`,
        networks: [`192.${number}.2.0/24`, `192.${number}.0.0/16`],
      }) as const;
    const request = { origin: 'https://login.example.kz', now: NOW };
    for (let number = 0; number < 200; number += 1) {
      const subject = terms(`2026-11-01.${number}`);
      await issueChallenge(storage.challenges, {
        ...request,
        ...(number % 2 === 0 ? { purpose: 'login' } : { purpose: 'registration', subject }),
        holder: holder(number),
      });
    }
    const keys = await client.keys('*');
    const octets = await Promise.all(keys.map((key) => client.memory('USAGE', key, 'SAMPLES', 0)));
    // Its own key, and its part of the counts by address and network.
    expect(octets.reduce<number>((sum, size) => sum + (size ?? 0), 0) / 200).toBeLessThanOrEqual(640);
    for (const key of keys) {
      const text = JSON.stringify(await client.hgetall(key));
      expect(`${key} ${text}`).not.toMatch(/example\.kz|192\.\d|мәтін/);
      expect(await client.pttl(key)).toBeGreaterThan(0);
      expect(await client.pttl(key)).toBeLessThanOrEqual(7 * 60_000);
    }
    client.disconnect();
    await remove();
    await redis.stop();
  });
});

function loadedTerms(version: string, text: string): TermsSubject {
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { kind: 'terms', id: `${version}/kk`, documents: [{ title: 'Шарттар', sha256, text }] };
}
