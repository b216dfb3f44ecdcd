import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createDigest, digest, type GostDigest } from '../../../src/eds/gost/index.js';
import { opensslDigest, opensslGostPresent } from '../../support/openssl-gost.js';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
/** RFC 6986 prints messages and digests most significant octet first. */
const rfc = (value: string): Uint8Array => Uint8Array.from(Buffer.from(value, 'hex')).reverse();

const ALGORITHMS: readonly GostDigest[] = ['streebog-256', 'streebog-512', 'gost34311-95'];

/** Octets that repeat with no period dividing a block. */
const octets = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 151 + (i >> 8) * 17 + (i >> 13)) & 255);

/** Around every boundary of both block sizes, and long enough to carry in every counter of a few octets. */
const LENGTHS = [0, 1, 31, 32, 33, 63, 64, 65, 95, 127, 128, 129, 191, 1000, 4096, 65_537, 300_001];

describe('Streebog', () => {
  // RFC 6986 §10: example 1 is the decimal digits, example 2 a line of the Lay of Igor in Windows-1251.
  const M1 = text('012345678901234567890123456789012345678901234567890123456789012');
  const M2 = rfc(
    'fbe2e5f0eee3c820fbeafaebef20fffbf0e1e0f0f520e0ed20e8ece0ebe5f0f2f120fff0eeec20f1' +
      '20faf2fee5e2202ce8f6f3ede220e8e6eee1e8f0f2d1202ce8f0f2e5e220e5d1',
  );

  it('hashes the two messages of RFC 6986 to 512 bits as the RFC does', () => {
    expect(digest('streebog-512', M1)).toEqual(
      rfc(
        '486f64c1917879417fef082b3381a4e211c324f074654c38823a7b76f830ad00' +
          'fa1fbae42b1285c0352f227524bc9ab16254288dd6863dccd5b9f54a1ad0541b',
      ),
    );
    expect(digest('streebog-512', M2)).toEqual(
      rfc(
        '28fbc9bada033b1460642bdcddb90c3fb3e56c497ccd0f62b8a2ad4935e85f03' +
          '7613966de4ee00531ae60f3b5a47f8dae06915d5f2f194996fcabf2622e6881e',
      ),
    );
  });

  it('hashes the two messages of RFC 6986 to 256 bits as the RFC does', () => {
    expect(digest('streebog-256', M1)).toEqual(
      rfc('00557be5e584fd52a449b16b0251d05d27f94ab76cbaa6da890b59d8ef1e159d'),
    );
    expect(digest('streebog-256', M2)).toEqual(
      rfc('508f7e553c06501d749a66fc28c6cac0b005746d97537fa85d9e40904efed29d'),
    );
  });
});

describe('GOST 34.311-95', () => {
  // The S-boxes of the standard's examples; the vectors circulate with them ("test parameters" of GOST R 34.11-94).
  it.each([
    ['', 'ce85b99cc46752fffee35cab9a7b0278abb4c2d2055cff685af4912c49490f8d'],
    ['a', 'd42c539e367c66e9c88a801f6649349c21871b4344c6a573f849fdce62f314dd'],
    ['abc', 'f3134348c44fb1b2a277729e2285ebb5cb5e0f29c975bc753b70497c06a4d51d'],
    ['message digest', 'ad4434ecb18f2c99b60cbe59ec3d2469582b65273f48de72db2fde16a4889a4d'],
    ['This is message, length=32 bytes', 'b1c466d37519b82e8319819ff32595e047a28cb6f83eff1c6916a815a637fffa'],
    [
      'Suppose the original message has length = 50 bytes',
      '471aba57a60a770d3a76130635c1fbea4ef14de51f78b4ae57dd893b62f55208',
    ],
    [
      'The quick brown fox jumps over the lazy dog',
      '77b7fa410c9ac58a25f49bca7d0468c9296529315eaca76bd1a10f376d1f4294',
    ],
    ['U'.repeat(128), '53a3a3ed25180cef0c1d85a074273e551c25660a87062a52d926a9e8fe5733a4'],
    ['a'.repeat(1_000_000), '5c00ccc2734cdd3332d3d4749576e3c1a7dbaf0e7ea74e9fa602413c90a129fa'],
  ])('hashes the published vector %#', (message, expected) => {
    expect(hex(digest('gost34311-95', text(message)))).toBe(expected);
  });

  it('carries through the whole checksum of blocks', () => {
    // Each block is 2²⁵⁶ − 1, so every addition carries from end to end; the value is BouncyCastle's (D-TEST).
    expect(hex(digest('gost34311-95', new Uint8Array(96).fill(255)))).toBe(
      '1fd385e758e22055ad1512e634b269673eec03ec046a8846d53444957891aee6',
    );
  });

  it('agrees with BouncyCastle (D-TEST) on a long message of odd length', () => {
    expect(hex(digest('gost34311-95', octets(300_001)))).toBe(
      '6f702db373747e66070f11283d0c8f4ea2be7a722e37492f643476a8e8c44eb1',
    );
  });
});

describe.each(ALGORITHMS)('a %s digest taken in pieces', (algorithm) => {
  it('equals the digest of the whole, however the message is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 8 }), (pieces) => {
        const stream = createDigest(algorithm);
        for (const piece of pieces) stream.update(piece);
        expect(stream.digest()).toEqual(digest(algorithm, Uint8Array.from(pieces.flatMap((p) => [...p]))));
      }),
      { numRuns: 100 },
    );
  });

  it('does not depend on what happens to a piece afterwards', () => {
    const piece = octets(40);
    const stream = createDigest(algorithm).update(piece);
    piece.fill(0);
    expect(stream.digest()).toEqual(digest(algorithm, octets(40)));
  });

  it('keeps two messages hashed at the same time apart', () => {
    const [one, two] = [createDigest(algorithm), createDigest(algorithm)];
    for (let at = 0; at < 1000; at += 50) {
      one.update(octets(1000).subarray(at, at + 50));
      two.update(octets(2000).subarray(1000 + at, 1000 + at + 50));
    }
    expect(one.digest()).toEqual(digest(algorithm, octets(1000)));
    expect(two.digest()).toEqual(digest(algorithm, octets(2000).subarray(1000)));
  });

  it('refuses further use once the digest is taken', () => {
    const stream = createDigest(algorithm).update(octets(3));
    stream.digest();
    expect(() => stream.update(octets(1))).toThrow('already been taken');
    expect(() => stream.digest()).toThrow('already been taken');
  });
});

const engine = opensslGostPresent() ? describe : describe.skip;
engine('against the OpenSSL GOST engine', () => {
  it.each(['streebog-256', 'streebog-512'] as const)('%s agrees on long and odd lengths', (algorithm) => {
    for (const length of LENGTHS) {
      expect([length, hex(digest(algorithm, octets(length)))]).toEqual([
        length,
        hex(opensslDigest(algorithm, octets(length))),
      ]);
    }
  });

  it.each(['streebog-256', 'streebog-512'] as const)(
    '%s agrees on octets that carry end to end',
    (algorithm) => {
      const message = new Uint8Array(256).fill(255);
      expect(digest(algorithm, message)).toEqual(opensslDigest(algorithm, message));
    },
  );
});
