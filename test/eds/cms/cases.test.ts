import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseCertificate } from '../../../src/eds/certificate/certificate.js';
import { readIdentity } from '../../../src/eds/identity.js';
import { type TrustSet } from '../../../src/eds/trust-set.js';
import { type SignatureReport } from '../../../src/eds/judgement/verdict.js';
import { verifyCms } from '../../../src/eds/cms/verify.js';
import { loadTrustFiles } from '../../../src/trust/directory.js';
import { sharedBytes, sharedMaterialPresent, sharedPath } from '../../support/shared-material.js';
import { NOBODY_TO_ASK, OFFLINE_DOCUMENT } from '../support.js';

const AT = new Date('2026-12-15T12:00:00Z');

async function judge(name: string): Promise<SignatureReport | undefined> {
  const trust: TrustSet = await loadTrustFiles([sharedPath('cases/trust-cms')], [], null);
  const [file] = readdirSync(sharedPath('cases/cms')).filter((path) => path.startsWith(name));
  const cms = sharedBytes(join('cases/cms', file!));
  const report = await verifyCms({ cms }, trust, NOBODY_TO_ASK, OFFLINE_DOCUMENT, AT);
  expect(report.signatures).toHaveLength(1);
  return report.signatures[0];
}

(sharedMaterialPresent() ? describe : describe.skip)('a message that went wrong once', () => {
  it.each([
    ['20', ['CERTIFICATE_TEXT_UNREADABLE'], { email: null, iin: '900101307778', bin: '200140000054' }],
    ['23', ['CERTIFICATE_TEXT_UNREADABLE'], { organisation: 'ТОО «Тест»', kind: 'employee' }],
    ['25', ['IDENTITY_IIN_MISSING'], { kind: 'organisation', iin: null, bin: '200140000054' }],
    ['30', ['CERTIFICATE_SET_ASIDE'], { iin: '900101307778' }],
    ['31', ['ATTRIBUTES_UNSORTED'], { iin: '900101307778' }],
    ['33', ['SIGNING_TIME_UNREADABLE'], { iin: '900101307778' }],
    ['36', [], { iin: '900101307778' }],
    ['37', ['CONTENT_IS_A_SIGNED_MESSAGE'], { iin: '900101307778' }],
  ])('case %s passes, with what is unusual about it as a warning', async (name, warnings, signer) => {
    expect(await judge(name)).toMatchObject({
      indication: 'TOTAL_PASSED',
      code: null,
      warnings,
      signer,
      claimedSigningTime: name === '33' ? null : '2026-11-30T01:11:47.000Z',
    });
  });
});

(sharedMaterialPresent() ? describe : describe.skip)('a certificate that could not be read once', () => {
  const read = (name: string): ReturnType<typeof parseCertificate> =>
    parseCertificate(sharedBytes(`cases/cert/${name}.der`));

  it('20: has no e-mail address, and lets its holder sign in', () => {
    const certificate = read('20-san-email-cyrillic');
    expect(certificate).toMatchObject({ emails: [], unreadable: ['2.5.29.17'] });
    expect(readIdentity(certificate)).toMatchObject({ problems: [], identity: { email: null } });
  });

  it('23: names the organisation in the text it was meant to be', () => {
    const certificate = read('23-o-printablestring-utf8');
    expect(certificate.unreadable).toEqual(['2.5.4.10']);
    expect(readIdentity(certificate)).toMatchObject({
      problems: [],
      identity: { organisation: 'ТОО «Тест»' },
    });
  });

  it('25: is of an organisation, in whose place nobody can sign in', () => {
    expect(readIdentity(read('25-serialnumber-bin'))).toMatchObject({
      problems: ['IDENTITY_IIN_MISSING'],
      identity: { kind: 'organisation', name: 'ТОО «Тест»', iin: null, bin: '200140000054' },
    });
  });

  it('38: is an ordinary one', () => {
    expect(read('38-raw-signature-signer').unreadable).toEqual([]);
  });
});
