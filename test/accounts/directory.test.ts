import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Organisation, type OrganisationSettings } from '../../src/accounts/account.js';
import { type AccountDirectory, type Claimant, findMembership } from '../../src/accounts/directory.js';
import { type Bin, type Iin, parseBin, parseIin } from '../../src/accounts/national-number.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const LATER = new Date('2026-11-24T05:00:00Z');

let opened: TemporaryStorage;
let accounts: AccountDirectory;
beforeAll(async () => {
  opened = await openTemporaryStorage();
  ({ accounts } = opened.storage);
});
afterAll(() => opened.remove());

let numbers = 100_000_000_000;
const nextBin = (): Bin => parseBin(String((numbers += 1)))!;
const nextIin = (): Iin => parseIin(String((numbers += 1)))!;
const found = (settings: Partial<OrganisationSettings> = {}): Promise<Organisation> =>
  accounts.addOrganisation({ name: 'Қақпа', bin: nextBin(), settings }, NOW);
const admit = async (organisation: Organisation, iin: Iin) => {
  const person = await accounts.addPerson({ iin, name: 'Айгүл Серікова' }, NOW);
  return accounts.addMembership(
    { organisationId: organisation.id, personId: person.id, roles: ['manager'] },
    NOW,
  );
};

describe('finding the account of a proved identity', () => {
  let iin: Iin;
  let organisation: Organisation;
  const look = (change: Partial<Claimant> = {}) =>
    findMembership(accounts, { iin, bin: organisation.bin, method: 'eds', ...change });
  beforeEach(async () => {
    iin = nextIin();
    organisation = await found();
    await admit(organisation, iin);
  });

  it('finds the membership of the person in the organisation', async () => {
    expect(await look()).toMatchObject({
      outcome: 'found',
      account: {
        organisation,
        person: { iin, name: 'Айгүл Серікова', status: 'active' },
        membership: { roles: ['manager'], status: 'active', since: NOW, until: null },
      },
    });
  });

  it('takes the BIN of a branch for the organisation', async () => {
    const branch = nextBin();
    await accounts.addBranch(organisation.id, branch);
    expect(await look({ bin: branch })).toMatchObject({
      outcome: 'found',
      account: { organisation: { id: organisation.id, branchBins: [branch] } },
    });
  });

  it('finds nothing where the organisation, the person or the membership is missing, and says which', async () => {
    const other = await found();
    expect(await look({ bin: nextBin() })).toMatchObject({ outcome: 'none', reason: 'organisation-unknown' });
    expect(await look({ iin: nextIin() })).toMatchObject({ outcome: 'none', reason: 'person-unknown' });
    expect(await look({ bin: other.bin })).toMatchObject({ outcome: 'none', reason: 'membership-absent' });
  });

  it('does not let a chosen organisation overrule the BIN of the certificate', async () => {
    const other = await found({ allowPersonalKeys: true });
    await admit(other, iin);
    expect(await look({ organisationId: other.id })).toMatchObject({
      outcome: 'none',
      reason: 'membership-absent',
    });
  });

  it.each(['suspended', 'removed'] as const)('refuses a membership that is %s', async (status) => {
    const account = (await accounts.accountsOf(iin))[0]!;
    await accounts.setMembershipStatus(account.membership.id, status, LATER);
    expect(await look()).toMatchObject({ outcome: 'refused', reason: `membership-${status}` });
  });

  it('refuses everybody of a suspended organisation, and lets them in again', async () => {
    await accounts.setOrganisationStatus(organisation.id, 'suspended');
    expect(await look()).toMatchObject({ outcome: 'refused', reason: 'organisation-suspended' });
    await accounts.setOrganisationStatus(organisation.id, 'active');
    expect(await look()).toMatchObject({ outcome: 'found' });
  });

  it('refuses a suspended person everywhere', async () => {
    const { person } = (await accounts.accountsOf(iin))[0]!;
    await accounts.setPersonStatus(person.id, 'suspended');
    expect(await look()).toMatchObject({ outcome: 'refused', reason: 'person-suspended' });
    expect(await look({ bin: null, method: 'password' })).toMatchObject({ reason: 'person-suspended' });
  });

  it('accepts a personal certificate only where the organisation says so', async () => {
    expect(await look({ bin: null })).toMatchObject({
      outcome: 'refused',
      reason: 'personal-key-not-allowed',
    });
    await accounts.changeSettings(organisation.id, { allowPersonalKeys: true });
    expect(await look({ bin: null })).toMatchObject({ outcome: 'found' });
  });

  it('accepts a password only where the organisation says so', async () => {
    expect(await look({ bin: null, method: 'password' })).toMatchObject({ outcome: 'found' });
    await accounts.changeSettings(organisation.id, { allowPasswords: false });
    expect(await look({ bin: null, method: 'password' })).toMatchObject({ reason: 'password-not-allowed' });
    expect(await look()).toMatchObject({ outcome: 'found' });
  });

  it('asks which organisation when several would have the person, and never offers one that would not', async () => {
    const [willing, unwilling] = [await found({ allowPersonalKeys: true }), await found()];
    await accounts.changeSettings(organisation.id, { allowPersonalKeys: true });
    await admit(willing, iin);
    await admit(unwilling, iin);
    const finding = await look({ bin: null });
    expect(
      finding.outcome === 'choice-required' && finding.choices.map((choice) => choice.organisation.id),
    ).toEqual(expect.arrayContaining([organisation.id, willing.id]));
    expect(finding).toMatchObject({ choices: { length: 2 } });
    expect(await look({ bin: null, organisationId: willing.id })).toMatchObject({
      outcome: 'found',
      account: { organisation: { id: willing.id } },
    });
    expect(await look({ bin: null, organisationId: unwilling.id })).toMatchObject({
      outcome: 'refused',
      reason: 'personal-key-not-allowed',
    });
    expect(await look({ bin: null, organisationId: 'nobody’s' })).toMatchObject({ outcome: 'none' });
  });

  it('names the obstacle nearest to being let in', async () => {
    const second = await found();
    await admit(second, iin);
    await accounts.setOrganisationStatus(organisation.id, 'suspended');
    expect(await look({ bin: null })).toMatchObject({
      reason: 'personal-key-not-allowed',
      account: { organisation: { id: second.id } },
    });
  });
});

