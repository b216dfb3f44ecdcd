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
export function unwritablePath(value: unknown, path = ''): string | null {
  if (typeof value === 'string') return UNWRITABLE.test(value) ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, inner] of Object.entries(value)) {
    // A name that cannot be written is not repeated either.
    if (UNWRITABLE.test(name)) return path;
    const found = unwritablePath(inner, path === '' ? name : `${path}.${name}`);
    if (found !== null) return found;
  }
  return null;
}
