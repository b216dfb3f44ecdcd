/** Who may become, stay and stop being a member of an organisation, and in which roles. */
import { randomUUID } from 'node:crypto';
import { AccountError, type Membership, type Party } from './account.js';
import { known, missing, organisationOf } from './known.js';
import { assertStatusChange, type MembershipStatus } from './membership-status.js';
import { readName } from './naming.js';
import { MANAGER, readRoles } from './role.js';
import { assertDefined } from './roles.js';
import { type AccountStore, type MemberStore } from './store.js';
import { type NewMembership, type TenantMembers } from './tenant.js';

export function createMembers(store: AccountStore, organisationId: string): TenantMembers {
  const { members } = store.tenant(organisationId);
  return {
    async list(query) {
      if (query.role !== undefined) readRoles([query.role]);
      return members.list(query);
    },
    get: async (membershipId) => known(await members.find(membershipId), 'MEMBERSHIP_UNKNOWN'),
    ofPerson: (personId) => members.ofPerson(personId),
    ofIin: (iin) => members.ofIin(iin),
    async holdersOf(role) {
      readRoles([role]);
      return members.holdersOf(role);
    },
    add: (details, now) => store.together((unit) => addMember(unit, organisationId, details, now)),
    changeStatus: (membershipId, to, by, now) =>
      store.together((unit) =>
        changeStatus(unit.tenant(organisationId).members, membershipId, { to, by }, now),
      ),
    setRoles: (membershipId, text) =>
      store.together(async (unit) => {
        const tenant = unit.tenant(organisationId);
        const roles = readRoles(text);
        const before = await membershipIn(tenant.members, membershipId);
        if (before.status === 'removed') throw missing('MEMBERSHIP_UNKNOWN');
        await assertDefined(tenant.roles, roles);
        const after = { ...before, roles };
        await assertManagerRemains(tenant.members, before, after);
        await tenant.members.save(after);
        return after;
      }),
  };
}

/** Begins a membership: see `TenantMembers.add`. */
export async function addMember(
  unit: AccountStore,
  organisationId: string,
  details: NewMembership,
  now: Date,
): Promise<Membership> {
  const { members, roles } = unit.tenant(organisationId);
  await unit.turns.ofOrganisation(organisationId);
  await organisationOf(unit, organisationId);
  const read = { ...details, roles: readRoles(details.roles) };
  await assertDefined(roles, read.roles);
  const before = await members.membershipOf(details.personId);
  known(await unit.people.personById(details.personId), 'PERSON_UNKNOWN');
  const membership = begun({ id: before?.id ?? randomUUID(), organisationId }, read, now);
  if (!(await members.begin(membership, details.name == null ? null : readName(details.name)))) {
    throw new AccountError('MEMBERSHIP_EXISTS', 'this person is already a member of the organisation');
  }
  return membership;
}

/** Changes the status of a membership: see `TenantMembers.changeStatus`. */
export async function changeStatus(
  members: MemberStore,
  membershipId: string,
  change: { readonly to: MembershipStatus; readonly by: Party; readonly provisional?: boolean },
  now: Date,
): Promise<Membership> {
  const before = await membershipIn(members, membershipId);
  const after = {
    ...statusChanged(before, change, now),
    provisional: change.provisional ?? before.provisional,
  };
  await assertManagerRemains(members, before, after);
  // A removed member leaves nothing that could open the place when the membership begins anew.
  if (after.status === 'removed') await members.endProvisionalAccess(membershipId, now);
  await members.save(after);
  return after;
}

/** @throws AccountError `MEMBERSHIP_UNKNOWN` */
export async function membershipIn(members: MemberStore, membershipId: string): Promise<Membership> {
  return known(await members.membership(membershipId), 'MEMBERSHIP_UNKNOWN');
}

function begun(
  place: Pick<Membership, 'id' | 'organisationId'>,
  { personId, roles, status, by }: NewMembership,
  now: Date,
): Membership {
  return {
    ...place,
    personId,
    roles,
    status,
    since: now,
    until: null,
    invitedBy: by,
    decision: status === 'active' && by !== null ? { by, at: now } : null,
    confirmedAt: null,
    provisional: false,
  };
}

/** A membership after a decision about its status. @throws AccountError `MEMBERSHIP_STATUS` */
export function statusChanged(
  before: Membership,
  { to, by }: { readonly to: MembershipStatus; readonly by: Party },
  now: Date,
): Membership {
  assertStatusChange(before.status, to);
  const begins = to === 'active' && before.status !== 'suspended';
  return {
    ...before,
    status: to,
    since: begins ? now : before.since,
    until: to === 'removed' ? now : null,
    decision: { by, at: now },
  };
}

/** An organisation keeps at least one manager who can act. @throws AccountError `LAST_MANAGER` */
async function assertManagerRemains(
  members: Pick<MemberStore, 'anotherManagerActs'>,
  before: Membership,
  after: Membership,
): Promise<void> {
  if (actsAsManager(before) && !actsAsManager(after) && (await managesAlone(members, before))) {
    throw new AccountError('LAST_MANAGER', 'an organisation keeps at least one manager');
  }
}

function actsAsManager({ status, roles }: Membership): boolean {
  return status === 'active' && roles.includes(MANAGER);
}

/** Whether this is a manager beside whom no other can act. */
export async function managesAlone(
  members: Pick<MemberStore, 'anotherManagerActs'>,
  { id, roles }: Pick<Membership, 'id' | 'roles'>,
): Promise<boolean> {
  return roles.includes(MANAGER) && !(await members.anotherManagerActs(id));
}
