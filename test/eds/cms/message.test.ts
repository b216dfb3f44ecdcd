import { beforeAll, describe, expect, it } from '@jest/globals';
import { verifyCms } from '../../../src/eds/cms/verify.js';
import { createTrustSet, type TrustSet } from '../../../src/eds/trust-set.js';
import { type SignatureReport, type VerificationReport } from '../../../src/eds/judgement/verdict.js';
import { parseSignedData } from '../../../src/eds/cms/signed-data.js';
import {
  children,
  concat,
  context,
  contextPrimitive,
  indefinite,
  integer,
  octetString,
  oid,
  sequence,
  setOf,
  tlv,
} from '../../../src/lab/der.js';
import { createLaboratory, encodeTimestampToken, type Laboratory } from '../../../src/lab/index.js';
import { OID } from '../../../src/lab/oid.js';
import { LIMITS } from '../../../src/eds/limits.js';
import { NOBODY_TO_ASK, OFFLINE_DOCUMENT, trusted } from '../support.js';
import {
  attribute,
  type ForgedKey,
  forgeCertificate,
  forgeMessage,
  type MessagePieces,
  signingTime,
} from './forge-message.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const DOCUMENT = new TextEncoder().encode('Договор № 1');
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

let lab: Laboratory;
let trust: TrustSet;
let key: ForgedKey;

beforeAll(async () => {
  lab = await createLaboratory({ now: NOW, algorithms: ['gost2015-512'] });
  trust = createTrustSet(
    'lab',
    lab.trustCertificates().map(({ der, role }) => trusted(der, role)),
  );
  key = await forgeCertificate(lab);
});

function judge(cms: Uint8Array, content?: Uint8Array): Promise<VerificationReport> {
  const evidence = content === undefined ? { cms } : { cms, content };
  return verifyCms(evidence, trust, NOBODY_TO_ASK, OFFLINE_DOCUMENT, NOW);
}

async function codeOf(pieces: MessagePieces): Promise<unknown[]> {
  const { indication, code } = await judge(forgeMessage(key, DOCUMENT, pieces));
  return [indication, code];
}

/** The warnings of a message that passes. */
async function warningsOf(cms: Uint8Array, content?: Uint8Array): Promise<readonly string[]> {
  const report = await judge(cms, content);
  expect([report.indication, report.code]).toEqual(['TOTAL_PASSED', null]);
  return report.signatures[0]!.warnings;
}

const withPieces = (pieces: MessagePieces): Promise<readonly string[]> =>
  warningsOf(forgeMessage(key, DOCUMENT, pieces));

