import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseCertificate } from '../../src/eds/certificate/certificate.js';
import { type IdentityResult, readIdentity } from '../../src/eds/identity.js';
import { createTrustSet, type TrustSet } from '../../src/eds/trust-set.js';
import { type VerificationPolicy } from '../../src/eds/judgement/policy.js';
import { type VerificationReport } from '../../src/eds/judgement/verdict.js';
import { verifyCms } from '../../src/eds/cms/verify.js';
import { createLaboratory, type Laboratory } from '../../src/lab/index.js';
import { NOBODY_TO_ASK, OFFLINE_DOCUMENT, trusted } from './support.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const CONTENT = new TextEncoder().encode('Договор № 1');
const LOGIN = {
  name: 'login',
  challenge: CONTENT,
  challengeIssuedAt: NOW,
  revocation: 'not-checked',
  checksums: 'warn',
} as const;

const [CN, SN, STAMP, O, OU, GN, UID, ORGANISATION_ID] = [
  ...['2.5.4.3', '2.5.4.4', '2.5.4.5', '2.5.4.10', '2.5.4.11', '2.5.4.42'],
  ...['0.9.2342.19200300.100.1.1', '2.5.4.97'],
] as [string, string, string, string, string, string, string, string];
const [IIN, BIN, OTHER_BIN] = ['900101307778', '200140000054', '990840000012'];

type Name = readonly (readonly [string, string])[];
const PERSON: Name = [
  [CN, 'СЕРІКОВ АРМАН'],
  [SN, 'СЕРІКОВ'],
  [GN, 'БОЛАТҰЛЫ'],
];
const COMPANY: Name = [
  [CN, 'ТОО «Тест»'],
  [O, 'ТОО «Тест»'],
];

let lab: Laboratory;
let trust: TrustSet;
beforeAll(async () => {
  lab = await createLaboratory({ now: NOW, algorithms: ['gost2015-512'] });
  trust = createTrustSet(
    'lab',
    lab.trustCertificates().map(({ der, role }) => trusted(der, role)),
  );
});

const EMPLOYEE = ['1.3.6.1.5.5.7.3.4', '1.2.398.3.3.4.1.2', '1.2.398.3.3.4.1.2.5'];
const SYSTEM = ['1.2.398.3.3.4.1.2', '1.2.398.3.3.4.1.2.6'];

interface Judged extends IdentityResult {
  readonly document: VerificationReport;
  readonly login: VerificationReport;
}

async function judge(subject: Name, purposes: readonly string[] = EMPLOYEE): Promise<Judged> {
  const key = await lab.issue({
    algorithm: 'gost2015-512',
    kind: 'employee',
    subject,
    extendedKeyUsage: { purposes },
  });
  const cms = await lab.signCms(key, CONTENT);
  const verify = (policy: VerificationPolicy): Promise<VerificationReport> =>
    verifyCms({ cms }, trust, NOBODY_TO_ASK, policy, NOW);
  return {
    ...readIdentity(parseCertificate(key.certificate)),
    document: await verify(OFFLINE_DOCUMENT),
    login: await verify(LOGIN),
  };
}

describe('an ordinary identity', () => {
  it.each([
    ['a person', [...PERSON, [STAMP, `IIN${IIN}`]], { kind: 'individual', iin: IIN, bin: null }],
    [
      'an employee',
      [...PERSON, [STAMP, `IIN${IIN}`], [OU, `BIN${BIN}`], [OU, 'Бухгалтерия']],
      { kind: 'employee', iin: IIN, bin: BIN },
    ],
  ] as const)('of %s signs in and signs', async (_who, subject, identity) => {
    const judged = await judge(subject);
    expect(judged).toMatchObject({ problems: [], warnings: [], identity });
    expect(judged.login.indication).toBe('TOTAL_PASSED');
    expect(judged.document.indication).toBe('TOTAL_PASSED');
  });
});

