import {
  assertLimit,
  type Page,
  type PageMark,
  type PageRequest,
  readCursor,
  writeCursor,
} from '../../accounts/page.js';

/** How many rows are read at a time where each must be opened to see whether it is wanted. */
const BATCH = 250;
/** How many rows one request opens at most; after that it answers with what it has and a cursor. */
const SCAN_MAX = 20_000;

interface Listing<Row, Item> {
  readonly request: PageRequest;
  /** At most `count` rows after the mark, in the order of the list. Ask by comparing (time, identifier) as one: with "or" an index is read from its beginning. */
  readonly rows: (after: PageMark | null, count: number) => Promise<readonly Row[]>;
  readonly mark: (row: Row) => PageMark;
  /** What a database cannot judge, because it is sealed. */
  readonly wanted?: ((row: Row) => boolean) | null;
  readonly items: (rows: readonly Row[]) => Promise<readonly Item[]>;
}

/**
 * One part of a list that is kept in the order of (time, identifier). With `wanted`, rows are opened batch by batch, and other
 * work of the process goes on in between.
 */
export async function pageOf<Row, Item>(listing: Listing<Row, Item>): Promise<Page<Item>> {
  const { request, rows, mark, wanted } = listing;
  const { limit } = request;
  assertLimit(limit);
  let after = request.cursor == null ? null : readCursor(request.cursor);
  const count = wanted == null ? limit + 1 : BATCH;
  const kept: Row[] = [];
  let scanned = 0;
  for (;;) {
    const batch = await rows(after, count);
    kept.push(...(wanted == null ? batch : batch.filter(wanted)));
    scanned += batch.length;
    const last = batch.at(-1);
    if (last !== undefined) after = mark(last);
    const atEnd = batch.length < count;
    if (kept.length > limit || atEnd || scanned >= SCAN_MAX) {
      const part = kept.slice(0, limit);
      const end = kept.length > limit ? markOfLast(part, mark) : atEnd ? null : after;
      return { items: await listing.items(part), nextCursor: end === null ? null : writeCursor(end) };
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function markOfLast<Row>(rows: readonly Row[], mark: (row: Row) => PageMark): PageMark | null {
  const last = rows.at(-1);
  return last === undefined ? null : mark(last);
}
