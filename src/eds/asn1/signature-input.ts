import { EdsError } from '../error.js';
import { LIMITS } from '../limits.js';
import { decodeBase64 } from './base64.js';
import { looksLikeXml, plainText, unescaped, unwrapped } from './pasted.js';
import { decodeOnlyBlock, looksLikePem } from './pem.js';

/** What was handed in, out of its wrappings and not read yet. */
export interface SignatureInput {
  readonly kind: 'asn1' | 'xml';
  readonly bytes: Uint8Array;
}

/** A text that is encoded already: the same as the string it was. */
export interface EncodedText {
  readonly utf8: Uint8Array;
}

/** What can be handed in: a text, or the octets of a file. */
export type HandedInput = string | EncodedText | Uint8Array;

/** A binary SEQUENCE starts with the octet 30. As text that would be the digit 0, with which no base64 of a SEQUENCE starts. */
const SEQUENCE = 0x30;

/**
 * Takes a signature, certificate, CRL or answer out of the form in which it was handed in. The one reader of sign-ins, the API and
 * the command line: DER as it is, XML, PEM, base64 and base64url with any white space, with escapes, in quotes, in a JSON of NCALayer, as
 * a data URI, in UTF-16, and a few of them inside each other. Time and memory grow with the input and not faster.
 *
 * Octets that need no decoding are given back as they came, not as a copy.
 *
 * @throws EdsError `FORMAT_UNRECOGNISED`, `PEM_MALFORMED`, `FORMAT_NOT_A_SIGNATURE` for a private key, `FORMAT_TOO_LARGE`, `ASN1_TOO_LARGE`
 */
export function readInput(input: HandedInput): SignatureInput {
  if (!isText(input) && input[0] === SEQUENCE) return { kind: 'asn1', bytes: input };
  const { maxOctets, maxEncodings, maxWrappings } = LIMITS.input;
  if (lengthOfInput(input) > maxOctets)
    throw new EdsError('FORMAT_TOO_LARGE', 'the input is larger than allowed');
  let octets = octetsOf(input);
  // Text that came as a string is in UTF-8 here, whatever its XML declaration says.
  let recoded = isText(input);
  for (let encodings = 0, wrappings = 0; ;) {
    const text = plainText(octets);
    if (looksLikeXml(text)) return { kind: 'xml', bytes: viewOf(recoded ? withoutEncoding(text) : octets) };
    const inner = unwrapped(text);
    if (inner !== null && wrappings < maxWrappings) {
      wrappings += 1;
      recoded = true;
      octets = inner;
      continue;
    }
    if (encodings === maxEncodings) throw unrecognised();
    encodings += 1;
    recoded = false;
    octets = decoded(text);
    if (octets[0] === SEQUENCE) return { kind: 'asn1', bytes: viewOf(octets) };
  }
}

/**
 * As `readInput`, for what is not XML: the DER (or BER) of a signature, certificate, CRL or answer.
 *
 * @throws EdsError as `readInput`; `FORMAT_UNRECOGNISED` for XML
 */
export function readSignatureInput(input: string | Uint8Array): Uint8Array {
  const { kind, bytes } = readInput(input);
  if (kind === 'xml') throw new EdsError('FORMAT_UNRECOGNISED', 'the input is XML');
  return bytes;
}

/** How long an input is: octets, or UTF-16 code units of a string. */
export function lengthOfInput(input: HandedInput): number {
  return typeof input === 'object' && 'utf8' in input ? input.utf8.length : input.length;
}

function isText(input: HandedInput): input is string | EncodedText {
  return typeof input === 'string' || 'utf8' in input;
}

function octetsOf(input: HandedInput): Buffer {
  if (typeof input === 'string') return Buffer.from(input, 'utf8');
  return bufferOf('utf8' in input ? input.utf8 : input);
}

/** What PEM or base64 stands for. */
function decoded(text: Buffer): Buffer {
  const plain = unescaped(text);
  if (looksLikePem(plain)) return bufferOf(decodeOnlyBlock(plain));
  try {
    return bufferOf(decodeBase64(plain, 'either'));
  } catch (cause) {
    throw unrecognised(cause);
  }
}

function bufferOf(octets: Uint8Array): Buffer {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
}

/** Not a Buffer, whose `slice` copies nothing: readers count on a copy. */
function viewOf(octets: Buffer): Uint8Array {
  return new Uint8Array(octets.buffer, octets.byteOffset, octets.byteLength);
}

function unrecognised(cause?: unknown): EdsError {
  return new EdsError('FORMAT_UNRECOGNISED', 'the input is neither DER nor XML, PEM or base64 of them', {
    cause,
  });
}

/** Canonical XML has no declaration, so that the signature does not cover it. */
function withoutEncoding(xml: Buffer): Buffer {
  const head = xml.toString('latin1', 0, 256);
  const declared = /^<\?xml\s[^>]{0,100}?(\sencoding\s{0,8}=\s{0,8}(?:"[^"]{0,40}"|'[^']{0,40}'))/.exec(head);
  if (declared?.[1] === undefined) return xml;
  const end = declared[0].length;
  return Buffer.concat([xml.subarray(0, end - declared[1].length), xml.subarray(end)]);
}
