/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside an array of fixed length */
/**
 * GOST 34.311-95 (the Kazakhstan edition of GOST R 34.11-94), step by step as RFC 5831 §§3–6 describes it, with the S-box "D-TEST" that
 * НУЦ РК uses. 256-bit vectors are 32 octets, least significant first.
 */
type Vector = Uint8Array<ArrayBuffer>;

/** Digest of 32 octets, in the order in which they are put on the wire. */
export function gost34311(message: Uint8Array): Uint8Array {
  let h = new Uint8Array(32);
  let sum = new Uint8Array(32);
  for (let offset = 0; offset < message.length; offset += 32) {
    const block = new Uint8Array(32);
    block.set(message.subarray(offset, offset + 32));
    h = step(h, block);
    sum = add(sum, block);
  }
  const bitLength = new Uint8Array(32);
  new DataView(bitLength.buffer).setBigUint64(0, BigInt(message.length) * 8n, true);
  return step(step(h, bitLength), sum);
}

/** §5: generate four keys, encrypt the four quarters of H, mix. */
function step(h: Vector, message: Vector): Vector {
  const encrypted = new Uint8Array(32);
  keys(h, message).forEach((key, i) => {
    encrypted.set(encrypt(key, h.subarray(i * 8, i * 8 + 8)), i * 8);
  });
  return mix(xor(h, mix(xor(message, mix(encrypted, 12)), 1)), 61);
}

/** §5.1 */
function keys(h: Vector, message: Vector): Vector[] {
  let u = h;
  let v = message;
  const found = [permute(xor(u, v))];
  for (const constant of [ZERO, C3, ZERO]) {
    u = xor(shift(u), constant);
    v = shift(shift(v));
    found.push(permute(xor(u, v)));
  }
  return found;
}

const ZERO: Vector = new Uint8Array(32);
const C3: Vector = new Uint8Array(
  Buffer.from('ff00ffff000000ffff0000ff00ffff0000ff00ff00ff00ffff00ff00ff00ff00', 'hex'),
).reverse();

/** A(x4‖x3‖x2‖x1) = (x1 ⊕ x2)‖x4‖x3‖x2 */
function shift(x: Vector): Vector {
  const result = new Uint8Array(32);
  result.set(x.subarray(8));
  for (let i = 0; i < 8; i++) result[24 + i] = x[i]! ^ x[8 + i]!;
  return result;
}

/** P: octet i + 4k of the result is octet 8i + k of the argument (both from zero). */
function permute(x: Vector): Vector {
  const result = new Uint8Array(32);
  for (let i = 0; i < 4; i++) for (let k = 0; k < 8; k++) result[i + 4 * k] = x[8 * i + k]!;
  return result;
}

/** ψ(y16‖…‖y1) = (y1 ⊕ y2 ⊕ y3 ⊕ y4 ⊕ y13 ⊕ y16)‖y16‖…‖y2, `rounds` times: a shift register of 16-bit words. */
function mix(y: Vector, rounds: number): Vector {
  const words = new Uint16Array(16 + rounds);
  words.set(new Uint16Array(y.buffer));
  for (let i = 0; i < rounds; i++) {
    const [first, second] = [words[i]! ^ words[i + 1]!, words[i + 2]! ^ words[i + 3]!];
    words[i + 16] = first ^ second ^ words[i + 12]! ^ words[i + 15]!;
  }
  return new Uint8Array(words.slice(rounds).buffer);
}

/** GOST 28147-89, simple substitution of one 64-bit block. */
function encrypt(key: Vector, block: Uint8Array): Uint8Array {
  const words = new DataView(key.buffer);
  const input = new DataView(block.buffer, block.byteOffset);
  let low = input.getUint32(0, true);
  let high = input.getUint32(4, true);
  for (let round = 0; round < 32; round++) {
    const index = round < 24 ? round % 8 : 7 - (round % 8);
    const next = (high ^ substitute((low + words.getUint32(index * 4, true)) >>> 0)) >>> 0;
    high = low;
    low = next;
  }
  const output = new DataView(new ArrayBuffer(8));
  output.setUint32(0, high, true);
  output.setUint32(4, low, true);
  return new Uint8Array(output.buffer);
}

function substitute(word: number): number {
  const [a, b, c, d] = [word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24];
  const result = SUBSTITUTION[a]! | SUBSTITUTION[256 + b]! | SUBSTITUTION[512 + c]! | SUBSTITUTION[768 + d]!;
  return (result << 11) | (result >>> 21);
}

/** id-GostR3411-94-TestParamSet (RFC 4357 §11.2); the first row is for the least significant four bits. */
const D_TEST = [
  [4, 10, 9, 2, 13, 8, 0, 14, 6, 11, 1, 12, 7, 15, 5, 3],
  [14, 11, 4, 12, 6, 13, 15, 10, 2, 3, 8, 1, 0, 7, 5, 9],
  [5, 8, 1, 13, 10, 3, 4, 2, 14, 15, 12, 7, 6, 0, 9, 11],
  [7, 13, 10, 1, 0, 8, 9, 15, 14, 4, 6, 12, 11, 2, 5, 3],
  [6, 12, 7, 1, 5, 15, 13, 8, 4, 10, 9, 14, 0, 3, 11, 2],
  [4, 11, 10, 0, 7, 2, 1, 13, 3, 6, 8, 5, 9, 12, 15, 14],
  [13, 11, 4, 1, 3, 15, 5, 9, 0, 10, 14, 7, 6, 8, 2, 12],
  [1, 15, 13, 0, 5, 7, 10, 4, 9, 2, 3, 14, 6, 11, 8, 12],
] as const;

/** Two rows at a time: what each octet value becomes at each of the four places of a word. */
const SUBSTITUTION = Uint32Array.from({ length: 1024 }, (_, i) => {
  const [place, octet] = [i >> 8, i & 255];
  const [low, high] = [D_TEST[place * 2]![octet & 15]!, D_TEST[place * 2 + 1]![octet >> 4]!];
  return ((high << 4) | low) << (8 * place);
});

function xor(one: Vector, other: Vector): Vector {
  return one.map((octet, i) => octet ^ other[i]!);
}

/** Addition modulo 2^256. */
function add(one: Vector, other: Vector): Vector {
  let carry = 0;
  return one.map((octet, i) => {
    carry = octet + other[i]! + (carry >> 8);
    return carry & 0xff;
  });
}
