import { expect, it } from '@jest/globals';
import { type AuditEvent } from '../../src/audit/event.js';
import { describeWithRedis, startRedis } from '../support/redis-server.js';
import { openTemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const EVENT: AuditEvent = { type: 'gateway.started', at: NOW, actor: { kind: 'gateway', id: null } };
const DETAILS = {
  personId: 'person',
  organisationId: 'organisation',
  membershipId: 'membership',
  method: 'eds',
  certificateSha256: null,
  device: null,
  address: null,
} as const;

describeWithRedis('Redis', () => {
  it('fails at once while Redis is away, and works again when it is back', async () => {
    const redis = await startRedis();
    const { storage, remove } = await openTemporaryStorage({ redisUrl: redis.url });
    const { token } = await storage.sessions.create(DETAILS, NOW);
    await redis.stop();
    const unavailable = { code: 'STORAGE_UNAVAILABLE' };
    await expect(storage.sessions.find(token, NOW)).rejects.toMatchObject(unavailable);
    await expect(storage.ping()).rejects.toMatchObject(unavailable);
    const login = storage.atomically(async ({ sessions, audit }) => {
      await audit.append(EVENT);
      await sessions.create(DETAILS, NOW);
    });
    await expect(login).rejects.toMatchObject(unavailable);
    expect(await storage.audit.verifyChain()).toMatchObject({ intact: true, sequence: 0 });
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
    await storage.sessions.create(DETAILS, NOW);
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
});
