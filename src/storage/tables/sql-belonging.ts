/** What every look at a session asks, in one statement: membership, person, organisation, roles and certificate. */
import { type Compilable, type Kysely, PostgresAdapter, sql } from 'kysely';
import { type Belonging } from '../../accounts/directory.js';
import { claimsFrom } from '../../accounts/role.js';
import {
  type Row,
  storedNumber,
  type SubjectKeyRow,
  toMember,
  toMembership,
  toOrganisation,
} from './account-rows.js';
import { parseBin } from '../../accounts/national-number.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { prepared } from './prepared.js';
import { type Schema } from './schema.js';
import { toDefinition } from './sql-roles.js';

type Roles = readonly Omit<Row<'organisation_roles'>, 'organisation_id' | 'created_at'>[];

/** What every look asks, beside the columns of several tables, each under its table's letter. */
interface BelongingRow {
  /** JSON; PostgreSQL's comes read already, and null for a list of nothing. */
  readonly bins: string | readonly string[] | null;
  readonly roles: string | Roles | null;
  readonly certificate_not_after: number | null;
}

const KEY = ['master_key_id', 'wrapped_key'] as const;
const COLUMNS: readonly (readonly [table: string, letter: string, columns: readonly string[]])[] = [
  [
    'memberships',
    'm',
    [
      ...[
        'id',
        'organisation_id',
        'person_id',
        'roles',
        'status',
        'given_name_sealed',
        'created_at',
        'since',
      ],
      ...['until', 'invited_by_kind', 'invited_by_id', 'decided_at', 'decided_by_kind', 'decided_by_id'],
      ...['confirmed_at', 'provisional'],
    ],
  ],
  [
    'organisations',
    'o',
    [
      ...['id', 'kind', 'name', 'name_sealed', 'bin', 'owner_id', 'status', 'settings', 'created_at'],
      'merged_into',
    ],
  ],
  ['people', 'p', ['id', 'iin_sealed', 'name_sealed', 'name_confirmed_at', 'status', 'created_at']],
  ['person_keys', 'p', KEY],
  ['owner_keys', 'k', KEY],
];

const SELECTED = COLUMNS.flatMap(([table, letter, columns]) =>
  columns.map((column) => `${table}.${column} as ${letter}_${column}`),
).join(', ');

const belongingRow = prepared(
  (database, asked: { membershipId: string; sha256: string }): Compilable<BelongingRow> => {
    const array = sql.raw(
      database.getExecutor().adapter instanceof PostgresAdapter ? 'json_agg' : 'json_group_array',
    );
    const object = sql.raw(
      database.getExecutor().adapter instanceof PostgresAdapter ? 'json_build_object' : 'json_object',
    );
    // A role stands in the text of the membership's roles in quotes. What this finds too much is passed over by `claimsFrom`.
    const query = sql<BelongingRow>`select ${sql.raw(SELECTED)},
        (select ${array}(organisation_bins.bin) from organisation_bins
          where organisation_bins.organisation_id = memberships.organisation_id) as bins,
        (select ${array}(${object}('name', organisation_roles.name, 'title', organisation_roles.title,
            'permissions', organisation_roles.permissions)) from organisation_roles
          where organisation_roles.organisation_id = memberships.organisation_id
            and memberships.roles like '%"' || organisation_roles.name || '"%') as roles,
        (select not_after from certificate_bindings
          where certificate_bindings.membership_id = memberships.id
            and certificate_bindings.certificate_sha256 = ${asked.sha256}) as certificate_not_after
      from memberships
        join people on people.id = memberships.person_id
        join subject_keys as person_keys on person_keys.subject_id = people.id
        join organisations on organisations.id = memberships.organisation_id
        left join subject_keys as owner_keys on owner_keys.subject_id = organisations.owner_id
      where memberships.id = ${asked.membershipId}`;
    return { compile: () => query.compile(database) };
  },
);

/** See `Doorway.belonging`. */
export async function belongingOf(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  membershipId: string,
  certificateSha256: string | null,
): Promise<Belonging | null> {
  const [row] = (await belongingRow(database, { membershipId, sha256: certificateSha256 ?? '' })).rows;
  if (row === undefined) return null;
  const membership = toMembership(under(row, 'm'));
  const { master_key_id, wrapped_key } = under(row, 'k');
  const ownerKey = master_key_id === null || wrapped_key === null ? null : { master_key_id, wrapped_key };
  const bins = listIn<string>(row.bins).map((bin) => storedNumber(parseBin(bin)));
  const definitions = listIn<Roles[number]>(row.roles).map(toDefinition);
  return {
    account: {
      organisation: toOrganisation(under(row, 'o'), bins, ownerKey, cipher),
      person: toMember(under(row, 'p'), under(row, 'm'), cipher),
      membership,
    },
    claims: claimsFrom(membership.roles, definitions),
    certificateNotAfter: row.certificate_not_after === null ? null : new Date(row.certificate_not_after),
  };
}

interface Letters {
  readonly m: Row<'memberships'>;
  readonly o: Row<'organisations'>;
  readonly p: Row<'people'> & SubjectKeyRow;
  readonly k: { readonly [Name in keyof SubjectKeyRow]: string | null };
}

/** The columns of one table out of a row of several. */
function under<Letter extends keyof Letters>(row: BelongingRow, letter: Letter): Letters[Letter] {
  const own = Object.entries(row).filter(([name]) => name.startsWith(`${letter}_`));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(2), value])) as unknown as Letters[Letter];
}

function listIn<Item>(list: string | readonly Item[] | null): readonly Item[] {
  return typeof list === 'string' ? (JSON.parse(list) as readonly Item[]) : (list ?? []);
}
