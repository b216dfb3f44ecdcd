import { randomUUID } from 'node:crypto';
import { type Kysely } from 'kysely';
import { AccountError, DEFAULT_ORGANISATION_SETTINGS, type Organisation } from '../../accounts/account.js';
import { type Merging, type NewOrganisation, type Organisations } from '../../accounts/directory.js';
import { nameMatcher } from '../../accounts/name-search.js';
import { readName } from '../../accounts/naming.js';
import { type Bin } from '../../accounts/national-number.js';
import { changedSettings, type OrganisationSettings } from '../../accounts/settings.js';
import {
  organisationsWhere,
  type Row,
  SEALED,
  subjectOfPerson,
  unknownOrganisation,
} from './account-rows.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { pageOf } from './paging.js';
import { type Schema } from './schema.js';
import { inTransaction } from '../engines/transaction.js';

/** Organisations in the database; the names of practices without a BIN sealed under their owner's key. */
export function createSqlOrganisations(
  database: Kysely<Schema>,
  cipher: FieldCipher,
): Omit<Organisations, keyof Merging> {
  const byId = async (id: string | undefined): Promise<Organisation | null> =>
    id === undefined ? null : ((await organisationsWhere(database, cipher, [id]))[0] ?? null);

  return {
    addOrganisation: (details, now) =>
      inTransaction(database, async (transaction) => {
        const organisation = founded(details, now);
        const { id, bin, branchBins, ownerId, name } = organisation;
        const numbers = bin === null ? [] : [bin, ...branchBins];
        for (const number of numbers) await assertBinFree(transaction, number);
        if (ownerId !== null) await assertNoPractice(transaction, ownerId);
        const sealed =
          ownerId === null
            ? null
            : (await subjectOfPerson(transaction, cipher, ownerId)).seal(SEALED.organisationName(id), name);
        await transaction
          .insertInto('organisations')
          .values({
            id,
            kind: organisation.kind,
            name: sealed === null ? name : null,
            name_sealed: sealed,
            bin,
            owner_id: ownerId,
            status: 'active',
            settings: JSON.stringify(organisation.settings),
            created_at: now.getTime(),
          })
          .execute();
        if (numbers.length > 0) {
          const values = numbers.map((number) => ({ bin: number, organisation_id: id }));
          await transaction.insertInto('organisation_bins').values(values).execute();
        }
        return organisation;
      }),
    addBranch: (organisationId, bin) =>
      inTransaction(database, async (transaction) => {
        const row = await organisationRow(transaction, organisationId);
        if (row.kind !== 'legal-entity') {
          throw new AccountError('ORGANISATION_KIND', 'only a legal entity has branches');
        }
        await assertBinFree(transaction, bin);
        await transaction
          .insertInto('organisation_bins')
          .values({ bin, organisation_id: organisationId })
          .execute();
      }),
    async setOrganisationStatus(organisationId, status) {
      const { merged_into: merged } = await organisationRow(database, organisationId);
      if (merged !== null) {
        throw new AccountError('ORGANISATION_NOT_MERGEABLE', 'the organisation became part of another');
      }
      await database.updateTable('organisations').set({ status }).where('id', '=', organisationId).execute();
    },
    async organisationByBin(bin) {
      const row = await database
        .selectFrom('organisation_bins')
        .select('organisation_id')
        .where('bin', '=', bin)
        .executeTakeFirst();
      return byId(row?.organisation_id);
    },
    async organisationByOwner(iin) {
      const row = await database
        .selectFrom('organisations')
        .innerJoin('people', 'people.id', 'organisations.owner_id')
        .select('organisations.id')
        .where('people.iin_index', '=', cipher.blindIndex('iin', iin))
        .executeTakeFirst();
      return byId(row?.id);
    },
    organisationById: byId,
    organisations: () => organisationsWhere(database, cipher, null),
    listOrganisations: ({ search, ...request }) =>
      pageOf({
        request,
        async rows(after, count) {
          let rows = database.selectFrom('organisations').select(['id', 'name', 'bin', 'created_at']);
          if (after !== null) {
            rows = rows.where((row) =>
              row(row.refTuple('created_at', 'id'), '>', row.tuple(after.at, after.id)),
            );
          }
          return rows.orderBy('created_at').orderBy('id').limit(count).execute();
        },
        mark: ({ created_at, id }) => ({ at: created_at, id }),
        wanted: search === undefined ? null : matcher(search),
        async items(rows) {
          const ids = rows.map(({ id }) => id);
          const organisations = await organisationsWhere(database, cipher, ids);
          return ids.flatMap((id) => organisations.find((organisation) => organisation.id === id) ?? []);
        },
      }),
  };
}

/** By BIN, or by name; the names of practices without a BIN are sealed and are not looked into. */
function matcher(search: string): (row: Pick<Row<'organisations'>, 'name' | 'bin'>) => boolean {
  const matches = nameMatcher(search);
  return ({ name, bin }) => bin === search || (name !== null && matches(name));
}

/** Changes the settings of one organisation and says what they are now. */
export async function changeSettings(
  database: Kysely<Schema>,
  organisationId: string,
  change: (before: string) => OrganisationSettings,
): Promise<OrganisationSettings> {
  const settings = change((await organisationRow(database, organisationId)).settings);
  await database
    .updateTable('organisations')
    .set({ settings: JSON.stringify(settings) })
    .where('id', '=', organisationId)
    .execute();
  return settings;
}

/** @throws AccountError `ORGANISATION_UNKNOWN` */
export async function organisationRow(database: Kysely<Schema>, id: string): Promise<Row<'organisations'>> {
  const row = await database.selectFrom('organisations').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw unknownOrganisation();
  return row;
}

function founded(details: NewOrganisation, now: Date): Organisation {
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
    return {
      ...common,
      kind: details.kind,
      bin: null,
      branchBins: [],
      ownerId: details.ownerId,
      settings: changedSettings(defaults, details.settings ?? {}),
    };
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

async function assertBinFree(database: Kysely<Schema>, bin: Bin): Promise<void> {
  const taken = await database
    .selectFrom('organisation_bins')
    .select('bin')
    .where('bin', '=', bin)
    .executeTakeFirst();
  if (taken !== undefined) throw numberTaken();
}

async function assertNoPractice(database: Kysely<Schema>, ownerId: string): Promise<void> {
  const taken = await database
    .selectFrom('organisations')
    .select('id')
    .where('owner_id', '=', ownerId)
    .executeTakeFirst();
  if (taken !== undefined) throw numberTaken();
}

function numberTaken(): AccountError {
  return new AccountError('ORGANISATION_BIN_TAKEN', 'this number already belongs to an organisation');
}
