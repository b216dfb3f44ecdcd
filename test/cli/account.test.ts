import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqlite } from '../../src/storage/engines/sqlite-connection.js';
import { qaqpa as program } from '../support/cli.js';
import { type CliResult, qaqpa } from '../support/cli-in-process.js';

const BIN = '123456789021';
const IIN = '920101300125';

let folder: string;
const run = (args: string, input?: string): Promise<CliResult> =>
  qaqpa(args.split(' '), {
    env: { QAQPA_DATA_DIR: folder, USER: 'aigul' },
    ...(input === undefined ? {} : { input }),
  });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qaqpa-cli-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('qaqpa account', () => {
  it('founds an organisation, admits somebody, and shows them with the IIN masked', async () => {
    expect(
      await run(`account organisation add --bin ${BIN} --name Қақпа --branch 123456789032`),
    ).toMatchObject({
      code: 0,
    });
    for (const role of ['hr', 'accountant']) {
      expect((await run(`account role define --bin ${BIN} --name ${role}`)).code).toBe(0);
    }
    const added = await run(
      `account member add --bin ${BIN} --iin ${IIN} --name Айгүл --role manager --role hr`,
    );
    expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('********0125') });
    const listed = await run(`account member list --bin ${BIN}`);
    expect(listed.stdout).toMatch(/^\*{8}0125 {2}active {2}hr,manager {2}\d{4}-\d\d-\d\d {2}Айгүл\n$/);
    expect(listed.stdout + added.stdout).not.toContain(IIN);
    expect((await run('account organisation list')).stdout).toContain('Қақпа');
    const json = JSON.parse((await run('account organisation list --json')).stdout) as unknown;
    expect(json).toMatchObject([
      { bin: BIN, branchBins: ['123456789032'], settings: { allowPersonalKeys: false } },
    ]);
  });

  it('makes a master key and a database only their owner can read', () => {
    for (const file of ['master.key', 'qaqpa.db']) expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
  });

  it('keeps no IIN, name or password in clear, neither in the tables nor in the audit log', async () => {
    expect(await run(`account set-password --iin ${IIN}`, 'A long enough secret 7\n')).toMatchObject({
      code: 0,
    });
    const database = openSqlite(join(folder, 'qaqpa.db'), { mode: 'read' });
    const tables = database
      .prepare(`select name from sqlite_master where type = 'table'`)
      .all()
      .map((row) => String(row['name']));
    const everything = JSON.stringify(
      tables.map((table) => database.prepare(`select * from ${table}`).all()),
    );
    await database.close();
    expect(everything).toContain('Қақпа');
    for (const secret of [IIN, 'Айгүл', 'A long enough secret 7']) expect(everything).not.toContain(secret);
  });

  it('changes roles, suspends, resumes and removes a member', async () => {
    const member = `--bin ${BIN} --iin ${IIN}`;
    const only = await run(`account member roles ${member} --role accountant`);
    expect(only).toMatchObject({ code: 64, stderr: expect.stringContaining('LAST_MANAGER') });
    const another = `--bin ${BIN} --iin 910203400126 --name Болат --role manager`;
    expect((await run(`account member add ${another}`)).code).toBe(0);
    expect((await run(`account member roles ${member} --role accountant`)).code).toBe(0);
    expect((await run(`account member suspend ${member}`)).code).toBe(0);
    expect((await run(`account member list --bin ${BIN}`)).stdout).toMatch(/suspended {2}accountant/);
    expect((await run(`account member resume ${member}`)).code).toBe(0);
    expect((await run(`account member remove ${member}`)).code).toBe(0);
    const again = await run(`account member resume ${member}`);
    expect(again).toMatchObject({ code: 64, stderr: expect.stringContaining('MEMBERSHIP_UNKNOWN') });
    expect((await run(`account member add ${member} --name Айгүл`)).code).toBe(0);
    expect((await run(`account person suspend --iin ${IIN}`)).code).toBe(0);
    expect((await run(`account member list --bin ${BIN}`)).stdout).toContain('suspended everywhere');
  });

  it('invites somebody, prints a link that works once, and withdraws it', async () => {
    const invited = await run(`account invitation add --bin ${BIN} --iin 880808300123 --role hr --days 3`);
    expect(invited.stdout).toMatch(/^http:\/\/localhost:\d+\/invitation#[\w-]{43}\n$/);
    const listed = await run(`account invitation list --bin ${BIN}`);
    const [, id] = /^(\S+) {2}open {2}\S+ {2}\*{8}0123 {2}hr/.exec(listed.stdout)!;
    expect((await run(`account member list --bin ${BIN} --status invited`)).stdout).toContain('********0123');
    expect((await run(`account invitation revoke --bin ${BIN} --id ${id!}`)).code).toBe(0);
    const again = await run(`account invitation revoke --bin ${BIN} --id ${id!}`);
    expect(again).toMatchObject({ code: 64, stderr: expect.stringContaining('INVITATION_REVOKED') });
  });

  it('defines, changes and deletes roles, but none that somebody has', async () => {
    const role = `--bin ${BIN} --name lawyer`;
    expect((await run(`account role define ${role} --permission cases.read`)).code).toBe(0);
    expect((await run(`account role change ${role} --title Заңгер --permission cases.write`)).code).toBe(0);
    expect((await run(`account role list --bin ${BIN}`)).stdout).toMatch(/lawyer +Заңгер +cases\.write/);
    expect((await run(`account role delete ${role}`)).code).toBe(0);
    const used = await run(`account role delete --bin ${BIN} --name manager`);
    expect(used).toMatchObject({ code: 64, stderr: expect.stringContaining('ROLE_BUILT_IN') });
  });

  it('runs a practice that has no BIN by its owner’s IIN', async () => {
    const iin = '750505300127';
    const add = `account practice add --kind individual --iin ${iin} --owner Нұрлан --name Нотариус`;
    expect((await run(add)).code).toBe(0);
    expect(await run(add)).toMatchObject({ code: 64, stderr: expect.stringContaining('BIN_TAKEN') });
    expect((await run(`account member list --bin ${iin}`)).stdout).toMatch(/0127 {2}active {2}manager/);
    expect((await run(`account organisation set --bin ${iin} --certificates approve`)).code).toBe(0);
    const shown = await run(`account member show --bin ${iin} --iin ${iin}`);
    expect(shown.stdout).toMatch(/^Нұрлан, IIN \*{8}0127, active/);
    expect(shown.stdout).not.toContain(iin);
  });

  it('pages and searches lists', async () => {
    const first = await run('account organisation list --limit 1');
    const [, cursor] = /--cursor (\S+)\n/.exec(first.stderr)!;
    const second = await run(`account organisation list --limit 1 --cursor ${cursor!}`);
    const both = first.stdout + second.stdout;
    for (const kind of ['individual', BIN]) expect(both).toContain(kind);
    expect(second.stderr).not.toContain('--cursor');
    expect((await run('account organisation list --search қақ')).stdout).toContain('Қақпа');
    expect((await run('account organisation list --search жоқ')).stdout).toBe('');
  });

  it('merges an organisation into the one it belongs to, and frees the BIN of a branch', async () => {
    const [whole, part, branch] = ['210240000011', '210240000022', '210240000033'];
    await run(`account organisation add --bin ${whole} --name Бүтін`);
    await run(`account organisation add --bin ${part} --branch ${branch} --name Бөлік`);
    const unknown = await run(`account organisation merge --bin ${part} --into 210240000044`);
    expect(unknown.code).toBe(64);
    const merged = await run(`account organisation merge --bin ${part} --into ${whole}`);
    expect(merged.stdout).toContain('Бөлік is part of Бүтін now');
    const listed = (await run('account organisation list --search Бүтін')).stdout;
    expect(listed).toContain(`${whole}+${part}+${branch}`);
    expect((await run(`account organisation release --bin ${whole} --branch ${branch}`)).code).toBe(0);
    const again = await run(`account organisation release --bin ${whole} --branch ${branch}`);
    expect(again).toMatchObject({ code: 64, stderr: expect.stringContaining('BRANCH_UNKNOWN') });
    expect((await run('account claim list')).code).toBe(0);
    const nothing = await run('account claim grant --id nothing');
    expect(nothing).toMatchObject({ code: 64, stderr: expect.stringContaining('BIN_CLAIM_UNKNOWN') });
  });

  it('gives and takes platform roles, and ends sessions', async () => {
    const grant = `account platform grant --iin ${IIN} --role support`;
    expect((await run(grant)).stdout).toContain('granted');
    expect((await run(grant)).stdout).toContain('had the role');
    expect((await run('account platform list')).stdout).toMatch(/0125 {2}support/);
    expect((await run(grant.replace('grant', 'revoke'))).stdout).toContain('taken away');
    expect((await run('account platform list')).stdout).toBe('');
    expect((await run(`account session end --iin ${IIN}`)).stdout).toBe('ended 0 sessions\n');
  });

  it('shows a client’s secret once', async () => {
    const added = await run('account client add --name docflow');
    const [, id, secret] = /^id +(\S+)\nsecret +(\S{43})\n$/.exec(added.stdout)!;
    const listed = await run('account client list');
    expect(listed.stdout).toContain(id);
    expect(listed.stdout).not.toContain(secret);
    expect(listed.stdout).toContain('until 2027-11-23, never used');

    const rotated = await run(`account client rotate --id ${id!} --days 90 --overlap 3`);
    expect(rotated.stdout).toMatch(/^id +\S+\nsecret +\S{43}\n$/);
    expect(rotated.stderr).toMatch(/good until 2027-02-21\.\n.*until 2026-11-26/);
    expect(await run(`account client rotate --id ${id!}`)).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--overlap 0'),
    });
    const secrets = (await run('account client list')).stdout;
    expect(secrets.match(/until 20\d\d-\d\d-\d\d/g)).toEqual(['until 2026-11-26', 'until 2027-02-21']);
    const secretId = /(\S+) until 2026-11-26/.exec(secrets)![1]!;
    const revoke = `account client revoke --id ${id!} --secret-id ${secretId}`;
    expect((await run(revoke)).code).toBe(0);
    expect((await run(revoke)).code).toBe(64);
    const log = (await run('audit list --limit 4')).stdout;
    expect(log).toMatch(/client\.secret-rotated {2}- {2}operator:aigul .*secret=\S+ {2}until=2027-02-21/);
    expect(log).toMatch(/client\.secret-revoked {2}- {2}operator:aigul /);
    expect((await run(`account client revoke --id ${id!}`)).code).toBe(0);
    expect((await run(`account client revoke --id ${id!}`)).code).toBe(64);
  });

  it.each([
    ['no action', 'account', /needs an action/],
    ['an unknown action', 'account member promote', /no action "account member promote"/],
    ['a missing option', `account member add --bin ${BIN} --iin ${IIN}`, /--name is missing/],
    ['an overlap beyond thirty days', 'account client rotate --id x --overlap 31', /--overlap is a number/],
    ['a lifetime beyond two years', 'account client add --name x --days 731', /--days is a number/],
    ['an option of another action', `account unblock --iin ${IIN} --role x`, /has no option --role/],
    ['a password as an option', `account set-password --iin ${IIN} --password x`, /Unknown option/],
    ['an IIN of eleven digits', 'account unblock --iin 92010130012', /twelve digits/],
    [
      'a word that is neither allow nor refuse',
      `account organisation set --bin ${BIN} --passwords yes`,
      /allow/,
    ],
    ['a BIN that is taken', `account organisation add --bin ${BIN} --name X`, /ORGANISATION_BIN_TAKEN/],
    [
      'a branch that is taken',
      `account organisation add --bin 987654321098 --name X --branch ${BIN}`,
      /BIN_TAKEN/,
    ],
    ['an organisation nobody founded', `account member list --bin 000000000000`, /no organisation/],
    ['a person nobody knows', 'account unblock --iin 000000000000', /PERSON_UNKNOWN/],
    ['an invitation of a year', `account invitation add --bin ${BIN} --iin ${IIN} --days 365`, /1 to 30/],
    ['a platform role nobody knows', `account platform grant --iin ${IIN} --role root`, /"administrator"/],
    ['half of the session limits', `account organisation set --bin ${BIN} --session-idle 5`, /go together/],
    [
      'an operation nobody signs',
      `account organisation set --bin ${BIN} --step-up pasword.set`,
      /--step-up is .*"password\.set"/,
    ],
    ['a cursor it did not print', 'account organisation list --cursor x', /CURSOR_MALFORMED/],
    ['a part of 101', 'account organisation list --limit 101', /1 to 100/],
    ['a request nobody made', `account member approve --bin ${BIN} --iin ${IIN}`, /MEMBERSHIP_STATUS/],
    ['a malformed role', `account member roles --bin ${BIN} --iin ${IIN} --role Boss!`, /ROLE_MALFORMED/],
  ])('refuses %s', async (_what, args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain(IIN);
  });

  it.each([
    ['nothing', '', 65, /no password/],
    ['a short password', 'elevenchars\n', 64, /PASSWORD_RULES_BROKEN.* too-short/],
    ['the IIN in the password', `my-${IIN}\n`, 64, /PASSWORD_RULES_BROKEN.* context/],
    ['129 characters', 'ы'.repeat(129), 64, /PASSWORD_RULES_BROKEN.* too-long/],
  ])('refuses %s on standard input', async (_what, input, code, message) => {
    const result = await run(`account set-password --iin ${IIN}`, input);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(message);
  });

  it('does the same as a program of its own', async () => {
    const env = { QAQPA_DATA_DIR: folder };
    const listed = await program(['account', 'organisation', 'list'], { env });
    expect(listed).toEqual(await run('account organisation list'));
  });

  it('says what is wrong with the configuration', async () => {
    const { code, stderr } = await qaqpa(['account', 'organisation', 'list'], {
      env: { QAQPA_DATA_DIR: folder, QAQPA_DATABASE_URL: 'mysql://x' },
    });
    expect(code).toBeGreaterThan(2);
    expect(stderr).toContain('QAQPA_DATABASE_URL');
  });

  it('does not open a store with another master key', async () => {
    const { code, stderr } = await qaqpa(['account', 'organisation', 'list'], {
      env: { QAQPA_DATA_DIR: folder, QAQPA_MASTER_KEY: '00'.repeat(32) },
    });
    expect(code).toBe(65);
    expect(stderr).toContain('MASTER_KEY_WRONG');
  });
});

