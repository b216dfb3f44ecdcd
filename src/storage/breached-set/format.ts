/**
 * The file of a breached set (docs/decisions/0024): a header with an index, and pages of sorted entries. An entry is the first 48 bits of
 * a SHA-1: the first 16 are its place in the index, the other 32 stand in the pages. All numbers are big-endian.
 *
 * | octets   | what                                                                          |
 * | 0–7      | `QAQPABPS`                                                                    |
 * | 8–11     | version, 1                                                                    |
 * | 12–15    | number of entries                                                             |
 * | 16–19    | how often a password was seen at least                                        |
 * | 24–55    | SHA-256 of octets 0–23 and of the index                                       |
 * | 64–      | index: for each of 65,536 beginnings the number of its first entry, and the number of entries |
 * | 266,240– | pages of 4,096 octets: 1,023 entries and the CRC-32 of them; the last one is filled up with ones |
 */
import { createHash } from 'node:crypto';
import { StorageError } from '../error.js';

export const PAGE = 4096;
export const PAGE_ENTRIES = PAGE / 4 - 1;
export const BEGINNINGS = 65_536;
export const HEAD = 266_240;
export const ENTRIES_MAX = 0xffff_ffff;

const MAGIC = 'QAQPABPS';
const VERSION = 1;
const DIGEST_AT = 24;
const INDEX_AT = 64;

export interface Head {
  readonly entries: number;
  readonly atLeast: number;
  /** `BEGINNINGS` numbers, and the number of entries. */
  readonly index: Uint32Array;
}

export function writeHead({ entries, atLeast, index }: Head): Buffer {
  const head = Buffer.alloc(HEAD);
  head.write(MAGIC, 'latin1');
  head.writeUInt32BE(VERSION, 8);
  head.writeUInt32BE(entries, 12);
  head.writeUInt32BE(atLeast, 16);
  for (const [at, first] of index.entries()) head.writeUInt32BE(first, INDEX_AT + 4 * at);
  digestOf(head).copy(head, DIGEST_AT);
  return head;
}

/**
 * @param size octets of the whole file
 * @throws StorageError `BREACHED_SET_INVALID`
 */
export function readHead(head: Buffer, size: number): Head {
  if (head.length < HEAD || head.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw invalid('is no breached set; `qaqpa passwords build-breached-set` makes one');
  }
  const version = head.readUInt32BE(8);
  if (version !== VERSION) throw invalid(`has version ${version}, and this program reads version ${VERSION}`);
  if (!head.subarray(DIGEST_AT, DIGEST_AT + 32).equals(digestOf(head)))
    throw invalid('is damaged: its index has another checksum');
  const entries = head.readUInt32BE(12);
  const expected = HEAD + Math.ceil(entries / PAGE_ENTRIES) * PAGE;
  if (size !== expected) throw invalid(`has ${size} octets, and its ${entries} entries take ${expected}`);
  const index = Uint32Array.from({ length: BEGINNINGS + 1 }, (_, at) => head.readUInt32BE(INDEX_AT + 4 * at));
  return { entries, atLeast: head.readUInt32BE(16), index };
}

export function invalid(what: string, options?: { readonly cause?: unknown }): StorageError {
  return new StorageError('BREACHED_SET_INVALID', `the file of breached passwords ${what}`, options);
}

function digestOf(head: Buffer): Buffer {
  return createHash('sha256')
    .update(head.subarray(0, DIGEST_AT))
    .update(head.subarray(INDEX_AT, HEAD))
    .digest();
}
