/** Asks a file of breached passwords without holding it in memory: a few reads of 4 KiB for each question. */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { type BreachedPasswords } from '../../passwords/breached-passwords.js';
import { HEAD, type Head, invalid, PAGE, PAGE_ENTRIES, readHead } from './format.js';

export interface BreachedSet extends BreachedPasswords {
  readonly entries: number;
  /** How often each of them was seen at least. */
  readonly atLeast: number;
  /** Reads the whole file against its checksums. @throws StorageError `BREACHED_SET_INVALID` */
  verify(): Promise<void>;
  close(): Promise<void>;
}

const CHUNK_PAGES = 256;

/**
 * Opens the file and proves its header, its index and its size; each page is proved when it is read. What was opened stays as it was,
 * also when another file takes its place.
 *
 * @throws StorageError `BREACHED_SET_INVALID`
 */
export async function openBreachedSet(path: string): Promise<BreachedSet> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    throw invalid(`${path} cannot be opened`, { cause: error });
  }
  try {
    const head = await read(file, 0, HEAD);
    return setOf(file, readHead(head, (await file.stat()).size));
  } catch (error) {
    await file.close();
    throw error;
  }
}

function setOf(file: FileHandle, { entries, atLeast, index }: Head): BreachedSet {
  const page = async (number: number): Promise<Buffer> => {
    const octets = await read(file, HEAD + number * PAGE, PAGE);
    assertSound(octets, number);
    return octets;
  };

  /** A binary search over pages, then within one: about four reads among 15,000 entries of one beginning. */
  const holds = async (beginning: number, rest: number): Promise<boolean> => {
    let [low, high] = [index[beginning] ?? 0, index[beginning + 1] ?? 0];
    while (low < high) {
      const number = Math.floor((low + high) / 2 / PAGE_ENTRIES);
      const octets = await page(number);
      const first = number * PAGE_ENTRIES;
      const [from, to] = [Math.max(low, first), Math.min(high, first + PAGE_ENTRIES)];
      if (rest < octets.readUInt32BE(4 * (from - first))) high = from;
      else if (rest > octets.readUInt32BE(4 * (to - 1 - first))) low = to;
      else return isAmong(octets, from - first, to - first, rest);
    }
    return false;
  };

  return {
    entries,
    atLeast,
    async includes(password) {
      // Collections hold what was typed, mostly; we keep what is normalised.
      for (const form of new Set([password, password.normalize('NFC'), password.normalize('NFKC')])) {
        const hash = createHash('sha1').update(form, 'utf8').digest();
        if (await holds(hash.readUInt16BE(0), hash.readUInt32BE(2))) return true;
      }
      return false;
    },
    async verify() {
      const pages = Math.ceil(entries / PAGE_ENTRIES);
      for (let number = 0; number < pages; number += CHUNK_PAGES) {
        const count = Math.min(CHUNK_PAGES, pages - number);
        const octets = await read(file, HEAD + number * PAGE, count * PAGE);
        for (let at = 0; at < count; at += 1) {
          assertSound(octets.subarray(at * PAGE, (at + 1) * PAGE), number + at);
        }
      }
    },
    close: () => file.close(),
  };
}

function isAmong(octets: Buffer, from: number, to: number, rest: number): boolean {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = octets.readUInt32BE(4 * middle);
    if (entry === rest) return true;
    if (entry < rest) low = middle + 1;
    else high = middle;
  }
  return false;
}

function assertSound(page: Buffer, number: number): void {
  // It was whole when it was opened: something has cut it off since, or is writing over it.
  if (page.length < PAGE) throw invalid(`is damaged: page ${number} is not there`);
  const body = page.subarray(0, PAGE - 4);
  if (crc32(body) !== page.readUInt32BE(PAGE - 4)) {
    throw invalid(`is damaged: page ${number} has another checksum`);
  }
}

/** Exactly so many octets, or as many as there are. */
async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const octets = Buffer.alloc(length);
  let filled = 0;
  try {
    while (filled < length) {
      const { bytesRead } = await file.read(octets, filled, length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
  } catch (error) {
    throw invalid('cannot be read', { cause: error });
  }
  return octets.subarray(0, filled);
}
