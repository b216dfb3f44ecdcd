/** Real test keys of НУЦ РК sign in; their revocation is answered by a laboratory that the trust folder designates for OCSP. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { parseBin, parseIin } from '../../src/accounts/national-number.js';
import { decodePem } from '../../src/eds/asn1/pem.js';
import {
  type Laboratory,
  type LabKey,
  loadPkcs12,
  type NcalayerDouble,
  type OcspStatus,
  startNcalayerDouble,
} from '../../src/lab/index.js';
import { connectToNcalayer } from '../../src/web/browser/ncalayer.js';
import { addMember } from '../support/members.js';
import { askChallenge, type LabGateway, startLabGateway } from '../support/lab-gateway.js';
import { sharedBytes, sharedMaterialPresent } from '../support/shared-material.js';
import { type FolderAuthority, writeTrustManifest } from '../support/trust-folder.js';

/** Both keys are valid from 2026-05-08 to 2027-05-08. */
const NOW = new Date('2026-11-23T06:00:00Z');
const PERSONAL = { file: 'vectors/key-individual-2026.p12', iin: '123456789011' };
const EMPLOYEE = { file: 'vectors/key-employee-2026.p12', iin: '123456789012', bin: '123456789021' };

type Purposes = NonNullable<FolderAuthority['purposes']>;

const pemOf = (name: string): string => new TextDecoder().decode(sharedBytes(`certs/pinned/${name}.pem`));

/** The test hierarchy of НУЦ РК for everything it may vouch for, and the laboratory for the purposes given. */
function authorities(lab: Laboratory, labPurposes: Purposes | null): FolderAuthority[] {
  const nuc = [
    { name: 'root_test_gost_2022', role: 'anchor' as const },
    { name: 'nca_gost2022_test', role: 'intermediate' as const },
  ].map((entry) => ({ ...entry, pem: pemOf(entry.name) }));
  if (labPurposes === null) return nuc;
  return [
    ...nuc,
    ...lab.trustCertificates().map(({ name, role, pem }) => ({ name, role, pem, purposes: labPurposes })),
  ];
}

