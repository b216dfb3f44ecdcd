import { type Kysely } from 'kysely';
import { type Organisation } from '../../accounts/account.js';
import { nameMatcher } from '../../accounts/name-search.js';
import { type OrganisationStore } from '../../accounts/store.js';
import { inTransaction } from '../engines/transaction.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { organisationsWhere, type Row, SEALED, subjectOfPerson } from './account-rows.js';
import { pageOf } from './paging.js';
import { type Schema } from './schema.js';

/** Organisations in the database; the names of practices without a BIN sealed under their owner's key. */
export function createSqlOrganisations(database: Kysely<Schema>, cipher: FieldCipher): OrganisationStore {
  const byId = async (id: string | undefined): Promise<Organisation | null> =>
    id === undefined ? null : ((await organisationsWhere(database, cipher, [id]))[0] ?? null);

  return {
    insert: (organisation) =>
      inTransaction(database, (transaction) => insert(transaction, cipher, organisation)),
    insertBranch: (organisationId, bin) => insertNumbers(database, organisationId, [bin]),
    async deleteBranch(organisationId, bin) {
      const { numDeletedRows } = await database
        .deleteFrom('organisation_bins')
        .where('organisation_id', '=', organisationId)
        .where('bin', '=', bin)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },
    async moveNumbers(from, into) {
      await database
        .updateTable('organisation_bins')
        .set({ organisation_id: into })
        .where('organisation_id', '=', from)
        .execute();
    },
    async update(organisationId, { status, settings, mergedInto }) {
      await database
        .updateTable('organisations')
        .set({
          ...(status === undefined ? {} : { status }),
          ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
          ...(mergedInto === undefined ? {} : { merged_into: mergedInto }),
        })
        .where('id', '=', organisationId)
        .execute();
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

async function insert(
  transaction: Kysely<Schema>,
  cipher: FieldCipher,
  organisation: Organisation,
): Promise<'added' | 'taken'> {
  const { id, bin, branchBins, ownerId, name } = organisation;
  if (ownerId !== null && (await hasPractice(transaction, ownerId))) return 'taken';
  const numbers = bin === null ? [] : [bin, ...branchBins];
  if (await anyTaken(transaction, numbers)) return 'taken';
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
      status: organisation.status,
      settings: JSON.stringify(organisation.settings),
      created_at: organisation.createdAt.getTime(),
    })
    .execute();
  return numbers.length === 0 ? 'added' : insertNumbers(transaction, id, numbers);
}

async function insertNumbers(
  database: Kysely<Schema>,
  organisationId: string,
  numbers: readonly string[],
): Promise<'added' | 'taken'> {
  if (await anyTaken(database, numbers)) return 'taken';
  const values = numbers.map((bin) => ({ bin, organisation_id: organisationId }));
  await database.insertInto('organisation_bins').values(values).execute();
  return 'added';
}

async function anyTaken(database: Kysely<Schema>, numbers: readonly string[]): Promise<boolean> {
  if (numbers.length === 0) return false;
  const taken = await database
    .selectFrom('organisation_bins')
    .select('bin')
    .where('bin', 'in', numbers)
    .limit(1)
    .executeTakeFirst();
  return taken !== undefined;
}

async function hasPractice(database: Kysely<Schema>, ownerId: string): Promise<boolean> {
  const practice = await database
    .selectFrom('organisations')
    .select('id')
    .where('owner_id', '=', ownerId)
    .executeTakeFirst();
  return practice !== undefined;
}
