/**
 * Turns of units of work. On PostgreSQL units run beside one another; those that decide about the same organisation, person or session take
 * turns, and nothing else does. On SQLite every unit has the database to itself, and there is nothing to take.
 *
 * A unit that needs several takes them in the order of this file: platform, organisations, people, then what is smaller. One that cannot
 * is found out by the database as a deadlock, and run again.
 */
import { type Kysely, PostgresAdapter, sql } from 'kysely';
import { prepared } from '../tables/prepared.js';
import { type Schema } from '../tables/schema.js';

/** What a unit decides about. */
export type Subject =
  | 'platform'
  | `organisation:${string}`
  /** By the index of the IIN, so that it is the same for a person who is not known yet. */
  | `person:${string}`
  | `client:${string}`
  | `sessions:${string}`
  | `session:${string}`;

/** `alone`: nobody else meanwhile. `beside`: others who only rely on it as well. */
type Turn = 'alone' | 'beside';

const taken = new WeakMap<Kysely<Schema>, Map<string, Turn>>();

const takeAlone = prepared((database, asked: { subject: string }) =>
  database.selectNoFrom(
    sql<string>`pg_advisory_xact_lock(hashtextextended(${asked.subject}, 0))`.as('taken'),
  ),
);

const takeBeside = prepared((database, asked: { subject: string }) =>
  database.selectNoFrom(
    sql<string>`pg_advisory_xact_lock_shared(hashtextextended(${asked.subject}, 0))`.as('taken'),
  ),
);

const takeOfPersonById = prepared((database, asked: { id: string }) =>
  database
    .selectFrom('people')
    .select(
      sql<string>`pg_advisory_xact_lock(hashtextextended('person:' || people.iin_index, 0))`.as('taken'),
    )
    .where('id', '=', asked.id),
);

/** Each organisation of a person as one that is relied on, in one order, and then the person. */
const takeOfPersonAndPlaces = prepared((database, asked: { index: string; subject: string }) =>
  database
    .selectFrom((from) =>
      from
        .selectFrom('memberships')
        .innerJoin('people', 'people.id', 'memberships.person_id')
        .select('memberships.organisation_id')
        .distinct()
        .where('people.iin_index', '=', asked.index)
        .orderBy('memberships.organisation_id')
        .as('place'),
    )
    .select('place.organisation_id')
    .select(
      sql<string>`pg_advisory_xact_lock_shared(hashtextextended('organisation:' || place.organisation_id, 0))`.as(
        'taken',
      ),
    )
    .unionAll(
      database
        .selectNoFrom(sql<string>`''`.as('organisation_id'))
        .select(sql<string>`pg_advisory_xact_lock(hashtextextended(${asked.subject}, 0))`.as('taken')),
    ),
);

function turnsOf(unit: Kysely<Schema>): Map<string, Turn> | null {
  if (!unit.isTransaction || !(unit.getExecutor().adapter instanceof PostgresAdapter)) return null;
  const known = taken.get(unit) ?? new Map<string, Turn>();
  taken.set(unit, known);
  return known;
}

/** Waits for the turn of a subject, which lasts until the unit ends. What is read from then on is as the unit before left it. */
export async function takeTurn(unit: Kysely<Schema>, subject: Subject, turn: Turn = 'alone'): Promise<void> {
  const known = turnsOf(unit);
  if (known === null || known.get(subject) === 'alone' || known.get(subject) === turn) return;
  await (turn === 'alone' ? takeAlone : takeBeside)(unit, { subject });
  known.set(subject, turn);
}

/** The turn of a person who is known by identifier. */
export async function takeTurnOfPerson(unit: Kysely<Schema>, personId: string): Promise<void> {
  const known = turnsOf(unit);
  if (known === null || known.has(`person-id:${personId}`)) return;
  await takeOfPersonById(unit, { id: personId });
  known.set(`person-id:${personId}`, 'alone');
}

/**
 * The turn of a person, by the index of their IIN, and beside others that of every organisation they belong to: nobody changes their
 * memberships, their roles or those organisations until the unit ends.
 */
export async function takeTurnWithPlaces(unit: Kysely<Schema>, index: string): Promise<void> {
  const known = turnsOf(unit);
  const subject = `person:${index}` as const;
  if (known === null || known.has(`places-of:${index}`)) return;
  const { rows } = await takeOfPersonAndPlaces(unit, { index, subject });
  for (const { organisation_id: id } of rows) {
    const organisation = `organisation:${id}` as const;
    if (id !== '' && !known.has(organisation)) known.set(organisation, 'beside');
  }
  known.set(subject, 'alone');
  known.set(`places-of:${index}`, 'beside');
}

/** A store whose every question waits for the turn first. */
export function inTurn<S extends object>(store: S, turn: () => Promise<void>): S {
  return Object.fromEntries(
    Object.entries(store).map(([name, method]: [string, unknown]) => [
      name,
      typeof method === 'function'
        ? async (...asked: unknown[]): Promise<unknown> => {
            await turn();
            return (method as (...asked: unknown[]) => unknown)(...asked);
          }
        : method,
    ]),
  ) as S;
}