describe('signed attributes', () => {
  const reversed = (sorted: readonly Uint8Array[]): Uint8Array => context(0, ...[...sorted].reverse());

  it('sent in order need no word', async () => {
    expect(await withPieces({})).toEqual([]);
  });

  it('may be sent in another order than the one they were signed in', async () => {
    expect(await withPieces({ sent: reversed })).toEqual(['ATTRIBUTES_UNSORTED']);
  });

  it('may be signed in the order they were sent in, as many signers do', async () => {
    const signedOver = (sorted: readonly Uint8Array[]): Uint8Array => tlv(0x31, ...[...sorted].reverse());
    expect(await withPieces({ sent: reversed, signedOver })).toEqual([]);
  });

  it('may be sent in BER and signed in DER', async () => {
    const sent = (sorted: readonly Uint8Array[]): Uint8Array => indefinite(0xa0, ...sorted);
    expect(await withPieces({ sent })).toEqual(['ATTRIBUTES_UNSORTED']);
    const digest = key.privateKey.digest(DOCUMENT);
    const inPieces = sequence(
      oid(OID.messageDigest),
      setOf(indefinite(0x24, octetString(digest.slice(0, 7)), octetString(digest.slice(7)))),
    );
    const pieces = (sorted: readonly Uint8Array[]): Uint8Array => context(0, sorted[0]!, inPieces);
    expect(await withPieces({ sent: pieces })).toEqual(['ATTRIBUTES_UNSORTED']);
  });

  it('may have the values of one attribute out of order', async () => {
    const values = [oid('1.2.3.9'), oid('1.2.3.4')];
    const sorted = attribute('1.2.3', ...values);
    const shuffled = sequence(oid('1.2.3'), tlv(0x31, ...values));
    const sent = (all: readonly Uint8Array[]): Uint8Array =>
      context(0, ...all.map((one) => (one === sorted ? shuffled : one)));
    expect(await withPieces({ attributes: [sorted], sent })).toEqual(['ATTRIBUTES_UNSORTED']);
  });

  it.each([
    ['one is left out', (sorted: readonly Uint8Array[]) => context(0, ...sorted.slice(0, -1))],
    [
      'one is added',
      (sorted: readonly Uint8Array[]) => context(0, ...sorted, attribute('1.2.4', oid('1.2.4'))),
    ],
    ['one stands twice', (sorted: readonly Uint8Array[]) => context(0, ...sorted, sorted[0]!)],
    [
      'the digest is another',
      (sorted: readonly Uint8Array[]) =>
        context(0, sorted[0]!, attribute(OID.messageDigest, octetString(new Uint8Array(64)))),
    ],
  ])('are refused where %s, in whatever order', async (_what, sent) => {
    expect((await judge(forgeMessage(key, DOCUMENT, { sent }))).indication).toBe('TOTAL_FAILED');
    const turned = (sorted: readonly Uint8Array[]): Uint8Array =>
      context(0, ...children(sent(sorted)).reverse());
    expect((await judge(forgeMessage(key, DOCUMENT, { sent: turned }))).indication).toBe('TOTAL_FAILED');
  });

  it('are refused where neither form was signed', async () => {
    const signedOver = (sorted: readonly Uint8Array[]): Uint8Array => setOf(sorted[0]!);
    expect(await codeOf({ signedOver, sent: reversed })).toEqual(['TOTAL_FAILED', 'SIGNATURE_INVALID']);
  });
});

describe('a signing time', () => {
  const unusual = (tag: number, value: string): Uint8Array =>
    attribute(OID.signingTime, tlv(tag, text(value)));

  it('is claimed where it is written as it should be', async () => {
    const at = new Date('2026-11-23T11:00:00Z');
    const { signatures } = await judge(forgeMessage(key, DOCUMENT, { attributes: [signingTime(at)] }));
    expect(signatures[0]).toMatchObject({ claimedSigningTime: at.toISOString(), warnings: [] });
  });

  it.each([
    ['without seconds', [unusual(0x17, '2611231100Z')]],
    ['with an offset', [unusual(0x17, '261123160000+0500')]],
    ['without a zone', [unusual(0x17, '261123110000')]],
    ['with a fraction', [unusual(0x18, '20261123110000.5Z')]],
    ['with a comma', [unusual(0x18, '20261123110000,5Z')]],
    ['of a day that does not exist', [unusual(0x17, '260230110000Z')]],
    ['as plain text', [unusual(0x0c, '2026-11-23T11:00:00Z')]],
    ['that is empty', [unusual(0x17, '')]],
    ['that is not text', [attribute(OID.signingTime, tlv(0x17, Uint8Array.of(0xff, 0xfe)))]],
    ['that is a number', [attribute(OID.signingTime, integer(20261123))]],
    ['without a value', [attribute(OID.signingTime)]],
    ['with two values', [attribute(OID.signingTime, tlv(0x17, text('261123110000Z')), oid('1.2.3'))]],
    ['that stands twice', [unusual(0x17, '261123110000Z'), unusual(0x17, '251123110000Z')]],
  ])('%s proves nothing and harms nothing', async (_what, attributes) => {
    const { indication, signatures } = await judge(forgeMessage(key, DOCUMENT, { attributes }));
    expect(indication).toBe('TOTAL_PASSED');
    expect(signatures[0]).toMatchObject({
      claimedSigningTime: null,
      warnings: ['SIGNING_TIME_UNREADABLE'],
    });
  });

  it('does not excuse another attribute that stands twice', async () => {
    const twice = [attribute('1.2.3', oid('1.2.3')), attribute('1.2.3', oid('1.2.4'))];
    expect(await codeOf({ attributes: twice })).toEqual(['TOTAL_FAILED', 'SIGNATURE_ATTRIBUTES_INVALID']);
  });
});

