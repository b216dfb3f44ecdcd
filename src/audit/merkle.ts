/** The Merkle tree of RFC 9162 §2.1 over SHA-256: hashes, roots, proofs that a leaf is in a tree and that one tree grew out of another. */
import { hash } from 'node:crypto';

/** Octets of a hash. */
export const HASH_LENGTH = 32;

const LEAF = Uint8Array.of(0x00);
/** Where two hashes are put one after another: made once, because a proof hashes hundreds of pairs. */
const pair = Buffer.alloc(1 + 2 * HASH_LENGTH, 0x01);

/** The hash of a leaf: SHA-256 of 0x00 and its octets. */
export function leafHash(data: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([LEAF, data]), 'buffer');
}

/** The hash of two subtrees: SHA-256 of 0x01 and both hashes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== HASH_LENGTH || right.length !== HASH_LENGTH)
    throw new RangeError('a hash has 32 octets');
  pair.set(left, 1);
  pair.set(right, 1 + HASH_LENGTH);
  return hash('sha256', pair, 'buffer');
}

/** The root of a tree without leaves. */
export function emptyRoot(): Buffer {
  return hash('sha256', Buffer.alloc(0), 'buffer');
}

/** A perfect subtree: the 2^`level` leaves from `index`·2^`level` on. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** Gives the hash of a perfect subtree. */
export type NodeAt = (subtree: Subtree) => Buffer | Promise<Buffer>;

/** The perfect subtrees a tree of this size is made of, the largest first. */
export function peaksOf(size: number): Subtree[] {
  const peaks: Subtree[] = [];
  let begin = 0;
  for (let level = 52; level >= 0; level -= 1) {
    const length = 2 ** level;
    if (size - begin < length) continue;
    peaks.push({ level, index: begin / length });
    begin += length;
  }
  return peaks;
}

/** The root over the hashes of perfect subtrees as `peaksOf` names them. */
export function rootOfPeaks(peaks: readonly Uint8Array[]): Buffer {
  const last = peaks.at(-1);
  if (last === undefined) return emptyRoot();
  return peaks.slice(0, -1).reduceRight<Buffer>((root, peak) => nodeHash(peak, root), Buffer.from(last));
}

/** The root of a tree with these hashes of leaves. */
export function rootOf(hashes: readonly Uint8Array[]): Buffer {
  const range = createRange();
  for (const hash of hashes) range.append(hash);
  return range.root();
}

/** A tree that grows at its end and keeps nothing but its peaks. */
export interface GrowingRange {
  readonly size: number;
  append(hash: Uint8Array): void;
  root(): Buffer;
}

/** @param begin the peaks of a tree of `size` leaves to go on from */
export function createRange(size = 0, begin: readonly Uint8Array[] = []): GrowingRange {
  const peaks = [...begin];
  let length = size;
  return {
    get size() {
      return length;
    },
    append(hash) {
      let node = hash;
      for (let rest = length; rest % 2 === 1; rest = (rest - 1) / 2) {
        const left = peaks.pop();
        if (left === undefined) throw new RangeError('a tree has fewer peaks than its size says');
        node = nodeHash(left, node);
      }
      peaks.push(node);
      length += 1;
    },
    root: () => rootOfPeaks(peaks),
  };
}

/** The hash over the leaves from `begin` to before `end`, where `begin` is where a subtree of that length may begin. */
async function rangeHash(nodeAt: NodeAt, begin: number, end: number): Promise<Buffer> {
  const length = end - begin;
  const level = Math.log2(length);
  if (Number.isInteger(level) && begin % length === 0) return nodeAt({ level, index: begin / length });
  const middle = begin + largestPowerBelow(length);
  return nodeHash(await rangeHash(nodeAt, begin, middle), await rangeHash(nodeAt, middle, end));
}

function largestPowerBelow(length: number): number {
  let power = 1;
  while (power * 2 < length) power *= 2;
  return power;
}

/** The root of the first `size` leaves. */
export function rootAt(nodeAt: NodeAt, size: number): Promise<Buffer> | Buffer {
  return size === 0 ? emptyRoot() : rangeHash(nodeAt, 0, size);
}

/**
 * The proof that the leaf at `index` is in the tree of `size` leaves (RFC 9162 §2.1.3.1), from the leaf upwards.
 *
 * @throws RangeError where there is no such leaf
 */
export async function inclusionProof(nodeAt: NodeAt, index: number, size: number): Promise<Buffer[]> {
  if (!(index >= 0 && index < size)) throw new RangeError('no such leaf in a tree of this size');
  const path: Buffer[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + largestPowerBelow(end - begin);
    if (index < middle) {
      path.unshift(await rangeHash(nodeAt, middle, end));
      end = middle;
    } else {
      path.unshift(await rangeHash(nodeAt, begin, middle));
      begin = middle;
    }
  }
  return path;
}

/**
 * The proof that the tree of `to` leaves grew out of the tree of `from` (RFC 9162 §2.1.4.1).
 *
 * @throws RangeError where `from` is not between 1 and `to`
 */
export async function consistencyProof(nodeAt: NodeAt, from: number, to: number): Promise<Buffer[]> {
  if (!(from >= 1 && from <= to)) throw new RangeError('a tree grows from a smaller one that is not empty');
  const proof: Buffer[] = [];
  let [begin, end] = [0, to];
  let whole = true;
  while (from !== end) {
    const middle = begin + largestPowerBelow(end - begin);
    if (from <= middle) {
      proof.unshift(await rangeHash(nodeAt, middle, end));
      end = middle;
    } else {
      proof.unshift(await rangeHash(nodeAt, begin, middle));
      begin = middle;
      whole = false;
    }
  }
  return whole ? proof : [await rangeHash(nodeAt, begin, end), ...proof];
}

/** Whether a leaf with this hash is in a tree with this root (RFC 9162 §2.1.3.2). */
export function verifyInclusion(
  { index, size, hash: leaf }: { readonly index: number; readonly size: number; readonly hash: Uint8Array },
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!(index >= 0 && index < size)) return false;
  let [place, last] = [index, size - 1];
  let node: Buffer = Buffer.from(leaf);
  for (const sibling of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      node = nodeHash(sibling, node);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else {
      node = nodeHash(node, sibling);
    }
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && node.equals(root);
}

/** Whether the second tree grew out of the first (RFC 9162 §2.1.4.2). */
export function verifyConsistency(
  from: { readonly size: number; readonly root: Uint8Array },
  to: { readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (from.size > to.size || from.size < 1) return false;
  if (from.size === to.size) return proof.length === 0 && Buffer.from(from.root).equals(to.root);
  const path = Number.isInteger(Math.log2(from.size)) ? [from.root, ...proof] : [...proof];
  const [first, ...rest] = path;
  if (first === undefined) return false;
  let [place, last] = [from.size - 1, to.size - 1];
  while (place % 2 === 1) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  let [older, newer]: [Buffer, Buffer] = [Buffer.from(first), Buffer.from(first)];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      older = nodeHash(sibling, older);
      newer = nodeHash(sibling, newer);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else {
      newer = nodeHash(newer, sibling);
    }
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && older.equals(from.root) && newer.equals(to.root);
}
