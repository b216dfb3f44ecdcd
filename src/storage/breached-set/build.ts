/** Makes a breached set of a list of SHA-1 hashes in order, such as "Pwned Passwords" publishes: `HASH:COUNT`, one a line. */
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { BEGINNINGS, ENTRIES_MAX, HEAD, invalid, PAGE, writeHead } from './format.js';

/** The list is not what it should be; the message names the line. */
export class BreachedSourceError extends Error {
  override readonly name = 'BreachedSourceError';
  /** From 1; of the whole list where it is 0. */
  readonly line: number;

  constructor(line: number, what: string) {
    super(line === 0 ? what : `line ${line} ${what}`);
    this.line = line;
  }
}

export interface BuiltSet {
  readonly lines: number;
  readonly entries: number;
}

const HASH_DIGITS = 40;
/** What an entry keeps of them: 48 bits. */
const KEPT_DIGITS = 12;
const REST = 2 ** 32;
const LINE_MAX = 64;
const COLON = 0x3a;
const [CARRIAGE_RETURN, LINE_FEED] = [0x0d, 0x0a];
const BATCH_PAGES = 256;

/**
 * Reads the list once and writes the set beside its place, then puts it there: what is at `target` is whole, or is not there.
 *
 * @param atLeast leaves out what was seen less often
 * @throws BreachedSourceError for a line that is no `HASH:COUNT` in order, and for an empty list
 * @throws StorageError `BREACHED_SET_INVALID` when `target` is there already, or cannot be written
 */
export async function buildBreachedSet(
  source: AsyncIterable<Uint8Array>,
  target: string,
  atLeast = 1,
): Promise<BuiltSet> {
  if (await isThere(target))
    throw invalid(`${target} is there already; choose another name and put it in its place afterwards`);
  const unfinished = `${target}.unfinished`;
  let file: FileHandle;
  try {
    file = await open(unfinished, 'w', 0o644);
  } catch (error) {
    throw invalid(`${unfinished} cannot be written`, { cause: error });
  }
  try {
    const built = await write(file, source, atLeast);
    await file.sync();
    await file.close();
    await rename(unfinished, target);
    return built;
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function write(
  file: FileHandle,
  source: AsyncIterable<Uint8Array>,
  atLeast: number,
): Promise<BuiltSet> {
  const pages = pageWriter(file);
  const index = new Uint32Array(BEGINNINGS + 1);
  let [lines, before, reached] = [0, -1, 0];
  for await (const octets of wholeLines(source)) {
    let start = 0;
    for (let end = octets.indexOf(LINE_FEED); end !== -1; end = octets.indexOf(LINE_FEED, start)) {
      lines += 1;
      const { hash, count } = readLine(octets, start, end, lines);
      start = end + 1;
      if (hash < before)
        throw new BreachedSourceError(lines, 'is not in order: the list must be sorted by hash');
      const another = hash !== before;
      before = count < atLeast ? before : hash;
      if (!another || count < atLeast) continue;
      if (pages.entries === ENTRIES_MAX)
        throw new BreachedSourceError(lines, 'is one more than there is room for');
      while (reached < Math.floor(hash / REST)) index[(reached += 1)] = pages.entries;
      if (pages.add(hash % REST)) await pages.flush();
    }
  }
  if (lines === 0) throw new BreachedSourceError(0, 'the list is empty');
  if (pages.entries === 0) throw new BreachedSourceError(0, `nothing in the list was seen ${atLeast} times`);
  await pages.end();
  while (reached < BEGINNINGS) index[(reached += 1)] = pages.entries;
  await file.write(writeHead({ entries: pages.entries, atLeast, index }), 0, HEAD, 0);
  return { lines, entries: pages.entries };
}

interface PageWriter {
  readonly entries: number;
  /** True when a batch is full and has to be flushed. */
  add(rest: number): boolean;
  flush(): Promise<void>;
  end(): Promise<void>;
}

/** Fills pages one after the other, behind the room for the head. */
function pageWriter(file: FileHandle): PageWriter {
  const batch = Buffer.alloc(BATCH_PAGES * PAGE);
  let [entries, at, position] = [0, 0, HEAD];
  const seal = (): void => {
    batch.writeUInt32BE(crc32(batch.subarray(at - (at % PAGE), at)), at);
    at += 4;
  };
  const flush = async (): Promise<void> => {
    await file.write(batch, 0, at, position);
    position += at;
    at = 0;
  };
  return {
    get entries() {
      return entries;
    },
    add(rest) {
      at = batch.writeUInt32BE(rest, at);
      entries += 1;
      if (at % PAGE === PAGE - 4) seal();
      return at === batch.length;
    },
    flush,
    async end() {
      while (at % PAGE !== 0) {
        if (at % PAGE === PAGE - 4) seal();
        else at = batch.writeUInt32BE(0xffff_ffff, at);
      }
      await flush();
    },
  };
}

interface Hash {
  /** Its first 48 bits. */
  readonly hash: number;
  readonly count: number;
}

/** The list in pieces that end with a line, in octets and not in strings: it has a thousand million lines. */
async function* wholeLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const lineFeed = Uint8Array.of(LINE_FEED);
  let left: Uint8Array = new Uint8Array();
  for await (const chunk of source) {
    const octets = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
    const end = octets.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) yield octets.subarray(0, end);
    left = octets.subarray(end);
    // No line is so long: it is handed on to be refused, and not gathered.
    if (left.length > LINE_MAX) break;
  }
  if (left.length > 0) yield Buffer.concat([left, lineFeed]);
}

/** @throws BreachedSourceError */
function readLine(octets: Uint8Array, start: number, lineEnd: number, line: number): Hash {
  const end = lineEnd > start && octets[lineEnd - 1] === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd;
  const colon = start + HASH_DIGITS;
  let hash = 0;
  for (let at = start; at < colon; at += 1) {
    const digit = at < end ? hexDigit(octets[at] ?? 0) : -1;
    if (digit === -1)
      throw new BreachedSourceError(
        line,
        'is no HASH:COUNT: 40 hexadecimal digits of a SHA-1, a colon, a number',
      );
    if (at - start < KEPT_DIGITS) hash = hash * 16 + digit;
  }
  if (octets[colon] !== COLON || colon >= end)
    throw new BreachedSourceError(line, 'has no colon behind 40 digits');
  let count = 0;
  for (let at = colon + 1; at < end; at += 1) {
    const digit = (octets[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) throw new BreachedSourceError(line, 'has no number behind its colon');
    count = count * 10 + digit;
  }
  if (colon + 1 === end || count < 1) throw new BreachedSourceError(line, 'has no number behind its colon');
  // Of a longer line only the beginning may have been read: its count would be another.
  if (lineEnd - start > LINE_MAX) throw new BreachedSourceError(line, `is longer than ${LINE_MAX} octets`);
  return { hash, count };
}

function hexDigit(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const letter = octet | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