describe('version numbers', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 99])('decide nothing: %s', async (version) => {
    expect(await withPieces({ version: integer(version) })).toEqual([]);
    expect(await withPieces({ signerVersion: integer(version) })).toEqual([]);
  });

  it('decide nothing with a key identifier either', async () => {
    const identifier = new Uint8Array(20).fill(7);
    const named = await forgeCertificate(lab, {
      key,
      extensions: [sequence(oid('2.5.29.14'), octetString(octetString(identifier)))],
    });
    for (const version of [1, 3]) {
      const pieces = { signerVersion: integer(version), identifier: contextPrimitive(0, identifier) };
      expect(await warningsOf(forgeMessage(named, DOCUMENT, pieces))).toEqual([]);
    }
  });

  it('must be numbers', async () => {
    expect(await codeOf({ version: oid('1.2.3') })).toEqual(['TOTAL_FAILED', 'CMS_MALFORMED']);
    expect(await codeOf({ signerVersion: integer(-1) })).toEqual(['TOTAL_FAILED', 'CMS_MALFORMED']);
  });

  it('and the list of digest algorithms is not looked at', async () => {
    expect(await withPieces({ digestAlgorithms: setOf() })).toEqual([]);
    expect(await withPieces({ digestAlgorithms: setOf(integer(5)) })).toEqual([]);
  });
});

describe('zero octets after a message', () => {
  it.each([1, 2, 4000, LIMITS.cms.maxPadding])('are named: %s', async (count) => {
    const padded = concat([forgeMessage(key, DOCUMENT), new Uint8Array(count)]);
    expect(await warningsOf(padded)).toEqual(['MESSAGE_PADDED']);
  });

  it('are named after a detached message, and one of indefinite length', async () => {
    const detached = concat([forgeMessage(key, DOCUMENT, { encapsulated: null }), new Uint8Array(3)]);
    expect(await warningsOf(detached, DOCUMENT)).toEqual(['MESSAGE_PADDED']);
    const [type, wrapped] = children(forgeMessage(key, DOCUMENT));
    const streamed = concat([indefinite(0x30, type!, wrapped!), new Uint8Array(5)]);
    expect(await warningsOf(streamed)).toEqual(['MESSAGE_PADDED']);
  });

  it.each([
    ['too many', new Uint8Array(LIMITS.cms.maxPadding + 1)],
    ['a line end', Uint8Array.of(0x0a)],
    ['something among them', Uint8Array.of(0, 0, 1, 0)],
    ['a second message', Uint8Array.of(0x30, 0)],
  ])('are refused with %s', async (_what, rest) => {
    const { indication, code } = await judge(concat([forgeMessage(key, DOCUMENT), rest]));
    expect([indication, code]).toEqual(['TOTAL_FAILED', 'ASN1_TRAILING_BYTES']);
  });
});

