import { type Kysely } from 'kysely';
import { type Membership } from '../../accounts/account.js';
import { type Row, SEALED, subjectOfPerson } from './account-rows.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { type Schema } from './schema.js';

/** Writes a membership that begins: see `MemberStore.begin`. */
export async function beginMembership(
  database: Kysely<Schema>,
  cipher: FieldCipher,
  membership: Membership,
  givenName: string | null,
): Promise<boolean> {
  const { id, organisationId, personId, since } = membership;
  const fresh = {
    ...savedMembership(membership),
    given_name_sealed:
      givenName === null
        ? null
        : (await subjectOfPerson(database, cipher, personId)).seal(SEALED.givenName(id), givenName),
  };
  const written = await database
    .insertInto('memberships')
    .values({
      id,
      organisation_id: organisationId,
      person_id: personId,
      created_at: since.getTime(),
      ...fresh,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['person_id', 'organisation_id'])
        .doUpdateSet(fresh)
        .where('memberships.status', '=', 'removed')
        .where('memberships.id', '=', id),
    )
    .returning('id')
    .executeTakeFirst();
  return written !== undefined;
}

/** What may change of a membership while it is there. */
export function savedMembership(
  membership: Membership,
): Omit<Row<'memberships'>, 'id' | 'organisation_id' | 'person_id' | 'created_at' | 'given_name_sealed'> {
  const { invitedBy, decision } = membership;
  return {
    roles: JSON.stringify(membership.roles),
    status: membership.status,
    since: membership.since.getTime(),
    until: membership.until?.getTime() ?? null,
    invited_by_kind: invitedBy?.kind ?? null,
    invited_by_id: invitedBy?.id ?? null,
    decided_at: decision?.at.getTime() ?? null,
    decided_by_kind: decision?.by.kind ?? null,
    decided_by_id: decision?.by.id ?? null,
    confirmed_at: membership.confirmedAt?.getTime() ?? null,
    provisional: membership.provisional ? 1 : 0,
  };
}
