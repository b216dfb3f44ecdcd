import { AccountError } from './account-error.js';

/** A part of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next part begins; `null` after the last. A part may hold fewer items than asked for, even none, and not be the last. */
  readonly nextCursor: string | null;
}

export interface PageRequest {
  /** 1 … 100. */
  readonly limit: number;
  readonly cursor?: string | null;
}

export const PAGE_MAX = 100;

/** The place of the last item seen: its time in milliseconds and its identifier. */
export interface PageMark {
  readonly at: number;
  readonly id: string;
}

/** Identifiers of ours are UUIDs and digests. */
const IDENTIFIER = /^[0-9a-f-]{0,64}$/;

export function writeCursor({ at, id }: PageMark): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url');
}

/** @throws AccountError `CURSOR_MALFORMED` */
export function readCursor(cursor: string): PageMark {
  const [at, id, ...rest] = cursor.length <= 200 ? parts(cursor) : [];
  const named = typeof id === 'string' && IDENTIFIER.test(id);
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || !named || rest.length > 0) {
    throw new AccountError('CURSOR_MALFORMED', 'this is no cursor of ours');
  }
  return { at, id };
}

function parts(cursor: string): readonly unknown[] {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(read) ? (read as unknown[]) : [];
  } catch {
    return [];
  }
}

/** @throws RangeError for a limit no list takes */
export function assertLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX) {
    throw new RangeError(`the limit of a list is 1 to ${PAGE_MAX}`);
  }
}