describe('certificates beside the signer’s', () => {
  const broken = (name: string): Uint8Array => sequence(sequence(tlv(0x0c, text(name))));

  it.each([
    ['nothing like one', () => broken('нет')],
    ['an empty one', () => sequence()],
    ['one in BER', () => indefinite(0x30, ...children(key.certificate))],
    ['one cut short inside', () => sequence(...children(key.certificate).slice(0, 2))],
    ['one longer than the limit', () => sequence(octetString(new Uint8Array(LIMITS.certificate.maxLength)))],
    ['one of too many elements', () => sequence(sequence(...new Array<Uint8Array>(2500).fill(integer(1))))],
  ])('are set aside: %s', async (_what, other) => {
    const certificates = [other(), key.certificate, other()];
    expect(await withPieces({ certificates })).toEqual(['CERTIFICATE_SET_ASIDE']);
  });

  it('are set aside where only a text in them is odd, and the signer’s own is not', async () => {
    const odd = await forgeCertificate(lab, {
      subject: sequence(tlv(0x31, sequence(oid(OID.commonName), tlv(0x0c, Uint8Array.of(0xd0))))),
    });
    const certificates = [key.certificate, odd.certificate];
    expect(await withPieces({ certificates })).toEqual(['CERTIFICATE_SET_ASIDE']);
    expect(await warningsOf(forgeMessage(odd, DOCUMENT, { certificates: [odd.certificate] }))).toEqual([
      'CERTIFICATE_TEXT_UNREADABLE',
      'IDENTITY_IIN_MISSING',
    ]);
  });

  it('are passed over where they are of another kind, or the signer’s again', async () => {
    const other = contextPrimitive(1, Uint8Array.of(1, 2, 3));
    const attributeCertificate = context(2, sequence());
    const certificates = [other, attributeCertificate, ...new Array<Uint8Array>(300).fill(key.certificate)];
    expect(await withPieces({ certificates })).toEqual([]);
  });

  it('are too many beyond the limit, readable or not', async () => {
    const strangers = (count: number): Uint8Array[] =>
      Array.from({ length: count }, (_, number) => broken(String(number)));
    const most = [key.certificate, ...strangers(LIMITS.cms.maxCertificates - 1)];
    expect(await withPieces({ certificates: most })).toEqual(['CERTIFICATE_SET_ASIDE']);
    expect(await withPieces({ certificates: [...most, ...most] })).toEqual(['CERTIFICATE_SET_ASIDE']);
    expect(await codeOf({ certificates: [...most, broken('ещё')] })).toEqual([
      'INDETERMINATE',
      'FORMAT_TOO_LARGE',
    ]);
  });
});

describe('the signer’s own certificate', () => {
  it('is missing where it is not there, whatever else is', async () => {
    const other = await forgeCertificate(lab);
    expect(await codeOf({ certificates: [other.certificate] })).toEqual([
      'INDETERMINATE',
      'SIGNATURE_CERTIFICATE_MISSING',
    ]);
  });

  it('is malformed where it is damaged in what decides', async () => {
    for (const extensions of [
      [sequence(oid('2.5.29.19'), octetString(octetString(Uint8Array.of(1))))],
      [sequence(oid('2.5.29.17'), tlv(1, Uint8Array.of(0xff)), octetString(integer(1)))],
      [sequence(oid('1.2.3'), octetString(integer(1))), sequence(oid('1.2.3'), octetString(integer(1)))],
    ]) {
      const damaged = await forgeCertificate(lab, { extensions });
      const { indication, code } = await judge(forgeMessage(damaged, DOCUMENT));
      expect([indication, code]).toEqual(['TOTAL_FAILED', 'CERTIFICATE_MALFORMED']);
    }
  });

  it('is malformed where the only one there tells nothing of itself', async () => {
    const report = await judge(forgeMessage(key, DOCUMENT, { certificates: [sequence(integer(1))] }));
    expect(report.code).toBe('CERTIFICATE_MALFORMED');
  });

  it('is too large where it is, and not bad', async () => {
    const large = await forgeCertificate(lab, {
      extensions: [sequence(oid('1.2.3'), octetString(new Uint8Array(LIMITS.certificate.maxLength)))],
    });
    const { indication, code } = await judge(forgeMessage(large, DOCUMENT));
    expect([indication, code]).toEqual(['INDETERMINATE', 'ASN1_TOO_LARGE']);
  });

  it('hides nobody behind a namesake that is unreadable', async () => {
    const twin = await forgeCertificate(lab, {
      key,
      serialNumber: key.serialNumber.at(-1)!,
      extensions: [sequence(oid('2.5.29.19'), octetString(integer(1)))],
    });
    const certificates = [twin.certificate, key.certificate];
    expect(await withPieces({ certificates })).toEqual(['CERTIFICATE_SET_ASIDE']);
  });
});

