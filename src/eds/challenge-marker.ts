/**
 * Keys of НУЦ РК serve signing in and signing documents alike, so the signed octets must say which it was (design decision 2).
 * Everything the gateway asks a person to sign begins with one of its markers; a document never may.
 */

/** What a challenge of each purpose begins with, in every version of its format. */
export const CHALLENGE_MARKERS = {
  login: 'QAQPA-LOGIN/',
  registration: 'QAQPA-REGISTRATION/',
  terms: 'QAQPA-TERMS/',
  'step-up': 'QAQPA-OPERATION/',
} as const;

/** The whole family and not the list: a purpose that a later version adds is no document for this one either. */
const FAMILY = /^QAQPA-[A-Z-]{1,40}\//i;
/** More than the longest marker in UTF-16 behind base64. */
const READ = 160;

/**
 * Whether content is, or poses as, a challenge of any purpose: its first printable ASCII characters are a marker, in any case,
 * plain or in base64. Octets between and before them are skipped, so byte order marks, white space and UTF-16 hide nothing.
 */
export function looksLikeChallenge(content: Uint8Array): boolean {
  const beginning = printable(content);
  return FAMILY.test(beginning) || FAMILY.test(printable(Buffer.from(beginning, 'base64')));
}

function printable(content: Uint8Array): string {
  let text = '';
  for (const octet of content) {
    if (octet > 0x20 && octet < 0x7f) {
      text += String.fromCharCode(octet);
      if (text.length === READ) break;
    }
  }
  return text;
}
