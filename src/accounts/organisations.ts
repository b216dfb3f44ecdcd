/** What may be done to organisations as a whole. */
import { randomUUID } from 'node:crypto';
import { AccountError, DEFAULT_ORGANISATION_SETTINGS, type Organisation } from './account.js';
import { type NewOrganisation, type Organisations } from './directory.js';
import { known, organisationOf } from './known.js';
import { mergeOrganisation } from './merging.js';
import { readName } from './naming.js';
import { changedSettings, type OrganisationSettings, type SettingsChange } from './settings.js';
import { type AccountStore } from './store.js';

export function createOrganisations(store: AccountStore): Organisations {
  return {
    organisationByBin: (bin) => store.organisations.organisationByBin(bin),
    organisationByOwner: (iin) => store.organisations.organisationByOwner(iin),
    organisationById: (id) => store.organisations.organisationById(id),
    organisations: () => store.organisations.organisations(),
    listOrganisations: (query) => store.organisations.listOrganisations(query),
    addOrganisation: (details, now) => store.together((unit) => addOrganisation(unit, details, now)),
    addBranch: (organisationId, bin) =>
      store.together(async (unit) => {
        await unit.turns.ofOrganisation(organisationId);
        const { kind } = await organisationOf(unit, organisationId);
        if (kind !== 'legal-entity') {
          throw new AccountError('ORGANISATION_KIND', 'only a legal entity has branches');
        }
        assertFree(await unit.organisations.insertBranch(organisationId, bin));
      }),
    setOrganisationStatus: (organisationId, status) =>
      store.together(async (unit) => {
        await unit.turns.ofOrganisation(organisationId);
        const { mergedInto } = await organisationOf(unit, organisationId);
        if (mergedInto !== null) {
          throw new AccountError('ORGANISATION_NOT_MERGEABLE', 'the organisation became part of another');
        }
        await unit.organisations.update(organisationId, { status });
      }),
    releaseBranch: (organisationId, bin) =>
      store.together(async (unit) => {
        await unit.turns.ofOrganisation(organisationId);
        const { bin: main } = await organisationOf(unit, organisationId);
        return main !== bin && unit.organisations.deleteBranch(organisationId, bin);
      }),
    mergeOrganisation: (merged, now) => store.together((unit) => mergeOrganisation(unit, merged, now)),
  };
}

/** Changes the settings of one organisation and says what they are now. @throws AccountError `ORGANISATION_UNKNOWN`, `SETTINGS_MALFORMED` */
export async function changeSettings(
  unit: AccountStore,
  organisationId: string,
  change: SettingsChange,
): Promise<OrganisationSettings> {
  await unit.turns.ofOrganisation(organisationId);
  const settings = changedSettings((await organisationOf(unit, organisationId)).settings, change);
  await unit.organisations.update(organisationId, { settings });
  return settings;
}

async function addOrganisation(
  unit: AccountStore,
  details: NewOrganisation,
  now: Date,
): Promise<Organisation> {
  const organisation = founded(details, now);
  const { ownerId } = organisation;
  if (ownerId !== null) known(await unit.people.personById(ownerId), 'PERSON_UNKNOWN');
  assertFree(await unit.organisations.insert(organisation));
  return organisation;
}

/** A new organisation as it begins. @throws AccountError `NAME_MALFORMED`, `SETTINGS_MALFORMED` */
export function founded(details: NewOrganisation, now: Date): Organisation {
  const common = {
    id: randomUUID(),
    name: readName(details.name),
    status: 'active',
    createdAt: now,
    mergedInto: null,
  } as const;
  if ('ownerId' in details) {
    // Nobody issues certificates with a BIN for a practice that has none: its people come with their personal ones.
    const defaults = { ...DEFAULT_ORGANISATION_SETTINGS, allowPersonalKeys: true };
    const { kind, ownerId } = details;
    const settings = changedSettings(defaults, details.settings ?? {});
    return { ...common, kind, bin: null, branchBins: [], ownerId, settings };
  }
  const { bin, branchBins = [], settings = {} } = details;
  return {
    ...common,
    kind: 'legal-entity',
    bin,
    branchBins: [...new Set(branchBins)].filter((branch) => branch !== bin).sort(),
    ownerId: null,
    settings: changedSettings(DEFAULT_ORGANISATION_SETTINGS, settings),
  };
}

function assertFree(outcome: 'added' | 'taken'): void {
  if (outcome === 'taken') {
    throw new AccountError('ORGANISATION_BIN_TAKEN', 'this number already belongs to an organisation');
  }
}
