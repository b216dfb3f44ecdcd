/**
 * A process of its own that writes to a store until it is killed. Arguments: database URL, and how many units of work to do
 * (0: no end). Each acknowledged unit is one line on standard output: the session token and the number of its audit record.
 */
import { openServices } from '../../src/services.js';
import { TEST_MASTER_KEY, TEST_PASSWORD_COST } from './test-secrets.js';

const [databaseUrl = '', count = '0'] = process.argv.slice(2);
const storage = await openServices({
  databaseUrl,
  redisUrl: null,
  masterKey: TEST_MASTER_KEY,
  passwordCost: TEST_PASSWORD_COST,
});
const now = new Date('2026-11-23T05:00:00Z');
for (let done = 0; count === '0' || done < Number(count); done += 1) {
  const { token, session } = await storage.atomically(async ({ sessions, audit }) => {
    const opened = await sessions.create(
      {
        personId: `person-${process.pid}`,
        organisationId: 'organisation',
        // One membership has only so many sessions.
        membershipId: `membership-${process.pid}-${done}`,
        method: 'eds',
        certificateSha256: null,
        device: null,
        address: null,
      },
      now,
    );
    await audit.append({
      type: 'login.eds.succeeded',
      at: now,
      actor: { kind: 'person', id: `person-${process.pid}` },
      subject: { kind: 'session', id: opened.session.id },
    });
    return opened;
  });
  process.stdout.write(`${token} ${session.id}\n`);
}
await storage.close();
