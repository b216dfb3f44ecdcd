/** `qaqpa config check` where a setting is well formed and what it names is not there. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { qaqpa } from '../support/cli.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'qaqpa-config-'));
  writeFileSync(join(folder, 'manifest.json'), '{}');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('qaqpa config check', () => {
  it('finds the program’s own settings usable', async () => {
    const { code, stdout } = await qaqpa(['config', 'check'], { env: {} });
    expect([code, stdout]).toEqual([0, expect.stringContaining('The configuration is usable.')]);
  });

  it.each([
    ['a trust folder that is not there', 'QAQPA_TRUST_DIR', (): string => join(folder, 'absent')],
    ['a trust folder with an empty manifest', 'QAQPA_TRUST_DIR', (): string => folder],
    [
      'a file of breached passwords that is none',
      'QAQPA_BREACHED_PASSWORDS',
      (): string => join(folder, 'manifest.json'),
    ],
    ['a folder of terms that is not there', 'QAQPA_TERMS_DIR', (): string => join(folder, 'absent')],
  ])('names %s', async (_what, variable, value) => {
    const { code, stderr } = await qaqpa(['config', 'check'], { env: { [variable]: value() } });
    expect([code, stderr]).toEqual([78, expect.stringContaining(`${variable}: `)]);
  });

  it('names metrics on the gateway’s own port', async () => {
    const env = { QAQPA_PORT: '8443', QAQPA_METRICS_PORT: '8443' };
    const everywhere = { ...env, QAQPA_HOST: '0.0.0.0' };
    for (const meeting of [env, everywhere]) {
      const { code, stderr } = await qaqpa(['config', 'check'], { env: meeting });
      expect([code, stderr]).toEqual([78, expect.stringContaining('QAQPA_METRICS_PORT: is QAQPA_PORT too')]);
    }
    const apart = { ...env, QAQPA_METRICS_HOST: '127.0.0.2' };
    expect((await qaqpa(['config', 'check'], { env: apart })).code).toBe(0);
    expect((await qaqpa(['config', 'check'], { env: { ...env, QAQPA_METRICS_PORT: '8444' } })).code).toBe(0);
  });
});
