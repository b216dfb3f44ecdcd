/** Holds answers against the OpenAPI document. An unknown keyword or format is an error, not a pass. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

export type Schema = Readonly<Record<string, unknown>>;

const FORMATS = ['date-time', 'uuid', 'uri', 'email'] as const;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

interface Judge {
  readonly ajv: Ajv2020;
  readonly compiled: Map<string, ValidateFunction>;
}

const judges = new WeakMap<Schema, Judge>();

function judgeOf(root: Schema): Judge {
  const known = judges.get(root);
  if (known !== undefined) return known;
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, allowUnionTypes: true });
  formats.default(ajv, [...FORMATS]);
  ajv.addFormat('base64', BASE64);
  // What zod notes beside its schemas, which says nothing about values.
  ajv.addVocabulary(['openapi', 'info', 'servers', 'paths', 'components', 'tags', 'example']);
  const judge = { ajv, compiled: new Map<string, ValidateFunction>() };
  judges.set(root, judge);
  return judge;
}

/** What is wrong with a value, place by place; nothing when it fits. */
export function faults(value: unknown, schema: Schema, root: Schema, path = ''): readonly string[] {
  const { ajv, compiled } = judgeOf(root);
  const text = JSON.stringify(schema);
  let validate = compiled.get(text);
  if (validate === undefined) {
    validate = ajv.compile({ ...schema, components: root['components'] });
    compiled.set(text, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message = 'does not fit', params }) =>
      `${path}${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** The schema a local reference names. @throws when there is none */
export function resolve(reference: string, root: Schema): Schema {
  let found: unknown = root;
  for (const name of reference.replace(/^#\//, '').split('/')) {
    found = (found as Schema | undefined)?.[name.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  if (typeof found !== 'object' || found === null) throw new Error(`${reference} names nothing`);
  return found as Schema;
}
