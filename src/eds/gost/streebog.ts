/**
 * Streebog, GOST R 34.11-2012 (RFC 6986). A 512-bit vector is eight little-endian 64-bit words, word 0 least
 * significant, each kept as two 32-bit halves: `[low₀, high₀, low₁, …]`. Octet 0 of a message is the least significant.
 */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside a typed array of fixed length, and a default per read costs a third of the speed */
import { ITERATION_CONSTANTS, LINEAR_MATRIX, SUBSTITUTION } from './streebog-constants.js';

const BLOCK = 64;
const WORDS = 16;

/**
 * The S, P and L steps in one: entry `256·j + octet` is what an octet in byte lane j adds to the result. P transposes the
 * 8×8 octets, so result word i collects byte i of each word j.
 */
export const [LOW, HIGH] = combinedTables();

function combinedTables(): [Uint32Array, Uint32Array] {
  const low = new Uint32Array(8 * 256);
  const high = new Uint32Array(8 * 256);
  for (let lane = 0; lane < 8; lane++) {
    for (let octet = 0; octet < 256; octet++) {
      const substituted = SUBSTITUTION[octet] ?? 0;
      let product = 0n;
      for (let bit = 0; bit < 8; bit++) {
        // RFC 6986 §5.4: row 0 of the matrix belongs to the most significant bit.
        if ((substituted >> bit) & 1) product ^= LINEAR_MATRIX[63 - 8 * lane - bit] ?? 0n;
      }
      low[256 * lane + octet] = Number(product & 0xffffffffn);
      high[256 * lane + octet] = Number(product >> 32n);
    }
  }
  return [low, high];
}

/** The iteration constants in the vector form of this file. */
export const CONSTANTS = ITERATION_CONSTANTS.map((constant) =>
  Uint32Array.from({ length: WORDS }, (_, word) => Number((constant >> BigInt(32 * word)) & 0xffffffffn)),
);

/** target = LPS(a ⊕ b), RFC 6986 §6. `target` may be `a` or `b`. */
function lps(target: Uint32Array, a: Uint32Array, b: Uint32Array, mixed: Uint32Array): void {
  for (let i = 0; i < WORDS; i++) mixed[i] = a[i]! ^ b[i]!;
  for (let half = 0; half < 2; half++) {
    const w0 = mixed[half]!;
    const w1 = mixed[half + 2]!;
    const w2 = mixed[half + 4]!;
    const w3 = mixed[half + 6]!;
    const w4 = mixed[half + 8]!;
    const w5 = mixed[half + 10]!;
    const w6 = mixed[half + 12]!;
    const w7 = mixed[half + 14]!;
    for (let octet = 0; octet < 4; octet++) {
      const shift = 8 * octet;
      const i0 = (w0 >>> shift) & 255;
      const i1 = ((w1 >>> shift) & 255) | 256;
      const i2 = ((w2 >>> shift) & 255) | 512;
      const i3 = ((w3 >>> shift) & 255) | 768;
      const i4 = ((w4 >>> shift) & 255) | 1024;
      const i5 = ((w5 >>> shift) & 255) | 1280;
      const i6 = ((w6 >>> shift) & 255) | 1536;
      const i7 = ((w7 >>> shift) & 255) | 1792;
      const word = 8 * half + 2 * octet;
      target[word] = LOW[i0]! ^ LOW[i1]! ^ LOW[i2]! ^ LOW[i3]! ^ LOW[i4]! ^ LOW[i5]! ^ LOW[i6]! ^ LOW[i7]!;
      target[word + 1] =
        HIGH[i0]! ^ HIGH[i1]! ^ HIGH[i2]! ^ HIGH[i3]! ^ HIGH[i4]! ^ HIGH[i5]! ^ HIGH[i6]! ^ HIGH[i7]!;
    }
  }
}

/** target += addend modulo 2⁵¹². */
function add(target: Uint32Array, addend: Uint32Array): void {
  let carry = 0;
  for (let i = 0; i < WORDS; i++) {
    const sum = target[i]! + addend[i]! + carry;
    target[i] = sum;
    carry = sum > 0xffffffff ? 1 : 0;
  }
}

const ZERO = new Uint32Array(WORDS);

/** A hash in progress. `bits` is the digest length, 256 or 512. */
export function createStreebog(bits: 256 | 512): {
  update(data: Uint8Array): void;
  digest(): Uint8Array;
} {
  const chain = new Uint32Array(WORDS).fill(bits === 512 ? 0 : 0x01010101);
  const counter = new Uint32Array(WORDS);
  const sum = new Uint32Array(WORDS);
  const key = new Uint32Array(WORDS);
  const state = new Uint32Array(WORDS);
  const mixed = new Uint32Array(WORDS);
  const message = new Uint32Array(WORDS);
  const length = new Uint32Array(WORDS);
  const pending = new Uint8Array(BLOCK);
  let pendingLength = 0;

  /** RFC 6986 §8: h = E(LPS(h ⊕ N), m) ⊕ h ⊕ m. */
  function compress(n: Uint32Array, m: Uint32Array): void {
    lps(key, chain, n, mixed);
    state.set(m);
    for (const constant of CONSTANTS) {
      lps(state, state, key, mixed);
      lps(key, key, constant, mixed);
    }
    for (let i = 0; i < WORDS; i++) chain[i] = chain[i]! ^ state[i]! ^ key[i]! ^ m[i]!;
  }

  function block(octets: Uint8Array, offset: number, messageBits: number): void {
    for (let word = 0; word < WORDS; word++) {
      const at = offset + 4 * word;
      message[word] =
        octets[at]! | (octets[at + 1]! << 8) | (octets[at + 2]! << 16) | (octets[at + 3]! << 24);
    }
    compress(counter, message);
    length[0] = messageBits;
    add(counter, length);
    add(sum, message);
  }

  return {
    update(data) {
      let at = 0;
      if (pendingLength > 0) {
        at = Math.min(BLOCK - pendingLength, data.length);
        pending.set(data.subarray(0, at), pendingLength);
        pendingLength += at;
        if (pendingLength < BLOCK) return;
        block(pending, 0, 512);
        pendingLength = 0;
      }
      for (; at + BLOCK <= data.length; at += BLOCK) block(data, at, 512);
      pending.set(data.subarray(at));
      pendingLength = data.length - at;
    },
    digest() {
      pending.fill(0, pendingLength);
      pending[pendingLength] = 1;
      block(pending, 0, 8 * pendingLength);
      compress(ZERO, counter);
      compress(ZERO, sum);
      const octets = new Uint8Array(BLOCK);
      const view = new DataView(octets.buffer);
      chain.forEach((word, i) => {
        view.setUint32(4 * i, word, true);
      });
      return bits === 512 ? octets : octets.slice(32);
    },
  };
}
