/** What the log states of itself: a C2SP tlog-checkpoint (origin, size, root) in a signed note, signed with Ed25519. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { HASH_LENGTH } from './merkle.js';

/** Signature type of Ed25519 in a note (c2sp.org/signed-note). */
const ED25519 = 0x01;
const KEY_LENGTH = 32;
const SIGNATURE_LENGTH = 64;
/** Of a file that is given to us. A checkpoint has some 200 octets and each signature 150. */
const NOTE_MAX_LENGTH = 16_384;

/** A state of the log. */
export interface TreeHead {
  /** Leaves. */
  readonly size: number;
  readonly root: Buffer;
}

/** Who states it: what its signatures are checked with. */
export interface NoteKey {
  /** The origin of the log. */
  readonly name: string;
  /** The raw public key, 32 octets. */
  readonly publicKey: Buffer;
}

export interface SigningKey extends NoteKey {
  /** The seed, 32 octets. */
  readonly seed: Buffer;
}

/** A checkpoint as it was read; nothing of it is believed before `signedBy` names a key. */
export interface Checkpoint extends TreeHead {
  readonly origin: string;
  /** What was signed. */
  readonly body: string;
  readonly signatures: readonly NoteSignature[];
}

interface NoteSignature {
  readonly name: string;
  readonly keyId: string;
  readonly signature: Buffer;
}

/** A new key for a log of this name. */
export function makeSigningKey(name: string): SigningKey {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return {
    name,
    publicKey: Buffer.from(jwk.x ?? '', 'base64url'),
    seed: Buffer.from(jwk.d ?? '', 'base64url'),
  };
}

/** The public key that belongs to a seed. */
export function publicKeyOf(seed: Uint8Array): Buffer {
  const jwk = createPublicKey(privateKey(seed)).export({ format: 'jwk' });
  return Buffer.from(jwk.x ?? '', 'base64url');
}

/** What the log is called: the address people reach it at, without its scheme (C2SP: a schema-less URL, no space, no plus). */
export function logName(origin: string): string {
  return `${origin.replace(/^[a-z]+:\/\//, '').replace(/[\s+]/g, '')}/v1/log`;
}

/** Names a key in a signature: 8 hex digits. */
export function keyIdOf({ name, publicKey }: NoteKey): string {
  const named = Buffer.concat([Buffer.from(`${name}\n`), Uint8Array.of(ED25519), publicKey]);
  return createHash('sha256').update(named).digest('hex').slice(0, 8);
}

/** The key as verifiers of notes are given it: `name+id+base64`. */
export function verifierKey(key: NoteKey): string {
  const octets = Buffer.concat([Uint8Array.of(ED25519), key.publicKey]);
  return `${key.name}+${keyIdOf(key)}+${octets.toString('base64')}`;
}

/** Reads what `verifierKey` writes; null where it is no such key. */
export function readVerifierKey(text: string): NoteKey | null {
  const [, name, keyId, octets] =
    /^([^\s+]{1,300})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{44})$/.exec(text.trim()) ?? [];
  if (name === undefined || octets === undefined) return null;
  const bytes = Buffer.from(octets, 'base64');
  const key = { name, publicKey: bytes.subarray(1) };
  const right = bytes[0] === ED25519 && key.publicKey.length === KEY_LENGTH && keyIdOf(key) === keyId;
  return right ? key : null;
}

/** The signed note of a state of the log, signed by each key. */
export function signCheckpoint(
  origin: string,
  { size, root }: TreeHead,
  keys: readonly SigningKey[],
): string {
  const body = `${origin}\n${size}\n${root.toString('base64')}\n`;
  const lines = keys.map((key) => {
    const signature = sign(null, Buffer.from(body), privateKey(key.seed));
    return `— ${key.name} ${Buffer.concat([Buffer.from(keyIdOf(key), 'hex'), signature]).toString('base64')}\n`;
  });
  return `${body}\n${lines.join('')}`;
}

/** Reads a checkpoint; null where the text is none. Further lines of its body are kept as what was signed. */
export function readCheckpoint(text: string): Checkpoint | null {
  if (text.length > NOTE_MAX_LENGTH) return null;
  const end = text.lastIndexOf('\n\n');
  if (end < 0 || !text.endsWith('\n')) return null;
  const body = text.slice(0, end + 1);
  const [origin, count, hash] = body.split('\n');
  const signatures = text
    .slice(end + 2, -1)
    .split('\n')
    .map(readSignature);
  if (origin === undefined || origin === '' || count === undefined || hash === undefined) return null;
  if (!/^(0|[1-9][0-9]{0,14})$/.test(count) || !signatures.every((line) => line !== null)) return null;
  const root = Buffer.from(hash, 'base64');
  if (root.length !== HASH_LENGTH || root.toString('base64') !== hash) return null;
  return { origin, size: Number(count), root, body, signatures };
}

function readSignature(line: string): NoteSignature | null {
  const [, name, base64] = /^— ([^\s+]{1,300}) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
  if (name === undefined || base64 === undefined) return null;
  const octets = Buffer.from(base64, 'base64');
  if (octets.length < 5 || octets.toString('base64') !== base64) return null;
  return { name, keyId: octets.toString('hex', 0, 4), signature: octets.subarray(4) };
}

/** The first of these keys that has signed the checkpoint; null where none has, or where one of its signatures is wrong. */
export function signedBy<Key extends NoteKey>(
  { body, origin, signatures }: Checkpoint,
  keys: readonly Key[],
): Key | null {
  let found: Key | null = null;
  for (const { name, keyId, signature } of signatures) {
    const key = keys.find((known) => known.name === name && keyIdOf(known) === keyId);
    // Signatures of strangers, such as witnesses, say nothing here.
    if (key === undefined) continue;
    if (signature.length !== SIGNATURE_LENGTH || key.name !== origin) return null;
    if (!verify(null, Buffer.from(body), publicKeyObject(key.publicKey), signature)) return null;
    found ??= key;
  }
  return found;
}

function privateKey(seed: Uint8Array): KeyObject {
  // PKCS #8 of an Ed25519 seed (RFC 8410 §7).
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

function publicKeyObject(octets: Uint8Array): KeyObject {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), octets]);
  return createPublicKey({ key: der, format: 'der', type: 'spki' });
}
