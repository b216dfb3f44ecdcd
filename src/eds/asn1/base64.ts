import { EdsError } from '../error.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const INVALID = 0xff;
const WHITE_SPACE = 0xfe;
const PADDING = 0xfd;

const STANDARD = new Uint8Array(256).fill(INVALID);
for (let i = 0; i < ALPHABET.length; i += 1) STANDARD[ALPHABET.charCodeAt(i)] = i;
for (const space of [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20]) STANDARD[space] = WHITE_SPACE;
STANDARD[0x3d] = PADDING;
/** As well with the two characters of RFC 4648 §5. */
const EITHER = Uint8Array.from(STANDARD);
EITHER[0x2d] = 62;
EITHER[0x5f] = 63;

/**
 * Decodes base64 (RFC 4648 §4) with white space anywhere and nothing else: signers break lines in every way, but any other
 * stray octet means that this is not what it claims to be. Padding may be left out, as some signers do.
 *
 * @param text octets of the text
 * @param alphabet `either` also takes base64url (RFC 4648 §5)
 * @throws EdsError `PEM_MALFORMED`
 */
export function decodeBase64(text: Uint8Array, alphabet: 'standard' | 'either' = 'standard'): Uint8Array {
  const kinds = alphabet === 'standard' ? STANDARD : EITHER;
  const output = new Uint8Array(Math.floor((text.length * 3) / 4) + 3);
  let length = 0;
  let bits = 0;
  let characters = 0;
  let padding = 0;
  for (const character of text) {
    const kind = kinds[character] ?? INVALID;
    if (kind === WHITE_SPACE) continue;
    if (kind === PADDING) {
      padding += 1;
      continue;
    }
    if (kind === INVALID || padding > 0) throw new EdsError('PEM_MALFORMED', 'the text is not base64');
    bits = ((bits << 6) | kind) & 0xffffff;
    characters += 1;
    if ((characters & 3) === 0) {
      output[length] = bits >> 16;
      output[length + 1] = bits >> 8;
      output[length + 2] = bits;
      length += 3;
    }
  }
  return output.subarray(0, length + lastOctets(output, length, bits, characters & 3, padding));
}

function lastOctets(output: Uint8Array, at: number, bits: number, left: number, padding: number): number {
  const whole = left === 0 ? padding === 0 : padding === 0 || padding === 4 - left;
  const spare = left === 2 ? bits & 0x0f : left === 3 ? bits & 0x03 : 0;
  if (!whole || left === 1 || spare !== 0)
    throw new EdsError('PEM_MALFORMED', 'the end of the base64 is damaged');
  if (left === 2) output[at] = bits >> 4;
  if (left === 3) {
    output[at] = bits >> 10;
    output[at + 1] = bits >> 2;
  }
  return left === 0 ? 0 : left - 1;
}