describe('unsigned attributes', () => {
  const stamp = (signature: Uint8Array): Uint8Array =>
    attribute(
      OID.timeStampToken,
      encodeTimestampToken(lab.hierarchy('gost2015-512').timestampAuthority, signature, NOW),
    );

  async function reportWith(unsigned: MessagePieces['unsigned']): Promise<SignatureReport> {
    const report = await judge(forgeMessage(key, DOCUMENT, unsigned === undefined ? {} : { unsigned }));
    expect(report.indication).toBe('TOTAL_PASSED');
    return report.signatures[0]!;
  }

  it('hold a good time-stamp', async () => {
    const report = await reportWith((signature) => context(1, stamp(signature)));
    expect(report).toMatchObject({ format: 'CAdES-T', warnings: [], timestamps: [{ valid: true }] });
  });

  it.each([
    ['nothing', () => context(1)],
    ['octets', () => context(1, Uint8Array.of(0xff, 0xff))],
    ['a number', () => context(1, integer(1))],
    ['an attribute without a type', () => context(1, sequence(setOf()))],
    ['an attribute without values', () => context(1, sequence(oid('1.2.3')))],
    ['an unknown one cut short', () => context(1, Uint8Array.of(0x30, 0x20, 0x06))],
  ])('are as if taken away where they are %s', async (_what, unsigned) => {
    expect(await reportWith(unsigned)).toMatchObject({ format: 'CMS', warnings: [], timestamps: [] });
  });

  it.each([
    ['no token', attribute(OID.timeStampToken, sequence(oid(OID.data)))],
    ['a number', attribute(OID.timeStampToken, integer(5))],
    ['values of no set', sequence(oid(OID.timeStampToken), octetString(Uint8Array.of(1)))],
    ['a certificate', attribute(OID.timeStampToken, sequence(sequence(), sequence()))],
  ])('tell of a time-stamp that is %s, and judge the signature', async (_what, bad) => {
    const report = await reportWith(context(1, bad));
    expect(report).toMatchObject({
      bestSignatureTime: NOW.toISOString(),
      warnings: ['TIMESTAMP_MALFORMED'],
      timestamps: [{ valid: false, code: 'TIMESTAMP_MALFORMED', time: null }],
    });
  });

  it('keep a good time-stamp beside a bad one', async () => {
    const report = await reportWith((signature) =>
      context(1, attribute(OID.timeStampToken, integer(5)), stamp(signature), integer(7)),
    );
    expect(report.timestamps.map(({ valid }) => valid)).toEqual([false, true]);
  });

  it('may hold no more time-stamps than the limit', async () => {
    const { maxTimestamps } = LIMITS.cms;
    const several = (count: number): MessagePieces => ({
      unsigned: context(1, ...new Array<Uint8Array>(count).fill(attribute(OID.timeStampToken, integer(5)))),
    });
    expect((await judge(forgeMessage(key, DOCUMENT, several(maxTimestamps)))).indication).toBe(
      'TOTAL_PASSED',
    );
    expect(await codeOf(several(maxTimestamps + 1))).toEqual(['INDETERMINATE', 'FORMAT_TOO_LARGE']);
  });
});

