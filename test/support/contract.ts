import { type Schema } from './json-schema.js';

/** An operation as the running gateway describes it. */
export interface DescribedOperation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly access: string;
  readonly permission: string | null;
  readonly platform: readonly string[] | null;
  readonly stepUp: string | null;
  readonly parameters: readonly DescribedParameter[];
  readonly takesBody: boolean;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

export interface DescribedParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Contract {
  readonly document: Schema;
  readonly operations: readonly DescribedOperation[];
}

interface Item {
  readonly operationId: string;
  readonly parameters?: readonly DescribedParameter[];
  readonly requestBody?: object;
  readonly responses: DescribedOperation['responses'];
  readonly 'x-access': string;
  readonly 'x-permission'?: string;
  readonly 'x-platform-roles'?: readonly string[];
  readonly 'x-step-up'?: string;
}

/** The operation table, as every reader of `/openapi.json` gets it. */
export async function readContract(base: string): Promise<Contract> {
  const document = (await (await fetch(`${base}/openapi.json`)).json()) as Schema;
  const paths = document['paths'] as Record<string, Record<string, Item>>;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, item]): DescribedOperation => ({
      id: item.operationId,
      method: method.toUpperCase() as DescribedOperation['method'],
      path,
      access: item['x-access'],
      permission: item['x-permission'] ?? null,
      platform: item['x-platform-roles'] ?? null,
      stepUp: item['x-step-up'] ?? null,
      parameters: item.parameters ?? [],
      takesBody: item.requestBody !== undefined,
      responses: item.responses,
    })),
  );
  return { document, operations };
}

/** The path with identifiers in place of its names. @throws for a name without one */
export function fill(path: string, identifiers: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_braces, name: string) => {
    const value = identifiers[name];
    if (value === undefined) throw new Error(`no identifier for {${name}} of ${path}: name one in the test`);
    return encodeURIComponent(value);
  });
}
