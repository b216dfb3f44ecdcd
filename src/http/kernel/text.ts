/** What no text anybody sends us may hold, wherever it stands. */

/**
 * Control characters but tab and line ends (which a PEM has), and halves of surrogate pairs. PostgreSQL cannot keep NUL, no store can
 * keep half a character, and the rest is there to make a log or a terminal lie.
 */
const UNWRITABLE = /[^\P{Cc}\t\n\r]|\p{Cs}/u;

/**
 * Finds text that cannot be kept, in values and in names of fields.
 *
 * @param value of any form JSON or a query has
 * @returns the path of the first, null where all can be kept
 */
export function unwritablePath(value: unknown): string | null {
  // Not by recursion: a body may nest deeper than the stack reaches.
  const open: (readonly [path: string, value: unknown])[] = [['', value]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [path, inner] = next;
    if (typeof inner === 'string' && UNWRITABLE.test(inner)) return path;
    if (typeof inner !== 'object' || inner === null) continue;
    for (const [name, field] of Object.entries(inner).reverse()) {
      // A name that cannot be written is not repeated either.
      if (UNWRITABLE.test(name)) return path;
      open.push([below(path, name), field]);
    }
  }
  return null;
}

/** Longer ones lead nowhere in what we ask for, and are not told in full. */
const PATH_LENGTH = 200;

function below(path: string, name: string): string {
  if (path === '') return name;
  return path.length > PATH_LENGTH ? path : `${path}.${name}`;
}
