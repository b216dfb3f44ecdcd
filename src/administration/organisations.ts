/** What an operator does to organisations. Every change and its audit record are one unit of work. */
import { type Organisation, type OrganisationSettings } from '../accounts/account.js';
import { type Bin } from '../accounts/national-number.js';
import { type AdministrationStorage, type Deed } from './stores.js';

/** @throws AccountError `ORGANISATION_BIN_TAKEN`, `NAME_MALFORMED` */
export function addOrganisation(
  storage: AdministrationStorage,
  details: { name: string; bin: Bin; branchBins?: readonly Bin[]; settings?: Partial<OrganisationSettings> },
  deed: Deed,
): Promise<Organisation> {
  return storage.atomically(async ({ accounts, audit }) => {
    const organisation = await accounts.addOrganisation(details, deed.at);
    await audit.append({
      ...deed,
      type: 'organisation.added',
      subject: { kind: 'organisation', id: organisation.id },
      organisationId: organisation.id,
      details: { ...organisation.settings, branches: organisation.branchBins.length },
    });
    return organisation;
  });
}

/** @throws AccountError `ORGANISATION_BIN_TAKEN`, `ORGANISATION_UNKNOWN` */
export function changeOrganisation(
  storage: AdministrationStorage,
  organisationId: string,
  change: { newBranchBins: readonly Bin[]; settings: Partial<OrganisationSettings> },
  deed: Deed,
): Promise<void> {
  return storage.atomically(async ({ accounts, audit }) => {
    for (const bin of change.newBranchBins) await accounts.addBranch(organisationId, bin);
    const settings = await accounts.changeSettings(organisationId, change.settings);
    await audit.append({
      ...deed,
      type: 'organisation.changed',
      subject: { kind: 'organisation', id: organisationId },
      organisationId,
      details: { ...settings, branchesAdded: change.newBranchBins.length },
    });
  });
}

/**
 * Suspends an organisation, which ends the sessions of all its members at once, or lets it in again.
 *
 * @throws AccountError `ORGANISATION_UNKNOWN`
 */
export function setOrganisationStatus(
  storage: AdministrationStorage,
  organisationId: string,
  status: Organisation['status'],
  deed: Deed,
): Promise<void> {
  return storage.atomically(async ({ accounts, sessions, audit }) => {
    await accounts.setOrganisationStatus(organisationId, status);
    const ended = status === 'active' ? 0 : await sessions.endAllOf({ organisationId });
    await audit.append({
      ...deed,
      type: status === 'active' ? 'organisation.resumed' : 'organisation.suspended',
      subject: { kind: 'organisation', id: organisationId },
      organisationId,
      details: { sessionsEnded: ended },
    });
  });
}