describe('qaqpa audit', () => {
  it.each(['audit verify', 'audit list'])(
    '%s says that there is no database instead of making an empty one',
    async (args) => {
      const absent = join(folder, 'mistyped');
      const { code, stdout, stderr } = await qaqpa(args.split(' '), { env: { QAQPA_DATA_DIR: absent } });
      expect([code, stdout]).toEqual([65, '']);
      expect(stderr).toContain(join(absent, 'qaqpa.db'));
      expect(existsSync(absent)).toBe(false);
    },
  );

  it('tells who did what, in order, and that the log is whole', async () => {
    const listed = await run('audit list --after 0 --limit 3 --json');
    const records = listed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { sequence: number; type: string; actor: unknown });
    expect(records.map(({ sequence, type }) => [sequence, type])).toEqual([
      [1, 'organisation.added'],
      [2, 'role.defined'],
      [3, 'role.defined'],
    ]);
    expect(records[0]?.actor).toEqual({ kind: 'operator', id: 'aigul' });
    const verified = await run('audit verify');
    expect(verified.code).toBe(0);
    expect(verified.stdout).toMatch(
      /^the log is whole\n0 records verified; \d+ not sealed yet, of which nothing is proved\nnothing is sealed yet/,
    );
  });

  it('shows the newest records without being asked for more', async () => {
    // The second sees that the first read the log.
    await run('audit list --limit 1');
    const { stdout } = await run('audit list --limit 1');
    expect(stdout).toMatch(/records\.read {2}- {2}operator:aigul .*operation=audit list/);
  });

  it.each([
    ['no action', 'audit', /needs an action/],
    ['a limit of nothing', 'audit list --limit 0', /--limit/],
    ['a malformed anchor', 'audit verify --anchor 12', /SEQUENCE:HASH/],
    ['an option of the other action', 'audit list --anchor x', /no option --anchor/],
  ])('refuses %s', async (_what, args, message) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(64);
    expect(stderr).toMatch(message);
  });
});
