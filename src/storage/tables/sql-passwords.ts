import { type Kysely } from 'kysely';
import { type Iin } from '../../accounts/national-number.js';
import { type PasswordReach, type PasswordScope } from '../../passwords/scope.js';
import { type PasswordStore } from '../../passwords/store.js';
import { type FieldCipher } from '../keys/field-cipher.js';
import { prepared } from './prepared.js';
import { type Schema } from './schema.js';
import {
  createSqlProvisionalPasswords,
  type ProvisionalPasswords,
  standingOf,
} from './sql-provisional-passwords.js';

const removeAttempts = prepared((database, asked: { index: string }) =>
  database.deleteFrom('password_attempts').where('iin_index', '=', asked.index).returning('failures'),
);

/** Password hashes and attempts in the database. */
export function createSqlPasswords(database: Kysely<Schema>, cipher: FieldCipher): PasswordStore {
  const place = {
    database,
    provisional: createSqlProvisionalPasswords(database),
    indexOf: (iin: Iin) => cipher.blindIndex('iin', iin),
  };
  return { ...attemptsIn(place), ...hashesIn(place) };
}

interface Place {
  readonly database: Kysely<Schema>;
  readonly provisional: ProvisionalPasswords;
  readonly indexOf: (iin: Iin) => string;
}

function attemptsIn({
  database,
  provisional,
  indexOf,
}: Place): Pick<PasswordStore, 'reserveAttempt' | 'releaseAttempt' | 'attempts' | 'clearAttempts'> {
  return {
    async reserveAttempt(iin, scope, limit, now) {
      const index = indexOf(iin);
      const counted = typeof scope === 'object' ? undefined : await countAttempt(database, index, limit, now);
      const tried = scope === 'own' ? [] : await provisional.reserve(index, membershipIn(scope), limit);
      const stored = await ownOf(database, index);
      const own =
        counted === undefined || stored?.hash == null || stored.changed_at === null
          ? null
          : { hash: stored.hash, ...standingOf({ ...stored, changed_at: stored.changed_at }) };
      const [alone] = typeof scope === 'object' ? tried : [];
      return {
        reserved: (alone ?? counted) !== undefined,
        countedByIin: counted !== undefined,
        failures: (alone ?? counted)?.failures ?? limit,
        personId: stored?.id ?? null,
        own,
        provisional: tried,
      };
    },
    async releaseAttempt(iin, attempt) {
      const index = indexOf(iin);
      for (const { membershipId } of attempt.provisional) await provisional.release(membershipId);
      if (!attempt.countedByIin) return;
      await database
        .updateTable('password_attempts')
        .set((row) => ({ failures: row('failures', '-', 1) }))
        .where('iin_index', '=', index)
        .where('failures', '>', 0)
        .execute();
    },
    async attempts(iin) {
      const standing = await database
        .selectFrom('password_attempts')
        .select('failures')
        .where('iin_index', '=', indexOf(iin))
        .executeTakeFirst();
      return standing?.failures ?? 0;
    },
    async clearAttempts(iin, scope) {
      const index = indexOf(iin);
      if (typeof scope === 'object') return provisional.clear(index, scope.membershipId);
      if (scope === 'every') await provisional.clear(index, null);
      const { rows } = await removeAttempts(database, { index });
      return rows[0]?.failures ?? 0;
    },
  };
}

