import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  makeSigningKey,
  readCheckpoint,
  readVerifierKey,
  signCheckpoint,
  verifierKey,
} from '../../src/audit/checkpoint.js';
import { provedBy, readProof } from '../../src/audit/proof.js';
import { qaqpa } from '../support/cli-in-process.js';
import { NOW, STARTED } from '../support/sample-records.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';
import { TEST_MASTER_KEY } from '../support/test-secrets.js';

const ORIGIN = 'https://login.example.kz';

describe('qaqpa audit, of a sealed log', () => {
  let opened: TemporaryStorage;
  let folder: string;
  let kept: string;
  const run = (...args: string[]) =>
    qaqpa(['audit', ...args], {
      env: {
        QAQPA_DATABASE_URL: opened.config.databaseUrl,
        QAQPA_MASTER_KEY: Buffer.from(TEST_MASTER_KEY).toString('base64'),
        QAQPA_DATA_DIR: dirname(opened.path),
        USER: 'aigul',
      },
    });
  const keep = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'qaqpa-audit-'));
    opened = await openTemporaryStorage();
    expect(await run('checkpoint')).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('nothing is sealed'),
    });
    expect(await run('keys')).toMatchObject({ code: 65 });
    expect(await run('rotate-key')).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('no key yet'),
    });
    for (let index = 0; index < 5; index += 1) await opened.storage.audit.append(STARTED);
    await opened.storage.sealing.seal(ORIGIN, NOW);
    kept = keep('kept', (await run('checkpoint')).stdout);
    await opened.storage.audit.append(STARTED);
    await opened.storage.sealing.seal(ORIGIN, NOW);
  }, 60_000);
  afterAll(async () => {
    await opened.remove();
    rmSync(folder, { recursive: true });
  });

  it('prints the newest checkpoint and the key it is signed with', async () => {
    const { stdout } = await run('keys');
    expect(readVerifierKey(stdout)).toMatchObject({ name: 'login.example.kz/v1/log' });
    expect(readCheckpoint((await run('checkpoint')).stdout)).toMatchObject({ size: 6 });
  });

  it('proves a record, and notes that it was shown', async () => {
    const key = readVerifierKey((await run('keys')).stdout)!;
    const { code, stdout } = await run('prove', '3');
    expect([code, provedBy(readProof(stdout)!, [key])]).toMatchObject([0, { size: 6 }]);
    expect((await opened.storage.audit.latest(1))[0]).toMatchObject({
      type: 'records.read',
      actor: { kind: 'operator', id: 'aigul' },
      details: { operation: 'audit prove', record: 3 },
    });
    // That very record is not sealed yet.
    expect(await run('prove', '7')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('not sealed yet'),
    });
    expect(await run('prove', '100')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no record'),
    });
  });

  it('verifies all of it, or what came since a checkpoint, against a checkpoint and a key kept elsewhere', async () => {
    const key = (await run('keys')).stdout.trim();
    const whole = await run('verify', '--checkpoint', kept, '--key', key);
    expect(whole).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('grew out of the checkpoint of 5 leaves'),
    });
    const since = await run('verify', '--checkpoint', kept, '--since', '--json');
    expect([since.code, JSON.parse(since.stdout)]).toMatchObject([
      0,
      { intact: true, size: 6, unsealed: 1, records: 2 },
    ]);
  });

  it('says what speaks against it', async () => {
    const other = makeSigningKey('login.example.kz/v1/log');
    const head = readCheckpoint((await run('checkpoint')).stdout)!;
    const foreign = keep('foreign', signCheckpoint(other.name, head, [other]));
    expect(await run('verify', '--checkpoint', foreign)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('kept-foreign\nthe checkpoint that was given is of another log'),
    });
    expect(await run('verify', '--key', verifierKey(other))).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('key-unknown'),
    });
  });

  it('goes on with the next key when it is told to', async () => {
    const { code, stdout } = await run('rotate-key');
    expect([code, readVerifierKey(stdout.split('\n')[1]!)]).toMatchObject([
      0,
      { name: 'login.example.kz/v1/log' },
    ]);
    expect((await run('keys')).stdout.trim().split('\n')).toHaveLength(2);
    expect(await run('verify', '--checkpoint', kept)).toMatchObject({ code: 0 });
  });

  it.each([
    [['verify', '--since'], 64],
    [['verify', '--key', 'x'], 64],
    [['verify', '--limit', '3'], 64],
    [['verify', '--anchor', 'x'], 64],
    [['prove'], 64],
    [['prove', '0'], 64],
    [['prove', 'x'], 64],
    [['prove', '1', '2'], 64],
    [['list', '--key', 'x'], 64],
    [['keys', '--json'], 64],
    [['toString'], 64],
    [['verify', '--checkpoint', '/nowhere'], 65],
  ])('is told that %j is nothing to do', async (args, code) => {
    expect(await run(...args)).toMatchObject({ code, stdout: '' });
  });

  it('takes no text for a checkpoint', async () => {
    expect(await run('verify', '--checkpoint', keep('none', 'none'))).toMatchObject({ code: 65 });
  });
});
