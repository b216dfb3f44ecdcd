/** White space, the alphabet and the filling of base64 (RFC 4648 §4) by their octets. */
const SPACE = 1;
const LETTER = 2;
const FILLING = 3;
const KINDS = new Uint8Array(128);
for (const character of ' \t\n\v\f\r') KINDS[character.charCodeAt(0)] = SPACE;
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') {
  KINDS[character.charCodeAt(0)] = LETTER;
}
KINDS['='.charCodeAt(0)] = FILLING;

/**
 * Whether a text is base64 with whatever white space in it, and with its filling. One pass that keeps nothing: a text may have as many
 * octets as a body, and every other one may be a space.
 */
export function isBase64(text: string): boolean {
  let letters = 0;
  let filling = 0;
  for (let at = 0; at < text.length; at += 1) {
    const kind = KINDS[text.charCodeAt(at)];
    if (kind === FILLING) filling += 1;
    else if (kind === LETTER && filling === 0) letters += 1;
    else if (kind !== SPACE) return false;
  }
  return filling <= 2 && (letters + filling) % 4 === 0;
}
