/** One look at the octets of a JSON text as they arrive: what parsing it would cost is known before it is parsed. */
import { BODY_LIMITS } from './body-limits.js';

export type JsonFault = 'depth' | 'values' | 'name' | 'number';

export interface JsonScan {
  /**
   * Takes the next octets.
   *
   * @returns what is too much of, from the moment it is known; then nothing more need be read
   */
  take(piece: Uint8Array): JsonFault | null;
  /**
   * Whether the text may hold characters no text has (see `unwritablePath`). False is certain: it has none of the escape sequences
   * and octets they are written with.
   */
  readonly unusual: boolean;
}

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const DELETE = 0x7f;
/** U+0080 to U+009F in UTF-8 begin with it. */
const C1_LEAD = 0xc2;
const C1_LAST = 0x9f;
/** `\b`, `\f` and `\u`: the escape sequences of characters that may be unwritable. */
const UNUSUAL_ESCAPES: ReadonlySet<number> = new Set([0x62, 0x66, 0x75]);

/** Which octets a number is written with: digits, signs, the point and `e`. */
const OF_NUMBERS = new Uint8Array(256);
for (const character of '0123456789+-.eE') OF_NUMBERS[character.charCodeAt(0)] = 1;

/** Octets of interest within a string, beside its end. */
const SPECIAL = [BACKSLASH, DELETE, C1_LEAD];
const PLAIN = new Uint8Array(256).fill(1);
for (const octet of [QUOTE, ...SPECIAL]) PLAIN[octet] = 0;

type ScanLimits = Pick<typeof BODY_LIMITS, 'depth' | 'values' | 'nameOctets' | 'numberOctets'>;

/** A scanner of one text. What JSON itself refuses is left to its parser. */
export function createJsonScan(limits: ScanLimits = BODY_LIMITS): JsonScan {
  let inString = false;
  let escaped = false;
  let afterC1Lead = false;
  let depth = 0;
  let values = 1;
  /** Octets of the string that is read or was read last. */
  let stringOctets = 0;
  let numberOctets = 0;
  let unusual = false;

  /** Reads on within a string. @returns where it ends, or the end of the piece */
  const throughString = (piece: Uint8Array, from: number, plain: boolean): number => {
    let at = from;
    if (plain && !escaped && !afterC1Lead) {
      const end = piece.indexOf(QUOTE, from);
      at = end < 0 ? piece.length : end;
    }
    for (; at < piece.length && inString; at += 1) {
      const octet = piece[at] ?? 0;
      if (PLAIN[octet] === 1 && !escaped && !afterC1Lead) continue;
      if (afterC1Lead) unusual ||= octet <= C1_LAST;
      if (escaped) unusual ||= UNUSUAL_ESCAPES.has(octet);
      else if (octet === QUOTE) inString = false;
      unusual ||= octet === DELETE;
      afterC1Lead = octet === C1_LEAD;
      escaped = octet === BACKSLASH && !escaped;
    }
    stringOctets += at - from;
    return at;
  };

  const structure = (octet: number): JsonFault | null => {
    switch (octet) {
      case QUOTE:
        inString = true;
        stringOctets = 0;
        return null;
      case COLON:
        return stringOctets > limits.nameOctets ? 'name' : null;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth -= 1;
        return null;
      case COMMA:
        values += 1;
        return values > limits.values ? 'values' : null;
      case OPEN_LIST:
      case OPEN_OBJECT:
        depth += 1;
        values += 1;
        if (depth > limits.depth) return 'depth';
        return values > limits.values ? 'values' : null;
      default:
        return null;
    }
  };

  return {
    take(piece) {
      // The engine looks for an octet much faster than a loop: most of what is long is base64.
      const plain = !SPECIAL.some((octet) => piece.includes(octet));
      let at = 0;
      while (at < piece.length) {
        if (inString) {
          at = throughString(piece, at, plain);
          continue;
        }
        const octet = piece[at] ?? 0;
        at += 1;
        if (OF_NUMBERS[octet] === 1) {
          numberOctets += 1;
          if (numberOctets > limits.numberOctets) return 'number';
          continue;
        }
        numberOctets = 0;
        const fault = octet <= SPACE ? null : structure(octet);
        if (fault !== null) return fault;
      }
      return null;
    },
    get unusual() {
      return unusual;
    },
  };
}
