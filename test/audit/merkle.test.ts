import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  consistencyProof,
  createRange,
  emptyRoot,
  inclusionProof,
  leafHash,
  nodeHash,
  peaksOf,
  rootAt,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '../../src/audit/merkle.js';
import { growTree, nodesInTiles, readEdge, rootOfEdge, type TileAt } from '../../src/audit/tile.js';

/** The leaves and roots of the reference implementation of RFC 6962 (certificate-transparency, merkle_tree_test). */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const hashes = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => leafHash(Buffer.from(`leaf ${index}`)));

/** A tree grown in steps, its tiles in memory. */
async function grown(...steps: number[]) {
  const tiles = new Map<string, Buffer>();
  const tileAt: TileAt = (level, index) => Promise.resolve(tiles.get(`${level}/${index}`) ?? null);
  const leaves = hashes(steps.reduce((sum, step) => sum + step, 0));
  let size = 0;
  for (const step of steps) {
    const next = growTree(await readEdge(size, tileAt), leaves.slice(size, size + step));
    for (const { level, index, hashes: octets } of next.tiles) tiles.set(`${level}/${index}`, octets);
    size = next.edge.size;
  }
  return { tiles, tileAt, leaves, size, root: rootOfEdge(await readEdge(size, tileAt)) };
}

describe('a Merkle tree', () => {
  it('has the roots of the reference implementation', () => {
    const leaves = LEAVES.map((leaf) => leafHash(Buffer.from(leaf, 'hex')));
    const range = createRange();
    for (const [index, leaf] of leaves.entries()) {
      range.append(leaf);
      expect(range.root().toString('hex')).toBe(ROOTS[index]);
      expect(rootOf(leaves.slice(0, index + 1)).toString('hex')).toBe(ROOTS[index]);
    }
    expect(emptyRoot().toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it('tells leaves from nodes', () => {
    const [left, right] = hashes(2) as [Buffer, Buffer];
    expect(leafHash(Buffer.concat([left, right]))).not.toEqual(nodeHash(left, right));
  });

  it('is made of one peak for each bit of its size', () => {
    expect(peaksOf(0)).toEqual([]);
    expect(peaksOf(11)).toEqual([
      { level: 3, index: 0 },
      { level: 1, index: 4 },
      { level: 0, index: 10 },
    ]);
    expect(peaksOf(2 ** 40 + 1)).toEqual([
      { level: 40, index: 0 },
      { level: 0, index: 2 ** 40 },
    ]);
  });

  it.each([[[1]], [[255, 1]], [[256]], [[257]], [[1, 300, 2]], [[512, 88]], [[65_536]], [[65_535, 2]]])(
    'is the same whole and in tiles, grown by %j',
    async (steps) => {
      const { leaves, root, size, tileAt } = await grown(...steps);
      expect(root).toEqual(rootOf(leaves));
      expect(await rootAt(nodesInTiles(tileAt), size)).toEqual(root);
    },
  );

  it('proves every leaf and every earlier tree, and nothing else', async () => {
    const { leaves, tileAt } = await grown(300, 300);
    const nodeAt = nodesInTiles(tileAt);
    const sizes = fc.integer({ min: 1, max: 600 });
    await fc.assert(
      fc.asyncProperty(sizes, sizes, fc.nat(), async (a, b, choice) => {
        const [from, size] = [Math.min(a, b), Math.max(a, b)];
        const [index, root] = [choice % size, await rootAt(nodeAt, size)];
        const proof = await inclusionProof(nodeAt, index, size);
        const leaf = { index, size, hash: leaves[index]! };
        expect(verifyInclusion(leaf, proof, root)).toBe(true);
        expect(verifyInclusion({ ...leaf, hash: leafHash(Buffer.from('other')) }, proof, root)).toBe(false);
        expect(verifyInclusion(leaf, [...proof, root], root)).toBe(false);
        expect(verifyInclusion({ ...leaf, index: size }, proof, root)).toBe(false);
        if (size > 1) {
          expect(verifyInclusion(leaf, proof.slice(1), root)).toBe(false);
          expect(verifyInclusion({ ...leaf, index: (index + 1) % size }, proof, root)).toBe(false);
        }
        const older = { size: from, root: await rootAt(nodeAt, from) };
        const consistency = await consistencyProof(nodeAt, from, size);
        expect(verifyConsistency(older, { size, root }, consistency)).toBe(true);
        const forked = { size: from, root: leafHash(older.root) };
        expect(verifyConsistency(forked, { size, root }, consistency)).toBe(false);
        expect(verifyConsistency(older, { size, root: leafHash(root) }, consistency)).toBe(false);
        expect(verifyConsistency(older, { size, root }, [...consistency, root])).toBe(false);
        if (from < size) expect(verifyConsistency({ size, root }, older, consistency)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('refuses proofs of what is not in it', async () => {
    const nodeAt = nodesInTiles((await grown(5)).tileAt);
    await expect(inclusionProof(nodeAt, 5, 5)).rejects.toThrow(RangeError);
    await expect(inclusionProof(nodeAt, 0, 6)).rejects.toThrow(RangeError);
    await expect(consistencyProof(nodeAt, 0, 5)).rejects.toThrow(RangeError);
    await expect(consistencyProof(nodeAt, 6, 5)).rejects.toThrow(RangeError);
  });
});

describe('tiles', () => {
  it('are written once when they are full', async () => {
    const { tiles, leaves } = await grown(600);
    expect([...tiles.keys()].sort()).toEqual(['0/0', '0/1', '0/2', '1/0']);
    expect(tiles.get('0/0')).toEqual(Buffer.concat(leaves.slice(0, 256)));
    expect(tiles.get('1/0')).toEqual(
      Buffer.concat([rootOf(leaves.slice(0, 256)), rootOf(leaves.slice(256, 512))]),
    );
    const edge = await readEdge(600, (level, index) =>
      Promise.resolve(tiles.get(`${level}/${index}`) ?? null),
    );
    expect(growTree(edge, hashes(3)).tiles.map(({ level, index }) => [level, index])).toEqual([[0, 2]]);
  });

  it('that are missing or too short are no tree', async () => {
    const { tiles, tileAt } = await grown(600);
    tiles.set('0/2', tiles.get('0/2')!.subarray(32));
    await expect(readEdge(600, tileAt)).rejects.toThrow(RangeError);
    tiles.delete('0/2');
    await expect(readEdge(600, tileAt)).rejects.toThrow(RangeError);
  });
});
