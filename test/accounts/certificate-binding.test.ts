import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Account, type OrganisationSettings } from '../../src/accounts/account.js';
import { certificateNotice, type SeenCertificate } from '../../src/accounts/certificate-binding.js';
import { type AccountDirectory } from '../../src/accounts/directory.js';
import { MANAGER, MANAGER_ROLE } from '../../src/accounts/role.js';
import { suggestRoles } from '../../src/accounts/suggestion.js';
import { type TenantDirectory } from '../../src/accounts/tenant.js';
import { addMember } from '../support/members.js';
import { nextBin, nextIin } from '../support/next-number.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const BY = { kind: 'membership', id: 'the manager' };
const days = (count: number): Date => new Date(NOW.getTime() + count * 24 * 60 * 60_000);
const certificate = (letter: string, more: Partial<SeenCertificate> = {}): SeenCertificate => ({
  sha256: letter.repeat(64),
  serialNumber: '0a',
  notAfter: days(365),
  ...more,
});

let opened: TemporaryStorage;
let accounts: AccountDirectory;
let tenant: TenantDirectory;
let account: Account;
beforeAll(async () => {
  opened = await openTemporaryStorage();
  ({ accounts } = opened.storage);
});
afterAll(() => opened.remove());

beforeEach(async () => {
  const { id } = await accounts.addOrganisation({ name: 'Қақпа', bin: nextBin() }, NOW);
  tenant = accounts.tenant(id);
  const member = { organisationId: id, iin: nextIin() };
  account = (await accounts.accountById((await addMember(accounts, member, NOW)).id))!;
});
const under = async (certificates: OrganisationSettings['certificates']): Promise<void> => {
  await tenant.changeSettings({ certificates });
  account = (await accounts.accountById(account.membership.id))!;
};
const come = (letter: string, more: Partial<SeenCertificate> = {}) =>
  accounts.bindCertificate(account, certificate(letter, more), NOW);
const decide = (letter: string, status: 'active' | 'revoked') =>
  tenant.certificates.decide(
    { membershipId: account.membership.id, sha256: letter.repeat(64) },
    status,
    BY,
    NOW,
  );

describe('a certificate nobody saw before', () => {
  it.each(['accept', 'notify'] as const)('enters at once under "%s"', async (policy) => {
    await under(policy);
    for (const letter of ['a', 'b'])
      expect(await come(letter)).toEqual({ firstSeen: true, status: 'active' });
    const { items } = await tenant.certificates.list({ limit: 9, undecided: true });
    expect(items).toHaveLength(2);
  });

  it('waits under "approve", unless it is the first of the membership', async () => {
    await under('approve');
    expect(await come('a')).toEqual({ firstSeen: true, status: 'active' });
    expect(await come('b')).toEqual({ firstSeen: true, status: 'pending' });
    expect(await come('b')).toEqual({ firstSeen: false, status: 'pending' });
    expect(await decide('b', 'active')).toMatchObject({ status: 'active', decision: { by: BY, at: NOW } });
    expect(await come('b')).toEqual({ firstSeen: false, status: 'active' });
  });

  it('waits as well when the earlier ones are all revoked', async () => {
    await under('approve');
    await come('a');
    await decide('a', 'revoked');
    expect(await come('b')).toMatchObject({ status: 'pending' });
  });

  it('of the only manager enters undecided: there is nobody to approve it', async () => {
    const { organisation } = account;
    const managing = { organisationId: organisation.id, roles: [MANAGER] };
    const boss = await addMember(accounts, { ...managing, iin: nextIin() }, NOW);
    account = (await accounts.accountById(boss.id))!;
    await under('approve');
    await come('a');
    expect(await come('b')).toEqual({ firstSeen: true, status: 'active' });
    const { items } = await tenant.certificates.list({ limit: 9, undecided: true });
    expect(items.map(({ certificateSha256: [letter] }) => letter)).toContain('b');
    const second = await addMember(accounts, { ...managing, iin: nextIin() }, NOW);
    expect(await come('c')).toEqual({ firstSeen: true, status: 'pending' });
    await tenant.members.changeStatus(second.id, 'suspended', BY, NOW);
    expect(await come('c')).toEqual({ firstSeen: false, status: 'active' });
  });

  it('that waited waits no longer when the organisation approves certificates no more', async () => {
    await under('approve');
    await come('a');
    await come('b');
    await under('accept');
    expect(await come('b')).toEqual({ firstSeen: false, status: 'active' });
  });
});

