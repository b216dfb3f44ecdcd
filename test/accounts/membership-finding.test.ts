import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Organisation, type OrganisationSettings } from '../../src/accounts/account.js';
import { type AccountDirectory } from '../../src/accounts/directory.js';
import { type Claimant, findMembership } from '../../src/accounts/membership-finding.js';
import { type Iin, parseBin } from '../../src/accounts/national-number.js';
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
    await admit(organisation, nextIin());
    await accounts.tenant(organisation.id).members.changeStatus(account.membership.id, status, BY, LATER);
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
    await accounts.tenant(organisation.id).changeSettings({ allowPersonalKeys: true });
    expect(await look({ bin: null })).toMatchObject({ outcome: 'found' });
  });

  it('accepts a password only where the organisation says so', async () => {
    expect(await look({ bin: null, method: 'password' })).toMatchObject({ outcome: 'found' });
    await accounts.tenant(organisation.id).changeSettings({ allowPasswords: false });
    expect(await look({ bin: null, method: 'password' })).toMatchObject({ reason: 'password-not-allowed' });
    expect(await look()).toMatchObject({ outcome: 'found' });
  });

  it('asks which organisation when several would have the person, and never offers one that would not', async () => {
    const [willing, unwilling] = [await found({ allowPersonalKeys: true }), await found()];
    await accounts.tenant(organisation.id).changeSettings({ allowPersonalKeys: true });
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

describe('finding the account of somebody without a BIN', () => {
  const practice = async (kind: 'sole-proprietor' | 'individual', iin: Iin): Promise<Organisation> => {
    const owner = await accounts.addPerson({ iin, name: 'АХМЕТОВ НҰРЛАН' }, NOW);
    const details = { kind, name: 'Нотариус Ахметов', ownerId: owner.id };
    const organisation = await accounts.addOrganisation(details, NOW);
    await admit(organisation, iin);
    return organisation;
  };
  const personal = (iin: Iin, organisationId?: string) =>
    findMembership(accounts, { iin, bin: null, method: 'eds', organisationId: organisationId ?? null });

  it.each(['sole-proprietor', 'individual'] as const)('finds their own practice as %s', async (kind) => {
    const iin = nextIin();
    const { id } = await practice(kind, iin);
    expect(await personal(iin)).toMatchObject({
      outcome: 'found',
      account: { organisation: { id, kind, bin: null, name: 'Нотариус Ахметов' } },
    });
    expect(await accounts.organisationByOwner(iin)).toMatchObject({ id });
  });

  it('finds their own practice even where it admits no other personal keys', async () => {
    const [owner, helper] = [nextIin(), nextIin()];
    const organisation = await practice('individual', owner);
    await admit(organisation, helper);
    expect(await personal(helper)).toMatchObject({ outcome: 'found' });
    await accounts.tenant(organisation.id).changeSettings({ allowPersonalKeys: false });
    expect(await personal(owner)).toMatchObject({ outcome: 'found' });
    expect(await personal(helper)).toMatchObject({ reason: 'personal-key-not-allowed' });
  });

  it('never takes a practice for the organisation of a BIN that reads like its owner’s IIN', async () => {
    const iin = nextIin();
    await practice('sole-proprietor', iin);
    const claimant = { iin, bin: parseBin(iin)!, method: 'eds' } as const;
    expect(await findMembership(accounts, claimant)).toMatchObject({ reason: 'organisation-unknown' });
    expect(await accounts.organisationByBin(parseBin(iin)!)).toBeNull();
  });

  it('asks which, of their own practice and an organisation that allows personal keys', async () => {
    const iin = nextIin();
    const [own, other] = [await practice('individual', iin), await found({ allowPersonalKeys: true })];
    await admit(other, iin);
    expect(await personal(iin)).toMatchObject({ outcome: 'choice-required', choices: { length: 2 } });
    expect(await personal(iin, own.id)).toMatchObject({ account: { organisation: { id: own.id } } });
  });

  it('keeps neither the owner’s IIN nor the name of the practice in clear', async () => {
    const iin = nextIin();
    await practice('individual', iin);
    const rows = JSON.stringify([
      await opened.query('select * from organisations'),
      await opened.query('select * from organisation_bins'),
      await opened.query('select * from people'),
    ]);
    for (const secret of [iin, 'Ахметов', 'АХМЕТОВ']) expect(rows).not.toContain(secret);
  });

  it('knows one practice for one person, and no branches of it', async () => {
    const iin = nextIin();
    const { id } = await practice('individual', iin);
    await expect(practice('sole-proprietor', iin)).rejects.toMatchObject({ code: 'ORGANISATION_BIN_TAKEN' });
    await expect(accounts.addBranch(id, nextBin())).rejects.toMatchObject({ code: 'ORGANISATION_KIND' });
    const nobodys = { kind: 'individual', name: 'X', ownerId: 'nobody' } as const;
    await expect(accounts.addOrganisation(nobodys, NOW)).rejects.toMatchObject({ code: 'PERSON_UNKNOWN' });
  });
});

describe('somebody who is not a member yet', () => {
  it.each(['invited', 'requested'] as const)('is told that they are %s', async (status) => {
    const [organisation, iin] = [await found({ allowPersonalKeys: true }), nextIin()];
    const { id: personId } = await accounts.addPerson({ iin, name: '' }, NOW);
    const { members } = accounts.tenant(organisation.id);
    await members.add({ personId, status, roles: [], by: null }, NOW);
    const reason = `membership-${status}`;
    expect(await findMembership(accounts, { iin, bin: organisation.bin, method: 'eds' })).toMatchObject({
      reason,
    });
    expect(await findMembership(accounts, { iin, bin: null, method: 'password' })).toMatchObject({ reason });
  });
});