describe('a stamp that is no IIN', () => {
  it.each([
    ['a BIN', `BIN${BIN}`, 'IDENTITY_IIN_MISSING'],
    ['a passport', 'PASKZ-N1234567', 'IDENTITY_IIN_MISSING'],
    ['a foreign number', 'PNORU-123456789', 'IDENTITY_IIN_MISSING'],
    ['a number of the key', '00a1b2', 'IDENTITY_IIN_MISSING'],
    ['an IIN of eleven digits', 'IIN90010130777', 'IDENTITY_IIN_MALFORMED'],
    ['an IIN in small letters', `iin${IIN}`, 'IDENTITY_IIN_MALFORMED'],
    ['an IIN without its prefix', IIN, 'IDENTITY_IIN_MALFORMED'],
    ['an IIN with a space', `IIN ${IIN}`, 'IDENTITY_IIN_MALFORMED'],
    ['an IIN after something else', `KZ-IIN${IIN}`, 'IDENTITY_IIN_MALFORMED'],
  ])('names the signer of a document and signs nobody in: %s', async (_what, stamp, code) => {
    const { document, login } = await judge([...PERSON, [STAMP, stamp]]);
    expect(document).toMatchObject({ indication: 'TOTAL_PASSED', code: null });
    expect(document.signatures[0]).toMatchObject({
      signer: { name: 'СЕРІКОВ АРМАН БОЛАТҰЛЫ', iin: null },
      warnings: [code],
    });
    expect(login).toMatchObject({ indication: 'INDETERMINATE', code });
  });

  it('is missing altogether', async () => {
    const { document, login, identity } = await judge(PERSON);
    expect(identity).toMatchObject({ kind: 'individual', iin: null, bin: null });
    expect(document.signatures[0]).toMatchObject({
      indication: 'TOTAL_PASSED',
      warnings: ['IDENTITY_IIN_MISSING'],
    });
    expect(login.code).toBe('IDENTITY_IIN_MISSING');
  });

  it('and a BIN are an employee with a surname, an organisation without', async () => {
    const bin = [OU, `BIN${BIN}`] as const;
    const passport = [STAMP, 'PASKZ-N1234567'] as const;
    expect((await judge([...PERSON, passport, bin])).identity).toMatchObject({
      kind: 'employee',
      name: 'СЕРІКОВ АРМАН БОЛАТҰЛЫ',
      iin: null,
      bin: BIN,
    });
    for (const subject of [
      [...COMPANY, bin],
      [...COMPANY, [STAMP, `BIN${BIN}`] as const, bin],
      [...COMPANY, [STAMP, `BIN${BIN}`] as const],
      [...COMPANY, [ORGANISATION_ID, `NTRKZ-${BIN}`] as const],
    ]) {
      const { identity, document, login } = await judge(subject);
      expect(identity).toMatchObject({ kind: 'organisation', name: 'ТОО «Тест»', surname: null, bin: BIN });
      expect(document.signatures[0]).toMatchObject({
        indication: 'TOTAL_PASSED',
        signer: { kind: 'organisation', iin: null, bin: BIN },
        warnings: ['IDENTITY_IIN_MISSING'],
      });
      expect(login).toMatchObject({ indication: 'INDETERMINATE', code: 'IDENTITY_IIN_MISSING' });
    }
  });

  it('is nothing a system needs, by its template or its UID', async () => {
    const system: Name = [
      [CN, 'ИС "СКЛАД"'],
      [OU, `BIN${BIN}`],
    ];
    for (const [subject, purposes] of [
      [system, SYSTEM],
      [[...system, [UID, '1.2.398.3.3.4.1.2.6']], ['1.2.398.3.3.4.1.2']],
    ] as const) {
      const { identity, problems, login } = await judge(subject, purposes);
      expect([identity.kind, problems]).toEqual(['information-system', []]);
      expect(login.code).toBe('IDENTITY_NOT_A_PERSON');
    }
  });
});

describe('numbers that contradict themselves', () => {
  const person: Name = [...PERSON, [STAMP, `IIN${IIN}`]];

  it.each<[string, Name, string, string | null]>([
    ['two IINs', [...person, [STAMP, 'IIN850505400014']], 'IDENTITY_IIN_REPEATED', null],
    ['an IIN and a passport', [...person, [STAMP, 'PASKZ-N1234567']], 'IDENTITY_IIN_REPEATED', null],
    ['two BINs', [...person, [OU, `BIN${BIN}`], [OU, `BIN${OTHER_BIN}`]], 'IDENTITY_BIN_REPEATED', null],
    ['a BIN of eleven digits', [...person, [OU, 'BIN20014000005']], 'IDENTITY_BIN_MALFORMED', null],
    ['a BIN in small letters', [...person, [OU, `bin${BIN}`]], 'IDENTITY_BIN_MALFORMED', null],
    [
      'another BIN in the identifier of the organisation',
      [...person, [OU, `BIN${BIN}`], [ORGANISATION_ID, `NTRKZ-${OTHER_BIN}`]],
      'IDENTITY_BIN_MALFORMED',
      null,
    ],
  ])('are told to the reader of a document and sign nobody in: %s', async (_what, subject, code, bin) => {
    const { document, login, identity } = await judge(subject);
    expect(identity.bin).toBe(bin);
    expect(document).toMatchObject({ indication: 'TOTAL_PASSED', code: null });
    expect(document.signatures[0]?.warnings).toContain(code);
    expect(login).toMatchObject({ indication: 'INDETERMINATE', code });
  });

  it('another BIN in the stamp than in the unit is of no organisation', async () => {
    const { identity, problems } = await judge([...COMPANY, [STAMP, `BIN${OTHER_BIN}`], [OU, `BIN${BIN}`]]);
    expect(identity.bin).toBeNull();
    expect(problems).toContain('IDENTITY_BIN_MALFORMED');
  });

  it('the identifier of an organisation gives a person no right to speak for it', async () => {
    const { identity, problems } = await judge([...person, [ORGANISATION_ID, `NTRKZ-${BIN}`]]);
    expect([identity.kind, identity.bin, problems]).toEqual(['individual', null, []]);
  });

  it('one of another country or register is no BIN', async () => {
    for (const id of ['VATKZ-200140000054', 'NTRRU-200140000054', 'NTRKZ-20014000005', BIN]) {
      expect((await judge([...COMPANY, [ORGANISATION_ID, id]])).identity.bin).toBeNull();
    }
  });
});
