/*
 * Streebog (RFC 6986) and GOST 34.311-95 (RFC 5831). The tables, which carry the constants, are written by the other side.
 *
 * The state of the hash in progress lies in `state`; who has several messages under way copies it out and in between calls.
 * Words are little-endian, as WebAssembly memory is.
 */
#include "words.h"

#define BUFFER 65536
static union {
  u8 octet[BUFFER];
  u32 word[BUFFER / 4];
  u64 wide[BUFFER / 8];
} buffer;

/* Streebog: chain, counter and checksum. GOST 34.311-95: chain and checksum, in 32-bit words. */
static union {
  struct { u64 chain[8], counter[8], sum[8]; } streebog;
  struct { u32 chain[8], sum[8]; } gost;
} state;

/* Known to the assembler by name, so that its address is folded into the loads; see LOOK_UP. */
__attribute__((used)) u64 lps_table[8][256];
static u64 constants[12][8];
static u32 substitution[4][256];

EXPORT("buffer") u8 *buffer_place(void) { return buffer.octet; }
EXPORT("state") void *state_place(void) { return &state; }
EXPORT("lps_table") u64 *lps_place(void) { return &lps_table[0][0]; }
EXPORT("constants") u64 *constants_place(void) { return &constants[0][0]; }
EXPORT("substitution") u32 *substitution_place(void) { return &substitution[0][0]; }

/* --- Streebog ---------------------------------------------------------------------------------------------------- */

/*
 * The entry of a lane's table at an octet offset. Clang would compute the address before the load; the instruction's own
 * offset costs nothing.
 */
