import { type GostCurve } from './curves.js';
import { type GostDigest } from './digest-reference.js';

/**
 * What the engine must get right before it is used. The digests are those of RFC 6986 (example 1) and the 32-octet example
 * of GOST R 34.11-94. The signatures are of the digest of the same RFC message, made once by the test signer with a key and a
 * nonce derived from the curve's name; the reference accepts them.
 */

const octets = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
const text = (value: string): Uint8Array => Uint8Array.from(value, (character) => character.charCodeAt(0));

export const DIGEST_ANSWERS: readonly {
  readonly algorithm: GostDigest;
  readonly message: Uint8Array;
  readonly digest: Uint8Array;
}[] = [
  {
    algorithm: 'streebog-512',
    message: text('012345678901234567890123456789012345678901234567890123456789012'),
    digest: octets(
      '1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa00ad30f8767b3a82384c6574f024c311' +
        'e2a481332b08ef7f41797891c1646f48',
    ),
  },
  {
    algorithm: 'streebog-256',
    message: text('012345678901234567890123456789012345678901234567890123456789012'),
    digest: octets('9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500'),
  },
  {
    algorithm: 'gost34311-95',
    message: text('This is message, length=32 bytes'),
    digest: octets('b1c466d37519b82e8319819ff32595e047a28cb6f83eff1c6916a815a637fffa'),
  },
];

export const SIGNATURE_ANSWERS: Readonly<
  Record<
    GostCurve,
    { readonly publicKey: Uint8Array; readonly signature: Uint8Array; readonly digest: Uint8Array }
  >
> = {
  'gost2015-512': {
    publicKey: octets(
      'df1bcee25819b2d65d035c2c92a4b623dabe75c092c9fc00ec3da13607c01d27dc0c91d06a0ea1504b2db8510f605927' +
        'a51329b08355f7d87735df7776d378f279452f6028527402e6515b5219b5a16d4fd352d6e8f4f7119a0b719a9eb54820' +
        '624adf451891fbf2498aa300a52920d24ac63087ef66d425df8baa7d27469284',
    ),
    signature: octets(
      '1e6e3fccf47eea1a9cb5c1a8fa80e6e7b586e4d9158136e5fa20438ef7c3cc3c21ea22fcdec8ac8d7523c058ae99832a' +
        '22cee3097e2d43f615f16ca6bc5e4c05ef783ba3cc097586c96e397b2b5bee63bbed68f415e587fec41bea75a64e804c' +
        'dcdb2c10e6140786c1c9bdaf861fddacc6e072b464ef969c7a7f02f0d909aa40',
    ),
    digest: octets(
      '1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa00ad30f8767b3a82384c6574f024c311' +
        'e2a481332b08ef7f41797891c1646f48',
    ),
  },
  'gost2015-256': {
    publicKey: octets(
      'dc19f1641c531c6263031780c952aebbf89305bb7b53623367e4fb9ed10d0d3641d58c43d6d8183c56d3df5b15528267' +
        '9ad0318ba5fa3a294becb430fad95f6b',
    ),
    signature: octets(
      'c96383e1a8382dbf4411d634316138f711faceaa1cf2a562e9ae8fc239f51810ff1c58a0445d6c58053d438c459ac2ce' +
        '379d8febc34e44b8ee08e42043914105',
    ),
    digest: octets('9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500'),
  },
  'gost2004-256': {
    publicKey: octets(
      '19b00fa9844d281b07617f9803318b558c14bd088ca547a7b8c80405281b05060f856bc97713bc2acb798a4ca9bba497' +
        'c735b294839b15da8ca10a6c29f9bf62',
    ),
    signature: octets(
      '68d2e2a1a081e79e6de9650c4e92afa9be2493c8022ae2f3c1e9e8c5ce9231cfa607b5babf91a0b5fa6968eed51cae55' +
        'eaccd1e88b87cc7eb6849c18bedae47b',
    ),
    digest: octets('9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500'),
  },
};
