import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Membership } from '../../src/accounts/account.js';
import { type AccountDirectory } from '../../src/accounts/directory.js';
import { invitationLink } from '../../src/accounts/invitation.js';
import { findMembership } from '../../src/accounts/membership-finding.js';
import { type Bin, type Iin } from '../../src/accounts/national-number.js';
import { type TenantDirectory } from '../../src/accounts/tenant.js';
import { nextBin, nextIin } from '../support/next-number.js';
import { openTemporaryStorage, type TemporaryStorage } from '../support/temporary-storage.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const LATER = new Date('2026-11-24T05:00:00Z');
const END = new Date('2026-11-30T05:00:00Z');
const BY = { kind: 'membership', id: 'the manager' };

let opened: TemporaryStorage;
let accounts: AccountDirectory;
let tenant: TenantDirectory;
let bin: Bin;
let iin: Iin;
let membership: Membership;
let token: string;
beforeAll(async () => {
  opened = await openTemporaryStorage();
  ({ accounts } = opened.storage);
});
afterAll(() => opened.remove());

const invite = async (): Promise<string> =>
  (await tenant.invitations.create({ membershipId: membership.id, expiresAt: END, by: BY }, NOW)).token;

beforeEach(async () => {
  bin = nextBin();
  iin = nextIin();
  tenant = accounts.tenant((await accounts.addOrganisation({ name: 'Қақпа', bin }, NOW)).id);
  const { id: personId } = await accounts.addPerson({ iin, name: '' }, NOW);
  membership = await tenant.members.add(
    { personId, status: 'invited', roles: [], name: 'Болат', by: BY },
    NOW,
  );
  token = await invite();
});

describe('an invitation', () => {
  it('makes the invited person a member', async () => {
    expect(await accounts.takeInvitation(token, iin, LATER)).toMatchObject({
      membership: { id: membership.id, status: 'active', since: LATER },
      person: { name: 'Болат' },
    });
    expect(await findMembership(accounts, { iin, bin, method: 'eds' })).toMatchObject({ outcome: 'found' });
  });

  it('works once, also for thirty who come at the same moment', async () => {
    const takings = Array.from({ length: 30 }, () => accounts.takeInvitation(token, iin, LATER));
    const outcomes = await Promise.allSettled(takings);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(accounts.takeInvitation(token, iin, LATER)).rejects.toMatchObject({
      code: 'INVITATION_USED',
    });
  });

  it('is of no use to anybody else, and stays open for whom it is meant', async () => {
    const thief = nextIin();
    await accounts.addPerson({ iin: thief, name: 'Ұры' }, NOW);
    for (const other of [thief, nextIin()]) {
      await expect(accounts.takeInvitation(token, other, LATER)).rejects.toMatchObject({
        code: 'INVITATION_OTHER_PERSON',
      });
    }
    expect(await accounts.accountsOf(thief)).toEqual([]);
    expect(await accounts.takeInvitation(token, iin, LATER)).toMatchObject({
      membership: { status: 'active' },
    });
  });

  it('expires to the millisecond', async () => {
    await expect(accounts.takeInvitation(token, iin, END)).rejects.toMatchObject({
      code: 'INVITATION_EXPIRED',
    });
    const justBefore = new Date(END.getTime() - 1);
    expect(await accounts.takeInvitation(token, iin, justBefore)).toMatchObject({
      membership: { status: 'active' },
    });
  });

  it.each(['', 'x', 'A'.repeat(43), '%'])('has no token %j', async (guess) => {
    await expect(accounts.takeInvitation(guess, iin, LATER)).rejects.toMatchObject({
      code: 'INVITATION_UNKNOWN',
    });
    expect(await accounts.invitationOf(guess)).toBeNull();
  });

  it('stops working when it is withdrawn, and when a new one is made', async () => {
    const second = await invite();
    await expect(accounts.takeInvitation(token, iin, LATER)).rejects.toMatchObject({
      code: 'INVITATION_REVOKED',
    });
    const [listed] = (await tenant.invitations.list({ limit: 9, state: 'open' }, NOW)).items;
    await tenant.invitations.revoke(listed!.invitation.id, NOW);
    await expect(accounts.takeInvitation(second, iin, LATER)).rejects.toMatchObject({
      code: 'INVITATION_REVOKED',
    });
    await expect(tenant.invitations.revoke(listed!.invitation.id, NOW)).rejects.toMatchObject({
      code: 'INVITATION_REVOKED',
    });
    expect((await tenant.invitations.list({ limit: 9, state: 'revoked' }, NOW)).items).toHaveLength(2);
  });

  it('stops working when the membership is removed, even if nobody withdrew it', async () => {
    await tenant.members.changeStatus(membership.id, 'removed', BY, NOW);
    await expect(accounts.takeInvitation(token, iin, LATER)).rejects.toMatchObject({
      code: 'INVITATION_REVOKED',
    });
  });

  it('is only for somebody who is invited', async () => {
    await accounts.takeInvitation(token, iin, LATER);
    await expect(invite()).rejects.toMatchObject({ code: 'MEMBERSHIP_STATUS' });
  });

  it('tells whoever holds the link which organisation it is from, and is kept without its token', async () => {
    expect(await accounts.invitationOf(token)).toMatchObject({
      organisation: { name: 'Қақпа' },
      invitation: { expiresAt: END, takenAt: null },
    });
    expect(JSON.stringify(await opened.query('select * from invitations'))).not.toContain(token);
    expect(new URL(invitationLink('https://gate.example.kz', token))).toMatchObject({
      pathname: '/invitation',
      search: '',
      hash: `#${token}`,
    });
  });

  it('is listed by its state', async () => {
    const states = async (now: Date): Promise<number[]> =>
      Promise.all(
        (['open', 'expired', 'taken'] as const).map(
          async (state) => (await tenant.invitations.list({ limit: 9, state }, now)).items.length,
        ),
      );
    expect(await states(NOW)).toEqual([1, 0, 0]);
    expect(await states(END)).toEqual([0, 1, 0]);
    await accounts.takeInvitation(token, iin, LATER);
    expect(await states(END)).toEqual([0, 0, 1]);
  });
});
