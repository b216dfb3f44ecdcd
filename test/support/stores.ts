import { afterAll, beforeAll, describe } from '@jest/globals';
import { type OpenServices, type ServicesConfig } from '../../src/services.js';
import { describeWithRedis, type RedisServer, startRedis } from './redis-server.js';
import { openTemporaryStorage, type TemporaryStorage } from './temporary-storage.js';

/** Runs one suite against challenges and sessions in the database and, where it is installed, in Redis. */
export function describeOnEveryStore(
  name: string,
  suite: (storage: () => OpenServices, opened: () => TemporaryStorage) => void,
  change: Partial<ServicesConfig> = {},
): void {
  describe(`${name}, in SQLite`, () => {
    let opened: TemporaryStorage;
    beforeAll(async () => {
      opened = await openTemporaryStorage(change);
    });
    afterAll(() => opened.remove());
    suite(
      () => opened.storage,
      () => opened,
    );
  });
  describeWithRedis(`${name}, in Redis`, () => {
    let server: RedisServer;
    let opened: TemporaryStorage;
    beforeAll(async () => {
      server = await startRedis();
      opened = await openTemporaryStorage({ ...change, redisUrl: server.url });
    });
    afterAll(async () => {
      await opened.remove();
      await server.stop();
    });
    suite(
      () => opened.storage,
      () => opened,
    );
  });
}