(sharedMaterialPresent() ? describe : describe.skip)('a real test key of НУЦ РК', () => {
  let world: LabGateway;
  let ncalayer: NcalayerDouble;
  let personal: LabKey;
  let employee: LabKey;
  let version = 1;
  /** What the responder says about certificates of НУЦ РК other than good, by serial number. */
  const statuses = new Map<string, OcspStatus>();

  const trust = async (labPurposes: Purposes | null): Promise<void> => {
    version += 1;
    writeTrustManifest(world.trustFolder, authorities(world.lab, labPurposes), `2026-11-24.${version}`);
    expect((await world.gateway.reloadTrust()).outcome).not.toBe('refused');
  };

  /** Challenge from the gateway, signature from NCALayer with the page's own code, answer to the gateway. */
  const signIn = async (key: LabKey): Promise<Response> => {
    ncalayer.select(key.id);
    const visitor = world.visitor();
    const { challengeId, data } = await askChallenge(visitor);
    const never = new AbortController().signal;
    const timing = { connectMs: 5_000, greetingMs: 1_000 };
    const connected = await connectToNcalayer(() => new WebSocket(ncalayer.url), timing, never);
    if (connected.outcome !== 'connected') throw new Error(connected.outcome);
    const signed = await connected.conversation.sign({ data, locale: 'ru', chain: [] }, 10_000, never);
    if (signed.outcome !== 'signed') throw new Error(signed.outcome);
    return visitor.post('/v1/login/eds', { challengeId, signature: signed.signature });
  };
  const refusalOf = async (response: Response): Promise<string> =>
    `${response.status} ${((await response.json()) as { code?: string }).code ?? 'none'}`;

  beforeAll(async () => {
    const foreign = ['root_test_gost_2022', 'nca_gost2022_test'].map((name) => ({
      certificate: decodePem(pemOf(name))[0]!.der,
      statusOf: (serialNumber: string): OcspStatus => statuses.get(serialNumber) ?? 'good',
    }));
    world = await startLabGateway({
      clock: () => NOW,
      env: { QAQPA_CRL_URLS: '' },
      foreign,
      writeTrust: (folder, lab) => {
        writeTrustManifest(folder, authorities(lab, ['ocsp']), '2026-11-24.1');
      },
    });
    [personal, employee] = [PERSONAL, EMPLOYEE].map(({ file }) =>
      loadPkcs12(sharedBytes(file), 'Qwerty12'),
    ) as [LabKey, LabKey];
    ncalayer = await startNcalayerDouble(world.lab, { keys: [personal, employee] });

    const { accounts } = world.storage;
    const admit = async (organisationId: string, iin: string, name: string): Promise<void> => {
      await addMember(accounts, { organisationId, iin: parseIin(iin)!, name, roles: ['employee'] }, NOW);
    };
    await accounts.tenant(world.organisation.id).changeSettings({ allowPersonalKeys: true });
    await admit(world.organisation.id, PERSONAL.iin, 'ЖЕКЕ ТҰЛҒА');
    const company = { name: 'АО «ТЕСТ»', bin: parseBin(EMPLOYEE.bin)! };
    await admit((await accounts.addOrganisation(company, NOW)).id, EMPLOYEE.iin, 'ҚЫЗМЕТКЕР');
  }, 60_000);
  afterEach(async () => {
    statuses.clear();
    world.ocsp.behave('honest');
    await trust(['ocsp']);
  });
  afterAll(async () => {
    await ncalayer.close();
    await world.close();
  });

  it('signs its holder in by IIN where personal keys are allowed, under the name in the certificate', async () => {
    const response = await signIn(personal);
    expect([response.status, await response.json()]).toMatchObject([
      200,
      {
        session: { method: 'eds' },
        person: { iin: PERSONAL.iin, name: 'ТЕСТОВ ТЕСТ ТЕСТОВИЧ' },
        organisation: { bin: world.bin },
      },
    ]);
  });

  it('signs an employee in at the organisation of its BIN', async () => {
    const response = await signIn(employee);
    expect([response.status, await response.json()]).toMatchObject([
      200,
      {
        session: { method: 'eds' },
        person: { iin: EMPLOYEE.iin, name: 'ТЕСТТОВ ТЕСТТ ТЕСТТОВИЧ' },
        organisation: { bin: EMPLOYEE.bin, name: 'АО «ТЕСТ»' },
      },
    ]);
  });

  it('that is revoked is refused, and only that one', async () => {
    statuses.set(personal.id, { at: new Date('2026-09-01T00:00:00Z'), reason: 'keyCompromise' });
    expect(await refusalOf(await signIn(personal))).toBe('401 CERTIFICATE_REVOKED');
    expect((await signIn(employee)).status).toBe(200);
  });

  it.each([
    ['never-issued', 'CERTIFICATE_NOT_ISSUED'],
    ['unknown', 'REVOCATION_UNKNOWN'],
  ] as const)('about which the responder says %s is refused', async (status, code) => {
    statuses.set(employee.id, status);
    expect(await refusalOf(await signIn(employee))).toMatch(new RegExp(`^\\d{3} ${code}$`));
  });

  it.each<[string, Purposes | null]>([
    ['is not trusted at all', null],
    ['is trusted for OCSP among other things', ['login', 'ocsp']],
    ['is trusted for everything', ['login', 'document', 'timestamp', 'ocsp']],
  ])('stays out while the CA of the responder %s, whatever was answered before', async (_, purposes) => {
    expect((await signIn(employee)).status).toBe(200);
    await trust(purposes);
    expect(await refusalOf(await signIn(employee))).toMatch(/^\d{3} OCSP_RESPONDER_UNAUTHORISED$/);
    await trust(['ocsp']);
    expect((await signIn(employee)).status).toBe(200);
  });

  it('lets in no key of the laboratory that answers for OCSP', async () => {
    const { key } = await world.admit('ТЕК');
    ncalayer.addKey(key);
    expect(await refusalOf(await signIn(key))).toBe('401 PATH_PURPOSE_NOT_ALLOWED');
  });
});