describe('the directory', () => {
  it('gives a BIN to one organisation only, main or branch', async () => {
    const first = await found();
    const branch = nextBin();
    await accounts.addBranch(first.id, branch);
    const taken = { code: 'ORGANISATION_BIN_TAKEN' };
    await expect(accounts.addOrganisation({ name: 'X', bin: first.bin }, NOW)).rejects.toMatchObject(taken);
    await expect(accounts.addOrganisation({ name: 'X', bin: branch }, NOW)).rejects.toMatchObject(taken);
    const refused = { name: 'X', bin: nextBin(), branchBins: [branch] };
    await expect(accounts.addOrganisation(refused, NOW)).rejects.toMatchObject(taken);
    expect(await accounts.organisationByBin(refused.bin)).toBeNull();
  });

  it('records a person once, however many ask at the same moment', async () => {
    const iin = nextIin();
    const people = await Promise.all(
      Array.from({ length: 10 }, (_, index) => accounts.addPerson({ iin, name: `name ${index}` }, NOW)),
    );
    expect(new Set(people.map(({ id }) => id)).size).toBe(1);
    expect(await accounts.personByIin(iin)).toEqual(people[0]);
  });

  it('admits a member once, and again after they were removed', async () => {
    const [organisation, iin] = [await found(), nextIin()];
    const membership = await admit(organisation, iin);
    await expect(admit(organisation, iin)).rejects.toMatchObject({ code: 'MEMBERSHIP_EXISTS' });
    await accounts.setMembershipStatus(membership.id, 'removed', LATER);
    expect((await accounts.accountById(membership.id))?.membership).toMatchObject({
      status: 'removed',
      until: LATER,
    });
    const again = await accounts.addMembership(
      { organisationId: organisation.id, personId: membership.personId, roles: [] },
      LATER,
    );
    expect(again).toEqual({ ...membership, roles: [], since: LATER });
  });

  it('lists the members of one organisation and of no other', async () => {
    const [mine, other] = [await found(), await found()];
    const members = [await admit(mine, nextIin()), await admit(mine, nextIin())];
    await admit(other, nextIin());
    expect((await accounts.members(mine.id)).map(({ membership }) => membership.id).sort()).toEqual(
      members.map(({ id }) => id).sort(),
    );
  });

  it('sorts roles and drops repetitions', async () => {
    const { id } = await admit(await found(), nextIin());
    await accounts.setRoles(id, ['hr', 'accountant', 'hr']);
    expect((await accounts.accountById(id))?.membership.roles).toEqual(['accountant', 'hr']);
  });

  it.each(['', 'Boss', '1st', 'a b', '-', 'é', 'x'.repeat(41)])('has no role named %j', async (role) => {
    const { id } = await admit(await found(), nextIin());
    await expect(accounts.setRoles(id, [role])).rejects.toMatchObject({ code: 'ROLE_MALFORMED' });
  });

  it.each(['', '   ', 'two\nlines', 'turned\u202earound', 'x'.repeat(201), '\u0000'])(
    'takes no name %j',
    async (name) => {
      const refused = { code: 'NAME_MALFORMED' };
      await expect(accounts.addOrganisation({ name, bin: nextBin() }, NOW)).rejects.toMatchObject(refused);
      await expect(accounts.addPerson({ iin: nextIin(), name }, NOW)).rejects.toMatchObject(refused);
    },
  );

  it('changes nothing that is not there', async () => {
    const unknown = { code: 'ORGANISATION_UNKNOWN' };
    await expect(accounts.addBranch('x', nextBin())).rejects.toMatchObject(unknown);
    await expect(accounts.changeSettings('x', {})).rejects.toMatchObject(unknown);
    await expect(accounts.setOrganisationStatus('x', 'active')).rejects.toMatchObject(unknown);
    await expect(accounts.setPersonStatus('x', 'active')).rejects.toMatchObject({ code: 'PERSON_UNKNOWN' });
    await expect(accounts.setRoles('x', [])).rejects.toMatchObject({ code: 'MEMBERSHIP_UNKNOWN' });
    await expect(accounts.setMembershipStatus('x', 'active', NOW)).rejects.toMatchObject({
      code: 'MEMBERSHIP_UNKNOWN',
    });
    expect(await accounts.accountById('x')).toBeNull();
  });

  it('remembers certificates, and when each was first and last seen', async () => {
    const { id } = await admit(await found(), nextIin());
    const certificate = {
      sha256: 'ab'.repeat(32),
      serialNumber: '0a',
      notAfter: new Date('2027-11-23T00:00:00Z'),
    };
    expect(await accounts.bindCertificate(id, certificate, NOW)).toEqual({ firstSeen: true });
    expect(await accounts.bindCertificate(id, certificate, NOW)).toEqual({ firstSeen: false });
    expect(await accounts.bindCertificate(id, certificate, LATER)).toEqual({ firstSeen: false });
    const renewed = { ...certificate, sha256: 'cd'.repeat(32) };
    expect(await accounts.bindCertificate(id, renewed, LATER)).toEqual({ firstSeen: true });
    expect(await accounts.certificatesOf(id)).toMatchObject([
      {
        certificateSha256: certificate.sha256,
        firstSeenAt: NOW,
        lastSeenAt: LATER,
        notAfter: certificate.notAfter,
      },
      { certificateSha256: renewed.sha256, firstSeenAt: LATER, lastSeenAt: LATER },
    ]);
  });
});
