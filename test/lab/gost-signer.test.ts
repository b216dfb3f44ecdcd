import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromHex, toHex } from '../../src/lab/der.js';
import { gost34311 } from '../../src/lab/gost/gost34311.js';
import { gostKey, gostSign, type GostCurve } from '../../src/lab/gost/gost3410.js';
import { streebog } from '../../src/lab/gost/streebog.js';
import { GOST_CURVES, type OpenSsl, openOpenSsl } from './openssl.js';

let openssl: OpenSsl;
beforeAll(() => {
  openssl = openOpenSsl();
});
afterAll(() => {
  openssl.close();
});

const DIGEST: Record<GostCurve, (data: Uint8Array) => Uint8Array> = {
  'gost2015-512': (data) => streebog(512, data),
  'gost2015-256': (data) => streebog(256, data),
  'gost2004-256': gost34311,
};

describe('the digests of the laboratory', () => {
  it.each([0, 1, 31, 32, 63, 64, 65, 127, 128, 1000, 4097])(
    'agree with the GOST engine on Streebog over %i octets',
    (size) => {
      const data = Uint8Array.from({ length: size }, (_, i) => (i * 167 + (i >> 8) + 255) & 0xff);
      const path = openssl.file('data', data);
      for (const bits of [256, 512] as const) {
        const expected = openssl.run(
          'dgst',
          '-engine',
          'gost',
          `-md_gost12_${String(bits)}`,
          '-binary',
          path,
        );
        expect(toHex(streebog(bits, data))).toBe(expected.toString('hex'));
      }
    },
  );

  it('carries through the whole checksum: a message of 0xff octets agrees with the engine', () => {
    const data = new Uint8Array(640).fill(0xff);
    const expected = openssl.run(
      'dgst',
      '-engine',
      'gost',
      '-md_gost12_512',
      '-binary',
      openssl.file('data', data),
    );
    expect(toHex(streebog(512, data))).toBe(expected.toString('hex'));
  });

  it.each([
    ['', 'ce85b99cc46752fffee35cab9a7b0278abb4c2d2055cff685af4912c49490f8d'],
    ['a', 'd42c539e367c66e9c88a801f6649349c21871b4344c6a573f849fdce62f314dd'],
    ['message digest', 'ad4434ecb18f2c99b60cbe59ec3d2469582b65273f48de72db2fde16a4889a4d'],
    ['This is message, length=32 bytes', 'b1c466d37519b82e8319819ff32595e047a28cb6f83eff1c6916a815a637fffa'],
    [
      'Suppose the original message has length = 50 bytes',
      '471aba57a60a770d3a76130635c1fbea4ef14de51f78b4ae57dd893b62f55208',
    ],
  ])('give the published GOST R 34.11-94 value with the test parameters for %j', (text, expected) => {
    expect(toHex(gost34311(new Uint8Array(Buffer.from(text))))).toBe(expected);
  });
});

describe('the GOST signatures of the laboratory', () => {
  describe.each(GOST_CURVES)('%s', (curve) => {
    const data = new Uint8Array(Buffer.from('қақпа'));

    it('are accepted by the GOST engine', () => {
      const key = gostKey(curve);
      const digest = DIGEST[curve](data);
      expect(openssl.acceptsGost(curve, key.publicKey, digest, gostSign(key, digest))).toBe(true);
    });

    it('are refused by the engine over another digest, so that its yes means something', () => {
      const key = gostKey(curve);
      const signature = gostSign(key, DIGEST[curve](data));
      expect(openssl.acceptsGost(curve, key.publicKey, DIGEST[curve](Uint8Array.of(1)), signature)).toBe(
        false,
      );
    });
  });

  it('make the public key the engine makes of the same secret', () => {
    const path = openssl.path('private.pem');
    openssl.run(
      'genpkey',
      '-engine',
      'gost',
      '-algorithm',
      'gost2012_512',
      '-pkeyopt',
      'paramset:A',
      '-out',
      path,
    );
    const text = openssl.run('pkey', '-engine', 'gost', '-in', path, '-noout', '-text').toString();
    const number = (label: string): bigint =>
      BigInt(`0x${new RegExp(`${label}:\\s*([0-9A-F]+)`).exec(text)![1]!}`);
    const coordinates = [number('X'), number('Y')].map((value) => value.toString(16).padStart(128, '0'));
    const expected = coordinates.map((hex) => toHex(fromHex(hex).reverse())).join('');
    expect(toHex(gostKey('gost2015-512', number('Private key')).publicKey)).toBe(expected);
  });
});
