import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createLaboratory } from '../../src/lab/index.js';
import { qaqpa } from '../support/cli.js';
import { SHIPPED } from '../trust/folder.js';

describe('qaqpa certificate', () => {
  it('shows a CA certificate', async () => {
    const { code, stdout } = await qaqpa(['certificate', join(SHIPPED, 'nca_gost_2022.pem'), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'ca',
      serialNumber: '7e30be9fc890633f1fff5a3c0cb0c85f4c6d1708',
      algorithm: { key: 'GOST R 34.10-2015-512', signatureOid: '1.2.398.3.10.1.1.2.3.2' },
      usages: { key: ['keyCertSign', 'cRLSign'], extended: [] },
      notAfter: '2045-09-07T05:01:09.000Z',
      fingerprints: { sha256: '32c7d233a42703a327f3025543a05b930e3f39a786c68dfa196baa86d5618524' },
    });
  });

  it.each(['rsa-2048', 'gost2015-512', 'gost2004-256'] as const)(
    'shows who holds a %s key',
    async (algorithm) => {
      const now = new Date('2026-11-23T10:00:00Z');
      const lab = await createLaboratory({ now, algorithms: [algorithm] });
      const key = await lab.issue({
        kind: 'head',
        algorithm,
        bin: '060340000012',
        organisation: 'ТОО "Қақпа"',
      });
      const json = await qaqpa(['certificate', '-', '--json'], { input: key.certificate });
      expect(JSON.parse(json.stdout)).toMatchObject({
        kind: 'employee',
        bin: '060340000012',
        organisation: 'ТОО "Қақпа"',
        roles: ['organisation', 'head'],
      });
      const text = await qaqpa(['certificate', '-'], { input: key.certificatePem });
      expect(text.stdout).toMatch(/^organisation +ТОО "Қақпа"$/m);
      expect(text.stdout).toMatch(/^BIN +060340000012$/m);
    },
  );

  it('lets no name steer the terminal', async () => {
    const lab = await createLaboratory({ now: new Date('2026-11-23T10:00:00Z'), algorithms: ['rsa-2048'] });
    const key = await lab.issue({
      kind: 'individual',
      algorithm: 'rsa-2048',
      surname: 'A\u001b[2JB',
      givenName: 'C',
    });
    const { stdout } = await qaqpa(['certificate', '-'], { input: key.certificate });
    expect(stdout).not.toContain('\u001b');
  });

  it('answers what is no certificate with 65, and anything but one file with 64', async () => {
    expect(await qaqpa(['certificate', join(SHIPPED, 'manifest.json')])).toMatchObject({
      code: 65,
      stdout: '',
    });
    expect(await qaqpa(['certificate', join(SHIPPED, 'nowhere.pem')])).toMatchObject({
      code: 65,
      stdout: '',
    });
    expect(await qaqpa(['certificate'])).toMatchObject({ code: 64, stdout: '' });
    expect(await qaqpa(['certificate', 'a', 'b'])).toMatchObject({ code: 64, stdout: '' });
  });
});
