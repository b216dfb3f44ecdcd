import { EdsError } from '../error.js';

/** Where one DER element lies in a buffer that may end before it does. */
export interface Frame {
  readonly tag: number;
  /** Offset of the content. */
  readonly start: number;
  /** Offset after the content; may lie beyond the buffer. */
  readonly end: number;
}

/**
 * Reads identifier and length octets at an offset (X.690 §10.1: definite, shortest form).
 *
 * @returns `null` while the buffer ends inside them
 * @throws EdsError `ASN1_*`
 */
export function readFrame(buffer: Uint8Array, offset: number): Frame | null {
  const tag = buffer[offset];
  const first = buffer[offset + 1];
  if (tag === undefined || first === undefined) return null;
  if ((tag & 0x1f) === 0x1f) throw new EdsError('ASN1_UNEXPECTED', 'a tag number is too high');
  if (first < 0x80) return { tag, start: offset + 2, end: offset + 2 + first };
  const octets = first & 0x7f;
  if (octets === 0) throw new EdsError('ASN1_NOT_MINIMAL', 'an indefinite length is not allowed');
  if (octets > 4) throw new EdsError('ASN1_TOO_LARGE', 'a length is larger than any input');
  let length = 0;
  for (let i = 0; i < octets; i += 1) {
    const octet = buffer[offset + 2 + i];
    if (octet === undefined) return null;
    length = length * 256 + octet;
  }
  if (length < 0x80 || length < 256 ** (octets - 1)) {
    throw new EdsError('ASN1_NOT_MINIMAL', 'a length is not in its shortest form');
  }
  const start = offset + 2 + octets;
  return { tag, start, end: start + length };
}
