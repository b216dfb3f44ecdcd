import { AccountError } from './account-error.js';

/**
 * `invited`: a manager wants them, they have not come yet. `requested`: they came with a certificate of the organisation, no
 * manager has decided yet. Only `active` opens sessions.
 */
export type MembershipStatus = 'invited' | 'requested' | 'active' | 'suspended' | 'removed';

/** How a membership may begin; somebody removed begins anew. */
export type FirstMembershipStatus = 'invited' | 'requested' | 'active';

const NEXT: Readonly<Record<MembershipStatus, readonly MembershipStatus[]>> = {
  invited: ['active', 'removed'],
  requested: ['active', 'removed'],
  active: ['suspended', 'removed'],
  suspended: ['active', 'removed'],
  // Whoever was removed is admitted anew, with roles somebody decides on, and not resumed with those of old.
  removed: [],
};

/** @throws AccountError `MEMBERSHIP_STATUS` when the one does not lead to the other */
export function assertStatusChange(from: MembershipStatus, to: MembershipStatus): void {
  if (!NEXT[from].includes(to)) {
    throw new AccountError('MEMBERSHIP_STATUS', `a membership that is ${from} cannot become ${to}`);
  }
}

/**
 * Whether the person is a member, by their own deed and somebody's decision. Anybody can be invited by anybody who knows their IIN, and
 * the link taken by anybody who has it, so an invitation, one taken without an EDS, a request or a place left behind gives an
 * organisation no say in what is the person's everywhere, and no word about it.
 */
export function isMember({
  status,
  provisional,
}: {
  readonly status: MembershipStatus;
  readonly provisional: boolean;
}): boolean {
  return !provisional && (status === 'active' || status === 'suspended');
}
