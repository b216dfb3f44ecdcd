import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadOrCreateMasterKey, parseMasterKey } from '../../src/storage/keys/master-key.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qaqpa-key-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the master key file', () => {
  it('is made once, for its owner only, and read again', async () => {
    const path = join(folder, 'master.key');
    const key = await loadOrCreateMasterKey(path);
    expect(key).toHaveLength(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await loadOrCreateMasterKey(path)).toEqual(key);
    expect(readdirSync(folder)).toEqual(['master.key']);
  });

  it('is one and the same for ten who start together', async () => {
    const path = join(folder, 'master.key');
    const keys = await Promise.all(Array.from({ length: 10 }, () => loadOrCreateMasterKey(path)));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
    expect(readdirSync(folder)).toEqual(['master.key']);
  });

  it('is refused when others may read it', async () => {
    const path = join(folder, 'master.key');
    await loadOrCreateMasterKey(path);
    chmodSync(path, 0o640);
    await expect(loadOrCreateMasterKey(path)).rejects.toMatchObject({ code: 'MASTER_KEY_EXPOSED' });
  });

  it('is never replaced, however broken', async () => {
    const path = join(folder, 'master.key');
    for (const text of ['', 'not a key', '00'.repeat(31)]) {
      writeFileSync(path, text, { mode: 0o600 });
      await expect(loadOrCreateMasterKey(path)).rejects.toMatchObject({ code: 'MASTER_KEY_MALFORMED' });
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });
});

describe('a master key as text', () => {
  const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index));

  it.each([
    bytes.toString('hex'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    ` ${bytes.toString('hex')}\n`,
  ])('is read from %j', (text) => {
    expect(parseMasterKey(text)).toEqual(new Uint8Array(bytes));
  });

  it.each(['', 'zz'.repeat(32), '00'.repeat(33), bytes.toString('base64').slice(1)])(
    'is not read from %j',
    (text) => {
      expect(() => parseMasterKey(text)).toThrow(expect.objectContaining({ code: 'MASTER_KEY_MALFORMED' }));
    },
  );
});
