import { decodeBase64 } from '../asn1/base64.js';
import { oid } from '../asn1/writer.js';
import { EdsError } from '../error.js';
import { CONTENT } from '../oid.js';

const SIGNED_DATA = Buffer.from(oid(CONTENT.signedData));
/** Where the identifier of the content type ends at the latest: after an identifier octet and five octets of length. */
const HEAD = 6 + SIGNED_DATA.length;
/** A multiple of four that holds `HEAD` in base64 with line ends and spaces. */
const TEXT_HEAD = 64;

/**
 * Whether content is itself a CMS signature, as it is or as PEM or base64: then it says nothing about the document its reader
 * has in mind. Only the first octets are looked at.
 */
export function isSignedMessage(content: Uint8Array): boolean {
  const head = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, 256));
  return beginsSignedData(head) || beginsSignedData(fromText(head.toString('latin1')));
}

function beginsSignedData(head: Uint8Array): boolean {
  if (head[0] !== 0x30) return false;
  const first = head[1] ?? 0;
  const at = first > 0x80 ? 2 + (first & 0x7f) : 2;
  return at <= HEAD - SIGNED_DATA.length && SIGNED_DATA.equals(head.subarray(at, at + SIGNED_DATA.length));
}

function fromText(head: string): Uint8Array {
  const body = head.replace(/^\s*-----BEGIN (?:CMS|PKCS7|PKCS #7 SIGNED DATA)-----/, '').replace(/\s/g, '');
  try {
    return decodeBase64(Buffer.from(body.slice(0, TEXT_HEAD)));
  } catch (error) {
    if (error instanceof EdsError) return new Uint8Array(0);
    throw error;
  }
}
