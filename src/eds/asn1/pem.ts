import { EdsError } from '../error.js';
import { decodeBase64 } from './base64.js';

/** One block of a PEM text (RFC 7468). */
export interface PemBlock {
  readonly label: string;
  readonly der: Uint8Array;
}

/** Octets of text; half as much again as the largest DER input. */
const MAX_TEXT = 192 * 1024 * 1024;
const MAX_BLOCKS = 1000;
const BOUNDARY = Buffer.from('-----');
const BEGIN = /^-----BEGIN ([A-Z0-9 #]{1,40})-----$/;
/** NCALayer says `CMS`; OpenSSL, old signers and mail programs use the others. */
const SIGNATURE_LABELS: ReadonlySet<string> = new Set([
  'CMS',
  'PKCS7',
  'PKCS #7 SIGNED DATA',
  'CERTIFICATE',
  'X509 CERTIFICATE',
  'X509 CRL',
]);

/**
 * All blocks of a PEM text, in order. Text around the blocks is skipped (RFC 7468 §2), headers inside them are not allowed.
 *
 * @throws EdsError `PEM_MALFORMED` when there is no block or one is damaged, `ASN1_TOO_LARGE`
 */
export function decodePem(text: string | Uint8Array): readonly PemBlock[] {
  const bytes = octetsOf(text);
  const blocks: PemBlock[] = [];
  for (let at = bytes.indexOf(BOUNDARY); at !== -1;) {
    const { block, next } = readBlock(bytes, at);
    blocks.push(block);
    if (blocks.length > MAX_BLOCKS) throw new EdsError('ASN1_TOO_LARGE', 'there are too many PEM blocks');
    at = bytes.indexOf(BOUNDARY, next);
  }
  if (blocks.length === 0) throw new EdsError('PEM_MALFORMED', 'there is no PEM block');
  return blocks;
}

/**
 * The DER (or BER) of what a person or a program hands in as a signature, certificate, CRL or response: as it is, as one PEM
 * block, or as bare base64 with any white space.
 *
 * @throws EdsError `FORMAT_UNRECOGNISED`, `PEM_MALFORMED`, `ASN1_TOO_LARGE`
 */
export function readSignatureInput(input: string | Uint8Array): Uint8Array {
  // A binary SEQUENCE starts with the octet 30. As text that would be the digit 0, with which no base64 of a SEQUENCE starts.
  if (typeof input !== 'string' && input[0] === 0x30) return input;
  const bytes = octetsOf(input);
  if (bytes.includes(BOUNDARY)) {
    const [block, extra] = decodePem(bytes);
    if (block === undefined || extra !== undefined) {
      throw new EdsError('PEM_MALFORMED', 'there is more than one PEM block');
    }
    if (!SIGNATURE_LABELS.has(block.label)) {
      throw new EdsError('FORMAT_UNRECOGNISED', 'the PEM block holds something else than a signature');
    }
    return block.der;
  }
  let der: Uint8Array;
  try {
    der = decodeBase64(bytes);
  } catch (cause) {
    throw new EdsError('FORMAT_UNRECOGNISED', 'the input is neither DER nor PEM nor base64', { cause });
  }
  if (der[0] !== 0x30) throw new EdsError('FORMAT_UNRECOGNISED', 'the input is not an ASN.1 structure');
  return der;
}

function readBlock(bytes: Buffer, start: number): { block: PemBlock; next: number } {
  const lineEnd = bytes.indexOf(0x0a, start);
  const head = lineEnd === -1 ? '' : bytes.toString('latin1', start, Math.min(lineEnd, start + 80)).trimEnd();
  const label = BEGIN.exec(head)?.[1];
  if (label === undefined) throw new EdsError('PEM_MALFORMED', 'a PEM boundary is damaged');
  const bodyEnd = bytes.indexOf(BOUNDARY, lineEnd);
  const tail = `-----END ${label}-----`;
  if (bodyEnd === -1 || bytes.toString('latin1', bodyEnd, bodyEnd + tail.length) !== tail) {
    throw new EdsError('PEM_MALFORMED', 'a PEM block has no end');
  }
  return {
    block: { label, der: decodeBase64(bytes.subarray(lineEnd, bodyEnd)) },
    next: bodyEnd + tail.length,
  };
}

function octetsOf(text: string | Uint8Array): Buffer {
  if (text.length > MAX_TEXT) throw new EdsError('ASN1_TOO_LARGE', 'the input is larger than allowed');
  const bytes =
    typeof text === 'string'
      ? Buffer.from(text, 'utf8')
      : Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked ? bytes.subarray(3) : bytes;
}
