/** What strangers can fill: a program floods a gateway from hundreds of addresses, and the stores stay as small as they are said to. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { timesOf } from '../../src/audit/refusal-summaries.js';
import { openSqlite } from '../../src/storage/engines/sqlite-connection.js';
import { attack } from '../support/gateway-process.js';
import { type LabGateway, type Member, signIn, startLabGateway } from '../support/lab-gateway.js';

describe('a gateway that strangers want to fill', () => {
  let world: LabGateway;
  let member: Member;
  beforeAll(async () => {
    world = await startLabGateway({
      env: {
        QAQPA_TRUSTED_PROXIES: 'loopback',
        QAQPA_CHALLENGES_PER_ADDRESS: '100',
        QAQPA_CHALLENGES_MAX: '1000',
        QAQPA_LOG_LEVEL: 'error',
      },
    });
    member = await world.admit('ОРЫН');
  }, 120_000);
  afterAll(() => world.close());

  const numbersOf = async (statement: string): Promise<Record<string, unknown>> => {
    const database = openSqlite(join(world.env['QAQPA_DATA_DIR']!, 'qaqpa.db'), { mode: 'read' });
    try {
      return database.prepare(statement).all()[0]!;
    } finally {
      await database.close();
    }
  };

  it('keeps as little as it says, and signs people in meanwhile', async () => {
    const [before] = await world.storage.audit.latest(1);
    const flood = { over: false };
    const attacked = attack('flooding-strangers.js', {
      GATEWAY: `http://127.0.0.1:${world.gateway.port}`,
    }).finally(() => (flood.over = true));
    const statuses = new Set<number>();
    let others = 0;
    do {
      // Other people are in other networks.
      others += 1;
      const from = `11.${others}.0.7`;
      statuses.add((await signIn(world, world.visitor(from), member.key)).status);
    } while (!flood.over && others < 100);
    expect([...statuses]).toEqual([200]);
    const findings = await attacked;
    expect(findings.filter(({ answer, expected }) => answer !== expected)).toEqual([]);
    expect(findings).toHaveLength(6);

    const kept = await numbersOf(
      `select count(*) as count, max(length(id) + length(purpose) + coalesce(length(subject_id), 0) + length(nonce)
         + length(text_hash) + length(browser_hash) + length(holder)) as octets from challenges`,
    );
    expect(kept['count']).toBeLessThanOrEqual(1_000);
    expect(kept['octets']).toBeLessThanOrEqual(400);

    // What was counted is written when the gateway stops.
    await world.gateway.close();
    const records = [];
    for (let after = before!.sequence; ; after = records.at(-1)!.sequence) {
      const page = await world.storage.audit.list({ after, limit: 1_000 });
      records.push(...page);
      if (page.length < 1_000) break;
    }
    const refused = records.filter(({ type }) => type.endsWith('.refused'));
    const minutes = Math.ceil((records.at(-1)!.at.getTime() - records[0]!.at.getTime()) / 60_000);
    expect(refused.length).toBeLessThanOrEqual((2 * 256 + 64 + 20) * (minutes + 1));
    const told = (reason: string): number =>
      refused.filter((record) => record.reason === reason).reduce((sum, record) => sum + timesOf(record), 0);
    expect([told('CHALLENGE_UNKNOWN'), told('INVITATION_UNKNOWN'), told('CLIENT_UNAUTHORISED')]).toEqual([
      1_500, 500, 500,
    ]);
    expect(await world.storage.audit.verify()).toMatchObject({ intact: true });
  }, 300_000);
});
