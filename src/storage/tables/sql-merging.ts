/** One organisation into another: its numbers, and its people as requests that the other's manager decides. */
import { type Kysely } from 'kysely';
import { AccountError } from '../../accounts/account.js';
import { type Bin } from '../../accounts/national-number.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { type Schema } from './schema.js';
import { createSqlMembers } from './sql-members.js';
import { organisationRow } from './sql-organisations.js';
import { inTransaction } from '../engines/transaction.js';

/** See `Organisations.mergeOrganisation`. */
export function mergeOrganisation(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  { from, into }: { readonly from: string; readonly into: string },
  now: Date,
): Promise<{ readonly requests: number }> {
  return inTransaction(database, async (transaction) => {
    for (const id of [from, into]) {
      const { kind, merged_into: merged } = await organisationRow(transaction, id);
      if (kind !== 'legal-entity' || merged !== null || from === into) {
        throw new AccountError('ORGANISATION_NOT_MERGEABLE', 'these organisations cannot become one');
      }
    }
    await transaction
      .updateTable('organisation_bins')
      .set({ organisation_id: into })
      .where('organisation_id', '=', from)
      .execute();
    const requests = await askForPeople(transaction, cipher, { from, into }, now);
    await closeMemberships(transaction, from, now);
    await transaction
      .updateTable('organisations')
      .set({ status: 'suspended', merged_into: into })
      .where('id', '=', from)
      .execute();
    return { requests };
  });
}

/** Whoever had proved to belong asks to belong to the whole. A manager of a part manages the whole no more than anybody else. */
async function askForPeople(
  transaction: Kysely<Schema>,
  cipher: FieldCipher,
  { from, into }: { readonly from: string; readonly into: string },
  now: Date,
): Promise<number> {
  const people = await transaction
    .selectFrom('memberships')
    .select('person_id')
    .where('organisation_id', '=', from)
    .where('status', 'in', ['active', 'requested'])
    .where('provisional', '=', 0)
    .execute();
  const members = createSqlMembers(transaction, cipher, into);
  let requests = 0;
  for (const { person_id: personId } of people) {
    const present = await members.ofPerson(personId);
    if (present !== null && present.membership.status !== 'removed') continue;
    await members.add({ personId, status: 'requested', roles: [], by: null }, now);
    requests += 1;
  }
  return requests;
}

async function closeMemberships(transaction: Kysely<Schema>, from: string, now: Date): Promise<void> {
  await transaction
    .updateTable('invitations')
    .set({ revoked_at: now.getTime() })
    .where('organisation_id', '=', from)
    .where('taken_at', 'is', null)
    .where('revoked_at', 'is', null)
    .execute();
  await transaction
    .updateTable('provisional_access')
    .set({ hash: null, failures: 0, email_sealed: null, phone_sealed: null, ended_at: now.getTime() })
    .where('organisation_id', '=', from)
    .where('ended_at', 'is', null)
    .execute();
  await transaction
    .updateTable('memberships')
    .set({ status: 'removed', until: now.getTime() })
    .where('organisation_id', '=', from)
    .where('status', '<>', 'removed')
    .execute();
}

/** See `Organisations.releaseBranch`. */
export async function releaseBranch(
  database: Kysely<Schema>,
  organisationId: string,
  bin: Bin,
): Promise<boolean> {
  const { bin: main } = await organisationRow(database, organisationId);
  if (main === bin) return false;
  const { numDeletedRows } = await database
    .deleteFrom('organisation_bins')
    .where('organisation_id', '=', organisationId)
    .where('bin', '=', bin)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}
