import { EdsError } from '../error.js';
import { LIMITS } from '../limits.js';
import { CONTENT } from '../oid.js';
import { decodeBase64 } from './base64.js';
import { readOid } from './oid.js';
import { readBer, TAG } from './reader.js';

/** One block of a PEM text (RFC 7468). */
export interface PemBlock {
  readonly label: string;
  readonly der: Uint8Array;
}

const BOUNDARY = Buffer.from('-----');
const WORD = Buffer.from('BEGIN');
/** White space inside a boundary, as editors and forms put it there. */
const MAX_SPACES = 8;
const BEGIN = /^-----\s{0,8}BEGIN\s{1,8}([A-Z0-9#.][A-Z0-9 #.]{0,39}?)\s{0,8}-----/;
const END = /^-----\s{0,8}END\s{1,8}([A-Z0-9#.][A-Z0-9 #.]{0,39}?)\s{0,8}-----/;
/** Octets in which a whole boundary stands, white space included. */
const LONGEST_BOUNDARY = 80;
/** What these labels announce is never decoded, so that no secret is ever in our memory in readable form. */
const SECRET = /PRIVATE|ENCRYPTED|PKCS ?#?12|PFX/;

/**
 * All blocks of a PEM text, in order. Text around the blocks is skipped (RFC 7468 §2), headers inside them are not allowed. Lines may
 * end in any way or not at all.
 *
 * @throws EdsError `PEM_MALFORMED` when there is no block or one is damaged, `FORMAT_NOT_A_SIGNATURE` for a private key,
 *   `ASN1_TOO_LARGE`
 */
export function decodePem(text: string | Uint8Array): readonly PemBlock[] {
  if (text.length > LIMITS.input.maxOctets)
    throw new EdsError('ASN1_TOO_LARGE', 'the input is larger than allowed');
  const bytes =
    typeof text === 'string'
      ? Buffer.from(text, 'utf8')
      : Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  const blocks: PemBlock[] = [];
  for (let at = beginOf(bytes, 0); at !== -1;) {
    const { block, next } = readBlock(bytes, at);
    blocks.push(block);
    if (blocks.length > LIMITS.input.maxBlocks)
      throw new EdsError('ASN1_TOO_LARGE', 'there are too many PEM blocks');
    at = beginOf(bytes, next);
  }
  if (blocks.length === 0) throw new EdsError('PEM_MALFORMED', 'there is no PEM block');
  return blocks;
}

/** Whether a text has the beginning of a PEM block in it, whole or damaged. */
export function looksLikePem(text: Buffer): boolean {
  return beginOf(text, 0) !== -1;
}

/**
 * The one block of a PEM text that is meant: the only one, or the only signed message among certificates sent along with it.
 *
 * @throws EdsError as `decodePem`, `PEM_MALFORMED` also where it cannot be told which block is meant
 */
export function decodeOnlyBlock(text: Uint8Array): Uint8Array {
  const blocks = decodePem(text);
  const [block, extra] = blocks.length === 1 ? blocks : blocks.filter(({ der }) => isSignedMessage(der));
  if (block === undefined || extra !== undefined) {
    throw new EdsError('PEM_MALFORMED', 'there is more than one PEM block');
  }
  return block.der;
}

/** Whether it is a ContentInfo of signed data (RFC 5652 §3), by its first field alone. */
function isSignedMessage(der: Uint8Array): boolean {
  try {
    const [type] = readBer(der).children();
    return type?.tag === TAG.oid && readOid(type) === CONTENT.signedData;
  } catch (error) {
    if (error instanceof EdsError) return false;
    throw error;
  }
}

/** Where the next block begins; -1: nowhere. Dashes in letters and mail programs are no boundary. */
function beginOf(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(WORD, from); at !== -1; at = bytes.indexOf(WORD, at + WORD.length)) {
    let start = at;
    while (start > from && at - start < MAX_SPACES && isSpace(bytes[start - 1])) start -= 1;
    start -= BOUNDARY.length;
    if (start >= from && BOUNDARY.equals(bytes.subarray(start, start + BOUNDARY.length))) return start;
  }
  return -1;
}

function isSpace(octet: number | undefined): boolean {
  return octet === 0x20 || (octet !== undefined && octet >= 0x09 && octet <= 0x0d);
}

function readBlock(bytes: Buffer, start: number): { block: PemBlock; next: number } {
  const head = BEGIN.exec(bytes.toString('latin1', start, start + LONGEST_BOUNDARY));
  const label = head?.[1];
  if (head === null || label === undefined) throw new EdsError('PEM_MALFORMED', 'a PEM boundary is damaged');
  if (SECRET.test(label)) {
    throw new EdsError('FORMAT_NOT_A_SIGNATURE', 'the PEM block holds a key and not a signature');
  }
  const bodyStart = start + head[0].length;
  const bodyEnd = bytes.indexOf(BOUNDARY, bodyStart);
  const tail =
    bodyEnd === -1 ? null : END.exec(bytes.toString('latin1', bodyEnd, bodyEnd + LONGEST_BOUNDARY));
  if (tail?.[1] !== label) throw new EdsError('PEM_MALFORMED', 'a PEM block has no end');
  return {
    block: { label, der: decodeBase64(bytes.subarray(bodyStart, bodyEnd), 'either') },
    next: bodyEnd + tail[0].length,
  };
}
