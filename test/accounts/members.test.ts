import { describe, expect, it } from '@jest/globals';
import { type Membership } from '../../src/accounts/account.js';
import { changeStatus, managesAlone, statusChanged } from '../../src/accounts/members.js';
import { type MembershipStatus } from '../../src/accounts/membership-status.js';
import { type MemberStore } from '../../src/accounts/store.js';

const NOW = new Date('2026-11-23T05:00:00Z');
const LATER = new Date('2026-11-24T05:00:00Z');
const BY = { kind: 'operator', id: 'test' };
const MEMBER: Membership = {
  id: 'member',
  organisationId: 'organisation',
  personId: 'person',
  roles: [],
  status: 'active',
  since: NOW,
  until: null,
  invitedBy: null,
  decision: null,
  confirmedAt: NOW,
  provisional: false,
};
const MANAGER: Membership = { ...MEMBER, roles: ['manager'] };

/** One membership and whether another manager acts, as facts; and what was written. */
function factsOf(
  membership: Membership | null,
  anotherActs = false,
): { readonly members: MemberStore; readonly written: unknown[] } {
  const written: unknown[] = [];
  const facts: Pick<MemberStore, 'membership' | 'anotherManagerActs' | 'endProvisionalAccess' | 'save'> = {
    membership: (id) => Promise.resolve(membership?.id === id ? membership : null),
    anotherManagerActs: () => Promise.resolve(anotherActs),
    endProvisionalAccess(id) {
      written.push(`provisional access of ${id}`);
      return Promise.resolve();
    },
    save(saved) {
      written.push(saved);
      return Promise.resolve();
    },
  };
  return { members: facts as MemberStore, written };
}

describe('a decision about the status of a membership', () => {
  it.each<[MembershipStatus, MembershipStatus, Date]>([
    ['invited', 'active', LATER],
    ['requested', 'active', LATER],
    ['suspended', 'active', NOW],
    ['active', 'suspended', NOW],
  ])('that makes %s %s dates it from %s', (from, to, since) => {
    const after = statusChanged({ ...MEMBER, status: from }, { to, by: BY }, LATER);
    expect(after).toEqual({ ...MEMBER, status: to, since, decision: { by: BY, at: LATER } });
  });

  it('ends it at the moment of its removal', () => {
    expect(statusChanged(MEMBER, { to: 'removed', by: BY }, LATER)).toMatchObject({
      until: LATER,
      since: NOW,
    });
  });

  it.each(['invited', 'requested', 'active', 'suspended', 'removed'] as const)(
    'brings nobody back from removed to %s',
    (to) => {
      expect(() => statusChanged({ ...MEMBER, status: 'removed' }, { to, by: BY }, LATER)).toThrow(
        expect.objectContaining({ code: 'MEMBERSHIP_STATUS' }),
      );
    },
  );

  it('is not made about a membership that is not there', async () => {
    const { members, written } = factsOf(null);
    const change = changeStatus(members, 'member', { to: 'removed', by: BY }, LATER);
    await expect(change).rejects.toMatchObject({ code: 'MEMBERSHIP_UNKNOWN' });
    expect(written).toEqual([]);
  });

  it('that removes a member ends what was provisional before it is written', async () => {
    const { members, written } = factsOf(MEMBER);
    const after = await changeStatus(members, 'member', { to: 'removed', by: BY }, LATER);
    expect(written).toEqual(['provisional access of member', after]);
  });
});

describe('the last manager', () => {
  it.each(['suspended', 'removed'] as const)('is not %s, and nothing is written', async (to) => {
    const { members, written } = factsOf(MANAGER);
    const change = changeStatus(members, 'member', { to, by: BY }, LATER);
    await expect(change).rejects.toMatchObject({ code: 'LAST_MANAGER' });
    expect(written).toEqual([]);
  });

  it.each(['suspended', 'removed'] as const)('is %s where another manager acts', async (to) => {
    const { members } = factsOf(MANAGER, true);
    await expect(changeStatus(members, 'member', { to, by: BY }, LATER)).resolves.toMatchObject({
      status: to,
    });
  });

  it('is none where the manager does not act: one who is suspended already can be removed', async () => {
    const { members } = factsOf({ ...MANAGER, status: 'suspended' });
    const change = changeStatus(members, 'member', { to: 'removed', by: BY }, LATER);
    await expect(change).resolves.toMatchObject({ status: 'removed' });
  });

  it('is no member without the role', async () => {
    const { members } = factsOf(null);
    expect(await managesAlone(members, { id: 'member', roles: ['managers'] })).toBe(false);
    expect(await managesAlone(members, MANAGER)).toBe(true);
  });
});
