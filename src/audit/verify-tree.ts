/** Proving that the tiles of the log are the tree its checkpoint states. */
import { type Checkpoint } from './checkpoint.js';
import { HASH_LENGTH } from './merkle.js';
import { type LogSource } from './source.js';
import {
  growTree,
  readEdge,
  rootOfEdge,
  splitHashes,
  TILE_WIDTH,
  type TileAt,
  type TreeEdge,
} from './tile.js';

/**
 * - `tile-missing`: there is none, or it holds less than it must.
 * - `tile-altered`: it holds other hashes than those below it have.
 * - `tile-added`: there are hashes beyond the end of the tree.
 * - `root-differs`: the tree is not the one the checkpoint states.
 */
export type TreeFault = 'tile-missing' | 'tile-altered' | 'tile-added' | 'root-differs';

interface FoundFault {
  readonly fault: TreeFault;
  /** The first leaf below the place. */
  readonly leaf: number | null;
}

/** Builds the tree anew from its lowest tiles, from the leaf `from` on, and compares every tile above and the root. */
export async function verifyTree(
  source: Pick<LogSource, 'tileAt' | 'beyondEnd'>,
  { from, head }: { readonly from: number; readonly head: Checkpoint | null },
): Promise<FoundFault | null> {
  const { tileAt } = source;
  let leaf = from;
  try {
    let edge = await readEdge(from, tileAt);
    const size = head?.size ?? 0;
    while (edge.size < size) {
      leaf = edge.size;
      const grown = growTree(edge, await leavesOfTile(tileAt, edge.size, size));
      if (!(await areStored(grown.tiles, tileAt))) return { fault: 'tile-altered', leaf };
      edge = grown.edge;
    }
    if (head !== null && !rootIs(edge, head)) return { fault: 'root-differs', leaf: null };
  } catch (error) {
    if (error instanceof RangeError) return { fault: 'tile-missing', leaf };
    throw error;
  }
  return (await source.beyondEnd()) === 'tile' ? { fault: 'tile-added', leaf: head?.size ?? 0 } : null;
}

/** The hashes of the leaves from `from` to the end of their tile, or of the tree. */
async function leavesOfTile(tileAt: TileAt, from: number, size: number): Promise<Buffer[]> {
  const index = Math.floor(from / TILE_WIDTH);
  const width = Math.min(size - index * TILE_WIDTH, TILE_WIDTH);
  return splitHashes(await tileAt(0, index), width).slice(from % TILE_WIDTH);
}

async function areStored(tiles: ReturnType<typeof growTree>['tiles'], tileAt: TileAt): Promise<boolean> {
  for (const { level, index, hashes } of tiles) {
    const stored = await tileAt(level, index);
    const width = hashes.length / HASH_LENGTH;
    if (!Buffer.concat(splitHashes(stored, width)).equals(hashes)) return false;
  }
  return true;
}

function rootIs(edge: TreeEdge, { root }: Checkpoint): boolean {
  return rootOfEdge(edge).equals(root);
}
