import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Organisation, type OrganisationSettings } from '../../src/accounts/account.js';
import { type AccountDirectory } from '../../src/accounts/directory.js';
import { type Iin } from '../../src/accounts/national-number.js';
import { addMember } from '../support/members.js';
import { nextBin, nextIin } from '../support/next-number.js';
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

const found = (settings: Partial<OrganisationSettings> = {}): Promise<Organisation> =>
  accounts.addOrganisation({ name: 'Қақпа', bin: nextBin(), settings }, NOW);
const BY = { kind: 'operator', id: null };
const admit = (organisation: Organisation, iin: Iin) =>
  addMember(accounts, { organisationId: organisation.id, iin, roles: ['manager'] }, NOW);

describe('the directory', () => {
  it('gives a BIN to one organisation only, main or branch', async () => {
    const first = await found();
    const branch = nextBin();
    await accounts.addBranch(first.id, branch);
    const taken = { code: 'ORGANISATION_BIN_TAKEN' };
    await expect(accounts.addOrganisation({ name: 'X', bin: first.bin! }, NOW)).rejects.toMatchObject(taken);
    await expect(accounts.addOrganisation({ name: 'X', bin: branch }, NOW)).rejects.toMatchObject(taken);
    const refused = { name: 'X', bin: nextBin(), branchBins: [branch] };
    await expect(accounts.addOrganisation(refused, NOW)).rejects.toMatchObject(taken);
    expect(await accounts.organisationByBin(refused.bin)).toBeNull();
  });

  it('has written nothing of what it refused, in a unit of work that goes on', async () => {
    const first = await found();
    const refused = { name: 'X', bin: nextBin(), branchBins: [first.bin!] };
    const organisation = await opened.storage.atomically(async (stores) => {
      const other = await stores.accounts.addOrganisation({ name: 'Y', bin: nextBin() }, NOW);
      await expect(stores.accounts.addOrganisation(refused, NOW)).rejects.toMatchObject({
        code: 'ORGANISATION_BIN_TAKEN',
      });
      return other;
    });
    expect(await accounts.organisationById(organisation.id)).toEqual(organisation);
    expect(await accounts.organisationByBin(refused.bin)).toBeNull();
  });

  it('gives a number to one of ten organisations that register it at the same moment', async () => {
    const bin = nextBin();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => accounts.addOrganisation({ name: `X ${index}`, bin }, NOW)),
    );
    const refused = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    expect(refused).toEqual(
      Array.from({ length: 9 }, () => expect.objectContaining({ code: 'ORGANISATION_BIN_TAKEN' })),
    );
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
    const { members } = accounts.tenant(organisation.id);
    await admit(organisation, nextIin());
    await members.changeStatus(membership.id, 'removed', BY, LATER);
    expect((await accounts.accountById(membership.id))?.membership).toMatchObject({
      status: 'removed',
      until: LATER,
    });
    const again = await members.add(
      { personId: membership.personId, status: 'active', roles: [], by: null },
      LATER,
    );
    expect(again).toEqual({ ...membership, roles: [], since: LATER });
  });

  it('lists the members of one organisation and of no other', async () => {
    const [mine, other] = [await found(), await found()];
    const members = [await admit(mine, nextIin()), await admit(mine, nextIin())];
    await admit(other, nextIin());
    expect(
      (await accounts.tenant(mine.id).members.list({ limit: 100 })).items
        .map(({ membership }) => membership.id)
        .sort(),
    ).toEqual(members.map(({ id }) => id).sort());
  });

  it('sorts roles and drops repetitions', async () => {
    const organisation = await found();
    const member = { organisationId: organisation.id, iin: nextIin(), roles: ['hr', 'accountant', 'hr'] };
    const { id } = await addMember(accounts, member, NOW);
    expect((await accounts.accountById(id))?.membership.roles).toEqual(['accountant', 'hr']);
  });

  it.each(['', 'Boss', '1st', 'a b', '-', 'é', 'x'.repeat(41)])('has no role named %j', async (role) => {
    const organisation = await found();
    const { id } = await admit(organisation, nextIin());
    await expect(accounts.tenant(organisation.id).members.setRoles(id, [role])).rejects.toMatchObject({
      code: 'ROLE_MALFORMED',
    });
  });

  it.each(['   ', 'two\nlines', 'turned\u202earound', 'x'.repeat(201), '\u0000'])(
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
    await expect(accounts.tenant('x').changeSettings({})).rejects.toMatchObject(unknown);
    await expect(accounts.setOrganisationStatus('x', 'active')).rejects.toMatchObject(unknown);
    await expect(accounts.setPersonStatus('x', 'active')).rejects.toMatchObject({ code: 'PERSON_UNKNOWN' });
    await expect(accounts.tenant('x').members.setRoles('x', [])).rejects.toMatchObject({
      code: 'MEMBERSHIP_UNKNOWN',
    });
    await expect(accounts.tenant('x').members.changeStatus('x', 'active', BY, NOW)).rejects.toMatchObject({
      code: 'MEMBERSHIP_UNKNOWN',
    });
    expect(await accounts.accountById('x')).toBeNull();
  });

  it('remembers certificates, and when each was first and last seen', async () => {
    const { id, organisationId } = await admit(await found(), nextIin());
    const account = (await accounts.accountById(id))!;
    const certificate = {
      sha256: 'ab'.repeat(32),
      serialNumber: '0a',
      notAfter: new Date('2027-11-23T00:00:00Z'),
    };
    expect(await accounts.bindCertificate(account, certificate, NOW)).toEqual({
      firstSeen: true,
      status: 'active',
    });
    expect(await accounts.bindCertificate(account, certificate, NOW)).toEqual({
      firstSeen: false,
      status: 'active',
    });
    expect(await accounts.bindCertificate(account, certificate, LATER)).toEqual({
      firstSeen: false,
      status: 'active',
    });
    const renewed = { ...certificate, sha256: 'cd'.repeat(32) };
    expect(await accounts.bindCertificate(account, renewed, LATER)).toEqual({
      firstSeen: true,
      status: 'active',
    });
    expect(await accounts.tenant(organisationId).certificates.of(id)).toMatchObject([
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
