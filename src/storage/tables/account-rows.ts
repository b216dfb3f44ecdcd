/** How the rows of organisations, people and memberships become what the directory speaks of. */
import { type Kysely } from 'kysely';
import {
  type Account,
  type Decision,
  DEFAULT_ORGANISATION_SETTINGS,
  type Membership,
  type Organisation,
  type OrganisationSettings,
  type Party,
  type Person,
} from '../../accounts/account.js';
import { type Bin, parseBin, parseIin } from '../../accounts/national-number.js';
import { StorageError } from '../error.js';
import { type FieldCipher, type FieldPlace } from '../keys/field-cipher.js';
import { prepared } from './prepared.js';
import { type Schema } from './schema.js';

export type Row<Table extends keyof Schema> = Schema[Table];
export type SubjectKeyRow = Pick<Row<'subject_keys'>, 'master_key_id' | 'wrapped_key'>;
export type PersonRow = Row<'people'> & SubjectKeyRow;

/** What a sealed personal field is sealed for. */
export const SEALED = {
  personIin: (id: string): FieldPlace => ({ table: 'people', column: 'iin', recordId: id }),
  personName: (id: string): FieldPlace => ({ table: 'people', column: 'name', recordId: id }),
  personEmail: (id: string): FieldPlace => ({ table: 'people', column: 'email', recordId: id }),
  personPhone: (id: string): FieldPlace => ({ table: 'people', column: 'phone', recordId: id }),
  organisationName: (id: string): FieldPlace => ({ table: 'organisations', column: 'name', recordId: id }),
  provisionalEmail: (membershipId: string): FieldPlace => ({
    table: 'provisional_access',
    column: 'email',
    recordId: membershipId,
  }),
  provisionalPhone: (membershipId: string): FieldPlace => ({
    table: 'provisional_access',
    column: 'phone',
    recordId: membershipId,
  }),
  stepUpText: (id: string): FieldPlace => ({ table: 'step_up_signatures', column: 'text', recordId: id }),
  stepUpSignature: (id: string): FieldPlace => ({
    table: 'step_up_signatures',
    column: 'signature',
    recordId: id,
  }),
  givenName: (id: string): FieldPlace => ({ table: 'memberships', column: 'given_name', recordId: id }),
  certificate: (membershipId: string, sha256: string): FieldPlace => ({
    table: 'certificate_bindings',
    column: 'der',
    recordId: `${membershipId}:${sha256}`,
  }),
} as const;

export type SubjectCipher = ReturnType<FieldCipher['subject']>;

export function subjectOf(cipher: FieldCipher, personId: string, key: SubjectKeyRow): SubjectCipher {
  return cipher.subject(personId, { masterKeyId: key.master_key_id, wrapped: key.wrapped_key });
}

/** The cipher of a person who is there and not erased: whoever asks has made sure within the same unit. */
export async function subjectOfPerson(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  personId: string,
): Promise<SubjectCipher> {
  const key = await database
    .selectFrom('subject_keys')
    .select(['master_key_id', 'wrapped_key'])
    .where('subject_id', '=', personId)
    .executeTakeFirst();
  if (key === undefined) throw new Error('the person has no key');
  return subjectOf(cipher, personId, key);
}

function selectOrganisations(database: Kysely<Schema>) {
  return database
    .selectFrom('organisations')
    .leftJoin('subject_keys', 'subject_keys.subject_id', 'organisations.owner_id')
    .selectAll('organisations')
    .select(['subject_keys.master_key_id', 'subject_keys.wrapped_key']);
}

const everyOrganisation = prepared((database) =>
  selectOrganisations(database).orderBy('organisations.name').orderBy('organisations.id'),
);
const organisationsById = prepared((database, asked: { ids: readonly string[] }) =>
  selectOrganisations(database).where('organisations.id', 'in', asked.ids),
);

const everyBin = prepared((database) => database.selectFrom('organisation_bins').selectAll());
const binsById = prepared((database, asked: { ids: readonly string[] }) =>
  database.selectFrom('organisation_bins').selectAll().where('organisation_id', 'in', asked.ids),
);

const peopleById = prepared((database, asked: { ids: readonly string[] }) =>
  selectPeople(database).where('people.id', 'in', asked.ids),
);

/** Organisations by identifier, in no order; or all, by name, those whose name is sealed first. */
export async function organisationsWhere(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  ids: readonly string[] | null,
): Promise<Organisation[]> {
  if (ids?.length === 0) return [];
  const [{ rows: organisations }, { rows: numbers }] =
    ids === null
      ? [await everyOrganisation(database, {}), await everyBin(database, {})]
      : [await organisationsById(database, { ids }), await binsById(database, { ids })];
  const byOrganisation = new Map<string, Bin[]>();
  for (const { organisation_id: id, bin } of numbers) {
    byOrganisation.set(id, [...(byOrganisation.get(id) ?? []), storedNumber(parseBin(bin))]);
  }
  return organisations.map(({ master_key_id, wrapped_key, ...row }) => {
    const key = master_key_id === null || wrapped_key === null ? null : { master_key_id, wrapped_key };
    return toOrganisation(row, byOrganisation.get(row.id) ?? [], key, cipher);
  });
}

