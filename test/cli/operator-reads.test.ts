/** What an operator at the shell reads of others stands in the log, as what is read over HTTP does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AuditRecord } from '../../src/audit/record.js';
import { openServices, type OpenServices } from '../../src/services.js';
import { type CliResult, qaqpa } from '../support/cli-in-process.js';
import { TEST_MASTER_KEY, TEST_PASSWORD_COST } from '../support/test-secrets.js';

const BIN = '123456789021';
const IIN = '920101300125';
const NOBODY = '880808400017';
/** What tells nothing of a person. */
const NOT_OF_OTHERS = ['role list', 'client list'];
const OPTIONS: Readonly<Record<string, string>> = {
  'organisation list': '',
  'claim list': '',
  'invitation list': `--bin ${BIN}`,
  'member list': `--bin ${BIN}`,
  'member show': `--bin ${BIN} --iin ${IIN}`,
  'certificate list': `--bin ${BIN}`,
  'session list': `--iin ${IIN}`,
  'platform list': '',
};

let folder: string;
let storage: OpenServices;
const run = (args: string): Promise<CliResult> =>
  qaqpa(args.trim().split(/ +/), {
    env: {
      QAQPA_DATA_DIR: folder,
      QAQPA_MASTER_KEY: Buffer.from(TEST_MASTER_KEY).toString('hex'),
      USER: 'root',
      SUDO_USER: 'aigul',
    },
  });
const newest = async (): Promise<AuditRecord> => (await storage.audit.latest(1))[0]!;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qaqpa-reads-'));
  storage = await openServices({
    databaseUrl: `sqlite:${join(folder, 'qaqpa.db')}`,
    redisUrl: null,
    masterKey: TEST_MASTER_KEY,
    passwordCost: TEST_PASSWORD_COST,
  });
  expect(await run(`account organisation add --bin ${BIN} --name Қақпа`)).toMatchObject({ code: 0 });
  expect(await run(`account member add --bin ${BIN} --iin ${IIN} --name Айгүл`)).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('what an operator reads of others', () => {
  it('is an event that names the operator, whichever action it is', async () => {
    const { stdout } = await run('help account');
    const reads = [...stdout.matchAll(/^ {2}(\w+ (?:list|show))\b/gm)].map(([, action]) => action!);
    expect(reads.filter((action) => !NOT_OF_OTHERS.includes(action)).sort()).toEqual(
      Object.keys(OPTIONS).sort(),
    );
    for (const [action, options] of Object.entries(OPTIONS)) {
      expect([action, (await run(`account ${action} ${options}`)).code]).toEqual([action, 0]);
      const { type, actor, details } = await newest();
      expect([action, type, actor, details['operation']]).toEqual([
        action,
        'records.read',
        { kind: 'operator', id: 'aigul' },
        `account ${action}`,
      ]);
    }
    expect(await run('audit list --limit 5')).toMatchObject({ code: 0 });
    expect(await newest()).toMatchObject({ type: 'records.read', details: { operation: 'audit list' } });
  });

  it('names whom it found, and neither number nor name', async () => {
    const [member] = (await storage.accounts.listOrganisations({ limit: 1 })).items;
    await run(`account member show --bin ${BIN} --iin ${IIN}`);
    expect(await newest()).toMatchObject({
      organisationId: member!.id,
      subject: { kind: 'membership', id: expect.any(String) },
    });
    await run(`account member list --bin ${BIN} --search Айгүл`);
    expect((await newest()).details).toMatchObject({ by: 'name', found: 1 });
    const log = JSON.stringify(await storage.audit.latest(100));
    expect(log).not.toContain(IIN);
    expect(log).not.toContain('Айгүл');
  });

  it.each([
    ['member show', `--bin ${BIN} --iin ${NOBODY}`],
    ['session list', `--iin ${NOBODY}`],
    ['unblock', `--iin ${NOBODY}`],
    ['member suspend', `--bin ${BIN} --iin ${NOBODY}`],
  ])(
    'is one too where "%s" finds nobody of the IIN: a keyed reference stands for it',
    async (action, more) => {
      const before = (await newest()).sequence;
      expect((await run(`account ${action} ${more}`)).code).toBe(64);
      const record = await newest();
      expect(record.sequence).toBe(before + 1);
      expect(record).toMatchObject({
        type: 'records.read',
        subject: null,
        details: { by: 'iin', found: 0, iin: expect.stringMatching(/^[0-9a-f]{64}$/) },
      });
      expect(JSON.stringify(record)).not.toContain(NOBODY);
    },
  );

  it('is none where the command was wrong and nothing was looked at', async () => {
    const before = (await newest()).sequence;
    for (const args of ['account member show', 'account session list --iin 12', 'audit list --limit 0']) {
      expect((await run(args)).code).toBe(64);
    }
    expect((await newest()).sequence).toBe(before);
  });
});
