/** IIN and BIN in free text: twelve digits, however they came to be written. */

/** A digit of any script, percent-encoded (also more than once), as an escape sequence or as a character reference. */
const DIGIT = String.raw`(?:\p{Nd}|%(?:25)*3\d|\\+u003\d|&#(?:x3\d|4[89]|5[0-7]);)`;
/** What may stand between two of them: blanks, hyphens, points and the like, written plainly or encoded. */
const GAP = String.raw`(?:[\s\p{Cf}\p{Pd}.·_+]|%(?:25)*(?:09|20|2[DdEe]|5[Ff]|[Cc]2%(?:25)*[Aa]0)|\\+[tnr]){0,3}`;
const NUMBER = String.raw`(?:${DIGIT}${GAP}){11,}${DIGIT}`;

const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
/** What has as many digits and is none: identifiers of ours, fingerprints and serial numbers, addresses, times in milliseconds. */
const HARMLESS = [
  String.raw`"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"`,
  String.raw`(?<![\p{L}\p{N}])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![\p{L}\p{N}])`,
  String.raw`(?<![\p{N}.])(?:${OCTET}\.){3}${OCTET}(?![\p{N}]|\.\p{N})`,
  String.raw`(?<=":)\d{13}(?=[,}])`,
].join('|');

const PATTERN = new RegExp(`(?<harmless>${HARMLESS})|${NUMBER}`, 'gu');
const MASK = '************';

/**
 * Masks twelve digits or more in a finished line of the log, with letters beside them, blanks or hyphens between them, in any encoding
 * that is usual on the web.
 */
export function maskNumbers(line: string): string {
  return line.replaceAll(PATTERN, (found, ...more) => {
    const { harmless } = more.at(-1) as { readonly harmless?: string };
    if (harmless !== undefined) return found;
    const offset = more.at(-3) as number;
    // A number by itself must stay a JSON value.
    const isValue = /(?<!\\)":$/.test(line.slice(Math.max(0, offset - 3), offset)) && /^\d+$/.test(found);
    return isValue ? `"${MASK}"` : MASK;
  });
}
