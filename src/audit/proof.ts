/** The proof of one record in one text (c2sp.org/tlog-proof@v1): the leaf, its path to the root, and the checkpoint that states the root. */
import { leafHash, verifyInclusion } from './merkle.js';
import { type Checkpoint, type NoteKey, readCheckpoint, signedBy } from './checkpoint.js';

const HEADER = 'c2sp.org/tlog-proof@v1';
/** Of a file that is given to us: a leaf has at most some 20 KB, and a path 53 hashes. */
const PROOF_MAX_LENGTH = 65_536;

export interface RecordProof {
  /** Where the record is in the tree. */
  readonly index: number;
  /** The octets of the leaf, carried as the extra data of the proof so that nothing else is needed. */
  readonly leaf: Buffer;
  readonly path: readonly Buffer[];
  /** The signed note. */
  readonly checkpoint: string;
}

/** The proof as a text. */
export function writeProof({ index, leaf, path, checkpoint }: RecordProof): string {
  const lines = [HEADER, `extra ${leaf.toString('base64')}`, `index ${index}`];
  return [...lines, ...path.map((hash) => hash.toString('base64')), '', checkpoint].join('\n');
}

/** Reads what `writeProof` writes; null where the text is none. */
export function readProof(text: string): RecordProof | null {
  const end = text.indexOf('\n\n');
  if (text.length > PROOF_MAX_LENGTH || end < 0) return null;
  const [header, extra, place, ...hashes] = text.slice(0, end).split('\n');
  const [, base64] = /^extra ([A-Za-z0-9+/=]+)$/.exec(extra ?? '') ?? [];
  const [, index] = /^index (0|[1-9][0-9]{0,14})$/.exec(place ?? '') ?? [];
  if (header !== HEADER || base64 === undefined || index === undefined) return null;
  if (!hashes.every((hash) => /^[A-Za-z0-9+/]{43}=$/.test(hash))) return null;
  return {
    index: Number(index),
    leaf: Buffer.from(base64, 'base64'),
    path: hashes.map((hash) => Buffer.from(hash, 'base64')),
    checkpoint: text.slice(end + 2),
  };
}

/** The checkpoint a proof leads to; null where the record is not proved by it, or none of these keys has signed it. */
export function provedBy(proof: RecordProof, keys: readonly NoteKey[]): Checkpoint | null {
  const checkpoint = readCheckpoint(proof.checkpoint);
  if (checkpoint === null || signedBy(checkpoint, keys) === null) return null;
  const leaf = { index: proof.index, size: checkpoint.size, hash: leafHash(proof.leaf) };
  return verifyInclusion(leaf, proof.path, checkpoint.root) ? checkpoint : null;
}
