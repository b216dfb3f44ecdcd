/** Tiles of 256 hashes (C2SP tlog-tiles, height 8): how a tree of any size lies in rows that are written once and never again. */
import { HASH_LENGTH, type NodeAt, rootOf, rootOfPeaks, type Subtree } from './merkle.js';

const TILE_HEIGHT = 8;
/** Hashes in a full tile. */
export const TILE_WIDTH = 2 ** TILE_HEIGHT;

/** Hashes of subtrees of 256^`level` leaves, one after another; a full tile has 256 of them and never changes. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  /** Each of 32 octets. */
  readonly hashes: Buffer;
}

/** Gives the hashes of a tile, as far as it is filled; null where there is none. */
export type TileAt = (level: number, index: number) => Promise<Buffer | null>;

/** The end of a tree: of each level the hashes in its last tile, which is not full. */
export interface TreeEdge {
  /** Leaves. */
  readonly size: number;
  readonly levels: readonly (readonly Buffer[])[];
}

/** The last, unfilled tile of each level of a tree of this size, and how many hashes are in it. */
function edgeTiles(
  size: number,
): { readonly level: number; readonly index: number; readonly width: number }[] {
  const tiles = [];
  for (let level = 0, count = size; count > 0; level += 1, count = Math.floor(count / TILE_WIDTH)) {
    tiles.push({ level, index: Math.floor(count / TILE_WIDTH), width: count % TILE_WIDTH });
  }
  return tiles;
}

/** The edge of a tree, read from its tiles. @throws RangeError where a tile holds less than it must */
export async function readEdge(size: number, tileAt: TileAt): Promise<TreeEdge> {
  const levels = [];
  for (const { level, index, width } of edgeTiles(size)) {
    levels.push(width === 0 ? [] : splitHashes(await tileAt(level, index), width));
  }
  return { size, levels };
}

/** A tree grown by these leaves, and every tile that is filled, or filled further, by that. */
export function growTree(
  edge: TreeEdge,
  leaves: readonly Buffer[],
): { readonly edge: TreeEdge; readonly tiles: readonly Tile[] } {
  const levels = edge.levels.map((hashes) => [...hashes]);
  const counts = edgeTiles(edge.size).map(({ index }) => index);
  const full: Tile[] = [];
  const touched = new Set<number>();
  const push = (level: number, hash: Buffer): void => {
    const hashes = (levels[level] ??= []);
    const index = (counts[level] ??= 0);
    hashes.push(hash);
    touched.add(level);
    if (hashes.length < TILE_WIDTH) return;
    full.push({ level, index, hashes: Buffer.concat(hashes) });
    levels[level] = [];
    counts[level] = index + 1;
    push(level + 1, rootOf(hashes));
  };
  for (const leaf of leaves) push(0, leaf);
  const partial = [...touched].flatMap((level): Tile[] => {
    const hashes = levels[level] ?? [];
    return hashes.length === 0 ? [] : [{ level, index: counts[level] ?? 0, hashes: Buffer.concat(hashes) }];
  });
  return { edge: { size: edge.size + leaves.length, levels }, tiles: [...full, ...partial] };
}

/** The root of a tree: its peaks all lie in the last tiles of its levels. */
export function rootOfEdge({ levels }: TreeEdge): Buffer {
  return rootOfPeaks([...levels].reverse().flatMap(peaksOfTile));
}

function peaksOfTile(hashes: readonly Buffer[]): Buffer[] {
  const peaks: Buffer[] = [];
  let begin = 0;
  for (let length = TILE_WIDTH / 2; length >= 1; length /= 2) {
    if (hashes.length - begin < length) continue;
    peaks.push(rootOf(hashes.slice(begin, begin + length)));
    begin += length;
  }
  return peaks;
}

/** Hashes of subtrees read from tiles; each tile is read once. @throws RangeError where a tile holds less than it must */
export function nodesInTiles(tileAt: TileAt): NodeAt {
  const read = new Map<string, Promise<Buffer | null>>();
  const tile = (level: number, index: number): Promise<Buffer | null> => {
    const name = `${level}/${index}`;
    const known = read.get(name) ?? tileAt(level, index);
    read.set(name, known);
    return known;
  };
  return async ({ level, index }: Subtree) => {
    const length = 2 ** (level % TILE_HEIGHT);
    const first = index * length;
    const hashes = await tile(Math.floor(level / TILE_HEIGHT), Math.floor(first / TILE_WIDTH));
    const begin = first % TILE_WIDTH;
    return rootOf(splitHashes(hashes, begin + length, begin));
  };
}

/** The first `width` hashes of a tile, from the one at `begin` on. @throws RangeError where it holds fewer */
export function splitHashes(hashes: Buffer | null, width: number, begin = 0): Buffer[] {
  if (hashes === null || hashes.length < width * HASH_LENGTH) {
    throw new RangeError('a tile of the log is missing or holds less than it must');
  }
  return Array.from({ length: width - begin }, (_, index) => {
    const place = (begin + index) * HASH_LENGTH;
    return hashes.subarray(place, place + HASH_LENGTH);
  });
}
