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
    const named = matching(operation.path.split('/'), parts);
    if (named !== null) return { operation, named };
  }
  return null;
}

function matching(
  template: readonly string[],
  parts: readonly string[],
): Readonly<Record<string, string>> | null {
  if (template.length !== parts.length) return null;
  const named: Record<string, string> = {};
  for (const [index, expected] of template.entries()) {
    const part = parts[index] ?? '';
    const [, name] = /^\{(\w+)\}$/.exec(expected) ?? [];
    if (name === undefined) {
      if (part !== expected) return null;
      continue;
    }
    const value = decoded(part);
    if (value === null || value === '') return null;
    named[name] = value;
  }
  return named;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
