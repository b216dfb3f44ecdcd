/** What is done to organisations. Every change and its audit record are one unit of work. */
import { type Organisation, type OrganisationSettings } from '../accounts/account.js';
import { type NewOrganisation } from '../accounts/directory.js';
import { type Bin, type Iin } from '../accounts/national-number.js';
import { MANAGER } from '../accounts/role.js';
import { type SettingsChange } from '../accounts/settings.js';
import { type FactsOf } from '../audit/event.js';
import { type Authorised } from './authority.js';
import { assertAdministratorRemains } from './last-administrator.js';
import { type Platform, type PlatformUnit } from './platform.js';

/** @throws AccountError `ORGANISATION_BIN_TAKEN`, `NAME_MALFORMED`, `SETTINGS_MALFORMED`, `PERSON_UNKNOWN` */
export function addOrganisation(
  platform: Platform<'operate'>,
  details: NewOrganisation,
): Promise<Organisation> {
  return platform.atomically((unit) => found(unit, details));
}

/**
 * Adds the practice of somebody who has no BIN, with its owner as manager; the owner is recorded when nobody knows them yet.
 *
 * @throws AccountError `ORGANISATION_BIN_TAKEN`, `NAME_MALFORMED`, `SETTINGS_MALFORMED`
 */
export function addPractice(
  platform: Platform<'operate'>,
  details: {
    readonly kind: 'sole-proprietor' | 'individual';
    readonly name: string;
    readonly owner: { readonly iin: Iin; readonly name: string };
    readonly settings?: SettingsChange;
  },
): Promise<Organisation> {
  return platform.atomically(async (unit) => {
    const { accounts } = unit.stores;
    const { at, who: by } = unit.act;
    const { kind, name, owner, settings = {} } = details;
    const known = await accounts.personByIin(owner.iin);
    const { id: personId } = known ?? (await accounts.addPerson(owner, at));
    if (known === null) await unit.record('person.added', { subject: { kind: 'person', id: personId } });
    const organisation = await found(unit, { kind, name, ownerId: personId, settings });
    const manager = { personId, status: 'active', roles: [MANAGER], name: owner.name, by } as const;
    const { id } = await accounts.tenant(organisation.id).members.add(manager, at);
    await unit.record('membership.added', {
      subject: { kind: 'membership', id },
      organisationId: organisation.id,
      details: { person: personId, roles: MANAGER },
    });
    return organisation;
  });
}

/** @throws AccountError `ORGANISATION_BIN_TAKEN`, `ORGANISATION_UNKNOWN`, `ORGANISATION_KIND` */
export function addBranches(
  platform: Platform<'operate'>,
  organisationId: string,
  bins: readonly Bin[],
): Promise<void> {
  return platform.atomically(async ({ stores: { accounts }, record }) => {
    for (const bin of bins) await accounts.addBranch(organisationId, bin);
    await record('organisation.changed', {
      subject: { kind: 'organisation', id: organisationId },
      organisationId,
      details: { branchesAdded: bins.length },
    });
  });
}

/** @throws AccountError `ORGANISATION_UNKNOWN`, `SETTINGS_MALFORMED` */
export function changeSettings(
  organisation: Authorised<'qaqpa:settings.write'>,
  change: SettingsChange,
): Promise<OrganisationSettings> {
  return organisation.atomically(async (unit) => {
    const settings = await unit.change(change);
    const subject = { kind: 'organisation', id: unit.act.organisationId } as const;
    await unit.record('organisation.changed', { subject, details: factsOf(settings) });
    return settings;
  });
}

/**
 * Suspends an organisation, which ends the sessions of all its members at once, or lets it in again.
 *
 * @throws AccountError `ORGANISATION_UNKNOWN`, `ORGANISATION_NOT_MERGEABLE` for one that became part of another, `LAST_ADMINISTRATOR`
 */
export function setOrganisationStatus(
  platform: Platform<'act'>,
  organisationId: string,
  status: Organisation['status'],
): Promise<void> {
  return platform.atomically(async (unit) => {
    const { accounts, sessions } = unit.stores;
    if (status === 'suspended') {
      await assertAdministratorRemains(unit, ({ organisation }) => organisation.id === organisationId);
    }
    await accounts.setOrganisationStatus(organisationId, status);
    await unit.record(status === 'active' ? 'organisation.resumed' : 'organisation.suspended', {
      subject: { kind: 'organisation', id: organisationId },
      organisationId,
      details: { sessionsEnded: status === 'active' ? 0 : await sessions.endAllOf({ organisationId }) },
    });
  });
}

async function found(
  { stores: { accounts }, act, record }: PlatformUnit,
  details: NewOrganisation,
): Promise<Organisation> {
  const organisation = await accounts.addOrganisation(details, act.at);
  const { id, kind, settings, branchBins } = organisation;
  await record('organisation.added', {
    subject: { kind: 'organisation', id },
    organisationId: id,
    details: { kind, ...factsOf(settings), branches: branchBins.length },
  });
  return organisation;
}

function factsOf({ session, stepUp, ...settings }: OrganisationSettings): FactsOf<'organisation.changed'> {
  return {
    ...settings,
    stepUp: stepUp.join(' '),
    sessionIdleMs: session?.idleMs ?? null,
    sessionLifetimeMs: session?.lifetimeMs ?? null,
    sessionMaxConcurrent: session?.maxConcurrent ?? null,
  };
}
