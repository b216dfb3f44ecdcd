/**
 * A process of its own that writes to the log, seals it and rotates its key until it is killed. Argument: the database URL. Each
 * acknowledged record is one line on standard output, the identifier of its request; so is each turn of sealing, `sealed`.
 */
import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gatewayAct } from '../../src/audit/act.js';
import { openServices } from '../../src/services.js';
import { TEST_MASTER_KEY, TEST_PASSWORD_COST } from './test-secrets.js';

const [databaseUrl = ''] = process.argv.slice(2);
const storage = await openServices({
  databaseUrl,
  redisUrl: null,
  masterKey: TEST_MASTER_KEY,
  passwordCost: TEST_PASSWORD_COST,
});
const actor = { kind: 'operator', id: 'test' } as const;

async function write(): Promise<never> {
  for (;;) {
    const requestId = randomUUID();
    await storage.audit.append({
      type: 'access.denied',
      at: new Date(),
      actor,
      requestId,
      address: '203.0.113.66',
    });
    process.stdout.write(`${requestId}\n`);
  }
}

async function seal(): Promise<never> {
  for (let turn = 1; ; turn += 1) {
    await storage.sealing.seal('https://login.example.kz', new Date());
    if (turn % 2 === 0) {
      // While another process seals it is refused, and tried again later.
      await storage.sealing.rotateKey(gatewayAct(new Date())).catch(() => undefined);
    }
    process.stdout.write('sealed\n');
    await nextTurn();
  }
}

await Promise.race([write(), write(), seal()]);
