import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createLaboratory,
  type CrlPoint,
  type Laboratory,
  type LabKey,
  type OcspResponder,
  startCrlPoint,
  startOcspResponder,
} from '../../src/lab/index.js';
import { qaqpa } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'qaqpa-online-'));
let lab: Laboratory;
let ocsp: OcspResponder;
let crl: CrlPoint;

beforeAll(async () => {
  lab = await createLaboratory({ algorithms: ['rsa-2048'] });
  for (const { name, pem } of lab.trustCertificates()) writeFileSync(join(folder, `${name}.pem`), pem);
  ocsp = await startOcspResponder(lab);
  crl = await startCrlPoint(lab);
});
afterAll(async () => {
  await Promise.all([ocsp.close(), crl.close()]);
});

async function verdictOn(key: LabKey, ...args: readonly string[]): Promise<object> {
  const file = join(folder, 'signature.cms');
  writeFileSync(file, await lab.signCms(key, new TextEncoder().encode('Шарт')));
  const { code, stdout } = await qaqpa(['verify', file, '--trust', folder, '--json', ...args], {
    env: {
      QAQPA_OCSP_URL: ocsp.url,
      QAQPA_CRL_URLS: crl.addresses.map(({ url, deltaUrl }) => `${url}|${deltaUrl}`).join(' '),
    },
  });
  const report = JSON.parse(stdout) as { signatures: { revocation: { status: string; source: string }[] }[] };
  return { exit: code, ...report, answer: report.signatures[0]?.revocation[0] };
}

describe('qaqpa verify asks the configured services', () => {
  it('and passes what they call good', async () => {
    const key = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
    expect(await verdictOn(key)).toMatchObject({ exit: 0, answer: { status: 'good', source: 'ocsp' } });
  });

  it('and does not pass what they call revoked', async () => {
    const key = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
    lab.revoke(key);
    expect(await verdictOn(key)).toMatchObject({
      exit: 2,
      code: 'CERTIFICATE_REVOKED',
      answer: { status: 'revoked' },
    });
  });

  it('but nobody offline, where only given files speak', async () => {
    const key = await lab.issue({ kind: 'individual', algorithm: 'rsa-2048' });
    expect(await verdictOn(key, '--revocation', 'offline')).toMatchObject({
      exit: 2,
      subIndication: 'TRY_LATER',
      answer: { status: 'unavailable' },
    });
  });
});