describe('a message larger than a limit', () => {
  it('of signers is not judged, and not bad', async () => {
    expect(
      parseSignedData(forgeMessage(key, DOCUMENT, { copies: LIMITS.cms.maxSigners })).signers,
    ).toHaveLength(LIMITS.cms.maxSigners);
    expect(await codeOf({ copies: LIMITS.cms.maxSigners + 1 })).toEqual([
      'INDETERMINATE',
      'FORMAT_TOO_LARGE',
    ]);
  });

  it('of attributes, signed or not, is not judged, and not bad', async () => {
    const many = (count: number): Uint8Array[] =>
      Array.from({ length: count }, (_, number) => attribute(`1.2.3.${number}`, integer(1)));
    const { maxAttributes } = LIMITS.cms;
    expect(await withPieces({ attributes: many(maxAttributes - 2) })).toEqual([]);
    expect(await codeOf({ attributes: many(maxAttributes - 1) })).toEqual([
      'INDETERMINATE',
      'FORMAT_TOO_LARGE',
    ]);
    expect(await codeOf({ unsigned: context(1, ...many(maxAttributes + 1)) })).toEqual([
      'INDETERMINATE',
      'FORMAT_TOO_LARGE',
    ]);
  });

  it('of values in one attribute is not judged, and not bad', async () => {
    const values = new Array<Uint8Array>(LIMITS.cms.maxAttributeElements).fill(integer(1));
    const { indication, code } = await judge(
      forgeMessage(key, DOCUMENT, { attributes: [attribute('1.2.3', ...values)] }),
    );
    expect([indication, code]).toEqual(['INDETERMINATE', 'ASN1_TOO_LARGE']);
  });

  it.each([
    ['signed', (crowd: Uint8Array): MessagePieces => ({ sent: () => context(0, crowd) })],
    ['unsigned', (crowd: Uint8Array): MessagePieces => ({ unsigned: context(1, crowd) })],
  ])('of twenty signers with eighty thousand %s attributes each is told at the first', (_kind, pieces) => {
    const crowd = Buffer.concat(new Array<Uint8Array>(80_000).fill(sequence(oid('1.2.3'), setOf())));
    const cms = forgeMessage(key, DOCUMENT, { ...pieces(crowd), copies: 20 });
    expect(() => parseSignedData(cms)).toThrow(/too many/);
  });
});

describe('a message of another kind', () => {
  it.each([
    ['data', '1.2.840.113549.1.7.1'],
    ['enveloped data', '1.2.840.113549.1.7.3'],
    ['signed and enveloped data', '1.2.840.113549.1.7.4'],
    ['digested data', '1.2.840.113549.1.7.5'],
    ['encrypted data', '1.2.840.113549.1.7.6'],
    ['authenticated data', '1.2.840.113549.1.9.16.1.2'],
    ['compressed data', '1.2.840.113549.1.9.16.1.9'],
  ])('is not judged, and not bad: %s', async (_what, contentInfoType) => {
    expect(await codeOf({ contentInfoType })).toEqual(['INDETERMINATE', 'FORMAT_NOT_SUPPORTED']);
  });

  it('is not judged where it signs what is no octets, as PKCS #7 did', async () => {
    const encapsulated = sequence(oid(OID.data), context(0, sequence(integer(1))));
    expect(await codeOf({ encapsulated })).toEqual(['INDETERMINATE', 'FORMAT_NOT_SUPPORTED']);
  });
});

describe('content that is itself a signed message', () => {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

  it.each([
    ['DER', (inner: Uint8Array) => inner],
    ['BER', (inner: Uint8Array) => indefinite(0x30, ...children(inner))],
    ['base64', (inner: Uint8Array) => text(base64(inner))],
    ['base64 in lines', (inner: Uint8Array) => text(base64(inner).replace(/.{20}/g, '$&\r\n'))],
    ['PEM', (inner: Uint8Array) => text(`-----BEGIN CMS-----\n${base64(inner)}\n-----END CMS-----\n`)],
  ])('is named as such, in %s', async (_form, write) => {
    const nested = write(forgeMessage(key, DOCUMENT));
    expect(await warningsOf(forgeMessage(key, nested))).toEqual(['CONTENT_IS_A_SIGNED_MESSAGE']);
    expect(await warningsOf(forgeMessage(key, nested, { encapsulated: null }), nested)).toEqual([
      'CONTENT_IS_A_SIGNED_MESSAGE',
    ]);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a certificate', () => key.certificate],
    ['encrypted data', () => forgeMessage(key, DOCUMENT, { contentInfoType: OID.encryptedData })],
    ['the beginning of one', () => forgeMessage(key, DOCUMENT).slice(0, 10)],
    ['prose that names one', text('MIIFeQYJKoZIhvcNAQc… подпись')],
  ])('is not taken for one: %s', async (_what, content) => {
    const octets = typeof content === 'function' ? content() : content;
    expect(await warningsOf(forgeMessage(key, octets))).toEqual([]);
  });
});