#ifdef __wasm__
#define LOOK_UP(lane, offset)                                                                      \
  __extension__({                                                                                  \
    u64 entry_;                                                                                    \
    __asm__("local.get %1\n\ti64.load lps_table+" #lane "*2048\n\tlocal.set %0" : "=r"(entry_) : "r"(offset)); \
    entry_;                                                                                        \
  })
#else
#define LOOK_UP(lane, offset) (*(const u64 *)((const u8 *)lps_table[lane] + (offset)))
#endif

/* What octet `i` of a lane's word adds through its table: the octet is isolated already multiplied by the size of an entry. */
#define LANE(lane, i) LOOK_UP(lane, (u32)((i) ? w##lane >> (8 * (i) - 3) : w##lane << 3) & 0x7f8)
#define LPS_WORD(i)                                                                                \
  (LANE(0, i) ^ LANE(1, i) ^ LANE(2, i) ^ LANE(3, i) ^ LANE(4, i) ^ LANE(5, i) ^ LANE(6, i) ^ LANE(7, i))

/*
 * out = LPS(a xor b). out may be a or b. The words are volatile for the sake of order, not of anybody else: V8 would compute
 * all eight of them at once and run out of registers, but keeps each before its store. Half as fast again for it.
 */
INLINE void lps(volatile u64 *out, const volatile u64 *a, const volatile u64 *b) {
  const u64 w0 = a[0] ^ b[0];
  const u64 w1 = a[1] ^ b[1];
  const u64 w2 = a[2] ^ b[2];
  const u64 w3 = a[3] ^ b[3];
  const u64 w4 = a[4] ^ b[4];
  const u64 w5 = a[5] ^ b[5];
  const u64 w6 = a[6] ^ b[6];
  const u64 w7 = a[7] ^ b[7];
  out[0] = LPS_WORD(0);
  out[1] = LPS_WORD(1);
  out[2] = LPS_WORD(2);
  out[3] = LPS_WORD(3);
  out[4] = LPS_WORD(4);
  out[5] = LPS_WORD(5);
  out[6] = LPS_WORD(6);
  out[7] = LPS_WORD(7);
}

/* h = E(LPS(h xor n), m) xor h xor m, RFC 6986 section 8. */
NOINLINE void compress(u64 *h, const u64 *counter, const u64 *m) {
  static volatile u64 key[8], text[8];
  lps(key, h, counter);
  UNROLL for (int i = 0; i < 8; i++) text[i] = m[i];
  for (int round = 0; round < 12; round++) {
    lps(text, text, key);
    lps(key, key, constants[round]);
  }
  UNROLL for (int i = 0; i < 8; i++) h[i] ^= text[i] ^ key[i] ^ m[i];
}

static void add_512(u64 *target, const u64 *addend) {
  u64 carry = 0;
  for (int i = 0; i < 8; i++) {
    const u64 first = target[i] + carry;
    const u64 second = first + addend[i];
    carry = (first < carry) + (second < first);
    target[i] = second;
  }
}

static void streebog_block(const u64 *m, u64 bits) {
  const u64 length[8] = {bits};
  compress(state.streebog.chain, state.streebog.counter, m);
  add_512(state.streebog.counter, length);
  add_512(state.streebog.sum, m);
}

EXPORT("streebog_reset") void streebog_reset(u32 bits) {
  for (int i = 0; i < 8; i++) {
    state.streebog.chain[i] = bits == 512 ? 0 : 0x0101010101010101;
    state.streebog.counter[i] = 0;
    state.streebog.sum[i] = 0;
  }
}

/* `count` whole blocks of 64 octets from the start of the buffer. */
EXPORT("streebog_blocks") void streebog_blocks(u32 count) {
  for (u32 i = 0; i < count; i++) streebog_block(buffer.wide + 8 * i, 512);
}

/* The last octets, fewer than 64, at the start of the buffer; then the digest is the chain (512) or its end (256). */
EXPORT("streebog_final") void streebog_final(u32 length) {
  static const u64 none[8];
  buffer.octet[length] = 1;
  for (u32 i = length + 1; i < 64; i++) buffer.octet[i] = 0;
  streebog_block(buffer.wide, 8 * length);
  compress(state.streebog.chain, none, state.streebog.counter);
  compress(state.streebog.chain, none, state.streebog.sum);
}

/* --- GOST 34.311-95 ---------------------------------------------------------------------------------------------- */

INLINE u32 substitute(u32 sum) {
  return substitution[0][sum & 255] ^ substitution[1][sum >> 8 & 255] ^ substitution[2][sum >> 16 & 255] ^
         substitution[3][sum >> 24];
}

/* A of RFC 5831 section 5.2 in 64-bit quarters. */
INLINE void rotate_quarters(u32 *y) {
  const u32 low = y[0] ^ y[2], high = y[1] ^ y[3];
  UNROLL for (int i = 0; i < 6; i++) y[i] = y[i + 2];
  y[6] = low;
  y[7] = high;
}

/* P of RFC 5831 section 5.2: octet 4k + i of the key is octet 8i + k of w, a transposition of octets. */
INLINE void transpose(u32 *key, const u32 *w) {
  UNROLL for (int k = 0; k < 8; k++) {
    const int from = k >> 2, shift = 8 * (k & 3);
    key[k] = (w[from] >> shift & 255) | (w[from + 2] >> shift & 255) << 8 | (w[from + 4] >> shift & 255) << 16 |
             (w[from + 6] >> shift & 255) << 24;
  }
}

/* GOST 28147-89 on one quarter: the key words forwards three times, then backwards. */
INLINE void encrypt(u32 *out, const u32 *in, const u32 *key) {
  u32 n1 = in[0], n2 = in[1];
  for (int pass = 0; pass < 3; pass++) {
    UNROLL for (int i = 0; i < 8; i += 2) {
      n2 ^= substitute(n1 + key[i]);
      n1 ^= substitute(n2 + key[i + 1]);
    }
  }
  UNROLL for (int i = 7; i > 0; i -= 2) {
    n2 ^= substitute(n1 + key[i]);
    n1 ^= substitute(n2 + key[i - 1]);
  }
  out[0] = n2;
  out[1] = n1;
}

/* psi of RFC 5831 section 5.4, `times` times: each time one 16-bit word leaves and the feedback enters. */
#define PSI(y, at) (y[at] ^ y[at + 1] ^ y[at + 2] ^ y[at + 3] ^ y[at + 12] ^ y[at + 15])

INLINE u32 half(const u32 *words, int i) { return words[i >> 1] >> (16 * (i & 1)) & 0xffff; }

/* The step function of RFC 5831 section 5. */
NOINLINE void step(u32 *h, const u32 *m) {
  static const u32 c3[8] = {0xff00ff00, 0xff00ff00, 0x00ff00ff, 0x00ff00ff, 0x00ffff00, 0xff0000ff, 0x000000ff, 0xff00ffff};
  u32 u[8], v[8], w[8], key[8], s[8];
  UNROLL for (int i = 0; i < 8; i++) { u[i] = h[i]; v[i] = m[i]; }
  UNROLL for (int quarter = 0; quarter < 4; quarter++) {
    if (quarter > 0) {
      rotate_quarters(u);
      if (quarter == 2) UNROLL for (int i = 0; i < 8; i++) u[i] ^= c3[i];
      rotate_quarters(v);
      rotate_quarters(v);
    }
    UNROLL for (int i = 0; i < 8; i++) w[i] = u[i] ^ v[i];
    transpose(key, w);
    encrypt(s + 2 * quarter, h + 2 * quarter, key);
  }
  u16 y[16 + 12], x[16 + 1], z[16 + 61];
  UNROLL for (int i = 0; i < 16; i++) y[i] = (u16)half(s, i);
  UNROLL for (int i = 0; i < 12; i++) y[16 + i] = (u16)PSI(y, i);
  UNROLL for (int i = 0; i < 16; i++) x[i] = (u16)(y[12 + i] ^ half(m, i));
  x[16] = (u16)PSI(x, 0);
  UNROLL for (int i = 0; i < 16; i++) z[i] = (u16)(x[1 + i] ^ half(h, i));
  UNROLL for (int i = 0; i < 61; i++) z[16 + i] = (u16)PSI(z, i);
  UNROLL for (int i = 0; i < 8; i++) h[i] = z[61 + 2 * i] | (u32)z[62 + 2 * i] << 16;
}

static void gost_block(const u32 *m) {
  u64 carry = 0;
  for (int i = 0; i < 8; i++) {
    carry += (u64)state.gost.sum[i] + m[i];
    state.gost.sum[i] = (u32)carry;
    carry >>= 32;
  }
  step(state.gost.chain, m);
}

EXPORT("gost_reset") void gost_reset(void) {
  for (int i = 0; i < 8; i++) state.gost.chain[i] = state.gost.sum[i] = 0;
}

/* `count` whole blocks of 32 octets from the start of the buffer. */
EXPORT("gost_blocks") void gost_blocks(u32 count) {
  for (u32 i = 0; i < count; i++) gost_block(buffer.word + 8 * i);
}

/* The last octets, fewer than 32, at the start of the buffer, and the length of the whole message in bits. */
EXPORT("gost_final") void gost_final(u32 length, u32 bits_low, u32 bits_high) {
  const u32 size[8] = {bits_low, bits_high};
  if (length > 0) {
    for (u32 i = length; i < 32; i++) buffer.octet[i] = 0;
    gost_block(buffer.word);
  }
  step(state.gost.chain, size);
  step(state.gost.chain, state.gost.sum);
}
