/** One organisation into another: its numbers, and its people as requests that the other's manager decides. */
import { AccountError, type Organisation } from './account.js';
import { organisationOf } from './known.js';
import { addMember } from './members.js';
import { type AccountStore } from './store.js';

/** @throws AccountError `ORGANISATION_NOT_MERGEABLE` for what is no legal entity of its own, and for one organisation with itself */
export function assertMergeable(from: Organisation, into: Organisation): void {
  const apart = from.id !== into.id;
  const whole = [from, into].every(({ kind, mergedInto }) => kind === 'legal-entity' && mergedInto === null);
  if (!apart || !whole) {
    throw new AccountError('ORGANISATION_NOT_MERGEABLE', 'these organisations cannot become one');
  }
}

/** Members who had proved to belong ask to belong to the whole. A manager of a part manages the whole no more than any other member. */
export async function mergeOrganisation(
  unit: AccountStore,
  { from, into }: { readonly from: string; readonly into: string },
  now: Date,
): Promise<{ readonly requests: number }> {
  for (const id of [from, into].sort()) await unit.turns.ofOrganisation(id);
  assertMergeable(await organisationOf(unit, from), await organisationOf(unit, into));
  await unit.organisations.moveNumbers(from, into);
  const { members } = unit.tenant(from);
  let requests = 0;
  for (const personId of await members.provedPeople()) {
    const present = await unit.tenant(into).members.membershipOf(personId);
    if (present !== null && present.status !== 'removed') continue;
    await addMember(unit, into, { personId, status: 'requested', roles: [], by: null }, now);
    requests += 1;
  }
  await members.removeAll(now);
  await unit.organisations.update(from, { status: 'suspended', mergedInto: into });
  return { requests };
}
