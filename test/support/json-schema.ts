/** Enough of JSON Schema 2020-12 to hold answers against the OpenAPI document. A keyword it does not know is a failure, not a pass. */
export type Schema = Readonly<Record<string, unknown>>;

const ANNOTATIONS = new Set(['description', 'title', 'examples', 'default', 'deprecated', '$schema', 'id']);
const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  integer: Number.isInteger,
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};
const FORMATS: Readonly<Record<string, RegExp>> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  uri: /^[a-z][a-z0-9+.-]*:\S+$/,
  base64: /^[A-Za-z0-9+/]*={0,2}$/,
};

type Check = (value: never, argument: never, schema: Schema, path: string, root: Schema) => readonly string[];

const fault = (holds: boolean, path: string, what: string): readonly string[] =>
  holds ? [] : [`${path} ${what}`];

const KEYWORDS: Readonly<Record<string, Check>> = {
  $ref: (value, reference: string, _schema, path, root) =>
    faults(value, resolve(reference, root), root, path),
  type(value, types: string | string[], _schema, path) {
    const named = Array.isArray(types) ? types : [types];
    return fault(
      named.some((type) => TYPES[type]?.(value)),
      path,
      `is no ${named.join(' or ')}`,
    );
  },
  enum: (value: unknown, values: unknown[], _schema, path) =>
    fault(values.includes(value), path, 'is none of the enum'),
  const: (value: unknown, only: unknown, _schema, path) => fault(value === only, path, 'is not the constant'),
  pattern: (value: unknown, pattern: string, _schema, path) =>
    fault(
      typeof value !== 'string' || new RegExp(pattern, 'u').test(value),
      path,
      `does not match ${pattern}`,
    ),
  format(value: unknown, format: string, _schema, path) {
    const form = FORMATS[format];
    if (form === undefined) return [`${path} has the unknown format ${format}`];
    return fault(typeof value !== 'string' || form.test(value), path, `is no ${format}`);
  },
  contentEncoding: () => [],
  minLength: (value: unknown, least: number, _schema, path) =>
    fault(typeof value !== 'string' || value.length >= least, path, 'is too short'),
  maxLength: (value: unknown, most: number, _schema, path) =>
    fault(typeof value !== 'string' || value.length <= most, path, 'is too long'),
  minimum: (value: unknown, least: number, _schema, path) =>
    fault(typeof value !== 'number' || value >= least, path, 'is too small'),
  maximum: (value: unknown, most: number, _schema, path) =>
    fault(typeof value !== 'number' || value <= most, path, 'is too large'),
  maxItems: (value: unknown, most: number, _schema, path) =>
    fault(!Array.isArray(value) || value.length <= most, path, 'has too many items'),
  items: (value: unknown, items: Schema, _schema, path, root) =>
    Array.isArray(value) ? value.flatMap((item, index) => faults(item, items, root, `${path}/${index}`)) : [],
  required: (value: unknown, names: string[], _schema, path) =>
    isObject(value) ? names.filter((name) => !(name in value)).map((name) => `${path} lacks ${name}`) : [],
  properties: (value: unknown, properties: Record<string, Schema>, _schema, path, root) =>
    isObject(value)
      ? Object.entries(properties).flatMap(([name, property]) =>
          name in value ? faults(value[name], property, root, `${path}/${name}`) : [],
        )
      : [],
  propertyNames: (value: unknown, names: Schema, _schema, path, root) =>
    isObject(value) ? Object.keys(value).flatMap((name) => faults(name, names, root, `${path}/${name}`)) : [],
  additionalProperties(value: unknown, rest: Schema | boolean, schema, path, root) {
    if (!isObject(value)) return [];
    const known = Object.keys(schema['properties'] ?? {});
    return Object.entries(value)
      .filter(([name]) => !known.includes(name))
      .flatMap(([name, item]) =>
        rest === true
          ? []
          : rest === false
            ? [`${path} has ${name} too much`]
            : faults(item, rest, root, `${path}/${name}`),
      );
  },
  anyOf: (value, schemas: Schema[], _schema, path, root) =>
    fault(
      schemas.some((schema) => faults(value, schema, root, path).length === 0),
      path,
      'fits none of the alternatives',
    ),
  oneOf: (value, schemas: Schema[], _schema, path, root) =>
    fault(
      schemas.filter((schema) => faults(value, schema, root, path).length === 0).length === 1,
      path,
      'does not fit exactly one of the alternatives',
    ),
  allOf: (value, schemas: Schema[], _schema, path, root) =>
    schemas.flatMap((schema) => faults(value, schema, root, path)),
};

/** What is wrong with a value, place by place; nothing when it fits. */
export function faults(value: unknown, schema: Schema, root: Schema, path = ''): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, argument]) => {
    if (ANNOTATIONS.has(keyword)) return [];
    const check = KEYWORDS[keyword];
    if (check === undefined) return [`${path} is described with ${keyword}, which this test cannot judge`];
    return check(value as never, argument as never, schema, path, root);
  });
}

/** The schema a local reference names. @throws when there is none */
export function resolve(reference: string, root: Schema): Schema {
  let found: unknown = root;
  for (const name of reference.replace(/^#\//, '').split('/')) {
    found = (found as Schema | undefined)?.[name.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  if (!isObject(found)) throw new Error(`${reference} names nothing`);
  return found;
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
