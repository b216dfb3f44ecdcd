import { authorise } from '../../../administration/authority.js';
import { type Account } from '../../../accounts/account.js';
import { certificateNotice } from '../../../accounts/certificate-binding.js';
import { type MembershipStatus } from '../../../accounts/membership-status.js';
import { maskNumber } from '../../../accounts/national-number.js';
import { suggestRoles } from '../../../accounts/suggestion.js';
import {
  addMember,
  approveRequest,
  rejectRequest,
  setMembershipStatus,
  setRoles,
} from '../../../administration/members.js';
import {
  type Action,
  type Actions,
  day,
  iinOf,
  list,
  noteRead,
  oneOf,
  pageOf,
  PAGING,
  required,
  say,
} from './action.js';
import { memberAction, organisationAction } from './tenant-action.js';

const STATUSES = [
  'invited',
  'requested',
  'active',
  'suspended',
  'removed',
] as const satisfies MembershipStatus[];

export const MEMBER_ACTIONS: Actions = {
  'member add': organisationAction(['iin', 'name', 'role'], (call) => {
    const details = { iin: iinOf(call), name: required(call, 'name'), roles: call.values.role ?? [] };
    return async (storage, _, act) => {
      const { person, membership } = await addMember(authorise(storage, act, 'qaqpa:members.write'), details);
      say(call, `admitted ${person.name}, IIN ${maskNumber(person.iin)} (membership ${membership.id})`);
      if (person.name !== details.name.trim()) say(call, 'this person was known already; the name was kept');
    };
  }),
  'member approve': memberAction(['role'], (call) => async (storage, { membership }, act) => {
    await approveRequest(
      authorise(storage, act, 'qaqpa:members.write'),
      membership.id,
      call.values.role ?? [],
    );
    say(call, 'the request is granted');
  }),
  'member reject': memberAction([], (call) => async (storage, { membership }, act) => {
    await rejectRequest(authorise(storage, act, 'qaqpa:members.write'), membership.id);
    say(call, 'the request is refused');
  }),
  'member roles': memberAction(['role'], (call) => async (storage, { membership }, act) => {
    const roles = call.values.role ?? [];
    await setRoles(authorise(storage, act, 'qaqpa:members.write'), membership.id, roles);
    say(
      call,
      roles.length === 0 ? 'the member has no roles now' : `the member has the roles ${roles.join(', ')}`,
    );
  }),
  'member suspend': status('suspended'),
  'member resume': status('active'),
  'member remove': status('removed'),
  'member list': organisationAction(['status', 'role', 'search', ...PAGING], (call) => {
    const [page, { search, role }] = [pageOf(call), call.values];
    const wanted = oneOf(call.values.status, 'status', STATUSES);
    const query = {
      ...page,
      ...(wanted === undefined ? {} : { status: wanted }),
      ...(role?.[0] === undefined ? {} : { role: role[0] }),
      ...(search === undefined ? {} : { name: search }),
    };
    return async (storage, { id }) => {
      const { items, nextCursor } = await storage.accounts.tenant(id).members.list(query);
      const by = search === undefined ? {} : { by: 'name', found: items.length };
      const filters = { ...by, status: wanted ?? null, role: role?.[0] ?? null };
      await noteRead(call, storage, { organisationId: id, details: filters });
      list(
        call,
        items.map(described),
        (member) => [member.iin, member.status, member.roles.join(','), day(member.since), member.name],
        nextCursor,
      );
    };
  }),
  'member show': memberAction(['json'], (call) => async (storage, account, { at, organisationId }) => {
    const { id } = account.membership;
    const subject = { kind: 'membership', id } as const;
    await noteRead(call, storage, { subject, organisationId, details: { by: 'iin', found: 1 } });
    const tenant = storage.accounts.tenant(organisationId);
    const bindings = await tenant.certificates.of(id);
    const suggestions = suggestRoles(bindings, await tenant.roles.list());
    const sessions = await storage.sessions.list({ membershipId: id }, at);
    if (call.values.json === true) {
      const claims = await storage.accounts.claimsOf(account);
      list(
        call,
        [{ ...described(account), ...claims, certificates: bindings, suggestions, sessions }],
        () => [],
      );
      return;
    }
    const member = described(account);
    say(call, `${member.name}, IIN ${member.iin}, ${member.status} since ${day(member.since)}`);
    say(call, `roles       ${member.roles.join(', ') || 'none'}`);
    say(call, `evidence    ${suggestions.map(({ template }) => template).join(', ') || 'none'}`);
    say(call, `sessions    ${sessions.length}`);
    for (const binding of bindings) {
      const { daysLeft } = certificateNotice(binding, at);
      say(call, `certificate ${binding.certificateSha256} ${binding.status}, ${daysLeft} days left`);
    }
  }),
};

function status(to: 'active' | 'suspended' | 'removed'): Action {
  return memberAction([], (call) => async (storage, { membership }, act) => {
    await setMembershipStatus(authorise(storage, act, 'qaqpa:members.write'), membership.id, to);
    say(call, `the member is ${to}`);
  });
}

function described({ person, membership }: Account) {
  return {
    id: membership.id,
    iin: maskNumber(person.iin),
    name: person.name,
    status: person.status === 'active' ? membership.status : 'suspended everywhere',
    roles: membership.roles,
    since: membership.since,
    until: membership.until,
  };
}
