/** What is done to organisations. Every change and its audit record are one unit of work. */
import { type Organisation, type OrganisationSettings } from '../accounts/account.js';
import { type NewOrganisation } from '../accounts/directory.js';
import { type Bin, type Iin } from '../accounts/national-number.js';
import { type SettingsChange } from '../accounts/settings.js';
import { type AuditEvent } from '../audit/event.js';
import { type Act, type OrganisationAct } from '../audit/act.js';
import { record } from '../audit/recorder.js';
import { tenantUnit } from './authority.js';
import { assertAdministratorRemains } from './last-administrator.js';
import { type AdministrationStorage, type AdministrationStores } from './stores.js';

/** @throws AccountError `ORGANISATION_BIN_TAKEN`, `NAME_MALFORMED`, `SETTINGS_MALFORMED`, `PERSON_UNKNOWN` */
export function addOrganisation(
  storage: AdministrationStorage,
  details: NewOrganisation,
  act: Act,
): Promise<Organisation> {
  return storage.atomically((stores) => found(stores, details, act));
}

/**
 * Adds the practice of somebody who has no BIN, with its owner as manager; the owner is recorded when nobody knows them yet.
 *
 * @throws AccountError `ORGANISATION_BIN_TAKEN`, `NAME_MALFORMED`, `SETTINGS_MALFORMED`
 */
export function addPractice(
  storage: AdministrationStorage,
  details: {
    readonly kind: 'sole-proprietor' | 'individual';
    readonly name: string;
    readonly owner: { readonly iin: Iin; readonly name: string };
    readonly settings?: SettingsChange;
  },
  act: Act,
): Promise<Organisation> {
  return storage.atomically(async (stores) => {
    const { kind, name, owner, settings = {} } = details;
    const known = await stores.accounts.personByIin(owner.iin);
    const person = known ?? (await stores.accounts.addPerson(owner, act.at));
    if (known === null) {
      await record(stores.audit, act, 'person.added', { subject: { kind: 'person', id: person.id } });
    }
    const organisation = await found(stores, { kind, name, ownerId: person.id, settings }, act);
    const unit = tenantUnit(stores, { ...act, organisationId: organisation.id, authority: 'all' });
    const { id } = await unit.tenant.members.add(
      { personId: person.id, status: 'active', roles: ['manager'], name: owner.name, by: act.who },
      act.at,
    );
    await unit.record('membership.added', {
      subject: { kind: 'membership', id },
      details: { person: person.id, roles: 'manager' },
    });
    return organisation;
  });
}

/** @throws AccountError `ORGANISATION_BIN_TAKEN`, `ORGANISATION_UNKNOWN`, `ORGANISATION_KIND` */
export function addBranches(
  storage: AdministrationStorage,
  organisationId: string,
  bins: readonly Bin[],
  act: Act,
): Promise<void> {
  return storage.atomically(async ({ accounts, audit }) => {
    for (const bin of bins) await accounts.addBranch(organisationId, bin);
    await record(audit, act, 'organisation.changed', {
      subject: { kind: 'organisation', id: organisationId },
      organisationId,
      details: { branchesAdded: bins.length },
    });
  });
}

/** @throws AccountError `ORGANISATION_UNKNOWN`, `SETTINGS_MALFORMED` */
export function changeSettings(
  storage: AdministrationStorage,
  change: SettingsChange,
  act: OrganisationAct,
): Promise<OrganisationSettings> {
  return storage.atomically(async (stores) => {
    const { tenant, record } = tenantUnit(stores, act);
    const settings = await tenant.changeSettings(change);
    await record('organisation.changed', {
      subject: { kind: 'organisation', id: act.organisationId },
      details: factsOf(settings),
    });
    return settings;
  });
}

/**
 * Suspends an organisation, which ends the sessions of all its members at once, or lets it in again.
 *
 * @throws AccountError `ORGANISATION_UNKNOWN`, `ORGANISATION_NOT_MERGEABLE` for one that became part of another, `LAST_ADMINISTRATOR`
 */
export function setOrganisationStatus(
  storage: AdministrationStorage,
  organisationId: string,
  status: Organisation['status'],
  act: Act,
): Promise<void> {
  return storage.atomically(async (stores) => {
    const { accounts, sessions, audit } = stores;
    if (status === 'suspended') {
      await assertAdministratorRemains(stores, ({ organisation }) => organisation.id === organisationId, act);
    }
    await accounts.setOrganisationStatus(organisationId, status);
    const ended = status === 'active' ? 0 : await sessions.endAllOf({ organisationId });
    await record(audit, act, status === 'active' ? 'organisation.resumed' : 'organisation.suspended', {
      subject: { kind: 'organisation', id: organisationId },
      organisationId,
      details: { sessionsEnded: ended },
    });
  });
}

async function found(
  { accounts, audit }: AdministrationStores,
  details: NewOrganisation,
  act: Act,
): Promise<Organisation> {
  const organisation = await accounts.addOrganisation(details, act.at);
  const { id, kind, settings, branchBins } = organisation;
  await record(audit, act, 'organisation.added', {
    subject: { kind: 'organisation', id },
    organisationId: id,
    details: { kind, ...factsOf(settings), branches: branchBins.length },
  });
  return organisation;
}

function factsOf({ session, stepUp, ...settings }: OrganisationSettings): NonNullable<AuditEvent['details']> {
  return {
    ...settings,
    stepUp: stepUp.join(' '),
    sessionIdleMs: session?.idleMs ?? null,
    sessionLifetimeMs: session?.lifetimeMs ?? null,
    sessionMaxConcurrent: session?.maxConcurrent ?? null,
  };
}
