/** Every sealed value of a database, table by table, and the proof that each opens. */
import { type Kysely, sql } from 'kysely';
import { parseIin } from '../../accounts/national-number.js';
import { SEALED } from '../tables/account-rows.js';
import { StorageError } from '../error.js';
import { type FieldCipher, type FieldPlace } from './field-cipher.js';
import { sealedOrigin } from '../tables/audit-origin.js';
import { INSTALLATION } from './installation-key.js';
import { sealedLogKey } from './log-keys.js';
import { type Schema } from '../tables/schema.js';
import { acceptanceSignature } from '../tables/sql-terms.js';

/** A table with sealed columns: what its rows are known by, and whose key seals them. */
interface SealedTable {
  readonly table: keyof Schema;
  readonly key: readonly string[];
  /** The identifier of the person, as SQL over the row `t`. */
  readonly person: string;
  /** Each sealed column with the place its value belongs to, by the values of `key`. */
  readonly columns: Readonly<Record<string, (...key: string[]) => FieldPlace>>;
}

const ID = ['id'] as const;

export const SEALED_TABLES: readonly SealedTable[] = [
  {
    table: 'people',
    key: ID,
    person: 't.id',
    columns: {
      iin_sealed: SEALED.personIin,
      name_sealed: SEALED.personName,
      email_sealed: SEALED.personEmail,
      phone_sealed: SEALED.personPhone,
    },
  },
  {
    table: 'organisations',
    key: ID,
    person: 't.owner_id',
    columns: { name_sealed: SEALED.organisationName },
  },
  { table: 'memberships', key: ID, person: 't.person_id', columns: { given_name_sealed: SEALED.givenName } },
  {
    table: 'provisional_access',
    key: ['membership_id'],
    person: 't.person_id',
    columns: { email_sealed: SEALED.provisionalEmail, phone_sealed: SEALED.provisionalPhone },
  },
  {
    table: 'certificate_bindings',
    key: ['membership_id', 'certificate_sha256'],
    person: '(select person_id from memberships where memberships.id = t.membership_id)',
    columns: { der_sealed: SEALED.certificate },
  },
  {
    table: 'step_up_signatures',
    key: ID,
    person: 't.person_id',
    columns: { text_sealed: SEALED.stepUpText, signature_sealed: SEALED.stepUpSignature },
  },
  {
    table: 'terms_acceptances',
    key: ID,
    person: 't.person_id',
    columns: { signature_sealed: acceptanceSignature },
  },
  {
    table: 'audit_records',
    key: ['sequence', 'origin_digest'],
    person: 't.origin_of',
    columns: { origin_sealed: (_sequence, digest) => sealedOrigin(digest) },
  },
  {
    table: 'audit_keys',
    key: ID,
    person: `'${INSTALLATION}'`,
    columns: { key_sealed: sealedLogKey },
  },
];

/** Where a value stands that does not open, or the index of a person that is not theirs. */
export interface Unopened {
  readonly table: string;
  readonly column: string;
  readonly record: string;
}

export interface OpeningReport {
  readonly opened: number;
  readonly failed: number;
  /** The first of those that failed. */
  readonly unopened: readonly Unopened[];
}

const PAGE = 500;
/** More of them are not worth naming. */
const NAMED_MAX = 20;

/**
 * Opens every sealed value and computes every index of an IIN anew. Values of people who were erased are passed over: nothing opens them.
 */
export async function openEverything(database: Kysely<Schema>, cipher: FieldCipher): Promise<OpeningReport> {
  let [opened, failed] = [0, 0];
  const unopened: Unopened[] = [];
  for (const table of SEALED_TABLES) {
    for await (const row of rowsOf(database, table)) {
      const record = table.key.map((column) => text(row[column])).join(':');
      for (const [column, place] of Object.entries(table.columns)) {
        if (row[column] === null) continue;
        if (opens(row, column, place(...table.key.map((name) => text(row[name]))), cipher)) {
          opened += 1;
          continue;
        }
        failed += 1;
        if (unopened.length < NAMED_MAX) unopened.push({ table: table.table, column, record });
      }
    }
  }
  return { opened, failed, unopened };
}

async function* rowsOf(
  database: Kysely<Schema>,
  { table, key, person, columns }: SealedTable,
): AsyncGenerator<Record<string, unknown>> {
  const names = (list: readonly string[]) => sql.join(list.map((name) => sql.ref(`t.${name}`)));
  const index = table === 'people' ? sql`, t.iin_index` : sql``;
  let after: readonly unknown[] | null = null;
  for (;;) {
    const beyond: ReturnType<typeof sql> =
      after === null ? sql`` : sql`where (${names(key)}) > (${sql.join([...after])})`;
    const { rows } = await sql<Record<string, unknown>>`
      select ${names(key)}, ${names(Object.keys(columns))}${index}, k.subject_id, k.master_key_id, k.wrapped_key
      from ${sql.table(table)} as t join subject_keys as k on k.subject_id = ${sql.raw(person)}
      ${beyond} order by ${names(key)} limit ${PAGE}`.execute(database);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = key.map((name) => last[name]);
  }
}

function opens(
  row: Record<string, unknown>,
  column: string,
  place: FieldPlace,
  cipher: FieldCipher,
): boolean {
  try {
    const wrapped = { masterKeyId: text(row['master_key_id']), wrapped: text(row['wrapped_key']) };
    const value = cipher.subject(text(row['subject_id']), wrapped).open(place, text(row[column]));
    if (column !== 'iin_sealed') return true;
    return parseIin(value) !== null && cipher.blindIndex('iin', value) === row['iin_index'];
  } catch (error) {
    if (error instanceof StorageError) return false;
    throw error;
  }
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new StorageError('STORAGE_CORRUPT', 'a column of texts and numbers holds something else');
}
