import { type Operation } from './operation.js';

export interface FoundRequest {
  readonly operation: Operation;
  /** What stands for each name in its path, percent-decoded. */
  readonly named: Readonly<Record<string, string>>;
}

/** The operation an address would be answered by, or null; as the router would, earlier ones first. */
export function findRequest(
  operations: readonly Operation[],
  method: string,
  address: string,
): FoundRequest | null {
  const parts = address.split('/');
  for (const operation of operations) {
    if (operation.method !== method.toLowerCase()) continue;
    const found = matching(templateOf(operation.path), parts);
    const named = found === null ? null : decodedOrNull(found);
    if (named !== null) return { operation, named };
  }
  return null;
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

function decodedOrNull(found: Readonly<Record<string, string>>): Readonly<Record<string, string>> | null {
  try {
    return decoded(found);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