/** Memberships with their organisation and person, in the order given. */
export async function accountsFrom(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  memberships: readonly Row<'memberships'>[],
): Promise<Account[]> {
  if (memberships.length === 0) return [];
  const organisations = new Map(
    (
      await organisationsWhere(database, cipher, [...new Set(memberships.map((row) => row.organisation_id))])
    ).map((organisation) => [organisation.id, organisation]),
  );
  const personIds = [...new Set(memberships.map((row) => row.person_id))];
  const { rows } = await peopleById(database, { ids: personIds });
  const people = new Map(rows.map((row) => [row.id, row]));
  return memberships.flatMap((row) => {
    const organisation = organisations.get(row.organisation_id);
    const person = people.get(row.person_id);
    // A person whose key is destroyed is erased: their membership is no account any more.
    return organisation === undefined || person === undefined
      ? []
      : [{ organisation, person: toMember(person, row, cipher), membership: toMembership(row) }];
  });
}

export function selectPeople(database: Kysely<Schema>) {
  return database
    .selectFrom('people')
    .innerJoin('subject_keys', 'subject_keys.subject_id', 'people.id')
    .selectAll('people')
    .select(['subject_keys.master_key_id', 'subject_keys.wrapped_key']);
}

export function toOrganisation(
  row: Row<'organisations'>,
  bins: readonly Bin[],
  ownerKey: SubjectKeyRow | null,
  cipher: FieldCipher,
): Organisation {
  const { id, owner_id, name_sealed } = row;
  const sealedName = (): string =>
    // The practice of somebody erased stays as a record without a name.
    owner_id === null || ownerKey === null || name_sealed === null
      ? ''
      : subjectOf(cipher, owner_id, ownerKey).open(SEALED.organisationName(id), name_sealed);
  return {
    id,
    kind: row.kind,
    name: row.name ?? sealedName(),
    bin: row.bin === null ? null : storedNumber(parseBin(row.bin)),
    branchBins: bins.filter((bin) => bin !== row.bin).sort(),
    ownerId: owner_id,
    status: row.status,
    settings: storedSettings(row.settings),
    createdAt: new Date(row.created_at),
    mergedInto: row.merged_into,
  };
}

export function toPerson(row: PersonRow, cipher: FieldCipher): Person {
  const subject = subjectOf(cipher, row.id, row);
  return {
    id: row.id,
    iin: storedNumber(parseIin(subject.open(SEALED.personIin(row.id), row.iin_sealed))),
    name: subject.open(SEALED.personName(row.id), row.name_sealed),
    nameConfirmed: row.name_confirmed_at !== null,
    status: row.status,
    createdAt: new Date(row.created_at),
  };
}

export function toMember(row: PersonRow, membership: Row<'memberships'>, cipher: FieldCipher): Person {
  const subject = subjectOf(cipher, row.id, row);
  return {
    id: row.id,
    iin: storedNumber(parseIin(subject.open(SEALED.personIin(row.id), row.iin_sealed))),
    name: visibleName(subject, row, membership),
    nameConfirmed: row.name_confirmed_at !== null && membership.provisional === 0,
    status: row.status,
    createdAt: new Date(row.created_at),
  };
}

/**
 * The name an organisation sees. Whoever is only invited, or took the invitation without an EDS, has not proved to be the person: the
 * organisation sees what it wrote itself, and learns nothing about somebody whose IIN it happens to know.
 */
export function visibleName(
  subject: SubjectCipher,
  person: Pick<Row<'people'>, 'id' | 'name_sealed'>,
  membership: Pick<Row<'memberships'>, 'id' | 'status' | 'provisional' | 'given_name_sealed'>,
): string {
  const unproved = membership.status === 'invited' || membership.provisional === 1;
  const name = unproved ? '' : subject.open(SEALED.personName(person.id), person.name_sealed);
  if (name !== '' || membership.given_name_sealed === null) return name;
  return subject.open(SEALED.givenName(membership.id), membership.given_name_sealed);
}

export function toMembership(row: Row<'memberships'>): Membership {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    personId: row.person_id,
    roles: JSON.parse(row.roles) as string[],
    status: row.status,
    since: new Date(row.since),
    until: row.until === null ? null : new Date(row.until),
    invitedBy: toParty(row.invited_by_kind, row.invited_by_id),
    decision: toDecision(row),
    confirmedAt: row.confirmed_at === null ? null : new Date(row.confirmed_at),
    provisional: row.provisional === 1,
  };
}

export function toDecision(
  row: Pick<Row<'memberships'>, 'decided_at' | 'decided_by_kind' | 'decided_by_id'>,
): Decision | null {
  const by = toParty(row.decided_by_kind, row.decided_by_id);
  return row.decided_at === null || by === null ? null : { by, at: new Date(row.decided_at) };
}

function toParty(kind: string | null, id: string | null): Party | null {
  return kind === null ? null : { kind, id };
}

/** Settings written by an older program lack what came later: the defaults stand in. */
function storedSettings(json: string): OrganisationSettings {
  return { ...DEFAULT_ORGANISATION_SETTINGS, ...(JSON.parse(json) as Partial<OrganisationSettings>) };
}

export function storedNumber<T>(number: T | null): T {
  if (number === null)
    throw new StorageError('STORAGE_CORRUPT', 'a stored identification number is malformed');
  return number;
}