function hashesIn(
  place: Place,
): Omit<PasswordStore, 'reserveAttempt' | 'releaseAttempt' | 'attempts' | 'clearAttempts'> {
  const { database, provisional, indexOf } = place;
  return {
    async setHash(iin, hash, now, remembered, over) {
      const person = await ownOf(database, indexOf(iin));
      if (person === undefined) return 'no-person';
      const row = { person_id: person.id, hash, changed_at: now.getTime() };
      if ('since' in over) {
        const { since, scope } = over;
        if (typeof scope === 'object') {
          return (await provisional.replace(scope.membershipId, hash, now, since)) ? 'set' : 'superseded';
        }
        if (!(await replaceOwn(database, row, since))) return 'superseded';
      } else if (await setsProvisional(place, person, over, hash, now)) return 'set';
      else await setOwn(database, row, over.temporaryUntil);
      await remember(database, row, remembered);
      return 'set';
    },
    async replaceHash(personId, oldHash, newHash) {
      for (const table of ['passwords', 'password_history', 'provisional_access'] as const) {
        await database
          .updateTable(table)
          .set({ hash: newHash })
          .where('person_id', '=', personId)
          .where('hash', '=', oldHash)
          .execute();
      }
    },
    async standing(personId, membershipId) {
      if (membershipId !== null) return provisional.standing(membershipId);
      const stored = await database
        .selectFrom('passwords')
        .select(['hash', 'changed_at', 'temporary_until'])
        .where('person_id', '=', personId)
        .executeTakeFirst();
      return stored === undefined ? null : { hash: stored.hash, ...standingOf(stored) };
    },
    async latestHashes(iin, count) {
      const rows = await database
        .selectFrom('password_history')
        .innerJoin('people', 'people.id', 'password_history.person_id')
        .select('password_history.hash')
        .where('people.iin_index', '=', indexOf(iin))
        .orderBy('password_history.changed_at', 'desc')
        .limit(count)
        .execute();
      return rows.map(({ hash }) => hash);
    },
    async hashesBeside(iin, membershipId) {
      const index = indexOf(iin);
      const own = membershipId === null ? null : (await ownOf(database, index))?.hash;
      return [...(own == null ? [] : [own]), ...(await provisional.hashesBeside(index, membershipId))];
    },
  };
}

type Present = Pick<Schema['passwords'], 'person_id' | 'hash' | 'changed_at'>;

/** One atomic step: `undefined` when the limit is reached. */
function countAttempt(database: Kysely<Schema>, index: string, limit: number, now: Date) {
  return database
    .insertInto('password_attempts')
    .values({ iin_index: index, failures: 1, last_at: now.getTime() })
    .onConflict((conflict) =>
      conflict
        .column('iin_index')
        .doUpdateSet((row) => ({
          failures: row('password_attempts.failures', '+', 1),
          last_at: now.getTime(),
        }))
        .where('password_attempts.failures', '<', limit),
    )
    .returning('failures')
    .executeTakeFirst();
}

function ownOf(database: Kysely<Schema>, index: string) {
  return database
    .selectFrom('people')
    .leftJoin('passwords', 'passwords.person_id', 'people.id')
    .select(['people.id', 'passwords.hash', 'passwords.changed_at', 'passwords.temporary_until'])
    .where('people.iin_index', '=', index)
    .executeTakeFirst();
}

/** Sets the person's own. */
async function setOwn(
  database: Kysely<Schema>,
  { person_id, ...hashed }: Present,
  temporaryUntil: Date | null,
): Promise<void> {
  const changed = { ...hashed, temporary_until: temporaryUntil?.getTime() ?? null };
  await database
    .insertInto('passwords')
    .values({ person_id, ...changed })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(changed))
    .execute();
}

/** False when another has been set since. */
async function replaceOwn(
  database: Kysely<Schema>,
  { person_id, ...hashed }: Present,
  since: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('passwords')
    .set({ ...hashed, temporary_until: null })
    .where('person_id', '=', person_id)
    .where('changed_at', '=', since.getTime())
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Adds the present password to the latest ones and lets go of what nobody will compare with. */
async function remember(database: Kysely<Schema>, row: Present, count: number): Promise<void> {
  // Under a salt that stayed the same password is the same hash.
  await database
    .insertInto('password_history')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['person_id', 'hash']).doUpdateSet({ changed_at: row.changed_at }),
    )
    .execute();
  await database
    .deleteFrom('password_history')
    .where('person_id', '=', row.person_id)
    .where('hash', 'not in', (history) =>
      history
        .selectFrom('password_history')
        .select('hash')
        .where('person_id', '=', row.person_id)
        .orderBy('changed_at', 'desc')
        .limit(count),
    )
    .execute();
}

/** Whether it was a provisional password that was to be set, and is. */
async function setsProvisional(
  { provisional }: Place,
  person: { readonly id: string; readonly hash: string | null },
  { reach, temporaryUntil }: { readonly reach: PasswordReach; readonly temporaryUntil: Date | null },
  hash: string,
  now: Date,
): Promise<boolean> {
  if (reach === 'everywhere') return false;
  if (typeof reach === 'object') {
    await provisional.set({ ...reach, personId: person.id }, hash, now);
    return true;
  }
  return person.hash === null && (await provisional.setAllOf(person.id, hash, now, temporaryUntil));
}

function membershipIn(scope: PasswordScope): string | null {
  return typeof scope === 'object' ? scope.membershipId : null;
}
