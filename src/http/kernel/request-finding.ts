import { type Operation } from './operation.js';

/** The operations of one path by method, in capitals. */
export type OperationsAt = ReadonlyMap<string, Operation>;

/** All operations, and where each is found. */
export interface OperationTable {
  readonly operations: readonly Operation[];
  /** @throws URIError for a part that is not percent-encoded UTF-8 */
  readonly find: (address: string) => FoundPath<OperationsAt> | null;
}

export function createOperationTable(operations: readonly Operation[]): OperationTable {
  const paths = new Map<string, Map<string, Operation>>();
  for (const operation of operations) {
    const at = paths.get(operation.path) ?? new Map<string, Operation>();
    paths.set(operation.path, at.set(operation.method.toUpperCase(), operation));
  }
  return { operations, find: createPathTable(paths) };
}

export interface FoundPath<At> {
  readonly at: At;
  /** What stands for each name in the path, percent-decoded. */
  readonly named: Readonly<Record<string, string>>;
}

/**
 * What is at an address, of paths as OpenAPI writes them; earlier ones first. A path without names is looked up, and another one is held
 * only against those of as many parts: a router tries every pattern it has.
 *
 * @returns null for an address none of them has; throws URIError for a part that is not percent-encoded UTF-8
 */
export function createPathTable<At>(
  paths: Iterable<readonly [path: string, at: At]>,
): (address: string) => FoundPath<At> | null {
  const plain = new Map<string, FoundPath<At>>();
  const named = new Map<number, { readonly template: Template; readonly at: At }[]>();
  const findNamed = (address: string): FoundPath<At> | null => {
    const parts = address.split('/');
    for (const { template, at } of named.get(parts.length) ?? []) {
      const found = matching(template, parts);
      if (found !== null) return { at, named: decoded(found) };
    }
    return null;
  };
  for (const [path, at] of paths) {
    const template = templateOf(path);
    if (template.every((part) => typeof part === 'string')) {
      if (findNamed(path) === null) plain.set(path, { at, named: {} });
    } else {
      named.set(template.length, [...(named.get(template.length) ?? []), { template, at }]);
    }
  }
  return (address) => plain.get(address) ?? findNamed(address);
}

/** The parts of a path; those in braces stand for anything. */
type Template = readonly (string | { readonly name: string })[];

function templateOf(path: string): Template {
  return path.split('/').map((part) => {
    const [, name] = /^\{(\w+)\}$/.exec(part) ?? [];
    return name === undefined ? part : { name };
  });
}

/** What stands for each name, as it came. */
function matching(template: Template, parts: readonly string[]): Readonly<Record<string, string>> | null {
  if (template.length !== parts.length) return null;
  const named: Record<string, string> = {};
  for (const [index, expected] of template.entries()) {
    const part = parts[index] ?? '';
    if (typeof expected === 'string') {
      if (part !== expected) return null;
    } else if (part === '') return null;
    else named[expected.name] = part;
  }
  return named;
}

/** @throws URIError */
function decoded(named: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(named).map(([name, part]) => [name, decodeURIComponent(part)]));
}
