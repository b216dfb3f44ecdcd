/**
 * Keys of НУЦ РК serve signing in and signing documents alike, so the signed octets must say which it was (design decision 2).
 * The challenge of a login begins with this marker in every version of its format; a document never may.
 */
export const LOGIN_MARKER = 'QAQPA-LOGIN/';

const MARKER_IN_BASE64 = Buffer.from(LOGIN_MARKER, 'ascii').toString('base64');

/**
 * Whether content is, or poses as, a login challenge: its first printable ASCII characters are the marker, in any case, plain
 * or in base64. Octets between and before them are skipped, so byte order marks, white space and UTF-16 hide nothing.
 */
export function looksLikeLogin(content: Uint8Array): boolean {
  let beginning = '';
  for (const octet of content) {
    if (octet > 0x20 && octet < 0x7f) {
      beginning += String.fromCharCode(octet);
      if (beginning.length === MARKER_IN_BASE64.length) break;
    }
  }
  return beginning.toUpperCase().startsWith(LOGIN_MARKER) || beginning.startsWith(MARKER_IN_BASE64);
}
