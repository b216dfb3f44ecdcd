import { createHash } from 'node:crypto';
import { type Compilable, type CompiledQuery, type Kysely, type QueryResult } from 'kysely';
import { type Schema } from './schema.js';

type Value = string | number | null;

/** What a prepared query is asked with; a list of another length is another query. */
export type Values<V> = { readonly [Name in keyof V]: Value | readonly Value[] };

/** Stands in a query for a value that is known only when it is asked. */
class Hole {
  readonly name: string;
  readonly index: number | null;

  constructor(name: string, index: number | null) {
    this.name = name;
    this.index = index;
  }

  [Symbol.toPrimitive](): never {
    throw new TypeError(`the value "${this.name}" is not known while its query is built`);
  }
}

/**
 * A query that is built and compiled once for a database and then only filled in: for what every sign-in and every session check
 * asks, building it costs more than the database takes to answer (docs/decisions/0010). `build` may hand its values to the query
 * and nothing else; to compute with them throws.
 */
export function prepared<V extends Values<V>, R>(
  build: (database: Kysely<Schema>, values: V) => Compilable<R>,
): (database: Kysely<Schema>, values: V) => Promise<QueryResult<R>> {
  const formsOf = new WeakMap<object, Map<string, NamedQuery<R>>>();
  return (database, values) => {
    // The adapter is the same for a database and for every transaction in it.
    const { adapter } = database.getExecutor();
    const forms = formsOf.get(adapter) ?? new Map<string, NamedQuery<R>>();
    formsOf.set(adapter, forms);
    const shape = shapeOf(values);
    const form = forms.get(shape) ?? named(build(database, holesFor(values)).compile());
    forms.set(shape, form);
    const query: NamedQuery<R> = {
      ...form,
      parameters: form.parameters.map((value) => fill(value, values)),
    };
    return database.executeQuery(query);
  };
}

/** A compiled query that will be asked again and again: a server may keep how it goes about it under this name. */
interface NamedQuery<R> extends CompiledQuery<R> {
  readonly statementName: string;
}

function named<R>(query: CompiledQuery<R>): NamedQuery<R> {
  // The same text has the same name in every process; another text under it would be refused.
  return { ...query, statementName: createHash('sha256').update(query.sql).digest('hex').slice(0, 32) };
}

/** The name of a prepared query; `undefined` for any other. */
export function statementNameOf(query: CompiledQuery): string | undefined {
  const { statementName } = query as Partial<NamedQuery<unknown>>;
  return statementName;
}

function shapeOf<V extends Values<V>>(values: V): string {
  let shape = '';
  for (const [name, value] of Object.entries<Value | readonly Value[]>(values)) {
    shape += isList(value) ? `${name}:${value.length},` : `${name},`;
  }
  return shape;
}

function holesFor<V extends Values<V>>(values: V): V {
  return Object.fromEntries(
    Object.entries<Value | readonly Value[]>(values).map(([name, value]) => [
      name,
      isList(value) ? value.map((_, index) => new Hole(name, index)) : new Hole(name, null),
    ]),
  ) as unknown as V;
}

function fill<V extends Values<V>>(parameter: unknown, values: V): unknown {
  if (!(parameter instanceof Hole)) return parameter;
  const value: unknown = values[parameter.name as keyof V];
  return parameter.index === null ? value : (value as readonly Value[])[parameter.index];
}

function isList(value: Value | readonly Value[]): value is readonly Value[] {
  return typeof value === 'object' && value !== null;
}
