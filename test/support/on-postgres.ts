import { describe, it } from '@jest/globals';
import { postgresPresent, sharedPostgres } from './postgres-server.js';
import { keepTemporaryStoragesIn } from './temporary-storage.js';

/** Runs the suites of another test file once more, with every temporary store in a PostgreSQL database of its own. */
export async function onPostgres(name: string, load: () => Promise<unknown>): Promise<void> {
  if (!postgresPresent()) {
    describe.skip(`${name}, in PostgreSQL (which is not installed)`, () => {
      it('is skipped', () => undefined);
    });
    return;
  }
  keepTemporaryStoragesIn(async () => (await sharedPostgres()).newDatabase());
  await load();
}
