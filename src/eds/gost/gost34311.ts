/**
 * GOST 34.311-95, the hash GOST R 34.11-94 (RFC 5831) with the substitution boxes НУЦ РК uses: those of the standard's own
 * test examples (id-GostR3411-94-TestParamSet of RFC 4357 §11.2, "D-TEST" in BouncyCastle), not CryptoPro's.
 * A 256-bit vector is eight little-endian 32-bit words, word 0 least significant; octet 0 of a message comes first.
 */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is inside a typed array of fixed length, and a default per read costs a third of the speed */

const BLOCK = 32;
const WORDS = 8;

/** One row per nibble, K1 (lowest nibble of the sum) first: RFC 4357 §11.2, read column-wise as GOST 28147-89 prescribes. */
const BOXES = [
  '4a92d80e6b1c7f53',
  'eb4c6dfa23810759',
  '581da342efc7609b',
  '7da1089fe46cb253',
  '6c715fd84a9e03b2',
  '4ba0721d36859cfe',
  'db413f590ae7682c',
  '1fd057a4923e6b8c',
];

/** The eight boxes by pairs, with the rotation by 11 of GOST 28147-89 already done: entry `256·k + octet`, octet k of the sum. */
export const SUBSTITUTION = Uint32Array.from({ length: 4 * 256 }, (_, index) => {
  const [pair, octet] = [index >> 8, index & 255];
  const nibble = (box: number, value: number): number => parseInt(BOXES[box]?.charAt(value) ?? '', 16);
  const word = (nibble(2 * pair, octet & 15) | (nibble(2 * pair + 1, octet >> 4) << 4)) << (8 * pair);
  return (word << 11) | (word >>> 21);
});

function substitute(sum: number): number {
  return (
    SUBSTITUTION[sum & 255]! ^
    SUBSTITUTION[256 | ((sum >>> 8) & 255)]! ^
    SUBSTITUTION[512 | ((sum >>> 16) & 255)]! ^
    SUBSTITUTION[768 | (sum >>> 24)]!
  );
}

/** The constant C₃ of the key generation, RFC 5831 §5.2; C₂ and C₄ are zero. */
const C3 = Uint32Array.of(
  0xff00ff00,
  0xff00ff00,
  0x00ff00ff,
  0x00ff00ff,
  0x00ffff00,
  0xff0000ff,
  0x000000ff,
  0xff00ffff,
);

/** A of RFC 5831 §5.2: (y₄ y₃ y₂ y₁) → (y₁⊕y₂ y₄ y₃ y₂) in 64-bit quarters. */
function rotateQuarters(y: Uint32Array): void {
  const low = y[0]! ^ y[2]!;
  const high = y[1]! ^ y[3]!;
  y.copyWithin(0, 2);
  y[6] = low;
  y[7] = high;
}

/** ψ of RFC 5831 §5.4 applied `times` times to the 16 words at the start of `register`; returns them to the start. */
function shift(register: Uint16Array, times: number): void {
  for (let i = 0; i < times; i++) {
    register[i + 16] =
      register[i]! ^
      register[i + 1]! ^
      register[i + 2]! ^
      register[i + 3]! ^
      register[i + 12]! ^
      register[i + 15]!;
  }
  register.copyWithin(0, times, times + 16);
}

/** Adds a 256-bit vector to the 16 words at the start of `register`. */
function mix(register: Uint16Array, vector: Uint32Array): void {
  for (let i = 0; i < WORDS; i++) {
    register[2 * i] = register[2 * i]! ^ vector[i]!;
    register[2 * i + 1] = register[2 * i + 1]! ^ (vector[i]! >>> 16);
  }
}

/** A hash in progress. */
export function createGost34311(): { update(data: Uint8Array): void; digest(): Uint8Array } {
  const chain = new Uint32Array(WORDS);
  const sum = new Uint32Array(WORDS);
  const message = new Uint32Array(WORDS);
  const u = new Uint32Array(WORDS);
  const v = new Uint32Array(WORDS);
  const key = new Uint32Array(WORDS);
  const encrypted = new Uint32Array(WORDS);
  const register = new Uint16Array(16 + 61);
  const pending = new Uint8Array(BLOCK);
  let pendingLength = 0;
  let octets = 0;

  /** P of RFC 5831 §5.2 over u ⊕ v: key octet 4k + i is octet 8i + k. */
  function generateKey(): void {
    for (let word = 0; word < WORDS; word++) {
      const [source, shiftBy] = [word >> 2, 8 * (word & 3)];
      let generated = 0;
      for (let i = 0; i < 4; i++) {
        const mixed = u[2 * i + source]! ^ v[2 * i + source]!;
        generated |= ((mixed >>> shiftBy) & 255) << (8 * i);
      }
      key[word] = generated;
    }
  }

  /** GOST 28147-89 in the simple substitution mode on one 64-bit quarter of the chain. */
  function encrypt(quarter: number): void {
    let n1 = chain[2 * quarter]!;
    let n2 = chain[2 * quarter + 1]!;
    for (let round = 0; round < 32; round += 2) {
      const backwards = round >= 24;
      n2 ^= substitute((n1 + key[backwards ? 31 - round : round & 7]!) | 0);
      n1 ^= substitute((n2 + key[backwards ? 30 - round : (round & 7) + 1]!) | 0);
    }
    encrypted[2 * quarter] = n2;
    encrypted[2 * quarter + 1] = n1;
  }

  /** The step function χ(m, H) of RFC 5831 §5. */
  function step(m: Uint32Array): void {
    u.set(chain);
    v.set(m);
    for (let quarter = 0; quarter < 4; quarter++) {
      if (quarter > 0) {
        rotateQuarters(u);
        if (quarter === 2) for (let i = 0; i < WORDS; i++) u[i] = u[i]! ^ C3[i]!;
        rotateQuarters(v);
        rotateQuarters(v);
      }
      generateKey();
      encrypt(quarter);
    }
    register.fill(0, 0, 16);
    mix(register, encrypted);
    shift(register, 12);
    mix(register, m);
    shift(register, 1);
    mix(register, chain);
    shift(register, 61);
    for (let i = 0; i < WORDS; i++) chain[i] = register[2 * i]! | (register[2 * i + 1]! << 16);
  }

  function block(data: Uint8Array, offset: number): void {
    let carry = 0;
    for (let word = 0; word < WORDS; word++) {
      const at = offset + 4 * word;
      const value = (data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24)) >>> 0;
      message[word] = value;
      const total = sum[word]! + value + carry;
      sum[word] = total;
      carry = total > 0xffffffff ? 1 : 0;
    }
    step(message);
  }

  return {
    update(data) {
      octets += data.length;
      let at = 0;
      if (pendingLength > 0) {
        at = Math.min(BLOCK - pendingLength, data.length);
        pending.set(data.subarray(0, at), pendingLength);
        pendingLength += at;
        if (pendingLength < BLOCK) return;
        block(pending, 0);
        pendingLength = 0;
      }
      for (; at + BLOCK <= data.length; at += BLOCK) block(data, at);
      pending.set(data.subarray(at));
      pendingLength = data.length - at;
    },
    digest() {
      if (pendingLength > 0) {
        pending.fill(0, pendingLength);
        block(pending, 0);
      }
      const bits = 8 * octets;
      step(Uint32Array.of(bits, Math.floor(bits / 2 ** 32), 0, 0, 0, 0, 0, 0));
      step(sum);
      const result = new Uint8Array(BLOCK);
      const view = new DataView(result.buffer);
      chain.forEach((word, i) => {
        view.setUint32(4 * i, word, true);
      });
      return result;
    },
  };
}