describe('a revoked certificate', () => {
  it.each(['accept', 'notify', 'approve'] as const)('stays out under "%s"', async (policy) => {
    await come('a');
    await decide('a', 'revoked');
    await under(policy);
    expect(await come('a')).toEqual({ firstSeen: false, status: 'revoked' });
  });

  it('may come again when the manager thinks better of it', async () => {
    await come('a');
    await decide('a', 'revoked');
    await expect(decide('a', 'revoked')).rejects.toMatchObject({ code: 'CERTIFICATE_BINDING_STATUS' });
    await decide('a', 'active');
    await expect(decide('a', 'active')).rejects.toMatchObject({ code: 'CERTIFICATE_BINDING_STATUS' });
    expect(await come('a')).toMatchObject({ status: 'active' });
  });

  it('of somebody else is none of theirs', async () => {
    await expect(decide('c', 'revoked')).rejects.toMatchObject({ code: 'CERTIFICATE_BINDING_UNKNOWN' });
  });
});

describe('what is kept of a certificate', () => {
  it('is the whole of it, sealed, with its issuer and its template roles', async () => {
    const der = new TextEncoder().encode('the certificate of АЙГҮЛ');
    const issuerSha256 = 'ee'.repeat(32);
    await come('d', { der, issuerSha256, templateRoles: ['head'] });
    const sha256 = 'd'.repeat(64);
    const { id } = account.membership;
    expect(await accounts.certificateOf(id, sha256)).toMatchObject({ issuerSha256, templateRoles: ['head'] });
    expect(Buffer.from((await accounts.certificateBytesOf(id, sha256))!)).toEqual(Buffer.from(der));
    const rows = JSON.stringify(await opened.query('select der_sealed from certificate_bindings'));
    expect(rows).not.toContain(Buffer.from(der).toString('base64').slice(0, 12));
  });

  it('is nothing for a certificate nobody came with', async () => {
    expect(await accounts.certificateOf(account.membership.id, 'f'.repeat(64))).toBeNull();
    expect(await accounts.certificateBytesOf(account.membership.id, 'f'.repeat(64))).toBeNull();
  });
});

describe('the notice about a certificate’s end', () => {
  it.each([
    [-1, 0, true],
    [0, 0, true],
    [29.9, 29, true],
    [30, 30, false],
    [365, 365, false],
  ])('%d days before it says %d days, soon: %s', (before, daysLeft, expiresSoon) => {
    const notAfter = days(before);
    expect(certificateNotice({ notAfter }, NOW)).toEqual({ notAfter, daysLeft, expiresSoon });
  });
});

describe('a certificate as evidence', () => {
  const definitions = [MANAGER_ROLE, { name: 'hr', title: 'HR', permissions: [] }];

  it('suggests roles the organisation has, and says where it has none', () => {
    const bindings = [
      { templateRoles: ['organisation', 'hr'], status: 'active' },
      { templateRoles: ['head', 'finance', 'hr'], status: 'pending' },
    ] as const;
    expect(suggestRoles(bindings, definitions)).toEqual([
      { template: 'head', role: 'manager' },
      { template: 'finance', role: null },
      { template: 'hr', role: 'hr' },
    ]);
  });

  it('is none when it is revoked, and gives nobody a role by itself', async () => {
    expect(suggestRoles([{ templateRoles: ['head'], status: 'revoked' }], definitions)).toEqual([]);
    await come('a', { templateRoles: ['head'] });
    expect((await accounts.accountById(account.membership.id))?.membership.roles).toEqual([]);
  });
});
